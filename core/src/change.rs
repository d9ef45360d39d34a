//! The change that wants to be deployed: what is stated of it, and what matches it.

mod facts;
mod limits;
mod matching;

pub use facts::Change;
pub use matching::Match;

/// One attempt to deploy one change: what an exception is used up by.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Use {
    /// The CI's run and job, the same when the job is run again.
    pub(crate) run: String,
    pub(crate) change: Change,
}
