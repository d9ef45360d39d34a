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

impl Shown {
    /// `since 2024-10-31 10:44:48 UTC by steve until 2024-11-01 09:00:00 UTC: Demo for blog post`
    fn told(&self) -> String {
        let time = |text: &Option<String>| text.as_deref().and_then(time::parse).map(time::human);
        let since = time(&self.since).map_or_else(String::new, |since| format!("since {since} "));
        let until = time(&self.until).map_or_else(String::new, |until| format!(" until {until}"));
        let reason = self.reason.as_deref().map_or_else(|| "no reason given".to_owned(), excerpt);
        format!("{since}by {}{until}: {reason}", self.holder())
    }

    fn holder(&self) -> String {
        self.by.as_deref().map_or_else(|| "somebody".to_owned(), excerpt)
    }
}

/// `prod-aws is frozen since … by steve: Demo for blog post`, or all of several.
pub(crate) fn frozen(environment: &str, holding: &[&Shown]) -> String {
    tell(&format!("{environment} is frozen"), holding)
}

/// `prod-aws stays frozen since … by mary: …`
pub(crate) fn stays_frozen(environment: &str, holding: &[&Shown]) -> String {
    tell(&format!("{environment} STAYS FROZEN"), holding)
}

fn tell(what: &str, holding: &[&Shown]) -> String {
    match holding {
        [one] => format!("{what} {}", one.told()),
        several => {
            let told: Vec<_> = several.iter().take(TOLD).map(|freeze| freeze.told()).collect();
            let more = several.len().saturating_sub(TOLD);
            let more = if more > 0 { format!("; and {more} more") } else { String::new() };
            format!("{what} by {} freezes: {}{more}", several.len(), told.join("; "))
        }
    }
}

/// What an `off` does, and what it leaves.
pub(crate) fn lifting(environment: &str, targets: &[&Shown], remaining: &[&Shown]) -> String {
    let what = match targets {
        [one] => format!("lifting the freeze of {environment} {}", one.told()),
        several => format!("lifting {} freezes of {environment}", several.len()),
    };
    if remaining.is_empty() { what } else { format!("{what}; {}", stays_frozen(environment, remaining)) }
}

/// The command line that lifts `freezes`.
pub(crate) fn lift(environment: &str, freezes: &[&Shown]) -> String {
    let ids = freezes.iter().map(|freeze| freeze.id.clone()).collect();
    let what = if freezes.len() == 1 { "it" } else { "them" };
    let off = Action::Off { freezes: Some(Freezes::These(ids)), by: None, reason: None };
    format!("to lift {what}: {}", command_line(environment, &off))
}

/// The command line of `action`, for a POSIX shell.
pub(crate) fn command_line(environment: &str, action: &Action) -> String {
    let mut words = vec!["nodeploy".to_owned(), "-e".to_owned(), shell_word(environment)];
    let mut option = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            // `--by=-x`, for `-x` would be an option.
            words.push(format!("{name}={}", shell_word(value)));
        }
    };
    let verb = match action {
        Action::On { reason, by, until, .. } => {
            option("--reason", Some(reason));
            option("--by", by.as_deref());
            option("--until", until.as_deref());
            "on"
        }
        Action::Off { freezes, by, reason } => {
            option("--reason", reason.as_deref());
            option("--by", by.as_deref());
            match freezes {
                Some(Freezes::All) => words.extend(["off".to_owned(), "--all".to_owned()]),
                Some(Freezes::These(ids)) => {
                    words.push("off".to_owned());
                    words.extend(ids.iter().flat_map(|id| ["--freeze".to_owned(), shell_word(id)]));
                }
                None => words.push("off".to_owned()),
            }
            return words.join(" ");
        }
        Action::Assert {} => "assert",
        Action::Status {} => "status",
        Action::Sync {} => "sync",
    };
    words.push(verb.to_owned());
    words.join(" ")
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
            warn("unreadable_record", format!("the record of {id} could not be read: {detail}"));
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
