//! Things that several cases share, by name, and what a case changes in them.

use std::collections::{BTreeMap, BTreeSet};

use crate::json::{Entries, Json};

/// What is written once: a policy, a window, a document of Kosli's, or several of them.
#[derive(Clone, Default)]
pub(crate) struct Names(BTreeMap<String, Json>);

/// A name that leads to itself would never end.
const DEEPEST: usize = 20;

impl Names {
    pub(crate) fn add(&mut self, name: &str, thing: &Json) -> Result<(), String> {
        match self.0.insert(name.to_owned(), thing.clone()) {
            None => Ok(()),
            Some(_) => Err(format!("`{name}` is shared twice, here or in shared.json")),
        }
    }

    /// Puts things in place of their names: `"$NAME"`, or `{"$": NAME, …}` with something changed.
    pub(crate) fn expand(&self, json: &Json) -> Result<Json, String> {
        self.expanded(json, 0)
    }

    fn expanded(&self, json: &Json, depth: usize) -> Result<Json, String> {
        match json {
            Json::Text(text) => match text.strip_prefix('$') {
                None => Ok(json.clone()),
                Some(rest) if rest.starts_with('$') => Ok(Json::Text(rest.to_owned())),
                Some(name) => self.named(name, &[], depth),
            },
            Json::List(list) => {
                list.iter().map(|each| self.expanded(each, depth)).collect::<Result<_, _>>().map(Json::List)
            }
            Json::Object(entries) => match &entries[..] {
                [(key, name), changes @ ..] if key == "$" => {
                    let name = name.text().ok_or("`$` says the name of a shared thing")?;
                    self.named(name, changes, depth)
                }
                _ => {
                    let each = |(key, value): &(String, Json)| Ok((key.clone(), self.expanded(value, depth)?));
                    entries.iter().map(each).collect::<Result<_, String>>().map(Json::Object)
                }
            },
            _ => Ok(json.clone()),
        }
    }

    fn named(&self, name: &str, changes: &[(String, Json)], depth: usize) -> Result<Json, String> {
        if depth > DEEPEST {
            return Err(format!("`{name}` leads to itself"));
        }
        let thing = self
            .0
            .get(name)
            .ok_or_else(|| format!("nothing is shared as `{name}`; a text with a `$` begins with two"))?;
        let holes = holes(thing);
        if let Some(hole) = holes.iter().find(|hole| changes.iter().all(|(key, _)| key != *hole)) {
            return Err(format!("`{name}` needs `{hole}`"));
        }
        let (filling, more): (Vec<_>, Vec<_>) = changes.iter().cloned().partition(|(key, _)| holes.contains(key));
        let mut filled = fill(thing, &filling)?;
        if !more.is_empty() {
            // A change of something that is itself a change of a shared thing is one more change.
            let Json::Object(entries) = &mut filled else { return Err(format!("`{name}` takes no `{}`", more[0].0)) };
            for (key, value) in more {
                Json::set(entries, key, value);
            }
        }
        self.expanded(&filled, depth + 1)
    }
}

/// Puts values in their holes: a text that is a hole becomes the value, one that has holes gets their texts.
fn fill(thing: &Json, filling: &[(String, Json)]) -> Result<Json, String> {
    match thing {
        Json::Text(text) => match filling.iter().find(|(key, _)| *text == format!("{{{key}}}")) {
            Some((_, value)) => Ok(value.clone()),
            None => fill_text(text, filling).map(Json::Text),
        },
        Json::List(list) => list.iter().map(|each| fill(each, filling)).collect::<Result<_, _>>().map(Json::List),
        Json::Object(entries) => {
            let each = |(key, value): &(String, Json)| Ok((fill_text(key, filling)?, fill(value, filling)?));
            entries.iter().map(each).collect::<Result<Entries, String>>().map(Json::Object)
        }
        _ => Ok(thing.clone()),
    }
}

fn fill_text(text: &str, filling: &[(String, Json)]) -> Result<String, String> {
    let mut filled = text.to_owned();
    for (key, value) in filling {
        let hole = format!("{{{key}}}");
        if filled.contains(&hole) {
            let value = value.text().ok_or_else(|| format!("`{key}` stands within a text, so it has to be one"))?;
            filled = filled.replace(&hole, value);
        }
    }
    Ok(filled)
}

/// The words in braces: `{id}`.
fn holes(thing: &Json) -> BTreeSet<String> {
    let of_text = |text: &str| -> BTreeSet<String> {
        let ends = text.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
        let is_word =
            |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        ends.map(|(word, _)| word.to_owned()).filter(|word| is_word(word)).collect()
    };
    match thing {
        Json::Text(text) => of_text(text),
        Json::List(list) => list.iter().flat_map(holes).collect(),
        Json::Object(entries) => {
            entries.iter().flat_map(|(key, value)| of_text(key).into_iter().chain(holes(value))).collect()
        }
        _ => BTreeSet::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Json, Names};

    fn expanded(shared: &str, written: &str) -> Result<String, String> {
        let json = |text: &str| serde_json::from_str::<Json>(text).expect("JSON");
        let Json::Object(shared) = json(shared) else { panic!("an object") };
        let mut names = Names::default();
        for (name, thing) in &shared {
            names.add(name, thing)?;
        }
        names.expand(&json(written)).map(|json| json.to_string())
    }

    #[test]
    fn a_name_stands_for_the_thing() {
        let shared =
            r#"{"a": {"x": 1, "y": [2]}, "b": {"of": "$a"}, "id": {"{id}": "{id}", "n": "no {id}!", "v": "{value}"}}"#;
        for (written, becomes) in [
            (r#""$a""#, r#"{"x":1,"y":[2]}"#),
            (r#"{"$": "a", "z": "$$a", "x": null}"#, r#"{"x":null,"y":[2],"z":"$a"}"#),
            (r#"["$b"]"#, r#"[{"of":{"x":1,"y":[2]}}]"#),
            (r#"{"$": "id", "id": "7", "value": "$b"}"#, r#"{"7":"7","n":"no 7!","v":{"of":{"x":1,"y":[2]}}}"#),
            (r#"{"a": "{id}", "$schema": "x"}"#, r#"{"a":"{id}","$schema":"x"}"#),
        ] {
            assert_eq!(expanded(shared, written).as_deref(), Ok(becomes), "{written}");
        }
    }

    #[test]
    fn a_slip_is_told() {
        let shared = r#"{"a": "$b", "b": "$a", "id": {"x": "{id} there"}, "text": "x"}"#;
        for (written, error) in [
            (r#""$c""#, "nothing is shared as `c`; a text with a `$` begins with two"),
            (r#""$a""#, "`b` leads to itself"),
            (r#""$id""#, "`id` needs `id`"),
            (r#"{"$": "id", "id": 7}"#, "`id` stands within a text, so it has to be one"),
            (r#"{"$": "text", "id": 7}"#, "`text` takes no `id`"),
            (r#"{"$": 7}"#, "`$` says the name of a shared thing"),
        ] {
            assert_eq!(expanded(shared, written), Err(error.to_owned()), "{written}");
        }
    }
}
