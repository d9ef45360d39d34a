//! The wasm-bindgen door to [`freeze_core`]: bytes in, text out, no logic. Bytes cross into wasm in one copy,
//! a string of JavaScript's letter by letter.

use wasm_bindgen::prelude::wasm_bindgen;

/// What is still to be looked at: a JSON array of reads. Never fails.
#[wasm_bindgen]
#[must_use]
pub fn observe(call: &[u8]) -> String {
    freeze_core::observe_json(call)
}

/// What is decided, and the commands that make it so: a JSON answer. Never fails.
#[wasm_bindgen]
#[must_use]
pub fn plan(call: &[u8]) -> String {
    freeze_core::plan_json(call)
}

/// The version of the core.
#[wasm_bindgen]
#[must_use]
pub fn version() -> String {
    freeze_core::VERSION.to_owned()
}
