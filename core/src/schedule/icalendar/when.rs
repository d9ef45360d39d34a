//! Dates and times of a calendar, and the zones that they are in.

use chrono::NaiveDate;

use crate::order::Map;
use crate::schedule::Effect;
use crate::text::excerpt;
use crate::time::zone::{ZoneId, Zones};
use crate::time::{DAY, Instant, Local};

use super::component::Component;
use super::lines::Line;
use super::quirks::Quirks;

pub(super) const TWO_READINGS: &str = "a date or time that can be meant in two ways is taken so that more is closed";

/// No clock is ahead by anything else.
const QUARTER: i64 = 900;
const HOUR: i64 = 3600;

/// A time on the wall clock of a zone, or a date: its midnight in the zone of the window.
#[derive(Clone, Copy)]
pub(super) struct When {
    pub(super) zone: ZoneId,
    pub(super) local: Local,
    pub(super) is_date: bool,
    /// It says no zone, and is no date.
    pub(super) is_floating: bool,
    /// Another zone that it may be in.
    pub(super) other: Option<ZoneId>,
}

impl When {
    /// The same in each zone that it may be in.
    fn each(self) -> impl Iterator<Item = Self> {
        std::iter::once(self.zone).chain(self.other).map(move |zone| Self { zone, ..self })
    }
}

#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Form {
    Date,
    Floating,
    Utc,
}

impl Form {
    pub(super) fn kind(self) -> &'static str {
        if self == Self::Date { "DATE" } else { "DATE-TIME" }
    }
}

/// Reads the dates and times of one `VCALENDAR` after the other; what is noted and counted is of all of them.
pub(super) struct Times<'z, 'c, 't> {
    pub(super) zones: &'z mut Zones,
    pub(super) quirks: Quirks,
    /// Of the window: where something can be meant in two ways, it tells which one closes more.
    pub(super) effect: Effect,
    /// The zone of the window.
    pub(super) default: ZoneId,
    pub(super) utc: ZoneId,
    /// How the calendar defines its zones, each time that it says something else, and those that it has named, by `TZID`.
    pub(super) defined: Map<String, Vec<&'c Component<'t>>>,
    pub(super) known: Map<String, ZoneId>,
    /// The zones that a name means otherwise.
    pub(super) twins: Map<String, ZoneId>,
    /// What a name means where the value itself says a zone: another one, or nothing else.
    pub(super) besides: Map<(String, ZoneId), Option<ZoneId>>,
    /// What the calendar calls its own zone, until that is asked for; and then which it is.
    pub(super) own: Option<String>,
    pub(super) own_zone: Option<ZoneId>,
    /// And that is not the window's: by its name, or its only `VTIMEZONE`, once that was asked for.
    pub(super) has_other_zone: bool,
    pub(super) is_own_other: Option<bool>,
    /// Nor UTC, which programs write that know no zone.
    pub(super) has_other_days: bool,
    /// How many dates are listed so far.
    pub(super) dates: usize,
}

impl<'z> Times<'z, '_, '_> {
    pub(super) fn new(zones: &'z mut Zones, default: ZoneId, effect: Effect) -> Result<Self, String> {
        let utc = zones.named("UTC").ok_or("the zone `UTC` is not known")?;
        Ok(Self {
            zones,
            quirks: Quirks::default(),
            effect,
            default,
            utc,
            defined: Map::new(),
            known: Map::new(),
            twins: Map::new(),
            besides: Map::new(),
            own: None,
            own_zone: None,
            has_other_zone: false,
            is_own_other: None,
            has_other_days: false,
            dates: 0,
        })
    }

    /// The one date or time of a line.
    pub(super) fn when(&mut self, line: &Line) -> Result<When, String> {
        check_zone(line)?;
        let (local, form) = parse(line.value()).ok_or_else(|| line.bad(NO_TIME))?;
        self.place(line, local, form, form.kind())
    }

    pub(super) fn instant(&self, when: When) -> Instant {
        self.zones.get(when.zone).instant(when.local)
    }

    /// Those that it may be.
    pub(super) fn instants(&self, when: When) -> Vec<Instant> {
        when.each().map(|when| self.instant(when)).collect()
    }

    /// When something ends at it.
    pub(super) fn end(&self, when: When) -> Instant {
        self.effect.end(self.zones.get(when.zone), when.local)
    }

    /// The clocks do not show it: what begins at it, and what ends, are at different instants.
    pub(super) fn is_skipped(&self, when: When) -> bool {
        let zone = self.zones.get(when.zone);
        zone.instant(when.local) != zone.instant_by_rfc(when.local)
    }

    /// The ends that it may be.
    pub(super) fn ends(&self, when: When) -> Vec<Instant> {
        when.each().map(|when| self.end(when)).collect()
    }

    /// What the wall clock of a zone shows.
    pub(super) fn shown(&self, zone: ZoneId, at: Instant) -> Local {
        at + self.zones.get(zone).span(at).offset
    }

    /// What `when` may mean as a start of `event`, which has another zone, or dates: one local time, or several.
    pub(super) fn readings(&mut self, line: usize, when: When, event: When) -> Vec<Local> {
        let zones = [Some(when.zone), when.other];
        let is_own = zones.contains(&Some(event.zone)) && (when.other.is_none() || event.other.is_some());
        let mut readings = if when.is_date || is_own && !event.is_date {
            vec![when.local]
        } else if event.is_date {
            self.quirks.note(line, "a time, where `DTSTART` is a date, is taken as its date");
            let own = self.own();
            self.dates(when, own)
        } else {
            let instants = self.instants(when);
            let placed = instants.into_iter().map(|at| self.shown(event.zone, at));
            // Many programs leave out the zone where they mean that of `DTSTART`.
            placed.chain(when.is_floating.then_some(when.local)).collect()
        };
        readings.sort_unstable();
        readings.dedup();
        readings
    }

    /// The midnights of the dates that a time may stand for, where a series has dates. Exchange and others write the
    /// midnight of a date in UTC: on the clock of the window, of the calendar, or of nobody knows where.
    pub(super) fn dates(&self, when: When, own: Option<ZoneId>) -> Vec<Local> {
        let mut dates = self.dates_in(when, own);
        dates.extend(when.other.into_iter().flat_map(|zone| self.dates_in(When { zone, ..when }, own)));
        dates.sort_unstable();
        dates.dedup();
        dates
    }

    /// The same of a start.
    pub(super) fn start_dates(&mut self, start: When) -> Vec<Local> {
        if start.is_date {
            return vec![start.local];
        }
        let own = self.own();
        self.dates(start, own)
    }

    fn dates_in(&self, when: When, own: Option<ZoneId>) -> Vec<Local> {
        let at = self.instant(when);
        let here = self.shown(self.default, at);
        let mut dates = vec![midnight(here)];
        if when.zone != self.utc || when.is_floating {
            // A midnight with a zone says its date.
            if when.local == midnight(when.local) {
                return vec![when.local];
            }
            dates.push(midnight(when.local));
        } else if let Some(own) = own {
            dates.push(midnight(self.shown(own, at)));
        } else if here != midnight(here) {
            let second = at.rem_euclid(DAY);
            let is_midnight = second % QUARTER == 0;
            // West of Greenwich a date begins later than in UTC, by half a day at most, east of it up to 14 hours before.
            if !is_midnight || second <= 12 * HOUR {
                dates.push(midnight(at));
            }
            if is_midnight && second >= 10 * HOUR {
                dates.push(midnight(at) + DAY);
            }
        }
        dates
    }

    /// A day of the window's zone, `[begin, end)`, on the clock of a series in another one.
    pub(super) fn day_here(&self, date: Local, event: When) -> Option<(Local, Local)> {
        let zone = self.zones.get(self.default);
        let shown = |local| self.shown(event.zone, zone.instant(local));
        (event.zone != self.default).then(|| (shown(date), shown(date + DAY)))
    }

    /// The starts of a series on a date that is listed, at the time of its beginning: on its own clock, and on that of
    /// the window, too.
    pub(super) fn on_date(&self, date: Local, event: When) -> Vec<Local> {
        let mut starts = vec![date + event.local.rem_euclid(DAY)];
        if event.zone != self.default {
            let here = self.shown(self.default, self.instant(event));
            starts.push(self.shown(event.zone, self.zones.get(self.default).instant(date + here.rem_euclid(DAY))));
        }
        starts.sort_unstable();
        starts.dedup();
        starts
    }

    pub(super) fn place(&mut self, line: &Line, local: Local, form: Form, kind: &str) -> Result<When, String> {
        let is_day = form != Form::Date && line.is("DTSTART") && line.says_date();
        if !is_day && !line.kind().unwrap_or("DATE-TIME").eq_ignore_ascii_case(kind) {
            self.quirks.note(
                line.number,
                "a value that is not what `VALUE` says (or is left out to say) is taken as it looks",
            );
        }
        let mut other = None;
        let zone = match (form, line.tzid()) {
            (Form::Floating, Some(name)) => {
                let zone = self.zone(line, name)?;
                other = self.twin(name);
                zone
            }
            (Form::Date, Some(name)) => {
                other = self.besides(line, name, self.default)?;
                let quirk = if other.is_none() {
                    "a date has no `TZID`: it is in the zone of the window"
                } else {
                    "a date with the `TZID` of another zone than the window's can be in either"
                };
                self.quirks.note(line.number, quirk);
                self.default
            }
            (Form::Floating, None) => {
                if self.is_own_other() {
                    self.quirks.note(
                        line.number,
                        "the calendar's own zone (`X-WR-TIMEZONE`, or its only `VTIMEZONE`) is not the window's \
                         `timezone`, in which times without a zone are",
                    );
                }
                self.default
            }
            (Form::Date, None) => {
                if self.has_other_days && line.is("DTSTART") {
                    self.quirks.note(
                        line.number,
                        "the calendar's own zone (`X-WR-TIMEZONE`) is not the window's `timezone`, in which days are",
                    );
                }
                self.default
            }
            (Form::Utc, name) => {
                if let Some(name) = name {
                    other = self.besides(line, name, self.utc)?;
                    let quirk = if other.is_none() {
                        "a time that ends in `Z` is in UTC, whatever its `TZID`"
                    } else {
                        "a time that ends in `Z` and has the `TZID` of another zone can be in either"
                    };
                    self.quirks.note(line.number, quirk);
                }
                self.utc
            }
        };
        let is_floating = form == Form::Floating && line.tzid().is_none();
        Ok(When { zone, local, is_date: form == Form::Date, is_floating, other })
    }
}

/// A zone that goes unseen would be the window's.
pub(super) fn check_zone(line: &Line) -> Result<(), String> {
    line.stray().map_or(Ok(()), |stray| {
        Err(line.error(&format!("has the parameter `{}`, which no time has; its zone is `TZID`", excerpt(stray))))
    })
}

pub(super) fn midnight(local: Local) -> Local {
    local - local.rem_euclid(DAY)
}

pub(super) const NO_TIME: &str = "which is neither a time such as `20261224T180000` nor a date such as `20261224`";

/// `20261224`, `20261224T180000` or `20261224T170000Z` on the wall clock.
pub(super) fn parse(text: &str) -> Option<(Local, Form)> {
    let number = |from: usize, to: usize| {
        let digits = text.get(from..to).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?;
        digits.parse::<u32>().ok()
    };
    let date = NaiveDate::from_ymd_opt(i32::try_from(number(0, 4)?).ok()?, number(4, 6)?, number(6, 8)?)?;
    let form = match text.get(8..)?.as_bytes() {
        // Google writes birthdays with a `Z`.
        [] | [b'Z'] => return Some((date.and_hms_opt(0, 0, 0)?.and_utc().timestamp(), Form::Date)),
        [b'T', _, _, _, _, _, _] => Form::Floating,
        [b'T', _, _, _, _, _, _, b'Z'] => Form::Utc,
        _ => return None,
    };
    let time = match (number(9, 11)?, number(11, 13)?, number(13, 15)?) {
        (24, 0, 0) => date.succ_opt()?.and_hms_opt(0, 0, 0)?,
        // RFC 5545 wants a leap second to be the one before it.
        (hour, minute, 60) => date.and_hms_opt(hour, minute, 59)?,
        (hour, minute, second) => date.and_hms_opt(hour, minute, second)?,
    };
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
            ("19700102Z", 86_400, Form::Date),
            ("20261224T170000Z", 1_798_131_600, Form::Utc),
            ("16010101T030000", -11_644_462_800, Form::Floating),
            ("19700101T240000", 86_400, Form::Floating),
            ("19700101T235960Z", 86_399, Form::Utc),
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
            "20261224T240001",
            "20261224T180061",
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
