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

/// Environments with the fields, and the kinds of values, that Kosli's own list has (some 450 bytes each), and with 30 tags
/// such as a platform team sets, which make them 2 KB; one in twenty is frozen, one in a hundred is logical.
fn list() -> Value {
    let name = |at: usize| format!("{}-{at:04}", ["prod", "staging", "test", "dev"][at % 4]);
    let environment = |at: usize| {
        let team = ["core", "infra", "payments"][at % 3];
        let is_logical = at % 100 == 99;
        let kind = if is_logical { "logical" } else { ["K8S", "ECS", "lambda"][at % 3] };
        let members: Vec<_> = (1..=5).map(|back| name(at - back.min(at))).collect();
        json!({
            "org": "acme", "name": name(at), "type": kind,
            "description": format!("The {kind} cluster number {at} of the team \"{team}\", in Zürich and Frankfurt"),
            "last_modified_at": 1_787_150_423.904_124_7, "last_reported_at": 1_787_150_423.904_124_7,
            "last_changed_at": 1_787_118_563.991_528_7, "state": true, "include_scaling": false, "tags": tags(at, team),
            "policies": ["production-promotion", "provenance", "pull-request", "snyk-scan", "trail-compliance"],
            "included_environments": is_logical.then_some(members),
        })
    };
    (0..COUNT).map(environment).collect()
}

fn tags(at: usize, team: &str) -> Value {
    let region = ["eu-central-1", "eu-west-1", "us-east-1"][at % 3];
    let class = ["public", "internal", "confidential"][at % 3];
    let mut tags = json!({
        "url": format!("https://svc-{at}.eu-central-1.example.org/"),
        "team": team,
        "owner": format!("platform-{team}@example.org"),
        "runbook": format!("https://wiki.example.org/spaces/{team}/runbooks/svc-{at}"),
        "dashboard": format!("https://grafana.example.org/d/{at:08x}/svc-{at}?orgId=1&var-cluster=main"),
        "repository": format!("https://github.com/acme/svc-{at}"),
        "terraform": format!("git@github.com:acme/platform.git//stacks/{team}/svc-{at}"),
        "slack": format!("#team-{team}-alerts"),
        "pagerduty": format!("https://acme.pagerduty.com/service-directory/P{at:06X}"),
        "arn": format!("arn:aws:ecs:eu-central-1:{:012}:cluster/svc-{at}", 481_516_234_200_usize + at),
        "namespace": format!("{team}-svc-{at}"),
        "account": format!("{:012}", 481_516_234_200_usize + at),
        "region": region,
        "cost-centre": format!("CC-{:05}", at % 40),
        "tier": format!("{}", at % 4),
        "data-class": class,
        "compliance": "sox, pci-dss 4.0, iso-27001",
        "deploy-role": format!("arn:aws:iam::481516234200:role/deploy/{team}-svc-{at}"),
        "log-group": format!("/aws/ecs/containerinsights/svc-{at}/performance"),
        "topic": format!("arn:aws:sns:eu-central-1:481516234200:{team}-svc-{at}-alarms"),
        "key": format!("arn:aws:kms:eu-central-1:481516234200:alias/{team}/svc-{at}"),
        "registry": format!("481516234200.dkr.ecr.eu-central-1.amazonaws.com/{team}/svc-{at}"),
        "network": format!("vpc-0a1b2c3d4e5f{at:05x} subnet-0a1b2c3d4e5f{at:05x}"),
        "image": format!("registry.example.org/{team}/svc-{at}:2026.11.{}", 1 + at % 24),
        "ticket": format!("https://acme.atlassian.net/browse/OPS-{}", 10_000 + at),
        "contact": format!("+49 30 5557{at:04}, platform-{team}@example.org"),
        "version": format!("1.33.{}", at % 9),
        "backup": "daily, kept for 35 days",
        "managed-by": "terraform",
        "last-review": format!("2026-{:02}-{:02} by platform-{team}@example.org", 1 + at % 12, 1 + at % 28),
    });
    if at.is_multiple_of(20) {
        tags["nodeploy"] = json!("2026-11-24T10.44.48~steve");
        tags["nodeploy.2026-11-24T10.44.48~steve"] = json!("by=steve&reason=payments+down");
    }
    tags
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
