//! Freeze windows on record: a freeze for each occurrence that is active, held by `window/<name>`.

use std::collections::BTreeMap;

use crate::call::WINDOW_HOLDER;
use crate::error::Error;
use crate::flag::{Until, Words};
use crate::freeze::Freeze;
use crate::id;
use crate::name::TrailName;
use crate::policy::{Effect, For, NEVER, Policy, Window};
use crate::sight::Sight;
use crate::time;
use crate::zone::Instant;

/// The windows of a call's policy for its environment.
pub(super) struct Occurrences {
    policy: Policy,
    now: Instant,
    /// Of all windows of the policy, whether it applies to the environment.
    applies: Vec<bool>,
}

impl Occurrences {
    pub(super) fn of(sight: &Sight<'_>) -> Result<Self, Error> {
        let policy = Policy::of(sight.call)?;
        let whom = For::of(sight, &policy)?;
        let applies = policy.windows.iter().map(|window| window.is_for(whom)).collect();
        Ok(Self { policy, now: sight.now.timestamp(), applies })
    }

    /// The freezes that must be open now, by their ids.
    pub(super) fn wanted(&self) -> BTreeMap<TrailName, Words> {
        let mut wanted: BTreeMap<TrailName, Words> = BTreeMap::new();
        for (window, _) in self.windows().filter(|(window, applies)| *applies && window.effect == Effect::Freeze) {
            for occurrence in window.active(&self.policy.zones, self.now) {
                let by = format!("{WINDOW_HOLDER}{}", window.name);
                let Some(start) = time::at(occurrence.start) else { continue };
                let words = Words {
                    reason: Some(window.why.words().unwrap_or_else(|| format!("freeze window {}", window.name))),
                    until: until(occurrence.end),
                    by: Some(by.clone()),
                };
                // Of two that begin together the longer one counts.
                let known = wanted.entry(id::numbered(start, Some(&by), 1)).or_insert_with(|| words.clone());
                if words.until.at().is_none_or(|end| known.until.at().is_some_and(|until| until < end)) {
                    known.until = words.until;
                }
            }
        }
        wanted
    }

    /// `true` if a window holds the freeze, and the policy says (no longer) that it lasts: it was moved,
    /// shortened or suspended. Of a window that this policy does not have nothing is known.
    pub(super) fn has_dropped(&self, freeze: &Freeze) -> bool {
        let Some((window, applies)) = self.windows().find(|(window, _)| is_held_by(freeze, window)) else {
            return false;
        };
        !applies || !id::since(&freeze.id).is_some_and(|since| self.lasts(window, since.timestamp()))
    }

    /// An occurrence that began at `start` has not ended.
    fn lasts(&self, window: &Window, start: Instant) -> bool {
        let mut begun = window.active(&self.policy.zones, start);
        window.effect == Effect::Freeze
            && begun.any(|occurrence| occurrence.start == start && self.now < occurrence.end)
    }

    fn windows(&self) -> impl Iterator<Item = (&Window, bool)> {
        self.policy.windows.iter().zip(self.applies.iter().copied())
    }
}

fn until(end: Instant) -> Until {
    if end == NEVER { Until::Never } else { time::at(end).map_or(Until::Never, Until::At) }
}

/// Whether a freeze is held by a window.
pub(crate) fn is_held_by_window(freeze: &Freeze) -> bool {
    freeze.by().is_some_and(|by| by.starts_with(WINDOW_HOLDER))
}

/// Whether this window holds it.
pub(in crate::plan) fn is_held_by(freeze: &Freeze, window: &Window) -> bool {
    freeze.by().and_then(|by| by.strip_prefix(WINDOW_HOLDER)) == Some(&*window.name)
}
