//! A time rule, once it is read.

use std::rc::Rc;

use crate::schedule::Rule;

use super::notes::Note;
use super::told::Told;

/// The rules of a window, and what is told of them.
#[derive(Clone)]
pub(super) struct TimeRule {
    pub(super) rules: Rc<[Rule]>,
    pub(super) told: Told,
    pub(super) notes: Vec<Note>,
}
