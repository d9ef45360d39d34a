//! What people read: who froze what, why, since when, until when, and the command that comes next.

mod rrule;
mod rule;
mod shown;
mod windows;

use chrono::{DateTime, Utc};

use crate::answer::{State, Warning};
use crate::call::{Action, Deployment, Freezes};
use crate::freeze::{Freeze, GRACE};
use crate::text::{excerpt, shell_word};
use crate::time;

pub(crate) use self::windows::{Windows, windows_listed};

/// How many freezes a summary tells of one by one.
pub(crate) const TOLD: usize = 3;

/// `since 2024-10-31 10:44:48 UTC by steve until 2024-11-01 09:00:00 UTC: Demo for blog post`
fn tell_one(text: &mut String, freeze: &Freeze, now: DateTime<Utc>) {
    if let Some(since) = freeze.since() {
        push(text, &["since ", &time::human(since), " "]);
    }
    match (freeze.by().map(excerpt), freeze.reported_by().map(excerpt)) {
        (Some(by), Some(account)) => push(text, &["by ", &by, " (account ", &account, ")"]),
        (Some(by), None) => push(text, &["by ", &by]),
        (None, Some(account)) => push(text, &["by the account ", &account]),
        (None, None) => push(text, &["by somebody"]),
    }
    if let Some(until) = freeze.until(now).at() {
        push(text, &[" until ", &time::human(until)]);
    }
    push(text, &[": ", &freeze.reason().map_or_else(|| "no reason given".to_owned(), excerpt)]);
}

fn push(text: &mut String, parts: &[&str]) {
    for part in parts {
        text.push_str(part);
    }
}

/// `prod-aws is frozen since … by steve: Demo for blog post`, or all of several.
pub(crate) fn frozen(environment: &str, holding: &[&Freeze], now: DateTime<Utc>) -> String {
    tell(environment, "is frozen", holding, now)
}

/// `prod-aws STAYS FROZEN since … by mary: …`
pub(crate) fn stays_frozen(environment: &str, holding: &[&Freeze], now: DateTime<Utc>) -> String {
    tell(environment, "STAYS FROZEN", holding, now)
}

fn tell(environment: &str, verb: &str, holding: &[&Freeze], now: DateTime<Utc>) -> String {
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
pub(crate) fn still_closed(freezes: &[&Freeze], now: DateTime<Utc>) -> String {
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
pub(crate) fn kept(environment: &str, freeze: &Freeze) -> Warning {
    let text = format!(
        "{} outlasts its window by this policy, which has no name and therefore ends nothing; {}",
        excerpt(&freeze.id),
        lift(environment, &[freeze])
    );
    Warning { code: "outlasts_window", text }
}

/// What an `off` does.
pub(crate) fn lifting(environment: &str, targets: &[&Freeze], now: DateTime<Utc>) -> String {
    match targets {
        [one] => {
            let mut text = ["lifting the freeze of ", environment, " ("].concat();
            tell_one(&mut text, one, now);
            text + ")"
        }
        several => format!("lifting {} freezes of {environment}", several.len()),
    }
}

/// The command line that lifts `freezes`.
pub(crate) fn lift(environment: &str, freezes: &[&Freeze]) -> String {
    let what = if freezes.len() == 1 { "it" } else { "them" };
    let mut line = format!("to lift {what}: nodeploy -e {environment} off");
    // No word of a shell ends with a line break, and an empty one is a variable that is not set; such a tag comes down
    // with all the others.
    if freezes.iter().any(|freeze| freeze.id.is_empty() || freeze.id.ends_with('\n')) {
        line.push_str(" --all");
        return line;
    }
    for freeze in freezes {
        add_option(&mut line, "--freeze", Some(&freeze.id));
    }
    line
}

/// The command line of `action`, for a POSIX shell.
pub(crate) fn command_line(environment: &str, action: &Action) -> String {
    let mut line = ["nodeploy -e ", &shell_word(environment)].concat();
    match action {
        Action::On { reason, by, until, id } => {
            add_option(&mut line, "--reason", Some(reason));
            // Nobody is said too: without it, the command line says who runs it.
            add_option(&mut line, "--by", Some(by.as_deref().unwrap_or_default()));
            add_option(&mut line, "--until", until.as_deref());
            line.push_str(" on");
            add_option(&mut line, "--freeze", id.as_deref());
        }
        Action::Off { freezes, by, reason } => {
            add_option(&mut line, "--reason", reason.as_deref());
            add_option(&mut line, "--by", Some(by.as_deref().unwrap_or_default()));
            line.push_str(" off");
            match freezes {
                Some(Freezes::All) => line.push_str(" --all"),
                Some(Freezes::These(ids)) => {
                    for id in ids {
                        add_option(&mut line, "--freeze", Some(id));
                    }
                }
                None => {}
            }
        }
        Action::Assert(Deployment { at, needs, record, attest, .. }) => {
            line.push_str(" assert");
            add_option(&mut line, "--at", at.as_deref());
            add_option(&mut line, "--needs", needs.as_deref());
            line.push_str(if *record { " --record" } else { "" });
            add_option(&mut line, "--attest", attest.as_deref());
        }
        Action::Status { at } => {
            line.push_str(" status");
            add_option(&mut line, "--at", at.as_deref());
        }
        Action::Windows { at, days, ics } => {
            line.push_str(" windows");
            add_option(&mut line, "--at", at.as_deref());
            add_option(&mut line, "--days", days.map(|days| days.to_string()).as_deref());
            line.push_str(if *ics == Some(true) { " --ics" } else { "" });
        }
        Action::Sync {} => line.push_str(" sync"),
        // They are for hosts; what people type is the question of each environment.
        Action::Select { .. } | Action::Overview { .. } => line.push_str(" status"),
        Action::Replay { .. } => line.push_str(" replay FILE"),
    }
    line
}

fn add_option(line: &mut String, name: &str, value: Option<&str>) {
    let Some(value) = value else { return };
    match value.chars().next() {
        // The command line takes an empty word for a variable that is not set.
        None => push(line, &[" ", name, "="]),
        // It would be taken for an option.
        Some('-') => push(line, &[" ", name, "=", &shell_word(value)]),
        Some(_) => push(line, &[" ", name, " ", &shell_word(value)]),
    }
}

/// What is amiss with `freezes`, most of which a `sync` mends.
pub(crate) fn warnings(environment: &str, tag: &str, freezes: &[Freeze], now: DateTime<Utc>) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut warn = |code, text: &[&str]| warnings.push(Warning { code, text: text.concat() });
    let sync = ["; to mend it: nodeploy -e ", environment, " sync"].concat();
    for freeze in freezes {
        let id = || excerpt(&freeze.id);
        match freeze.state(now) {
            State::Ended if freeze.has_alarm() => {
                warn("flag_left", &[&id(), " has ended but its tag is still up", &sync]);
            }
            State::Expired => {
                let until = freeze.until(now).at().filter(|until| now <= *until + GRACE);
                let waits = until.map(|until| time::human(until + GRACE));
                let rest = match &waits {
                    None => ["; to end it on record: nodeploy -e ", environment, " sync"].concat(),
                    Some(then) => {
                        ["; its holder may still extend it; a sync after ", then, " ends it on record"].concat()
                    }
                };
                warn("expired", &[&id(), " has expired", &rest]);
            }
            State::Open if freeze.trail.is_none() => {
                let rest = "`, which is not the id of a freeze; if nobody knows why, lift it by that name";
                warn("no_id", &["the tag shows `", &id(), rest]);
            }
            State::Open if freeze.flag.is_none() => {
                let shown_by = if freeze.signal { "the signal" } else { "a record" };
                warn("flag_lost", &[&id(), " has no flag (`", tag, ".", &id(), "`), only ", shown_by, &sync]);
            }
            State::Open | State::Ended => {}
        }
        if freeze.is_half_begun() && freeze.is_open(now) {
            warn("half_begun", &[&id(), " is not on record yet", &sync]);
        }
        if let Some(detail) = freeze.record.failure().or_else(|| freeze.ons.failure()) {
            warn("unreadable_record", &["the record of ", &id(), " could not be read: ", &excerpt(detail)]);
        }
    }
    let holds = freezes.iter().any(|freeze| freeze.holds(now));
    let signal_is_up = freezes.iter().any(|freeze| freeze.signal);
    if holds && !signal_is_up {
        warn("signal_down", &["the tag `", tag, "` is not up, so the script's old gates are open", &sync]);
    }
    if !holds && signal_is_up {
        warn("signal_up", &["the tag `", tag, "` is still up, so the script's old gates are closed", &sync]);
    }
    warnings
}
