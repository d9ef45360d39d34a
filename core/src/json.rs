//! The core for hosts of other languages: JSON text in, JSON text out, never a failure.

use std::str::{self, Utf8Error};

use crate::answer::Answer;
use crate::call::{Call, Environment};
use crate::error::Error;
use crate::kosli::raw::RawResult;
use crate::kosli::read_name::ReadName;
use crate::kosli::target::Read;
use crate::text::{compact, compact_within};
use crate::wording::command_line;

/// A call as text, or as the bytes of a host that did not look whether they are text.
pub trait AsText {
    /// The text.
    ///
    /// # Errors
    ///
    /// Bytes that are not UTF-8.
    fn as_text(&self) -> Result<&str, Utf8Error>;
}

impl AsText for str {
    fn as_text(&self) -> Result<&str, Utf8Error> {
        Ok(self)
    }
}

impl AsText for String {
    fn as_text(&self) -> Result<&str, Utf8Error> {
        Ok(self)
    }
}

impl AsText for [u8] {
    fn as_text(&self) -> Result<&str, Utf8Error> {
        str::from_utf8(self)
    }
}

impl<const N: usize> AsText for [u8; N] {
    fn as_text(&self) -> Result<&str, Utf8Error> {
        str::from_utf8(self)
    }
}

impl AsText for Vec<u8> {
    fn as_text(&self) -> Result<&str, Utf8Error> {
        str::from_utf8(self)
    }
}

/// [`plan`](crate::plan()) from text to text: any input gives an answer, an unreadable one `"decision": "error"`.
/// Bytes that are not UTF-8 are unreadable, too: put right by a guess, a call might say something else.
///
/// # Example
///
/// ```
/// assert!(freeze_core::plan_json("<html>").starts_with(r#"{"decision":"error","reason":"bad_call""#));
/// assert!(freeze_core::plan_json(b"\xff").starts_with(r#"{"decision":"error","reason":"bad_call""#));
/// ```
#[must_use]
pub fn plan_json(call: &(impl AsText + ?Sized)) -> String {
    planned(&read(call.as_text()))
}

/// [`observe`](crate::observe()) from text to text: a JSON array of reads, empty for an unreadable call.
///
/// # Example
///
/// ```
/// assert_eq!(freeze_core::observe_json("<html>"), "[]");
/// ```
#[must_use]
pub fn observe_json(call: &(impl AsText + ?Sized)) -> String {
    reads(&read(call.as_text()).map_or_else(|_| Vec::new(), |call| crate::observe(&call)))
}

/// The command line that carries the call's action out, as one printable line for a POSIX shell; empty for an unreadable call.
///
/// # Example
///
/// ```
/// let call = r#"{"action": {"type": "status"}, "now": "2024-10-31T10:44:48Z", "environment": "prod-aws"}"#;
/// assert_eq!(freeze_core::command_line_json(call), "nodeploy -e prod-aws status");
/// ```
#[must_use]
pub fn command_line_json(call: &(impl AsText + ?Sized)) -> String {
    let Ok(Call { action, environment, .. }) = read(call.as_text()) else { return String::new() };
    match environment {
        Environment::Every => command_line(None, &action),
        Environment::Name(name) => command_line(Some(&name), &action),
        Environment::Document(_) => {
            environment.name().map_or_else(|_| String::new(), |name| command_line(Some(name.as_str()), &action))
        }
    }
}

/// [`plan_json`] of a call beside which Kosli's list of environments comes as it is: of thousands of environments it is most
/// of the call, and need not be quoted into it. Its place, `observed.environments.body` or `.stdout`, holds an empty text.
/// A list that is given away is not copied.
///
/// # Example
///
/// ```
/// let call = r#"{"action": {"type": "overview"}, "now": "2024-10-31T10:44:48Z",
///     "observed": {"environments": {"status": 200, "body": ""}}}"#;
/// let list = r#"[{"name": "prod-aws", "type": "K8S", "tags": {}}]"#;
/// let whole = call.replace(r#""body": """#, &format!(r#""body": "{}""#, list.replace('"', r#"\""#)));
/// assert_eq!(freeze_core::plan_json_beside(call, list), freeze_core::plan_json(&whole));
/// ```
#[must_use]
pub fn plan_json_beside(call: &(impl AsText + ?Sized), list: impl Into<Vec<u8>>) -> String {
    planned(&read_beside(call.as_text(), list.into()))
}

/// [`observe_json`] of a call beside which the list comes, as of [`plan_json_beside`].
#[must_use]
pub fn observe_json_beside(call: &(impl AsText + ?Sized), list: impl Into<Vec<u8>>) -> String {
    reads(&read_beside(call.as_text(), list.into()).map_or_else(|_| Vec::new(), |call| crate::observe(&call)))
}

/// How long an answer is without freezes, and how much longer with each.
const USUAL: usize = 600;
const A_FREEZE: usize = 300;

fn reads(reads: &[Read]) -> String {
    compact(&reads).expect("reads have text keys")
}

fn planned(call: &Result<Call, Error>) -> String {
    match call {
        Ok(call) => told(&crate::plan::planned(call)),
        Err(error) => {
            let mut answer = Answer::error(error, None);
            answer.make_printable();
            told(&answer)
        }
    }
}

fn told(answer: &Answer) -> String {
    let usual = USUAL + A_FREEZE * answer.freezes.len();
    compact_within(usual, answer).expect("answers have text keys")
}

fn read(call: Result<&str, Utf8Error>) -> Result<Call, Error> {
    Call::from_json(call.map_err(not_text)?)
}

fn read_beside(call: Result<&str, Utf8Error>, list: Vec<u8>) -> Result<Call, Error> {
    let mut call = read(call)?;
    let place = match call.observed.get_mut(&*ReadName::Environments.text()) {
        Some(RawResult::Http { body, .. }) => Some(body),
        Some(RawResult::Cli { stdout, .. }) => Some(stdout),
        _ => None,
    };
    let Some(place) = place.filter(|place| place.is_empty()) else {
        return Err(Error::BadCall {
            detail: "a list comes beside it, and `observed.environments` has no empty text for it".to_owned(),
        });
    };
    *place = String::from_utf8(list).map_err(|error| not_text(error.utf8_error()))?;
    Ok(call)
}

fn not_text(error: Utf8Error) -> Error {
    Error::BadCall { detail: format!("it is not UTF-8 text (byte {})", error.valid_up_to() + 1) }
}

#[cfg(test)]
mod tests {
    use super::{observe_json, observe_json_beside, plan_json, plan_json_beside};

    #[test]
    fn a_list_comes_beside_a_call_that_has_a_place_for_it() {
        let list = r#"[{"name":"prod","type":"K8S","tags":{"nodeploy":"\"x\""}}]"#;
        let call = |environments: &str| {
            format!(
                r#"{{"action":{{"type":"overview"}},"now":"2024-10-31T10:44:48Z","observed":{{"environments":{environments}}}}}"#
            )
        };
        let quoted = serde_json::to_string(list).expect("a text");
        for (empty, whole) in [
            (r#"{"status":200,"body":""}"#.to_owned(), format!(r#"{{"status":200,"body":{quoted}}}"#)),
            (
                r#"{"exit_code":0,"stdout":"","stderr":""}"#.to_owned(),
                format!(r#"{{"exit_code":0,"stdout":{quoted},"stderr":""}}"#),
            ),
        ] {
            assert_eq!(plan_json_beside(&call(&empty), list), plan_json(&call(&whole)));
            assert_eq!(observe_json_beside(&call(&empty), list), observe_json(&call(&whole)));
            let twice = plan_json_beside(&call(&whole), list);
            assert!(twice.starts_with(r#"{"decision":"error","reason":"bad_call""#), "{twice}");
            let spoilt = plan_json_beside(&call(&empty), [list.as_bytes(), b"\xff"].concat());
            assert!(spoilt.contains("it is not UTF-8 text (byte "), "{spoilt}");
        }
        for without in [r#"{"error":"no way there"}"#.to_owned(), r#"{"status":200}"#.to_owned()] {
            let answer = plan_json_beside(&call(&without), list);
            assert!(answer.starts_with(r#"{"decision":"error","reason":"bad_call""#), "{answer}");
        }
    }

    /// Put right letter by letter, each of these would be an open environment.
    #[test]
    fn a_call_that_is_not_utf_8_is_refused_wherever_the_byte_stands() {
        let call = |name: &[u8], key: &[u8]| {
            let parts: [&[u8]; 5] = [
                br#"{"action":{"type":"assert"},"now":"2024-10-31T10:44:48Z","environment":{"name":"prod-"#,
                name,
                br#"","tags":{"nodeploy"#,
                key,
                br#"":"x"}}}"#,
            ];
            parts.concat()
        };
        assert!(plan_json(&call(b"aws", b"")).starts_with(r#"{"decision":"refuse","reason":"frozen""#));
        for bytes in [&b"\xff"[..], b"\xc0\x80", b"\xed\xa0\x80", b"\xe2\x82", b"\xf4\x90\x80\x80"] {
            for spoilt in [call(b"aws", bytes), call(bytes, b""), [&call(b"aws", b""), bytes].concat()] {
                let answer = plan_json(&spoilt);
                assert!(answer.starts_with(r#"{"decision":"error","reason":"bad_call""#), "{answer}");
                assert!(answer.contains("it is not UTF-8 text (byte "), "{answer}");
                assert_eq!(observe_json(&spoilt), "[]");
            }
        }
    }
}
