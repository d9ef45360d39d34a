//! Numbers, however `serde_json` was compiled. A crate beside this one may switch its feature `arbitrary_precision` on, for
//! all of a program: whoever takes any value is then given a number as an object of one key, whose value is its text, unless
//! it is a whole one of 64 bits.

use std::fmt;
use std::mem;

use serde::de::value::StringDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// What `serde_json` calls that key.
const NUMBER: &str = "$serde_json::private::Number";

/// Whether it does so: its own numbers hold texts then.
const ARE_TEXTS: bool = mem::needs_drop::<serde_json::Number>();

/// Takes any value, with its numbers as numbers.
pub(crate) fn any<'t, D: Deserializer<'t>, V: Visitor<'t>>(json: D, visitor: V) -> Result<V::Value, D::Error> {
    if ARE_TEXTS { json.deserialize_any(Numbers(visitor)) } else { json.deserialize_any(visitor) }
}

struct Numbers<V>(V);

impl<'t, V: Visitor<'t>> Visitor<'t> for Numbers<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_unit()
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<V::Value, E> {
        self.0.visit_bool(truth)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<V::Value, E> {
        self.0.visit_u64(number)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<V::Value, E> {
        if number == 0 { self.0.visit_f64(-0.0) } else { self.0.visit_i64(number) }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<V::Value, E> {
        self.0.visit_str(text)
    }

    fn visit_borrowed_str<E: Error>(self, text: &'t str) -> Result<V::Value, E> {
        self.0.visit_borrowed_str(text)
    }

    fn visit_seq<A: SeqAccess<'t>>(self, seq: A) -> Result<V::Value, A::Error> {
        self.0.visit_seq(seq)
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<V::Value, A::Error> {
        match map.next_key::<String>()? {
            Some(key) if key == NUMBER => {
                let text: String = map.next_value()?;
                self.0.visit_f64(serde_json::from_str(&text).map_err(|_| Error::custom("number out of range"))?)
            }
            key => self.0.visit_map(Begun { key, map }),
        }
    }
}

/// An object whose first key was looked at.
struct Begun<A> {
    key: Option<String>,
    map: A,
}

impl<'t, A: MapAccess<'t>> MapAccess<'t> for Begun<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'t>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        match self.key.take() {
            Some(key) => seed.deserialize(StringDeserializer::new(key)).map(Some),
            None => self.map.next_key_seed(seed),
        }
    }

    fn next_value_seed<S: DeserializeSeed<'t>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}
