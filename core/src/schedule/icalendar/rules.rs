//! The recurrence rules of an event, and of a zone that a calendar defines.

use crate::schedule::{Doubt, Reading, Starts, Until};
use crate::time::zone::ZoneId;
use crate::time::{DAY, Local};

use super::component::Component;
use super::when::{Times, When};

/// Nobody's event has more rules; each is asked about each date that is left out.
const MAX_RULES: usize = 10;

/// The last local times at which an UNTIL may let an event start, the earliest and the latest.
pub(super) fn last_starts(until: Until, start: When, times: &Times, own: Option<ZoneId>) -> (Local, Local) {
    let shown = |at| times.zones.get(start.zone).latest_local(at);
    match until {
        Until::Date(_) | Until::Floating(_) if start.is_date => (until.local(shown), until.local(shown)),
        // Until its midnight, or all of it; of a series in another zone on the clock of the window, too.
        Until::Date(midnight) => {
            let (begin, end) = times.day_here(midnight, start).unwrap_or((midnight, midnight + DAY));
            (midnight.min(begin), until.local(shown).max(end - 1))
        }
        Until::Utc(at) if start.is_date => {
            let dates =
                times.dates(When { zone: times.utc, local: at, is_date: false, is_floating: false, other: None }, own);
            (dates[0], dates[dates.len() - 1])
        }
        Until::Utc(at) => (shown(at), shown(at)),
        // RFC 5545 wants UTC where `DTSTART` has a zone.
        Until::Floating(at) if !start.is_floating => (at.min(shown(at)), at.max(shown(at))),
        Until::Floating(at) => (at, at),
    }
}

/// What is odd about rules, with the number of the line.
pub(super) type Odd = Vec<(usize, &'static str)>;

/// The starts that the `RRULE`s of an event or of an observance give, and what is odd about them.
pub(super) fn rrules(component: &Component, start: Local, reading: &Reading<'_>) -> Result<(Vec<Starts>, Odd), String> {
    let (mut rules, mut odd) = (Vec::new(), Vec::new());
    for line in component.all("EXRULE") {
        if reading.doubt != Doubt::Longest {
            return Err(line.error("is not supported; list the occurrences that are left out in `EXDATE`"));
        }
        odd.push((line.number, "an `EXRULE` takes nothing out of a freeze; list what is left out in `EXDATE`"));
    }
    for line in component.all("RRULE") {
        if line.value().is_empty() {
            odd.push((line.number, "an empty `RRULE` is not a recurrence"));
            continue;
        }
        if rules.len() == MAX_RULES {
            return Err(line.error("is one too many: an event may have ten"));
        }
        let read = Starts::rrule(line.value(), start, reading);
        let (starts, quirks) = read.map_err(|error| format!("line {}: `RRULE`: {error}", line.number))?;
        rules.push(starts);
        odd.extend(quirks.into_iter().map(|quirk| (line.number, quirk)));
    }
    Ok((rules, odd))
}
