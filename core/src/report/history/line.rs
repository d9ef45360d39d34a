//! Fields on one line, whatever is in them: what goes on a page's note to the next.

/// Writes a line: a blank between two fields, an empty one where nothing is said.
#[derive(Default)]
pub(super) struct Line(String);

impl Line {
    pub(super) fn text(mut self, text: Option<&str>) -> Self {
        for part in form_urlencoded::byte_serialize(text.unwrap_or_default().as_bytes()) {
            self.0.push_str(part);
        }
        self.0.push(' ');
        self
    }

    pub(super) fn number(self, number: impl Into<Option<i64>>) -> Self {
        let number = number.into().map(|number| number.to_string());
        self.text(number.as_deref())
    }

    pub(super) fn flag(self, flag: bool) -> Self {
        self.number(i64::from(flag))
    }

    pub(super) fn end(mut self) -> String {
        self.0.pop();
        self.0
    }
}

/// Reads a line, field by field. What is not there, or is something else, is nothing until [`Fields::end`] says so: to ask at
/// each of them would make the module twice as large.
pub(super) struct Fields<'l> {
    fields: std::str::Split<'l, char>,
    problem: Option<&'static str>,
}

pub(super) type Read<T> = Result<T, String>;

impl<'l> Fields<'l> {
    pub(super) fn of(line: &'l str) -> Self {
        Self { fields: line.split(' '), problem: None }
    }

    pub(super) fn maybe(&mut self) -> Option<String> {
        let Some(field) = self.fields.next() else { return self.fail("a field is missing") };
        if field.is_empty() {
            return None;
        }
        if field.contains(['=', '&']) {
            return self.fail("what is in a field is not");
        }
        form_urlencoded::parse(field.as_bytes()).next().map(|(text, _)| text.into_owned())
    }

    pub(super) fn text(&mut self) -> String {
        self.maybe().unwrap_or_else(|| self.fail("a field is empty").unwrap_or_default())
    }

    pub(super) fn maybe_number(&mut self) -> Option<i64> {
        let text = self.maybe()?;
        // What is counted and what clocks show: sums of it stay numbers.
        match text.parse() {
            Ok(number) if (-LARGEST..=LARGEST).contains(&number) => Some(number),
            _ => self.fail("a number is missing or out of range"),
        }
    }

    pub(super) fn number(&mut self) -> i64 {
        self.maybe_number().unwrap_or_else(|| self.fail("a number is missing").unwrap_or_default())
    }

    pub(super) fn maybe_count(&mut self) -> Option<u64> {
        let number = self.maybe_number()?;
        u64::try_from(number).map_or_else(|_| self.fail("a count is less than none"), Some)
    }

    pub(super) fn count(&mut self) -> u64 {
        self.maybe_count().unwrap_or_else(|| self.fail("a count is missing").unwrap_or_default())
    }

    pub(super) fn flag(&mut self) -> bool {
        match self.number() {
            0 => false,
            1 => true,
            _ => self.fail::<()>("a flag is neither 0 nor 1").is_some(),
        }
    }

    /// Whether there is another field.
    pub(super) fn has_more(&self) -> bool {
        self.problem.is_none() && self.fields.clone().next().is_some()
    }

    pub(super) fn fail<T>(&mut self, problem: &'static str) -> Option<T> {
        self.problem.get_or_insert(problem);
        None
    }

    /// What was wrong with the first that was, or that there are more.
    pub(super) fn end(mut self) -> Read<()> {
        if self.fields.next().is_some() {
            self.fail::<()>("there is a field too many");
        }
        self.problem.map_or(Ok(()), |problem| Err(problem.to_owned()))
    }
}

/// More seconds than any clock shows: half a million years.
const LARGEST: i64 = 1 << 44;

#[cfg(test)]
mod tests {
    use super::{Fields, Line};

    #[test]
    fn what_is_written_is_read() {
        for text in ["a", "a b&c=d+e%20\n\0ü", "=", " ", "1"] {
            let line = Line::default().text(Some(text)).number(-7).text(None).number(None).flag(true).end();
            let mut fields = Fields::of(&line);
            assert_eq!(fields.text(), text);
            assert_eq!((fields.number(), fields.maybe(), fields.maybe_number()), (-7, None, None));
            assert_eq!((fields.flag(), fields.end()), (true, Ok(())));
        }
    }

    #[test]
    fn what_is_not_understood_is_an_error() {
        for line in ["", "a", "99999999999999999", "-1", "1 2", "a=b", "x&y"] {
            let mut fields = Fields::of(line);
            fields.count();
            assert!(fields.end().is_err(), "{line}");
        }
    }
}
