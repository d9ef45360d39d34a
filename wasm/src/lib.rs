//! The wasm-bindgen door to [`freeze_core`]: text in, text out, no logic.

use wasm_bindgen::prelude::wasm_bindgen;

/// What is still to be looked at: a JSON array of reads. Never fails.
#[wasm_bindgen]
#[must_use]
pub fn observe(call: &str) -> String {
    freeze_core::observe_json(call)
}

/// What is decided, and the commands that make it so: a JSON answer. Never fails.
#[wasm_bindgen]
#[must_use]
pub fn plan(call: &str) -> String {
    freeze_core::plan_json(call)
}

/// The version of the core.
#[wasm_bindgen]
#[must_use]
pub fn version() -> String {
    freeze_core::VERSION.to_owned()
}
