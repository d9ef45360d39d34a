//! Calendars as people have them, and what they mean from 2026 on in a window in `Europe/Berlin`.

use chrono::DateTime;

use crate::schedule::Rule;
use crate::time::Instant;
use crate::time::zone::Zones;

use super::{Effect, read};

mod change;
mod days;
mod indented;
mod other_programs;
mod overrides;
mod programs;
mod property;
mod slips;
mod tolerated;
mod two_zones;
mod uncertain;

const NEW_YEAR: Instant = 1_767_225_600;

/// The first eight occurrences of each rule from 2026 on, as `20261224T1700/20261224T1900` in UTC; and the quirks.
fn meaning(text: &str, effect: Effect) -> Result<(Vec<String>, Vec<String>), String> {
    let mut zones = Zones::default();
    let berlin = zones.named("Europe/Berlin").expect("a zone");
    let calendar = read(text, berlin, &mut zones, effect)?;
    let mut occurrences = Vec::new();
    for Rule { zone, starts, end, effect, .. } in &calendar.rules {
        let zone = zones.get(*zone);
        let next = |start: &i64| starts.first_after(*start);
        for start in std::iter::successors(starts.first_after(NEW_YEAR - 1), next).take(8) {
            let from = effect.begin(zone, start);
            let to = end.of(zone, start, *effect);
            let utc = |at| DateTime::from_timestamp(at, 0).expect("a time").format("%Y%m%dT%H%M").to_string();
            occurrences.push(format!("{}/{}", utc(from), utc(to)));
        }
    }
    occurrences.sort();
    Ok((occurrences, calendar.quirks.into_iter().map(|quirk| quirk.text).collect()))
}

#[track_caller]
fn check_whole(text: &str, effect: Effect, occurrences: &[&str], quirks: &[&str]) {
    let (found, odd) = meaning(text, effect).expect("a calendar");
    assert_eq!(found, occurrences);
    assert_eq!(odd, quirks);
}

/// The first event begins in line 2, its first property is in line 3; `|` is a line's end.
fn wrap(events: &str) -> String {
    let events = events.replace("||", "\nEND:VEVENT\nBEGIN:VEVENT\n").replace('|', "\n");
    format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\n{events}\nEND:VEVENT\nEND:VCALENDAR\n")
}

#[track_caller]
fn check(events: &str, occurrences: &[&str], quirks: &[&str]) {
    check_whole(&wrap(events), Effect::Freeze, occurrences, quirks);
}

#[track_caller]
fn fails(events: &str, error: &str) {
    assert_eq!(meaning(&wrap(events), Effect::Freeze).err().as_deref(), Some(error), "{events}");
}

/// What a freeze closes and what an allow window opens, whatever is noted.
#[track_caller]
fn closes_and_opens(events: &str, closed: &[&str], open: &[&str]) {
    for (effect, occurrences) in [(Effect::Freeze, closed), (Effect::Allow, open)] {
        let (found, quirks) = meaning(&wrap(events), effect).unwrap_or_else(|error| panic!("{events}: {error}"));
        assert_eq!(found, occurrences, "{effect:?} {events}");
        assert!(!quirks.is_empty() || closed == open, "{effect:?} {events}");
    }
}

#[test]
fn an_event_is_in_a_zone() {
    check("DTSTART:20261224T180000|DTEND:20261224T200000", &["20261224T1700/20261224T1900"], &[]);
    check("DTSTART:20261224T180000Z|DURATION:PT2H", &["20261224T1800/20261224T2000"], &[]);
    check("dtstart;tzid=\"Asia/Tokyo\":20261224T180000|duration:PT2H", &["20261224T0900/20261224T1100"], &[]);
    // A day's length is the one of the clock, a time's is what has passed; of a length that is written nobody knows.
    check("DTSTART;VALUE=DATE:20261025", &["20261024T2200/20261025T2300"], &[]);
    check("DTSTART;VALUE=DATE:20261024|DTEND;VALUE=DATE:20261026", &["20261023T2200/20261025T2300"], &[]);
    check("DTSTART;VALUE=DATE:20261025|DURATION:P1D", &["20261024T2200/20261025T2300"], &[]);
    check("DTSTART:20261024T120000|DURATION:P1D", &["20261024T1000/20261025T1100"], &[]);
    check("DTSTART:20261024T120000|DTEND:20261025T120000", &["20261024T1000/20261025T1100"], &[]);
}

#[test]
fn events_recur() {
    check(
        "DTSTART:20261023T220000|DTEND:20261024T040000|RRULE:FREQ=WEEKLY;COUNT=3|EXDATE:20261030T220000",
        &["20261023T2000/20261024T0200", "20261106T2100/20261107T0300"],
        &[],
    );
    // The first occurrence, left out as well; the list in UTC, in another zone, and on two lines.
    check(
        "DTSTART:20260105T080000|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=5|EXDATE:20260105T070000Z,20260107T080000|\
         EXDATE;TZID=Asia/Tokyo:20260108T160000",
        &["20260106T0700/20260106T0800", "20260109T0700/20260109T0800"],
        &[],
    );
    // A time that the clock does not show is left out by that time all the same.
    check(
        "DTSTART:20260328T023000|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=2|EXDATE:20260329T023000",
        &["20260328T0130/20260328T0230"],
        &[],
    );
    check(
        "DTSTART;VALUE=DATE:20260105|RRULE:FREQ=DAILY;UNTIL=20260107|EXDATE;VALUE=DATE:20260106",
        &["20260104T2300/20260105T2300", "20260106T2300/20260107T2300"],
        &[],
    );
    check(
        "DTSTART:20260105T080000|DURATION:PT1H|RRULE:FREQ=DAILY;UNTIL=20260106T070000Z",
        &["20260105T0700/20260105T0800", "20260106T0700/20260106T0800"],
        &[],
    );
    check(
        "DTSTART:20260105T080000|DURATION:PT1H|RDATE:20260301T080000,20260201T080000Z|EXDATE:20260301T080000",
        &["20260105T0700/20260105T0800", "20260201T0800/20260201T0900"],
        &[],
    );
    check(
        "DTSTART;VALUE=DATE:20260105|RDATE;VALUE=DATE:20260601",
        &["20260104T2300/20260105T2300", "20260531T2200/20260601T2200"],
        &[],
    );
    // A period has its own length; where the rule gives its start, the longer one counts.
    check(
        "DTSTART:20260105T080000Z|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=2|\
         RDATE;VALUE=PERIOD:20260106T080000Z/PT30M,20260201T080000Z/20260201T090000Z",
        &["20260105T0800/20260105T0900", "20260106T0800/20260106T0900", "20260201T0800/20260201T0900"],
        &["line 6: a period of `RDATE` at the start of an occurrence counts in a freeze if it is longer"],
    );
    check(
        "DTSTART;VALUE=DATE:20260105|RDATE;VALUE=PERIOD:20260201T080000/PT30M",
        &["20260104T2300/20260105T2300", "20260201T0700/20260201T0730"],
        &[],
    );
}

#[test]
fn occurrences_are_replaced() {
    let master = "UID:a|DTSTART:20260105T080000|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=3";
    let moved = "UID:a|DTSTART:20260110T080000|DURATION:PT1H|RECURRENCE-ID:20260106T070000Z";
    check(
        &format!("{moved}||{master}"),
        &["20260105T0700/20260105T0800", "20260107T0700/20260107T0800", "20260110T0700/20260110T0800"],
        &[],
    );
    check(
        &format!("{master}||UID:a|STATUS:CANCELLED|RECURRENCE-ID:20260106T080000"),
        &["20260105T0700/20260105T0800", "20260107T0700/20260107T0800"],
        &[],
    );
    check(
        "UID:a|DTSTART;VALUE=DATE:20260105|RRULE:FREQ=DAILY;COUNT=2||\
         UID:a|DTSTART:20260106T120000|DURATION:PT1H|RECURRENCE-ID;VALUE=DATE:20260106",
        &["20260104T2300/20260105T2300", "20260106T1100/20260106T1200"],
        &[],
    );
    check(
        moved,
        &["20260110T0700/20260110T0800"],
        &["line 2: a `RECURRENCE-ID` whose event is not in the calendar stands alone"],
    );
    check(
        &format!("UID:a|DTSTART:20260105T090000|DURATION:PT1H||{moved}"),
        &["20260105T0800/20260105T0900", "20260110T0700/20260110T0800"],
        &["line 7: an `EXDATE` or `RECURRENCE-ID` is not the start of any occurrence"],
    );
    fails(
        &format!("{master}||UID:a|RECURRENCE-ID;RANGE=THISANDFUTURE:20260106T080000"),
        "line 10: `RECURRENCE-ID` has a `RANGE`, which is not supported; make the later occurrences an event of \
         their own",
    );
}

#[test]
fn versions_of_an_event() {
    let text = wrap(
        "UID:a|SEQUENCE:2|DTSTART:20260105T080000|DURATION:PT1H||UID:a|DTSTART:20260106T080000|DURATION:PT1H||\
         UID:a|STATUS:CANCELLED|RECURRENCE-ID:20260105T080000",
    );
    check_whole(
        &text,
        Effect::Freeze,
        &["20260106T0700/20260106T0800"],
        &["line 8: several events of one `UID` all count in a freeze"],
    );
    let text = text.replace("SEQUENCE:2\n", "").replace("20260105T080000\nEND", "20260106T080000\nEND");
    let quirk = "line 7: of several events of one `UID` the last version counts";
    check_whole(&text, Effect::Allow, &[], &[quirk]);
    let text = wrap("UID:a|SEQUENCE:2|DTSTART:20260105T080000|DURATION:PT1H||UID:a|DTSTART:20260106|DURATION:PT1H");
    let quirks = ["of several events of one `UID` the last version counts", "taken as it looks"];
    let (found, odd) = meaning(&text, Effect::Allow).expect("a calendar");
    assert_eq!(found, ["20260105T0700/20260105T0800"]);
    assert!(quirks.iter().all(|quirk| odd.iter().any(|odd| odd.ends_with(quirk))), "{odd:?}");
}

#[test]
fn events_without_a_uid_are_not_versions() {
    let days = ["20260104T2300/20260105T2300", "20260105T2300/20260106T2300"];
    let text = wrap("UID:|DTSTART;VALUE=DATE:20260105||UID:|DTSTART;VALUE=DATE:20260106");
    check_whole(&text, Effect::Allow, &days, &[]);
    check_whole(&text.replace("UID:\n", ""), Effect::Allow, &days, &[]);
}

#[test]
fn what_is_uncertain_closes() {
    let event = "|DTSTART:20260105T080000|DURATION:PT1H";
    let text = wrap(&format!(
        "STATUS:TENTATIVE{event}||STATUS:tentative{event}||TRANSP:TRANSPARENT{event}||\
         STATUS:CANCELLED{event}|TRANSP:TRANSPARENT||DTSTART;VALUE=DATE:20260201|DTEND;VALUE=DATE:20260201"
    ));
    check_whole(
        &text,
        Effect::Freeze,
        &["20260105T0700/20260105T0800", "20260131T2300/20260201T2300"],
        &[
            "line 2: `STATUS:TENTATIVE` counts in a freeze (2 times in all)",
            "line 12: `TRANSP:TRANSPARENT` counts in a freeze",
            "line 25: a `DTEND` on the date of `DTSTART` counts in a freeze as one day",
        ],
    );
    check_whole(
        &text,
        Effect::Allow,
        &[],
        &[
            "line 2: `STATUS:TENTATIVE` does not allow anything (2 times in all)",
            "line 12: `TRANSP:TRANSPARENT` does not allow anything",
            "line 25: what takes no time is left out",
        ],
    );
}

#[test]
fn what_is_odd_is_said() {
    const AS_IT_LOOKS: &str = "a value that is not what `VALUE` says (or is left out to say) is taken as it looks";
    const NO_TIME: &str = "what takes no time is left out";
    let hour = |day| format!("{day}T0700/{day}T0800");
    let day = "20260104T2300/20260105T2300";
    let timed = "DTSTART:20260105T080000|DURATION:PT1H";
    let daily = format!("{timed}|RRULE:FREQ=DAILY;COUNT=2");
    for (events, occurrences, line, quirk) in [
        ("DTSTART:20260105".into(), vec![day.into()], 3, AS_IT_LOOKS),
        ("DTSTART;VALUE=DATE-TIME:20260105".into(), vec![day.into()], 3, AS_IT_LOOKS),
        ("DTSTART:20260105T080000".into(), vec![], 2, NO_TIME),
        ("DTSTART:20260105T080000|DURATION:PT0S".into(), vec![], 4, NO_TIME),
        ("DTSTART:20260105T080000|DTEND:20260105T080000".into(), vec![], 4, NO_TIME),
        (
            "DTSTART;VALUE=DATE;TZID=Europe/Paris:20260105".into(),
            vec![day.into()],
            3,
            "a date has no `TZID`: it is in the zone of the window",
        ),
        (
            "DTSTART;TZID=/mozilla.org/20050126_1/Europe/Berlin:20260105T080000|DURATION:PT1H".into(),
            vec![hour("20260105")],
            3,
            "a `TZID` is not an IANA name but ends in one, which is used",
        ),
        (
            format!("{daily}|EXDATE;VALUE=DATE:20260106"),
            vec![hour("20260105")],
            6,
            "a date, where `DTSTART` is a time, takes out all that starts on it",
        ),
        // A date is one of the event's own zone.
        (
            "DTSTART;TZID=Asia/Tokyo:20260105T060000|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=2|EXDATE;VALUE=DATE:20260106"
                .into(),
            vec!["20260104T2100/20260104T2200".into()],
            6,
            "a date, where `DTSTART` is a time, takes out all that starts on it",
        ),
        (
            "DTSTART;VALUE=DATE:20260105|RRULE:FREQ=DAILY;COUNT=2|EXDATE:20260106T000000".into(),
            vec![day.into()],
            5,
            "a time, where `DTSTART` is a date, is taken as its date",
        ),
        (
            format!("{daily}|EXDATE:20260106T090000"),
            vec![hour("20260105"), hour("20260106")],
            6,
            "an `EXDATE` or `RECURRENCE-ID` is not the start of any occurrence",
        ),
        (
            format!("{timed}|RDATE;VALUE=DATE:20260106"),
            vec![hour("20260105"), hour("20260106")],
            5,
            "an `RDATE` without a time starts at the time of `DTSTART`",
        ),
        (
            format!("{timed}|RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=2"),
            vec![hour("20260105"), hour("20260106"), hour("20260113")],
            3,
            "a `DTSTART` that its `RRULE` does not give counts all the same",
        ),
        (
            format!("{timed}|RRULE:FREQ=DAILY;COUNT=1|RRULE:FREQ=WEEKLY;COUNT=2"),
            vec![hour("20260105"), hour("20260105"), hour("20260112")],
            2,
            "several `RRULE` of one event all count",
        ),
    ] {
        let expected = (occurrences, vec![format!("line {line}: {quirk}")]);
        assert_eq!(meaning(&wrap(&events), Effect::Freeze), Ok(expected), "{events}");
    }
    let midday =
        wrap("DTSTART;VALUE=DATE:20260105").replace("BEGIN:VEVENT", "X-CALENDAR-TYPE:DEFAULT_CLOSED\nBEGIN:VEVENT");
    let quirk = "line 2: `X-CALENDAR-TYPE:DEFAULT_CLOSED` is for an allow window, and this one freezes";
    check_whole(&midday, Effect::Freeze, &[day], &[quirk]);
    check_whole(&midday, Effect::Allow, &[day], &[]);
}

#[test]
fn what_cannot_be_understood_is_an_error() {
    let no_time = "which is neither a time such as `20261224T180000` nor a date such as `20261224`";
    for (events, error) in [
        ("UID:1", "line 2: `VEVENT` has no `DTSTART`"),
        ("DTSTART:", &*format!("line 3: `DTSTART` is ``, {no_time}")),
        ("DTSTART:20260229", &format!("line 3: `DTSTART` is `20260229`, {no_time}")),
        ("DTSTART:20260105|EXDATE:20260105,", &format!("line 4: `EXDATE` has ``, {no_time}")),
        ("DTSTART:20260105|RDATE:20260105T000000/1H", &format!("line 4: `RDATE` has `20260105T000000/1H`, {no_time}")),
        ("DTSTART:20260105|DTSTART:20260106", "line 4: `DTSTART` is given twice in one `VEVENT`, and differs"),
        (
            "DTSTART;TZID=Customized Time Zone:20260105T080000",
            "line 3: `DTSTART` has the `TZID` `Customized Time Zone`, which is not an IANA name such as `Europe/London`, \
             no zone of Windows, and no `VTIMEZONE` of the calendar; export it with its time zones, or write the IANA name",
        ),
        (
            "DTSTART:20260105|DTEND:20260106|DURATION:P2D",
            "line 4: `DTEND` stands beside a `DURATION` that says otherwise; give one of them",
        ),
        (
            "DTSTART:20260105|DURATION:-P1D",
            "line 4: `DURATION` is `-P1D`, which is not a valid duration such as `PT2H` or `P1D`",
        ),
        ("DTSTART:20260105|SEQUENCE:x", "line 4: `SEQUENCE` is `x`, which is not a valid number"),
        (
            "DTSTART:20260105|RRULE:FREQ=SOMETIMES",
            "line 4: `RRULE`: `FREQ=SOMETIMES`: FREQ `SOMETIMES` is none of SECONDLY, MINUTELY, HOURLY, DAILY, WEEKLY, MONTHLY, YEARLY",
        ),
        (
            "DTSTART:20260105|EXDATE:20260105T000000/PT1H",
            "line 4: `EXDATE` lists a period, which is not a start; list dates or times",
        ),
    ] {
        fails(events, error);
    }
    let text = "BEGIN:VCALENDAR\nCALSCALE:JULIAN\nEND:VCALENDAR";
    let error = "line 2: `CALSCALE` is `JULIAN`, but only `GREGORIAN` dates can be read";
    assert_eq!(meaning(text, Effect::Freeze), Err(error.into()));
}

#[test]
fn a_calendar_has_limits() {
    let many = |event: &str, count: usize| wrap(&vec![event; count].join("||"));
    assert!(meaning(&many("DTSTART:20260105", 10_000), Effect::Freeze).is_ok());
    let error = meaning(&many("DTSTART:20260105", 10_001), Effect::Freeze);
    assert_eq!(error, Err("line 30002: more than 10,000 events; export only what is still to come".into()));

    let dates = vec!["20260105"; 5_000].join(",");
    assert!(meaning(&wrap(&format!("DTSTART:20260105|RDATE:{dates}|RDATE:{dates}")), Effect::Freeze).is_ok());
    let error = "line 5: `RDATE` and `EXDATE` list more than 10,000 dates; export only what is still to come";
    fails(&format!("DTSTART:20260105|RDATE:{dates}|RDATE:{dates},20260106"), error);

    let (timed, dates) = ("DTSTART:20260105T080000|RRULE:FREQ=DAILY;COUNT=1", vec!["20260105"; 5_001].join(","));
    let starts = dates.replace("05", "05T080000");
    assert!(meaning(&wrap(&format!("{timed}|EXDATE:{starts}")), Effect::Freeze).is_ok());
    // Each date stands for a start of the rule.
    fails(&format!("{timed}|EXDATE;VALUE=DATE:{dates}"), error);

    let rules = "|RRULE:FREQ=DAILY;COUNT=1".repeat(11);
    fails(&format!("DTSTART:20260105{rules}"), "line 14: `RRULE` is one too many: an event may have ten");
}
