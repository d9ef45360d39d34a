//! What a report tells of an environment's past.

mod properties;
mod world;

use serde_json::{Value, json};

use world::{Trail, World, at, float, started};

fn ask() -> Value {
    json!({"type": "report", "from": "2024-10-01T00:00:00Z", "to": "2024-11-30T00:00:00Z"})
}

#[test]
fn a_report_of_nothing_costs_three_reads() {
    let world =
        World { page: 100, environment: json!({"last_reported_at": 1.5, "last_changed_at": 1.5}), ..World::default() };
    let told = world.report(ask());
    assert_eq!((&*told.reads, told.calls), (&["environment", "exceptions", "trails"].map(str::to_owned)[..], 1));
    assert_eq!(told.report["freezes"], json!([]));
}

#[test]
fn a_freeze_and_what_was_deployed() {
    let by = json!({"by": "steve"});
    let freeze = Trail::new("2024-10-31T10.44.48~steve", at("2024-10-31T10:44:49Z"))
        .said("nodeploy-on", at("2024-10-31T10:44:50Z"), "Demo", &by)
        .said("nodeploy-off", at("2024-10-31T12:44:48Z"), "done", &json!({"by": "maya"}));
    let deployed = at("2024-10-31T11:30:00Z");
    let world = World {
        page: 100,
        environment: json!({"last_reported_at": float(at("2024-11-29T23:59:00Z")), "last_changed_at": float(at("2024-11-29T23:59:00Z"))}),
        freezes: vec![freeze],
        events: vec![started(deployed + 50, 7, "registry/runner:2", b'b')],
        snapshots: [(7, json!({"index": 7, "artifacts": [{"fingerprint": "b".repeat(64), "creationTimestamp": [deployed], "git_commit": "c".repeat(40),
            "flow_name": "runner-ci", "annotation": {"was": 0, "now": 1},
            "flows": [{"flow_name": "runner-ci", "trail_name": "t1", "git_commit": "c".repeat(40), "git_commit_info": {"author": "Jane"}}]}]}))].into(),
        ..World::default()
    };
    let told = world.report(ask());
    assert_eq!(told.report["deployments"][0]["label"], "unexplained");
    assert_eq!(told.report["totals"]["seconds"], 7200);
}
