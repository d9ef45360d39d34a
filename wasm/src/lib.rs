//! The wasm-bindgen door to [`freeze_core`]: bytes in, text out, no logic. Bytes cross into wasm in one copy,
//! a string of JavaScript's letter by letter.

use wasm_bindgen::prelude::wasm_bindgen;

/// What is still to be looked at: a JSON array of reads. Never fails.
#[wasm_bindgen]
#[must_use]
pub fn observe(call: &[u8]) -> String {
    freeze_core::observe_json(call)
}

/// The same, of a call beside which Kosli's list of environments comes as it is.
#[wasm_bindgen]
#[must_use]
pub fn observe_beside(call: &[u8], list: &[u8]) -> String {
    freeze_core::observe_json_beside(call, list)
}

/// What is decided, and the commands that make it so: a JSON answer. Never fails.
#[wasm_bindgen]
#[must_use]
pub fn plan(call: &[u8]) -> String {
    freeze_core::plan_json(call)
}

/// The same, of a call beside which Kosli's list of environments comes as it is.
#[wasm_bindgen]
#[must_use]
pub fn plan_beside(call: &[u8], list: &[u8]) -> String {
    freeze_core::plan_json_beside(call, list)
}

/// Text of others as one line that is safe to show.
#[wasm_bindgen]
#[must_use]
pub fn printable(text: &[u8]) -> String {
    freeze_core::printable(&String::from_utf8_lossy(text)).into_owned()
}

/// A JSON document that is safe to show, the same.
#[wasm_bindgen]
#[must_use]
pub fn printable_json(document: &[u8]) -> String {
    freeze_core::printable_json(&String::from_utf8_lossy(document)).into_owned()
}

/// Arguments, with a NUL between two of them, as a line for a shell.
#[wasm_bindgen]
#[must_use]
pub fn shell_line(argv: &[u8]) -> String {
    freeze_core::shell_line(String::from_utf8_lossy(argv).split('\0'))
}

/// A time and, after a NUL, a time zone: that time on its clocks; empty where one of them is none.
#[wasm_bindgen]
#[must_use]
pub fn local_time(time_and_zone: &[u8]) -> String {
    let text = String::from_utf8_lossy(time_and_zone);
    text.split_once('\0').and_then(|(time, zone)| freeze_core::local_time(time, zone)).unwrap_or_default()
}

/// The command line that carries the call's action out, for a POSIX shell.
#[wasm_bindgen]
#[must_use]
pub fn command_line(call: &[u8]) -> String {
    freeze_core::command_line_json(call)
}

/// The version of the core.
#[wasm_bindgen]
#[must_use]
pub fn version() -> String {
    freeze_core::VERSION.to_owned()
}
