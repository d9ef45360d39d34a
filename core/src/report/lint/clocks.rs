//! Times of a window that can be meant in two ways where the clocks change.

use crate::codes::WarningCode;
use crate::policy::Window;
use crate::schedule::{Effect, End, Rule, Starts};
use crate::time::words::{clock, moment};
use crate::time::zone::{Zone, ZoneId, Zones};
use crate::time::{DAY, Instant, Local};

/// The steps of looking at a change of a clock.
const LOOK: u64 = 20;

/// Takes a warning, less the window's name.
type Tell<'t> = &'t mut dyn FnMut(WarningCode, &str);

/// From one instant to another: beginnings and ends that the clock does not show, or shows twice, the first of each
/// kind.
pub(super) fn between(window: &Window, zones: &Zones, at: Instant, last: Instant, tell: Tell<'_>) {
    let (mut gap, mut repeat) = (None, None);
    let mut ends = ends_at(window, zones, at);
    for rule in window.rules.iter() {
        for turn in turns(zones, zones.get(rule.zone), at, last) {
            let first = if turn.is_gap { &mut gap } else { &mut repeat };
            *first = first.or_else(|| turn.odd_time(rule, turn.from));
            ends = ends.or_else(|| rule.ends_at(zones, turn.at));
        }
    }
    two_ends(window, zones, ends, tell);
    odd_time(gap, tell);
    odd_time(repeat, tell);
}

/// On the day of the decision.
pub(super) fn today(window: &Window, zones: &Zones, at: Instant, tell: Tell<'_>) {
    odd_time(odd_time_today(window, zones, at), tell);
    two_ends(window, zones, ends_at(window, zones, at), tell);
}

/// The two ends that an event of a calendar may have which goes on while the clocks change.
fn ends_at(window: &Window, zones: &Zones, at: Instant) -> Option<(Instant, Instant)> {
    window.rules.iter().find_map(|rule| rule.ends_at(zones, at))
}

fn two_ends(window: &Window, zones: &Zones, ends: Option<(Instant, Instant)>, tell: Tell<'_>) {
    let Some((earlier, later)) = ends else { return };
    let local = |at| moment(zones.get(window.zone).latest_local(at));
    let (earlier, later) = (local(earlier), local(later));
    let taken = if window.effect == Effect::Freeze { &later } else { &earlier };
    let text = format!(
        "has a calendar with an event that goes on while the clocks change: it may be meant to end on {earlier} or on \
         {later}; {taken} counts"
    );
    tell(WarningCode::CalendarQuirk, &text);
}

/// A time that the clocks skip or show twice.
fn odd_time(found: Option<(Local, Turn)>, tell: Tell<'_>) {
    let Some((local, Turn { from, to, is_gap, .. })) = found else { return };
    let time = moment(local);
    let (code, text) = if !is_gap {
        (WarningCode::RepeatHour, format!("has {time}, which the clocks show twice; it happens the first time"))
    } else if local == from {
        (WarningCode::GapHour, format!("has {time}, a time the clocks skip; it happens when they go forward"))
    } else {
        let later = local + to - from;
        let told = if later.div_euclid(DAY) == local.div_euclid(DAY) { clock } else { moment };
        let (on, later) = (told(to), told(later));
        let text = format!("has {time}, a time the clocks skip; it may mean {on} or {later}: what closes more counts");
        (WarningCode::GapHour, text)
    };
    tell(code, &text);
}

fn odd_time_today(window: &Window, zones: &Zones, at: Instant) -> Option<(Local, Turn)> {
    let mut known: Option<(ZoneId, Vec<Turn>)> = None; // a calendar has thousands of rules in one zone
    for rule in window.rules.iter() {
        if known.as_ref().is_none_or(|(zone, _)| *zone != rule.zone) {
            let zone = zones.get(rule.zone);
            let now = at + zone.span(at).offset;
            let midnight = now - now.rem_euclid(DAY);
            let (from, to) = (zone.instant(midnight) - 1, zone.instant(midnight + DAY)); // midnight may be skipped
            known = Some((rule.zone, turns(zones, zone, from, to)));
        }
        // The first time of a gap is one instant however it is read.
        let mut turns = known.iter().flat_map(|(_, turns)| turns);
        let found = turns.find_map(|turn| turn.odd_time(rule, turn.from + i64::from(turn.is_gap)));
        if found.is_some() {
            return found;
        }
    }
    None
}

/// The changes of a clock after an instant and before another.
fn turns(zones: &Zones, zone: &Zone, from: Instant, to: Instant) -> Vec<Turn> {
    let mut turns = Vec::new();
    let mut span = zone.span(from);
    while span.to < to && zones.budget().spend(LOOK) {
        let after = zone.span(span.to);
        let (before, then) = (span.to + span.offset, span.to + after.offset);
        turns.push(Turn { at: span.to, from: before.min(then), to: before.max(then), is_gap: then > before });
        span = after;
    }
    turns
}

/// When a clock changes, and the local times `[from, to)` that it skips, or shows twice.
#[derive(Clone, Copy)]
struct Turn {
    at: Instant,
    from: Local,
    to: Local,
    is_gap: bool,
}

impl Turn {
    /// A time of a rule from one on that it skips, or shows twice.
    fn odd_time(self, rule: &Rule, from: Local) -> Option<(Local, Self)> {
        time_between(rule, from, self.to).map(|local| (local, self))
    }
}

/// A time in `[from, to)` at which a rule begins, or ends by the clock.
fn time_between(rule: &Rule, from: Local, to: Local) -> Option<Local> {
    let first = |starts: &Starts, from: Local, to: Local| starts.first_after(from - 1).filter(|&at| at < to);
    first(&rule.starts, from, to).or_else(|| match &rule.end {
        End::Local(seconds) => first(&rule.starts, from - seconds, to - seconds).map(|start| start + seconds),
        End::Cron(ends) => {
            let end = first(ends, from, to)?;
            let start = rule.starts.last_until(end - 1)?;
            (ends.first_after(start) == Some(end)).then_some(end)
        }
        End::After(_) | End::Either { .. } => None,
    })
}
