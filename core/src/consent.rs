//! What lets a change pass: everything that closes must consent.

pub(crate) mod weigh;

use crate::answer::Why;
use crate::change::{Change, Match};
use crate::error::Error;
use crate::exception::{Cover, Exception};
use crate::freeze::Freeze;
use crate::kosli::window_name::WindowName;
use crate::order::Set;
use crate::policy::{Consents, For, Held, Outlook, Policy, Standing, Verdict, Window};
use crate::schedule::{Effect, NEVER};
use crate::sight::Sight;

/// What closes an environment, or may close it while a deployment goes on.
pub(crate) struct Obstacles<'a> {
    pub(crate) sight: &'a Sight<'a>,
    pub(crate) policy: &'a Policy,
    pub(crate) whom: For<'a>,
    pub(crate) windows: Vec<&'a Window>,
    pub(crate) holding: Vec<&'a Freeze<'a>>,
}

impl<'a> Obstacles<'a> {
    pub(crate) fn of(sight: &'a Sight<'a>, freezes: &'a [Freeze<'a>]) -> Result<Self, Error> {
        let policy = sight.ask.policy()?;
        let whom = For::of(sight, policy)?;
        let windows = policy.windows_for(whom);
        let holding = freezes.iter().filter(|freeze| freeze.holds(sight.now)).collect();
        Ok(Self { sight, policy, whom, windows, holding })
    }

    /// `true` if nothing closes any more, for as long as the deployment needs.
    pub(crate) fn lets_pass(&self, consents: &Consents, needs: i64) -> bool {
        self.holding.iter().all(|freeze| self.lets_freeze(consents, freeze))
            && self.outlook(consents, needs).verdict == Verdict::Open
    }

    pub(crate) fn lets_freeze(&self, consents: &Consents, freeze: &Freeze<'_>) -> bool {
        self.sight.now.timestamp() < consents.of_freeze(&freeze.id)
    }

    /// How it stands for a change with these consents.
    pub(crate) fn outlook(&self, consents: &Consents, needs: i64) -> Outlook<'a> {
        let now = self.sight.now;
        let held = |freeze: &&Freeze<'_>| Held { consents_until: consents.of_freeze(&freeze.id), ..freeze.held(now) };
        let held: Vec<_> = self.holding.iter().map(held).collect();
        Outlook::new(self.policy, self.whom, &held, consents, now, needs)
    }

    /// The exceptions of the policy that are for the environment and the change.
    pub(crate) fn standing(&self, change: &Change) -> Vec<&'a Standing> {
        let is_for = |one: &&Standing| one.is_for(self.whom, change, self.sight.ask.budget);
        self.policy.exceptions.iter().filter(is_for).collect()
    }

    /// Those of them that matter: they cover a window that closes, now or while the deployment goes on.
    pub(crate) fn standing_at_work(&self, change: &Change) -> Vec<&'a Standing> {
        let (now, needs, budget) = (self.sight.now, self.sight.ask.action.needs(), self.sight.ask.budget);
        let at = now.timestamp();
        let end = at + i64::from(now.timestamp_subsec_nanos() > 0) + needs;
        let zones = &self.policy.zones;
        let freezes = |window: &Window| {
            window.active(zones, at).next().is_some()
                || window.next(zones, at).is_some_and(|next| next.start < end)
                || self.holding.iter().any(|freeze| freeze.window() == Some(&self.policy.holder_of(window)))
        };
        let is_outside = self.is_outside_allow_windows(needs);
        let closes = |window: &&&Window| match window.effect {
            Effect::Freeze => freezes(window),
            Effect::Allow => is_outside,
        };
        let closing: Vec<_> = self.windows.iter().filter(closes).collect();
        let matters = |one: &&Standing| closing.iter().any(|window| one.covers(&window.name, budget));
        self.standing(change).into_iter().filter(matters).collect()
    }

    /// Nothing else would have to close it.
    fn is_outside_allow_windows(&self, needs: i64) -> bool {
        let mut others = Consents::default();
        self.holding.iter().for_each(|freeze| others.let_freeze(&freeze.id, NEVER));
        let freezing = self.windows.iter().filter(|window| window.effect == Effect::Freeze);
        freezing.for_each(|window| others.let_window(&window.name, NEVER));
        !self.lets_pass(&others, needs)
    }

    /// What consents without an exception on record: the holders themselves, and the policy for its windows.
    pub(crate) fn free_consents(&self, change: &Change) -> Consents {
        let mut consents = Consents::default();
        let standing = self.standing(change);
        let mut covered = Set::new();
        for window in &self.windows {
            if standing.iter().any(|one| one.covers(&window.name, self.sight.ask.budget)) {
                consents.let_window(&window.name, NEVER);
                covered.insert(self.policy.holder_of(window));
            }
        }
        for freeze in &self.holding {
            let is_of_covered = freeze.window().is_some_and(|holder| covered.contains(holder));
            let fits = |except: &Match| except.fits(change, self.sight.ask.budget);
            let holder_consents = || freeze.consent().is_some_and(|consent| consent.iter().all(fits));
            if is_of_covered || holder_consents() {
                consents.let_freeze(&freeze.id, NEVER);
            }
        }
        consents
    }

    /// What an exception covers, and if that is not all, what is wrong with the rest.
    pub(crate) fn consents_of(&self, exception: &Exception) -> (Consents, Why) {
        let (mut consents, mut rest) = (Consents::default(), Why::DoesNotCover);
        let Ok(asked) = exception.request() else { return (consents, rest) };
        let end = exception.end();
        for freeze in &self.holding {
            match asked.covers(freeze) {
                Cover::Covered => consents.let_freeze(&freeze.id, end),
                Cover::Restated => rest = Why::Restated,
                Cover::NotOnRecord if rest == Why::DoesNotCover => rest = Why::NotOnRecord,
                Cover::NotOnRecord | Cover::Not => {}
            }
        }
        for window in &self.windows {
            if asked.names_window(&self.policy.holder_of(window)) {
                consents.let_window(&window.name, end);
            }
        }
        (consents, rest)
    }

    /// The windows that close now, by their names: active freeze windows, and all allow windows if none is active.
    pub(crate) fn closing_windows(&self) -> Vec<WindowName> {
        let at = self.sight.now.timestamp();
        let is_active = |window: &Window| window.active(&self.policy.zones, at).next().is_some();
        let (allow, freeze): (Vec<&Window>, Vec<&Window>) =
            self.windows.iter().partition(|window| window.effect == Effect::Allow);
        let is_outside = !allow.iter().any(|window| is_active(window));
        let closing = freeze.into_iter().filter(|window| is_active(window));
        let closing = closing.chain(allow.into_iter().filter(|_| is_outside));
        closing.map(|window| self.policy.name_of(window)).collect()
    }
}
