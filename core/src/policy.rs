//! The policy: windows in which deployments must stop, or alone may go on.
//!
//! `WINDOWS.md` beside this crate's README says what they mean.

mod agenda;
mod applied;
mod calendars;
mod icalendar;
mod lint;
mod notes;
mod outlook;
mod reading;
mod rule_words;
mod run;
mod selecting;
mod selector;
mod tag_globs;
mod time_rule;
mod timeline;
mod window;

use crate::budget::Budget;
use crate::call::{Call, WINDOW_HOLDER};
use crate::error::Error;
use crate::sight::Sight;
use crate::zone::Zones;

pub use agenda::Closure;
pub use applied::Applied;
pub use outlook::ShownWindow;
pub use window::Effect;

pub(crate) use agenda::agenda;
pub(crate) use icalendar::calendar;
pub(crate) use lint::{lints, readings};
pub(crate) use outlook::{Outlook, Verdict, rfc3339};
pub(crate) use rule_words::moment;
pub(crate) use run::Run;
pub(crate) use selector::Traits;
pub(crate) use timeline::{Held, Timeline};
pub(crate) use window::{End, NEVER, Rule, Window};

/// All windows, and the time zones that they name.
#[derive(Default)]
pub(crate) struct Policy {
    /// Tells its windows' freezes from those of other policies.
    pub(crate) name: Option<String>,
    pub(crate) windows: Vec<Window>,
    pub(crate) zones: Zones,
}

/// For which environment a policy is asked.
#[derive(Clone, Copy)]
pub(crate) enum For<'e> {
    Environment {
        name: &'e str,
        traits: &'e Traits,
    },
    /// Every window counts.
    Every,
}

impl<'e> For<'e> {
    /// The environment that was looked at; an error if it does not say what the policy asks.
    pub(crate) fn of(sight: &'e Sight<'_>, policy: &Policy) -> Result<Self, Error> {
        let name = sight.name.as_str();
        let traits = &sight.environment()?.traits;
        let unreadable = |detail| Err(Error::UnreadableEnvironment { environment: name.to_owned(), detail });
        if traits.kind.is_none() && policy.asks_type(name) {
            return unreadable("it does not say its `type`, which the policy asks for".to_owned());
        }
        if let Some(tag) = policy.unreadable_tag(name, traits) {
            return unreadable(format!("its tag `{tag}`, which the policy asks for, is not text"));
        }
        Ok(Self::Environment { name, traits })
    }
}

impl Policy {
    /// The call's policy; an empty one if it has none.
    pub(crate) fn of(call: &Call, budget: &Budget) -> Result<Self, Error> {
        let none = || Ok(Self::default());
        let read = call.policy.as_deref().map_or_else(none, |json| Self::read(json, budget));
        read.map_err(|detail| Error::BadPolicy { detail })
    }

    /// Who holds the freezes of a window on record: `window/release/weekend`.
    pub(crate) fn holder_of(&self, window: &Window) -> String {
        let Window { name, .. } = window;
        match &self.name {
            Some(policy) => format!("{WINDOW_HOLDER}{policy}/{name}"),
            // The window `a/b` of a policy without a name is not the window `b` of the policy `a`.
            None if name.contains('/') => format!("{WINDOW_HOLDER}/{name}"),
            None => format!("{WINDOW_HOLDER}{name}"),
        }
    }

    /// The windows that say something of the environment.
    pub(crate) fn windows_for(&self, whom: For<'_>) -> Vec<&Window> {
        self.windows.iter().filter(|window| window.is_for(whom, self.zones.budget())).collect()
    }

    /// `true` if the environment's name alone does not tell which windows are for it.
    pub(crate) fn needs_traits(&self, name: &str) -> bool {
        self.named_for(name).any(|window| window.selector.needs_traits())
    }

    /// `true` if some window asks for the environment's type, which Kosli then must have told.
    pub(crate) fn asks_type(&self, name: &str) -> bool {
        self.named_for(name).any(|window| window.selector.asks_type())
    }

    fn named_for(&self, name: &str) -> impl Iterator<Item = &Window> {
        self.windows
            .iter()
            .filter(move |window| !window.is_suspended && window.selector.takes_name(name, self.zones.budget()))
    }

    /// A tag that some window asks for and whose value is no text.
    fn unreadable_tag(&self, name: &str, traits: &Traits) -> Option<&str> {
        let mut selectors = self.windows.iter().map(|window| &window.selector);
        selectors.find_map(|selector| {
            let budget = self.zones.budget();
            selector.unreadable_tag(traits, budget).filter(|_| selector.takes_name(name, budget))
        })
    }
}
