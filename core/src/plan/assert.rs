//! The gate, and the question of how it stands: may a deployment go on? It writes nothing but the use
//! of an exception, where it is asked to.

use crate::answer::{Answer, Warning};
use crate::call::Action;
use crate::change::Change;
use crate::codes::{Reason, WarningCode};
use crate::consent::Obstacles;
use crate::error::Error;
use crate::freeze::Freeze;
use crate::gate::Gate;
use crate::policy::{Consents, For};
use crate::report::lint::readings;
use crate::sight::{Sight, clock};
use crate::text::excerpt;
use crate::wording;

use super::verdict::answer;
use super::{excepted, on_record};

/// Refuses while anything holds, for `assert` and `status` alike. What could not be read never lets a pipeline pass.
#[inline(never)] // what a gate does not ask for need not be compiled for it
pub(super) fn plan(sight: &Sight<'_>) -> Result<Box<Answer>, Error> {
    let freezes = sight.freezes()?;
    let policy = sight.ask.policy()?;
    clock::check(sight.ask, sight.subject, &freezes)?;
    let mut warnings = amiss(sight, &freezes);
    if sight.ask.has_policy() {
        warnings.extend(readings(policy, For::of(sight, policy)?, sight.now.timestamp()));
    }
    let gate = Gate::of(sight, freezes, Consents::default())?;
    let mut told = answer(sight, &gate);
    told.warnings = warnings;
    if gate.is_open() {
        sight.refuse_blind(&gate.freezes)?;
        if matches!(sight.ask.action, Action::Claim(_)) {
            told.reason = Reason::NothingToClaim;
        }
    } else if let Some(change) = sight.ask.action.change() {
        return of_change(sight, gate.freezes, change, *told).map(Box::new);
    }
    put(sight, &gate, &mut told)?;
    Ok(told)
}

/// The same where something closes and a change is stated, which may pass all the same.
#[inline(never)] // what a gate does not ask for need not be compiled for it
fn of_change(sight: &Sight<'_>, freezes: Vec<Freeze<'_>>, change: &Change, mut told: Answer) -> Result<Answer, Error> {
    let mut warnings = std::mem::take(&mut told.warnings);
    let free = Obstacles::of(sight, &freezes)?.free_consents(change);
    let gate = Gate::of(sight, freezes, free)?;
    let mut excepted = excepted::plan(sight, &gate, change, told)?;
    warnings.append(&mut excepted.warnings);
    excepted.warnings = warnings;
    put(sight, &gate, &mut excepted)?;
    Ok(excepted)
}

/// On record, and with the exceptions that still need an approval, where they are asked for.
fn put(sight: &Sight<'_>, gate: &Gate<'_>, answer: &mut Answer) -> Result<(), Error> {
    on_record::put(sight, gate, answer)?;
    if sight.ask.action.lists_awaiting() {
        excepted::list_awaiting(sight, sight.ask.policy()?, answer);
    }
    Ok(())
}

/// What is amiss with the freezes, and with what was read of them.
fn amiss(sight: &Sight<'_>, freezes: &[Freeze<'_>]) -> Vec<Warning> {
    let tag = sight.ask.settings.tag.as_str();
    // What a sync would mend is so now, whatever instant is asked about.
    let mut warnings = if freezes.is_empty() {
        Vec::new()
    } else {
        wording::warnings(sight.name.as_str(), tag, freezes, sight.ask.now)
    };
    if let Some(detail) = sight.listing.failure() {
        let text = format!("the records could not be read, the tags alone decide: {}", excerpt(detail));
        warnings.push(Warning::new(WarningCode::UnreadableTrails, text));
    }
    warnings
}
