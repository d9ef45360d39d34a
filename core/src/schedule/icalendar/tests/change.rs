//! Events that go on while the clocks change: by their length they end at another time than by the clock.

use super::{Effect, check_whole, wrap};

const FIRST: &str = "an event that recurs, and first goes on over a change of the clocks, ends by its length or by \
                     the clock, whichever closes more";

#[track_caller]
fn ends(events: &str, closed: &[&str], open: &[&str], quirks: &[&str]) {
    for (effect, occurrences) in [(Effect::Freeze, closed), (Effect::Allow, open)] {
        check_whole(&wrap(events), effect, occurrences, quirks);
    }
}

#[test]
fn a_night_that_recurs_ends_at_its_time_in_a_freeze() {
    // First held when an hour is skipped: all others are an hour longer.
    ends(
        "DTSTART:20260328T180000|DTEND:20260329T080000|RRULE:FREQ=DAILY;COUNT=3",
        &["20260328T1700/20260329T0600", "20260329T1600/20260330T0600", "20260330T1600/20260331T0600"],
        &["20260328T1700/20260329T0600", "20260329T1600/20260330T0500", "20260330T1600/20260331T0500"],
        &[&format!("line 4: {FIRST}")],
    );
    // And when one is repeated.
    ends(
        "DTSTART:20261024T180000|DTEND:20261025T080000|RDATE:20261101T180000",
        &["20261024T1600/20261025T0700", "20261101T1700/20261102T0800"],
        &["20261024T1600/20261025T0700", "20261101T1700/20261102T0700"],
        &[&format!("line 4: {FIRST}")],
    );
    // Of a series that began before, the night of the change.
    ends(
        "DTSTART:20261023T180000|DTEND:20261024T080000|RRULE:FREQ=DAILY;COUNT=3",
        &["20261023T1600/20261024T0600", "20261024T1600/20261025T0700", "20261025T1700/20261026T0700"],
        &["20261023T1600/20261024T0600", "20261024T1600/20261025T0600", "20261025T1700/20261026T0700"],
        &[],
    );
    // In UTC no clock changes.
    let night = ["20261024T1600/20261025T0600"];
    let clock =
        "line 3: an event recurs in UTC: by the window's `timezone` its time of the day changes with the clocks";
    ends("DTSTART:20261024T160000Z|DTEND:20261025T060000Z|RRULE:FREQ=DAILY;COUNT=1", &night, &night, &[clock]);
    ends("DTSTART:20261024T160000Z|DTEND:20261025T060000Z|RDATE:20261024T160000Z", &night, &night, &[]);
    let winter = ["20261124T1600/20261124T1700"];
    ends("DTSTART:20261124T160000Z|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=1", &winter, &winter, &[]);
    // What has its own end ends there.
    let once = ["20261024T1600/20261025T0700"];
    ends("DTSTART:20261024T180000|DTEND:20261025T080000", &once, &once, &[]);
}

#[test]
fn a_length_may_be_the_clock_s() {
    for event in [
        "DTSTART:20261024T120000|DURATION:P1D",
        "DTSTART:20261024T120000|DURATION:PT24H",
        "DTSTART:20251024T120000|DURATION:PT1H|RDATE;VALUE=PERIOD:20261024T120000/P1D",
    ] {
        ends(event, &["20261024T1000/20261025T1100"], &["20261024T1000/20261025T1000"], &[]);
    }
}
