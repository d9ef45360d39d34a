//! What of a time rule is told to people, before it is in words.

use std::rc::Rc;

use crate::schedule::icalendar::Quirk;
use crate::time::Local;

/// What of a window's time rule is told to people.
#[derive(Clone, Debug)]
pub(crate) enum Told {
    OneOff { from: Local, to: Local, ends_with_date: bool },
    Weekly { days: u8, from: String, to: String, is_next_day: bool },
    Cron { start: String, end: String },
    CronFor { start: String, seconds: i64 },
    Recurrence { dtstart: Local, rrule: Option<String>, seconds: i64, is_on_rule: bool },
    Calendar { events: usize, quirks: Rc<[Quirk]> },
}
