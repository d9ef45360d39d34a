//! What of exceptions is still to be looked at: nothing, for a gate that is open or states no change.

use crate::call::{Action, Request};
use crate::consent::Obstacles;
use crate::consent::weigh::Weighed;
use crate::exception::Exception;
use crate::kosli::documents::exception::{APPROVED, CLAIMED, EXCEPTION, PASSED};
use crate::kosli::documents::look::Look;
use crate::kosli::exception_id::ExceptionId;
use crate::kosli::name::{FlowName, TrailName};
use crate::kosli::read_name::ReadName;
use crate::kosli::target::Target;
use crate::policy::Consents;
use crate::sight::Sight;

/// For `approve` and `revoke`: the exception that is named, and nothing else.
pub(super) fn named(sight: &Sight<'_>) -> Option<Vec<Target>> {
    let (Action::Approve { exception, .. } | Action::Revoke { exception, .. }) = sight.ask.action else {
        return None;
    };
    let (Some(id), Ok(flow)) = (ExceptionId::read(exception), sight.exceptions_flow()) else { return Some(Vec::new()) };
    let mut targets = vec![
        Target::Exception { flow: flow.clone(), trail: id.trail.clone() },
        attestation(&flow, &id.trail, EXCEPTION),
    ];
    if matches!(sight.ask.action, Action::Approve { .. }) {
        targets.push(attestation(&flow, &id.trail, APPROVED));
    }
    targets.retain(|target| !sight.subject.observed.contains_key(&target.name()));
    Some(targets)
}

/// For all others, once the freezes are known.
pub(super) fn of_environment(sight: &Sight<'_>) -> Vec<Target> {
    match sight.ask.action {
        Action::Except(request) => of_request(sight, request),
        action if action.change().is_some() => of_change(sight).unwrap_or_default(),
        action if action.lists_awaiting() => of_all(sight),
        _ => Vec::new(),
    }
}

/// What a change that is closed out may pass by. In the order of the reads: the list, what was asked for, who has
/// approved and claimed it, and which freezes have let this use pass.
fn of_change(sight: &Sight<'_>) -> Option<Vec<Target>> {
    if sight.listing.failure().is_some() {
        return None;
    }
    let action = sight.ask.action;
    let change = action.change()?;
    let freezes = sight.freezes().ok()?;
    let obstacles = Obstacles::of(sight, &freezes).ok()?;
    let free = obstacles.free_consents(change);
    if obstacles.lets_pass(&Consents::default(), action.needs()) || obstacles.lets_pass(&free, action.needs()) {
        return action.lists_awaiting().then(|| of_all(sight));
    }
    let requests = requests(sight);
    if !requests.is_empty() {
        return Some(requests);
    }
    let exceptions = sight.exceptions();
    let exceptions = exceptions.found()?;
    let matching: Vec<_> = exceptions.live.iter().filter(|one| may_pass(one, &obstacles)).collect();
    let mut targets = unread(sight, &matching, CLAIMED);
    let needs_approval =
        |one: &&&Exception| one.request().is_ok_and(|asked| asked.needed(&obstacles.policy.approvals) > 0);
    let needing: Vec<_> = matching.iter().filter(needs_approval).copied().collect();
    targets.extend(unread(sight, &needing, APPROVED));
    if !targets.is_empty() {
        return Some(targets);
    }
    let weighed = Weighed::of(&obstacles, exceptions, &free);
    if weighed.is_claimed() {
        let flow = || sight.flow.clone();
        let passes = weighed.passes(&free, &obstacles).into_iter();
        let targets = passes.filter(|pass| sight.look_at_passes(&pass.freeze) == Look::NotYet);
        return Some(
            targets.map(|pass| Target::Attestation { flow: flow(), trail: pass.freeze, name: PASSED }).collect(),
        );
    }
    action.lists_awaiting().then(|| of_all(sight))
}

/// An exception that may let the change pass, as far as its request tells.
fn may_pass(exception: &Exception, obstacles: &Obstacles<'_>) -> bool {
    let sight = obstacles.sight;
    let fits = |change| exception.request().is_ok_and(|asked| asked.matching.fits(change, sight.ask.budget));
    !exception.steps.is_revoked
        && sight.ask.action.change().is_some_and(fits)
        && !obstacles.consents_of(exception).0.is_empty()
}

/// What still needs an approval, whatever the change.
fn of_all(sight: &Sight<'_>) -> Vec<Target> {
    let requests = requests(sight);
    if !requests.is_empty() {
        return requests;
    }
    let exceptions = sight.exceptions();
    let live: Vec<_> = exceptions.found().into_iter().flat_map(|found| &found.live).collect();
    let live: Vec<_> = live.into_iter().filter(|one| !one.steps.is_revoked && one.request().is_ok()).collect();
    let mut targets = unread(sight, &live, APPROVED);
    targets.extend(unread(sight, &live, CLAIMED));
    targets
}

/// The list, and then what each was asked for.
fn requests(sight: &Sight<'_>) -> Vec<Target> {
    let Ok(flow) = sight.exceptions_flow() else { return Vec::new() };
    if sight.subject.look(ReadName::Exceptions(1)).is_none() {
        return vec![Target::Exceptions { flow, page: 1 }];
    }
    let exceptions = sight.exceptions();
    let live = exceptions.found().into_iter().flat_map(|found| &found.live).filter(|one| one.steps.is_asked);
    unread(sight, &live.collect::<Vec<_>>(), EXCEPTION)
}

/// Exceptions of the same holder and the same end: the same may have been asked for before.
fn of_request(sight: &Sight<'_>, request: &Request) -> Vec<Target> {
    let (Ok(flow), Ok(end)) = (sight.exceptions_flow(), request.end()) else { return Vec::new() };
    if sight.subject.look(ReadName::Exceptions(1)).is_none() {
        return vec![Target::Exceptions { flow, page: 1 }];
    }
    let mut targets = Vec::new();
    if sight.exceptions_flow_exists().is_none() && sight.subject.look(ReadName::ExceptionsFlow).is_none() {
        targets.push(Target::ExceptionsFlow { flow });
    }
    let listed = sight.look_at_exceptions();
    let is_same = |id: &ExceptionId| id.end == end && id.names(sight.ask.action.by());
    let same = listed.found().into_iter().flatten().filter(|(id, steps)| is_same(id) && steps.is_asked);
    let trails: Vec<_> = same.map(|(id, _)| id.trail.clone()).collect();
    targets.extend(unread_of(sight, trails, EXCEPTION));
    targets
}

fn unread(sight: &Sight<'_>, exceptions: &[&Exception], name: &'static str) -> Vec<Target> {
    unread_of(sight, exceptions.iter().map(|one| one.id.trail.clone()).collect(), name)
}

fn unread_of(sight: &Sight<'_>, trails: Vec<TrailName>, name: &'static str) -> Vec<Target> {
    let Ok(flow) = sight.exceptions_flow() else { return Vec::new() };
    let targets = trails.into_iter().map(|trail| attestation(&flow, &trail, name));
    targets.filter(|target| !sight.subject.observed.contains_key(&target.name())).collect()
}

fn attestation(flow: &FlowName, trail: &TrailName, name: &'static str) -> Target {
    Target::ExceptionAttestation { flow: flow.clone(), trail: trail.clone(), name }
}
