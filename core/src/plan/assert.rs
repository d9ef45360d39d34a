//! The gate, and the question of how it stands: may a deployment go on? It never writes.

use chrono::{DateTime, Utc};

use crate::answer::{Answer, Decision, Warning};
use crate::error::Error;
use crate::freeze::Freeze;
use crate::policy::{For, Outlook, Policy, Verdict, Window};
use crate::report::lint::readings;
use crate::schedule::Effect;
use crate::sight::{Sight, clock};
use crate::text::excerpt;
use crate::time::{self, rfc3339_of};
use crate::wording;

/// Refuses while anything holds, for `assert` and `status` alike. What could not be read never lets a pipeline pass.
pub(super) fn plan(sight: &Sight<'_>) -> Result<Answer, Error> {
    let mut facts = Facts::of(sight)?;
    let policy = sight.ask.policy()?;
    clock::check(sight.ask, sight.subject, &facts.freezes)?;
    let outlook = facts.outlook(sight, policy)?;
    if facts.holding().is_empty() && outlook.verdict == Verdict::Open {
        facts.refuse_blind(sight)?;
        return Ok(facts.answer(sight, policy, &outlook, Decision::Proceed));
    }
    Ok(facts.answer(sight, policy, &outlook, Decision::Refuse))
}

struct Facts {
    freezes: Vec<Freeze>,
    warnings: Vec<Warning>,
    now: DateTime<Utc>,
}

impl Facts {
    fn of(sight: &Sight<'_>) -> Result<Self, Error> {
        let now = sight.now;
        let freezes = sight.freezes()?;
        let tag = sight.ask.settings.tag.as_str();
        // What a sync would mend is so now, whatever instant is asked about.
        let mut warnings = wording::warnings(sight.name.as_str(), tag, &freezes, sight.ask.now);
        if let Some(detail) = sight.listing.failure() {
            let text = format!("the records could not be read, the tags alone decide: {}", excerpt(detail));
            warnings.push(Warning { code: "unreadable_trails", text });
        }
        Ok(Self { freezes, warnings, now })
    }

    fn holding(&self) -> Vec<&Freeze> {
        self.freezes.iter().filter(|freeze| freeze.holds(self.now)).collect()
    }

    fn outlook<'p>(&mut self, sight: &Sight<'_>, policy: &'p Policy) -> Result<Outlook<'p>, Error> {
        let held: Vec<_> = self.holding().into_iter().map(|freeze| freeze.held(self.now)).collect();
        let whom = For::of(sight, policy)?;
        self.warnings.extend(readings(policy, whom, self.now.timestamp()));
        Ok(Outlook::new(policy, whom, &held, self.now, sight.ask.action.needs()))
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

    fn answer(self, sight: &Sight<'_>, policy: &Policy, outlook: &Outlook<'_>, decision: Decision) -> Answer {
        let environment = sight.name.as_str();
        let now = self.now;
        let holding = self.holding();
        let windows = wording::Windows { environment, policy, outlook, now, action: sight.ask.action };
        let (reason, summary, advice) = match outlook.verdict {
            _ if !holding.is_empty() => {
                let mut summary = wording::frozen(environment, &holding, now);
                if outlook.verdict.is_closed() && !is_told(policy, outlook, &holding) {
                    summary = format!("{summary}; besides, {}", windows.summary());
                }
                let advice = advice(environment, &holding, now);
                let is_all = outlook.verdict == Verdict::OutsideAllowWindows;
                let alone = if is_all { "outside its allow windows it stays closed all the same; " } else { "" };
                ("frozen", summary, Some(format!("{alone}{advice}")))
            }
            Verdict::Open if now > sight.ask.now => {
                let then = time::human(now);
                ("not_frozen", format!("{environment} will not be frozen at {then}, as far as is known now"), None)
            }
            Verdict::Open => ("not_frozen", format!("{environment} is not frozen"), None),
            Verdict::FreezeWindow => ("freeze_window", windows.summary(), Some(windows.advice())),
            Verdict::OutsideAllowWindows => ("outside_allow_windows", windows.summary(), Some(windows.advice())),
            Verdict::ClosesTooSoon => ("closes_too_soon", windows.summary(), Some(windows.advice())),
        };
        Answer {
            summary,
            advice,
            freezes: self.freezes.iter().map(|freeze| freeze.shown(now)).collect(),
            windows: outlook.hits.iter().map(|window| window.shown(&policy.zones, now.timestamp())).collect(),
            opens_at: outlook.opens_at.and_then(rfc3339_of),
            closes_at: outlook.closes_at.and_then(rfc3339_of),
            policy: sight.ask.has_policy().then(|| policy.applied(outlook.windows)),
            warnings: self.warnings,
            action: Some(sight.ask.action.clone()),
            ..Answer::new(decision, reason)
        }
    }
}

/// Every window that closes is on record, as one of the freezes that are told.
fn is_told(policy: &Policy, outlook: &Outlook<'_>, holding: &[&Freeze]) -> bool {
    let is_on_record = |window: &&Window| {
        let holder = policy.holder_of(window);
        holding.iter().any(|freeze| freeze.is_of_window(&holder))
    };
    outlook.verdict == Verdict::FreezeWindow
        && outlook.hits.iter().filter(|window| window.effect == Effect::Freeze).all(is_on_record)
}

/// How the environment opens: by lifting what is open; where only a tag was left behind, by mending.
fn advice(environment: &str, holding: &[&Freeze], now: DateTime<Utc>) -> String {
    let open: Vec<_> = holding.iter().copied().filter(|freeze| freeze.is_open(now)).collect();
    if open.is_empty() {
        format!("it has ended and only the tag was left up; to take it down: nodeploy -e {environment} sync")
    } else {
        wording::lift(environment, &open)
    }
}
