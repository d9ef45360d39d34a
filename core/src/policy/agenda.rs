//! What is coming: every closure within some days.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use serde::Serialize;

use crate::recurrence::DAY;
use crate::time;
use crate::zone::{Instant, Zone, Zones};

use super::outlook::rfc3339;
use super::timeline::Timeline;
use super::window::{Effect, NEVER, Occurrence, Window};
use super::{For, Policy};

/// Closures that are listed at the most.
const MOST_CLOSURES: usize = 5_000;

/// A time in which an environment is closed.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Closure {
    /// The freeze window's; none outside all allow windows.
    pub name: Option<String>,
    /// Of which kind of window.
    pub effect: Effect,
    /// Why.
    pub reason: Option<String>,
    /// RFC 3339, in UTC.
    pub starts_at: Option<String>,
    /// RFC 3339, in UTC; none if no end was found.
    pub ends_at: Option<String>,
    /// RFC 3339, with the offset of the time zone.
    pub starts_local: Option<String>,
    /// RFC 3339, with the offset of the time zone.
    pub ends_local: Option<String>,
    /// The time zone, an IANA name.
    pub timezone: String,
}

pub(crate) struct Agenda<'p> {
    /// Sorted by their beginning.
    pub(crate) closures: Vec<Listed<'p>>,
    /// There are more.
    pub(crate) is_cut: bool,
}

/// A closure, and the window that closes.
#[derive(Clone, Copy)]
pub(crate) struct Listed<'p> {
    /// None: outside all allow windows.
    pub(crate) window: Option<&'p Window>,
    /// Whose time zone it is told in.
    pub(crate) told_by: &'p Window,
    pub(crate) time: Occurrence,
}

/// The closures that end after `at` and begin within the days.
pub(crate) fn agenda<'p>(policy: &'p Policy, whom: For<'_>, at: Instant, days: i64) -> Agenda<'p> {
    let windows = policy.windows_for(whom);
    let last = at.saturating_add(days * DAY);
    let (freezes, allow): (Vec<_>, Vec<_>) = windows.into_iter().partition(|window| window.effect == Effect::Freeze);
    let mut agenda = Agenda { closures: Vec::new(), is_cut: false };
    agenda.add_runs(&policy.zones, &freezes, at, last);
    // Which allow windows go together is said by the environment alone.
    if let For::Environment { .. } = whom {
        let mut gaps = Agenda { closures: Vec::new(), is_cut: false };
        gaps.add_gaps(&policy.zones, &allow, at, last);
        agenda.closures.append(&mut gaps.closures);
        agenda.is_cut |= gaps.is_cut || agenda.closures.len() > MOST_CLOSURES;
    }
    agenda.closures.sort_by_key(|listed| listed.time);
    agenda.closures.truncate(MOST_CLOSURES);
    agenda
}

impl<'p> Agenda<'p> {
    fn take(&mut self, listed: Listed<'p>) -> bool {
        self.is_cut |= self.closures.len() == MOST_CLOSURES;
        if !self.is_cut {
            self.closures.push(listed);
        }
        !self.is_cut
    }

    /// The runs of freeze windows, the first one first: a window of many must not hide those of the others.
    fn add_runs(&mut self, zones: &Zones, freezes: &[&'p Window], at: Instant, last: Instant) {
        let first = |window: &Window| window.run(zones, at).or_else(|| window.next_run(zones, at));
        let runs = freezes.iter().enumerate();
        let mut runs: BinaryHeap<_> =
            runs.filter_map(|(place, window)| Some(Reverse((first(window)?, place)))).collect();
        while let Some(Reverse((time, place))) = runs.pop().filter(|Reverse((time, _))| time.start < last) {
            let window = freezes[place];
            if !self.take(Listed { window: Some(window), told_by: window, time }) {
                return;
            }
            let next = if time.end == NEVER { None } else { window.next_run(zones, time.end) };
            runs.extend(next.map(|next| Reverse((next, place))));
        }
    }

    /// The times in which no allow window is active; the first one is told from `at` on.
    fn add_gaps(&mut self, zones: &'p Zones, allow: &[&'p Window], at: Instant, last: Instant) {
        let Some(&told_by) = allow.first() else { return };
        let mut timeline = Timeline::new(zones, allow, &[], at);
        let mut start = (!timeline.is_open()).then_some(at);
        while start.is_none_or(|start| start < last) {
            let Ok(turn) = timeline.next_turn() else {
                self.is_cut = true;
                return;
            };
            match (start, turn) {
                (Some(begun), _) => {
                    let time = Occurrence { start: begun, end: turn.unwrap_or(NEVER) };
                    if !self.take(Listed { window: None, told_by, time }) || turn.is_none() {
                        return;
                    }
                    start = None;
                }
                (None, None) => return,
                (None, Some(_)) => start = turn,
            }
        }
    }
}

impl Listed<'_> {
    pub(crate) fn shown(&self, zones: &Zones) -> Closure {
        let zone = zones.get(self.told_by.zone);
        let Occurrence { start, end } = self.time;
        Closure {
            name: self.window.map(|window| window.name.clone()),
            effect: self.told_by.effect,
            reason: self.window.and_then(|window| window.reason.clone()),
            starts_at: rfc3339(start),
            ends_at: rfc3339(end),
            starts_local: local(zone, start),
            ends_local: local(zone, end),
            timezone: self.told_by.timezone.clone(),
        }
    }
}

/// `2026-12-24T18:00:00+01:00`
fn local(zone: &Zone, at: Instant) -> Option<String> {
    (at != NEVER).then(|| time::at(at).and_then(|time| time::with_offset(time, zone.span(at).offset))).flatten()
}
