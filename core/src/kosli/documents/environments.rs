//! Kosli's list of environments: `kosli list env --output json` without paging flags, one array.

use std::fmt;

use serde::de::{self, MapAccess, SeqAccess, Visitor};

use crate::order;
use crate::text::numbers::any;
use crate::text::object::Key;
use crate::text::{complaint, excerpt};

use super::environment::{Document, Entry};
use super::skimmed::Skipped;

/// Reads the list, by name.
///
/// What is not the whole list is an error: a page of it, one cut short, one with a name twice, one of another
/// organisation. None of them may pass for all there is.
pub(crate) fn read<'t>(document: &'t str, org: Option<&str>, form: Document<'_>) -> Result<Vec<Entry<'t>>, String> {
    let mut json = serde_json::Deserializer::from_str(document);
    let mut entries = any(&mut json, List(form)).map_err(|error| complaint(&error))?;
    json.end().map_err(|error| complaint(&error))?;
    let is_other = |entry: &&Entry<'_>| {
        org.is_some() && entry.environment.org.is_some() && entry.environment.org.as_deref() != org
    };
    if let Some(other) = entries.iter().find(is_other) {
        let org = other.environment.org.as_deref().unwrap_or_default();
        return Err(format!("`{}` is of the organisation `{}`", excerpt(&other.environment.name), excerpt(org)));
    }
    order::sort_by(&mut entries, |a, b| a.environment.name.cmp(&b.environment.name));
    match entries.windows(2).find(|pair| pair[0].environment.name == pair[1].environment.name) {
        Some(pair) => Err(format!("it has `{}` twice", excerpt(&pair[0].environment.name))),
        None => Ok(entries),
    }
}

struct List<'t>(Document<'t>);

impl<'de> Visitor<'de> for List<'_> {
    type Value = Vec<Entry<'de>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the list of all environments, one array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = seq.next_element_seed(self.0)? {
            entries.push(entry);
        }
        Ok(entries)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while let Some(Key(key)) = map.next_key()? {
            if key == "environments" {
                return Err(de::Error::custom("it is one page of the list; it must be read without paging flags"));
            }
            map.next_value::<Skipped>()?;
        }
        Err(de::Error::invalid_type(de::Unexpected::Map, &self))
    }
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::kosli::documents::environment::Document;

    const PROD: &str = r#"{"org":"acme","name":"prod","type":"K8S","tags":{"nodeploy":"T1"}}"#;
    const DEV: &str = r#"{"org":"acme","name":"dev","type":"K8S","tags":{}}"#;

    fn list(text: &str) -> Result<Vec<(String, Option<String>)>, String> {
        let form = Document { tag: "nodeploy", wants_tag: &|_| false };
        let entries = read(text, Some("acme"), form)?;
        Ok(entries.into_iter().map(|entry| (entry.environment.name.into_owned(), entry.problem)).collect())
    }

    #[test]
    fn one_that_is_not_understood_leaves_the_others() {
        for (odd, problem) in [
            (r#"{"name":"odd"}"#, "it has no `tags`"),
            (r#"{"name":"odd","tags":null}"#, "its tags are null, expected an object of tags"),
            (r#"{"name":"odd","tags":[1,"é"]}"#, "its tags are a list, expected an object of tags"),
            (r#"{"name":"odd","tags":{"a":"1","a":"2"}}"#, "duplicate tag `a`"),
            (r#"{"name":"odd","type":"logical","tags":{}}"#, "it does not say which environments it is made of"),
            (
                r#"{"name":"odd","type":"logical","tags":{},"included_environments":null}"#,
                "it does not say which environments it is made of",
            ),
            (
                r#"{"name":"odd","type":"K8S","tags":{},"included_environments":"prod"}"#,
                "it does not say which environments it is made of",
            ),
        ] {
            let wanted = [("dev", None), ("odd", Some(problem)), ("prod", None)];
            let wanted = wanted.map(|(name, problem)| (name.to_owned(), problem.map(str::to_owned)));
            assert_eq!(list(&format!("[{PROD},{odd},{DEV}]")), Ok(wanted.to_vec()), "{odd}");
        }
    }

    #[test]
    fn what_is_not_the_whole_list_is_an_error() {
        let half = &format!("[{PROD},{DEV}]")[..100];
        for (text, wanted) in [
            ("", "EOF"),
            ("null", "expected the list of all environments"),
            ("\"prod\"", "expected the list of all environments"),
            (PROD, "expected the list of all environments"),
            (r#"{"message":"no"}"#, "expected the list of all environments"),
            (&format!(r#"{{"page":1,"total_pages":2,"environments":[{PROD}]}}"#), "it is one page of the list"),
            (&format!("[{PROD},{PROD}]"), "it has `prod` twice"),
            (&format!("[{PROD},\"dev\"]"), "expected the document of one environment"),
            (&format!("[{PROD},[{DEV}]]"), "expected the document of one environment"),
            (&format!("[{PROD},null]"), "expected the document of one environment"),
            (r#"[{"org":"other","name":"a","tags":{}}]"#, "`a` is of the organisation `other`"),
            (r#"[{"tags":{}}]"#, "it has no `name`"),
            (r#"[{"name":"a","name":"b","tags":{}}]"#, "it has `name` twice"),
            (r#"[{"name":"a","tags":{},"x":1e400}]"#, "number out of range"),
            (r#"[{"name":"a","tags":{},"x":["\ud800"]}]"#, "hex escape"),
            (half, "EOF"),
            (&format!("[{PROD}]\n[{DEV}]"), "trailing characters"),
        ] {
            let error = list(text).expect_err(text);
            assert!(error.contains(wanted), "{text}: {error}");
        }
        assert_eq!(list("[]"), Ok(Vec::new()));
    }
}
