//! Texts that are borrowed from their document, where they have no escapes.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Visitor};
use serde_json::value::RawValue;

use crate::text::has;

/// An object's key, borrowed from the document where it has no escapes.
pub(crate) struct Key<'de>(pub(crate) Cow<'de, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_str(Borrower("a key")).map(Self)
    }
}

/// The same of a value.
pub(crate) struct Lent<'de>(pub(crate) Cow<'de, str>);

impl<'de> Deserialize<'de> for Lent<'de> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_str(Borrower("a string")).map(Self)
    }
}

/// What a text is, as it stands in its document. `serde_json` has looked for its end, and found no control character on the
/// way: where there is no escape, nothing is left to read.
pub(crate) fn text_of(json: &RawValue) -> serde_json::Result<Cow<'_, str>> {
    let quoted = json.get().strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    match quoted.filter(|text| !has(text, b'\\')) {
        Some(text) => Ok(Cow::Borrowed(text)),
        None => serde_json::from_str::<Lent<'_>>(json.get()).map(|Lent(text)| text),
    }
}

/// Takes a text, and says what else was expected.
struct Borrower(&'static str);

impl<'de> Visitor<'de> for Borrower {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}
