//! JSON that is read in full and not kept.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::text::numbers::any;
use crate::text::object::Key;

/// Any JSON value, read in full, of which nothing is kept but maybe its text: unlike serde's own, it refuses what is no Unicode text.
pub(super) struct Skimmed<T>(pub(super) T);

pub(super) type Skipped = Skimmed<()>;

/// What is kept of a text. Where that is nothing, no text is copied: of a long list most are such.
pub(super) trait Kept<'de>: Default {
    fn borrowed(text: &'de str) -> Self;
    fn copied(text: &str) -> Self;
}

impl Kept<'_> for () {
    fn borrowed(_: &str) -> Self {}

    fn copied(_: &str) -> Self {}
}

impl<'de> Kept<'de> for Option<Cow<'de, str>> {
    fn borrowed(text: &'de str) -> Self {
        Some(Cow::Borrowed(text))
    }

    fn copied(text: &str) -> Self {
        Some(Cow::Owned(text.to_owned()))
    }
}

impl<'de, T: Kept<'de>> Deserialize<'de> for Skimmed<T> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        any(json, Self(T::default()))
    }
}

impl<'de, T: Kept<'de>> Visitor<'de> for Skimmed<T> {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self, E> {
        Ok(Self(T::borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self, E> {
        Ok(Self(T::copied(text)))
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self, A::Error> {
        while seq.next_element::<Skipped>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self, A::Error> {
        while map.next_key::<Key<'de>>()?.is_some() {
            map.next_value::<Skipped>()?;
        }
        Ok(self)
    }
}
