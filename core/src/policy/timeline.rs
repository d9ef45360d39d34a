//! Open or closed, now and later: freezes and windows on one line of time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::schedule::{Effect, NEVER, Rule, Standing};
use crate::time::Instant;
use crate::time::zone::Zones;

use super::window::Window;

/// Changes that are followed in search of the one that opens or closes: so many, and some more for each rule. What
/// has not come by then is unknown.
const MOST_CHANGES: usize = 10_000;
const MOST_CHANGES_OF_A_RULE: usize = 10;

/// The steps of a change, besides those of the rule that is asked.
const CHANGE: u64 = 6;

/// What keeps an environment closed, besides windows: a freeze, until its end or for good.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Held {
    pub(crate) until: Option<Instant>,
}

/// The freezes and windows of one environment, at one instant that moves on.
pub(crate) struct Timeline<'p> {
    zones: &'p Zones,
    windows: Vec<&'p Window>,
    /// How many rules of each window are active.
    active: Vec<usize>,
    sources: Vec<Source<'p>>,
    /// When each of them may change; the next one first.
    changes: BinaryHeap<Reverse<(Instant, usize)>>,
    /// Active freezes and rules of freeze windows.
    closing: usize,
    /// Active rules of allow windows.
    allowing: usize,
    has_allow: bool,
    /// A freeze without an end closes it.
    is_held_for_good: bool,
    left: usize,
}

/// A freeze, or one rule of a window: a calendar has thousands, and a change asks only the one that it is of.
struct Source<'p> {
    /// The place of the window, and the rule.
    rule: Option<(usize, &'p Rule)>,
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
            windows: windows.to_vec(),
            active: vec![0; windows.len()],
            sources: Vec::with_capacity(windows.len() + freezes.len()),
            changes: BinaryHeap::new(),
            closing: 0,
            allowing: 0,
            has_allow: windows.iter().any(|window| window.effect == Effect::Allow),
            is_held_for_good: freezes.iter().any(|freeze| freeze.until.is_none()),
            left: MOST_CHANGES,
        };
        timeline.left += MOST_CHANGES_OF_A_RULE * windows.iter().map(|window| window.rules.len()).sum::<usize>();
        for (place, window) in windows.iter().enumerate() {
            for rule in window.rules.iter().take_while(|_| !zones.budget().is_spent()) {
                timeline.add(Some((place, rule)), rule.standing(zones, at));
            }
        }
        for freeze in freezes {
            timeline.add(None, Standing { active: true, until: freeze.until.unwrap_or(NEVER) });
        }
        timeline
    }

    fn add(&mut self, rule: Option<(usize, &'p Rule)>, standing: Standing) {
        self.sources.push(Source { rule, active: false });
        self.set(self.sources.len() - 1, standing);
    }

    /// Notes how a source stands from now on.
    fn set(&mut self, number: usize, standing: Standing) {
        if standing.until != NEVER {
            self.changes.push(Reverse((standing.until, number)));
        }
        let source = &mut self.sources[number];
        let was_active = std::mem::replace(&mut source.active, standing.active);
        let place = source.rule.map(|(place, _)| place);
        let counter = match place.map(|place| self.windows[place].effect) {
            Some(Effect::Allow) => &mut self.allowing,
            Some(Effect::Freeze) | None => &mut self.closing,
        };
        for counter in [Some(counter), place.map(|place| &mut self.active[place])].into_iter().flatten() {
            *counter = *counter + usize::from(standing.active) - usize::from(was_active);
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
        let is_allowed = self.is_allowed();
        let windows = self.windows.iter().zip(&self.active);
        let says = windows.filter(|(window, active)| **active > 0 || (window.effect == Effect::Allow && !is_allowed));
        says.map(|(window, _)| *window).collect()
    }

    /// A freeze window is active.
    pub(crate) fn is_in_freeze_window(&self) -> bool {
        let mut windows = self.windows.iter().zip(&self.active);
        windows.any(|(window, active)| *active > 0 && window.effect == Effect::Freeze)
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
            self.left = self.left.checked_sub(1).filter(|_| self.zones.budget().spend(CHANGE)).ok_or(Unknown(at))?;
            self.changes.pop();
            let standing = match self.sources[number].rule {
                Some((_, rule)) => rule.standing(self.zones, at),
                None => Standing { active: false, until: NEVER },
            };
            self.set(number, standing);
        }
        Ok(Some(at))
    }
}

impl Window {
    /// When it stops being active, if it is at `at`: occurrences that follow without a break are one run.
    pub(crate) fn end_of_run(&self, zones: &Zones, at: Instant) -> Instant {
        if let Some((_, end)) = self.asked.get().filter(|(asked, _)| *asked == at) {
            return end;
        }
        let end = Timeline::new(zones, &[self], &[], at).next_turn().ok().flatten().unwrap_or(NEVER);
        self.asked.set(Some((at, end)));
        end
    }
}
