//! What people read: who froze what, why, since when, until when, and the command that comes next.

use chrono::{DateTime, Utc};

use crate::answer::{Shown, Warning};
use crate::call::{Action, Freezes};
use crate::freeze::{Freeze, State};
use crate::text::{excerpt, shell_word};
use crate::time;

/// How many freezes a summary tells of one by one.
const TOLD: usize = 3;

impl Freeze {
    pub(crate) fn shown(&self, now: DateTime<Utc>) -> Shown {
        Shown {
            id: self.id.clone(),
            since: self.since().map(time::rfc3339),
            by: self.by(),
            reason: self.reason().map(str::to_owned),
            until: self.until(now).at().map(time::rfc3339),
            state: self.state(now),
        }
    }
}

/// `since 2024-10-31 10:44:48 UTC by steve until 2024-11-01 09:00:00 UTC: Demo for blog post`
fn told(freeze: &Freeze, now: DateTime<Utc>) -> String {
    let mut text = String::with_capacity(120);
    let mut push = |parts: &[&str]| parts.iter().for_each(|part| text.push_str(part));
    if let Some(since) = freeze.since() {
        push(&["since ", &time::human(since), " "]);
    }
    push(&["by ", &freeze.by().map_or_else(|| "somebody".to_owned(), |by| excerpt(&by))]);
    if let Some(until) = freeze.until(now).at() {
        push(&[" until ", &time::human(until)]);
    }
    push(&[": ", &freeze.reason().map_or_else(|| "no reason given".to_owned(), excerpt)]);
    text
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
    match holding {
        [one] => format!("{environment} {verb} {}", told(one, now)),
        several => {
            let told: Vec<_> = several.iter().take(TOLD).map(|freeze| told(freeze, now)).collect();
            let more = several.len().saturating_sub(TOLD);
            let more = if more > 0 { format!("; and {more} more") } else { String::new() };
            format!("{environment} {verb} by {} freezes: {}{more}", several.len(), told.join("; "))
        }
    }
}

/// What an `off` does.
pub(crate) fn lifting(environment: &str, targets: &[&Freeze], now: DateTime<Utc>) -> String {
    match targets {
        [one] => format!("lifting the freeze of {environment} {}", told(one, now)),
        several => format!("lifting {} freezes of {environment}", several.len()),
    }
}

/// The command line that lifts `freezes`.
pub(crate) fn lift(environment: &str, freezes: &[&Freeze]) -> String {
    let what = if freezes.len() == 1 { "it" } else { "them" };
    let mut line = format!("to lift {what}: nodeploy -e {environment} off");
    // No word of a shell ends with a line break; such a tag comes down with all the others.
    if freezes.iter().any(|freeze| freeze.id.ends_with('\n')) {
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
        Action::Assert {} => line.push_str(" assert"),
        Action::Status {} => line.push_str(" status"),
        Action::Sync {} => line.push_str(" sync"),
    }
    line
}

fn add_option(line: &mut String, name: &str, value: Option<&str>) {
    let Some(value) = value else { return };
    // A value with a dash before it would be taken for an option.
    let between = if value.starts_with('-') { "=" } else { " " };
    for part in [" ", name, between, &shell_word(value)] {
        line.push_str(part);
    }
}

/// What is amiss with `freezes`, most of which a `sync` mends.
pub(crate) fn warnings(environment: &str, tag: &str, freezes: &[Freeze], now: DateTime<Utc>) -> Vec<Warning> {
    let sync = format!("to mend it: nodeploy -e {environment} sync");
    let mut warnings = Vec::new();
    let mut warn = |code, text: String| warnings.push(Warning { code, text });
    let signal_is_up = freezes.iter().any(|freeze| freeze.signal);
    for freeze in freezes {
        let id = excerpt(&freeze.id);
        match freeze.state(now) {
            State::Ended if freeze.has_alarm() => {
                warn("flag_left", format!("{id} has ended but its tag is still up; {sync}"));
            }
            State::Expired => warn("expired", format!("{id} has expired and its record has no end yet; {sync}")),
            State::Open if freeze.trail.is_none() => {
                let text = format!(
                    "the tag shows `{id}`, which is no id of a freeze; if nobody knows why, lift it by that name"
                );
                warn("no_id", text);
            }
            State::Open if freeze.flag.is_none() => {
                warn(
                    "flag_lost",
                    format!(
                        "{id} has no flag (`{tag}.{id}`), only {}; {sync}",
                        if freeze.signal { "the signal" } else { "a record" }
                    ),
                );
            }
            State::Open | State::Ended => {}
        }
        if freeze.is_half_begun() {
            warn("half_begun", format!("{id} is not on record yet; {sync}"));
        }
        if let Some(detail) = freeze.record.failure().or_else(|| freeze.ons.failure()) {
            warn("unreadable_record", format!("the record of {id} could not be read: {}", excerpt(detail)));
        }
    }
    let holds = freezes.iter().any(|freeze| freeze.holds(now));
    if holds && !signal_is_up {
        warn("signal_down", format!("the tag `{tag}` is not up, so the script's old gates are open; {sync}"));
    }
    if !holds && signal_is_up {
        warn("signal_up", format!("the tag `{tag}` is still up, so the script's old gates are closed; {sync}"));
    }
    warnings
}
