//! The gate, and the question of how it stands: may a deployment go on? It writes nothing but the use
//! of an exception, where it is asked to.

use chrono::{DateTime, Utc};

use crate::answer::{Advice, Answer, Decision, Warning};
use crate::call::Action;
use crate::codes::{Reason, WarningCode};
use crate::consent::Obstacles;
use crate::error::Error;
use crate::freeze::Freeze;
use crate::gate::Gate;
use crate::policy::{Consents, For, Verdict};
use crate::report::lint::readings;
use crate::sight::{Sight, clock};
use crate::text::excerpt;
use crate::time::{self, rfc3339_of};
use crate::wording;

use super::{excepted, on_record};

/// Refuses while anything holds, for `assert` and `status` alike. What could not be read never lets a pipeline pass.
pub(super) fn plan(sight: &Sight<'_>) -> Result<Answer, Error> {
    let freezes = sight.freezes()?;
    let policy = sight.ask.policy()?;
    clock::check(sight.ask, sight.subject, &freezes)?;
    let mut warnings = amiss(sight, &freezes);
    warnings.extend(readings(policy, For::of(sight, policy)?, sight.now.timestamp()));
    let gate = Gate::of(sight, freezes, Consents::default())?;
    let told = answer(sight, &gate);
    if gate.is_open() {
        refuse_blind(sight, &gate.freezes)?;
        let is_claim = matches!(sight.ask.action, Action::Claim(_));
        let told = if is_claim { Answer { reason: Reason::NothingToClaim, ..told } } else { told };
        return listing_awaiting(sight, on_record::put(sight, &gate, Answer { warnings, ..told })?);
    }
    let Some(change) = sight.ask.action.change() else {
        return listing_awaiting(sight, on_record::put(sight, &gate, Answer { warnings, ..told })?);
    };
    let free = Obstacles::of(sight, &gate.freezes)?.free_consents(change);
    let gate = Gate::of(sight, gate.freezes, free)?;
    let excepted = excepted::plan(sight, &gate, change, told)?;
    warnings.extend(excepted.warnings.iter().cloned());
    listing_awaiting(sight, on_record::put(sight, &gate, Answer { warnings, ..excepted })?)
}

/// With the exceptions that still need an approval, if they are asked for.
fn listing_awaiting(sight: &Sight<'_>, mut answer: Answer) -> Result<Answer, Error> {
    if sight.ask.action.lists_awaiting() {
        excepted::list_awaiting(sight, sight.ask.policy()?, &mut answer);
    }
    Ok(answer)
}

/// What is amiss with the freezes, and with what was read of them.
fn amiss(sight: &Sight<'_>, freezes: &[Freeze]) -> Vec<Warning> {
    let tag = sight.ask.settings.tag.as_str();
    // What a sync would mend is so now, whatever instant is asked about.
    let mut warnings = wording::warnings(sight.name.as_str(), tag, freezes, sight.ask.now);
    if let Some(detail) = sight.listing.failure() {
        let text = format!("the records could not be read, the tags alone decide: {}", excerpt(detail));
        warnings.push(Warning::new(WarningCode::UnreadableTrails, text));
    }
    warnings
}

/// Records that could not be read are not "not frozen".
pub(super) fn refuse_blind(sight: &Sight<'_>, freezes: &[Freeze]) -> Result<(), Error> {
    let flow = || sight.flow.to_string();
    if let Some(detail) = sight.listing.failure() {
        return Err(Error::UnreadableTrails { flow: flow(), detail: detail.to_owned() });
    }
    let unread = freezes.iter().find_map(|freeze| freeze.record.failure().map(|detail| (&freeze.id, detail)));
    unread.map_or(Ok(()), |(trail, detail)| {
        Err(Error::UnreadableTrail { flow: flow(), trail: trail.clone(), detail: detail.to_owned() })
    })
}

pub(super) fn answer(sight: &Sight<'_>, gate: &Gate<'_>) -> Answer {
    let environment = sight.name.as_str();
    let Gate { now, policy, outlook, .. } = gate;
    let (now, holding) = (*now, gate.holding());
    let windows = wording::Windows { environment, policy, outlook, now, action: sight.ask.action };
    let closed = |reason| (Decision::Refuse, reason, windows.summary(), Some(windows.advice()));
    let (decision, reason, summary, next) = match outlook.verdict {
        _ if !holding.is_empty() => {
            let mut summary = wording::frozen(environment, &holding, now);
            if outlook.verdict.is_closed() && !gate.is_all_on_record() {
                summary = format!("{summary}; besides, {}", windows.summary());
            }
            let is_all = outlook.verdict == Verdict::OutsideAllowWindows;
            let alone = if is_all { "outside its allow windows it stays closed all the same; " } else { "" };
            (Decision::Refuse, Reason::Frozen, summary, Some(advice(environment, &holding, now).after(alone)))
        }
        Verdict::Open if now > sight.ask.now => {
            let then = time::human(now);
            let summary = format!("{environment} will not be frozen at {then}, as far as is known now");
            (Decision::Proceed, Reason::NotFrozen, summary, None)
        }
        Verdict::Open => (Decision::Proceed, Reason::NotFrozen, format!("{environment} is not frozen"), None),
        Verdict::FreezeWindow => closed(Reason::FreezeWindow),
        Verdict::OutsideAllowWindows => closed(Reason::OutsideAllowWindows),
        Verdict::ClosesTooSoon => closed(Reason::ClosesTooSoon),
    };
    Answer {
        summary,
        freezes: gate.freezes.iter().map(|freeze| freeze.shown(now)).collect(),
        windows: outlook.hits.iter().map(|window| window.shown(&policy.zones, now.timestamp())).collect(),
        opens_at: outlook.opens_at.and_then(rfc3339_of),
        closes_at: outlook.closes_at.and_then(rfc3339_of),
        policy: sight.ask.has_policy().then(|| policy.applied(outlook.windows)),
        action: Some(sight.ask.action.clone()),
        ..Answer::new(decision, reason)
    }
    .advised(next)
}

/// How the environment opens: by lifting what is open; where only a tag was left behind, by mending.
fn advice(environment: &str, holding: &[&Freeze], now: DateTime<Utc>) -> Advice {
    let open: Vec<_> = holding.iter().copied().filter(|freeze| freeze.is_open(now)).collect();
    if open.is_empty() {
        let lead = "it has ended and only the tag was left up; to take it down";
        wording::advise(lead, environment, Action::Sync {})
    } else {
        wording::lift(environment, &open)
    }
}
