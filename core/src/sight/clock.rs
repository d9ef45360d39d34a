//! Kosli's clock, as its answers show it, beside the host's: where they differ and the decision depends on it.

use chrono::{DateTime, Utc};

use crate::answer::{State, Warning};
use crate::call::{Action, Call};
use crate::error::Error;
use crate::freeze::Freeze;
use crate::kosli::raw::RawResult;
use crate::time;
use crate::time::clock::TOLERANCE;

/// An error if Kosli's clock shows another time and the decision depends on it: by the policy, or by the end of a
/// freeze, present or to be set. What has no date, or none that can be read, cannot be checked.
pub(crate) fn check(call: &Call, freezes: &[Freeze]) -> Result<(), Error> {
    let Some(kosli) = other_time(call) else { return Ok(()) };
    let has_end = |freeze: &&Freeze| freeze.state(call.now) != State::Ended && freeze.until(call.now).at().is_some();
    let what = match &call.action {
        Action::On { until: Some(_), .. } => "`until`".to_owned(),
        Action::On { .. } | Action::Off { .. } => return Ok(()),
        _ if call.policy.is_some() => "the policy".to_owned(),
        _ => match freezes.iter().find(has_end) {
            Some(freeze) => format!("the end of {}", freeze.id),
            None => return Ok(()),
        },
    };
    Err(Error::WrongClock { now: time::human(call.now), kosli: time::human(kosli), what })
}

/// The earliest instant that it may be: what has an end stands until both clocks are past it. For `off`, which must
/// work in an emergency, however wrong the clock is.
pub(crate) fn earliest(call: &Call) -> DateTime<Utc> {
    dates(call).filter(|date| call.now - date > TOLERANCE).min().unwrap_or(call.now)
}

/// What people are told where the decision does not depend on it.
pub(crate) fn warning(call: &Call) -> Option<Warning> {
    let kosli = other_time(call)?;
    let (now, kosli) = (time::human(call.now), time::human(kosli));
    let counts = if matches!(call.action, Action::Off { .. }) { "; ends count by the earlier one" } else { "" };
    let text = format!("this machine's clock says {now}, Kosli's says {kosli}{counts}; set the clock right");
    Some(Warning { code: "wrong_clock", text })
}

/// Kosli's time, where it is too far from the host's: of several that which is farthest.
fn other_time(call: &Call) -> Option<DateTime<Utc>> {
    let apart = |date: &DateTime<Utc>| (*date - call.now).abs();
    dates(call).max_by_key(apart).filter(|date| apart(date) > TOLERANCE)
}

/// What Kosli's clock showed with each answer.
fn dates(call: &Call) -> impl Iterator<Item = DateTime<Utc>> {
    call.observed.values().filter_map(|result| match result {
        RawResult::Http { date: Some(date), .. } => time::parse_http(date),
        _ => None,
    })
}
