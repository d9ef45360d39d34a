//! `windows`: what is coming, and what looks wrong in the policy. It asks Kosli for nothing but what selectors need, and for the
//! freezes of people where they are wanted.

use crate::answer::{Answer, Decision};
use crate::call::Environment;
use crate::codes::Reason;
use crate::error::Error;
use crate::freeze::Freeze;
use crate::kosli::documents::environment::Traits;
use crate::kosli::name::EnvironmentName;
use crate::policy::For;
use crate::sight::{self, Ask, Sight, Subject};
use crate::time::{DAY, clock};
use crate::wording::windows_listed;

use super::agenda::agenda;
use super::ics::calendar;
use super::lint::lints;

const DAYS: u64 = 90;
const MOST_DAYS: u64 = 3660;

#[inline(never)] // what a gate does not ask for need not be compiled for it
pub(crate) fn plan(
    ask: &Ask<'_>,
    subject: Subject<'_>,
    days: Option<u64>,
    ics: Option<bool>,
    frozen: Option<bool>,
) -> Result<Answer, Error> {
    let (ics, frozen) = (ics == Some(true), frozen == Some(true));
    let at = ask.at()?.timestamp();
    let days = days.unwrap_or(DAYS);
    if !(1..=MOST_DAYS).contains(&days) {
        return Err(Error::BadCall { detail: format!("`days` is {days}; it must be 1 to {MOST_DAYS}") });
    }
    let days = i64::try_from(days).unwrap_or(0);
    if !ask.has_policy() {
        return Err(Error::BadPolicy {
            detail: "there is none; write one and name it with --policy".to_owned(),
            place: Vec::new(),
        });
    }
    let policy = ask.policy()?;
    let name = match subject.environment {
        Environment::Every => None,
        environment => Some(environment.name()?),
    };
    if frozen && name.is_none() {
        let detail = "`frozen` asks for the freezes of one environment; name it, or leave `frozen` out";
        return Err(Error::BadCall { detail: detail.to_owned() });
    }
    let is_looked_at = |name: &&EnvironmentName| frozen || policy.needs_traits(name.as_str());
    let sight = name.as_ref().filter(is_looked_at).map(|_| Sight::of(ask, subject)).transpose()?;
    // Which windows are for it then, its tags of today do not tell.
    if sight.is_some() {
        clock::not_past(ask.at()?, ask.now)?;
    }
    let whom = match (&name, &sight) {
        (None, _) => For::Every,
        (Some(name), None) => For::Environment { name: name.as_str(), traits: &Traits::default() },
        (Some(_), Some(sight)) => For::of(sight, policy)?,
    };
    let freezes = sight.as_ref().filter(|_| frozen).map_or_else(|| Ok(Vec::new()), holding)?;
    let agenda = agenda(policy, whom, at, days);
    let last = at.saturating_add(days * DAY);
    let title = name.as_ref().map_or_else(|| "nodeploy".to_owned(), ToString::to_string);
    let shown: Vec<_> = policy.windows_for(whom).iter().map(|window| window.shown(&policy.zones, at)).collect();
    Ok(Answer {
        summary: windows_listed(name.as_ref().map(EnvironmentName::as_str), shown.len(), agenda.closures.len(), days),
        windows: shown,
        calendar: ics.then(|| calendar(&agenda, &freezes, &title, ask.now, last, ask.budget)),
        freezes: freezes.iter().map(|freeze| freeze.shown(ask.now)).collect(),
        warnings: lints(policy, whom, &agenda, at, days),
        closures: Some(agenda.closures.iter().map(|listed| listed.shown(&policy.zones)).collect()),
        action: Some(ask.action.clone()),
        ..Answer::new(Decision::Proceed, Reason::WindowsListed)
    })
}

/// The freezes of people that hold: those of windows are closures already.
fn holding<'c>(sight: &Sight<'c>) -> Result<Vec<Freeze<'c>>, Error> {
    let mut freezes = sight.freezes()?;
    sight::clock::check(sight.ask, sight.subject, &freezes)?;
    sight.refuse_blind(&freezes)?;
    freezes.retain(|freeze| freeze.holds(sight.now) && freeze.window().is_none());
    Ok(freezes)
}
