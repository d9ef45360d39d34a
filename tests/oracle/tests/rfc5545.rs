//! The examples of RFC 5545 itself, with the dates that it gives for them.

use std::fs;

use freeze_oracle::{Agreement, Zone, asked, at_text, instant, windows};
use serde_json::{Value, json};

const ZONE: (&str, i64) = ("America/New_York", i64::MAX);

#[test]
fn the_examples_of_the_rfc_give_its_dates() {
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/rfc5545.json")).expect("the examples");
    let examples: Value = serde_json::from_str(&text).expect("JSON");
    let zone = Zone::of(ZONE);
    let mut agreement = Agreement::default();
    let mut rules = 0;
    for example in examples["examples"].as_array().expect("a list") {
        let starts: Vec<i64> = starts(example).into_iter().map(|local| zone.first(local)).collect();
        for rule in texts(&example["rrules"]) {
            rules += 1;
            let window = json!({
                "timezone": ZONE.0, "dtstart": example["dtstart"], "rrule": rule, "duration": "PT1M",
                "exdates": example.get("exdates").unwrap_or(&json!([])),
            });
            check(&mut agreement, &window, &starts, example["forever"] == true);
        }
    }
    assert_eq!(rules, 42);
    agreement.report(format_args!("the examples of RFC 5545, {rules} rules"));
}

/// Asks for the next start after each start, and then for all of them at once.
fn check(agreement: &mut Agreement, window: &Value, starts: &[i64], goes_on: bool) {
    let policy = windows(std::slice::from_ref(window));
    let mut at = starts[0] - 86_400;
    for expected in starts.iter().copied().map(Some).chain(if goes_on { None } else { Some(None) }) {
        let answer = asked(json!({"type": "windows", "days": 1}), at, &policy);
        let said = answer["windows"][0]["starts_at"].as_str().map(instant);
        let is_right = said == expected && !answer["windows"].as_array().is_none_or(Vec::is_empty);
        agreement.holds(&answer, "windows", is_right, || {
            format!("after {} expected {:?} of {window}", at_text(at), expected.map(at_text))
        });
        at = expected.unwrap_or_default() + 60;
    }
    let begin = starts[0] - 86_400;
    let days = (starts[starts.len() - 1] - begin) / 86_400 + 1;
    let answer = asked(json!({"type": "windows", "days": days.min(3660)}), begin, &policy);
    let closures = answer["closures"].as_array().map_or(&[][..], Vec::as_slice);
    let listed: Vec<i64> = closures.iter().filter_map(|one| one["starts_at"].as_str()).map(instant).collect();
    // The last day may have more, and a rule may last for longer than may be asked for.
    let common = listed.len().min(starts.len());
    let is_right = common > 0 && listed[..common] == starts[..common] && (days > 3660 || common == starts.len());
    agreement.holds(&answer, "closures", is_right, || {
        format!("expected {:?} of {window}", starts.iter().copied().map(at_text).collect::<Vec<_>>())
    });
}

/// The local times that an example gives.
fn starts(example: &Value) -> Vec<i64> {
    let times = example.get("times").map_or_else(|| vec!["09:00"], texts);
    let mut starts = Vec::new();
    for (month, days) in example["days"].as_object().expect("months") {
        for days in days.as_str().expect("days").split(',') {
            let (first, last) = days.split_once('-').unwrap_or((days, days));
            let day = |text: &str| text.parse::<u32>().expect("a day");
            for day in day(first)..=day(last) {
                starts.extend(times.iter().map(|time| instant(&format!("{month}-{day:02}T{time}:00Z"))));
            }
        }
    }
    starts.sort_unstable();
    starts
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().expect("a list").iter().map(|text| text.as_str().expect("text")).collect()
}
