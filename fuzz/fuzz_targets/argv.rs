//! Any text in an action: what the kosli CLI makes of `argv` is what `request` says, for every command.
#![no_main]

use std::collections::BTreeMap;

use arbitrary::Arbitrary;
use freeze_core::{Action, Body, Call, Decision, Environment, Freezes, OrgName, RawResult, Request, Settings, plan};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

#[derive(Arbitrary, Debug)]
struct Input<'t> {
    reason: &'t str,
    by: Option<&'t str>,
    id: Option<&'t str>,
    lifts: bool,
    syncs: bool,
    signal: Option<&'t str>,
    flag: Option<&'t str>,
    flow: u8,
}

fuzz_target!(|input: Input| {
    let (reason, by) = (input.reason.to_owned(), input.by.map(str::to_owned));
    let action = match (input.lifts, input.syncs) {
        (_, true) => Action::Sync {},
        (true, _) => Action::Off { freezes: Some(Freezes::All), by, reason: Some(reason) },
        _ => Action::On { reason, by, until: None, id: input.id.map(str::to_owned), except: None },
    };
    let mut tags = BTreeMap::new();
    tags.extend(input.signal.map(|signal| ("nodeploy", signal)));
    tags.extend(input.flag.map(|flag| ("nodeploy.2024-10-31T10.44.48", flag)));
    let environment = json!({"name": "prod", "tags": tags}).to_string();
    let no_flow = json!({"message": "Flow named 'prod-nodeploy' does not exist for organization 'acme'"}).to_string();
    let trails = match input.flow % 3 {
        0 => RawResult::Http { status: 404, body: no_flow, date: None },
        1 => RawResult::Http {
            status: 200,
            body: json!({"data": [], "pagination": {"page_count": 0}}).to_string(),
            date: None,
        },
        _ => RawResult::Http {
            status: 200,
            body: json!({"data": [
            {"name": "2024-10-31T10.44.48", "compliance_status": {"attestations_statuses": []}}]})
            .to_string(),
            date: None,
        },
    };
    let mut observed = BTreeMap::new();
    observed.insert("environment".into(), RawResult::Http { status: 200, body: environment, date: None });
    observed.insert("trails".into(), trails);
    let call = Call {
        action,
        now: "2024-10-31T12:00:00Z".parse().expect("an instant"),
        environment: Environment::Name("prod".to_owned()),
        observed,
        settings: Settings { org: Some(OrgName::new("acme").expect("a name")), ..Settings::default() },
        policy: None,
        members: None,
        since: None,
    };
    let answer = plan(&call);
    for write in &answer.commands {
        assert_eq!(answer.decision, Decision::Proceed);
        let argv = write.argv();
        assert!(argv.iter().all(|word| !word.contains('\0')), "{argv:?}");
        let sent = kosli_argv::read(&argv).unwrap_or_else(|refused| panic!("{argv:?}: {refused}"));
        let Request { method, path, body } = write.request().expect("the call names the organisation");
        let (data, template) = match body {
            Some(Body::Json(tags)) => (json!(tags), None),
            Some(Body::Form(fields)) => {
                let template = fields.get(1).map(|field| field.value.clone());
                (serde_json::from_str::<Value>(&fields[0].value).expect("data_json is JSON"), template)
            }
            other => panic!("an unknown body: {other:?}"),
        };
        assert!(!sent.is_dry_run);
        assert_eq!((sent.method, sent.path, sent.data), (method, path, data), "{argv:?}");
        assert_eq!(sent.template.map(str::to_owned), template);
    }
    the_reason_arrives(&call, &answer);
});

/// Nothing that a call may say is lost on the way: the reason stands in the record as it was given, but for the
/// blank before a leading dash.
fn the_reason_arrives(call: &Call, answer: &freeze_core::Answer) {
    let Action::On { reason, by, .. } = &call.action else { return };
    if answer.reason != "freezing" {
        return;
    }
    let bodies: Vec<_> = answer.commands.iter().filter_map(|write| kosli_argv::read(&write.argv()).ok()).collect();
    let on = bodies.iter().find(|sent| sent.data["attestation_name"] == "nodeploy-on");
    if let Some(on) = on {
        let said = on.data["description"].as_str().expect("a freeze has a reason");
        assert_eq!(said, format!("{}{reason}", if reason.starts_with('-') { " " } else { "" }));
        let by = by.as_deref().map(str::trim).filter(|by| !by.is_empty());
        assert_eq!(on.data["annotations"]["by"].as_str(), by);
    }
}
