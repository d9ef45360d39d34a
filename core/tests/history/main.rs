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

fn calm() -> Value {
    json!({"last_reported_at": 1.5, "last_changed_at": 1.5})
}

fn heard() -> Value {
    let heard = float(at("2024-11-29T23:59:00Z"));
    json!({"last_reported_at": heard, "last_changed_at": heard})
}

/// Steve's, for two hours from 2024-10-31T10:44:48Z on.
fn frozen() -> Trail {
    Trail::new("2024-10-31T10.44.48~steve", at("2024-10-31T10:44:49Z"))
        .said("nodeploy-on", at("2024-10-31T10:44:50Z"), "Demo", &json!({"by": "steve"}))
        .said("nodeploy-off", at("2024-10-31T12:44:48Z"), "done", &json!({"by": "steve"}))
}

#[test]
fn a_page_of_trails_is_full_with_a_hundred() {
    for (trails, pages) in [(100, 1), (101, 2), (200, 2), (201, 3)] {
        let begun = |number: i64| Trail::new(&format!("release-{number}"), at("2024-10-02T00:00:00Z") + number);
        let world =
            World { page: 100, environment: calm(), freezes: (0..trails).map(begun).collect(), ..World::default() };
        let told = world.report(ask());
        assert_eq!(told.reads.iter().filter(|read| read.starts_with("trails")).count(), pages, "{trails}");
        assert_eq!(told.report["freezes"].as_array().map(Vec::len), usize::try_from(trails).ok());
    }
}

/// What comes between two pages pushes a trail to the next one: it is told once.
#[test]
fn what_is_listed_twice_is_told_once() {
    let exception = Trail::new("exception-2024-10-31T12.00.00-2024-10-31T14.00.00~maya", at("2024-10-31T12:00:00Z"));
    let world = World {
        page: 1,
        environment: heard(),
        freezes: vec![frozen(), frozen()],
        exceptions: vec![exception.clone(), exception],
        ..World::default()
    };
    let told = world.report(ask()).report;
    let count = |key: &str| told[key].as_array().map(Vec::len);
    assert_eq!((count("freezes"), count("exceptions")), (Some(1), Some(1)));
    assert_eq!((&told["totals"]["freezes"], &told["totals"]["exceptions"]), (&json!(1), &json!(1)));
}

#[test]
fn a_border_of_pages_cuts_through_a_snapshot() {
    // Snapshot 3 has the events 99 to 102, all of one moment.
    let moment = at("2024-10-31T11:30:00Z");
    let scan = |number: i64| {
        let mut event = started(moment - 1000 + number, 2, "registry/other:1", b'c');
        event["type"] = json!("updated-provenance");
        event
    };
    let mut events: Vec<_> = (0..98).map(scan).collect();
    events.extend((0..4_u8).map(|number| started(moment, 3, &format!("registry/app{number}:1"), b'd' + number)));
    for freezes in [vec![frozen()], Vec::new()] {
        let labels = vec!["unexplained"; freezes.len() * 4];
        let told = World { page: 100, environment: heard(), freezes, events: events.clone(), ..World::default() }
            .report(ask());
        let found: Vec<_> =
            told.report["deployments"].as_array().into_iter().flatten().map(|one| one["label"].clone()).collect();
        assert_eq!(found, labels);
    }
}

/// Its trails may be of many flows; the verdict is on any of them.
#[test]
fn a_verdict_on_another_of_its_trails_explains_it() {
    let moment = at("2024-10-31T11:30:00Z");
    let flow = |flow: &str| json!({"flow_name": flow, "trail_name": "t1", "git_commit": "c".repeat(40)});
    let artifact = |flows: Value| json!({"fingerprint": "b".repeat(64), "creationTimestamp": [moment], "flow_name": "runner-ci", "flows": flows});
    let verdict = |at: i64| {
        json!([{"attestation_name": "nodeploy-prod-aws", "attestation_id": "v", "created_at": float(at), "is_compliant": true,
            "annotations": {"run": "r7"}, "reported_by": "ci"}])
    };
    for (flows, said, label) in [
        (["runner-ci", "scan", "promotion"], moment - 60, "excepted"),
        (["promotion", "runner-ci", "scan"], moment - 60, "excepted"),
        (["runner-ci", "scan", "promotion"], moment + 60, "unexplained"),
        (["runner-ci", "scan", "other"], moment - 60, "unexplained"),
    ] {
        let flows = flows.map(flow).to_vec();
        let world = World {
            page: 100,
            environment: heard(),
            freezes: vec![frozen()],
            events: vec![started(moment + 50, 7, "registry/runner:2", b'b')],
            snapshots: [(7, json!({"index": 7, "artifacts": [artifact(json!(flows))]}))].into(),
            verdicts: [(
                ("promotion".to_owned(), "t1".to_owned()),
                verdict(said).as_array().cloned().unwrap_or_default(),
            )]
            .into(),
            ..World::default()
        };
        let told = world.report(ask()).report;
        assert_eq!(told["deployments"][0]["label"], label, "{flows:?}");
        assert_eq!(told["deployments"][0]["flow"], "runner-ci");
    }
}

#[test]
fn more_than_a_note_holds_is_an_error() {
    let freezes: Vec<_> = (0..5_000).map(|number| format!("f{number} 1730371488 1730378688 0")).collect();
    let note = |pending: &[&str]| {
        json!({"head": "1 prod-aws prod-aws-nodeploy 1727740800 1732924800 1732924800 600 1 0 0 1732924790 1000 records  0  0 0 0 0 0 0 0 0 0 0",
            "pending": pending, "exceptions": [], "flags": [], "freezes": freezes, "passes": [], "running": [], "waiting": []})
    };
    let world = World { page: 100, environment: calm(), ..World::default() };
    let answer = |pending: &[&str]| world.page_of(&json!({"type": "report", "resume": note(pending)})).1;
    assert_eq!(answer(&[])["decision"], "proceed");
    let too_much = answer(&["one-more 1727740801  1 0 0 0 0 0 "]);
    assert_eq!(too_much["reason"], "bad_call");
    assert!(too_much["summary"].as_str().is_some_and(|text| text.contains("ask about a shorter period")), "{too_much}");
}

/// What happens between two freezes is not read where they lie far apart: what ran in the first may have been replaced since.
#[test]
fn each_freeze_far_from_another_is_looked_at_by_itself() {
    let freeze = |day: &str| {
        let since = at(&format!("2024-10-{day}T10:00:00Z"));
        Trail::new(&format!("2024-10-{day}T10.00.00~steve"), since)
            .said("nodeploy-on", since, "Demo", &json!({"by": "steve"}))
            .said("nodeploy-off", since + 7200, "done", &json!({"by": "steve"}))
    };
    let starts = |days: &[&str]| {
        let event = |day: &&str| started(at(&format!("2024-10-{day}T11:00:00Z")), 7, "registry/runner:2", b'b');
        days.iter().map(event).collect::<Vec<_>>()
    };
    for (days, reads) in [(["03", "13", "23"], 3), (["03", "04", "23"], 2), (["03", "04", "05"], 1)] {
        let world = World {
            page: 100,
            environment: heard(),
            freezes: days.map(freeze).to_vec(),
            events: starts(&days),
            ..World::default()
        };
        let told = world.report(ask());
        assert_eq!(told.reads.iter().filter(|read| *read == "events").count(), reads, "{days:?}");
        assert_eq!(told.report["deployments"].as_array().map(Vec::len), Some(reads), "{days:?}");
    }
}

#[test]
fn however_many_are_on_record_the_tag_that_is_not_is_told() {
    let ids: Vec<_> = (0..60).map(|minute| format!("2024-10-31T10.{minute:02}.00~steve")).collect();
    let record = |id: &String| {
        Trail::new(id, at("2024-10-31T11:00:00Z")).said(
            "nodeploy-on",
            at("2024-10-31T11:00:01Z"),
            "Demo",
            &json!({"by": "steve"}),
        )
    };
    let tags = |ids: &[String]| {
        ids.iter().map(|id| (format!("nodeploy.{id}"), json!("by=steve"))).collect::<serde_json::Map<_, _>>()
    };
    let told = |freezes: &[String]| {
        let environment = json!({"tags": tags(&ids), "last_reported_at": 1.5, "last_changed_at": 1.5});
        World { page: 10, environment, freezes: freezes.iter().map(record).collect(), ..World::default() }
            .report(ask())
            .warnings
    };
    assert_eq!(told(&ids), [""; 0]);
    assert_eq!(told(&ids[..59]), ["half_begun"]);
    assert_eq!(told(&[]), ["half_begun"; 21]);
}
