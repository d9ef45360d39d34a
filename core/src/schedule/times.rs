//! The times of a day at which a rule fires: hours, minutes and seconds as masks.

use crate::budget::Budget;
use crate::time::DAY;

use super::month::Day;

const HOUR: i64 = 3600;
const MINUTE: i64 = 60;

/// Every hour, minute and second whose bit is set; of these the units that are counted.
#[derive(Clone, Debug)]
pub(crate) struct TimesOfDay {
    pub(crate) hours: u32,
    pub(crate) minutes: u64,
    pub(crate) seconds: u64,
    pub(crate) every: Units,
}

/// Every n-th hour, minute or second, counted from the one with the number `origin`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Units {
    /// In seconds.
    pub(crate) unit: i64,
    pub(crate) interval: i64,
    pub(crate) origin: i64,
}

impl Units {
    /// None are counted: the rule counts days or longer.
    pub(crate) const DAYS: Self = Self { unit: DAY, interval: 1, origin: 0 };
}

impl TimesOfDay {
    pub(crate) fn at(second: i64) -> Self {
        let bit = |number: i64| 1_u64 << number;
        Self {
            hours: 1 << (second / HOUR),
            minutes: bit(second / MINUTE % 60),
            seconds: bit(second % MINUTE),
            every: Units::DAYS,
        }
    }

    /// How many there are on a day on which all units count.
    pub(crate) fn count(&self) -> u64 {
        let masks = [u64::from(self.hours), self.minutes, self.seconds];
        masks.into_iter().map(|mask| u64::from(mask.count_ones())).product()
    }

    /// Those of the unit around a second of a day; of a whole day where no shorter units are counted.
    pub(crate) fn within(&self, day: Day, second: i64) -> Self {
        let unit = self.every.unit;
        let mut within = self.clone();
        if unit < DAY {
            within.hours &= 1 << (second / HOUR);
            within.minutes &= if unit < HOUR { 1 << (second / MINUTE % 60) } else { u64::MAX };
            within.seconds &= if unit < MINUTE { 1 << (second % MINUTE) } else { u64::MAX };
        }
        if self.missed(day, second) > 0 {
            within.hours = 0;
        }
        within
    }

    /// The time with this number among all of a day; 0 is the first.
    pub(crate) fn nth(&self, number: u64) -> i64 {
        let (minutes, seconds) = (u64::from(self.minutes.count_ones()), u64::from(self.seconds.count_ones()));
        nth_bit(self.hours.into(), number / seconds / minutes) * HOUR
            + nth_bit(self.minutes, number / seconds % minutes) * MINUTE
            + nth_bit(self.seconds, number % seconds)
    }

    /// `true` if the units leave out every time, on every day.
    pub(crate) fn is_never(&self, budget: &Budget) -> bool {
        let Units { unit, interval, .. } = self.every;
        // After as many days the units stand as they did.
        let days = interval / gcd(interval, DAY / unit);
        (0..days).all(|day| self.from(day, 0, budget).is_none())
    }

    /// The first second of `day` from `second` on.
    pub(crate) fn from(&self, day: Day, mut second: i64, budget: &Budget) -> Option<i64> {
        while second < DAY && budget.spend(1) {
            let missed = self.missed(day, second);
            if missed > 0 {
                let Units { unit, interval, .. } = self.every;
                second = ((day * DAY + second).div_euclid(unit) + interval - missed) * unit - day * DAY;
                continue;
            }
            let (hour, minute) = (second / HOUR, second / MINUTE % 60);
            let found = next(u64::from(self.hours), hour)?;
            if found > hour {
                second = found * HOUR;
                continue;
            }
            let Some(found) = next(self.minutes, minute) else {
                second = (hour + 1) * HOUR;
                continue;
            };
            if found > minute {
                second = hour * HOUR + found * MINUTE;
                continue;
            }
            let begin = second / MINUTE * MINUTE;
            match next(self.seconds, second - begin) {
                // The units may leave it out.
                Some(found) if begin + found > second => second = begin + found,
                Some(_) => return Some(second),
                None => second = begin + MINUTE,
            }
        }
        None
    }

    /// The last second of `day` up to `second`.
    pub(crate) fn to(&self, day: Day, mut second: i64, budget: &Budget) -> Option<i64> {
        while second >= 0 && budget.spend(1) {
            let missed = self.missed(day, second);
            if missed > 0 {
                let Units { unit, .. } = self.every;
                second = ((day * DAY + second).div_euclid(unit) - missed + 1) * unit - 1 - day * DAY;
                continue;
            }
            let (hour, minute) = (second / HOUR, second / MINUTE % 60);
            let found = previous(u64::from(self.hours), hour)?;
            if found < hour {
                second = found * HOUR + HOUR - 1;
                continue;
            }
            let Some(found) = previous(self.minutes, minute) else {
                second = hour * HOUR - 1;
                continue;
            };
            if found < minute {
                second = hour * HOUR + found * MINUTE + MINUTE - 1;
                continue;
            }
            let begin = second / MINUTE * MINUTE;
            match previous(self.seconds, second - begin) {
                Some(found) if begin + found < second => second = begin + found,
                Some(_) => return Some(second),
                None => second = begin - 1,
            }
        }
        None
    }

    /// How many units lie between this one and the last one that counts.
    fn missed(&self, day: Day, second: i64) -> i64 {
        let Units { unit, interval, origin } = self.every;
        if interval == 1 { 0 } else { ((day * DAY + second).div_euclid(unit) - origin).rem_euclid(interval) }
    }
}

/// Where the bit with this number stands; 0 is the lowest.
pub(crate) fn nth_bit(mut mask: u64, number: u64) -> i64 {
    (0..number).for_each(|_| mask &= mask.wrapping_sub(1));
    mask.trailing_zeros().into()
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// The first bit from `at` on.
fn next(mask: u64, at: i64) -> Option<i64> {
    let rest = mask >> at;
    (rest != 0).then(|| at + i64::from(rest.trailing_zeros()))
}

/// The last bit up to `at`.
fn previous(mask: u64, at: i64) -> Option<i64> {
    let rest = mask << (63 - at);
    (rest != 0).then(|| at - i64::from(rest.leading_zeros()))
}
