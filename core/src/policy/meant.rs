//! What somebody has probably meant who wrote a time or a weekday as others write it: the text that is read.

use crate::time::words::WEEKDAYS;

/// `17:30` for `17.30`, `17h30`, `1730`, `17:30:00` or `5:30 pm`.
pub(super) fn clock(text: &str) -> Option<String> {
    let (mut numbers, mut place, mut digits, mut half) = ([0; 3], 0, 0, None);
    for byte in text.trim().bytes() {
        match byte {
            b' ' => {}
            b'0'..=b'9' if half.is_none() && digits < 4 => {
                numbers[place] = numbers[place] * 10 + u32::from(byte - b'0');
                digits += 1;
            }
            b':' | b'.' | b'h' if half.is_none() && digits > 0 && place < 2 => (place, digits) = (place + 1, 0),
            b'a' | b'A' if half.is_none() => half = Some(0),
            b'p' | b'P' if half.is_none() => half = Some(12),
            b'm' | b'M' | b'.' if half.is_some() => {}
            _ => return None,
        }
    }
    if place == 0 && digits == 4 {
        numbers = [numbers[0] / 100, numbers[0] % 100, 0];
    } else if place == 0 && half.is_none() {
        return None; // `9`
    }
    let [mut hour, minute, second] = numbers;
    if let Some(half) = half {
        hour = (1..=12).contains(&hour).then_some(hour % 12 + half)?;
    }
    (minute < 60 && second == 0 && hour * 60 + minute <= 1440).then(|| format!("{hour:02}:{minute:02}"))
}

/// `fri` for `FR`, `mon-fri` for `weekdays` or `MO-FR`.
pub(super) fn weekdays(text: &str) -> Option<String> {
    let named =
        [("weekdays", "mon-fri"), ("1-5", "mon-fri"), ("weekend", "sat-sun"), ("daily", "mon-sun"), ("*", "mon-sun")];
    if let Some((_, days)) = named.iter().find(|(name, _)| name.eq_ignore_ascii_case(text)) {
        return Some((*days).to_owned());
    }
    let short = |name: &str| {
        let name = name.strip_suffix('s').unwrap_or(name); // `fridays`
        let is_it = |full: &&&str| full.get(..name.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(name));
        WEEKDAYS.iter().find(is_it).filter(|_| name.len() > 1).map(|full| full[..3].to_ascii_lowercase())
    };
    match text.split_once('-') {
        None => short(text),
        Some((from, to)) => Some(format!("{}-{}", short(from)?, short(to)?)),
    }
}

/// `2026-12-24T18:00` for `20261224T180000` or `2026-12-24 6pm`; perhaps one that is no date.
pub(super) fn local(text: &str) -> Option<String> {
    let (date, time) = text.split_once(['T', 't', ' ']).unwrap_or((text, ""));
    let mut meant = date.to_owned();
    if date.len() == 8 && date.is_ascii() {
        meant.insert(6, '-');
        meant.insert(4, '-');
    }
    if !time.is_empty() {
        meant.push('T');
        // `180000`
        meant.push_str(&clock(if time.len() == 6 { time.strip_suffix("00").unwrap_or(time) } else { time })?);
    }
    Some(meant)
}

#[cfg(test)]
mod tests {
    use super::{clock, local, weekdays};

    #[track_caller]
    fn check(meant: fn(&str) -> Option<String>, cases: &[(&str, &str)]) {
        for (text, wanted) in cases {
            assert_eq!(meant(text).as_deref().unwrap_or_default(), *wanted, "{text}");
        }
    }

    #[test]
    fn times_of_the_day() {
        let written =
            [("17.30", "17:30"), ("5pm", "17:00"), ("5:30 PM", "17:30"), ("12am", "00:00"), ("12 pm", "12:00")];
        check(clock, &written);
        check(
            clock,
            &[("9:00", "09:00"), ("17h", "17:00"), ("17h30", "17:30"), ("1730", "17:30"), ("17:30:00", "17:30")],
        );
        check(
            clock,
            &[("24:00", "24:00"), ("24:30", ""), ("25:00", ""), ("13pm", ""), ("0am", ""), ("", ""), ("9", "")],
        );
        check(clock, &[("17:60", ""), ("+9:00", ""), ("17:30:15", ""), ("noon", ""), ("é9:0", ""), ("pm", "")]);
    }

    #[test]
    fn days_of_the_week() {
        check(
            weekdays,
            &[("FR", "fri"), ("Fridays", "fri"), ("thurs", "thu"), ("mo-fr", "mon-fri"), ("weekdays", "mon-fri")],
        );
        check(weekdays, &[("mon,wed", ""), ("*", "mon-sun"), ("weekend", "sat-sun")]);
        check(weekdays, &[("f", ""), ("funday", ""), ("", ""), ("mon-", ""), ("-", ""), ("s", "")]);
    }

    #[test]
    fn dates_and_times() {
        check(
            local,
            &[("20261224", "2026-12-24"), ("20261224T180000", "2026-12-24T18:00"), ("2026-12-24", "2026-12-24")],
        );
        check(local, &[("2026-12-24 6pm", "2026-12-24T18:00"), ("2026-12-24T9:00", "2026-12-24T09:00")]);
        check(local, &[("2026-12-24T18:00Z", ""), ("2026-12-24 soon", ""), ("2026122é", "2026122é")]);
    }
}
