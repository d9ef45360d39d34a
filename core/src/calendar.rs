//! iCalendar documents (RFC 5545), read into the rules of a window.
//!
//! What cannot be understood is an error, which names its line. What is odd but has one sensible meaning is
//! taken so, and a quirk says it; where there are two, the one that closes more is taken.

mod component;
mod event;
mod length;
mod lines;
mod named;
mod offset;
mod quirks;
mod rules;
mod standing;
mod when;
mod zone;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use self::component::Component;
use self::event::Event;
use self::length::Length;
use self::lines::Line;
use self::when::{Times, When};
pub(crate) use self::zone::Observances;
use crate::policy::{Effect, Rule};
use crate::recurrence::Starts;
use crate::zone::{Instant, Local, ZoneId, Zones};

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
    check_beginning(text)?;
    let calendars = component::read(text)?;
    let mut times = Times::new(zones, default_zone, effect)?;
    let mut events = Vec::new();
    for calendar in &calendars {
        check(calendar, &mut times)?;
        times.enter(calendar);
        if let Some(part) = calendar.parts.iter().find(|part| ["VFREEBUSY", "VAVAILABILITY"].contains(&&*part.name)) {
            times
                .quirks
                .note(part.line, "the times of `VFREEBUSY` and `VAVAILABILITY` do not count; only `VEVENT` does");
        }
        for part in calendar.parts.iter().filter(|part| part.name == "VEVENT") {
            if events.len() == MAX_EVENTS {
                let line = part.line;
                return Err(format!("line {line}: more than 10,000 events; export only what is still to come"));
            }
            events.push(event::read(part, &mut times)?);
        }
    }
    replace(&mut events, &mut times)?;

    let (mut rules, mut singles) = (Vec::new(), BTreeMap::new());
    let counting: Vec<_> = events.into_iter().filter_map(|event| event.occurrences).collect();
    let events = counting.len();
    for occurrences in counting {
        occurrences.into_rules(&mut rules, &mut singles, times.zones.budget());
    }
    rules.extend(singles.into_iter().map(shared));
    Ok(Calendar { rules, events, quirks: times.quirks.into_texts() })
}

/// Whoever names another file than meant, a key or a process's variables, must not find a line of it in a log: errors
/// quote from what begins as a calendar alone.
fn check_beginning(text: &str) -> Result<(), String> {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let mut first = String::new(); // even this line may be folded
    let end = if text.contains('\n') { '\n' } else { '\r' };
    for part in text.split(end).take(20) {
        match part.strip_prefix([' ', '\t']) {
            Some(rest) => first.push_str(rest.trim_end_matches('\r')),
            None if first.is_empty() => first.push_str(part.trim_end_matches('\r')),
            None => break,
        }
    }
    if first.is_empty() || first.trim_end().eq_ignore_ascii_case("BEGIN:VCALENDAR") {
        return Ok(()); // of what is empty the reader tells
    }
    Err("this is not the text of a calendar: it does not begin with `BEGIN:VCALENDAR`".into())
}

/// What a calendar says about itself.
fn check(calendar: &Component, times: &mut Times) -> Result<(), String> {
    let says = |line: &&Line, words: &[&str]| words.iter().any(|word| line.value().eq_ignore_ascii_case(word));
    if let Some(line) = calendar.one("CALSCALE", &mut times.quirks)?.filter(|line| !says(line, &["GREGORIAN", ""])) {
        return Err(line.bad("but only `GREGORIAN` dates can be read"));
    }
    // Its events are called off, asked for, or answered.
    let method = calendar.one("METHOD", &mut times.quirks)?;
    if let Some(line) = method.filter(|line| !says(line, &["PUBLISH", "REQUEST", "ADD", ""])) {
        match times.effect {
            Effect::Freeze => {
                times.quirks.note(line.number, "a `METHOD` that puts nothing in force counts in a freeze all the same");
            }
            Effect::Allow => return Err(line.bad("which puts nothing in force, and this window allows")),
        }
    }
    // AWS Change Calendar: whether its events are when changes may not be made, or when they may.
    let (name, other) = match times.effect {
        Effect::Freeze => {
            ("DEFAULT_CLOSED", "`X-CALENDAR-TYPE:DEFAULT_CLOSED` is for an allow window, and this one freezes")
        }
        Effect::Allow => ("DEFAULT_OPEN", "`X-CALENDAR-TYPE:DEFAULT_OPEN` is for a freeze window, and this one allows"),
    };
    let kind = calendar.one("X-CALENDAR-TYPE", &mut times.quirks)?;
    if let Some(line) = kind.filter(|line| line.value().replace('-', "_").eq_ignore_ascii_case(name)) {
        times.quirks.note(line.number, other);
    }
    Ok(())
}

/// Puts events with a `RECURRENCE-ID` in the place of the occurrences that they are about.
fn replace(events: &mut [Event], times: &mut Times) -> Result<(), String> {
    let latest = versions(events, times);
    let (mut replaced, mut looked_at) = (Vec::new(), 0);
    for event in events.iter() {
        let Some(when) = event.replaces else { continue };
        let series = match event.uid {
            Some(uid) => latest.get(&(uid, None)).copied(),
            None => only_series(events, event, when, times, &mut looked_at)?,
        };
        match series {
            Some(series) if event.takes_over => replaced.push((series, event.line, when)),
            Some(_) => times.quirks.note(
                event.line,
                "an event that is not certain, or takes no time, leaves the occurrence in place that it is about",
            ),
            None => times.quirks.note(event.line, "a `RECURRENCE-ID` whose event is not in the calendar stands alone"),
        }
    }
    for (series, line, when) in replaced {
        if let Some(occurrences) = &mut events[series].occurrences {
            occurrences.remove(line, when, times)?;
        }
    }
    Ok(())
}

/// Of several versions of an event the place of the one with the highest `SEQUENCE`, and of those of the last.
fn versions<'c>(events: &mut [Event<'c>], times: &mut Times) -> BTreeMap<(&'c str, Option<Instant>), usize> {
    let mut latest = BTreeMap::new();
    for at in 0..events.len() {
        let event = &events[at];
        let Some(uid) = event.uid else { continue };
        match latest.entry((uid, event.replaces.map(|when| times.instant(when)))) {
            Entry::Vacant(entry) => _ = entry.insert(at),
            Entry::Occupied(mut entry) => {
                let other = &events[*entry.get()];
                let is_later = event.sequence >= other.sequence;
                let is_open = event.sequence == other.sequence && other.occurrences.is_none();
                let (line, older) = (event.line, if is_later { entry.insert(at) } else { at });
                match times.effect {
                    Effect::Freeze => times.quirks.note(line, "several events of one `UID` all count in a freeze"),
                    Effect::Allow => {
                        times.quirks.note(line, "of several events of one `UID` the last version counts");
                        events[older].occurrences = None;
                        if is_open {
                            events[at].occurrences = None;
                        }
                    }
                }
            }
        }
    }
    latest
}

/// The place of the one event that has an occurrence for a `RECURRENCE-ID` without a `UID`.
fn only_series(
    events: &[Event],
    event: &Event,
    when: When,
    times: &mut Times,
    looked_at: &mut usize,
) -> Result<Option<usize>, String> {
    let mut found = Vec::new();
    let mut near = Vec::new();
    for (place, series) in events.iter().enumerate().filter(|(_, series)| series.replaces.is_none()) {
        let Some(occurrences) = &series.occurrences else { continue };
        *looked_at += 1;
        if *looked_at > MAX_EVENTS {
            let line = event.line;
            return Err(format!(
                "line {line}: too many events with a `RECURRENCE-ID` and no `UID`; give them their `UID`"
            ));
        }
        match occurrences.has(when, times) {
            Some(true) => found.push(place),
            Some(false) => near.push(place),
            None => {}
        }
    }
    // What `Occurrences::remove` would take out of an allow window.
    if found.is_empty() && times.effect == Effect::Allow {
        found = near;
    }
    match found.as_slice() {
        [one] => Ok(Some(*one)),
        [] if !event.is_cancelled => Ok(None),
        _ if event.is_cancelled || times.effect == Effect::Allow => {
            let (line, count) = (event.line, found.len());
            Err(format!(
                "line {line}: an event with a `RECURRENCE-ID` and no `UID` may be about {count} events; give it the `UID` of one"
            ))
        }
        _ => Ok(None),
    }
}

/// One rule for all starts of one zone that last equally long.
fn shared(((zone, length), mut starts): ((ZoneId, Length), Vec<Local>)) -> Rule {
    let mut all = Starts::once(starts.pop().unwrap_or_default());
    all.add(starts);
    Rule { zone, starts: all, end: length.end() }
}

#[cfg(test)]
mod tests;
