//! Globs over the values of tags, or of what a change states. A value may be any text, so what looks like another
//! language or like another letter could be one; but more often nothing would match it, and the window would be for
//! nobody. `?` stands for such a character where a value really has it.

use crate::text::{excerpt, is_hidden};

use super::meant::{any_run, negated, shown, without_blanks};

const OR_ANY: &str = "; where a value has that, write `?` in its place";

/// The small Cyrillic and Greek letters that look like Latin ones, and the large.
const LOOKALIKES: &str = "асеорхуіјѕһԁԛԝАВСЕНІЈКМОРЅТХУЗ\
                          αορνικυΑΒΕΖΗΙΚΜΝΟΡΤΥΧ";

/// Checks one glob, with its `!` if it has one.
pub(crate) fn check(glob: &str) -> Result<(), String> {
    problem(glob).map_or(Ok(()), |problem| Err(format!("has `{}`, {problem}", excerpt(glob))))
}

fn problem(glob: &str) -> Option<String> {
    let (mark, value) = glob.strip_prefix('!').map_or(("", glob), |value| ("!", value));
    if value.is_empty() {
        return Some("which only an empty value has; `*` is any value, [\"*\", \"!?*\"] an empty one".to_owned());
    }
    if let Some(c) = value.chars().find(|&c| is_unseen(c)) {
        return Some(format!("with {}, which nobody sees; type it again{OR_ANY}", shown(c)));
    }
    if value.trim() != value || negated(value).is_some() {
        let would_do = without_blanks(glob).filter(|_| mark.is_empty() || negated(value).is_none());
        let advice = would_do.map_or_else(
            || format!("write \"{mark}{}\"", excerpt(value)),
            |meant| format!("write \"{}\"", excerpt(&meant)),
        );
        return Some(match negated(value) {
            Some(_) if mark.is_empty() => format!("but `!` excludes, not a word; {advice}{OR_ANY} of a blank"),
            Some(_) => format!("which says twice that it excludes; `!` alone does{OR_ANY} of a blank"),
            None => format!("with a blank at an end; {advice}{OR_ANY}"),
        });
    }
    if let Some(c) = lookalike(value) {
        return Some(format!("with {}, which looks like another character; type it again{OR_ANY}", shown(c)));
    }
    language(mark, value).map(|problem| format!("{problem}{OR_ANY}"))
}

/// What another language would mean by it.
fn language(mark: &str, value: &str) -> Option<String> {
    let has = |chars: &[char]| value.chars().find(|c| chars.contains(c));
    if value.starts_with('!') {
        let value = excerpt(value.trim_start_matches('!'));
        return Some(format!("but one `!` excludes, \"!{value}\", and none includes, \"{value}\""));
    }
    if value.starts_with(['=', '<', '>']) || (value.starts_with(['~', '^']) && !value.ends_with('$')) {
        return Some("but nothing is compared here: a value is written as it is, `!` before it excludes it".to_owned());
    }
    if let Some(c) = has(&[',', '|', ';', '{', '}', '[', ']']) {
        return Some(format!(
            "but {} does not list or choose; list each value separately: [\"{mark}core\", \"{mark}infra\"]",
            shown(c)
        ));
    }
    if value.contains(".*") {
        return Some(any_run(&format!("{mark}{value}")));
    }
    let flags = value.strip_prefix('/').and_then(|inner| inner.rsplit_once('/')).map(|(_, flags)| flags);
    let is_expression = flags.is_some_and(|flags| matches!(flags, "" | "i" | "g" | "m" | "gi" | "im"))
        || value.starts_with('^')
        || value.ends_with('$')
        || value.contains('\\')
        || value.contains(".+");
    if is_expression {
        return Some("but it is not a regular expression; `*` is any run of characters, `?` any one".to_owned());
    }
    if value.starts_with('$') || has_percent(value) {
        return Some("but nothing is put in for `$` or `%`; `*` is any run of characters".to_owned());
    }
    let is_quoted = |quote: char| value.len() > 1 && value.starts_with(quote) && value.ends_with(quote);
    if let Some(quote) = ['"', '\'', '`'].into_iter().find(|quote| is_quoted(*quote)) {
        return Some(format!("quoted twice; write \"{mark}{}\"", excerpt(value.trim_matches(quote))));
    }
    None
}

/// `core%`, `%TEAM%`; `50%` is a value.
fn has_percent(value: &str) -> bool {
    value.match_indices('%').any(|(at, _)| !value[..at].ends_with(|c: char| c.is_ascii_digit() || c == ' '))
}

fn is_unseen(c: char) -> bool {
    is_hidden(c) || c.is_control() || (c.is_whitespace() && c != ' ')
}

/// The first character that people take for another one: a letter of another alphabet within a Latin word or in one
/// that has nothing else, a wide or a mathematical letter, an accent of its own, a dash.
fn lookalike(value: &str) -> Option<char> {
    let is_foreign = |c: char| matches!(c, '\u{370}'..='\u{3ff}' | '\u{400}'..='\u{52f}');
    let in_words = value.split(|c: char| !c.is_alphabetic()).find_map(|word| {
        let foreign = word.chars().find(|&c| is_foreign(c))?;
        let is_mixed = word.chars().any(|c| c.is_ascii_alphabetic());
        (is_mixed || word.chars().all(|c| LOOKALIKES.contains(c))).then_some(foreign)
    });
    let is_odd = |c: &char| {
        matches!(
            c,
            '\u{300}'..='\u{36f}'
                | '\u{2010}'..='\u{2013}'
                | '\u{2212}'
                | '\u{2217}'
                | '\u{ff01}'..='\u{ff5e}'
                | '\u{1d400}'..='\u{1d7ff}'
        )
    };
    in_words.or_else(|| value.chars().find(is_odd))
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn sensible_values_are_taken() {
        for glob in [
            "core",
            "*",
            "!infra",
            "?infra",
            "ünï *",
            "команда",
            "Platform (EU)",
            "R&D",
            "50%",
            "100 %",
            "it's",
            "Δ",
            "https://x.example/a?b=c",
            "a=b",
            "/srv/app",
            "#ops",
            "@acme/core",
            "cost-center:4711",
            "naïve",
            "東京",
            "v1.2+build",
            "1.?",
            "nothing",
            "notes",
            "no-reply",
            "a - b",
            "a_b",
            "core/**",
            "x^2",
            "*.example",
        ] {
            assert_eq!(check(glob), Ok(()), "{glob}");
        }
    }

    #[test]
    fn what_looks_like_another_language_is_an_error() {
        for (glob, wanted) in [
            ("", "only an empty value has; `*` is any value"),
            ("!", "only an empty value has"),
            (
                "core,infra",
                "`,` does not list or choose; list each value separately: [\"core\", \"infra\"]; where a value",
            ),
            ("!core,infra", "[\"!core\", \"!infra\"]"),
            ("core|infra", "`|` does not"),
            ("core;infra", "`;` does not"),
            ("{core,infra}", "`{` does not"),
            ("[core]", "`[` does not"),
            ("/core/", "not a regular expression"),
            ("/core/i", "not a regular expression"),
            ("^core$", "not a regular expression"),
            ("core$", "not a regular expression"),
            ("^core", "`!` before it excludes it"),
            ("~core", "nothing is compared"),
            ("core.*", "write \"core*\"; where a dot is meant, \"core.?*\""),
            ("core.+", "not a regular expression"),
            ("core\\d", "not a regular expression"),
            ("!!core", "one `!` excludes, \"!core\", and none includes, \"core\""),
            ("!=core", "nothing is compared"),
            ("==core", "nothing is compared"),
            ("<team>", "nothing is compared"),
            ("not core", "`!` excludes, not a word; write \"!core\""),
            ("!not core", "says twice"),
            ("! core", "write \"!core\""),
            (" core", "a blank at an end; write \"core\"; where a value has that, write `?`"),
            ("core ", "write \"core\""),
            ("core team ", "write \"core team\""),
            ("'core'", "quoted twice; write \"core\""),
            ("$TEAM", "nothing is put in"),
            ("core%", "nothing is put in"),
            ("co\u{200b}re", "(U+200B), which nobody sees"),
            ("core\n", "(U+000A), which nobody sees"),
            ("a\u{a0}b", "(U+00A0), which nobody sees"),
            ("c\u{43e}re", "`о` (U+043E), which looks like another character"),
            ("\u{441}\u{43e}\u{440}", "(U+0441), which looks like"),
            ("\u{ff43}ore", "(U+FF43), which looks like"),
            ("a\u{2013}b", "(U+2013), which looks like"),
            ("e\u{301}", "(U+0301), which looks like"),
        ] {
            let problem = check(glob).expect_err(glob);
            assert!(problem.contains(wanted), "{glob:?}: {problem}");
        }
    }
}
