//! Untrusted text made safe for one line of a terminal, a log or a chat.

use std::fmt::Write as _;

/// How much of a reason a summary shows, and a flag carries, in characters.
pub(crate) const SHORT: usize = 200;

/// How much a summary shows of an error that has quoted its input already.
const LONG: usize = 2000;

/// The beginning of `text` on one line: white space as blanks, other control and invisible characters as `\u{..}`.
pub(crate) fn excerpt(text: &str) -> String {
    beginning(text, SHORT)
}

/// The same of a text that says where, what, and what to do.
pub(crate) fn long_excerpt(text: &str) -> String {
    beginning(text, LONG)
}

fn beginning(text: &str, most: usize) -> String {
    let is_plain = |b: &u8| matches!(b, b' '..=b'~');
    if text.len() <= most && text.as_bytes().iter().all(is_plain) {
        return text.trim().to_owned();
    }
    let shown = first(text.trim(), most);
    let mut line = String::with_capacity(shown.len() + 3);
    for c in shown.chars() {
        match c {
            '\n' | '\r' | '\t' if line.ends_with(' ') => {}
            '\n' | '\r' | '\t' => line.push(' '),
            // Writing to a String cannot fail.
            _ if is_hidden(c) => drop(write!(line, "\\u{{{:x}}}", c as u32)),
            _ => line.push(c),
        }
    }
    if shown.len() < text.trim().len() {
        line.push('…');
    }
    line
}

/// The first `SHORT` characters of `text`.
pub(crate) fn short(text: &str) -> &str {
    first(text, SHORT)
}

fn first(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).map_or(text, |(at, _)| &text[..at])
}

/// `text` as one word of a POSIX shell's command line, which is printable whatever the text is. A line break
/// at its very end is lost: `$(…)` drops it.
pub(crate) fn shell_word(text: &str) -> String {
    let is_plain = |b: u8| {
        b.is_ascii_alphanumeric()
            || matches!(b, b'-' | b'_' | b'.' | b'~' | b'/' | b':' | b'@' | b'%' | b'+' | b'=' | b',')
    };
    if text.bytes().all(is_plain) && !text.is_empty() && !text.starts_with(['~', '=']) {
        return text.to_owned();
    }
    let quoted = |text: &str| format!("'{}'", text.replace('\'', r"'\''"));
    if !text.chars().any(is_hidden) {
        return quoted(text);
    }
    format!("\"$(printf {})\"", quoted(&printf_format(text)))
}

/// A format for `printf(1)`: what is hidden becomes its bytes in octal.
fn printf_format(text: &str) -> String {
    let mut format = String::with_capacity(text.len() + 16);
    for (at, c) in text.char_indices() {
        match c {
            '\\' => format.push_str("\\\\"),
            '%' => format.push_str("%%"),
            '-' if at == 0 => format.push_str("\\055"),
            _ if is_hidden(c) => {
                for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                    // Writing to a String cannot fail.
                    let _ = write!(format, "\\{byte:03o}");
                }
            }
            _ => format.push(c),
        }
    }
    format
}

/// Controls and what turns the direction of text; joiners stay, emoji and several scripts need them.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::{excerpt, shell_word, short};

    #[test]
    fn nothing_leaves_the_line() {
        assert_eq!(excerpt("a\r\nb\u{1b}[31m\u{202e}c\n"), r"a b\u{1b}[31m\u{202e}c");
        assert_eq!(excerpt("München 🚀"), "München 🚀");
        assert_eq!(excerpt(&"x".repeat(201)), format!("{}…", "x".repeat(200)));
    }

    #[test]
    fn short_counts_characters() {
        assert_eq!(short("ü"), "ü");
        assert_eq!(short(&"ü".repeat(201)), "ü".repeat(200));
    }

    #[test]
    fn words_survive_a_shell() {
        assert_eq!(shell_word("2024-10-31T10.44.48~steve"), "2024-10-31T10.44.48~steve");
        assert_eq!(shell_word("~steve"), "'~steve'");
        assert_eq!(shell_word("it's; rm"), r"'it'\''s; rm'");
        assert_eq!(shell_word(""), "''");
        assert_eq!(shell_word("=x"), "'=x'");
        assert_eq!(shell_word("-a\u{1b}]0;50%\\\u{7}"), r#""$(printf '\055a\033]0;50%%\\\007')""#);
    }
}
