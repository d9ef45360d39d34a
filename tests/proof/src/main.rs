//! The long run: `cargo run --release -p freeze-proof [MINUTES] [WORDS]`.
//!
//! At most so many minutes for each world (ten), and only the worlds with these words in their names.

use std::process::ExitCode;
use std::time::Duration;

use freeze_proof::property::MUST_HOLD;
use freeze_proof::{
    Explored, Faults, Program, Start, World, alone, beside_a_claim, excepted, explore, foreign, ours, pairs,
    start_named, starts, trios,
};

const CLOCK: [&str; 4] =
    ["2024-10-31T12:00:00Z", "2024-10-31T12:00:01Z", "2024-10-31T12:05:00Z", "2024-10-31T12:20:00Z"];

fn main() -> ExitCode {
    let minutes = std::env::args().nth(1).map_or(Ok(10), |minutes| minutes.parse::<u32>());
    let Ok(minutes) = minutes else {
        eprintln!("how many minutes for each world, at the most?");
        return ExitCode::FAILURE;
    };
    let limit = Duration::from_secs(60) * minutes;
    let words = std::env::args().nth(2).unwrap_or_default();
    println!("{:<44}{:>12}{:>12}{:>7}{:>8}{:>9}  found", "world", "steps", "states", "depth", "rounds", "seconds");
    let mut holds = true;
    for (name, world) in worlds().into_iter().filter(|(name, _)| name.contains(&words)) {
        holds &= told(name, &explore(world, Some(limit)));
    }
    if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn worlds() -> Vec<(&'static str, World)> {
    let all = [ours(), foreign()].concat();
    let (now, moving) = (&CLOCK[..1], &CLOCK[..]);
    vec![
        ("one host, three faults, a clock", World::new(starts(), &alone(&all), moving, Faults(3))),
        ("two hosts", World::new(starts(), &pairs(&all), now, Faults(0))),
        ("two hosts, one fault", World::new(starts(), &pairs(&all), now, Faults(1))),
        ("two hosts, a clock", World::new(starts(), &pairs(&all), moving, Faults(0))),
        ("two hosts, two faults", World::new(starts(), &pairs(&all), now, Faults(2))),
        ("two hosts, one fault, late writes", World::new(starts(), &pairs(&all), now, Faults(1)).with_late_writes()),
        ("three hosts", World::new(few_starts(), &trios(&few()), now, Faults(0))),
        ("three hosts, one fault", World::new(few_starts(), &trios(&few()), now, Faults(1))),
        ("an exception", World::new(one_use(), &beside_a_claim(), &PAUSES, Faults(0)).with_late_claims()),
        (
            "an exception, one fault",
            World::new(one_use(), &beside_a_claim(), &PAUSES[..3], Faults(1)).with_late_writes().with_late_claims(),
        ),
        ("an exception, two rivals, two faults", rivals(1, &[], &PAUSES[..3], 2)),
        ("an exception, three rivals for two uses", rivals(2, &[Program::claiming("3")], &PAUSES[..2], 0)),
        ("an exception, two rivals, one who revokes", rivals(1, &[Program::revoke()], &PAUSES[..2], 0)),
        ("an exception, two rivals, one who restates", rivals(1, &[restates()], &PAUSES[..2], 0)),
        ("an exception, two rivals, one who lifts", rivals(1, &[Program::off(Some("steve"))], &PAUSES[..2], 0)),
        ("an exception, lifted and frozen anew", beside_one(&[Program::off(STEVE), Program::on(STEVE, "Old", None)])),
        ("an exception, claimed for another, revoked", beside_one(&[Program::claim_for("2"), Program::revoke()])),
        ("an exception, approved late, restated", beside_one(&[Program::approve("noah"), restates()])),
    ]
}

/// Two seconds apart, as long as a pause.
const PAUSES: [&str; 4] =
    ["2024-10-31T12:00:00Z", "2024-10-31T12:00:02Z", "2024-10-31T12:00:04Z", "2024-10-31T12:00:06Z"];

fn one_use() -> Vec<Start> {
    vec![excepted("steve's", 1, true), excepted("steve's", 1, false), excepted("steve's and mary's", 1, true)]
}

const STEVE: Option<&str> = Some("steve");

fn restates() -> Program {
    Program::on(STEVE, "B", None)
}

/// A gate that claims, and one for which others claim, beside these.
fn beside_one(others: &[Program]) -> World {
    let casts = [Program::claiming("1"), Program::reading("2")].map(|gate| [&[gate], others].concat());
    World::new(one_use(), &casts, &PAUSES[..3], Faults(0)).with_late_claims()
}

/// Two gates that claim an exception, beside others.
fn rivals(uses: u8, others: &[Program], clock: &[&'static str], faults: u8) -> World {
    let cast = [&[Program::claiming("1"), Program::claiming("2")], others].concat();
    let world = World::new(vec![excepted("steve's", uses, true)], &[cast], clock, Faults(faults));
    world.with_late_writes().with_late_claims()
}

/// For threes: one of each kind.
fn few() -> Vec<Program> {
    let (steve, mary) = (Some("steve"), Some("mary"));
    vec![
        Program::on(steve, "A", None),
        Program::on(mary, "A", None),
        Program::off(steve),
        Program::off_all(),
        Program::sync(),
        Program::assert(),
        Program::ScriptOn,
        Program::ScriptOff,
        Program::Wipe,
    ]
}

fn few_starts() -> Vec<Start> {
    ["clean", "steve's", "steve's and mary's, wiped", "the script's"].map(start_named).into()
}

fn told(name: &str, explored: &Explored) -> bool {
    let Explored { steps, states, depth, rounds, is_complete, time, broken } = explored;
    let found: Vec<_> = broken.iter().filter(|(name, _)| MUST_HOLD.contains(name)).collect();
    let verdict = match (found.is_empty(), is_complete) {
        (true, true) => "nothing".to_owned(),
        (true, false) => "nothing so far: out of time".to_owned(),
        (false, _) => format!("{} broken", found.len()),
    };
    println!("{name:<44}{steps:>12}{states:>12}{depth:>7}{rounds:>8}{:>9.1}  {verdict}", time.as_secs_f64());
    for (property, way) in &found {
        println!("\nBROKEN: {property}\n  {}\n", way.join("\n  "));
    }
    found.is_empty()
}
