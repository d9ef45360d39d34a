//! The answer: what is decided, in words and as commands.

mod decision;
mod exceptions;
mod fleet;
mod history;
mod next;
mod shown;

use std::borrow::Cow;

use serde::Serialize;

use crate::call::Action;
use crate::codes::Reason;
use crate::error::{Error, PlaceKey};
use crate::kosli::step::Write;
use crate::text::printable;

pub use self::decision::Decision;
pub use self::exceptions::{ExceptionState, ShownApproval, ShownException, ShownUse, Why};
pub use self::fleet::{Selected, Standing};
pub use self::history::{
    DeploymentTotals, HeldTime, History, Label, Longest, PastApproval, PastClaim, PastDeployment, PastEnd,
    PastException, PastExceptionState, PastFreeze, PastHow, PastPass, PastRefusal, PastRevocation, PastState,
    PastWords, Totals, UnreadableFact,
};
pub(crate) use self::next::Advice;
pub use self::next::Next;
pub use self::shown::{Applied, Closure, Shown, ShownWindow, State, Warning};

/// The answer to a call.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// What is decided.
    pub decision: Decision,
    /// Why, as a code that never changes.
    pub reason: Reason,
    /// Why, in one printable line.
    pub summary: String,
    /// What to do next, with the exact command at its end.
    pub advice: Option<String>,
    /// The command that the advice ends with.
    pub next: Option<Box<Next>>,
    /// Where in the policy an error is: its keys from the root, such as `["windows", 3, "timezone"]`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Vec<PlaceKey>>,
    /// The freezes, the oldest first, as they stand once the commands have run.
    pub freezes: Vec<Shown>,
    /// The deciding windows: active freeze windows, and active allow windows (all of them if none is active). For
    /// `windows`, all that apply.
    pub windows: Vec<ShownWindow>,
    /// When it opens, if it is closed and that is known, RFC 3339.
    pub opens_at: Option<String>,
    /// When it closes, if it is open and that is known, RFC 3339.
    pub closes_at: Option<String>,
    /// For `windows`: what is coming, sorted by the beginning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closures: Option<Vec<Closure>>,
    /// For `windows` with `ics`: the closures as an iCalendar document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calendar: Option<String>,
    /// For `assert`, `status` and `sync`: which policy was gone by; none if the call has none.
    pub policy: Option<Applied>,
    /// For `select`: the environments that are meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selected: Option<Vec<Selected>>,
    /// For `overview`: how each of them stands, what matters first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overview: Option<Vec<Standing>>,
    /// For `report`: a page of what has happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<Box<History>>,
    /// With `logical`: the environments to ask in its place, and with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub members: Option<Vec<String>>,
    /// Of a logical environment's `sync`: what each member is to be asked after its own `sync`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub for_members: Option<Vec<Action>>,
    /// The exceptions that were looked at, the oldest first.
    pub exceptions: Vec<ShownException>,
    /// What is amiss without changing the decision.
    pub warnings: Vec<Warning>,
    /// The action made explicit, for the next round; none if the call itself is at fault.
    pub action: Option<Action>,
    /// What makes it so, in order.
    pub commands: Vec<Write>,
    /// For `assert` with `evidence`: the SHA-256 of all that this was decided from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// For `replay`: where the answer is another one now, as paths into the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub differs: Option<Vec<String>>,
    /// For how many seconds the host waits, once the commands have run, before it looks again.
    pub pause: Option<i64>,
}

impl Answer {
    /// An answer that says no more than this.
    pub(crate) fn new(decision: Decision, reason: Reason) -> Self {
        Self {
            decision,
            reason,
            summary: String::new(),
            advice: None,
            next: None,
            place: None,
            freezes: Vec::new(),
            windows: Vec::new(),
            opens_at: None,
            closes_at: None,
            closures: None,
            calendar: None,
            policy: None,
            selected: None,
            overview: None,
            report: None,
            members: None,
            for_members: None,
            warnings: Vec::new(),
            action: None,
            exceptions: Vec::new(),
            pause: None,
            commands: Vec::new(),
            evidence: None,
            differs: None,
        }
    }

    /// What people read made printable, whatever it quotes. What is data stays as it was written.
    pub(crate) fn make_printable(&mut self) {
        let warnings = self.warnings.iter_mut().map(|warning| &mut warning.text);
        for text in [&mut self.summary].into_iter().chain(&mut self.advice).chain(warnings) {
            if let Cow::Owned(shown) = printable(text) {
                *text = shown;
            }
        }
    }

    /// With what to do next.
    pub(crate) fn advised(mut self, advice: impl Into<Option<Advice>>) -> Self {
        self.advise(advice.into());
        self
    }

    pub(crate) fn advise(&mut self, advice: Option<Advice>) {
        (self.advice, self.next) = advice.map_or((None, None), |Advice { text, next }| (Some(text), next));
    }

    pub(crate) fn error(error: &Error, action: Option<&Action>) -> Self {
        let place = error.place().map(<[_]>::to_vec);
        Self { summary: error.to_string(), place, action: action.cloned(), ..Self::new(Decision::Error, error.code()) }
    }
}
