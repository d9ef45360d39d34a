//! A page in the making.

use crate::answer::{History, UnreadableFact};
use crate::kosli::command::REFUSED;
use crate::kosli::documents::attested::{self, Attested};
use crate::kosli::documents::exception::{APPROVED, CLAIMED, EXCEPTION, PASSED, REVOKED};
use crate::kosli::documents::record::{OFF, ON, elements};
use crate::sight::Sight;
use crate::text::excerpt;

use super::notes::Notes;

/// What is read of a freeze's record, and of an exception's.
pub(super) const RECORD: [&str; 4] = [ON, OFF, REFUSED, PASSED];
pub(super) const REQUEST: [&str; 4] = [EXCEPTION, APPROVED, REVOKED, CLAIMED];

pub(super) struct Reading<'s> {
    pub(super) sight: &'s Sight<'s>,
    pub(super) notes: Notes,
    /// What this page tells.
    pub(super) page: History,
}

impl<'s> Reading<'s> {
    pub(super) fn of(sight: &'s Sight<'s>, notes: Notes) -> Self {
        Self { sight, notes, page: empty() }
    }

    /// Whether this page has anything to say.
    pub(super) fn has_told(&self) -> bool {
        let History { freezes, exceptions, deployments, unreadable, .. } = &self.page;
        !(freezes.is_empty() && exceptions.is_empty() && deployments.is_empty() && unreadable.is_empty())
    }

    pub(super) fn unreadable(&mut self, what: &'static str, name: String, detail: &str) {
        self.notes.counts.unreadable += 1;
        self.page.unreadable.push(UnreadableFact { what, name, detail: excerpt(detail) });
    }
}

fn empty() -> History {
    History {
        environment: String::new(),
        from: String::new(),
        to: String::new(),
        freezes: Vec::new(),
        exceptions: Vec::new(),
        deployments: Vec::new(),
        unreadable: Vec::new(),
        totals: None,
    }
}

/// All of them that can be read, in the log's order, and what is wrong with the others.
pub(super) fn each(text: &str, name: &str, flow: &str, trail: &str) -> (Vec<Attested>, Vec<String>) {
    let elements = match elements(text) {
        Ok(elements) => elements,
        Err(problem) => return (Vec::new(), vec![problem]),
    };
    let (mut log, mut problems) = (Vec::new(), Vec::new());
    for element in &elements {
        match attested::log(&["[", element.get(), "]"].concat(), name, flow, trail) {
            Ok(one) => log.extend(one),
            Err(problem) => problems.push(problem),
        }
    }
    if elements.is_empty() {
        problems.push("its trail lists it, but there is none".to_owned());
    }
    attested::sort(&mut log);
    (log, problems)
}
