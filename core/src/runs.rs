//! Freeze windows on record: which freezes the policy wants, and which of them stand already.

mod known;
mod wanted;

pub(crate) use known::Known;
pub(crate) use wanted::{Runs, Wanted};
