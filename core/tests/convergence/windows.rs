//! `sync` of a policy: its freeze windows on record.

use freeze_core::{Action, Decision, State};
use kosli_model::{Cut, Kosli, run};
use proptest::prelude::*;

use crate::any_kosli::{any_kosli, any_synced_kosli, without_hand_set_tags};
use crate::any_policy::{NAMES, any_policy};
use crate::{assert, call_with, ended};

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_sync_of_windows_settles_and_stays_settled(kosli in any_synced_kosli(), policy in any_policy()) {
        let sync = call_with(Action::Sync {}, &policy);
        let mut after = kosli;
        let first = run(&mut after, &sync, Cut::Never);
        prop_assert!(first.is_settled && first.last.decision == Decision::Proceed, "{:?}", first);
        let state = after.end_state();
        let second = run(&mut after, &sync, Cut::Never);
        prop_assert_eq!(second.commands, 0, "{:?}", second);
        prop_assert_eq!(after.end_state(), state);
    }

    #[test]
    fn a_sync_of_windows_that_was_cut_ends_like_one_that_was_not(kosli in any_synced_kosli(), policy in any_policy()) {
        let kosli = without_hand_set_tags(kosli);
        let sync = call_with(Action::Sync {}, &policy);
        let mut whole = kosli.clone();
        let uncut = run(&mut whole, &sync, Cut::Never);
        for at in 0..uncut.commands {
            let mut cut = kosli.clone();
            let _half = run(&mut cut, &sync, Cut::After(at));
            prop_assert!(run(&mut cut, &sync, Cut::Never).is_settled);
            prop_assert_eq!(cut.end_state(), whole.end_state(), "cut after {}", at);
        }
    }

    #[test]
    fn a_sync_of_windows_ends_nobody_s_freeze(kosli in any_synced_kosli(), policy in any_policy()) {
        let kosli = without_hand_set_tags(kosli);
        let (before, was_ended) = (assert(&kosli), ended(&kosli));
        let mut after = kosli;
        let _run = run(&mut after, &call_with(Action::Sync {}, &policy), Cut::Never);
        let ended = ended(&after);
        for id in ended.iter().filter(|id| !was_ended.contains(id)) {
            let freeze = before.freezes.iter().find(|freeze| freeze.id == *id);
            let (_, endings) = NAMES[1];
            let is_its_own = policy.contains("release") && endings.iter().any(|ending| id.contains(ending));
            let has_expired = freeze.is_some_and(|freeze| freeze.state == State::Expired);
            prop_assert!(has_expired || is_its_own, "{} was ended", id);
        }
        // What somebody has lifted stays lifted.
        prop_assert!(was_ended.iter().all(|id| ended.contains(id)));
    }

    #[test]
    fn old_gates_are_closed_while_a_window_is_active(kosli in any_kosli(), policy in any_policy()) {
        let mut after = kosli;
        let _run = run(&mut after, &call_with(Action::Sync {}, &policy), Cut::Never);
        let is_active = freezing(&after, &policy) > 0;
        prop_assert!(!is_active || after.tags.contains_key("nodeploy"), "{:?}", after.tags);
        // The gate of who has no policy, too.
        prop_assert!(!is_active || assert(&after).decision == Decision::Refuse);
        // An old script lifts by taking the signal; the next sync raises it.
        after.tags.remove("nodeploy");
        let _run = run(&mut after, &call_with(Action::Sync {}, &policy), Cut::Never);
        prop_assert!(!is_active || after.tags.contains_key("nodeploy"), "{:?}", after.tags);
    }

    #[test]
    fn the_gate_of_windows_is_closed_at_every_cut_of_their_sync(kosli in any_synced_kosli(), policy in any_policy()) {
        let sync = call_with(Action::Sync {}, &policy);
        let is_active = freezing(&kosli, &policy) > 0;
        let gate = |kosli: &Kosli| run(&mut kosli.clone(), &call_with(Action::assert(), &policy), Cut::Never).last;
        let uncut = run(&mut kosli.clone(), &sync, Cut::Never);
        for at in 0..=uncut.commands {
            let mut cut = kosli.clone();
            let _half = run(&mut cut, &sync, Cut::After(at));
            prop_assert!(!is_active || gate(&cut).decision == Decision::Refuse, "cut after {}", at);
        }
    }

    #[test]
    fn a_gate_without_the_policy_is_closed_at_every_cut_between_two_closed_ends(
        kosli in any_synced_kosli(), policy in any_policy()
    ) {
        let sync = call_with(Action::Sync {}, &policy);
        let mut after = kosli.clone();
        let uncut = run(&mut after, &sync, Cut::Never);
        let is_closed = |kosli: &Kosli| assert(kosli).decision == Decision::Refuse;
        for at in 0..uncut.commands {
            let mut cut = kosli.clone();
            let _half = run(&mut cut, &sync, Cut::After(at));
            prop_assert!(is_closed(&cut) || !is_closed(&kosli) || !is_closed(&after), "cut after {}", at);
        }
    }
}

/// Active freeze windows, as the gate tells them.
fn freezing(kosli: &Kosli, policy: &str) -> usize {
    let gate = run(&mut kosli.clone(), &call_with(Action::assert(), policy), Cut::Never).last;
    let json = serde_json::to_value(&gate.windows).expect("windows are JSON");
    json.as_array().into_iter().flatten().filter(|window| window["effect"] == "freeze").count()
}
