//! A rule: when something begins, how it ends, and how it stands at an instant.

use std::rc::Rc;

use serde::Serialize;

use crate::time::zone::{Zone, ZoneId, Zones};
use crate::time::{self, Instant, Local};

use super::starts::Starts;

/// What a window does while it is active.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Effect {
    /// It closes its environments.
    Freeze,
    /// Its environments are closed while no window of this kind is active.
    Allow,
}

/// When a window begins and how it ends; a calendar has a rule for each event.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) zone: ZoneId,
    pub(crate) starts: Starts,
    pub(crate) end: End,
    /// What a calendar calls what begins: at one of its starts, or at any.
    pub(crate) names: Vec<(Option<Local>, Rc<str>)>,
}

/// The end of what has begun.
#[derive(Clone, Debug)]
pub(crate) enum End {
    /// So many seconds later.
    After(i64),
    /// When the wall clock shows so many seconds more.
    Local(i64),
    /// Whichever of the two is later, or earlier: where the clocks change meanwhile, either may be meant.
    Either { elapsed: i64, clock: i64, is_later: bool },
    /// At the first of these local times after the start.
    Cron(Box<Starts>),
}

/// The steps of turning a start and an end into instants.
const ASKING: u64 = 6;

/// `[start, end)`.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Occurrence {
    pub(crate) start: Instant,
    /// `NEVER` if none is found.
    pub(crate) end: Instant,
}

/// The instant of what does not happen.
pub(crate) const NEVER: Instant = Instant::MAX;

/// How a rule stands at an instant.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RuleStanding {
    pub(crate) active: bool,
    /// It stands like this until then at least.
    pub(crate) until: Instant,
}

impl Rule {
    /// The latest occurrence that has begun at `at`. What begins later never ends earlier, so it alone tells
    /// whether any is active.
    pub(crate) fn latest(&self, zones: &Zones, at: Instant) -> Option<Occurrence> {
        zones.budget().spend(ASKING);
        let start = self.starts.last_until(zones.get(self.zone).latest_local(at))?;
        Some(self.occurrence(zones, start))
    }

    /// The first occurrence that begins after `at`.
    pub(crate) fn next(&self, zones: &Zones, at: Instant) -> Option<Occurrence> {
        zones.budget().spend(ASKING);
        let start = self.starts.first_after(zones.get(self.zone).latest_local(at))?;
        Some(self.occurrence(zones, start)).filter(|next| next.start <= time::LAST)
    }

    /// What the calendar calls the occurrence that is active at `at`.
    pub(crate) fn names_at<'r>(&'r self, zones: &Zones, at: Instant) -> impl Iterator<Item = &'r str> {
        let start = || self.starts.last_until(zones.get(self.zone).latest_local(at));
        let is_named = !self.names.is_empty() && zones.budget().spend(ASKING + self.names.len() as u64);
        let active = is_named.then(start).flatten().filter(|start| at < self.occurrence(zones, *start).end);
        let names =
            self.names.iter().filter(move |(of, _)| active.is_some_and(|start| of.is_none_or(|of| of == start)));
        names.map(|(_, name)| &**name)
    }

    pub(crate) fn standing(&self, zones: &Zones, at: Instant) -> RuleStanding {
        match self.latest(zones, at).filter(|latest| at < latest.end) {
            // Its end counts: nothing that begins before can change anything.
            Some(occurrence) => RuleStanding { active: true, until: occurrence.end },
            None => RuleStanding { active: false, until: self.next(zones, at).map_or(NEVER, |next| next.start) },
        }
    }

    pub(crate) fn occurrence(&self, zones: &Zones, local: Local) -> Occurrence {
        let zone = zones.get(self.zone);
        let (start, end) = (zone.instant(local), self.end.of(zone, local));
        // Nobody can write it, or ask about an instant after it.
        Occurrence { start, end: if end > time::LAST { NEVER } else { end } }
    }

    /// Of the occurrence that has begun last the two ends that it may have, the earlier one first, if they differ and
    /// one is still to come.
    pub(crate) fn ends_at(&self, zones: &Zones, at: Instant) -> Option<(Instant, Instant)> {
        let End::Either { elapsed, clock, .. } = self.end else { return None };
        zones.budget().spend(ASKING);
        let zone = zones.get(self.zone);
        let start = self.starts.last_until(zone.latest_local(at))?;
        let (by_length, by_clock) = (End::After(elapsed).of(zone, start), End::Local(clock).of(zone, start));
        let ends = (by_length.min(by_clock), by_length.max(by_clock));
        (ends.0 != ends.1 && at < ends.1).then_some(ends)
    }
}

impl End {
    /// When it is, of what begins at a local time.
    pub(crate) fn of(&self, zone: &Zone, start: Local) -> Instant {
        let elapsed = |seconds| zone.instant(start).saturating_add(seconds);
        let by_clock = |seconds| zone.instant(start.saturating_add(seconds));
        match self {
            Self::After(seconds) => elapsed(*seconds),
            Self::Local(seconds) => by_clock(*seconds),
            Self::Either { elapsed: length, clock, is_later: true } => elapsed(*length).max(by_clock(*clock)),
            Self::Either { elapsed: length, clock, is_later: false } => elapsed(*length).min(by_clock(*clock)),
            Self::Cron(ends) => ends.first_after(start).map_or(NEVER, |end| zone.instant(end)),
        }
    }
}
