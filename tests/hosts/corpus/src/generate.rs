//! Calls as a host makes them, against Koslis in every state; then most of them spoilt.

use std::collections::BTreeMap;

use freeze_core::{
    Action, Call, Change, Deployment, Environment, Freezes, OrgName, Question, RawResult, Settings, observe, plan,
};
use kosli_model::{Door, Kosli};
use serde_json::{Value, json};

use crate::dice::Dice;
use crate::hostile;
use crate::policies;

const HOLDERS: [&str; 3] = ["steve", "mary & co", "ci"];
const MOMENTS: [&str; 4] =
    ["2024-10-31T10:44:48Z", "2024-10-31T10:44:49Z", "2024-10-31T12:00:00+01:00", "2024-11-01T09:30:00Z"];
/// In a repeated hour, beyond summer time, in another zone, and what is no instant.
const WHAT_IF: [&str; 5] = [
    "2024-11-03T05:30:00Z",
    "2025-03-30T00:59:59.5Z",
    "2024-12-25T12:00:00+13:45",
    "2024-10-31T11:00:00Z",
    "2024-10-31T11:00",
];
const NEEDS: [&str; 6] = ["PT20M", "P9D", "P2D", "PT5H", "P40D", "20m"];
const ENDS: [&str; 3] = ["2024-10-31T11:00:00Z", "2024-11-01T09:00:00Z", "2024-11-02T09:00:00.5+02:00"];

/// So many calls, in the order in which runs make them.
pub(crate) fn calls(seed: u64, count: usize) -> Vec<Vec<u8>> {
    let mut dice = Dice(seed);
    let mut calls = Vec::new();
    while calls.len() < count {
        story(&mut dice, &mut calls);
    }
    calls.truncate(count);
    calls
}

/// A few runs against one Kosli, some of them cut short.
fn story(dice: &mut Dice, calls: &mut Vec<Vec<u8>>) {
    let mut kosli = Kosli::new(dice.pick(&["prod-aws", "staging_1", "eu.prod"]));
    kosli.door = if dice.one_in(2) { Door::Cli } else { Door::Http };
    kosli.tags.insert("team".to_owned(), "core".to_owned());
    let mut policy = policies::any(dice);
    // Where people freeze all the time, no window is seen.
    let asks = policy.is_some() && dice.one_in(3);
    if !asks && dice.one_in(3) {
        let signal = dice.pick(&["null", "", "2024-10-31T09.00.00", "see #ops", "2024-10-30T09.00.00~steve"]);
        kosli.tags.insert("nodeploy".to_owned(), signal.to_owned());
    }
    if !asks && dice.one_in(4) {
        let id = dice.pick(&["2024-10-30T09.00.00~steve", "by-hand", "2024-10-31T09.00.00", "-odd"]);
        let value = dice.pick(&["by=steve&reason=Demo", "until=2024-10-31T11%3A00%3A00Z", "%%%", "", "by=mary+%26+co"]);
        kosli.tags.insert(format!("nodeploy.{id}"), value.to_owned());
    }
    let settings = settings(dice);
    for _run in 0..2 + dice.roll(4) {
        let now = dice.pick(&MOMENTS);
        if dice.one_in(6) {
            policy = policies::any(dice);
        }
        let action = action(dice, &kosli, asks);
        let names_none = matches!(action, Action::Windows { .. }) && dice.one_in(2);
        let mut call = Call {
            action,
            now: now.parse().expect("an instant"),
            environment: if names_none { Environment::Every } else { Environment::Name(kosli.environment.clone()) },
            observed: BTreeMap::new(),
            settings: settings.clone(),
            policy: policy.clone(),
            members: None,
            since: None,
        };
        run(dice, &mut kosli, &mut call, now, calls);
    }
}

/// The loop that every host runs; the calls that are ripe for a plan are kept, and some on the way there.
fn run(dice: &mut Dice, kosli: &mut Kosli, call: &mut Call, now: &str, calls: &mut Vec<Vec<u8>>) {
    for _round in 0..8 {
        call.observed.clear();
        loop {
            let reads = observe(call);
            if reads.is_empty() || dice.one_in(4) {
                calls.push(text(dice, call, now));
            }
            if reads.is_empty() {
                break;
            }
            call.observed.extend(reads.iter().map(|read| (read.name(), kosli.read(read))));
        }
        let answer = plan(call);
        for write in &answer.commands {
            if dice.one_in(8) || kosli.write(&write.command).is_err() {
                return;
            }
        }
        if answer.commands.is_empty() {
            return;
        }
        call.action = answer.action.unwrap_or_else(|| call.action.clone());
    }
}

/// Any action; of who only `asks`, one that freezes and lifts nothing of people.
fn action(dice: &mut Dice, kosli: &Kosli, asks: bool) -> Action {
    let by = (!dice.one_in(3)).then(|| dice.pick(&HOLDERS).to_owned());
    let by = if dice.one_in(8) { Some(hostile::text(dice)) } else { by };
    let known: Vec<&str> = kosli.trails.iter().flatten().map(|(name, _)| name.as_str()).collect();
    let id = |dice: &mut Dice| match known.len() {
        0 => "2024-10-31T10.44.48".to_owned(),
        _ => dice.pick(&known).to_owned(),
    };
    let at = |dice: &mut Dice| dice.one_in(3).then(|| dice.pick(&WHAT_IF).to_owned());
    match if asks { 5 + dice.roll(6) } else { dice.roll(12) } {
        0..3 => {
            let reason = if dice.one_in(3) { hostile::text(dice) } else { "Demo for blog post".to_owned() };
            let until = dice.one_in(3).then(|| dice.pick(&ENDS).to_owned());
            let id = dice.one_in(6).then(|| id(dice));
            Action::On { reason, by, until, id, except: None }
        }
        3..5 => {
            let freezes = match dice.roll(4) {
                0 => Some(Freezes::All),
                1 => Some(Freezes::These((0..dice.roll(3)).map(|_| id(dice)).collect())),
                _ => None,
            };
            Action::Off { freezes, by, reason: dice.one_in(4).then(|| hostile::text(dice)) }
        }
        5..8 => Action::Assert(Deployment {
            at: at(dice),
            needs: dice.one_in(2).then(|| dice.pick(&NEEDS).to_owned()),
            change: change(dice),
            run: dice.one_in(2).then(|| "4711/deploy".to_owned()),
            claim: dice.one_in(2),
            claimed_at: dice.one_in(4).then(|| dice.pick(&WHAT_IF).to_owned()),
            ..Deployment::default()
        }),
        8 => Action::Status(Question {
            at: at(dice),
            change: change(dice),
            awaiting: dice.one_in(2),
            ..Question::default()
        }),
        9 => Action::Windows {
            at: at(dice),
            days: Some([1, 2, 7][dice.roll(3)]),
            ics: Some(dice.one_in(2)),
            frozen: None,
        },
        _ => Action::Sync {},
    }
}

fn change(dice: &mut Dice) -> Change {
    let stated = dice.one_in(2).then_some([("kind", "hotfix"), ("actor", "maya & co")]);
    Change::new(stated.into_iter().flatten()).expect("a change")
}

fn settings(dice: &mut Dice) -> Settings {
    let mut settings = Settings::default();
    if dice.one_in(2) {
        settings.org = Some(OrgName::new("acme").expect("a name"));
    }
    if dice.one_in(8) {
        settings.flow = Some("freezes-of-{environment}".to_owned());
    }
    settings
}

/// The call's JSON; two in five spoilt, in its values or in its bytes.
fn text(dice: &mut Dice, call: &Call, now: &str) -> Vec<u8> {
    let mut value = json(dice, call, now);
    if dice.one_in(4) {
        hostile::spoil(dice, &mut value);
    }
    let text = value.to_string().into_bytes();
    if dice.one_in(5) { hostile::garble(dice, text) } else { text }
}

fn json(dice: &mut Dice, call: &Call, now: &str) -> Value {
    let mut observed: BTreeMap<_, _> = call.observed.iter().map(|(name, raw)| (name.clone(), raw_json(raw))).collect();
    let mut environment = match &call.environment {
        Environment::Name(name) => Value::from(name.as_str()),
        Environment::Document(text) => serde_json::from_str(text).unwrap_or_default(),
        Environment::Every => Value::Null,
    };
    // A caller who has the document already passes it in place of the name.
    if dice.one_in(10)
        && let Some(raw) = observed.get("environment")
        && let Some(Ok(document)) = raw["stdout"].as_str().or(raw["body"].as_str()).map(serde_json::from_str)
    {
        environment = document;
        if dice.one_in(2) {
            observed.clear();
        }
    }
    let mut value = json!({
        "action": call.action,
        "now": now,
        "environment": environment,
        "observed": observed,
        "settings": {}
    });
    if let Some(policy) = &call.policy {
        value["policy"] = serde_json::from_str(policy).expect("a policy is JSON");
    }
    if let Some(org) = &call.settings.org {
        value["settings"]["org"] = org.as_str().into();
    }
    if let Some(flow) = &call.settings.flow {
        value["settings"]["flow"] = flow.as_str().into();
    }
    value
}

fn raw_json(raw: &RawResult) -> Value {
    match raw {
        RawResult::Cli { exit_code, stdout, stderr } => {
            json!({"exit_code": exit_code, "stdout": stdout, "stderr": stderr})
        }
        RawResult::Http { status, body, date: None } => json!({"status": status, "body": body}),
        RawResult::Http { status, body, date } => json!({"status": status, "body": body, "date": date}),
        RawResult::Failed { error } => json!({"error": error}),
    }
}
