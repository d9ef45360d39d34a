//! Cron's five fields: minute, hour, day of the month, month, weekday.

use crate::budget::Budget;

use super::days::Days;
use super::pattern::Pattern;
use super::times::{TimesOfDay, Units};

const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS: [&str; 8] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];

/// What crontab(5) has for some of them.
const NICKNAMES: [(&str, &str); 7] = [
    ("@hourly", "0 * * * *"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@weekly", "0 0 * * 0"),
    ("@monthly", "0 0 1 * *"),
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
];

/// One of the five: its name, its least and its largest number, and its words for numbers from the least on.
struct Field {
    name: &'static str,
    least: u32,
    largest: u32,
    words: &'static [&'static str],
}

const FIELDS: [Field; 5] = [
    Field { name: "minute", least: 0, largest: 59, words: &[] },
    Field { name: "hour", least: 0, largest: 23, words: &[] },
    Field { name: "day of the month", least: 1, largest: 31, words: &[] },
    Field { name: "month", least: 1, largest: 12, words: &MONTHS },
    Field { name: "weekday", least: 0, largest: 7, words: &WEEKDAYS },
];

impl Pattern {
    /// Reads the five fields of crontab(5): `*`, `?`, numbers, names, lists, ranges and steps. Where both the day
    /// of the month and the weekday are given, one of them is enough.
    pub(crate) fn cron(text: &str, budget: &Budget) -> Result<Self, String> {
        let mut masks = [0; 5];
        if let Some((_, fields)) = NICKNAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(text.trim())) {
            return Err(format!("`{text}` has no fields; write {fields}"));
        }
        if let Some((sixth, fields)) = sixth(text.trim()).filter(|(_, fields)| Self::cron(fields, budget).is_ok()) {
            // What has it (Quartz, AWS) counts weekdays from 1 on: by their names alone they are the same.
            let weekday = if fields.ends_with(|c: char| c.is_ascii_digit()) { ", its weekday by name" } else { "" };
            return Err(format!("`{text}` has {sixth}, which cron's five fields have not; write {fields}{weekday}"));
        }
        let mut words = text.split_ascii_whitespace();
        for (mask, field) in masks.iter_mut().zip(&FIELDS) {
            let word = words.next().ok_or_else(|| format!("`{text}` has no {}; cron has five fields", field.name))?;
            *mask = field.read(word).map_err(|problem| format!("`{text}`: {problem}"))?;
        }
        if words.next().is_some() {
            return Err(format!("`{text}` has more than the five fields of cron: minute hour day month weekday"));
        }
        let [minutes, hours, month_days, months, weekdays] = masks;
        let is_given = |at: usize| !matches!(word(text, at), Some("*" | "?"));
        // Sunday is 0 and 7, our weeks begin with Monday.
        let weekdays = (weekdays >> 1 | weekdays << 6) & 0x7f;
        let days = Days {
            months: low(months),
            month_days: if is_given(2) { low(month_days >> 1) } else { 0 },
            weekdays: if is_given(4) { u8::try_from(weekdays).unwrap_or(0) } else { 0 },
            either: true,
            ..Days::ALL
        };
        let times = TimesOfDay { hours: low(hours), minutes, seconds: 1, every: Units::DAYS };
        Ok(Self::new(days, times, budget))
    }
}

/// What six fields have and five have not, and the five: a year at the end (AWS has `?` for one of its days), or seconds.
fn sixth(text: &str) -> Option<(&'static str, &str)> {
    let last = word(text, 5).filter(|_| word(text, 6).is_none())?;
    if last.starts_with("20") || (last == "*" && [2, 4].iter().any(|&at| word(text, at) == Some("?"))) {
        Some(("a year", text.strip_suffix(last)?.trim_end()))
    } else {
        Some(("seconds", text.strip_prefix("0 ")?))
    }
}

#[inline(never)] // for the size of the module
fn word(text: &str, at: usize) -> Option<&str> {
    text.split_ascii_whitespace().nth(at)
}

/// No field but the minutes has more than 32 bits.
fn low(mask: u64) -> u32 {
    u32::try_from(mask).unwrap_or(0)
}

impl Field {
    /// The numbers of a list, as bits.
    fn read(&self, word: &str) -> Result<u64, String> {
        word.split(',').try_fold(0, |mask, part| Ok(mask | self.part(part)?))
    }

    /// `*`, `7`, `1-5`, `*/15`, `8-18/2`; `5/15` goes on to the largest.
    fn part(&self, part: &str) -> Result<u64, String> {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, Some(self.step(step)?)),
            None => (part, None),
        };
        let (from, to) = match range.split_once('-') {
            Some((from, to)) => (self.number(from)?, self.number(to)?),
            None if range == "*" || range == "?" => (self.least, if self.largest == 7 { 6 } else { self.largest }),
            None => {
                let from = self.number(range)?;
                // To some programs the week ends with Saturday, to others with Sunday.
                if step.is_some() && self.largest == 7 {
                    return Err(format!("the weekday `{part}` has no end; write it, as in 1-5/2"));
                }
                (from, if step.is_some() { self.largest } else { from })
            }
        };
        // `fri-sun`: Sunday is also the last day of the week.
        let to = if self.largest == 7 && to == 0 && from > 0 { 7 } else { to };
        if from > to {
            return Err(format!("the {} `{range}` ends before it begins", self.name));
        }
        Ok((from..=to).step_by(step.unwrap_or(1)).fold(0, |mask, number| mask | 1 << number))
    }

    fn step(&self, step: &str) -> Result<usize, String> {
        let is_step = |step: &usize| (1..=59).contains(step);
        let problem = || format!("the step `{step}` of the {} must be a number from 1 to 59", self.name);
        step.parse().ok().filter(is_step).ok_or_else(problem)
    }

    fn number(&self, word: &str) -> Result<u32, String> {
        let by_name = self.words.iter().position(|name| name.eq_ignore_ascii_case(word));
        let number = match by_name {
            Some(at) => u32::try_from(at).ok().map(|at| at + self.least),
            None if word.bytes().all(|b| b.is_ascii_digit()) => word.parse().ok(),
            None => None,
        };
        let Self { name, least, largest, .. } = self;
        number.filter(|number| (*least..=*largest).contains(number)).ok_or_else(|| {
            let is_of_days = *name == "day of the month" || *name == "weekday";
            let is_counted = is_of_days && word.contains(['L', 'W', '#', 'l', 'w']);
            // `FRIL` is the last one.
            let is_word = word.len() > 4 && word.bytes().all(|b| b.is_ascii_alphabetic());
            let meant = self.words.iter().find(|name| is_word && word[..3].eq_ignore_ascii_case(name));
            let advice = match meant {
                Some(meant) => format!("; write {meant}"),
                None if is_counted => "; for last or n-th days use `rrule`".to_owned(),
                None => String::new(),
            };
            format!("the {name} `{word}` is none of {least} to {largest}{advice}")
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::budget::Budget;
    use crate::schedule::Pattern;
    use crate::schedule::test::{read, write};

    #[track_caller]
    fn check(cron: &str, after: &str, next: &[&str]) {
        let pattern = Pattern::cron(cron, &Budget::default()).unwrap_or_else(|problem| panic!("{problem}"));
        let mut at = read(after);
        for &wanted in next {
            let found = pattern.first_after(at).unwrap_or_else(|| panic!("{cron} ends"));
            assert_eq!(write(found), wanted, "{cron}");
            assert_eq!(pattern.last_until(found), Some(found), "{cron}");
            assert_eq!(pattern.last_until(pattern.first_after(found).expect("a next one") - 1), Some(found), "{cron}");
            at = found;
        }
    }

    #[test]
    fn the_fields_are_crontab_s() {
        check("0 18 * * 5", "2026-11-24T00:00", &["2026-11-27T18:00", "2026-12-04T18:00"]);
        check("*/20 9-10 * * *", "2026-11-24T09:30", &["2026-11-24T09:40", "2026-11-24T10:00", "2026-11-24T10:20"]);
        check("5/25 0 1 JAN ?", "2026-01-01T00:00", &["2026-01-01T00:05", "2026-01-01T00:30", "2026-01-01T00:55"]);
        check(
            "0 0 13 * FRI",
            "2026-11-24T00:00",
            &["2026-11-27T00:00", "2026-12-04T00:00", "2026-12-11T00:00", "2026-12-13T00:00"],
        );
        check(
            "0 0 * * fri-sun",
            "2026-11-24T00:00",
            &["2026-11-27T00:00", "2026-11-28T00:00", "2026-11-29T00:00", "2026-12-04T00:00"],
        );
        check("0 0 * * 7,sun,0", "2026-11-24T00:00", &["2026-11-29T00:00", "2026-12-06T00:00"]);
        check("0 0 29 2 *", "2096-03-01T00:00", &["2104-02-29T00:00"]);
        check("59 23 31 dec *", "2026-11-24T00:00", &["2026-12-31T23:59"]);
    }

    #[test]
    fn what_never_comes_is_none() {
        let never = Pattern::cron("0 0 30 2 *", &Budget::default()).expect("a rule");
        assert_eq!(never.first_after(0), None);
        assert_eq!(never.last_until(0), None);
    }

    #[test]
    fn what_is_no_cron_is_an_error() {
        for (text, wanted) in [
            ("", "has no minute"),
            ("* * * *", "has no weekday"),
            ("* * * * * *", "more than the five fields"),
            ("60 * * * *", "the minute `60` is none of 0 to 59"),
            ("* 24 * * *", "the hour `24`"),
            ("* * 0 * *", "the day of the month `0`"),
            ("* * L * *", "use `rrule`"),
            ("* * * 13 *", "the month `13`"),
            ("* * * * 8", "the weekday `8`"),
            ("* * * * MON#2", "use `rrule`"),
            ("5-1 * * * *", "ends before it begins"),
            ("*/0 * * * *", "the step `0`"),
            ("*/x * * * *", "the step `x`"),
            ("+5 * * * *", "the minute `+5`"),
            ("1,,2 * * * *", "the minute ``"),
            ("@daily", "write 0 0 * * *"),
            ("@Daily", "`@Daily` has no fields; write 0 0 * * *"),
            ("@midnight", "write 0 0 * * *"),
            ("@annually", "write 0 0 1 1 *"),
            ("@reboot", "the minute `@reboot`"),
            ("0 0 16 ? * FRI", "write 0 16 ? * FRI"),
            ("0 0 16 ? * 6", "write 0 16 ? * 6, its weekday by name"),
            ("0 0 16 * * *", "has seconds, which cron's five fields have not; write 0 16 * * *"),
            ("0 18 ? * MON-FRI *", "has a year, which cron's five fields have not; write 0 18 ? * MON-FRI"),
            ("0 10 * * ? *", "has a year, which cron's five fields have not; write 0 10 * * ?"),
            ("0 12 1 * ? 2026", "write 0 12 1 * ?"),
            ("0 12 ? * 2 2026-2028", "write 0 12 ? * 2, its weekday by name"),
            ("0 0 16 ? * 6L", "more than the five fields"),
            ("0 0 12 1 * ? 2026", "more than the five fields"),
            ("0 18 * * MON *", "more than the five fields"),
            ("5 0 16 ? * FRI", "more than the five fields"),
            ("0 16 * * Friday", "; write FRI"),
            ("0 16 * * mon-Wednesday", "; write WED"),
            ("0 16 * * friL", "use `rrule`"),
            ("0 0 1 january *", "; write JAN"),
            ("24 0 24 * friday#2", "use `rrule`"),
            ("0 8 * * 1/2", "the weekday `1/2` has no end; write it, as in 1-5/2"),
            ("0 8 * * fri/1", "the weekday `fri/1` has no end"),
        ] {
            let problem = Pattern::cron(text, &Budget::default()).expect_err(text);
            assert!(problem.contains(wanted), "{text}: {problem}");
        }
    }
}
