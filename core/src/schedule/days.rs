//! The days on which a rule fires, a month at a time: every part of a rule is a mask of up to 31 bits.

use std::cell::Cell;

use chrono::{Datelike, NaiveDate};

use crate::budget::Budget;

use super::month::{Day, Month, date, day_of, weekday};

/// After as many months the calendar repeats: what has not come by then is not looked for (of a rule that counts
/// days or weeks, nobody means four hundred years).
const CYCLE: i64 = 4800;

/// Which days: each part that is given narrows them down.
#[derive(Clone, Debug)]
#[expect(clippy::struct_field_names, reason = "RFC 5545 calls them so")]
pub(crate) struct Days {
    /// Bit 1 is January.
    pub(crate) months: u32,
    /// Bit 0 is the first of the month.
    pub(crate) month_days: u32,
    /// Bit 0 is the last of the month.
    pub(crate) month_days_from_end: u32,
    /// Bit 0 is Monday.
    pub(crate) weekdays: u8,
    /// The n-th (from the end if negative) of a weekday.
    pub(crate) nth_weekdays: Vec<(i32, u8)>,
    /// They are counted in the year, not in the month.
    pub(crate) counts_in_year: bool,
    /// Cron's rule: a day of the month or a weekday is enough, not both.
    pub(crate) either: bool,
    /// 1 is the first of January, -1 the last of December.
    pub(crate) year_days: Vec<i32>,
    /// ISO 8601's weeks, from `week_start`.
    pub(crate) weeks: Vec<i32>,
    /// 0 is Monday.
    pub(crate) week_start: i64,
    pub(crate) every: Every,
    /// The last month that was asked about: most questions are about the same one.
    pub(crate) asked: Cell<Option<(Month, u32)>>,
}

/// Every n-th period of that kind, counted from the one with this number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Every {
    pub(crate) period: Period,
    pub(crate) interval: i64,
    pub(crate) origin: i64,
}

/// The periods of days that a rule counts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Period {
    Day,
    Week,
    Month,
    Year,
}

impl Days {
    #[expect(clippy::declare_interior_mutable_const, reason = "each use is a rule of its own")]
    pub(crate) const ALL: Self = Self {
        months: 0x1ffe,
        month_days: 0,
        month_days_from_end: 0,
        weekdays: 0,
        nth_weekdays: Vec::new(),
        counts_in_year: false,
        either: false,
        year_days: Vec::new(),
        weeks: Vec::new(),
        week_start: 0,
        every: Every { period: Period::Day, interval: 1, origin: 0 },
        asked: Cell::new(None),
    };

    /// Of two cron expressions: `true` if all days of this one are of `other`.
    pub(crate) fn is_within(&self, other: &Self) -> bool {
        let (mine, others) = (self.cron_days(), other.cron_days());
        let is_inside = match (mine, others) {
            (_, None) => true,
            (None, _) => false,
            (Some(mine), Some(others)) => mine.0 & !others.0 == 0 && mine.1 & !others.1 == 0,
        };
        self.months & !other.months == 0 && is_inside
    }

    /// Of a cron expression: it has days of the month and weekdays, and may be meant on those that are both.
    pub(crate) fn names_two_kinds(&self) -> bool {
        self.month_days != 0 && self.weekdays != 0
    }

    /// The days of the month and the weekdays of which one is enough; none if that is every day.
    fn cron_days(&self) -> Option<(u32, u8)> {
        let (days, weekdays) = (self.month_days, self.weekdays);
        let is_all = days == u32::MAX >> 1 || weekdays == 0x7f || (days == 0 && weekdays == 0);
        (!is_all).then_some((days, weekdays))
    }

    /// The first of them from `day` on.
    pub(crate) fn from(&self, day: Day, budget: &Budget) -> Option<Day> {
        let (mut month, all) = self.month_of(day, budget)?;
        let mut mask = all & (u32::MAX << (day - month.first));
        let mut passed = 0;
        while passed < CYCLE {
            if mask != 0 {
                return Some(month.first + i64::from(mask.trailing_zeros()));
            }
            let months = self.months_to_skip(&month, 1);
            month = month.later(months).filter(|_| budget.spend(self.cost()))?;
            mask = self.mask(&month);
            passed += self.passed(months);
        }
        None
    }

    /// The last of them up to `day`.
    pub(crate) fn to(&self, day: Day, budget: &Budget) -> Option<Day> {
        let (mut month, all) = self.month_of(day, budget)?;
        let mut mask = all & (u32::MAX >> (31 - (day - month.first)));
        let mut passed = 0;
        while passed < CYCLE {
            if mask != 0 {
                return Some(month.first + 31 - i64::from(mask.leading_zeros()));
            }
            let months = self.months_to_skip(&month, -1);
            month = month.later(-months).filter(|_| budget.spend(self.cost()))?;
            mask = self.mask(&month);
            passed += self.passed(months);
        }
        None
    }

    /// The `count`-th of them from `day` on; 0 is the first.
    pub(crate) fn nth_from(&self, day: Day, count: u64, budget: &Budget) -> Option<Day> {
        let (mut month, all) = self.month_of(day, budget)?;
        let mut mask = all & (u32::MAX << (day - month.first));
        let mut left = count;
        let mut empty = 0;
        while empty < CYCLE {
            let here = u64::from(mask.count_ones());
            if left < here {
                (0..left).for_each(|_| mask &= mask - 1);
                return Some(month.first + i64::from(mask.trailing_zeros()));
            }
            left -= here;
            let months = self.months_to_skip(&month, 1);
            empty = if here == 0 { empty + self.passed(months) } else { 0 };
            month = month.later(months).filter(|_| budget.spend(self.cost()))?;
            mask = self.mask(&month);
        }
        None
    }

    /// Those of `[begin, end)`, month by month: its first day, and a bit for each of them.
    pub(crate) fn months(&self, begin: Day, end: Day, budget: &Budget) -> Vec<(Day, u32)> {
        let mut months = Vec::new();
        let mut next = begin;
        while next < end
            && let Some((month, mask)) = self.month_of(next, budget)
        {
            let until = u32::MAX.checked_shr(u32::try_from(32 - (end - month.first)).unwrap_or(0)).unwrap_or(0);
            months.push((month.first, mask & (u32::MAX << (next - month.first)) & until));
            next = month.first + month.length;
        }
        months
    }

    fn month_of(&self, day: Day, budget: &Budget) -> Option<(Month, u32)> {
        if let Some(asked) = self.asked.get().filter(|(month, _)| (0..month.length).contains(&(day - month.first))) {
            return Some(asked);
        }
        let month = Month::of(day).filter(|_| budget.spend(self.cost()))?;
        let found = (month, self.mask(&month));
        self.asked.set(Some(found));
        Some(found)
    }

    /// How many months on the next one lies that may have any: what years and months are counted in is leapt over.
    fn months_to_skip(&self, month: &Month, direction: i64) -> i64 {
        let Every { period, interval, origin } = self.every;
        match period {
            Period::Month if interval > 1 => interval - (direction * (month.number() - origin)).rem_euclid(interval),
            Period::Year if interval > 1 && !self.weeks.is_empty() => self.months_to_weeks(month, direction),
            Period::Year if interval > 1 => {
                let years = interval - (direction * (i64::from(month.year) - origin)).rem_euclid(interval);
                let (first, last) = if direction > 0 { (0, 11) } else { (11, 0) };
                let here = i64::from(month.of_year) - 1;
                // Within a year that counts, month by month; from its end on to the next one.
                if years == interval && here != last { 1 } else { years * 12 - direction * (here - first) }
            }
            _ => self.months_to_next(month, direction),
        }
    }

    /// A week of a year that counts may begin in the December before it, and end in the January after it.
    fn months_to_weeks(&self, month: &Month, direction: i64) -> i64 {
        let Every { interval, origin, .. } = self.every;
        let next = month.number() + direction;
        let (year, of_year) = (next.div_euclid(12), next.rem_euclid(12));
        let since = |year: i64| (year - origin).rem_euclid(interval);
        if since(year) == 0 || (of_year == 0 && since(year - 1) == 0) || (of_year == 11 && since(year + 1) == 0) {
            return 1;
        }
        if direction > 0 {
            (year + interval - since(year)) * 12 - 1 - month.number()
        } else {
            month.number() - (year - since(year) + 1) * 12
        }
    }

    /// How many months on the next one is that the rule names.
    fn months_to_next(&self, month: &Month, direction: i64) -> i64 {
        let named = |months: &i64| {
            let of_year = (i64::from(month.of_year) - 1 + direction * months).rem_euclid(12) + 1;
            self.months & (1 << of_year) != 0
        };
        (1..12).find(named).unwrap_or(12)
    }

    /// How much of the calendar's cycle a leap of so many months has passed. Where only some periods count, the cycle
    /// is as many times longer.
    fn passed(&self, months: i64) -> i64 {
        if self.every.interval == 1 { months } else { 1 }
    }

    /// The steps that a month's mask takes.
    fn cost(&self) -> u64 {
        let weeks = if self.weeks.is_empty() { 0 } else { 100 + 16 * self.weeks.len() };
        let listed = self.nth_weekdays.len() + self.year_days.len() + weeks;
        5 + u64::try_from(listed).unwrap_or(u64::MAX)
    }

    fn mask(&self, month: &Month) -> u32 {
        if self.months & (1 << month.of_year) == 0 {
            return 0;
        }
        let mut mask = self.by_day(month);
        if !self.year_days.is_empty() {
            mask &= self.by_year_day(month);
        }
        if !self.weeks.is_empty() {
            mask = month.keep(mask, |day| self.is_in_weeks(day));
        }
        let Every { period, interval, origin } = self.every;
        if interval == 1 {
            return mask;
        }
        match period {
            Period::Year if !self.weeks.is_empty() => {
                let counts = |year: i32| (i64::from(year) - origin) % interval == 0;
                month.keep(mask, |day| self.year_of(day).is_some_and(counts))
            }
            Period::Year if (i64::from(month.year) - origin) % interval != 0 => 0,
            Period::Month if (month.number() - origin) % interval != 0 => 0,
            Period::Year | Period::Month => mask,
            Period::Week => month.keep(mask, |day| (self.week_number(day) - origin) % interval == 0),
            Period::Day => {
                let mut bits = 0;
                let mut at = (origin - month.first).rem_euclid(interval);
                while at < month.length {
                    bits |= 1 << at;
                    at += interval;
                }
                mask & bits
            }
        }
    }

    /// Days of the month, and weekdays.
    fn by_day(&self, month: &Month) -> u32 {
        let from_end = self.month_days_from_end.reverse_bits() >> (32 - month.length);
        let month_days = (self.month_days | from_end) & month.all();
        let weekdays = self.by_weekday(month);
        let has_month_days = (self.month_days | self.month_days_from_end) != 0;
        let has_weekdays = self.weekdays != 0 || !self.nth_weekdays.is_empty();
        match (has_month_days, has_weekdays) {
            (false, false) => month.all(),
            (true, false) => month_days,
            (false, true) => weekdays,
            (true, true) if self.either => month_days | weekdays,
            (true, true) => month_days & weekdays,
        }
    }

    fn by_weekday(&self, month: &Month) -> u32 {
        // Seven bits again and again, from the weekday of the first on.
        let weeks = (u64::from(self.weekdays) * 0x0008_1020_4081) >> weekday(month.first);
        #[expect(clippy::cast_possible_truncation, reason = "a month has 31 days")]
        let mut mask = weeks as u32 & month.all();
        let (first, length) = if self.counts_in_year { month.whole_year() } else { (month.first, month.length) };
        for &(n, wanted) in &self.nth_weekdays {
            let at = if n > 0 {
                (i64::from(wanted) - weekday(first)).rem_euclid(7) + 7 * i64::from(n - 1)
            } else {
                length - 1 - (weekday(first + length - 1) - i64::from(wanted)).rem_euclid(7) + 7 * i64::from(n + 1)
            };
            if (0..length).contains(&at) {
                mask |= month.bit(first + at);
            }
        }
        mask
    }

    fn by_year_day(&self, month: &Month) -> u32 {
        let (first, length) = month.whole_year();
        let days = self.year_days.iter().map(|&n| if n > 0 { i64::from(n) - 1 } else { length + i64::from(n) });
        days.filter(|at| (0..length).contains(at)).fold(0, |mask, at| mask | month.bit(first + at))
    }

    /// A week belongs to the year that has its fourth day.
    fn fourth_of_week(&self, day: Day) -> Day {
        day - (weekday(day) - self.week_start).rem_euclid(7) + 3
    }

    /// The year of a day: where the rule has weeks, the one to which its week belongs.
    pub(crate) fn year_of(&self, day: Day) -> Option<i32> {
        let day = if self.weeks.is_empty() { day } else { self.fourth_of_week(day) };
        Some(date(day)?.year())
    }

    /// The year around a day, `[begin, end)`.
    pub(crate) fn year_around(&self, day: Day) -> Option<(Day, Day)> {
        let year = self.year_of(day)?;
        let begin = |year| {
            let first = day_of(NaiveDate::from_ymd_opt(year, 1, 1)?);
            Some(if self.weeks.is_empty() { first } else { self.fourth_of_week(first + 3) - 3 })
        };
        Some((begin(year)?, begin(year + 1)?))
    }

    fn is_in_weeks(&self, day: Day) -> bool {
        let fourth = self.fourth_of_week(day);
        let Some(month) = Month::of(fourth) else { return false };
        let (first, length) = month.whole_year();
        let number = (fourth - first) / 7 + 1;
        let first_fourth = (weekday(fourth) - weekday(first)).rem_euclid(7);
        let weeks = (length - 1 - first_fourth) / 7 + 1;
        self.weeks.iter().any(|&n| number == if n > 0 { i64::from(n) } else { weeks + 1 + i64::from(n) })
    }

    pub(crate) fn week_number(&self, day: Day) -> i64 {
        (day + 3 - self.week_start).div_euclid(7)
    }
}
