//! The calendar: days by their numbers, and a month as a mask of its days.

use chrono::{Datelike, NaiveDate};

/// Days since 1970-01-01.
pub(crate) type Day = i64;

/// The years in which rules fire: what RFC 3339 and RFC 5545 can write.
pub(crate) const FIRST_YEAR: i32 = 1;

pub(crate) const LAST_YEAR: i32 = 9999;

/// Between 0001-01-01, from which chrono counts, and 1970-01-01.
const CHRONO_EPOCH: i64 = 719_163;

/// A month of the calendar.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Month {
    pub(super) year: i32,
    /// 1 is January.
    pub(super) of_year: u32,
    pub(super) first: Day,
    pub(super) length: i64,
}

impl Month {
    pub(super) fn of(day: Day) -> Option<Self> {
        let date = date(day)?;
        Self::new(date.year(), date.month())
    }

    pub(super) fn new(year: i32, month: u32) -> Option<Self> {
        if !(FIRST_YEAR..=LAST_YEAR).contains(&year) {
            return None;
        }
        let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let length = match month {
            2 => 28 + i64::from(is_leap),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        Some(Self { year, of_year: month, first: day_of(NaiveDate::from_ymd_opt(year, month, 1)?), length })
    }

    pub(super) fn number(&self) -> i64 {
        month_number(self.year, self.of_year)
    }

    pub(super) fn later(&self, months: i64) -> Option<Self> {
        let number = self.number() + months;
        let year = i32::try_from(number.div_euclid(12)).ok()?;
        Self::new(year, u32::try_from(number.rem_euclid(12)).ok()? + 1)
    }

    pub(super) fn all(&self) -> u32 {
        u32::MAX >> (32 - self.length)
    }

    /// The first day of its year, and how many days that has.
    pub(super) fn whole_year(&self) -> (Day, i64) {
        let first = |year| NaiveDate::from_ymd_opt(year, 1, 1).map_or(0, day_of);
        (first(self.year), first(self.year + 1) - first(self.year))
    }

    /// The bit of `day`; none if it is in another month.
    pub(super) fn bit(&self, day: Day) -> u32 {
        let at = day - self.first;
        if (0..self.length).contains(&at) { 1 << at } else { 0 }
    }

    pub(super) fn keep(&self, mut mask: u32, is_kept: impl Fn(Day) -> bool) -> u32 {
        for at in 0..self.length {
            if mask & (1 << at) != 0 && !is_kept(self.first + at) {
                mask &= !(1 << at);
            }
        }
        mask
    }
}

/// 0 is Monday.
pub(crate) fn weekday(day: Day) -> i64 {
    (day + 3).rem_euclid(7)
}

pub(crate) fn month_number(year: i32, month: u32) -> i64 {
    i64::from(year) * 12 + i64::from(month) - 1
}

pub(crate) fn date(day: Day) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(i32::try_from(day + CHRONO_EPOCH).ok()?)
}

pub(crate) fn day_of(date: NaiveDate) -> Day {
    i64::from(date.num_days_from_ce()) - CHRONO_EPOCH
}
