//! What `overview` costs: Kosli's list of 2,500 environments, 5 MB, with and without a policy of ten windows. Given a folder
//! it writes there the list, the calls and the fastest times, which `xtask/bench/fleet.mjs` holds against V8's `JSON.parse`.
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the clock; the core does not")]

use std::hint::black_box;
use std::path::PathBuf;
use std::time::Instant;
use std::{env, fs};

use freeze_core::{Call, Decision, plan};
use serde_json::{Value, json};

const COUNT: usize = 2_500;
/// A Tuesday noon; some windows are active, some are not.
const NOW: &str = "2026-11-24T12:00:00Z";
const ROUNDS: usize = 100;

fn main() {
    let list = list().to_string();
    let calls = [("list", call(&list, None)), ("windows", call(&list, Some(windows())))];
    let fastest: Vec<_> = calls.iter().map(|(name, text)| (*name, fastest(text))).collect();
    // Cargo adds an option of its own to what it is given.
    if let Some(folder) = env::args_os().skip(1).find(|argument| argument != "--bench").map(PathBuf::from) {
        let write = |name: &str, text: &str| fs::write(folder.join(name), text).expect("the folder takes a file");
        write("list.json", &list);
        for (name, text) in &calls {
            write(&format!("{name}.call.json"), text);
        }
        write(
            "native.json",
            &Value::Object(fastest.iter().map(|(name, ms)| ((*name).to_owned(), json!(ms))).collect()).to_string(),
        );
    }
    for (name, milliseconds) in fastest {
        println!("{name}: {milliseconds:.1} ms for {} KB", list.len() / 1000);
    }
}

/// In milliseconds, of a call that is read already: a Rust program has the list's text as it came. The fastest of many
/// rounds is the machine's least, whatever else it is doing.
fn fastest(text: &str) -> f64 {
    let call = Call::from_json(text).expect("a call");
    let once = || {
        let begun = Instant::now();
        let answer = black_box(plan(black_box(&call)));
        let took = begun.elapsed();
        assert_eq!(answer.decision, Decision::Proceed, "{}", answer.summary);
        assert_eq!(answer.overview.map(|rows| rows.len()), Some(COUNT));
        took.as_secs_f64() * 1000.0
    };
    (0..ROUNDS).map(|_| once()).fold(f64::INFINITY, f64::min)
}

fn call(list: &str, windows: Option<Value>) -> String {
    let policy = windows.map(|windows| json!({"policy": "release", "windows": windows}));
    let observed = json!({"environments": {"status": 200, "body": list}});
    json!({"action": {"type": "overview"}, "now": NOW, "settings": {"org": "acme"}, "observed": observed, "policy": policy}).to_string()
}

/// Members as Kosli has them; one in twenty is frozen, one in a hundred is logical.
fn list() -> Value {
    let name = |at: usize| format!("{}-{at:04}", ["prod", "staging", "test", "dev"][at % 4]);
    let environment = |at: usize| {
        let team = ["core", "infra", "payments"][at % 3];
        let mut tags = json!({"url": format!("https://svc-{at}.example.org/"), "team": team});
        for label in 0..46 {
            tags[format!("label-{label}")] = json!(format!("value {label} of {at}"));
        }
        if at.is_multiple_of(20) {
            tags["nodeploy"] = json!("2026-11-24T10.44.48~steve");
            tags["nodeploy.2026-11-24T10.44.48~steve"] = json!("by=steve&reason=payments+down");
        }
        let is_logical = at % 100 == 99;
        let kind = if is_logical { "logical" } else { ["K8S", "ECS", "lambda"][at % 3] };
        let members: Vec<_> = (1..=5).map(|back| name(at - back.min(at))).collect();
        json!({
            "org": "acme", "name": name(at), "type": kind,
            "description": format!("Number {at}: \"things\" of the organisation, in Zürich"),
            "last_modified_at": 1_787_150_423.904_124_7, "last_reported_at": 1_787_150_423.904_124_7,
            "last_changed_at": 1_787_118_563.991_528_7, "state": true, "include_scaling": false, "tags": tags,
            "policies": ["provenance", "pull-request", "snyk-scan", "trail-compliance"],
            "included_environments": is_logical.then_some(members),
        })
    };
    (0..COUNT).map(environment).collect()
}

fn windows() -> Value {
    let weekly = |number: usize| {
        let environments = ["prod-*", "staging-*", "*", "test-*", "dev-*"][number % 5];
        let effect = if number % 5 == 4 { "allow" } else { "freeze" };
        json!({
            "name": format!("w{number}"), "effect": effect, "environments": [environments, "!*-0000"], "timezone": "Europe/Berlin",
            "days": ["mon-fri"], "from": format!("{:02}:00", 6 + number), "to": format!("{:02}:30", 8 + number),
        })
    };
    let mut windows: Vec<_> = (0..10).map(weekly).collect();
    windows[1]["types"] = json!(["K8S"]);
    windows[3]["tags"] = json!({"team": ["core", "infra"]});
    windows[6]["tags"] = json!({"team": "!payments"});
    Value::Array(windows)
}
