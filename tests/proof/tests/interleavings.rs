//! The short run: every interleaving of two hosts, and of one that is killed again and again. The long run, with
//! threes, is `cargo run --release -p freeze-proof`.

use freeze_proof::{Faults, Program, World, alone, foreign, holds, ours, pairs, start_named, starts, without_signal};

const NOW: [&str; 1] = ["2024-10-31T12:00:00Z"];
const MOVING: [&str; 4] =
    ["2024-10-31T12:00:00Z", "2024-10-31T12:00:01Z", "2024-10-31T12:05:00Z", "2024-10-31T12:20:00Z"];

fn all() -> Vec<Program> {
    [ours(), foreign()].concat()
}

#[test]
fn one_host_killed_and_run_again_while_time_passes() {
    holds(World::new(starts(), &alone(&all()), &MOVING, Faults(2)), 200_000);
}

#[test]
fn two_hosts() {
    holds(World::new(starts(), &pairs(&all()), &NOW, Faults(0)), 300_000);
}

#[test]
fn two_hosts_and_a_fault() {
    let starts = ["clean", "steve's", "the script's"].map(start_named).into();
    holds(World::new(starts, &pairs(&all()), &NOW, Faults(1)), 300_000);
}

#[test]
fn two_hosts_and_a_write_that_comes_late() {
    let steve = Some("steve");
    let writers = [Program::on(steve, "A", None), Program::off(steve), Program::off_all(), Program::sync()];
    let starts = ["clean", "steve's", "steve's and mary's"].map(start_named).into();
    holds(World::new(starts, &pairs(&writers), &NOW, Faults(1)).with_late_writes(), 30_000);
}

#[test]
fn a_gate_while_one_freeze_relieves_another() {
    let cast = vec![Program::assert(), Program::on(Some("mary"), "A", None), Program::off(Some("steve"))];
    // Of the last one neither the list nor the signal tells: the gate reads its own record, after the tags.
    let starts = vec![
        start_named("steve's"),
        start_named("steve's, cut after the tags"),
        without_signal(true),
        without_signal(false),
    ];
    holds(World::new(starts, &[cast], &NOW, Faults(0)), 50_000);
}

#[test]
fn two_hosts_while_time_passes() {
    let steve = Some("steve");
    let timed = [Program::on(steve, "A", Some("2024-10-31T12:02:00Z")), Program::off(steve), Program::sync()];
    let starts = ["clean", "steve's, expired"].map(start_named).into();
    holds(World::new(starts, &pairs(&timed), &MOVING, Faults(0)), 10_000);
}
