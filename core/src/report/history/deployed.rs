//! What has happened in the environment, what ran there, and the verdicts on deployments' own trails.

use crate::answer::{Label, PastDeployment};
use crate::error::Error;
use crate::kosli::command::verdict_name;
use crate::kosli::documents::events::events;
use crate::kosli::documents::look::{Look, document};
use crate::kosli::documents::snapshot::artifacts;
use crate::kosli::name::{FlowName, TrailName};
use crate::kosli::target::Target;

use super::deployments::{judge, look, take, verdict};
use super::freezes::whole;
use super::notes::{Notes, Seen, Stage};
use super::reading::{Reading, each};

/// The last page of events is shorter than this.
const EVENTS: usize = 100;
/// How far events of two pages may be out of order, in seconds.
const SLACK: i64 = 60;

impl Reading<'_> {
    pub(super) fn take_events(&mut self, targets: &[Target]) -> Result<(), Error> {
        let Some(target @ Target::Events { start, end, page, .. }) = targets.first() else { return Ok(()) };
        let failed = |detail| Error::UnreadableEvents { environment: self.notes.environment.clone(), detail };
        let raw = self.sight.subject.observed.get(&target.name());
        let read = match document(raw, &|_| false) {
            Look::Found(text) => events(text).map_err(failed)?,
            Look::Failed(detail) | Look::Missing(detail) => return Err(failed(detail)),
            Look::NotYet => return Err(failed("nobody has looked at them yet".to_owned())),
        };
        let is_last = read.len() < EVENTS;
        let mut unknown: Vec<(usize, String)> = Vec::new();
        for (number, event) in read.into_iter().enumerate() {
            match event {
                Ok(event) if event.fingerprint.is_empty() || event.at.is_nan() => {
                    self.unreadable("event", format!("page {page}, event {}", number + 1), "it is of no artifact");
                }
                Ok(event) if self.notes.is_to_come(whole(event.at)) => {
                    // In milliseconds, say: taken for what it is not, nothing would have happened.
                    self.unreadable(
                        "event",
                        format!("page {page}, event {}", number + 1),
                        "its time lies in the future",
                    );
                }
                Ok(event) => {
                    let at = whole(event.at);
                    if self.notes.latest.is_some_and(|latest| at + SLACK < latest) {
                        let detail = "they do not come in their order, the oldest first".to_owned();
                        return Err(Error::UnreadableEvents { environment: self.notes.environment.clone(), detail });
                    }
                    self.notes.latest = self.notes.latest.max(Some(at));
                    // Whether Kosli's ends are part of what was asked for is not known.
                    if (*start..=*end).contains(&at) {
                        if event.is_known() {
                            take(&mut self.notes, &event);
                        } else {
                            unknown.push((number + 1, event.kind));
                        }
                    }
                }
                Err(detail) => self.unreadable("event", format!("page {page}, event {}", number + 1), &detail),
            }
        }
        // One for all: a Kosli with a new kind may have hundreds.
        if let Some((number, kind)) = unknown.first() {
            let more = unknown.len() - 1;
            let others = if more > 0 { format!(", nor that of {more} more on that page") } else { String::new() };
            // The name comes last: it may be cut.
            let detail = format!("this version does not know its kind{others}: `{kind}`");
            self.unreadable("event", format!("page {page}, event {number}"), &detail);
        }
        self.notes.page = Some(page + 1);
        if is_last {
            // What has started in between is not seen.
            self.notes.stretch += 1;
            self.notes.page = Some(1);
            self.notes.latest = None;
            self.notes.lists.running.clear();
        }
        if !self.notes.lists.waiting.is_empty() {
            self.notes.stage = Stage::Snapshots;
        }
        Ok(())
    }

    pub(super) fn take_snapshot(&mut self, targets: &[Target]) {
        let waiting = std::mem::take(&mut self.notes.lists.waiting);
        let Some(target @ Target::Snapshot { index, .. }) = targets.first() else {
            self.notes.lists.waiting.extend(waiting.into_iter().map(|seen| match seen.snapshot {
                None => Seen { asks: seen.asks.or_else(|| Some(Vec::new())), ..seen },
                Some(_) => seen,
            }));
            return;
        };
        let raw = self.sight.subject.observed.get(&target.name());
        let read = match document(raw, &|words| words.contains("does not exist")) {
            Look::Found(text) => artifacts(text, *index),
            Look::Failed(detail) | Look::Missing(detail) => Err(detail),
            Look::NotYet => Err("nobody has looked at it yet".to_owned()),
        };
        if let Err(detail) = &read {
            let name = format!("{}#{index}", self.notes.environment);
            self.unreadable("snapshot", name, detail);
        }
        for seen in waiting {
            if seen.snapshot != Some(*index) || seen.asks.is_some() {
                self.notes.lists.waiting.push(seen);
                continue;
            }
            self.notes.lists.waiting.extend(match &read {
                Ok(artifacts) => look(seen, artifacts, self.notes.by_files),
                Err(_) => Some(Seen { asks: Some(Vec::new()), ..seen }),
            });
        }
    }

    pub(super) fn take_verdict(&mut self, targets: Vec<Target>) {
        if self.notes.lists.waiting.is_empty() {
            return;
        }
        let mut seen = self.notes.lists.waiting.remove(0);
        let Some(target) = targets.into_iter().next() else { return self.tell(&seen, None) };
        let Target::Verdict { flow, trail, environment } = &target else { return };
        let name = verdict_name(environment);
        let raw = self.sight.subject.observed.get(&target.name());
        let (verdicts, problem) = match document(raw, &|words| words.contains("does not exist")) {
            // Few trails have one.
            Look::Found(text) if text.trim() == "[]" => (Vec::new(), None),
            Look::Found(text) => {
                let (verdicts, problems) = each(text, &name, flow.as_str(), trail.as_str());
                (verdicts, problems.into_iter().next())
            }
            Look::Missing(_) | Look::NotYet => (Vec::new(), None),
            Look::Failed(detail) => (Vec::new(), Some(detail)),
        };
        if let Some(detail) = problem {
            self.unreadable("attestation", format!("{flow}/{trail}/{name}"), &detail);
        }
        if let Some(passed) = verdict(&verdicts, &seen, &self.notes) {
            let exception = passed.exception.as_deref().and_then(|ids| ids.split(',').next());
            let by = (exception.map(str::to_owned), passed.run.clone());
            return self.tell(&seen, Some(by));
        }
        if let Some(asks) = &mut seen.asks {
            asks.remove(0);
        }
        self.notes.lists.waiting.insert(0, seen);
    }

    /// Tells what was deployed, if anything was closed; with the exception and the run of a verdict that let it pass.
    fn tell(&mut self, seen: &Seen, passed: Option<(Option<String>, Option<String>)>) {
        let Some(mut told) = judge(seen, &self.notes) else { return };
        if let Some((exception, run)) = passed {
            told = PastDeployment { label: Label::Excepted, why: None, exception, run, ..told };
        }
        let counts = &mut self.notes.counts.deployments;
        let count = match told.label {
            Label::Unexplained => &mut counts.unexplained,
            Label::Excepted => &mut counts.excepted,
            Label::Uncertain => &mut counts.uncertain,
            Label::Before => &mut counts.before,
        };
        *count += 1;
        self.page.deployments.push(told);
    }
}

/// The next trail of a deployment that may explain it; none if there is none, or nothing to explain.
pub(super) fn asked(seen: &Seen, notes: &Notes) -> Option<(FlowName, TrailName)> {
    let told = judge(seen, notes)?;
    if !matches!(told.label, Label::Unexplained | Label::Uncertain) {
        return None;
    }
    let (flow, trail) = seen.asks.as_ref()?.first()?;
    Some((FlowName::new(flow).ok()?, TrailName::new(trail).ok()?))
}
