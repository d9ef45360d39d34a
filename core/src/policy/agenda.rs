//! What is coming: every closure within some days.

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
    /// Whom to ask about it.
    pub contact: Option<String>,
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
    /// What begins then or later is not listed.
    last: Instant,
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
    let last = at.saturating_add(days * DAY).min(time::LAST);
    let mut agenda = Agenda { closures: Vec::new(), is_cut: false, last };
    for window in windows.iter().filter(|window| window.effect == Effect::Freeze) {
        let begun = window.active(&policy.zones, at).map(|occurrence| occurrence.start).min();
        agenda.add(Timeline::new(&policy.zones, &[window], &[], at), begun, Some(window), window);
    }
    // Which allow windows go together is said by the environment alone.
    if let For::Environment { .. } = whom {
        let allow: Vec<_> = windows.into_iter().filter(|window| window.effect == Effect::Allow).collect();
        if let Some(told_by) = allow.first() {
            agenda.add(Timeline::new(&policy.zones, &allow, &[], at), Some(at), None, told_by);
        }
    }
    agenda.sort();
    agenda
}

impl<'p> Agenda<'p> {
    /// Puts one on the list.
    fn take(&mut self, listed: Listed<'p>) {
        self.closures.push(listed);
        // Sorted once for many, so that windows that come later in the policy take their place in time.
        if self.closures.len() == 2 * MOST_CLOSURES {
            self.sort();
        }
    }

    /// Sorts them, and keeps the first ones.
    fn sort(&mut self) {
        self.closures.sort_by_key(|listed| listed.time);
        if self.closures.len() > MOST_CLOSURES {
            self.closures.truncate(MOST_CLOSURES);
            self.is_cut = true;
            self.last = self.closures.last().map_or(self.last, |listed| listed.time.start);
        }
    }

    /// The times in which a timeline is closed; `begun` is when it has closed, if it is.
    fn add(
        &mut self,
        mut timeline: Timeline<'_>,
        begun: Option<Instant>,
        window: Option<&'p Window>,
        told_by: &'p Window,
    ) {
        let mut closed = begun.filter(|_| !timeline.is_open());
        while closed.is_none_or(|start| start < self.last) {
            match (closed, timeline.next_turn()) {
                (Some(start), turn) => {
                    self.is_cut |= turn.is_err();
                    let end = turn.ok().flatten().unwrap_or(NEVER);
                    self.take(Listed { window, told_by, time: Occurrence { start, end } });
                    if end == NEVER {
                        return;
                    }
                    closed = None;
                }
                (None, Ok(None)) => return,
                (None, Ok(turn)) => closed = turn,
                (None, Err(_)) => {
                    self.is_cut = true;
                    return;
                }
            }
        }
    }
}

impl Listed<'_> {
    pub(crate) fn shown(&self, zones: &Zones) -> Closure {
        let zone = zones.get(self.told_by.zone);
        let Occurrence { start, end } = self.time;
        let start = start.max(time::FIRST); // what began before nobody can write
        Closure {
            name: self.window.map(|window| window.name.clone()),
            effect: self.told_by.effect,
            reason: self.window.and_then(|window| window.why.reason.clone()),
            contact: self.window.and_then(|window| window.why.contact.clone()),
            starts_at: rfc3339(start),
            ends_at: rfc3339(end),
            starts_local: local(zone, start),
            ends_local: local(zone, end),
            timezone: self.told_by.timezone.clone(),
        }
    }
}

/// `2026-12-24T18:00:00+01:00`; in UTC where the clock of the zone shows a year that cannot be written.
fn local(zone: &Zone, at: Instant) -> Option<String> {
    let shown = |offset| time::with_offset(at, offset);
    if at == NEVER { None } else { shown(zone.span(at).offset).or_else(|| shown(0)) }
}
