//! What people read of exceptions: which one lets a change pass, whose it is, and what is still missing.

use crate::answer::{Advice, ExceptionState, ShownApproval, ShownException, ShownUse, Why};
use crate::budget::Budget;
use crate::call::{Action, Claim, Deployment, Report};
use crate::change::{Change, Use};
use crate::consent::Obstacles;
use crate::consent::weigh::{Candidate, Step, Weighed};
use crate::exception::{Exception, uses};
use crate::kosli::documents::exception::Asked;
use crate::kosli::exception_id::ExceptionId;
use crate::policy::{Approvals, Consents};
use crate::sight::Sight;
use crate::text::excerpt;
use crate::time;

use super::advise;

/// How many exceptions a summary tells of one by one.
const TOLD: usize = 3;

impl Exception {
    /// As far as it was read, whatever it is asked for.
    pub(crate) fn shown(&self, rules: &Approvals, budget: &Budget, state: ExceptionState) -> ShownException {
        let mut shown = named(&self.id, state);
        let Ok(asked) = self.request() else { return shown };
        let used = self.claims.found().map(|claims| uses(claims)).unwrap_or_default();
        let most = usize::try_from(asked.uses).unwrap_or(usize::MAX);
        shown.used_by = used.into_iter().take(most).map(ShownUse::of).collect();
        let counted = self.approvals.found().map(|all| asked.counted(all, rules, budget)).unwrap_or_default();
        let approval = |by: Option<&String>, account: Option<&String>| ShownApproval {
            by: by.cloned(),
            reported_by: account.cloned(),
        };
        shown.approvals = counted.into_iter().map(|one| approval(one.by.as_ref(), one.reported_by.as_ref())).collect();
        shown.reported_by.clone_from(&asked.reported_by);
        shown.asked(asked, asked.needed(rules));
        shown
    }
}

impl ShownException {
    /// Fills in what was asked for.
    pub(crate) fn asked(&mut self, asked: &Asked, needed: u64) {
        self.by.clone_from(&asked.by);
        self.reason.clone_from(&asked.reason);
        self.uses = Some(asked.uses);
        self.needed = Some(needed);
        self.change = Some(asked.matching.clone());
        self.freezes.clone_from(&asked.freezes);
        self.windows.clone_from(&asked.windows);
    }
}

impl ShownUse {
    fn of(claim: Option<&Use>) -> Self {
        Self { run: claim.map(|by| by.run.clone()), change: claim.map(|by| by.change.clone()) }
    }
}

/// What the name alone says.
pub(crate) fn named(id: &ExceptionId, state: ExceptionState) -> ShownException {
    ShownException {
        id: id.trail.to_string(),
        since: time::rfc3339(id.begin),
        by: id.holder().map(str::to_owned),
        reported_by: None,
        reason: None,
        until: time::rfc3339(id.end),
        uses: None,
        used_by: Vec::new(),
        approvals: Vec::new(),
        needed: None,
        change: None,
        freezes: Vec::new(),
        windows: Vec::new(),
        state,
        why: (state == ExceptionState::Expired).then_some(Why::Expired),
    }
}

/// `the exception of maya until 2024-10-31 14:00:00 UTC (use 1 of 3, approved by noah): CVE-2026-1234`
pub(crate) fn lets_pass(candidate: &Candidate<'_>, shown: &ShownException) -> String {
    let ShownException { by, reason, uses, used_by, approvals, needed, .. } = shown;
    let whose = by.as_deref().map_or_else(|| "somebody".to_owned(), excerpt);
    let until = time::human(candidate.exception.id.end);
    let approved: Vec<_> = approvals
        .iter()
        .map(|one| one.by.as_deref().or(one.reported_by.as_deref()).map_or_else(|| "somebody".to_owned(), excerpt))
        .collect();
    let approved = match (&*approved, needed) {
        ([], Some(0)) => "no approval was needed".to_owned(),
        ([], _) => "not approved".to_owned(),
        (some, _) => format!("approved by {}", some.join(" and ")),
    };
    let reason = reason.as_deref().map_or_else(|| "no reason given".to_owned(), excerpt);
    let uses = uses.unwrap_or_default();
    format!("the exception of {whose} until {until} ({} of {uses} used, {approved}): {reason}", used_by.len())
}

/// The exceptions on record that let a change pass.
pub(crate) fn chosen(weighed: &Weighed<'_>, shown: &[ShownException]) -> String {
    let chosen = weighed.chosen.iter().filter_map(|&place| Some((&weighed.candidates[place], shown.get(place)?)));
    chosen.map(|(one, shown)| lets_pass(one, shown)).collect::<Vec<_>>().join("; and ")
}

/// Who lets a change pass without an exception on record: the holders, and the policy for its windows.
pub(crate) fn free(obstacles: &Obstacles<'_>, free: &Consents, change: &Change) -> String {
    let mut told = Vec::new();
    for freeze in &obstacles.holding {
        if freeze.window().is_none() && obstacles.lets_freeze(free, freeze) {
            let whose = freeze.by().map_or_else(|| "its holder".to_owned(), excerpt);
            told.push(format!("the consent of {whose}, who froze it"));
        }
    }
    for standing in obstacles.standing_at_work(change) {
        let reason = standing.reason.as_deref().map(|reason| format!(": {}", excerpt(reason))).unwrap_or_default();
        told.push(format!("the policy's exception `{}`{reason}", excerpt(&standing.name)));
    }
    if told.len() > TOLD {
        let more = told.len() - TOLD;
        told.truncate(TOLD);
        told.push(format!("{more} more"));
    }
    told.join("; and ")
}

/// What is told beside the reason why it is closed.
pub(crate) fn beside(weighed: &Weighed<'_>, shown: &[ShownException]) -> Option<String> {
    let told = || chosen(weighed, shown);
    match weighed.step {
        Step::Passed => None,
        Step::WouldPass => Some(format!("this change would pass by {}", told())),
        Step::Claim(_) | Step::Pass(_) => Some(format!("this change is being put on record as a use of {}", told())),
        Step::Wait(_) => Some(format!("this change is about to pass by {}", told())),
        Step::Unclaimed => Some(format!("this change has no claim (exception_unclaimed) on {}", told())),
        Step::Closed => {
            let told: Vec<_> =
                shown.iter().filter_map(|one| Some(format!("{} {}", excerpt(&one.id), why(one)?))).collect();
            let (first, more) = told.split_at(told.len().min(TOLD));
            let more = if more.is_empty() { String::new() } else { format!("; and {} more", more.len()) };
            (!first.is_empty()).then(|| format!("{}{more}", first.join("; ")))
        }
    }
}

/// `is for other changes: kind=docs`
fn why(shown: &ShownException) -> Option<String> {
    let until = shown.until.replace('T', " ").replace('Z', " UTC");
    Some(match shown.why? {
        Why::OtherChange => {
            let change = shown.change.as_ref().map(|change| format!(": {}", change.words())).unwrap_or_default();
            format!("is for other changes{change}")
        }
        Why::NotApproved => {
            let needed = shown.needed.unwrap_or_default();
            format!("has {} of {needed} {}", shown.approvals.len(), if needed == 1 { "approval" } else { "approvals" })
        }
        Why::UsedUp => format!("is used up: {} of {} used", shown.used_by.len(), shown.uses.unwrap_or_default()),
        Why::Expired => format!("ended at {until}"),
        Why::Revoked => "has been revoked".to_owned(),
        Why::DoesNotCover => "does not cover all that closes".to_owned(),
        Why::Restated => "was asked for before the freeze was given another reason".to_owned(),
        Why::NotOnRecord => "is for a freeze that is not on record".to_owned(),
        Why::NoRun => "needs to know which run this is".to_owned(),
        Why::ExceptionUnclaimed => "has no claim of this run (exception_unclaimed)".to_owned(),
        Why::EndsTooSoon => format!("ends too soon for this deployment, at {until}"),
        Why::TooLong => "lasts longer than the policy allows".to_owned(),
        Why::Unreadable => "could not be read".to_owned(),
    })
}

/// The next command, where an exception is what is waited for.
pub(crate) fn advice(sight: &Sight<'_>, shown: &[ShownException]) -> Option<Advice> {
    let environment = sight.name.as_str();
    let first = |wanted| shown.iter().find(|one| one.why == Some(wanted));
    if let (Some(one), Some(by)) = (first(Why::ExceptionUnclaimed), sight.ask.action.use_of()) {
        let claim =
            Claim { exception: Some(one.id.clone()), change: by.change, run: by.run, needs: None, claimed_at: None };
        return Some(advise("to claim it from a job that may write", environment, Action::Claim(claim)));
    }
    first(Why::NotApproved).map(|one| approve(environment, &one.id))
}

/// The command that approves; who does it is whoever types it.
pub(crate) fn approve(environment: &str, id: &str) -> Advice {
    let action = Action::Approve { exception: id.to_owned(), by: String::new(), reason: None, refused: None };
    advise("anyone but the asker approves it with", environment, action)
}

/// ` (asked for by maya: CVE-2026-1234)`
pub(crate) fn whose(asked: &Asked) -> String {
    let by = asked.by.as_deref().map(|by| format!(" by {}", excerpt(by))).unwrap_or_default();
    let why = asked.reason.as_deref().map(|why| format!(": {}", excerpt(why))).unwrap_or_default();
    format!(" (asked for{by}{why})")
}

/// Where it is told who has revoked it.
pub(crate) fn who_revoked(environment: &str) -> Advice {
    advise("to see who revoked it, and why", environment, Action::Report(Report::default()))
}

/// Where all exceptions are told with their ids, also those that wait for nobody.
pub(crate) fn all_of_them(environment: &str) -> Advice {
    let advice = advise("to see all of them", environment, Action::Report(Report::default()));
    Advice { text: advice.text + " --csv", ..advice }
}

/// How a gate uses it.
pub(crate) fn use_it(lead: &str, environment: &str) -> Advice {
    advise(lead, environment, Action::Assert(Deployment { claim: true, ..Deployment::default() }))
}
