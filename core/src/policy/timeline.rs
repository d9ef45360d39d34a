//! Open or closed, now and later: freezes and windows on one line of time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::zone::{Instant, Zones};

use super::window::{Effect, NEVER, Standing, Window};

/// Changes that are followed in search of the one that opens or closes: what has not come by then is unknown.
const MOST_CHANGES: usize = 10_000;

/// What keeps an environment closed, besides windows: a freeze, until its end or for good.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Held {
    pub(crate) until: Option<Instant>,
}

/// The freezes and windows of one environment, at one instant that moves on.
pub(crate) struct Timeline<'p> {
    zones: &'p Zones,
    sources: Vec<Source<'p>>,
    /// When each of them may change; the next one first.
    changes: BinaryHeap<Reverse<(Instant, usize)>>,
    /// Active freezes and freeze windows.
    closing: usize,
    allowing: usize,
    has_allow: bool,
    /// A freeze without an end closes it.
    is_held_for_good: bool,
    left: usize,
}

struct Source<'p> {
    window: Option<&'p Window>,
    active: bool,
}

/// Too many changes lie before it: until then it stays as it is, what comes after that nobody can say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unknown(pub(crate) Instant);

impl<'p> Timeline<'p> {
    /// How it stands `at`; `windows` are those for the environment.
    pub(crate) fn new(zones: &'p Zones, windows: &[&'p Window], freezes: &[Held], at: Instant) -> Self {
        let mut timeline = Self {
            zones,
            sources: Vec::with_capacity(windows.len() + freezes.len()),
            changes: BinaryHeap::new(),
            closing: 0,
            allowing: 0,
            has_allow: windows.iter().any(|window| window.effect == Effect::Allow),
            is_held_for_good: freezes.iter().any(|freeze| freeze.until.is_none()),
            left: MOST_CHANGES,
        };
        for window in windows {
            timeline.add(Some(window), window.standing(zones, at));
        }
        for freeze in freezes {
            timeline.add(None, Standing { active: true, until: freeze.until.unwrap_or(NEVER) });
        }
        timeline
    }

    fn add(&mut self, window: Option<&'p Window>, standing: Standing) {
        if standing.until != NEVER {
            self.changes.push(Reverse((standing.until, self.sources.len())));
        }
        self.sources.push(Source { window, active: standing.active });
        *self.counter(window) += usize::from(standing.active);
    }

    fn counter(&mut self, window: Option<&Window>) -> &mut usize {
        match window.map(|window| window.effect) {
            Some(Effect::Allow) => &mut self.allowing,
            Some(Effect::Freeze) | None => &mut self.closing,
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        self.closing == 0 && self.is_allowed()
    }

    /// Some allow window is active, or none applies.
    pub(crate) fn is_allowed(&self) -> bool {
        self.allowing > 0 || !self.has_allow
    }

    /// The windows that say something now: freeze windows that are active; of the allow windows those, or all of
    /// them if none is.
    pub(crate) fn hits(&self) -> Vec<&'p Window> {
        let says = |window: &Window, active| active || (window.effect == Effect::Allow && !self.is_allowed());
        let hit = |source: &Source<'p>| source.window.filter(|window| says(window, source.active));
        self.sources.iter().filter_map(hit).collect()
    }

    /// A freeze window is active.
    pub(crate) fn is_in_freeze_window(&self) -> bool {
        let is_freeze = |window: &Window| window.effect == Effect::Freeze;
        self.sources.iter().any(|source| source.active && source.window.is_some_and(is_freeze))
    }

    /// Moves on to the next instant at which it opens or closes; `None` if it stays as it is for good.
    pub(crate) fn next_turn(&mut self) -> Result<Option<Instant>, Unknown> {
        let is_open = self.is_open();
        if self.is_held_for_good {
            return Ok(None);
        }
        while let Some(at) = self.next_change()? {
            if self.is_open() != is_open {
                return Ok(Some(at));
            }
        }
        Ok(None)
    }

    /// Moves on to the next instant at which anything changes.
    fn next_change(&mut self) -> Result<Option<Instant>, Unknown> {
        let Some(&Reverse((at, _))) = self.changes.peek() else { return Ok(None) };
        while let Some(&Reverse((next, number))) = self.changes.peek()
            && next == at
        {
            self.left = self.left.checked_sub(1).ok_or(Unknown(at))?;
            self.changes.pop();
            let Source { window, active } = self.sources[number];
            let standing =
                window.map_or(Standing { active: false, until: NEVER }, |window| window.standing(self.zones, at));
            if standing.until != NEVER {
                self.changes.push(Reverse((standing.until, number)));
            }
            self.sources[number].active = standing.active;
            let counter = self.counter(window);
            *counter = *counter + usize::from(standing.active) - usize::from(active);
        }
        Ok(Some(at))
    }
}
