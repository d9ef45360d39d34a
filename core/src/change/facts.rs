//! What a pipeline states of its change: claims of whoever runs the gate.

use std::fmt;

use serde::Serialize;
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};

use crate::error::Error;
use crate::order::Map;

use super::limits::{MOST, check_key, check_query, check_value};

/// The facts of a change, e.g. its `commit`, `actor`, `kind` and `service`. A blank value states nothing.
///
/// # Example
///
/// ```
/// let change = freeze_core::Change::new([("kind", "hotfix"), ("actor", "")])?;
/// assert_eq!(change, freeze_core::Change::new([("kind", "hotfix")])?);
/// # Ok::<(), freeze_core::Error>(())
/// ```
#[derive(Clone, Debug, Default, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct Change(Map<String, String>);

impl Change {
    /// A change of which these facts are stated.
    ///
    /// # Errors
    ///
    /// `bad_call` for a key that is no `[a-z][a-z0-9_]{0,30}` or is given twice, and for too many or too long facts.
    pub fn new<K: Into<String>, V: Into<String>>(facts: impl IntoIterator<Item = (K, V)>) -> Result<Self, Error> {
        let facts = facts.into_iter().map(|(key, value)| (key.into(), value.into()));
        Self::of(facts).map_err(|problem| Error::BadCall { detail: format!("`change`: {problem}") })
    }

    /// `true` if nothing is stated.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is stated under `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// The facts, by their keys.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// As it stands on record: `actor=maya&kind=hotfix`.
    pub(crate) fn to_query(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }

    /// What stands on record; `None` if it is not what [`Change::to_query`] writes.
    pub(crate) fn from_query(query: &str) -> Option<Self> {
        let change = Self::of(form_urlencoded::parse(query.as_bytes()).into_owned()).ok()?;
        (!change.is_empty()).then_some(change)
    }

    fn of(facts: impl Iterator<Item = (String, String)>) -> Result<Self, String> {
        let mut change = Self::default();
        for (key, value) in facts {
            check_key(&key)?;
            check_value(&key, &value)?;
            if change.0.contains_key(&key) {
                return Err(format!("`{key}` is given twice"));
            }
            change.0.insert(key, value);
        }
        change.0.retain(|_, value| !value.trim().is_empty());
        if change.0.len() > MOST {
            return Err(format!("it has {} facts; {MOST} are allowed", change.0.len()));
        }
        check_query(change.to_query()).map(|_| change)
    }
}

impl<'de> Deserialize<'de> for Change {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        struct Facts;
        impl<'de> Visitor<'de> for Facts {
            type Value = Change;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of texts, e.g. {\"kind\": \"hotfix\"}")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Change, A::Error> {
                let mut facts = Vec::new();
                while let Some((key, value)) = map.next_entry::<String, Option<String>>()? {
                    facts.push((key, value.unwrap_or_default()));
                }
                Change::of(facts.into_iter()).map_err(de::Error::custom)
            }
        }
        json.deserialize_map(Facts)
    }
}

#[cfg(test)]
mod tests {
    use super::Change;

    fn read(json: &str) -> Result<Change, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    #[test]
    fn a_change_says_again_what_went_in() {
        for json in [r#"{"kind":"hotfix"}"#, r#"{"a":"x=y&z","b_2":" 50% \"ü\"\r\n+ "}"#, r#"{"kind":"a,b;c"}"#] {
            let change = read(json).expect("a change");
            assert_eq!(Change::from_query(&change.to_query()), Some(change.clone()));
            assert_eq!(serde_json::to_string(&change).expect("JSON"), json);
        }
    }

    #[test]
    fn a_blank_value_states_nothing() {
        assert!(read(r#"{"kind": "", "actor": " \n", "commit": null}"#).expect("a change").is_empty());
        assert!(read("{}").expect("a change").is_empty());
    }

    #[test]
    fn what_is_no_change_is_an_error() {
        let many: Vec<_> = (0..33).map(|at| format!(r#""a{at}":"x""#)).collect();
        for (json, wanted) in [
            ("[]", "an object of texts"),
            (r#""kind=hotfix""#, "an object of texts"),
            (r#"{"kind": ["hotfix"]}"#, "invalid type"),
            (r#"{"kind": 1}"#, "invalid type"),
            (r#"{"Kind": "x"}"#, "`Kind` is not a key of a change"),
            (r#"{"": "x"}"#, "`` is not a key of a change"),
            (r#"{"1st": "x"}"#, "is not a key"),
            (r#"{"a-b": "x"}"#, "is not a key"),
            (r#"{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": "x"}"#, "is not a key"),
            (r#"{"a": "x", "a": "y"}"#, "`a` is given twice"),
            (r#"{"a": "x\u0000"}"#, "no NUL"),
            (&format!(r#"{{"a": "{}"}}"#, "x".repeat(1025)), "has 1025 bytes"),
            (&format!("{{{}}}", many.join(",")), "it has 33 facts"),
        ] {
            let problem = read(json).expect_err(json);
            assert!(problem.contains(wanted), "{json:.60}: {problem}");
        }
        for query in ["", "kind", "kind=", "Kind=x", "a=x&a=y"] {
            assert_eq!(Change::from_query(query), None, "{query}");
        }
    }
}
