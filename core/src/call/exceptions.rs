//! What is asked about exceptions.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::change::{Change, Match};
use crate::error::Error;
use crate::kosli::command::LONGEST_REASON;
use crate::kosli::name::{EnvironmentName, TrailName};
use crate::kosli::window_name::WindowName;
use crate::time;

use super::deployment::{read_claimed_at, read_needs};
use super::texts::{check_by, check_run, check_text};

/// How many uses one exception may have, how many approvals it may need, and how many freezes or windows it may name.
const MOST_USES: u64 = 1_000;
const MOST_APPROVALS: u64 = 20;
const MOST_NAMED: usize = 100;

/// An exception that is asked for: what passes, in spite of what, until when.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Request {
    /// Why it must pass.
    pub reason: String,
    /// Who asks.
    pub by: Option<String>,
    /// When it ends, RFC 3339.
    pub until: String,
    /// Which changes pass.
    pub change: Match,
    /// How many uses pass; one if not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uses: Option<u64>,
    /// How many others must approve; one if not said, and never fewer than the policy or another's freeze asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approvals: Option<u64>,
    /// In spite of which freezes; without these and windows, all that closes now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub freezes: Option<Vec<String>>,
    /// In spite of which windows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub windows: Option<Vec<WindowName>>,
    /// Means this exception and no other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

impl Request {
    pub(super) fn check(&self, environment: &EnvironmentName, now: DateTime<Utc>) -> Result<(), Error> {
        let bad = |detail: String| Err(Error::BadCall { detail });
        if self.reason.trim().is_empty() {
            return Err(Error::NoExceptionReason { environment: environment.to_string() });
        }
        check_text("reason", &self.reason, LONGEST_REASON)?;
        check_by(self.by.as_deref())?;
        self.id.as_deref().map(TrailName::new).transpose()?;
        let end = self.end()?;
        if end <= now {
            return Err(Error::ExceptionUntilPassed { until: time::human(end), now: time::human(now) });
        }
        if self.uses.is_some_and(|uses| !(1..=MOST_USES).contains(&uses)) {
            return bad(format!("`uses` must be 1 to {MOST_USES}"));
        }
        if self.approvals.is_some_and(|approvals| approvals > MOST_APPROVALS) {
            return bad(format!("`approvals` must be 0 to {MOST_APPROVALS}"));
        }
        let freezes = self.freezes.iter().flatten();
        freezes.clone().try_for_each(|id| TrailName::new(id).map(drop))?;
        let windows = self.windows.iter().flatten();
        let length: usize = freezes
            .clone()
            .map(String::len)
            .chain(windows.clone().map(|window: &WindowName| window.holder().len()))
            .sum();
        if freezes.count() > MOST_NAMED || windows.count() > MOST_NAMED || length > LONGEST_REASON {
            let problem = format!(
                "name too many freezes and windows: up to {MOST_NAMED} of each, and {LONGEST_REASON} bytes in all, are allowed"
            );
            return bad(format!("`freezes` and `windows` {problem}"));
        }
        Ok(())
    }

    /// When it ends, in whole seconds: the name of its trail says no more.
    pub(crate) fn end(&self) -> Result<DateTime<Utc>, Error> {
        let until = &self.until;
        let detail = || format!("`until` is `{until}`; an exception needs an end, RFC 3339, e.g. 2024-11-01T09:00:00Z");
        let end = time::parse(until).and_then(|end| time::at(end.timestamp()));
        end.ok_or_else(|| Error::BadCall { detail: detail() })
    }
}

/// A use that is put on record for a gate which may only read.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Claim {
    /// Of this exception; of whichever lets it through if not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exception: Option<String>,
    /// What is to be deployed.
    pub change: Change,
    /// Which attempt it is.
    pub run: String,
    /// How long it must stay open, ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs: Option<String>,
    /// The look after which the last claim was written, RFC 3339: the core's own note between two rounds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claimed_at: Option<String>,
}

impl Claim {
    pub(super) fn check(&self) -> Result<(), Error> {
        self.exception.as_deref().map(TrailName::new).transpose()?;
        self.needs.as_deref().map_or(Ok(0), read_needs)?;
        self.claimed_at.as_deref().map(read_claimed_at).transpose()?;
        check_run(Some(&self.run))?;
        let what = if self.change.is_empty() { "change" } else { "run" };
        if self.change.is_empty() || self.run.trim().is_empty() {
            let detail = format!(
                "`{what}` is blank; a claim is for one change and one run, as the deployment's own gate states them"
            );
            return Err(Error::BadCall { detail });
        }
        Ok(())
    }
}
