//! The loop that every host runs, with a place to cut it.

use std::collections::BTreeMap;
use std::time::Duration;

use freeze_core::{Action, Answer, Call, Decision, Environment, Settings, observe, plan};

use crate::Kosli;

/// Where a run ends early.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Cut {
    /// Nowhere.
    Never,
    /// After so many commands.
    After(usize),
}

/// What a run came to.
#[derive(Clone, Debug)]
pub struct Run {
    /// The first answer: its words are what the user sees.
    pub first: Answer,
    /// The last answer.
    pub last: Answer,
    /// How many commands ran.
    pub commands: usize,
    /// `false` if it was cut, a command failed, or eight rounds were not enough.
    pub is_settled: bool,
}

/// A call that has seen nothing yet, with the settings that are there without any.
///
/// # Panics
///
/// If `now` is no instant.
#[must_use]
pub fn call(action: Action, environment: &str, now: &str) -> Call {
    Call {
        action,
        now: now.parse().expect("an instant"),
        environment: Environment::Name(environment.to_owned()),
        observed: BTreeMap::new(),
        settings: Settings::default(),
        policy: None,
        members: None,
        since: None,
    }
}

/// Runs `call` against `kosli` until nothing is left to do, or to the cut.
///
/// # Panics
///
/// Never: a call whose reads never end is cut off after 16 looks, and says so by not being settled.
#[must_use]
pub fn run(kosli: &mut Kosli, call: &Call, cut: Cut) -> Run {
    let mut call = call.clone();
    let mut first = None;
    let mut commands = 0;
    for _round in 0..8 {
        look(kosli, &mut call);
        let answer = plan(&call);
        let first = first.get_or_insert_with(|| answer.clone()).clone();
        if answer.commands.is_empty() && answer.pause.is_none() {
            return Run { first, last: answer, commands, is_settled: true };
        }
        for write in &answer.commands {
            if cut == Cut::After(commands) || kosli.write(&write.command).is_err() {
                return Run { first, last: answer, commands, is_settled: false };
            }
            commands += 1;
        }
        call.now += Duration::from_secs(u64::try_from(answer.pause.unwrap_or(0)).unwrap_or(0));
        call.action = answer.action.clone().unwrap_or(call.action);
    }
    let last = plan(&call);
    Run { first: first.unwrap_or_else(|| last.clone()), last, commands, is_settled: false }
}

/// Looks afresh at everything that `observe` asks for.
fn look(kosli: &Kosli, call: &mut Call) {
    call.observed.clear();
    for _look in 0..16 {
        let reads = observe(call);
        if reads.is_empty() {
            return;
        }
        for read in reads {
            call.observed.insert(read.name(), kosli.read(&read));
        }
    }
    debug_assert_eq!(plan(call).decision, Decision::Error, "the reads never end");
}
