//! One window: when it is active, and when that changes.

use std::cell::Cell;
use std::rc::Rc;

use crate::budget::Budget;
use crate::schedule::{Effect, Occurrence, Rule};
use crate::time::Instant;
use crate::time::zone::{ZoneId, Zones};

use super::For;
use super::notes::Note;
use super::selector::Selector;
use super::told::Told;

/// A window of the policy.
#[derive(Clone, Debug)]
pub(crate) struct Window {
    /// Its place in the policy, from 0 on.
    pub(crate) number: usize,
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

    /// What its calendar calls what is active at `at`, each once.
    pub(crate) fn events<'w>(&'w self, zones: &Zones, at: Instant) -> Vec<&'w str> {
        let mut events: Vec<&str> = Vec::new();
        for name in self.rules.iter().flat_map(|rule| rule.names_at(zones, at)) {
            if !events.contains(&name) {
                events.push(name);
            }
        }
        events
    }

    /// The first occurrence that begins after `at`.
    pub(crate) fn next(&self, zones: &Zones, at: Instant) -> Option<Occurrence> {
        self.rules.iter().filter_map(|rule| rule.next(zones, at)).min()
    }
}
