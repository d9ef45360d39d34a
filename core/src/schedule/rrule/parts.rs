//! A recurrence rule as it is written: its parts, each checked by itself.

use chrono::{Datelike, NaiveDate};

use crate::order::Set;
use crate::schedule::month::day_of;
use crate::text::is_any;
use crate::time::{DAY, Instant, Local};

const WEEKDAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

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

const EMPTY: &str = "what is empty in an `RRULE` says nothing";

const FOREIGN_PART: &str = "a part of an `RRULE` whose name begins with `X-` is not looked at";

const UNTIL_WITH_ZONE: &str = "an `UNTIL` that is a date with a `Z` is that date";

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
            "RRULE:FREQ" => return Err("the rule begins with FREQ; leave out `RRULE:`".to_owned()),
            _ => return Err(format!("there is no part `{name}`")),
        }
        Ok(())
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
}

/// A part without a value, where the rule has more starts without it.
fn says_nothing(name: &str, value: &str, doubt: Doubt) -> bool {
    value.is_empty() && doubt == Doubt::Longest && is_any(name, &["UNTIL", "COUNT", "INTERVAL"])
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

/// What is said twice is said once: no list is longer than its numbers are many.
fn in_order<T: Copy + Ord>(list: Vec<T>) -> Vec<T> {
    if list.len() < 2 {
        return list;
    }
    let mut seen = Set::new();
    list.into_iter().filter(|item| seen.insert(*item)).collect()
}

/// A number from `least` to `largest` that is not 0, unless 0 is the least.
fn signed(text: &str, least: i64, largest: i64) -> Result<i64, String> {
    let text = text.trim();
    let number = text.strip_prefix('+').unwrap_or(text).parse().ok();
    let is_allowed = |n: &i64| (least..=largest).contains(n) && (*n != 0 || least == 0);
    number.filter(is_allowed).ok_or_else(|| format!("`{text}` is none of {least} to {largest}"))
}

pub(super) fn whole(text: &str, name: &str, largest: i64) -> Result<i64, String> {
    signed(text, 1, largest).map_err(|problem| format!("{name} {problem}"))
}

/// `MO`, `2MO`, `-1FR`: the number, 0 for every one, and the weekday.
fn nth_weekday(text: &str) -> Result<(i32, u8), String> {
    let text = text.trim();
    let problem = || {
        let is_meant = |day: &&&str| text.get(..2).is_some_and(|begin| begin.eq_ignore_ascii_case(day));
        let advice = WEEKDAYS.iter().find(is_meant).map_or_else(String::new, |day| format!("; write {day}"));
        format!("`{text}` is not a weekday such as MO, 2MO or -1FR{advice}")
    };
    let (number, name) = text.split_at_checked(text.len().saturating_sub(2)).ok_or_else(problem)?;
    let day = WEEKDAYS.iter().position(|day| day.eq_ignore_ascii_case(name)).ok_or_else(problem)?;
    let n = if number.is_empty() { 0 } else { signed(number, -53, 53).map_err(|_| problem())? };
    Ok((i32::try_from(n).unwrap_or(0), u8::try_from(day).unwrap_or(0)))
}

pub(super) fn read_until(text: &str, doubt: Doubt, odd: &mut Vec<&'static str>) -> Result<Until, String> {
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
