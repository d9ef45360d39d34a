//! A table as it is to be written: a case on one line where it fits.

use crate::json::Json;

/// Columns of a line.
const WIDTH: usize = 160;

/// The table's text: what is shared, and the cases, each on a line of its own, or from one line on.
#[must_use]
pub fn printed(table: &Json) -> String {
    let Json::Object(parts) = table else { return flat(table) };
    let mut out = String::from("{\n");
    for (at, (key, part)) in parts.iter().enumerate() {
        out.push_str(&flat(&Json::Text(key.clone())));
        out.push_str(": ");
        match part {
            Json::Object(shared) if key == "shared" => {
                let each = |(name, thing): &(String, Json)| shared_thing(name, thing);
                rows(&mut out, '{', shared.iter().map(each), '}');
            }
            Json::List(cases) if key == "cases" => rows(&mut out, '[', cases.iter().map(case), ']'),
            _ => out.push_str(&filled(part, 1, key.len() + 4)),
        }
        out.push_str(if at + 1 < parts.len() { ",\n" } else { "\n" });
    }
    out.push_str("}\n");
    out
}

fn rows(out: &mut String, open: char, rows: impl Iterator<Item = String>, close: char) {
    out.push(open);
    for (at, row) in rows.enumerate() {
        out.push_str(if at == 0 { "\n  " } else { ",\n  " });
        out.push_str(&row);
    }
    out.push('\n');
    out.push(close);
}

fn shared_thing(name: &str, thing: &Json) -> String {
    let name = flat(&Json::Text(name.to_owned()));
    let column = 2 + columns(&name) + 2;
    format!("{name}: {}", filled(thing, 4, column))
}

/// On one line; else what is expected begins one.
fn case(case: &Json) -> String {
    let line = flat(case);
    let Json::Object(entries) = case else { return line };
    if fits(&line, 2) {
        return line;
    }
    let mut out = String::from("{");
    let mut column = 3;
    for (at, (key, value)) in entries.iter().enumerate() {
        let is_expected = |key: &str| matches!(key, "reads" | "answer");
        let begins = at > 0 && is_expected(key) && !is_expected(&entries[at - 1].0);
        entry(&mut out, &mut column, Some(key), value, 3, at > 0, begins);
    }
    out.push('}');
    out
}

/// A value that begins in a column; where it does not fit it is broken, and goes on indented.
fn filled(value: &Json, indent: usize, column: usize) -> String {
    let line = flat(value);
    if fits(&line, column) {
        return line;
    }
    let mut column = column + 1;
    let mut out = String::new();
    match value {
        Json::Object(entries) => {
            out.push('{');
            for (at, (key, value)) in entries.iter().enumerate() {
                entry(&mut out, &mut column, Some(key), value, indent + 1, at > 0, false);
            }
            out.push('}');
        }
        Json::List(values) => {
            out.push('[');
            // Objects are rows: each begins a line.
            let are_rows = values.iter().any(|value| matches!(value, Json::Object(_)));
            for (at, value) in values.iter().enumerate() {
                entry(&mut out, &mut column, None, value, indent + 1, at > 0, are_rows);
            }
            out.push(']');
        }
        _ => return line,
    }
    out
}

/// One more entry of an object or a list: on the line if it fits there, else on a new one.
fn entry(
    out: &mut String,
    column: &mut usize,
    key: Option<&str>,
    value: &Json,
    indent: usize,
    follows: bool,
    begins: bool,
) {
    let key = key.map(|key| format!("{}: ", flat(&Json::Text(key.to_owned())))).unwrap_or_default();
    let line = flat(value);
    let wanted = columns(&key) + columns(&line);
    if follows {
        out.push(',');
        *column += 1;
    }
    if begins || (follows && *column + 1 + wanted > WIDTH - 2) {
        out.push('\n');
        out.push_str(&" ".repeat(indent));
        *column = indent;
    } else if follows {
        out.push(' ');
        *column += 1;
    }
    out.push_str(&key);
    *column += columns(&key);
    let value = filled(value, indent, *column);
    out.push_str(&value);
    *column = value.rsplit_once('\n').map_or_else(|| *column + columns(&value), |(_, last)| columns(last));
}

fn fits(line: &str, column: usize) -> bool {
    column + columns(line) <= WIDTH - 2
}

fn columns(text: &str) -> usize {
    text.chars().count()
}

fn flat(json: &Json) -> String {
    let joined = |parts: Vec<String>| parts.join(", ");
    match json {
        Json::List(values) => format!("[{}]", joined(values.iter().map(flat).collect())),
        Json::Object(entries) => {
            let entry = |(key, value): &(String, Json)| format!("{}: {}", Json::Text(key.clone()), flat(value));
            format!("{{{}}}", joined(entries.iter().map(entry).collect()))
        }
        _ => json.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Json, WIDTH, printed};

    #[test]
    fn what_is_printed_is_what_was_read() {
        let long = "x".repeat(100);
        let table = format!(
            r#"{{"about":"a","given":{{"now":"n"}},"shared":{{"a":{{"x":1}},"long":["{long}","{long}"]}},
            "cases":[{{"title":"short","answer":{{}}}},{{"title":"{long}","policy":{{"windows":[{{"a":"{long}"}},{{"b":1}}]}},"answer":{{"x":[]}}}}]}}"#
        );
        let read = |text: &str| serde_json::from_str::<Json>(text).expect("JSON");
        let text = printed(&read(&table));
        assert_eq!(read(&text), read(&table), "{text}");
        assert_eq!(printed(&read(&text)), text);
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        assert!(text.contains("\n  {\"title\": \"short\", \"answer\": {}},\n"), "{text}");
        assert!(text.contains("\n   \"answer\": {\"x\": []}}\n"), "{text}");
    }
}
