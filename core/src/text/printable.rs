//! Text of others made safe for one line of a terminal, a log or a chat: nothing in it acts.

use std::borrow::Cow;
use std::fmt::Write as _;

/// One line that a terminal shows as it stands and that no runner of pipelines obeys. What is printable stays the same.
///
/// Control, bidirectional and invisible characters become `\u{202e}`, line breaks `\n`; what a runner takes for a
/// command (`##vso[`, `##[`, `##teamcity[` anywhere, `::` at the beginning, a mark of a section) loses its form.
///
/// # Example
///
/// ```
/// use freeze_core::printable;
///
/// assert_eq!(printable("gnp.\u{202e}txt"), r"gnp.\u{202e}txt");
/// assert_eq!(printable("##vso[task.complete]"), r"#\u{23}vso[task.complete]");
/// ```
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    escaped(text, |line, c| match c {
        '\n' => line.push_str("\\n"),
        '\r' => line.push_str("\\r"),
        '\t' => line.push_str("\\t"),
        _ => {
            // Writing to a String cannot fail.
            let _ = write!(line, "\\u{{{:x}}}", c as u32);
        }
    })
}

/// The text of a JSON document with all that [`printable`] would change written as `\uXXXX`: the same document.
/// Its own line breaks stay.
#[must_use]
pub fn printable_json(document: &str) -> Cow<'_, str> {
    escaped(document, |text, c| match c {
        '\n' => text.push('\n'),
        _ => {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(text, "\\u{unit:04x}");
            }
        }
    })
}

/// `text` with every [`delicate`] character as `write` has it.
fn escaped(text: &str, write: impl Fn(&mut String, char)) -> Cow<'_, str> {
    if is_harmless(text) {
        return Cow::Borrowed(text);
    }
    let mut changed: Option<String> = None;
    for (at, c, is_delicate) in delicate(text) {
        if is_delicate {
            write(changed.get_or_insert_with(|| text[..at].to_owned()), c);
        } else if let Some(changed) = &mut changed {
            changed.push(c);
        }
    }
    changed.map_or(Cow::Borrowed(text), Cow::Owned)
}

/// `true` if it is seen at a glance that nothing in it is [`delicate`], as in most texts: without a branch, many bytes at once.
#[expect(clippy::needless_bitwise_bool, reason = "`&&` is a branch for each byte, which takes three times as long")]
fn is_harmless(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (mut is_plain, mut has_colon, mut has_bar, mut has_pair) = (true, false, false, false);
    for b in bytes {
        is_plain &= matches!(b, b' '..=b'~');
        has_colon |= *b == b':';
        has_bar |= *b == b'_';
    }
    for (a, b) in bytes.iter().zip(bytes.get(1..).unwrap_or_default()) {
        has_pair |= (a == b) & ((*b == b'#') | (*b == b':'));
    }
    // The marks of sections have a bar.
    is_plain && !has_pair && !(has_bar && has_colon)
}

/// The characters, and whether each must not be shown as it is. In one pass, however long the text: it may be a stranger's.
pub(super) fn delicate(text: &str) -> impl Iterator<Item = (usize, char, bool)> {
    let mut is_beginning = true;
    text.char_indices().map(move |(at, c)| {
        let is_delicate = is_delicate(text, at, c, is_beginning);
        is_beginning &= c.is_whitespace() && !is_hidden(c);
        (at, c, is_delicate)
    })
}

/// `is_beginning`: nothing but blanks comes before it.
fn is_delicate(text: &str, at: usize, c: char, is_beginning: bool) -> bool {
    match c {
        ' '..='~' => match c {
            '#' => text[..at].ends_with('#') && names_command(&text[at + 1..]),
            // `::name::`: obeyed by GitHub where a line begins with it.
            ':' => {
                (is_beginning && text[at..].starts_with("::")) || SECTIONS.iter().any(|mark| text[..at].ends_with(mark))
            }
            _ => false,
        },
        '\u{200c}' | '\u{200d}' => !joins(text, at, c),
        _ => is_hidden(c),
    }
}

/// GitLab's and Travis's folds. Their own regular expressions want control characters behind them; others may not.
const SECTIONS: [&str; 4] = ["section_start", "section_end", "travis_fold", "travis_time"];

/// `##vso[`, `##[`, `##teamcity[`: obeyed anywhere in a line, by Azure, `TeamCity` and old runners of GitHub.
fn names_command(rest: &str) -> bool {
    rest.trim_start_matches(|c: char| c.is_ascii_alphabetic()).starts_with('[')
}

/// A joiner has work to do between the parts of an emoji and within several scripts, none of them ASCII.
fn joins(text: &str, at: usize, joiner: char) -> bool {
    let is_script = |c: Option<char>| c.is_some_and(|c| !c.is_ascii() && !is_hidden(c) && !is_joiner(c));
    is_script(text[..at].chars().next_back()) && is_script(text[at + joiner.len_utf8()..].chars().next())
}

fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Controls, what turns the direction of text, and what nobody sees.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
            | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::{printable, printable_json};

    #[test]
    fn what_acts_is_shown() {
        for (text, shown) in [
            ("Demo for blog post", "Demo for blog post"),
            ("two\nlines\tand\r", r"two\nlines\tand\r"),
            ("\u{1b}[2J\u{9b}31m\u{7f}", r"\u{1b}[2J\u{9b}31m\u{7f}"),
            ("a\u{202e}b\u{2066}c\u{61c}d\u{200f}e", r"a\u{202e}b\u{2066}c\u{61c}d\u{200f}e"),
            ("a\u{2028}b\u{2029}c\u{85}d", r"a\u{2028}b\u{2029}c\u{85}d"),
            ("a\u{200b}b\u{2060}c\u{feff}d\u{ad}e\u{3164}", r"a\u{200b}b\u{2060}c\u{feff}d\u{ad}e\u{3164}"),
            ("\u{e0041}", r"\u{e0041}"),
            ("::error::x", r"\u{3a}:error::x"),
            (" \u{a0} ::error::x", " \u{a0} \\u{3a}:error::x"),
            ("\n::error::x", r"\n::error::x"),
            ("a::b", "a::b"),
            ("x ##vso[task.complete]", r"x #\u{23}vso[task.complete]"),
            ("###VSO[x] ##[", r"##\u{23}VSO[x] #\u{23}["),
            ("##teamcity[x", r"#\u{23}teamcity[x"),
            ("## Heading ##", "## Heading ##"),
            ("section_start:1:x\r\u{1b}[0K", r"section_start\u{3a}1:x\r\u{1b}[0K"),
            ("travis_fold:end:x", r"travis_fold\u{3a}end:x"),
            ("naïve 👩\u{200d}🚀 می\u{200c}خواهم", "naïve 👩\u{200d}🚀 می\u{200c}خواهم"),
            ("pro\u{200d}d\u{200c}", r"pro\u{200d}d\u{200c}"),
        ] {
            assert_eq!(printable(text), shown);
            assert_eq!(printable(shown), shown, "twice is once");
        }
    }

    /// If each colon looked at all the blanks before it, this would not end today.
    #[test]
    fn a_stranger_s_long_text_is_gone_through_once() {
        let (blanks, marks) = (" ".repeat(1 << 20), ":#\u{200d}section_start".repeat(1 << 20));
        let text = [&*blanks, ":", &marks].concat();
        let shown = printable(&text);
        assert!(shown.starts_with(&*blanks) && shown.ends_with("section_start"));
        let colons = [&*blanks, &":".repeat(1 << 20)].concat();
        assert_eq!(printable(&colons).matches("\\u{3a}").count(), 1);
    }

    #[test]
    fn a_document_stays_the_same() {
        let text = "{\n  \"a\": \"\u{202e}\u{e0041} ##[x] ##vso[ section_end:\"\n}";
        let shown = printable_json(text);
        assert_eq!(shown, "{\n  \"a\": \"\\u202e\\udb40\\udc41 #\\u0023[x] #\\u0023vso[ section_end\\u003a\"\n}");
        let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
        assert_eq!(read(&shown), read(text));
    }
}
