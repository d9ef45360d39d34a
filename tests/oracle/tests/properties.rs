//! Properties of a policy of several windows: it decides as its windows do one by one, and says exactly until when.

use freeze_oracle::{Edge, asked, at_text, instant, rounds, windows};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

const FROM: i64 = 1_767_225_600; // 2026
const HOUR: i64 = 3600;
/// So many changes of its windows are looked at, for a change of the policy.
const STEPS: usize = 200;

fn time_rule() -> impl Strategy<Value = Value> {
    let zone = select(vec![
        "UTC",
        "Europe/London",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Gaza",
        "America/Santiago",
    ]);
    let hours = select(vec!["00:00", "01:30", "06:00", "12:00", "17:15", "24:00"]);
    let date = (2026..2028, 1..=12, 1..=28).prop_map(|(year, month, day)| format!("{year}-{month:02}-{day:02}"));
    let duration = select(vec!["PT1M", "PT45M", "PT6H", "P1D", "P3D", "P2W"]);
    let rule = prop_oneof![
        (select(vec!["mon-fri", "sun", "fri-sat", "wed", "mon-sun"]), hours.clone(), hours).prop_map(
            |(days, from, to)| json!({"days": [days], "from": if from == "24:00" { "18:00" } else { from }, "to": to}),
        ),
        (date.clone(), 0..90i64).prop_map(|(from, days)| {
            let to = instant(&format!("{from}T00:00:00Z")) + days * 43_200;
            json!({"from": from, "to": at_text(to.max(instant(&format!("{from}T01:00:00Z")))).trim_end_matches('Z')})
        }),
        (
            select(vec!["0 * * * *", "30 2 * * sun", "0 9 1,15 * *", "*/20 8-10 * * 1-5", "0 0 29 2 *"]),
            duration.clone()
        )
            .prop_map(|(start, duration)| json!({"start": start, "duration": duration})),
        (
            select(vec!["0 18 * * *", "15 1 * * 0", "0 12 * 12 fri"]),
            select(vec!["0 6 * * *", "0 3 * * mon", "0 0 1 * *"])
        )
            .prop_map(|(start, end)| json!({"start": start, "end": end})),
        (date, select(RRULES.to_vec()), duration)
            .prop_map(|(date, rrule, duration)| json!({"dtstart": date, "rrule": rrule, "duration": duration}),),
        select(CALENDARS.to_vec()).prop_map(|calendar| json!({"calendar": calendar})),
    ];
    (zone, rule).prop_map(|(zone, mut rule)| {
        rule["timezone"] = zone.into();
        rule
    })
}

const RRULES: [&str; 6] = [
    "FREQ=DAILY;INTERVAL=3",
    "FREQ=WEEKLY;BYDAY=MO,FR;BYHOUR=2,22",
    "FREQ=MONTHLY;BYDAY=-1SU;BYHOUR=1;BYMINUTE=30",
    "FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU",
    "FREQ=HOURLY;INTERVAL=5;COUNT=200",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;UNTIL=20270601T000000Z",
];

const CALENDARS: [&str; 2] = [
    "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261227\nRRULE:FREQ=YEARLY\n\
     END:VEVENT\nEND:VCALENDAR\n",
    "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20260105T100000\nDURATION:PT4H\nRRULE:FREQ=WEEKLY;BYDAY=MO,TH\n\
     END:VEVENT\nBEGIN:VEVENT\nUID:2\nDTSTART:20260110T100000Z\nDTEND:20260110T200000Z\nEND:VEVENT\nEND:VCALENDAR\n",
];

prop_compose! {
    fn any_window()(
        mut window in time_rule(),
        effect in select(vec!["freeze", "freeze", "allow"]),
        environments in select(vec![r#"["*"]"#, r#"["*"]"#, r#"["prod"]"#, r#"["!dev*"]"#, r#"["p??d", "!dev"]"#, r#"["staging"]"#]),
        types in select(vec![Value::Null, Value::Null, json!(["K8S"]), json!(["ECS"])]),
        suspended in select(vec![Value::Null, Value::Null, Value::Null, json!(false), json!(true)]),
    ) -> Value {
        // A day from an hour to the same one: an allow window of it is an error.
        let is_day = window["from"].is_string() && window["from"] == window["to"];
        window["effect"] = if is_day { "freeze" } else { effect }.into();
        window["environments"] = serde_json::from_str(environments).expect("JSON");
        for (key, value) in [("types", types), ("suspended", suspended)] {
            if !value.is_null() {
                window[key] = value;
            }
        }
        window
    }
}

/// One window of the policy, asked alone.
struct Alone {
    policy: Value,
    is_allow: bool,
    /// It applies to the environment.
    applies: bool,
    active: bool,
    /// When that changes.
    change: Option<i64>,
}

impl Alone {
    fn at(window: &Value, at: i64) -> Self {
        let policy = windows(std::slice::from_ref(window));
        let mut alone =
            Self { policy, is_allow: window["effect"] == "allow", applies: false, active: false, change: None };
        alone.look(at);
        alone
    }

    fn look(&mut self, at: i64) {
        let answer = asked(json!({"type": "windows", "days": 1}), at, &self.policy);
        assert_eq!(answer["reason"], "windows_listed", "{} {}", answer["summary"], self.policy);
        let said = &answer["windows"][0];
        self.applies = said.is_object();
        self.active = said["active"] == true;
        let change = if self.active { &said["ends_at"] } else { &said["starts_at"] };
        self.change = change.as_str().map(instant);
        assert!(self.change.is_none_or(|change| change > at), "{answer}");
    }
}

/// All windows of a policy, each asked alone, at an instant that moves on.
struct BruteForce {
    at: i64,
    windows: Vec<Alone>,
}

impl BruteForce {
    fn at(policy: &[Value], at: i64) -> Self {
        Self { at, windows: policy.iter().map(|window| Alone::at(window, at)).collect() }
    }

    fn is_open(&self) -> bool {
        let mut that_apply = self.windows.iter().filter(|window| window.applies);
        let is_frozen = that_apply.clone().any(|window| !window.is_allow && window.active);
        let is_allowed = that_apply.clone().any(|window| window.is_allow && window.active);
        !is_frozen && (is_allowed || that_apply.all(|window| !window.is_allow))
    }

    /// Goes to the next instant at which a window changes.
    fn step(&mut self) -> Option<i64> {
        self.at = self.windows.iter().filter_map(|window| window.change).min()?;
        for window in self.windows.iter_mut().filter(|window| window.change == Some(self.at)) {
            window.look(self.at);
        }
        Some(self.at)
    }

    /// Goes to where the decision changes; nothing if it never does.
    fn change(&mut self) -> Option<Edge> {
        let is_open = self.is_open();
        for _ in 0..STEPS {
            let at = self.step()?;
            if self.is_open() != is_open {
                return Some(Edge::At(at));
            }
        }
        Some(Edge::Beyond(self.at))
    }

    /// How long it is open now, or the next time, if that ends.
    fn first_open(mut self) -> Option<i64> {
        if !self.is_open() {
            self.change()?;
        }
        let from = self.at;
        match self.change()? {
            Edge::At(change) => Some(change - from),
            Edge::Beyond(_) => None,
        }
    }

    /// The first instant from which on it is open for so many seconds.
    fn open_for(&mut self, seconds: i64) -> Option<Edge> {
        for _ in 0..STEPS {
            let (from, is_open) = (self.at, self.is_open());
            let change = self.change();
            if is_open && change.is_none_or(|(Edge::At(change) | Edge::Beyond(change))| change - from >= seconds) {
                return Some(Edge::At(from));
            }
            if !matches!(change, Some(Edge::At(_))) {
                return change;
            }
        }
        Some(Edge::Beyond(self.at))
    }
}

/// What is said is what was found.
fn fits(said: Option<i64>, found: Option<Edge>) -> bool {
    found.map_or(said.is_none(), |found| found.allows(said))
}

fn moment(answer: &Value, key: &str) -> Option<i64> {
    answer[key].as_str().map(instant)
}

fn decided(at: i64, policy: &Value) -> (bool, Option<i64>) {
    let answer = asked(json!({"type": "assert"}), at, policy);
    let is_open = answer["decision"] == "proceed";
    let (changes, stays) = if is_open { ("closes_at", "opens_at") } else { ("opens_at", "closes_at") };
    assert!(is_open || answer["decision"] == "refuse", "{}", answer["summary"]);
    assert_eq!(answer[stays], Value::Null, "{answer}");
    (is_open, moment(&answer, changes))
}

fn cases() -> ProptestConfig {
    let cases = u32::try_from(100 * rounds()).unwrap_or(u32::MAX);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_policy_decides_as_its_windows_do_and_says_exactly_until_when(
        policy in proptest::collection::vec(any_window(), 0..6),
        at in FROM..FROM + 2 * 365 * 24 * HOUR,
        between in proptest::collection::vec(any::<Index>(), 4),
    ) {
        let whole = windows(&policy);
        let mut brute = BruteForce::at(&policy, at);
        let (is_open, change) = decided(at, &whole);
        prop_assert_eq!(is_open, brute.is_open(), "at {}", at_text(at));

        let expected = brute.change();
        prop_assert!(fits(change, expected), "at {}: {:?}, {expected:?}", at_text(at), change.map(at_text));
        if let Some(change) = change {
            prop_assert_eq!(decided(change, &whole).0, !is_open, "at {}", at_text(change));
            let length = usize::try_from(change - at).expect("it is later");
            let sampled = between.iter().map(|one| at + i64::try_from(one.index(length)).expect("it is an offset"));
            for between in sampled.chain([change - 1]) {
                prop_assert_eq!(decided(between, &whole), (is_open, Some(change)), "at {}", at_text(between));
            }
        }
    }

    #[test]
    fn a_deployment_that_needs_time_gets_it(
        policy in proptest::collection::vec(any_window(), 0..5),
        at in FROM..FROM + 2 * 365 * 24 * HOUR,
        usual in select(vec![1, 600, 2 * HOUR, 36 * HOUR]),
        about in proptest::option::of(-1..=1i64),
    ) {
        let whole = windows(&policy);
        let (is_open, change) = decided(at, &whole);
        // As long as it is open at first, a second more or less; or any length.
        let open = BruteForce::at(&policy, at).first_open();
        let needs = about.zip(open).map_or(usual, |(about, open)| (open + about).max(1));
        let answer = asked(json!({"type": "assert", "needs": format!("PT{needs}S")}), at, &whole);
        let is_long_enough = change.is_none_or(|change| change - at >= needs);
        let decision = if is_open && is_long_enough { "proceed" } else { "refuse" };
        prop_assert_eq!(&answer["decision"], decision, "{}", answer);
        if is_open && !is_long_enough {
            prop_assert_eq!(&answer["reason"], "closes_too_soon");
        }
        let expected = if decision == "proceed" { None } else { BruteForce::at(&policy, at).open_for(needs) };
        prop_assert!(fits(moment(&answer, "opens_at"), expected), "{expected:?} {answer}");
    }
}
