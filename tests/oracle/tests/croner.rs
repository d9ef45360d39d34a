//! Our rule for local times beside croner's own, which knows zones too: each difference has a name.

use chrono::{DateTime, Utc};
use croner::errors::CronError;
use freeze_oracle::{Agreement, Cron, Dice, ZONES, Zone, at_text, generated, rounds};

const AGAIN: &str = "croner runs what is no fixed time of day again when the hour repeats";
const GAP: &str = "a time in a gap happens as the gap ends; croner leaves out what is no fixed time of day, or falls on another day then";
const LONG_GAP: &str = "croner gives up in a gap of more than two hours";

/// The next start after `at`, as the contract has it.
fn ours(cron: &Cron, zone: &Zone, at: i64) -> i64 {
    // What has been shown already does not happen again: begin where nothing later was shown.
    let mut local = zone.wall(at) - 2 * 86_400;
    loop {
        local = cron.after(local);
        let start = zone.first(local);
        if start > at {
            return start;
        }
    }
}

#[test]
fn differences_to_croners_own_zones_have_names() {
    let mut dice = Dice(0xc20e);
    let mut agreement = Agreement::default();
    let (mut rules, each) = (0, 24 * rounds());
    for zone in ZONES.map(Zone::of) {
        let changes: Vec<_> = zone.changes().filter(|change| change.at < zone.known_until).collect();
        for _ in 0..each {
            let around = if changes.is_empty() { 1_700_000_000 } else { changes[dice.roll(changes.len())].at };
            let near = zone.wall(around) + 900 * dice.between(-12, 12);
            let cron = Cron::of(&generated(&mut dice, near));
            rules += 1;
            for _ in 0..8 {
                let at = around + dice.between(-9000, 9000);
                let their = cron.croner.find_next_occurrence(&utc(at).with_timezone(&zone.tz), false);
                compare(&mut agreement, &cron, &zone, at, their.map(|next| next.timestamp()));
            }
        }
    }
    agreement.report(format_args!("croner's zones, {rules} expressions x 8 instants around changes of clock"));
}

fn compare(agreement: &mut Agreement, cron: &Cron, zone: &Zone, at: i64, their: Result<i64, CronError>) {
    let ours = ours(cron, zone, at);
    let in_gap = |start: i64| zone.changes().find(|change| change.at == start && change.after > change.before);
    match their {
        Ok(their) if their == ours => agreement.agreed(),
        Ok(their) if their < ours && zone.repeats(their) => agreement.explained(AGAIN),
        Ok(their) if ours < their && in_gap(ours).is_some() => agreement.explained(GAP),
        Err(CronError::TimeSearchLimitExceeded)
            if zone
                .changes()
                .any(|change| change.at > at && change.at <= ours && change.after - change.before > 7200) =>
        {
            agreement.explained(LONG_GAP);
        }
        their => agreement.unexplained(|| {
            let their = their.map(at_text);
            format!(
                "`{}` in {} after {}: ours {}, croner's {their:?}",
                cron.text,
                zone.name,
                at_text(at),
                at_text(ours)
            )
        }),
    }
}

fn utc(at: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(at, 0).expect("a year of four digits")
}
