//! A policy of freeze windows, asked through the door: what cannot be understood is an error, never `proceed`.

use freeze_core::{Call, plan, plan_json};
use serde_json::{Value, json};

const NOW: &str = "2026-12-01T10:00:00Z";

/// A freeze window that is active, with `more` in it.
fn active(more: &Value) -> Value {
    with(&json!({"from": "2026-12-01", "to": "2026-12-03"}), more)
}

/// A window with `rule` and `more` in it.
fn with(rule: &Value, more: &Value) -> Value {
    let mut window = json!({"name": "w", "effect": "freeze", "environments": ["*"], "timezone": "UTC"});
    for part in [rule, more] {
        window.as_object_mut().expect("an object").extend(part.as_object().expect("an object").clone());
    }
    window
}

fn ask(action: &Value, now: &str, tags: &Value, windows: &[Value]) -> Value {
    let environment = json!({"name": "prod-aws", "type": "K8S", "tags": tags});
    let call = json!({"action": action, "now": now, "environment": environment, "policy": {"windows": windows}});
    serde_json::from_str(&plan_json(&call.to_string())).expect("an answer is JSON")
}

fn gate(tags: &Value, window: Value) -> Value {
    ask(&json!({"type": "assert"}), NOW, tags, &[window])
}

#[test]
fn a_tag_that_is_no_text_is_an_error_where_it_is_asked_for() {
    for value in [json!(1), json!(null), json!(["1"])] {
        let answer = gate(&json!({"tier": value}), active(&json!({"tags": {"tier": "1"}})));
        assert_eq!(answer["reason"], "unreadable_environment", "{value}");
        let answer = gate(&json!({"other": value, "tier": "1"}), active(&json!({"tags": {"tier": "1"}})));
        assert_eq!(answer["reason"], "freeze_window", "{value}");
    }
}

#[test]
fn a_selector_that_nothing_fits_is_an_error() {
    for (more, wanted) in [(json!({"types": []}), "`types` is empty"), (json!({"tags": {"a": []}}), "`a` has no glob")] {
        let answer = gate(&json!({}), active(&more));
        assert_eq!(answer["reason"], "bad_policy", "{more}");
        let summary = answer["summary"].as_str().expect("a text");
        assert!(summary.contains(wanted), "{summary}");
    }
}

#[test]
fn a_window_that_takes_no_time_is_an_error() {
    let rules = [json!({"start": "* * * * *"}), json!({"dtstart": "2026-12-01", "rrule": "FREQ=SECONDLY"})];
    for rule in rules {
        for action in ["assert", "windows"] {
            let window = with(&rule, &json!({"duration": "PT0S"}));
            let answer = ask(&json!({"type": action}), NOW, &json!({}), &[window]);
            assert_eq!(answer["reason"], "bad_policy", "{rule} {action}");
        }
    }
}

#[test]
fn a_part_of_a_second_counts_against_what_is_needed() {
    let window = with(&json!({"from": "2026-12-01T11:00", "to": "2026-12-03"}), &json!({}));
    let cases = [(NOW, "not_frozen"), ("2026-12-01T10:00:00.9Z", "closes_too_soon"), ("2026-12-01T09:59:59.9Z", "not_frozen")];
    for (now, wanted) in cases {
        let answer = ask(&json!({"type": "assert", "needs": "PT1H"}), now, &json!({}), std::slice::from_ref(&window));
        assert_eq!(answer["reason"], wanted, "{now}");
    }
}

#[test]
fn a_policy_with_something_after_it_is_an_error() {
    let call = json!({"action": {"type": "assert"}, "now": NOW, "environment": {"name": "prod-aws", "tags": {}}});
    let mut call = Call::from_json(&call.to_string()).expect("a call");
    for rest in [r#"{"windows": []}"#, "x"] {
        call.policy = Some(format!(r#"{{"windows": []}} {rest}"#));
        assert_eq!(plan(&call).reason, "bad_policy", "{rest}");
    }
}
