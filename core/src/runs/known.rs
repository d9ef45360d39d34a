//! What tags and records show, by the holders and beginnings that their ids tell: a `sync` asks for each window.

use crate::freeze::Freeze;
use crate::kosli::id;
use crate::kosli::name::TrailName;
use crate::order::{Map, Set};
use crate::policy::Run;
use crate::sight::Sight;
use crate::time::Instant;

/// The steps of noting an id.
const NOTE: u64 = 8;

/// The steps of telling of one of them what is known.
const TELL: u64 = 50;

pub(crate) struct Known<'k, 'c> {
    sight: &'k Sight<'c>,
    by_run: Map<(&'k str, Instant), Vec<Behind<'k, 'c>>>,
}

/// What is behind an id.
enum Behind<'k, 'c> {
    Freeze(&'k Freeze<'c>),
    /// A record in the list, which ended long ago.
    Listed(&'k str),
}

impl<'k, 'c> Known<'k, 'c> {
    pub(crate) fn of(sight: &'k Sight<'c>, freezes: &'k [Freeze<'c>]) -> Self {
        let mut known = Self { sight, by_run: Map::new() };
        let listed = || sight.listing.found().into_iter().flatten().map(|(id, _)| id.as_str());
        if !sight.ask.budget.spend_on(freezes.len() + listed().count(), NOTE) {
            return known;
        }
        let mut ids = Set::new();
        for freeze in freezes {
            ids.insert(&*freeze.id);
            known.note(&freeze.id, Behind::Freeze(freeze));
        }
        for id in listed().filter(|id| !ids.contains(id)) {
            known.note(id, Behind::Listed(id));
        }
        known
    }

    fn note(&mut self, id: &'k str, shown: Behind<'k, 'c>) {
        if let (Some(holder), Some(since)) = (id::holder_of(id), id::since(id)) {
            self.by_run.or_default((holder, since.timestamp())).push(shown);
        }
    }

    /// All that is known under an id of this run, whoever holds it. `holder` is as ids have it.
    pub(crate) fn of_run(&self, holder: &str, run: Run) -> Vec<Freeze<'c>> {
        // The start of a run that is cut moves on with the clock.
        let reach = if run.is_cut { 2 * run.start - self.sight.now.timestamp() } else { run.start };
        let mut known = Vec::new();
        let from = self.by_run.from(&(holder, reach.min(run.start)));
        for shown in from.take_while(|(key, _)| **key <= (holder, run.start)).flat_map(|(_, all)| all) {
            if !self.sight.ask.budget.spend(TELL) {
                break;
            }
            match shown {
                Behind::Freeze(freeze) => known.push((*freeze).clone()),
                Behind::Listed(id) => known.extend(TrailName::new(id).ok().map(|trail| self.sight.recorded(&trail))),
            }
        }
        known
    }
}
