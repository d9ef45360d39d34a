//! Fields on one line, whatever is in them: what goes on a page's note to the next.

use std::borrow::Cow;

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

/// Reads a line, field by field.
pub(super) struct Fields<'l>(std::str::Split<'l, char>);

pub(super) type Read<T> = Result<T, String>;

impl<'l> Fields<'l> {
    pub(super) fn of(line: &'l str) -> Self {
        Self(line.split(' '))
    }

    pub(super) fn maybe(&mut self) -> Read<Option<String>> {
        let field = self.0.next().ok_or_else(|| "a field is missing".to_owned())?;
        if field.is_empty() {
            return Ok(None);
        }
        let (text, rest) = form_urlencoded::parse(field.as_bytes()).next().unwrap_or_default();
        let is_one = rest.is_empty() && !field.contains(['=', '&']);
        Some(text).filter(|_| is_one).map(Cow::into_owned).map(Some).ok_or_else(|| format!("`{field}` is not a field"))
    }

    pub(super) fn text(&mut self) -> Read<String> {
        self.maybe()?.ok_or_else(|| "a field is empty".to_owned())
    }

    pub(super) fn maybe_number(&mut self) -> Read<Option<i64>> {
        let read = |text: String| text.parse().map_err(|_| format!("`{text}` is not a number"));
        let number = self.maybe()?.map(read).transpose()?;
        // What is counted and what clocks show: sums of it stay numbers.
        number.map_or(Ok(None), |number: i64| {
            let is_meant = (-LARGEST..=LARGEST).contains(&number);
            if is_meant { Ok(Some(number)) } else { Err(format!("{number} is out of range")) }
        })
    }

    pub(super) fn number(&mut self) -> Read<i64> {
        self.maybe_number()?.ok_or_else(|| "a number is missing".to_owned())
    }

    pub(super) fn count(&mut self) -> Read<u64> {
        let number = self.number()?;
        u64::try_from(number).map_err(|_| format!("{number} is less than none"))
    }

    pub(super) fn flag(&mut self) -> Read<bool> {
        match self.number()? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(format!("{other} is neither 0 nor 1")),
        }
    }

    pub(super) fn end(mut self) -> Read<()> {
        self.0.next().map_or(Ok(()), |field| Err(format!("`{field}` is one field too many")))
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
            assert_eq!(fields.text().as_deref(), Ok(text));
            assert_eq!((fields.number(), fields.maybe(), fields.maybe_number()), (Ok(-7), Ok(None), Ok(None)));
            assert_eq!((fields.flag(), fields.end()), (Ok(true), Ok(())));
        }
    }

    #[test]
    fn what_is_not_understood_is_an_error() {
        for line in ["", "a", "99999999999999999", "-1", "1 2", "a=b", "x&y"] {
            let mut fields = Fields::of(line);
            assert!(fields.count().is_err() || fields.end().is_err(), "{line}");
        }
    }
}
