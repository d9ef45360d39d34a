//! Evidence: one number for one call, however it is written; and files that replay, or are noticed to have been changed.

use freeze_core::{VERSION, plan_json};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

fn sha256(text: &str) -> String {
    let bytes: Vec<_> = Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    bytes.concat()
}

fn ask(call: &str) -> Value {
    serde_json::from_str(&plan_json(call)).expect("an answer is JSON")
}

fn call() -> Value {
    let christmas = json!({"name": "christmas", "effect": "freeze", "environments": ["*"], "timezone": "UTC",
        "from": "2024-10-30", "to": "2024-11-02T24:00", "reason": "\u{e9}t\u{e9} <&>"});
    json!({
        "action": {"type": "assert", "evidence": true, "run": "77"},
        "now": "2024-10-31T12:00:00Z",
        "environment": "prod-aws",
        "settings": {"org": "acme"},
        "policy": {"policy": "release", "windows": [christmas]},
        "observed": {
            "trails": {"status": 200, "body": r#"{"data": [], "pagination": {"page_count": 0}}"#},
            "environment": {"exit_code": 0, "stdout": r#"{"name": "prod-aws", "type": "K8S", "tags": {}}"#, "stderr": ""}
        }
    })
}

fn evidence(call: &str) -> String {
    ask(call)["evidence"].as_str().unwrap_or_else(|| panic!("no evidence: {}", plan_json(call))).to_owned()
}

#[test]
fn it_is_the_sha_256_of_what_the_readme_describes() {
    let mut canonical = call();
    canonical["settings"] = json!({"flow": null, "org": "acme", "tag": "nodeploy"});
    canonical["version"] = json!(VERSION);
    canonical["observed"]["trails"]["date"] = Value::Null;
    // serde_json sorts keys.
    assert_eq!(evidence(&call().to_string()), sha256(&canonical.to_string()));
}

#[test]
fn it_is_the_same_however_the_call_is_written() {
    let written = call();
    let compact = evidence(&written.to_string());
    assert_eq!(evidence(&format!("{written:#}")), compact);
    let ascii: String = written
        .to_string()
        .chars()
        .map(|c| if c.is_ascii() { c.to_string() } else { format!("\\u{:04x}", c as u32) })
        .collect();
    assert_eq!(evidence(&ascii), compact);
    let keys = written.as_object().expect("an object").iter().rev();
    let backwards: Vec<_> = keys.map(|(key, value)| format!("{}:{value}", json!(key))).collect();
    assert_eq!(evidence(&format!("{{{}}}", backwards.join(","))), compact);
}

#[test]
fn it_is_another_one_for_whatever_else_is_decided_from() {
    let mut seen = vec![evidence(&call().to_string())];
    for (place, value) in [
        ("/action/run", json!("78")),
        ("/action/needs", json!("PT1M")),
        ("/now", json!("2024-10-31T12:00:01Z")),
        ("/now", json!("2024-10-31T12:00:00.5Z")),
        ("/environment", json!("prod-eu")),
        ("/environment", json!({"name": "prod-aws", "tags": {}})),
        ("/environment", json!({"name": "prod-aws", "tags": {"a": 1}})),
        ("/settings/org", json!("other")),
        ("/since", json!("2024-10-31T11:59:00Z")),
        ("/members", json!(["a"])),
        ("/settings/tag", json!("freeze")),
        ("/settings/flow", json!("f-{environment}")),
        ("/policy/policy", json!("other")),
        ("/policy/windows/0/reason", json!("x")),
        ("/policy", Value::Null),
        ("/observed/trails/body", json!(r#"{"data":[],"pagination":{"page_count":0}}"#)),
        ("/observed/trails/status", json!(500)),
        ("/observed/environment/stderr", json!("[warning]")),
        ("/observed/flow", json!({"error": "x"})),
    ] {
        let mut changed = call();
        let (parent, key) = place.rsplit_once('/').expect("a pointer");
        changed.pointer_mut(parent).expect("it is there")[key] = value;
        let number = evidence(&changed.to_string());
        assert!(!seen.contains(&number), "{place}");
        seen.push(number);
    }
}

#[test]
fn who_does_not_ask_gets_none() {
    let mut quiet = call();
    quiet["action"] = json!({"type": "assert"});
    assert!(ask(&quiet.to_string()).get("evidence").is_none());
}

#[test]
fn an_error_has_one_too() {
    let mut failed = call();
    failed["observed"]["environment"] = json!({"error": "no answer"});
    let answer = ask(&failed.to_string());
    assert_eq!((&answer["decision"], answer["evidence"].as_str().map(str::len)), (&json!("error"), Some(64)));
}

/// What a host keeps.
fn file(version: &str, call: &str, answer: &str, before: &str) -> String {
    let body = format!(r#"{{"nodeploy":"{version}","call":{call},"answer":{answer},"before":[{before}]"#);
    format!("{body},\"sha256\":\"{}\"}}\n", sha256(&body))
}

fn kept() -> String {
    let call = call().to_string();
    file(VERSION, &call, &plan_json(&call), "")
}

fn replay(file: &str) -> Value {
    let call = json!({"action": {"type": "replay", "file": file}, "now": "2030-01-01T00:00:00Z"}).to_string();
    assert_eq!(freeze_core::observe_json(&call), "[]");
    ask(&call)
}

#[test]
fn what_was_kept_replays() {
    let answer = replay(&kept());
    assert_eq!((&answer["decision"], &answer["reason"]), (&json!("proceed"), &json!("replayed")), "{answer:#}");
    assert_eq!(
        answer["summary"],
        format!(
            "prod-aws at 2024-10-31 12:00:00 UTC: nodeploy {VERSION} refused (freeze_window), and nodeploy {VERSION} gives the same answer, byte for byte"
        )
    );
    assert_eq!(answer["evidence"], evidence(&call().to_string()));
    assert_eq!((&answer["differs"], &answer["commands"]), (&json!([]), &json!([])));
}

#[test]
fn earlier_rounds_replay_too() {
    let call = call().to_string();
    let round = format!(r#"{{"call":{call},"answer":{}}}"#, plan_json(&call));
    assert_eq!(replay(&file(VERSION, &call, &plan_json(&call), &round))["reason"], "replayed");
    let changed = round.replace(r#""reason":"freeze_window""#, r#""reason":"frozen""#);
    let answer = replay(&file(VERSION, &call, &plan_json(&call), &changed));
    assert_eq!(
        (&answer["reason"], &answer["differs"]),
        (&json!("answer_differs"), &json!([".before[0].answer.reason"]))
    );
}

#[test]
fn no_file_costs_what_many_calls_may() {
    let call = call().to_string();
    let round = format!(r#"{{"call":{call},"answer":{}}}"#, plan_json(&call));
    let rounds =
        |count| replay(&file(VERSION, &call, &plan_json(&call), &vec![&*round; count].join(",")))["reason"].clone();
    assert_eq!((rounds(15), rounds(16)), (json!("replayed"), json!("bad_evidence")));
}

/// What went on the trail was decided in an earlier look than the last: that one's number is told.
#[test]
fn the_evidence_that_is_on_a_trail_is_told() {
    let ask_for = |observed: Value| {
        let mut asked = call();
        asked["policy"] = Value::Null;
        asked["action"]["attest"] = json!("payments/4f1c2ab");
        asked["observed"]["verdict"] = json!({"status": 200, "body": observed.to_string()});
        asked
    };
    let before = ask_for(json!([])).to_string();
    let mut last = ask_for(
        json!([{"attestation_name": "nodeploy-prod-aws", "is_compliant": true, "created_at": 1, "annotations": {"run": "77"}}]),
    );
    last["action"]["attested"] = json!(1);
    let last = last.to_string();
    let round = format!(r#"{{"call":{before},"answer":{}}}"#, plan_json(&before));
    let answer = replay(&file(VERSION, &last, &plan_json(&last), &round));
    assert_eq!(answer["evidence"], evidence(&before));
    assert_eq!(
        answer["advice"],
        "on the trail payments/4f1c2ab, nodeploy-prod-aws must have this evidence: kosli get attestation nodeploy-prod-aws --flow payments --trail 4f1c2ab --output json"
    );
}

/// Every byte of it: another letter, gone, twice.
#[test]
fn whatever_is_changed_is_noticed() {
    let kept = kept();
    let kept = kept.as_bytes();
    let mut tried = 0;
    for at in 0..kept.len() {
        let changes: [&[u8]; 4] = [&[kept[at] ^ 1], &[kept[at] ^ 0x20], b"", &[kept[at], kept[at]]];
        for change in changes {
            // The line's own end may be missing.
            if at + 1 == kept.len() && change.is_empty() {
                continue;
            }
            let bytes = [&kept[..at], change, &kept[at + 1..]].concat();
            let Ok(text) = String::from_utf8(bytes) else { continue };
            let answer = replay(&text);
            assert_ne!(answer["decision"], "proceed", "byte {at}: {text}");
            tried += 1;
        }
    }
    assert!(tried > 5000, "{tried}");
}

#[test]
fn who_changes_it_and_mends_its_sum_is_noticed_too() {
    let call = call().to_string();
    let answer = plan_json(&call);
    let other = call.replace("prod-aws", "prod-eu");
    let changed = replay(&file(VERSION, &other, &answer, ""));
    assert_eq!((&changed["reason"], &changed["differs"]), (&json!("file_changed"), &json!([".call"])), "{changed:#}");
    let passed = answer.replacen("\"refuse\"", "\"proceed\"", 1);
    let changed = replay(&file(VERSION, &call, &passed, ""));
    assert_eq!((&changed["reason"], &changed["differs"]), (&json!("answer_differs"), &json!([".answer.decision"])));
    assert_eq!(changed["decision"], "refuse");
    assert_eq!(changed["advice"], "this version has never given that answer to this call: the file was changed");
    // The number is the version's: it was another one that decided.
    assert_eq!(replay(&file("0.0.9", &call, &answer, ""))["reason"], "file_changed");
}

/// The evidence of a version, as it is described, and the answer that it might have given.
#[test]
fn an_older_version_s_file_replays_and_says_what_differs() {
    let mut canonical = call();
    canonical["settings"] = json!({"flow": null, "org": "acme", "tag": "nodeploy"});
    canonical["version"] = json!("0.0.9");
    canonical["observed"]["trails"]["date"] = Value::Null;
    let call = call().to_string();
    let mut then = ask(&call);
    then["evidence"] = json!(sha256(&canonical.to_string()));
    let same = replay(&file("0.0.9", &call, &then.to_string(), ""));
    assert_eq!(same["reason"], "replayed", "{same:#}");
    then["windows"][0]["reason"] = json!("said otherwise");
    then.as_object_mut().expect("an object").remove("closes_at");
    then["older"] = json!(true);
    let answer = replay(&file("0.0.9", &call, &then.to_string(), ""));
    assert_eq!(answer["differs"], json!([".answer.older", ".answer.windows[0].reason", ".answer.closes_at"]));
    assert_eq!(
        answer["summary"],
        format!(
            "prod-aws at 2024-10-31 12:00:00 UTC: nodeploy 0.0.9 refused (freeze_window), nodeploy {VERSION} refused (freeze_window): the same decision, another answer in .answer.older, .answer.windows[0].reason, .answer.closes_at"
        )
    );
    assert_eq!(answer["advice"], "to see what was decided then, replay the file with nodeploy 0.0.9");
}

#[test]
fn what_is_no_evidence_is_an_error() {
    let call = call().to_string();
    let answer = plan_json(&call);
    let quiet = call.replace(r#""evidence":true,"#, "");
    let nested = json!({"action": {"type": "replay", "file": kept()}, "now": "2030-01-01T00:00:00Z"}).to_string();
    for text in [
        String::new(),
        "{}".to_owned(),
        "null\n".to_owned(),
        call.clone(),
        file(VERSION, &quiet, &answer, ""),
        file(VERSION, &nested, &answer, ""),
        file(VERSION, "{}", &answer, ""),
        file(VERSION, &call, &answer, "null"),
        file(VERSION, &call, &answer, "").replace("\"nodeploy\"", "\"Nodeploy\""),
    ] {
        let answer = replay(&text);
        assert_ne!(answer["decision"], "proceed", "{text}");
    }
    assert_eq!(replay("{}")["reason"], "bad_evidence");
}
