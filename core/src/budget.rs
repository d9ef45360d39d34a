//! How much work one call may ask for: a policy is text that anybody may have written, and a gate must answer.

use std::cell::Cell;
use std::rc::Rc;

use crate::error::Error;

/// In steps; how long they take is the host's matter: `plugin/README.md` has what was measured.
const MOST_STEPS: u64 = 50_000_000;

/// What is left of a call's steps. All of its clones count down together: whatever searches holds one.
///
/// A step is some tens of nanoseconds of WebAssembly, or a few bytes of memory that stay. A search that finds nothing
/// left finds nothing, so whoever has asked for it must look at [`Budget::check`] before an answer is believed.
#[derive(Clone, Debug)]
pub(crate) struct Budget(Rc<Cell<u64>>);

impl Default for Budget {
    fn default() -> Self {
        Self::of(MOST_STEPS)
    }
}

impl Budget {
    pub(crate) fn of(steps: u64) -> Self {
        Self(Rc::new(Cell::new(steps)))
    }

    /// Takes steps; `false` if there are not as many, and then none are left.
    pub(crate) fn spend(&self, steps: u64) -> bool {
        let left = self.0.get().saturating_sub(steps);
        self.0.set(left);
        left > 0
    }

    /// The same for each of so many.
    pub(crate) fn spend_on(&self, count: usize, steps: u64) -> bool {
        self.spend(u64::try_from(count).unwrap_or(u64::MAX).saturating_mul(steps))
    }

    pub(crate) fn is_spent(&self) -> bool {
        self.0.get() == 0
    }

    /// An error if it is used up: what was found until then is not all there is.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.is_spent() { Err(Error::BadPolicy { detail: TOO_MUCH.to_owned(), place: Vec::new() }) } else { Ok(()) }
    }
}

/// What is said of a policy, or of one of its windows.
pub(crate) const TOO_MUCH: &str = "it takes too long to work out, so nobody can say what is open; \
                                   use fewer windows, shorter calendars, or rules that come up more often";

#[cfg(test)]
mod tests;
