//! What lets a change through in spite of one freeze or one window.

use std::collections::BTreeMap;

use crate::time::Instant;

use super::window::Window;

/// Until when each freeze and each window consents. What consents does not close: a freeze does not hold, a freeze
/// window is not active, an allow window is. From then on it closes again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Consents {
    /// By their ids.
    freezes: BTreeMap<String, Instant>,
    /// By their names in the policy that is asked.
    windows: BTreeMap<String, Instant>,
}

/// Without a consent it has ended before every instant.
const NONE: Instant = Instant::MIN;

impl Consents {
    pub(crate) fn of_freeze(&self, id: &str) -> Instant {
        self.freezes.get(id).copied().unwrap_or(NONE)
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
