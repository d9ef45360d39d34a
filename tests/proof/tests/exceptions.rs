//! Changes that pass by an exception, beside who revokes, approves, freezes, restates and lifts: every interleaving.

use freeze_proof::property::USES_ARE_COUNTED;
use freeze_proof::{Faults, Program, World, beside_a_claim, excepted, explore, her_own, holds};

/// As long as a pause, each.
const CLOCK: [&str; 3] = ["2024-10-31T12:00:00Z", "2024-10-31T12:00:02Z", "2024-10-31T12:00:04Z"];

fn claims(runs: &[&str]) -> Vec<Program> {
    runs.iter().map(|run| Program::claiming(run)).collect()
}

#[test]
fn a_gate_beside_each_of_the_others() {
    let starts = vec![excepted("steve's", 1, true), excepted("steve's", 1, false)];
    holds(World::new(starts, &beside_a_claim(), &CLOCK, Faults(0)), 50_000);
}

#[test]
fn who_asks_beside_who_restates() {
    let casts = [vec![Program::except(), Program::on(Some("maya"), "B", None), Program::claiming("1")]];
    holds(World::new(vec![her_own()], &casts, &CLOCK[..2], Faults(0)), 1_000);
}

#[test]
fn two_rivals_and_a_fault() {
    let starts = vec![excepted("steve's", 1, true)];
    let world = World::new(starts, &[claims(&["1", "2"])], &CLOCK[..2], Faults(1));
    holds(world.with_late_writes().with_late_claims(), 50_000);
}

#[test]
fn a_gate_killed_and_run_again_beside_one_that_may_only_read() {
    let starts = vec![excepted("steve's", 1, true)];
    let casts = [vec![Program::claiming("1")], vec![Program::claim_for("1"), Program::reading("1")]];
    holds(World::new(starts, &casts, &CLOCK, Faults(2)).with_late_claims(), 10_000);
}

#[test]
fn three_rivals_for_two_uses() {
    let starts = vec![excepted("steve's", 2, true)];
    holds(World::new(starts, &[claims(&["1", "2", "3"])], &CLOCK[..2], Faults(0)), 100_000);
}

/// It is as good as Kosli's clock: what is shown later than the pause lasts cannot be waited for.
#[test]
fn a_claim_that_is_shown_later_than_the_pause_lets_one_more_pass() {
    let starts = vec![excepted("steve's", 1, true)];
    let world = World::new(starts, &[claims(&["1", "2"])], &CLOCK[..2], Faults(0)).with_tardy_claims();
    let explored = explore(world, None);
    let way = explored.broken.get(USES_ARE_COUNTED).expect("nobody can know of the other claim");
    assert!(!way.iter().any(|step| step.contains("never arrives")), "{way:#?}");
}
