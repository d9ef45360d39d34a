//! What is still to be looked at.

mod exceptions;

use crate::budget::Budget;
use crate::call::{Action, Call, Report};
use crate::freeze::Freeze;
use crate::kosli::command::REFUSED;
use crate::kosli::documents::look::Look;
use crate::kosli::documents::record::{OFF, ON, Record};
use crate::kosli::name::{EnvironmentName, TrailName};
use crate::kosli::read_name::ReadName;
use crate::kosli::target::{Read, Target};
use crate::order::Set;
use crate::policy::check_selection;
use crate::report;
use crate::runs::{Known, Runs};
use crate::sight::{Ask, Sight, Subject};

/// What the host must fetch before [`plan`](crate::plan) can decide with full sight; empty when it can.
///
/// The records come first and the environment last: the alarm goes up before a record begins and comes
/// down after it ends, so whoever looks in this order never finds both down while a freeze stands. More
/// only where the environment asks for it, and the environment once more where a record was found to have ended
/// since. A call that is wrong has no reads: `plan` says what is wrong.
///
/// # Example
///
/// ```
/// use freeze_core::{Call, observe};
///
/// let call = Call::from_json(
///     r#"{"action": {"type": "assert"}, "now": "2024-10-31T10:44:48Z", "environment": "prod-aws"}"#,
/// )?;
/// let reads = observe(&call);
/// assert_eq!(reads.len(), 1);
/// assert_eq!(reads[0].name(), "trails");
/// assert_eq!(reads[0].argv()[..5], ["kosli", "list", "trails", "--flow", "prod-aws-nodeploy"]);
/// # Ok::<(), freeze_core::Error>(())
/// ```
#[must_use]
pub fn observe(call: &Call) -> Vec<Read> {
    within(call, &Budget::default())
}

/// Nothing, if it takes more than the budget: `plan` spends no less, and says so. Some of the reads would pass for all.
pub(crate) fn within(call: &Call, budget: &Budget) -> Vec<Read> {
    let reads = reads(call, budget);
    if budget.is_spent() { Vec::new() } else { reads }
}

fn reads(call: &Call, budget: &Budget) -> Vec<Read> {
    let (ask, subject) = (Ask::of(call, budget), Subject::of(call));
    let targets = match &call.action {
        Action::Windows { frozen: Some(true), .. } if ask.has_policy() => {
            Sight::of(&ask, subject).map(|sight| targets(&sight)).unwrap_or_default()
        }
        Action::Windows { .. } => windows(&ask, subject),
        Action::Select { environments, past } => {
            let mut targets = environments_of(&ask, subject, Some(environments));
            let is_asked = past.unwrap_or_default() && check_selection(environments, ask.budget).is_ok();
            targets.extend((is_asked && subject.look(ReadName::Flows).is_none()).then_some(Target::Flows));
            targets
        }
        Action::Overview { environments, .. } => environments_of(&ask, subject, environments.as_deref()),
        Action::Replay { .. } => Vec::new(),
        Action::Report(asked) => history(&ask, subject, asked),
        _ => Sight::of(&ask, subject).map(|sight| targets(&sight)).unwrap_or_default(),
    };
    targets.into_iter().map(|target| Read { target, org: call.settings.org.clone() }).collect()
}

/// Kosli's list, if what is asked of it makes sense.
fn environments_of(ask: &Ask<'_>, subject: Subject<'_>, globs: Option<&[String]>) -> Vec<Target> {
    let is_wrong = globs.is_some_and(|globs| check_selection(globs, ask.budget).is_err()) || ask.at().is_err();
    if is_wrong || subject.look(ReadName::Environments).is_some() {
        return Vec::new();
    }
    vec![Target::Environments]
}

/// A page of what has happened; nothing of a logical environment whose members the host does not ask.
fn history(ask: &Ask<'_>, subject: Subject<'_>, asked: &Report) -> Vec<Target> {
    let Ok(sight) = Sight::of_environment(ask, subject) else { return Vec::new() };
    if sight.unasked().is_some() { Vec::new() } else { report::history::observe(&sight, asked) }
}

fn targets(sight: &Sight<'_>) -> Vec<Target> {
    if let Some(named) = exceptions::named(sight) {
        return named;
    }
    let first: Vec<_> = trails(sight).into_iter().chain(verdict(sight)).collect();
    if !first.is_empty() {
        return first;
    }
    // A document in the call is as old as the call; what is decided here must be fresh.
    if sight.subject.look(ReadName::Environment(1)).is_none() {
        return vec![environment(sight.name.clone(), 1)];
    }
    if sight.unasked().is_some() {
        return Vec::new();
    }
    let details = details(sight);
    if details.is_empty() && sight.has_found_an_end() && !sight.has_looked_again() {
        return vec![environment(sight.name.clone(), 2)];
    }
    if details.is_empty() { exceptions::of_environment(sight) } else { details }
}

/// The policy alone tells what is coming, unless it selects by the type or the tags of the environment.
fn windows(ask: &Ask<'_>, subject: Subject<'_>) -> Vec<Target> {
    let (Ok(name), Ok(policy)) = (subject.environment.name(), ask.policy()) else { return Vec::new() };
    let is_told = subject.look(ReadName::Environment(1)).is_some();
    if is_told || !policy.needs_traits(name.as_str()) { Vec::new() } else { vec![environment(name, 1)] }
}

fn environment(environment: EnvironmentName, look: u64) -> Target {
    Target::Environment { environment, look }
}

/// The pages that are missing: the first, and for `sync` all the others.
fn trails(sight: &Sight<'_>) -> Vec<Target> {
    let pages = (1..=sight.last_page()).map(|page| Target::Trails { flow: sight.flow.clone(), page });
    pages.filter(|page| !sight.subject.observed.contains_key(&page.name())).collect()
}

/// What stands on the deployment's own trail, where the verdict goes there.
fn verdict(sight: &Sight<'_>) -> Option<Target> {
    let (flow, trail) = sight.ask.action.deployment()?.trail().ok()??;
    let is_told = sight.subject.look(ReadName::Verdict).is_some();
    (!is_told).then(|| Target::Verdict { flow, trail, environment: sight.name.clone() })
}

/// What stands on the records of the freezes that hold, where a refusal goes there. A record that is still to be read may
/// be none.
fn refusals(sight: &Sight<'_>, freezes: &[Freeze<'_>], reading: &Set<TrailName>) -> Vec<Target> {
    if !sight.ask.action.deployment().is_some_and(|deployment| deployment.record) {
        return Vec::new();
    }
    let on_record = |freeze: &&Freeze<'_>| !matches!(freeze.record, Look::Found(Record::Missing) | Look::Failed(_));
    let holding = freezes.iter().filter(|freeze| freeze.holds(sight.now)).filter(on_record);
    let trails = holding.filter_map(Freeze::trail).filter(|trail| !reading.contains(trail));
    let unread = trails.filter(|trail| sight.look_at_refusals(trail) == Look::NotYet);
    unread.map(|trail| Target::Attestation { flow: sight.flow.clone(), trail, name: REFUSED }).collect()
}

fn details(sight: &Sight<'_>) -> Vec<Target> {
    let Ok(freezes) = sight.freezes() else { return Vec::new() };
    if sight.listing.failure().is_some() {
        return Vec::new();
    }
    let flow = || sight.flow.clone();
    let mut targets = Vec::new();
    if sight.ask.action.writes() && sight.flow_exists().is_none() && sight.look_at_flow() == Look::NotYet {
        targets.push(Target::Flow { flow: flow() });
    }
    let named = sight.named.iter().filter_map(|id| TrailName::new(id).ok());
    // A gate takes what the second look shows as it stands: its own record could be at its end again.
    let is_taken =
        |freeze: &Freeze<'_>| sight.has_looked_again() && !sight.ask.action.writes() && freeze.holds(sight.now);
    let asked = || freezes.iter().filter(|freeze| !is_taken(freeze));
    let flagged = asked().filter(|freeze| freeze.has_alarm()).filter_map(Freeze::trail);
    let mut trails = Set::new();
    if !sight.listing.is_missing() {
        trails.extend(named.chain(flagged).filter(|trail| !sight.is_listed(trail.as_str())));
    }
    // An open record without a flag may just have ended.
    let open = asked().filter(|freeze| !freeze.has_alarm() && freeze.is_on_record(Record::Open));
    trails.extend(open.filter_map(Freeze::trail));
    trails.retain(|trail| sight.look_at_trail(trail.as_str()) == Look::NotYet);
    targets.extend(refusals(sight, &freezes, &trails));
    targets.extend(trails.into_iter().map(|trail| Target::Trail { flow: flow(), trail }));

    let attestation = |trail, name| Target::Attestation { flow: flow(), trail, name };
    let runs = runs(sight);
    let wordless =
        freezes.iter().filter(|freeze| needs_words(freeze, sight, runs.as_ref()) && freeze.ons == Look::NotYet);
    targets.extend(wordless.filter_map(|freeze| Some(attestation(freeze.trail()?, ON))));
    // Whose they were, and who has ended them.
    for trail in runs.iter().flat_map(|runs| runs.ended(&Known::of(sight, &freezes))) {
        if sight.look_at_lift(&trail) == Look::NotYet {
            targets.push(attestation(trail.clone(), ON));
            targets.push(attestation(trail, OFF));
        }
    }
    targets
}

/// The windows that a `sync` puts on record.
fn runs<'s>(sight: &Sight<'s>) -> Option<Runs<'s>> {
    let Action::Sync {} = sight.ask.action else { return None };
    if sight.ask.has_policy() { Runs::of(sight).ok() } else { None }
}

/// `true` if the freeze's `nodeploy-on` matters: its flag is lost, has expired, or says nothing; or `on` may
/// have to say something else.
fn needs_words(freeze: &Freeze<'_>, sight: &Sight<'_>, runs: Option<&Runs<'_>>) -> bool {
    if !freeze.is_on_record(Record::Open) {
        return false;
    }
    let Some(flag) = &freeze.flag else { return true };
    // The holder may let the change pass, or have said another reason since an exception was asked for; a `status` tells
    // what passes. A gate that states nothing is closed by the flag alone.
    let is_asked = sight.ask.action.change().is_some() || matches!(sight.ask.action, Action::Status(_));
    if is_asked && freeze.holds(sight.now) {
        return true;
    }
    let says_nothing = flag.by.is_none() && flag.reason.is_none();
    let action = sight.ask.action;
    let is_meant = match action {
        Action::On { id: Some(id), .. } => *id == freeze.id,
        Action::On { id: None, .. } => freeze.is_held_by(action.by()),
        // The policy may say something else by now.
        Action::Sync {} => runs.is_some_and(|runs| runs.names(freeze)),
        // Which words an exception was asked for goes on record with it.
        Action::Except(request) => request
            .freezes
            .as_ref()
            .map_or_else(|| freeze.holds(sight.now), |meant| meant.iter().any(|id| *id == freeze.id)),
        _ => false,
    };
    flag.until.has_passed(sight.now) || says_nothing || is_meant
}
