//! Many environments, as answers show them.

use serde::Serialize;

use crate::codes::Reason;

use super::decision::Decision;

/// An environment that is meant.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Selected {
    /// Its name in Kosli.
    pub environment: String,
    /// Its type, such as `K8S`; none of a member that Kosli's list does not have.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The logical environments that are meant and made of it.
    pub of: Vec<String>,
    /// Of a logical environment: those that it is made of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub members: Option<Vec<String>>,
    /// It has records, and is in no list any more: archived, or renamed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub past: Option<bool>,
}

/// How one environment stands.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Standing {
    /// Its name in Kosli.
    pub environment: String,
    /// Its type, such as `K8S`; none of a member that Kosli's list does not have.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The logical environments that it is a member of, of those that are listed.
    pub of: Vec<String>,
    /// What a `status` of its document decides.
    pub decision: Decision,
    /// Why, as that has it.
    pub reason: Reason,
    /// Who holds the oldest freeze that holds; none without a freeze, or if it names nobody.
    pub by: Option<String>,
    /// Why that was set, why the window closes, or why it cannot be told; none if nothing closes, or nobody said.
    pub why: Option<String>,
    /// Since when that closes, RFC 3339; none if nothing does, or its beginning is not known.
    pub since: Option<String>,
    /// Until when that does, RFC 3339; none if nothing does, or it has no known end.
    pub until: Option<String>,
    /// How many freezes hold.
    pub freezes: usize,
    /// The windows that close it.
    pub windows: Vec<String>,
    /// When it opens, if it is closed and that is known, RFC 3339.
    pub opens_at: Option<String>,
    /// When it closes, if it is open and that is known, RFC 3339.
    pub closes_at: Option<String>,
}
