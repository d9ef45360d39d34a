//! What is asked about the past of an environment.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::error::Error;
use crate::time::{self, duration};

/// How far back a report goes where it does not say.
const DAYS: i64 = 90;
const MOST_DAYS: i64 = 3660;
/// How long a reporter may take, in seconds: where it is not said, and at the most.
const DELAY: i64 = 600;
const LONGEST_DELAY: i64 = 7 * 24 * 3600;

/// A question about the past: what was closed, who passed, what was deployed meanwhile.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Report {
    /// From when on, RFC 3339. None: 90 days before `to`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Until when, RFC 3339. None: now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// How long the environment's reporter may take from a start to its report, ISO 8601. None: ten minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay: Option<String>,
    /// Whether what was deployed is told. None: yes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deployments: Option<bool>,
    /// What earlier pages have found: the core's own note, as `answer.next.action` has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resume: Option<Resume>,
}

/// The core's own note between two pages of a report, as JSON.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Resume(pub(crate) String);

/// A time, in whole seconds: its end is no part of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Period {
    pub(crate) from: i64,
    pub(crate) to: i64,
}

impl Report {
    /// What has been asked before keeps the period that it had.
    pub(super) fn check(&self, now: DateTime<Utc>) -> Result<(), Error> {
        if self.resume.is_none() {
            self.period(now)?;
        }
        self.delay().map(drop)
    }

    /// The period that is asked about.
    pub(crate) fn period(&self, now: DateTime<Utc>) -> Result<Period, Error> {
        let bad = |detail: String| Err(Error::BadCall { detail });
        let to = self.to.as_deref().map_or(Ok(now), |to| read("to", to))?.min(now);
        // A second that has begun is part of it.
        let to = to.timestamp() + i64::from(to.timestamp_subsec_nanos() > 0);
        let default = || time::at(to - DAYS * time::DAY).unwrap_or(now);
        let from = self.from.as_deref().map_or_else(|| Ok(default()), |from| read("from", from))?.timestamp();
        if from >= to {
            return bad("`from` must lie before `to`, and before now: a report is about the past".to_owned());
        }
        if to - from > TimeDelta::days(MOST_DAYS).num_seconds() {
            return bad(format!("a report is about {MOST_DAYS} days at most; give a later `from`"));
        }
        Ok(Period { from, to })
    }

    /// How long the reporter may take, in seconds.
    pub(crate) fn delay(&self) -> Result<i64, Error> {
        let Some(delay) = &self.delay else { return Ok(DELAY) };
        let seconds = duration::parse(delay).filter(|seconds| *seconds <= LONGEST_DELAY);
        let detail = || format!("`delay` is `{delay}`; it must be an ISO 8601 duration of at most 7 days, e.g. PT10M");
        seconds.ok_or_else(|| Error::BadCall { detail: detail() })
    }
}

fn read(key: &str, text: &str) -> Result<DateTime<Utc>, Error> {
    let detail = || format!("`{key}` is `{text}`; it must be RFC 3339, e.g. 2026-12-24T18:00:00Z");
    time::parse(text).ok_or_else(|| Error::BadCall { detail: detail() })
}

impl Serialize for Resume {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let json = RawValue::from_string(self.0.clone());
        json.map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}
