//! What is coming, and what looks wrong in a policy: told, and nothing decided.

mod agenda;
pub(crate) mod history;
mod ics;
pub(crate) mod lint;
pub(crate) mod overview;
pub(crate) mod select;
pub(crate) mod selection;
pub(crate) mod windows;
