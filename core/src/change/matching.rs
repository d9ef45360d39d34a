//! Which changes a consent is for: globs over what must be stated.

use std::fmt;

use serde::Serialize;
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::budget::Budget;
use crate::error::Error;
use crate::glob;
use crate::order::{self, Map};
use crate::text::excerpt;
use crate::text::numbers::any;

use super::Change;
use super::limits::{MOST, check_key, check_query, check_value};

/// The key whose values are commits.
const COMMIT: &str = "commit";
/// So many hexadecimal digits are the beginning of a commit.
const ABBREVIATED: std::ops::Range<usize> = 7..40;

/// Which changes pass: every key is stated and fits one of its globs.
///
/// There is none that fits every change: that would be an `off`.
///
/// # Example
///
/// ```
/// assert!(freeze_core::Match::new([("kind", vec!["hotfix", "security"]), ("service", vec!["pay*"])]).is_ok());
/// assert!(freeze_core::Match::new([("kind", vec!["*"])]).is_err());
/// ```
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct Match(Map<String, Vec<String>>);

impl Match {
    /// Changes whose facts fit these globs.
    ///
    /// # Errors
    ///
    /// `bad_call` if it is empty, fits everything, or has a glob that looks like another language.
    pub fn new<K: Into<String>, G: Into<String>>(keys: impl IntoIterator<Item = (K, Vec<G>)>) -> Result<Self, Error> {
        let globs = |globs: Vec<G>| globs.into_iter().map(Into::into).collect();
        let keys = order::map(keys.into_iter().map(|(key, list)| (key.into(), globs(list))));
        Self(keys).checked().map_err(|problem| Error::BadCall { detail: format!("`change`: {problem}") })
    }

    /// `true` if every key is stated and fits one of its globs, and no exclusion. Nothing fits once the budget is spent.
    pub(crate) fn fits(&self, change: &Change, budget: &Budget) -> bool {
        let fits_key = |(key, globs): (&String, &Vec<String>)| {
            let Some(value) = change.get(key) else { return false };
            let is_hit = |glob: &str| match key.as_str() {
                COMMIT if is_abbreviated(glob) => is_commit(value) && begins_with(value, glob),
                COMMIT if is_commit(glob) => value.eq_ignore_ascii_case(glob),
                _ => glob::matches(glob, value, budget),
            };
            let (mut is_in, mut is_out) = (false, false);
            for glob in globs {
                match glob.strip_prefix('!') {
                    Some(excluded) => is_out = is_out || is_hit(excluded) || (key == COMMIT && may_be(value, excluded)),
                    None => is_in = is_in || is_hit(glob),
                }
            }
            is_in && !is_out && !budget.is_spent()
        };
        self.0.iter().all(fits_key)
    }

    /// As it stands on record: `kind=hotfix&kind=security&service=pay*`.
    pub(crate) fn to_query(&self) -> String {
        let pairs = self.0.iter().flat_map(|(key, globs)| globs.iter().map(move |glob| (key, glob)));
        form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
    }

    /// What stands on record.
    pub(crate) fn from_query(query: &str) -> Result<Self, String> {
        let mut keys = Map::<String, Vec<String>>::new();
        for (key, glob) in form_urlencoded::parse(query.as_bytes()) {
            keys.or_default(key.into_owned()).push(glob.into_owned());
        }
        Self(keys).checked()
    }

    /// The keys with their globs, in words: `kind=hotfix or security and service=pay* but not payroll`.
    pub(crate) fn words(&self) -> String {
        let told = |(key, globs): (&String, &Vec<String>)| {
            let (mut ins, mut outs) = (Vec::new(), Vec::new());
            for glob in globs {
                match glob.strip_prefix('!') {
                    Some(excluded) => outs.push(excerpt(excluded)),
                    None => ins.push(excerpt(glob)),
                }
            }
            let but_not = if outs.is_empty() { "" } else { " but not " };
            [key.as_str(), "=", &ins.join(" or "), but_not, &outs.join(" or ")].concat()
        };
        self.0.iter().map(told).collect::<Vec<_>>().join(" and ")
    }

    /// Every pair of a key and one of its globs.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().flat_map(|(key, globs)| globs.iter().map(move |glob| (key.as_str(), glob.as_str())))
    }

    fn checked(self) -> Result<Self, String> {
        if self.0.is_empty() {
            return Err(
                "it is empty, which would let every change pass; say which, e.g. {\"kind\": \"hotfix\"}".to_owned()
            );
        }
        if self.0.len() > MOST {
            return Err(format!("it has {} keys; {MOST} are allowed", self.0.len()));
        }
        self.0.iter().try_for_each(|(key, globs)| check_globs(key, globs))?;
        if !self.0.values().any(|globs| globs.iter().all(|glob| glob.starts_with('!') || is_particular(glob))) {
            let problem = "it fits every change that states it; say which may pass, e.g. {\"kind\": \"hotfix\"}";
            return Err(problem.to_owned());
        }
        check_query(self.to_query()).map(|_| self)
    }
}

fn check_globs(key: &str, globs: &[String]) -> Result<(), String> {
    check_key(key)?;
    if globs.is_empty() || globs.iter().any(|glob| glob.trim_start_matches('!').trim().is_empty()) {
        return Err(format!("`{key}` is blank, which no change states; name what may pass, or leave it out"));
    }
    if globs.len() > MOST {
        return Err(format!("`{key}` has {} globs; {MOST} are allowed, `*` stands for many", globs.len()));
    }
    for glob in globs {
        check_value(key, glob)?;
        glob::value::check(glob).map_err(|problem| format!("`{key}` {problem}"))?;
    }
    if globs.iter().all(|glob| glob.starts_with('!')) {
        return Err(format!("`{key}` only excludes; name what may pass, too"));
    }
    Ok(())
}

/// `true` if not every value fits it.
fn is_particular(glob: &str) -> bool {
    glob.contains(|c| !matches!(c, '*' | '?'))
}

fn is_commit(text: &str) -> bool {
    text.len() >= ABBREVIATED.start && text.bytes().all(|b| b.is_ascii_hexdigit())
}

fn is_abbreviated(glob: &str) -> bool {
    is_commit(glob) && ABBREVIATED.contains(&glob.len())
}

/// It is not known to be another commit than the one that is excluded: an abbreviation of it, or it with a word behind.
fn may_be(value: &str, excluded: &str) -> bool {
    is_commit(excluded) && (begins_with(value, excluded) || begins_with(excluded, value))
}

fn begins_with(commit: &str, beginning: &str) -> bool {
    commit.get(..beginning.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(beginning))
}

impl<'de> Deserialize<'de> for Match {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        struct Keys;
        impl<'de> Visitor<'de> for Keys {
            type Value = Match;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of globs or lists of globs, e.g. {\"kind\": \"hotfix\"}")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Match, A::Error> {
                let mut keys = Map::new();
                while let Some((key, Globs(globs))) = map.next_entry::<String, Globs>()? {
                    if keys.contains_key(&key) {
                        return Err(de::Error::custom(format_args!(
                            "`{}` is given twice; write a list",
                            excerpt(&key)
                        )));
                    }
                    keys.insert(key, globs);
                }
                Match(keys).checked().map_err(de::Error::custom)
            }
        }
        json.deserialize_map(Keys)
    }
}

/// One glob or a list of them.
struct Globs(Vec<String>);

impl<'de> Deserialize<'de> for Globs {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        struct OneOrMany;
        impl<'de> Visitor<'de> for OneOrMany {
            type Value = Globs;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a glob or a list of globs")
            }
            fn visit_str<E: de::Error>(self, glob: &str) -> Result<Globs, E> {
                Ok(Globs(vec![glob.to_owned()]))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Globs, A::Error> {
                let mut globs = Vec::new();
                while let Some(glob) = list.next_element()? {
                    globs.push(glob);
                }
                Ok(Globs(globs))
            }
        }
        any(json, OneOrMany)
    }
}

#[cfg(test)]
mod tests {
    use super::{Change, Match};
    use crate::budget::Budget;

    fn read(json: &str) -> Result<Match, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    #[test]
    fn every_key_is_stated_and_fits() {
        let commit = "4f1c2ab9d0e34f5a6b7c8d9e0f1a2b3c4d5e6f70";
        for (wanted, change, fits) in [
            (r#"{"kind": "hotfix"}"#, r#"{"kind": "hotfix", "actor": "maya"}"#, true),
            (r#"{"kind": "hotfix"}"#, r#"{"kind": "Hotfix"}"#, false),
            (r#"{"kind": "hotfix"}"#, r#"{"kind": "hotfix2"}"#, false),
            (r#"{"kind": "hotfix"}"#, r#"{"actor": "maya"}"#, false),
            (r#"{"kind": "hotfix"}"#, "{}", false),
            (
                r#"{"kind": ["hotfix", "sec*"], "service": "pay*"}"#,
                r#"{"kind": "security", "service": "payments"}"#,
                true,
            ),
            (r#"{"kind": ["hotfix", "sec*"], "service": "pay*"}"#, r#"{"kind": "security", "service": "web"}"#, false),
            (r#"{"kind": ["hotfix", "sec*"], "service": "pay*"}"#, r#"{"kind": "security"}"#, false),
            (r#"{"kind": "docs", "actor": "*"}"#, r#"{"kind": "docs", "actor": "x"}"#, true),
            (r#"{"kind": "docs", "actor": "*"}"#, r#"{"kind": "docs", "actor": " "}"#, false),
            (r#"{"service": ["pay*", "!payments-db"]}"#, r#"{"service": "payments"}"#, true),
            (r#"{"service": ["pay*", "!payments-db"]}"#, r#"{"service": "payments-db"}"#, false),
            (r#"{"commit": "4f1c2ab"}"#, &format!(r#"{{"commit": "{commit}"}}"#), true),
            (r#"{"commit": "4F1C2AB"}"#, &format!(r#"{{"commit": "{commit}"}}"#), true),
            (r#"{"commit": "4f1c2ab"}"#, r#"{"commit": "4f1c2ab"}"#, true),
            (r#"{"commit": "4f1c2ab"}"#, r#"{"commit": "4f1c2ab-dirty"}"#, false),
            (r#"{"commit": "4f1c2ab9d"}"#, r#"{"commit": "4f1c2ab"}"#, false),
            (r#"{"commit": "4f1c2a"}"#, &format!(r#"{{"commit": "{commit}"}}"#), false),
            (r#"{"commit": "4f1c2a*"}"#, &format!(r#"{{"commit": "{commit}"}}"#), true),
            (&format!(r#"{{"commit": "{commit}"}}"#), r#"{"commit": "4f1c2ab"}"#, false),
            (&format!(r#"{{"commit": "{commit}"}}"#), &format!(r#"{{"commit": "{}"}}"#, commit.to_uppercase()), true),
            (&format!(r#"{{"commit": "{commit}"}}"#), &format!(r#"{{"commit": "{commit}00"}}"#), false),
            (r#"{"commit": ["4f1c2ab", "!4f1c2ab9"]}"#, &format!(r#"{{"commit": "{commit}"}}"#), false),
            (r#"{"commit": ["4f1*", "!4f1c2ab"]}"#, r#"{"commit": "4f1c2ab-dirty"}"#, false),
            (r#"{"commit": ["4f1*", "!4f1c2ab"]}"#, r#"{"commit": "4f1c2a"}"#, false),
            (r#"{"commit": ["4f1*", "!4f1c2ab"]}"#, r#"{"commit": "4f1c2aa"}"#, true),
            (&format!(r#"{{"commit": ["4f1*", "!{commit}"]}}"#), r#"{"commit": "4f1c2ab"}"#, false),
            (r#"{"ref": "4f1c2ab"}"#, &format!(r#"{{"ref": "{commit}"}}"#), false),
        ] {
            let change: Change = serde_json::from_str(change).expect("a change");
            let matching = read(wanted).expect(wanted);
            assert_eq!(matching.fits(&change, &Budget::default()), fits, "{wanted} {change:?}");
            assert_eq!(Match::from_query(&matching.to_query()), Ok(matching));
        }
        let spent = Budget::of(1);
        let change = Change::new([("kind", "hotfix")]).expect("a change");
        assert!(!read(r#"{"kind": "hot*"}"#).expect("a match").fits(&change, &spent));
    }

    #[test]
    fn its_words_say_that_every_key_has_to_fit_and_what_may_not() {
        let matching = read(r#"{"kind": ["d*", "!dev", "test", "!data"], "actor": "steve"}"#).expect("a match");
        assert_eq!(matching.words(), "actor=steve and kind=d* or test but not dev or data");
    }

    #[test]
    fn a_match_of_everything_is_an_error() {
        for (json, wanted) in [
            ("{}", "it is empty"),
            (r#"{"kind": "*"}"#, "it fits every change"),
            (r#"{"kind": "?*"}"#, "it fits every change"),
            (r#"{"kind": ["hotfix", "**"]}"#, "it fits every change"),
            (r#"{"kind": "*", "actor": ["*", "!bot"]}"#, "it fits every change"),
            (r#"{"kind": "!docs"}"#, "`kind` only excludes"),
            (r#"{"kind": ""}"#, "`kind` is blank"),
            (r#"{"kind": "!"}"#, "`kind` is blank"),
            (r#"{"kind": []}"#, "`kind` is blank"),
            (r#"{"kind": ["hotfix", " "]}"#, "`kind` is blank"),
            (r#"{"kind": null}"#, "a glob or a list of globs"),
            (r#"{"kind": true}"#, "a glob or a list of globs"),
            (r#"{"Kind": "x"}"#, "`Kind` is not a key of a change"),
            (r#"{"kind": "hotfix,security"}"#, "does not list or choose"),
            (r#"{"kind": "hot.*"}"#, "regular expression"),
            (r#"{"kind": "$KIND"}"#, "nothing is put in"),
            (r#"{"kind": "hotfix "}"#, "with a blank at an end"),
            (r#"{"kind": "hotfix", "kind": "docs"}"#, "is given twice"),
            ("[]", "an object of globs"),
        ] {
            let problem = read(json).expect_err(json);
            assert!(problem.contains(wanted), "{json}: {problem}");
        }
        for query in ["", "kind=*", "kind=", "kind", "K=x"] {
            assert!(Match::from_query(query).is_err(), "{query}");
        }
    }
}
