//! What to do next, for people and for hosts.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::call::Action;

/// The command that an advice ends with, as data: a host adds its own options without reading English.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Next {
    /// Of which environment; left out if it is the call's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// What to ask for.
    pub action: Action,
    /// Options of the command line that are no part of the action, such as `wait`, by their names without `--`.
    pub options: BTreeMap<&'static str, String>,
}

/// Words, most of which end with a command.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Advice {
    pub(crate) text: String,
    /// The command; none if the words end with none of ours.
    pub(crate) next: Option<Box<Next>>,
}
