//! Policies of two windows that keep their names, or lose one, whatever their rules become.

use proptest::prelude::*;

/// Windows around the moment: active, not yet, no longer, suspended, several at once, one after the other without a
/// break, and allow windows.
pub(crate) const WINDOWS: [&str; 14] = [
    r#""effect": "freeze", "reason": "closing", "from": "2024-10-31T09:00", "to": "2024-10-31T18:00""#,
    r#""effect": "freeze", "reason": "closing", "from": "2024-10-31T09:00", "to": "2024-10-31T20:00""#,
    r#""effect": "freeze", "from": "2024-10-31T12:00", "to": "2024-11-01""#,
    r#""effect": "freeze", "from": "2024-10-31T12:00:01", "to": "2024-11-01""#,
    r#""effect": "freeze", "from": "2024-10-31T09:00", "to": "2024-10-31T12:00""#,
    r#""effect": "freeze", "suspended": true, "from": "2024-10-31T09:00", "to": "2024-10-31T18:00""#,
    r#""effect": "freeze", "reason": "-dash & more", "days": ["thu"], "from": "00:00", "to": "24:00""#,
    r#""effect": "freeze", "reason": " ", "start": "0 18 * * 3", "end": "0 6 * * 5""#,
    concat!(
        r#""effect": "freeze", "calendar": "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20241031\nEND:VEVENT\n"#,
        r#"BEGIN:VEVENT\nDTSTART:20241031T110000\nDURATION:P1D\nEND:VEVENT\nEND:VCALENDAR""#
    ),
    r#""effect": "allow", "days": ["mon-wed"], "from": "09:00", "to": "16:00""#,
    r#""effect": "allow", "days": ["fri"], "from": "09:00", "to": "16:00""#,
    r#""effect": "freeze", "days": ["wed-fri"], "from": "00:00", "to": "24:00""#,
    r#""effect": "freeze", "start": "0 8-23 * * *", "duration": "PT1H""#,
    r#""effect": "freeze", "days": ["mon-sun"], "from": "00:00", "to": "24:00""#,
];

/// Names of policies, and how the ids of the freezes of their windows end.
pub(crate) const NAMES: [(Option<&str>, [&str; 2]); 3] = [
    (None, ["~windowa.e09a30b5", "~windowbc.2f912a93"]),
    (Some("release"), ["~windowreleasea.75fe58c3", "~windowreleasebc.a8c3c5c5"]),
    (Some("data"), ["~windowdataa.5d8220ae", "~windowdatabc.f2581394"]),
];

/// Two windows that keep their names, or lose one, whatever their rules become.
pub(crate) fn any_windows() -> impl Strategy<Value = String> {
    let rules = || proptest::option::weighted(0.8, proptest::sample::select(&WINDOWS[..]));
    (rules(), rules()).prop_map(|rules| {
        let window = |name: &str, rule: Option<&str>| {
            Some(format!(r#"{{"name": "{name}", "environments": ["prod-*"], "timezone": "UTC", {}}}"#, rule?))
        };
        let windows: Vec<_> = window("a", rules.0).into_iter().chain(window("b & c", rules.1)).collect();
        windows.join(", ")
    })
}

pub(crate) fn named_policy(owner: usize, windows: &str) -> String {
    let name = serde_json::to_string(&NAMES[owner].0).expect("a name is JSON");
    format!(r#"{{"policy": {name}, "windows": [{windows}]}}"#)
}

pub(crate) fn any_policy() -> impl Strategy<Value = String> {
    (0..2usize, any_windows()).prop_map(|(owner, windows)| named_policy(owner, &windows))
}
