//! What a number is, also in a program in which another crate has `serde_json` keep numbers as texts (its feature
//! `arbitrary_precision`): there this runs a second time, with it.

use freeze_core::{VERSION, plan_json};
use sha2::{Digest, Sha256};

/// A gate that has found no freezes, and this document of its environment.
fn gate(document: &str, more: &str) -> String {
    let quoted = document.replace('\\', r"\\").replace('"', r#"\""#);
    plan_json(&format!(
        r#"{{"action": {{"type": "assert"{more}}}, "now": "2026-11-30T12:00:00Z", "environment": "p", "observed": {{
            "trails": {{"status": 200, "body": "{{\"data\": [], \"pagination\": {{\"page\": 1, \"page_count\": 0, \"total\": 0}}}}"}},
            "environment": {{"status": 200, "body": "{quoted}"}}}}}}"#
    ))
}

#[track_caller]
fn is(answer: &str, decision: &str, words: &str) {
    assert!(answer.starts_with(&format!(r#"{{"decision":"{decision}""#)), "{answer}");
    assert!(answer.contains(words), "no `{words}` in {answer}");
}

#[test]
fn a_number_is_no_object_of_tags() {
    is(&gate(r#"{"name": "p", "tags": {}}"#, ""), "proceed", "not_frozen");
    for number in ["5", "-5", "0", "1.5", "1e3", "18446744073709551616"] {
        is(&gate(&format!(r#"{{"name": "p", "tags": {number}}}"#), ""), "error", "its tags are a number");
    }
}

#[test]
fn a_number_out_of_range_is_no_json() {
    for document in [r#"{"name": "p", "tags": {}, "x": 1e400}"#, r#"{"name": "p", "tags": {"a": [-1e400]}}"#] {
        is(&gate(document, ""), "error", "number out of range");
    }
    is(&gate(r#"{"name": "p", "tags": {"a": [{"b": 1e308}]}, "x": {"y": -0}}"#, ""), "proceed", "not_frozen");
}

#[test]
fn evidence_is_the_same_in_every_program() {
    let document = |numbers: &str| format!(r#"{{"name":"p","tags":{{}},"x":{numbers}}}"#);
    let call = format!(
        r#"{{"action": {{"type": "assert", "evidence": true}}, "now": "2026-11-30T12:00:00Z", "environment": {}}}"#,
        document(r#"[0, -0, -7, 1.50, 1e2, 1730371488.064123, {"$serde_json": 18446744073709551616, "z": {}}]"#)
    );
    let canonical = format!(
        r#"{{"action":{{"evidence":true,"type":"assert"}},"environment":{},"now":"2026-11-30T12:00:00Z","observed":{{}},"settings":{{"flow":null,"org":null,"tag":"nodeploy"}},"version":"{VERSION}"}}"#,
        document(r#"[0,-0.0,-7,1.5,100.0,1730371488.064123,{"$serde_json":1.8446744073709552e+19,"z":{}}]"#)
    );
    let sum: Vec<_> = Sha256::digest(&canonical).iter().map(|byte| format!("{byte:02x}")).collect();
    is(&plan_json(&call), "proceed", &sum.concat());
}

#[test]
fn what_takes_a_text_or_a_list_says_that_it_found_a_number() {
    for (call, words) in [
        (
            r#"{"action": {"type": "on", "reason": "x", "by": "ann", "except": {"kind": 5}}, "now": "2026-11-30T12:00:00Z", "environment": "p"}"#,
            "found the number 5",
        ),
        (
            r#"{"action": {"type": "windows"}, "now": "2026-11-30T12:00:00Z", "policy": {"windows": [{"name": "w", "effect": "freeze", "environments": -5}]}}"#,
            "found ",
        ),
        ("5", "expected an object with `action`, found "),
    ] {
        is(&plan_json(call), "error", words);
    }
}
