//! When a window begins: a set of local times, asked for the latest one up to a time and the first one after it.
//!
//! Nothing here knows of time zones: the times are those of a wall clock, on a calendar without gaps. Every rule,
//! be it cron, hours of the week or RFC 5545, is a [`Pattern`]; the answers do not take longer the older a rule is.

mod cron;
mod days;
pub(crate) mod icalendar;
mod month;
mod pattern;
mod rrule;
mod rule;
mod starts;
#[cfg(test)]
pub(crate) mod test;
mod times;

pub(crate) use month::{date, weekday};
pub(crate) use pattern::Pattern;
pub(crate) use rrule::{Doubt, Frequency, LONG_AGO, Parts, Reading, Until};
pub use rule::Effect;
pub(crate) use rule::{End, NEVER, Occurrence, Rule, RuleStanding};
pub(crate) use starts::{Starts, day};
