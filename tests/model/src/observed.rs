//! The other way round: from what a call has observed to a Kosli that would have said so.

use std::collections::BTreeMap;

use freeze_core::{Call, Environment, RawResult};
use serde_json::Value;

use crate::{Attestation, Door, Kosli, Trail};

/// A Kosli in which the call's reads give what the call holds, as far as that was readable.
///
/// `None` if the environment was not.
#[must_use]
pub fn from_call(call: &Call) -> Option<Kosli> {
    let mut kosli = Kosli::new(call.environment.name().ok()?.as_str());
    // An `approve` asks about no environment.
    let is_asked = call.observed.contains_key("environment") || matches!(call.environment, Environment::Document(_));
    if is_asked || !call.observed.keys().any(|name| name.starts_with("exception/")) {
        let environment = match (call.observed.get("environment"), &call.environment) {
            (None, Environment::Document(text)) => serde_json::from_str(text).ok()?,
            (raw, _) => document(raw?)?,
        };
        for (key, value) in environment["tags"].as_object()? {
            kosli.tags.insert(key.clone(), value.as_str()?.to_owned());
        }
    }
    if call.observed.values().any(|raw| matches!(raw, RawResult::Cli { .. })) {
        kosli.door = Door::Cli;
    }
    for (name, raw) in &call.observed {
        let Some(document) = document(raw) else { continue };
        match name.split('/').collect::<Vec<_>>()[..] {
            ["trails", ..] => {
                let data = document["data"].as_array()?;
                let trails = kosli.trails.get_or_insert_default();
                trails.extend(data.iter().filter_map(trail));
            }
            ["exceptions"] => {
                let data = document["data"].as_array()?;
                kosli.exceptions.get_or_insert_default().extend(data.iter().filter_map(trail));
            }
            ["exceptions", "flow"] => drop(kosli.exceptions.get_or_insert_default()),
            ["exception", _] => kosli.exceptions.get_or_insert_default().extend(trail(&document)),
            ["trail", _] => kosli.trails.get_or_insert_default().extend(trail(&document)),
            ["verdict"] => {
                let said = document.as_array()?.iter();
                let named = |one: &Value| attestation(one["attestation_name"].as_str().unwrap_or_default(), one);
                kosli.deployment = Some(Trail { begun: 0, attestations: said.map(named).collect() });
            }
            ["flow"] => drop(kosli.trails.get_or_insert_default()),
            _ => {}
        }
    }
    for (name, raw) in &call.observed {
        let Some((kind, (id, name))) =
            name.split_once('/').and_then(|(kind, rest)| Some((kind, rest.split_once('/')?)))
        else {
            continue;
        };
        let Some(document) = document(raw) else { continue };
        let trails = if kind == "exception" { &mut kosli.exceptions } else { &mut kosli.trails };
        let said = document.as_array()?.iter().map(|one| attestation(name, one)).collect::<Vec<_>>();
        let known = &mut trails.get_or_insert_default().entry(id.to_owned()).or_default().attestations;
        known.retain(|attestation| attestation.name != name);
        known.splice(0..0, said);
    }
    let all = kosli.trails.iter().chain(&kosli.exceptions).flatten().flat_map(|(_, trail)| &trail.attestations);
    let latest = all.map(|one| one.at).max().unwrap_or(0);
    kosli.clock = latest.max(u32::try_from(call.now.timestamp()).unwrap_or(1000));
    Some(kosli)
}

fn document(raw: &RawResult) -> Option<Value> {
    match raw {
        RawResult::Http { status: 200, body, .. } => serde_json::from_str(body).ok(),
        RawResult::Cli { exit_code: 0, stdout, .. } => serde_json::from_str(stdout).ok(),
        _ => None,
    }
}

fn trail(document: &Value) -> Option<(String, Trail)> {
    let statuses = document["compliance_status"]["attestations_statuses"].as_array()?;
    let complete = statuses.iter().filter(|status| status["status"] == "COMPLETE");
    let named = |status: &Value| Attestation {
        name: status["attestation_name"].as_str().unwrap_or_default().to_owned(),
        is_compliant: true,
        ..Attestation::default()
    };
    let trail = Trail { begun: 0, attestations: complete.map(named).collect() };
    Some((document["name"].as_str()?.to_owned(), trail))
}

fn attestation(name: &str, document: &Value) -> Attestation {
    let annotations = document["annotations"].as_object().into_iter().flatten();
    Attestation {
        name: name.to_owned(),
        description: document["description"].as_str().map(str::to_owned),
        annotations: annotations
            .map(|(key, value)| (key.clone(), value.as_str().unwrap_or_default().to_owned()))
            .collect::<BTreeMap<_, _>>(),
        is_compliant: document["is_compliant"].as_bool().unwrap_or(true),
        at: document["created_at"].as_f64().map_or(1, seconds),
        id: document["attestation_id"].as_str().unwrap_or_default().to_owned(),
        reported_by: document["reported_by"].as_str().unwrap_or_default().to_owned(),
        is_hidden: false,
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the model counts whole seconds")]
fn seconds(at: f64) -> u32 {
    at as u32
}
