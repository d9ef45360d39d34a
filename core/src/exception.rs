//! One exception: what its trail's name, its request, its approvals and its claims say together.

use chrono::TimeDelta;

use crate::budget::Budget;
use crate::change::Use;
use crate::freeze::Freeze;
use crate::kosli::documents::exception::{Approved, Asked, Steps};
use crate::kosli::documents::look::Look;
use crate::kosli::documents::record::{On, Record, latest};
use crate::kosli::exception_id::ExceptionId;
use crate::kosli::id::{self, WINDOW_HOLDER};
use crate::order::Set;
use crate::policy::Approvals;
use crate::text::person::{in_small, told_by};
use crate::time::Instant;
use crate::time::clock::TOLERANCE;

#[derive(Clone, Debug)]
pub(crate) struct Exception {
    pub(crate) id: ExceptionId,
    pub(crate) steps: Steps,
    /// What was asked for; found to be nothing where a run was cut.
    pub(crate) asked: Look<Option<Asked>>,
    pub(crate) approvals: Look<Vec<Approved>>,
    pub(crate) claims: Look<Vec<Option<Use>>>,
}

/// Whether an exception covers a freeze.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Cover {
    Covered,
    /// It is not named.
    Not,
    /// Its holder has said another reason since.
    Restated,
    /// Its record is not open, or could not be read.
    NotOnRecord,
}

impl Exception {
    /// What was asked for, if it was read and can be believed.
    pub(crate) fn request(&self) -> Result<&Asked, &str> {
        match &self.asked {
            // The name of the trail cannot be changed; an attestation can be anybody's.
            Look::Found(Some(asked)) if !self.id.names(asked.by.as_deref()) => {
                Err("its name says that somebody else has asked for it")
            }
            Look::Found(Some(asked)) => Ok(asked),
            Look::Found(None) | Look::NotYet => Err("its request was not read"),
            Look::Missing(detail) | Look::Failed(detail) => Err(detail),
        }
    }

    /// `false` where a run was cut before it asked.
    pub(crate) fn is_asked(&self) -> bool {
        self.steps.is_asked && self.asked != Look::Found(None)
    }

    /// The first instant at which it does not hold any more.
    pub(crate) fn end(&self) -> Instant {
        self.id.end.timestamp()
    }

    /// `true` if it lasts longer than the policy lets it: by its name, and by Kosli's clock, which may differ.
    pub(crate) fn is_too_long(&self, asked: &Asked, rules: &Approvals) -> bool {
        let longest = TimeDelta::seconds(rules.longest);
        // A saturated second lies further back than any.
        #[expect(clippy::cast_possible_truncation, reason = "what no clock shows is too long ago")]
        let asked_at = crate::time::at(asked.at as i64);
        self.id.end - self.id.begin > longest
            || asked_at.is_none_or(|asked_at| self.id.end - asked_at > longest + TOLERANCE)
    }
}

impl Asked {
    /// How many others must approve.
    pub(crate) fn needed(&self, rules: &Approvals) -> u64 {
        let names_other = |id: &String| !id::names_holder(id, self.by.as_deref());
        // Nobody is a window, whatever name a request was given.
        let is_person = self.by.as_deref().is_some_and(|by| !by.trim_start().starts_with(WINDOW_HOLDER));
        let is_others = !is_person || !self.windows.is_empty() || self.freezes.iter().any(names_other);
        self.approvals.max(rules.needed).max(u64::from(is_others))
    }

    /// The approvals that count: of this request, by others, each of them once.
    pub(crate) fn counted<'a>(&self, all: &'a [Approved], rules: &Approvals, budget: &Budget) -> Vec<&'a Approved> {
        let mut seen = Set::new();
        let counts = |one: &&Approved| self.refusal(one, rules, budget).is_none();
        let mut is_new = |one: &&Approved| {
            let who = if rules.asks_accounts() {
                one.reported_by.as_deref().map(account)
            } else {
                one.by.as_deref().map(told_by)
            };
            who.is_some_and(|who| seen.insert(who))
        };
        all.iter().filter(|one| counts(one) && is_new(one)).collect()
    }

    /// Why an approval does not count.
    pub(crate) fn refusal(&self, approved: &Approved, rules: &Approvals, budget: &Budget) -> Option<NoApproval> {
        let is_same = |one: &Option<String>, other: &Option<String>, told_by: fn(&str) -> String| {
            one.as_deref().map(told_by).is_some_and(|one| other.as_deref().map(told_by) == Some(one))
        };
        // Whoever asks without a name is known by the account alone.
        let goes_by_account = rules.asks_accounts() || self.by.is_none();
        if approved.of.as_deref() != Some(&*self.id) {
            Some(NoApproval::OfAnother)
        } else if is_same(&approved.by, &self.by, told_by)
            || (goes_by_account && is_same(&approved.reported_by, &self.reported_by, account))
        {
            Some(NoApproval::Own)
        } else if (approved.by.is_none() && !rules.asks_accounts())
            || (goes_by_account && (approved.reported_by.is_none() || self.reported_by.is_none()))
            || !rules.takes(approved.reported_by.as_deref().unwrap_or_default(), budget)
        {
            Some(NoApproval::NotAllowed)
        } else {
            None
        }
    }

    /// Whether it covers a freeze: by its id, or as the freeze of a window that it names.
    pub(crate) fn covers(&self, freeze: &Freeze<'_>) -> Cover {
        let window = freeze.window();
        let is_named = self.freezes.iter().any(|id| *id == freeze.id);
        if !is_named && !window.is_some_and(|holder| self.names_window(holder)) {
            return Cover::Not;
        }
        let Look::Found(ons) = &freeze.ons else { return Cover::NotOnRecord };
        if !freeze.is_on_record(Record::Open) {
            return Cover::NotOnRecord;
        }
        // A `sync` that completes a record says nothing new; of a window nobody else speaks.
        let speaks = |on: &On| !on.by_sync || window.is_some();
        let says_else =
            |since: &[On], seen: &On| since.iter().any(|on| speaks(on) && on.words.reason != seen.words.reason);
        if let Some(seen) = self.seen.as_ref().filter(|_| is_named) {
            let is_seen = |on: &On| on.id.as_ref().is_some_and(|id| seen.contains(id));
            let Some(seen) = ons.iter().find(|on| is_seen(on)) else { return Cover::NotOnRecord };
            // Of words of the same instant nobody knows which came last.
            let since: Vec<_> = ons.iter().filter(|on| on.at >= seen.at).cloned().collect();
            return if says_else(&since, seen) { Cover::Restated } else { Cover::Covered };
        }
        let (before, since): (Vec<_>, Vec<_>) = ons.iter().cloned().partition(|on| on.at < self.at);
        match latest(&before) {
            // Of a window the freeze may begin later.
            None if window.is_some() => Cover::Covered,
            None => Cover::Not,
            Some(seen) if says_else(&since, seen) => Cover::Restated,
            Some(_) => Cover::Covered,
        }
    }

    /// Whether it covers the window whose freezes this holder has on record: by its names, or by one of those freezes.
    pub(crate) fn names_window(&self, holder: &str) -> bool {
        self.windows.iter().any(|window| window.holder() == holder)
            || self.freezes.iter().any(|id| id::names_holder(id, Some(holder)))
    }
}

/// Why an approval does not count.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum NoApproval {
    /// It is of another request than the one that counts.
    OfAnother,
    /// By whoever has asked.
    Own,
    /// By nobody, or by an account that may not.
    NotAllowed,
}

/// An account's name, Kosli's word for it.
fn account(name: &str) -> String {
    in_small(name.trim())
}

/// The different uses that have claimed an exception, in order: the first of them have it. What cannot be read is a use
/// of nobody.
pub(crate) fn uses(claims: &[Option<Use>]) -> Vec<Option<&Use>> {
    let mut seen = Set::new();
    claims.iter().map(Option::as_ref).filter(|claim| claim.is_none_or(|claim| seen.insert(claim))).collect()
}
