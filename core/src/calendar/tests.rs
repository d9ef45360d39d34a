//! Calendars as people have them, and what they mean from 2026 on in a window in `Europe/Berlin`.

use chrono::DateTime;

use super::{Effect, read};
use crate::policy::{End, Rule};
use crate::zone::{Instant, Zones};

const NEW_YEAR: Instant = 1_767_225_600;

/// The first eight occurrences of each rule from 2026 on, as `20261224T1700/20261224T1900` in UTC; and the quirks.
fn meaning(text: &str, effect: Effect) -> Result<(Vec<String>, Vec<String>), String> {
    let mut zones = Zones::default();
    let berlin = zones.named("Europe/Berlin").expect("a zone");
    let calendar = read(text, berlin, &mut zones, effect)?;
    let mut occurrences = Vec::new();
    for Rule { zone, starts, end } in &calendar.rules {
        let zone = zones.get(*zone);
        let next = |start: &i64| starts.first_after(*start);
        for start in std::iter::successors(starts.first_after(NEW_YEAR - 1), next).take(8) {
            let from = zone.instant(start);
            let to = match end {
                End::After(seconds) => from + seconds,
                End::Local(seconds) => zone.instant(start + seconds),
                End::Cron(_) => panic!("a calendar has no cron"),
            };
            let utc = |at| DateTime::from_timestamp(at, 0).expect("a time").format("%Y%m%dT%H%M").to_string();
            occurrences.push(format!("{}/{}", utc(from), utc(to)));
        }
    }
    occurrences.sort();
    Ok((occurrences, calendar.quirks))
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

#[test]
fn an_event_is_in_a_zone() {
    check("DTSTART:20261224T180000|DTEND:20261224T200000", &["20261224T1700/20261224T1900"], &[]);
    check("DTSTART:20261224T180000Z|DURATION:PT2H", &["20261224T1800/20261224T2000"], &[]);
    check("dtstart;tzid=\"Asia/Tokyo\":20261224T180000|duration:PT2H", &["20261224T0900/20261224T1100"], &[]);
    // A day's length is the one of the clock, a time's is what has passed.
    check("DTSTART;VALUE=DATE:20261025", &["20261024T2200/20261025T2300"], &[]);
    check("DTSTART;VALUE=DATE:20261024|DTEND;VALUE=DATE:20261026", &["20261023T2200/20261025T2300"], &[]);
    check("DTSTART;VALUE=DATE:20261025|DURATION:P1D", &["20261024T2200/20261025T2300"], &[]);
    check("DTSTART:20261024T120000|DURATION:P1D", &["20261024T1000/20261025T1000"], &[]);
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
    // A period has its own length, also where the rule gives its start.
    check(
        "DTSTART:20260105T080000Z|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=2|\
         RDATE;VALUE=PERIOD:20260106T080000Z/PT30M,20260201T080000Z/20260201T090000Z",
        &["20260105T0800/20260105T0900", "20260106T0800/20260106T0830", "20260201T0800/20260201T0900"],
        &[],
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
            "DTSTART;VALUE=DATE;TZID=Asia/Tokyo:20260105".into(),
            vec![day.into()],
            3,
            "a date has no `TZID`: it is in the zone of the window",
        ),
        (
            "DTSTART;TZID=/mozilla.org/20050126_1/Europe/Berlin:20260105T080000|DURATION:PT1H".into(),
            vec![hour("20260105")],
            3,
            "a `TZID` is no IANA name but ends in one, which is used",
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
    let no_time = "which is no time such as `20261224T180000` and no date such as `20261224`";
    for (events, error) in [
        ("UID:1", "line 2: `VEVENT` has no `DTSTART`"),
        ("DTSTART:", &*format!("line 3: `DTSTART` is ``, {no_time}")),
        ("DTSTART:20260229", &format!("line 3: `DTSTART` is `20260229`, {no_time}")),
        ("DTSTART:20260105|EXDATE:20260105,", &format!("line 4: `EXDATE` has ``, {no_time}")),
        ("DTSTART:20260105|RDATE:20260105T000000/1H", &format!("line 4: `RDATE` has `20260105T000000/1H`, {no_time}")),
        ("DTSTART:20260105|DTSTART:20260106", "line 4: `DTSTART` is given twice in one `VEVENT`, and differs"),
        (
            "DTSTART;TZID=Customized Time Zone:20260105T080000",
            "line 3: `DTSTART` has the `TZID` `Customized Time Zone`, which is no IANA name such as `Europe/London`, \
             no zone of Windows, and no `VTIMEZONE` of the calendar; export it with its time zones, or write the IANA name",
        ),
        ("DTSTART:20260105|DTEND:20260106|DURATION:P1D", "line 4: `DTEND` stands beside `DURATION`; give one of them"),
        (
            "DTSTART:20260105|DURATION:-P1D",
            "line 4: `DURATION` is `-P1D`, which is no duration such as `PT2H` or `P1D`",
        ),
        ("DTSTART:20260105|SEQUENCE:x", "line 4: `SEQUENCE` is `x`, which is no number"),
        (
            "DTSTART:20260105|RRULE:FREQ=SOMETIMES",
            "line 4: `RRULE`: `FREQ=SOMETIMES`: FREQ `SOMETIMES` is none of SECONDLY, MINUTELY, HOURLY, DAILY, WEEKLY, MONTHLY, YEARLY",
        ),
        (
            "DTSTART:20260105|EXRULE:FREQ=DAILY",
            "line 4: `EXRULE` is not supported; list the occurrences that are left out in `EXDATE`",
        ),
        (
            "DTSTART:20260105|EXDATE:20260105T000000/PT1H",
            "line 4: `EXDATE` lists a period, which is no start; list dates or times",
        ),
    ] {
        fails(events, error);
    }
    let text = "BEGIN:VCALENDAR\nCALSCALE:JULIAN\nEND:VCALENDAR";
    let error = "line 2: `CALSCALE` is `JULIAN`, but only `GREGORIAN` dates can be read";
    assert_eq!(meaning(text, Effect::Freeze), Err(error.into()));
}

#[test]
fn what_ends_before_it_begins_is_an_error() {
    for events in [
        "DTSTART:20261218T234500|DTEND:20261218T233000",
        "DTSTART;VALUE=DATE:20261228|DTEND;VALUE=DATE:20261224",
        "DTSTART:20261218T080000|DTEND;VALUE=DATE:20261217",
        "DTSTART;VALUE=DATE:20261218|DTEND:20261216T235959",
        // Also where the other zone that may be meant is that of `DTSTART`.
        "DTSTART;TZID=America/New_York:20261218T234500|DTEND:20261218T233000",
        "UID:a|DTSTART;VALUE=DATE:20261218|RRULE:FREQ=DAILY;COUNT=3||\
         UID:a|RECURRENCE-ID;VALUE=DATE:20261219|DTSTART:20261219T150000|DTEND:20261219T140000",
        "DTSTART:20261218T080000|DURATION:-PT1H",
        "DTSTART:20261218T080000|DURATION:PT1H|RDATE;VALUE=PERIOD:20261220T100000/20261220T090000",
        "DTSTART:20261218T080000|DURATION:PT1H|RDATE;VALUE=PERIOD:20261220T100000/-PT1H",
    ] {
        for effect in [Effect::Freeze, Effect::Allow] {
            let error = meaning(&wrap(events), effect).expect_err(events);
            assert!(error.starts_with("line "), "{error}");
        }
    }
    fails(
        "DTSTART:20261218T234500|DTEND:20261218T233000",
        "line 4: `DTEND` is `20261218T233000`, which lies before `DTSTART`; an event ends after it has begun",
    );
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
fn a_date_with_a_time_closes_its_day() {
    let day = "20261224T2300/20261225T2300";
    let date = "DTSTART;VALUE=DATE:20261225";
    // The time of a generator in New York: on the day before in the west, and still on the day in the east.
    closes_and_opens(&format!("{date}|DTEND:20261225T050001Z"), &[day], &["20261224T2300/20261225T0500"]);
    closes_and_opens(&format!("{date}|DTEND:20261225T235959"), &[day], &["20261224T2300/20261225T2259"]);
    closes_and_opens(&format!("{date}|DTEND:20261226T000000"), &[day], &[day]);
    closes_and_opens(&format!("{date}|DTEND:20261225T000000"), &[day], &[]);
    // One day by its text, and an hour of the next one by the clock of the window.
    closes_and_opens(
        &format!("{date}|DTEND:20261226T000000Z"),
        &["20261224T2300/20261226T2300"],
        &["20261224T2300/20261226T0000"],
    );
    closes_and_opens(&format!("{date}|DURATION:PT1H"), &[day], &["20261224T2300/20261225T0000"]);
    closes_and_opens(
        &format!("{date}|DURATION:PT36H"),
        &["20261224T2300/20261226T2300"],
        &["20261224T2300/20261226T1100"],
    );
    closes_and_opens(&format!("{date}|DURATION:PT0S"), &[day], &[]);
    closes_and_opens("DTSTART;VALUE=DATE:20261225T080000|DURATION:PT1H", &[day], &["20261225T0700/20261225T0800"]);
    closes_and_opens(
        "DTSTART;VALUE=DATE:20261225T080000|DTEND;VALUE=DATE:20261225T090000",
        &[day],
        &["20261225T0700/20261225T0800"],
    );
    // Midnight here; elsewhere it may be the day before as well.
    closes_and_opens("DTSTART;VALUE=DATE:20261224T230000Z", &[day], &[]);
    closes_and_opens("DTSTART;VALUE=DATE:20261225T220000Z", &["20261224T2300/20261226T2300"], &[]);
    closes_and_opens(
        "DTSTART:20261225T080000|DTEND;VALUE=DATE:20261226",
        &["20261225T0700/20261226T2300"],
        &["20261225T0700/20261225T2300"],
    );
    closes_and_opens("DTSTART:20261225T080000|DTEND;VALUE=DATE:20261225", &["20261225T0700/20261225T2300"], &[]);
}

#[test]
fn what_takes_no_time_leaves_no_gap_in_a_freeze() {
    let day = "20261224T2300/20261225T2300";
    closes_and_opens("DTSTART:20261225T000000|DTEND:20261225T000000", &[day], &[]);
    closes_and_opens("DTSTART;VALUE=DATE:20261225|DTEND;VALUE=DATE:20261225", &[day], &[]);
    // Both are shown as 03:00.
    closes_and_opens("DTSTART:20260329T021500|DTEND:20260329T024500", &["20260329T0100/20260329T0130"], &[]);
    let series = "UID:a|DTSTART:20260105T080000|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=2";
    let hours = ["20260105T0700/20260105T0800", "20260106T0700/20260106T0800"];
    for empty in ["DTSTART:20260107T080000", "DTSTART:20260107T080000|DTEND:20260107T080000"] {
        closes_and_opens(&format!("{series}||UID:a|{empty}|RECURRENCE-ID:20260106T080000"), &hours, &hours[..1]);
    }
    closes_and_opens(&format!("{series}|RDATE;VALUE=PERIOD:20260106T080000/PT0S"), &hours, &hours[..1]);
    // Free time has been moved as any other.
    let free =
        "UID:a|X-MICROSOFT-CDO-BUSYSTATUS:FREE|DTSTART:20260107T080000|DURATION:PT1H|RECURRENCE-ID:20260106T080000";
    closes_and_opens(&format!("{series}||{free}"), &[hours[0], "20260107T0700/20260107T0800"], &hours[..1]);
    // Nobody knows whether it has been moved.
    let moved = "DTSTART:20260107T080000|DURATION:PT1H|RECURRENCE-ID:20260106T080000";
    for status in ["TENTATIVE", "CANCELED"] {
        closes_and_opens(
            &format!("{series}||UID:a|STATUS:{status}|{moved}"),
            &[hours[0], hours[1], "20260107T0700/20260107T0800"],
            &hours[..1],
        );
    }
}

#[test]
fn a_zone_that_is_left_out_closes_more() {
    // 13:00 in New York is 19:00 in Berlin.
    closes_and_opens(
        "DTSTART;TZID=America/New_York:20261218T120000|DTEND:20261218T130000",
        &["20261218T1700/20261218T1800"],
        &[],
    );
    closes_and_opens(
        "DTSTART;TZID=Asia/Tokyo:20261224T180000|DTEND:20261224T200000",
        &["20261224T0900/20261224T1900"],
        &["20261224T0900/20261224T1100"],
    );
    let series = "UID:a|DTSTART;TZID=America/New_York:20261201T120000|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=3";
    let hours = ["20261201T1700/20261201T1800", "20261202T1700/20261202T1800", "20261203T1700/20261203T1800"];
    closes_and_opens(&format!("{series}|EXDATE:20261202T120000"), &[hours[0], hours[2]], &[hours[0], hours[2]]);
    closes_and_opens(&format!("{series}|EXDATE:20261202T180000"), &[hours[0], hours[2]], &[hours[0], hours[2]]);
    closes_and_opens(
        &format!("{series}|RDATE:20261205T120000"),
        &[hours[0], hours[1], hours[2], "20261205T1100/20261205T1200", "20261205T1700/20261205T1800"],
        &hours,
    );
    // UTC by the RFC, New York by its text.
    let until = "DTSTART;TZID=America/New_York:20261201T120000|DURATION:PT1H|RRULE:FREQ=DAILY;UNTIL=20261203T150000";
    closes_and_opens(until, &hours, &hours[..2]);
    closes_and_opens(&until.replace("T150000", ""), &hours, &hours[..2]);
    // The day of a series in UTC is that of either clock.
    let night = "DTSTART:20261201T233000Z|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=3";
    let nights = ["20261201T2330/20261202T0030", "20261202T2330/20261203T0030", "20261203T2330/20261204T0030"];
    closes_and_opens(&format!("{night}|EXDATE;VALUE=DATE:20261203"), &nights, &nights[..1]);
    // An exception that nothing starts at takes no occurrence out of a freeze, and the day out of an allow window.
    let open = [hours[0], hours[2]];
    closes_and_opens(&format!("{series}|EXDATE;TZID=America/New_York:20261202T090000"), &hours, &open);
    closes_and_opens(&format!("{series}||UID:a|STATUS:CANCELLED|RECURRENCE-ID:20261202T090000Z"), &hours, &open);
}

#[test]
fn a_date_in_utc_is_that_of_the_series() {
    let days = ["20261223T2300/20261224T2300", "20261224T2300/20261225T2300", "20261225T2300/20261226T2300"];
    let series = "UID:a|DTSTART;VALUE=DATE:20261224|RRULE:FREQ=DAILY;COUNT=3";
    let but_25 = [days[0], days[2]];
    closes_and_opens(&format!("{series}|EXDATE:20261224T230000Z"), &but_25, &but_25);
    closes_and_opens(&format!("{series}|EXDATE;TZID=Asia/Tokyo:20261225T000000"), &but_25, &but_25);
    closes_and_opens(&format!("{series}|EXDATE:20261225T000000"), &but_25, &but_25);
    closes_and_opens(&format!("{series}||UID:a|STATUS:CANCELLED|RECURRENCE-ID:20261224T230000Z"), &but_25, &but_25);
    // Midnight in New York; it is the same date here.
    closes_and_opens(&format!("{series}|EXDATE:20261225T050000Z"), &but_25, &but_25);
    // Midnight in Tokyo, and the afternoon before here.
    closes_and_opens(&format!("{series}|EXDATE:20261224T150000Z"), &days, &days[2..]);
    closes_and_opens(
        "DTSTART;VALUE=DATE:20261224|RDATE:20261224T230000Z,20261225T220000Z",
        &[days[0], days[1], days[2]],
        &days[..2],
    );
    let until = "DTSTART;VALUE=DATE:20261224|RRULE:FREQ=DAILY;UNTIL=20261224T230000Z";
    closes_and_opens(until, &days[..2], &days[..2]);
    closes_and_opens(&until.replace("T230000Z", "T220000Z"), &days[..2], &days[..1]);
    // What the calendar says of its own zone counts, too.
    let wide = format!("{series}|EXDATE:20261224T230000Z");
    let text = wrap(&wide).replacen('\n', "\nX-WR-TIMEZONE:America/New_York\n", 1);
    assert_eq!(meaning(&text, Effect::Freeze).expect("a calendar").0, days);
    assert_eq!(meaning(&text, Effect::Allow).expect("a calendar").0, days[2..]);
    let text = wrap(&wide.replace("T230000Z", "T233000Z")).replacen('\n', "\nX-WR-TIMEZONE:Europe/Paris\n", 1);
    assert_eq!(meaning(&text, Effect::Freeze).expect("a calendar").0, but_25);
}

#[test]
fn what_a_rule_leaves_open() {
    const MONTH: &str = "`BYMONTHDAY` of a year, without `BYMONTH`, means the month of `DTSTART`";
    let google = "DTSTART;VALUE=DATE:20260214|RRULE:FREQ=YEARLY;WKST=MO;INTERVAL=1;BYMONTHDAY=14;COUNT=2";
    let quirk = format!("line 4: {MONTH}");
    for effect in [Effect::Freeze, Effect::Allow] {
        check_whole(&wrap(google), effect, &["20260213T2300/20260214T2300", "20270213T2300/20270214T2300"], &[&quirk]);
    }
    check(
        "DTSTART;VALUE=DATE:20260413|RRULE:FREQ=YEARLY;BYDAY=MO,2TU;BYMONTHDAY=8,9,10,11,12,13,14;COUNT=3",
        &["20260412T2200/20260413T2200", "20260413T2200/20260414T2200", "20270411T2200/20270412T2200"],
        &[&quirk],
    );
    check(
        "DTSTART;VALUE=DATE:20260105|RRULE:FREQ=YEARLY;BYWEEKNO=2;COUNT=1",
        &["20260104T2300/20260105T2300"],
        &[
            "line 4: `BYWEEKNO` without a day means the weekday of `DTSTART`",
            "line 3: a `DTSTART` that its `RRULE` does not give counts all the same",
        ]
        .map(|quirk| quirk)[..1],
    );
    check(
        "DTSTART;VALUE=DATE:20260105|RRULE:FREQ=DAILY;BYHOUR=9,17;BYMINUTE=30;BYSECOND=0;COUNT=2",
        &["20260104T2300/20260105T2300", "20260105T2300/20260106T2300"],
        &["line 4: `BYHOUR`, `BYMINUTE` and `BYSECOND` are ignored where `DTSTART` is a date"],
    );
    fails(
        "DTSTART;VALUE=DATE:20260105|RRULE:FREQ=HOURLY",
        "line 4: `RRULE`: `FREQ=HOURLY`: such a FREQ counts within the day, and `DTSTART` is a date",
    );
    // A beginning off the rule: RFC 5545 leaves it open whether it counts, and for COUNT.
    closes_and_opens(
        "DTSTART:20260105T080000|DURATION:PT1H|RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=2",
        &["20260105T0700/20260105T0800", "20260106T0700/20260106T0800", "20260113T0700/20260113T0800"],
        &["20260106T0700/20260106T0800"],
    );
}

#[test]
fn an_allow_window_opens_for_what_is_certain() {
    let event = "DTSTART:20260105T080000|DURATION:PT1H";
    let hour = ["20260105T0700/20260105T0800"];
    for odd in [
        "STATUS:CANCELED",
        "STATUS:MAYBE",
        "STATUS:",
        "STATUS:TENTATIVE",
        "TRANSP:TRANSPARENT",
        "TRANSP:MAYBE",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
        "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE",
    ] {
        closes_and_opens(&format!("{event}|{odd}"), &hour, &[]);
    }
    for clear in ["STATUS:confirmed", "TRANSP:OPAQUE", "X-MICROSOFT-CDO-BUSYSTATUS:OOF"] {
        closes_and_opens(&format!("{event}|{clear}"), &hour, &hour);
    }
    // Of two versions with the same number one is called off.
    closes_and_opens(&format!("UID:a|STATUS:CANCELLED|{event}||UID:a|{event}"), &hour, &[]);
    let text = |method: &str| wrap(event).replacen('\n', &format!("\nMETHOD:{method}\n"), 1);
    for method in ["COUNTER", "REPLY", "CANCEL", "DECLINECOUNTER"] {
        assert_eq!(meaning(&text(method), Effect::Freeze).expect("a calendar").0, hour);
        assert!(meaning(&text(method), Effect::Allow).is_err_and(|error| error.starts_with("line 2: `METHOD` is")));
    }
    for method in ["PUBLISH", "request", ""] {
        check_whole(&text(method), Effect::Allow, &hour, &[]);
    }
}

#[test]
fn an_override_without_a_uid() {
    let (one, other) =
        ("DTSTART:20260105T080000|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=2", "DTSTART:20260105T100000|DURATION:PT1H");
    let cancelled = "STATUS:CANCELLED|RECURRENCE-ID:20260106T080000";
    let rest = ["20260105T0700/20260105T0800", "20260105T0900/20260105T1000"];
    for uid in ["", "UID:a|"] {
        closes_and_opens(&format!("{uid}{one}||{other}||{cancelled}"), &rest, &rest);
    }
    for (events, count) in [(format!("{one}||{one}||{cancelled}"), 2), (format!("{other}||{cancelled}"), 0)] {
        for effect in [Effect::Freeze, Effect::Allow] {
            let error = meaning(&wrap(&events), effect).expect_err("an error");
            assert!(error.ends_with(&format!("may be about {count} events; give it the `UID` of one")), "{error}");
        }
    }
    let moved = "DTSTART:20260110T080000|DURATION:PT1H|RECURRENCE-ID:20260106T080000";
    let moved_hour = ["20260105T0700/20260105T0800", "20260110T0700/20260110T0800"];
    closes_and_opens(&format!("{one}||{moved}"), &moved_hour, &moved_hour);
    assert!(meaning(&wrap(&format!("{one}||{one}||{moved}")), Effect::Allow).is_err());
}

#[test]
fn what_is_said_twice_or_empty_is_taken() {
    const TWICE: &str = "a property that is given twice says the same both times";
    let day = ["20260104T2300/20260105T2300"];
    let event = "DTSTART;VALUE=DATE:20260105|DTSTART;VALUE=DATE:20260105|STATUS:CONFIRMED|status:confirmed";
    let text = wrap(event).replacen('\n', "\nCALSCALE:GREGORIAN\nX:1\nCALSCALE:Gregorian\n", 1);
    check_whole(&text, Effect::Allow, &day, &[&format!("line 4: {TWICE} (3 times in all)")]);
    check_whole(
        &wrap("DTSTART;VALUE=DATE:20260105|RRULE:|EXDATE:|RDATE:|SEQUENCE:|UID:"),
        Effect::Allow,
        &day,
        &[
            "line 4: an empty `RRULE` is no recurrence",
            "line 5: an empty `EXDATE` or `RDATE` lists nothing (2 times in all)",
        ]
        .map(|quirk| quirk.replace("line 5", "line 6"))
        .each_ref()
        .map(String::as_str),
    );
    fails(
        "DTSTART;VALUE=DATE:20260105|STATUS:CONFIRMED|STATUS:CANCELLED",
        "line 5: `STATUS` is given twice in one `VEVENT`, and differs",
    );
    let carriage = wrap("DTSTART;VALUE=DATE:20260105").replace('\n', "\r");
    assert_eq!(meaning(&carriage, Effect::Freeze).expect("a calendar").0, day);
}

#[test]
fn zones_by_other_names() {
    let at = |name: &str| wrap(&format!("DTSTART;TZID={name}:20260705T080000|DURATION:PT1H"));
    for (name, hour) in [
        ("W. Europe Standard Time", "0600"),
        ("\"w. europe standard time\"", "0600"),
        ("W. Europe", "0600"),
        ("Eastern Standard Time", "1200"),
        ("Eastern Standard Time (Mexico)", "1300"),
        ("Russia Time Zone 11", "2000"),
        ("UTC-11", "1900"),
        ("\"tzone://Microsoft/Utc\"", "0800"),
        ("europe/berlin", "0600"),
        ("/Europe/Berlin", "0600"),
        ("/freeassociation.sourceforge.net/Tzfile/America/New_York", "1200"),
        ("\"/mozilla.org/20050126_1/Europe/Berlin\"", "0600"),
    ] {
        let (found, quirks) = meaning(&at(name), Effect::Allow).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(found[0].split('/').next().map(|at| &at[9..]), Some(hour), "{name}");
        assert_eq!(quirks.len(), 1, "{name}: {quirks:?}");
    }
    for name in [
        "Customized Time Zone",
        "\"tzone://Microsoft/Custom\"",
        "Eastern Standard Time 1",
        "\"(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna\"",
        "\"(GMT+01.00) Sarajevo/Warsaw/Zagreb\"",
        "\"(GMT-05:00) Eastern/EST\"",
        "Mitteleuropäische Zeit",
        "",
    ] {
        assert!(meaning(&at(name), Effect::Freeze).is_err(), "{name}");
    }
    // What the calendar says counts, whatever Windows means.
    let zone = "BEGIN:VTIMEZONE\nTZID:Eastern Standard Time\nBEGIN:STANDARD\nDTSTART:16010101T020000\nTZOFFSETFROM:+0300\n\
                TZOFFSETTO:+0300\nRRULE:FREQ=YEARLY;BYMONTH=1;BYDAY=1MO;BYHOUR=2;BYMINUTE=0\nEND:STANDARD\nEND:VTIMEZONE\n";
    let text = at("Eastern Standard Time").replacen("BEGIN:VEVENT", &format!("{zone}BEGIN:VEVENT"), 1);
    check_whole(&text, Effect::Freeze, &["20260705T0500/20260705T0600"], &[]);
}

#[test]
fn a_calendar_that_names_another_zone() {
    let quirk =
        "line 4: `X-WR-TIMEZONE` is another zone than the window's `timezone`, in which times without a zone are";
    let hour = ["20260105T0700/20260105T0800"];
    let text = |zone: &str, event: &str| wrap(event).replacen('\n', &format!("\nX-WR-TIMEZONE:{zone}\n"), 1);
    let event = "DTSTART:20260105T080000|DURATION:PT1H";
    for zone in ["America/New_York", "Nowhere"] {
        check_whole(&text(zone, event), Effect::Freeze, &hour, &[quirk]);
    }
    for zone in ["Europe/Berlin", "", "Arctic/Longyearbyen"] {
        check_whole(&text(zone, event), Effect::Freeze, &hour, &[]);
    }
    check_whole(&text("UTC", "DTSTART;VALUE=DATE:20260105"), Effect::Freeze, &["20260104T2300/20260105T2300"], &[]);
    check_whole(&text("UTC", "DTSTART:20260105T070000Z|DURATION:PT1H"), Effect::Freeze, &hour, &[]);
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

#[test]
fn google_holidays() {
    let text = "BEGIN:VCALENDAR\r\nPRODID:-//Google Inc//Google Calendar 70.9054//EN\r\nVERSION:2.0\r\n\
        CALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\nX-WR-CALNAME:Holidays in United Kingdom\r\nX-WR-TIMEZONE:UTC\r\n\
        BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261226\r\nDTSTAMP:20260101T000000Z\r\n\
        UID:20261225_1@google.com\r\nCLASS:PUBLIC\r\nDESCRIPTION:Public holiday: in\\nthe whole country\\, to hi\r\n \
        de it: go to settings\r\nSEQUENCE:0\r\nSTATUS:CONFIRMED\r\nSUMMARY:Christmas Day\r\nTRANSP:TRANSPARENT\r\n\
        END:VEVENT\r\nEND:VCALENDAR\r\n";
    check_whole(
        text,
        Effect::Freeze,
        &["20261224T2300/20261225T2300"],
        &["line 8: `TRANSP:TRANSPARENT` counts in a freeze"],
    );
}

const OUTLOOK: &str = "BEGIN:VCALENDAR
METHOD:PUBLISH
PRODID:Microsoft Exchange Server 2010
VERSION:2.0
BEGIN:VEVENT
UID:040000008200E00074C5B7101A82E008
RRULE:FREQ=WEEKLY;COUNT=2
EXDATE;TZID=W. Europe Standard Time:20261030T160000
SUMMARY:No deployments
DTSTART;TZID=W. Europe Standard Time:20261023T160000
DTEND;TZID=W. Europe Standard Time:20261023T180000
CLASS:PUBLIC
TRANSP:OPAQUE
STATUS:CONFIRMED
X-MICROSOFT-CDO-BUSYSTATUS:BUSY
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER;RELATED=START:-PT15M
END:VALARM
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART;TZID=\"(UTC+01:00) Amsterdam, Berlin\":20261224T160000
DURATION:PT1H
END:VEVENT
BEGIN:VTIMEZONE
TZID:W. Europe Standard Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VTIMEZONE
TZID:(UTC+01:00) Amsterdam\\, Berlin
BEGIN:STANDARD
DTSTART:16010101T000000
TZOFFSETFROM:+0100
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
END:VCALENDAR
";

#[test]
fn outlook() {
    let occurrences = ["20261023T1400/20261023T1600", "20261224T1500/20261224T1600"];
    check_whole(OUTLOOK, Effect::Freeze, &occurrences, &[]);
    // A zone is looked for in its own calendar.
    let other = OUTLOOK.replace("+0100", "+0300").replace("+0200", "+0400");
    let moved = ["20261023T1200/20261023T1400", "20261224T1300/20261224T1400"];
    check_whole(&other, Effect::Freeze, &moved, &[]);
    let both = [moved[0], occurrences[0], moved[1], occurrences[1]];
    check_whole(
        &[OUTLOOK, &other].concat(),
        Effect::Freeze,
        &both,
        &["line 54: several events of one `UID` all count in a freeze (2 times in all)"],
    );
}

#[test]
fn a_calendar_that_is_cut_is_an_error() {
    let end = OUTLOOK.trim_end().len();
    for cut in 0..end {
        assert!(meaning(&OUTLOOK[..cut], Effect::Freeze).is_err(), "cut after {cut} bytes");
    }
    assert!(meaning(&OUTLOOK[..end], Effect::Freeze).is_ok());
}

#[test]
fn a_calendar_may_be_folded_anywhere() {
    for (width, end) in [(1, "\r\n "), (7, "\n\t")] {
        let fold = |line: &str| {
            let parts: Vec<_> =
                line.as_bytes().chunks(width).map(|part| str::from_utf8(part).expect("ASCII")).collect();
            parts.join(end) + "\n"
        };
        let folded: String = OUTLOOK.lines().map(fold).collect();
        assert_eq!(meaning(&folded, Effect::Freeze), meaning(OUTLOOK, Effect::Freeze));
    }
}

#[test]
fn apple() {
    // What the calendar says of a zone that is known to the world is not looked at.
    let text = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Apple Inc.//macOS 14.5//EN\nCALSCALE:GREGORIAN\n\
        BEGIN:VTIMEZONE\nTZID:Europe/London\nBEGIN:DAYLIGHT\nTZOFFSETFROM:+9900\nEND:DAYLIGHT\nEND:VTIMEZONE\n\
        BEGIN:VEVENT\nCREATED:20260101T120000Z\nUID:6E7A\nDTEND;TZID=Europe/London:20260706T100000\nTRANSP:OPAQUE\n\
        X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC\nSUMMARY:Freeze\nDTSTART;TZID=Europe/London:20260706T090000\n\
        DTSTAMP:20260101T120000Z\nSEQUENCE:1\nRRULE:FREQ=DAILY;COUNT=3\nEND:VEVENT\n\
        BEGIN:VEVENT\nUID:6E7A\nRECURRENCE-ID;TZID=Europe/London:20260707T090000\nSEQUENCE:2\n\
        DTSTART;TZID=Europe/London:20260707T150000\nDTEND;TZID=Europe/London:20260707T160000\nEND:VEVENT\n\
        END:VCALENDAR\n";
    check_whole(
        text,
        Effect::Allow,
        &["20260706T0800/20260706T0900", "20260707T1400/20260707T1500", "20260708T0800/20260708T0900"],
        &[],
    );
}

#[test]
fn aws_change_calendar() {
    let text = "BEGIN:VCALENDAR\r\nPRODID:-//AWS//Change Calendar 1.0//EN\r\nVERSION:2.0\r\n\
        X-CALENDAR-TYPE:DEFAULT_OPEN\r\nX-WR-CALDESC:\r\nBEGIN:VTODO\r\nDTSTAMP:20200320T004207Z\r\nUID:3b5af39a\r\n\
        SUMMARY:Add events to this calendar.\r\nSTATUS:NEEDS-ACTION\r\nEND:VTODO\r\nBEGIN:VEVENT\r\n\
        DTSTAMP:20210319T000000Z\r\nUID:7e2c\r\nSEQUENCE:0\r\nSUMMARY:Launch\r\n\
        DTSTART;TZID=America/New_York:20260308T010000\r\nDTEND;TZID=America/New_York:20260308T040000\r\n\
        END:VEVENT\r\nEND:VCALENDAR";
    check_whole(text, Effect::Freeze, &["20260308T0600/20260308T0800"], &[]);
    let quirk = "line 4: `X-CALENDAR-TYPE:DEFAULT_OPEN` is for a freeze window, and this one allows";
    check_whole(text, Effect::Allow, &["20260308T0600/20260308T0800"], &[quirk]);
}
