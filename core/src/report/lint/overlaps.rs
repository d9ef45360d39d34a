//! Windows that close one environment at the same time.

use crate::policy::{For, Window};
use crate::report::agenda::ListedClosure;
use crate::text::excerpt;
use crate::time::Instant;
use crate::time::words::moment;
use crate::time::zone::Zones;

use super::MOST_TOLD;

/// Windows that overlap others, and are told to.
const MOST_OVERLAPPING: usize = 100;

/// Windows of which each overlaps another one.
struct Overlap<'p> {
    windows: Vec<&'p Window>,
    first_at: Instant,
}

/// Tells of those in an agenda: of two windows with other globs that is not known without an environment. Those that
/// overlap one with the other are told together, of the first one.
pub(super) fn among<'p>(
    closures: &[ListedClosure<'p>],
    whom: For<'_>,
    zones: &Zones,
    tell: &mut dyn FnMut(&Window, &str),
) {
    for Overlap { windows, first_at } in groups(closures, whom, zones) {
        let first = windows[0];
        let begin = moment(zones.get(first.zone).latest_local(first_at));
        let names = windows[1..].iter().take(MOST_TOLD).map(|window| format!("`{}`", excerpt(&window.name)));
        let names = names.collect::<Vec<_>>().join(", ");
        let who = match windows.len() - 1 {
            1 => format!("and the window {names} overlap"),
            others if others <= MOST_TOLD => format!("and {others} others overlap ({names})"),
            others => format!("and {others} others overlap ({names} and {} more)", others - MOST_TOLD),
        };
        tell(first, &format!("{who}, first on {begin} {}", first.timezone));
    }
}

fn groups<'p>(closures: &[ListedClosure<'p>], whom: For<'_>, zones: &Zones) -> Vec<Overlap<'p>> {
    let meet = |one: &Window, other: &Window| {
        !matches!(whom, For::Every) || one.selector.meets(&other.selector, zones.budget())
    };
    let mut groups: Vec<Overlap<'p>> = Vec::new();
    for (place, one) in closures.iter().enumerate() {
        let Some(first) = one.window else { continue };
        for other in closures[place + 1..].iter().take_while(|other| other.time.start < one.time.end) {
            let told: usize = groups.iter().map(|group| group.windows.len()).sum();
            if told >= MOST_OVERLAPPING || !zones.budget().spend(2) {
                break;
            }
            let Some(second) = other.window else { continue };
            let is_known = groups.iter().any(|group| group.has(first) && group.has(second));
            if !is_known && meet(first, second) {
                join(&mut groups, first, second, other.time.start);
            }
        }
    }
    groups
}

impl Overlap<'_> {
    fn has(&self, window: &Window) -> bool {
        self.windows.iter().any(|known| known.number == window.number)
    }
}

/// Notes that two windows overlap, which may make one of two groups.
fn join<'p>(groups: &mut Vec<Overlap<'p>>, first: &'p Window, second: &'p Window, at: Instant) {
    let mut all = Overlap { windows: Vec::new(), first_at: at };
    groups.retain_mut(|group| {
        let is_apart = !group.has(first) && !group.has(second);
        if !is_apart {
            all.windows.append(&mut group.windows);
            all.first_at = all.first_at.min(group.first_at);
        }
        is_apart
    });
    for window in [first, second] {
        if !all.has(window) {
            all.windows.push(window);
        }
    }
    groups.push(all);
}
