//! Cron windows of the core beside croner's times on chrono-tz's clocks: what holds, since when, until when.

use std::cmp::Ordering;

use freeze_oracle::{
    Agreement, CronWindow, Dice, Edge, Expected, ZONES, Zone, asked, at_text, instant, rounds, windows,
};
use serde_json::{Value, json};

#[test]
fn cron_windows_hold_when_croner_says() {
    let mut dice = Dice(0x5ca1e);
    let mut agreement = Agreement::default();
    let (mut rules, mut instants) = (0, 0);
    for zone in ZONES.map(Zone::of) {
        let changes: Vec<_> =
            zone.changes().filter(|change| change.at < zone.known_until).map(|change| change.at).collect();
        for _ in 0..8 * rounds() {
            let near = match changes.len() {
                0 => dice.between(FROM, TO),
                _ if dice.one_in(4) => dice.between(FROM, TO.min(zone.known_until)),
                count => changes[dice.roll(count)],
            };
            let local = zone.wall(near) + 900 * dice.between(-12, 12);
            let window = CronWindow::any(&mut dice, local);
            rules += 1;
            for (number, at) in asked_at(&mut dice, &window, &zone, near).into_iter().enumerate() {
                instants += 1;
                compare(&mut agreement, &window, &zone, at);
                if number % 4 == 0 {
                    compare_lists(&mut agreement, &window, &zone, at);
                }
            }
        }
    }
    agreement.report(format_args!("the core beside croner and chrono-tz, {rules} cron windows, {instants} instants"));
}

const FROM: i64 = 946_684_800; // 2000
const TO: i64 = 2_114_380_800; // 2037

/// Around `near`, and where the window begins and ends near it.
fn asked_at(dice: &mut Dice, window: &CronWindow, zone: &Zone, near: i64) -> Vec<i64> {
    let mut instants = vec![near - 1, near, near + 1, near + dice.between(-90_000, 90_000), dice.between(FROM, TO)];
    if let Some(next) =
        Expected::at(near - dice.between(0, 90_000), window.occurrences(zone, near - 90_000, dice.one_in(2)))
    {
        let start = next.start;
        instants.extend([start - 1, start, start + 1]);
        if let Edge::At(end) = next.end {
            instants.extend([end - 1, end, start + (end - start) / 2]);
        }
    }
    instants.retain(|at| *at < zone.known_until - 400 * 86_400);
    instants
}

fn compare(agreement: &mut Agreement, window: &CronWindow, zone: &Zone, at: i64) {
    for effect in ["freeze", "allow"] {
        let expected = Expected::at(at, window.occurrences(zone, at, effect == "allow"))
            .expect("every generated expression has times to come");
        let mut keys = window.json(zone);
        keys["effect"] = effect.into();
        let shown = |answer: &Value| format!("at {} expected {expected:?} for {keys}; in {answer}", at_text(at));

        let policy = windows(std::slice::from_ref(&keys));
        let answer = asked(json!({"type": "windows", "days": 1}), at, &policy);
        if let Some(reason) = is_refused(effect, &answer, window, at) {
            agreement.explained(reason);
            continue;
        }
        let said = &answer["windows"][0];
        agreement.holds(said, "active", said["active"] == expected.active, || shown(&answer));
        agreement.holds(said, "starts_at", moment(&said["starts_at"]) == Some(expected.start), || shown(&answer));
        agreement.holds(said, "ends_at", expected.end.allows(moment(&said["ends_at"])), || shown(&answer));

        let answer = asked(json!({"type": "assert"}), at, &policy);
        let is_open = expected.active == (effect == "allow");
        let decision = if is_open { "proceed" } else { "refuse" };
        agreement.holds(&answer, "decision", answer["decision"] == decision, || shown(&answer));
        let (changes, stays) = if is_open { ("closes_at", "opens_at") } else { ("opens_at", "closes_at") };
        agreement.holds(&answer, changes, expected.change().allows(moment(&answer[changes])), || shown(&answer));
        agreement.holds(&answer, stays, answer[stays].is_null(), || shown(&answer));
    }
}

const NEVER_CLOSES: &str = "an allow window that never closes again is an error";
const TWO_KINDS: &str = "an allow window that begins on days of the month and on weekdays is an error";

fn is_refused(effect: &str, answer: &Value, window: &CronWindow, at: i64) -> Option<&'static str> {
    let is_refused = effect == "allow" && answer["reason"] == "bad_policy";
    let reasons = [(window.begins_on_two_kinds(), TWO_KINDS), (window.ends_as_it_begins(at), NEVER_CLOSES)];
    reasons.into_iter().find(|(is_so, _)| is_refused && *is_so).map(|(_, reason)| reason)
}

/// What is listed of the days to come: the runs of a freeze window, and the times between those of an allow window.
fn compare_lists(agreement: &mut Agreement, window: &CronWindow, zone: &Zone, at: i64) {
    const DAYS: i64 = 20;
    for effect in ["freeze", "allow"] {
        let runs = runs(window, zone, at, at + DAYS * 86_400, effect == "allow");
        let is_open_ended = runs.last().is_some_and(|(_, end)| matches!(end, Edge::Beyond(_)));
        let expected = if effect == "freeze" { runs.clone() } else { between(at, &runs) };
        let mut keys = window.json(zone);
        keys["effect"] = effect.into();
        let answer = asked(json!({"type": "windows", "days": DAYS}), at, &windows(&[keys]));
        if let Some(reason) = is_refused(effect, &answer, window, at) {
            agreement.explained(reason);
            continue;
        }
        let listed = answer["closures"].as_array().map_or(&[][..], Vec::as_slice);
        let expected: Vec<_> = expected.into_iter().filter(|(start, _)| *start < at + DAYS * 86_400).collect();
        // What is cut says so, and has no end that is known at its end.
        let is_cut =
            answer["warnings"].as_array().is_some_and(|all| all.iter().any(|one| one["code"] == "closures_cut"));
        let is_last = |number| is_cut && number + 1 == listed.len();
        let is_same = |(number, ((start, end), listed)): (usize, (&(i64, Edge), &Value))| {
            let ends_at = moment(&listed["ends_at"]);
            moment(&listed["starts_at"]) == Some(*start)
                && (end.allows(ends_at) || ends_at.is_none() && is_last(number))
        };
        let is_whole = match listed.len().cmp(&expected.len()) {
            Ordering::Less => is_cut,
            Ordering::Equal => true,
            // What comes after a run whose end was not found, was not looked for.
            Ordering::Greater => is_open_ended,
        };
        let is_right = is_whole && expected.iter().zip(listed).enumerate().all(is_same);
        agreement.holds(&answer, "closures", is_right, || format!("at {} expected {expected:?}", at_text(at)));
    }
}

/// All runs that end after `at` and begin before `last`, and the one after them, or up to one whose end is not known.
fn runs(window: &CronWindow, zone: &Zone, mut at: i64, last: i64, is_allow: bool) -> Vec<(i64, Edge)> {
    let mut runs = Vec::new();
    while let Some(Expected { start, end, .. }) = Expected::at(at, window.occurrences(zone, at, is_allow)) {
        runs.push((start, end));
        match end {
            Edge::At(end) if start < last => at = end,
            _ => break,
        }
    }
    runs
}

/// From `at` on.
fn between(at: i64, runs: &[(i64, Edge)]) -> Vec<(i64, Edge)> {
    let ends = runs.iter().map_while(|(_, end)| if let Edge::At(end) = end { Some(*end) } else { None });
    let closed = [at].into_iter().chain(ends).zip(runs);
    closed.filter(|(from, (start, _))| from < start).map(|(from, (start, _))| (from, Edge::At(*start))).collect()
}

fn moment(value: &Value) -> Option<i64> {
    value.as_str().map(instant)
}
