//! The contract: every vector of `tests/vectors` gives what it says, and what it writes survives every cut.

use freeze_core::{Action, Call, Decision, observe_json, plan, plan_json};
use freeze_vectors::Vector;
use kosli_model::{Cut, Kosli, from_call, run};
use serde_json::Value;

fn vectors() -> Vec<Vector> {
    let vectors = freeze_vectors::vectors().unwrap_or_else(|error| panic!("{error}"));
    assert!(vectors.len() > 1200, "only {} vectors were found", vectors.len());
    vectors
}

/// What `wanted` says and `got` does not; keys absent from `wanted` are not compared.
fn difference(path: &str, wanted: &Value, got: &Value) -> Option<String> {
    match (wanted, got) {
        (Value::Object(wanted), Value::Object(got)) => wanted.iter().find_map(|(key, wanted)| {
            let path = format!("{path}.{key}");
            got.get(key).map_or_else(|| Some(format!("{path} is absent")), |got| difference(&path, wanted, got))
        }),
        (Value::Array(wanted), Value::Array(got)) if wanted.len() == got.len() => {
            let pairs = wanted.iter().zip(got).enumerate();
            pairs.into_iter().find_map(|(at, (wanted, got))| difference(&format!("{path}[{at}]"), wanted, got))
        }
        // What a command sets and says is said whole.
        _ if wanted == got => None,
        _ => Some(format!("{path}\n  wanted {wanted}\n  got    {got}")),
    }
}

#[test]
fn every_vector_gives_what_it_says() {
    let mut differences = Vec::new();
    for Vector { title, call, reads, answer } in vectors() {
        let pairs = [("reads", reads, observe_json(&call)), ("answer", answer, plan_json(&call))];
        for (what, wanted, got) in pairs {
            let got = serde_json::from_str(&got).expect("answers are JSON");
            assert_printable(&title, &got);
            let difference = wanted.and_then(|wanted| difference(what, &wanted, &got));
            differences.extend(difference.map(|difference| format!("{title}: {difference}")));
        }
    }
    assert!(differences.is_empty(), "{} differences\n{}", differences.len(), differences.join("\n"));
}

/// What people read is one line of a terminal, whoever wrote the reasons, the tags and Kosli's errors.
fn assert_printable(title: &str, answer: &Value) {
    let warnings = answer["warnings"].as_array().into_iter().flatten().map(|warning| &warning["text"]);
    for text in [&answer["summary"], &answer["advice"]].into_iter().chain(warnings).filter_map(Value::as_str) {
        assert!(!text.contains(|c: char| c.is_control() || "\u{2028}\u{202e}".contains(c)), "{title}: {text:?}");
    }
}

#[test]
fn every_vector_that_writes_survives_every_cut() {
    let mut cuts = 0;
    for Vector { title, call, .. } in vectors() {
        let Ok(call) = Call::from_json(&call) else { continue };
        if plan(&call).commands.is_empty() {
            continue;
        }
        // The model's tags are texts, as Kosli's are.
        let Some(kosli) = from_call(&call) else {
            assert!(title.contains("no text"), "{title}: it writes without having read");
            continue;
        };
        let mut whole = kosli.clone();
        let uncut = run(&mut whole, &call, Cut::Never);
        // An `off` that named nothing mends the tags, and then says that it has lifted nothing.
        let is_lifted_or_mended = uncut.last.decision == Decision::Proceed || uncut.last.reason == "none_of_yours";
        // A gate that refuses puts just that on record.
        let is_refused = matches!(call.action, Action::Assert(_)) && uncut.first.reason == uncut.last.reason;
        let is_done = is_lifted_or_mended || is_refused;
        assert!(uncut.is_settled && is_done, "{title}: {uncut:?}");
        for at in 0..uncut.commands {
            let mut cut = kosli.clone();
            let half = run(&mut cut, &call, Cut::After(at));
            let rest =
                Call { action: half.last.action.clone().expect("a readable call has an action"), ..call.clone() };
            let finished = run(&mut cut, &rest, Cut::Never);
            assert!(finished.is_settled, "{title}: cut after {at}: {finished:?}");
            assert_eq!(run(&mut cut.clone(), &rest, Cut::Never).commands, 0, "{title}: cut after {at}: it never ends");
            // What a hand has set goes on record under the id of the moment: cut before its tag went, twice.
            if !has_hand_set_tag(&kosli) {
                assert_eq!(cut.end_state(), whole.end_state(), "{title}: cut after {at}");
            }
            cuts += 1;
        }
    }
    assert!(cuts > 100, "only {cuts} cuts were made");
}

fn has_hand_set_tag(kosli: &Kosli) -> bool {
    kosli.tags.iter().any(|(key, value)| key == "nodeploy.-y" || (key == "nodeploy" && !value.starts_with("2024")))
}
