//! The writes of exceptions: attestations beside the records of freezes.

use crate::change::{Match, Use};
use crate::error::Error;
use crate::kosli::command::Command;
use crate::kosli::documents::exception::{CLAIMED, EXCEPTION, PASSED};
use crate::kosli::documents::look::Look;
use crate::kosli::name::{FlowName, TrailName};
use crate::kosli::step::Write;
use crate::kosli::window_name::WindowName;
use crate::sight::Sight;
use crate::text::compact;

use super::work::{Annotations, attestation};

/// What is asked for, in the form in which it goes on record.
pub(super) struct Wanted<'r> {
    pub(super) reason: &'r str,
    pub(super) by: Option<&'r str>,
    pub(super) matching: &'r Match,
    pub(super) uses: u64,
    pub(super) approvals: u64,
    pub(super) freezes: Vec<String>,
    /// What their holders say, as the look found it: Kosli's ids of their latest `nodeploy-on`.
    pub(super) seen: Vec<String>,
    pub(super) windows: Vec<WindowName>,
}

/// The trail of an exception with its request, in a flow that is created if Kosli has said it is missing.
pub(super) fn ask(sight: &Sight<'_>, flow: &FlowName, trail: &TrailName, wanted: &Wanted<'_>) -> Vec<Command> {
    let mut commands = Vec::new();
    if sight.exceptions_flow_exists() == Some(false) {
        let description = format!("Exceptions to the change freezes of the environment {}", sight.name);
        commands.push(Command::CreateFlow { flow: flow.clone(), description });
    }
    commands.push(Command::BeginTrail { flow: flow.clone(), trail: trail.clone() });
    let mut annotations = by(wanted.by);
    annotations.insert("change", wanted.matching.to_query());
    annotations.insert("uses", wanted.uses.to_string());
    annotations.insert("approvals", wanted.approvals.to_string());
    if !wanted.freezes.is_empty() {
        annotations.insert("freezes", wanted.freezes.join(","));
        annotations.insert("seen", wanted.seen.join(","));
    }
    if !wanted.windows.is_empty() {
        annotations.insert("windows", compact(&wanted.windows).expect("names are JSON"));
    }
    commands.push(attestation(flow, trail, EXCEPTION, Some(wanted.reason), annotations));
    commands
}

/// A use of an exception, on its own trail.
pub(super) fn claim(flow: &FlowName, exception: &TrailName, by: &Use) -> Command {
    attestation(flow, exception, CLAIMED, None, of_use(by))
}

/// A use that is let through, on the record of a freeze.
pub(super) fn pass(flow: &FlowName, freeze: &TrailName, exception: &TrailName, by: &Use) -> Command {
    let mut annotations = of_use(by);
    annotations.insert("exception", exception.to_string());
    attestation(flow, freeze, PASSED, None, annotations)
}

pub(super) fn by(by: Option<&str>) -> Annotations {
    by.map(|by| ("by", by.to_owned())).into_iter().collect()
}

fn of_use(by: &Use) -> Annotations {
    [("run", by.run.clone()), ("change", by.change.to_query())].into()
}

/// The commands as the host runs them.
pub(super) fn writes(sight: &Sight<'_>, commands: Vec<Command>) -> Vec<Write> {
    let org = sight.ask.settings.org.as_ref();
    commands.into_iter().map(|command| Write { command, org: org.cloned(), optional: false }).collect()
}

/// What a plan that writes must have read; what nobody has looked at is taken to be nothing.
pub(super) fn needed<T>(look: Look<T>, error: impl FnOnce(String) -> Error) -> Result<Option<T>, Error> {
    match look {
        Look::Found(found) => Ok(Some(found)),
        Look::NotYet | Look::Missing(_) => Ok(None),
        Look::Failed(detail) => Err(error(detail)),
    }
}
