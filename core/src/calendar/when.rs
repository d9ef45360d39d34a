//! Dates and times of a calendar, and the zones that they are in.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use chrono::NaiveDate;

use super::component::Component;
use super::lines::Line;
use super::quirks::Quirks;
use super::zone::Observances;
use crate::duration;
use crate::recurrence::DAY;
use crate::text::excerpt;
use crate::zone::{Instant, Local, Zone, ZoneId, Zones};

/// How many dates `RDATE` and `EXDATE` may list, in all.
const MAX_DATES: usize = 10_000;

/// No zone has a longer name.
const MAX_NAME: usize = 200;

/// A time on the wall clock of a zone, or a date: its midnight in the zone of the window.
#[derive(Clone, Copy)]
pub(super) struct When {
    pub(super) zone: ZoneId,
    pub(super) local: Local,
    pub(super) is_date: bool,
}

/// How long an occurrence lasts: until so many seconds later, or until the wall clock shows so many more.
#[derive(Clone, Copy, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Length {
    After(i64),
    Local(i64),
}

#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Form {
    Date,
    Floating,
    Utc,
}

impl Form {
    fn kind(self) -> &'static str {
        if self == Self::Date { "DATE" } else { "DATE-TIME" }
    }
}

/// One of a list: a start, and how long it lasts, `None` if it takes no time.
pub(super) struct Listed {
    pub(super) start: When,
    pub(super) length: Option<Length>,
    /// Whether the length is its own.
    pub(super) is_period: bool,
}

/// Reads the dates and times of one `VCALENDAR` after the other; what is noted and counted is of all of them.
pub(super) struct Times<'z, 'c, 't> {
    pub(super) zones: &'z mut Zones,
    pub(super) quirks: Quirks,
    default: ZoneId,
    utc: ZoneId,
    /// The zones that the calendar defines, and those that it has named, by `TZID`.
    defined: BTreeMap<String, &'c Component<'t>>,
    known: BTreeMap<String, ZoneId>,
    dates: usize,
}

impl<'z, 'c, 't> Times<'z, 'c, 't> {
    pub(super) fn new(zones: &'z mut Zones, default: ZoneId) -> Result<Self, String> {
        let utc = zones.named("UTC").ok_or("the zone `UTC` is not known")?;
        let (quirks, defined, known) = (Quirks::default(), BTreeMap::new(), BTreeMap::new());
        Ok(Self { zones, quirks, default, utc, defined, known, dates: 0 })
    }

    /// Goes on to another `VCALENDAR`, which has its own names for zones.
    pub(super) fn enter(&mut self, calendar: &'c Component<'t>) -> Result<(), String> {
        self.known.clear();
        self.defined.clear();
        for zone in calendar.parts.iter().filter(|part| part.name == "VTIMEZONE") {
            let name = zone.need("TZID")?.value().replace("\\,", ",").replace("\\;", ";");
            match self.defined.entry(name) {
                Entry::Vacant(entry) => _ = entry.insert(zone),
                Entry::Occupied(_) => self.quirks.note(zone.line, "a second `VTIMEZONE` of one `TZID` is not used"),
            }
        }
        Ok(())
    }

    /// The one date or time of a line.
    pub(super) fn when(&mut self, line: &Line) -> Result<When, String> {
        let (local, form) = parse(line.value()).ok_or_else(|| line.bad(NO_TIME))?;
        self.place(line, local, form, form.kind())
    }

    /// The dates, times and periods of a line; `usual` is how long the first two last.
    pub(super) fn list(&mut self, line: &Line, usual: Option<Length>) -> Result<Vec<Listed>, String> {
        let mut list = Vec::new();
        for item in line.value().split(',').map(str::trim) {
            self.count(line.number, 1)?;
            let bad = || line.error(&format!("has `{}`, {NO_TIME}", excerpt(item)));
            let Some((start, end)) = item.split_once('/') else {
                let (local, form) = parse(item).ok_or_else(bad)?;
                let start = self.place(line, local, form, form.kind())?;
                list.push(Listed { start, length: usual, is_period: false });
                continue;
            };
            let (local, form) = parse(start).ok_or_else(bad)?;
            let start = self.place(line, local, form, "PERIOD")?;
            let seconds = if let Some((local, form)) = parse(end) {
                let end = self.place(line, local, form, "PERIOD")?;
                self.instant(end) - self.instant(start)
            } else {
                duration::parse(end).ok_or_else(bad)?
            };
            list.push(Listed { start, length: self.some_time(line.number, Length::After(seconds)), is_period: true });
        }
        Ok(list)
    }

    /// A length, unless it is no time at all.
    pub(super) fn some_time(&mut self, line: usize, length: Length) -> Option<Length> {
        let (Length::After(seconds) | Length::Local(seconds)) = length;
        if seconds <= 0 {
            self.quirks.note(line, "what takes no time, or ends before it starts, is left out");
        }
        (seconds > 0).then_some(length)
    }

    pub(super) fn instant(&self, when: When) -> Instant {
        self.zones.get(when.zone).instant(when.local)
    }

    /// `when` as `event`, another time or date, counts: in its zone, and as a midnight if it is a date.
    pub(super) fn local(&mut self, line: usize, when: When, event: When) -> Local {
        if event.is_date && !when.is_date {
            self.quirks.note(line, "a time, where `DTSTART` is a date, is taken as its date");
            return when.local - when.local.rem_euclid(DAY);
        }
        if when.is_date || when.zone == event.zone {
            return when.local;
        }
        let at = self.instant(when);
        at + self.zones.get(event.zone).span(at).offset
    }

    /// Counts dates that are listed, or that a listed date stands for.
    pub(super) fn count(&mut self, line: usize, dates: usize) -> Result<(), String> {
        self.dates += dates;
        if self.dates > MAX_DATES {
            return Err(format!(
                "line {line}: `RDATE` and `EXDATE` list more than 10,000 dates; export only what is still to come"
            ));
        }
        Ok(())
    }

    fn place(&mut self, line: &Line, local: Local, form: Form, kind: &str) -> Result<When, String> {
        if !line.param("VALUE").unwrap_or("DATE-TIME").eq_ignore_ascii_case(kind) {
            self.quirks.note(
                line.number,
                "a value that is not what `VALUE` says (or is left out to say) is taken as it looks",
            );
        }
        let zone = match (form, line.param("TZID")) {
            (Form::Floating, Some(name)) => self.zone(line, name)?,
            (Form::Date, Some(_)) => {
                self.quirks.note(line.number, "a date has no `TZID`: it is in the zone of the window");
                self.default
            }
            (Form::Date | Form::Floating, _) => self.default,
            (Form::Utc, _) => self.utc,
        };
        Ok(When { zone, local, is_date: form == Form::Date })
    }

    /// The zone of this name: better one that is known to the world than what the calendar says about it.
    fn zone(&mut self, line: &Line, name: &str) -> Result<ZoneId, String> {
        if let Some(zone) = self.known.get(name) {
            return Ok(*zone);
        }
        let unknown = || {
            let zone = format!("has the `TZID` `{}`, which is no IANA name", excerpt(name));
            line.error(&format!("{zone} such as `Europe/London`, and no `VTIMEZONE` of the calendar"))
        };
        if name.len() > MAX_NAME {
            return Err(unknown());
        }
        let zone = if let Some(zone) = self.zones.named(name) {
            zone
        } else if let Some(defined) = self.defined.get(name).copied() {
            let observances = Observances::read(defined, self)?;
            self.zones.add(Zone::document(observances))
        } else {
            let mut ends = name.match_indices('/').map(|(at, _)| &name[at + 1..]);
            let zone = ends.find_map(|end| self.zones.named(end)).ok_or_else(unknown)?;
            self.quirks.note(line.number, "a `TZID` is no IANA name but ends in one, which is used");
            zone
        };
        self.known.insert(name.to_owned(), zone);
        Ok(zone)
    }
}

const NO_TIME: &str = "which is no time such as `20261224T180000` and no date such as `20261224`";

/// `20261224`, `20261224T180000` or `20261224T170000Z` on the wall clock.
pub(super) fn parse(text: &str) -> Option<(Local, Form)> {
    let number = |from: usize, to: usize| {
        let digits = text.get(from..to).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?;
        digits.parse::<u32>().ok()
    };
    let date = NaiveDate::from_ymd_opt(i32::try_from(number(0, 4)?).ok()?, number(4, 6)?, number(6, 8)?)?;
    let form = match text.get(8..)?.as_bytes() {
        [] => return Some((date.and_hms_opt(0, 0, 0)?.and_utc().timestamp(), Form::Date)),
        [b'T', _, _, _, _, _, _] => Form::Floating,
        [b'T', _, _, _, _, _, _, b'Z'] => Form::Utc,
        _ => return None,
    };
    let time = date.and_hms_opt(number(9, 11)?, number(11, 13)?, number(13, 15)?)?;
    Some((time.and_utc().timestamp(), form))
}

#[cfg(test)]
mod tests {
    use super::{Form, parse};

    #[test]
    fn dates_and_times_are_read() {
        for (text, local, form) in [
            ("19700101", 0, Form::Date),
            ("19700102T000001", 86_401, Form::Floating),
            ("20261224T170000Z", 1_798_131_600, Form::Utc),
            ("16010101T030000", -11_644_462_800, Form::Floating),
        ] {
            assert!(parse(text) == Some((local, form)), "{text}");
        }
        for text in [
            "",
            "2026",
            "2026122",
            "2026-12-24",
            "20261324",
            "20260229",
            "20261224T",
            "20261224T1800",
            "20261224T240000",
            "20261224T180060",
            "20261224t180000",
            "20261224T180000z",
            "20261224 180000",
            "20261224T180000+0100",
            "+0261224",
            "２０２６",
            "2026122４",
            "20261224T1800０",
        ] {
            assert!(parse(text).is_none(), "{text}");
        }
    }
}
