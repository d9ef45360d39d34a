//! `overview` says of each environment what a `status` of its own document decides.

use freeze_core::{Call, Decision, plan, plan_json};
use proptest::prelude::*;
use serde_json::{Value, json};

const NOW: &str = "2024-10-31T12:00:00Z";

fn document() -> impl Strategy<Value = Value> {
    let kind = prop_oneof![
        8 => prop::sample::select(vec![json!("K8S"), json!("ECS"), json!("logical")]),
        1 => Just(json!(7)),
        1 => Just(Value::Null),
    ];
    let id = prop::sample::select(vec!["2024-10-31T10.44.48~steve", "2024-10-30T09.00.00~mary", "T1", "a b"]);
    let flag = prop::sample::select(vec![
        "by=steve&reason=payments+down",
        "by=mary&until=2024-10-31T18:00:00Z",
        "by=mary&until=2024-10-31T11:00:00Z",
        "until=soon",
        "",
    ]);
    let tag = prop_oneof![
        id.clone().prop_map(|id| ("nodeploy".to_owned(), json!(id))),
        Just(("nodeploy".to_owned(), Value::Null)),
        (id, flag).prop_map(|(id, flag)| (format!("nodeploy.{id}"), json!(flag))),
        prop::sample::select(vec!["core", "infra"]).prop_map(|team| ("team".to_owned(), json!(team))),
        Just(("team".to_owned(), json!(1))),
    ];
    let tags = prop_oneof![
        12 => prop::collection::btree_map(0..3_u8, tag, 0..3).prop_map(|tags| Value::Object(tags.into_values().collect())),
        1 => Just(Value::Null),
        1 => Just(json!([])),
    ];
    let members = prop_oneof![
        2 => Just(Value::Null),
        1 => Just(json!([])),
        1 => Just(json!(["prod-0"])),
        1 => Just(json!("prod-0")),
    ];
    (kind, tags, members).prop_map(|(kind, tags, members)| {
        json!({"org": "acme", "type": kind, "tags": tags, "included_environments": members, "policies": null, "x": [1.5]})
    })
}

fn policy() -> impl Strategy<Value = Option<Value>> {
    let window = (
        prop::sample::select(vec!["freeze", "allow"]),
        prop::sample::select(vec![vec!["*"], vec!["prod-*"], vec!["!prod-1"], vec!["prod-0", "prod-2"]]),
        prop::sample::select(vec![None, Some(json!(["K8S"])), Some(json!(["ECS", "logical"]))]),
        prop::sample::select(vec![None, Some(json!({"team": ["core"]})), Some(json!({"team": ["!infra"]}))]),
        prop::sample::select(vec![("08:00", "18:00"), ("09:00", "12:00"), ("13:00", "20:00"), ("11:00", "12:30")]),
    );
    let windows = prop::collection::vec(window, 0..4).prop_map(|windows| {
        let windows = windows.into_iter().enumerate().map(|(at, (effect, names, types, tags, (from, to)))| {
            let mut window =
                json!({"name": format!("w{at}"), "effect": effect, "environments": names, "timezone": "UTC"});
            window["from"] = json!(format!("2024-10-31T{from}"));
            window["to"] = json!(format!("2024-10-31T{to}"));
            if let Some(types) = types {
                window["types"] = types;
            }
            if let Some(tags) = tags {
                window["tags"] = tags;
            }
            window
        });
        Some(json!({"windows": windows.collect::<Vec<_>>()}))
    });
    prop_oneof![1 => Just(None), 4 => windows]
}

/// What a `status` of the document decides, in the form of a row.
fn own_answer(document: &Value, policy: Option<&Value>) -> Value {
    let call = json!({
        "action": {"type": "status"}, "now": NOW, "environment": document, "policy": policy,
        "members": document["included_environments"].as_array(), "settings": {"org": "acme"},
    });
    let answer: Value = serde_json::from_str(&plan_json(&call.to_string())).expect("an answer");
    let is = |effect: &str| {
        let windows = answer["windows"].as_array().into_iter().flatten();
        windows.filter(|window| window["effect"] == effect).map(|window| window["name"].clone()).collect::<Vec<_>>()
    };
    let is_active = |window: &&Value| window["active"] == true;
    let allowed = answer["windows"].as_array().into_iter().flatten().filter(|window| window["effect"] == "allow");
    let windows = match answer["decision"].as_str() {
        Some("refuse") if answer["reason"] == "logical" => return json!({"decision": "refuse", "reason": "logical"}),
        Some("refuse") if !is("freeze").is_empty() => is("freeze"),
        Some("refuse") if allowed.clone().next().is_some() && allowed.clone().find(is_active).is_none() => is("allow"),
        _ => Vec::new(),
    };
    json!({
        "decision": answer["decision"], "reason": answer["reason"], "windows": windows,
        "opens_at": answer["opens_at"], "closes_at": answer["closes_at"],
        "why": if answer["decision"] == "error" { answer["summary"].clone() } else { Value::Null },
    })
}

proptest! {
    #[test]
    fn each_environment_stands_as_its_own_document_says(
        mut documents in prop::collection::vec(document(), 1..6),
        policy in policy(),
    ) {
        for (at, document) in documents.iter_mut().enumerate() {
            document["name"] = json!(format!("{}-{at}", ["prod", "staging"][at % 2]));
        }
        let call = json!({
            "action": {"type": "overview"}, "now": NOW, "policy": policy, "settings": {"org": "acme"},
            "observed": {"environments": {"status": 200, "body": json!(documents).to_string()}},
        });
        let call = Call::from_json(&call.to_string()).expect("a call");
        let answer = plan(&call);
        let rows = answer.overview.expect("an overview");
        prop_assert_eq!(rows.len(), documents.len());
        let is_unknown = rows.iter().any(|row| row.decision == Decision::Error);
        prop_assert_eq!(answer.decision == Decision::Error, is_unknown);
        for document in &documents {
            let row = rows.iter().find(|row| document["name"] == row.environment).expect("a row for each");
            let wanted = own_answer(document, policy.as_ref());
            let row = serde_json::to_value(row).expect("a row");
            for (key, wanted) in wanted.as_object().expect("an object") {
                if key != "why" || !wanted.is_null() {
                    prop_assert_eq!(&row[key], wanted, "{} of {}: {}", key, document, row);
                }
            }
        }
    }
}
