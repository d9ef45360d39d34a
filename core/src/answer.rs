//! The answer: what is decided, in words and as commands.

use serde::Serialize;

use crate::call::Action;
use crate::command::Write;
use crate::error::Error;
use crate::freeze::State;

/// What is decided. Only [`Decision::Proceed`] lets a pipeline pass.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Yes; exit code 0.
    Proceed,
    /// No; exit code 1.
    Refuse,
    /// Nobody knows, so no; exit code 2.
    Error,
}

/// The answer to a call.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// What is decided.
    pub decision: Decision,
    /// Why, as a code that never changes.
    pub reason: &'static str,
    /// Why, in one printable line.
    pub summary: String,
    /// What to do next, with the exact command at its end.
    pub advice: Option<String>,
    /// The freezes, the oldest first, as they stand once the commands have run.
    pub freezes: Vec<Shown>,
    /// What is amiss without changing the decision.
    pub warnings: Vec<Warning>,
    /// The action made explicit, for the next round; none if the call could not be read.
    pub action: Option<Action>,
    /// What makes it so, in order.
    pub commands: Vec<Write>,
}

/// A freeze as an answer shows it. Its texts are raw: escape them before a terminal.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Shown {
    /// Its id.
    pub id: String,
    /// When it began, RFC 3339.
    pub since: Option<String>,
    /// Who holds it.
    pub by: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// When it ends by itself, RFC 3339.
    pub until: Option<String>,
    /// How it stands.
    pub state: State,
}

/// Something amiss.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Warning {
    /// A code that never changes.
    pub code: &'static str,
    /// What is amiss, in one printable line.
    pub text: String,
}

impl Answer {
    pub(crate) fn error(error: &Error, action: Option<&Action>, advice: Option<String>) -> Self {
        Self {
            decision: Decision::Error,
            reason: error.code(),
            summary: error.to_string(),
            advice,
            freezes: Vec::new(),
            warnings: Vec::new(),
            action: action.cloned(),
            commands: Vec::new(),
        }
    }
}
