//! Events with a `RECURRENCE-ID`: what is not certain to have been moved does not allow anything.

use super::closes_and_opens;

const SERIES: &str = "UID:a|DTSTART:20260105T080000|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=3";
const HOURS: [&str; 3] = ["20260105T0700/20260105T0800", "20260106T0700/20260106T0800", "20260107T0700/20260107T0800"];
const MOVED: &str = "UID:a|DTSTART:20260110T080000|DURATION:PT1H|RECURRENCE-ID:20260106T080000";
const MOVED_HOUR: &str = "20260110T0700/20260110T0800";

#[test]
fn an_override_of_what_is_off_allows_nothing() {
    let but_6 = [HOURS[0], HOURS[2]];
    let moved = [HOURS[0], HOURS[2], MOVED_HOUR];
    closes_and_opens(&format!("{SERIES}||{MOVED}"), &moved, &moved);
    closes_and_opens(&format!("{SERIES}|STATUS:CANCELLED|SEQUENCE:5||{MOVED}"), &[MOVED_HOUR], &[]);
    closes_and_opens(&format!("{SERIES}|EXDATE:20260106T080000||{MOVED}"), &moved, &but_6);
    closes_and_opens(&format!("{SERIES}|STATUS:TENTATIVE||{MOVED}"), &moved, &[]);
    // An orphan.
    closes_and_opens(MOVED, &[MOVED_HOUR], &[]);
    closes_and_opens(&MOVED.replace("UID:a|", ""), &[MOVED_HOUR], &[]);
    // After the last occurrence, and at another time of the day.
    let all = [HOURS[0], HOURS[1], HOURS[2], MOVED_HOUR];
    closes_and_opens(&format!("{SERIES}||{}", MOVED.replace("ID:20260106", "ID:20260109")), &all, &HOURS);
    closes_and_opens(&format!("{SERIES}||{}", MOVED.replace("6T080000", "6T090000")), &all, &but_6);
}

#[test]
fn versions_of_an_override_are_those_of_one_start() {
    let newer = "UID:a|SEQUENCE:2|STATUS:CANCELLED|RECURRENCE-ID;VALUE=DATE:20260106";
    let older = MOVED.replace("UID:a|", "UID:a|SEQUENCE:1|");
    let but_6 = [HOURS[0], HOURS[2]];
    for events in [format!("{SERIES}||{older}||{newer}"), format!("{newer}||{older}||{SERIES}")] {
        closes_and_opens(&events, &[HOURS[0], HOURS[2], MOVED_HOUR], &but_6);
    }
    // The one that is called off is the older one; of two with the same number nobody knows.
    let older = newer.replace("SEQUENCE:2", "SEQUENCE:0");
    let moved = [HOURS[0], HOURS[2], MOVED_HOUR];
    closes_and_opens(&format!("{SERIES}||{older}||{}", MOVED.replace("UID:a|", "UID:a|SEQUENCE:1|")), &moved, &moved);
    closes_and_opens(&format!("{SERIES}||{older}||{MOVED}"), &moved, &but_6);
    // The last of two.
    let later = MOVED.replace("DTSTART:20260110", "DTSTART:20260111");
    closes_and_opens(
        &format!("{SERIES}||{MOVED}||{later}"),
        &[HOURS[0], HOURS[2], MOVED_HOUR, "20260111T0700/20260111T0800"],
        &[HOURS[0], HOURS[2], "20260111T0700/20260111T0800"],
    );
}

#[test]
fn an_override_that_recurs_allows_once() {
    let rest = [HOURS[0], HOURS[2], MOVED_HOUR, "20260111T0700/20260111T0800"];
    closes_and_opens(&format!("{SERIES}||{MOVED}|RRULE:FREQ=DAILY;COUNT=2"), &rest, &rest[..3]);
    closes_and_opens(&format!("{SERIES}||{MOVED}|RDATE:20260111T080000"), &rest, &rest[..3]);
}
