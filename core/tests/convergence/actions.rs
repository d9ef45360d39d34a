//! `on`, `off`, `sync` and the gate, without windows.

use freeze_core::{
    Action, Answer, Call, Change, Decision, Deployment, Environment, Freezes, Question, RawResult, State, observe, plan,
};
use kosli_model::{Cut, Kosli, Run, Trail, run};
use proptest::prelude::*;

use crate::any_kosli::{HOLDERS, IDS, any_action, any_kosli, without_hand_set_tags};
use crate::any_policy::WINDOWS;
use crate::{assert, call, ended};

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_action_settles_and_stays_settled(kosli in any_kosli(), action in any_action()) {
        let mut after = kosli.clone();
        let first = run(&mut after, &call(action.clone()), Cut::Never);
        prop_assert!(first.is_settled, "{:?}", first);
        let state = after.end_state();
        let second = run(&mut after, &call(named(action, &first)), Cut::Never);
        prop_assert_eq!(second.commands, 0, "{:?}", second);
        prop_assert_eq!(after.end_state(), state);
    }

    #[test]
    fn a_run_that_was_cut_ends_like_one_that_was_not(kosli in any_kosli(), action in any_action()) {
        let kosli = without_hand_set_tags(kosli);
        let mut whole = kosli.clone();
        let uncut = run(&mut whole, &call(action.clone()), Cut::Never);
        for at in 0..uncut.commands {
            let mut cut = kosli.clone();
            let half = run(&mut cut, &call(action.clone()), Cut::After(at));
            let explicit = half.last.action.clone().expect("a readable call has an action");
            let rest = run(&mut cut, &call(explicit), Cut::Never);
            prop_assert!(rest.is_settled);
            prop_assert_eq!(cut.end_state(), whole.end_state(), "cut after {}", at);
        }
    }

    #[test]
    fn the_gate_is_closed_at_every_cut_of_an_on(kosli in any_kosli(), by in 0..3usize) {
        let on = call(Action::On { reason: "x".into(), by: HOLDERS[by].map(str::to_owned), until: None, id: None, except: None });
        let mut whole = kosli.clone();
        let uncut = run(&mut whole, &on, Cut::Never);
        prop_assert_eq!(uncut.last.decision, Decision::Proceed);
        for at in 1..=uncut.commands {
            let mut cut = kosli.clone();
            let _half = run(&mut cut, &on, Cut::After(at));
            prop_assert_eq!(assert(&cut).decision, Decision::Refuse, "cut after {}", at);
        }
        prop_assert_eq!(assert(&whole).decision, Decision::Refuse);
    }

    #[test]
    fn off_ends_only_what_it_means(kosli in any_kosli(), by in 0..3usize, all in any::<bool>()) {
        let holder = HOLDERS[by].map(str::to_owned);
        let before = assert(&kosli);
        let mut after = kosli.clone();
        let freezes = all.then_some(Freezes::All);
        let off = run(&mut after, &call(Action::Off { freezes, by: holder.clone(), reason: None }), Cut::Never);
        prop_assert!(off.is_settled);
        // Without a word it neither succeeds nor changes anything.
        let lifts_nothing = off.last.reason == "none_of_yours" && off.commands == 0 && is_open(&before) && !all;
        prop_assert_eq!(off.last.decision == Decision::Refuse, lifts_nothing, "{:?}", off.last);
        prop_assert!(off.last.reason != "not_frozen" || assert(&after).decision == Decision::Proceed);
        let was_ended = ended(&kosli);
        for id in ended(&after).iter().filter(|id| !was_ended.contains(id)) {
            // An unusual name is cut down in an id; and what a hand has set gets an id of its own.
            let held_by = |by: &Option<String>| *by == holder || (by.as_deref() == Some("maryco.8f3c27c6") && holder.as_deref() == Some("mary & co"));
            let target = before.freezes.iter().find(|freeze| freeze.id == *id);
            prop_assert!(all || target.is_none_or(|freeze| held_by(&freeze.by)), "{} was ended by {:?}", id, holder);
        }
        if all {
            prop_assert_eq!(assert(&after).decision, Decision::Proceed);
            prop_assert!(!after.tags.keys().any(|key| key.starts_with("nodeploy")));
        }
    }

    #[test]
    fn a_repeated_off_ends_as_the_first_did(kosli in any_kosli(), by in 0..3usize) {
        let mut kosli = kosli;
        let by = HOLDERS[by].map(str::to_owned);
        let on = call(Action::On { reason: "x".into(), by: by.clone(), until: None, id: None, except: None });
        let off = call(Action::Off { freezes: None, by: by.clone(), reason: None });
        let _frozen = run(&mut kosli, &on, Cut::Never);
        let first = run(&mut kosli, &off, Cut::Never);
        prop_assert_eq!(first.last.decision, Decision::Proceed, "{:?}", first.last);
        // Which freeze was whose, only its id still tells; one of those above has a name that is not quite mary's.
        let name = by.map_or(String::new(), |by| format!("~{}", &by[..4]));
        let names = |id: &String| id.contains('~') != name.is_empty() && id.contains(&name) && id != IDS[3];
        let Some(Action::Off { freezes: Some(Freezes::These(ids)), .. }) = first.last.action else { unreachable!("an off") };
        if ids.iter().any(names) {
            let second = run(&mut kosli, &off, Cut::Never);
            prop_assert_eq!(second.last.decision, Decision::Proceed, "{:?}", second.last);
        }
    }

    #[test]
    fn a_question_about_what_is_closed_never_proceeds(
        kosli in any_kosli(), at in any::<bool>(), policy in 0..4usize, broken in proptest::option::weighted(0.3, 0..5usize),
    ) {
        let at = at.then(|| "2024-10-31T17:00:00Z".to_owned());
        let policy = [None, Some(WINDOWS[5]), Some(WINDOWS[0]), Some(WINDOWS[9])][policy];
        let is_closed = policy.is_some_and(|rule| rule != WINDOWS[5]) || is_frozen_for_good(&kosli);
        let policy = policy.map(|rule| {
            format!(r#"{{"windows": [{{"name": "a", "environments": ["prod-*"], "timezone": "UTC", {rule}}}]}}"#)
        });
        let ask = |action| look(&kosli, &Call { policy: policy.clone(), ..call(action) }, broken);
        let (gate, is_broken) = ask(Action::Assert(Deployment { at: at.clone(), ..Deployment::default() }));
        let (status, _) = ask(Action::Status(Question { at: at.clone(), ..Question::default() }));
        prop_assert!(!is_closed && !is_broken || gate.decision != Decision::Proceed, "{:?}", gate);
        prop_assert_eq!((gate.decision, gate.reason), (status.decision, status.reason));
        // The same words as of a gate that reads as much: one that states a change.
        let (stating, is_broken_too) = ask(Action::Assert(Deployment { at, change: stated(), ..Deployment::default() }));
        prop_assert!(is_broken || is_broken_too || stating.summary == status.summary, "{:?} {:?}", stating, status);
        let holds = gate.freezes.iter().any(|freeze| freeze.state == State::Open && freeze.until.is_none());
        prop_assert!(!(holds || gate.opens_at.is_some()) || gate.decision != Decision::Proceed, "{:?}", gate);
    }

    #[test]
    fn a_sync_brings_signal_and_record_into_agreement(kosli in any_kosli()) {
        let mut after = kosli.clone();
        let before = assert(&kosli);
        let sync = run(&mut after, &call(Action::Sync {}), Cut::Never);
        prop_assert!(sync.is_settled);
        let gate = assert(&after);
        prop_assert_eq!(gate.decision == Decision::Refuse, after.tags.contains_key("nodeploy"));
        // It opens nothing but what a left-over tag kept closed, and it closes nothing.
        prop_assert_eq!(is_open(&before), gate.decision == Decision::Refuse);
    }

    #[test]
    fn the_document_alone_is_enough(kosli in any_kosli(), action in any_action()) {
        let document = serde_json::json!({"name": "prod-aws", "tags": kosli.tags}).to_string();
        let alone = |action| plan(&Call { environment: Environment::Document(document.clone()), ..call(action) });
        prop_assert_ne!(alone(action).decision, Decision::Error);
        let gate = alone(Action::assert());
        prop_assert!(gate.commands.is_empty());
        let is_quiet = !kosli.tags.keys().any(|key| key.starts_with("nodeploy"));
        prop_assert!(!is_quiet || gate.decision == Decision::Proceed);
        // Over a tag that is up it proceeds only if every flag says that its end has come.
        let has_expired = gate.freezes.iter().all(|freeze| freeze.state == State::Expired);
        prop_assert!(gate.decision == Decision::Refuse || has_expired);
    }
}

/// Tags and records say so by themselves, whatever the time: an independent and a narrow word for closed.
fn is_frozen_for_good(kosli: &Kosli) -> bool {
    let trail = |id: &str| kosli.trails.as_ref().and_then(|trails| trails.get(id));
    let has_ended = |id: &str| trail(id).is_some_and(|trail| trail.has("nodeploy-off"));
    let flag = |(key, value): (&String, &String)| {
        key.strip_prefix("nodeploy.").is_some_and(|id| !has_ended(id) && !value.contains("until="))
    };
    let is_endless = |trail: &Trail| {
        let ons = || trail.attestations.iter().filter(|one| one.name == "nodeploy-on");
        ons().count() > 0 && !trail.has("nodeploy-off") && ons().all(|on| !on.annotations.contains_key("until"))
    };
    let has_flag = |(id, _): &(&String, &Trail)| kosli.tags.contains_key(&format!("nodeploy.{id}"));
    let has_record = || kosli.trails.iter().flatten().any(|found| is_endless(found.1) && !has_flag(&found));
    let signal = kosli.tags.get("nodeploy");
    let signal = signal.is_some_and(|id| !kosli.tags.contains_key(&format!("nodeploy.{id}")));
    signal || kosli.tags.iter().any(flag) || has_record()
}

/// One look, without the read `broken`; whether that read was asked for.
fn look(kosli: &Kosli, call: &Call, broken: Option<usize>) -> (Answer, bool) {
    let mut call = call.clone();
    let mut is_broken = false;
    loop {
        let reads = observe(&call);
        if reads.is_empty() {
            return (plan(&call), is_broken);
        }
        for read in reads {
            let result = if Some(call.observed.len()) == broken {
                is_broken = true;
                RawResult::Http { status: 502, body: "<html>".into(), date: None }
            } else {
                kosli.read(&read)
            };
            call.observed.insert(read.name(), result);
        }
    }
}

fn stated() -> Change {
    Change::new([("kind", "docs")]).expect("a change")
}

fn is_open(answer: &Answer) -> bool {
    answer.freezes.iter().any(|freeze| freeze.state == State::Open)
}

fn named(mut action: Action, settled: &Run) -> Action {
    if let (Action::On { id, .. }, Some(Action::On { id: chosen, .. })) = (&mut action, &settled.last.action) {
        id.clone_from(chosen);
    }
    action
}
