//! One window: when it is active, and when that changes.

use std::cell::Cell;
use std::rc::Rc;

use serde::Serialize;

use crate::budget::Budget;
use crate::recurrence::Starts;
use crate::time;
use crate::zone::{Instant, Local, ZoneId, Zones};

use super::For;
use super::notes::Note;
use super::rule_words::Told;
use super::selector::Selector;
use super::timeline::Timeline;

/// What a window does while it is active.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Effect {
    /// It closes its environments.
    Freeze,
    /// Its environments are closed while no window of this kind is active.
    Allow,
}

/// A window of the policy.
#[derive(Clone, Debug)]
pub(crate) struct Window {
    pub(crate) name: String,
    pub(crate) effect: Effect,
    pub(crate) selector: Selector,
    pub(crate) zone: ZoneId,
    pub(crate) timezone: String,
    pub(crate) why: Why,
    pub(crate) is_suspended: bool,
    /// Those of a calendar are shared by all windows that name it.
    pub(crate) rules: Rc<[Rule]>,
    /// What the rule is in words, and what a lint says of it.
    pub(crate) told: Told,
    /// What of it may be meant otherwise.
    pub(crate) notes: Vec<Note>,
    /// When the last run that was asked about ends, and by which instant it was asked: the answer, its words and its
    /// lints all ask about the same one.
    pub(super) asked: Cell<Option<(Instant, Instant)>>,
}

/// What people read while a window is active.
#[derive(Clone, Debug, Default)]
pub(crate) struct Why {
    pub(crate) reason: Option<String>,
    /// Whom to ask about it.
    pub(crate) contact: Option<String>,
}

impl Why {
    /// The steps of telling it once more: whoever writes long texts has fewer of them in an answer.
    pub(crate) fn cost(&self) -> u64 {
        let length = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        2 * u64::try_from(length(&self.reason) + length(&self.contact)).unwrap_or(u64::MAX / 2)
    }

    /// `office closed (contact: #release)`
    pub(crate) fn words(&self) -> Option<String> {
        match (&self.reason, &self.contact) {
            (reason, None) => reason.clone(),
            (Some(reason), Some(contact)) => Some(format!("{reason} (contact: {contact})")),
            (None, Some(contact)) => Some(format!("contact: {contact}")),
        }
    }
}

/// When a window begins and how it ends; a calendar has a rule for each event.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) zone: ZoneId,
    pub(crate) starts: Starts,
    pub(crate) end: End,
}

/// The end of what has begun.
#[derive(Clone, Debug)]
pub(crate) enum End {
    /// So many seconds later.
    After(i64),
    /// When the wall clock shows so many seconds more.
    Local(i64),
    /// At the first of these local times after the start.
    Cron(Box<Starts>),
}

/// The steps of turning a start and an end into instants.
const ASKING: u64 = 6;

/// `[start, end)`.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Occurrence {
    pub(crate) start: Instant,
    /// `NEVER` if none is found.
    pub(crate) end: Instant,
}

/// The instant of what does not happen.
pub(crate) const NEVER: Instant = Instant::MAX;

/// How a rule stands at an instant.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    pub(crate) active: bool,
    /// It stands like this until then at least.
    pub(crate) until: Instant,
}

impl Rule {
    /// The latest occurrence that has begun at `at`. What begins later never ends earlier, so it alone tells
    /// whether any is active.
    pub(crate) fn latest(&self, zones: &Zones, at: Instant) -> Option<Occurrence> {
        zones.budget().spend(ASKING);
        let start = self.starts.last_until(zones.get(self.zone).latest_local(at))?;
        Some(self.occurrence(zones, start))
    }

    /// The first occurrence that begins after `at`.
    pub(crate) fn next(&self, zones: &Zones, at: Instant) -> Option<Occurrence> {
        zones.budget().spend(ASKING);
        let start = self.starts.first_after(zones.get(self.zone).latest_local(at))?;
        Some(self.occurrence(zones, start)).filter(|next| next.start <= time::LAST)
    }

    pub(crate) fn standing(&self, zones: &Zones, at: Instant) -> Standing {
        match self.latest(zones, at).filter(|latest| at < latest.end) {
            // Its end counts: nothing that begins before can change anything.
            Some(occurrence) => Standing { active: true, until: occurrence.end },
            None => Standing { active: false, until: self.next(zones, at).map_or(NEVER, |next| next.start) },
        }
    }

    pub(crate) fn occurrence(&self, zones: &Zones, local: Local) -> Occurrence {
        let zone = zones.get(self.zone);
        let start = zone.instant(local);
        let end = match &self.end {
            End::After(seconds) => start.saturating_add(*seconds),
            End::Local(seconds) => zone.instant(local.saturating_add(*seconds)),
            End::Cron(ends) => ends.first_after(local).map_or(NEVER, |end| zone.instant(end)),
        };
        // Nobody can write it, or ask about an instant after it.
        Occurrence { start, end: if end > time::LAST { NEVER } else { end } }
    }
}

impl Window {
    /// `true` if it says something of the environment.
    pub(crate) fn is_for(&self, whom: For<'_>, budget: &Budget) -> bool {
        !self.is_suspended
            && match whom {
                For::Every => true,
                For::Environment { name, traits } => {
                    self.selector.takes_name(name, budget) && self.selector.takes_traits(traits, budget)
                }
            }
    }

    /// What is active at `at`: an occurrence for each rule that has one.
    pub(crate) fn active<'w>(&'w self, zones: &'w Zones, at: Instant) -> impl Iterator<Item = Occurrence> + 'w {
        self.rules.iter().filter_map(move |rule| rule.latest(zones, at)).filter(move |latest| at < latest.end)
    }

    /// The first occurrence that begins after `at`.
    pub(crate) fn next(&self, zones: &Zones, at: Instant) -> Option<Occurrence> {
        self.rules.iter().filter_map(|rule| rule.next(zones, at)).min()
    }

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
