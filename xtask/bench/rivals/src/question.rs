//! What is asked, and what nodeploy answered.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Deserialize;
use serde::de::DeserializeOwned;

pub struct Question {
    name: String,
    /// What `plan` is asked.
    pub call: String,
    pub windows: Vec<Window>,
    pub at: DateTime<Utc>,
    answer: Answer,
}

/// A freeze window, in the policy's words.
#[derive(Deserialize)]
pub struct Window {
    pub name: String,
    pub timezone: String,
    pub start: Option<String>,
    pub end: Option<String>,
    pub dtstart: Option<String>,
    pub rrule: Option<String>,
    duration: Option<String>,
}

/// Which windows are active, and when the first of all of them begins or ends.
#[derive(Debug, Default, Eq, PartialEq)]
pub struct State {
    pub active: BTreeSet<String>,
    pub changes: Option<i64>,
}

#[derive(Deserialize)]
struct Call {
    now: DateTime<Utc>,
    policy: Policy,
}

#[derive(Deserialize)]
struct Policy {
    windows: Vec<Window>,
}

#[derive(Deserialize)]
struct Answer {
    windows: Vec<Active>,
    closes_at: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
struct Active {
    name: String,
}

impl Question {
    pub fn read(folder: &Path, name: &str) -> Self {
        let text = |kind: &str| {
            let file = folder.join(format!("{name}.{kind}.json"));
            fs::read_to_string(&file).unwrap_or_else(|error| panic!("{} cannot be read: {error}", file.display()))
        };
        let call = text("call");
        let Call { now, policy } = json(&call);
        Self { name: name.into(), windows: policy.windows, at: now, answer: json(&text("answer")), call }
    }

    /// Fails if `rival` found something else than nodeploy.
    pub fn check(&self, rival: &str, found: &State) {
        let active: BTreeSet<String> = self.answer.windows.iter().map(|window| window.name.clone()).collect();
        assert_eq!(found.active, active, "active in `{}`: {rival}'s, and nodeploy's", self.name);
        let name = &self.name;
        if let Some(closes) = self.answer.closes_at {
            assert_eq!(
                found.changes,
                Some(closes.timestamp()),
                "the first change in `{name}`: {rival}'s, and nodeploy's"
            );
        }
        eprintln!("{name}: {rival} agrees, {} of {} windows are active", active.len(), self.windows.len());
    }
}

impl Window {
    pub fn zone(&self) -> Tz {
        self.timezone.parse().expect("the bench writes zones that exist")
    }

    /// In seconds, of `PT90M`.
    pub fn lasts(&self) -> Option<i64> {
        let minutes = self.duration.as_ref()?.strip_prefix("PT")?.strip_suffix('M')?;
        Some(minutes.parse::<i64>().expect("the bench writes whole minutes") * 60)
    }
}

impl State {
    /// Puts a window in: active until a time, or to begin then.
    pub fn take(&mut self, name: &str, is_active: bool, changes: Option<i64>) {
        if is_active {
            self.active.insert(name.to_owned());
        }
        self.changes = [self.changes, changes].into_iter().flatten().min();
    }
}

fn json<T: DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(text).expect("the bench writes JSON of this form")
}
