//! Offsets from UTC as calendars write them.

use crate::text::is_any;

const HOUR: i64 = 3600;

/// `+0100`, `+01:00`, `+1`, or `+005328` with seconds, in seconds; less than a day.
pub(super) fn signed(text: &str) -> Option<i64> {
    match text.split_at_checked(1)? {
        ("+", digits) => unsigned(digits),
        ("-", digits) => unsigned(digits).map(|offset| -offset),
        _ => None,
    }
}

/// The same without its sign.
pub(super) fn unsigned(text: &str) -> Option<i64> {
    let parts: Vec<&str> = match text.len() {
        _ if text.contains(':') => text.splitn(4, ':').collect(),
        _ if !text.is_ascii() => return None,
        1 | 2 => vec![text],
        4 => vec![&text[..2], &text[2..]],
        6 => vec![&text[..2], &text[2..4], &text[4..]],
        _ => return None,
    };
    let number = |at: usize| {
        let Some(part) = parts.get(at) else { return Some(0) };
        let is_whole = part.len() == 2 || (part.len() == 1 && at == 0);
        (is_whole && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse::<i64>().ok())?
    };
    let (hours, minutes, seconds) = (number(0)?, number(1)?, number(2)?);
    (parts.len() < 4 && hours < 24 && minutes < 60 && seconds < 60).then_some(hours * HOUR + minutes * 60 + seconds)
}

/// `UTC+01`, `GMT+0100`, `(GMT +01:00)`, `+01:00`: the name of a zone that is an offset and no more.
pub(super) fn named(name: &str) -> Option<i64> {
    if name.eq_ignore_ascii_case("Z") {
        return Some(0);
    }
    let name = name.strip_prefix('(').map_or(Some(name), |name| name.strip_suffix(')'))?;
    let head = name.get(..3).filter(|head| is_any(head, &["UTC", "GMT"]));
    let rest = head.map_or(name, |_| &name[3..]).trim();
    if head.is_some() && rest.is_empty() {
        return Some(0);
    }
    // Exchange writes `(GMT+01.00)`, and `5.30` is no part of an hour.
    let dotted = rest.split_once('.').filter(|(_, minutes)| ["00", "30", "45"].contains(minutes));
    let rest = dotted.map_or_else(|| rest.to_owned(), |(hours, minutes)| format!("{hours}:{minutes}"));
    signed(&rest).filter(|offset| (-12 * HOUR..=14 * HOUR).contains(offset))
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn a_name_may_be_an_offset() {
        for (name, minutes) in [
            ("UTC+01", 60),
            ("UTC+1", 60),
            ("utc-3", -180),
            ("GMT+0100", 60),
            ("GMT-04:30", -270),
            ("GMT+5.30", 330),
            ("(GMT+01.00)", 60),
            ("(GMT +01:00)", 60),
            ("(GMT-03:00)", -180),
            ("UTC +14", 840),
            ("UTC+00:00", 0),
            ("(UTC)", 0),
            ("+05:45", 345),
            ("-0800", -480),
            ("z", 0),
        ] {
            assert_eq!(named(name), Some(minutes * 60), "{name}");
        }
        for name in [
            "",
            "UTC1",
            "0100",
            "GMT+5.5",
            "GMT+5.50",
            "UTC+15",
            "UTC-13",
            "UTC+1:0",
            "UTC+100",
            "(GMT+01:00",
            "EST+1",
            "GMT+01:00 CET",
            "+",
            "ü+1",
            "+ü",
            "UTC++1",
            "+1:00:00:00",
        ] {
            assert_eq!(named(name), None, "{name}");
        }
    }
}
