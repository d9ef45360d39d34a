//! Kosli's documents, as far as freezes look at them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::{Kosli, Trail};

pub(crate) fn no_flow(flow: &str) -> String {
    format!("Flow named '{flow}' does not exist for organization 'acme'")
}

pub(crate) fn no_trail(flow: &str, trail: &str, has_flow: bool) -> String {
    if has_flow {
        format!("Trail with name '{trail}' does not exist for Organization 'acme' and Flow '{flow}'")
    } else {
        no_flow(flow)
    }
}

pub(crate) fn environment(kosli: &Kosli) -> Value {
    json!({"org": "acme", "name": kosli.environment, "type": "K8S", "tags": kosli.tags, "policies": []})
}

pub(crate) fn trails(trails: &BTreeMap<String, Trail>, flow: &str, page: u64) -> Value {
    let mut newest: Vec<_> = trails.iter().collect();
    newest.sort_by_key(|(_, trail)| std::cmp::Reverse(trail.begun));
    let start = usize::try_from((page - 1) * 100).unwrap_or(usize::MAX);
    let data: Vec<_> = newest.iter().skip(start).take(100).map(|(name, found)| trail(name, found, flow)).collect();
    let pages = trails.len().div_ceil(100);
    json!({"data": data, "pagination": {"total": trails.len(), "page": page, "per_page": 100, "page_count": pages}})
}

pub(crate) fn trail(name: &str, trail: &Trail, flow: &str) -> Value {
    let mut statuses: Vec<Value> = Vec::new();
    let names: BTreeSet<_> = trail.attestations.iter().map(|one| &one.name).collect();
    for known in names {
        statuses.push(json!({"attestation_name": known, "attestation_type": "generic", "status": "COMPLETE"}));
    }
    json!({
        "name": name,
        "created_at": trail.begun,
        "compliance_status": {"status": "COMPLIANT", "attestations_statuses": statuses},
        "flow": {"name": flow, "tags": {}}
    })
}

pub(crate) fn attestations(trail: &str, found: &Trail, name: &str) -> Value {
    let named = found.attestations.iter().filter(|one| one.name == name && !one.is_hidden);
    named
        .map(|one| {
            json!({
                "attestation_name": one.name,
                "attestation_id": if one.id.is_empty() { format!("{:08x}", one.at) } else { one.id.clone() },
                "description": one.description,
                "annotations": one.annotations,
                "created_at": one.at,
                "is_compliant": one.is_compliant,
                "trail_name": trail,
                "reported_by": if one.reported_by.is_empty() { "ci" } else { &one.reported_by }
            })
        })
        .collect()
}
