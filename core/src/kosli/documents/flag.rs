//! The value of a flag: `by=steve&reason=Demo+for+blog+post&until=2024-11-01T09%3A00%3A00Z`.

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use crate::text::short;
use crate::time;

use super::tags::TagValue;

/// What one freeze's tag, or one `nodeploy-on`, says of it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Words<'t> {
    pub(crate) by: Option<Cow<'t, str>>,
    pub(crate) reason: Option<Cow<'t, str>>,
    pub(crate) until: Until,
}

/// When a freeze ends automatically. What cannot be read does not end.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Until {
    #[default]
    Never,
    Unreadable,
    At(DateTime<Utc>),
}

impl Until {
    pub(crate) fn read(text: &str) -> Self {
        time::parse(text).map_or(Self::Unreadable, Self::At)
    }

    pub(crate) fn at(self) -> Option<DateTime<Utc>> {
        match self {
            Self::At(time) => Some(time),
            Self::Never | Self::Unreadable => None,
        }
    }

    /// `true` if it is the earlier end; what cannot be read, or is never, is none.
    pub(crate) fn ends_before(self, other: Self) -> bool {
        self.at().is_some_and(|end| other.at().is_none_or(|other| end < other))
    }

    /// `true` once the end has come; an end is the first instant that is no longer frozen.
    pub(crate) fn has_passed(self, now: DateTime<Utc>) -> bool {
        self.at().is_some_and(|until| until <= now)
    }
}

impl<'t> Words<'t> {
    /// The flag that says these words; its reason is cut, the record's is not.
    pub(crate) fn to_flag(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if let Some(by) = &self.by {
            query.append_pair("by", by);
        }
        if let Some(reason) = &self.reason {
            query.append_pair("reason", short(reason));
        }
        if let Some(until) = self.until.at() {
            query.append_pair("until", &time::rfc3339(until));
        }
        query.finish()
    }

    /// Reads a flag; what it does not say is `None`, never an error: an unreadable flag is a freeze.
    pub(crate) fn from_flag(value: &TagValue<'t>) -> Self {
        match value {
            TagValue::Text(Cow::Borrowed(query)) => Self::from_query(query),
            TagValue::Text(Cow::Owned(query)) => Words::from_query(query).into_owned(),
            TagValue::Other(_) => Self::default(),
        }
    }

    /// The same words, whatever they were read from.
    pub(crate) fn into_owned<'o>(self) -> Words<'o> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        Words { by: self.by.map(owned), reason: self.reason.map(owned), until: self.until }
    }

    fn from_query(query: &'t str) -> Self {
        let mut words = Self::default();
        let mut until = None;
        let mut rest = query;
        while !rest.is_empty() {
            let (pair, others) = cut(rest, b'&');
            let (key, value) = cut(pair, b'=');
            let (key, value) = (decoded(key), decoded(value));
            rest = others;
            match &*key {
                "by" if !value.is_empty() => words.by = Some(value),
                "reason" if !value.is_empty() => words.reason = Some(value),
                "until" => {
                    let said = Until::read(&value);
                    // Said twice, and not the same: nobody knows which.
                    until = Some(if until.is_none_or(|other| other == said) { said } else { Until::Unreadable });
                }
                _ => {}
            }
        }
        Self { until: until.unwrap_or_default(), ..words }
    }
}

/// What stands before a byte, and what behind it.
fn cut(text: &str, byte: u8) -> (&str, &str) {
    text.bytes().position(|b| b == byte).map_or((text, ""), |at| (&text[..at], &text[at + 1..]))
}

/// A key or a value of a query: `+` is a blank, `%2C` a byte. The library reads each four times.
fn decoded(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| matches!(byte, b'+' | b'%')) {
        return Cow::Borrowed(text);
    }
    let mut bytes: Vec<u8> = text.bytes().map(|byte| if byte == b'+' { b' ' } else { byte }).collect();
    if let Some(first) = text.bytes().position(|byte| byte == b'%') {
        let (mut from, mut to) = (first, first);
        while let Some(&at) = bytes.get(from) {
            let told = if let [b'%', high, low, ..] = bytes[from..] { byte(high, low) } else { None };
            bytes[to] = told.unwrap_or(at);
            (from, to) = (from + if told.is_some() { 3 } else { 1 }, to + 1);
        }
        bytes.truncate(to);
    }
    let text = String::from_utf8(bytes);
    Cow::Owned(text.unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

/// What two hexadecimal digits say.
fn byte(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(high)? << 4 | digit(low)?).ok()
}

#[cfg(test)]
mod tests {
    use super::{Until, Words, decoded};
    use crate::kosli::documents::tags::TagValue;
    use crate::time;

    #[test]
    fn a_flag_says_again_what_went_in() {
        for (by, reason) in [("steve", "Demo for blog post"), ("a&b=c", "50% \"off\", ü\r\n"), ("日本", "+ +")] {
            let until = Until::At(time::parse("2024-11-01T09:00:00Z").expect("an instant"));
            let words = Words { by: Some(by.into()), reason: Some(reason.into()), until };
            assert_eq!(Words::from_flag(&TagValue::Text(words.to_flag().into())), words);
        }
    }

    #[test]
    fn a_value_is_what_the_library_reads() {
        let parts = ["%", "2", "C", "+", "=", "ü", "f", "%C3%BC", "%ff"];
        let mut texts = vec![String::new()];
        for _ in 0..5 {
            let longer = texts.iter().flat_map(|text| parts.map(|part| text.to_owned() + part));
            texts = longer.collect();
            for text in &texts {
                let pair = format!("by={text}");
                let (_, value) = form_urlencoded::parse(pair.as_bytes()).next().expect("a pair");
                assert_eq!(decoded(text), value, "{text}");
            }
        }
    }

    const TWO: &str = "until=2030-01-01T00:00:00Z&until=2024-01-01T00:00:00Z";
    const TWO_OF_THREE: &str = "until=2024-01-01T00:00:00Z&until=&until=2024-01-01T00:00:00Z";

    #[test]
    fn an_unreadable_flag_is_a_freeze_that_does_not_expire() {
        for value in
            ["", "true", "&&=", "until=tomorrow", "until=", "by=%ff&until=2024-13-01T00:00:00Z", TWO, TWO_OF_THREE]
        {
            let words = Words::from_flag(&TagValue::Text(value.into()));
            assert_eq!(words.until.at(), None, "{value}");
        }
        assert_eq!(Words::from_flag(&TagValue::Other("null")), Words::default());
    }
}
