//! A set of local times, asked for the latest one up to a time and the first one after it.

use crate::time::Local;

use super::month;
use super::pattern::Pattern;

/// The day with this date, if the calendar has it.
pub(crate) fn day(year: i64, month: i64, day: i64) -> Option<i64> {
    let part = |number: i64| u32::try_from(number).ok();
    let date = chrono::NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, part(month)?, part(day)?)?;
    (year > 0).then(|| month::day_of(date))
}

/// A set of local times.
#[derive(Clone, Debug)]
pub(crate) struct Starts {
    pub(super) pattern: Option<Pattern>,
    /// What its rule may mean as well.
    pub(super) second: Option<Pattern>,
    /// Sorted.
    added: Vec<Local>,
    /// Sorted.
    excluded: Vec<Local>,
}

impl Starts {
    /// This time and no other.
    pub(crate) fn once(at: Local) -> Self {
        Self { pattern: None, second: None, added: vec![at], excluded: Vec::new() }
    }

    pub(crate) fn of(pattern: Pattern) -> Self {
        Self { pattern: Some(pattern), second: None, added: Vec::new(), excluded: Vec::new() }
    }

    fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        self.pattern.iter().chain(&self.second)
    }

    pub(crate) fn add(&mut self, starts: Vec<Local>) {
        merge(&mut self.added, starts);
    }

    pub(crate) fn exclude(&mut self, starts: Vec<Local>) {
        merge(&mut self.excluded, starts);
    }

    /// `true` if it is one of them.
    pub(crate) fn has(&self, local: Local) -> bool {
        self.last_until(local) == Some(local)
    }

    /// The latest one up to `local`.
    pub(crate) fn last_until(&self, mut local: Local) -> Option<Local> {
        loop {
            let by_rule = self.patterns().filter_map(|pattern| pattern.last_until(local)).max();
            let added = self.added[..self.added.partition_point(|&at| at <= local)].last().copied();
            let found = by_rule.max(added)?;
            if self.excluded.binary_search(&found).is_err() {
                return Some(found);
            }
            local = found - 1;
        }
    }

    /// The first one after `local`.
    pub(crate) fn first_after(&self, mut local: Local) -> Option<Local> {
        loop {
            let by_rule = self.patterns().filter_map(|pattern| pattern.first_after(local)).min();
            let added = self.added.get(self.added.partition_point(|&at| at <= local)).copied();
            let found = match (by_rule, added) {
                (Some(by_rule), Some(added)) => by_rule.min(added),
                (by_rule, added) => by_rule.or(added)?,
            };
            if self.excluded.binary_search(&found).is_err() {
                return Some(found);
            }
            local = found;
        }
    }
}

fn merge(sorted: &mut Vec<Local>, more: Vec<Local>) {
    sorted.extend(more);
    sorted.sort_unstable();
    sorted.dedup();
}
