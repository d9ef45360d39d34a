//! What a time rule says that may be meant otherwise: told where the decision is made.

use crate::codes::WarningCode;
use crate::schedule::Effect;
use crate::time::words::{clock, moment};
use crate::time::{DAY, Local, duration};

/// A warning of a window, without its name.
#[derive(Clone, Debug)]
pub(crate) struct Note {
    pub(crate) code: WarningCode,
    pub(crate) text: String,
}

/// The last minute of a day, in which an end is meant to be that of the day.
const MINUTE: i64 = 60;

/// An end at 23:59 leaves a minute that nobody means; `how` says how to write the end of the day.
pub(super) fn last_minute(effect: Effect, end: Local, how: &str) -> Option<Note> {
    let is_meant = end.rem_euclid(DAY) >= DAY - MINUTE;
    let left = if effect == Effect::Freeze { "open" } else { "closed" };
    let text =
        format!("ends at {}, which leaves the last minute of the day {left}; to end with the day {how}", clock(end));
    is_meant.then_some(Note { code: WarningCode::LastMinute, text })
}

/// The same of an end that a duration gives.
pub(super) fn last_minute_after(effect: Effect, start: Local, seconds: i64) -> Option<Note> {
    let end = start + seconds;
    let more = duration::words(DAY - end.rem_euclid(DAY));
    last_minute(effect, end, &format!("make `duration` {more} longer"))
}

/// Dates of `exdates` that take nothing out: of an allow window, which might be open by mistake, that is an error.
pub(super) fn idle_exdates(effect: Effect, idle: &[String]) -> Result<Option<Note>, String> {
    let Some(idle) = first_of(idle) else { return Ok(None) };
    if effect == Effect::Allow {
        return Err(format!("`exdates` has {idle}"));
    }
    Ok(Some(Note { code: WarningCode::IdleDate, text: format!("has in `exdates` {idle}; it is closed all the same") }))
}

/// Dates of `rdates` that add nothing, which harms nobody.
pub(super) fn idle_rdates(idle: &[String]) -> Option<Note> {
    first_of(idle).map(|idle| Note { code: WarningCode::IdleDate, text: format!("has in `rdates` {idle}") })
}

fn first_of(idle: &[String]) -> Option<String> {
    let first = idle.first()?;
    let more = if idle.len() > 1 { format!(" (and {} more such dates)", idle.len() - 1) } else { String::new() };
    Some(format!("{first}{more}"))
}

/// What of `exdates` takes nothing out, and what would.
pub(super) fn takes_nothing_out(text: &str, on_that_day: Option<Local>) -> String {
    let advice = on_that_day.map_or_else(
        || "nothing starts on that day".to_owned(),
        |start| format!("on that day it starts at {}; write that, or the date alone", clock(start)),
    );
    format!("`{text}`, which takes nothing out: {advice}")
}

/// What of `rdates` adds nothing.
pub(super) fn adds_nothing(text: &str, at: Local) -> String {
    format!("`{text}`, which adds nothing: it starts on {} anyway", moment(at))
}
