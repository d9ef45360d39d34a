//! What holds of every history: however it is cut into pages, and whatever a note has become on its way.

use std::collections::BTreeSet;

use freeze_core::{observe_json, plan_json};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use crate::ask;
use crate::world::{NOW, Trail, World, at, float, started};

/// Where the period begins and ends, as `ask` has it.
const FROM: &str = "2024-10-01T00:00:00Z";
const TO: &str = "2024-11-30T00:00:00Z";

/// One freeze of the truth: when it held, and who let it be told.
#[derive(Clone, Debug)]
struct Truth {
    since: i64,
    /// Until when its holder wants it, and when its end went on record.
    until: Option<i64>,
    off: Option<i64>,
    by_window: bool,
    said: u8,
    refused: u8,
}

fn truth() -> impl Strategy<Value = Truth> {
    let hour = 3600_i64;
    let span = -40 * 24 * hour..60 * 24 * hour;
    let length = prop_oneof![1..hour, hour..3 * 24 * hour, Just(90 * 24 * hour)];
    (span, prop::option::of(length.clone()), prop::option::of(length), any::<bool>(), 0_u8..4, 0_u8..4).prop_map(
        |(since, until, off, by_window, said, refused)| {
            let since = at(FROM) + since;
            let before_now = |end: &i64| *end < at(NOW);
            Truth {
                since,
                until: until.map(|until| since + until),
                off: off.map(|off| since + off).filter(before_now),
                by_window,
                said,
                refused,
            }
        },
    )
}

impl Truth {
    fn trail(&self, number: usize) -> Trail {
        let (holder, by) =
            if self.by_window { ("windowreleasenight.9d0622f6", "window/release/night") } else { ("steve", "steve") };
        let stamp = chrono::DateTime::from_timestamp(self.since, 0).expect("a time").format("%Y-%m-%dT%H.%M.%S");
        let id = format!("{stamp}~{holder}.{}", number + 2);
        let mut words = json!({"by": by});
        if let Some(until) = self.until {
            words["until"] = json!(chrono::DateTime::from_timestamp(until, 0).expect("a time").to_rfc3339());
        }
        let mut trail = Trail::new(&id, self.since + 1).said("nodeploy-on", self.since + 1, "why", &words);
        for again in 0..self.said {
            trail = trail.said("nodeploy-on", self.since + 2 + i64::from(again), &format!("why {again}"), &words);
        }
        for run in 0..self.refused {
            let refusal = json!({"run": run.to_string(), "change": "kind=docs", "reason": "frozen"});
            trail = trail.said("nodeploy-refused", self.since + 3, "", &refusal);
        }
        match self.off {
            Some(off) => trail.said("nodeploy-off", off, "done", &json!({"by": "maya"})),
            None => trail,
        }
    }

    fn holds(&self, second: i64) -> bool {
        self.since <= second && self.end() > second
    }

    fn end(&self) -> i64 {
        self.until.unwrap_or(i64::MAX).min(self.off.unwrap_or(i64::MAX))
    }
}

fn world(truths: &[Truth], starts: &[(i64, u8, u8)], page: usize) -> World {
    let mut freezes: Vec<_> = truths.iter().enumerate().map(|(number, truth)| truth.trail(number)).collect();
    freezes.sort_by_key(|trail| trail.at);
    let mut starts = starts.to_vec();
    starts.sort_unstable();
    let events = starts.iter().enumerate().map(|(number, (second, name, print))| {
        started(at(FROM) + second, number as u64 + 1, &format!("registry/app{name}:x"), *print)
    });
    let heard = json!({"last_reported_at": float(at(NOW) - 5), "last_changed_at": float(at(NOW) - 5)});
    World { page, environment: heard, freezes, events: events.collect(), ..World::default() }
}

/// The facts in an order of their own.
fn sorted(report: &Value) -> Value {
    let mut report = report.clone();
    for key in ["freezes", "exceptions", "deployments", "unreadable"] {
        let list = report[key].as_array_mut().expect("a list");
        list.sort_by_key(ToString::to_string);
    }
    report
}

fn starts() -> impl Strategy<Value = Vec<(i64, u8, u8)>> {
    prop::collection::vec((0..60 * 24 * 3600_i64, 0_u8..3, b'a'..b'f'), 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_whole_does_not_depend_on_the_pages(
        truths in prop::collection::vec(truth(), 0..30), starts in starts(), page in 1_usize..100,
    ) {
        let whole = world(&truths, &starts, 100).report(ask());
        let cut = world(&truths, &starts, page).report(ask());
        prop_assert_eq!(sorted(&whole.report), sorted(&cut.report));
    }

    #[test]
    fn what_held_is_what_a_clock_would_count(truths in prop::collection::vec(truth(), 0..25)) {
        let report = world(&truths, &[], 100).report(ask()).report;
        // The borders of all freezes cut the period into parts in which nothing changes.
        let mut borders = BTreeSet::from([at(FROM), at(TO)]);
        borders.extend(truths.iter().flat_map(|one| [one.since, one.end()]).filter(|&border| at(FROM) < border && border < at(TO)));
        let borders: Vec<_> = borders.into_iter().collect();
        let held = |of: &dyn Fn(&Truth) -> bool| {
            let parts = borders.windows(2).filter(|part| truths.iter().any(|one| of(one) && one.holds(part[0])));
            parts.map(|part| part[1] - part[0]).sum::<i64>()
        };
        prop_assert_eq!(&report["totals"]["seconds"], &json!(held(&|_| true)));
        prop_assert_eq!(&report["totals"]["seconds_by_people"], &json!(held(&|one| !one.by_window)));
        prop_assert_eq!(&report["totals"]["seconds_by_windows"], &json!(held(&|one| one.by_window)));
        let told = report["freezes"].as_array().expect("a list");
        for truth in truths.iter().enumerate().filter(|(_, one)| borders.iter().any(|&border| border < at(TO) && one.holds(border))) {
            let id = truth.1.trail(truth.0).name;
            prop_assert!(told.iter().any(|freeze| freeze["id"] == *id), "{} held", id);
        }
    }

    #[test]
    fn any_note_answers_or_is_none(
        truths in prop::collection::vec(truth(), 1..30), starts in starts(), calls in 1_usize..6,
        spoilt in any::<Index>(), with in "[ -~]{0,4}|[0-9]{1,19}", drops in 0_usize..12,
    ) {
        let world = world(&truths, &starts, 7);
        let mut action = ask();
        for _ in 0..calls {
            let (_, answer) = world.page_of(&action);
            if answer["next"].is_null() { break; }
            action = answer["next"]["action"].clone();
        }
        prop_assume!(!action["resume"].is_null());
        let call = json!({"action": action, "now": NOW, "environment": "prod-aws", "settings": {"org": "acme"}}).to_string();
        let from = call.find("\"resume\":").expect("a note") + 9;
        let place = from + spoilt.index(call.len() - from);
        let end = (place + drops).min(call.len());
        let spoilt = [&call[..place], &with, &call[end..]].concat();
        let (reads, answer) = (observe_json(&spoilt), plan_json(&spoilt));
        prop_assert_eq!(&answer, &plan_json(&spoilt));
        prop_assert!(serde_json::from_str::<Value>(&reads).is_ok_and(|reads| reads.is_array()));
        // And what it leads to, whatever Kosli says.
        let Ok(mut call) = serde_json::from_str::<Value>(&spoilt) else { return Ok(()) };
        for read in serde_json::from_str::<Vec<Value>>(&reads).expect("reads") {
            let body = world.answer_to(&read);
            call["observed"][read["as"].as_str().expect("a name")] = body;
        }
        let answer: Value = serde_json::from_str(&plan_json(&call.to_string())).expect("JSON");
        prop_assert!(answer["commands"].as_array().is_some_and(Vec::is_empty));
        prop_assert!(["proceed", "refuse", "error"].iter().any(|one| answer["decision"] == *one));
    }
}

/// As much as a busy environment has in a year.
#[test]
fn no_call_is_large() {
    let truths: Vec<_> = (0..1_000_i64)
        .map(|number| Truth {
            since: at(FROM) + number * 5_000,
            until: None,
            off: Some(at(FROM) + number * 5_000 + 3_000),
            by_window: number % 3 == 0,
            said: 1,
            refused: 1,
        })
        .collect();
    let starts: Vec<_> =
        (0..5_000_i64).map(|number| (number * 1_000, 0, if number % 500 == 0 { b'a' } else { b'b' })).collect();
    let told = world(&truths, &starts, 100).report(ask());
    assert!(told.longest < 1_000_000, "{} bytes", told.longest);
    assert_eq!(told.report["totals"]["freezes"], 1_000);
    assert_eq!(told.report["totals"]["refused"], 1_000);
    assert!(told.calls < 100, "{} calls", told.calls);
}
