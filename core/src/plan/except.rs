//! `except`: asks for an exception, or completes one that was asked for in the same words.

use crate::answer::{Advice, Answer, Decision, ExceptionState};
use crate::call::{Action, Request};
use crate::codes::Reason;
use crate::consent::Obstacles;
use crate::error::Error;
use crate::exception::Cover;
use crate::freeze::Freeze;
use crate::kosli::documents::exception::{Asked, EXCEPTION};
use crate::kosli::documents::record::{Record, latest};
use crate::kosli::exception_id::ExceptionId;
use crate::kosli::id;
use crate::kosli::name::TrailName;
use crate::kosli::window_name::WindowName;
use crate::order;
use crate::sight::{Sight, clock};
use crate::text::excerpt;
use crate::time::{self, duration};
use crate::wording;

use super::steps::{self, Wanted, needed};
use super::work::{Work, description};

#[inline(never)] // what a gate does not ask for need not be compiled for it
pub(super) fn plan(sight: &Sight<'_>, request: &Request) -> Result<Answer, Error> {
    let work = Work::on(sight)?;
    clock::check(sight.ask, sight.subject, &work.freezes)?;
    let policy = sight.ask.policy()?;
    let end = request.end()?;
    if (end - sight.ask.begun()).num_seconds() > policy.approvals.longest {
        let longest = duration::words(policy.approvals.longest);
        return Err(Error::UntilTooFar { until: time::human(end), longest });
    }
    let obstacles = Obstacles::of(sight, &work.freezes)?;
    let (freezes, windows) = meant(request, &obstacles);
    let by = sight.ask.action.by();
    let is_others = by.is_none() || !windows.is_empty() || freezes.iter().any(|id| !id::names_holder(id, by));
    let approvals = request.approvals.unwrap_or(1).max(policy.approvals.needed).max(u64::from(is_others));
    let seen =
        work.freezes.iter().filter(|freeze| freezes.iter().any(|id| *id == freeze.id)).filter_map(words_seen).collect();
    let wanted = Wanted {
        reason: &request.reason,
        by,
        matching: &request.change,
        uses: request.uses.unwrap_or(1),
        approvals,
        freezes,
        seen,
        windows,
    };
    let known = match find(sight, request, &wanted, &work.freezes)? {
        Known::Restated(id, freeze) => return Ok(restated(sight, request, &id, freeze)),
        Known::Asked(id) => return Ok(answer(sight, request, &wanted, &id, false)),
        Known::Refused(reason, summary, advice) => return Ok(refuse(sight, reason, summary, advice)),
        Known::Begun(id) => Some(id.trail),
        Known::None => None,
    };
    if let Some(refusal) = objection(&obstacles, &work.freezes, &wanted, request) {
        return Ok(refusal);
    }
    let trail = match known {
        Some(trail) => trail,
        None => request.id.as_deref().map_or_else(|| fresh_id(sight, request), TrailName::new)?,
    };
    let id = ExceptionId::read(trail.as_str()).filter(|id| id.end == end && id.names(by));
    let Some(id) = id else {
        let summary =
            format!("{trail} is not the id of an exception that {} asks for until {}", holder(by), time::human(end));
        return Ok(refuse(sight, Reason::Taken, summary, None));
    };
    Ok(answer(sight, request, &wanted, &id, true))
}

/// What it is to cover: what is named, or else all that closes now.
fn meant(request: &Request, obstacles: &Obstacles<'_>) -> (Vec<String>, Vec<WindowName>) {
    if request.freezes.is_some() || request.windows.is_some() {
        let (mut freezes, mut windows) =
            (request.freezes.clone().unwrap_or_default(), request.windows.clone().unwrap_or_default());
        order::sort(&mut freezes);
        freezes.dedup();
        order::sort(&mut windows);
        windows.dedup();
        return (freezes, windows);
    }
    let recorded = obstacles.holding.iter().filter_map(|freeze| WindowName::of_holder(freeze.window()?));
    let mut windows: Vec<_> = obstacles.closing_windows().into_iter().chain(recorded).collect();
    order::sort(&mut windows);
    windows.dedup();
    let mut freezes: Vec<_> = obstacles.holding.iter().map(|freeze| freeze.id.to_string()).collect();
    order::sort(&mut freezes);
    (freezes, windows)
}

enum Known<'f> {
    /// All of it is on record.
    Asked(ExceptionId),
    /// So it is, and it does not cover this freeze: its holder said something else before it was.
    Restated(ExceptionId, &'f Freeze<'f>),
    /// A run was cut before it asked.
    Begun(ExceptionId),
    None,
    Refused(Reason, String, Option<Advice>),
}

/// The exception that was asked for in the same words by the same holder until the same time, or the one that the call's
/// `id` means and no other.
fn find<'f>(
    sight: &Sight<'_>,
    request: &Request,
    wanted: &Wanted<'_>,
    freezes: &'f [Freeze<'f>],
) -> Result<Known<'f>, Error> {
    let flow = sight.exceptions_flow()?;
    let end = request.end()?;
    let unreadable = |detail| Error::UnreadableTrails { flow: flow.to_string(), detail };
    let listed = needed(sight.look_at_exceptions(), unreadable)?.unwrap_or_default();
    let is_mine = |id: &ExceptionId| match &request.id {
        Some(meant) => id.trail.as_str() == meant,
        None => id.end == end && id.names(wanted.by),
    };
    let mut begun = None;
    for (id, steps) in listed.into_iter().filter(|(id, _)| is_mine(id)) {
        let exception = sight.exception(id.clone(), steps);
        let trail = id.trail.to_string();
        let unreadable = |detail| Error::UnreadableAttestation { name: EXCEPTION, trail: trail.clone(), detail };
        let asked = needed(exception.asked, unreadable)?.flatten();
        let is_named = request.id.is_some();
        match asked {
            _ if steps.is_revoked && is_named => {
                return Ok(Known::Refused(
                    Reason::ExceptionEnded,
                    format!("{trail} has been revoked, which is for good"),
                    Some(wording::exceptions::who_revoked(sight.name.as_str())),
                ));
            }
            _ if steps.is_revoked => {}
            Some(asked) if is_same(&asked, wanted) => {
                match freezes.iter().find(|freeze| asked.covers(freeze) == Cover::Restated) {
                    None => return Ok(Known::Asked(id)),
                    Some(freeze) if is_named => return Ok(Known::Restated(id, freeze)),
                    // It is asked for anew, for what the holder says now.
                    Some(_) => {}
                }
            }
            Some(_) if is_named => {
                return Ok(Known::Refused(
                    Reason::Taken,
                    format!("{trail} was asked for in other words, and stays as it is"),
                    None,
                ));
            }
            Some(_) => {}
            None => begun = begun.or(Some(id)),
        }
    }
    Ok(begun.map_or(Known::None, Known::Begun))
}

fn is_same(asked: &Asked, wanted: &Wanted<'_>) -> bool {
    let sorted = |list: &[String]| {
        let mut list = list.to_vec();
        order::sort(&mut list);
        list
    };
    let mut windows = asked.windows.clone();
    order::sort(&mut windows);
    asked.by.as_deref() == wanted.by
        && asked.reason.as_deref() == Some(&*description(wanted.reason))
        && asked.matching == *wanted.matching
        && (asked.uses, asked.approvals) == (wanted.uses, wanted.approvals)
        && sorted(&asked.freezes) == wanted.freezes
        && windows == wanted.windows
}

/// Why it cannot be asked for: there is nothing to pass, or what there is is not on record.
fn objection(
    obstacles: &Obstacles<'_>,
    freezes: &[Freeze<'_>],
    wanted: &Wanted<'_>,
    request: &Request,
) -> Option<Answer> {
    let sight = obstacles.sight;
    let environment = sight.name.as_str();
    let refuse = |reason, summary, advice| Some(refuse(sight, reason, summary, advice));
    let list = |ids: &[&String]| ids.iter().map(|id| format!("`{}`", excerpt(id))).collect::<Vec<_>>().join(", ");
    let find = |id: &&String| freezes.iter().find(|freeze| freeze.id == **id);
    let unknown: Vec<_> = wanted.freezes.iter().filter(|id| find(id).is_none()).collect();
    if !unknown.is_empty() {
        let summary = format!("{} has no freeze {}; nothing was asked for", sight.name, list(&unknown));
        return refuse(
            Reason::UnknownFreeze,
            summary,
            Some(wording::advise("to see them", environment, Action::status())),
        );
    }
    let knows = |window: &WindowName| {
        let is_of_policy = obstacles.windows.iter().any(|known| obstacles.policy.name_of(known) == *window);
        is_of_policy || obstacles.holding.iter().any(|freeze| freeze.window() == Some(&*window.holder()))
    };
    if let Some(unknown) = wanted.windows.iter().find(|window| !knows(window)) {
        let name = excerpt(&unknown.name);
        let summary = format!("no window `{name}` is for {} in this policy; nothing was asked for", sight.name);
        return refuse(
            Reason::UnknownWindow,
            summary,
            Some(wording::advise("to see them", environment, Action::windows())),
        );
    }
    let holds = |id: &&String| find(id).is_some_and(|freeze| freeze.holds(sight.now));
    let over: Vec<_> = wanted.freezes.iter().filter(|id| !holds(id)).collect();
    if !over.is_empty() || (wanted.freezes.is_empty() && wanted.windows.is_empty()) {
        let summary = match &*over {
            [] if request.freezes.is_some() || request.windows.is_some() => {
                "no freeze and no window was named".to_owned()
            }
            [] => format!("{} is open: there is nothing to make an exception to", sight.name),
            over => format!("{} is over: there is nothing to make an exception to", list(over)),
        };
        return refuse(Reason::NothingToExcept, summary, None);
    }
    let is_on_record =
        |id: &&String| find(id).is_some_and(|freeze| freeze.is_on_record(Record::Open) && words_seen(freeze).is_some());
    let missing: Vec<_> = wanted.freezes.iter().filter(|id| !is_on_record(id)).collect();
    if !missing.is_empty() {
        let summary = format!("{} is not on record, and an exception is made on record or not at all", list(&missing));
        return refuse(
            Reason::NotOnRecord,
            summary,
            Some(wording::advise("to put it there", environment, Action::Sync {})),
        );
    }
    None
}

/// What its holder says, by Kosli's id of the latest `nodeploy-on`.
fn words_seen(freeze: &Freeze<'_>) -> Option<String> {
    latest(freeze.ons.found()?)?.id.clone()
}

/// It was asked for in the name of what its holder no longer says.
fn restated(sight: &Sight<'_>, request: &Request, id: &ExceptionId, freeze: &Freeze<'_>) -> Answer {
    let reason = freeze.recorded().and_then(|words| words.reason.as_deref());
    let summary = format!(
        "{} does not cover {}: {} has given it another reason since: {}",
        id.trail,
        excerpt(&freeze.id),
        holder(freeze.by()),
        reason.map_or_else(|| "none".to_owned(), excerpt)
    );
    let again = Action::Except(Request { id: None, ..request.clone() });
    let advice = wording::advise("to ask again, if it is still needed", sight.name.as_str(), again);
    refuse(sight, Reason::Restated, summary, Some(advice))
}

/// An id that no trail of the list has.
fn fresh_id(sight: &Sight<'_>, request: &Request) -> Result<TrailName, Error> {
    let end = request.end()?;
    let listed = sight.look_at_exceptions();
    let is_listed = |name: &TrailName| listed.found().is_some_and(|all| all.iter().any(|(id, _)| id.trail == *name));
    let number = |number| ExceptionId::numbered(sight.ask.begun(), end, sight.ask.action.by(), number);
    let most = listed.found().map_or(1, Vec::len) + 1;
    Ok((1..most).map(number).find(|name| !is_listed(name)).unwrap_or_else(|| number(most)))
}

/// Whoever has said how many approvals it needs is told why it needs more.
fn why_more(sight: &Sight<'_>, request: &Request, needed: u64) -> &'static str {
    let policys = sight.ask.policy().map_or(0, |policy| policy.approvals.needed);
    match request.approvals {
        Some(asked) if asked < needed && needed == policys => " (the policy's `approvals.needed`)",
        Some(asked) if asked < needed => " (it needs none only where the asker holds all that it covers)",
        _ => "",
    }
}

fn answer(sight: &Sight<'_>, request: &Request, wanted: &Wanted<'_>, id: &ExceptionId, writes: bool) -> Answer {
    let Wanted { approvals, uses, .. } = wanted;
    let environment = sight.name.as_str();
    let trail = &id.trail;
    let (reason, what) = if writes { (Reason::Asking, "asking for") } else { (Reason::AlreadyAsked, "asked for") };
    let count = |number: u64, one: &str| format!("{number} {one}{}", if number == 1 { "" } else { "s" });
    let needs = match approvals {
        0 => "without an approval".to_owned(),
        _ => format!("once it has {}", count(*approvals, "approval")),
    };
    let why = why_more(sight, request, *approvals);
    let summary = format!(
        "{what} {trail}: {} may pass until {}, {}, {needs}{why}: {}",
        wanted.matching.words(),
        time::human(id.end),
        count(*uses, "use"),
        excerpt(wanted.reason)
    );
    let advice = if *approvals > 0 {
        wording::exceptions::approve(environment, trail.as_str())
    } else {
        wording::exceptions::use_it("it needs no approval; the deployment's gate uses it with", environment)
    };
    let state = if *approvals > 0 { ExceptionState::Awaiting } else { ExceptionState::Usable };
    let mut shown = wording::exceptions::named(id, state);
    shown.by = wanted.by.map(str::to_owned);
    shown.reason = Some(wanted.reason.to_owned());
    (shown.uses, shown.needed) = (Some(*uses), Some(*approvals));
    shown.change = Some(wanted.matching.clone());
    (shown.freezes, shown.windows) = (wanted.freezes.clone(), wanted.windows.clone());
    let action = Action::Except(Request {
        uses: Some(*uses),
        approvals: Some(*approvals),
        freezes: Some(wanted.freezes.clone()),
        windows: Some(wanted.windows.clone()),
        id: Some(trail.to_string()),
        ..request.clone()
    });
    let commands = match sight.exceptions_flow() {
        Ok(flow) if writes => steps::ask(sight, &flow, trail, wanted),
        _ => Vec::new(),
    };
    Answer {
        summary,
        exceptions: vec![shown],
        action: Some(action),
        commands: steps::writes(sight, commands),
        ..Answer::new(Decision::Proceed, reason)
    }
    .advised(advice)
}

fn refuse(sight: &Sight<'_>, reason: Reason, summary: String, advice: Option<Advice>) -> Answer {
    Answer { summary, action: Some(sight.ask.action.clone()), ..Answer::new(Decision::Refuse, reason) }.advised(advice)
}

fn holder(by: Option<&str>) -> String {
    by.map_or_else(|| "nobody".to_owned(), excerpt)
}
