//! Between two changes of a clock it shows one offset.

use crate::time::{Instant, Local};

/// A time in which a clock goes on evenly: in `[from, to)` it shows the instant and `offset`.
///
/// `i64::MIN` and `i64::MAX` say that it has no beginning or no end.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Span {
    pub(crate) from: Instant,
    pub(crate) to: Instant,
    pub(crate) offset: i64,
}

impl Span {
    pub(super) fn local(&self, at: Instant) -> Local {
        at.saturating_add(self.offset)
    }
}

/// A clock, as far as its offset goes: a zone of the table, or of a calendar.
pub(crate) trait Spans {
    /// The span that `at` is in: `from <= at`, and `at < to` or `to` is `i64::MAX`.
    fn find(&self, at: Instant) -> Span;
}
