//! iCalendar documents (RFC 5545), read into the rules of a window.
//!
//! What cannot be understood is an error, which names its line. What is odd but has one sensible meaning is
//! taken so, and a quirk says it; where there are two, the one that closes more is taken.

mod component;
mod event;
mod length;
mod lines;
mod listed;
mod named;
mod occurrences;
mod offset;
mod overrides;
mod quirks;
mod rules;
mod standing;
mod when;
mod zone;

use crate::text::{excerpt, is_any};
use crate::time::zone::{ZoneId, Zones};

use self::component::Component;
use self::length::Length;
use self::lines::Line;
use self::occurrences::{Named, Singles};
pub(crate) use self::quirks::Quirk;
use self::quirks::Quirks;
use self::when::Times;
use super::{Effect, Rule, Starts};

const MAX_EVENTS: usize = 10_000;

/// What a calendar means.
pub(crate) struct Calendar {
    /// The rules of its events; several events may share one.
    pub(crate) rules: Vec<Rule>,
    /// How many events count.
    pub(crate) events: usize,
    /// What is odd about it, and how it was taken.
    pub(crate) quirks: Vec<Quirk>,
}

/// Reads the events of a document; those without a zone of their own are in `default_zone`.
///
/// # Errors
///
/// Says what is wrong and in which line.
pub(crate) fn read(text: &str, default_zone: ZoneId, zones: &mut Zones, effect: Effect) -> Result<Calendar, String> {
    check_beginning(text)?;
    let mut quirks = Quirks::default();
    let calendars = component::read(text, &mut quirks)?;
    let mut times = Times::new(zones, default_zone, effect)?;
    times.quirks = quirks;
    let mut events = Vec::new();
    for calendar in &calendars {
        check(calendar, &mut times)?;
        times.enter(calendar);
        let is_aside = |part: &&Component| !is_any(&part.name, &["VEVENT", "VTODO", "VJOURNAL", "VTIMEZONE"]);
        if let Some(part) = calendar.parts.iter().find(is_aside) {
            times.quirks.note_of(part.line, "only `VEVENT` counts, and this does not", Some(&excerpt(&part.name)));
        }
        for part in calendar.parts.iter().filter(|part| part.name == "VEVENT") {
            if events.len() == MAX_EVENTS {
                let line = part.line;
                return Err(format!("line {line}: more than 10,000 events; export only what is still to come"));
            }
            events.push(event::read(part, &mut times)?);
        }
    }
    overrides::replace(&mut events, &mut times)?;

    let (mut rules, mut singles) = (Vec::new(), Singles::new());
    let counting: Vec<_> = events.into_iter().filter(|event| !event.occurrences.is_empty()).collect();
    let events = counting.len();
    for event in counting {
        for occurrences in event.occurrences {
            occurrences.into_rules(&mut rules, &mut singles, event.name.as_ref(), &times);
        }
    }
    rules.extend(singles.into_iter().map(|single| shared(single, times.effect)));
    Ok(Calendar { rules, events, quirks: times.quirks.into_list() })
}

/// Whoever names another file than meant, a key or a process's variables, must not find a line of it in a log: errors
/// quote from what begins as a calendar alone.
fn check_beginning(text: &str) -> Result<(), String> {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let mut first = String::new(); // even this line may be folded
    for part in text.split(lines::line_end(text)).take(20) {
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
    let says = |line: &&Line, words: &[&str]| is_any(line.value(), words);
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

/// One rule for all starts of one zone that last equally long.
fn shared(((zone, length), starts): ((ZoneId, Length), Vec<Named>), effect: Effect) -> Rule {
    let (mut starts, names): (Vec<_>, Vec<_>) = starts.into_iter().map(|(at, name)| (at, (at, name))).unzip();
    let names = names.into_iter().filter_map(|(at, name)| Some((Some(at), name?))).collect();
    let mut all = Starts::once(starts.pop().unwrap_or_default());
    all.add(starts);
    Rule { effect, zone, starts: all, end: length.end(), names }
}

#[cfg(test)]
mod tests;
