//! What is coming: every closure within some days.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::answer::Closure;
use crate::budget::Budget;
use crate::policy::{For, Policy, Timeline, Window};
use crate::schedule::{Effect, NEVER, Occurrence};
use crate::time::zone::{Zone, Zones};
use crate::time::{self, DAY, Instant, rfc3339_of};

/// Closures that are listed at the most.
const MOST_CLOSURES: usize = 5_000;
/// The steps of listing one, besides its texts.
const CLOSURE: u64 = 100;

pub(crate) struct Agenda<'p> {
    /// Sorted by their beginning.
    pub(crate) closures: Vec<ListedClosure<'p>>,
    /// There are more.
    pub(crate) is_cut: bool,
}

/// A closure, and the window that closes.
#[derive(Clone, Copy)]
pub(crate) struct ListedClosure<'p> {
    /// None: outside all allow windows.
    pub(crate) window: Option<&'p Window>,
    /// Whose time zone it is told in.
    pub(crate) told_by: &'p Window,
    pub(crate) time: Occurrence,
}

/// The closures that end after `at` and begin within the days: the first ones, whichever windows they are of.
pub(crate) fn agenda<'p>(policy: &'p Policy, whom: For<'_>, at: Instant, days: i64) -> Agenda<'p> {
    let windows = policy.windows_for(whom);
    let last = at.saturating_add(days * DAY).min(time::LAST);
    let mut agenda = Agenda { closures: Vec::new(), is_cut: false };
    let mut sources = Vec::new();
    for window in windows.iter().filter(|window| window.effect == Effect::Freeze) {
        let begun = window.active(&policy.zones, at).map(|occurrence| occurrence.start).min();
        let timeline = Timeline::new(&policy.zones, &[window], &[], at);
        sources.push(ClosureSource { timeline, begun, window: Some(window), told_by: window });
    }
    // Which allow windows go together is said by the environment alone.
    if let For::Environment { .. } = whom {
        let allow: Vec<_> = windows.into_iter().filter(|window| window.effect == Effect::Allow).collect();
        if let Some(told_by) = allow.first() {
            let timeline = Timeline::new(&policy.zones, &allow, &[], at);
            sources.push(ClosureSource { timeline, begun: Some(at), window: None, told_by });
        }
    }
    agenda.merge(sources, last, policy.zones.budget());
    agenda
}

/// What closes, and how it stands now.
struct ClosureSource<'p> {
    timeline: Timeline<'p>,
    /// When it has closed, if it is closed.
    begun: Option<Instant>,
    window: Option<&'p Window>,
    told_by: &'p Window,
}

impl<'p> Agenda<'p> {
    /// Takes the next closure of all sources, one after the other: of two thousand windows, too, as few are
    /// worked out as are listed.
    fn merge(&mut self, mut sources: Vec<ClosureSource<'p>>, last: Instant, budget: &Budget) {
        let mut next: BinaryHeap<_> = BinaryHeap::with_capacity(sources.len());
        for (number, source) in sources.iter_mut().enumerate() {
            next.extend(source.next(last, &mut self.is_cut).map(|time| Reverse((time, number))));
        }
        while let Some(Reverse((time, number))) = next.pop() {
            if self.closures.len() == MOST_CLOSURES {
                self.is_cut = true;
                return;
            }
            let source = &mut sources[number];
            self.closures.push(ListedClosure { window: source.window, told_by: source.told_by, time });
            if !budget.spend(CLOSURE) {
                return;
            }
            next.extend(source.next(last, &mut self.is_cut).map(|time| Reverse((time, number))));
        }
    }
}

impl ClosureSource<'_> {
    /// The next time in which it is closed, if that begins before `last`.
    fn next(&mut self, last: Instant, is_cut: &mut bool) -> Option<Occurrence> {
        let mut start = self.begun.take().filter(|_| !self.timeline.is_open());
        if start.is_none() {
            start = self.turn(is_cut);
        }
        let start = start.filter(|&start| start < last)?;
        Some(Occurrence { start, end: self.turn(is_cut).unwrap_or(NEVER) })
    }

    fn turn(&mut self, is_cut: &mut bool) -> Option<Instant> {
        let turn = self.timeline.next_turn();
        *is_cut |= turn.is_err();
        turn.ok().flatten()
    }
}

impl ListedClosure<'_> {
    pub(crate) fn shown(&self, zones: &Zones) -> Closure {
        let zone = zones.get(self.told_by.zone);
        let Occurrence { start, end } = self.time;
        let start = start.max(time::FIRST); // what began before nobody can write
        zones.budget().spend(self.window.map_or(0, |window| window.why.cost()));
        Closure {
            name: self.window.map(|window| window.name.clone()),
            effect: self.told_by.effect,
            reason: self.window.and_then(|window| window.why.reason.clone()),
            contact: self.window.and_then(|window| window.why.contact.clone()),
            starts_at: rfc3339_of(start),
            ends_at: rfc3339_of(end),
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
