//! A Kosli of facts alone: it answers what a report reads, in pages as small as is wanted.

use std::collections::BTreeMap;

use freeze_core::{observe_json, plan_json};
use serde_json::{Value, json};

/// What Kosli knows of one environment.
#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    /// Besides its name and its tags.
    pub(crate) environment: Value,
    /// Oldest first: the name of each trail, when it was begun, and its attestations.
    pub(crate) freezes: Vec<Trail>,
    pub(crate) exceptions: Vec<Trail>,
    /// Oldest first.
    pub(crate) events: Vec<Value>,
    pub(crate) snapshots: BTreeMap<u64, Value>,
    /// On deployments' own trails, by flow and trail.
    pub(crate) verdicts: BTreeMap<(String, String), Vec<Value>>,
    /// How many trails a page has.
    pub(crate) page: usize,
}

#[derive(Clone, Debug)]
pub(crate) struct Trail {
    pub(crate) name: String,
    pub(crate) at: i64,
    pub(crate) said: Vec<Value>,
}

/// The longest call, how many there were, and what the pages say together.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) longest: usize,
    pub(crate) calls: usize,
    pub(crate) reads: Vec<String>,
    pub(crate) report: Value,
    pub(crate) warnings: Vec<String>,
}

pub(crate) const NOW: &str = "2024-11-30T00:00:00Z";

impl Trail {
    pub(crate) fn new(name: &str, at: i64) -> Self {
        Self { name: name.to_owned(), at, said: Vec::new() }
    }

    /// One more attestation on it.
    pub(crate) fn said(mut self, name: &str, at: i64, why: &str, annotations: &Value) -> Self {
        let id = format!("{:08x}-0000-4000-8000-{:08x}", self.said.len(), at);
        self.said.push(json!({
            "attestation_name": name, "attestation_id": id, "attestation_type": "generic", "created_at": float(at), "is_compliant": true,
            "description": why, "annotations": annotations, "trail_name": self.name, "reported_by": "ci-bot",
        }));
        self
    }

    fn listed(&self, flow: &str) -> Value {
        let mut names: Vec<_> =
            self.said.iter().map(|one| one["attestation_name"].as_str().unwrap_or_default()).collect();
        names.sort_unstable();
        names.dedup();
        let statuses: Vec<_> = names
            .iter()
            .map(|name| json!({"attestation_name": name, "status": "COMPLETE", "is_compliant": true}))
            .collect();
        let event = |one: &Value| json!({"type": "trail_attestation_reported", "timestamp": one["created_at"], "template_reference_name": one["attestation_name"]});
        json!({
            "name": self.name, "created_at": float(self.at), "flow": {"name": flow}, "html_url": format!("https://app.kosli.com/acme/flows/{flow}/trails/{}", self.name),
            "compliance_status": {"attestations_statuses": statuses}, "events": self.said.iter().map(event).collect::<Vec<_>>(),
        })
    }
}

impl World {
    /// Asks for all pages of a report.
    pub(crate) fn report(&self, mut action: Value) -> Told {
        let mut told = Told { longest: 0, calls: 0, reads: Vec::new(), report: Value::Null, warnings: Vec::new() };
        loop {
            let (call, answer) = self.page_of(&action);
            assert_eq!(answer["decision"], "proceed", "{}: {}", answer["reason"], answer["summary"]);
            told.longest = told.longest.max(call.to_string().len());
            told.calls += 1;
            told.reads.extend(call["observed"].as_object().into_iter().flatten().map(|(name, _)| name.clone()));
            let warnings = answer["warnings"].as_array().into_iter().flatten();
            told.warnings.extend(warnings.filter_map(|warning| warning["code"].as_str()).map(str::to_owned));
            join(&mut told.report, &answer["report"]);
            if answer["next"].is_null() {
                assert!(!told.report["totals"].is_null(), "the last page has totals");
                return told;
            }
            assert!(told.calls < 20_000, "it never ends: {}", answer["next"]["action"]["resume"]["head"]);
            action = answer["next"]["action"].clone();
        }
    }

    /// One page: the call as it was in the end, and its answer.
    pub(crate) fn page_of(&self, action: &Value) -> (Value, Value) {
        let mut call = json!({"action": action, "now": NOW, "environment": "prod-aws", "settings": {"org": "acme"}});
        loop {
            let reads: Vec<Value> = serde_json::from_str(&observe_json(&call.to_string())).expect("reads");
            if reads.is_empty() {
                let answer: Value = serde_json::from_str(&plan_json(&call.to_string())).expect("an answer");
                assert_eq!(answer["commands"], json!([]), "a report writes nothing");
                return (call, answer);
            }
            for read in reads {
                let name = read["as"].as_str().expect("a name");
                assert!(call["observed"][name].is_null(), "{name} is read twice");
                call["observed"][name] = self.answer_to(&read);
            }
        }
    }

    /// What Kosli says.
    pub(crate) fn answer_to(&self, read: &Value) -> Value {
        raw(self.answer(read["request"]["path"].as_str().expect("an organisation").trim_start_matches("/api/v2/")))
    }

    fn answer(&self, path: &str) -> Option<Value> {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let query: BTreeMap<_, _> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
        let parts: Vec<_> = path.split('/').collect();
        match &*parts {
            ["environments", "acme", "prod-aws"] => {
                let mut environment = json!({"name": "prod-aws", "tags": {}, "type": "K8S"});
                for (key, value) in self.environment.as_object().into_iter().flatten() {
                    environment[key] = value.clone();
                }
                Some(environment)
            }
            ["trails", "acme"] => self.page(query["flow"], query["page"].parse().expect("a page")),
            ["attestations", "acme", flow, "trail", trail, name] => self.attestations(flow, trail, name),
            ["environments", "acme", "prod-aws", "events"] => {
                let number = |key: &str| query[key].parse::<f64>().expect("a number");
                let within = |event: &&Value| {
                    let at = event["reported_at"].as_f64().unwrap_or_default();
                    number("start_ts") <= at && at <= number("end_ts")
                };
                let skipped = (query["page"].parse::<usize>().expect("a page") - 1) * 100;
                Some(json!(self.events.iter().filter(within).skip(skipped).take(100).collect::<Vec<_>>()))
            }
            ["snapshots", "acme", "prod-aws", index] => {
                self.snapshots.get(&index.trim_start_matches("%23").parse().expect("a number")).cloned()
            }
            _ => panic!("{path} is not read by a report"),
        }
    }

    fn page(&self, flow: &str, page: usize) -> Option<Value> {
        let trails = if flow == "prod-aws-nodeploy" { &self.freezes } else { &self.exceptions };
        if trails.is_empty() {
            return None;
        }
        let pages = trails.len().div_ceil(self.page);
        let data: Vec<_> =
            trails.iter().rev().skip((page - 1) * self.page).take(self.page).map(|trail| trail.listed(flow)).collect();
        Some(
            json!({"data": data, "pagination": {"page": page, "per_page": self.page, "page_count": pages, "total": trails.len()}}),
        )
    }

    fn attestations(&self, flow: &str, trail: &str, name: &str) -> Option<Value> {
        let own = |one: &&Value| one["attestation_name"] == name;
        let trails = self.freezes.iter().chain(&self.exceptions);
        match trails.into_iter().find(|one| one.name == trail) {
            Some(found) => Some(json!(found.said.iter().filter(own).collect::<Vec<_>>())),
            None => self.verdicts.get(&(flow.to_owned(), trail.to_owned())).map(|all| json!(all)),
        }
    }
}

fn raw(answer: Option<Value>) -> Value {
    let missing = || {
        let all =
            "Flow named 'prod-aws-nodeploy' does not exist; Flow named 'prod-aws-nodeploy-exceptions' does not exist";
        json!({"status": 404, "body": json!({"message": all}).to_string()})
    };
    answer.map_or_else(missing, |answer| json!({"status": 200, "body": answer.to_string()}))
}

fn join(report: &mut Value, page: &Value) {
    if report.is_null() {
        *report = page.clone();
        return;
    }
    for key in ["freezes", "exceptions", "deployments", "unreadable"] {
        let more = page[key].as_array().expect("a list").clone();
        report[key].as_array_mut().expect("a list").extend(more);
    }
    report["totals"] = page["totals"].clone();
}

/// The seconds of an instant.
pub(crate) fn at(text: &str) -> i64 {
    chrono::DateTime::parse_from_rfc3339(text).expect("an instant").timestamp()
}

/// A time as Kosli has it: seconds with a fraction.
pub(crate) fn float(at: i64) -> Value {
    serde_json::from_str(&format!("{at}.25")).expect("a number")
}

/// A start that an environment's log has.
pub(crate) fn started(at: i64, snapshot: u64, name: &str, print: u8) -> Value {
    json!({
        "environment_name": "prod-aws", "snapshot_index": snapshot, "artifact_name": name, "sha256": char::from(print).to_string().repeat(64),
        "description": "1 instance started running (from 0 to 1)", "reported_at": float(at), "pipeline": "runner-ci", "deployments": [],
        "flows": [{"flow_name": "runner-ci", "deployments": null}], "artifact_compliance": true, "snapshot_compliance": true,
        "type": "started-compliant", "code_diff": null,
        "_links": {"snapshot": {"html": format!("https://app.kosli.com/acme/environments/prod-aws/snapshots/{snapshot}")}},
    })
}
