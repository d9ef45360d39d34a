//! What is asked for, its texts checked.

use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer};

use crate::change::{Change, Match, Use};
use crate::error::Error;
use crate::kosli::command::LONGEST_REASON;
use crate::kosli::name::{EnvironmentName, TrailName};
use crate::time::{self, clock};

use super::deployment::{Deployment, Question, read_needs, use_of};
use super::exceptions::{Claim, Request};
use super::report::Report;
use super::texts::{check_by, check_text};

/// What is asked of an environment.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case", remote = "Self")]
pub enum Action {
    /// Freeze.
    On {
        /// Why changes must stop; at most 8192 bytes, and not blank.
        reason: String,
        /// Who holds the freeze; at most 256 bytes. None or blank: nobody.
        by: Option<String>,
        /// When it ends automatically, RFC 3339. None: somebody has to lift it.
        until: Option<String>,
        /// This freeze and no other. None: the holder's open one, else a new one.
        id: Option<String>,
        /// Which changes pass all the same: the holder's own consent.
        #[serde(skip_serializing_if = "Option::is_none")]
        except: Option<Match>,
    },
    /// Lift.
    Off {
        /// Which freezes. None: those that `by` holds.
        freezes: Option<Freezes>,
        /// Who lifts; at most 256 bytes. None or blank: nobody.
        by: Option<String>,
        /// Why it is lifted; at most 8192 bytes. None: nothing is said on record.
        reason: Option<String>,
    },
    /// May a deployment go on?
    Assert(Deployment),
    /// Who freezes it, and what is amiss?
    Status(Question),
    /// Ask for an exception.
    Except(Request),
    /// Approve one that somebody else has asked for.
    Approve {
        /// Which one.
        exception: String,
        /// Who approves.
        by: String,
        /// What is to be said of it.
        reason: Option<String>,
        /// How many approvals of this name did not count at the first look: the core's own note between two rounds.
        #[serde(skip_serializing_if = "Option::is_none")]
        refused: Option<u64>,
    },
    /// Revoke one, for good.
    Revoke {
        /// Which one.
        exception: String,
        /// Who revokes.
        by: Option<String>,
        /// Why.
        reason: Option<String>,
    },
    /// Put a use on record, for a gate that may only read.
    Claim(Claim),
    /// Which closures are coming, and what looks wrong in the policy?
    Windows {
        /// From when on, RFC 3339. None: now.
        #[serde(skip_serializing_if = "Option::is_none")]
        at: Option<String>,
        /// For how many days, 1 to 3660. None: 90.
        #[serde(skip_serializing_if = "Option::is_none")]
        days: Option<u64>,
        /// Also as an iCalendar document. None: no.
        #[serde(skip_serializing_if = "Option::is_none")]
        ics: Option<bool>,
        /// Also the freezes of people that hold and have an end: Kosli is asked for them. None: no.
        #[serde(skip_serializing_if = "Option::is_none")]
        frozen: Option<bool>,
    },
    /// Mend what crashes, expiry and foreign hands have left; put active windows on record.
    Sync {},
    /// Which environments are meant?
    Select {
        /// Names and globs; `!` before one leaves out.
        environments: Vec<String>,
        /// Also those that have records and are in no list any more: archived, or renamed. None: no.
        #[serde(skip_serializing_if = "Option::is_none")]
        past: Option<bool>,
    },
    /// How do they all stand, as far as their tags and the policy tell?
    Overview {
        /// Names and globs, as of `select`. None: all.
        #[serde(skip_serializing_if = "Option::is_none")]
        environments: Option<Vec<String>>,
        /// About when, RFC 3339. None: now.
        #[serde(skip_serializing_if = "Option::is_none")]
        at: Option<String>,
    },
    /// Is this what was decided?
    Replay {
        /// The text of an evidence file.
        file: String,
    },
    /// What was closed, who passed, and what was deployed meanwhile?
    Report(Report),
}

/// The freezes that an `off` means.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Freezes {
    /// All of them, whoever holds them.
    All,
    /// These ids; none if empty.
    These(Vec<String>),
}

impl Action {
    /// Checks the texts: everything that passes reaches Kosli unchanged.
    pub(crate) fn check(&self, environment: &EnvironmentName, now: DateTime<Utc>) -> Result<(), Error> {
        match self {
            Self::Assert(deployment) => deployment.check(),
            _ => self.check_other(environment, now),
        }?;
        self.at(now).map(drop)
    }

    #[inline(never)] // what a gate does not ask for need not be compiled for it
    fn check_other(&self, environment: &EnvironmentName, now: DateTime<Utc>) -> Result<(), Error> {
        match self {
            Self::On { reason, by, until, id, .. } => {
                if reason.trim().is_empty() {
                    return Err(Error::NoReason { environment: environment.to_string() });
                }
                check_text("reason", reason, LONGEST_REASON)?;
                check_by(by.as_deref())?;
                id.as_deref().map(TrailName::new).transpose()?;
                until.as_deref().map_or(Ok(()), |until| check_until(until, now))
            }
            Self::Off { by, reason, .. } => {
                check_text("reason", reason.as_deref().unwrap_or_default(), LONGEST_REASON)?;
                check_by(by.as_deref())
            }
            Self::Status(question) => question.check(),
            Self::Except(request) => request.check(environment, now),
            Self::Approve { exception, by, reason, .. } => {
                if by.trim().is_empty() {
                    return Err(Error::BadCall { detail: "`by` is blank; say who approves".to_owned() });
                }
                check_step(exception, Some(by), reason.as_deref())
            }
            Self::Revoke { exception, by, reason } => check_step(exception, by.as_deref(), reason.as_deref()),
            Self::Claim(claim) => claim.check(),
            Self::Report(report) => report.check(now),
            Self::Assert(_)
            | Self::Windows { .. }
            | Self::Sync {}
            | Self::Select { .. }
            | Self::Overview { .. }
            | Self::Replay { .. } => Ok(()),
        }
    }

    /// The instant that is asked about: now, unless it says another one, for a gate a later one.
    pub(crate) fn at(&self, now: DateTime<Utc>) -> Result<DateTime<Utc>, Error> {
        match self {
            Self::Assert(Deployment { at: Some(at), .. })
            | Self::Status(Question { at: Some(at), .. })
            | Self::Overview { at: Some(at), .. } => clock::not_past(read_at(at)?, now),
            // The policy tells of the past as of the future.
            Self::Windows { at: Some(at), .. } => read_at(at),
            _ => Ok(now),
        }
    }

    /// The question of a gate, about now.
    #[must_use]
    pub fn assert() -> Self {
        Self::Assert(Deployment::default())
    }

    /// What is coming.
    #[must_use]
    pub const fn windows() -> Self {
        Self::Windows { at: None, days: None, ics: None, frozen: None }
    }

    /// The question of a person, about now.
    #[must_use]
    pub fn status() -> Self {
        Self::Status(Question::default())
    }

    /// For how many seconds it must stay open.
    pub(crate) fn needs(&self) -> i64 {
        match self {
            Self::Assert(Deployment { needs: Some(needs), .. }) | Self::Claim(Claim { needs: Some(needs), .. }) => {
                read_needs(needs).unwrap_or(0)
            }
            _ => 0,
        }
    }

    /// What a gate has to say of its deployment.
    pub(crate) fn deployment(&self) -> Option<&Deployment> {
        if let Self::Assert(deployment) = self { Some(deployment) } else { None }
    }

    /// What is to be deployed; empty where nothing is stated.
    pub(crate) fn change(&self) -> Option<&Change> {
        match self {
            Self::Assert(Deployment { change, .. })
            | Self::Status(Question { change, .. })
            | Self::Claim(Claim { change, .. }) => Some(change).filter(|change| !change.is_empty()),
            _ => None,
        }
    }

    /// The use that it stands for; none where the run or the change is not stated.
    pub(crate) fn use_of(&self) -> Option<Use> {
        match self {
            Self::Assert(Deployment { run, change, .. }) | Self::Status(Question { run, change, .. }) => {
                use_of(run.as_deref(), change)
            }
            Self::Claim(Claim { run, change, .. }) => use_of(Some(run), change),
            _ => None,
        }
    }

    /// `true` if it asks about another instant than now: nothing is used then.
    pub(crate) fn is_what_if(&self) -> bool {
        matches!(self, Self::Assert(Deployment { at: Some(_), .. }) | Self::Status(Question { at: Some(_), .. }))
    }

    /// The look after which this run has written its claim.
    pub(crate) fn claimed_at(&self) -> Option<DateTime<Utc>> {
        let (Self::Assert(Deployment { claimed_at, .. })
        | Self::Status(Question { claimed_at, .. })
        | Self::Claim(Claim { claimed_at, .. })) = self
        else {
            return None;
        };
        claimed_at.as_deref().and_then(time::parse)
    }

    /// The same action, after a look that leads to a claim.
    pub(crate) fn noting(&self, now: DateTime<Utc>) -> Self {
        let mut noted = self.clone();
        if let Self::Assert(Deployment { claimed_at, .. })
        | Self::Status(Question { claimed_at, .. })
        | Self::Claim(Claim { claimed_at, .. }) = &mut noted
        {
            *claimed_at = Some(time::rfc3339(now));
        }
        noted
    }

    /// The same action, with how many approvals of its name did not count before it wrote one.
    pub(crate) fn noting_refused(&self, count: u64) -> Self {
        let mut noted = self.clone();
        if let Self::Approve { refused, .. } = &mut noted {
            *refused = Some(count);
        }
        noted
    }

    /// `true` if it lists what still needs an approval.
    pub(crate) fn lists_awaiting(&self) -> bool {
        matches!(self, Self::Status(Question { awaiting: true, .. }))
    }

    /// `true` if it puts a use on record.
    pub(crate) fn claims(&self) -> bool {
        matches!(self, Self::Claim(_) | Self::Assert(Deployment { claim: true, .. })) && !self.is_what_if()
    }

    /// Who asks; blank is nobody.
    pub(crate) fn by(&self) -> Option<&str> {
        match self {
            Self::On { by, .. } | Self::Off { by, .. } | Self::Except(Request { by, .. }) | Self::Revoke { by, .. } => {
                said(by.as_deref())
            }
            Self::Approve { by, .. } => said(Some(by)),
            _ => None,
        }
    }

    /// `true` if it is to write, and not just to tell.
    pub(crate) fn is_work(&self) -> bool {
        self.writes() || matches!(self, Self::Except(_) | Self::Approve { .. } | Self::Revoke { .. } | Self::Claim(_))
    }

    /// `true` if it may write flags and records of freezes.
    pub(crate) fn writes(&self) -> bool {
        matches!(self, Self::On { .. } | Self::Off { .. } | Self::Sync {})
    }
}

fn said(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// What is said of an exception that is there.
fn check_step(exception: &str, by: Option<&str>, reason: Option<&str>) -> Result<(), Error> {
    TrailName::new(exception)?;
    check_text("reason", reason.unwrap_or_default(), LONGEST_REASON)?;
    check_by(by)
}

fn read_at(at: &str) -> Result<DateTime<Utc>, Error> {
    let detail = || format!("`at` is `{at}`; it must be RFC 3339, e.g. 2026-12-24T18:00:00Z");
    time::parse(at).ok_or_else(|| Error::BadCall { detail: detail() })
}

fn check_until(until: &str, now: DateTime<Utc>) -> Result<(), Error> {
    let Some(end) = time::parse(until) else {
        let detail = format!("`until` is `{until}`; it must be RFC 3339, e.g. 2024-11-01T09:00:00Z");
        return Err(Error::BadCall { detail });
    };
    if end <= now {
        return Err(Error::UntilPassed { until: time::human(end), now: time::human(now) });
    }
    Ok(())
}

/// The action of gates by itself.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum OfGate<'a> {
    Assert(&'a Deployment),
}

impl Serialize for Action {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[inline(never)] // what a gate does not ask for need not be compiled for it
        fn other<S: Serializer>(action: &Action, serializer: S) -> Result<S::Ok, S::Error> {
            Action::serialize(action, serializer)
        }
        match self {
            Self::Assert(deployment) => OfGate::Assert(deployment).serialize(serializer),
            _ => other(self, serializer),
        }
    }
}

impl Serialize for Freezes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::All => serializer.serialize_str("all"),
            Self::These(ids) => ids.serialize(serializer),
        }
    }
}
