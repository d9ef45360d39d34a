//! The gate, and the question of how it stands: may a deployment go on? It writes nothing but the use
//! of an exception, where it is asked to.

use crate::answer::{Answer, Warning};
use crate::call::Action;
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
pub(super) fn plan(sight: &Sight<'_>) -> Result<Answer, Error> {
    let freezes = sight.freezes()?;
    let policy = sight.ask.policy()?;
    clock::check(sight.ask, sight.subject, &freezes)?;
    let mut warnings = amiss(sight, &freezes);
    warnings.extend(readings(policy, For::of(sight, policy)?, sight.now.timestamp()));
    let gate = Gate::of(sight, freezes, Consents::default())?;
    let told = answer(sight, &gate);
    if gate.is_open() {
        sight.refuse_blind(&gate.freezes)?;
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
