//! What people read of windows: which one closes, until when, why, and what comes next.

use chrono::{DateTime, Utc};

use crate::call::Action;
use crate::duration;
use crate::policy::{Effect, NEVER, Outlook, Policy, Verdict, Window, moment};
use crate::text::{excerpt, shell_word};
use crate::time;
use crate::zone::Instant;

/// How many windows a summary tells of one by one.
const TOLD: usize = 3;

/// Who waits longer than this reads the agenda instead.
const LONGEST_WAIT: i64 = 24 * 3600;

/// What is told of the windows of an answer.
pub(crate) struct Windows<'a> {
    pub(crate) environment: &'a str,
    pub(crate) policy: &'a Policy,
    pub(crate) outlook: &'a Outlook<'a>,
    pub(crate) now: DateTime<Utc>,
    pub(crate) action: &'a Action,
}

impl Windows<'_> {
    /// `prod-aws is closed by the freeze window `christmas` until …: office closed`
    pub(crate) fn summary(&self) -> String {
        let Self { environment, .. } = self;
        let freezing: Vec<_> = self.hits(Effect::Freeze).collect();
        match self.outlook.verdict {
            Verdict::FreezeWindow => {
                let what = if freezing.len() == 1 {
                    "the freeze window ".to_owned()
                } else {
                    format!("{} freeze windows: ", freezing.len())
                };
                let told: Vec<_> = freezing.iter().take(TOLD).map(|window| self.tell(window)).collect();
                let more = freezing.len().saturating_sub(TOLD);
                let more = if more > 0 { format!("; and {more} more") } else { String::new() };
                format!("{environment} is closed by {what}{}{more}", told.join("; "))
            }
            Verdict::OutsideAllowWindows => {
                let all: Vec<_> = self.hits(Effect::Allow).collect();
                let names: Vec<_> =
                    all.iter().take(TOLD).map(|window| format!("`{}`", excerpt(&window.name))).collect();
                let more = if all.len() > TOLD { ", …" } else { "" };
                let which = if all.len() == 1 { "window" } else { "windows" };
                let next = match (self.outlook.opens_at, all.first()) {
                    (Some(opens), Some(window)) => format!("; it opens at {}", self.when(opens, window)),
                    _ => "; when it opens is not known".to_owned(),
                };
                format!("{environment} is outside its allow {which} {}{more}{next}", names.join(", "))
            }
            Verdict::ClosesTooSoon => {
                let closes = self.outlook.closes_at.unwrap_or(NEVER);
                let left = duration::words((closes - self.now.timestamp()).max(0));
                let needs = duration::words(self.action.needs());
                format!("{environment} closes at {}, in {left}; the deployment needs {needs}", human(closes))
            }
            Verdict::Open => format!("{environment} is open"),
        }
    }

    /// The exact next command: to wait where that is short, else to see what is coming.
    pub(crate) fn advice(&self) -> String {
        let environment = shell_word(self.environment);
        let opens = self.outlook.opens_at;
        let when = opens.map_or_else(String::new, |opens| format!("it opens at {}; ", human(opens)));
        let wait = opens.map(|opens| opens - self.now.timestamp()).filter(|wait| *wait <= LONGEST_WAIT);
        match (wait, self.action) {
            (Some(wait), Action::Assert { at: None, needs }) => {
                let needs = needs.as_ref().map_or_else(String::new, |needs| format!(" --needs {}", shell_word(needs)));
                format!("{when}to wait for it: nodeploy -e {environment} assert{needs} --wait {}m", wait / 60 + 1)
            }
            _ => format!("{when}to see what is coming: nodeploy -e {environment} windows"),
        }
    }

    fn hits(&self, effect: Effect) -> impl Iterator<Item = &Window> {
        self.outlook.hits.iter().copied().filter(move |window| window.effect == effect)
    }

    /// `` `christmas` until 2027-01-04 08:00:00 UTC (Mon 4 Jan 2027 09:00 Europe/Paris): office closed``
    fn tell(&self, window: &Window) -> String {
        let end = window.end_of_run(&self.policy.zones, self.now.timestamp());
        let until = if end == NEVER { String::new() } else { format!(" until {}", self.when(end, window)) };
        let reason = window.reason.as_deref().map(excerpt).filter(|reason| !reason.is_empty());
        format!("`{}`{until}: {}", excerpt(&window.name), reason.as_deref().unwrap_or("no reason given"))
    }

    /// An instant in UTC and, where its clock shows another time, in the window's zone.
    fn when(&self, at: Instant, window: &Window) -> String {
        let zone = self.policy.zones.get(window.zone);
        let offset = zone.span(at).offset;
        if offset == 0 {
            return human(at);
        }
        format!("{} ({} {})", human(at), moment(at + offset), window.timezone)
    }
}

/// What `windows` found.
pub(crate) fn windows_listed(environment: Option<&str>, windows: usize, closures: usize, days: i64) -> String {
    let count = |number: usize, what: &str| format!("{number} {what}{}", if number == 1 { "" } else { "s" });
    let whose = environment.map_or_else(|| "the policy has".to_owned(), |name| format!("{name} has"));
    let days = if days == 1 { "day".to_owned() } else { format!("{days} days") };
    format!("{whose} {}, and {} in the next {days}", count(windows, "window"), count(closures, "closure"))
}

fn human(at: Instant) -> String {
    time::at(at).map_or_else(|| "a time without end".to_owned(), time::human)
}
