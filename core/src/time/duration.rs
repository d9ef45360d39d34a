//! Lengths of time as ISO 8601 writes them: `PT2H`, `P1DT12H`, `P2W`.

use std::fmt::Write as _;

/// Ten years, the longest: longer is a slip of the pen.
const MAX: i64 = 3660 * DAY;

const DAY: i64 = 86_400;

/// The units in the order in which they stand, with their seconds; those from the third on stand behind a `T`.
const UNITS: [(char, i64); 5] = [('W', 7 * DAY), ('D', DAY), ('H', 3600), ('M', 60), ('S', 1)];

/// A duration in seconds, a day being 24 hours. `None` if it is none, is negative, has years, months or
/// fractions, or is longer than ten years. No time at all (`PT0S`) is a duration.
pub(crate) fn parse(text: &str) -> Option<i64> {
    let text = text.to_ascii_uppercase();
    let text = text.strip_prefix('+').unwrap_or(&text).strip_prefix('P')?;
    let (date, time) = text.split_once('T').map_or((text, None), |(date, time)| (date, Some(time)));
    let (date_units, time_units) = UNITS.split_at(2);
    let seconds = match (date, time) {
        ("", Some(time)) => sum(time, time_units)?,
        (date, None) => sum(date, date_units)?,
        (date, Some(time)) => sum(date, date_units)?.checked_add(sum(time, time_units)?)?,
    };
    (seconds <= MAX).then_some(seconds)
}

/// Numbers with their units, at least one, each unit once and in order.
fn sum(mut text: &str, mut units: &[(char, i64)]) -> Option<i64> {
    let mut seconds = 0_i64;
    loop {
        let digits = text.find(|c: char| !c.is_ascii_digit())?;
        let unit = text[digits..].chars().next()?;
        let at = units.iter().position(|(name, _)| *name == unit)?;
        let number = text[..digits].parse::<i64>().ok()?;
        seconds = seconds.checked_add(number.checked_mul(units[at].1)?)?;
        (text, units) = (&text[digits + 1..], &units[at + 1..]);
        if text.is_empty() {
            return Some(seconds);
        }
    }
}

/// How to write a length of time that was written so.
pub(crate) fn advice(text: &str) -> String {
    meant(text)
        .map_or_else(|| "write it in ISO 8601, e.g. PT90M, P1DT12H or P2W".into(), |meant| format!("write {meant}"))
}

/// `PT8H` for `8h`, `8 hours` or `P8H`, what somebody has probably meant: each number with the unit that its word
/// begins with.
fn meant(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_uppercase();
    let (mut date, mut time) = ("P".to_owned(), "T".to_owned());
    let mut rest = text.trim_start_matches('P').trim_start_matches('T');
    while !rest.is_empty() {
        let (number, behind) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit())?);
        let behind = behind.trim_start();
        let place = UNITS.iter().position(|(unit, _)| behind.starts_with(*unit)).filter(|_| !number.is_empty())?;
        // Months have no length: `2 mo`, `P1M`.
        if behind.starts_with("MO") || (behind.starts_with('M') && text.starts_with('P') && !text.contains('T')) {
            return None;
        }
        let list = if place < 2 { &mut date } else { &mut time };
        list.push_str(number);
        list.push_str(&behind[..1]);
        rest = behind.trim_start_matches(|c: char| !c.is_ascii_digit());
    }
    if time.len() > 1 {
        date.push_str(&time);
    }
    parse(&date).filter(|seconds| *seconds > 0).map(|_| date)
}

/// `1 day 12 hours`: for people.
pub(crate) fn words(seconds: i64) -> String {
    let mut words = String::new();
    let mut rest = seconds.max(0);
    for (name, unit) in [("day", DAY), ("hour", 3600), ("minute", 60), ("second", 1)] {
        let number = rest / unit;
        rest %= unit;
        if number > 0 || (unit == 1 && words.is_empty()) {
            let (blank, plural) = (if words.is_empty() { "" } else { " " }, if number == 1 { "" } else { "s" });
            // Writing to a String cannot fail.
            let _ = write!(words, "{blank}{number} {name}{plural}");
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::{advice, parse, words};

    #[test]
    fn what_is_no_duration_is_told_how_it_is_written() {
        for (text, meant) in [
            ("8h", "PT8H"),
            ("1d", "P1D"),
            ("30 min", "PT30M"),
            ("2 Weeks", "P2W"),
            ("1h30m", "PT1H30M"),
            ("1 day, 12 hours", "P1DT12H"),
            ("90mins", "PT90M"),
            ("P8H", "PT8H"),
            ("PT1D", "P1D"),
            ("45 s", "PT45S"),
        ] {
            assert_eq!(advice(text), format!("write {meant}"), "{text}");
        }
        for text in ["", "8", "h", "P1M", "2 mo", "1 month", "8:00", "30m 1h", "0h", "-1h", "1.5h", "é", "9999w", "8 è"]
        {
            assert_eq!(advice(text), "write it in ISO 8601, e.g. PT90M, P1DT12H or P2W", "{text}");
        }
    }

    #[test]
    fn durations_are_read_and_said() {
        for (text, seconds, said) in [
            ("PT2H", 7200, "2 hours"),
            ("PT1H", 3600, "1 hour"),
            ("P1DT12H", 129_600, "1 day 12 hours"),
            ("P2W", 1_209_600, "14 days"),
            ("PT90M", 5400, "1 hour 30 minutes"),
            ("PT1H30M10S", 5410, "1 hour 30 minutes 10 seconds"),
            ("PT1H1S", 3601, "1 hour 1 second"),
            ("P15DT5H0M20S", 1_314_020, "15 days 5 hours 20 seconds"),
            ("P1W2D", 777_600, "9 days"),
            ("+P1D", 86_400, "1 day"),
            ("pt5m", 300, "5 minutes"),
            ("PT0S", 0, "0 seconds"),
            ("PT0000000000000000000000001S", 1, "1 second"),
            ("P3660D", 316_224_000, "3660 days"),
        ] {
            assert_eq!(parse(text), Some(seconds), "{text}");
            assert_eq!(words(seconds), said, "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_is_none() {
        for text in [
            "",
            "P",
            "PT",
            "+",
            "2H",
            "T2H",
            "P1",
            "P1DT",
            "PT2",
            "PT H",
            "P1H",
            "PT1D",
            "P1Y",
            "P1M",
            "PT1.5H",
            "PT1,5H",
            "-PT1H",
            "P-1D",
            "+-PT1H",
            "++PT1H",
            "PT1M1H",
            "PT1H1H",
            "P1D1W",
            "P1DT1HT1M",
            " PT1H",
            "PT1H ",
            "PT1Ü",
            "PT１H",
            "P3660DT1S",
            "P99999999999999999999D",
            "P9223372036854775807W",
            "P9223372036854775807DT9223372036854775807S",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
