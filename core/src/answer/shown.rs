//! What an answer shows of freezes, windows, closures and the policy, and its warnings.

use serde::Serialize;

use crate::change::Match;
use crate::codes::WarningCode;
use crate::error::PlaceKey;
use crate::schedule::Effect;

use super::next::{Advice, Next};

/// A freeze as an answer shows it. Its texts are raw: escape them before a terminal.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Shown {
    /// Its id, such as `2024-10-31T10.44.48~steve`.
    pub id: String,
    /// When it began, RFC 3339; none if neither its id nor its record says.
    pub since: Option<String>,
    /// Who holds it; none if nothing on record names anybody.
    pub by: Option<String>,
    /// Kosli's word for the account that put it on record, where that was read: many may share one.
    pub reported_by: Option<String>,
    /// Why it was set, as its holder wrote it; none if nobody said.
    pub reason: Option<String>,
    /// When it ends automatically, RFC 3339; none if somebody has to lift it, or if its end cannot be read.
    pub until: Option<String>,
    /// Whether it holds.
    pub state: State,
    /// Which changes pass all the same, by its holder's own consent; none where that was not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub except: Option<Match>,
}

/// How a freeze stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum State {
    /// It holds.
    Open,
    /// Its record has ended.
    Ended,
    /// Its `until` has passed, its record has not ended.
    Expired,
}

/// A window as an answer shows it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct ShownWindow {
    /// Its name in the policy.
    pub name: String,
    /// Whether it closes environments while it is active, or while it is not.
    pub effect: Effect,
    /// It is active.
    pub active: bool,
    /// Why it closes, as the policy says it; none if it does not.
    pub reason: Option<String>,
    /// Whom to ask about it; none if the policy names nobody.
    pub contact: Option<String>,
    /// When the active occurrence began, else when the next one begins, RFC 3339.
    pub starts_at: Option<String>,
    /// When it ends, with all that follows without a break, RFC 3339; none if no end was found.
    pub ends_at: Option<String>,
    /// Its time zone, an IANA name.
    pub timezone: String,
    /// Its time rule in English.
    pub rule: String,
    /// What its calendar calls the events of that time, each once, ten at most; none that are private or unnamed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<String>,
}

/// A time in which an environment is closed.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Closure {
    /// The freeze window's; none outside all allow windows.
    pub name: Option<String>,
    /// Of which kind of window.
    pub effect: Effect,
    /// Why, as the policy says it; none outside all allow windows, or if it does not.
    pub reason: Option<String>,
    /// Whom to ask about it; none outside all allow windows, or if the policy names nobody.
    pub contact: Option<String>,
    /// When it begins, RFC 3339 in UTC.
    pub starts_at: Option<String>,
    /// When it ends, RFC 3339 in UTC; none if no end was found.
    pub ends_at: Option<String>,
    /// The same beginning, RFC 3339 with the offset of `timezone`.
    pub starts_local: Option<String>,
    /// The same end, RFC 3339 with the offset of `timezone`; none if no end was found.
    pub ends_local: Option<String>,
    /// The time zone, an IANA name.
    pub timezone: String,
}

/// The policy that an answer goes by.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Applied {
    /// Its name; none if the policy does not give itself one.
    pub name: Option<String>,
    /// How many windows it has.
    pub windows: usize,
    /// How many of them are for the environment; suspended ones are for none.
    pub for_environment: usize,
}

/// Something amiss.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Warning {
    /// A code that never changes.
    pub code: WarningCode,
    /// What is amiss, in one printable line.
    pub text: String,
    /// The command that the text ends with; left out if it ends with none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Box<Next>>,
    /// Where in the policy; left out if it is about no place there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Vec<PlaceKey>>,
}

impl Warning {
    pub(crate) fn new(code: WarningCode, text: impl Into<String>) -> Self {
        Self { code, text: text.into(), next: None, place: None }
    }

    /// About one window of the policy.
    pub(crate) fn about_window(self, number: usize) -> Self {
        Self { place: Some(vec!["windows".into(), number.into()]), ..self }
    }

    /// With the command that mends it, at the end.
    pub(crate) fn advised(self, advice: &Advice) -> Self {
        Self { text: [&self.text, "; ", &advice.text].concat(), next: advice.next.clone(), ..self }
    }
}
