//! Whatever comes in, an answer comes out: never a panic, never twice a different one, never `proceed` for rubbish.

use freeze_core::{observe_json, plan_json};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

const CALL: &str = r#"{"action":{"type":"assert"},"now":"2024-10-31T12:00:00Z","environment":"prod-aws","observed":{
    "trails":{"status":200,"body":"{\"data\":[],\"pagination\":{\"page_count\":0}}"},
    "environment":{"status":200,"body":"{\"name\":\"prod-aws\",\"tags\":{\"team\":\"core\"}}"}}}"#;

fn decision(call: &str) -> String {
    let text = plan_json(call);
    assert_eq!(text, plan_json(call), "the same call gave another answer");
    let answer: Value = serde_json::from_str(&text).expect("an answer is JSON");
    let reads: Value = serde_json::from_str(&observe_json(call)).expect("reads are JSON");
    assert!(reads.is_array());
    let warnings = answer["warnings"].as_array().into_iter().flatten().map(|warning| &warning["text"]);
    for text in [&answer["summary"], &answer["advice"]].into_iter().chain(warnings).filter_map(Value::as_str) {
        assert!(!text.contains(char::is_control), "{text:?} leaves its line");
    }
    answer["decision"].as_str().expect("an answer has a decision").to_owned()
}

/// A gate's call in which Kosli answered `body` for the environment.
fn gate(body: &str) -> String {
    json!({
        "action": {"type": "assert"}, "now": "2024-10-31T12:00:00Z", "environment": "prod-aws",
        "observed": {
            "trails": {"status": 200, "body": r#"{"data":[],"pagination":{"page_count":0}}"#},
            "environment": {"status": 200, "body": body},
        }
    })
    .to_string()
}

#[test]
fn a_call_cut_anywhere_is_an_error() {
    assert_eq!(decision(CALL), "proceed");
    for end in (0..CALL.len()).filter(|&end| CALL.is_char_boundary(end)) {
        assert_eq!(decision(&CALL[..end]), "error", "cut at {end}");
    }
}

#[test]
fn a_document_cut_anywhere_is_an_error() {
    let body = r#"{"name":"prod-aws","tags":{"team":"core"},"state":true}"#;
    assert_eq!(decision(&gate(body)), "proceed");
    for end in 0..body.len() {
        assert_eq!(decision(&gate(&body[..end])), "error", "cut at {end}");
    }
}

#[test]
fn fifty_megabytes_of_anything_are_an_error() {
    const MANY: usize = 50_000_000;
    for unit in ["[", r#"{"a":"#, "\\", "\u{0}", "é", r#""x","#, "<p>", "9"] {
        let text = unit.repeat(MANY / unit.len());
        assert!(plan_json(&text).starts_with(r#"{"decision":"error""#), "{unit}");
        assert_eq!(observe_json(&text), "[]", "{unit}");
    }
    let tags = (0..1_000_000).map(|at| format!(r#""k{at}":"value {at:030}""#)).collect::<Vec<_>>().join(",");
    let body = format!(r#"{{"name":"prod-aws","tags":{{{tags},"k7":""}}}}"#);
    assert!(plan_json(&gate(&body)).contains("duplicate tag `k7`"));
}

#[test]
fn as_many_freezes_as_tags_fit_are_still_one_answer() {
    let flags = (0..50_000).map(|at| format!(r#""nodeploy.x{at}":"reason=r{at}""#)).collect::<Vec<_>>().join(",");
    let document = format!(r#"{{"name":"prod-aws","tags":{{{flags}}}}}"#);
    let call = |action: &str| format!(r#"{{"action":{action},"now":"2024-10-31T12:00:00Z","environment":{document}}}"#);
    assert!(plan_json(&call(r#"{"type":"assert"}"#)).contains("is frozen by 50000 freezes"));
    let lifted: Value = serde_json::from_str(&plan_json(&call(r#"{"type":"off","freezes":"all"}"#))).expect("JSON");
    assert_eq!(lifted["commands"].as_array().map(Vec::len), Some(50_001));
    // Flags whose keys are no ids: each goes on record under an id of the moment.
    let odd = document.replace("nodeploy.x", "nodeploy.-x");
    let call =
        format!(r#"{{"action":{{"type":"off","freezes":"all"}},"now":"2024-10-31T12:00:00Z","environment":{odd}}}"#);
    let lifted: Value = serde_json::from_str(&plan_json(&call)).expect("JSON");
    assert_eq!(lifted["commands"].as_array().map(Vec::len), Some(100_001));
}

#[test]
fn a_policy_has_its_limits() {
    let policy = |count: usize| {
        let window = |at| {
            json!({"name": format!("w{at}"), "effect": "freeze", "environments": ["*"], "timezone": "UTC",
                "from": "2024-12-24", "to": "2024-12-26"})
        };
        json!({"windows": (0..count).map(window).collect::<Vec<_>>()})
    };
    let answer = |count| -> Value {
        let call =
            json!({"action": {"type": "windows", "days": 1}, "now": "2024-10-31T12:00:00Z", "policy": policy(count)});
        serde_json::from_str(&plan_json(&call.to_string())).expect("an answer is JSON")
    };
    assert_eq!(answer(10_000)["windows"].as_array().map(Vec::len), Some(10_000));
    assert_eq!(answer(10_001)["summary"], "the policy cannot be read: it has more than 10000 windows");
}

#[test]
fn a_window_of_many_closures_hides_no_other() {
    let window = |name: &str| json!({"name": name, "effect": "freeze", "environments": ["*"], "timezone": "UTC"});
    let (mut many, mut one) = (window("many"), window("one"));
    (many["start"], many["duration"]) = ("*/10 * * * *".into(), "PT1M".into());
    (one["from"], one["to"]) = ("2024-12-01T00:05".into(), "2024-12-01T00:06".into());
    let call =
        json!({"action": {"type": "windows"}, "now": "2024-10-31T12:00:00Z", "policy": {"windows": [many, one]}});
    let answer: Value = serde_json::from_str(&plan_json(&call.to_string())).expect("an answer is JSON");
    let closures = answer["closures"].as_array().expect("closures");
    assert_eq!((closures.len(), &answer["warnings"][0]["code"]), (5000, &Value::from("closures_cut")));
    assert!(closures.iter().any(|closure| closure["name"] == "one"));
    assert!(closures.is_sorted_by_key(|closure| closure["starts_at"].as_str()));
}

/// Time rules as people write them.
const RULES: [&str; 6] = [
    r#"{"from": "2024-10-01", "to": "2024-11-05T24:00"}"#,
    r#"{"days": ["mon-fri"], "from": "22:00", "to": "06:00"}"#,
    r#"{"start": "*/5 * * * *", "end": "0 6 * * 1"}"#,
    r#"{"start": "0 18 * * 5", "duration": "PT36H"}"#,
    r#"{"dtstart": "2024-01-09", "rrule": "FREQ=MONTHLY;BYDAY=2TU", "duration": "P1D", "exdates": ["2024-02-13"]}"#,
    r#"{"calendar": "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20241031\nRRULE:FREQ=DAILY\nEND:VEVENT\nEND:VCALENDAR"}"#,
];

/// A window, and in most of them any text from some character of some value on.
fn any_window() -> impl Strategy<Value = Value> {
    let (rules, effects) = (proptest::sample::select(&RULES[..]), proptest::sample::select(&["freeze", "allow"][..]));
    let hostile = proptest::option::weighted(0.8, ".{0,30}");
    (rules, effects, hostile, any::<Index>(), any::<Index>()).prop_map(|(rule, effect, hostile, key, cut)| {
        let mut window: Value = serde_json::from_str(rule).expect("a rule");
        let keys = window.as_object_mut().expect("an object");
        for (key, value) in [("name", "x"), ("effect", effect), ("timezone", "Europe/London"), ("reason", "why")] {
            keys.insert(key.to_owned(), value.into());
        }
        keys.insert("environments".to_owned(), json!(["prod-*"]));
        if let Some(text) = hostile {
            let names: Vec<String> = keys.keys().cloned().collect();
            let value = &mut keys[key.get(&names)];
            let place = if let Value::Array(list) = value { &mut list[0] } else { value };
            // Times, rules and calendars are ASCII.
            let kept = place.as_str().expect("a text");
            *place = Value::from(kept[..cut.index(kept.len() + 1)].to_owned() + &text);
        }
        window
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_has_an_answer(text in ".*") {
        prop_assert_eq!(decision(&text), "error");
    }

    #[test]
    fn any_body_that_is_no_environment_is_an_error(body in ".*") {
        prop_assert_eq!(decision(&gate(&body)), "error");
    }

    #[test]
    fn a_call_with_one_byte_changed_never_panics(at in 0..CALL.len(), byte in 0u8..128) {
        let mut bytes = CALL.as_bytes().to_vec();
        bytes[at] = byte;
        let call = String::from_utf8(bytes).expect("ASCII");
        let _decision = decision(&call);
    }

    #[test]
    fn a_tag_of_any_value_holds(value in ".*", key in "nodeploy(\\.[A-Za-z0-9~._-]{0,40})?") {
        let body = json!({"name": "prod-aws", "tags": {key: value}}).to_string();
        let answer = decision(&gate(&body));
        // A flag may say that its end has come; its record is not in the list, so nobody has looked.
        prop_assert!(answer == "refuse" || value.contains("until="), "{}", answer);
    }

    #[test]
    fn any_window_has_an_answer(windows in proptest::collection::vec(any_window(), 1..4), at in 0..3usize) {
        let named = |(at, mut window): (usize, Value)| {
            if window["name"] == "x" {
                window["name"] = format!("x{at}").into();
            }
            window
        };
        let windows: Vec<_> = windows.into_iter().enumerate().map(named).collect();
        let mut call: Value = serde_json::from_str(CALL).expect("a call");
        call["policy"] = json!({"windows": windows});
        call["action"] = [json!({"type": "assert", "needs": "PT1H"}), json!({"type": "status"}),
            json!({"type": "windows", "days": 40, "ics": true})][at].clone();
        let decided = decision(&call.to_string());
        // Only a list closes nothing.
        prop_assert!(at != 2 || decided != "refuse");
    }
}
