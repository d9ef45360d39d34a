//! What people read: who froze what, why, since when, until when, and the command that comes next.

mod advice;
mod command_line;
pub(crate) mod exceptions;
pub(crate) mod history;
mod rrule;
mod rule;
mod shown;
mod windows;

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use crate::answer::{Advice, State, Warning};
use crate::call::Action;
use crate::codes::WarningCode;
use crate::freeze::{Freeze, GRACE};
use crate::text::{excerpt, excerpt_of};
use crate::time;

use self::advice::push;

pub(crate) use self::advice::{advise, lift};
pub(crate) use self::command_line::command_line;
pub(crate) use self::windows::{Windows, windows_listed};

/// How many freezes a summary tells of one by one.
pub(crate) const TOLD: usize = 3;

/// `since 2024-10-31 10:44:48 UTC by steve until 2024-11-01 09:00:00 UTC: Demo for blog post`
fn tell_one(text: &mut String, freeze: &Freeze<'_>, now: DateTime<Utc>) {
    if let Some(since) = freeze.since() {
        text.push_str("since ");
        time::push_human(text, since);
        text.push(' ');
    }
    match (freeze.by().map(excerpt_of), freeze.reported_by().map(excerpt_of)) {
        (Some(by), Some(account)) => push(text, &["by ", &by, " (account ", &account, ")"]),
        (Some(by), None) => push(text, &["by ", &by]),
        (None, Some(account)) => push(text, &["by the account ", &account]),
        (None, None) => push(text, &["by somebody"]),
    }
    if let Some(until) = freeze.until(now).at() {
        text.push_str(" until ");
        time::push_human(text, until);
    }
    push(text, &[": ", &freeze.reason().map_or(Cow::Borrowed("no reason given"), excerpt_of)]);
}

/// `prod-aws is frozen since … by steve: Demo for blog post`, or all of several.
pub(crate) fn frozen(environment: &str, holding: &[&Freeze<'_>], now: DateTime<Utc>) -> String {
    tell(environment, "is frozen", holding, now)
}

/// `prod-aws STAYS FROZEN since … by mary: …`
pub(crate) fn stays_frozen(environment: &str, holding: &[&Freeze<'_>], now: DateTime<Utc>) -> String {
    tell(environment, "STAYS FROZEN", holding, now)
}

fn tell(environment: &str, verb: &str, holding: &[&Freeze<'_>], now: DateTime<Utc>) -> String {
    let mut text = String::with_capacity(300);
    push(&mut text, &[environment, " ", verb, " "]);
    if holding.len() != 1 {
        push(&mut text, &["by ", &holding.len().to_string(), " freezes: "]);
    }
    for (place, freeze) in holding.iter().take(TOLD).enumerate() {
        push(&mut text, if place > 0 { &["; "] } else { &[] });
        tell_one(&mut text, freeze, now);
    }
    if holding.len() > TOLD {
        push(&mut text, &["; and ", &(holding.len() - TOLD).to_string(), " more"]);
    }
    text
}

/// `; the policy `release` still closes it by the window `weekend` until …`: for open freezes of windows, which end
/// when the policy opens.
pub(crate) fn still_closed(freezes: &[&Freeze<'_>], now: DateTime<Utc>) -> String {
    let open = freezes.iter().filter(|freeze| freeze.is_open(now));
    let of_windows: Vec<_> = open.filter_map(|freeze| Some((freeze, freeze.window()?.split_once('/')?.1))).collect();
    let mut text = String::new();
    for (freeze, window) in of_windows.iter().take(TOLD) {
        let (policy, window) = window.split_once('/').unwrap_or(("", window));
        match policy {
            "" => text.push_str("; the policy"),
            policy => push(&mut text, &["; the policy `", &excerpt(policy), "`"]),
        }
        push(&mut text, &[" still closes it by the window `", &excerpt(window), "`"]);
        match freeze.until(now).at() {
            Some(until) => push(&mut text, &[" until ", &time::human(until)]),
            None => text.push_str(", with no known end"),
        }
    }
    if of_windows.len() > TOLD {
        push(&mut text, &["; and by ", &(of_windows.len() - TOLD).to_string(), " more"]);
    }
    text
}

/// Of a freeze that outlasts its policy, which may not end it.
pub(crate) fn kept(environment: &str, freeze: &Freeze<'_>) -> Warning {
    let id = excerpt(&freeze.id);
    let text = [&id, " outlasts its window by this policy, which has no name and therefore ends nothing"].concat();
    Warning::new(WarningCode::OutlastsWindow, text).advised(&lift(environment, &[freeze]))
}

/// What an `off` does.
pub(crate) fn lifting(environment: &str, targets: &[&Freeze<'_>], now: DateTime<Utc>) -> String {
    match targets {
        [one] => {
            let mut text = ["lifting the freeze of ", environment, " ("].concat();
            tell_one(&mut text, one, now);
            text + ")"
        }
        several => format!("lifting {} freezes of {environment}", several.len()),
    }
}

/// 2500 as `2,500`.
pub(crate) fn counted(number: usize) -> String {
    match number {
        0..1000 => number.to_string(),
        _ => format!("{},{:03}", counted(number / 1000), number % 1000),
    }
}

/// What is amiss with `freezes`, most of which a `sync` mends.
pub(crate) fn warnings(environment: &str, tag: &str, freezes: &[Freeze<'_>], now: DateTime<Utc>) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut warn = |code, text: &[&str], advice: Option<Advice>| {
        let warning = Warning::new(code, text.concat());
        warnings.push(match &advice {
            Some(advice) => warning.advised(advice),
            None => warning,
        });
    };
    let sync = |lead| Some(advise(lead, environment, Action::Sync {}));
    let mend = || sync("to repair it");
    for freeze in freezes {
        let id = || excerpt(&freeze.id);
        match freeze.state(now) {
            State::Ended if freeze.has_alarm() => {
                warn(WarningCode::FlagLeft, &[&id(), " has ended but its tag is still up"], mend());
            }
            State::Expired => {
                let until = freeze.until(now).at().filter(|until| now <= *until + GRACE);
                let waits = until.map(|until| time::human(until + GRACE));
                match &waits {
                    None => warn(WarningCode::Expired, &[&id(), " has expired"], sync("to end it on record")),
                    Some(then) => {
                        let rest = "; its holder may still extend it; a sync after ";
                        warn(WarningCode::Expired, &[&id(), " has expired", rest, then, " ends it on record"], None);
                    }
                }
            }
            State::Open if !freeze.has_trail => {
                let rest = "`, which is not the id of a freeze; if nobody knows why, lift it by that name";
                warn(WarningCode::NoId, &["the tag shows `", &id(), rest], None);
            }
            State::Open if freeze.flag.is_none() => {
                let shown_by = if freeze.signal { "the signal" } else { "a record" };
                warn(
                    WarningCode::FlagLost,
                    &[&id(), " has no flag (`", tag, ".", &id(), "`), only ", shown_by],
                    mend(),
                );
            }
            State::Open | State::Ended => {}
        }
        if freeze.is_half_begun() && freeze.is_open(now) {
            warn(WarningCode::HalfBegun, &[&id(), " is not on record yet"], mend());
        }
        if let Some(detail) = freeze.record.failure().or_else(|| freeze.ons.failure()) {
            warn(
                WarningCode::UnreadableRecord,
                &["the record of ", &id(), " could not be read: ", &excerpt(detail)],
                None,
            );
        }
    }
    let holds = freezes.iter().any(|freeze| freeze.holds(now));
    let signal_is_up = freezes.iter().any(|freeze| freeze.signal);
    if holds && !signal_is_up {
        warn(WarningCode::SignalDown, &["the tag `", tag, "` is not up, so the script's old gates are open"], mend());
    }
    if !holds && signal_is_up {
        warn(WarningCode::SignalUp, &["the tag `", tag, "` is still up, so the script's old gates are closed"], mend());
    }
    warnings
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn thousands_are_set_apart() {
        for (number, told) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_002_003, "1,002,003")] {
            assert_eq!(counted(number), told);
        }
    }
}
