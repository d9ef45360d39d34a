//! iCalendar documents (RFC 5545), read into the rules of a window.
//!
//! What cannot be understood is an error, which names its line. What is odd but has one sensible meaning is
//! taken so, and a quirk says it; where there are two, the one that closes more is taken.

mod component;
mod event;
mod lines;
mod quirks;
mod when;
mod zone;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use self::component::Component;
use self::event::Event;
use self::when::{Length, Times};
pub(crate) use self::zone::Observances;
use crate::policy::{Effect, Rule};
use crate::recurrence::Starts;
use crate::zone::{Local, ZoneId, Zones};

const MAX_EVENTS: usize = 10_000;

/// What a calendar means.
pub(crate) struct Calendar {
    /// The rules of its events; several events may share one.
    pub(crate) rules: Vec<Rule>,
    /// How many events count.
    pub(crate) events: usize,
    /// What is odd about it, and how it was taken.
    pub(crate) quirks: Vec<String>,
}

/// Reads the events of a document; those without a zone of their own are in `default_zone`.
///
/// # Errors
///
/// Says what is wrong and in which line.
pub(crate) fn read(text: &str, default_zone: ZoneId, zones: &mut Zones, effect: Effect) -> Result<Calendar, String> {
    let calendars = component::read(text)?;
    let mut times = Times::new(zones, default_zone)?;
    let mut events = Vec::new();
    for calendar in &calendars {
        check(calendar, &mut times, effect)?;
        times.enter(calendar)?;
        for part in calendar.parts.iter().filter(|part| part.name == "VEVENT") {
            if events.len() == MAX_EVENTS {
                let line = part.line;
                return Err(format!("line {line}: more than 10,000 events; export only what is still to come"));
            }
            events.push(event::read(part, &mut times, effect)?);
        }
    }
    replace(&mut events, &mut times, effect)?;

    let (mut rules, mut singles) = (Vec::new(), BTreeMap::new());
    let counting: Vec<_> = events.into_iter().filter_map(|event| event.occurrences).collect();
    let events = counting.len();
    for occurrences in counting {
        occurrences.into_rules(&mut rules, &mut singles);
    }
    rules.extend(singles.into_iter().map(shared));
    Ok(Calendar { rules, events, quirks: times.quirks.into_texts() })
}

/// What a calendar says about itself.
fn check(calendar: &Component, times: &mut Times, effect: Effect) -> Result<(), String> {
    if let Some(line) = calendar.one("CALSCALE")?.filter(|line| !line.value().eq_ignore_ascii_case("GREGORIAN")) {
        return Err(line.bad("but only `GREGORIAN` dates can be read"));
    }
    // Its events are called off.
    if calendar.says("METHOD", "CANCEL")? {
        match effect {
            Effect::Freeze => times.quirks.note(calendar.line, "`METHOD:CANCEL` counts in a freeze all the same"),
            Effect::Allow => {
                let line = calendar.line;
                return Err(format!("line {line}: `METHOD:CANCEL` calls its events off, and this window allows"));
            }
        }
    }
    // AWS Change Calendar: whether its events are when changes may not be made, or when they may.
    let (name, other) = match effect {
        Effect::Freeze => {
            ("DEFAULT_CLOSED", "`X-CALENDAR-TYPE:DEFAULT_CLOSED` is for an allow window, and this one freezes")
        }
        Effect::Allow => ("DEFAULT_OPEN", "`X-CALENDAR-TYPE:DEFAULT_OPEN` is for a freeze window, and this one allows"),
    };
    if calendar.says("X-CALENDAR-TYPE", name)? {
        times.quirks.note(calendar.line, other);
    }
    Ok(())
}

/// Puts events with a `RECURRENCE-ID` in the place of the occurrences that they are about.
fn replace(events: &mut [Event], times: &mut Times, effect: Effect) -> Result<(), String> {
    // Of several versions, the one with the highest `SEQUENCE`, and of those the last.
    let mut latest = BTreeMap::new();
    for at in 0..events.len() {
        let event = &events[at];
        let Some(uid) = event.uid else { continue };
        match latest.entry((uid, event.replaces.map(|when| times.instant(when)))) {
            Entry::Vacant(entry) => _ = entry.insert(at),
            Entry::Occupied(mut entry) => {
                let is_later = event.sequence >= events[*entry.get()].sequence;
                let (line, older) = (event.line, if is_later { entry.insert(at) } else { at });
                match effect {
                    Effect::Freeze => times.quirks.note(line, "several events of one `UID` all count in a freeze"),
                    Effect::Allow => {
                        times.quirks.note(line, "of several events of one `UID` the last version counts");
                        events[older].occurrences = None;
                    }
                }
            }
        }
    }
    let mut replaced = Vec::new();
    for event in events.iter() {
        let Some(when) = event.replaces else { continue };
        match event.uid.and_then(|uid| latest.get(&(uid, None))) {
            Some(master) => replaced.push((*master, event.line, when)),
            None => times.quirks.note(event.line, "a `RECURRENCE-ID` whose event is not in the calendar stands alone"),
        }
    }
    for (master, line, when) in replaced {
        if let Some(occurrences) = &mut events[master].occurrences {
            occurrences.remove(line, when, times)?;
        }
    }
    Ok(())
}

/// One rule for all starts of one zone that last equally long.
fn shared(((zone, length), mut starts): ((ZoneId, Length), Vec<Local>)) -> Rule {
    let mut all = Starts::once(starts.pop().unwrap_or_default());
    all.add(starts);
    Rule { zone, starts: all, end: length.end() }
}

#[cfg(test)]
mod tests;
