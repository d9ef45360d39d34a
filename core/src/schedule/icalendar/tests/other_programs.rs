//! What is odd but clear, and names that zones have elsewhere.

use super::{Effect, check_whole, fails, meaning, wrap};

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
            "line 4: an empty `RRULE` is not a recurrence",
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
    let quirk = "line 2: only `VEVENT` counts, and this does not: `VFREEBUSY`";
    let busy = "BEGIN:VCALENDAR\nBEGIN:VFREEBUSY\nFREEBUSY:20261224T170000Z/PT1H\nEND:VFREEBUSY\nEND:VCALENDAR";
    check_whole(busy, Effect::Freeze, &[], &[quirk]);
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
        ("\"(UTC-05:00) Eastern Time (US and Canada)\"", "1200"),
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
    // What the calendar says counts, and what Windows means, too.
    let zone = "BEGIN:VTIMEZONE\nTZID:Eastern Standard Time\nBEGIN:STANDARD\nDTSTART:16010101T020000\nTZOFFSETFROM:+0300\n\
                TZOFFSETTO:+0300\nRRULE:FREQ=YEARLY;BYMONTH=1;BYDAY=1MO;BYHOUR=2;BYMINUTE=0\nEND:STANDARD\nEND:VTIMEZONE\n";
    let text = at("Eastern Standard Time").replacen("BEGIN:VEVENT", &format!("{zone}BEGIN:VEVENT"), 1);
    let both = ["20260705T0500/20260705T0600", "20260705T1200/20260705T1300"];
    check_whole(
        &text,
        Effect::Freeze,
        &both,
        &["line 12: a `DTSTART` that can be in two zones counts in a freeze in both"],
    );
}

#[test]
fn a_calendar_that_names_another_zone() {
    let quirk = "line 4: the calendar's own zone (`X-WR-TIMEZONE`, or its only `VTIMEZONE`) is not the window's `timezone`, in which times without a zone are";
    let hour = ["20260105T0700/20260105T0800"];
    let text = |zone: &str, event: &str| wrap(event).replacen('\n', &format!("\nX-WR-TIMEZONE:{zone}\n"), 1);
    let event = "DTSTART:20260105T080000|DURATION:PT1H";
    for zone in ["America/New_York", "Nowhere"] {
        check_whole(&text(zone, event), Effect::Freeze, &hour, &[quirk]);
    }
    // By another name, and by what it defines alone.
    for own in ["TIMEZONE-ID:America/New_York", "TIMEZONE:UTC", "TZ:-05"] {
        check_whole(&text("", event).replacen("X-WR-TIMEZONE:", own, 1), Effect::Freeze, &hour, &[quirk]);
    }
    let defines = |zone: &str, offset: &str| {
        let zone = format!("BEGIN:VTIMEZONE\nTZID:{zone}\nBEGIN:STANDARD\nTZOFFSETFROM:{offset}\nTZOFFSETTO:{offset}");
        wrap(event).replacen('\n', &format!("\n{zone}\nDTSTART:19700101T000000\nEND:STANDARD\nEND:VTIMEZONE\n"), 1)
    };
    let found = |text: &str| meaning(text, Effect::Freeze).expect("a calendar");
    for zone in ["Ours", "America/New_York"] {
        let (occurrences, quirks) = found(&defines(zone, "-0500"));
        assert_eq!((occurrences, quirks), (vec![hour[0].to_owned()], vec![quirk.replacen('4', "11", 1)]), "{zone}");
    }
    assert_eq!(found(&defines("Europe/Berlin", "+0100")).1, Vec::<String>::new());
    for zone in ["Europe/Berlin", "", "Arctic/Longyearbyen"] {
        check_whole(&text(zone, event), Effect::Freeze, &hour, &[]);
    }
    check_whole(&text("UTC", "DTSTART;VALUE=DATE:20260105"), Effect::Freeze, &["20260104T2300/20260105T2300"], &[]);
    check_whole(&text("UTC", "DTSTART:20260105T070000Z|DURATION:PT1H"), Effect::Freeze, &hour, &[]);
}

#[test]
fn long_names_and_parameters_are_quick() {
    // Read again for each date, these would take minutes.
    let dates = vec!["20260105T080000Z"; 9_990].join(",");
    let event = "DTSTART;VALUE=DATE:20260105|RRULE:FREQ=DAILY;UNTIL=20270101T000000Z";
    let long = "a".repeat(400_000);
    let text = wrap(&format!("{event}|RDATE;X-A={long};VALUE=DATE-TIME:{dates}"));
    assert!(meaning(&text, Effect::Freeze).is_ok());
    let named = |name: &str, rule: &str| {
        let good = "BEGIN:STANDARD|DTSTART:19700101T000000|TZOFFSETFROM:+0000|TZOFFSETTO:+0100|END:STANDARD|";
        let zone = format!("BEGIN:VTIMEZONE|TZID:{name}|{}BEGIN:DAYLIGHT|RRULE:{rule}|END:DAYLIGHT|", good.repeat(150));
        let own = format!("BEGIN:VCALENDAR\nX-WR-TIMEZONE:{name}|{zone}END:VTIMEZONE\n").replace('|', "\n");
        wrap(&format!("{event}|EXDATE:{dates}")).replacen("BEGIN:VCALENDAR\n", &own, 1)
    };
    for text in [named("X", "1"), named("X", &long), named(&long, "1")] {
        assert!(meaning(&text, Effect::Freeze).is_ok());
    }
    let error = "line 3: `DTSTART` has a `TZID` of more than 200 bytes, which is not a valid name of a zone";
    fails(&format!("DTSTART;TZID={}:20260105T080000", &long[..201]), error);
    let blanks = format!("DTSTART;VALUE=DATE:20260105|X-A:1{}{}", " ".repeat(400_000), "|X-A:1".repeat(9_000));
    assert!(meaning(&wrap(&blanks.replace("X-A", "UID")), Effect::Freeze).is_ok());
}
