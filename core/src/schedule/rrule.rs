//! RFC 5545's recurrence rules.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use crate::budget::Budget;
use crate::time::{DAY, Instant, Local};

use super::Starts;
use super::days::{Days, Every, Period, date, day_of, month_number, weekday};
use super::pattern::Pattern;
use super::times::{TimesOfDay, Units};

const WEEKDAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

const MOST_COUNT: u64 = 100_000;
/// The same where one time must be found after the other.
const MOST_STEPS: u64 = 10_000;
/// A rule that counts hours, minutes or seconds is looked for on so many days that longer intervals have no use.
const LONGEST_INTERVAL: i64 = 1_000;

#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Frequency {
    Secondly,
    Minutely,
    Hourly,
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

/// The parts of a rule as they are written.
#[derive(Default)]
pub(crate) struct Parts<'t> {
    pub(crate) frequency: Option<&'t str>,
    pub(crate) until: Option<&'t str>,
    pub(crate) count: Option<&'t str>,
    pub(crate) interval: Option<&'t str>,
    pub(crate) by_second: Vec<i64>,
    pub(crate) by_minute: Vec<i64>,
    pub(crate) by_hour: Vec<i64>,
    pub(crate) by_day: Vec<(i32, u8)>,
    pub(crate) by_month_day: Vec<i64>,
    pub(crate) by_year_day: Vec<i64>,
    pub(crate) by_week: Vec<i64>,
    pub(crate) by_month: Vec<i64>,
    pub(crate) by_position: Vec<i64>,
    pub(crate) week_start: Option<u8>,
}

/// How a rule is read where RFC 5545 leaves its meaning to the reader.
pub(crate) struct Reading<'r> {
    /// The last local time that an UNTIL allows.
    pub(crate) until: &'r dyn Fn(Until) -> Local,
    pub(crate) doubt: Doubt,
    /// It begins on a date, so that nothing in it can be a time of the day.
    pub(crate) is_date: bool,
    /// COUNT counts the beginning, also where the rule does not give it.
    pub(crate) counts_beginning: bool,
    pub(crate) budget: &'r Budget,
}

/// What becomes of a rule that RFC 5545 forbids, but that programs write.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Doubt {
    /// Whoever has written it can be asked.
    Refused,
    /// Of two meanings the one with more starts counts.
    Longest,
    /// Or the one with less.
    Shortest,
    /// It may have two where they differ long ago alone.
    Past,
}

/// 2000-01-01: no window asks about what was before.
pub(crate) const LONG_AGO: Local = 946_684_800;

/// An UNTIL as it is written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Until {
    /// The midnight with which the date begins.
    Date(Local),
    Floating(Local),
    Utc(Instant),
}

impl Until {
    /// A date is the whole of it; `local` is the last local time that an instant allows.
    pub(crate) fn local(self, local: impl Fn(Instant) -> Local) -> Local {
        match self {
            Self::Date(midnight) => midnight + DAY - 1,
            Self::Floating(at) => at,
            Self::Utc(at) => local(at),
        }
    }
}

const NO_TIMES: &str = "`BYHOUR`, `BYMINUTE` and `BYSECOND` are ignored where `DTSTART` is a date";
const TWO_ENDS_REFUSED: &str = "UNTIL and COUNT exclude each other";
const BEGINNINGS_MONTH: &str = "`BYMONTHDAY` of a year, without `BYMONTH`, means the month of `DTSTART`";
const EMPTY: &str = "what is empty in an `RRULE` says nothing";
const FOREIGN_PART: &str = "a part of an `RRULE` whose name begins with `X-` is not looked at";
const UNTIL_WITH_ZONE: &str = "an `UNTIL` that is a date with a `Z` is that date";
const NO_COUNT: &str = "a `COUNT` of 0 or less is no limit";
const NO_INTERVAL: &str = "an `INTERVAL` of 0 counts as 1";
const TWO_ENDS: &str = "of an `UNTIL` and a `COUNT` in one `RRULE` the one that closes more counts";
const COUNTED_WEEKDAY: &str = "a numbered `BYDAY` of a year, without `BYMONTH`, may count in the year or in the month of \
                               `DTSTART`; it is taken so that more is closed";
const BEGINNINGS_WEEKDAY: &str = "`BYWEEKNO` without a day means the weekday of `DTSTART`";

impl Starts {
    /// Reads a rule, `text` without `RRULE:`, and says what is odd about it. What it leaves out is `dtstart`'s.
    pub(crate) fn rrule(
        text: &str,
        dtstart: Local,
        reading: &Reading<'_>,
    ) -> Result<(Self, Vec<&'static str>), String> {
        let read = || {
            let (mut parts, mut odd) = Parts::read(text, reading.doubt)?;
            parts.settle(dtstart, reading, &mut odd)?;
            let mut starts = Self::of(parts.pattern(dtstart, reading, &mut odd)?);
            let has_two = matches!(reading.doubt, Doubt::Longest | Doubt::Shortest);
            if has_two && parts.may_count_in_month()? && !starts.has(dtstart) {
                odd.push(COUNTED_WEEKDAY);
                let begin = date(dtstart.div_euclid(DAY)).ok_or("its beginning is in no year that can be written")?;
                parts.by_month.push(begin.month().into());
                starts.second = Some(parts.pattern(dtstart, reading, &mut Vec::new())?);
                // What both give is not known to be meant either.
                if reading.doubt == Doubt::Shortest {
                    (starts.pattern, starts.second) = (None, None);
                }
            }
            Ok((starts, odd))
        };
        read().map_err(|problem: String| format!("`{text}`: {problem}"))
    }
}

impl<'t> Parts<'t> {
    pub(crate) fn read(text: &'t str, doubt: Doubt) -> Result<(Self, Vec<&'static str>), String> {
        let (mut parts, mut odd) = (Self::default(), Vec::new());
        let mut seen: Vec<String> = Vec::new();
        for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').ok_or_else(|| format!("`{part}` is not NAME=VALUE"))?;
            let name = name.trim().to_ascii_uppercase();
            if seen.contains(&name) {
                return Err(format!("{name} is given twice"));
            }
            if doubt != Doubt::Refused && name.starts_with("X-") {
                odd.push(FOREIGN_PART);
                continue;
            }
            let value = value.trim();
            if says_nothing(&name, value, doubt) {
                odd.push(EMPTY);
            } else if doubt == Doubt::Refused || !is_of_gregorian(&name, value)? {
                parts.take(&name, value, doubt, &mut odd)?;
            }
            seen.push(name);
        }
        odd.dedup();
        Ok((parts, odd))
    }

    fn take(&mut self, name: &str, value: &'t str, doubt: Doubt, odd: &mut Vec<&'static str>) -> Result<(), String> {
        let mut items: Vec<&str> = value.split(',').collect();
        if doubt != Doubt::Refused && items.iter().any(|item| !item.trim().is_empty()) {
            let count = items.len();
            items.retain(|item| !item.trim().is_empty());
            odd.extend((items.len() < count).then_some(EMPTY));
        }
        let numbers = |least: i64, largest: i64| -> Result<Vec<i64>, String> {
            let number = |text: &&str| signed(text, least, largest).map_err(|problem| format!("{name} {problem}"));
            items.iter().map(number).collect::<Result<_, _>>().map(in_order)
        };
        match name {
            "FREQ" => self.frequency = Some(value),
            "UNTIL" => self.until = Some(value),
            "COUNT" => self.count = Some(value),
            "INTERVAL" => self.interval = Some(value),
            "BYSECOND" => self.by_second = numbers(0, 59)?,
            "BYMINUTE" => self.by_minute = numbers(0, 59)?,
            "BYHOUR" => self.by_hour = numbers(0, 23)?,
            "BYMONTHDAY" => self.by_month_day = numbers(-31, 31)?,
            "BYYEARDAY" => self.by_year_day = numbers(-366, 366)?,
            "BYWEEKNO" => self.by_week = numbers(-53, 53)?,
            "BYMONTH" => self.by_month = numbers(1, 12)?,
            "BYSETPOS" => self.by_position = numbers(-366, 366)?,
            "BYDAY" => self.by_day = in_order(items.into_iter().map(nth_weekday).collect::<Result<_, _>>()?),
            "WKST" => match nth_weekday(value)? {
                (0, day) => self.week_start = Some(day),
                _ => return Err(format!("WKST `{value}` is not a weekday")),
            },
            _ => return Err(format!("there is no part `{name}`")),
        }
        Ok(())
    }

    /// Settles what RFC 5545 forbids a reader to heed, and what it lets two readers take for two things.
    fn settle(&mut self, dtstart: Local, reading: &Reading<'_>, odd: &mut Vec<&'static str>) -> Result<(), String> {
        let frequency = self.frequency()?;
        if reading.is_date {
            if frequency < Frequency::Daily {
                return Err("such a FREQ counts within the day, and `DTSTART` is a date".to_owned());
            }
            let times = [&mut self.by_hour, &mut self.by_minute, &mut self.by_second];
            if times.iter().any(|list| !list.is_empty()) {
                times.into_iter().for_each(Vec::clear);
                odd.push(NO_TIMES);
            }
        }
        let is_yearly = frequency == Frequency::Yearly && self.by_month.is_empty() && self.by_year_day.is_empty();
        if is_yearly && self.by_week.is_empty() && !self.by_month_day.is_empty() {
            // As libical, Google and Outlook have it; other libraries give the day of every month.
            if reading.doubt == Doubt::Refused {
                return Err("BYMONTHDAY of a year may be meant in one month or in each; \
                            give BYMONTH as well, or FREQ=MONTHLY"
                    .to_owned());
            }
            let begin = date(dtstart.div_euclid(DAY)).ok_or("its beginning is in no year that can be written")?;
            self.by_month.push(begin.month().into());
            odd.push(BEGINNINGS_MONTH);
        }
        if reading.doubt == Doubt::Refused && self.may_count_in_month()? {
            return Err("a BYDAY with a number may count in the year or in a month; \
                        give BYMONTH as well, or FREQ=MONTHLY"
                .to_owned());
        }
        if reading.doubt != Doubt::Refused && !self.by_week.is_empty() && !self.says_day() {
            odd.push(BEGINNINGS_WEEKDAY);
        }
        // `-1` is how some programs say that there is no COUNT; where 0 comes from nobody knows.
        let is_none = |count: i64| match (reading.doubt, self.until) {
            (Doubt::Longest, _) => count <= 0,
            (Doubt::Shortest | Doubt::Past, Some(_)) => count == -1,
            _ => false,
        };
        if self.count.and_then(|count| count.parse().ok()).is_some_and(is_none) {
            self.count = None;
            odd.push(NO_COUNT);
        }
        // The others have no start that this has not.
        if reading.doubt == Doubt::Longest && self.interval.and_then(|text| text.parse().ok()) == Some(0) {
            self.interval = None;
            odd.push(NO_INTERVAL);
        }
        Ok(())
    }

    /// `4FR` of a year: no month has a `20MO`.
    fn may_count_in_month(&self) -> Result<bool, String> {
        let is_yearly = self.frequency()? == Frequency::Yearly && self.by_month.is_empty();
        Ok(is_yearly && self.by_day.iter().any(|&(n, _)| n != 0 && n.abs() <= 5))
    }

    fn says_day(&self) -> bool {
        !self.by_day.is_empty() || !self.by_month_day.is_empty() || !self.by_year_day.is_empty()
    }

    fn pattern(&self, dtstart: Local, reading: &Reading<'_>, odd: &mut Vec<&'static str>) -> Result<Pattern, String> {
        let frequency = self.frequency()?;
        self.check(frequency)?;
        let interval = self.interval.map_or(Ok(1), |text| whole(text, "INTERVAL", LONGEST_INTERVAL))?;
        let mut pattern = Pattern::new(
            self.days(frequency, interval, dtstart)?,
            self.times(frequency, interval, dtstart),
            reading.budget,
        );
        pattern.positions.clone_from(&self.by_position);
        pattern.first = dtstart;
        if pattern.times.is_never(reading.budget) || self.has_no_position(frequency, &pattern) {
            pattern.end_after(0);
            return Ok(pattern);
        }
        let until = self.until.map(|text| read_until(text, reading.doubt, odd)).transpose()?.map(reading.until);
        let counted = self.count.map(|text| counted(text, &pattern, reading)).transpose()?;
        match (until, counted) {
            (Some(_), Some(_)) if reading.doubt == Doubt::Refused => Err(TWO_ENDS_REFUSED.to_owned()),
            (Some(until), Some(counted)) => {
                odd.push(TWO_ENDS);
                let is_same = pattern.last_until(until) == Some(counted.last);
                let is_past = until < LONG_AGO && counted.last < LONG_AGO;
                pattern.last = until;
                match reading.doubt {
                    Doubt::Past if !is_same && !is_past => Err(TWO_ENDS_REFUSED.to_owned()),
                    Doubt::Longest if until > counted.last => Ok(pattern),
                    Doubt::Shortest | Doubt::Past if until < counted.last => Ok(pattern),
                    _ => Ok(counted),
                }
            }
            (Some(until), None) => {
                pattern.last = until;
                Ok(pattern)
            }
            (None, counted) => Ok(counted.unwrap_or(pattern)),
        }
    }

    pub(crate) fn frequency(&self) -> Result<Frequency, String> {
        let text = self.frequency.ok_or("it has no FREQ")?;
        Ok(match &*text.to_ascii_uppercase() {
            "SECONDLY" => Frequency::Secondly,
            "MINUTELY" => Frequency::Minutely,
            "HOURLY" => Frequency::Hourly,
            "DAILY" => Frequency::Daily,
            "WEEKLY" => Frequency::Weekly,
            "MONTHLY" => Frequency::Monthly,
            "YEARLY" => Frequency::Yearly,
            _ => {
                return Err(format!(
                    "FREQ `{text}` is none of SECONDLY, MINUTELY, HOURLY, DAILY, WEEKLY, MONTHLY, YEARLY"
                ));
            }
        })
    }

    /// What RFC 5545 forbids (section 3.3.10).
    fn check(&self, frequency: Frequency) -> Result<(), String> {
        use Frequency::{Daily, Monthly, Weekly, Yearly};
        let counts = self.by_day.iter().any(|&(n, _)| n != 0);
        let forbidden = [
            (!self.by_week.is_empty() && frequency != Yearly, "BYWEEKNO goes with FREQ=YEARLY only"),
            (
                !self.by_year_day.is_empty() && matches!(frequency, Daily | Weekly | Monthly),
                "BYYEARDAY does not go with FREQ=DAILY, WEEKLY or MONTHLY",
            ),
            (!self.by_month_day.is_empty() && frequency == Weekly, "BYMONTHDAY does not go with FREQ=WEEKLY"),
            (
                counts && !matches!(frequency, Monthly | Yearly),
                "a BYDAY with a number goes with FREQ=MONTHLY or YEARLY only",
            ),
            (counts && !self.by_week.is_empty(), "a BYDAY with a number does not go with BYWEEKNO"),
            (!self.by_position.is_empty() && !self.has_by(), "BYSETPOS needs another BY part"),
        ];
        forbidden.iter().find(|(is_so, _)| *is_so).map_or(Ok(()), |(_, problem)| Err((*problem).to_owned()))
    }

    fn has_by(&self) -> bool {
        let lists = [
            &self.by_second,
            &self.by_minute,
            &self.by_hour,
            &self.by_month_day,
            &self.by_year_day,
            &self.by_week,
            &self.by_month,
        ];
        !self.by_day.is_empty() || lists.iter().any(|list| !list.is_empty())
    }

    /// Every position lies beyond the times that a period can have.
    fn has_no_position(&self, frequency: Frequency, pattern: &Pattern) -> bool {
        let TimesOfDay { minutes, seconds, .. } = pattern.times;
        let (minutes, seconds) = (u64::from(minutes.count_ones()), u64::from(seconds.count_ones()));
        let most = match frequency {
            Frequency::Yearly => pattern.times.count() * 371, // of a year of 53 weeks
            Frequency::Monthly => pattern.times.count() * 31,
            Frequency::Weekly => pattern.times.count() * 7,
            Frequency::Daily => pattern.times.count(),
            Frequency::Hourly => minutes * seconds,
            Frequency::Minutely => seconds,
            Frequency::Secondly => 1,
        };
        !self.by_position.is_empty() && self.by_position.iter().all(|position| position.unsigned_abs() > most)
    }

    fn days(&self, frequency: Frequency, interval: i64, dtstart: Local) -> Result<Days, String> {
        use Frequency::{Monthly, Weekly, Yearly};
        let start = dtstart.div_euclid(DAY);
        let begin = date(start).ok_or("its beginning is in no year that can be written")?;
        let week_start = i64::from(self.week_start.unwrap_or(0));
        let bits = |list: &[i64], sign: i64| {
            list.iter().filter(|&&n| n * sign > 0).fold(0, |mask: u32, &n| mask | 1 << (n.unsigned_abs() - 1))
        };
        let small = |list: &[i64]| list.iter().filter_map(|&n| i32::try_from(n).ok()).collect();
        let mut days = Days {
            month_days: bits(&self.by_month_day, 1),
            month_days_from_end: bits(&self.by_month_day, -1),
            weekdays: self.by_day.iter().filter(|(n, _)| *n == 0).fold(0, |mask, (_, day)| mask | 1 << day),
            nth_weekdays: self.by_day.iter().copied().filter(|(n, _)| *n != 0).collect(),
            counts_in_year: frequency == Yearly && self.by_month.is_empty(),
            year_days: small(&self.by_year_day),
            weeks: small(&self.by_week),
            week_start,
            ..Days::ALL
        };
        if !self.by_month.is_empty() {
            days.months = self.by_month.iter().fold(0, |mask, month| mask | 1 << month);
        }
        // What the rule leaves open is the beginning's.
        let says_day = self.says_day();
        match frequency {
            Yearly if !says_day && !self.by_week.is_empty() => days.weekdays = 1 << weekday(start),
            Yearly | Monthly if !says_day => {
                days.month_days = 1 << begin.day0();
                if frequency == Yearly && self.by_month.is_empty() {
                    days.months = 1 << begin.month();
                }
            }
            Weekly if !says_day => days.weekdays = 1 << weekday(start),
            _ => {}
        }
        let (period, origin) = match frequency {
            Yearly => {
                (Period::Year, i64::from(days.year_of(start).ok_or("its beginning is in no year that can be written")?))
            }
            Monthly => (Period::Month, month_number(begin.year(), begin.month())),
            Weekly => (Period::Week, days.week_number(start)),
            _ => (Period::Day, start),
        };
        let interval = if frequency < Frequency::Daily { 1 } else { interval };
        days.every = Every { period, interval, origin };
        Ok(days)
    }

    fn times(&self, frequency: Frequency, interval: i64, dtstart: Local) -> TimesOfDay {
        let second = dtstart.rem_euclid(DAY);
        let at = TimesOfDay::at(second);
        let mask = |list: &[i64], unit: Frequency, all: u64, begin: u64| match list {
            [] if frequency <= unit => all,
            [] => begin,
            list => list.iter().fold(0, |mask, number| mask | 1 << number),
        };
        let hours = mask(&self.by_hour, Frequency::Hourly, 0x00ff_ffff, u64::from(at.hours));
        let units = |unit| Units { unit, interval, origin: dtstart.div_euclid(unit) };
        TimesOfDay {
            hours: u32::try_from(hours).unwrap_or(0),
            minutes: mask(&self.by_minute, Frequency::Minutely, u64::MAX >> 4, at.minutes),
            seconds: mask(&self.by_second, Frequency::Secondly, u64::MAX >> 4, at.seconds),
            every: match frequency {
                Frequency::Secondly => units(1),
                Frequency::Minutely => units(60),
                Frequency::Hourly => units(3600),
                _ => Units::DAYS,
            },
        }
    }
}

/// A part without a value, where the rule has more starts without it.
fn says_nothing(name: &str, value: &str, doubt: Doubt) -> bool {
    value.is_empty() && doubt == Doubt::Longest && ["UNTIL", "COUNT", "INTERVAL"].contains(&name)
}

/// What RFC 7529 adds, and leaves as it is: the calendar, and that days which a month has not are left out.
fn is_of_gregorian(name: &str, value: &str) -> Result<bool, String> {
    let usual = match name {
        "RSCALE" => "GREGORIAN",
        "SKIP" => "OMIT",
        _ => return Ok(false),
    };
    if value.eq_ignore_ascii_case(usual) {
        Ok(true)
    } else {
        Err(format!("{name} `{value}` is not supported, only {usual} is"))
    }
}

/// A pattern that ends as COUNT says.
fn counted(text: &str, pattern: &Pattern, reading: &Reading<'_>) -> Result<Pattern, String> {
    let most = i64::try_from(MOST_COUNT).unwrap_or(i64::MAX);
    let count = whole(text, "COUNT", most)?.unsigned_abs();
    if count > MOST_STEPS && !pattern.is_counted_by_days() {
        return Err(format!("COUNT `{text}` is more than {MOST_STEPS} for such a rule; give UNTIL in its place"));
    }
    let mut pattern = pattern.clone();
    let is_given = pattern.first_after(pattern.first - 1) == Some(pattern.first);
    pattern.end_after(if reading.counts_beginning && !is_given { count - 1 } else { count });
    Ok(pattern)
}

/// What is said twice is said once: no list is longer than its numbers are many.
fn in_order<T: Copy + Ord>(list: Vec<T>) -> Vec<T> {
    if list.len() < 2 {
        return list;
    }
    let mut seen = BTreeSet::new();
    list.into_iter().filter(|item| seen.insert(*item)).collect()
}

/// A number from `least` to `largest` that is not 0, unless 0 is the least.
fn signed(text: &str, least: i64, largest: i64) -> Result<i64, String> {
    let text = text.trim();
    let number = text.strip_prefix('+').unwrap_or(text).parse().ok();
    let is_allowed = |n: &i64| (least..=largest).contains(n) && (*n != 0 || least == 0);
    number.filter(is_allowed).ok_or_else(|| format!("`{text}` is none of {least} to {largest}"))
}

fn whole(text: &str, name: &str, largest: i64) -> Result<i64, String> {
    signed(text, 1, largest).map_err(|problem| format!("{name} {problem}"))
}

/// `MO`, `2MO`, `-1FR`: the number, 0 for every one, and the weekday.
fn nth_weekday(text: &str) -> Result<(i32, u8), String> {
    let text = text.trim();
    let problem = || format!("`{text}` is not a weekday such as MO, 2MO or -1FR");
    let (number, name) = text.split_at_checked(text.len().saturating_sub(2)).ok_or_else(problem)?;
    let day = WEEKDAYS.iter().position(|day| day.eq_ignore_ascii_case(name)).ok_or_else(problem)?;
    let n = if number.is_empty() { 0 } else { signed(number, -53, 53).map_err(|_| problem())? };
    Ok((i32::try_from(n).unwrap_or(0), u8::try_from(day).unwrap_or(0)))
}

fn read_until(text: &str, doubt: Doubt, odd: &mut Vec<&'static str>) -> Result<Until, String> {
    let problem = || format!("UNTIL `{text}` is not a valid date such as 20261224 or 20261224T180000Z");
    let (date, time) = text.split_once(['T', 't']).map_or((text, None), |(date, time)| (date, Some(time)));
    let has_zone = time.is_none() && date.ends_with(['Z', 'z']) && doubt != Doubt::Refused;
    odd.extend(has_zone.then_some(UNTIL_WITH_ZONE));
    let day = basic_date(if has_zone { &date[..date.len() - 1] } else { date }).ok_or_else(problem)?;
    let Some(time) = time else { return Ok(Until::Date(day * DAY)) };
    let (time, is_utc) = time.strip_suffix(['Z', 'z']).map_or((time, false), |time| (time, true));
    let end_of_day = Some(DAY).filter(|_| time == "240000" && doubt != Doubt::Refused);
    let at = day * DAY + end_of_day.or_else(|| basic_time(time)).ok_or_else(problem)?;
    Ok(if is_utc { Until::Utc(at) } else { Until::Floating(at) })
}

/// `20261224`.
fn basic_date(text: &str) -> Option<i64> {
    let number = digits(text, 8)?;
    let date = NaiveDate::from_ymd_opt(i32::try_from(number / 10_000).ok()?, number / 100 % 100, number % 100)?;
    (date.year() > 0).then(|| day_of(date))
}

/// `180000`, in seconds of the day.
fn basic_time(text: &str) -> Option<i64> {
    let number = i64::from(digits(text, 6)?);
    let (hour, minute, second) = (number / 10_000, number / 100 % 100, number % 100);
    // A leap second is the last one of its minute.
    (hour < 24 && minute < 60 && second <= 60).then(|| hour * 3600 + minute * 60 + second.min(59))
}

fn digits(text: &str, count: usize) -> Option<u32> {
    (text.len() == count && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}
