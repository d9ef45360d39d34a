//! The Extism door to [`freeze_core`]: bytes in, text out, no logic.
#![allow(clippy::unnecessary_wraps, reason = "`plugin_fn` wants a result; none of these fails")]
#![allow(missing_docs, unsafe_code, reason = "`plugin_fn` exports the functions, and drops their documentation")]

use extism_pdk::{FnResult, plugin_fn};

/// What is still to be looked at: a JSON array of reads. Never fails.
#[plugin_fn]
pub fn observe(call: Vec<u8>) -> FnResult<String> {
    Ok(freeze_core::observe_json(&call))
}

/// What is decided, and the commands that make it so: a JSON answer. Never fails.
#[plugin_fn]
pub fn plan(call: Vec<u8>) -> FnResult<String> {
    Ok(freeze_core::plan_json(&call))
}

/// The version of the core.
#[plugin_fn]
pub fn version() -> FnResult<&'static str> {
    Ok(freeze_core::VERSION)
}
