//! Any text as a call: there is always an answer, the same one twice, and only a readable call proceeds.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|call: &str| {
    let answer = freeze_core::plan_json(call);
    let reads = freeze_core::observe_json(call);
    assert_eq!(freeze_core::plan_json(call), answer);
    assert_eq!(freeze_core::observe_json(call), reads);

    let answer: Value = serde_json::from_str(&answer).expect("an answer is JSON");
    let reads: Vec<Value> = serde_json::from_str(&reads).expect("reads are a JSON array");
    let commands = answer["commands"].as_array().expect("an answer has commands");
    assert!(commands.is_empty() || answer["decision"] == "proceed");
    let summary = answer["summary"].as_str().expect("an answer has a summary");
    assert!(!summary.chars().any(char::is_control), "not one printable line: {summary:?}");
    for warning in answer["warnings"].as_array().expect("an answer has warnings") {
        let text = warning["text"].as_str().expect("a warning has a text");
        assert!(!text.chars().any(char::is_control), "not one printable line: {text:?}");
    }
    // `bad_name` may also be a tag's that Kosli has shown.
    let is_bad = ["bad_call", "bad_settings"].iter().any(|bad| answer["reason"] == *bad);
    assert!(!is_bad || (answer["decision"] == "error" && reads.is_empty()));
    // A call that proceeds is JSON to others as well.
    assert!(answer["decision"] == "error" || serde_json::from_str::<Value>(call).is_ok());

    // The action that an answer carries on with is one that a call may have.
    if answer["action"].is_object() && answer["decision"] != "error" {
        let again = serde_json::json!({"action": answer["action"], "now": "2024-10-31T10:44:48Z", "environment": "p"});
        let again: Value =
            serde_json::from_str(&freeze_core::plan_json(&again.to_string())).expect("an answer is JSON");
        assert_ne!(again["reason"], "bad_call", "{again}");
    }
});
