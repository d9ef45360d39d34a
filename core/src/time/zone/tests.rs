use chrono::{DateTime, NaiveDateTime};
use jiff::Timestamp;
use jiff::tz::TimeZoneDatabase;
use proptest::prelude::*;

use crate::time::{Instant, Local};

use super::{Span, TWO_DAYS, Zone, Zones, nearest, table};

const HOUR: i64 = 3600;
/// The years 1 and 9999, which is as far as Jiff goes.
const AGES: (Instant, Instant) = (-62_135_596_800, 253_370_764_800);

fn zone(name: &str) -> Zone {
    let mut zones = Zones::default();
    assert!(zones.named(name).is_some(), "{name}");
    zones.all.pop().expect("the one that was named")
}

fn instant(text: &str) -> Instant {
    DateTime::parse_from_rfc3339(text).expect("an instant").timestamp()
}

fn local(text: &str) -> Local {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S").expect("a local time").and_utc().timestamp()
}

/// Until `at` the zone's clock is `before` minutes ahead of UTC, then `after`.
#[track_caller]
fn changes(name: &str, at: &str, before: i64, after: i64) {
    let (zone, at) = (zone(name), instant(at));
    let (past, next) = (zone.span(at - 1), zone.span(at));
    assert_eq!((past.offset, past.to), (before * 60, at), "{name} before");
    assert_eq!((next.offset, next.from), (after * 60, at), "{name} after");
    assert!(past.from < at && at < next.to, "{name}: {past:?} {next:?}");
}

#[test]
fn a_clock_changes_at_an_instant() {
    changes("Europe/London", "2024-03-31T01:00:00Z", 0, 60);
    changes("Europe/London", "2024-10-27T01:00:00Z", 60, 0);
    changes("Europe/London", "1941-05-04T01:00:00Z", 60, 120); // double summer time
    changes("Europe/London", "1971-10-31T02:00:00Z", 60, 0); // after three years of it
    changes("Europe/Dublin", "2024-10-27T01:00:00Z", 60, 0); // where winter is the exception, by law
    changes("America/New_York", "2024-03-10T07:00:00Z", -300, -240);
    changes("America/New_York", "2024-11-03T06:00:00Z", -240, -300);
    changes("America/New_York", "2006-04-02T07:00:00Z", -300, -240); // another rule until 2007
    changes("Australia/Lord_Howe", "2024-04-06T15:00:00Z", 660, 630); // by half an hour
    changes("Australia/Lord_Howe", "2024-10-05T15:30:00Z", 630, 660);
    changes("Pacific/Apia", "2011-12-30T10:00:00Z", -600, 840); // without a 30 December
    changes("Africa/Casablanca", "2024-03-10T02:00:00Z", 60, 0); // Ramadan
    changes("Africa/Casablanca", "2024-04-14T02:00:00Z", 0, 60);
    changes("Asia/Kathmandu", "1985-12-31T18:30:00Z", 330, 345);
    changes("America/Nuuk", "2023-03-26T01:00:00Z", -180, -120); // to stay there
    changes("America/Nuuk", "2024-03-31T01:00:00Z", -120, -60);
    changes("Africa/Cairo", "2023-04-27T22:00:00Z", 120, 180);
    changes("Africa/Cairo", "2024-10-31T21:00:00Z", 180, 120);
    changes("Asia/Gaza", "2024-04-20T00:00:00Z", 120, 180);
}

#[test]
fn rules_go_on_for_ever() {
    changes("Europe/London", "2200-03-30T01:00:00Z", 0, 60);
    changes("Europe/London", "2200-10-26T01:00:00Z", 60, 0);
    changes("America/New_York", "2200-03-09T07:00:00Z", -300, -240);
    changes("Australia/Lord_Howe", "2200-04-05T15:00:00Z", 660, 630);
    changes("America/Nuuk", "2200-03-30T01:00:00Z", -120, -60);
    changes("Africa/Cairo", "2200-10-30T21:00:00Z", 180, 120);
    assert_eq!(zone("Asia/Kathmandu").span(instant("2200-01-01T00:00:00Z")).to, i64::MAX);
}

#[test]
fn history_is_kept_to_the_second() {
    let monrovia = zone("Africa/Monrovia");
    assert_eq!(monrovia.span(instant("1971-06-01T00:00:00Z")).offset, -2670);
    assert_eq!(monrovia.span(instant("1972-06-01T00:00:00Z")).offset, 0);
    let london = zone("Europe/London");
    assert_eq!(london.span(i64::MIN), Span { from: i64::MIN, to: instant("1847-12-01T00:01:15Z"), offset: -75 });
}

/// A local time happens at an instant; that one shows another local time if the clock skips it.
#[track_caller]
fn happens(name: &str, at: &str, expected: &str) {
    let zone = zone(name);
    let text = |at| DateTime::from_timestamp(at, 0).expect("an instant").format("%FT%TZ").to_string();
    assert_eq!(text(zone.instant(local(at))), expected, "{name} {at}");
}

#[test]
fn a_skipped_time_happens_as_the_gap_ends() {
    happens("Europe/London", "2024-03-31T00:59:59", "2024-03-31T00:59:59Z");
    happens("Europe/London", "2024-03-31T01:00:00", "2024-03-31T01:00:00Z");
    happens("Europe/London", "2024-03-31T01:30:00", "2024-03-31T01:00:00Z");
    happens("Europe/London", "2024-03-31T02:00:00", "2024-03-31T01:00:00Z");
    happens("Europe/London", "2024-03-31T02:00:01", "2024-03-31T01:00:01Z");
    happens("Pacific/Apia", "2011-12-29T23:59:59", "2011-12-30T09:59:59Z");
    happens("Pacific/Apia", "2011-12-30T12:00:00", "2011-12-30T10:00:00Z");
    happens("Pacific/Apia", "2011-12-31T00:00:00", "2011-12-30T10:00:00Z");
}

#[test]
fn a_repeated_time_happens_the_first_time() {
    happens("Europe/London", "2024-10-27T00:59:59", "2024-10-26T23:59:59Z");
    happens("Europe/London", "2024-10-27T01:00:00", "2024-10-27T00:00:00Z");
    happens("Europe/London", "2024-10-27T01:59:59", "2024-10-27T00:59:59Z");
    happens("Europe/London", "2024-10-27T02:00:00", "2024-10-27T02:00:00Z");
    happens("Australia/Lord_Howe", "2024-04-07T01:45:00", "2024-04-06T14:45:00Z");
    // It was Friday for two days when Alaska was bought.
    happens("America/Sitka", "1867-10-18T12:00:00", "1867-10-17T21:01:13Z");
    happens("America/Sitka", "1867-10-19T15:30:00", "1867-10-20T00:31:13Z");
}

#[test]
fn the_latest_time_shown_stands_still_in_a_repeated_hour() {
    let london = zone("Europe/London");
    let check = |at, expected| assert_eq!(london.latest_local(instant(at)), local(expected), "{at}");
    check("2024-10-27T00:59:59Z", "2024-10-27T01:59:59");
    check("2024-10-27T01:00:00Z", "2024-10-27T01:59:59");
    check("2024-10-27T01:59:59Z", "2024-10-27T01:59:59");
    check("2024-10-27T02:00:00Z", "2024-10-27T02:00:00");
    check("2024-03-31T00:59:59Z", "2024-03-31T00:59:59");
    check("2024-03-31T01:00:00Z", "2024-03-31T02:00:00");
}

#[test]
fn nothing_overflows_at_the_ends_of_time() {
    for (name, _) in table::names() {
        let zone = zone(name);
        for at in [i64::MIN, i64::MIN + 1, i64::MIN + TWO_DAYS, i64::MAX - TWO_DAYS, i64::MAX - 1, i64::MAX] {
            let span = zone.span(at);
            assert!(span.from <= at && (at < span.to || span.to == i64::MAX), "{name} {at} {span:?}");
            assert!(zone.instant(at).abs_diff(at) <= TWO_DAYS.unsigned_abs(), "{name} {at}");
            assert!(zone.latest_local(at).abs_diff(at) <= TWO_DAYS.unsigned_abs(), "{name} {at}");
        }
    }
}

#[test]
fn zones_are_decoded_once() {
    let mut zones = Zones::default();
    let london = zones.named("Europe/London");
    assert!(london.is_some());
    assert_eq!(zones.named("Europe/London"), london);
    assert_eq!(zones.named("GB"), london, "another name for it");
    assert_ne!(zones.named("Europe/Paris"), london);
    assert_eq!(zones.all.len(), 2);
    for name in ["", "London", "europe/london", "Europe/London ", "Europe/Lodnon", "/usr/share/zoneinfo/UTC"] {
        assert_eq!(zones.named(name), None, "{name}");
    }
}

#[test]
fn the_name_that_was_meant_is_found() {
    let check = |name, expected| assert_eq!(nearest(name), expected, "{name}");
    check("Europe/Lodnon", Some("Europe/London"));
    check("europe/london", Some("Europe/London"));
    check("London", Some("Europe/London"));
    check("Lodnon", Some("Europe/London"));
    check("America/Berlin", Some("Europe/Berlin"));
    check("New York", Some("America/New_York"));
    check("Amerika/New-York", Some("America/New_York"));
    check("Asia/Katmandu ", Some("Asia/Katmandu"));
    check("utc", Some("UTC"));
    check("Zulu Time", None);
    for name in ["PST", "CEST", "AEST", "EEST", "WEST", "SAST", "ACST", "EDT"] {
        check(name, None);
    }
    check("est", Some("EST"));
    check("gmt", Some("GMT"));
    check("GMT+1", None); // and not `Etc/GMT+1`, which is an hour behind
    check("", None);
    check(&"Europe/London".repeat(1000), None);
}

/// Jiff has the same data in another form, and code of its own to read it.
#[test]
fn every_zone_is_what_jiff_says() {
    let jiff = TimeZoneDatabase::bundled();
    assert!(table::names().all(|(name, _)| name != "Factory"), "that is a zone which nobody has set");
    assert_eq!(table::names().count() + 1, jiff.available().count());
    let mut compared = 0;
    for (name, _) in table::names() {
        let (zone, oracle) = (zone(name), jiff.get(name).expect("a zone of Jiff"));
        let offset = |at| i64::from(oracle.to_offset(Timestamp::from_second(at).expect("near")).seconds());
        let mut at = AGES.0;
        // By rule the year 2400 is as the year 2000.
        while at < instant("2450-01-01T00:00:00Z") {
            let span = zone.span(at);
            assert!(span.from <= at && at < span.to, "{name} {at} {span:?}");
            for at in [span.from.max(AGES.0), span.to.min(AGES.1) - 1] {
                assert_eq!(offset(at), span.offset, "{name} {at}");
                compared += 1;
            }
            at = span.to;
        }
        let ours = changes_between(&zone, "1800-01-01T00:00:00Z", "2110-01-01T00:00:00Z");
        let theirs = oracle
            .following(Timestamp::from_second(instant("1800-01-01T00:00:00Z")).expect("near"))
            .map(|change| (change.timestamp().as_second(), i64::from(change.offset().seconds())))
            .take_while(|(at, _)| *at < instant("2110-01-01T00:00:00Z"));
        let mut last = offset(instant("1800-01-01T00:00:00Z"));
        // Changes of the abbreviation alone are none here.
        let theirs = theirs.filter(|(_, offset)| std::mem::replace(&mut last, *offset) != *offset).collect::<Vec<_>>();
        assert_eq!(ours, theirs, "{name}");
    }
    assert!(compared > 100_000, "{compared}");
}

fn changes_between(zone: &Zone, from: &str, to: &str) -> Vec<(Instant, i64)> {
    let (mut changes, mut span) = (Vec::new(), zone.span(instant(from)));
    while span.to < instant(to) {
        span = zone.span(span.to);
        changes.push((span.from, span.offset));
    }
    changes
}

/// A zone, and a time that is near one of its changes more often than not.
fn zone_and_time() -> impl Strategy<Value = (&'static str, i64)> {
    let names = table::names().map(|(name, _)| name).collect::<Vec<_>>();
    let time = (-5_000_000_000_i64..10_000_000_000, prop::option::of(-30 * HOUR..30 * HOUR));
    (prop::sample::select(names), time).prop_map(|(name, (time, near))| {
        let span = zone(name).span(time);
        let time = match near {
            Some(near) if span.to < i64::MAX => span.to + near,
            Some(near) if span.from > i64::MIN => span.from + near,
            _ => time,
        };
        (name, time)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn a_start_has_happened_when_the_clock_has_shown_it((name, local) in zone_and_time()) {
        let zone = zone(name);
        let at = zone.instant(local);
        prop_assert!(zone.latest_local(at) >= local);
        prop_assert!(zone.latest_local(at - 1) < local);
        // The same from the definition, second by second where it is narrow.
        prop_assert!(at + zone.span(at).offset >= local);
        for earlier in [at - 1, at - 1800, at - HOUR, at - 86_400] {
            prop_assert!(earlier + zone.span(earlier).offset < local);
        }
    }

    #[test]
    fn later_local_times_do_not_happen_earlier((name, local) in zone_and_time(), later in 0_i64..400_000) {
        let zone = zone(name);
        prop_assert!(zone.instant(local) <= zone.instant(local + later));
        prop_assert!(zone.latest_local(local) <= zone.latest_local(local + later));
    }

    #[test]
    fn what_was_asked_before_changes_no_answer((name, time) in zone_and_time(), before in -90_000_i64..90_000) {
        let used = zone(name);
        used.span(time + before);
        prop_assert_eq!(used.instant(time), zone(name).instant(time));
        prop_assert_eq!(used.latest_local(time), zone(name).latest_local(time));
        prop_assert_eq!(used.span(time), zone(name).span(time));
    }
}
