//! Wall clocks: the offset of a time zone at an instant, and the instants of local times.
//!
//! The IANA time zones are compiled in, since the core can read no file: all of them, with all of their history.

mod nearest;
mod rule;
mod span;
mod table;
#[cfg(test)]
mod tests;

use std::cell::Cell;

use crate::budget::Budget;

use super::{Instant, Local};

pub(crate) use self::nearest::nearest;
pub(crate) use self::span::{Span, Spans};

/// The release of the IANA time zone database that is compiled in, such as `2026f`.
pub const TZDATA: &str = env!("TZDATA");

/// Names of fixed offsets that most people write in summer, too: what they mean, and what has that offset all year.
pub(crate) const ABBREVIATIONS: [(&str, &str, &str); 2] =
    [("EST", "America/New_York", "America/Panama"), ("MST", "America/Denver", "America/Phoenix")];

/// No offset is larger than a day: what is two days away is on the same side on every wall clock.
const TWO_DAYS: i64 = 2 * 86_400;

/// The steps of looking for a name among all.
const NAMING: u64 = 500;

/// The zones that a policy uses, each decoded once.
#[derive(Default)]
pub(crate) struct Zones {
    all: Vec<Zone>,
    /// Names that were asked for, with their numbers in the table.
    named: Vec<(&'static str, usize, ZoneId)>,
    budget: Budget,
}

/// A zone of the [`Zones`] that have given it out.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct ZoneId(usize);

impl Zones {
    pub(crate) fn new(budget: &Budget) -> Self {
        Self { all: Vec::new(), named: Vec::new(), budget: budget.clone() }
    }

    /// What is left for those who ask them.
    pub(crate) fn budget(&self) -> &Budget {
        &self.budget
    }

    /// The IANA time zone of this name, exactly.
    pub(crate) fn named(&mut self, name: &str) -> Option<ZoneId> {
        if let Some((.., id)) = self.named.iter().find(|(known, ..)| *known == name) {
            return Some(*id);
        }
        let (name, number) = self.find(|(known, _)| *known == name)?;
        let known = self.named.iter().find(|(_, known, _)| *known == number).map(|(.., id)| *id);
        let id = match known {
            Some(id) => id,
            None => self.add(Zone::new(table::unpack(number)?)),
        };
        self.named.push((name, number, id));
        Some(id)
    }

    /// The same, whatever the case of the name.
    pub(crate) fn named_in_any_case(&mut self, name: &str) -> Option<ZoneId> {
        let (name, _) = self.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        self.named(name)
    }

    /// The zone that Windows calls so; some leave out the `Standard Time`.
    pub(crate) fn named_by_windows(&mut self, name: &str) -> Option<ZoneId> {
        let number = if self.budget.spend(NAMING) { table::windows(name)? } else { return None };
        let (name, _) = self.find(|(_, known)| *known == number)?;
        self.named(name)
    }

    /// The first of all names that is so.
    fn find(&self, is_meant: impl FnMut(&(&'static str, usize)) -> bool) -> Option<(&'static str, usize)> {
        if self.budget.spend(NAMING) { table::names().find(is_meant) } else { None }
    }

    pub(crate) fn add(&mut self, zone: Zone) -> ZoneId {
        self.all.push(zone);
        ZoneId(self.all.len() - 1)
    }

    pub(crate) fn get(&self, id: ZoneId) -> &Zone {
        self.all.get(id.0).expect("an id is asked of the zones that have given it out")
    }
}

/// The local times `[from, to)` that a clock skips when it is put forward.
pub(crate) struct Gap {
    pub(crate) at: Instant,
    pub(crate) from: Local,
    pub(crate) to: Local,
}

/// A wall clock.
pub(crate) struct Zone {
    spans: Box<dyn Spans>,
    /// The last answer: most questions are about the same span.
    last: Cell<Span>,
}

impl Zone {
    /// A clock that shows what its spans say.
    pub(crate) fn new(spans: impl Spans + 'static) -> Self {
        // A span without an instant, so that the first question is answered by them.
        let spans = Box::new(spans);
        Self { spans, last: Cell::new(Span { from: 0, to: 0, offset: 0 }) }
    }

    /// The span that `at` is in.
    pub(crate) fn span(&self, at: Instant) -> Span {
        let last = self.last.get();
        if last.from <= at && at < last.to {
            return last;
        }
        let span = self.spans.find(at);
        self.last.set(span);
        span
    }

    /// The first instant at which the wall clock shows `local` or later: a time that is skipped happens as the
    /// gap ends, one that is repeated the first time.
    pub(crate) fn instant(&self, local: Local) -> Instant {
        self.showing(local).0
    }

    /// The same, but for a time that is skipped: by the offset before the gap it happens up to its length later, as
    /// RFC 5545 has it (3.3.5).
    pub(crate) fn instant_by_rfc(&self, local: Local) -> Instant {
        self.showing(local).1
    }

    fn showing(&self, local: Local) -> (Instant, Instant) {
        let (earliest, latest) = (local.saturating_sub(TWO_DAYS), local.saturating_add(TWO_DAYS));
        let mut span = self.span(local);
        let mut before = span;
        if span.from > earliest || latest >= span.to {
            span = self.spans.find(earliest);
            before = span;
            while span.to < i64::MAX && span.local(span.to) <= local {
                before = span;
                span = self.spans.find(span.to);
            }
        }
        let at = local.saturating_sub(span.offset);
        if at < span.from { (span.from, local.saturating_sub(before.offset)) } else { (at, at) }
    }

    /// The gap after which the clock shows at `at` what one without it showed within it.
    pub(crate) fn gap_before(&self, at: Instant) -> Option<Gap> {
        let earliest = at.saturating_sub(TWO_DAYS);
        let mut span = self.span(at);
        while span.from > earliest {
            let before = self.spans.find(span.from - 1);
            let gap = Gap { at: span.from, from: before.local(span.from), to: span.local(span.from) };
            if at - gap.at < gap.to - gap.from {
                return Some(gap);
            }
            span = before;
        }
        None
    }

    /// The largest local time that the wall clock has shown up to and including `at`: in a repeated hour it is
    /// not the one that it shows.
    pub(crate) fn latest_local(&self, at: Instant) -> Local {
        let span = self.span(at);
        let latest = span.local(at);
        let earliest = at.saturating_sub(TWO_DAYS);
        if span.from <= earliest { latest } else { self.latest_before(span.from, earliest).max(latest) }
    }

    /// The largest local time shown before `end`, as far back as `earliest`.
    fn latest_before(&self, mut end: Instant, earliest: Instant) -> Local {
        let mut latest = Local::MIN;
        while end > earliest {
            let span = self.spans.find(end - 1);
            latest = latest.max(span.local(end - 1));
            end = span.from;
        }
        latest
    }
}
