//! A change that is closed out: what lets it pass all the same, and what has to be on record first.

use crate::answer::{Advice, Answer, Decision, ExceptionState, ShownException, Warning};
use crate::call::Action;
use crate::change::Change;
use crate::codes::{Reason, WarningCode};
use crate::consent::Obstacles;
use crate::consent::weigh::{PAUSE, Step, Weighed};
use crate::error::Error;
use crate::exception::Exception;
use crate::gate::Gate;
use crate::kosli::command::Command;
use crate::kosli::documents::exception::Asked;
use crate::policy::{Consents, Policy};
use crate::sight::exceptions::Exceptions;
use crate::sight::{Sight, clock};
use crate::text::excerpt;
use crate::time::rfc3339_of;
use crate::wording;

use super::steps::{claim, pass, writes};
use super::verdict::answer;

/// Refuses until everything that closes consents, and as long as anything is still to be written. `gate` is how it stands
/// for the change without exceptions on record, `told` what is said to those who state none.
pub(super) fn plan(sight: &Sight<'_>, gate: &Gate<'_>, change: &Change, told: Answer) -> Result<Answer, Error> {
    let (freezes, free) = (&gate.freezes, &gate.consents);
    let obstacles = Obstacles::of(sight, freezes)?;
    if gate.is_open() {
        sight.refuse_blind(freezes)?;
        let by = wording::exceptions::free(&obstacles, free, change);
        return Ok(proceed(&obstacles, free, Reason::NothingToClaim, &by, told));
    }
    let refusal = *answer(sight, gate);
    let found = sight.exceptions();
    let exceptions = found.found().cloned().unwrap_or_default();
    let warnings = warnings(found.failure(), &exceptions);
    if let Some(unknown) = unknown(sight, &exceptions) {
        return Ok(Answer { warnings, ..unknown });
    }
    let weighed = Weighed::of(&obstacles, &exceptions, free);
    let shown = shown_all(&obstacles, &exceptions, &weighed);
    if !matches!(weighed.step, Step::Closed | Step::WouldPass | Step::Unclaimed) {
        clock::check_exceptions(sight.ask, sight.subject)?;
    }
    if weighed.step == Step::Passed {
        sight.refuse_blind(freezes)?;
        let by = wording::exceptions::chosen(&weighed, &shown);
        let answer = proceed(&obstacles, &weighed.consents, Reason::Claimed, &by, told);
        return Ok(Answer { warnings, exceptions: shown, ..answer });
    }
    let beside = wording::exceptions::beside(&weighed, &shown).map(|beside| format!("; {beside}"));
    let advice = wording::exceptions::advice(sight, &shown);
    let (commands, pause, action) = next(sight, &weighed)?;
    let answer = Answer {
        reason: if weighed.step == Step::WouldPass { Reason::WouldBeExcepted } else { refusal.reason },
        summary: format!("{}{}", refusal.summary, beside.unwrap_or_default()),
        windows: told.windows,
        // Somebody may still approve or claim: nobody knows when.
        opens_at: refusal.opens_at.filter(|_| !weighed.is_pending()),
        exceptions: shown,
        warnings,
        action: Some(action),
        commands: writes(sight, commands),
        pause,
        ..refusal
    };
    Ok(if advice.is_some() { answer.advised(advice) } else { answer })
}

/// The live ones as they were weighed, then those that ended a short while ago.
fn shown_all(obstacles: &Obstacles<'_>, exceptions: &Exceptions, weighed: &Weighed<'_>) -> Vec<ShownException> {
    let (policy, sight) = (obstacles.policy, obstacles.sight);
    let live = weighed.candidates.iter().map(|one| {
        let shown = shown(policy, sight, one.exception, one.state);
        ShownException { why: one.why, ..shown }
    });
    let expired = exceptions.expired.iter().map(|id| wording::exceptions::named(id, ExceptionState::Expired));
    live.chain(expired).collect()
}

/// What is to be written next, how long to wait then, and the action for the look after that.
fn next(sight: &Sight<'_>, weighed: &Weighed<'_>) -> Result<(Vec<Command>, Option<i64>, Action), Error> {
    let (action, now) = (sight.ask.action, sight.ask.now);
    let Some(by) = action.use_of() else { return Ok((Vec::new(), None, action.clone())) };
    Ok(match &weighed.step {
        Step::Claim(exceptions) => {
            let flow = sight.exceptions_flow()?;
            let commands = exceptions.iter().map(|exception| claim(&flow, exception, &by)).collect();
            (commands, Some(PAUSE), action.noting(now))
        }
        Step::Wait(seconds) => (Vec::new(), Some(*seconds), action.noting(action.claimed_at().unwrap_or(now))),
        Step::Pass(passes) => {
            let commands = passes.iter().map(|one| pass(&sight.flow, &one.freeze, &one.exception, &by)).collect();
            (commands, None, action.clone())
        }
        Step::Closed | Step::WouldPass | Step::Unclaimed | Step::Passed => (Vec::new(), None, action.clone()),
    })
}

/// Everything that closes consents, and all of it is on record.
fn proceed(obstacles: &Obstacles<'_>, consents: &Consents, of_claim: Reason, by: &str, told: Answer) -> Answer {
    let sight = obstacles.sight;
    let outlook = obstacles.outlook(consents, sight.ask.action.needs());
    let is_claim = matches!(sight.ask.action, Action::Claim(_));
    Answer {
        decision: Decision::Proceed,
        reason: if is_claim { of_claim } else { Reason::Excepted },
        summary: format!("{} lets this change pass by {by}; otherwise {}", sight.name, told.summary),
        advice: None,
        next: None,
        opens_at: None,
        closes_at: outlook.closes_at.and_then(rfc3339_of),
        ..told
    }
}

/// A claim means an exception that is not there.
fn unknown(sight: &Sight<'_>, exceptions: &Exceptions) -> Option<Answer> {
    let meant = sight.meant_exception()?;
    let is_known = exceptions.live.iter().any(|one| one.id.trail.as_str() == meant)
        || exceptions.expired.iter().any(|id| id.trail.as_str() == meant);
    let refusal = || Answer {
        summary: format!("{} has no exception `{}` that has not ended", sight.name, excerpt(meant)),
        action: Some(sight.ask.action.clone()),
        ..Answer::new(Decision::Refuse, Reason::UnknownException)
    };
    (!is_known).then(refusal)
}

fn warnings(failure: Option<&str>, exceptions: &Exceptions) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if let Some(detail) = failure {
        let text = format!("the exceptions could not be read, so none counts: {}", excerpt(detail));
        warnings.push(Warning::new(WarningCode::UnreadableExceptions, text));
    }
    if exceptions.left_out > 0 {
        let (looked_at, more) = (exceptions.live.len(), exceptions.left_out);
        let text = format!(
            "only the oldest {looked_at} exceptions were looked at, {more} more have not ended; revoke those that are not needed"
        );
        warnings.push(Warning::new(WarningCode::ManyExceptions, text));
    }
    warnings
}

/// The exceptions that still need an approval.
#[inline(never)] // what a gate does not ask for need not be compiled for it
pub(super) fn list_awaiting(sight: &Sight<'_>, policy: &Policy, answer: &mut Answer) {
    let found = sight.exceptions();
    let exceptions = found.found().cloned().unwrap_or_default();
    let rules = &policy.approvals;
    let is_approved = |one: &Exception, asked: &Asked| {
        let counted = one.approvals.found().map(|all| asked.counted(all, rules, sight.ask.budget).len() as u64);
        counted.is_some_and(|counted| counted >= asked.needed(rules))
    };
    let awaits = |one: &&Exception| {
        !one.steps.is_revoked && one.is_asked() && one.request().is_ok_and(|asked| !is_approved(one, asked))
    };
    let awaiting = exceptions.live.iter().filter(awaits);
    answer.exceptions = awaiting.map(|one| shown(policy, sight, one, ExceptionState::Awaiting)).collect();
    if let Some(ShownException { id, .. }) = answer.exceptions.first() {
        // Whoever asks for them means to approve.
        let Advice { text, next } = wording::exceptions::approve(sight.name.as_str(), id);
        (answer.advice, answer.next) = (Some(text), next);
    }
    if sight.ask.action.change().is_none() {
        answer.warnings.extend(warnings(found.failure(), &exceptions));
    }
}

fn shown(policy: &Policy, sight: &Sight<'_>, exception: &Exception, state: ExceptionState) -> ShownException {
    exception.shown(&policy.approvals, sight.ask.budget, state)
}
