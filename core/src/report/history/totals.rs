//! A report in numbers.

use crate::answer::{Longest, Totals};
use crate::call::Period;
use crate::order;
use crate::time::rfc3339_of;

use super::notes::{Closed, Lists, Notes};

pub(super) fn totals(notes: &Notes) -> Totals {
    let Notes { lists: Lists { freezes, .. }, period, counts, .. } = notes;
    let held = |of: &dyn Fn(&Closed) -> bool| union(freezes.iter().filter(|one| of(one)), *period);
    let mut longest: Option<Longest> = None;
    for freeze in freezes {
        let Some(Period { from, to }) = freeze.within(*period) else { continue };
        let seconds = to - from;
        let is_longer = |one: &Longest| (seconds, &one.id) > (one.seconds, &freeze.id);
        if longest.as_ref().is_none_or(is_longer) {
            longest = Some(Longest { id: freeze.id.clone(), seconds });
        }
    }
    Totals {
        freezes: freezes.len() as u64,
        windows: freezes.iter().filter(|freeze| freeze.is_window).map(|_| 1).sum(),
        seconds: held(&|_| true),
        seconds_by_people: held(&|freeze| !freeze.is_window),
        seconds_by_windows: held(&|freeze| freeze.is_window),
        longest,
        open: counts.open,
        overdue: counts.overdue,
        refused: counts.refused,
        passed: counts.passed,
        exceptions: notes.lists.exceptions.len() as u64,
        overused: counts.overused,
        deployments: notes.deployments.then_some(counts.deployments),
        unknown_after: unknown_after(notes),
        unreadable: counts.unreadable,
    }
}

/// For how long at least one of them held.
fn union<'f>(freezes: impl Iterator<Item = &'f Closed>, period: Period) -> i64 {
    let mut held: Vec<_> = freezes.filter_map(|freeze| freeze.within(period)).collect();
    order::sort_by(&mut held, |a, b| (a.from, a.to).cmp(&(b.from, b.to)));
    let (mut seconds, mut end) = (0, i64::MIN);
    for Period { from, to } in held {
        seconds += (to - from.max(end)).max(0);
        end = end.max(to);
    }
    seconds
}

/// Until when Kosli knows what ran, if that is not to the end of what closed. A reporter that is late by its delay is not silent.
fn unknown_after(notes: &Notes) -> Option<String> {
    if !notes.deployments {
        return None;
    }
    let end = notes.lists.freezes.iter().filter_map(|freeze| freeze.within(notes.period)).map(|held| held.to).max()?;
    let from = notes.period.from;
    let Some(heard) = notes.reported.filter(|_| !notes.gone) else { return rfc3339_of(from) };
    if heard + notes.delay < end { rfc3339_of(heard.max(from)) } else { None }
}
