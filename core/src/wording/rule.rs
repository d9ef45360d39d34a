//! A time rule in English, beside the rule itself.

use crate::budget::Budget;
use crate::policy::Told;
use crate::schedule::Pattern;
use crate::time::duration;
use crate::time::words::{WEEKDAYS, clock, moment};

use super::rrule;

const EVERY_DAY: u8 = 0x7f;

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
                        rrule::words(rule, *dtstart),
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

/// `every Friday 18:00`, where a cron expression is as simple as that.
fn weekly(cron: &str) -> Option<String> {
    let (days, second) = Pattern::cron(cron, &Budget::default()).ok()?.as_weekly()?;
    let days = if days == 0 { EVERY_DAY } else { days };
    Some(format!("{} {}", weekdays(days), clock(second)))
}

/// `every day`, `every Friday`, `Monday to Friday`, `Saturday and Sunday`, `Monday, Wednesday and Friday`
fn weekdays(days: u8) -> String {
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
