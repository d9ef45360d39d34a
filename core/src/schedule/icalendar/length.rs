//! How long an event lasts.

use crate::schedule::{Effect, End};
use crate::time::zone::Zone;
use crate::time::{DAY, Instant, Local, duration};

use super::component::Component;
use super::lines::Line;
use super::when::{TWO_READINGS, Times, When, midnight};

/// Programs that know no end of a day write one second or minute less.
const LAST_MINUTE: i64 = 60;

/// Until so many seconds later, or until the wall clock shows so many more; or whichever of the two closes more.
#[derive(Clone, Copy, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Length {
    After(i64),
    Local(i64),
    Either { elapsed: i64, clock: i64 },
}

const CLOCKS_CHANGE: &str = "an event that recurs, and first goes on over a change of the clocks, ends by its length \
                             or by the clock, whichever closes more";

/// How long each occurrence lasts, `None` if it takes no time.
///
/// `second` is how far into its date an event has begun that says both, which a freeze takes for the date.
pub(super) fn length(
    component: &Component,
    start: When,
    second: i64,
    times: &mut Times,
) -> Result<Option<Length>, String> {
    let end = component.one("DTEND", &mut times.quirks)?;
    let duration = component.one("DURATION", &mut times.quirks)?;
    let length = match (end, duration) {
        (Some(line), Some(other)) => {
            let to = length_to(line, start, component.recurs(), times)?;
            let lasting = lasting(other, start, second, times)?;
            if to.map(Length::elapsed) != lasting.map(Length::elapsed) {
                return Err(line.error("stands beside a `DURATION` that says otherwise; give one of them"));
            }
            times.quirks.note(line.number, "a `DTEND` and a `DURATION` say the same");
            return Ok(to);
        }
        (Some(line), None) => return length_to(line, start, component.recurs(), times),
        (None, Some(line)) => return lasting(line, start, second, times),
        (None, None) if start.is_date => Some(Length::Local(DAY)),
        (None, None) => times.lasts(component.line, start, 0, None),
    };
    Ok(length)
}

/// How long an occurrence lasts by its `DURATION`.
fn lasting(line: &Line, start: When, second: i64, times: &mut Times) -> Result<Option<Length>, String> {
    let seconds = duration::parse(line.value())
        .ok_or_else(|| line.bad("which is not a valid duration such as `PT2H` or `P1D`"))?;
    Ok(if start.is_date {
        days(line.number, seconds + second, times)
    } else {
        // Days are the clock's (RFC 5545, 3.3.6), and to many programs hours are, too.
        times.lasts(line.number, start, seconds, Some(seconds))
    })
}

/// How long an occurrence lasts that ends at `DTEND`. Of one that recurs that is the end of the first.
fn length_to(line: &Line, start: When, recurs: bool, times: &mut Times) -> Result<Option<Length>, String> {
    let end = times.when(line)?;
    let is_freeze = times.effect == Effect::Freeze;
    let before = || Err(line.bad("which lies before `DTSTART`; an event ends after it has begun"));
    if start.is_date && end.is_date {
        let seconds = end.local - start.local;
        return if seconds < 0 { before() } else { Ok(days(line.number, seconds, times)) };
    }
    if start.is_date {
        // As it is written, and as the clock of the window shows it.
        let last = end.local.max(times.shown(times.default, times.instant(end)));
        if last <= start.local - DAY {
            return before();
        }
        if is_freeze {
            return Ok(days(line.number, (last - start.local).max(1), times));
        }
        times.quirks.note(line.number, "a `DTEND` with a time, where `DTSTART` is a date, is taken as it is written");
        let here = times.shown(times.default, times.instant(end));
        return Ok(times.some_time(line.number, Length::Local(here - start.local)));
    }
    if end.is_date {
        let day_after = When { local: end.local + DAY, ..end };
        if times.instant(day_after) <= times.instant(start) {
            return before();
        }
        let (end, quirk) = if is_freeze {
            (day_after, "a `DTEND` that is a date, where `DTSTART` is a time, counts in a freeze as all of that day")
        } else {
            (end, "a `DTEND` that is a date, where `DTSTART` is a time, is taken as its midnight")
        };
        times.quirks.note(line.number, quirk);
        return Ok(times.lasts_to(line.number, start, times.end(end), recurs));
    }
    let mut all: Vec<_> = times.ends(end);
    if start.other.is_some() && [Some(end.zone), end.other].contains(&Some(start.zone)) {
        all = vec![times.end(When { zone: start.zone, ..end })];
    }
    // Many programs leave out the zone where they mean that of `DTSTART`.
    if end.is_floating && end.zone != start.zone {
        all.push(times.end(When { zone: start.zone, ..end }));
    }
    let begin = times.instant(start);
    let (first, last) = (all.iter().copied().min().unwrap_or(begin), all.iter().copied().max().unwrap_or(begin));
    if first != last || times.is_skipped(end) {
        times.quirks.note(line.number, TWO_READINGS);
    }
    if last < begin {
        return before();
    }
    let at = if is_freeze { last } else { first.max(begin) };
    Ok(times.lasts_to(line.number, start, at, recurs))
}

/// How long an event lasts that begins on a date: in a freeze all of each day that it touches, and one at least.
fn days(line: usize, seconds: i64, times: &mut Times) -> Option<Length> {
    let rest = seconds.rem_euclid(DAY);
    match times.effect {
        Effect::Freeze if seconds == 0 => {
            times.quirks.note(line, "a `DTEND` on the date of `DTSTART` counts in a freeze as one day");
            Some(Length::Local(DAY))
        }
        Effect::Freeze if rest != 0 => {
            times
                .quirks
                .note(line, "an end with a time, where `DTSTART` is a date, counts in a freeze as all of its day");
            Some(Length::Local(seconds - rest + DAY))
        }
        Effect::Allow if rest != 0 => {
            times.quirks.note(line, "an end with a time, where `DTSTART` is a date, is taken as it is written");
            times.some_time(line, Length::Local(seconds))
        }
        _ => times.some_time(line, Length::Local(seconds)),
    }
}

impl Times<'_, '_, '_> {
    /// How long something lasts whose end is known the first time: if it recurs, that is so long, or until the same
    /// time of the day, as programs show it.
    fn lasts_to(&mut self, line: usize, start: When, end: Instant, recurs: bool) -> Option<Length> {
        let clock = self.shown(start.zone, end) - start.local;
        // Of a start in a gap the length is counted from its later reading, unless that is no time.
        let seconds = Some(end - self.end(start)).filter(|seconds| *seconds > 0).unwrap_or(end - self.instant(start));
        if recurs && clock != seconds {
            self.quirks.note(line, CLOCKS_CHANGE);
        }
        self.lasts(line, start, seconds, recurs.then_some(clock))
    }

    /// How long something lasts that begins at a time, by its length and perhaps by the clock; `None` if it takes no
    /// time: in a freeze a midnight is its day, and the last minute of a day belongs to it.
    pub(super) fn lasts(&mut self, line: usize, start: When, seconds: i64, clock: Option<i64>) -> Option<Length> {
        let is_freeze = self.effect == Effect::Freeze;
        if seconds <= 0 && is_freeze && self.may_be_midnight(start) {
            self.quirks.note(line, "what takes no time at a midnight counts in a freeze as that day");
            return Some(Length::Local(DAY));
        }
        let end = self.end(start) + seconds;
        let left = [start.zone, self.default].map(|zone| DAY - self.shown(zone, end).rem_euclid(DAY));
        let left = left.into_iter().filter(|left| *left <= LAST_MINUTE).max().unwrap_or(0);
        let length = clock.map_or(Length::After(seconds), |clock| Length::Either { elapsed: seconds, clock });
        if seconds <= 0 || left == 0 {
            return self.some_time(line, length);
        }
        if is_freeze {
            self.quirks.note(line, "an end in the last minute of a day counts in a freeze as the end of that day");
            return Some(length.longer(left));
        }
        self.quirks.note(line, "an end in the last minute of a day is taken as it is written: that minute is closed");
        Some(length)
    }

    /// A length, unless it is no time at all.
    pub(super) fn some_time(&mut self, line: usize, length: Length) -> Option<Length> {
        if length.elapsed() <= 0 {
            self.quirks.note(line, "what takes no time is left out");
        }
        (length.elapsed() > 0).then_some(length)
    }

    /// On its own clock, the window's, or that of the calendar.
    fn may_be_midnight(&mut self, when: When) -> bool {
        let zones = [Some(when.zone), when.other, Some(self.default), self.own()];
        let instants = self.instants(when);
        zones.into_iter().flatten().any(|zone| {
            instants.iter().any(|at| {
                let local = self.shown(zone, *at);
                local == midnight(local)
            })
        }) || when.local == midnight(when.local)
    }
}

impl Length {
    /// Of a time that takes none at a midnight.
    pub(super) fn is_day(self) -> bool {
        self == Self::Local(DAY)
    }

    /// The days that it touches if it begins with one.
    pub(super) fn days(self) -> i64 {
        (self.elapsed().max(self.clock()) + DAY - 1).div_euclid(DAY).max(1)
    }

    /// In seconds, as many as the first time.
    pub(super) fn elapsed(self) -> i64 {
        let (Self::After(seconds) | Self::Local(seconds) | Self::Either { elapsed: seconds, .. }) = self;
        seconds
    }

    fn clock(self) -> i64 {
        let (Self::After(seconds) | Self::Local(seconds) | Self::Either { clock: seconds, .. }) = self;
        seconds
    }

    /// The one that ends earlier from a start; `None` takes no time.
    pub(super) fn shortest(one: Option<Self>, other: Option<Self>, zone: &Zone, start: Local) -> Option<Self> {
        if Self::longest(one, other, zone, start) == other { one } else { other }
    }

    /// The one that ends later from a start: a day of the clock may have 23 hours, or 25. `None` takes no time.
    pub(super) fn longest(one: Option<Self>, other: Option<Self>, zone: &Zone, start: Local) -> Option<Self> {
        let end = |length: Option<Self>| length.map(|length| length.end().of(zone, start, Effect::Freeze));
        if end(other) > end(one) { other } else { one }
    }

    pub(super) fn by_clock(self) -> Self {
        Self::Local(self.clock())
    }

    pub(super) fn longer(self, more: i64) -> Self {
        match self {
            Self::After(seconds) => Self::After(seconds + more),
            Self::Local(seconds) => Self::Local(seconds + more),
            Self::Either { elapsed, clock } => Self::Either { elapsed: elapsed + more, clock: clock + more },
        }
    }

    pub(super) fn end(self) -> End {
        match self {
            Self::After(seconds) => End::After(seconds),
            Self::Local(seconds) => End::Local(seconds),
            Self::Either { elapsed, clock } => End::Either { elapsed, clock },
        }
    }
}
