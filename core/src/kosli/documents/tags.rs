//! The tags of an environment: read by their keys, each one's value, and which key stands twice.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::order::{self, Map};
use crate::text::numbers::any;
use crate::text::object::{self, Key};

use super::skimmed::Skipped;

/// The value of a tag: Kosli's are texts, but a signal of any other type must stop a deployment too.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum TagValue<'t> {
    Text(Cow<'t, str>),
    /// The JSON of what is not text.
    Other(&'t str),
}

impl<'t> TagValue<'t> {
    fn text(&self) -> Option<Cow<'t, str>> {
        if let Self::Text(text) = self { Some(text.clone()) } else { None }
    }

    /// The text; of what is none, its JSON.
    pub(crate) fn shown(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Other(json) => json,
        }
    }
}

/// Reads the tags, each to where it belongs; what are no tags is told.
pub(super) struct TagsReader<'r, 't> {
    /// The signal's key.
    pub(super) tag: &'r str,
    pub(super) wants_tag: &'r dyn Fn(&str) -> bool,
    pub(super) signal: &'r mut Option<TagValue<'t>>,
    pub(super) near: &'r mut Option<Cow<'t, str>>,
    pub(super) flags: &'r mut Map<Cow<'t, str>, TagValue<'t>>,
    pub(super) wanted: &'r mut Map<Cow<'t, str>, Option<Cow<'t, str>>>,
}

impl<'de> DeserializeSeed<'de> for TagsReader<'_, 'de> {
    type Value = Result<(), String>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        any(json, self)
    }
}

fn is_near(key: &str, tag: &str) -> bool {
    fn letters(text: &str) -> impl Iterator<Item = u8> {
        text.bytes().filter(|byte| !matches!(byte, b'-' | b'_')).map(|byte| byte.to_ascii_lowercase())
    }
    letters(key).eq(letters(tag))
}

/// So many tags most environments have.
const FEW: usize = 16;

/// The key that stands twice. Of few keys each is compared with all others; many are sorted by what is quickly told of
/// them, not hashed: no choice of keys makes it slow.
fn twice(keys: Vec<Cow<'_, str>>) -> Option<Cow<'_, str>> {
    let is_new = |(at, key)| !keys[..at].contains(key);
    if keys.len() <= FEW && keys.iter().enumerate().all(is_new) { None } else { twice_of_many(keys) }
}

#[cold]
fn twice_of_many(mut keys: Vec<Cow<'_, str>>) -> Option<Cow<'_, str>> {
    let mut many: Vec<_> = keys.iter().map(|key| telling(key.as_bytes())).collect();
    many.sort_unstable();
    if many.windows(2).all(|pair| pair[0] != pair[1]) {
        return None;
    }
    order::sort(&mut keys);
    keys.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0].clone())
}

/// The same of keys that are the same: made of their length, beginning and end. A number of the kind that times are, whose
/// sort is there already.
fn telling(key: &[u8]) -> i64 {
    let ends = key.first_chunk().zip(key.last_chunk());
    let few = || key.iter().fold(0, |number, &byte| number << 8 | i64::from(byte));
    let number =
        ends.map_or_else(few, |(begin, end)| i64::from_le_bytes(*begin) ^ i64::from_le_bytes(*end).rotate_left(29));
    number.wrapping_add(i64::try_from(key.len()).unwrap_or(i64::MAX))
}

fn none(what: &str) -> Result<(), String> {
    Err(format!("its tags are {what}, expected an object of tags"))
}

impl<'de> Visitor<'de> for TagsReader<'_, 'de> {
    type Value = Result<(), String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of tags")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(none("null"))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(none("a boolean"))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(none("a number"))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(none("a number"))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(none("a number"))
    }

    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(none("a text"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<Skipped>()?.is_some() {}
        Ok(none("a list"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let Self { tag, wants_tag, signal, near, flags, wanted } = self;
        let mut keys = Vec::with_capacity(FEW);
        while let Some(Key(key)) = map.next_key()? {
            let rest = key.strip_prefix(tag).filter(|rest| rest.is_empty() || rest.starts_with('.'));
            let is_wanted = wants_tag(&key);
            if rest.is_none() && is_near(&key, tag) {
                *near = Some(key.clone());
            }
            if rest.is_none() && !is_wanted {
                map.next_value::<Skipped>()?;
            } else {
                let value = map.next_value::<TagValue>()?;
                if is_wanted {
                    wanted.insert(key.clone(), value.text());
                }
                match rest {
                    Some("") => *signal = Some(value),
                    Some(_) => _ = flags.insert(after(&key, tag.len() + 1), value),
                    None => {}
                }
            }
            keys.push(key);
        }
        Ok(twice(keys).map_or(Ok(()), |key| Err(format!("duplicate tag `{key}`"))))
    }
}

/// What of a key follows its first bytes.
fn after<'t>(key: &Cow<'t, str>, bytes: usize) -> Cow<'t, str> {
    match key {
        Cow::Borrowed(key) => Cow::Borrowed(&key[bytes..]),
        Cow::Owned(key) => Cow::Owned(key[bytes..].to_owned()),
    }
}

impl<'de> Deserialize<'de> for TagValue<'de> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(json)?;
        if raw.get().starts_with('"') {
            return object::text_of(raw).map(Self::Text).map_err(de::Error::custom);
        }
        // A raw value was not looked into: a number out of range, or half a surrogate pair, is no more JSON here than elsewhere.
        let raw = raw.get();
        serde_json::from_str::<Skipped>(raw).map_err(de::Error::custom)?;
        Ok(Self::Other(raw))
    }
}
