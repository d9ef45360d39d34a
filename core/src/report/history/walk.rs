//! From what one page has left, through what was read, to what the next needs.

use std::borrow::Cow;

use crate::call::{Period, Report};
use crate::error::Error;
use crate::kosli::documents::environment::{EnvironmentDocument, LOGICAL, LastHeard};
use crate::kosli::documents::look::Look;
use crate::kosli::documents::tags::TagValue;
use crate::kosli::id;
use crate::kosli::name::{FlowName, TrailName};
use crate::kosli::raw::RawResult;
use crate::kosli::target::Target;
use crate::sight::{Sight, clock};
use crate::time;

use super::deployed::asked;
use super::deployments::stretches;
use super::freezes::whole;
use super::notes::{Counts, Lists, MOST_FREEZES, Notes, Stage, too_much};
use super::reading::{RECORD, REQUEST, Reading};

/// Bytes of documents after which a call asks for no more.
const ENOUGH: usize = 150_000;

pub(super) struct Walk<'s> {
    pub(super) reading: Reading<'s>,
    /// Something was read.
    pub(super) has_read: bool,
    /// How much.
    size: usize,
    /// The names of what was read; a name stands for one thing in each call.
    used: Vec<Cow<'static, str>>,
    wants: Vec<Target>,
    /// What it is called now.
    pub(super) renamed: Option<String>,
}

impl<'s> Walk<'s> {
    pub(super) fn of(sight: &'s Sight<'s>, report: &Report) -> Result<Self, Error> {
        let notes = match &report.resume {
            Some(resume) => resumed(sight, report, Notes::read(resume)?)?,
            None => begun(sight, report)?,
        };
        let mut walk = Self {
            reading: Reading::of(sight, notes),
            has_read: false,
            size: report.resume.as_ref().map_or(0, |resume| resume.0.len()),
            used: Vec::new(),
            wants: Vec::new(),
            renamed: None,
        };
        // The first page needs both, side by side.
        if report.resume.is_none() {
            walk.start()?;
        }
        Ok(walk)
    }

    /// As far as what was read goes. What cannot be read is the next page's to say where this one has something to tell:
    /// that is not lost with it.
    pub(super) fn read(sight: &'s Sight<'s>, report: &Report) -> Result<Self, Error> {
        let mut steps = 0;
        let read = Self::of(sight, report)?.finish(usize::MAX, &mut steps);
        if read.is_err() && steps > 0 {
            let cut = Self::of(sight, report)?.finish(steps, &mut 0)?;
            if cut.reading.has_told() {
                return Ok(cut);
            }
        }
        read
    }

    /// Goes on as long as what it needs was read, so many steps at the most.
    fn finish(mut self, most: usize, steps: &mut usize) -> Result<Self, Error> {
        while *steps < most && self.wants.is_empty() && self.reading.notes.stage != Stage::Done {
            let targets = self.targets()?;
            let unread = |target: &&Target| !self.reading.sight.subject.observed.contains_key(&target.name());
            let missing: Vec<_> = targets.iter().filter(unread).cloned().collect();
            let is_used = targets.iter().any(|target| self.used.contains(&target.name()));
            if is_used || (self.has_read && self.size > ENOUGH && !missing.is_empty()) {
                break;
            }
            if !missing.is_empty() {
                self.wants = missing;
                break;
            }
            for target in &targets {
                self.note_read(target);
            }
            self.take(targets)?;
            if self.reading.notes.lists.freezes.len().max(self.reading.notes.lists.exceptions.len()) > MOST_FREEZES {
                return Err(too_much());
            }
            *steps += 1;
        }
        Ok(self)
    }

    /// Takes what the stage has read.
    fn take(&mut self, targets: Vec<Target>) -> Result<(), Error> {
        match self.reading.notes.stage {
            Stage::Trails | Stage::Exceptions => self.reading.take_list(targets),
            Stage::Records | Stage::Requests => self.reading.take_batch(),
            Stage::Events => self.reading.take_events(&targets),
            Stage::Snapshots => {
                self.reading.take_snapshot(&targets);
                Ok(())
            }
            Stage::Verdicts => {
                self.reading.take_verdict(targets);
                Ok(())
            }
            Stage::Done => Ok(()),
        }
    }

    pub(super) fn wants(self) -> Vec<Target> {
        self.wants
    }

    fn note_read(&mut self, target: &Target) {
        self.has_read = true;
        let raw = self.reading.sight.subject.observed.get(&target.name());
        self.size += raw.map_or(0, RawResult::length);
        self.used.push(target.name());
    }

    /// The environment says what can have happened at all.
    fn start(&mut self) -> Result<(), Error> {
        let trails = Target::Trails { flow: self.reading.sight.flow.clone(), page: 1 };
        let environment = Target::Environment { environment: self.reading.sight.name.clone(), look: 1 };
        let unread = |target: &Target| !self.reading.sight.subject.observed.contains_key(&target.name());
        self.wants = [environment.clone(), trails].into_iter().filter(unread).collect();
        if !self.wants.is_empty() {
            return Ok(());
        }
        self.note_read(&environment);
        match &self.reading.sight.environment {
            Look::Found(found) => {
                let kind = found.traits.kind.as_deref().unwrap_or_default();
                self.reading.notes.deployments &= found.members.is_none() && kind != LOGICAL;
                // Their time of a start is when the file was changed, by whoever built it.
                self.reading.notes.by_files = matches!(kind, "server" | "S3");
                self.reading.notes.lists.flags = flags(found, self.reading.notes.period);
                let heard = self.reading.sight.last_heard();
                self.note_heard(heard);
            }
            Look::Missing(_) => self.reading.notes.gone = true,
            Look::Failed(_) | Look::NotYet => {
                self.renamed = self.reading.sight.renamed();
                if self.renamed.is_none() {
                    self.reading.sight.environment()?;
                }
                self.reading.notes.gone = true;
            }
        }
        let ends = time::at(self.reading.notes.period.to).unwrap_or(self.reading.sight.ask.now);
        clock::check_until(self.reading.sight.ask, self.reading.sight.subject, ends)
    }

    fn note_heard(&mut self, LastHeard { reported, changed }: LastHeard) {
        self.reading.notes.reported = reported.map(whole).filter(|at| !self.reading.notes.is_to_come(*at));
        self.reading.notes.changed = changed.map(whole);
        // Nobody has ever reported what runs there.
        if reported.is_none() && changed.is_none() {
            self.reading.notes.changed = Some(time::FIRST);
        }
    }

    /// What the stage needs; a stage without needs is gone through.
    fn targets(&mut self) -> Result<Vec<Target>, Error> {
        loop {
            let notes = &self.reading.notes;
            let targets = match notes.stage {
                Stage::Trails => {
                    notes.page.map(|page| vec![Target::Trails { flow: self.reading.sight.flow.clone(), page }])
                }
                Stage::Exceptions => {
                    let flow = self.reading.sight.exceptions_flow()?;
                    notes.page.map(|page| vec![Target::Exceptions { flow, page }])
                }
                Stage::Records => self.of_batch(&self.reading.sight.flow, RECORD),
                Stage::Requests => self.of_batch(&self.reading.sight.exceptions_flow()?, REQUEST),
                Stage::Events => self.events(),
                Stage::Snapshots => self.snapshot(),
                Stage::Verdicts => self.verdict(),
                Stage::Done => Some(Vec::new()),
            };
            match targets {
                Some(targets) => return Ok(targets),
                None => self.advance(),
            }
        }
    }

    /// On to the next stage that can need something.
    fn advance(&mut self) {
        let notes = &mut self.reading.notes;
        notes.stage = match notes.stage {
            Stage::Trails => {
                notes.page = Some(1);
                Stage::Exceptions
            }
            Stage::Records => Stage::Trails,
            Stage::Exceptions => {
                notes.page = Some(1);
                Stage::Events
            }
            Stage::Requests => Stage::Exceptions,
            Stage::Events | Stage::Done => Stage::Done,
            Stage::Snapshots => Stage::Verdicts,
            Stage::Verdicts => Stage::Events,
        };
    }

    fn of_batch(&self, flow: &FlowName, names: [&'static str; 4]) -> Option<Vec<Target>> {
        let batch = self.reading.notes.batch();
        let is_exception = self.reading.notes.stage == Stage::Requests;
        let mut targets = Vec::new();
        for one in batch {
            let Ok(trail) = TrailName::new(&one.name) else { continue };
            for name in one.reads(names) {
                let (flow, trail) = (flow.clone(), trail.clone());
                targets.push(if is_exception {
                    Target::ExceptionAttestation { flow, trail, name }
                } else {
                    Target::Attestation { flow, trail, name }
                });
            }
        }
        (!batch.is_empty()).then_some(targets)
    }

    fn events(&self) -> Option<Vec<Target>> {
        let stretch = *stretches(&self.reading.notes).get(self.reading.notes.stretch)?;
        let (environment, page) = (self.reading.sight.name.clone(), self.reading.notes.page.unwrap_or(1));
        Some(vec![Target::Events { environment, start: stretch.from, end: stretch.to, page }])
    }

    fn snapshot(&self) -> Option<Vec<Target>> {
        let seen = self.reading.notes.lists.waiting.iter().find(|seen| seen.asks.is_none())?;
        let Some(index) = seen.snapshot else { return Some(Vec::new()) };
        Some(vec![Target::Snapshot { environment: self.reading.sight.name.clone(), index }])
    }

    fn verdict(&self) -> Option<Vec<Target>> {
        let seen = self.reading.notes.lists.waiting.first()?;
        let Some((flow, trail)) = asked(seen, &self.reading.notes) else { return Some(Vec::new()) };
        Some(vec![Target::Verdict { flow, trail, environment: self.reading.sight.name.clone() }])
    }
}

fn begun(sight: &Sight<'_>, report: &Report) -> Result<Notes, Error> {
    let now = sight.ask.now.timestamp();
    Ok(Notes {
        environment: sight.name.to_string(),
        flow: sight.flow.to_string(),
        period: report.period(sight.ask.now)?,
        now,
        delay: report.delay()?,
        deployments: report.deployments.unwrap_or(true),
        gone: false,
        by_files: false,
        reported: None,
        changed: None,
        stage: Stage::Trails,
        page: Some(1),
        stretch: 0,
        latest: None,
        lists: Lists::default(),
        counts: Counts::default(),
    })
}

/// What the tags say that may have closed it within the period.
fn flags(environment: &EnvironmentDocument<'_>, period: Period) -> Vec<String> {
    let signal = environment.signal.iter().map(TagValue::shown);
    let signal = signal.filter(|said| !environment.flags.contains_key(*said));
    let shown = |said: &str| if said.is_empty() { "\"\"".to_owned() } else { said.to_owned() };
    let mut flags: Vec<_> = environment.flags.keys().map(|id| &**id).chain(signal).map(shown).collect();
    flags.retain(|id| id::since(id).is_none_or(|since| since.timestamp() < period.to));
    flags
}

/// The note of another report than the call's is none.
fn resumed(sight: &Sight<'_>, report: &Report, notes: Notes) -> Result<Notes, Error> {
    let said = |text: &Option<String>| text.as_deref().map(time::parse);
    let differs = |text, at| said(text).is_some_and(|said| said.map(|said| said.timestamp()) != Some(at));
    let is_other = notes.environment != sight.name.as_str()
        || notes.flow != sight.flow.as_str()
        || differs(&report.from, notes.period.from)
        || differs(&report.to, notes.period.to)
        || report.delay.is_some() && report.delay()? != notes.delay;
    if is_other {
        let detail = "`resume` is of another report; begin this one without it".to_owned();
        return Err(Error::BadCall { detail });
    }
    Ok(notes)
}
