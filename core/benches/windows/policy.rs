//! Policies of many freeze windows: made up, and the same ones each time.
//!
//! In November the recurring windows close the night, from midnight to noon UTC, whatever zone they
//! are written in: so a policy of a thousand still has an open afternoon.

use serde_json::{Value, json};

/// Zones, and their minutes east of Greenwich in November.
const ZONES: [(&str, i64); 20] = [
    ("Europe/London", 0),
    ("Europe/Paris", 60),
    ("Europe/Helsinki", 120),
    ("Africa/Johannesburg", 120),
    ("Etc/UTC", 0),
    ("Europe/Berlin", 60),
    ("Africa/Lagos", 60),
    ("America/New_York", -300),
    ("America/Chicago", -360),
    ("America/Denver", -420),
    ("America/Los_Angeles", -480),
    ("America/Sao_Paulo", -180),
    ("America/Mexico_City", -360),
    ("Asia/Dubai", 240),
    ("Asia/Kolkata", 330),
    ("Asia/Singapore", 480),
    ("Asia/Shanghai", 480),
    ("Asia/Tokyo", 540),
    ("Australia/Sydney", 660),
    ("Pacific/Auckland", 780),
];
/// The first of them, in which working hours go on until the afternoon of UTC.
const NEAR: u64 = 4;

/// What `prod-aws`, as open.json shows it, is among, and what it is not.
const OURS: [&[&str]; 5] = [&["*"], &["prod-*"], &["prod-aws", "prod-eu"], &["*", "!test-*"], &["!staging-?"]];
const OTHERS: [&[&str]; 4] = [&["staging-*"], &["prod-gcp", "prod-eu"], &["*", "!prod-*"], &["dev-??"]];

/// Windows of every kind: of six two with a cron start and a duration, one with a cron start and
/// end, one weekly, one by RFC 5545, and one that is over in some days or suspended.
pub(crate) fn mixed(windows: usize) -> Value {
    policy(windows, |index, dice| match index % 6 {
        0 | 1 => cron(dice),
        2 => until(dice),
        3 => weekly(dice, index % 48 == 3),
        4 => {
            let year = 1990 + dice.below(37);
            recurring(dice, year, true)
        }
        _ if index % 12 == 5 => once(dice),
        _ => with(cron(dice), "suspended", json!(true)),
    })
}

/// Windows by RFC 5545 alone, all of them since one year and without a COUNT, which asks for the past.
pub(crate) fn recurring_since(year: u64, windows: usize) -> Value {
    policy(windows, |_, dice| recurring(dice, year, false))
}

/// The freeze windows of a policy that have this key, for every environment.
pub(crate) fn only(policy: &Value, key: &str) -> Value {
    let windows = policy["windows"].as_array().expect("`policy` made a list");
    let kept = windows.iter().filter(|window| window.get(key).is_some() && window.get("suspended").is_none());
    let windows: Vec<Value> = kept
        .map(|window| {
            let mut window = window.clone();
            let fields = window.as_object_mut().expect("`policy` made objects");
            fields.retain(|key, _| !["tags", "types"].contains(&key.as_str()));
            fields.insert("environments".into(), json!(["*"]));
            window
        })
        .collect();
    json!({ "windows": windows })
}

fn policy(windows: usize, mut rule: impl FnMut(usize, &mut Dice) -> Value) -> Value {
    let mut dice = Dice(2026);
    let windows: Vec<Value> = (0..windows)
        .map(|index| match rule(index, &mut dice) {
            rule if index == 0 => night(&rule),
            rule => named(index, rule, &mut dice),
        })
        .collect();
    json!({ "windows": windows })
}

/// The first window of each policy: even alone it closes the night.
fn night(rule: &Value) -> Value {
    let mut window = json!({"name": "window 0", "effect": "freeze", "environments": ["prod-*"], "timezone": "Europe/London", "duration": "PT120M"});
    if let Some(dtstart) = rule["dtstart"].as_str() {
        window["dtstart"] = json!(format!("{}-01-01T04:00", &dtstart[..4]));
        window["rrule"] = json!("FREQ=DAILY");
    } else {
        window["start"] = json!("0 4 * * *");
    }
    window
}

fn named(index: usize, mut window: Value, dice: &mut Dice) -> Value {
    let fields = window.as_object_mut().expect("a rule is an object");
    let is_freeze = !fields.contains_key("effect");
    let environments = if is_freeze && dice.below(10) < 4 { dice.of(&OTHERS) } else { dice.of(&OURS) };
    fields.entry("effect").or_insert(json!("freeze"));
    fields.insert("name".into(), json!(format!("window {index}")));
    fields.insert("environments".into(), json!(environments));
    if is_freeze && index.is_multiple_of(9) {
        fields.insert("types".into(), dice.of(&[json!(["K8S", "ECS"]), json!(["S3"])]));
    }
    if is_freeze && index.is_multiple_of(11) {
        fields.insert(
            "tags".into(),
            dice.of(&[json!({"owner": "pay*"}), json!({"data-class": ["secret*", "customer*"]})]),
        );
    }
    if index.is_multiple_of(2) {
        fields.insert("reason".into(), json!("the books are closed; ask the release desk before you deploy"));
    }
    window
}

fn cron(dice: &mut Dice) -> Value {
    let night = Night::new(dice);
    let (minute, hour) = (night.minute, night.hour);
    let (start, minutes) = match dice.below(8) {
        0 => (format!("{minute} {hour} * * *"), night.lasts),
        1 => (format!("{minute} {hour} * * mon-fri"), night.lasts),
        2 => (format!("{minute} {hour} * * 5"), night.lasts),
        3 => (format!("{minute} {hour} 1,15 * *"), night.lasts),
        4 => (format!("{minute} {hour} * * 2,4"), night.lasts),
        5 => (format!("{minute} {hour} 24-31 12 *"), night.lasts),
        6 => (format!("{minute} {hour} 1 * 1"), night.lasts),
        _ => (format!("*/20 {hour} * * *"), 15),
    };
    json!({"timezone": night.zone, "start": start, "duration": format!("PT{minutes}M")})
}

fn until(dice: &mut Dice) -> Value {
    let night = Night::new(dice);
    let days = dice.of(&["*", "1-5", "2", "1,3,5"]);
    let (hour, minute) = night.end();
    json!({"timezone": night.zone, "start": format!("{} {} * * {days}", night.minute, night.hour), "end": format!("{minute} {hour} * * *")})
}

/// A night's freeze, or a day's hours in which alone something may be deployed.
fn weekly(dice: &mut Dice, is_allow: bool) -> Value {
    if is_allow {
        let (zone, _) = ZONES[dice.index(NEAR)];
        return json!({"effect": "allow", "timezone": zone, "days": ["mon-fri"], "from": "07:00", "to": "19:00"});
    }
    let night = Night::new(dice);
    let days: &[&str] = dice.of(&[&["mon-sun"], &["tue", "thu"], &["Monday", "wed-fri"], &["sat", "sun"]]);
    let (hour, minute) = night.end();
    json!({"timezone": night.zone, "days": days, "from": night.time(), "to": format!("{hour:02}:{minute:02}")})
}

fn recurring(dice: &mut Dice, year: u64, may_count: bool) -> Value {
    let night = Night::new(dice);
    let (month, day) = (1 + dice.below(10), 1 + dice.below(28));
    let rule = match dice.below(if may_count { 9 } else { 8 }) {
        0 => "FREQ=WEEKLY;BYDAY=MO,WE,FR",
        1 => "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
        2 => "FREQ=WEEKLY;BYDAY=TU;UNTIL=20301231T000000Z",
        3 => "FREQ=MONTHLY;BYDAY=-1FR",
        4 => "FREQ=MONTHLY;BYMONTHDAY=1,15,24",
        5 => "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1",
        6 => "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24,25,26,31",
        7 => "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH",
        _ => "FREQ=MONTHLY;BYMONTHDAY=15;COUNT=600",
    };
    let dtstart = format!("{year}-{month:02}-{day:02}T{}", night.time());
    json!({"timezone": night.zone, "dtstart": dtstart, "rrule": rule, "duration": format!("PT{}M", night.lasts)})
}

/// Some days of another month than November.
fn once(dice: &mut Dice) -> Value {
    let (year, month, day) = (2025 + dice.below(3), dice.of(&[1, 3, 5, 7, 9, 12]), 1 + dice.below(20));
    let (zone, _) = ZONES[dice.index(ZONES.len() as u64)];
    let to = format!("{year}-{month:02}-{:02}", day + 1 + dice.below(8));
    json!({"timezone": zone, "from": format!("{year}-{month:02}-{day:02}T18:00"), "to": to})
}

/// A time in some zone that begins between midnight and ten o'clock UTC and is over by noon.
struct Night {
    zone: &'static str,
    hour: i64,
    minute: i64,
    /// In minutes.
    lasts: i64,
}

impl Night {
    fn new(dice: &mut Dice) -> Self {
        let (zone, east) = ZONES[dice.index(ZONES.len() as u64)];
        let begins = (dice.signed(120) * 5 + east).rem_euclid(24 * 60);
        Self { zone, hour: begins / 60, minute: begins % 60, lasts: 15 * (1 + dice.signed(8)) }
    }

    fn time(&self) -> String {
        format!("{:02}:{:02}", self.hour, self.minute)
    }

    fn end(&self) -> (i64, i64) {
        let ends = (self.hour * 60 + self.minute + self.lasts) % (24 * 60);
        (ends / 60, ends % 60)
    }
}

fn with(mut window: Value, key: &str, value: Value) -> Value {
    window[key] = value;
    window
}

/// Numbers that look thrown and are not (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }

    fn signed(&mut self, limit: u64) -> i64 {
        i64::try_from(self.below(limit)).expect("the limits here are small")
    }

    fn index(&mut self, limit: u64) -> usize {
        usize::try_from(self.below(limit)).expect("the limits here are small")
    }

    fn of<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.index(choices.len() as u64)].clone()
    }
}
