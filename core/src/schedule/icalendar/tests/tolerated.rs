//! What the RFC forbids and programs write: taken where it can only mean one thing, or so that more is closed.

use super::{Effect, fails, meaning, wrap};

/// What a freeze closes and what an allow window opens: with something noted, since it is odd.
#[track_caller]
fn takes(text: &str, closed: &[&str], open: &[&str], quirk: &str) {
    for (effect, wanted) in [(Effect::Freeze, closed), (Effect::Allow, open)] {
        let (found, odd) = meaning(text, effect).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(found, wanted, "{effect:?} {text}");
        assert!(odd.iter().any(|odd| odd.contains(quirk)), "{effect:?} {odd:?}");
    }
}

#[track_caller]
fn freezes_alone(events: &str, closed: &[&str], quirk: &str) {
    let (found, odd) = meaning(&wrap(events), Effect::Freeze).unwrap_or_else(|error| panic!("{error}\n{events}"));
    assert_eq!(found, closed, "{events}");
    assert!(odd.iter().any(|odd| odd.contains(quirk)), "{odd:?}");
    assert!(meaning(&wrap(events), Effect::Allow).is_err(), "{events}");
}

fn in_zone(zone: &str) -> String {
    let event = "DTSTART;TZID=X:20260105T080000|DURATION:PT1H";
    let zone = format!("BEGIN:VCALENDAR|BEGIN:VTIMEZONE|{zone}|END:VTIMEZONE|").replace('|', "\n");
    wrap(event).replacen("BEGIN:VCALENDAR\n", &zone, 1)
}

const AT_SEVEN: [&str; 1] = ["20260105T0700/20260105T0800"];

#[test]
fn zones_that_are_oddly_defined() {
    let observance = |lines: &str| in_zone(&format!("TZID:X|BEGIN:STANDARD|{lines}|END:STANDARD"));
    let hour = "TZOFFSETFROM:+0100|TZOFFSETTO:+0100";
    let from_two = "TZOFFSETFROM:+0200|TZOFFSETTO:+0100";
    for (lines, quirk) in [
        (format!("DTSTART;VALUE=DATE:20200101|{from_two}"), "begins at its midnight"),
        (format!("DTSTART:20200101T000000Z|{hour}"), "whatever its `Z`"),
        (format!("DTSTART:19700101T000000Z|{from_two}"), "whatever its `Z`"),
        (from_two.to_owned(), "it always holds"),
        ("DTSTART:19700101T000000|TZOFFSETFROM:0100|TZOFFSETTO:0100".to_owned(), "an offset without a sign"),
        ("DTSTART:19700101T000000|TZOFFSETFROM:+01:00|TZOFFSETTO:+01:00".to_owned(), "colons"),
        (format!("DTSTART:19700101T000000|{from_two}|RRULE:"), "an empty `RRULE`"),
        (
            format!(
                "DTSTART:19800928T030000|{from_two}|RRULE:FREQ=YEARLY;UNTIL=19961027T030000;COUNT=16;BYDAY=-1SU;BYMONTH=9"
            ),
            "of an `UNTIL` and a `COUNT`",
        ),
    ] {
        takes(&observance(&lines), &AT_SEVEN, &AT_SEVEN, quirk);
    }
    let standard = format!("BEGIN:STANDARD|DTSTART:19700101T000000|{hour}|END:STANDARD");
    takes(&in_zone(&format!("TZID:X|TZID:Y|{standard}")), &AT_SEVEN, &AT_SEVEN, "known by each of them");
    let unused = in_zone(&format!("TZID:X|{standard}|END:VTIMEZONE|BEGIN:VTIMEZONE|{standard}"));
    takes(&unused, &AT_SEVEN, &AT_SEVEN, "without `TZID` is not used");
    for text in [
        in_zone(&standard),
        observance(&format!("DTSTART:20200101T000000Z|{from_two}")),
        observance(&format!("DTSTART:19700101T000000Z|{from_two}|RRULE:FREQ=YEARLY")),
        observance(&format!("DTSTART:19700101T000000|{from_two}|RRULE:FREQ=YEARLY;UNTIL=20260101T000000;COUNT=3")),
        in_zone(&format!("TZID:X|{standard}|BEGIN:DAYLIGHT|{hour}|END:DAYLIGHT")),
    ] {
        for effect in [Effect::Freeze, Effect::Allow] {
            assert!(meaning(&text, effect).is_err_and(|error| error.starts_with("line ")), "{text}");
        }
    }
}

#[test]
fn rules_as_programs_write_them() {
    let daily = "DTSTART:20260105T080000|DURATION:PT1H|RRULE:FREQ=DAILY;";
    let hour = |day: u32| format!("202601{day:02}T0700/202601{day:02}T0800");
    let hours = |days: u32| (5..5 + days).map(hour).collect::<Vec<_>>();
    for (rule, days, quirk) in [
        ("UNTIL=20260106T070000Z;COUNT=-1", 2, "is no limit"),
        ("X-RELATIVE=1;X-A=;COUNT=2", 2, "begins with `X-`"),
        ("COUNT=2;BYDAY=MO,,TU,", 2, "says nothing"),
        ("COUNT=2;BYMONTH=1,", 2, "says nothing"),
    ] {
        let hours = hours(days);
        let hours: Vec<_> = hours.iter().map(String::as_str).collect();
        takes(&wrap(&format!("{daily}{rule}")), &hours, &hours, quirk);
    }
    for rule in ["RSCALE=GREGORIAN;COUNT=2", "RSCALE=gregorian;SKIP=OMIT;COUNT=2", "UNTIL=20260105T240000"] {
        let (found, odd) = meaning(&wrap(&format!("{daily}{rule}")), Effect::Allow).expect("a calendar");
        assert_eq!((found.len(), odd.len()), (if rule.starts_with('U') { 1 } else { 2 }, 0), "{rule}");
    }
    for (rule, closed, open) in [
        ("UNTIL=20260107T070000Z;COUNT=2", 3, 2),
        ("UNTIL=20260105T070000Z;COUNT=2", 2, 1),
        ("UNTIL=20260106T070000Z;COUNT=2", 2, 2),
        ("UNTIL=20260106Z", 2, 1),
    ] {
        let (closed, open) = (hours(closed), hours(open));
        for (effect, wanted) in [(Effect::Freeze, closed), (Effect::Allow, open)] {
            let (found, odd) = meaning(&wrap(&format!("{daily}{rule}")), effect).expect("a calendar");
            assert_eq!(found, wanted, "{effect:?} {rule}");
            assert!(!odd.is_empty(), "{rule}");
        }
    }
    let eight = hours(8);
    let eight: Vec<_> = eight.iter().map(String::as_str).collect();
    for (rule, quirk) in [
        ("COUNT=0", "is no limit"),
        ("COUNT=-1", "is no limit"),
        ("UNTIL=;COUNT=", "says nothing"),
        ("INTERVAL=0", "counts as 1"),
        ("INTERVAL=", "says nothing"),
    ] {
        freezes_alone(&format!("{daily}{rule}"), &eight, quirk);
    }
    let excluded = format!("{daily}COUNT=2|EXRULE:FREQ=DAILY;INTERVAL=2");
    freezes_alone(&excluded, &[&hour(5), &hour(6)], "an `EXRULE` takes nothing out of a freeze");
    for rule in ["RSCALE=HEBREW", "SKIP=FORWARD", "BYDAY=", "BYDAY=,", "BYMONTH=", "Y-A=1", "UNTIL=2026Z", "UNTIL=Z"] {
        for effect in [Effect::Freeze, Effect::Allow] {
            let error = meaning(&wrap(&format!("{daily}{rule}")), effect).expect_err(rule);
            assert!(error.starts_with("line 5: `RRULE`: "), "{error}");
        }
    }
}

#[test]
fn a_zone_may_be_an_offset_or_as_it_is_shown() {
    let at = |name: &str| wrap(&format!("DTSTART;TZID={name}:20260705T080000|DURATION:PT1H"));
    for (name, hour) in [
        ("UTC+01", "0700"),
        ("GMT+0100", "0700"),
        ("\"(GMT +01:00)\"", "0700"),
        ("\"(GMT-03:00)\"", "1100"),
        ("\"UTC+05:30\"", "0230"),
        ("America/New York", "1200"),
        ("Eastern Time (US & Canada)", "1200"),
        ("\"(UTC-05:00) Eastern Time (US & Canada)\"", "1200"),
        ("(GMT-08.00) Pacific Time (US & Canada)", "1500"),
        ("W. Europe Daylight Time", "0600"),
        ("w. europe summer time", "0600"),
        ("\"(UTC) Coordinated Universal Time\"", "0800"),
    ] {
        let wanted = format!("20260705T{hour}/");
        for effect in [Effect::Freeze, Effect::Allow] {
            let (found, odd) = meaning(&at(name), effect).unwrap_or_else(|error| panic!("{error}"));
            assert!(found[0].starts_with(&wanted), "{name}: {found:?}");
            assert!(odd.len() == 1 && odd[0].contains("a `TZID` is "), "{name}: {odd:?}");
        }
    }
    // By POSIX and IANA the sign is the other one.
    assert!(meaning(&at("Etc/GMT+1"), Effect::Freeze).expect("a calendar").0[0].starts_with("20260705T0900"));
    for name in [
        "(UTC-04:00) Eastern Time (US & Canada)",
        "Eastern Time",
        "UTC+15",
        "X/GMT+1",
        " Daylight Time",
        "Nowhere Daylight Time",
        "(GMT+01:00) Sarajevo",
    ] {
        assert!(meaning(&at(&format!("\"{name}\"")), Effect::Freeze).is_err(), "{name}");
    }
    fails(
        "DTSTART;TZID=GMT+1x:20260105T080000",
        "line 3: `DTSTART` has the `TZID` `GMT+1x`, which is not an IANA name such as `Europe/London`, no zone of Windows, \
         and no `VTIMEZONE` of the calendar; export it with its time zones, or write the IANA name",
    );
}
