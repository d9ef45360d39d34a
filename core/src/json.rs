//! The core for hosts of other languages: JSON text in, JSON text out, never a failure.

use serde::Serialize;

use crate::answer::Answer;
use crate::call::{Call, Environment};
use crate::error::Error;
use crate::wording::command_line;

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
pub fn plan_json(call: &(impl AsRef<[u8]> + ?Sized)) -> String {
    text(&match read(call.as_ref()) {
        Ok(call) => crate::plan(&call),
        Err(error) => Answer::error(&error, None).in_print(),
    })
}

/// [`observe`](crate::observe()) from text to text: a JSON array of reads, empty for an unreadable call.
///
/// # Example
///
/// ```
/// assert_eq!(freeze_core::observe_json("<html>"), "[]");
/// ```
#[must_use]
pub fn observe_json(call: &(impl AsRef<[u8]> + ?Sized)) -> String {
    text(&read(call.as_ref()).map_or_else(|_| Vec::new(), |call| crate::observe(&call)))
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
pub fn command_line_json(call: &(impl AsRef<[u8]> + ?Sized)) -> String {
    let Ok(Call { action, environment, .. }) = read(call.as_ref()) else { return String::new() };
    match environment {
        Environment::Every => command_line(None, &action),
        Environment::Name(name) => command_line(Some(&name), &action),
        Environment::Document(_) => {
            environment.name().map_or_else(|_| String::new(), |name| command_line(Some(name.as_str()), &action))
        }
    }
}

fn read(call: &[u8]) -> Result<Call, Error> {
    let not_text = |error: std::str::Utf8Error| Error::BadCall {
        detail: format!("it is not UTF-8 text (byte {})", error.valid_up_to() + 1),
    };
    Call::from_json(std::str::from_utf8(call).map_err(not_text)?)
}

fn text(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("answers and reads have text keys and no floats")
}

#[cfg(test)]
mod tests {
    use super::{observe_json, plan_json};

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
