//! Times that stand for days.

use crate::schedule::icalendar::read;
use crate::time::zone::Zones;

use super::{Effect, closes_and_opens, meaning, wrap};

const DAY: &str = "20261224T2300/20261225T2300";

#[test]
fn what_takes_no_time_at_a_midnight_is_that_day_in_a_freeze() {
    for end in ["", "|DURATION:PT0S", "|DURATION:P0D", "|DTEND:20261225T000000"] {
        closes_and_opens(&format!("DTSTART:20261225T000000{end}"), &[DAY], &[]);
        closes_and_opens(&format!("DTSTART;TZID=Europe/Berlin:20261225T000000{end}"), &[DAY], &[]);
        closes_and_opens(
            &format!("DTSTART:20251225T000000{}|RRULE:FREQ=YEARLY;COUNT=2", end.replace("2026", "2025")),
            &[DAY],
            &[],
        );
        // Another time of the day is none.
        closes_and_opens(&format!("DTSTART:20261225T090000{}", end.replace("T00", "T09")), &[], &[]);
    }
    // The window's midnight in UTC, and in a zone that is not the window's.
    for start in ["20261224T230000Z", "TZID=America/New_York:20261224T180000"] {
        let line = if start.starts_with('T') { format!("DTSTART;{start}") } else { format!("DTSTART:{start}") };
        let (found, _) = meaning(&wrap(&line), Effect::Freeze).expect("a calendar");
        assert!(found.contains(&DAY.to_owned()), "{line}: {found:?}");
        closes_and_opens(&format!("{line}|STATUS:CANCELLED"), &[], &[]);
        assert_eq!(meaning(&wrap(&line), Effect::Allow).expect("a calendar").0, Vec::<String>::new());
    }
    // One of a list, and one that an override has been moved to.
    let hour = "20261218T0800/20261218T0900";
    let event = "UID:a|DTSTART:20261218T090000|DURATION:PT1H|RDATE;VALUE=PERIOD";
    closes_and_opens(&format!("{event}:20261225T000000/PT0S"), &[hour, DAY], &[hour]);
    closes_and_opens(
        "UID:a|DTSTART:20261218T090000|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=2||\
         UID:a|DTSTART:20261225T000000|RECURRENCE-ID:20261219T090000",
        &[hour, DAY],
        &[hour],
    );
    closes_and_opens("DTSTART:20261218T090000|RDATE:20261225T000000", &[DAY], &[]);
}

/// Whether a window in New York is active at each of these instants.
fn in_new_york(events: &str, effect: Effect, at: &[i64]) -> Vec<bool> {
    let mut zones = Zones::default();
    let zone = zones.named("America/New_York").expect("a zone");
    let calendar = read(&wrap(events), zone, &mut zones, effect).expect("a calendar");
    at.iter().map(|at| calendar.rules.iter().any(|rule| rule.standing(&zones, *at).active)).collect()
}

#[test]
fn a_day_in_utc_is_each_that_it_may_mean() {
    // The 24th at noon in New York, the 25th at noon and at 21:00, the 26th at noon.
    let at = [1_798_131_600, 1_798_218_000, 1_798_250_400, 1_798_304_400];
    for event in [
        "DTSTART:20261225T000000Z|DTEND:20261225T000000Z",
        "DTSTART:20261225T000000Z|DTEND:20261226T000000Z|X-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
        "DTSTART:20261225T000000Z|DTEND:20261225T235959Z|X-FUNAMBOL-ALLDAY:1",
        "DTSTART:20251225T000000Z|DTEND:20251226T000000Z|RRULE:FREQ=YEARLY|X-MICROSOFT-CDO-ALLDAYEVENT:true",
        "DTSTART:20261218T140000Z|DURATION:PT1H|RDATE;VALUE=PERIOD:20261225T000000Z/PT0S",
    ] {
        assert_eq!(in_new_york(event, Effect::Freeze, &at), [true, true, true, false], "{event}");
        let open = in_new_york(event, Effect::Allow, &at);
        assert_eq!(open, [false; 4], "{event}");
    }
    // Midnight here: one day, however it is said.
    let day = "DTSTART:20261225T050000Z|DTEND:20261226T050000Z|X-MICROSOFT-CDO-ALLDAYEVENT:TRUE";
    for effect in [Effect::Freeze, Effect::Allow] {
        assert_eq!(in_new_york(day, effect, &at), [false, true, true, false]);
    }
    closes_and_opens("DTSTART:20261224T230000Z|DTEND:20261225T230000Z|X-FUNAMBOL-ALLDAY:TRUE", &[DAY], &[DAY]);
    closes_and_opens(
        "DTSTART:20261225T080000|DTEND:20261225T090000|X-FUNAMBOL-ALLDAY:0",
        &["20261225T0700/20261225T0800"],
        &["20261225T0700/20261225T0800"],
    );
}

#[test]
fn the_last_minute_of_a_day_belongs_to_it() {
    for (end, written) in [
        ("DTEND:20261225T235900", "2259"),
        ("DTEND:20261225T235959", "2259"),
        ("DURATION:PT23H59M", "2259"),
        ("DTEND:20261225T225900Z", "2259"),
    ] {
        closes_and_opens(
            &format!("DTSTART:20261225T000000|{end}"),
            &[DAY],
            &[&format!("20261224T2300/20261225T{written}")],
        );
    }
    closes_and_opens(
        "DTSTART:20261225T000000|DTEND:20261225T235800",
        &["20261224T2300/20261225T2258"],
        &["20261224T2300/20261225T2258"],
    );
    closes_and_opens(
        "DTSTART:20261218T090000|DURATION:PT1H|RDATE;VALUE=PERIOD:20261225T000000/20261225T235959",
        &["20261218T0800/20261218T0900", DAY],
        &["20261218T0800/20261218T0900", "20261224T2300/20261225T2259"],
    );
}

#[test]
fn a_period_at_the_start_of_an_occurrence() {
    let event = "DTSTART:20261224T090000Z|DURATION:PT8H|RDATE;VALUE=PERIOD:20261224T090000Z";
    let (short, long) = ("20261224T0900/20261224T1000", "20261224T0900/20261224T1700");
    closes_and_opens(&format!("{event}/PT1H"), &[long], &[short]);
    closes_and_opens(&format!("{event}/PT1H").replace("|RDATE", "|RRULE:FREQ=DAILY;COUNT=1|RDATE"), &[long], &[short]);
    closes_and_opens(&format!("{event}/PT24H").replace("PT8H", "PT1H").replace("PT24H", "PT8H"), &[long], &[short]);
    closes_and_opens(&format!("{event}/PT1H,20261224T090000Z/PT8H"), &[long], &[short]);
}

#[test]
fn a_date_in_another_zone_is_that_of_either_clock() {
    let series = "UID:a|DTSTART;TZID=Pacific/Auckland:20261223T090000|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=4";
    let all = [
        "20261222T2000/20261222T2100",
        "20261223T2000/20261223T2100",
        "20261224T2000/20261224T2100",
        "20261225T2000/20261225T2100",
    ];
    for exception in [
        "|EXDATE;VALUE=DATE:20261224",
        "||UID:a|STATUS:CANCELLED|DTSTART:20261224T200000Z|RECURRENCE-ID;VALUE=DATE:20261224",
    ] {
        closes_and_opens(&format!("{series}{exception}"), &all, &[all[0], all[3]]);
    }
}

#[test]
fn a_day_of_the_clock_is_compared_by_its_end() {
    for (day, closed, open) in [
        ("20261025", "20261024T2200/20261025T2300", "20261024T2200/20261025T2200"),
        ("20260329", "20260328T2300/20260329T2300", "20260328T2300/20260329T2200"),
    ] {
        let (period, date) = (format!("RDATE;VALUE=PERIOD:{day}T000000/PT24H"), format!("RDATE;VALUE=DATE:{day}"));
        for (first, second) in [(&period, &date), (&date, &period)] {
            closes_and_opens(
                &format!("DTSTART;VALUE=DATE:20260101|{first}|{second}"),
                &["20251231T2300/20260101T2300", closed],
                &["20251231T2300/20260101T2300", open],
            );
        }
    }
}
