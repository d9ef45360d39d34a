//! Who meets whom.

use crate::program::Program;
use crate::start::STEVE;

/// Every command line of ours that differs in what it may do to another.
#[must_use]
pub fn ours() -> Vec<Program> {
    let (steve, mary) = (Some("steve"), Some("mary"));
    vec![
        Program::on(steve, "A", None),
        Program::on(steve, "B", None),
        Program::on(steve, "A", Some("2024-10-31T12:02:00Z")),
        Program::on(mary, "A", None),
        Program::on(None, "A", None),
        Program::off(steve),
        Program::off(mary),
        Program::off(None),
        Program::off_all(),
        Program::off_named(STEVE),
        Program::sync(),
        Program::assert(),
    ]
}

/// The script's, and an outsider's.
#[must_use]
pub fn foreign() -> Vec<Program> {
    vec![Program::ScriptOn, Program::ScriptOff, Program::ScriptAssert, Program::Wipe]
}

/// Each of `programs` alone.
#[must_use]
pub fn alone(programs: &[Program]) -> Vec<Vec<Program>> {
    programs.iter().map(|program| vec![program.clone()]).collect()
}

/// Any two of `programs`, also the same twice.
#[must_use]
pub fn pairs(programs: &[Program]) -> Vec<Vec<Program>> {
    beside(programs, alone)
}

/// Any three of `programs`.
#[must_use]
pub fn trios(programs: &[Program]) -> Vec<Vec<Program>> {
    beside(programs, pairs)
}

/// Each of `programs` with what `others` makes of it and of those after it.
fn beside(programs: &[Program], others: impl Fn(&[Program]) -> Vec<Vec<Program>>) -> Vec<Vec<Program>> {
    let with = |(at, first): (usize, &Program)| {
        let join = |others: Vec<Program>| [vec![first.clone()], others].concat();
        others(&programs[at..]).into_iter().map(join).collect::<Vec<_>>()
    };
    programs.iter().enumerate().flat_map(with).collect()
}

/// A gate that claims its use of an exception, beside each of those who may come between.
#[must_use]
pub fn beside_a_claim() -> Vec<Vec<Program>> {
    let (steve, mary) = (Some("steve"), Some("mary"));
    let others = [
        Program::revoke(),
        Program::approve("noah"),
        Program::approve("maya"),
        Program::on(steve, "B", None),
        Program::on(mary, "A", None),
        Program::off(steve),
        Program::off_all(),
        Program::sync(),
        Program::ScriptOn,
        Program::ScriptOff,
        Program::reading("1"),
        Program::claim_for("1"),
        Program::claiming("1"),
        Program::claiming("2"),
    ];
    others.map(|other| vec![Program::claiming("1"), other]).into()
}
