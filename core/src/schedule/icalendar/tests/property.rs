//! Whatever a calendar says: an allow window opens no instant at which a freeze window would not close.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::schedule::Rule;
use crate::time::Instant;
use crate::time::zone::{ZoneId, Zones};

use super::{Effect, read};

/// 2026-03-20, nine days before the clocks change in Europe.
const BEGIN: Instant = 1_773_964_800;

const GMT_AND_AN_HOUR: &str = "\nBEGIN:VTIMEZONE\nTZID:GMT\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0100\n\
                               TZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE";

fn date() -> impl Strategy<Value = String> {
    (20_u32..=31).prop_map(|day| format!("202603{day:02}"))
}

fn time() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "000000", "003000", "020000", "023000", "050001", "080000", "120000", "220000", "230000", "235959",
    ])
    .prop_map(|time| format!("T{time}"))
}

/// Parameters and a value: a date or a time, of this zone or another, or of none.
fn value() -> impl Strategy<Value = String> {
    let zone = prop::sample::select(vec![
        "Europe/Berlin",
        "America/New_York",
        "Asia/Tokyo",
        "Pacific Standard Time",
        "EST",
        "GMT",
    ]);
    prop_oneof![
        3 => date().prop_map(|date| format!(";VALUE=DATE:{date}")),
        1 => (date(), time()).prop_map(|(date, time)| format!(";VALUE=DATE:{date}{time}")),
        3 => (date(), time()).prop_map(|(date, time)| format!(":{date}{time}")),
        3 => (date(), time()).prop_map(|(date, time)| format!(":{date}{time}Z")),
        3 => (zone.clone(), date(), time()).prop_map(|(zone, date, time)| format!(";TZID={zone}:{date}{time}")),
        1 => (zone.clone(), date(), time()).prop_map(|(zone, date, time)| format!(";TZID={zone}:{date}{time}Z")),
        1 => (zone, date()).prop_map(|(zone, date)| format!(";TZID={zone};VALUE=DATE:{date}")),
    ]
}

fn rule() -> impl Strategy<Value = String> {
    let parts = prop::sample::select(vec![
        "FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=2",
        "FREQ=WEEKLY;BYDAY=MO,TH",
        "FREQ=WEEKLY",
        "FREQ=DAILY;BYHOUR=9,17",
        "FREQ=YEARLY;BYMONTHDAY=24,29",
        "FREQ=MONTHLY;BYDAY=-1MO",
        "FREQ=YEARLY;BYWEEKNO=13",
    ]);
    let end = prop_oneof![
        Just(String::new()),
        (1_u32..6).prop_map(|count| format!(";COUNT={count}")),
        date().prop_map(|date| format!(";UNTIL={date}")),
        (date(), time(), prop::bool::ANY)
            .prop_map(|(date, time, utc)| format!(";UNTIL={date}{time}{}", if utc { "Z" } else { "" })),
    ];
    (parts, end).prop_map(|(parts, end)| format!("\nRRULE:{parts}{end}"))
}

fn end() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => Just(String::new()),
        4 => value().prop_map(|value| format!("\nDTEND{value}")),
        3 => prop::sample::select(vec!["PT0S", "PT1H", "PT8H", "P1D", "PT36H", "P2D"]).prop_map(|length| format!("\nDURATION:{length}")),
    ]
}

fn status() -> impl Strategy<Value = String> {
    let lines = vec![
        "",
        "",
        "",
        "",
        "\nSTATUS:CONFIRMED",
        "\nSTATUS:TENTATIVE",
        "\nSTATUS:CANCELLED",
        "\nSTATUS:CANCELED",
        "\nTRANSP:TRANSPARENT",
        "\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
        "\nSEQUENCE:1",
        "\nSTATUS:CANCELLED\nSEQUENCE:2",
    ];
    prop::sample::select(lines).prop_map(str::to_owned)
}

fn event() -> impl Strategy<Value = String> {
    let lines = prop::collection::vec(
        prop_oneof![
            value().prop_map(|value| format!("\nEXDATE{value}")),
            value().prop_map(|value| format!("\nRDATE{value}")),
            (date(), time(), prop::sample::select(vec!["", "Z"]), prop::sample::select(vec!["PT0S", "PT3H", "P1D"]))
                .prop_map(|(date, time, utc, length)| format!("\nRDATE;VALUE=PERIOD:{date}{time}{utc}/{length}")),
            rule(),
        ],
        0..4,
    );
    (value(), end(), lines, status())
        .prop_map(|(start, end, lines, status)| format!("\nDTSTART{start}{end}{}{status}", lines.concat()))
}

fn calendar() -> impl Strategy<Value = String> {
    let uid = || prop::sample::select(vec!["\nUID:a", "\nUID:a", "\nUID:b", ""]);
    let series = (uid(), event()).prop_map(|(uid, event)| format!("{uid}{event}"));
    let moved = (uid(), event(), value()).prop_map(|(uid, event, value)| format!("{uid}{event}\nRECURRENCE-ID{value}"));
    let named = vec!["", "", "\nX-WR-TIMEZONE:America/New_York", "\nX-WR-TIMEZONE:Europe/Berlin", GMT_AND_AN_HOUR];
    let named = prop::sample::select(named);
    let events = prop::collection::vec(prop_oneof![2 => series, 1 => moved], 1..4);
    (named, events).prop_map(|(named, events)| {
        let events = events.join("\nEND:VEVENT\nBEGIN:VEVENT");
        format!("BEGIN:VCALENDAR{named}\nBEGIN:VEVENT{events}\nEND:VEVENT\nEND:VCALENDAR\n")
    })
}

fn rules(text: &str, effect: Effect) -> Result<(Zones, ZoneId, Vec<Rule>), String> {
    let mut zones = Zones::default();
    let zone = zones.named("Europe/Berlin").expect("a zone");
    let rules = read(text, zone, &mut zones, effect)?.rules;
    Ok((zones, zone, rules))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, rng_seed: RngSeed::Fixed(5545), ..ProptestConfig::default() })]
    #[test]
    fn what_is_allowed_would_be_frozen(text in calendar()) {
        let (Ok((zones, _, freezes)), Ok((others, _, allows))) = (rules(&text, Effect::Freeze), rules(&text, Effect::Allow)) else {
            return Ok(());
        };
        for hour in -24..24 * 24 {
            for at in [BEGIN + hour * 3600, BEGIN + hour * 3600 + 1801] {
                let is_allowed = allows.iter().any(|rule| rule.standing(&others, at).active);
                let is_frozen = freezes.iter().any(|rule| rule.standing(&zones, at).active);
                prop_assert!(is_frozen || !is_allowed, "{} {}", at, text);
            }
        }
    }
}
