//! A time that can be in two zones.

use super::{Effect, closes_and_opens, meaning, wrap};

/// A zone that a calendar defines: with an offset in winter, and another one in summer.
fn with_zone(name: &str, [winter, summer]: [&str; 2], events: &str) -> String {
    let zone = format!(
        "BEGIN:VTIMEZONE\nTZID:{name}\nBEGIN:STANDARD\nDTSTART:19701101T020000\nTZOFFSETFROM:{summer}\nTZOFFSETTO:{winter}\n\
         RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU\nEND:STANDARD\nBEGIN:DAYLIGHT\nDTSTART:19700308T020000\nTZOFFSETFROM:{winter}\n\
         TZOFFSETTO:{summer}\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU\nEND:DAYLIGHT\nEND:VTIMEZONE\n"
    );
    wrap(events).replacen("BEGIN:VEVENT", &format!("{zone}BEGIN:VEVENT"), 1)
}

#[track_caller]
fn check(text: &str, closed: &[&str], open: &[&str]) {
    for (effect, occurrences) in [(Effect::Freeze, closed), (Effect::Allow, open)] {
        let (found, quirks) = meaning(text, effect).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(found, occurrences, "{effect:?} {text}");
        assert_eq!(quirks.is_empty(), closed == open, "{effect:?} {text} {quirks:?}");
    }
}

#[test]
fn a_calendar_that_defines_a_known_name_otherwise() {
    let event = |name: &str, day: &str| format!("DTSTART;TZID={name}:{day}T090000|DTEND;TZID={name}:{day}T100000");
    let text = with_zone("EST", ["-0500", "-0400"], &event("EST", "20260709"));
    check(&text, &["20260709T1300/20260709T1400", "20260709T1400/20260709T1500"], &[]);
    // In winter both are the same.
    let hour = ["20260109T1400/20260109T1500"];
    check(&with_zone("EST", ["-0500", "-0400"], &event("EST", "20260109")), &hour, &hour);
    let text = with_zone("GMT", ["+0100", "+0100"], &event("GMT", "20260109"));
    check(&text, &["20260109T0800/20260109T0900", "20260109T0900/20260109T1000"], &[]);
    // A definition that says what is known.
    let text = with_zone(
        "America/New_York",
        ["-0500", "-0400"],
        &format!("{}|RRULE:FREQ=DAILY;COUNT=1", event("America/New_York", "20260709")),
    );
    check(&text, &["20260709T1300/20260709T1400"], &["20260709T1300/20260709T1400"]);
    // A name that most people write in summer, too.
    let both = ["20260709T1300/20260709T1400", "20260709T1400/20260709T1500"];
    check(&wrap(&event("EST", "20260709")), &both, &[]);
    check(&wrap(&event("EST", "20260109")), &hour, &hour);
}

/// Offsets and onsets of a `VTIMEZONE`, one observance each.
fn defined(name: &str, observances: &[(&str, &str, &str)], events: &str) -> String {
    let observance = |(onset, from, to): &(&str, &str, &str)| {
        format!("BEGIN:STANDARD\nDTSTART:{onset}\nTZOFFSETFROM:{from}\nTZOFFSETTO:{to}\nEND:STANDARD\n")
    };
    let all: String = observances.iter().map(observance).collect();
    let zone = format!("BEGIN:VTIMEZONE\nTZID:{name}\n{all}END:VTIMEZONE\nBEGIN:VEVENT");
    wrap(&events.replace("NAME", name)).replacen("BEGIN:VEVENT", &zone, 1)
}

#[test]
fn a_name_that_is_defined_twice() {
    let event = |name: &str| format!("DTSTART;TZID={name}:20260109T090000|DURATION:PT1H");
    let zone = |name: &str, offset: &str| {
        let text = defined(name, &[("19700101T000000", offset, offset)], "");
        text[text.find("BEGIN:VTIMEZONE").expect("a zone")..text.find("BEGIN:VEVENT").expect("an event")].to_owned()
    };
    let with = |zones: &[String], name: &str| {
        wrap(&event(name)).replacen("BEGIN:VEVENT", &(zones.concat() + "BEGIN:VEVENT"), 1)
    };
    let both = ["20260109T0700/20260109T0800", "20260109T1400/20260109T1500"];
    let name = "Customized Time Zone";
    let two = with(&[zone(name, "+0200"), zone(name, "-0500")], name);
    check(&two, &both, &[]);
    let (_, quirks) = meaning(&two, Effect::Freeze).expect("a calendar");
    assert_eq!(quirks[0], "line 10: a second `VTIMEZONE` of one `TZID` is another one: `Customized Time Zone`");
    check(&with(&[zone(name, "+0200"), zone(name, "+0200")], name), &both[..1], &both[..1]);
    let three = with(&[zone(name, "+0200"), zone(name, "-0500"), zone(name, "+0900")], name);
    let error = "line 18: `Customized Time Zone` is defined here as a third zone, after two others; give each zone a name \
                 of its own, or the events of each a window of their own";
    for effect in [Effect::Freeze, Effect::Allow] {
        assert_eq!(meaning(&three, effect).err().as_deref(), Some(error));
    }
    let third = with(&[zone(name, "+0200"), zone(name, "-0500"), zone(name, "+0200")], name);
    check(&third, &both, &[]);
    // A name of IANA's, of which the second definition alone is another zone.
    let name = "Africa/Maputo";
    check(&with(&[zone(name, "+0200"), zone(name, "-0500")], name), &both, &[]);
}

#[test]
fn a_zone_is_compared_while_the_event_goes_on() {
    // Clocks that change no more, as programs define them since: they did so until 2022.
    let event = "DTSTART;TZID=NAME:20200701T090000|DURATION:PT1H|RRULE:FREQ=YEARLY";
    for name in ["America/Mexico_City", "Central Standard Time (Mexico)"] {
        let text = defined(name, &[("19700101T000000", "-0600", "-0600")], event);
        let (found, quirks) = meaning(&text, Effect::Allow).expect("a calendar");
        assert_eq!((&*found[0], quirks.len()), ("20260701T1500/20260701T1600", 0), "{quirks:?}");
        // As old programs still define them, they would be an hour ahead in summer.
        let old = [("20200405T020000", "-0600", "-0500")];
        let text = defined(name, &old, &event.replace("YEARLY", "YEARLY;UNTIL=20260801T000000Z"));
        check(&text, &["20260701T1400/20260701T1500", "20260701T1500/20260701T1600"], &[]);
    }
    // Its last one is in summer alone, and an `UNTIL` by the calendar's clock comes before it by the other.
    let summer = [("20251026T020000", "-0500", "-0600"), ("20260405T020000", "-0600", "-0500")];
    let event = "DTSTART;TZID=NAME:20260313T090000|DURATION:PT1H|RRULE:FREQ=MONTHLY;UNTIL=20260413T140000Z";
    let text = defined("America/Mexico_City", &summer, event);
    check(&text, &["20260313T1500/20260313T1600", "20260313T1500/20260313T1600", "20260413T1400/20260413T1500"], &[]);
    // A definition of this year alone, by which there is no other summer.
    let year = [("20260329T020000", "+0100", "+0200"), ("20261025T030000", "+0200", "+0100")];
    let event = "DTSTART;TZID=NAME:20260701T090000|DURATION:PT1H|RRULE:FREQ=WEEKLY;UNTIL=20260716T000000Z";
    let weeks = ["20260701T0700/20260701T0800", "20260708T0700/20260708T0800", "20260715T0700/20260715T0800"];
    for name in ["Europe/Berlin", "W. Europe Standard Time", "/example.org/Europe/Berlin"] {
        check(&defined(name, &year, event), &weeks, &weeks);
        let goes_on = event.replace("UNTIL=20260716T000000Z", "COUNT=53");
        let (found, quirks) = meaning(&defined(name, &year, &goes_on), Effect::Allow).expect("a calendar");
        assert_eq!((found.len(), quirks.len()), (0, 1), "{name}");
    }
    // Many tables end before 2038.
    let event = "DTSTART;TZID=America/New_York:20260709T090000|DURATION:PT1H|RRULE:FREQ=YEARLY";
    let text = with_zone("America/New_York", ["-0500", "-0400"], event);
    let ends = ["=1SU;UNTIL=20371101T060000Z", "=2SU;UNTIL=20370308T070000Z"];
    let text = ends.iter().fold(text, |text, end| text.replacen(&end[..4], end, 1));
    let (found, quirks) = meaning(&text, Effect::Allow).expect("a calendar");
    assert_eq!((&*found[0], quirks.len()), ("20260709T1300/20260709T1400", 0), "{quirks:?}");
    // A definition by which the clocks go forward an hour late, as Python's icalendar writes it.
    let late = [
        ("20260101T000000", "+0100", "+0100"),
        ("20260329T030000", "+0100", "+0200"),
        ("20261025T030000", "+0200", "+0100"),
    ];
    let event = "DTSTART;TZID=NAME:20260327T090000|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=4";
    let days = [
        "20260327T0800/20260327T0900",
        "20260328T0800/20260328T0900",
        "20260329T0700/20260329T0800",
        "20260330T0700/20260330T0800",
    ];
    check(&defined("Europe/Berlin", &late, event), &days, &days);
    let (_, quirks) =
        meaning(&defined("Europe/Berlin", &late, &event.replace("T09", "T03")), Effect::Allow).expect("a calendar");
    assert_eq!(quirks.len(), 1, "{quirks:?}");
    // A name that is an offset says less than the definition.
    let text =
        defined("UTC+01", &[("19700101T000000", "+0200", "+0200")], "DTSTART;TZID=NAME:20260109T090000|DURATION:PT1H");
    check(&text, &["20260109T0700/20260109T0800"], &["20260109T0700/20260109T0800"]);
}

#[test]
fn a_zone_beside_a_time_in_utc_or_a_date() {
    closes_and_opens(
        "DTSTART;TZID=America/New_York:20261225T120000Z|DURATION:PT1H",
        &["20261225T1200/20261225T1300", "20261225T1700/20261225T1800"],
        &[],
    );
    closes_and_opens(
        "DTSTART;TZID=America/New_York:20261225T120000Z|DTEND;TZID=America/New_York:20261225T130000Z",
        &["20261225T1200/20261225T1300", "20261225T1700/20261225T1800"],
        &[],
    );
    let hour = ["20261225T1200/20261225T1300"];
    for zone in ["UTC", "Etc/UTC", "GMT"] {
        closes_and_opens(&format!("DTSTART;TZID={zone}:20261225T120000Z|DURATION:PT1H"), &hour, &hour);
    }
    closes_and_opens(
        "DTSTART:20261225T120000Z|DTEND;TZID=America/New_York:20261225T130000Z",
        &["20261225T1200/20261225T1800"],
        &hour,
    );
    closes_and_opens(
        "DTSTART;TZID=America/New_York;VALUE=DATE:20261225",
        &["20261224T2300/20261225T2300", "20261225T0500/20261226T0500"],
        &[],
    );
    closes_and_opens(
        "DTSTART:20261224T120000Z|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=2|EXDATE;TZID=Asia/Tokyo:20261225T120000Z",
        &["20261224T1200/20261224T1300"],
        &["20261224T1200/20261224T1300"],
    );
}

#[test]
fn days_of_a_calendar_in_another_zone_are_said() {
    let text = |zone: &str| wrap("DTSTART;VALUE=DATE:20261225").replacen('\n', &format!("\nX-WR-TIMEZONE:{zone}\n"), 1);
    let quirk = "line 4: the calendar's own zone (`X-WR-TIMEZONE`) is not the window's `timezone`, in which days are";
    let day = vec!["20261224T2300/20261225T2300".to_owned()];
    for effect in [Effect::Freeze, Effect::Allow] {
        assert_eq!(meaning(&text("America/New_York"), effect), Ok((day.clone(), vec![quirk.to_owned()])));
        // Programs write UTC that know no zone.
        for zone in ["UTC", "Europe/Berlin"] {
            assert_eq!(meaning(&text(zone), effect), Ok((day.clone(), vec![])));
        }
    }
}

#[test]
fn the_dates_of_a_reading_are_limited_once() {
    let dates = vec!["20260109T090000"; 6_000].join(",");
    let text = wrap(&format!(
        "DTSTART;TZID=EST:20260708T090000|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=2|EXDATE;TZID=EST:{dates}"
    ));
    let (found, _) = meaning(&text, Effect::Freeze).expect("a calendar");
    assert_eq!(found.len(), 4);
}
