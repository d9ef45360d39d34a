//! Local times as tests write them.

use chrono::NaiveDateTime;

use crate::time::Local;

/// `2026-11-24T09:30`
pub(crate) fn read(text: &str) -> Local {
    let time = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").unwrap_or_else(|error| panic!("{text}: {error}"));
    time.and_utc().timestamp()
}

/// The same; with seconds where there are any.
pub(crate) fn write(local: Local) -> String {
    let time = chrono::DateTime::from_timestamp(local, 0).expect("a year that chrono knows");
    time.format(if local % 60 == 0 { "%Y-%m-%dT%H:%M" } else { "%Y-%m-%dT%H:%M:%S" }).to_string()
}
