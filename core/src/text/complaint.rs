//! What the JSON reader complains of, in words for people.

/// The same error, where it is of a value's type: ``expected a list, found the text "prod-*"`` in place of
/// ``invalid type: string "prod-*", expected a sequence``. Its place stays, and so does the key before it.
#[cold]
pub(crate) fn complaint(error: &serde_json::Error) -> String {
    in_words(&error.to_string())
}

#[cold]
pub(crate) fn in_words(error: &str) -> String {
    told(error).unwrap_or_else(|| error.to_owned())
}

/// `true` if the error is of a value, and does not say of which.
pub(crate) fn is_of_a_value(error: &str) -> bool {
    error.starts_with("invalid type: ") || error.starts_with("invalid value: ")
}

fn told(error: &str) -> Option<String> {
    let start = if is_of_a_value(error) { 0 } else { error.find("`: invalid ")? + "`: ".len() };
    let (key, error) = error.split_at(start);
    let error = error.strip_prefix("invalid type: ").or_else(|| error.strip_prefix("invalid value: "))?;
    let (found, wanted) = error.rsplit_once(", expected ")?;
    let (wanted, place) = wanted.find(" at line ").map_or((wanted, ""), |at| wanted.split_at(at));
    Some(format!("{key}expected {}, found {}{place}", words_of_wanted(wanted), words_of_found(found)?))
}

fn words_of_wanted(wanted: &str) -> &str {
    match wanted {
        "a sequence" => "a list",
        "a map" => "an object",
        "a string" => "text",
        "a boolean" => "true or false",
        "i64" => "a whole number",
        "u16" | "u32" | "u64" | "usize" => "a whole number from 0 on",
        "f64" => "a number",
        other => other,
    }
}

fn words_of_found(found: &str) -> Option<String> {
    let (kind, value) = found.split_once(' ').unwrap_or((found, ""));
    Some(match kind {
        "string" => format!("the text {value}"),
        "integer" => format!("the number {}", value.trim_matches('`')),
        "number" => "a number".to_owned(), // where serde_json keeps them as texts (`numbers.rs`)
        "floating" => format!("the number {}", value.trim_start_matches("point ").trim_matches('`')),
        "boolean" => value.trim_matches('`').to_owned(),
        "null" => "null".to_owned(),
        "sequence" => "a list".to_owned(),
        "map" => "an object".to_owned(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn types_are_told_in_words() {
        for (error, wanted) in [
            (
                r#"invalid type: string "a, expected b", expected a sequence"#,
                r#"expected a list, found the text "a, expected b""#,
            ),
            (
                "`suspended`: invalid type: integer `1`, expected a boolean",
                "`suspended`: expected true or false, found the number 1",
            ),
            (
                "`x`: invalid type: floating point `1.5`, expected u64 at line 1 column 9",
                "`x`: expected a whole number from 0 on, found the number 1.5 at line 1 column 9",
            ),
            ("invalid value: integer `-1`, expected u64", "expected a whole number from 0 on, found the number -1"),
            ("invalid type: boolean `true`, expected a string", "expected text, found true"),
            ("invalid type: map, expected an object with `name`", "expected an object with `name`, found an object"),
            ("invalid type: null, expected f64", "expected a number, found null"),
            ("invalid type: sequence, expected a map", "expected an object, found a list"),
            ("it has no `tags`", "it has no `tags`"),
            ("expected value at line 1 column 1", "expected value at line 1 column 1"),
        ] {
            assert_eq!(in_words(error), wanted);
        }
    }
}
