//! What a gate answers: one `match` over what closes.

use chrono::{DateTime, Utc};

use crate::answer::{Advice, Answer, Decision};
use crate::call::Action;
use crate::codes::Reason;
use crate::freeze::Freeze;
use crate::gate::Gate;
use crate::policy::Verdict;
use crate::sight::Sight;
use crate::time::{self, rfc3339_of};
use crate::wording;

pub(super) fn answer(sight: &Sight<'_>, gate: &Gate<'_>) -> Box<Answer> {
    let environment = sight.name.as_str();
    let Gate { now, policy, outlook, .. } = gate;
    let (now, holding) = (*now, gate.holding());
    let windows = wording::Windows { environment, policy, outlook, now, action: sight.ask.action };
    let closed = |reason| (Decision::Refuse, reason, windows.summary(), Some(windows.advice()));
    let (decision, reason, summary, next) = match outlook.verdict {
        _ if !holding.is_empty() => {
            let (summary, advice) = frozen(gate, &windows, &holding);
            (Decision::Refuse, Reason::Frozen, summary, Some(advice))
        }
        Verdict::Open if now > sight.ask.now => {
            let then = time::human(now);
            let summary = format!("{environment} will not be frozen at {then}, as far as is known now");
            (Decision::Proceed, Reason::NotFrozen, summary, None)
        }
        Verdict::Open => (Decision::Proceed, Reason::NotFrozen, [environment, " is not frozen"].concat(), None),
        Verdict::FreezeWindow => closed(Reason::FreezeWindow),
        Verdict::OutsideAllowWindows => closed(Reason::OutsideAllowWindows),
        Verdict::ClosesTooSoon => closed(Reason::ClosesTooSoon),
    };
    let mut answer = Box::new(Answer::new(decision, reason));
    answer.summary = summary;
    answer.freezes = gate.freezes.iter().map(|freeze| freeze.shown(now)).collect();
    answer.windows = outlook.hits.iter().map(|window| window.shown(&policy.zones, now.timestamp())).collect();
    answer.opens_at = outlook.opens_at.and_then(rfc3339_of);
    answer.closes_at = outlook.closes_at.and_then(rfc3339_of);
    answer.policy = sight.ask.has_policy().then(|| policy.applied(outlook.windows));
    answer.action = Some(sight.ask.action.clone());
    answer.advise(next);
    answer
}

/// Who froze it, and what closes it besides.
#[inline(never)] // what a gate does not ask for need not be compiled for it
fn frozen(gate: &Gate<'_>, windows: &wording::Windows<'_>, holding: &[&Freeze<'_>]) -> (String, Advice) {
    let wording::Windows { environment, outlook, now, .. } = *windows;
    let mut summary = wording::frozen(environment, holding, now);
    if outlook.verdict.is_closed() && !gate.is_all_on_record() {
        summary = format!("{summary}; besides, {}", windows.summary());
    } else if let Some(events) = windows.events() {
        summary = format!("{summary}; by the calendar's {events}");
    }
    let advice = advice(environment, holding, now);
    if outlook.verdict == Verdict::OutsideAllowWindows {
        return (summary, advice.after("outside its allow windows it stays closed all the same; "));
    }
    (summary, advice)
}

/// How the environment opens: by lifting what is open; where only a tag was left behind, by mending.
fn advice(environment: &str, holding: &[&Freeze<'_>], now: DateTime<Utc>) -> Advice {
    let is_open = |freeze: &&Freeze<'_>| freeze.is_open(now);
    if holding.iter().all(is_open) {
        return wording::lift(environment, holding);
    }
    let open: Vec<_> = holding.iter().copied().filter(is_open).collect();
    if open.is_empty() {
        let lead = "it has ended and only the tag was left up; to take it down";
        wording::advise(lead, environment, Action::Sync {})
    } else {
        wording::lift(environment, &open)
    }
}
