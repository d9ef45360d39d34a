//! What an answer shows of exceptions. Texts are raw: escape them before a terminal.

use serde::Serialize;

use crate::change::{Change, Match};
use crate::kosli::window_name::WindowName;

/// An exception as an answer shows it, as far as it was read.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct ShownException {
    /// Its id.
    pub id: String,
    /// When it was asked for, RFC 3339.
    pub since: String,
    /// Who asked for it.
    pub by: Option<String>,
    /// Kosli's word for the account that asked.
    pub reported_by: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// When it ends, RFC 3339.
    pub until: String,
    /// How many uses pass.
    pub uses: Option<u64>,
    /// The uses that have claimed it, as many as pass.
    pub used_by: Vec<ShownUse>,
    /// The approvals that count.
    pub approvals: Vec<ShownApproval>,
    /// How many of them it needs.
    pub needed: Option<u64>,
    /// Which changes pass.
    pub change: Option<Match>,
    /// In spite of which freezes.
    pub freezes: Vec<String>,
    /// In spite of which windows.
    pub windows: Vec<WindowName>,
    /// How it stands.
    pub state: ExceptionState,
    /// Why it does not let this change through; none if it does, or would.
    pub why: Option<Why>,
}

/// One use of an exception; what is not said could not be read.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct ShownUse {
    /// Which attempt.
    pub run: Option<String>,
    /// Of which change.
    pub change: Option<Change>,
}

/// One approval of an exception.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct ShownApproval {
    /// Who approved.
    pub by: Option<String>,
    /// Kosli's word for the account that approved.
    pub reported_by: Option<String>,
}

/// How an exception stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ExceptionState {
    /// It has not ended, and nothing asked for more of it.
    Live,
    /// It still needs approvals.
    Awaiting,
    /// It is approved, and has uses left.
    Usable,
    /// This use is being put on record.
    Claiming,
    /// This use is on record.
    Passed,
    /// As many uses as pass have claimed it.
    UsedUp,
    /// Somebody has revoked it.
    Revoked,
    /// Its time is over.
    Expired,
    /// It could not be read.
    Unreadable,
}

/// Why an exception does not let a change through.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Why {
    /// It is for other changes.
    OtherChange,
    /// It still needs approvals.
    NotApproved,
    /// Other uses have it.
    UsedUp,
    /// Its time is over.
    Expired,
    /// Somebody has revoked it.
    Revoked,
    /// Something closes that it does not cover.
    DoesNotCover,
    /// The holder of a freeze has said another reason since it was asked for.
    Restated,
    /// A freeze that it covers has no open record.
    NotOnRecord,
    /// The gate does not say which run it is for.
    NoRun,
    /// The use is not on record, and the gate may not put it there.
    ExceptionUnclaimed,
    /// It ends, or something else closes, before the deployment is done.
    EndsTooSoon,
    /// It lasts longer than the policy lets it.
    TooLong,
    /// It could not be read.
    Unreadable,
}
