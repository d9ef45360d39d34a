//! Questions to the core, as any host puts them.

use chrono::{DateTime, SecondsFormat};
use serde_json::{Value, json};

/// Asks `action`, at an instant, of an environment that is given: nothing needs to be looked at.
#[must_use]
pub fn asked(mut action: Value, at: i64, policy: &Value) -> Value {
    action["at"] = at_text(at).into();
    let call = json!({
        "action": action,
        "now": at_text(at),
        "environment": {"name": "prod", "tags": {}, "type": "K8S"},
        "policy": policy,
    });
    serde_json::from_str(&freeze_core::plan_json(&call.to_string())).expect("the core answers in JSON")
}

/// A policy of these windows; each lacks a name, an effect and environments, unless it brings its own.
#[must_use]
pub fn windows(windows: &[Value]) -> Value {
    let named = windows.iter().enumerate().map(|(number, window)| {
        let mut all = json!({"name": format!("w{number}"), "effect": "freeze", "environments": ["*"]});
        let (all_keys, own) = (all.as_object_mut().expect("an object"), window.as_object().expect("an object"));
        all_keys.extend(own.iter().map(|(key, value)| (key.clone(), value.clone())));
        all
    });
    json!({"windows": named.collect::<Vec<_>>()})
}

/// An instant as answers write it.
#[must_use]
pub fn at_text(at: i64) -> String {
    DateTime::from_timestamp(at, 0).expect("a year of four digits").to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// An instant out of RFC 3339.
#[must_use]
pub fn instant(text: &str) -> i64 {
    DateTime::parse_from_rfc3339(text).unwrap_or_else(|error| panic!("`{text}` is no instant: {error}")).timestamp()
}
