//! What Kosli says of an environment: the tags that matter to freezes.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::error::Error;
use crate::order::Map;
use crate::text::complaint;
use crate::text::object::{self, Key, Lent, missing, objects};

use super::skimmed::{Skimmed, Skipped};
use super::tags::{TagValue, TagsReader};

/// What Kosli says of an environment, as far as selectors ask.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Traits<'t> {
    pub(crate) kind: Option<Cow<'t, str>>,
    /// `None` is a value that is not text, and says nothing.
    pub(crate) tags: Map<Cow<'t, str>, Option<Cow<'t, str>>>,
}

/// One environment: the tags that say something about freezes, and what a policy may ask.
///
/// There is no default: a document without `tags` must not read as "not frozen".
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct EnvironmentDocument<'t> {
    pub(crate) name: Cow<'t, str>,
    pub(crate) org: Option<Cow<'t, str>>,
    pub(crate) signal: Option<TagValue<'t>>,
    /// A key that is the signal's but for upper and lower case, `-` and `_`.
    pub(crate) near: Option<Cow<'t, str>>,
    /// By what follows `<tag>.` in the key.
    pub(crate) flags: Map<Cow<'t, str>, TagValue<'t>>,
    /// Its type, and all tags for a policy that selects by them.
    pub(crate) traits: Traits<'t>,
    /// Of a logical environment: those that it is made of.
    pub(crate) members: Option<Vec<String>>,
}

/// The type of an environment that is made of others.
pub(crate) const LOGICAL: &str = "logical";

objects! {
    open struct HeardDocument<'t> { reported = "last_reported_at": &'t RawValue, changed = "last_changed_at": &'t RawValue, }
}

/// When the environment's reporter was last heard, and when what runs there last changed; in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct LastHeard {
    pub(crate) reported: Option<f64>,
    pub(crate) changed: Option<f64>,
}

impl LastHeard {
    /// What cannot be read says nothing.
    pub(crate) fn read(document: &str) -> Self {
        let HeardDocument { reported, changed } = serde_json::from_str(document).unwrap_or_default();
        let seconds = |json: Option<&RawValue>| json.and_then(|json| serde_json::from_str(json.get()).ok());
        Self { reported: seconds(reported), changed: seconds(changed) }
    }
}

/// An environment as it stands in a list: one that cannot be understood leaves the others as they are.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Entry<'t> {
    pub(crate) environment: EnvironmentDocument<'t>,
    /// Why nobody can decide about it.
    pub(crate) problem: Option<String>,
}

impl<'t> EnvironmentDocument<'t> {
    /// It has no tag of a freeze.
    pub(crate) fn is_bare(&self) -> bool {
        self.signal.is_none() && self.flags.is_empty()
    }

    /// Why nobody can tell that it is not frozen: whoever has set `NODEPLOY` may have meant to.
    pub(crate) fn doubt(&self) -> Option<Error> {
        let (tag, name) = (self.near.as_deref()?, &*self.name);
        // Of the signal's letters, `-` and `_` alone: a shell leaves them as they are.
        let rest = " may be meant to freeze it, and does not; freeze it if so, and take that tag away: kosli tag env ";
        Some(Error::MeantTag { problem: ["the tag `", tag, "` of ", name, rest, name, " --unset ", tag].concat() })
    }

    /// Reads `document`; `tag` is the signal's key. All its tags only if they are wanted: there can be many.
    pub(crate) fn read(document: &'t str, tag: &str, wants_tags: bool) -> Result<Self, String> {
        let mut json = serde_json::Deserializer::from_str(document);
        let entry =
            Document { tag, wants_tag: &|_| wants_tags }.deserialize(&mut json).map_err(|error| complaint(&error))?;
        json.end().map_err(|error| complaint(&error))?;
        entry.problem.map_or(Ok(entry.environment), Err)
    }
}

/// Reads an environment document, all of it: what is not needed must be JSON all the same.
#[derive(Clone, Copy)]
pub(crate) struct Document<'t> {
    pub(crate) tag: &'t str,
    /// Which tags a policy asks for.
    pub(crate) wants_tag: &'t dyn Fn(&str) -> bool,
}

impl<'de> DeserializeSeed<'de> for Document<'_> {
    type Value = Entry<'de>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Entry<'de>, D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Document<'_> {
    type Value = Entry<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the document of one environment")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entry<'de>, A::Error> {
        let mut environment = EnvironmentDocument::default();
        let (mut name, mut org, mut tags, mut kind, mut members) = (None, None, None, None, None);
        while let Some(Key(key)) = map.next_key()? {
            match &*key {
                "name" => once(&mut name, "name", map.next_value::<Lent<'_>>()?)?,
                "org" => once(&mut org, "org", map.next_value::<Lent<'_>>()?)?,
                "tags" => {
                    let Self { tag, wants_tag } = self;
                    let EnvironmentDocument { signal, near, flags, traits, .. } = &mut environment;
                    let reader = TagsReader { tag, wants_tag, signal, near, flags, wanted: &mut traits.tags };
                    once(&mut tags, "tags", map.next_value_seed(reader)?)?;
                }
                "type" => once(&mut kind, "type", map.next_value::<Skimmed<Option<Cow<'_, str>>>>()?)?,
                "included_environments" => once(&mut members, "included_environments", map.next_value::<Members>()?)?,
                _ => _ = map.next_value::<Skipped>()?,
            }
        }
        let mut problem = tags.unwrap_or_else(|| Err(missing("tags"))).err();
        if problem.is_some() {
            environment = EnvironmentDocument::default();
        }
        let members = members.unwrap_or(Members::None);
        let lacks = if problem.is_none() { "name" } else { "tags" };
        Lent(environment.name) = name.ok_or_else(|| de::Error::custom(missing(lacks)))?;
        environment.org = org.map(|Lent(org)| org);
        environment.traits.kind = kind.and_then(|Skimmed(text)| text);
        let is_logical = environment.traits.kind.as_deref() == Some(LOGICAL);
        match members {
            Members::These(names) if is_logical || !names.is_empty() => environment.members = Some(names),
            Members::None if !is_logical => {}
            Members::These(_) => {}
            Members::None | Members::Unreadable => {
                problem.get_or_insert_with(|| "it does not say which environments it is made of".to_owned());
            }
        }
        Ok(Entry { environment, problem })
    }
}

/// Those that a logical environment is made of.
enum Members {
    None,
    These(Vec<String>),
    Unreadable,
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(json)?.get();
        if raw == "null" {
            return Ok(Self::None);
        }
        serde_json::from_str::<Skipped>(raw).map_err(de::Error::custom)?;
        Ok(serde_json::from_str(raw).map_or(Self::Unreadable, Self::These))
    }
}

fn once<T, E: de::Error>(place: &mut Option<T>, key: &'static str, value: T) -> Result<(), E> {
    if place.replace(value).is_some() { Err(object::twice(key)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::EnvironmentDocument;
    use crate::kosli::documents::tags::TagValue;

    #[test]
    fn tags_are_read_by_their_keys() {
        let document = r#"{"name":"prod","tags":{"nodeploy":"T1","nodeploy.T1":"by=al","nodeployed":"x","team":1}}"#;
        let prod = EnvironmentDocument::read(document, "nodeploy", false).expect("a document");
        assert_eq!(prod.signal, Some(TagValue::Text("T1".into())));
        assert_eq!(prod.flags.into_iter().collect::<Vec<_>>(), [("T1".into(), TagValue::Text("by=al".into()))]);
    }

    #[test]
    fn a_tag_is_the_same_text_however_it_is_written() {
        for (written, read) in
            [("", ""), ("é", "é"), (r"\u00e9", "é"), (r#"a\"b\\"#, r#"a"b\"#), (r"\ud83d\ude80", "🚀")]
        {
            let document = format!(r#"{{"name":"p","tags":{{"nodeploy": "{written}" }}}}"#);
            let prod = EnvironmentDocument::read(&document, "nodeploy", false).expect("a document");
            assert_eq!(prod.signal, Some(TagValue::Text(read.into())));
        }
    }

    #[test]
    fn a_key_that_stands_twice_is_found_among_few_and_many() {
        for count in [2, 15, 16, 17, 300] {
            let tag = |number: usize| format!(r#""k{number:03}":"x""#);
            let mut tags: Vec<_> = (0..count).map(tag).collect();
            let read = |tags: &[String]| {
                let document = format!(r#"{{"name":"p","tags":{{{}}}}}"#, tags.join(","));
                EnvironmentDocument::read(&document, "nodeploy", false).map(drop)
            };
            assert_eq!(read(&tags), Ok(()), "{count}");
            tags[count - 1] = tag(0);
            assert_eq!(read(&tags), Err("duplicate tag `k000`".to_owned()), "{count}");
        }
    }

    #[test]
    fn a_signal_of_any_type_is_up() {
        for (value, shown) in [("null", "null"), ("false", "false"), ("0", "0"), (r#"{"a":[]}"#, r#"{"a":[]}"#)] {
            let document = format!(r#"{{"name":"p","tags":{{"nodeploy":{value}}}}}"#);
            let prod = EnvironmentDocument::read(&document, "nodeploy", false);
            assert_eq!(prod.expect("a document").signal, Some(TagValue::Other(shown)));
        }
    }

    #[test]
    fn what_is_no_environment_is_an_error() {
        let deep = format!(r#"{{"name":"p","tags":{{}},"x":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
        let cases = [
            ("", "EOF"),
            ("<html>", "expected value"),
            ("[]", "expected the document of one environment"),
            (r#"{"message":"no"}"#, "it has no `tags`"),
            (r#"{"name":"p"}"#, "it has no `tags`"),
            (r#"{"tags":{}}"#, "it has no `name`"),
            (r#"{"name":"p","tags":null}"#, "expected an object of tags"),
            (r#"{"name":"p","tags":[]}"#, "expected an object of tags"),
            (r#"{"name":"p","tags":{},"tags":{}}"#, "it has `tags` twice"),
            (r#"{"name":"p","name":"p","tags":{}}"#, "it has `name` twice"),
            (r#"{"name":"p","tags":{"a":"1","b":"","a":"2"}}"#, "duplicate tag `a`"),
            (r#"{"name":"p","tags":{"a":"\ud800"}}"#, "hex escape"),
            ("{\"name\":\"p\",\"tags\":{\"nodeploy\":\"\u{1}\"}}", "control character"),
            (r#"{"name":"p","tags":{"nodeploy":"\x"}}"#, "invalid escape"),
            (r#"{"name":"p","tags":{"nodeploy":"\ud800"}}"#, "hex escape"),
            (r#"{"name":"p","tags":{"nodeploy":"\"}}"#, "EOF"),
            (r#"{"name":"p","tags":{}"#, "EOF"),
            (r#"{"name":"p","tags":{}} x"#, "trailing characters"),
            (r#"{"name":"p","tags":{"a":1e400}}"#, "number out of range"),
            (r#"{"name":"p","tags":{"a":{"b":["\ud800"]}}}"#, "hex escape"),
            (r#"{"name":"p","tags":{"nodeploy":[1e400]}}"#, "number out of range"),
            (r#"{"name":"p","type":{"a":1e400},"tags":{}}"#, "number out of range"),
            (&deep, "recursion limit"),
        ];
        for (document, wanted) in cases {
            for wants_tags in [false, true] {
                let error = EnvironmentDocument::read(document, "nodeploy", wants_tags).expect_err(document);
                assert!(error.contains(wanted), "{document:.60}: {error}");
            }
        }
    }
}
