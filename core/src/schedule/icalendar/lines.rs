//! Content lines: unfolded, and split into a name, parameters and a value.

use std::borrow::Cow;
use std::ops::Range;

use crate::text::{excerpt, is_any, meant};

use super::quirks::Quirks;

const MAX_BYTES: usize = 1 << 20;
const MAX_LINES: usize = 100_000;

/// `DTSTART;TZID=Europe/Berlin:20261224T180000`, with the number of the line on which it begins.
pub(super) struct Line<'t> {
    pub(super) number: usize,
    text: Cow<'t, str>,
    /// Where its name ends.
    name: usize,
    colon: usize,
    /// Where the values of the parameters are that each date of a list is asked about: a line may be long.
    tzid: Option<Range<usize>>,
    kind: Option<Range<usize>>,
}

/// The lines of a calendar. They may end in a bare LF, or in a bare CR if all of them do; blank ones are skipped.
///
/// What is no line, and cannot have been one that tells when an event is, is left aside.
pub(super) fn unfold<'t>(text: &'t str, quirks: &mut Quirks) -> Result<Vec<Line<'t>>, String> {
    if text.len() > MAX_BYTES {
        return Err("the calendar is larger than 1 MiB; export only what is still to come".into());
    }
    let mut lines: Vec<(usize, Cow<'_, str>)> = Vec::new();
    for (at, line) in text.split(line_end(text)).enumerate() {
        if at == MAX_LINES {
            return Err("the calendar has more than 100,000 lines; export only what is still to come".into());
        }
        // Files put together of several have their byte order marks in the middle.
        let line = line.trim_start_matches('\u{feff}').trim_end_matches('\r');
        // To some programs it ends a line, to others it is a part of a text.
        if let Some(rest) = line.split('\r').skip(1).find(|rest| is_property(rest)) {
            return Err(format!(
                "line {}: before `{}` stands a carriage return alone, which may end a line; let all lines end alike",
                at + 1,
                excerpt(rest.trim())
            ));
        }
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(rest), Some((_, folded))) => {
                if is_property(rest) {
                    return Err(format!(
                        "line {}: `{}` is indented, which makes it a part of the line before; begin it at the margin",
                        at + 1,
                        excerpt(rest.trim())
                    ));
                }
                folded.to_mut().push_str(rest);
            }
            _ if line.trim().is_empty() => {}
            _ => lines.push((at + 1, line.into())),
        }
    }
    let mut read: Vec<Line> = Vec::with_capacity(lines.len());
    for (number, text) in lines {
        match Line::new(number, text) {
            Ok(line) => {
                if line.text[line.name..].starts_with(' ') {
                    quirks.note(number, "a blank after the name of a property is no part of it");
                }
                read.push(line);
            }
            Err(text) if is_aside(&text, read.last()) => {
                quirks.note(number, "what is no line of a calendar, and says nothing of time, is left aside");
            }
            Err(text) => {
                let text = excerpt(&text);
                return Err(format!("line {number}: `{text}` is not a line of a calendar, such as `NAME:value`"));
            }
        }
    }
    Ok(read)
}

/// Whether a text that is no line is a property with a name or quotes that none may have, the rest of a text with a
/// line break in it, or a comment behind the calendar, as Outlook's feeds have it; and none that `TELLING` has.
fn is_aside(text: &str, last: Option<&Line>) -> bool {
    let Some(last) = last else { return false };
    if text.starts_with("<!--") && text.ends_with("-->") {
        return last.is("END");
    }
    let name = text.split([':', ';']).next().unwrap_or_default();
    if name.len() < text.len() {
        // Letters of another alphabet may look like those of `DTSTART`.
        return name.is_ascii() && !name.trim().is_empty() && !may_tell(name);
    }
    let is_after_text = !is_any(last.name(), &TELLING);
    is_after_text && !may_tell(text.split_whitespace().next().unwrap_or_default())
}

/// Whether a name is one of `TELLING`, with whatever else in it.
fn may_tell(name: &str) -> bool {
    let letters =
        |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
    let mut words = name.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let is_own = is_foreign(name);
    let has = letters(name);
    let is_known = |known: &str| {
        let known = letters(known);
        if is_own { has == known } else { known.len() > 4 && has.contains(&known) }
    };
    let of_others = ["CDO", "ALLDAY", "CALENDARTYPE"].iter().any(|known| has.contains(known));
    of_others || TELLING.iter().any(|known| is_known(known)) || words.any(|word| is_any(word, &TELLING))
}

/// Whether it is a program's own name, which no standard has.
pub(super) fn is_foreign(name: &str) -> bool {
    name.starts_with("X-") || name.starts_with("x-")
}

/// What decides when an event is, first what may stand in any, or begins and ends a component.
const TELLING: [&str; 20] = [
    "dtstart",
    "dtend",
    "duration",
    "rrule",
    "exrule",
    "rdate",
    "exdate",
    "recurrence-id",
    "status",
    "transp",
    "begin",
    "end",
    "sequence",
    "uid",
    "method",
    "tzid",
    "tzoffsetfrom",
    "tzoffsetto",
    "x-wr-timezone",
    "calscale",
];
const OF_EVENTS: usize = 10;

/// Where all lines end in a bare CR, a program may still have put an LF behind them.
pub(super) fn line_end(text: &str) -> char {
    if text.trim_end().contains('\n') || !text.contains('\r') { '\n' } else { '\r' }
}

/// Whether the rest of a folded line, or what stands behind a bare CR, is a line of its own: it would go unseen. A text
/// that is folded there would have a blank after the colon, or small letters among the capitals.
fn is_property(rest: &str) -> bool {
    let rest = rest.trim();
    let Some((name, value)) = rest.find([':', ';']).map(|at| rest.split_at(at)) else { return false };
    let is_one_case = !name.bytes().any(|b| b.is_ascii_lowercase()) || !name.bytes().any(|b| b.is_ascii_uppercase());
    is_any(name.trim_end(), &TELLING) && is_one_case && value[1..].starts_with(|c: char| !c.is_whitespace())
}

/// Where the value begins: `TZID=GMT+05:30` or `TZID=(UTC+01:00) Amsterdam, Berlin` is often not quoted, and its colon
/// is not the one. No date has any.
fn after_offset(text: &str, colon: usize) -> usize {
    let (head, value) = (&text[..colon], &text[colon + 1..]);
    let param = head.rsplit(';').next().unwrap_or_default();
    let is_tzid = param.get(..5).is_some_and(|name| name.eq_ignore_ascii_case("TZID="));
    let hours = param.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_cut = is_tzid && hours.ends_with(['+', '-']) && [1, 2].contains(&(param.len() - hours.len()));
    let has_minutes = is_cut && value.bytes().take_while(u8::is_ascii_digit).count() == 2;
    value.rfind(':').filter(|_| has_minutes).map_or(colon, |last| colon + 1 + last)
}

impl<'t> Line<'t> {
    /// Gives back what is no line.
    fn new(number: usize, text: Cow<'t, str>) -> Result<Self, Cow<'t, str>> {
        let text = match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim_end()),
            Cow::Owned(text) => Cow::Owned(text.trim_end().to_owned()),
        };
        let mut quoted = false;
        let colon = text.bytes().position(|byte| {
            quoted ^= byte == b'"';
            byte == b':' && !quoted
        });
        let name = text.split([';', ':']).next().unwrap_or_default().trim_end_matches(' ');
        match colon {
            Some(colon) if !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') => {
                let name = name.len();
                let colon = after_offset(&text, colon);
                let mut line = Self { number, text, name, colon, tzid: None, kind: None };
                (line.tzid, line.kind) = (line.find("TZID"), line.find("VALUE"));
                Ok(line)
            }
            _ => Err(text),
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.text[..self.name]
    }

    pub(super) fn is(&self, name: &str) -> bool {
        self.name().eq_ignore_ascii_case(name)
    }

    pub(super) fn value(&self) -> &str {
        self.text[self.colon + 1..].trim()
    }

    /// The value as text: `\n`, `\,`, `\;` and `\\` stand for a line break, a comma, a semicolon and a backslash.
    pub(super) fn text(&self) -> String {
        let (mut text, mut is_escaped) = (String::new(), false);
        for c in self.value().chars() {
            match c {
                '\\' if !is_escaped => is_escaped = true,
                c => {
                    text.push(if is_escaped && matches!(c, 'n' | 'N') { '\n' } else { c });
                    is_escaped = false;
                }
            }
        }
        text
    }

    /// The value of a parameter, without its quotes.
    pub(super) fn param(&self, name: &str) -> Option<&str> {
        self.find(name).map(|at| &self.text[at])
    }

    /// The same of `TZID`, without a search.
    pub(super) fn tzid(&self) -> Option<&str> {
        self.tzid.clone().map(|at| &self.text[at])
    }

    /// The same of `VALUE`.
    pub(super) fn kind(&self) -> Option<&str> {
        self.kind.clone().map(|at| &self.text[at])
    }

    /// The property that its name may have been meant for: with a slip it would go unseen.
    pub(super) fn meant(&self) -> Option<&'static str> {
        meant(self.name(), &TELLING[..OF_EVENTS]).filter(|meant| !self.is(meant))
    }

    /// A parameter that no time has, where none says its zone.
    pub(super) fn stray(&self) -> Option<&str> {
        let is_stray = |part: &&str| {
            let key = part.split('=').next().unwrap_or_default().trim();
            !is_foreign(key) && !is_any(key, &["", "VALUE", "RANGE", "DERIVED", "JSID"])
        };
        if self.tzid.is_some() { None } else { self.parameters().find(is_stray) }
    }

    fn parameters(&self) -> impl Iterator<Item = &str> {
        let mut quoted = false;
        let parts = self.text[..self.colon].split(move |c: char| {
            quoted ^= c == '"';
            c == ';' && !quoted
        });
        parts.skip(1)
    }

    fn find(&self, name: &str) -> Option<Range<usize>> {
        let mut params = self.parameters().filter_map(|part| part.split_once('='));
        let (_, value) = params.find(|(key, _)| key.trim().eq_ignore_ascii_case(name))?;
        let value = value.trim().trim_matches('"');
        let begin = value.as_ptr().addr() - self.text.as_ptr().addr();
        Some(begin..begin + value.len())
    }

    /// `VALUE=DATE`, whatever its value is.
    pub(super) fn says_date(&self) -> bool {
        self.kind().is_some_and(|kind| kind.eq_ignore_ascii_case("DATE"))
    }

    /// `true` if it says the same as another line of the same name.
    pub(super) fn repeats(&self, other: &Self) -> bool {
        self.text.eq_ignore_ascii_case(&other.text)
    }

    /// An error about this line; `what` follows the property's name.
    pub(super) fn error(&self, what: &str) -> String {
        format!("line {}: `{}` {what}", self.number, excerpt(&self.name().to_ascii_uppercase()))
    }

    /// An error that shows the value.
    pub(super) fn bad(&self, what: &str) -> String {
        self.error(&format!("is `{}`, {what}", excerpt(self.value())))
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_BYTES, MAX_LINES, Quirks, unfold};

    #[test]
    fn lines_are_unfolded() {
        let text = "\u{feff}A:1\r\nB:x\r\n y\r\n\t z\r\n\r\n  \nC:ü\n  ü\n\u{feff}D:\r\r\n";
        let lines = unfold(text, &mut Quirks::default()).expect("lines");
        let lines: Vec<_> = lines.iter().map(|line| (line.number, line.name(), line.value())).collect();
        assert_eq!(lines, [(1, "A", "1"), (2, "B", "xy z"), (7, "C", "ü ü"), (9, "D", "")]);
        let lines = unfold("A:1\rB:2\r 3\r", &mut Quirks::default()).expect("lines");
        let lines: Vec<_> = lines.iter().map(|line| (line.number, line.name(), line.value())).collect();
        assert_eq!(lines, [(1, "A", "1"), (2, "B", "23")]);
    }

    #[test]
    fn parameters_may_be_quoted() {
        let text = "dtstart;X=1; tzid = \"(UTC+01:00) Amsterdam; Berlin\";value=DATE:2026:\"";
        let lines = unfold(text, &mut Quirks::default()).expect("lines");
        assert!(lines[0].is("DTSTART"));
        assert_eq!(lines[0].param("TZID"), Some("(UTC+01:00) Amsterdam; Berlin"));
        assert_eq!(lines[0].param("VALUE"), Some("DATE"));
        assert_eq!(lines[0].param("DTSTART"), None);
        assert_eq!(lines[0].value(), "2026:\"");
    }

    #[test]
    fn what_is_no_line_is_named() {
        for (text, line, shown) in [
            ("A:1\nBEGIN", 2, "BEGIN"),
            (" A:1", 1, "A:1"),
            ("A:1\n\n:x", 3, ":x"),
            ("DTSTART;TZID=\"x:y", 1, "DTSTART;TZID=\"x:y"),
            ("Ä:x\u{1b}", 1, "Ä:x\\u{1b}"),
            ("A:1\nDTSTАRT:1", 2, "DTSTАRT:1"),
            ("A:1\nITEM1.DTSTART:1", 2, "ITEM1.DTSTART:1"),
            ("A:1\nX-WR_TIMEZONE:1", 2, "X-WR_TIMEZONE:1"),
            ("A:1\nDT_START:1", 2, "DT_START:1"),
            ("A:1\nRRULE FREQ=DAILY", 2, "RRULE FREQ=DAILY"),
            ("A:1\nDTSTART20261224", 2, "DTSTART20261224"),
            ("RRULE:FREQ=DAILY\nand more", 2, "and more"),
            ("A:1\n<!-- DTSTART -->", 2, "<!-- DTSTART -->"),
        ] {
            let error = format!("line {line}: `{shown}` is not a line of a calendar, such as `NAME:value`");
            assert_eq!(unfold(text, &mut Quirks::default()).err(), Some(error), "{text}");
        }
    }

    #[test]
    fn what_says_nothing_of_time_is_left_aside() {
        for text in [
            "X-FOO_BAR:1",
            "ITEM1.X-FOO:1",
            "ATTENDEE;CN=O\"Brien:mailto:a@example.com",
            "and the rest of it",
            "Where we are: at home; or not",
            "Überall",
        ] {
            let mut quirks = Quirks::default();
            let text = format!("DESCRIPTION:x\n{text}\nB:2");
            assert_eq!(unfold(&text, &mut quirks).map(|lines| lines.len()), Ok(2), "{text}");
            assert_eq!(quirks.into_list().len(), 1, "{text}");
        }
        let mut quirks = Quirks::default();
        assert!(unfold("END:VCALENDAR\n<!-- Copyright: no one -->", &mut quirks).is_ok());
        let lines = unfold("DTSTART :1", &mut quirks).expect("a line");
        assert!(lines[0].is("DTSTART"));
        assert_eq!(quirks.into_list().len(), 2);
    }

    #[test]
    fn an_offset_need_not_be_quoted() {
        for (text, zone, value) in [
            ("A;TZID=GMT+05:30:2026", "GMT+05:30", "2026"),
            ("A;X=1;TZID=(GMT -3:00):2026", "(GMT -3:00)", "2026"),
            ("A;TZID=UTC+01:20260105T080000", "UTC+01", "20260105T080000"),
            ("A;TZID=(UTC+01:00) Rome, Vienna:2026,2027", "(UTC+01:00) Rome, Vienna", "2026,2027"),
            ("A;TZID=(UTC-05:00) US & Canada;X=1:2026", "(UTC-05:00) US & Canada", "2026"),
        ] {
            let lines = unfold(text, &mut Quirks::default()).expect("a line");
            assert_eq!((lines[0].tzid(), lines[0].value()), (Some(zone), value), "{text}");
        }
    }

    #[test]
    fn a_calendar_has_limits() {
        assert!(unfold(&" ".repeat(MAX_BYTES), &mut Quirks::default()).is_ok());
        assert!(unfold(&" ".repeat(MAX_BYTES + 1), &mut Quirks::default()).is_err());
        assert!(unfold(&"\n".repeat(MAX_LINES - 1), &mut Quirks::default()).is_ok());
        assert!(unfold(&"\n".repeat(MAX_LINES), &mut Quirks::default()).is_err());
    }
}
