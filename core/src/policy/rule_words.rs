//! A time rule in English, beside the rule itself.

use std::rc::Rc;

use chrono::{Datelike, Timelike};

use crate::budget::Budget;
use crate::schedule::{Pattern, WEEKDAYS, rrule_words};
use crate::time::{DAY, Local, duration};

const EVERY_DAY: u8 = 0x7f;

/// What of a window's time rule is told to people.
#[derive(Clone, Debug)]
pub(crate) enum Told {
    OneOff { from: Local, to: Local, ends_with_date: bool },
    Weekly { days: u8, from: String, to: String, is_next_day: bool },
    Cron { start: String, end: String },
    CronFor { start: String, seconds: i64 },
    Recurrence { dtstart: Local, rrule: Option<String>, seconds: i64, is_on_rule: bool },
    Calendar { events: usize, quirks: Rc<[String]> },
}

impl Told {
    /// `every Friday 16:00 to 24:00`
    pub(crate) fn words(&self) -> String {
        match self {
            Self::OneOff { from, to, .. } => format!("{} to {}", moment(*from), moment(*to)),
            Self::Weekly { days, from, to, is_next_day } => {
                let next = if *is_next_day { " the next day" } else { "" };
                format!("{} {from} to {to}{next}", weekdays(*days))
            }
            Self::Cron { start, end } => match (weekly(start), weekly(end)) {
                (Some(from), Some(to)) => format!("{from} to {to} (cron `{start}` to `{end}`)"),
                _ => format!("cron `{start}` to cron `{end}`"),
            },
            Self::CronFor { start, seconds } => {
                let length = duration::words(*seconds);
                match weekly(start) {
                    Some(from) => format!("{from} for {length} (cron `{start}`)"),
                    None => format!("cron `{start}` for {length}"),
                }
            }
            Self::Recurrence { dtstart, rrule, seconds, .. } => {
                let length = duration::words(*seconds);
                match rrule {
                    Some(rule) => format!(
                        "{} for {length}, from {} on (rrule `{rule}`)",
                        rrule_words(rule, *dtstart),
                        moment(*dtstart)
                    ),
                    None => format!("{} for {length}", moment(*dtstart)),
                }
            }
            Self::Calendar { events: 1, .. } => "1 event of a calendar".to_owned(),
            Self::Calendar { events, .. } => format!("{events} events of a calendar"),
        }
    }
}

/// `Thu 24 Dec 2026 18:00`
pub(crate) fn moment(local: Local) -> String {
    chrono::DateTime::from_timestamp(local, 0).map_or_else(String::new, |time| {
        let seconds = if time.second() > 0 { format!(":{:02}", time.second()) } else { String::new() };
        format!("{} {} {}{seconds}", &weekday_of(local)[..3], date(local), clock(local))
    })
}

/// `24 Dec 2026`
fn date(local: Local) -> String {
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    chrono::DateTime::from_timestamp(local, 0)
        .map_or_else(String::new, |time| format!("{} {} {}", time.day(), months[time.month0() as usize], time.year()))
}

/// `18:00`
pub(crate) fn clock(local: Local) -> String {
    let minutes = local.rem_euclid(DAY) / 60;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

fn weekday_of(local: Local) -> &'static str {
    let number = usize::try_from(crate::schedule::weekday(local.div_euclid(DAY))).unwrap_or(0);
    WEEKDAYS[number]
}

/// `every Friday 18:00`, where a cron expression is as simple as that.
fn weekly(cron: &str) -> Option<String> {
    let (days, second) = Pattern::cron(cron, &Budget::default()).ok()?.as_weekly()?;
    let days = if days == 0 { EVERY_DAY } else { days };
    Some(format!("{} {}", weekdays(days), clock(second)))
}

/// `every day`, `every Friday`, `Monday to Friday`, `Saturday and Sunday`, `Monday, Wednesday and Friday`
pub(crate) fn weekdays(days: u8) -> String {
    let named: Vec<&str> = (0..7).filter(|day| days & (1 << day) != 0).map(|day| WEEKDAYS[day]).collect();
    let is_run = days != 0 && (days >> days.trailing_zeros()).wrapping_add(1).is_power_of_two();
    match named.as_slice() {
        _ if days == EVERY_DAY => "every day".to_owned(),
        [] => String::new(),
        [one] => format!("every {one}"),
        [first, .., last] if is_run && named.len() > 2 => format!("{first} to {last}"),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Told, weekdays};

    #[test]
    fn cron() {
        let between = |start: &str, end: &str| Told::Cron { start: start.to_owned(), end: end.to_owned() }.words();
        let lasting = |start: &str, seconds| Told::CronFor { start: start.to_owned(), seconds }.words();
        assert_eq!(
            lasting("30 22 * * MON-FRI", 5400),
            "Monday to Friday 22:30 for 1 hour 30 minutes (cron `30 22 * * MON-FRI`)"
        );
        assert_eq!(lasting("0 18 * * *", 3600), "every day 18:00 for 1 hour (cron `0 18 * * *`)");
        assert_eq!(lasting("*/5 18 1 * *", 60), "cron `*/5 18 1 * *` for 1 minute");
        assert_eq!(
            between("0 18 * * 5", "0 6 * * 1"),
            "every Friday 18:00 to every Monday 06:00 (cron `0 18 * * 5` to `0 6 * * 1`)"
        );
        assert_eq!(between("0 18 * * 5", "0 6 1 * *"), "cron `0 18 * * 5` to cron `0 6 1 * *`");
    }

    #[test]
    fn days() {
        for (days, wanted) in [
            (0b001_0000, "every Friday"),
            (0b001_1111, "Monday to Friday"),
            (0b110_0000, "Saturday and Sunday"),
            (0b001_0101, "Monday, Wednesday and Friday"),
            (0b111_1111, "every day"),
        ] {
            assert_eq!(weekdays(days), wanted);
        }
    }
}
