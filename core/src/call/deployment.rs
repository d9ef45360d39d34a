//! Who asks a gate: a deployment, or a person.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::change::{Change, Use};
use crate::error::Error;
use crate::kosli::name::{FlowName, TrailName};
use crate::time::{self, duration};

use super::texts::check_run;

/// The deployment that asks whether it may go on.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Deployment {
    /// When, RFC 3339, instead of now: what if.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// How long it must stay open, ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs: Option<String>,
    /// What is to be deployed.
    #[serde(skip_serializing_if = "Change::is_empty")]
    pub change: Change,
    /// Which attempt it is, the same when it is made again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// Puts its use of an exception on record.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub claim: bool,
    /// The look after which the last claim was written, RFC 3339: the core's own note between two rounds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claimed_at: Option<String>,
    /// A refusal goes on the record of each freeze that holds.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub record: bool,
    /// The verdict goes on this trail of the deployment's own: `FLOW/TRAIL`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attest: Option<String>,
    /// The answer says what it was decided from: `evidence`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub evidence: bool,
    /// How many verdicts of this use the trail has once an earlier round's is on it: the core's own note between two rounds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attested: Option<u64>,
}

impl Deployment {
    pub(super) fn check(&self) -> Result<(), Error> {
        self.needs.as_deref().map_or(Ok(0), read_needs)?;
        self.claimed_at.as_deref().map(read_claimed_at).transpose()?;
        check_run(self.run.as_deref())?;
        self.check_kept()
    }

    fn check_kept(&self) -> Result<(), Error> {
        let kept = [("record", self.record), ("attest", self.attest.is_some())];
        if let (Some(_), Some((key, _))) = (&self.at, kept.iter().find(|(_, is_said)| *is_said)) {
            let detail = format!("`at` asks what would be, `{key}` puts on record what is; leave one of them out");
            return Err(Error::BadCall { detail });
        }
        self.trail().map(drop)
    }

    /// The deployment's own trail, on which the verdict goes.
    pub(crate) fn trail(&self) -> Result<Option<(FlowName, TrailName)>, Error> {
        let Some(attest) = &self.attest else { return Ok(None) };
        let Some((flow, trail)) = attest.split_once('/') else {
            let detail = format!("`attest` is `{attest}`; it must be FLOW/TRAIL, e.g. payments/4f1c2ab");
            return Err(Error::BadCall { detail });
        };
        Ok(Some((FlowName::new(flow)?, TrailName::new(trail)?)))
    }

    /// The attempt, if it is stated: blank is none.
    pub(crate) fn run_said(&self) -> Option<&str> {
        self.run.as_deref().filter(|run| !run.trim().is_empty())
    }
}

pub(super) fn read_needs(needs: &str) -> Result<i64, Error> {
    let detail = || format!("`needs` is `{needs}`; it must be an ISO 8601 duration, e.g. PT20M");
    duration::parse(needs).ok_or_else(|| Error::BadCall { detail: detail() })
}

impl Question {
    pub(super) fn check(&self) -> Result<(), Error> {
        self.claimed_at.as_deref().map(read_claimed_at).transpose()?;
        check_run(self.run.as_deref())
    }
}

pub(super) fn read_claimed_at(at: &str) -> Result<DateTime<Utc>, Error> {
    let detail = || format!("`claimed_at` is `{at}`; it is the core's own, as `answer.action` has it");
    time::parse(at).ok_or_else(|| Error::BadCall { detail: detail() })
}

/// What a person asks of an environment.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Question {
    /// When, RFC 3339, instead of now: what if.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// What is to be deployed.
    #[serde(skip_serializing_if = "Change::is_empty")]
    pub change: Change,
    /// Which attempt it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// Lists the exceptions that still need an approval.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub awaiting: bool,
    /// The look after which the last claim was written, RFC 3339: the core's own note between two rounds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claimed_at: Option<String>,
}

/// The use that an action stands for; none where the run or the change is not stated.
pub(super) fn use_of(run: Option<&str>, change: &Change) -> Option<Use> {
    let run = run.filter(|run| !run.trim().is_empty())?;
    (!change.is_empty()).then(|| Use { run: run.to_owned(), change: change.clone() })
}
