//! `overview`: how all environments stand, as far as their tags and the policy tell. It decides about no gate.

use std::rc::Rc;

use chrono::{DateTime, Utc};

use crate::answer::{Advice, Answer, Decision, Selected, Standing, Warning};
use crate::call::{Action, Question};
use crate::codes::{Reason, WarningCode};
use crate::error::Error;
use crate::freeze::Freeze;
use crate::kosli::documents::environment::Entry;
use crate::kosli::name::EnvironmentName;
use crate::order::{self, Map};
use crate::policy::{Consents, For, Held, Outlook, Policy, Verdict, Window, check_selection};
use crate::schedule::Effect;
use crate::sight::{Ask, Sight, Subject, clock};
use crate::text::excerpt;
use crate::time::{Instant, rfc3339, rfc3339_of};
use crate::wording::{self, advise};

use super::lint::fits_none;
use super::select::{list, unlisted_members};
use super::selection::{Meant, select};

#[inline(never)] // what a gate does not ask for need not be compiled for it
pub(crate) fn plan(ask: &Ask<'_>, subject: Subject<'_>, globs: Option<&[String]>) -> Result<Answer, Error> {
    let policy = ask.policy()?;
    let now = ask.at()?;
    let asked = policy.tags();
    let all = ["*".to_owned()];
    let globs = globs.unwrap_or(&all);
    check_selection(globs, ask.budget)?;
    let entries = list(ask, subject, &|tag| asked.contains(tag))?;
    let meant = select(&entries, globs, ask.budget)?;
    let mut fleet = Fleet { ask, subject, policy, now, seen: Map::new(), ends: Vec::new() };
    let mut rows: Vec<_> = meant.iter().filter_map(|one| fleet.row(one)).collect();
    clock::check(ask, subject, &fleet.ends)?;
    let mut warnings = unlisted_members(&meant);
    warnings.extend(open_members(&rows, &meant));
    warnings.extend(fits_none(policy, &entries));
    order::sort_by(&mut rows, |a, b| a.rank().cmp(&b.rank()));
    let count = |is: &dyn Fn(&&Standing) -> bool| rows.iter().filter(is).count();
    let unknown = count(&|row| row.decision == Decision::Error);
    let frozen = count(&|row| row.reason == Reason::Frozen);
    let closed = count(&|row| row.decision == Decision::Refuse) - frozen;
    let mut parts =
        vec![format!("{} environment{}", wording::counted(rows.len()), if rows.len() == 1 { "" } else { "s" })];
    let told = [
        (frozen, "frozen"),
        (closed, "closed by windows"),
        (unknown, "unknown"),
        (rows.len() - frozen - closed - unknown, "open"),
    ];
    parts.extend(
        told.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{} {what}", wording::counted(*count))),
    );
    let (decision, reason) = if unknown > 0 {
        (Decision::Error, Reason::UnreadableEnvironment)
    } else {
        (Decision::Proceed, Reason::Overview)
    };
    // No look helps where no environment can have such a name.
    let next = rows.iter().find(|row| row.reason != Reason::BadName).and_then(|first| look_at(first, ask.action));
    Ok(Answer {
        summary: parts.join(", "),
        policy: ask.has_policy().then(|| policy.applied(policy.windows.len())),
        warnings,
        overview: Some(rows),
        action: Some(ask.action.clone()),
        ..Answer::new(decision, reason)
    }
    .advised(next))
}

/// A row tells of one freeze or window; its environment, of all, and how to lift or wait for them.
fn look_at(first: &Standing, action: &Action) -> Option<Advice> {
    let lead = match first.decision {
        Decision::Proceed => return None,
        Decision::Refuse => format!("to see what closes {}", excerpt(&first.environment)),
        Decision::Error => "to look again".to_owned(),
    };
    let at = if let Action::Overview { at, .. } = action { at.clone() } else { None };
    let status = Action::Status(Question { at, ..Question::default() });
    Some(advise(&lead, &first.environment, status).of_another(&first.environment))
}

impl Standing {
    /// What matters first: what nobody can tell, what is frozen, what windows close, what closes next, the rest.
    fn rank(&self) -> (u8, &str, &str) {
        let since = self.since.as_deref().unwrap_or_default();
        let (rank, then) = match (self.decision, self.reason, &self.closes_at) {
            (Decision::Error, ..) => (0, ""),
            (_, Reason::Frozen, _) => (1, since),
            (Decision::Refuse, ..) => (2, since),
            (_, _, Some(closes)) => (3, closes.as_str()),
            _ => (4, ""),
        };
        (rank, then, &self.environment)
    }
}

/// All that one policy says of many environments: it is read once, and asked once for each set of windows and ends.
struct Fleet<'p> {
    ask: &'p Ask<'p>,
    subject: Subject<'p>,
    policy: &'p Policy,
    now: DateTime<Utc>,
    seen: Map<Which, Rc<Seen>>,
    /// A freeze with an end: then the clocks must agree.
    ends: Vec<Freeze<'p>>,
}

/// The windows that apply, and when the freezes end: where both are the same, all the rest is.
type Which = (Vec<usize>, Vec<Option<Instant>>);

/// What the windows say.
struct Seen {
    verdict: Verdict,
    windows: Vec<String>,
    why: Option<String>,
    since: Option<String>,
    until: Option<String>,
    opens_at: Option<String>,
    closes_at: Option<String>,
}

impl<'p> Fleet<'p> {
    fn row(&mut self, meant: &Meant<'p>) -> Option<Standing> {
        let Meant { selected: one, entry } = meant;
        let entry = (*entry)?;
        let row = |decision, reason| Standing {
            environment: one.environment.clone(),
            kind: one.kind.clone(),
            of: one.of.clone(),
            decision,
            reason,
            by: None,
            why: None,
            since: None,
            until: None,
            freezes: 0,
            windows: Vec::new(),
            opens_at: None,
            closes_at: None,
        };
        // As a gate has it: there is nothing to ask.
        if entry.problem.is_none() && entry.environment.members.as_ref().is_some_and(Vec::is_empty) {
            let why = Some("it is logical and has no members".to_owned());
            return Some(Standing { why, ..row(Decision::Refuse, Reason::Logical) });
        }
        Some(match self.standing(entry) {
            Err(error) => Standing { why: Some(error.to_string()), ..row(Decision::Error, error.code()) },
            Ok((holding, seen)) => {
                let reason = match seen.verdict {
                    _ if !holding.is_empty() => Reason::Frozen,
                    Verdict::Open | Verdict::ClosesTooSoon => Reason::NotFrozen,
                    Verdict::FreezeWindow => Reason::FreezeWindow,
                    Verdict::OutsideAllowWindows => Reason::OutsideAllowWindows,
                };
                let decision = if reason == Reason::NotFrozen { Decision::Proceed } else { Decision::Refuse };
                let closed = Standing {
                    freezes: holding.len(),
                    windows: seen.windows.clone(),
                    opens_at: seen.opens_at.clone(),
                    closes_at: seen.closes_at.clone(),
                    ..row(decision, reason)
                };
                match holding.first() {
                    Some(freeze) => Standing {
                        by: freeze.by().map(str::to_owned),
                        why: freeze.reason().map(str::to_owned),
                        since: freeze.since().map(rfc3339),
                        until: freeze.until(self.now).at().map(rfc3339),
                        ..closed
                    },
                    None => Standing {
                        why: seen.why.clone(),
                        since: seen.since.clone(),
                        until: seen.until.clone(),
                        ..closed
                    },
                }
            }
        })
    }

    /// The freezes that hold, and what the windows say.
    fn standing(&mut self, entry: &Entry<'p>) -> Result<(Vec<Freeze<'p>>, Rc<Seen>), Error> {
        if let Some(detail) = entry.problem.clone() {
            return Err(Error::UnreadableEnvironment { environment: entry.environment.name.to_string(), detail });
        }
        let mut holding = self.freezes(entry)?;
        let end = holding.iter().find(|freeze| freeze.until(self.ask.now).at().is_some());
        if let Some(freeze) = end.filter(|_| self.ends.is_empty()) {
            self.ends.push(freeze.clone());
        }
        holding.retain(|freeze| freeze.holds(self.now));
        if let Some(doubt) = entry.environment.doubt().filter(|_| holding.is_empty()) {
            return Err(doubt);
        }
        let whom = For::of_traits(&entry.environment.name, &entry.environment.traits, self.policy)?;
        let held: Vec<_> = holding.iter().map(|freeze| freeze.held(self.now)).collect();
        let seen = self.seen(whom, &held);
        Ok((holding, seen))
    }

    /// All that its tags show. Most have none, and what a call about them would refuse is refused all the same.
    fn freezes(&self, entry: &Entry<'p>) -> Result<Vec<Freeze<'p>>, Error> {
        let environment = &entry.environment;
        if environment.signal.is_some() || !environment.flags.is_empty() {
            return Sight::of_entry(self.ask, self.subject, environment.clone())?.freezes();
        }
        self.ask.settings.flow_of(&EnvironmentName::new(&environment.name)?).map(|_| Vec::new())
    }

    fn seen(&mut self, whom: For<'_>, held: &[Held]) -> Rc<Seen> {
        let windows = self.policy.windows.iter().enumerate();
        let windows: Vec<_> =
            windows.filter(|(_, window)| window.is_for(whom, self.ask.budget)).map(|(at, _)| at).collect();
        let mut ends: Vec<_> = held.iter().map(|held| held.until).collect();
        order::sort(&mut ends);
        ends.dedup();
        let which = (windows, ends);
        if let Some(seen) = self.seen.get(&which) {
            return Rc::clone(seen);
        }
        let seen = Rc::new(Seen::of(self.policy, whom, held, self.now));
        Rc::clone(self.seen.or_insert(which, seen))
    }
}

impl Seen {
    fn of(policy: &Policy, whom: For<'_>, held: &[Held], now: DateTime<Utc>) -> Self {
        let outlook = Outlook::new(policy, whom, held, &Consents::default(), now, 0);
        let closes = |window: &&&Window| match outlook.verdict {
            Verdict::FreezeWindow => window.effect == Effect::Freeze,
            Verdict::OutsideAllowWindows => window.effect == Effect::Allow,
            Verdict::Open | Verdict::ClosesTooSoon => false,
        };
        let closing: Vec<_> = outlook.hits.iter().filter(closes).collect();
        let first = closing.first().filter(|_| outlook.verdict == Verdict::FreezeWindow);
        let shown = first.map(|window| window.shown(&policy.zones, now.timestamp()));
        Self {
            verdict: outlook.verdict,
            windows: closing.iter().map(|window| window.name.clone()).collect(),
            why: first.and_then(|window| window.why.words()),
            since: shown.as_ref().and_then(|shown| shown.starts_at.clone()),
            until: shown.and_then(|shown| shown.ends_at),
            opens_at: outlook.opens_at.and_then(rfc3339_of),
            closes_at: outlook.closes_at.and_then(rfc3339_of),
        }
    }
}

/// Logical environments that are frozen while a member is not: it joined later, or somebody froze only the name.
fn open_members(rows: &[Standing], meant: &[Meant<'_>]) -> Vec<Warning> {
    let frozen = order::set(rows.iter().filter(|row| row.reason == Reason::Frozen).map(|row| row.environment.as_str()));
    let is_listed = |name: &str| {
        let place = meant.binary_search_by(|one| one.selected.environment.as_str().cmp(name));
        place.is_ok_and(|place| meant[place].entry.is_some())
    };
    let is_open = |name: &str| !frozen.contains(name) && is_listed(name);
    let logical = meant.iter().map(|one| &one.selected).filter(|one| one.members.is_some());
    let frozen = logical.filter(|one| !is_open(&one.environment));
    let warn = |one: &Selected| {
        let member = one.members.iter().flatten().find(|member| is_open(member))?;
        let (name, member) = (excerpt(&one.environment), excerpt(member));
        let text = format!("{name} is frozen, but its member {member} is not");
        let sync = advise("to freeze that too", &name, Action::Sync {}).of_another(&one.environment);
        Some(Warning::new(WarningCode::MemberOpen, text).advised(&sync))
    };
    frozen.filter_map(warn).collect()
}
