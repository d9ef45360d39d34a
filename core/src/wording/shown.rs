//! What an answer shows of a freeze and of a window.

use chrono::{DateTime, Utc};

use crate::answer::{Shown, ShownWindow};
use crate::freeze::Freeze;
use crate::policy::Window;
use crate::text::{long_excerpt, printable};
use crate::time::zone::Zones;
use crate::time::{self, Instant, rfc3339_of};

/// The steps of showing a window, besides its texts.
const SHOWN: u64 = 300;

/// The names of events that it shows: more are the same closure, and nobody reads them.
const EVENTS: usize = 10;

impl Freeze<'_> {
    pub(crate) fn shown(&self, now: DateTime<Utc>) -> Shown {
        Shown {
            id: self.id.to_string(),
            since: self.since().map(time::rfc3339),
            by: self.by().map(str::to_owned),
            reported_by: self.reported_by().map(str::to_owned),
            reason: self.reason().map(str::to_owned),
            until: self.until(now).at().map(time::rfc3339),
            state: self.state(now),
            except: self.except(),
        }
    }
}

impl Window {
    pub(crate) fn shown(&self, zones: &Zones, at: Instant) -> ShownWindow {
        zones.budget().spend(SHOWN + self.why.cost());
        let occurrence = self.run(zones, at).or_else(|| self.next_run(zones, at));
        let names = occurrence.map_or_else(Vec::new, |occurrence| self.events(zones, at.max(occurrence.start)));
        let events: Vec<_> = names.into_iter().take(EVENTS).map(str::to_owned).collect();
        let length: usize = events.iter().map(String::len).sum();
        zones.budget().spend_on(length, 2);
        ShownWindow {
            name: self.name.clone(),
            effect: self.effect,
            active: occurrence.is_some_and(|occurrence| occurrence.start <= at),
            reason: self.why.reason.clone(),
            contact: self.why.contact.clone(),
            starts_at: occurrence.and_then(|occurrence| rfc3339_of(occurrence.start)),
            ends_at: occurrence.and_then(|occurrence| rfc3339_of(occurrence.end)),
            timezone: self.timezone.clone(),
            rule: printable(&long_excerpt(&self.told.words())).into_owned(),
            events,
        }
    }
}
