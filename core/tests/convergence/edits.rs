//! Policies that are edited, synced, frozen over and lifted, one after the other.

use freeze_core::{Action, Call, Decision, Environment, Freezes, plan};
use kosli_model::{Cut, Kosli, run};
use proptest::prelude::*;

use crate::any_kosli::{HOLDERS, any_kosli, without_hand_set_tags};
use crate::any_policy::{NAMES, WINDOWS, any_windows, named_policy};
use crate::{call, call_with, ended};

/// One after the other, on one environment.
#[derive(Clone, Debug)]
enum Step {
    /// One of the two policies, as it is by then; cut or not.
    Sync {
        owner: usize,
        windows: String,
        cut: Option<usize>,
    },
    On {
        by: usize,
    },
    Off {
        by: usize,
    },
}

fn any_step() -> impl Strategy<Value = Step> {
    let cut = proptest::option::weighted(0.2, 0..8usize);
    prop_oneof![
        6 => (0..2usize, any_windows(), cut).prop_map(|(owner, windows, cut)| Step::Sync { owner, windows, cut }),
        1 => (0..3usize).prop_map(|by| Step::On { by }),
        1 => (0..3usize).prop_map(|by| Step::Off { by }),
    ]
}

fn at(minutes: i64, call: Call) -> Call {
    Call { now: call.now + chrono::TimeDelta::minutes(minutes), ..call }
}

/// Until when a policy closes an environment that nobody has frozen, in minutes, if a freeze window is active.
fn closes_until(policy: &str, minutes: i64) -> Option<i64> {
    let document = r#"{"name": "prod-aws", "type": "server", "tags": {}}"#;
    let asked = at(minutes, call_with(Action::assert(), policy));
    let now = call(Action::assert()).now;
    let gate = plan(&Call { environment: Environment::Document(document.to_owned()), ..asked });
    let json = serde_json::to_value(&gate).expect("an answer is JSON");
    let is_active = json["windows"].as_array().into_iter().flatten().any(|window| window["effect"] == "freeze");
    let opening =
        json["opens_at"].as_str().map(|opens| opens.parse::<chrono::DateTime<chrono::Utc>>().expect("RFC 3339"));
    let until = opening.map_or(i64::MAX, |opening| (opening - now).num_minutes());
    (is_active && gate.decision == Decision::Refuse).then_some(until)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    /// Of two policies, whose windows have the same names: whoever syncs, edits, freezes and lifts in between.
    #[test]
    fn a_recorded_window_is_closed_until_its_policy_opens(
        kosli in any_kosli(),
        names in prop_oneof![Just([0, 1]), Just([1, 2]), Just([0, 0])],
        steps in proptest::collection::vec((any_step(), 0..900i64), 1..6),
    ) {
        let mut kosli = without_hand_set_tags(kosli);
        // Until when each of the policies closes, by its latest sync that was not cut.
        let mut closed = [None, None];
        let (mut minutes, steps_end) = (0, steps.len());
        for (place, (step, pause)) in steps.into_iter().enumerate() {
            match step {
                Step::Sync { owner, windows, cut } => {
                    let policy = named_policy(names[owner], &windows);
                    let sync = at(minutes, call_with(Action::Sync {}, &policy));
                    let before = ended(&kosli);
                    let cut = cut.map_or(Cut::Never, Cut::After);
                    let made = run(&mut kosli, &sync, cut);
                    let until = closes_until(&policy, minutes);
                    // A policy that was edited may end what it has closed itself; cut, it has done a part of that.
                    closed[owner] = until.filter(|_| made.is_settled);
                    // It ends none of the other's, nor anybody's that has not expired.
                    let other = NAMES[names[1 - owner]];
                    for id in ended(&kosli).iter().filter(|id| !before.contains(id)) {
                        let is_other_s = names[0] != names[1] && other.1.iter().any(|ending| id.contains(ending));
                        let off = &kosli.trails.as_ref().expect("a flow")[id].attestations;
                        let has_expired = off.iter().any(|off| off.annotations.contains_key("until") && off.description.as_deref().is_some_and(|text| text.starts_with("expired")));
                        prop_assert!(has_expired || !is_other_s, "{} was ended by {}", id, policy);
                    }
                }
                Step::On { by } => {
                    let by = HOLDERS[by].map(str::to_owned);
                    let on = Action::On { reason: "x".into(), by, until: None, id: None, except: None };
                    let _run = run(&mut kosli, &at(minutes, call(on)), Cut::Never);
                }
                Step::Off { by } => {
                    let by = HOLDERS[by].map(str::to_owned);
                    let off = Action::Off { freezes: None, by, reason: None };
                    let _run = run(&mut kosli, &at(minutes, call(off)), Cut::Never);
                }
            }
            let next = if place + 1 == steps_end { minutes + 20_000 } else { minutes + pause };
            for until in closed.into_iter().flatten() {
                let last = until.min(next);
                let samples = (0..=6).map(|part| minutes + (last - minutes - 1) * part / 6);
                for sample in samples.filter(|sample| (minutes..last).contains(sample)) {
                    let gate = run(&mut kosli.clone(), &at(sample, call(Action::assert())), Cut::Never).last;
                    prop_assert_eq!(gate.decision, Decision::Refuse, "at {} of {}, after step {}", sample, until, place);
                    prop_assert!(kosli.tags.contains_key("nodeploy"), "the script's gate at {}", sample);
                }
            }
            minutes += pause;
        }
    }

    #[test]
    fn who_lifts_a_window_lifts_its_run(
        rule in proptest::sample::select(&WINDOWS[..]), owner in 0..2usize, pause in 4..900i64, edit in any_windows()
    ) {
        let mut kosli = Kosli::new("prod-aws");
        let window = format!(r#"{{"name": "a", "environments": ["prod-*"], "timezone": "UTC", {rule}}}"#);
        let policy = named_policy(owner, &window);
        let lift = || call(Action::Off { freezes: Some(Freezes::All), by: Some("mary".into()), reason: None });
        let _run = run(&mut kosli, &call_with(Action::Sync {}, &policy), Cut::Never);
        let _run = run(&mut kosli, &at(1, lift()), Cut::Never);
        // Edited for a while, and back as it was.
        let _run = run(&mut kosli, &at(2, call_with(Action::Sync {}, &named_policy(owner, &edit))), Cut::Never);
        let _run = run(&mut kosli, &at(3, lift()), Cut::Never);
        let _run = run(&mut kosli, &at(pause, call_with(Action::Sync {}, &policy)), Cut::Never);
        if closes_until(&policy, 0).is_some_and(|until| pause < until) {
            let gate = run(&mut kosli.clone(), &at(pause, call(Action::assert())), Cut::Never).last;
            prop_assert_eq!(gate.decision, Decision::Proceed, "{:?}", gate.freezes);
        }
    }
}
