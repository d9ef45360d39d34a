//! JSON in one form, however it was written: sorted keys, no blanks, one way to write each text and number.

use std::fmt;

use crate::order;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::numbers::any;

/// A JSON document. Nothing of it is lost: a key that is said twice is here twice.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json {
    /// `null`, `true`, `false` and numbers, as they are written.
    Word(Word),
    Text(String),
    List(Vec<Json>),
    /// Sorted by the keys.
    Object(Vec<(String, Json)>),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Word {
    Null,
    Truth(bool),
    Whole(u64),
    Negative(i64),
    Float(f64),
}

impl Json {
    /// A document that is no JSON, or nested too deeply, is a text.
    pub(crate) fn of(document: &str) -> Self {
        serde_json::from_str(document).unwrap_or_else(|_| Self::Text(document.to_owned()))
    }

    /// The value of an object's key.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        if let Self::Object(entries) = self { of_key(entries, key) } else { None }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// Where `other` says something else: paths as `jq` has them, each beginning with `path`.
    pub(crate) fn differences(&self, other: &Self, path: &str, found: &mut Vec<String>) {
        match (self, other) {
            (Self::Object(mine), Self::Object(others)) => {
                let keys =
                    mine.iter().chain(others.iter().filter(|(key, _)| mine.iter().all(|(known, _)| known != key)));
                for (key, _) in keys {
                    let path = format!("{path}.{key}");
                    match (of_key(mine, key), of_key(others, key)) {
                        // Of what is said twice every reader takes another one.
                        _ if count(mine, key) != count(others, key) => found.push(path),
                        (Some(mine), Some(others)) => mine.differences(others, &path, found),
                        _ => found.push(path),
                    }
                }
            }
            (Self::List(mine), Self::List(others)) => {
                for at in 0..mine.len().max(others.len()) {
                    let path = format!("{path}[{at}]");
                    match (mine.get(at), others.get(at)) {
                        (Some(mine), Some(others)) => mine.differences(others, &path, found),
                        _ => found.push(path),
                    }
                }
            }
            _ if self == other => {}
            _ => found.push(path.to_owned()),
        }
    }
}

fn of_key<'j>(entries: &'j [(String, Json)], key: &str) -> Option<&'j Json> {
    entries.iter().find(|(known, _)| known == key).map(|(_, value)| value)
}

fn count(entries: &[(String, Json)], key: &str) -> usize {
    entries.iter().filter(|(known, _)| known == key).count()
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Word(Word::Null) => serializer.serialize_unit(),
            Self::Word(Word::Truth(truth)) => serializer.serialize_bool(*truth),
            Self::Word(Word::Whole(number)) => serializer.serialize_u64(*number),
            Self::Word(Word::Negative(number)) => serializer.serialize_i64(*number),
            Self::Word(Word::Float(number)) => serializer.serialize_f64(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(list) => list.serialize(serializer),
            Self::Object(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Json;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON")
            }
            fn visit_unit<E>(self) -> Result<Json, E> {
                Ok(Json::Word(Word::Null))
            }
            fn visit_bool<E>(self, truth: bool) -> Result<Json, E> {
                Ok(Json::Word(Word::Truth(truth)))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
                Ok(Json::Word(Word::Whole(number)))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Json, E> {
                Ok(Json::Word(Word::Negative(number)))
            }
            fn visit_f64<E>(self, number: f64) -> Result<Json, E> {
                Ok(Json::Word(Word::Float(number)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Json, E> {
                Ok(Json::Text(text.to_owned()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Json, A::Error> {
                let mut list = Vec::new();
                while let Some(one) = seq.next_element()? {
                    list.push(one);
                }
                Ok(Json::List(list))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
                let mut entries: Vec<(String, Json)> = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                order::sort_by(&mut entries, |(a, _), (b, _)| a.cmp(b));
                Ok(Json::Object(entries))
            }
        }
        any(json, Any)
    }
}

#[cfg(test)]
mod tests {
    use super::Json;

    #[track_caller]
    fn check(document: &str, canonical: &str) {
        assert_eq!(serde_json::to_string(&Json::of(document)).expect("JSON"), canonical);
    }

    #[test]
    fn it_does_not_matter_how_json_is_written() {
        check(
            "{ \"b\" : [1, -2,\t1.0, 1e2, null, true],\n\"a\":\"\\u00e9\\/\\n\" }",
            r#"{"a":"é/\n","b":[1,-2,1.0,100.0,null,true]}"#,
        );
        check(r#"{"10":1,"9":2}"#, r#"{"10":1,"9":2}"#);
        check(r#"{"a":1,"a":2}"#, r#"{"a":1,"a":2}"#);
        check("<html>", r#""<html>""#);
    }

    #[test]
    fn a_difference_is_told_by_its_place() {
        let paths = |a: &str, b: &str| {
            let mut found = Vec::new();
            Json::of(a).differences(&Json::of(b), ".answer", &mut found);
            found
        };
        assert_eq!(paths(r#"{"a":[1,{"b":2}]}"#, r#"{"a": [1, {"b": 2}]}"#), [""; 0]);
        assert_eq!(
            paths(r#"{"a":[1,{"b":2}],"c":1}"#, r#"{"a":[1,{"b":3},4],"d":1}"#),
            [".answer.a[1].b", ".answer.a[2]", ".answer.c", ".answer.d"]
        );
        assert_eq!(paths(r#"{"a":1,"a":2}"#, r#"{"a":1}"#), [".answer.a", ".answer.a"]);
        assert_eq!(paths("1", "1.0"), [".answer"]);
        assert_eq!(paths("null", "{}"), [".answer"]);
    }
}
