//! What a recurrence rule of RFC 5545 means: a pattern of days and times.

mod parts;
#[cfg(test)]
mod tests;

use chrono::Datelike;

use crate::budget::Budget;
use crate::time::{DAY, Local};

use self::parts::{read_until, whole};
use super::Starts;
use super::days::{Days, Every, Period};
use super::month::{date, month_number, weekday};
use super::pattern::Pattern;
use super::times::{TimesOfDay, Units};

pub(crate) use self::parts::{Doubt, Frequency, Parts, Until};

const MOST_COUNT: u64 = 100_000;
/// The same where one time must be found after the other.
const MOST_STEPS: u64 = 10_000;
/// A rule that counts hours, minutes or seconds is looked for on so many days that longer intervals have no use.
const LONGEST_INTERVAL: i64 = 1_000;

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

/// 2000-01-01: no window asks about what was before.
pub(crate) const LONG_AGO: Local = 946_684_800;

const NO_TIMES: &str = "`BYHOUR`, `BYMINUTE` and `BYSECOND` are ignored where `DTSTART` is a date";
const TWO_ENDS_REFUSED: &str = "UNTIL and COUNT exclude each other";
const BEGINNINGS_MONTH: &str = "`BYMONTHDAY` of a year, without `BYMONTH`, means the month of `DTSTART`";
const NO_COUNT: &str = "a `COUNT` of 0 or less is no limit";
const NO_INTERVAL: &str = "an `INTERVAL` of 0 counts as 1";
const TWO_ENDS: &str = "of an `UNTIL` and a `COUNT` in one `RRULE` the one that closes more counts";
const COUNTED_WEEKDAY: &str = "a `BYDAY` of a year with a number or `BYMONTHDAY`, without `BYMONTH`, may count in the year or in \
                               the month of `DTSTART`; it is taken so that more is closed";
const OPEN_WEEK: &str = "`BYWEEKNO` without a day may mean the weekday of `DTSTART` or all seven; it is taken so that more is \
                         closed";

/// What a rule says in another reading.
enum Other {
    /// All days of its weeks.
    Week,
    /// The same in each month.
    Months,
}

impl Starts {
    /// Reads a rule, `text` without `RRULE:`, and says what is odd about it. What it leaves out is `dtstart`'s.
    pub(crate) fn rrule(
        text: &str,
        dtstart: Local,
        reading: &Reading<'_>,
    ) -> Result<(Self, Vec<&'static str>), String> {
        let read = || {
            let (mut parts, mut odd) = Parts::read(text, reading.doubt)?;
            let other = parts.settle(dtstart, reading, &mut odd)?;
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
            } else if let Some(other) = other.filter(|_| reading.doubt == Doubt::Longest) {
                match other {
                    Other::Week => parts.by_day = (0..7).map(|day| (0, day)).collect(),
                    Other::Months => parts.by_month.clear(),
                }
                starts.second = Some(parts.pattern(dtstart, reading, &mut Vec::new())?);
            }
            Ok((starts, odd))
        };
        read().map_err(|problem: String| format!("`{text}`: {problem}"))
    }
}

impl Parts<'_> {
    /// Settles what RFC 5545 forbids a reader to heed, and what it lets two readers take for two things.
    fn settle(
        &mut self,
        dtstart: Local,
        reading: &Reading<'_>,
        odd: &mut Vec<&'static str>,
    ) -> Result<Option<Other>, String> {
        let frequency = self.frequency()?;
        let mut other = None;
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
            // As libical, Google and Outlook have it; other libraries give the day of every month, and beside BYDAY most do.
            if reading.doubt == Doubt::Refused {
                return Err("BYMONTHDAY of a year may be meant in one month or in each; \
                            give BYMONTH as well, or FREQ=MONTHLY"
                    .to_owned());
            }
            let begin = date(dtstart.div_euclid(DAY)).ok_or("its beginning is in no year that can be written")?;
            self.by_month.push(begin.month().into());
            let has_weekday = !self.by_day.is_empty();
            other = has_weekday.then_some(Other::Months);
            odd.push(if has_weekday { COUNTED_WEEKDAY } else { BEGINNINGS_MONTH });
        }
        if reading.doubt == Doubt::Refused && self.may_count_in_month()? {
            return Err("a BYDAY with a number may count in the year or in a month; \
                        give BYMONTH as well, or FREQ=MONTHLY"
                .to_owned());
        }
        if !self.by_week.is_empty() && !self.says_day() {
            if reading.doubt == Doubt::Refused {
                return Err("BYWEEKNO may mean a day of the week or all seven; give BYDAY as well".to_owned());
            }
            other = Some(Other::Week);
            odd.push(OPEN_WEEK);
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
        Ok(other)
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
