//! Instants: read from RFC 3339, written for machines and for people.

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};

/// Seconds since 1970-01-01T00:00:00 UTC.
pub(crate) type Instant = i64;

/// Seconds since 1970-01-01T00:00:00 on the wall clock.
pub(crate) type Local = i64;

/// Seconds of a day on a wall clock that does not change.
pub(crate) const DAY: i64 = 86_400;

pub(super) const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// In nanoseconds.
const SECOND: u32 = 1_000_000_000;

/// An instant in RFC 3339, `None` if it is none, or if UTC writes its year with more than four digits.
pub(crate) fn parse(text: &str) -> Option<DateTime<Utc>> {
    match from_stamp(text, b':') {
        Some((time, "Z")) => Some(time),
        _ => parse_unusual(text),
    }
}

/// With an offset, or parts of a second.
#[inline(never)] // what a gate does not ask for need not be compiled for it
fn parse_unusual(text: &str) -> Option<DateTime<Utc>> {
    let time = DateTime::parse_from_rfc3339(text).ok()?.to_utc();
    (0..=9999).contains(&time.year()).then_some(time)
}

/// The first and the last second that RFC 3339 can write in UTC, since 1970 began: the years 0000 to 9999.
pub(crate) const FIRST: i64 = -62_167_219_200;
pub(crate) const LAST: i64 = 253_402_300_799;

/// An HTTP `Date` as RFC 9110 has them written, `Sun, 06 Nov 1994 08:49:37 GMT`; a day of one digit and a leap second are
/// read, too.
pub(crate) fn parse_http(text: &str) -> Option<DateTime<Utc>> {
    let mut words = text.split(' ');
    let [weekday, day, month, year, clock, zone] = std::array::from_fn(|_| words.next().unwrap_or_default());
    let digits = |text: &str, count| (text.len() == count).then(|| number(text.as_bytes()))?;
    let (month, _) = (1..).zip(MONTHS).find(|(_, name)| *name == month)?;
    let &[h, hh, b':', m, mm, b':', s, ss] = clock.as_bytes() else { return None };
    let second = number(&[s, ss]).map(|second| if second == 60 { 59 } else { second })?;
    let day = digits(day, 2).or_else(|| digits(day, 1))?;
    let time = utc([digits(year, 4)?, month, day], [number(&[h, hh])?, number(&[m, mm])?, second])?;
    let is_its = weekday.strip_suffix(',') == Some(WEEKDAYS[time.weekday().num_days_from_monday() as usize]);
    (is_its && zone == "GMT" && words.next().is_none()).then_some(time)
}

/// The instant so many seconds after 1970 began, `None` if its year has not four digits.
pub(crate) fn at(seconds: i64) -> Option<DateTime<Utc>> {
    (FIRST..=LAST).contains(&seconds).then(|| DateTime::from_timestamp(seconds, 0)).flatten()
}

/// `2024-10-31T11:44:48+01:00`: what a wall clock with this offset, in seconds, shows.
pub(crate) fn with_offset(seconds: i64, offset: i64) -> Option<String> {
    let sign = if offset < 0 { '-' } else { '+' };
    let minutes = (offset.abs() + 30) / 60;
    let end = format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60);
    Some(date_and_time(at(seconds + offset)?, b'T', b':', &end))
}

/// `2024-10-31T10:44:48Z`: RFC 3339, for machines; with as many thousandths as there are.
pub(crate) fn rfc3339(time: DateTime<Utc>) -> String {
    let nanos = time.nanosecond();
    if nanos == 0 {
        return date_and_time(time, b'T', b':', "Z");
    }
    let mut text = date_and_time(time, b'T', b':', "");
    // chrono adds a leap second to the nanoseconds of the one before.
    if nanos >= SECOND {
        text.replace_range("2024-10-31T10:44:".len().., "60");
    }
    let mut fraction = format!(".{:09}", nanos % SECOND);
    while let Some(shorter) = fraction.strip_suffix("000") {
        fraction.truncate(shorter.len());
    }
    [&text, fraction.trim_end_matches('.'), "Z"].concat()
}

/// The same of seconds; `None` for what RFC 3339 cannot write, such as never.
pub(crate) fn rfc3339_of(seconds: Instant) -> Option<String> {
    at(seconds).map(rfc3339)
}

/// `2024-10-31 10:44:48 UTC`: for people.
pub(crate) fn human(time: DateTime<Utc>) -> String {
    date_and_time(time, b' ', b':', " UTC")
}

/// The same at the end of a text.
pub(crate) fn push_human(text: &mut String, time: DateTime<Utc>) {
    text.extend([digits(&stamp(time, b' ', b':')), " UTC"]);
}

/// `2024-10-31T10.44.48`: for names, since Kosli's allow no colon.
pub(crate) fn for_names(time: DateTime<Utc>) -> String {
    date_and_time(time, b'T', b'.', "")
}

/// Reads what [`for_names`] wrote; `rest` is what follows it.
pub(crate) fn from_name(name: &str) -> Option<(DateTime<Utc>, &str)> {
    from_stamp(name, b'.')
}

/// Reads `2024-10-31T10:44:48` with what stands in the clock, and gives what follows it.
fn from_stamp(text: &str, clock: u8) -> Option<(DateTime<Utc>, &str)> {
    let (stamp, rest) = text.split_at_checked("2024-10-31T10:44:48".len())?;
    let bytes = stamp.as_bytes();
    let separators = [(4, b'-'), (7, b'-'), (10, b'T'), (13, clock), (16, clock)];
    if separators.iter().any(|&(at, byte)| bytes[at] != byte) {
        return None;
    }
    let number = |from, to| number(&bytes[from..to]);
    let time =
        utc([number(0, 4)?, number(5, 7)?, number(8, 10)?], [number(11, 13)?, number(14, 16)?, number(17, 19)?])?;
    Some((time, rest))
}

fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().all(u8::is_ascii_digit).then(|| digits.iter().fold(0, |n, d| n * 10 + u32::from(d - b'0')))
}

fn utc([year, month, day]: [u32; 3], [hour, minute, second]: [u32; 3]) -> Option<DateTime<Utc>> {
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    Some(date.and_hms_opt(hour, minute, second)?.and_utc())
}

/// `2024-10-31` and `10:44:48` with what stands between them, in the clock, and at the end.
fn date_and_time(time: DateTime<Utc>, between: u8, clock: u8, end: &str) -> String {
    let stamp = stamp(time, between, clock);
    let mut text = String::with_capacity(stamp.len() + end.len());
    text.extend([digits(&stamp), end]);
    text
}

type Stamp = [u8; "2024-10-31T10:44:48".len()];

fn digits(stamp: &Stamp) -> &str {
    str::from_utf8(stamp).expect("digits and separators are text")
}

fn stamp(time: DateTime<Utc>, between: u8, clock: u8) -> Stamp {
    let time = time.naive_utc();
    let year = u32::try_from(time.year()).unwrap_or_default();
    let numbers = [year / 100, year, time.month(), time.day(), time.hour(), time.minute(), time.second()];
    let mut text = *b"2024-10-31T10:44:48";
    for (at, separator) in [(10, between), (13, clock), (16, clock)] {
        text[at] = separator;
    }
    for (at, number) in [0, 2, 5, 8, 11, 14, 17].into_iter().zip(numbers) {
        text[at] = b"0123456789"[number as usize / 10 % 10];
        text[at + 1] = b"0123456789"[number as usize % 10];
    }
    text
}

#[cfg(test)]
mod tests {
    use chrono::{SecondsFormat, Timelike};

    use super::{for_names, from_name, human, parse, parse_http, rfc3339, with_offset};

    #[test]
    fn an_instant_goes_through_every_form() {
        let time = parse("2024-10-31T11:44:48+01:00").expect("an instant");
        assert_eq!(rfc3339(time), "2024-10-31T10:44:48Z");
        assert_eq!(parse("2024-10-31T10:44:48.250Z").map(rfc3339).as_deref(), Some("2024-10-31T10:44:48.250Z"));
        assert_eq!(human(time), "2024-10-31 10:44:48 UTC");
        assert_eq!(for_names(time), "2024-10-31T10.44.48");
        assert_eq!(from_name("2024-10-31T10.44.48~steve"), Some((time, "~steve")));
    }

    #[test]
    fn an_http_date_is_read_as_rfc_9110_has_it() {
        let time = parse("1994-11-06T08:49:37Z");
        assert_eq!(parse_http("Sun, 06 Nov 1994 08:49:37 GMT"), time);
        assert_eq!(parse_http("Sun, 6 Nov 1994 08:49:37 GMT"), time);
        assert_eq!(parse_http("Sat, 31 Dec 2016 23:59:60 GMT"), parse("2016-12-31T23:59:59Z"));
        let others = [
            "",
            "Mon, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Sun, 06 Nov 1994 08:49:37 +0100",
            "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 25:49:37 GMT",
            "Sun, 006 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:61 GMT",
            "Sun, 06 Nov 1994 8:49:37 GMT",
            "Sun, 06 Nov 94 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49 GMT",
            "Sun 06 Nov 1994 08:49:37 GMT",
            "Sun, 06  Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 UTC",
            "Sun, 31 Feb 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:4 :37 GMT",
            "1994-11-06T08:49:37Z",
            "0",
        ];
        for text in others {
            assert_eq!(parse_http(text), None, "{text}");
        }
    }

    #[test]
    fn rfc_3339_is_written_as_chrono_writes_it() {
        for text in
            ["10:44:48", "10:44:48.25", "10:44:48.000250", "10:44:48.1", "23:59:59.123456789", "23:59:60", "23:59:60.5"]
        {
            let time = parse(&format!("2024-06-30T{text}Z")).expect("an instant");
            assert_eq!(rfc3339(time), time.to_rfc3339_opts(SecondsFormat::AutoSi, true), "{text}");
            for offset in [0, 3600, -34_200, 20_700, -1, 29, 30, -4_772, 86_340] {
                let zone = chrono::FixedOffset::east_opt(offset).expect("an offset");
                let wanted = time.with_timezone(&zone).to_rfc3339_opts(SecondsFormat::Secs, false);
                let leap = time.nanosecond() >= super::SECOND;
                assert!(leap || with_offset(time.timestamp(), offset.into()) == Some(wanted), "{text} {offset}");
            }
        }
    }

    #[test]
    fn what_is_no_instant_is_none() {
        for text in
            ["", "now", "2024-10-31", "2024-10-31T10:44:48", "2024-13-31T10:44:48Z", "9999-12-31T23:59:59-05:00"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
        for text in
            ["", "2024", "2024-10-31T10:44:48", "2024-02-30T10.44.48", "２024-10-31T10.44.4", "+024-10-31T10.44.48"]
        {
            assert_eq!(from_name(text), None, "{text}");
        }
    }
}
