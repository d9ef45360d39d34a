//! Names with a slip in them, which would go unseen: an event would end earlier, recur no more, or not be there.

use super::{Effect, check, check_whole, fails, meaning, wrap};

#[test]
fn a_property_with_a_slip_is_an_error() {
    for (line, name, meant) in [
        ("DTEDN;VALUE=DATE:20270104", "DTEDN", "DTEND"),
        ("dtedn;VALUE=DATE:20270104", "DTEDN", "DTEND"),
        ("DT-END;VALUE=DATE:20270104", "DT-END", "DTEND"),
        ("DURATON:P11D", "DURATON", "DURATION"),
        ("RULE:FREQ=YEARLY", "RULE", "RRULE"),
        ("EX-RULE:FREQ=YEARLY", "EX-RULE", "EXRULE"),
        ("RDATES;VALUE=DATE:20270104", "RDATES", "RDATE"),
        ("EXDATES;VALUE=DATE:20270104", "EXDATES", "EXDATE"),
        ("RECURRENCEID;VALUE=DATE:20270104", "RECURRENCEID", "RECURRENCE-ID"),
        ("STATSU:CANCELLED", "STATSU", "STATUS"),
        ("TRANS:TRANSPARENT", "TRANS", "TRANSP"),
    ] {
        let event = format!("DTSTART;VALUE=DATE:20261224|{line}");
        fails(&event, &format!("line 4: `{name}` is not known; did you mean `{meant}`?"));
        assert!(meaning(&wrap(&event), Effect::Allow).is_err(), "{line}");
    }
    let zone = "BEGIN:VTIMEZONE\nTZID:z\nBEGIN:DAYLIGHT\nDTSTART:20260101T000000\nRRUEL:FREQ=YEARLY\nEND:DAYLIGHT\nEND:VTIMEZONE";
    let text = wrap("DTSTART:20261224T180000").replacen('\n', &format!("\n{zone}\n"), 1);
    let error = "line 6: `RRUEL` is not known; did you mean `RRULE`?";
    assert_eq!(meaning(&text, Effect::Freeze).err().as_deref(), Some(error));
}

#[test]
fn what_is_none_is_left_alone() {
    let day = ["20261223T2300/20261224T2300"];
    for line in [
        "DTSTAMP:20260101T000000Z",
        "dtstamp:20260101T000000Z",
        "DCREATED:20260101T000000Z",
        "LOCATION:x",
        "COLOR:red",
        "X-DTEDN:20270104",
        "x-status:CANCELLED",
        "BEGIN:VALARM|DURATIO:PT5M|END:VALARM",
    ] {
        check(&format!("DTSTART;VALUE=DATE:20261224|{line}"), &day, &[]);
    }
    let many = (0..100).map(|number| format!("|A{number}B{number}C:x")).collect::<Vec<_>>().concat();
    check(&format!("DTSTART;VALUE=DATE:20261224{many}"), &day, &[]);
    fails(
        &format!("DTSTART;VALUE=DATE:20261224{many}|DTEDN;VALUE=DATE:20270104"),
        "line 104: `DTEDN` is not known; did you mean `DTEND`?",
    );
}

#[test]
fn an_event_with_a_slip_is_an_error() {
    let event = wrap("DTSTART;VALUE=DATE:20261224");
    for slip in ["VEVNT", "EVENT", "vevents", "VEVENT\0"] {
        let text = event.replace("VEVENT", slip);
        let shown = slip.replace('\0', "\\u{0}");
        let error = format!("line 2: `BEGIN` is `{shown}`, which is not known; did you mean `VEVENT`?");
        assert_eq!(meaning(&text, Effect::Freeze), Err(error));
        assert!(meaning(&text, Effect::Allow).is_err(), "{slip}");
    }
    for (other, shown) in [("X-VEVENT", "X-VEVENT"), ("VPOLL", "VPOLL"), ("VEVENT\u{200b}", "VEVENT\\u{200b}")] {
        let quirk = format!("line 2: only `VEVENT` counts, and this does not: `{shown}`");
        check_whole(&event.replace("VEVENT", other), Effect::Freeze, &[], &[&quirk]);
    }
    check_whole(&event.replace("VEVENT", "VTODO"), Effect::Freeze, &[], &[]);
}

#[test]
fn a_zone_that_would_go_unseen_is_an_error() {
    for (parameter, shown) in [
        ("TZ=America/New_York", "TZ=America/New_York"),
        ("TIMEZONE=America/New_York", "TIMEZONE=America/New_York"),
        ("TZ=\"America/New_York\"", "TZ=\"America/New_York\""),
        ("X-NOTE=\"a;b\";TZ=America/New_York", "TZ=America/New_York"),
        ("Tzdi=America/New_York", "Tzdi=America/New_York"),
        ("America/New_York", "America/New_York"),
    ] {
        let error = |name: &str| format!("`{name}` has the parameter `{shown}`, which no time has; its zone is `TZID`");
        fails(&format!("DTSTART;{parameter}:20261224T180000|DURATION:PT1H"), &format!("line 3: {}", error("DTSTART")));
        let series = "DTSTART;TZID=America/New_York:20261224T180000|DURATION:PT1H|RRULE:FREQ=DAILY";
        fails(&format!("{series}|EXDATE;{parameter}:20261225T180000"), &format!("line 6: {}", error("EXDATE")));
    }
    let hour = ["20261224T1700/20261224T1800"];
    for parameter in ["", "X-TZ=America/New_York", "VALUE=DATE-TIME;X-ZONE=a/b", "TZID=Europe/Berlin;TZ=Asia/Tokyo"] {
        check(&format!("DTSTART;{parameter}:20261224T180000|DURATION:PT1H"), &hour, &[]);
    }
}
