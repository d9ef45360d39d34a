//! The one place where decisions are made: facts in, decision and commands out.

mod approve;
mod assert;
mod except;
mod excepted;
mod logical;
mod off;
mod on;
mod on_record;
mod replay;
mod steps;
mod sync;
mod verdict;
mod work;

use crate::answer::Answer;
use crate::budget::Budget;
use crate::call::{Action, Call, Report};
use crate::error::Error;
use crate::sight::{Ask, Sight, Subject, VERSION, clock};
use crate::{report, wording};

/// Decides what the action asks of the environment, and lists the commands that make it so.
///
/// The record is the truth, flag and signal are the alarm: it goes up before the record begins and comes
/// down after the record ends. Whatever moment a run is cut at, the gate is closed and the next run finishes
/// the work. An answer that refuses, or could not be found, has no commands.
///
/// The document of the environment alone is enough: without records in `observed`, flags and signal decide.
///
/// # Example
///
/// ```
/// use freeze_core::{Call, Decision, plan};
///
/// let call = Call::from_json(
///     r#"{"action": {"type": "assert"}, "now": "2024-10-31T11:00:00Z",
///         "environment": {"name": "prod-aws", "tags": {
///             "nodeploy": "2024-10-31T10.44.48~steve",
///             "nodeploy.2024-10-31T10.44.48~steve": "by=steve&reason=Demo+for+blog+post"}}}"#,
/// )?;
/// let answer = plan(&call);
/// assert_eq!(answer.decision, Decision::Refuse);
/// assert_eq!(answer.summary, "prod-aws is frozen since 2024-10-31 10:44:48 UTC by steve: Demo for blog post");
/// # Ok::<(), freeze_core::Error>(())
/// ```
#[must_use]
pub fn plan(call: &Call) -> Answer {
    *planned(call)
}

/// The same for whoever need not have it elsewhere: an answer is large, and goes through many hands.
pub(crate) fn planned(call: &Call) -> Box<Answer> {
    let mut answer = decide(call).unwrap_or_else(|error| failed(&error, call).into());
    answer.make_printable();
    if call.action.deployment().is_some_and(|deployment| deployment.evidence) {
        let budget = Budget::default();
        answer.evidence = Some(Ask::of(call, &budget).evidence(Subject::of(call), VERSION));
    }
    answer
}

fn decide(call: &Call) -> Result<Box<Answer>, Error> {
    within(call, &Budget::default())
}

/// An answer that took more than the budget is none.
pub(crate) fn within(call: &Call, budget: &Budget) -> Result<Box<Answer>, Error> {
    let (ask, subject) = (Ask::of(call, budget), Subject::of(call));
    let finished = |mut answer: Box<Answer>| {
        answer.warnings.extend(clock::warning(&ask, subject));
        budget.check().map(|()| answer)
    };
    let planned = match &call.action {
        Action::Windows { days, ics, frozen, .. } => report::windows::plan(&ask, subject, *days, *ics, *frozen),
        Action::Select { environments, past } => {
            report::select::plan(&ask, subject, environments, past.unwrap_or_default())
        }
        Action::Overview { environments, .. } => report::overview::plan(&ask, subject, environments.as_deref()),
        Action::Replay { file } => replay::plan(&call.action, file),
        Action::Report(asked) => history(&Sight::of_environment(&ask, subject)?, asked),
        _ => return of_one(&Sight::of(&ask, subject)?).and_then(finished),
    };
    planned.map(Box::new).and_then(finished)
}

/// What has happened in one environment: of a logical one, its own records.
fn history(sight: &Sight<'_>, asked: &Report) -> Result<Answer, Error> {
    match sight.unasked() {
        Some(members) => Ok(logical::refuse(sight, members)),
        None => report::history::plan(sight, asked),
    }
}

/// What is asked of one environment.
fn of_one(sight: &Sight<'_>) -> Result<Box<Answer>, Error> {
    if let Some(members) = sight.unasked() {
        return Ok(logical::refuse(sight, members).into());
    }
    let planned = match sight.ask.action {
        Action::On { reason, until, id, except, .. } => {
            on::plan(sight, reason, until.as_deref(), id.as_deref(), except.as_ref())
        }
        Action::Off { freezes, reason, .. } => off::plan(sight, freezes.as_ref(), reason.as_deref()),
        Action::Sync {} => sync::plan(sight),
        Action::Except(request) => except::plan(sight, request),
        Action::Approve { exception, by, reason, refused } => {
            approve::approve(sight, exception, by, reason.as_deref(), *refused)
        }
        Action::Revoke { exception, reason, .. } => approve::revoke(sight, exception, reason.as_deref()),
        _ => return assert::plan(sight),
    };
    planned.map(Box::new)
}

#[cold]
fn failed(error: &Error, call: &Call) -> Answer {
    let again = || {
        let environment = call.environment.name().ok()?;
        let is_work = call.action.is_work();
        let what = if is_work { "nothing was written; try again" } else { "nothing was decided; look again" };
        Some(wording::advise(what, environment.as_str(), call.action.clone()))
    };
    let action = Some(&call.action).filter(|_| !error.is_of_the_call());
    Answer::error(error, action).advised(error.is_failed_look().then(again).flatten())
}
