//! Properties of exceptions over the core's own loop: gates, claims, approvers and holders in any order, each cut anywhere.

use std::borrow::Cow;

use freeze_core::{Action, Answer, Call, Change, Claim, Decision, Deployment, ExceptionRequest, Freezes, Match, plan};
use kosli_model::{Cut, Kosli, Run, run};
use proptest::prelude::*;

const NOW: &str = "2024-10-31T12:00:00Z";
const EXCEPTION: &str = "exception-2024-10-31T12.00.00-2024-10-31T14.00.00~maya";
const FREEZE: &str = "2024-10-31T12.00.00~steve";

/// One thing that somebody does, up to some command.
#[derive(Clone, Debug)]
enum Step {
    Gate { run: usize, claims: bool, cut: Option<usize> },
    Claim { run: usize, cut: Option<usize> },
    Except { uses: u64, cut: Option<usize> },
    Approve { by: usize, cut: Option<usize> },
    Revoke,
    Freeze { by: usize, reason: usize },
    Lift { by: usize },
}

const RUNS: [&str; 3] = ["r1", "r2", "r3"];
const PEOPLE: [&str; 3] = ["noah", "maya", "steve"];
const REASONS: [&str; 2] = ["load test", "database is down"];

fn call(action: Action) -> Call {
    kosli_model::call(action, "prod-aws", NOW)
}

fn hotfix() -> Change {
    Change::new([("kind", "hotfix")]).expect("a change")
}

fn gate(run: usize, claim: bool) -> Call {
    let run = Some(RUNS[run].to_owned());
    call(Action::Assert(Deployment { change: hotfix(), run, claim, ..Deployment::default() }))
}

fn on(by: usize, reason: usize) -> Call {
    let (reason, by) = (REASONS[reason].to_owned(), Some(PEOPLE[by].to_owned()));
    call(Action::On { reason, by, until: None, id: None, except: None })
}

fn except(uses: u64) -> Call {
    call(Action::Except(ExceptionRequest {
        reason: "CVE".into(),
        by: Some("maya".into()),
        until: "2024-10-31T14:00:00Z".into(),
        change: Match::new([("kind", vec!["hotfix"])]).expect("a match"),
        uses: Some(uses),
        approvals: None,
        freezes: None,
        windows: None,
        id: None,
    }))
}

fn approve(by: usize) -> Call {
    call(Action::Approve { exception: EXCEPTION.into(), by: PEOPLE[by].into(), reason: None, refused: None })
}

fn cut(at: Option<usize>) -> Cut {
    at.map_or(Cut::Never, Cut::After)
}

fn carry_out(kosli: &mut Kosli, step: &Step) -> Run {
    match step {
        Step::Gate { run: by, claims, cut: at } => run(kosli, &gate(*by, *claims), cut(*at)),
        Step::Claim { run: by, cut: at } => {
            let claim =
                Claim { exception: None, change: hotfix(), run: RUNS[*by].into(), needs: None, claimed_at: None };
            run(kosli, &call(Action::Claim(claim)), cut(*at))
        }
        Step::Except { uses, cut: at } => run(kosli, &except(*uses), cut(*at)),
        Step::Approve { by, cut: at } => run(kosli, &approve(*by), cut(*at)),
        Step::Revoke => {
            run(kosli, &call(Action::Revoke { exception: EXCEPTION.into(), by: None, reason: None }), Cut::Never)
        }
        Step::Freeze { by, reason } => run(kosli, &on(*by, *reason), Cut::Never),
        Step::Lift { by } => {
            let by = Some(PEOPLE[*by].to_owned());
            run(kosli, &call(Action::Off { freezes: None, by, reason: None }), Cut::Never)
        }
    }
}

fn any_step() -> impl Strategy<Value = Step> {
    let cut = || proptest::option::weighted(0.4, 0..4usize);
    prop_oneof![
        6 => (0..3usize, prop::bool::weighted(0.8), cut()).prop_map(|(run, claims, cut)| Step::Gate { run, claims, cut }),
        1 => (0..3usize, cut()).prop_map(|(run, cut)| Step::Claim { run, cut }),
        2 => (1..3u64, cut()).prop_map(|(uses, cut)| Step::Except { uses, cut }),
        3 => (0..3usize, cut()).prop_map(|(by, cut)| Step::Approve { by, cut }),
        1 => Just(Step::Revoke),
        2 => (0..3usize, 0..2usize).prop_map(|(by, reason)| Step::Freeze { by, reason }),
        1 => (0..3usize).prop_map(|by| Step::Lift { by }),
    ]
}

/// Steve has frozen it.
fn frozen() -> Kosli {
    let mut kosli = Kosli::new("prod-aws");
    kosli.clock = 1_730_376_000;
    let _frozen = run(&mut kosli, &on(2, 0), Cut::Never);
    kosli
}

/// And an exception of so many uses is approved.
fn approved(uses: u64) -> Kosli {
    let mut kosli = frozen();
    let asked = run(&mut kosli, &except(uses), Cut::Never);
    assert_eq!(asked.last.reason, "already_asked", "{asked:?}");
    assert_eq!(run(&mut kosli, &approve(0), Cut::Never).last.reason, "already_approved");
    kosli
}

#[test]
fn exceptions_that_were_revoked_take_no_place_of_others() {
    let mut kosli = frozen();
    let ask = |kosli: &mut Kosli, uses| match run(kosli, &except(uses), Cut::Never).last.action {
        Some(Action::Except(ExceptionRequest { id: Some(id), .. })) => id,
        other => panic!("{other:?}"),
    };
    for uses in 1..=30 {
        let exception = ask(&mut kosli, uses);
        let revoked = run(&mut kosli, &call(Action::Revoke { exception, by: None, reason: None }), Cut::Never);
        assert_eq!(revoked.last.reason, "already_revoked");
    }
    let exception = ask(&mut kosli, 31);
    let approve = call(Action::Approve { exception, by: PEOPLE[0].into(), reason: None, refused: None });
    assert_eq!(run(&mut kosli, &approve, Cut::Never).last.reason, "already_approved");
    let passed = run(&mut kosli, &gate(0, true), Cut::Never).last;
    assert_eq!(passed.reason, "excepted", "{passed:?}");
    assert!(passed.warnings.is_empty(), "{:?}", passed.warnings);
    for uses in 32..=52 {
        let _live = ask(&mut kosli, uses);
    }
    let warnings = run(&mut kosli, &gate(0, false), Cut::Never).last.warnings;
    assert!(warnings.iter().any(|warning| warning.code == "many_exceptions"), "{warnings:?}");
}

fn uses_on_record(kosli: &Kosli, name: &str) -> Vec<String> {
    let trails = kosli.trails.iter().chain(&kosli.exceptions).flatten().map(|(_, trail)| trail);
    let mut runs: Vec<_> = trails
        .flat_map(|trail| &trail.attestations)
        .filter(|one| one.name == name)
        .map(|one| (one.at, one.annotations["run"].clone()))
        .collect();
    runs.sort();
    runs.into_iter().map(|(_, run)| run).collect()
}

/// The different runs, in the order in which they came.
fn different(runs: Vec<String>) -> Vec<String> {
    runs.into_iter().fold(Vec::new(), |mut seen, run| {
        if !seen.contains(&run) {
            seen.push(run);
        }
        seen
    })
}

fn excepted(run: &Run) -> bool {
    run.is_settled && run.last.decision == Decision::Proceed && run.last.reason == "excepted"
}

#[test]
fn a_use_passes_once_for_all_its_attempts() {
    let mut kosli = approved(1);
    let passed = run(&mut kosli, &gate(0, true), Cut::Never);
    assert!(excepted(&passed) && passed.commands == 2, "{passed:?}");
    let again = run(&mut kosli, &gate(0, true), Cut::Never);
    assert!(excepted(&again) && again.commands == 0, "{again:?}");
    assert!(excepted(&run(&mut kosli, &gate(0, false), Cut::Never)), "a gate that may only read");
    let other = run(&mut kosli, &gate(1, true), Cut::Never);
    assert_eq!((other.last.decision, other.commands), (Decision::Refuse, 0));
}

#[test]
fn a_run_cut_after_every_command_passes_again_without_a_second_use() {
    let whole = run(&mut approved(1), &gate(0, true), Cut::Never);
    for at in 0..whole.commands {
        let mut kosli = approved(1);
        let half = run(&mut kosli, &gate(0, true), Cut::After(at));
        assert_eq!(half.last.decision, Decision::Refuse, "cut after {at}");
        let explicit = Call { action: half.last.action.clone().expect("an action"), ..gate(0, true) };
        for call in [explicit, gate(0, true)] {
            let rest = run(&mut kosli, &call, Cut::Never);
            assert!(excepted(&rest), "cut after {at}: {rest:?}");
        }
        assert_eq!(uses_on_record(&kosli, "nodeploy-claimed"), ["r1"], "cut after {at}");
        assert_eq!(uses_on_record(&kosli, "nodeploy-passed"), ["r1"], "cut after {at}");
    }
}

#[test]
fn whoever_does_not_wait_does_not_pass() {
    let mut kosli = approved(1);
    let claim = plan_after_looking(&kosli, &gate(0, true));
    kosli.write(&claim.commands[0].command).expect("a claim");
    let at_once = Call { action: claim.action.expect("an action"), ..gate(0, true) };
    let answer = plan_after_looking(&kosli, &at_once);
    assert_eq!((answer.decision, answer.pause, answer.commands.len()), (Decision::Refuse, Some(2), 0));
}

fn plan_after_looking(kosli: &Kosli, call: &Call) -> Answer {
    let mut call = call.clone();
    loop {
        let reads = freeze_core::observe(&call);
        if reads.is_empty() {
            return plan(&call);
        }
        for read in reads {
            call.observed.insert(read.name(), kosli.read(&read));
        }
    }
}

#[test]
fn a_freeze_restated_between_the_look_and_the_request_is_not_covered() {
    let mut kosli = frozen();
    let looked = plan_after_looking(&kosli, &except(1));
    let _restated = run(&mut kosli, &on(2, 1), Cut::Never);
    for write in &looked.commands {
        kosli.write(&write.command).expect("asked");
    }
    assert_eq!(run(&mut kosli, &approve(0), Cut::Never).last.reason, "already_approved");
    let gate_1 = run(&mut kosli, &gate(0, true), Cut::Never);
    assert_eq!((gate_1.last.decision, gate_1.commands), (Decision::Refuse, 0), "{gate_1:?}");

    // Whoever has asked is told, and asks again for what the holder says now.
    let told = run(&mut kosli, &Call { action: looked.action.expect("an action"), ..except(1) }, Cut::Never);
    assert_eq!((told.last.decision, told.last.reason.code(), told.commands), (Decision::Refuse, "restated", 0));
    let again = run(&mut kosli, &except(1), Cut::Never);
    let Some(Action::Except(ExceptionRequest { id: Some(id), .. })) = again.last.action else { panic!("{again:?}") };
    assert_ne!(id, EXCEPTION);
    let approve = call(Action::Approve { exception: id, by: PEOPLE[0].into(), reason: None, refused: None });
    assert_eq!(run(&mut kosli, &approve, Cut::Never).last.reason, "already_approved");
    assert!(excepted(&run(&mut kosli, &gate(0, true), Cut::Never)));
}

#[test]
fn a_gate_with_one_exception_reads_eight_things_in_three_rounds() {
    let kosli = approved(1);
    let mut call = gate(0, true);
    let mut reads = 0;
    loop {
        let asked = freeze_core::observe(&call);
        if asked.is_empty() {
            break;
        }
        for read in asked {
            reads += 1;
            call.observed.insert(read.name(), kosli.read(&read));
        }
    }
    assert!(reads <= 8, "{reads} reads: {:?}", call.observed.keys());
    let mut kosli = Kosli::new("prod-aws");
    kosli.clock = 1_730_376_000;
    let open = plan_reads(&kosli);
    assert_eq!(open, ["environment", "trails"], "an open gate reads two things");
}

fn plan_reads(kosli: &Kosli) -> Vec<String> {
    let mut call = gate(0, true);
    loop {
        let asked = freeze_core::observe(&call);
        if asked.is_empty() {
            return call.observed.into_keys().map(Cow::into_owned).collect();
        }
        for read in asked {
            call.observed.insert(read.name(), kosli.read(&read));
        }
    }
}

#[test]
fn lifted_with_all_it_is_open_and_the_exception_is_left_alone() {
    let mut kosli = approved(1);
    let lift = call(Action::Off { freezes: Some(Freezes::These(vec![FREEZE.into()])), by: None, reason: None });
    let _lifted = run(&mut kosli, &lift, Cut::Never);
    let open = run(&mut kosli, &gate(0, true), Cut::Never);
    assert_eq!((open.last.decision, open.last.reason.code(), open.commands), (Decision::Proceed, "not_frozen", 0));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_more_than_the_uses_pass_and_all_on_record(uses in 1..3u64, steps in proptest::collection::vec(any_step(), 1..12)) {
        let mut kosli = approved(uses);
        let mut passed = Vec::new();
        for step in &steps {
            let before = kosli.end_state();
            let done = carry_out(&mut kosli, step);
            if let Step::Gate { run, claims, .. } = step {
                prop_assert!(*claims || done.commands == 0, "without claim it writes nothing: {:?}", done);
                prop_assert!(*claims || kosli.end_state() == before);
                if excepted(&done) {
                    passed.push(RUNS[*run].to_owned());
                }
            }
            // Whatever is still to be written, nobody passes.
            let waits = !done.last.commands.is_empty() || done.last.pause.is_some();
            let is_gate = matches!(step, Step::Gate { .. } | Step::Claim { .. });
            prop_assert!(!is_gate || !waits || done.last.decision == Decision::Refuse, "{:?}", done);
        }
        // The first exception has so many; a second one, asked for in other words, as many as it says.
        let asked = kosli.exceptions.iter().flatten().count();
        let most = usize::try_from(uses).unwrap_or(0) + 2 * (asked - 1);
        prop_assert!(different(passed.clone()).len() <= most, "{:?} passed", passed);
        let claimed = different(uses_on_record(&kosli, "nodeploy-claimed"));
        let on_record = different(uses_on_record(&kosli, "nodeploy-passed"));
        for run in on_record.iter().chain(&passed) {
            prop_assert!(claimed.contains(run), "{} passed without a claim", run);
            prop_assert!(asked > 1 || claimed.iter().take(most).any(|first| first == run), "{} was not among the first", run);
        }
    }

    #[test]
    fn what_closes_anew_lets_nobody_pass(by in 0..2usize, reason in 0..2usize, restates in any::<bool>()) {
        let mut kosli = approved(1);
        let closing = if restates { on(2, 1) } else { on(by, reason) };
        let _closed = run(&mut kosli, &closing, Cut::Never);
        let gate = run(&mut kosli, &gate(0, true), Cut::Never);
        prop_assert_eq!((gate.last.decision, gate.commands), (Decision::Refuse, 0), "{:?}", gate);
    }

    #[test]
    fn an_exception_that_was_cut_is_asked_for_once(at in 0..3usize, explicit in any::<bool>()) {
        let mut kosli = frozen();
        let half = run(&mut kosli, &except(1), Cut::After(at));
        let action = if explicit { half.last.action.clone().expect("an action") } else { except(1).action };
        let rest = run(&mut kosli, &Call { action, ..except(1) }, Cut::Never);
        prop_assert_eq!((rest.last.decision, rest.last.reason.code()), (Decision::Proceed, "already_asked"), "{:?}", rest);
        prop_assert_eq!(kosli.exceptions.iter().flatten().count(), 1);
    }
}
