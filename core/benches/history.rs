//! What a report costs: 1,000 freezes with 4,000 attestations and 5,000 events, among them 100 deployments whose snapshots are
//! 250 KB each; and 5,000 freezes, as many as a note holds. The slowest call of each, reads and decision together.
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the clock; the core does not")]
#![allow(dead_code, reason = "the tests ask more of it")]

#[path = "../tests/history/world.rs"]
mod world;

use std::time::Instant;

use freeze_core::{observe_json, plan_json};
use serde_json::{Value, json};

use world::{Trail, World, at, float, started};

const FROM: &str = "2024-09-01T00:00:00Z";
const ROUNDS: usize = 5;

fn main() {
    for (name, world) in [("a busy year", busy()), ("as many as a note holds", full())] {
        let action = json!({"type": "report", "from": FROM});
        let (mut calls, mut reads, mut longest, mut slowest) = (0, 0, 0, 0.0_f64);
        let mut action = Some(action);
        while let Some(asked) = action.take() {
            let (call, answer) = world.page_of(&asked);
            calls += 1;
            reads += call["observed"].as_object().map_or(0, serde_json::Map::len);
            let text = call.to_string();
            longest = longest.max(text.len());
            slowest = slowest.max(fastest(&text));
            action = Some(answer["next"]["action"].clone()).filter(Value::is_object);
        }
        println!("{name}: {reads} reads in {calls} calls, of at most {} KB and {slowest:.1} ms", longest / 1000);
    }
}

/// In milliseconds; the fastest of some rounds is the machine's least, whatever else it is doing.
fn fastest(text: &str) -> f64 {
    let once = || {
        let begun = Instant::now();
        assert_eq!(observe_json(text), "[]");
        let answer = plan_json(text);
        let took = begun.elapsed();
        assert!(answer.starts_with(r#"{"decision":"proceed""#), "{answer:.300}");
        took.as_secs_f64() * 1000.0
    };
    (0..ROUNDS).map(|_| once()).fold(f64::INFINITY, f64::min)
}

fn freeze(number: i64, every: i64) -> Trail {
    let since = at(FROM) + number * every;
    let stamp = chrono::DateTime::from_timestamp(since, 0).expect("a time").format("%Y-%m-%dT%H.%M.%S");
    let refusal = json!({"run": number.to_string(), "change": "commit=85cac880cb74678426eb2ed4dbf2538995404c5c&kind=docs", "reason": "frozen"});
    Trail::new(&format!("{stamp}~steve"), since + 1)
        .said("nodeploy-on", since + 1, "database migration", &json!({"by": "steve"}))
        .said("nodeploy-on", since + 2, "database migration, and it takes longer", &json!({"by": "steve"}))
        .said("nodeploy-refused", since + 3, "", &refusal)
        .said("nodeploy-off", since + every * 9 / 10, "done", &json!({"by": "maya"}))
}

fn busy() -> World {
    let events = (0..5_000_i64).map(|number| {
        let print = if number % 50 == 0 { b'a' + u8::try_from(number / 50 % 2).unwrap_or(0) } else { b'c' };
        let mut event =
            started(at(FROM) + number * 1_500, u64::try_from(number).unwrap_or(0) + 1, "registry/runner:1", print);
        if number % 50 != 0 {
            event["type"] = json!("updated-provenance");
        }
        event
    });
    let decisions: Vec<_> = (0..200).map(|version| json!({"policy_version": version, "status": "COMPLIANT", "policy_name": "pull-request-and-scan-and-more"})).collect();
    let artifact = |print: u8| {
        json!({"fingerprint": char::from(print).to_string().repeat(64), "name": "registry/runner:1", "creationTimestamp": [], "annotation": {"was": 0, "now": 1},
            "flow_name": "runner-ci", "flows": [], "policy_decisions": decisions})
    };
    let snapshot = |index: u64| json!({"index": index, "artifacts": (b'a'..b'l').map(artifact).collect::<Vec<_>>()});
    World {
        environment: json!({"last_reported_at": float(at(world::NOW) - 5), "last_changed_at": float(at(world::NOW) - 5)}),
        freezes: (0..1_000).map(|number| freeze(number, 7_500)).collect(),
        events: events.collect(),
        snapshots: (0..100).map(|number| (number * 50 + 1, snapshot(number * 50 + 1))).collect(),
        page: 100,
        ..World::default()
    }
}

fn full() -> World {
    World {
        environment: json!({"last_reported_at": 1.5, "last_changed_at": 1.5}),
        freezes: (0..5_000).map(|number| freeze(number, 1_500)).collect(),
        page: 100,
        ..World::default()
    }
}
