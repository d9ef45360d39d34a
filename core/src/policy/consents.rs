//! What lets a change through in spite of one freeze or one window.

use crate::order::Map;
use crate::time::Instant;

use super::window::Window;

/// Until when each freeze and each window consents. What consents does not close: a freeze does not hold, a freeze
/// window is not active, an allow window is. From then on it closes again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Consents {
    /// By their ids.
    freezes: Map<String, Instant>,
    /// By their names in the policy that is asked.
    windows: Map<String, Instant>,
}

/// Without a consent it has ended before every instant.
const NONE: Instant = Instant::MIN;

impl Consents {
    pub(crate) fn of_freeze(&self, id: &str) -> Instant {
        self.freezes.get(id).copied().unwrap_or(NONE)
    }

    /// Lets it through in spite of a freeze.
    pub(crate) fn let_freeze(&mut self, id: &str, until: Instant) {
        let known = self.freezes.or_insert(id.to_owned(), until);
        *known = until.max(*known);
    }

    /// Lets it through in spite of a window of the policy that is asked.
    pub(crate) fn let_window(&mut self, name: &str, until: Instant) {
        let known = self.windows.or_insert(name.to_owned(), until);
        *known = until.max(*known);
    }

    /// Both together: what either lets through, until the later end.
    pub(crate) fn and(&self, other: &Self) -> Self {
        let mut both = self.clone();
        other.freezes.iter().for_each(|(id, until)| both.let_freeze(id, *until));
        other.windows.iter().for_each(|(name, until)| both.let_window(name, *until));
        both
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.freezes.is_empty() && self.windows.is_empty()
    }

    pub(crate) fn of_window(&self, window: &Window) -> Instant {
        self.windows.get(&window.name).copied().unwrap_or(NONE)
    }
}

#[cfg(test)]
impl Consents {
    pub(super) fn until(mut self, window: &str, until: Instant) -> Self {
        self.windows.insert(window.to_owned(), until);
        self
    }
}
