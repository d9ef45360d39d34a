//! A policy of freeze windows, asked through the door: what cannot be understood is an error, never `proceed`.

use std::collections::BTreeSet;

use freeze_core::{Call, plan, plan_json};
use kosli_model::{Cut, Kosli, run};
use serde_json::{Value, json};

const NOW: &str = "2026-12-01T10:00:00Z";

/// A freeze window that is active, with `more` in it.
fn active(more: &Value) -> Value {
    with(&json!({"from": "2026-12-01", "to": "2026-12-03"}), more)
}

/// A window with `rule` and `more` in it.
fn with(rule: &Value, more: &Value) -> Value {
    let mut window = json!({"name": "w", "effect": "freeze", "environments": ["*"], "timezone": "UTC"});
    for part in [rule, more] {
        window.as_object_mut().expect("an object").extend(part.as_object().expect("an object").clone());
    }
    window
}

fn ask(action: &Value, now: &str, tags: &Value, windows: &[Value]) -> Value {
    let environment = json!({"name": "prod-aws", "type": "K8S", "tags": tags});
    let call = json!({"action": action, "now": now, "environment": environment, "policy": {"windows": windows}});
    serde_json::from_str(&plan_json(&call.to_string())).expect("an answer is JSON")
}

fn gate(tags: &Value, window: Value) -> Value {
    ask(&json!({"type": "assert"}), NOW, tags, &[window])
}

#[test]
fn a_tag_that_is_no_text_is_an_error_where_it_is_asked_for() {
    for value in [json!(1), json!(null), json!(["1"])] {
        let answer = gate(&json!({"tier": value}), active(&json!({"tags": {"tier": "1"}})));
        assert_eq!(answer["reason"], "unreadable_environment", "{value}");
        let answer = gate(&json!({"other": value, "tier": "1"}), active(&json!({"tags": {"tier": "1"}})));
        assert_eq!(answer["reason"], "freeze_window", "{value}");
    }
}

#[test]
fn a_tag_of_another_window_s_environments_is_not_asked_for() {
    let elsewhere = active(&json!({"environments": ["staging"], "tags": {"tier": "1"}}));
    assert_eq!(gate(&json!({"tier": 1}), elsewhere)["reason"], "not_frozen");
}

#[test]
fn what_changes_too_often_is_open_for_as_long_as_was_seen() {
    // Every second minute another one opens before the last has closed, so that it never closes.
    let windows: Vec<_> = (0..2)
        .map(|at| {
            let rule = json!({"start": format!("{at}/2 * * * *"), "duration": "PT2M", "effect": "allow"});
            with(&rule, &json!({"name": at.to_string()}))
        })
        .collect();
    for (needs, wanted) in [("P1D", "not_frozen"), ("P3D", "not_frozen"), ("P3000D", "closes_too_soon")] {
        let answer = ask(&json!({"type": "assert", "needs": needs}), NOW, &json!({}), &windows);
        assert_eq!(answer["reason"], wanted, "{needs}: {}", answer["summary"]);
    }
    // After a freeze it opens for as long.
    let noon = with(&json!({"from": "2026-12-01", "to": "2026-12-01T12:00"}), &json!({"name": "freeze"}));
    let windows = [windows, vec![noon]].concat();
    for (needs, wanted) in [("P1D", json!("2026-12-01T12:00:00Z")), ("P3000D", json!(null))] {
        let answer = ask(&json!({"type": "assert", "needs": needs}), NOW, &json!({}), &windows);
        assert_eq!(answer["opens_at"], wanted, "{needs}: {}", answer["summary"]);
    }
}

#[test]
fn a_selector_that_nothing_fits_is_an_error() {
    for (more, wanted) in [(json!({"types": []}), "`types` is empty"), (json!({"tags": {"a": []}}), "`a` has no glob")]
    {
        let answer = gate(&json!({}), active(&more));
        assert_eq!(answer["reason"], "bad_policy", "{more}");
        let summary = answer["summary"].as_str().expect("a text");
        assert!(summary.contains(wanted), "{summary}");
    }
}

#[test]
fn a_window_that_takes_no_time_is_an_error() {
    let rules = [json!({"start": "* * * * *"}), json!({"dtstart": "2026-12-01", "rrule": "FREQ=SECONDLY"})];
    for rule in rules {
        for action in ["assert", "windows"] {
            let window = with(&rule, &json!({"duration": "PT0S"}));
            let answer = ask(&json!({"type": action}), NOW, &json!({}), &[window]);
            assert_eq!(answer["reason"], "bad_policy", "{rule} {action}");
        }
    }
}

#[test]
fn a_part_of_a_second_counts_against_what_is_needed() {
    let window = with(&json!({"from": "2026-12-01T11:00", "to": "2026-12-03"}), &json!({}));
    let cases =
        [(NOW, "not_frozen"), ("2026-12-01T10:00:00.9Z", "closes_too_soon"), ("2026-12-01T09:59:59.9Z", "not_frozen")];
    for (now, wanted) in cases {
        let answer = ask(&json!({"type": "assert", "needs": "PT1H"}), now, &json!({}), std::slice::from_ref(&window));
        assert_eq!(answer["reason"], wanted, "{now}");
    }
}

#[test]
fn a_policy_with_something_after_it_is_an_error() {
    let call = json!({"action": {"type": "assert"}, "now": NOW, "environment": {"name": "prod-aws", "tags": {}}});
    let mut call = Call::from_json(&call.to_string()).expect("a call");
    for rest in [r#"{"windows": []}"#, "x"] {
        call.policy = Some(format!(r#"{{"windows": []}} {rest}"#));
        assert_eq!(plan(&call).reason, "bad_policy", "{rest}");
    }
}

#[test]
fn what_a_policy_says_does_not_leave_its_line() {
    let wrong = [
        json!({"start": "0 18 * * \u{1b}[31m\n5", "duration": "PT1H"}),
        json!({"dtstart": "2026-12-01\u{1b}", "duration": "PT1H"}),
        json!({"dtstart": "2026-12-01", "rrule": "\u{1b}", "duration": "PT1H"}),
        json!({"days": ["\u{202e}"], "from": "10:00", "to": "11:00"}),
        json!({"start": "0 18 * * 5", "duration": "PT1H\n"}),
        json!({"fo\u{1b}o": 1}),
    ];
    for rule in wrong {
        let answer = gate(&json!({}), with(&rule, &json!({})));
        assert_eq!(answer["reason"], "bad_policy", "{rule}");
        let summary = answer["summary"].as_str().expect("a text");
        assert!(!summary.contains(|c: char| c.is_control() || c == '\u{202e}'), "{summary:?}");
    }
    let window = with(&json!({"start": "0 10 * *\t2\n", "duration": "PT1H"}), &json!({}));
    let answer = gate(&json!({}), window);
    assert_eq!(answer["windows"][0]["rule"], "every Tuesday 10:00 for 1 hour (cron `0 10 * * 2 `)");
}

/// A call of the loop, with a policy of this window.
fn sync(window: &Value) -> Call {
    let policy = json!({"windows": [window]});
    let call = json!({"action": {"type": "sync"}, "now": NOW, "environment": "prod-aws", "policy": policy});
    Call::from_json(&call.to_string()).expect("a call")
}

#[test]
fn a_window_goes_on_record_once_whatever_its_reason() {
    for reason in ["", " ", "x", "-x", "ü\r\n", " x ", "a=b,\"c\""] {
        let call = sync(&active(&json!({"reason": reason})));
        let mut kosli = Kosli::new("prod-aws");
        let first = run(&mut kosli, &call, Cut::Never);
        assert!(first.is_settled && first.commands == 4, "{reason:?}: {} commands", first.commands);
        assert_eq!(run(&mut kosli, &call, Cut::Never).commands, 0, "{reason:?}");
    }
    for reason in ["x".repeat(8193), "a\0b".to_owned()] {
        assert_eq!(plan(&sync(&active(&json!({"reason": reason})))).reason, "not_observed");
        assert_eq!(gate(&json!({}), active(&json!({"reason": reason})))["reason"], "bad_policy");
    }
}

#[test]
fn a_policy_has_ten_thousand_windows_at_the_most() {
    let windows =
        |count: usize| (0..count).map(|number| active(&json!({"name": number.to_string()}))).collect::<Vec<_>>();
    let assert = json!({"type": "assert"});
    assert_eq!(ask(&assert, NOW, &json!({}), &windows(10_000))["reason"], "freeze_window");
    assert_eq!(ask(&assert, NOW, &json!({}), &windows(10_001))["reason"], "bad_policy");
}

#[test]
fn a_suspended_window_is_not_there() {
    let suspended = active(&json!({"suspended": true, "types": ["ECS"]}));
    let call = json!({"action": {"type": "windows"}, "now": NOW, "policy": {"windows": [suspended]}});
    let answer: Value = serde_json::from_str(&plan_json(&call.to_string())).expect("an answer is JSON");
    assert_eq!(answer["windows"], json!([]));
    let call = json!({
        "action": {"type": "assert"}, "now": NOW, "environment": {"name": "prod-aws", "tags": {}},
        "policy": {"windows": [suspended]}
    });
    let answer: Value = serde_json::from_str(&plan_json(&call.to_string())).expect("an answer is JSON");
    assert_eq!(answer["reason"], "not_frozen");
}

#[test]
fn the_events_of_a_calendar_are_counted() {
    let event =
        |day: &str, more: &str| format!("BEGIN:VEVENT\nDTSTART:202612{day}T100000Z\nDURATION:PT1H\n{more}END:VEVENT\n");
    let cases = [
        (vec![event("01", "")], "1 event of a calendar"),
        (vec![event("01", ""), event("02", ""), event("03", "RRULE:FREQ=DAILY\n")], "3 events of a calendar"),
        (vec![event("01", ""), event("02", "STATUS:CANCELLED\n")], "1 event of a calendar"),
    ];
    for (events, wanted) in cases {
        let calendar = format!("BEGIN:VCALENDAR\n{}END:VCALENDAR\n", events.concat());
        let window = with(&json!({"calendar": calendar}), &json!({}));
        assert_eq!(gate(&json!({}), window)["windows"][0]["rule"], wanted);
    }
}

#[test]
fn no_two_events_of_an_export_have_one_uid() {
    let allow = json!({"effect": "allow", "start": "0 11 * * *", "duration": "PT1H"});
    let freeze = json!({"name": "outside allow windows", "start": "0 12 * * *", "duration": "PT1H"});
    let windows = [with(&allow, &json!({})), with(&freeze, &json!({}))];
    let mut uids = BTreeSet::new();
    let mut events = 0;
    for name in ["prod-aws", "prod-gcp"] {
        let call = json!({
            "action": {"type": "windows", "ics": true}, "now": NOW, "environment": name, "policy": {"windows": windows}
        });
        let answer: Value = serde_json::from_str(&plan_json(&call.to_string())).expect("an answer is JSON");
        let calendar = answer["calendar"].as_str().expect("a calendar").replace("\r\n ", "");
        let found: Vec<_> = calendar.lines().filter(|line| line.starts_with("UID:")).map(str::to_owned).collect();
        events += found.len();
        uids.extend(found);
    }
    assert_eq!(uids.len(), events);
}

#[test]
fn a_cut_agenda_has_the_first_closures_of_all_windows() {
    let often = with(&json!({"start": "*/2 * * * *", "duration": "PT1M"}), &json!({"name": "often"}));
    let windows = [often, with(&json!({"from": "2026-12-02", "to": "2026-12-03"}), &json!({"name": "day"}))];
    let answer = ask(&json!({"type": "windows"}), NOW, &json!({}), &windows);
    let closures = answer["closures"].as_array().expect("a list");
    assert_eq!(closures.len(), 5_000);
    assert!(closures.iter().any(|closure| closure["name"] == "day"));
    let starts: Vec<_> = closures.iter().map(|closure| closure["starts_at"].as_str()).collect();
    assert!(starts.is_sorted());
    assert!(answer["warnings"].to_string().contains("closures_cut"));
}

// Slow is minutes here: a test that nobody waits for.
#[test]
fn a_large_calendar_is_quick() {
    let event = |number: usize| {
        let (hour, minute) = (number / 60 % 24, number % 60);
        format!("BEGIN:VEVENT\nDTSTART:20260101T{hour:02}{minute:02}00Z\nDURATION:PT1M\nRRULE:FREQ=DAILY\nEND:VEVENT\n")
    };
    let calendar = format!("BEGIN:VCALENDAR\n{}END:VCALENDAR\n", (0..9_000).map(event).collect::<String>());
    let answer = gate(&json!({}), with(&json!({"calendar": calendar}), &json!({})));
    assert_eq!(answer["reason"], "freeze_window");
}

#[test]
fn a_rule_that_never_fires_is_quick() {
    let odd: Vec<String> = (1..60).step_by(2).map(|second| second.to_string()).collect();
    let rule = |rrule: &str| with(&json!({"dtstart": "2026-12-01", "rrule": rrule, "duration": "PT1H"}), &json!({}));
    let cron =
        |number: usize| with(&json!({"start": "0 0 30 2 *", "duration": "PT1H"}), &json!({"name": number.to_string()}));
    let hostile = [
        vec![rule(&format!("FREQ=SECONDLY;INTERVAL=2;BYSECOND={}", odd.join(",")))],
        vec![rule(&format!("FREQ=MINUTELY;INTERVAL=2;BYMINUTE={}", odd.join(",")))],
        (0..1_000).map(cron).collect(),
    ];
    for windows in hostile {
        let answer = ask(&json!({"type": "windows"}), NOW, &json!({}), &windows);
        assert_eq!(answer["reason"], "windows_listed");
    }
}

#[test]
fn an_overlap_is_told_once() {
    let daily = with(&json!({"start": "0 10 * * *", "duration": "PT2H"}), &json!({"name": "a"}));
    let other = with(&json!({"start": "0 9,11 * * *", "duration": "PT2H"}), &json!({"name": "b"}));
    let answer = ask(&json!({"type": "windows"}), NOW, &json!({}), &[daily, other]);
    let warnings = answer["warnings"].as_array().expect("a list");
    assert_eq!(warnings.iter().filter(|warning| warning["code"] == "overlap").count(), 1, "{warnings:?}");
}

#[test]
fn a_window_that_was_extended_is_shown_as_it_then_is() {
    let mut kosli = Kosli::new("prod-aws");
    let mut first = sync(&with(&json!({"from": "2026-12-01", "to": "2026-12-01T11:00"}), &json!({})));
    assert!(run(&mut kosli, &first, Cut::Never).is_settled);
    first.policy = sync(&with(&json!({"from": "2026-12-01", "to": "2026-12-01T15:00"}), &json!({}))).policy;
    first.now = "2026-12-01T11:05:00Z".parse().expect("an instant");
    let extended = run(&mut kosli, &first, Cut::Never);
    assert!(extended.is_settled && extended.commands == 2);
    assert!(extended.first.summary.contains("is frozen since"), "{}", extended.first.summary);
    assert_eq!(extended.first.freezes, extended.last.freezes);
}
