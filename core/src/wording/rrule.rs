//! A recurrence rule in English, as far as short words go.

use std::fmt::Write as _;

use chrono::Datelike;

use crate::schedule::{Doubt, Frequency, Parts, date, weekday as weekday_of};
use crate::time::words::WEEKDAYS;
use crate::time::{DAY, Local};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `every 2 weeks on Monday and Friday at 09:00`
pub(crate) fn words(text: &str, dtstart: Local) -> String {
    Parts::read(text, Doubt::Refused).map_or_else(|_| String::new(), |(parts, _)| parts.words(dtstart))
}

impl Parts<'_> {
    fn words(&self, dtstart: Local) -> String {
        let mut words = self.how_often();
        let long =
            [&self.by_second, &self.by_minute, &self.by_hour, &self.by_year_day, &self.by_week, &self.by_position];
        if long.iter().any(|list| !list.is_empty()) {
            return words;
        }
        let mut add = |before: &str, named: Vec<String>| {
            if !named.is_empty() {
                // Writing to a String cannot fail.
                let _ = write!(words, " {before} {}", listed(&named));
            }
        };
        add("on", self.by_day.iter().map(|&(n, day)| weekday(n, day)).collect());
        add("on", self.by_month_day.iter().map(|&n| month_day(n)).collect());
        add("on", self.implied_day(dtstart).into_iter().collect());
        add("in", self.by_month.iter().filter_map(|&n| month(n)).collect());
        if self.frequency().is_ok_and(|frequency| frequency >= Frequency::Daily) {
            let minutes = dtstart.rem_euclid(DAY) / 60;
            add("at", vec![format!("{:02}:{:02}", minutes / 60, minutes % 60)]);
        }
        words
    }

    /// What the rule leaves to its beginning: `24 December` of every year, `day 24` of every month, a weekday.
    fn implied_day(&self, dtstart: Local) -> Option<String> {
        if !self.by_day.is_empty() || !self.by_month_day.is_empty() {
            return None;
        }
        let day = dtstart.div_euclid(DAY);
        let begin = date(day)?;
        match self.frequency().ok()? {
            Frequency::Yearly if self.by_month.is_empty() => {
                Some(format!("{} {}", begin.day(), month(i64::from(begin.month()))?))
            }
            Frequency::Yearly | Frequency::Monthly => Some(month_day(i64::from(begin.day()))),
            Frequency::Weekly => Some(WEEKDAYS[usize::try_from(weekday_of(day)).ok()?].to_owned()),
            _ => None,
        }
    }

    /// `every day`, `every 2 weeks`
    fn how_often(&self) -> String {
        let unit = match self.frequency() {
            Ok(Frequency::Secondly) => "second",
            Ok(Frequency::Minutely) => "minute",
            Ok(Frequency::Hourly) => "hour",
            Ok(Frequency::Daily) => "day",
            Ok(Frequency::Weekly) => "week",
            Ok(Frequency::Monthly) => "month",
            Ok(Frequency::Yearly) | Err(_) => "year",
        };
        match self.interval {
            None | Some("1") => format!("every {unit}"),
            Some(interval) => format!("every {interval} {unit}s"),
        }
    }
}

/// `Monday`, `the second Monday`, `the last Friday`
fn weekday(n: i32, day: u8) -> String {
    let name = WEEKDAYS[usize::from(day)];
    match n {
        0 => name.to_owned(),
        -1 => format!("the last {name}"),
        n if n < 0 => format!("the {} {name} from the end", ordinal(-n)),
        n => format!("the {} {name}", ordinal(n)),
    }
}

fn month_day(n: i64) -> String {
    match n {
        -1 => "the last day".to_owned(),
        n if n < 0 => format!("day {} from the end", -n),
        n => format!("day {n}"),
    }
}

fn month(n: i64) -> Option<String> {
    MONTHS.get(usize::try_from(n).ok()?.checked_sub(1)?).map(|name| (*name).to_owned())
}

/// `1st`, `2nd`, `3rd`, `4th`, `11th`, `21st`
fn ordinal(n: i32) -> String {
    let end = match (n % 10, n % 100) {
        (1, hundred) if hundred != 11 => "st",
        (2, hundred) if hundred != 12 => "nd",
        (3, hundred) if hundred != 13 => "rd",
        _ => "th",
    };
    format!("{n}{end}")
}

/// `a`, `a and b`, `a, b and c`
fn listed(named: &[String]) -> String {
    match named {
        [most @ .., last] if !most.is_empty() => format!("{} and {last}", most.join(", ")),
        named => named.join(""),
    }
}

#[cfg(test)]
mod tests {
    use super::words;
    use crate::schedule::test::read;

    #[test]
    fn rules_read_as_people_would_say_them() {
        for (rule, wanted) in [
            ("FREQ=YEARLY", "every year on 24 December at 18:00"),
            ("FREQ=YEARLY;BYMONTH=3,11", "every year on day 24 in March and November at 18:00"),
            ("FREQ=MONTHLY;BYDAY=2TU,-1FR", "every month on the 2nd Tuesday and the last Friday at 18:00"),
            (
                "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1,-1,-2",
                "every 3 months on day 1, the last day and day 2 from the end at 18:00",
            ),
            ("FREQ=WEEKLY;INTERVAL=2", "every 2 weeks on Thursday at 18:00"),
            ("FREQ=WEEKLY;BYDAY=MO,WE,FR", "every week on Monday, Wednesday and Friday at 18:00"),
            ("FREQ=DAILY", "every day at 18:00"),
            ("FREQ=HOURLY;INTERVAL=6", "every 6 hours"),
            ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=-1", "every month"),
        ] {
            assert_eq!(words(rule, read("2026-12-24T18:00")), wanted, "{rule}");
        }
    }
}
