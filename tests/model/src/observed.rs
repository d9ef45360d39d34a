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
    let environment = match (call.observed.get("environment"), &call.environment) {
        (None, Environment::Document(text)) => serde_json::from_str(text).ok()?,
        (raw, _) => document(raw?)?,
    };
    for (key, value) in environment["tags"].as_object()? {
        kosli.tags.insert(key.clone(), value.as_str()?.to_owned());
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
        let Some((id, name)) = name.strip_prefix("attestation/").and_then(|rest| rest.split_once('/')) else {
            continue;
        };
        let Some(document) = document(raw) else { continue };
        let said = document.as_array()?.iter().map(|one| attestation(name, one)).collect::<Vec<_>>();
        let known = &mut kosli.trails.get_or_insert_default().entry(id.to_owned()).or_default().attestations;
        known.retain(|attestation| attestation.name != name);
        known.splice(0..0, said);
    }
    kosli.clock = 1000;
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
        at: 1,
    }
}
