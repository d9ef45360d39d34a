//! Kosli's clock, as its answers show it, beside the host's: where they differ and the decision depends on it.

use chrono::{DateTime, Utc};

use crate::answer::{State, Warning};
use crate::call::Action;
use crate::codes::WarningCode;
use crate::error::Error;
use crate::freeze::Freeze;
use crate::kosli::raw::RawResult;
use crate::time;
use crate::time::clock::TOLERANCE;

use super::ask::{Ask, Subject};

/// An error if Kosli's clock shows another time and the decision depends on it: by the policy, or by the end of a
/// freeze, present or to be set. What has no date, or none that can be read, cannot be checked.
pub(crate) fn check(ask: &Ask<'_>, subject: Subject<'_>, freezes: &[Freeze<'_>]) -> Result<(), Error> {
    let Some(kosli) = other_time(ask, subject) else { return Ok(()) };
    let has_end = |freeze: &&Freeze<'_>| freeze.state(ask.now) != State::Ended && freeze.until(ask.now).at().is_some();
    let what = match ask.action {
        Action::On { until: Some(_), .. } | Action::Except(_) => "`until`".to_owned(),
        Action::On { .. } | Action::Off { .. } | Action::Revoke { .. } => return Ok(()),
        Action::Approve { .. } => "the exception's end".to_owned(),
        _ if ask.has_policy() => "the policy".to_owned(),
        _ => match freezes.iter().find(has_end) {
            Some(freeze) => format!("the end of {}", freeze.id),
            None => return Ok(()),
        },
    };
    Err(Error::WrongClock { now: time::human(ask.now), kosli: time::human(kosli), what })
}

/// The same, of a question about the past, where the end that it comes to is now by one of the clocks.
pub(crate) fn check_until(ask: &Ask<'_>, subject: Subject<'_>, end: DateTime<Utc>) -> Result<(), Error> {
    match other_time(ask, subject) {
        Some(kosli) if end >= kosli.min(ask.now) => Err(Error::WrongClock {
            now: time::human(ask.now),
            kosli: time::human(kosli),
            what: "the end of the report".to_owned(),
        }),
        _ => Ok(()),
    }
}

/// The same, where the decision depends on the end of an exception.
pub(crate) fn check_exceptions(ask: &Ask<'_>, subject: Subject<'_>) -> Result<(), Error> {
    let wrong = |kosli| Error::WrongClock {
        now: time::human(ask.now),
        kosli: time::human(kosli),
        what: "the end of an exception".to_owned(),
    };
    other_time(ask, subject).map_or(Ok(()), |kosli| Err(wrong(kosli)))
}

/// The earliest instant that it may be: what has an end stands until both clocks are past it. For `off`, which must
/// work in an emergency, however wrong the clock is.
pub(crate) fn earliest(ask: &Ask<'_>, subject: Subject<'_>) -> DateTime<Utc> {
    dates(subject).map(|(first, _)| first).filter(|first| ask.now - first > TOLERANCE).unwrap_or(ask.now)
}

/// What people are told where the decision does not depend on it.
pub(crate) fn warning(ask: &Ask<'_>, subject: Subject<'_>) -> Option<Warning> {
    let kosli = other_time(ask, subject)?;
    let (now, kosli) = (time::human(ask.now), time::human(kosli));
    let counts = if matches!(ask.action, Action::Off { .. }) { "; ends count by the earlier one" } else { "" };
    let text = format!("this machine's clock says {now}, Kosli's says {kosli}{counts}; set the clock right");
    Some(Warning::new(WarningCode::WrongClock, text))
}

/// Answers whose dates are too far apart are not of one look: a cache has kept the earlier one, and may not know of a freeze since.
pub(crate) fn kept(subject: Subject<'_>) -> Option<String> {
    let (first, last) = dates(subject).filter(|(first, last)| *last - *first > TOLERANCE)?;
    Some(["a cache kept an answer of ", &time::human(first), "; another is of ", &time::human(last)].concat())
}

/// Kosli's time, where it is too far from the host's: of several that which is farthest.
fn other_time(ask: &Ask<'_>, subject: Subject<'_>) -> Option<DateTime<Utc>> {
    let (first, last) = dates(subject)?;
    let farthest = if ask.now - first > last - ask.now { first } else { last };
    ((farthest - ask.now).abs() > TOLERANCE).then_some(farthest)
}

/// The earliest and the latest instant that Kosli's clock showed with an answer.
fn dates(subject: Subject<'_>) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let mut span = None;
    for result in subject.observed.values() {
        let RawResult::Http { date: Some(date), .. } = result else { continue };
        if let Some(date) = time::parse_http(date) {
            let (first, last) = span.unwrap_or((date, date));
            span = Some((first.min(date), last.max(date)));
        }
    }
    span
}
