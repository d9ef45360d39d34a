//! Anything in place of Kosli's documents: the looks end, and no gate opens on what it has not understood.
#![no_main]

use std::collections::BTreeMap;

use arbitrary::Arbitrary;
use freeze_core::{Action, Call, Decision, Environment, Freezes, RawResult, Settings, State, observe, plan};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

#[derive(Arbitrary, Debug)]
struct Input<'d> {
    action: u8,
    environment: Answered<'d>,
    trails: Answered<'d>,
    trail: Answered<'d>,
    ons: Answered<'d>,
    flow: Answered<'d>,
    policy: u8,
}

/// A window that the type and a tag select, and one outside of which it is closed.
const POLICY: &str = r#"{"windows":[
    {"name":"w","effect":"freeze","environments":["*"],"types":["K8S"],"tags":{"team":"*"},"timezone":"Europe/London",
     "reason":"why","from":"2024-10-31","to":"2024-11-02"},
    {"name":"a","effect":"allow","environments":["prod"],"timezone":"UTC","days":["thu"],
     "from":"11:00","to":"13:00"}]}"#;

#[derive(Arbitrary, Debug)]
enum Answered<'d> {
    Cli(&'d str),
    Exit(u8, &'d str),
    Http(&'d str),
    Status(u16, &'d str),
    Failed(&'d str),
    /// As Kosli would say it, with some text in a place where people write.
    Likely(u8, &'d str),
}

fuzz_target!(|input: Input| {
    let mut call = Call {
        action: action(input.action),
        now: "2024-10-31T12:00:00Z".parse().expect("an instant"),
        environment: Environment::Name("prod".to_owned()),
        observed: BTreeMap::new(),
        settings: Settings::default(),
        policy: (input.policy % 2 == 1).then(|| POLICY.to_owned()),
        members: None,
        since: None,
    };
    let mut looks = 0;
    loop {
        let reads = observe(&call);
        let mut new = 0;
        for read in reads.iter().take(16) {
            let name = read.name();
            let answered = match name.split('/').next() {
                Some("environment") => &input.environment,
                Some("trails") => &input.trails,
                Some("trail") => &input.trail,
                Some("attestation") => &input.ons,
                Some("flow") => &input.flow,
                _ => panic!("an unknown read: {name}"),
            };
            new += usize::from(call.observed.insert(name.clone(), raw(answered, &name)).is_none());
        }
        if reads.is_empty() || reads.len() > 16 {
            break;
        }
        assert_eq!(new, reads.len(), "a read was asked for twice: {reads:?}");
        looks += 1;
        assert!(looks <= 6, "the looks do not end");
    }
    let answer = plan(&call);
    assert_eq!(plan(&call), answer);
    assert!(answer.commands.is_empty() || answer.decision == Decision::Proceed);
    let summary = &answer.summary;
    assert!(!summary.chars().any(char::is_control), "not one printable line: {summary:?}");
    for warning in &answer.warnings {
        assert!(!warning.text.chars().any(char::is_control), "not one printable line: {warning:?}");
    }
    // A flag's key is an id that a command may say; Kosli has no keys with a NUL.
    let has_nul =
        understood(&call.observed["environment"]).is_some_and(|tags| tags.keys().any(|key| key.contains('\0')));
    for write in answer.commands.iter().filter(|_| !has_nul) {
        assert!(write.argv().iter().all(|word| !word.contains('\0')), "{write:?}");
    }
    if answer.decision == Decision::Proceed {
        let tags = understood(&call.observed["environment"]).expect("a gate opened on no environment");
        if call.action == (Action::assert()) {
            let is_quiet = !tags.keys().any(|key| key == "nodeploy" || key.starts_with("nodeploy."));
            let has_passed = |shown: &freeze_core::Shown| matches!(shown.state, State::Expired | State::Ended);
            assert!(is_quiet || answer.freezes.iter().all(has_passed), "{tags:?} {answer:?}");
            assert!(!answer.freezes.iter().any(|freeze| freeze.state == State::Open), "{answer:?}");
            let is_freeze = |window: &freeze_core::ShownWindow| window.effect == freeze_core::Effect::Freeze;
            assert!(!answer.windows.iter().any(is_freeze), "{answer:?}");
        }
    }
});

fn action(kind: u8) -> Action {
    let by = (kind & 16 != 0).then(|| "al".to_owned());
    match kind % 16 {
        0..6 => Action::assert(),
        6..8 => Action::status(),
        8..10 => Action::Sync {},
        10 => Action::Off { freezes: Some(Freezes::All), by, reason: None },
        11 => Action::Off { freezes: Some(Freezes::These(vec!["T1".to_owned()])), by, reason: None },
        12 => Action::Off { freezes: None, by, reason: Some("done".to_owned()) },
        13 => Action::On {
            reason: "why".to_owned(),
            by,
            until: Some("2024-10-31T13:00:00Z".to_owned()),
            id: None,
            except: None,
        },
        14 => Action::On { reason: "why".to_owned(), by, until: None, id: Some("T1".to_owned()), except: None },
        _ => Action::On { reason: "why".to_owned(), by, until: None, id: None, except: None },
    }
}

fn raw(answered: &Answered<'_>, name: &str) -> RawResult {
    match *answered {
        Answered::Cli(stdout) => RawResult::Cli { exit_code: 0, stdout: stdout.to_owned(), stderr: String::new() },
        Answered::Exit(code, stderr) => {
            RawResult::Cli { exit_code: i64::from(code), stdout: String::new(), stderr: stderr.to_owned() }
        }
        Answered::Http(body) => RawResult::Http { status: 200, body: body.to_owned(), date: None },
        Answered::Status(status, body) => RawResult::Http { status, body: body.to_owned(), date: None },
        Answered::Failed(error) => RawResult::Failed { error: error.to_owned() },
        Answered::Likely(form, text) => likely(form, text, name),
    }
}

/// A document that Kosli could give, by the bits of `form`.
fn likely(form: u8, text: &str, name: &str) -> RawResult {
    let on = |bit: u8| form & (1 << bit) != 0;
    let id = name.split('/').nth(1).unwrap_or("T1");
    let status = |name: &str, complete| serde_json::json!({"attestation_name": name, "status": if complete { "COMPLETE" } else { "MISSING" }});
    let trail = |id: &str| {
        serde_json::json!({"name": id, "flow": {"name": "prod-nodeploy"}, "compliance_status":
            {"attestations_statuses": [status("nodeploy-on", on(0)), status("nodeploy-off", on(1))]}})
    };
    let document = match name.split('/').next() {
        Some("environment") => {
            let mut tags = serde_json::Map::new();
            if on(0) {
                tags.insert("nodeploy".to_owned(), if on(1) { "T1".into() } else { text.into() });
            }
            if on(2) {
                tags.insert("nodeploy.T1".to_owned(), text.into());
            }
            if on(3) {
                tags.insert(text.to_owned(), "x".into());
            }
            if on(4) {
                tags.insert("team".to_owned(), text.into());
            }
            let name = if on(7) && on(6) { text } else { "prod" };
            if on(5) {
                return found(&serde_json::json!({"name": name, "type": "K8S", "tags": tags}));
            }
            serde_json::json!({"name": name, "tags": tags})
        }
        Some("trails") => {
            let data = if on(2) { vec![trail("T1"), trail(text)] } else { vec![trail("T1")] };
            serde_json::json!({"data": data, "pagination": {"page_count": if on(7) { 2 } else { 1 }}})
        }
        Some("trail") => trail(id),
        Some("attestation") => serde_json::json!([{"attestation_name": "nodeploy-on", "description": text,
            "annotations": {"until": if on(0) { text } else { "2024-10-31T11:00:00Z" }}, "created_at": 1.5}]),
        _ => serde_json::json!({"name": "prod-nodeploy"}),
    };
    found(&document)
}

fn found(document: &Value) -> RawResult {
    RawResult::Http { status: 200, body: document.to_string(), date: None }
}

/// The tags, as another reader of JSON sees them.
fn understood(raw: &RawResult) -> Option<serde_json::Map<String, Value>> {
    let text = match raw {
        RawResult::Cli { exit_code: 0, stdout, .. } => stdout,
        RawResult::Http { status: 200, body, .. } => body,
        _ => return None,
    };
    let document: Value = serde_json::from_str(text).ok()?;
    (document["name"] == "prod").then(|| document["tags"].as_object().cloned())?
}
