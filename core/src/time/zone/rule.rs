//! Summer time by rule: what a zone does every year after the last change that its table has.

use crate::time::Instant;

use super::span::Span;

const DAY: i64 = 86_400;

/// From `begin` on the offset is `summer`, from `end` on `standard`; in the south a year begins with summer.
pub(super) struct SummerTime {
    /// The instant of the last change, or a later one up to which there was another rule.
    pub(super) since: Instant,
    pub(super) standard: i64,
    pub(super) summer: i64,
    pub(super) begin: Turn,
    pub(super) end: Turn,
}

/// `M10.5.0/3` of POSIX: on the last Sunday of October at 3 on the clock that goes until then.
pub(super) struct Turn {
    pub(super) month: u8,
    /// 5 is the last.
    pub(super) week: u8,
    /// 0 is Sunday.
    pub(super) weekday: u8,
    /// Seconds from the day's midnight; may be another day's.
    pub(super) time: i64,
}

impl SummerTime {
    pub(super) fn find(&self, at: Instant) -> Span {
        let year = year(at.saturating_add(self.standard).div_euclid(DAY));
        let mut span = Span { from: i64::MIN, to: i64::MAX, offset: self.standard };
        for year in [year - 1, year, year + 1] {
            for (turn, before, after) in
                [(&self.begin, self.standard, self.summer), (&self.end, self.summer, self.standard)]
            {
                let turn = turn.local(year).saturating_sub(before);
                if turn > at {
                    span.to = span.to.min(turn);
                } else if turn > span.from {
                    (span.from, span.offset) = (turn, after);
                }
            }
        }
        span
    }
}

impl Turn {
    fn local(&self, year: i64) -> i64 {
        // The first of the seven days that it can be; 1970-01-01 was a Thursday.
        let seven = match self.week {
            5 => first_of_month(year, self.month + 1) - 7,
            week => first_of_month(year, self.month) + 7 * (i64::from(week) - 1),
        };
        let day = seven + (i64::from(self.weekday) - 4 - seven).rem_euclid(7);
        day.saturating_mul(DAY).saturating_add(self.time)
    }
}

/// Days since 1970-01-01. A 13th month is January. Years begin with March here, so the leap day comes last.
fn first_of_month(year: i64, month: u8) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days_before_month = (153 * i64::from(month) + 2) / 5;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + days_before_month - 719_468
}

/// The year of a day since 1970-01-01.
fn year(day: i64) -> i64 {
    let day = day + 719_468;
    let (era, day) = (day.div_euclid(146_097), day.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    // From 306 on it is January.
    era * 400 + year + i64::from(day_of_year >= 306)
}

#[cfg(test)]
mod tests {
    use chrono::{Datelike, NaiveDate};

    use super::{first_of_month, year};

    #[test]
    fn days_are_those_of_the_calendar() {
        let mut date = NaiveDate::from_ymd_opt(1599, 12, 1).expect("a date");
        let mut day = first_of_month(1599, 12);
        while date.year() < 2500 {
            assert_eq!(year(day), i64::from(date.year()), "{date}");
            if date.day() == 1 {
                assert_eq!(
                    first_of_month(date.year().into(), u8::try_from(date.month()).expect("small")),
                    day,
                    "{date}"
                );
            }
            (date, day) = (date.succ_opt().expect("a date"), day + 1);
        }
        assert_eq!(first_of_month(2023, 13), first_of_month(2024, 1));
        assert_eq!(first_of_month(1970, 1), 0);
    }
}
