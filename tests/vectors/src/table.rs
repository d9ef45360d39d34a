//! A table: what its cases have in common, and the cases.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::Vector;
use crate::json::{Entries, Json};
use crate::names::Names;

pub(crate) struct Table {
    /// The file's name without its ending.
    name: String,
    /// Keys of the call for every case that does not say them itself.
    given: Entries,
    shared: Entries,
    cases: Vec<Json>,
}

impl Table {
    pub(crate) fn read(file: &Path) -> Result<Table, String> {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(file).map_err(|error| error.to_string());
        text.and_then(|text| Table::parse(name, &text)).map_err(|error| format!("{}: {error}", file.display()))
    }

    fn parse(name: String, text: &str) -> Result<Table, String> {
        let table: Json = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let Json::Object(entries) = table else { return Err("a table is an object".to_owned()) };
        let mut table = Table { name, given: Vec::new(), shared: Vec::new(), cases: Vec::new() };
        for (key, value) in entries {
            match (key.as_str(), value) {
                ("about", Json::Text(_)) => {}
                ("given", Json::Object(given)) => table.given = given,
                ("shared", Json::Object(shared)) => table.shared = shared,
                ("cases", Json::List(cases)) => table.cases = cases,
                _ => return Err(format!("`{key}` is not a part of a table, or not what it should be")),
            }
        }
        Ok(table)
    }

    pub(crate) fn share(&self, names: &mut Names) -> Result<(), String> {
        let add = |(name, thing): &(String, Json)| names.add(name, thing);
        self.shared.iter().try_for_each(add).map_err(|error| format!("{}: {error}", self.name))
    }

    pub(crate) fn vectors(&self, everywhere: &Names) -> Result<Vec<Vector>, String> {
        let mut names = everywhere.clone();
        self.share(&mut names)?;
        let vector = |case: &Json| {
            let title =
                case.get("title").and_then(Json::text).ok_or_else(|| format!("{}: a case has no title", self.name))?;
            let title = format!("{}: {title}", self.name);
            self.vector(&names, title.clone(), case).map_err(|error| format!("{title}: {error}"))
        };
        self.cases.iter().map(vector).collect()
    }

    fn vector(&self, names: &Names, title: String, case: &Json) -> Result<Vector, String> {
        let part = |key| case.get(key).map(|part| names.expand(part)).transpose();
        let call = match (case.get("call_text"), part("call")?) {
            (Some(text), None) => text.text().ok_or("`call_text` is a text")?.to_owned(),
            (None, Some(call)) => call_text(call)?,
            (None, None) => call_text(names.expand(&self.call(case))?)?,
            _ => return Err("`call` or `call_text`, not both".to_owned()),
        };
        let reads = part("reads")?.as_ref().map(value).transpose()?;
        let answer = part("answer")?.map(answer).transpose()?.as_ref().map(value).transpose()?;
        Ok(Vector { title, call, reads, answer })
    }

    /// What is given, and what the case says in its place or besides.
    fn call(&self, case: &Json) -> Json {
        let mut call = self.given.clone();
        let Json::Object(entries) = case else { return Json::Null };
        for (key, value) in entries {
            match (key.as_str(), value) {
                ("title" | "reads" | "answer", _) => {}
                _ => Json::set(&mut call, key.clone(), value.clone()),
            }
        }
        // An action of which nothing but its type is said.
        if let Some((_, action)) = call.iter_mut().find(|(key, _)| key == "action")
            && let Json::Text(of_type) = action
        {
            *action = Json::Object(vec![("type".to_owned(), Json::Text(of_type.clone()))]);
        }
        Json::Object(call)
    }
}

/// The call's text, in which a look's document is a text, as Kosli sent it.
///
/// Its keys are sorted: where a case says something in place of what is given or shared, that must not show.
fn call_text(mut call: Json) -> Result<String, String> {
    let looks = entries(&mut call).filter(|(key, _)| key == "observed").flat_map(|(_, observed)| entries(observed));
    for (_, look) in looks {
        for (key, document) in entries(look) {
            if matches!(key.as_str(), "body" | "stdout") && matches!(document, Json::Object(_) | Json::List(_)) {
                *document = Json::Text(document.to_string());
            }
        }
    }
    value(&call).map(|call| call.to_string())
}

fn value(json: &Json) -> Result<Value, String> {
    serde_json::from_str(&json.to_string()).map_err(|error| error.to_string())
}

fn entries(json: &mut Json) -> std::slice::IterMut<'_, (String, Json)> {
    match json {
        Json::Object(entries) => entries.iter_mut(),
        _ => [].iter_mut(),
    }
}

/// `{"refuse": "frozen"}` for `{"decision": "refuse", "reason": "frozen"}`.
fn answer(answer: Json) -> Result<Json, String> {
    let Json::Object(parts) = answer else { return Err("`answer` is an object".to_owned()) };
    let mut whole = Entries::new();
    for (key, value) in parts {
        match (key.as_str(), value) {
            ("proceed" | "refuse" | "error", reason @ Json::Text(_)) => {
                whole.push(("decision".to_owned(), Json::Text(key)));
                whole.push(("reason".to_owned(), reason));
            }
            (_, value) => whole.push((key, value)),
        }
    }
    Ok(Json::Object(whole))
}

#[cfg(test)]
mod tests {
    use super::{Names, Table};
    use crate::folder;

    /// `README.md` shows a table: it is one, and it is written as tables are.
    #[test]
    fn the_example_is_a_table() {
        let readme = std::fs::read_to_string(folder().join("README.md")).expect("a README");
        let example = readme.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
        assert_eq!(crate::printed(&serde_json::from_str(example).expect("JSON")), example);
        let mut names = Names::default();
        Table::read(&folder().join(crate::SHARED)).and_then(|shared| shared.share(&mut names)).expect("what is shared");
        let vectors =
            Table::parse("example".to_owned(), example).and_then(|table| table.vectors(&names)).expect("vectors");
        let [closed, open, _] = &vectors[..] else { panic!("{vectors:?}") };
        assert_eq!(closed.title, "example: closed");
        assert_eq!(closed.call.replace("2026-12-25T12:00:00Z", "2027-01-04T00:00:00Z"), open.call);
        assert_eq!(closed.answer.as_ref().expect("an answer")["decision"], "refuse");
    }
}
