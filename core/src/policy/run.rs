//! The run of a window: occurrences that follow without a break, walked back to where it began.

use std::collections::BinaryHeap;

use crate::schedule::Occurrence;
use crate::time::Instant;
use crate::time::zone::Zones;

use super::window::Window;

/// Occurrences that are walked back at the most. Beyond them a run begins with the first of those.
const MOST_OCCURRENCES: usize = 10_000;
/// Of a calendar many rules may be asked for each of them.
const MOST_LOOKS_OF_A_RULE: usize = 10;

/// When a run began.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Run {
    pub(crate) start: Instant,
    /// It began earlier than that: too many occurrences lie before.
    pub(crate) is_cut: bool,
}

impl Window {
    /// The run that is active at `at`.
    pub(crate) fn run_at(&self, zones: &Zones, at: Instant) -> Option<Run> {
        // Of each rule the latest occurrence that began before; the one that ends last comes first.
        let latest = |number: usize, until: Instant| {
            let Occurrence { start, end } = self.rules[number].latest(zones, until)?;
            Some((end, start, number))
        };
        let mut before: BinaryHeap<_> = (0..self.rules.len()).filter_map(|number| latest(number, at)).collect();
        let mut start = at.saturating_add(1);
        let mut walked = 0;
        let mut looks = MOST_OCCURRENCES + MOST_LOOKS_OF_A_RULE * self.rules.len();
        while let Some((_, begun, number)) = before.pop().filter(|(end, ..)| *end >= start) {
            if looks == 0 || (begun < start && walked == MOST_OCCURRENCES) {
                return Some(Run { start, is_cut: true });
            }
            if begun < start {
                start = begun;
                walked += 1;
            }
            looks -= 1;
            before.extend(latest(number, start.saturating_sub(1)));
        }
        (walked > 0).then_some(Run { start, is_cut: false })
    }
}
