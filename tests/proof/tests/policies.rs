//! Two policies, each with a window of the same name, and one of them edited, beside people: every interleaving of
//! their syncs.

use freeze_proof::{
    DATA, Faults, Program, RELEASE, RELEASE_SHORTENED, RELEASE_SUSPENDED, Start, UNNAMED, UNNAMED_SHORTENED, World,
    holds, pairs, start_named, synced,
};

/// The last of them is after the window of `release`, and within that of `data`.
const CLOCK: [&str; 2] = ["2024-10-31T12:00:00Z", "2024-10-31T12:07:00Z"];

fn starts() -> Vec<Start> {
    vec![start_named("steve's"), synced("clean", &[RELEASE, DATA]), synced("steve's", &[UNNAMED])]
}

fn all() -> Vec<Program> {
    let syncs = [RELEASE, RELEASE_SHORTENED, RELEASE_SUSPENDED, DATA, UNNAMED_SHORTENED].map(Program::SyncOf);
    [&syncs[..], &[Program::on(Some("mary"), "A", None), Program::off_all()]].concat()
}

#[test]
fn two_hosts_while_a_window_ends() {
    holds(World::new(starts(), &pairs(&all()), &CLOCK, Faults(0)), 150_000);
}

#[test]
fn two_hosts_and_a_fault() {
    let starts = vec![start_named("clean"), synced("clean", &[RELEASE, DATA])];
    holds(World::new(starts, &pairs(&all()), &CLOCK[..1], Faults(1)), 100_000);
}

#[test]
fn an_edit_beside_another_policy_and_beside_who_lifts() {
    let others = [Program::SyncOf(DATA), Program::off_all()];
    let beside = |edit| others.clone().map(|other| vec![Program::SyncOf(RELEASE), Program::SyncOf(edit), other]);
    let casts = [RELEASE_SHORTENED, RELEASE_SUSPENDED].map(beside).concat();
    holds(World::new(starts(), &casts, &CLOCK, Faults(0)), 100_000);
}
