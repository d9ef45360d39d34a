//! All windows of a policy: which are for an environment, and what must be known of it to tell.

use crate::answer::Applied;
use crate::budget::Budget;
use crate::kosli::documents::environment::Traits;
use crate::kosli::window_name::WindowName;
use crate::order::{self, Set};
use crate::time::zone::Zones;

use super::approvals::Approvals;
use super::selector::{For, Selector};
use super::standing::Standing;
use super::window::Window;

/// All windows, and the time zones that they name.
pub(crate) struct Policy {
    /// Tells its windows' freezes from those of other policies.
    pub(crate) name: Option<String>,
    pub(crate) windows: Vec<Window>,
    /// Changes that windows let pass.
    pub(crate) exceptions: Vec<Standing>,
    pub(crate) approvals: Approvals,
    pub(crate) zones: Zones,
}

impl Policy {
    /// One that closes nothing.
    pub(crate) fn empty(budget: &Budget) -> Self {
        let (windows, exceptions) = (Vec::new(), Vec::new());
        Self { name: None, windows, exceptions, approvals: Approvals::default(), zones: Zones::new(budget) }
    }

    /// Who holds the freezes of a window on record: `window/release/weekend`.
    pub(crate) fn holder_of(&self, window: &Window) -> String {
        self.name_of(window).holder()
    }

    /// A window by the policy's name and its own.
    pub(crate) fn name_of(&self, window: &Window) -> WindowName {
        WindowName { policy: self.name.clone(), name: window.name.clone() }
    }

    /// Which policy an answer goes by, and how much of it.
    pub(crate) fn applied(&self, for_environment: usize) -> Applied {
        Applied { name: self.name.clone(), windows: self.windows.len(), for_environment }
    }

    /// The windows that say something of the environment.
    pub(crate) fn windows_for(&self, whom: For<'_>) -> Vec<&Window> {
        self.windows.iter().filter(|window| window.is_for(whom, self.zones.budget())).collect()
    }

    /// `true` if the environment's name alone does not tell which windows are for it.
    pub(crate) fn needs_traits(&self, name: &str) -> bool {
        self.named_for(name).any(Selector::needs_traits)
    }

    /// `true` if some window asks for the environment's type, which Kosli then must have told.
    pub(crate) fn asks_type(&self, name: &str) -> bool {
        self.named_for(name).any(Selector::asks_type)
    }

    /// The tags that some window asks for.
    pub(crate) fn tags(&self) -> Set<&str> {
        order::set(self.windows.iter().flat_map(|window| window.selector.tags()))
    }

    /// What selects the environment by its name.
    fn named_for(&self, name: &str) -> impl Iterator<Item = &Selector> {
        self.selectors().filter(move |selector| selector.takes_name(name, self.zones.budget()))
    }

    fn selectors(&self) -> impl Iterator<Item = &Selector> {
        let windows = self.windows.iter().filter(|window| !window.is_suspended).map(|window| &window.selector);
        windows.chain(self.exceptions.iter().map(Standing::selector))
    }

    /// A tag that some window asks for and whose value is not text.
    pub(crate) fn unreadable_tag(&self, name: &str, traits: &Traits<'_>) -> Option<&str> {
        self.selectors().find_map(|selector| {
            let budget = self.zones.budget();
            selector.unreadable_tag(traits, budget).filter(|_| selector.takes_name(name, budget))
        })
    }
}
