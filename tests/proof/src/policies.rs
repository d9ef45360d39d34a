//! Syncs of policies, and what they must not do to each other, said from tags and attestations alone.

use freeze_core::{Action, Call};
use kosli_model::{Cut, Kosli, Trail, call, run};

use crate::judge::{self, mark};
use crate::mind::{ENVIRONMENT, trails};
use crate::program::Program;
use crate::start::{Start, start_named};

/// A policy with one freeze window, `weekend`, that has been active since eleven.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Policy {
    name: Option<&'static str>,
    /// When its window ends; it is suspended without.
    until: Option<&'static str>,
}

/// Whose windows close until six minutes past twelve.
pub const RELEASE: Policy = Policy { name: Some("release"), until: Some("2024-10-31T12:06:00Z") };
/// The same after an edit.
pub const RELEASE_SHORTENED: Policy = Policy { until: Some("2024-10-31T12:02:00Z"), ..RELEASE };
/// The same after another.
pub const RELEASE_SUSPENDED: Policy = Policy { until: None, ..RELEASE };
/// Another policy.
pub const DATA: Policy = Policy { name: Some("data"), until: Some("2024-10-31T12:30:00Z") };
/// A policy without a name.
pub const UNNAMED: Policy = Policy { name: None, ..RELEASE };
/// Another one, or the same after an edit: nobody can tell.
pub const UNNAMED_SHORTENED: Policy = Policy { name: None, ..RELEASE_SHORTENED };

impl Policy {
    /// As a call has it.
    pub(crate) fn text(self) -> String {
        let name = self.name.map_or_else(String::new, |name| format!(r#""policy": "{name}", "#));
        let rest = self.until.map_or_else(
            || r#""suspended": true, "to": "2024-10-31T12:06""#.to_owned(),
            |until| format!(r#""to": "{}""#, until.trim_end_matches('Z')),
        );
        format!(
            r#"{{{name}"windows": [{{"name": "weekend", "effect": "freeze", "environments": ["*"],
            "timezone": "UTC", "from": "2024-10-31T11:00", {rest}}}]}}"#
        )
    }

    /// As a person would call it.
    pub(crate) fn told(self) -> String {
        let name = self.name.unwrap_or("without a name");
        self.until.map_or_else(|| format!("{name}, suspended"), |until| format!("{name}, until {until}"))
    }

    /// The freeze is one of its window's.
    fn holds(self, id: &str) -> bool {
        let holder = format!("window{}weekend.", self.name.unwrap_or_default());
        id.split_once('~').is_some_and(|(_, by)| by.starts_with(&holder))
    }

    /// It is another version of the same policy.
    pub(crate) fn edits(self, other: Self) -> bool {
        self.name == other.name && self != other
    }

    /// The freeze is its own: without a name it cannot tell.
    pub(crate) fn owns(self, id: &str) -> bool {
        self.name.is_some() && self.holds(id)
    }
}

/// `start` after a sync of each of `policies`.
///
/// # Panics
///
/// If a sync does not settle.
#[must_use]
pub fn synced(start: &'static str, policies: &[Policy]) -> Start {
    let Start { name, mut kosli } = start_named(start);
    for policy in policies {
        let sync = call(Action::Sync {}, ENVIRONMENT, "2024-10-31T12:00:00Z");
        let call = Call { policy: Some(policy.text()), ..sync };
        assert!(run(&mut kosli, &call, Cut::Never).is_settled, "{}", policy.told());
    }
    Start { name, kosli }
}

/// What a write of a sync marks: whose freezes it ended or shortened that were neither over nor its own.
pub(crate) fn marks(program: &Program, before: &Kosli, after: &Kosli, now: &str) -> u16 {
    if !matches!(program.action(), Some(Action::Sync {})) {
        return 0;
    }
    let is_own = |id: &str| program.policy().is_some_and(|policy| policy.owns(id));
    let has_ended = |kosli, id: &str| judge::trail(kosli, id).is_some_and(|trail| trail.has("nodeploy-off"));
    let is_hit = |id: &&String| !is_own(id) && (has_ended(after, id) || is_shorter(before, after, id));
    let mark_of = |id: &String| if is_window(id) { mark::SYNC_HIT_POLICY } else { mark::SYNC_HIT_PERSON };
    judge::shown(before, now).iter().filter(is_hit).map(mark_of).fold(0, |marks, mark| marks | mark)
}

fn is_shorter(before: &Kosli, after: &Kosli, id: &str) -> bool {
    match (judge::end(before, id), judge::end(after, id)) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(before), Some(after)) => after < before,
    }
}

fn is_window(id: &str) -> bool {
    id.split_once('~').is_some_and(|(_, by)| by.starts_with("window"))
}

/// A sync has finished whose window is active, and which nobody has lifted: until when gates without a policy must be
/// closed; where the policy
/// is edited, at least until the earliest end of all its versions.
pub(crate) fn closes(policy: Policy, others: &[Policy], kosli: &Kosli, now: &str) -> bool {
    let mut edits = others.iter().filter(|other| other.name == policy.name);
    let is_active = edits.all(|edit| edit.until.is_some_and(|until| now < until));
    is_active && !trails(kosli).any(|(id, trail)| policy.holds(id) && is_lifted(trail))
}

/// A window's freeze stands beside another one of the same run that somebody has lifted.
pub(crate) fn stands_though_lifted(shown: &[String], kosli: &Kosli) -> bool {
    let run = |id: &str| id.rsplit_once('.').filter(|(_, n)| n.len() < 8).map_or(id, |(run, _)| run).to_owned();
    let is_of =
        |id: &String| is_window(id) && trails(kosli).any(|(other, trail)| run(other) == run(id) && is_lifted(trail));
    shown.iter().any(is_of)
}

fn is_lifted(trail: &Trail) -> bool {
    let by_sync = |by: &String| by == "sync";
    let mut ends = trail.attestations.iter().filter(|one| one.name == "nodeploy-off");
    ends.any(|end| !end.annotations.get("recorded_by").is_some_and(by_sync))
}
