//! How long an event lasts.

use super::component::Component;
use super::lines::Line;
use super::when::{TWO_READINGS, Times, When, midnight};
use crate::duration;
use crate::policy::{Effect, End};
use crate::recurrence::DAY;

/// Until so many seconds later, or until the wall clock shows so many more.
#[derive(Clone, Copy, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Length {
    After(i64),
    Local(i64),
}

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
        (Some(line), Some(_)) => return Err(line.error("stands beside `DURATION`; give one of them")),
        (Some(line), None) => return length_to(line, start, times),
        (None, Some(line)) => {
            let seconds = duration::parse(line.value())
                .ok_or_else(|| line.bad("which is no duration such as `PT2H` or `P1D`"))?;
            return Ok(if start.is_date {
                days(line.number, seconds + second, times)
            } else {
                times.some_time(line.number, Length::After(seconds))
            });
        }
        (None, None) if start.is_date => Length::Local(DAY),
        (None, None) => Length::After(0),
    };
    Ok(times.some_time(component.line, length))
}

/// How long an occurrence lasts that ends at `DTEND`.
fn length_to(line: &Line, start: When, times: &mut Times) -> Result<Option<Length>, String> {
    let end = times.when(line)?;
    let is_freeze = times.effect == Effect::Freeze;
    let begin = times.instant(start);
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
        if times.instant(day_after) <= begin {
            return before();
        }
        let (end, quirk) = if is_freeze {
            (day_after, "a `DTEND` that is a date, where `DTSTART` is a time, counts in a freeze as all of that day")
        } else {
            (end, "a `DTEND` that is a date, where `DTSTART` is a time, is taken as its midnight")
        };
        times.quirks.note(line.number, quirk);
        return Ok(times.some_time(line.number, Length::After(times.instant(end) - begin)));
    }
    let mut seconds = times.instant(end) - begin;
    // Many programs leave out the zone where they mean that of `DTSTART`.
    if end.is_floating && end.zone != start.zone {
        let other = times.instant(When { zone: start.zone, ..end }) - begin;
        if other != seconds {
            times.quirks.note(line.number, TWO_READINGS);
            if seconds.max(other) < 0 {
                return before();
            }
            seconds = if is_freeze { seconds.max(other) } else { seconds.min(other).max(0) };
        }
    }
    if seconds < 0 {
        return before();
    }
    if seconds == 0 && is_freeze {
        if end.zone == start.zone && end.local > start.local {
            times.quirks.note(line.number, "an event within an hour that the clocks skip counts in a freeze after it");
            return Ok(times.some_time(line.number, Length::After(end.local - start.local)));
        }
        if start.local == midnight(start.local) {
            times.quirks.note(line.number, "a `DTEND` on the midnight of `DTSTART` counts in a freeze as one day");
            return Ok(Some(Length::Local(DAY)));
        }
    }
    Ok(times.some_time(line.number, Length::After(seconds)))
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

impl Length {
    /// The longer one; `None` takes no time.
    pub(super) fn longest(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        let seconds = |length: Option<Self>| length.map(|(Self::After(seconds) | Self::Local(seconds))| seconds);
        if seconds(other) > seconds(one) { other } else { one }
    }

    pub(super) fn by_clock(self) -> Self {
        let (Self::After(seconds) | Self::Local(seconds)) = self;
        Self::Local(seconds)
    }

    pub(super) fn longer(self, more: i64) -> Self {
        match self {
            Self::After(seconds) => Self::After(seconds + more),
            Self::Local(seconds) => Self::Local(seconds + more),
        }
    }

    pub(super) fn end(self) -> End {
        match self {
            Self::After(seconds) => End::After(seconds),
            Self::Local(seconds) => End::Local(seconds),
        }
    }
}
