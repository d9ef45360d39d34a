//! A rule that repeats: days, times of the day, and what narrows their product down.

use std::cell::{Cell, Ref, RefCell};

use crate::budget::Budget;
use crate::time::{DAY, Local};

use super::days::{Days, Every, Period};
use super::month::{Day, FIRST_YEAR, LAST_YEAR, day_of};
use super::times::{TimesOfDay, Units, nth_bit};

/// Days looked at for a time that its units leave out on most of them.
const MOST_DAYS: usize = 20_000;
/// Periods looked at for a position that few of them have.
const MOST_PERIODS: usize = 21_000; // weeks of four hundred years

/// The times of a rule without end or beginning, narrowed down to those that count.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    pub(crate) days: Days,
    pub(crate) times: TimesOfDay,
    /// RFC 5545's BYSETPOS: which of each period's times count, from its end if negative. None: all.
    pub(crate) positions: Vec<i64>,
    pub(crate) first: Local,
    pub(crate) last: Local,
    /// Up to and from where a search has found nothing: that takes longest, and is not done again.
    nothing_to: Cell<Local>,
    nothing_from: Cell<Local>,
    /// The last period that was asked about, and its times at the positions.
    chosen: RefCell<(Local, Vec<Local>)>,
    budget: Budget,
}

impl Pattern {
    pub(crate) fn new(days: Days, times: TimesOfDay, budget: &Budget) -> Self {
        let (first, last) = (Local::MIN, Local::MAX);
        let (nothing_to, nothing_from) = (Cell::new(Local::MIN), Cell::new(Local::MAX));
        Self {
            days,
            times,
            positions: Vec::new(),
            first,
            last,
            nothing_to,
            nothing_from,
            chosen: RefCell::new((Local::MIN, Vec::new())),
            budget: budget.clone(),
        }
    }

    /// At that second of these days of every week.
    pub(crate) fn weekly(weekdays: u8, second: i64, budget: &Budget) -> Self {
        Self::new(Days { weekdays, ..Days::ALL }, TimesOfDay::at(second), budget)
    }

    /// The weekdays (none: all) and the second, if the rule is no more than that.
    pub(crate) fn as_weekly(&self) -> Option<(u8, i64)> {
        let Days { months, month_days, weekdays, .. } = self.days;
        let second = self.second()?;
        (months == Days::ALL.months && month_days == 0).then_some((weekdays, second))
    }

    /// The second of the day, if there is one alone.
    pub(crate) fn second(&self) -> Option<i64> {
        self.times.from(0, 0, &self.budget).filter(|_| self.times.count() == 1)
    }

    /// It fires in the last minute of days and in no other of an hour.
    pub(crate) fn ends_days(&self) -> bool {
        self.times.minutes == 1 << 59 && self.times.hours & 1 << 23 != 0
    }

    /// Of two cron expressions: `true` if this one fires only when `other` does.
    pub(crate) fn is_within(&self, other: &Self) -> bool {
        self.times.hours & !other.times.hours == 0
            && self.times.minutes & !other.times.minutes == 0
            && self.days.is_within(&other.days)
    }

    /// The latest time up to `local`.
    pub(crate) fn last_until(&self, local: Local) -> Option<Local> {
        if self.first > self.last {
            return None;
        }
        let from = local.min(self.last).min(end_of_time());
        if from <= self.nothing_to.get() {
            return None;
        }
        let found = if self.positions.is_empty() { self.to(from) } else { self.position_to(from) };
        if found.is_none() {
            self.nothing_to.set(from);
        }
        found.filter(|&found| found >= self.first)
    }

    /// The first time after `local`.
    pub(crate) fn first_after(&self, local: Local) -> Option<Local> {
        let from = local.saturating_add(1).max(self.first).max(beginning_of_time());
        if from > self.last || from >= self.nothing_from.get() {
            return None;
        }
        let found = if self.positions.is_empty() { self.from(from) } else { self.position_from(from) };
        if found.is_none() {
            self.nothing_from.set(from);
        }
        found.filter(|&found| found <= self.last)
    }

    /// Ends it with its `count`-th time.
    pub(crate) fn end_after(&mut self, count: u64) {
        if let Some(last) = count.checked_sub(1) {
            self.last = self.nth(last).unwrap_or(Local::MAX);
        } else {
            (self.first, self.last) = (Local::MAX, Local::MIN);
        }
    }

    /// Every day has the same times, so that days and their times can be counted apart.
    pub(crate) fn is_counted_by_days(&self) -> bool {
        self.positions.is_empty() && self.times.every.interval == 1
    }

    /// The `count`-th time; 0 is the first.
    fn nth(&self, count: u64) -> Option<Local> {
        if self.is_counted_by_days() {
            return self.nth_of_product(count);
        }
        if !self.positions.is_empty() {
            return self.nth_position(count);
        }
        let mut local = self.first_after(Local::MIN)?;
        for _ in 0..count {
            local = self.first_after(local)?;
        }
        Some(local)
    }

    /// Where positions are counted, a period at a time.
    fn nth_position(&self, mut count: u64) -> Option<Local> {
        let begin = self.first.max(beginning_of_time());
        let mut period = self.period_of(begin)?;
        while !self.budget.is_spent() {
            for &found in self.positions_in(period).iter().filter(|&&found| found >= begin) {
                if count == 0 {
                    return Some(found);
                }
                count -= 1;
            }
            period = self.period_of(self.from(period.1)?)?;
        }
        None
    }

    /// Where every day has the same times they are counted by days.
    fn nth_of_product(&self, count: u64) -> Option<Local> {
        let times = self.times.count();
        let (day, second) = split(self.first.max(beginning_of_time()));
        let mut before = 0; // times of the first day that lie before the first time
        if self.days.from(day, &self.budget) == Some(day) {
            let mut at = 0;
            while let Some(time) = self.times.from(day, at, &self.budget).filter(|&time| time < second) {
                before += 1;
                at = time + 1;
            }
        }
        let count = count + before;
        let day = self.days.nth_from(day, count / times, &self.budget)?;
        let mut time = self.times.from(day, 0, &self.budget)?;
        for _ in 0..count % times {
            time = self.times.from(day, time + 1, &self.budget)?;
        }
        Some(day * DAY + time)
    }

    fn from(&self, local: Local) -> Option<Local> {
        let (mut day, mut second) = split(local);
        for _ in 0..MOST_DAYS {
            let found = self.days.from(day, &self.budget)?;
            if found > day {
                second = 0;
            }
            if let Some(time) = self.times.from(found, second, &self.budget) {
                return Some(found * DAY + time);
            }
            (day, second) = (found + 1, 0);
        }
        None
    }

    fn to(&self, local: Local) -> Option<Local> {
        let (mut day, mut second) = split(local);
        for _ in 0..MOST_DAYS {
            let found = self.days.to(day, &self.budget)?;
            if found < day {
                second = DAY - 1;
            }
            if let Some(time) = self.times.to(found, second, &self.budget) {
                return Some(found * DAY + time);
            }
            (day, second) = (found - 1, DAY - 1);
        }
        None
    }

    fn position_from(&self, local: Local) -> Option<Local> {
        let mut period = self.period_of(local)?;
        for _ in 0..MOST_PERIODS {
            if let Some(found) = self.positions_in(period).iter().copied().find(|&found| found >= local) {
                return Some(found);
            }
            period = self.period_of(self.from(period.1)?)?;
        }
        None
    }

    fn position_to(&self, local: Local) -> Option<Local> {
        let mut period = self.period_of(local)?;
        for _ in 0..MOST_PERIODS {
            if let Some(found) = self.positions_in(period).iter().copied().rfind(|&found| found <= local) {
                return Some(found);
            }
            period = self.period_of(self.to(period.0 - 1)?)?;
        }
        None
    }

    /// The times of one period that stand at the positions, sorted. All of its days have the same times, so that
    /// the one with a number is found without those before it.
    fn positions_in(&self, (begin, end): (Local, Local)) -> Ref<'_, [Local]> {
        if self.chosen.borrow().0 != begin {
            *self.chosen.borrow_mut() = (begin, self.choose(begin, end));
        }
        Ref::map(self.chosen.borrow(), |(_, chosen)| &**chosen)
    }

    fn choose(&self, begin: Local, end: Local) -> Vec<Local> {
        let (first, second) = split(begin);
        let days = self.days.months(first, split(end - 1).0 + 1, &self.budget);
        let times = self.times.within(first, second);
        let days_in_all: u64 = days.iter().map(|(_, mask)| u64::from(mask.count_ones())).sum();
        let (of_a_day, in_all) = (times.count(), times.count() * days_in_all);
        if !self.budget.spend_on(self.positions.len() + 2, 5) {
            return Vec::new();
        }
        let number = |&position: &i64| match position {
            1.. => Some(position.unsigned_abs() - 1).filter(|&number| number < in_all),
            _ => in_all.checked_sub(position.unsigned_abs()),
        };
        let time = |number: u64| Some(nth_day(&days, number / of_a_day)? * DAY + times.nth(number % of_a_day));
        let mut chosen: Vec<_> = self.positions.iter().filter_map(number).filter_map(time).collect();
        chosen.sort_unstable();
        chosen.dedup();
        chosen
    }

    /// The period around `local` that the rule counts: `[begin, end)`.
    fn period_of(&self, local: Local) -> Option<(Local, Local)> {
        use chrono::{Datelike, Months, NaiveDate};
        let (day, _) = split(local);
        let Units { unit, .. } = self.times.every;
        if unit < DAY {
            let begin = local.div_euclid(unit) * unit;
            return Some((begin, begin + unit));
        }
        let Every { period, .. } = self.days.every;
        let date = super::month::date(day)?;
        let (begin, end) = match period {
            Period::Day => (day, day + 1),
            Period::Week => {
                let begin = self.days.week_number(day) * 7 - 3 + self.days.week_start;
                (begin, begin + 7)
            }
            Period::Month => {
                let begin = NaiveDate::from_ymd_opt(date.year(), date.month(), 1)?;
                (day_of(begin), day_of(begin.checked_add_months(Months::new(1))?))
            }
            Period::Year => self.days.year_around(day)?,
        };
        Some((begin * DAY, end * DAY))
    }
}

/// The day with this number among the days of some months; 0 is the first.
fn nth_day(months: &[(Day, u32)], mut number: u64) -> Option<Day> {
    for &(first, mask) in months {
        let here = u64::from(mask.count_ones());
        if number < here {
            return Some(first + nth_bit(mask.into(), number));
        }
        number -= here;
    }
    None
}

fn split(local: Local) -> (Day, i64) {
    (local.div_euclid(DAY), local.rem_euclid(DAY))
}

fn year_begins(year: i32) -> Local {
    chrono::NaiveDate::from_ymd_opt(year, 1, 1).map_or(0, day_of) * DAY
}

fn beginning_of_time() -> Local {
    year_begins(FIRST_YEAR)
}

fn end_of_time() -> Local {
    year_begins(LAST_YEAR + 1) - 1
}
