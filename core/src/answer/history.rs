//! The past of an environment, as answers tell it. Times are RFC 3339 in whole seconds; texts are raw: escape them before a terminal.

use serde::Serialize;

use crate::change::{Change, Match};
use crate::kosli::window_name::WindowName;

/// A page of what has happened; all pages of an environment, joined, are the whole.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct History {
    /// Of which environment.
    pub environment: String,
    /// From when on.
    pub from: String,
    /// Until when.
    pub to: String,
    /// What was frozen.
    pub freezes: Vec<PastFreeze>,
    /// Who was to be let through.
    pub exceptions: Vec<PastException>,
    /// What was deployed while something was closed.
    pub deployments: Vec<PastDeployment>,
    /// What could not be read.
    pub unreadable: Vec<UnreadableFact>,
    /// All of it in numbers; with the last page.
    pub totals: Option<Totals>,
}

/// A freeze that touched the period.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct PastFreeze {
    /// Its id.
    pub id: String,
    /// The window whose freeze it is.
    pub window: Option<WindowName>,
    /// Since when.
    pub since: Option<String>,
    /// Who holds it.
    pub by: Option<String>,
    /// Kosli's word for the account of whoever said so last.
    pub reported_by: Option<String>,
    /// Why, as its holder said last.
    pub reason: Option<String>,
    /// Its end, as its holder said last.
    pub until: Option<String>,
    /// How it stands now.
    pub state: PastState,
    /// How it has ended.
    pub ended: Option<PastEnd>,
    /// The part of the period in which it held.
    pub held: Option<HeldTime>,
    /// What was said of it after its beginning.
    pub said: Vec<PastWords>,
    /// Who was refused, as far as gates have put it on record.
    pub refused: Vec<PastRefusal>,
    /// Who was let through by an exception.
    pub passed: Vec<PastPass>,
    /// What is odd about it.
    pub notes: Vec<&'static str>,
    /// Its page at Kosli's.
    pub url: Option<String>,
}

/// How a freeze stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PastState {
    /// It holds.
    Open,
    /// Its end has passed, and is not on record.
    Overdue,
    /// It has ended.
    Ended,
    /// Its record was begun, and nothing said on it.
    Begun,
}

/// The end of a freeze.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct PastEnd {
    /// When; none if that could not be read.
    pub at: Option<String>,
    /// By whom.
    pub by: Option<String>,
    /// Kosli's word for the account.
    pub reported_by: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// In which way.
    pub how: PastHow,
}

/// In which way a freeze has ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PastHow {
    /// Somebody has lifted it.
    Lifted,
    /// Its end had come.
    Expired,
    /// Its policy wants it no longer.
    Dropped,
    /// It could not be read.
    Unknown,
}

/// A part of the period.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct HeldTime {
    /// From when on.
    pub from: String,
    /// Until when.
    pub to: String,
    /// How long.
    pub seconds: i64,
}

/// What was said of a freeze after its beginning.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct PastWords {
    /// When.
    pub at: String,
    /// By whom.
    pub by: Option<String>,
    /// Kosli's word for the account.
    pub reported_by: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Until when.
    pub until: Option<String>,
    /// `extended`, `shortened`, `restated`, `repeated` or `mended`.
    pub what: &'static str,
}

/// A refusal that a gate has put on record.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct PastRefusal {
    /// When.
    pub at: String,
    /// Which attempt.
    pub run: Option<String>,
    /// Of which change.
    pub change: Option<Change>,
    /// The code of the refusal.
    pub reason: Option<String>,
    /// Kosli's word for the account.
    pub reported_by: Option<String>,
}

/// A use that was let through.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct PastPass {
    /// When.
    pub at: String,
    /// Which attempt.
    pub run: Option<String>,
    /// Of which change.
    pub change: Option<Change>,
    /// By which exception.
    pub exception: Option<String>,
    /// Kosli's word for the account.
    pub reported_by: Option<String>,
}

/// An exception that touched the period.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct PastException {
    /// Its id.
    pub id: String,
    /// When it was asked for.
    pub asked_at: Option<String>,
    /// From when on it holds, as its name says.
    pub from: String,
    /// Until when, as its name says.
    pub until: String,
    /// Who asked.
    pub by: Option<String>,
    /// Kosli's word for the account that asked.
    pub reported_by: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Which changes pass.
    pub change: Option<Match>,
    /// In spite of which freezes.
    pub freezes: Vec<String>,
    /// In spite of which windows.
    pub windows: Vec<WindowName>,
    /// Who approved.
    pub approvals: Vec<PastApproval>,
    /// How many approvals it needs.
    pub needed: Option<u64>,
    /// Who revoked it.
    pub revoked: Option<PastRevocation>,
    /// How many uses pass.
    pub uses: Option<u64>,
    /// Who has claimed it.
    pub claims: Vec<PastClaim>,
    /// How it stands now.
    pub state: PastExceptionState,
    /// What is odd about it.
    pub notes: Vec<&'static str>,
    /// Its page at Kosli's.
    pub url: Option<String>,
}

/// An approval.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct PastApproval {
    /// When.
    pub at: String,
    /// By whom.
    pub by: Option<String>,
    /// Kosli's word for the account.
    pub reported_by: Option<String>,
    /// What was said.
    pub reason: Option<String>,
    /// It counts.
    pub counts: bool,
}

/// The end of an exception before its time.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct PastRevocation {
    /// When; none if it could not be read.
    pub at: Option<String>,
    /// By whom.
    pub by: Option<String>,
    /// Kosli's word for the account.
    pub reported_by: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

/// A use that has claimed an exception.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct PastClaim {
    /// When.
    pub at: String,
    /// Which attempt.
    pub run: Option<String>,
    /// Of which change.
    pub change: Option<Change>,
    /// Kosli's word for the account.
    pub reported_by: Option<String>,
    /// It is among the first uses, which have it.
    pub counts: bool,
}

/// How an exception stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PastExceptionState {
    /// It lacks approvals, and has not ended.
    Pending,
    /// It has what it needs, and uses left.
    Approved,
    /// All uses are claimed.
    Used,
    /// Somebody has revoked it.
    Revoked,
    /// It has ended with uses left.
    Expired,
    /// It has ended without the approvals that it needed.
    Lapsed,
    /// A trail without a request.
    Cut,
    /// Its request could not be read.
    Unreadable,
}

/// Something that was deployed while something was closed, or that could have been.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct PastDeployment {
    /// When it was reported.
    pub at: String,
    /// When its first instance started, where Kosli tells.
    pub started_at: Option<String>,
    /// Its name, as it was reported.
    pub artifact: Option<String>,
    /// Its SHA-256.
    pub fingerprint: String,
    /// The flow that built it.
    pub flow: Option<String>,
    /// Its trail there.
    pub trail: Option<String>,
    /// Of which commit.
    pub commit: Option<String>,
    /// By whom.
    pub author: Option<String>,
    /// In which snapshot it was seen first.
    pub snapshot: Option<u64>,
    /// Kosli's word for whether it complies.
    pub compliant: Option<bool>,
    /// What explains it.
    pub label: Label,
    /// Why that is uncertain.
    pub why: Option<&'static str>,
    /// The freezes that held, or may have.
    pub freezes: Vec<String>,
    /// The exception that let it pass.
    pub exception: Option<String>,
    /// The attempt that it let pass.
    pub run: Option<String>,
    /// Its page at Kosli's.
    pub url: Option<String>,
}

/// What explains a deployment.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Label {
    /// Nothing does.
    Unexplained,
    /// It was let through.
    Excepted,
    /// Nobody can tell whether something was closed when it started.
    Uncertain,
    /// It started before, and was reported during.
    Before,
}

/// Something that could not be read.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct UnreadableFact {
    /// `trail`, `attestation`, `exception`, `event` or `snapshot`.
    pub what: &'static str,
    /// Which one.
    pub name: String,
    /// What is wrong.
    pub detail: String,
}

/// A report in numbers.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Totals {
    /// How many freezes touched the period.
    pub freezes: u64,
    /// How many of them are windows'.
    pub windows: u64,
    /// How long something was closed; two at once count once.
    pub seconds: i64,
    /// The same of what people have frozen.
    pub seconds_by_people: i64,
    /// The same of windows on record.
    pub seconds_by_windows: i64,
    /// The freeze that held longest.
    pub longest: Option<Longest>,
    /// Freezes that hold now.
    pub open: u64,
    /// Freezes whose end has passed and is not on record.
    pub overdue: u64,
    /// Refusals on record.
    pub refused: u64,
    /// Uses that were let through, once for each freeze.
    pub passed: u64,
    /// Exceptions.
    pub exceptions: u64,
    /// Those of them that more have used than may.
    pub overused: u64,
    /// Deployments by their labels.
    pub deployments: Option<DeploymentTotals>,
    /// When the environment's reporter was last heard, if that was before the end of what closed.
    pub unknown_after: Option<String>,
    /// What could not be read.
    pub unreadable: u64,
}

/// The freeze that held longest.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Longest {
    /// Its id.
    pub id: String,
    /// How long.
    pub seconds: i64,
}

/// Deployments by their labels.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
pub struct DeploymentTotals {
    /// Nothing explains them.
    pub unexplained: u64,
    /// They were let through.
    pub excepted: u64,
    /// Nobody can tell.
    pub uncertain: u64,
    /// They started before.
    pub before: u64,
}
