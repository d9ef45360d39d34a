//! Structs that are read from a JSON object and from nothing else.
//!
//! serde's derived code would take an array in its place, which is none of Kosli's documents and no call.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

/// Defines structs of optional fields. `null` is a field left out, a field given twice is an error; other
/// keys are errors in a `strict` struct and skipped in an `open` one.
macro_rules! objects {
    ($($kind:ident struct $name:ident { $($field:ident = $key:literal: $type:ty,)+ })+) => { $(
        #[derive(Default)]
        struct $name { $($field: Option<$type>,)+ }

        impl crate::object::Object for $name {
            const KEYS: &'static [&'static str] = &[$($key),+];
            const IS_STRICT: bool = objects!(@ $kind);

            fn take<'de, A: serde::de::MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<bool, A::Error> {
                match key {
                    $($key => self.$field = map.next_value()?,)+
                    _ => return Ok(false),
                }
                Ok(true)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
                crate::object::read(json)
            }
        }
    )+ };
    (@ strict) => { true };
    (@ open) => { false };
}
pub(crate) use objects;

/// What [`objects`] implements.
pub(crate) trait Object: Default {
    const KEYS: &'static [&'static str];
    const IS_STRICT: bool;

    /// Reads the value of `key` into its field; `false` if there is none.
    fn take<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<bool, A::Error>;
}

pub(crate) fn read<'de, T: Object, D: Deserializer<'de>>(json: D) -> Result<T, D::Error> {
    json.deserialize_map(Reader(PhantomData))
}

/// The field, or an error that names it.
pub(crate) fn need<T>(field: Option<T>, name: &str) -> Result<T, String> {
    field.ok_or_else(|| format!("missing field `{name}`"))
}

objects! {
    open struct Named { name = "name": String, }
}

/// The `name` of any of Kosli's documents.
pub(crate) fn name(document: &str) -> Result<String, String> {
    let named: Named = serde_json::from_str(document).map_err(|error| error.to_string())?;
    need(named.name, "name")
}

struct Reader<T>(PhantomData<T>);

impl<'de, T: Object> Visitor<'de> for Reader<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with `{}`", T::KEYS[0])
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let mut object = T::default();
        let mut seen = 0_u32;
        while let Some(Key(key)) = map.next_key()? {
            if let Some(at) = T::KEYS.iter().position(|known| *known == key) {
                if seen & (1 << at) != 0 {
                    return Err(A::Error::duplicate_field(T::KEYS[at]));
                }
                seen |= 1 << at;
                object.take(T::KEYS[at], &mut map)?;
            } else if T::IS_STRICT {
                return Err(A::Error::unknown_field(&key, T::KEYS));
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(object)
    }
}

/// An object's key, borrowed from the document where it has no escapes.
pub(crate) struct Key<'de>(pub(crate) Cow<'de, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Key<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
        }
        json.deserialize_str(Text)
    }
}
