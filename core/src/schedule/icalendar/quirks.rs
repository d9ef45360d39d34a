//! What a calendar has that is odd, and how it was taken.

/// What calendars of holidays have in every event.
pub(super) const FREE: &str = "`TRANSP:TRANSPARENT` counts in a freeze";
/// Programs that know no zones write so what stays at its time of the day.
pub(super) const IN_UTC: &str =
    "an event recurs in UTC: by the window's `timezone` its time of the day changes with the clocks";

/// One that was met.
#[derive(Debug)]
pub(crate) struct Quirk {
    /// `line 5: …`
    pub(crate) text: String,
    /// It is found in many calendars, and clear: a gate need not tell of it.
    pub(crate) is_usual: bool,
}

/// Each kind with its first line and how often it was met: a calendar of a thousand oddities has a short list,
/// since the kinds are few and written out in the code. Some are of something that has a name; the first one is told.
#[derive(Default)]
pub(super) struct Quirks(Vec<Met>);

struct Met {
    kind: &'static str,
    of: Option<String>,
    line: usize,
    times: usize,
}

impl Quirks {
    pub(super) fn note(&mut self, line: usize, kind: &'static str) {
        self.note_of(line, kind, None);
    }

    /// The same, of what the calendar calls so.
    pub(super) fn note_of(&mut self, line: usize, kind: &'static str, of: Option<&str>) {
        match self.0.iter_mut().find(|known| known.kind == kind) {
            Some(known) => known.times += 1,
            None => self.0.push(Met { kind, of: of.map(str::to_owned), line, times: 1 }),
        }
    }

    pub(super) fn into_list(self) -> Vec<Quirk> {
        let quirk = |met: &Met| Quirk { text: met.text(), is_usual: [FREE, IN_UTC].contains(&met.kind) };
        self.0.iter().map(quirk).collect()
    }
}

impl Met {
    fn text(&self) -> String {
        let Self { kind, of, line, times } = self;
        let of = of.as_ref().map_or_else(String::new, |of| format!(": `{of}`"));
        let more = if *times > 1 { format!(" ({times} times in all)") } else { String::new() };
        format!("line {line}: {kind}{of}{more}")
    }
}

#[cfg(test)]
mod tests {
    use super::{FREE, Quirks};

    #[test]
    fn a_kind_is_told_once() {
        let mut quirks = Quirks::default();
        quirks.note(3, "odd");
        quirks.note(5, "strange");
        quirks.note(9, "odd");
        quirks.note_of(10, "two of one name", Some("a zone"));
        quirks.note_of(11, "two of one name", Some("another"));
        quirks.note(9, FREE);
        let told = quirks.into_list().into_iter().map(|quirk| (quirk.text, quirk.is_usual));
        let wanted = [
            ("line 3: odd (2 times in all)", false),
            ("line 5: strange", false),
            ("line 10: two of one name: `a zone` (2 times in all)", false),
            (&*format!("line 9: {FREE}"), true),
        ];
        assert!(told.eq(wanted.map(|(text, is_usual)| (text.to_owned(), is_usual))));
    }
}
