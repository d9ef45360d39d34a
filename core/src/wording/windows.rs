//! What people read of windows: which one closes, until when, why, and what comes next.

use chrono::{DateTime, Utc};

use crate::answer::Advice;
use crate::call::{Action, Deployment};
use crate::policy::{Outlook, Policy, Verdict, Window};
use crate::schedule::{Effect, NEVER};
use crate::text::excerpt;
use crate::time::words::moment;
use crate::time::{self, Instant, duration};

use super::advice::advise;

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
                let opens = self.later_opening(&freezing).unwrap_or_default();
                format!("{environment} is closed by {what}{}{more}{opens}", told.join("; "))
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
                let needs = duration::words(self.action.needs());
                let Some(closes) = self.outlook.closes_at else {
                    return format!(
                        "cannot tell whether {environment} stays open for {needs}: too many windows in a row"
                    );
                };
                let left = duration::words((closes - self.now.timestamp()).max(0));
                let by = self.outlook.closing.map_or_else(String::new, |window| {
                    let event = self.event(window, closes);
                    format!(", by the freeze window `{}`{event}: {}", excerpt(&window.name), why(window))
                });
                format!("{environment} closes at {}, in {left}{by}; the deployment needs {needs}", human(closes))
            }
            Verdict::Open => format!("{environment} is open"),
        }
    }

    /// The exact next command: to wait where that is short, else to see what is coming.
    pub(crate) fn advice(&self) -> Advice {
        let wait = self.outlook.opens_at.map(|opens| opens - self.now.timestamp());
        match (wait.filter(|wait| *wait <= LONGEST_WAIT), self.action) {
            (Some(wait), Action::Assert(Deployment { at: None, .. })) => {
                advise("to wait for it", self.environment, self.action.clone()).with("wait", &span(wait))
            }
            _ => advise("to see what is coming", self.environment, Action::windows()),
        }
    }

    /// When it opens, where that is not when the last of these windows ends.
    fn later_opening(&self, freezing: &[&Window]) -> Option<String> {
        let opens = self.outlook.opens_at?;
        let end = |window: &&Window| window.end_of_run(&self.policy.zones, self.now.timestamp());
        let is_told = freezing.iter().map(end).max() == Some(opens);
        (!is_told).then(|| format!("; it opens at {}", human(opens)))
    }

    fn hits(&self, effect: Effect) -> impl Iterator<Item = &Window> {
        self.outlook.hits.iter().copied().filter(move |window| window.effect == effect)
    }

    /// `` `christmas` until 2027-01-04 08:00:00 UTC (Mon 4 Jan 2027 09:00 Europe/Paris): office closed``
    fn tell(&self, window: &Window) -> String {
        let end = window.end_of_run(&self.policy.zones, self.now.timestamp());
        let until = if end == NEVER { String::new() } else { format!(" until {}", self.when(end, window)) };
        let event = self.event(window, self.now.timestamp());
        format!("`{}`{event}{until}: {}", excerpt(&window.name), why(window))
    }

    /// `` (event `Christmas Day`)``, where a calendar says it.
    fn event(&self, window: &Window, at: Instant) -> String {
        let events = window.events(&self.policy.zones, at);
        if events.is_empty() { String::new() } else { format!(" ({})", named(&events)) }
    }

    /// The same of the freeze windows that are on record as freezes, which do not say it.
    pub(crate) fn events(&self) -> Option<String> {
        let now = self.now.timestamp();
        let mut events: Vec<_> =
            self.hits(Effect::Freeze).flat_map(|window| window.events(&self.policy.zones, now)).collect();
        events.dedup();
        (!events.is_empty()).then(|| named(&events))
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

/// `` event `Christmas Day` ``
fn named(events: &[&str]) -> String {
    let names: Vec<_> = events.iter().take(TOLD).map(|event| format!("`{}`", excerpt(event))).collect();
    let more = if events.len() > TOLD { ", …" } else { "" };
    format!("event{} {}{more}", if events.len() == 1 { "" } else { "s" }, names.join(", "))
}

/// `office closed (contact: #release)`
fn why(window: &Window) -> String {
    let shown = |text: &Option<String>| text.as_deref().map(excerpt).filter(|text| !text.is_empty());
    let reason = shown(&window.why.reason).unwrap_or_else(|| "no reason given".to_owned());
    let contact = shown(&window.why.contact).map_or_else(String::new, |contact| format!(" (contact: {contact})"));
    format!("{reason}{contact}")
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

/// Some more than so many seconds, as `--wait` takes it: `14m`, `3h`.
fn span(seconds: i64) -> String {
    let minutes = seconds / 60 + 1;
    if minutes <= 120 { format!("{minutes}m") } else { format!("{}h", (minutes + 59) / 60) }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    const FRIDAY: &str = r#"{"name": "weekend", "effect": "freeze", "environments": ["prod"], "timezone": "Europe/Berlin",
        "reason": "nobody is there", "days": ["fri"], "from": "16:00", "to": "24:00"}"#;
    const OFFICE: &str = r#"{"name": "office hours", "effect": "allow", "environments": ["prod"], "timezone": "UTC",
        "days": ["mon-fri"], "from": "09:00", "to": "17:00"}"#;

    /// The summary and the advice for `prod`, which nobody has frozen.
    #[track_caller]
    fn check(windows: &[&str], action: &Value, now: &str, wanted: [&str; 2]) {
        let windows: Vec<Value> = windows.iter().map(|window| serde_json::from_str(window).expect("JSON")).collect();
        let body = json!({"org": "acme", "name": "prod", "type": "K8S", "tags": {}}).to_string();
        let call = json!({
            "action": action, "now": now, "environment": "prod", "policy": {"windows": windows}, "settings": {"org": "acme"},
            "observed": {
                "environment": {"status": 200, "body": body},
                "trails": {"status": 404, "body": r#"{"message":"Flow named 'prod-nodeploy' does not exist for organization 'acme'"}"#},
            },
        });
        let answer: Value = serde_json::from_str(&crate::plan_json(&call.to_string())).expect("an answer is JSON");
        assert_eq!([&answer["summary"], &answer["advice"]], wanted);
    }

    #[test]
    fn closed_by_a_window() {
        check(
            &[FRIDAY],
            &json!({"type": "assert"}),
            "2026-12-11T22:30:00Z",
            [
                "prod is closed by the freeze window `weekend` until 2026-12-11 23:00:00 UTC \
             (Sat 12 Dec 2026 00:00 Europe/Berlin): nobody is there",
                "to wait for it: nodeploy -e prod assert --wait 31m",
            ],
        );
        check(
            &[FRIDAY],
            &json!({"type": "status"}),
            "2026-12-11T22:30:00Z",
            [
                "prod is closed by the freeze window `weekend` until 2026-12-11 23:00:00 UTC \
             (Sat 12 Dec 2026 00:00 Europe/Berlin): nobody is there",
                "to see what is coming: nodeploy -e prod windows",
            ],
        );
    }

    #[test]
    fn it_opens_later_than_the_window_ends() {
        check(
            &[FRIDAY, OFFICE],
            &json!({"type": "assert"}),
            "2026-12-11T15:30:00Z",
            [
                "prod is closed by the freeze window `weekend` until 2026-12-11 23:00:00 UTC \
             (Sat 12 Dec 2026 00:00 Europe/Berlin): nobody is there; it opens at 2026-12-14 09:00:00 UTC",
                "to see what is coming: nodeploy -e prod windows",
            ],
        );
    }

    #[test]
    fn outside_the_allow_windows() {
        check(
            &[OFFICE],
            &json!({"type": "assert"}),
            "2026-12-11T06:30:00Z",
            [
                "prod is outside its allow window `office hours`; it opens at 2026-12-11 09:00:00 UTC",
                "to wait for it: nodeploy -e prod assert --wait 3h",
            ],
        );
        let never = OFFICE.replace(
            r#""days": ["mon-fri"], "from": "09:00", "to": "17:00""#,
            r#""from": "2020-01-01", "to": "2020-01-02""#,
        );
        check(
            &[&never],
            &json!({"type": "assert"}),
            "2026-12-11T06:30:00Z",
            [
                "prod is outside its allow window `office hours`; when it opens is not known",
                "to see what is coming: nodeploy -e prod windows",
            ],
        );
    }

    #[test]
    fn open_for_too_short_a_time() {
        check(
            &[FRIDAY],
            &json!({"type": "assert", "needs": "PT20M"}),
            "2026-12-11T14:50:00Z",
            [
                "prod closes at 2026-12-11 15:00:00 UTC, in 10 minutes, by the freeze window `weekend`: nobody is there; \
             the deployment needs 20 minutes",
                "to wait for it: nodeploy -e prod assert --needs PT20M --wait 9h",
            ],
        );
    }

    #[test]
    fn a_span_is_never_shorter() {
        for (seconds, wanted) in
            [(0, "1m"), (59, "1m"), (60, "2m"), (7199, "120m"), (7200, "3h"), (47_940, "14h"), (86_400, "25h")]
        {
            assert_eq!(super::span(seconds), wanted);
        }
    }
}
