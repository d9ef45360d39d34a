//! A time zone as chrono-tz knows it, and when a local time happens in it.

use std::ops::Range;

use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::Tz;

/// Seconds: all that is looked at lies in here, with room on both sides for what reaches out of the years asked for.
const SEEN: Range<i64> = 820_454_400..2_366_841_600; // 1996..2045
/// No span between two changes is shorter than this.
const STEP: i64 = 3 * 3600;
const DAY: i64 = 86_400;

/// Where daylight saving is odd, and where it is not; each until a year's end up to which chrono-tz (data of 2025b)
/// knows what the zone does: Morocco has given up its changes since.
pub const ZONES: [(&str, i64); 21] = [
    ("UTC", LATE),
    ("Europe/London", LATE),
    ("Europe/Berlin", LATE),
    ("Europe/Dublin", LATE), // its winter is the saving
    ("America/New_York", LATE),
    ("America/St_Johns", LATE),  // half an hour off, and once changed at 00:01
    ("America/Sao_Paulo", LATE), // changed at midnight until 2019
    ("America/Santiago", LATE),  // changes at midnight
    ("America/Asuncion", LATE),
    ("Africa/Cairo", LATE),         // changes at midnight, stopped, began again
    ("Africa/Casablanca", MOROCCO), // leaves summer time for Ramadan
    ("Asia/Gaza", LATE),            // changes around Ramadan, too
    ("Asia/Kathmandu", LATE),       // +05:45
    ("Asia/Kolkata", LATE),
    ("Asia/Tehran", LATE),
    ("Asia/Pyongyang", LATE),      // half an hour, without daylight saving
    ("Australia/Lord_Howe", LATE), // half an hour of daylight saving
    ("Australia/Sydney", LATE),
    ("Pacific/Apia", LATE),    // without 2011-12-30
    ("Pacific/Chatham", LATE), // +12:45
    ("America/Caracas", LATE),
];
const LATE: i64 = 2_145_916_800; // 2038-01-01
const MOROCCO: i64 = 1_788_220_800; // 2026-09-01

/// A zone's offsets over the years.
#[derive(Clone, Debug)]
pub struct Zone {
    /// Its IANA name.
    pub name: &'static str,
    /// chrono-tz's own.
    pub tz: Tz,
    /// Up to which instant its data can be trusted.
    pub known_until: i64,
    /// From when on which offset holds, the oldest first.
    spans: Vec<(i64, i64)>,
}

/// A change of the wall clock.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    /// The first instant of the new offset.
    pub at: i64,
    /// The offset before.
    pub before: i64,
    /// The offset from then on.
    pub after: i64,
}

impl Zone {
    /// Looks the zone up, and at every third hour of all the years.
    #[must_use]
    pub fn of((name, known_until): (&'static str, i64)) -> Self {
        let tz: Tz = name.parse().expect("a zone of chrono-tz");
        let mut spans = vec![(SEEN.start, offset(tz, SEEN.start))];
        let mut seen = SEEN.start;
        while seen < SEEN.end {
            let next = seen + STEP;
            let (before, after) = (offset(tz, seen), offset(tz, next));
            if before != after {
                let (mut same, mut changed) = (seen, next);
                while changed - same > 1 {
                    let middle = same + (changed - same) / 2;
                    if offset(tz, middle) == before { same = middle } else { changed = middle }
                }
                spans.push((changed, after));
            }
            seen = next;
        }
        Self { name, tz, known_until, spans }
    }

    /// What the wall clock shows at an instant.
    #[must_use]
    pub fn wall(&self, at: i64) -> i64 {
        let next = self.spans.partition_point(|(from, _)| *from <= at);
        at + self.spans[next.max(1) - 1].1
    }

    /// The first instant at which the wall clock shows `local` or a later time.
    #[must_use]
    pub fn first(&self, local: i64) -> i64 {
        let near = self.spans.partition_point(|(from, _)| *from < local - 2 * DAY).max(1) - 1;
        let ends = self.spans.iter().skip(1).map(|(from, _)| *from).chain([i64::MAX]);
        self.spans
            .iter()
            .zip(ends)
            .skip(near)
            .map(|((from, offset), to)| ((*from).max(local - offset), to))
            .find(|(at, to)| at < to)
            .expect("the last span has no end")
            .0
    }

    /// The same, but a time that the clock skips is one by the offset before the gap (RFC 5545, 3.3.5).
    #[must_use]
    pub fn by_rfc(&self, local: i64) -> i64 {
        let first = self.first(local);
        let gap = self.changes().find(|change| change.at == first && first + change.after > local);
        gap.map_or(first, |gap| local - gap.before)
    }

    /// The wall clock has shown what it shows at `at` before.
    #[must_use]
    pub fn repeats(&self, at: i64) -> bool {
        self.first(self.wall(at)) < at
    }

    /// All changes of the clock, the oldest first.
    pub fn changes(&self) -> impl Iterator<Item = Change> {
        self.spans.windows(2).map(|pair| Change { at: pair[1].0, before: pair[0].1, after: pair[1].1 })
    }
}

fn offset(tz: Tz, at: i64) -> i64 {
    let utc = DateTime::from_timestamp(at, 0).expect("a year of four digits").naive_utc();
    i64::from(tz.offset_from_utc_datetime(&utc).fix().local_minus_utc())
}

#[cfg(test)]
mod tests {
    use super::{ZONES, Zone};
    use crate::ask::{at_text, instant};

    #[track_caller]
    fn both(zone: &str, local: &str, first: &str, by_rfc: &str) {
        let zone = ZONES.into_iter().find(|(name, _)| *name == zone).map(Zone::of).expect("one of ours");
        let local = instant(&format!("{local}Z"));
        assert_eq!((&*at_text(zone.first(local)), &*at_text(zone.by_rfc(local))), (first, by_rfc));
    }

    #[track_caller]
    fn check(zone: &str, local: &str, first: &str) {
        both(zone, local, first, first);
    }

    #[test]
    fn a_local_time_happens_at_the_first_instant_that_shows_it_or_a_later_one() {
        check("Europe/London", "2024-07-01T12:00:00", "2024-07-01T11:00:00Z");
        check("Europe/London", "2024-10-27T01:30:00", "2024-10-27T00:30:00Z"); // repeated
        check("Europe/London", "2024-10-27T02:00:00", "2024-10-27T02:00:00Z");
        check("Australia/Lord_Howe", "2024-04-07T01:45:00", "2024-04-06T14:45:00Z");
        check("America/Sao_Paulo", "2018-11-04T00:00:00", "2018-11-04T03:00:00Z"); // a gap
    }

    #[test]
    fn a_time_in_a_gap_has_two_readings() {
        check("Europe/London", "2024-03-31T01:00:00", "2024-03-31T01:00:00Z");
        both("Europe/London", "2024-03-31T01:30:00", "2024-03-31T01:00:00Z", "2024-03-31T01:30:00Z");
        both("Australia/Lord_Howe", "2024-10-06T02:29:59", "2024-10-05T15:30:00Z", "2024-10-05T15:59:59Z");
        both("Pacific/Apia", "2011-12-30T12:00:00", "2011-12-30T10:00:00Z", "2011-12-30T22:00:00Z"); // a day that was not
    }
}
