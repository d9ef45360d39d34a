//! Local times in words.

use chrono::{Datelike, Timelike};

use super::instant::MONTHS;
use super::{DAY, Local};

/// From Monday on, as days are numbered.
pub(crate) const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// `Thu 24 Dec 2026 18:00`
pub(crate) fn moment(local: Local) -> String {
    chrono::DateTime::from_timestamp(local, 0).map_or_else(String::new, |time| {
        let seconds = if time.second() > 0 { format!(":{:02}", time.second()) } else { String::new() };
        format!("{} {} {}{seconds}", &weekday_of(local)[..3], date(local), clock(local))
    })
}

/// `24 Dec 2026`
fn date(local: Local) -> String {
    chrono::DateTime::from_timestamp(local, 0)
        .map_or_else(String::new, |time| format!("{} {} {}", time.day(), MONTHS[time.month0() as usize], time.year()))
}

/// `18:00`
pub(crate) fn clock(local: Local) -> String {
    let minutes = local.rem_euclid(DAY) / 60;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

fn weekday_of(local: Local) -> &'static str {
    // 1970 began on a Thursday.
    let number = (local.div_euclid(DAY) + 3).rem_euclid(7);
    WEEKDAYS[usize::try_from(number).unwrap_or(0)]
}
