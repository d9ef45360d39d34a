//! Policies that ask for as much work as anybody could think of, told by their steps: each is answered within the
//! budget or refused, and twice as much of anything takes about twice as many steps.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::call::Call;
use crate::observe;
use crate::plan::within;

use super::{Budget, MOST_STEPS, TOO_MUCH};

/// The steps of a call, and what became of it.
fn ask(action: &Value, windows: &[Value], most: u64) -> (u64, &'static str) {
    let environment = json!({"name": "prod-aws", "type": "K8S", "tags": {"team": "a".repeat(1000)}});
    let call = json!({
        "action": action, "now": "2026-12-01T10:00:00Z", "environment": environment, "policy": {"windows": windows},
    });
    let call = Call::from_json(&call.to_string()).expect("a call");
    let budget = Budget::of(most);
    let reason = within(&call, &budget).map_or_else(|error| error.code(), |answer| answer.reason).code();
    let is_refused = budget.is_spent() && reason == "bad_policy";
    (most - budget.0.get(), if is_refused { "too much" } else { reason })
}

/// Windows with this in them, and names of their own.
fn many(count: usize, more: &Value) -> Vec<Value> {
    let named = |number: usize| {
        let name = number.to_string();
        let mut window = json!({"name": name, "effect": "freeze", "environments": ["*"], "timezone": "UTC"});
        window.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        window
    };
    (0..count).map(named).collect()
}

fn rule(rrule: &str) -> Value {
    json!({"dtstart": "1970-01-01", "rrule": rrule, "duration": "PT1H"})
}

/// A calendar with so many events, and `more` before them.
fn calendar(more: &str, events: usize, lines: impl Fn(usize) -> String) -> Value {
    let mut text = format!("BEGIN:VCALENDAR\n{more}");
    for number in 0..events {
        let _ = write!(text, "BEGIN:VEVENT\n{}\nEND:VEVENT\n", lines(number));
    }
    json!({"calendar": text + "END:VCALENDAR\n"})
}

/// A zone `X` with more lines in it.
fn zone(lines: &str) -> String {
    let offsets = "DTSTART:19700101T000000\nTZOFFSETFROM:+0000\nTZOFFSETTO:+0100";
    format!("BEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\n{offsets}\n{lines}END:STANDARD\nEND:VTIMEZONE\n")
}

/// `0,1,2`
fn numbers(from: usize, to: usize) -> String {
    listed(to + 1 - from, |number| (from + number).to_string())
}

fn listed(count: usize, item: impl Fn(usize) -> String) -> String {
    (0..count).map(item).collect::<Vec<_>>().join(",")
}

/// The n-th second of January.
fn second(n: usize) -> String {
    format!("202601{:02}T{:02}{:02}{:02}", n / 86_400 % 28 + 1, n / 3600 % 24, n / 60 % 60, n % 60)
}

fn minute(n: usize) -> String {
    second(n * 60)
}

type Policy = (&'static str, fn(usize) -> Vec<Value>);

/// Policies by how much there is of them.
const HOSTILE: &[Policy] = &[
    ("a position among every tenth second", |n| {
        let times = format!("BYHOUR={};BYMINUTE={};BYSECOND=0,10,20,30,40,50", numbers(0, 23), numbers(0, 59));
        many(n, &rule(&format!("FREQ=DAILY;{times};BYSETPOS=-1")))
    }),
    ("positions among the seconds of a year", |n| {
        let times = format!("BYHOUR={};BYMINUTE={};BYSECOND={}", numbers(0, 23), numbers(0, 59), numbers(0, 59));
        many(n, &rule(&format!("FREQ=YEARLY;BYMONTH={};{times};BYSETPOS={}", numbers(1, 12), numbers(1, 366))))
    }),
    ("positions that are counted", |n| {
        many(n / 10, &rule("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=10000"))
    }),
    ("positions of years that are counted", |n| {
        many(n / 10, &rule(&format!("FREQ=YEARLY;BYDAY=MO,TU,WE;BYSETPOS={};COUNT=10000", numbers(1, 150))))
    }),
    ("positions of seconds that are counted", |n| {
        many(n / 10, &rule("FREQ=SECONDLY;BYMINUTE=0;BYSETPOS=1;COUNT=10000"))
    }),
    ("minutes that are counted", |n| many(n, &rule("FREQ=MINUTELY;INTERVAL=7;COUNT=10000"))),
    ("positions that never come", |n| {
        let lines = "DTSTART:20260101T000000Z\nDURATION:PT1M\nRRULE:FREQ=SECONDLY;BYMINUTE=0;BYSETPOS=2";
        many(1, &calendar("", n, |_| lines.to_owned()))
    }),
    ("positions that no week has", |n| many(n / 25, &rule("FREQ=WEEKLY;BYMONTH=2;BYDAY=MO;BYSETPOS=2"))),
    ("weeks that no year has", |n| many(n / 25, &rule("FREQ=YEARLY;BYWEEKNO=53,-53;BYDAY=MO;BYMONTHDAY=15"))),
    ("days that no year has", |n| {
        many(n / 10, &rule(&format!("FREQ=YEARLY;BYYEARDAY={};BYMONTHDAY=31;BYMONTH=2", numbers(1, 366))))
    }),
    ("a leap day on a Monday, seldom counted", |n| {
        many(n / 2, &rule("FREQ=DAILY;INTERVAL=999;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO"))
    }),
    ("hours that are never counted", |n| many(n, &rule("FREQ=HOURLY;INTERVAL=1000;BYHOUR=1;BYMONTH=2;BYMONTHDAY=30"))),
    ("seconds that are never counted", |n| {
        let odd = listed(30, |number| (2 * number + 1).to_string());
        many(n / 10, &rule(&format!("FREQ=SECONDLY;INTERVAL=2;BYSECOND={odd}")))
    }),
    ("seconds that are seldom counted", |n| {
        many(n, &rule("FREQ=SECONDLY;INTERVAL=997;BYHOUR=3;BYMINUTE=3;BYSECOND=3;BYDAY=MO"))
    }),
    ("cron that never comes", |n| many(n * 4, &json!({"start": "0 0 30 2 *", "duration": "PT1H"}))),
    ("every minute", |n| many(n / 25, &json!({"start": "* * * * *", "duration": "PT1M"}))),
    ("every minute, to the next one", |n| many(n / 25, &json!({"start": "* * * * *", "end": "* * * * *"}))),
    ("every minute, for ten years", |n| many(n / 25, &json!({"start": "* * * * *", "duration": "P3660D"}))),
    ("every other minute", |n| many(n * 10, &json!({"start": "*/2 * * * *", "duration": "PT1M"}))),
    ("a second of each minute allowed", |n| {
        let rule = json!({"dtstart": "1970-01-01", "rrule": "FREQ=MINUTELY", "duration": "PT1S", "effect": "allow"});
        many(n * 10, &rule)
    }),
    ("exdates that follow one another", |n| {
        let clock = |at: usize| format!("2026-12-01T{:02}:{:02}:{:02}", 10 + at / 3600, at / 60 % 60, at % 60);
        let exdates: Vec<_> = (0..n * 70).map(clock).collect();
        let rule = json!({"dtstart": "2026-11-30", "rrule": "FREQ=SECONDLY", "duration": "PT1H", "exdates": exdates});
        many(1, &rule)
    }),
    ("a zone of many changes", |n| {
        let zone = zone(&format!("RDATE:{}\n", listed(n * 90, second)));
        many(
            1,
            &calendar(&zone, 500, |n| format!("DTSTART;TZID=X:{}\nDURATION:PT1H\nRRULE:FREQ=DAILY", second(n * 977))),
        )
    }),
    ("a zone that changes every day", |n| {
        let rules = format!("RRULE:FREQ=YEARLY;BYMONTH={};BYMONTHDAY={}\n", numbers(1, 12), numbers(1, 28));
        let lines = |n| format!("DTSTART;TZID=X:{}\nDURATION:PT1H", second(n * 977));
        many(1, &calendar(&zone(&rules.repeat(5)), n, lines))
    }),
    ("a series for each event", |n| {
        let lines = |n| format!("DTSTART:{}Z\nDURATION:PT1M\nRRULE:FREQ=DAILY", minute(n));
        many(1, &calendar("", n * 10, lines))
    }),
    ("ten series for each event", |n| {
        let lines = |n| format!("DTSTART:{}Z\nDURATION:PT1M{}", minute(n), "\nRRULE:FREQ=DAILY".repeat(10));
        many(1, &calendar("", n * 2, lines))
    }),
    ("overrides by thousands", |n| {
        let series = "BEGIN:VEVENT\nUID:1\nDTSTART:20260101T000000Z\nDURATION:PT1M\nRRULE:FREQ=MINUTELY\nEND:VEVENT\n";
        let lines = |n| format!("UID:1\nDTSTART:{0}Z\nRECURRENCE-ID:{0}Z\nDURATION:PT1M", minute(n));
        many(1, &calendar(series, n * 50, lines))
    }),
    ("dates of a calendar that take out minutes", |n| {
        let days = listed(n / 4, |n| format!("20{:02}01{:02}", 21 + n % 5, n / 5 + 1));
        let rule = "RRULE:FREQ=MINUTELY;BYHOUR=0\n";
        let lines = |_| format!("DTSTART:20200101T000000Z\nDURATION:PT1M\n{rule}EXDATE;VALUE=DATE:{days}");
        many(1, &calendar("", 1, lines))
    }),
    ("names of zones that end in a known one", |n| {
        let lines = |n| format!("DTSTART;TZID={n}{}/UTC:20260101T000000\nDURATION:PT1M", "/a".repeat(85));
        many(1, &calendar("", n, lines))
    }),
    ("dates behind a long parameter", |n| {
        let days = listed(n * 50, |n| format!("{}Z", minute(n)));
        let lines = |_| format!("DTSTART:20260101T000000Z\nDURATION:PT1M\nRDATE;X-A={}:{days}", "a".repeat(n * 1000));
        many(1, &calendar("", 1, lines))
    }),
    ("dates in a zone of a long name", |n| {
        let name = "X".repeat(200);
        let zone = zone("").replace("TZID:X", &format!("TZID:{name}"));
        let days = listed(n * 50, minute);
        let lines = |_| format!("DTSTART:20260101T000000Z\nDURATION:PT1M\nRDATE;TZID={name}:{days}");
        many(1, &calendar(&zone, 1, lines))
    }),
    ("dates where the calendar's own zone cannot be read", |n| {
        let zone = zone("").replace("END:VTIMEZONE", &"BEGIN:STANDARD\nEND:STANDARD\n".repeat(n)) + "END:VTIMEZONE\n";
        let days = listed(n * 50, |n| format!("{}Z", minute(n)));
        let lines = |_| format!("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=DAILY;UNTIL=20270101T000000Z\nEXDATE:{days}");
        many(1, &calendar(&format!("X-WR-TIMEZONE:X\n{zone}"), 1, lines))
    }),
    ("events where the calendar's own zone has a long rule that is wrong", |n| {
        let zone = zone(&format!("RRULE:FREQ=YEARLY;X{}\n", "x".repeat(n * 1000)));
        let lines = |_| "DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=DAILY;UNTIL=20270101T000000Z".to_owned();
        many(1, &calendar(&format!("X-WR-TIMEZONE:X\n{zone}"), n, lines))
    }),
    ("names of zones in each case", |n| {
        let name = |n: usize| {
            let letters = "america/argentina/buenos_aires".chars().enumerate();
            letters
                .map(|(at, c)| if at < 16 && n >> at & 1 > 0 { c.to_ascii_uppercase() } else { c })
                .collect::<String>()
        };
        many(1, &calendar("", n * 10, |n| format!("DTSTART;TZID={}:{}\nDURATION:PT1M", name(n), second(n))))
    }),
    ("one odd calendar named by many windows", |n| {
        many(n * 10, &calendar("", 1, |_| "DTSTART:20260101T000000Z\nDURATION:PT1M\nRRULE:".to_owned()))
    }),
    ("one calendar named by many windows", |n| {
        let lines = |n| format!("DTSTART:{}Z\nDURATION:PT1M", minute(n));
        many(n, &calendar("", 100, lines))
    }),
    ("globs of stars", |n| {
        let globs = [format!("{}b", "*-".repeat(100)), "x".to_owned()];
        many(n, &json!({"environments": globs, "from": "2026-01-01", "to": "2027-01-01"}))
    }),
    ("globs of stars for a long tag", |n| {
        let tags = json!({"team": format!("{}b", "*a".repeat(20))});
        many(n / 10, &json!({"tags": tags, "from": "2026-01-01", "to": "2027-01-01"}))
    }),
    ("long reasons", |n| {
        many(n / 10, &json!({"reason": "r".repeat(500), "start": "*/10 * * * *", "duration": "PT1M"}))
    }),
];

fn actions() -> [Value; 2] {
    [json!({"type": "assert", "needs": "P3660D"}), json!({"type": "windows", "ics": true})]
}

/// Large enough to show how the steps grow, and small enough for a test.
const SOME: usize = 25;

#[test]
fn whatever_is_asked_is_answered_or_refused() {
    let mut told = Vec::new();
    for (about, policy) in HOSTILE {
        for action in actions() {
            let (steps, reason) = ask(&action, &policy(SOME), MOST_STEPS);
            assert!(
                ["not_frozen", "freeze_window", "closes_too_soon", "windows_listed"].contains(&reason),
                "{about}: {reason}"
            );
            // Where the steps end before that, there is no answer.
            assert_eq!(ask(&action, &policy(SOME), steps / 2).1, "too much", "{about}");
            told.push((steps, format!("{about}: {action}: {reason}")));
        }
    }
    told.sort_by(|a, b| b.cmp(a));
    for (steps, what) in told {
        println!("{steps:>9} {what}");
    }
}

#[test]
fn twice_as_much_takes_twice_as_many_steps() {
    for (about, policy) in HOSTILE {
        for action in actions() {
            let steps = |size| ask(&action, &policy(size), MOST_STEPS).0;
            let (once, twice) = (steps(SOME), steps(2 * SOME));
            assert!(twice < once * 5 / 2 + 5_000, "{about}: {action}: {once} {twice}");
        }
    }
}

#[test]
fn twice_as_many_windows_are_put_on_record_in_twice_as_many_steps() {
    let sync = json!({"type": "sync"});
    let policy = |size| many(size, &json!({"start": "*/2 * * * *", "duration": "PT1M"}));
    let ((once, reason), (twice, _)) = (ask(&sync, &policy(500), MOST_STEPS), ask(&sync, &policy(1000), MOST_STEPS));
    assert_eq!(reason, "mending");
    assert!(twice < once * 5 / 2, "{once} {twice}");
}

/// A call about windows that are all on record as `sync` has put them there, and the steps of that.
fn on_record(windows: &[Value]) -> (Call, u64) {
    let mut call = json!({"action": {"type": "sync"}, "now": "2026-12-01T10:00:00Z", "environment": "prod-aws",
        "observed": {"trails": page(&[]), "environment": environment(&json!({}))}, "policy": {"windows": windows}});
    let budget = Budget::of(MOST_STEPS);
    let first = within(&Call::from_json(&call.to_string()).expect("a call"), &budget).expect("an answer");
    let writes: Vec<_> = first.commands.iter().map(|write| json!(write)).collect();
    let tags = writes.iter().find(|write| write["type"] == "tag_environment").expect("tags");
    let trails: Vec<_> = writes.iter().filter_map(|write| write["trail"].as_str()).collect();
    call["observed"] = json!({"trails": page(&trails), "environment": environment(&tags["set"])});
    (Call::from_json(&call.to_string()).expect("a call"), MOST_STEPS - budget.0.get())
}

/// All trails that there are, with freezes that hold.
fn page(trails: &[&str]) -> Value {
    let on = json!({"attestation_name": "nodeploy-on", "attestation_type": "generic", "status": "COMPLETE"});
    let trail = |name: &&str| {
        let status = json!({"status": "COMPLIANT", "attestations_statuses": [on]});
        json!({"name": name, "compliance_status": status, "flow": {"name": "prod-aws-nodeploy", "tags": {}}})
    };
    let trails: Vec<_> = trails.iter().map(trail).collect();
    let pagination = json!({"total": trails.len(), "page": 1, "per_page": 100, "page_count": 1});
    json!({"status": 200, "body": json!({"data": trails, "pagination": pagination}).to_string()})
}

fn environment(tags: &Value) -> Value {
    json!({"status": 200, "body": json!({"name": "prod-aws", "type": "K8S", "tags": tags}).to_string()})
}

#[test]
fn what_is_on_record_takes_few_steps_to_see_again() {
    let asked = |size| {
        let (call, first) = on_record(&many(size, &json!({"start": "*/2 * * * *", "duration": "PT1M"})));
        let (looking, deciding) = (Budget::of(MOST_STEPS), Budget::of(MOST_STEPS));
        // What they said is read first, for each of them.
        assert_eq!(observe::within(&call, &looking).len(), size);
        let answer = within(&call, &deciding).expect("an answer");
        assert_eq!((answer.reason.code(), answer.freezes.len(), answer.commands.len()), ("in_order", size, 0));
        let [looks, decisions] = [looking, deciding].map(|budget| MOST_STEPS - budget.0.get());
        // A look that takes too much asks for nothing, rather than for less than there is.
        assert!(looks <= decisions, "{looks} {decisions}");
        assert_eq!(observe::within(&call, &Budget::of(looks)), []);
        assert!(decisions < first * 2, "{first} {decisions}");
        decisions
    };
    let (once, twice) = (asked(500), asked(1000));
    assert!(twice < once * 5 / 2, "{once} {twice}");
    assert!(asked(10_000) < MOST_STEPS / 2);
}

/// Each scan of the names of all zones, also for what is none.
#[test]
fn names_of_zones_are_not_looked_for_for_nothing() {
    let steps = |before: &str| {
        let lines = |n| format!("DTSTART;TZID={n}{before}/UTC:20260101T000000\nDURATION:PT1M");
        ask(&actions()[0], &many(1, &calendar("", SOME, lines)), MOST_STEPS).0
    };
    let (few, many) = (steps("/a"), steps(&"/a".repeat(81)));
    assert!(many - few > u64::try_from(SOME).expect("a number") * 80 * 400, "{few} {many}");
}

#[test]
fn of_one_oddity_a_hundred_warnings_are_told() {
    let odd = many(1000, &calendar("", 1, |_| "DTSTART:20260101T000000Z\nDURATION:PT1M\nRRULE:".to_owned()));
    let call = json!({"action": {"type": "windows"}, "now": "2026-12-01T10:00:00Z", "policy": {"windows": odd}});
    let answer = within(&Call::from_json(&call.to_string()).expect("a call"), &Budget::default()).expect("an answer");
    let told: Vec<_> = answer.warnings.iter().filter(|warning| warning.code == "calendar_quirk").collect();
    assert_eq!(told.len(), 101);
    let last = told.last().map(|warning| &*warning.text);
    assert_eq!(last, Some("and 900 more warnings like the 100 of `calendar_quirk`"));
}

#[test]
fn what_is_too_much_is_an_error_that_names_the_window() {
    let counted = many(1000, &rule("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=10000"));
    let error = super::super::policy::Policy::read(&json!({"windows": counted}).to_string(), &Budget::of(1_000_000));
    let error = error.err().expect("it takes too much");
    assert!(error.to_string().ends_with(&format!("windows[3] (`3`): {TOO_MUCH}")), "{error}");
}
