//! What can be read in two ways: the one that closes more counts.

use super::{Effect, check, check_whole, closes_and_opens, fails, meaning, wrap};

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
    // The clocks skip both.
    closes_and_opens("DTSTART:20260329T021500|DTEND:20260329T024500", &["20260329T0100/20260329T0145"], &[]);
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
    closes_and_opens(
        "DTSTART:20261201T233000Z|DURATION:PT1H|RDATE;VALUE=DATE:20261204",
        &[nights[0], nights[2], "20261204T2330/20261205T0030"],
        &nights[..1],
    );
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
    closes_and_opens(
        "DTSTART;VALUE=DATE:20260413|RRULE:FREQ=YEARLY;BYDAY=MO,2TU;BYMONTHDAY=8,9,10,11,12,13,14;COUNT=3",
        &[
            "20260412T2200/20260413T2200",
            "20260413T2200/20260414T2200",
            "20260510T2200/20260511T2200",
            "20260607T2200/20260608T2200",
            "20270411T2200/20270412T2200",
        ],
        &["20260412T2200/20260413T2200", "20260413T2200/20260414T2200", "20270411T2200/20270412T2200"],
    );
    closes_and_opens(
        "DTSTART;VALUE=DATE:20260105|RRULE:FREQ=YEARLY;BYWEEKNO=2;COUNT=2",
        &["20260104T2300/20260105T2300", "20260105T2300/20260106T2300", "20270110T2300/20270111T2300"],
        &["20260104T2300/20260105T2300", "20270110T2300/20270111T2300"],
    );
    check(
        "DTSTART;VALUE=DATE:20260105|RRULE:FREQ=YEARLY;BYWEEKNO=2;COUNT=1",
        &["20260104T2300/20260105T2300"],
        &[
            "line 4: `BYWEEKNO` without a day may mean the weekday of `DTSTART` or all seven; it is taken so that more is closed",
        ],
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
