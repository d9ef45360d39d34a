//! What people mean who write another language than globs.

use crate::text::excerpt;

/// What may stand before that which is not meant.
const NEGATIONS: [&str; 8] = ["not", "non", "no", "except", "without", "all but", "exclude", "but"];

/// A character as a message shows it, also one that nobody sees.
pub(crate) fn shown(c: char) -> String {
    match c {
        ' ' => "a blank (U+0020)".to_owned(),
        c if c.is_ascii_graphic() => format!("`{c}`"),
        c => format!("`{}` (U+{:04X})", excerpt(&c.to_string()), c as u32),
    }
}

/// `.*` is a regular expression's; as a glob it asks for a dot.
pub(crate) fn any_run(glob: &str) -> String {
    let plain = excerpt(&glob.replace(".*", "*"));
    let name = glob.strip_prefix('!').unwrap_or(glob);
    let dotted = excerpt(&glob.replace(".*", ".?*"));
    let or = if name.starts_with('.') { String::new() } else { format!("; where a dot is meant, \"{dotted}\"") };
    format!("and `.*` is of a regular expression; a `*` alone is any run of characters: write \"{plain}\"{or}")
}

/// The one glob that is meant by a text with blanks, if that is plain: `prod `, `! prod` and `not prod`.
pub(crate) fn without_blanks(text: &str) -> Option<String> {
    let (mark, name) = match (negated(text), text.trim().strip_prefix('!')) {
        (Some(name), _) | (None, Some(name)) => ("!", name.trim()),
        (None, None) => ("", text.trim()),
    };
    let is_one = !name.is_empty() && !name.starts_with('!') && !name.contains(char::is_whitespace);
    is_one.then(|| format!("{mark}{name}"))
}

/// What follows a `not `.
pub(crate) fn negated(text: &str) -> Option<&str> {
    let text = text.trim_start();
    NEGATIONS.iter().find_map(|word| {
        let (first, rest) = text.split_at_checked(word.len())?;
        (first.eq_ignore_ascii_case(word) && rest.starts_with([' ', ':'])).then(|| rest[1..].trim())
    })
}
