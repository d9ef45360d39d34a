//! Components: what stands between a `BEGIN` and its `END`.

use crate::text::{excerpt, is_any, meant};

use super::lines::{Line, is_foreign, unfold};
use super::quirks::Quirks;

/// A document that goes deeper is not a calendar that people use.
const MAX_DEPTH: usize = 10;

/// So many names that are known to be no slips are not looked at again.
const MOST_NAMES: usize = 60;

pub(super) struct Component<'t> {
    /// In capitals.
    pub(super) name: String,
    /// The number of its first line.
    pub(super) line: usize,
    pub(super) lines: Vec<Line<'t>>,
    pub(super) parts: Vec<Component<'t>>,
}

/// The calendars of a document: one, or several one after another.
pub(super) fn read<'t>(text: &'t str, quirks: &mut Quirks) -> Result<Vec<Component<'t>>, String> {
    let mut done: Vec<Component> = Vec::new();
    let mut open: Vec<Component> = Vec::new();
    let mut plain = vec!["DTSTAMP".to_owned()];
    for line in unfold(text, quirks)? {
        if line.is("BEGIN") {
            open.push(begin(&line, &open)?);
        } else if line.is("END") {
            let ended = open.pop().filter(|part| part.name.eq_ignore_ascii_case(line.value()));
            let ended = ended.ok_or_else(|| line.bad("which is not what has begun last"))?;
            open.last_mut().map_or(&mut done, |outer| &mut outer.parts).push(ended);
        } else {
            let Some(part) = open.last_mut() else {
                return Err(line.error("stands outside of `BEGIN:VCALENDAR`"));
            };
            if is_any(&part.name, &["VEVENT", "STANDARD", "DAYLIGHT"]) {
                refuse_slip(&line, &mut plain)?;
            }
            part.lines.push(line);
        }
    }
    if let Some(Component { name, line, .. }) = open.last() {
        let name = excerpt(name);
        return Err(format!("line {line}: `BEGIN:{name}` has no `END:{name}`; is the calendar cut short?"));
    }
    if done.is_empty() {
        return Err("the calendar is empty: it has no `BEGIN:VCALENDAR`".into());
    }
    Ok(done)
}

/// An error if it is none that an event has, and may have been meant for one.
fn refuse_slip(line: &Line, plain: &mut Vec<String>) -> Result<(), String> {
    let name = line.name();
    if plain.iter().any(|known| known.eq_ignore_ascii_case(name)) || is_foreign(name) {
        return Ok(());
    }
    if let Some(meant) = line.meant() {
        return Err(line.error(&did_you_mean(&meant.to_ascii_uppercase())));
    }
    if plain.len() < MOST_NAMES {
        plain.push(name.to_owned());
    }
    Ok(())
}

fn did_you_mean(name: &str) -> String {
    format!("is not known; did you mean `{name}`?")
}

/// An event in the wrong place must not go unseen: there the end of what is around it is missing.
fn begin<'t>(line: &Line, open: &[Component]) -> Result<Component<'t>, String> {
    let name = line.value().to_ascii_uppercase();
    match (name.as_str(), open.last().map(|outer| outer.name.as_str())) {
        ("VCALENDAR", None) | ("VEVENT", Some("VCALENDAR")) => {}
        (_, None) => return Err(line.bad("but a calendar begins with `BEGIN:VCALENDAR`")),
        ("VCALENDAR" | "VEVENT", Some(outer)) => {
            return Err(line.bad(&format!("but `END:{}` is still missing", excerpt(outer))));
        }
        (slip, Some("VCALENDAR")) if !is_foreign(slip) && meant(slip, &["vevent"]).is_some() => {
            return Err(line.bad(&format!("which {}", did_you_mean("VEVENT"))));
        }
        _ if open.len() >= MAX_DEPTH => return Err(line.bad("nested too deeply")),
        _ => {}
    }
    Ok(Component { name, line: line.number, lines: Vec::new(), parts: Vec::new() })
}

impl<'t> Component<'t> {
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &Line<'t>> {
        self.lines.iter().filter(move |line| line.is(name))
    }

    /// Whether it says line by line what another one does.
    pub(super) fn says_same(&self, other: &Self) -> bool {
        let same = |one: &[Line], other: &[Line]| {
            one.len() == other.len() && one.iter().zip(other).all(|(line, other)| line.repeats(other))
        };
        self.name == other.name
            && same(&self.lines, &other.lines)
            && self.parts.len() == other.parts.len()
            && self.parts.iter().zip(&other.parts).all(|(part, other)| part.says_same(other))
    }

    /// Whether it may happen more than once.
    pub(super) fn recurs(&self) -> bool {
        ["RRULE", "RDATE"].iter().any(|name| self.all(name).any(|line| !line.value().is_empty()))
    }

    /// A property that may be there once, or several times if it says the same.
    pub(super) fn one(&self, name: &str, quirks: &mut Quirks) -> Result<Option<&Line<'t>>, String> {
        let mut all = self.all(name);
        let Some(first) = all.next() else { return Ok(None) };
        for other in all {
            if !other.repeats(first) {
                return Err(other.error(&format!("is given twice in one `{}`, and differs", self.name)));
            }
            quirks.note(other.number, "a property that is given twice says the same both times");
        }
        Ok(Some(first))
    }

    /// The value of a property that may be there once and says nothing if it is empty.
    pub(super) fn value(&self, name: &str, quirks: &mut Quirks) -> Result<Option<&str>, String> {
        Ok(self.one(name, quirks)?.map(Line::value).filter(|value| !value.is_empty()))
    }

    /// A property that must be there once.
    pub(super) fn need(&self, name: &str, quirks: &mut Quirks) -> Result<&Line<'t>, String> {
        self.one(name, quirks)?.ok_or_else(|| format!("line {}: `{}` has no `{name}`", self.line, self.name))
    }
}

#[cfg(test)]
mod tests {
    use super::{Quirks, read};

    #[test]
    fn components_nest() {
        let text = "begin:vcalendar\nVERSION:2.0\nBEGIN:VEVENT\nBEGIN:VALARM\nDTSTART:x\nEND:VALARM\nUID:1\n\
                    END:Vevent\nEND:VCALENDAR\nBEGIN:VCALENDAR\nEND:VCALENDAR\n";
        let calendars = read(text, &mut Quirks::default()).expect("two calendars");
        assert_eq!(calendars.len(), 2);
        let event = &calendars[0].parts[0];
        assert_eq!((event.name.as_str(), event.line, event.lines.len(), event.parts.len()), ("VEVENT", 3, 1, 1));
        assert!(
            event
                .need("DTSTART", &mut Quirks::default())
                .is_err_and(|error| error == "line 3: `VEVENT` has no `DTSTART`")
        );
    }

    #[test]
    fn what_is_cut_or_misplaced_is_an_error() {
        for (text, error) in [
            ("", "the calendar is empty: it has no `BEGIN:VCALENDAR`"),
            ("\u{feff}\r\n \r\n", "the calendar is empty: it has no `BEGIN:VCALENDAR`"),
            ("X:1\nBEGIN:VCALENDAR", "line 1: `X` stands outside of `BEGIN:VCALENDAR`"),
            ("BEGIN:VCALENDAR\nEND:VCALENDAR\nX:1", "line 3: `X` stands outside of `BEGIN:VCALENDAR`"),
            ("BEGIN:VEVENT", "line 1: `BEGIN` is `VEVENT`, but a calendar begins with `BEGIN:VCALENDAR`"),
            ("BEGIN:VCALENDAR", "line 1: `BEGIN:VCALENDAR` has no `END:VCALENDAR`; is the calendar cut short?"),
            (
                "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1",
                "line 2: `BEGIN:VEVENT` has no `END:VEVENT`; is the calendar cut short?",
            ),
            ("BEGIN:VCALENDAR\nEND:VEVENT", "line 2: `END` is `VEVENT`, which is not what has begun last"),
            ("END:VCALENDAR", "line 1: `END` is `VCALENDAR`, which is not what has begun last"),
            (
                "BEGIN:VCALENDAR\nBEGIN:VCALENDAR",
                "line 2: `BEGIN` is `VCALENDAR`, but `END:VCALENDAR` is still missing",
            ),
            (
                "BEGIN:VCALENDAR\nBEGIN:VEVENT\nBEGIN:VEVENT",
                "line 3: `BEGIN` is `VEVENT`, but `END:VEVENT` is still missing",
            ),
        ] {
            assert_eq!(read(text, &mut Quirks::default()).err().as_deref(), Some(error), "{text}");
        }
        let deep = ["BEGIN:VCALENDAR\n", &"BEGIN:X\n".repeat(20_000)].concat();
        assert_eq!(
            read(&deep, &mut Quirks::default()).err().as_deref(),
            Some("line 11: `BEGIN` is `X`, nested too deeply")
        );
    }
}
