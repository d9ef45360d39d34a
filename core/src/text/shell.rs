//! Arguments as a line for a POSIX shell, to be pasted: printable whatever they hold, read back as they were.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::printable::{delicate, printable};

/// One line that runs exactly this `argv`, also with line breaks and control characters in it.
///
/// It is for POSIX shells. fish reads it too, unless a word ends with a line break.
///
/// # Example
///
/// ```
/// use freeze_core::shell_line;
///
/// assert_eq!(shell_line(["kosli", "--set", "team=~root"]), "kosli --set 'team=~root'");
/// ```
#[must_use]
pub fn shell_line<'w>(argv: impl IntoIterator<Item = &'w str>) -> String {
    let (mut kept, mut words) = (Vec::new(), Vec::new());
    for word in argv {
        if word.ends_with('\n') {
            // `$(…)` drops line breaks at the end: a full stop keeps them, and is taken off again.
            let at = kept.len();
            kept.push(format!("text{at}={}; ", printed(&format!("{word}."))));
            words.push(format!("\"${{text{at}%.}}\""));
        } else {
            words.push(shell_word(word).into_owned());
        }
    }
    kept.concat() + &words.join(" ")
}

/// `text` as one word of a shell's command line. A line break at its very end is lost.
pub(crate) fn shell_word(text: &str) -> Cow<'_, str> {
    if is_id(text) {
        return Cow::Borrowed(text);
    }
    let is_printable = matches!(printable(text), Cow::Borrowed(_));
    if is_printable && is_plain(text) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(if is_printable { quoted(text) } else { format!("\"{}\"", printed(text)) })
}

/// Nothing in it, which is printable, means anything to any shell: no `~` that could be somebody's home (`~root`, `x=~root`, `x=a:~root`),
/// no `=` or `%` at the beginning (zsh's `=ls`, also in `x==ls`; a job), no braces, `!` or `^`.
fn is_plain(text: &str) -> bool {
    let is_alone = |b: u8| matches!(b, b'/' | b':' | b'@' | b'%' | b'+' | b'=' | b',');
    let is_word = text.bytes().all(|b| is_letter(b) || is_alone(b));
    is_word && !text.is_empty() && !text.starts_with(['=', '%']) && !text.contains("==")
}

/// Such as those of freezes: nothing in it means anything to a shell, or to whoever shows it.
fn is_id(text: &str) -> bool {
    let is_first = text.bytes().next().is_some_and(is_letter);
    is_first && text.bytes().all(|b| OF_IDS[usize::from(b)])
}

/// By their bytes; a look at a table takes a third of the comparisons.
const OF_IDS: [bool; 256] = {
    let (mut letters, mut byte) = ([false; 256], 0);
    while byte < 128_u8 {
        letters[byte as usize] = is_letter(byte) || byte == b'~';
        byte += 1;
    }
    letters
};

const fn is_letter(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.')
}

/// In single quotes. A backslash stays outside of them: to fish it means something inside, too.
fn quoted(text: &str) -> String {
    let mut word = String::with_capacity(text.len() + 2);
    word.push('\'');
    for c in text.chars() {
        match c {
            '\'' => word.push_str(r"'\''"),
            '\\' => word.push_str(r"'\\'"),
            _ => word.push(c),
        }
    }
    word.push('\'');
    word
}

/// `$(printf …)` that prints `text`: what is not printable, and what an interactive shell would look for within the double
/// quotes around it (`!`), is told by its bytes. No backslash comes before anything but digits, so that fish reads it too.
fn printed(text: &str) -> String {
    let mut format = String::with_capacity(text.len() + 16);
    for (at, c, is_delicate) in delicate(text) {
        let is_told = matches!(c, '\\' | '!') || (at == 0 && c == '-') || is_delicate;
        match c {
            _ if is_told => {
                for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                    // Writing to a String cannot fail.
                    let _ = write!(format, "\\{byte:03o}");
                }
            }
            '%' => format.push_str("%%"),
            '\'' => format.push_str(r"'\''"),
            _ => format.push(c),
        }
    }
    format!("$(printf '{format}')")
}

#[cfg(test)]
mod tests {
    use super::{shell_line, shell_word};

    #[test]
    fn words_survive_a_shell() {
        for (word, line) in [
            ("2024-10-31T10.44.48~steve", "2024-10-31T10.44.48~steve"),
            ("--set", "--set"),
            ("nodeploy=2024-10-31", "nodeploy=2024-10-31"),
            ("https://x:80/a,b@c%20d+e", "https://x:80/a,b@c%20d+e"),
            ("", "''"),
            ("~steve", "'~steve'"),
            ("x=~root", "'x=~root'"),
            ("x=a:~root", "'x=a:~root'"),
            ("a:~root", "'a:~root'"),
            ("~", "'~'"),
            ("=x", "'=x'"),
            ("x==ls", "'x==ls'"),
            ("%1", "'%1'"),
            ("{a,b}", "'{a,b}'"),
            ("!!", "'!!'"),
            ("a^b", "'a^b'"),
            ("#x", "'#x'"),
            ("-x y", "'-x y'"),
            ("it's; rm", r"'it'\''s; rm'"),
            (r"a\b\", r"'a'\\'b'\\''"),
            ("München", "'München'"),
            ("-a\u{1b}]0;50%\\!'\u{7}", r#""$(printf '\055a\033]0;50%%\134\041'\''\007')""#),
            ("two\nlines", r#""$(printf 'two\012lines')""#),
            ("x ##vso[y]", r#""$(printf 'x #\043vso[y]')""#),
            ("::error::", r#""$(printf '\072:error::')""#),
            ("\u{202e}x", r#""$(printf '\342\200\256x')""#),
        ] {
            assert_eq!(shell_word(word), line);
        }
    }

    #[test]
    fn a_line_break_at_the_end_is_kept() {
        assert_eq!(
            shell_line(["x", "a\nb", "end\n"]),
            r#"text0=$(printf 'end\012.'); x "$(printf 'a\012b')" "${text0%.}""#
        );
    }
}
