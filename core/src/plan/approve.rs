//! `approve` and `revoke`: what others say of an exception that was asked for.

use crate::answer::{Advice, Answer, Decision, ExceptionState, ShownApproval, ShownException};
use crate::call::{Action, Question};
use crate::codes::Reason;
use crate::error::Error;
use crate::exception::{Exception, NoApproval};
use crate::kosli::command::Command;
use crate::kosli::documents::exception::{APPROVED, Approved, Asked, EXCEPTION, REVOKED};
use crate::kosli::documents::look::Look;
use crate::kosli::exception_id::ExceptionId;
use crate::policy::Approvals;
use crate::sight::{Sight, clock};
use crate::text::excerpt;
use crate::text::person::told_by;
use crate::{time, wording};

use super::steps::{by, needed, writes};
use super::work::attestation;

/// Approves; never the asker's own. `noted` is how many approvals of this name the first look found that do not count:
/// they block nobody who approves again, from an account that may; one more is what this run has written.
#[inline(never)] // what a gate does not ask for need not be compiled for it
pub(super) fn approve(
    sight: &Sight<'_>,
    id: &str,
    who: &str,
    comment: Option<&str>,
    noted: Option<u64>,
) -> Result<Answer, Error> {
    let policy = sight.ask.policy()?;
    clock::check(sight.ask, sight.subject, &[])?;
    let rules = &policy.approvals;
    let Some(exception) = find(sight, id)?.filter(Exception::is_asked) else {
        let advice = wording::advise("to see those that need an approval", sight.name.as_str(), awaiting());
        return Ok(unknown(sight, id, advice));
    };
    let unreadable = |detail: String| Error::UnreadableAttestation { name: EXCEPTION, trail: id.to_owned(), detail };
    let asked = exception.request().map_err(|detail| unreadable(detail.to_owned()))?;
    if let Some(ended) = ended(sight, &exception) {
        return Ok(ended);
    }
    if asked.by.as_deref().map(told_by) == Some(told_by(who)) {
        let summary = format!("{id} was asked for by {}, who cannot approve it", excerpt(who));
        let advice = wording::exceptions::approve(sight.name.as_str(), id);
        return Ok(refuse(sight, Reason::OwnException, summary).advised(advice));
    }
    let unreadable = |detail| Error::UnreadableAttestation { name: APPROVED, trail: id.to_owned(), detail };
    let all = needed(exception.approvals.clone(), unreadable)?.unwrap_or_default();
    let is_mine =
        |one: &&Approved| one.of.as_deref() == Some(&*asked.id) && one.by.as_deref().map(told_by) == Some(told_by(who));
    let mine: Vec<_> =
        all.iter().filter(is_mine).map(|one| (one, asked.refusal(one, rules, sight.ask.budget))).collect();
    let shown = exception.shown(rules, sight.ask.budget, ExceptionState::Awaiting);
    if mine.iter().any(|(_, refusal)| refusal.is_none()) {
        return Ok(approved(sight, asked, rules, shown, Vec::new()));
    }
    let refused = mine.len() as u64;
    if let (true, Some((one, Some(refusal)))) = (noted.is_some_and(|noted| refused > noted), mine.last()) {
        let account = one.reported_by.as_deref().map_or_else(|| "an unknown account".to_owned(), excerpt);
        return Ok(match refusal {
            NoApproval::Own => {
                let text = format!(
                    "the approval was reported by {account}, the account that has asked for {id}: it does not count"
                );
                refuse(sight, Reason::OwnException, text)
            }
            NoApproval::OfAnother | NoApproval::NotAllowed => {
                let text = format!(
                    "the approval was reported by {account}, which the policy does not let approve: it does not count"
                );
                refuse(sight, Reason::NotAnApprover, text)
            }
        });
    }
    let mut annotations = by(Some(who.trim()));
    annotations.insert("of", asked.id.clone());
    let command = attestation(&sight.exceptions_flow()?, &exception.id.trail, APPROVED, comment, annotations);
    let answer = approved(sight, asked, rules, shown, vec![command]);
    Ok(Answer { action: Some(sight.ask.action.noting_refused(noted.unwrap_or(refused))), ..answer })
}

/// Revokes, for good: anybody may, and it is on record.
#[inline(never)] // what a gate does not ask for need not be compiled for it
pub(super) fn revoke(sight: &Sight<'_>, id: &str, reason: Option<&str>) -> Result<Answer, Error> {
    let Some(exception) = find(sight, id)? else {
        return Ok(unknown(sight, id, wording::exceptions::all_of_them(sight.name.as_str())));
    };
    let shown = exception.shown(&Approvals::default(), sight.ask.budget, ExceptionState::Revoked);
    let is_revoked = exception.steps.is_revoked;
    if !is_revoked && let Some(ended) = ended(sight, &exception) {
        return Ok(ended);
    }
    let whose = exception.request().map(wording::exceptions::whose).unwrap_or_default();
    let again = format!("it will let nothing pass again{whose}");
    let answer = if is_revoked {
        let answer = Answer::new(Decision::Proceed, Reason::AlreadyRevoked);
        Answer { summary: format!("{id} has been revoked; {again}"), ..answer }
            .advised(wording::exceptions::who_revoked(sight.name.as_str()))
    } else {
        let said = |word: &str, text: Option<&str>| {
            text.filter(|text| !text.trim().is_empty())
                .map(|text| format!("{word}{}", excerpt(text)))
                .unwrap_or_default()
        };
        let (who, why) = (said(" by ", sight.ask.action.by()), said(": ", reason));
        let annotations = by(sight.ask.action.by());
        let command = attestation(&sight.exceptions_flow()?, &exception.id.trail, REVOKED, reason, annotations);
        let answer = Answer::new(Decision::Proceed, Reason::Revoking);
        let summary = format!("{id} is being revoked{who}{why}; {again}");
        Answer { summary, commands: writes(sight, vec![command]), ..answer }
    };
    Ok(Answer { exceptions: vec![shown], action: Some(sight.ask.action.clone()), ..answer })
}

fn approved(
    sight: &Sight<'_>,
    asked: &Asked,
    rules: &Approvals,
    mut shown: ShownException,
    commands: Vec<Command>,
) -> Answer {
    let needed = asked.needed(rules);
    let code = if commands.is_empty() { Reason::AlreadyApproved } else { Reason::Approving };
    if let (false, Some(who)) = (commands.is_empty(), sight.ask.action.by()) {
        shown.approvals.push(ShownApproval { by: Some(who.to_owned()), reported_by: None });
    }
    let count = shown.approvals.len() as u64;
    let is_enough = count >= needed;
    shown.state = if is_enough { ExceptionState::Usable } else { ExceptionState::Awaiting };
    let what = if commands.is_empty() { "is approved" } else { "is being approved" };
    let rest = if is_enough { "that is all it needs".to_owned() } else { format!("{count} of {needed} approvals") };
    let environment = sight.name.as_str();
    let advice = if is_enough {
        wording::exceptions::use_it("the deployment's gate uses it with", environment)
    } else {
        wording::advise("to see what is still needed", environment, awaiting())
    };
    Answer {
        summary: format!("{} {what}: {rest}", shown.id),
        exceptions: vec![shown],
        action: Some(sight.ask.action.clone()),
        commands: writes(sight, commands),
        ..Answer::new(Decision::Proceed, code)
    }
    .advised(advice)
}

fn awaiting() -> Action {
    Action::Status(Question { awaiting: true, ..Question::default() })
}

/// The exception by its own trail; `None` if Kosli knows none of that name.
fn find(sight: &Sight<'_>, id: &str) -> Result<Option<Exception>, Error> {
    let Some(id) = ExceptionId::read(id) else { return Ok(None) };
    let trail = id.trail.to_string();
    match sight.named_exception(id) {
        Look::Found(exception) => Ok(Some(exception)),
        Look::Missing(_) => Ok(None),
        Look::NotYet => Err(Error::NotObserved { environment: sight.name.to_string() }),
        Look::Failed(detail) => {
            let flow = sight.exceptions_flow()?.to_string();
            Err(Error::UnreadableTrail { flow, trail, detail })
        }
    }
}

/// Over by its name, or revoked.
fn ended(sight: &Sight<'_>, exception: &Exception) -> Option<Answer> {
    let id = &exception.id;
    if exception.steps.is_revoked {
        let text = format!("{} has been revoked, which is for good", id.trail);
        let advice = wording::exceptions::who_revoked(sight.name.as_str());
        return Some(refuse(sight, Reason::ExceptionEnded, text).advised(advice));
    }
    let text = || format!("{} ended at {}", id.trail, time::human(id.end));
    (id.end <= sight.now).then(|| refuse(sight, Reason::ExceptionEnded, text()))
}

fn unknown(sight: &Sight<'_>, id: &str, advice: Advice) -> Answer {
    let summary = format!("{} has no exception `{}`", sight.name, excerpt(id));
    refuse(sight, Reason::UnknownException, summary).advised(advice)
}

fn refuse(sight: &Sight<'_>, reason: Reason, summary: String) -> Answer {
    Answer { summary, action: Some(sight.ask.action.clone()), ..Answer::new(Decision::Refuse, reason) }
}
