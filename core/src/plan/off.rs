//! `off`: ends the freezes that are meant, on record first, and leaves those of others alone.

use crate::answer::{Answer, Shown, State};
use crate::call::{Action, Freezes};
use crate::codes::Reason;
use crate::error::Error;
use crate::freeze::Freeze;
use crate::kosli::id;
use crate::kosli::name::TrailName;
use crate::order::{self, Set};
use crate::sight::Sight;
use crate::text::excerpt;
use crate::wording::{self, TOLD};

use super::work::{Annotations, TagChange, Work};

#[inline(never)] // what a gate does not ask for need not be compiled for it
pub(super) fn plan(sight: &Sight<'_>, meant: Option<&Freezes>, reason: Option<&str>) -> Result<Answer, Error> {
    let mut work = Work::on(sight)?;
    let now = sight.now;
    let unknown = unknown(&work);
    if !unknown.is_empty() {
        return Ok(refuse(work, &unknown));
    }
    let is_target = |freeze: &Freeze<'_>| match meant {
        Some(Freezes::All) => true,
        Some(Freezes::These(_)) => sight.named.contains(&*freeze.id),
        None => freeze.is_held_by(sight.ask.action.by()),
    };
    let (targets, others): (Vec<_>, Vec<_>) = work.freezes.clone().into_iter().partition(is_target);
    // A repeated `off` means what the first did: it ends as that one, and finishes what it left undone.
    let lifts_nothing = meant.is_none() && targets.is_empty() && others.iter().any(|freeze| freeze.is_open(now));
    let lifted = lifts_nothing.then(|| latest_lifted(sight)).flatten().map(|id| Freezes::These(vec![id]));
    if lifts_nothing && lifted.is_none() {
        return Ok(none_of_yours(work, &others));
    }
    let meant = lifted.as_ref().or(meant);
    let mut change = TagChange::default();
    let ends: Vec<_> = targets.iter().filter(|freeze| freeze.state(now) != State::Ended).collect();
    for freeze in &ends {
        let mut annotations = Annotations::new();
        if let Some(by) = sight.ask.action.by() {
            annotations.insert("by", by.to_owned());
        }
        work.attest_off(freeze, reason, annotations);
    }
    for freeze in &targets {
        work.lower(&mut change, freeze)?;
    }
    work.lower_ended(&mut change)?;
    let open: Vec<_> = others.iter().filter(|freeze| freeze.is_open(now)).map(|freeze| &*freeze.id).collect();
    work.mend_signal(&mut change, &open);
    work.tag(change);
    let ended = order::set(ends.iter().map(|freeze| &*freeze.id));
    Ok(answer(work, meant, &targets, &others, &ended))
}

/// The names that Kosli would know if they had ever been frozen. A name that no trail can have could only
/// have been a tag; if no tag shows it, it is gone, and a repeated `off` ends as the first did.
fn unknown<'s>(work: &Work<'s>) -> Vec<&'s str> {
    let known = order::set(work.freezes.iter().map(|freeze| &*freeze.id));
    let unknown = work.sight.named.iter().copied().filter(|id| !known.contains(id) && TrailName::new(id).is_ok());
    unknown.collect()
}

fn refuse(work: Work<'_>, unknown: &[&str]) -> Answer {
    let names: Vec<_> = unknown.iter().map(|id| format!("`{}`", excerpt(id))).collect();
    let mut summary = format!("{} has no freeze {}; nothing was lifted", work.environment(), names.join(", "));
    let open: Vec<_> = work.freezes.iter().filter(|freeze| freeze.is_open(work.sight.now)).collect();
    if !open.is_empty() {
        summary = format!("{summary}; {}", wording::stays_frozen(work.environment(), &open, work.sight.now));
    }
    let advice = wording::advise("to see them", work.environment(), Action::status());
    work.refuse(Reason::UnknownFreeze, summary, Some(advice))
}

/// Others keep it frozen and nothing is the holder's: no commands, and words that cannot be missed.
fn none_of_yours(work: Work<'_>, others: &[Freeze<'_>]) -> Answer {
    let environment = work.environment();
    let now = work.sight.now;
    let remaining: Vec<_> = others.iter().filter(|freeze| freeze.is_open(now)).collect();
    let by = work.sight.ask.action.by();
    let whose = by.map_or_else(|| "without a holder".to_owned(), |by| format!("of {}", excerpt(by)));
    let stays = wording::stays_frozen(environment, &remaining, now);
    let summary = format!("NOTHING WAS LIFTED: {environment} has no freeze {whose}; {stays}");
    let advice = wording::lift(environment, &remaining);
    work.refuse(Reason::NoneOfYours, summary, Some(advice))
}

/// The latest freeze whose record has ended, of those read, and whose id names this holder.
fn latest_lifted(sight: &Sight<'_>) -> Option<String> {
    let mine = sight.ended().filter(|trail| id::names_holder(trail.as_str(), sight.ask.action.by()));
    mine.map(|trail| trail.to_string()).max_by_key(|id| (id::since(id), id.clone()))
}

fn answer(
    work: Work<'_>,
    meant: Option<&Freezes>,
    targets: &[Freeze<'_>],
    others: &[Freeze<'_>],
    ended: &Set<&str>,
) -> Answer {
    let now = work.sight.now;
    let environment = work.environment();
    let shown = work.freezes.iter().map(|freeze| shown_after(freeze, ended, now)).collect();
    let remaining: Vec<_> = others.iter().filter(|freeze| freeze.is_open(now)).collect();
    let (reason, mut summary) = match meant {
        _ if !ended.is_empty() || targets.iter().any(Freeze::has_alarm) => {
            (Reason::Lifting, wording::lifting(environment, &targets.iter().collect::<Vec<_>>(), now))
        }
        Some(Freezes::These(ids)) if !ids.is_empty() => (Reason::AlreadyLifted, already_lifted(&work, ids)),
        _ if remaining.is_empty() => (Reason::NotFrozen, format!("{environment} is not frozen")),
        // An empty list: a later round of an `off` that found nothing to lift.
        _ if work.has_commands() => (Reason::Mending, format!("updating the tags of {environment}")),
        _ => (Reason::NoneOfYours, "NOTHING WAS LIFTED".to_owned()),
    };
    let lifted: Vec<_> = targets.iter().filter(|freeze| ended.contains(&*freeze.id)).collect();
    let still_closed = wording::still_closed(&lifted, now);
    summary.push_str(&still_closed);
    if !remaining.is_empty() {
        summary = format!("{summary}; {}", wording::stays_frozen(environment, &remaining, now));
    } else if still_closed.is_empty() && matches!(reason, Reason::Lifting | Reason::AlreadyLifted) {
        summary = format!("{summary}; {environment} is not frozen any more");
    }
    let advice = (!remaining.is_empty()).then(|| wording::lift(environment, &remaining));
    if reason == Reason::NoneOfYours {
        return work.refuse(reason, summary, advice);
    }
    let Action::Off { by, reason: why, .. } = work.sight.ask.action.clone() else { unreachable!("`off` plans an off") };
    let ids = match meant {
        Some(Freezes::These(ids)) => ids.clone(),
        // Lifted already, with tags of others to mend: a later round may find somebody else's freeze, and means this.
        None if targets.is_empty() => latest_lifted(work.sight).into_iter().collect(),
        _ => targets.iter().map(|freeze| freeze.id.to_string()).collect(),
    };
    let action = Action::Off { freezes: Some(Freezes::These(ids)), by, reason: why };
    work.proceed(reason, summary, advice, shown, Vec::new(), action)
}

fn shown_after(freeze: &Freeze<'_>, ended: &Set<&str>, now: chrono::DateTime<chrono::Utc>) -> Shown {
    let shown = freeze.shown(now);
    if ended.contains(&*freeze.id) { Shown { state: State::Ended, ..shown } } else { shown }
}

/// Of a run's last look, or of an `off` that repeats one: what it lifted is told, since others may keep it frozen. Of a name
/// that no record can have, and no tag shows, nobody knows whether it ever was one.
fn already_lifted(work: &Work<'_>, ids: &[String]) -> String {
    let environment = work.environment();
    let (lifted, unknown): (Vec<_>, Vec<_>) = ids.iter().partition(|id| TrailName::new(id).is_ok());
    let lifted = match &*lifted {
        [] => None,
        [one] => Some(format!("the freeze {} of {environment} has been lifted", excerpt(one))),
        several => Some(format!("the freezes {} of {environment} have been lifted", listed(several))),
    };
    let unknown =
        (!unknown.is_empty()).then(|| format!("{environment} has no freeze `{}` (any more)", listed(&unknown)));
    [lifted, unknown].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn listed(ids: &[&String]) -> String {
    let mut listed = ids.iter().take(TOLD).map(|id| excerpt(id)).collect::<Vec<_>>().join(", ");
    if ids.len() > TOLD {
        listed.extend([" and ", &(ids.len() - TOLD).to_string(), " more"]);
    }
    listed
}
