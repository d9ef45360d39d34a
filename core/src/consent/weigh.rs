//! Which exceptions on record let a change pass, and what is still to be written before they do.

use chrono::{DateTime, TimeDelta, Utc};

use crate::answer::{ExceptionState, Why};
use crate::call::Action;
use crate::change::Use;
use crate::exception::{Exception, uses};
use crate::kosli::documents::look::Look;
use crate::kosli::name::TrailName;
use crate::order;
use crate::policy::Consents;
use crate::sight::exceptions::Exceptions;

use super::Obstacles;

/// Between a claim and the look that decides: Kosli may show claims of others a little later.
pub(crate) const PAUSE: i64 = 2;

/// An exception that has not ended, for the change in question.
pub(crate) struct Candidate<'e> {
    pub(crate) exception: &'e Exception,
    pub(crate) why: Option<Why>,
    pub(crate) state: ExceptionState,
    consents: Consents,
    /// What is wrong with it where it does not cover all.
    rest: Why,
    /// This use is among the first.
    has_claim: bool,
}

/// What comes next.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Step {
    /// Nothing on record lets it pass.
    Closed,
    /// These would, if it were then.
    WouldPass,
    /// The use has to be claimed, and this gate may not.
    Unclaimed,
    /// These exceptions are to be claimed.
    Claim(Vec<TrailName>),
    /// So many seconds are to pass before it is decided.
    Wait(i64),
    /// The use is to be put on the records of freezes.
    Pass(Vec<Pass>),
    /// All is on record.
    Passed,
}

/// A freeze that lets a use pass, and by which exception.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Pass {
    pub(crate) freeze: TrailName,
    pub(crate) exception: TrailName,
}

pub(crate) struct Weighed<'e> {
    pub(crate) candidates: Vec<Candidate<'e>>,
    /// The places of those that let it pass together.
    pub(crate) chosen: Vec<usize>,
    /// All consents that count.
    pub(crate) consents: Consents,
    pub(crate) step: Step,
}

impl<'e> Weighed<'e> {
    /// Weighs the exceptions for the change and the use that the action states; `free` is what consents without them.
    pub(crate) fn of(obstacles: &Obstacles<'_>, exceptions: &'e Exceptions, free: &Consents) -> Self {
        let needs = obstacles.sight.ask.action.needs();
        let weighed = exceptions.live.iter().filter(|exception| exception.is_asked());
        let mut candidates: Vec<_> = weighed.map(|exception| Candidate::of(obstacles, exception)).collect();
        let chosen = choose(obstacles, &candidates, free, needs);
        let usable = together(&candidates, |one| one.why.is_none(), free);
        for one in &mut candidates {
            let is_pending = matches!(one.why, Some(Why::NotApproved | Why::NoRun));
            let is_idle = one.why.is_none() && chosen.is_empty();
            if is_idle || is_pending {
                let consents = usable.and(&one.consents);
                one.why = if obstacles.lets_pass(&consents, needs) {
                    one.why
                } else if obstacles.lets_pass(&consents, 0) {
                    Some(Why::EndsTooSoon)
                } else {
                    Some(one.rest)
                };
            }
        }
        let consents = together(&candidates, |_| false, free);
        let consents = chosen.iter().fold(consents, |all, &place| all.and(&candidates[place].consents));
        let mut weighed = Self { candidates, chosen, consents, step: Step::Closed };
        weighed.step = weighed.next_step(obstacles, free);
        weighed.tell_state();
        weighed
    }

    fn next_step(&self, obstacles: &Obstacles<'_>, free: &Consents) -> Step {
        let action = obstacles.sight.ask.action;
        if self.chosen.is_empty() {
            return Step::Closed;
        }
        if action.is_what_if() {
            return Step::WouldPass;
        }
        let chosen = || self.chosen.iter().map(|&place| &self.candidates[place]);
        let unclaimed: Vec<_> = chosen().filter(|one| !one.has_claim).map(Candidate::trail).collect();
        if !unclaimed.is_empty() {
            return if action.claims() { Step::Claim(unclaimed) } else { Step::Unclaimed };
        }
        let passes = self.passes(free, obstacles);
        let Some(by) = action.use_of() else { return Step::Closed };
        let is_missing = |pass: &&Pass| !is_on_record(obstacles, pass, &by);
        let missing: Vec<_> = passes.iter().filter(is_missing).cloned().collect();
        if missing.is_empty() && !passes.is_empty() {
            return Step::Passed;
        }
        if !missing.is_empty() && !action.claims() {
            return Step::Unclaimed;
        }
        match rest(action, obstacles.sight.ask.now) {
            Some(seconds) => Step::Wait(seconds),
            None if missing.is_empty() => Step::Passed,
            None => Step::Pass(missing),
        }
    }

    /// The freezes that let it pass by an exception alone, each with the first exception that covers it.
    pub(crate) fn passes(&self, free: &Consents, obstacles: &Obstacles<'_>) -> Vec<Pass> {
        let mut passes = Vec::new();
        for freeze in obstacles.holding.iter().filter(|freeze| !obstacles.lets_freeze(free, freeze)) {
            let covers = |chosen: &&usize| obstacles.lets_freeze(&self.candidates[**chosen].consents, freeze);
            let by = self.chosen.iter().find(covers);
            if let (Some(by), Some(freeze)) = (by, freeze.trail()) {
                passes.push(Pass { freeze, exception: self.candidates[*by].trail() });
            }
        }
        passes
    }

    /// Every use of those that let it pass is among the first.
    pub(crate) fn is_claimed(&self) -> bool {
        !self.chosen.is_empty() && self.chosen.iter().all(|&place| self.candidates[place].has_claim)
    }

    /// Someone may still act so that it passes: when it opens nobody knows.
    pub(crate) fn is_pending(&self) -> bool {
        let waits = |why| matches!(why, Why::NotApproved | Why::ExceptionUnclaimed);
        !matches!(self.step, Step::Closed | Step::Passed)
            || self.candidates.iter().any(|one| one.why.is_some_and(waits))
    }

    fn tell_state(&mut self) {
        for &place in &self.chosen {
            let one = &mut self.candidates[place];
            match self.step {
                Step::Passed => one.state = ExceptionState::Passed,
                Step::Claim(_) | Step::Wait(_) | Step::Pass(_) => one.state = ExceptionState::Claiming,
                Step::Unclaimed => one.why = Some(Why::ExceptionUnclaimed),
                Step::Closed | Step::WouldPass => {}
            }
        }
    }
}

impl<'e> Candidate<'e> {
    fn of(obstacles: &Obstacles<'_>, exception: &'e Exception) -> Self {
        let (consents, rest) = obstacles.consents_of(exception);
        let mut one = Self { exception, why: None, state: ExceptionState::Live, consents, rest, has_claim: false };
        one.why = one.judge(obstacles);
        one
    }

    /// What is wrong with it by itself.
    fn judge(&mut self, obstacles: &Obstacles<'_>) -> Option<Why> {
        let sight = obstacles.sight;
        let rules = &obstacles.policy.approvals;
        let action = sight.ask.action;
        let Ok(asked) = self.exception.request() else {
            self.state = ExceptionState::Unreadable;
            return Some(Why::Unreadable);
        };
        if self.exception.steps.is_revoked {
            self.state = ExceptionState::Revoked;
        }
        if action.change().is_none_or(|change| !asked.matching.fits(change, sight.ask.budget)) {
            return Some(Why::OtherChange);
        }
        if self.exception.steps.is_revoked {
            return Some(Why::Revoked);
        }
        if self.exception.is_too_long(asked, rules) {
            return Some(Why::TooLong);
        }
        if self.consents.is_empty() {
            return Some(self.rest);
        }
        let needed = asked.needed(rules);
        let counted = self.exception.approvals.found().map(|all| asked.counted(all, rules, sight.ask.budget).len());
        let Some(claims) = self.exception.claims.found() else { return Some(self.unreadable()) };
        let uses = uses(claims);
        let first = uses.iter().take(usize::try_from(asked.uses).unwrap_or(usize::MAX));
        let by = action.use_of();
        self.has_claim = by.as_ref().is_some_and(|by| first.flatten().any(|one| *one == by));
        let is_used_up = uses.len() as u64 >= asked.uses && !self.has_claim;
        self.state = if is_used_up { ExceptionState::UsedUp } else { ExceptionState::Usable };
        if needed > 0 {
            let Some(counted) = counted else { return Some(self.unreadable()) };
            if (counted as u64) < needed {
                self.state = ExceptionState::Awaiting;
                return Some(Why::NotApproved);
            }
        }
        match by {
            None => Some(Why::NoRun),
            Some(_) if is_used_up => Some(Why::UsedUp),
            Some(_) => None,
        }
    }

    fn unreadable(&mut self) -> Why {
        self.state = ExceptionState::Unreadable;
        Why::Unreadable
    }

    pub(crate) fn trail(&self) -> TrailName {
        self.exception.id.trail.clone()
    }
}

/// The first exception that lets it pass alone, else the fewest that do together; those claimed already come first.
fn choose(obstacles: &Obstacles<'_>, candidates: &[Candidate<'_>], free: &Consents, needs: i64) -> Vec<usize> {
    let mut usable: Vec<_> = (0..candidates.len()).filter(|&place| candidates[place].why.is_none()).collect();
    order::sort_by(&mut usable, |a, b| candidates[*b].has_claim.cmp(&candidates[*a].has_claim));
    let lets_pass = |places: &[usize]| {
        let consents = places.iter().fold(free.clone(), |all, &place| all.and(&candidates[place].consents));
        obstacles.lets_pass(&consents, needs)
    };
    if let Some(&alone) = usable.iter().find(|&&place| lets_pass(&[place])) {
        return vec![alone];
    }
    if usable.is_empty() || !lets_pass(&usable) {
        return Vec::new();
    }
    for place in usable.clone().into_iter().rev() {
        let others: Vec<_> = usable.iter().copied().filter(|other| *other != place).collect();
        if lets_pass(&others) {
            usable = others;
        }
    }
    usable
}

fn together(candidates: &[Candidate<'_>], which: impl Fn(&Candidate<'_>) -> bool, free: &Consents) -> Consents {
    candidates.iter().filter(|one| which(one)).fold(free.clone(), |all, one| all.and(&one.consents))
}

fn is_on_record(obstacles: &Obstacles<'_>, pass: &Pass, by: &Use) -> bool {
    match obstacles.sight.look_at_passes(&pass.freeze) {
        Look::Found(passes) => passes.iter().any(|one| one.by == *by && one.exception == pass.exception.as_str()),
        _ => false,
    }
}

/// How long to wait since the claim was written: all of it, where this run has not written it.
fn rest(action: &Action, now: DateTime<Utc>) -> Option<i64> {
    let Some(claimed_at) = action.claimed_at() else { return Some(PAUSE) };
    let left = claimed_at + TimeDelta::seconds(PAUSE) - now;
    let seconds = left.num_seconds() + i64::from(left.subsec_nanos() > 0);
    (seconds > 0).then(|| seconds.min(PAUSE))
}
