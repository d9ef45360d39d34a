//! The gate: may a deployment go on? It never writes.

use crate::answer::{Answer, Decision, Shown, Warning};
use crate::error::Error;
use crate::freeze::{Freeze, State};
use crate::look::Look;
use crate::sight::Sight;
use crate::wording;

/// Refuses while anything holds. What could not be read never lets a pipeline pass.
pub(super) fn plan_assert(sight: &Sight<'_>) -> Result<Answer, Error> {
    let facts = Facts::of(sight)?;
    let holding = facts.holding();
    if holding.is_empty() {
        facts.refuse_blind(sight)?;
        return Ok(facts.answer(sight, Decision::Proceed, "not_frozen", format!("{} is not frozen", sight.name), None));
    }
    let summary = wording::frozen(sight.name.as_str(), &holding);
    let advice = advice(sight.name.as_str(), &holding);
    Ok(facts.answer(sight, Decision::Refuse, "frozen", summary, Some(advice)))
}

/// The same facts; being frozen is no failure of a question.
pub(super) fn plan_status(sight: &Sight<'_>) -> Result<Answer, Error> {
    let facts = Facts::of(sight)?;
    facts.refuse_blind(sight)?;
    let Answer { reason, summary, advice, .. } = plan_assert(sight)?;
    Ok(facts.answer(sight, Decision::Proceed, reason, summary, advice))
}

struct Facts {
    freezes: Vec<Freeze>,
    shown: Vec<Shown>,
    holds: Vec<bool>,
    warnings: Vec<Warning>,
}

impl Facts {
    fn of(sight: &Sight<'_>) -> Result<Self, Error> {
        let now = sight.call.now;
        let freezes = sight.freezes()?;
        let tag = sight.call.settings.tag.as_str();
        let mut warnings = wording::warnings(sight.name.as_str(), tag, &freezes, now);
        if let Some(detail) = sight.listing.failure() {
            let text = format!("the records could not be read, the tags alone decide: {detail}");
            warnings.push(Warning { code: "unreadable_trails", text });
        }
        let shown = freezes.iter().map(|freeze| freeze.shown(now)).collect();
        let holds = freezes.iter().map(|freeze| freeze.holds(now)).collect();
        Ok(Self { freezes, shown, holds, warnings })
    }

    fn holding(&self) -> Vec<&Shown> {
        self.shown.iter().zip(&self.holds).filter_map(|(shown, holds)| holds.then_some(shown)).collect()
    }

    /// Nothing holds, but the records could not be read: that is not "not frozen".
    fn refuse_blind(&self, sight: &Sight<'_>) -> Result<(), Error> {
        let unread = self.freezes.iter().find_map(|freeze| freeze.record.failure().map(|detail| (&freeze.id, detail)));
        if let Look::Failed(detail) = &sight.listing {
            return Err(Error::UnreadableTrails { flow: sight.flow.to_string(), detail: detail.clone() });
        }
        match unread {
            Some((trail, detail)) if self.holding().is_empty() => {
                let flow = sight.flow.to_string();
                Err(Error::UnreadableTrail { flow, trail: trail.clone(), detail: detail.to_owned() })
            }
            _ => Ok(()),
        }
    }

    fn answer(
        &self,
        sight: &Sight<'_>,
        decision: Decision,
        reason: &'static str,
        summary: String,
        advice: Option<String>,
    ) -> Answer {
        Answer {
            decision,
            reason,
            summary,
            advice,
            freezes: self.shown.clone(),
            warnings: self.warnings.clone(),
            action: Some(sight.call.action.clone()),
            commands: Vec::new(),
        }
    }
}

/// How the environment opens: by lifting what is open; where only a tag was left behind, by mending.
fn advice(environment: &str, holding: &[&Shown]) -> String {
    let open: Vec<_> = holding.iter().copied().filter(|freeze| freeze.state == State::Open).collect();
    if open.is_empty() {
        format!("its end is on record and only the tag was left up; to mend it: nodeploy -e {environment} sync")
    } else {
        wording::lift(environment, &open)
    }
}
