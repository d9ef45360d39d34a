//! The gate: may a deployment go on? It never writes.

use chrono::{DateTime, Utc};

use crate::answer::{Answer, Decision, Warning};
use crate::error::Error;
use crate::freeze::Freeze;
use crate::sight::Sight;
use crate::text::excerpt;
use crate::wording;

/// Refuses while anything holds. What could not be read never lets a pipeline pass.
pub(super) fn plan_assert(sight: &Sight<'_>) -> Result<Answer, Error> {
    let facts = Facts::of(sight)?;
    if facts.holding().is_empty() {
        facts.refuse_blind(sight)?;
        return Ok(facts.answer(sight, Decision::Proceed));
    }
    Ok(facts.answer(sight, Decision::Refuse))
}

/// The same facts; being frozen is no failure of a question.
pub(super) fn plan_status(sight: &Sight<'_>) -> Result<Answer, Error> {
    let facts = Facts::of(sight)?;
    facts.refuse_blind(sight)?;
    Ok(facts.answer(sight, Decision::Proceed))
}

struct Facts {
    freezes: Vec<Freeze>,
    warnings: Vec<Warning>,
    now: DateTime<Utc>,
}

impl Facts {
    fn of(sight: &Sight<'_>) -> Result<Self, Error> {
        let now = sight.call.now;
        let freezes = sight.freezes()?;
        let tag = sight.call.settings.tag.as_str();
        let mut warnings = wording::warnings(sight.name.as_str(), tag, &freezes, now);
        if let Some(detail) = sight.listing.failure() {
            let text = format!("the records could not be read, the tags alone decide: {}", excerpt(detail));
            warnings.push(Warning { code: "unreadable_trails", text });
        }
        Ok(Self { freezes, warnings, now })
    }

    fn holding(&self) -> Vec<&Freeze> {
        self.freezes.iter().filter(|freeze| freeze.holds(self.now)).collect()
    }

    /// Records that could not be read are not "not frozen".
    fn refuse_blind(&self, sight: &Sight<'_>) -> Result<(), Error> {
        let flow = || sight.flow.to_string();
        if let Some(detail) = sight.listing.failure() {
            return Err(Error::UnreadableTrails { flow: flow(), detail: detail.to_owned() });
        }
        let unread = self.freezes.iter().find_map(|freeze| freeze.record.failure().map(|detail| (&freeze.id, detail)));
        unread.map_or(Ok(()), |(trail, detail)| {
            Err(Error::UnreadableTrail { flow: flow(), trail: trail.clone(), detail: detail.to_owned() })
        })
    }

    fn answer(self, sight: &Sight<'_>, decision: Decision) -> Answer {
        let environment = sight.name.as_str();
        let holding = self.holding();
        let (reason, summary, advice) = if holding.is_empty() {
            ("not_frozen", format!("{environment} is not frozen"), None)
        } else {
            let summary = wording::frozen(environment, &holding, self.now);
            ("frozen", summary, Some(advice(environment, &holding, self.now)))
        };
        Answer {
            decision,
            reason,
            summary,
            advice,
            freezes: self.freezes.iter().map(|freeze| freeze.shown(self.now)).collect(),
            warnings: self.warnings,
            action: Some(sight.call.action.clone()),
            commands: Vec::new(),
        }
    }
}

/// How the environment opens: by lifting what is open; where only a tag was left behind, by mending.
fn advice(environment: &str, holding: &[&Freeze], now: DateTime<Utc>) -> String {
    let open: Vec<_> = holding.iter().copied().filter(|freeze| freeze.is_open(now)).collect();
    if open.is_empty() {
        format!("its end is on record and only the tag was left up; to mend it: nodeploy -e {environment} sync")
    } else {
        wording::lift(environment, &open)
    }
}
