use chrono::Datelike;
use proptest::prelude::*;

use crate::budget::Budget;
use crate::schedule::month::{date, weekday};
use crate::schedule::test::{read, write};

use super::{DAY, Doubt, Local, Reading, Starts, Until};

fn starts(rule: &str, dtstart: Local, is_foreign: bool) -> Result<(Starts, Vec<&'static str>), String> {
    let until = |until: Until| until.local(|at| at);
    let budget = &Budget::default();
    let doubt = if is_foreign { Doubt::Shortest } else { Doubt::Refused };
    Starts::rrule(rule, dtstart, &Reading { until: &until, doubt, is_date: false, counts_beginning: true, budget })
}

#[test]
fn a_day_of_the_year_without_its_month_is_asked_for() {
    let begin = read("2026-02-14T00:00");
    for rule in ["FREQ=YEARLY;BYMONTHDAY=14", "FREQ=YEARLY;BYDAY=FR;BYMONTHDAY=13", "FREQ=YEARLY;BYMONTHDAY=-1;COUNT=5"]
    {
        let error = starts(rule, begin, false).err().unwrap_or_default();
        assert!(error.ends_with("give BYMONTH as well, or FREQ=MONTHLY"), "{rule}: {error}");
        let (starts, odd) = starts(rule, begin, true).expect("a foreign rule");
        assert_eq!(odd.len(), 1, "{rule}");
        let next = starts.first_after(read("2026-02-28T23:00"));
        assert!(next.is_none_or(|next| date(next / DAY).is_some_and(|date| date.month() == 2)), "{rule}");
    }
    for rule in [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=14",
        "FREQ=MONTHLY;BYMONTHDAY=14",
        "FREQ=YEARLY;BYWEEKNO=7;BYMONTHDAY=14",
        "FREQ=YEARLY;BYYEARDAY=45;BYMONTHDAY=14",
        "FREQ=YEARLY;BYDAY=FR",
        "FREQ=YEARLY;BYMONTH=2",
        "FREQ=YEARLY",
    ] {
        assert!(starts(rule, begin, false).is_ok_and(|(_, odd)| odd.is_empty()), "{rule}");
        assert!(starts(rule, begin, true).is_ok_and(|(_, odd)| odd.is_empty()), "{rule}");
    }
}

#[test]
fn a_numbered_weekday_of_a_year_without_its_month_is_asked_for() {
    let december = read("2026-12-25T00:00");
    for rule in ["FREQ=YEARLY;BYDAY=4FR", "FREQ=YEARLY;BYDAY=MO,-1FR", "FREQ=YEARLY;BYDAY=5FR;COUNT=3"] {
        let error = starts(rule, december, false).err().unwrap_or_default();
        assert!(error.ends_with("give BYMONTH as well, or FREQ=MONTHLY"), "{rule}: {error}");
    }
    for rule in ["FREQ=YEARLY;BYDAY=20MO", "FREQ=YEARLY;BYMONTH=12;BYDAY=4FR", "FREQ=MONTHLY;BYDAY=4FR"] {
        assert!(starts(rule, december, false).is_ok(), "{rule}");
    }
}

#[test]
fn in_doubt_a_numbered_weekday_is_in_both_or_in_neither() {
    let starts = |rule: &str, dtstart: &str, doubt| {
        let until = |until: Until| until.local(|at| at);
        let budget = &Budget::default();
        let reading = Reading { until: &until, doubt, is_date: true, counts_beginning: false, budget };
        let (starts, odd) = Starts::rrule(rule, read(dtstart), &reading).expect("a rule");
        let next = |after: Local| starts.first_after(after).map(|at| write(at)[..10].to_owned());
        let first = next(read("2026-12-31T00:00"));
        let second = first.as_ref().and_then(|first| next(read(&format!("{first}T00:00"))));
        (first.unwrap_or_default(), second.unwrap_or_default(), odd.len())
    };
    let wanted = |first: &str, second: &str, odd| (first.to_owned(), second.to_owned(), odd);
    let fourth = "FREQ=YEARLY;BYDAY=4FR";
    assert_eq!(starts(fourth, "2026-12-25T00:00", Doubt::Longest), wanted("2027-01-22", "2027-12-24", 1));
    assert_eq!(starts(fourth, "2026-12-25T00:00", Doubt::Shortest), wanted("", "", 1));
    assert_eq!(starts(fourth, "2026-12-25T00:00", Doubt::Past), wanted("2027-01-22", "2028-01-28", 0));
    // The fourth Friday of January is the year's.
    assert_eq!(starts(fourth, "2026-01-23T00:00", Doubt::Longest), wanted("2027-01-22", "2028-01-28", 0));
    // Each meaning has its two.
    let twice = "FREQ=YEARLY;BYDAY=4FR;COUNT=2";
    assert_eq!(starts(twice, "2026-12-25T00:00", Doubt::Longest), wanted("2027-01-22", "2027-12-24", 1));
}

/// A day's week and its year by ISO 8601, as chrono has them.
fn week(day: i64) -> (i32, i64) {
    let week = date(day).expect("a date").iso_week();
    (week.year(), week.week().into())
}

/// How many weeks a year has: 28 December is always in its last one.
fn last_week(year: i32) -> i64 {
    chrono::NaiveDate::from_ymd_opt(year, 12, 28).expect("a date").iso_week().week().into()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn weeks_of_every_so_many_years_are_whole(
        start in 0_i64..20_000,
        after in -400_i64..12_000,
        interval in 1_i32..12,
        numbers in prop::collection::vec(prop_oneof![1_i64..=53, -53_i64..=-1, Just(1), Just(-1), Just(53)], 1..3),
        days in prop::collection::btree_set(0_usize..7, 1..5),
    ) {
        let names = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
        let join = |texts: Vec<String>| texts.join(",");
        let rule = format!(
            "FREQ=YEARLY;INTERVAL={interval};BYWEEKNO={};BYDAY={}",
            join(numbers.iter().map(ToString::to_string).collect()),
            join(days.iter().map(|day| names[*day].to_owned()).collect()),
        );
        let (starts, _) = starts(&rule, start * DAY, false).expect("a rule");
        let is_on = |day: &i64| {
            let (year, number) = week(*day);
            let counts = numbers.iter().any(|n| number == if *n > 0 { *n } else { last_week(year) + 1 + n });
            *day >= start
                && (year - week(start).0) % interval == 0
                && counts
                && days.contains(&usize::try_from(weekday(*day)).expect("small"))
        };
        let at = start + after;
        let far = at + 30_000;
        let next = (at + 1..far).find(is_on).map(|day| day * DAY);
        prop_assert_eq!(starts.first_after(at * DAY).filter(|next| *next < far * DAY), next, "{} {}", rule, start);
        let last = (start..=at).rev().find(is_on);
        prop_assert_eq!(starts.last_until(at * DAY), last.map(|day| day * DAY), "{} {}", rule, start);
    }
}

#[test]
fn a_position_counts_in_the_year_of_the_weeks() {
    // Week 1 of 2026 begins on 29 December 2025.
    let (starts, _) =
        starts("FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO,FR;BYSETPOS=1", read("2025-01-01T00:00"), false).expect("a rule");
    assert_eq!(starts.first_after(read("2025-01-01T00:00")), Some(read("2025-12-29T00:00")));
    assert_eq!(starts.first_after(read("2025-12-29T00:00")), Some(read("2027-01-04T00:00")));
}
