//! Property: from any Kosli and any cut, every action settles, stays settled, and harms nobody else's freeze.

mod actions;
mod any_kosli;
mod any_policy;
mod edits;
mod windows;

use freeze_core::{Action, Answer, Call};
use kosli_model::{Cut, Kosli, run};

const NOW: &str = "2024-10-31T12:00:00Z";

fn call(action: Action) -> Call {
    kosli_model::call(action, "prod-aws", NOW)
}

fn call_with(action: Action, policy: &str) -> Call {
    Call { policy: Some(policy.to_owned()), ..call(action) }
}

fn assert(kosli: &Kosli) -> Answer {
    run(&mut kosli.clone(), &call(Action::assert()), Cut::Never).last
}

fn ended(kosli: &Kosli) -> Vec<String> {
    let trails = kosli.trails.iter().flatten();
    trails.filter(|(_, trail)| trail.has("nodeploy-off")).map(|(name, _)| name.clone()).collect()
}
