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

impl Effect {
    /// When a window begins at a local time. One that the clocks skip may be meant as they go on, or, by the offset
    /// before, as much later: what closes more counts.
    pub(crate) fn begin(self, zone: &Zone, local: Local) -> Instant {
        match self {
            Self::Freeze => zone.instant(local),
            Self::Allow => zone.instant_by_rfc(local),
        }
    }

    /// When it ends at one.
    pub(crate) fn end(self, zone: &Zone, local: Local) -> Instant {
        match self {
            Self::Freeze => zone.instant_by_rfc(local),
            Self::Allow => zone.instant(local),
        }
    }
}

/// When a window begins and how it ends; a calendar has a rule for each event.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) effect: Effect,
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
    /// Whichever of the two closes more: where the clocks change meanwhile, either may be meant.
    Either { elapsed: i64, clock: i64 },
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
    /// The latest occurrence that has begun at `at`; it alone tells whether any is active.
    pub(crate) fn latest(&self, zones: &Zones, at: Instant) -> Option<Occurrence> {
        self.latest_start(zones, at).map(|start| self.occurrence(zones, start))
    }

    /// What begins later never ends earlier, but for what begins or ends in a gap.
    fn latest_start(&self, zones: &Zones, at: Instant) -> Option<Local> {
        zones.budget().spend(ASKING);
        let zone = zones.get(self.zone);
        let mut start = self.starts.last_until(zone.latest_local(at))?;
        while let ahead = self.effect.begin(zone, start) - at
            && ahead > 0
        {
            start = self.starts.last_until(start - ahead)?;
        }
        let is_over = |start: &Local| self.end_of(zone, *start) <= at;
        if self.effect == Effect::Freeze && is_over(&start) {
            let out_of_gap = self.last_in_gaps(zone, at).into_iter().flatten().find(|start| !is_over(start));
            start = out_of_gap.unwrap_or(start);
        }
        Some(start)
    }

    /// The starts of the last occurrences whose ends, or whose starts and so their ends, a gap may have put off to `at`.
    fn last_in_gaps(&self, zone: &Zone, at: Instant) -> [Option<Local>; 2] {
        let put_off = |elapsed: i64, clock: i64| {
            let gap = zone.gap_before(at.saturating_sub(elapsed))?;
            self.starts.last_until(gap.to - 1 - clock)
        };
        match &self.end {
            End::After(seconds) => [put_off(*seconds, 0), None],
            End::Local(seconds) => [put_off(0, *seconds), None],
            End::Either { elapsed, clock } => [put_off(*elapsed, 0), put_off(0, *clock)],
            End::Cron(ends) => {
                let end = zone.gap_before(at).and_then(|gap| ends.last_until(gap.to - 1));
                [end.and_then(|end| self.starts.last_until(end - 1)), None]
            }
        }
    }

    /// The first occurrence that begins after `at`.
    pub(crate) fn next(&self, zones: &Zones, at: Instant) -> Option<Occurrence> {
        zones.budget().spend(ASKING);
        let zone = zones.get(self.zone);
        let start = self.starts.first_after(zone.latest_local(at));
        let mut next = start.map(|start| self.occurrence(zones, start));
        if self.effect == Effect::Allow {
            // What lies in a gap may begin after what lies behind it.
            let skipped = zone
                .gap_before(at)
                .and_then(|gap| self.starts.first_after(gap.from + (at - gap.at)).filter(|start| *start < gap.to));
            let behind = next.and_then(|next| {
                let gap = zone.gap_before(next.start).filter(|gap| start.is_some_and(|start| start < gap.to))?;
                self.starts.first_after(gap.to - 1)
            });
            next = next
                .into_iter()
                .chain([skipped, behind].into_iter().flatten().map(|start| self.occurrence(zones, start)))
                .min();
        }
        next.filter(|next| next.start <= time::LAST)
    }

    /// What the calendar calls the occurrence that is active at `at`.
    pub(crate) fn names_at<'r>(&'r self, zones: &Zones, at: Instant) -> impl Iterator<Item = &'r str> {
        let start = || self.latest_start(zones, at);
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
        Occurrence { start: self.effect.begin(zone, local), end: self.end_of(zone, local) }
    }

    fn end_of(&self, zone: &Zone, local: Local) -> Instant {
        let end = self.end.of(zone, local, self.effect);
        // Nobody can write it, or ask about an instant after it.
        if end > time::LAST { NEVER } else { end }
    }

    /// Of the occurrence that has begun last the two ends that it may have, the earlier one first, if they differ and
    /// one is still to come.
    pub(crate) fn ends_at(&self, zones: &Zones, at: Instant) -> Option<(Instant, Instant)> {
        let End::Either { elapsed, clock } = self.end else { return None };
        let zone = zones.get(self.zone);
        let start = self.latest_start(zones, at)?;
        let of = |end: End| end.of(zone, start, self.effect);
        let (by_length, by_clock) = (of(End::After(elapsed)), of(End::Local(clock)));
        let ends = (by_length.min(by_clock), by_length.max(by_clock));
        (ends.0 != ends.1 && at < ends.1).then_some(ends)
    }
}

impl End {
    /// When it is, of what begins at a local time.
    pub(crate) fn of(&self, zone: &Zone, start: Local, effect: Effect) -> Instant {
        let elapsed = |seconds| effect.end(zone, start).saturating_add(seconds);
        let by_clock = |seconds| effect.end(zone, start.saturating_add(seconds));
        match self {
            Self::After(seconds) => elapsed(*seconds),
            Self::Local(seconds) => by_clock(*seconds),
            Self::Either { elapsed: length, clock } => {
                let (one, other) = (elapsed(*length), by_clock(*clock));
                if effect == Effect::Freeze { one.max(other) } else { one.min(other) }
            }
            Self::Cron(ends) => ends.first_after(start).map_or(NEVER, |end| effect.end(zone, end)),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::schedule::Pattern;
    use crate::time::Local;
    use crate::time::zone::Zones;

    use super::{Effect, End, Occurrence, Rule, Starts};

    const MINUTE: i64 = 60;
    /// Midnight in London, on the day on which its clocks skip an hour from 01:00 on.
    const DAY: Local = 1_774_742_400;

    /// Around a gap a rule stands as all of its occurrences do, one by one.
    #[track_caller]
    fn check(effect: Effect, minutes: &[i64], end: End) {
        let mut zones = Zones::default();
        let zone = zones.named("Europe/London").expect("a zone");
        let mut starts = Starts::once(DAY + minutes[0] * MINUTE);
        starts.add(minutes[1..].iter().map(|minute| DAY + minute * MINUTE).collect());
        let rule = Rule { effect, zone, starts, end, names: Vec::new() };
        let all: Vec<_> = minutes.iter().map(|minute| rule.occurrence(&zones, DAY + minute * MINUTE)).collect();
        for at in (0..300).map(|minute| DAY + minute * MINUTE) {
            let is_active = all.iter().any(|one| one.start <= at && at < one.end);
            let next = all.iter().map(|one| one.start).filter(|start| *start > at).min();
            let shown = (effect, minutes, &rule.end, (at - DAY) / MINUTE);
            assert_eq!(rule.standing(&zones, at).active, is_active, "{shown:?}");
            assert_eq!(rule.next(&zones, at).map(|one| one.start), next, "{shown:?}");
            let began = |latest: Occurrence| all.contains(&latest) && latest.start <= at;
            assert!(rule.latest(&zones, at).is_none_or(began), "{shown:?}");
        }
    }

    #[test]
    fn what_begins_or_ends_in_a_gap_hides_nothing() {
        let sets: [&[i64]; 7] = [
            &[90],
            &[90, 130],
            &[45, 80],
            &[10, 50],
            &[70, 105, 130, 165],
            &[0, 59, 60, 119, 120, 179],
            &[65, 115, 125, 121, 240],
        ];
        for minutes in sets {
            for effect in [Effect::Freeze, Effect::Allow] {
                for seconds in [5, 20, 55, 90, 600].map(|minutes| minutes * MINUTE) {
                    check(effect, minutes, End::After(seconds));
                    check(effect, minutes, End::Local(seconds));
                    check(effect, minutes, End::Either { elapsed: seconds, clock: seconds + 60 * MINUTE });
                }
                for cron in ["45 1 * * *", "*/50 * * * *", "10 2 * * *", "40 1,2 * * *"] {
                    let ends = Pattern::cron(cron, &crate::budget::Budget::default()).expect("an expression");
                    check(effect, minutes, End::Cron(Box::new(Starts::of(ends))));
                }
            }
        }
    }
}
