//! Untrusted text made safe for one line of a terminal, a log or a chat.

mod canonical;
mod compact;
mod complaint;
pub(crate) mod numbers;
pub(crate) mod object;
pub(crate) mod person;
mod printable;
mod shell;
mod slips;

use std::borrow::Cow;
use std::fmt::Write as _;

pub(crate) use self::canonical::Json;
pub(crate) use self::compact::{compact, compact_within};
pub(crate) use self::complaint::{complaint, in_words};
pub(crate) use self::printable::is_hidden;
pub use self::printable::{printable, printable_json};
pub use self::shell::shell_line;
pub(crate) use self::shell::shell_word;
pub(crate) use self::slips::{MOST_SLIPS, meant, slips};

/// How much of a reason a summary shows, and a flag carries, in characters.
pub(crate) const SHORT: usize = 200;

/// How much a summary shows of an error that has quoted its input already.
const LONG: usize = 2000;

/// Whether it is one of these words, in whatever case.
#[inline(never)] // for the size of the module
pub(crate) fn is_any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// The beginning of `text` on one line: white space as blanks, other control and invisible characters as `\u{..}`.
pub(crate) fn excerpt(text: &str) -> String {
    beginning(text, SHORT).into_owned()
}

/// The same, copied only where it is another text.
pub(crate) fn excerpt_of(text: &str) -> Cow<'_, str> {
    beginning(text, SHORT)
}

/// The same of a text that says where, what, and what to do.
pub(crate) fn long_excerpt(text: &str) -> String {
    beginning(text, LONG).into_owned()
}

fn beginning(text: &str, most: usize) -> Cow<'_, str> {
    let is_printable = |is_so, byte| is_so & matches!(byte, b' '..=b'~');
    if text.len() <= most && text.bytes().fold(true, is_printable) {
        return Cow::Borrowed(text.trim());
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
    Cow::Owned(line)
}

/// `true` if this byte is in it. Without a branch: many bytes at once.
#[expect(clippy::needless_bitwise_bool, reason = "`||` is a branch for each byte")]
pub(crate) fn has(text: &str, byte: u8) -> bool {
    text.bytes().fold(false, |has, other| has | (other == byte))
}

/// The first `SHORT` characters of `text`.
pub(crate) fn short(text: &str) -> &str {
    first(text, SHORT)
}

fn first(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).map_or(text, |(at, _)| &text[..at])
}

#[cfg(test)]
mod tests {
    use super::{excerpt, short};

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
}
