//! The gate: what closes an environment at an instant, what lets a change through all the same, and when that changes.
//!
//! Freezes and windows close; consents open for one change. Everything that closes must consent.

use chrono::{DateTime, Utc};

use crate::error::Error;
use crate::freeze::Freeze;
use crate::policy::{Consents, For, Held, Outlook, Policy, Verdict, Window};
use crate::schedule::Effect;
use crate::sight::Sight;

/// How an environment stands at an instant.
pub(crate) struct Gate<'p> {
    /// The instant that is asked about.
    pub(crate) now: DateTime<Utc>,
    /// All that were seen, the oldest first.
    pub(crate) freezes: Vec<Freeze<'p>>,
    pub(crate) policy: &'p Policy,
    pub(crate) outlook: Outlook<'p>,
    pub(crate) consents: Consents,
}

impl<'p> Gate<'p> {
    /// Puts together what was seen, for a change to which `consents` apply.
    pub(crate) fn of(sight: &'p Sight<'_>, freezes: Vec<Freeze<'p>>, consents: Consents) -> Result<Self, Error> {
        let (now, policy) = (sight.now, sight.ask.policy()?);
        let holding = freezes.iter().filter(|freeze| freeze.holds(now));
        let held = |freeze: &Freeze<'_>| Held { consents_until: consents.of_freeze(&freeze.id), ..freeze.held(now) };
        let held: Vec<_> = holding.map(held).collect();
        let outlook = if held.is_empty() && !sight.ask.has_policy() {
            Outlook::open()
        } else {
            let needs = sight.ask.action.needs();
            Outlook::new(policy, For::of(sight, policy)?, &held, &consents, now, needs)
        };
        Ok(Self { now, freezes, policy, outlook, consents })
    }

    /// The freezes that close it.
    pub(crate) fn holding(&self) -> Vec<&Freeze<'p>> {
        self.freezes.iter().filter(|freeze| self.closes(freeze)).collect()
    }

    fn closes(&self, freeze: &Freeze<'_>) -> bool {
        freeze.holds(self.now) && !self.is_let_through(self.consents.of_freeze(&freeze.id))
    }

    /// Every freeze window that closes it is on record, as one of the freezes that do; nothing else closes it.
    pub(crate) fn is_all_on_record(&self) -> bool {
        self.outlook.verdict == Verdict::FreezeWindow
            && self.closing_windows().into_iter().all(|window| self.is_on_record(window))
    }

    /// The windows that close it: freeze windows that are active; where only its allow windows do, all of those.
    pub(crate) fn closing_windows(&self) -> Vec<&'p Window> {
        let effect = match self.outlook.verdict {
            Verdict::FreezeWindow => Effect::Freeze,
            Verdict::OutsideAllowWindows => Effect::Allow,
            Verdict::Open | Verdict::ClosesTooSoon => return Vec::new(),
        };
        self.outlook.hits.iter().copied().filter(|window| window.effect == effect).collect()
    }

    /// One of the freezes that close it is this window's.
    pub(crate) fn is_on_record(&self, window: &Window) -> bool {
        let holder = self.policy.holder_of(window);
        self.holding().iter().any(|freeze| freeze.is_of_window(&holder))
    }

    /// Nothing closes it now, nor while the deployment needs it open.
    pub(crate) fn is_open(&self) -> bool {
        self.outlook.verdict == Verdict::Open && !self.freezes.iter().any(|freeze| self.closes(freeze))
    }

    fn is_let_through(&self, until: i64) -> bool {
        self.now.timestamp() < until
    }
}
