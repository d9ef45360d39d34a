//! What is asked, of whichever environment: one question may be about many.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::budget::Budget;
use crate::call::{Action, Call, Environment, Settings};
use crate::error::Error;
use crate::kosli::raw::RawResult;
use crate::kosli::read_name::ReadName;
use crate::policy::Policy;

/// The question: everything of a call that is the same for every environment it is asked about.
pub(crate) struct Ask<'c> {
    pub(crate) action: &'c Action,
    /// The host's clock.
    pub(crate) now: DateTime<Utc>,
    /// When it was asked of the first of many.
    pub(crate) since: Option<DateTime<Utc>>,
    pub(crate) settings: &'c Settings,
    /// What may still be spent on an answer.
    pub(crate) budget: &'c Budget,
    pub(super) policy_text: Option<&'c str>,
    policy: OnceCell<Result<Policy, Error>>,
}

/// What it is asked of, and what has been seen of that.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'c> {
    pub(crate) environment: &'c Environment,
    pub(crate) observed: &'c BTreeMap<Cow<'static, str>, RawResult>,
    /// Of a logical environment: those of its members that the host asks as well.
    pub(crate) members: Option<&'c [String]>,
    /// Something of one name was read, such as `trail/ID`: of most environments nothing is.
    has_named: bool,
}

impl<'c> Ask<'c> {
    pub(crate) fn of(call: &'c Call, budget: &'c Budget) -> Self {
        let Call { action, now, since, settings, policy, .. } = call;
        let policy_text = policy.as_deref();
        Self { action, now: *now, since: *since, settings, budget, policy_text, policy: OnceCell::new() }
    }

    /// When it was asked: what begins now begins for all of many at once, and has one id.
    pub(crate) fn begun(&self) -> DateTime<Utc> {
        self.since.unwrap_or(self.now)
    }

    /// The policy, read the first time that it matters; an empty one if the call has none.
    pub(crate) fn policy(&self) -> Result<&Policy, Error> {
        let read = || {
            let Some(text) = self.policy_text else { return Ok(Policy::empty(self.budget)) };
            Policy::read(text, self.budget)
        };
        self.policy.get_or_init(read).as_ref().map_err(Clone::clone)
    }

    pub(crate) fn has_policy(&self) -> bool {
        self.policy_text.is_some()
    }

    /// The instant that is asked about.
    pub(crate) fn at(&self) -> Result<DateTime<Utc>, Error> {
        self.action.at(self.now)
    }
}

impl<'c> Subject<'c> {
    /// What a read gave, if it was made.
    pub(crate) fn look(self, name: ReadName<'_>) -> Option<&'c RawResult> {
        if name.is_of_one_name() && !self.has_named { None } else { self.observed.get(&name.text()) }
    }

    pub(crate) fn of(call: &'c Call) -> Self {
        let Call { environment, observed, members, .. } = call;
        let has_named = observed.keys().any(|name| name.bytes().any(|byte| byte == b'/'));
        Self { environment, observed, members: members.as_deref(), has_named }
    }
}
