//! The closures as an iCalendar document (RFC 5545) that calendar programs subscribe to.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};

use crate::budget::Budget;
use crate::freeze::Freeze;
use crate::schedule::NEVER;
use crate::text::printable;
use crate::time::{self, Instant};

use super::agenda::{Agenda, ListedClosure};

/// A line's length in bytes, from which it is folded.
const LONGEST_LINE: usize = 75;

/// The steps of writing an event, besides its texts.
const EVENT: u64 = 300;

/// The document: the closures, and those of the freezes that have an end. `title` says whose they are; a closure without an
/// end is told until `last`.
pub(crate) fn calendar(
    agenda: &Agenda<'_>,
    freezes: &[Freeze<'_>],
    title: &str,
    now: DateTime<Utc>,
    last: Instant,
    budget: &Budget,
) -> String {
    let mut document = String::new();
    let mut line = |name: &str, value: &str| fold(&mut document, &[name, ":", value].concat());
    line("BEGIN", "VCALENDAR");
    line("VERSION", "2.0");
    line("PRODID", "-//nodeploy//freeze windows//EN");
    line("CALSCALE", "GREGORIAN");
    line("NAME", &text(title));
    line("X-WR-CALNAME", &text(title));
    line("REFRESH-INTERVAL;VALUE=DURATION", "PT1H");
    for freeze in freezes {
        let reason = freeze.reason().unwrap_or_default();
        if !budget.spend(EVENT + 4 * reason.len() as u64) {
            break;
        }
        let Some(end) = freeze.held(now).until.filter(|until| *until > now.timestamp()).and_then(basic) else {
            continue;
        };
        let start = freeze.since().map_or(now, |since| since.min(now));
        line("BEGIN", "VEVENT");
        line("UID", &format!("freeze-{}@{title}.nodeploy", hex(&freeze.id)));
        line("DTSTAMP", &basic(now.timestamp()).unwrap_or_default());
        line("DTSTART", &basic(start.timestamp()).unwrap_or_default());
        line("DTEND", &end);
        line("SUMMARY", &text(&format!("{title}: frozen by {}", freeze.by().unwrap_or("somebody"))));
        if !reason.is_empty() {
            line("DESCRIPTION", &text(reason));
        }
        line("TRANSP", "TRANSPARENT");
        line("END", "VEVENT");
    }
    for listed in &agenda.closures {
        let ListedClosure { window, time, .. } = listed;
        let name = window.map_or("outside allow windows", |window| &window.name);
        if !budget.spend(EVENT + window.map_or(0, |window| 4 * window.why.cost())) {
            break;
        }
        let Some(start) = basic(time.start.max(time::FIRST)) else { continue };
        let end = if time.end == NEVER { last.max(time.start + 1).min(time::LAST) } else { time.end };
        let Some(end) = basic(end) else { continue };
        line("BEGIN", "VEVENT");
        // No name is empty, so the time outside allow windows is none's. People put calendars of environments together.
        let id = window.map_or_else(String::new, |window| hex(&window.name));
        // When a gap that is on has begun is not known; its end is the same in each export.
        let place = if window.is_some() { &start } else { &end };
        line("UID", &format!("{place}-{id}@{title}.nodeploy"));
        line("DTSTAMP", &basic(now.timestamp()).unwrap_or_default());
        line("DTSTART", &start);
        line("DTEND", &end);
        line("SUMMARY", &text(&format!("{title}: {name}")));
        if let Some(words) = window.and_then(|window| window.why.words()) {
            line("DESCRIPTION", &text(&words));
        }
        line("TRANSP", "TRANSPARENT"); // nobody's own time is taken
        line("END", "VEVENT");
    }
    line("END", "VCALENDAR");
    document
}

/// `20261224T180000Z`
fn basic(at: Instant) -> Option<String> {
    let text = time::rfc3339(time::at(at)?);
    Some(text.chars().filter(|c| !matches!(c, '-' | ':')).collect())
}

/// A value of text: its line breaks as RFC 5545 has them, and each line of it printable, since a pipeline may print the file.
fn text(plain: &str) -> String {
    let mut escaped = String::with_capacity(plain.len());
    for (at, line) in plain.lines().enumerate() {
        escaped.push_str(if at > 0 { "\\n" } else { "" });
        for c in printable(&line.replace('\t', " ")).chars() {
            escaped.extend(matches!(c, '\\' | ';' | ',').then_some('\\').into_iter().chain([c]));
        }
    }
    escaped
}

fn hex(name: &str) -> String {
    name.bytes().fold(String::new(), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Adds a line, folded between characters, with CRLF. Two colons never stand together: what goes on after a blank
/// could begin with `::`, which GitHub obeys.
fn fold(document: &mut String, line: &str) {
    let (mut length, mut last) = (0, ' ');
    for c in line.chars() {
        if length + c.len_utf8() > LONGEST_LINE || (last, c) == (':', ':') {
            document.push_str("\r\n ");
            length = 1;
        }
        document.push(c);
        length += c.len_utf8();
        last = c;
    }
    document.push_str("\r\n");
}
