//! Keys that windows and exceptions share: names and tags.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::order::Map;
use crate::text::{excerpt, in_words, is_hidden};

const LONGEST_NAME: usize = 100;

/// The JSON reader's line and column are those of the call, where nobody has written the policy.
pub(super) fn without_place(error: &str) -> String {
    in_words(error.rsplit_once(" at line ").map_or(error, |(error, _)| error))
}

pub(super) fn check_name(name: &str) -> Result<(), String> {
    let length = name.chars().count();
    if name.trim() != name || length == 0 || length > LONGEST_NAME || name.chars().any(is_hidden) {
        return Err(format!("`name` must have 1 to {LONGEST_NAME} printable characters, and no blank at an end"));
    }
    Ok(())
}

/// `{"team": "core", "tier": ["1", "2"]}`: a glob or several for each tag.
pub(super) fn read_tags(json: &RawValue) -> Result<Map<String, Vec<String>>, String> {
    let error = |error: serde_json::Error| format!("`tags`: {}", without_place(&error.to_string()));
    let TagGlobs(tags) = serde_json::from_str(json.get()).map_err(error)?;
    Ok(tags)
}

struct TagGlobs(Map<String, Vec<String>>);

impl<'de> Deserialize<'de> for TagGlobs {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        struct Globs;
        impl<'de> Visitor<'de> for Globs {
            type Value = TagGlobs;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of globs by the keys of tags")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<TagGlobs, A::Error> {
                let mut tags = Map::new();
                while let Some((key, value)) = map.next_entry::<String, &RawValue>()? {
                    let globs: Result<Vec<String>, _> = if value.get().starts_with('"') {
                        serde_json::from_str(value.get()).map(|glob| vec![glob])
                    } else {
                        serde_json::from_str(value.get())
                    };
                    let globs = globs.map_err(|_| {
                        de::Error::custom(format_args!("`{}` must be a glob or a list of globs", excerpt(&key)))
                    })?;
                    if tags.insert(key, globs).is_some() {
                        return Err(de::Error::custom("a tag is given twice"));
                    }
                }
                Ok(TagGlobs(tags))
            }
        }
        json.deserialize_map(Globs)
    }
}
