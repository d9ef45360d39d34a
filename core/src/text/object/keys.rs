//! What is wrong with an object's keys, or with the value of one.

use serde::de::Error;

use crate::text::complaint::is_of_a_value;
use crate::text::{excerpt, meant};

/// The words for a key that is not there, whatever the object is.
#[cold]
pub(crate) fn missing(key: &str) -> String {
    format!("it has no `{key}`")
}

/// A key that is there twice: which of the values is meant, nobody knows.
#[cold]
pub(crate) fn twice<E: Error>(key: &str) -> E {
    E::custom(format_args!("it has `{key}` twice"))
}

/// The error of a value, or of the keys of an object, does not say whose it is.
#[cold]
pub(crate) fn named<E: Error>(key: &str, error: E) -> E {
    let problem = error.to_string();
    if is_of_a_value(&problem) || problem.starts_with("it ") {
        E::custom(format_args!("`{}`: {problem}", excerpt(key)))
    } else {
        error
    }
}

/// What the policies of Argo CD, GitLab, Harness and Octopus Deploy call the same.
const FOREIGN: [(&str, &str); 17] = [
    ("kind", "effect"),
    ("schedule", "start"),
    ("cron", "start"),
    ("freeze_start", "start"),
    ("freeze_end", "end"),
    ("startTime", "from"),
    ("endTime", "to"),
    ("cron_timezone", "timezone"),
    ("zone", "timezone"),
    ("tz", "timezone"),
    ("recurrence", "rrule"),
    ("description", "reason"),
    ("applications", "environments"),
    ("clusters", "environments"),
    ("syncWindows", "windows"),
    ("freeze_periods", "windows"),
    ("freezes", "windows"),
];

/// A key that nothing has; what it may be instead, if that is near, else all that there is.
#[cold]
pub(crate) fn unknown<E: Error>(key: &str, keys: &[&str]) -> E {
    let shown = excerpt(key);
    let foreign = FOREIGN.iter().find(|(theirs, ours)| *theirs == key && keys.contains(ours)).map(|(_, ours)| *ours);
    match foreign.or_else(|| meant(key, keys)) {
        Some(guess) => E::custom(format_args!("it takes no `{shown}`; did you mean `{guess}`?")),
        None => E::custom(format_args!("it takes no `{shown}`, only `{}`", keys.join("`, `"))),
    }
}
