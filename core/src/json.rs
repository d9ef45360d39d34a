//! The core for hosts of other languages: JSON text in, JSON text out, never a failure.

use serde::Serialize;

use crate::answer::Answer;
use crate::call::Call;

/// [`plan`](crate::plan()) from text to text: any input gives an answer, an unreadable one `"decision": "error"`.
///
/// # Example
///
/// ```
/// assert!(freeze_core::plan_json("<html>").starts_with(r#"{"decision":"error","reason":"bad_call""#));
/// ```
#[must_use]
pub fn plan_json(call: &str) -> String {
    text(&match Call::from_json(call) {
        Ok(call) => crate::plan(&call),
        Err(error) => Answer::error(&error, None, None),
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
pub fn observe_json(call: &str) -> String {
    text(&Call::from_json(call).map_or_else(|_| Vec::new(), |call| crate::observe(&call)))
}

fn text(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("answers and reads have text keys and no floats")
}
