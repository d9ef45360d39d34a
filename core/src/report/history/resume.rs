//! The text of a report's notes: what a page's `next` has in `resume`, and what alone is taken as that.

use crate::answer::DeploymentTotals;
use crate::call::{Period, Resume};
use crate::error::Error;
use crate::text::complaint;
use crate::text::object::{need, objects};

use super::line::{Fields, Line, Read};
use super::notes::{Closed, Counts, Lists, MOST_FREEZES, Notes, Pass, Pending, Running, Seen, Stage, too_much};

/// In bytes.
const LONGEST: usize = 500_000;

const STAGES: [(Stage, &str); 8] = [
    (Stage::Trails, "trails"),
    (Stage::Records, "records"),
    (Stage::Exceptions, "exceptions"),
    (Stage::Requests, "requests"),
    (Stage::Events, "events"),
    (Stage::Snapshots, "snapshots"),
    (Stage::Verdicts, "verdicts"),
    (Stage::Done, "done"),
];

objects! {
    strict struct NotesText {
        head = "head": String,
        pending = "pending": Vec<String>,
        freezes = "freezes": Vec<String>,
        passes = "passes": Vec<String>,
        exceptions = "exceptions": Vec<String>,
        flags = "flags": Vec<String>,
        running = "running": Vec<String>,
        waiting = "waiting": Vec<String>,
    }
}

impl Notes {
    /// As the next page gets it; an error if it holds too much.
    pub(super) fn write(&self) -> Result<Resume, Error> {
        let Lists { pending, freezes, passes, exceptions, flags, running, waiting } = &self.lists;
        let lists = [
            ("freezes", freezes.iter().map(Closed::line).collect::<Vec<_>>()),
            ("exceptions", names(exceptions)),
            ("flags", names(flags)),
            ("passes", passes.iter().map(Pass::line).collect()),
            ("pending", pending.iter().map(Pending::line).collect()),
            ("running", running.iter().map(|(key, running)| running.line(key)).collect()),
            ("waiting", waiting.iter().map(Seen::line).collect()),
        ];
        let mut text = ["{\"head\":", &json(&self.head())].concat();
        for (key, lines) in lists {
            let lines: Vec<_> = lines.iter().map(|line| json(line)).collect();
            text.push_str(&[",\"", key, "\":[", &lines.join(","), "]"].concat());
        }
        text.push('}');
        if text.len() > LONGEST || freezes.len().max(exceptions.len()) > MOST_FREEZES {
            return Err(too_much());
        }
        Ok(Resume(text))
    }

    /// Reads what [`Notes::write`] wrote, and nothing else.
    pub(super) fn read(resume: &Resume) -> Result<Self, Error> {
        let not_ours = |detail| Error::BadCall {
            detail: format!("`resume` is not what a report's `next` has: {detail}; begin the report again without it"),
        };
        Self::of(&resume.0).map_err(not_ours)
    }

    fn of(text: &str) -> Read<Self> {
        if text.len() > 2 * LONGEST {
            return Err("it is too long".to_owned());
        }
        let text: NotesText = serde_json::from_str(text).map_err(|error| complaint(&error))?;
        let list = |list: Option<Vec<String>>, key| need(list, key);
        let mut notes = Self::of_head(&need(text.head, "head")?)?;
        let Lists { pending, freezes, passes, exceptions, flags, running, waiting } = &mut notes.lists;
        for line in list(text.pending, "pending")? {
            pending.push(Pending::of(&line)?);
        }
        for line in list(text.freezes, "freezes")? {
            freezes.push(Closed::of(&line)?);
        }
        for line in list(text.passes, "passes")? {
            passes.push(Pass::of(&line)?);
        }
        for line in list(text.exceptions, "exceptions")? {
            exceptions.push(name(&line)?);
        }
        for line in list(text.flags, "flags")? {
            flags.push(name(&line)?);
        }
        for line in list(text.running, "running")? {
            let (key, one) = Running::of(&line)?;
            running.insert(key, one);
        }
        for line in list(text.waiting, "waiting")? {
            waiting.push(Seen::of(&line)?);
        }
        if passes.iter().any(|pass| pass.freeze >= freezes.len()) {
            return Err("a pass is of no freeze".to_owned());
        }
        Ok(notes)
    }

    fn head(&self) -> String {
        let Counts { open, overdue, refused, passed, overused, unreadable, deployments } = self.counts;
        let DeploymentTotals { unexplained, excepted, uncertain, before } = deployments;
        let (_, stage) = STAGES.iter().find(|(stage, _)| *stage == self.stage).copied().unwrap_or(STAGES[0]);
        let line = Line::default()
            .number(1)
            .text(Some(&self.environment))
            .text(Some(&self.flow))
            .number(self.period.from)
            .number(self.period.to)
            .number(self.now)
            .number(self.delay)
            .flag(self.deployments)
            .flag(self.gone)
            .flag(self.by_files)
            .number(self.reported)
            .number(self.changed)
            .text(Some(stage))
            .number(self.page.map(signed))
            .number(signed(self.stretch as u64))
            .number(self.latest);
        let counts = [open, overdue, refused, passed, overused, unreadable];
        let labels = [unexplained, excepted, uncertain, before];
        counts.into_iter().chain(labels).fold(line, |line, count| line.number(signed(count))).end()
    }

    fn of_head(line: &str) -> Read<Self> {
        let mut fields = Fields::of(line);
        if fields.number() != 1 {
            return Err("it is of another version".to_owned());
        }
        let (environment, flow) = (fields.text(), fields.text());
        let period = Period { from: fields.number(), to: fields.number() };
        let (now, delay) = (fields.number(), fields.number());
        let (deployments, gone, by_files) = (fields.flag(), fields.flag(), fields.flag());
        let (reported, changed) = (fields.maybe_number(), fields.maybe_number());
        let stage = fields.text();
        let (stage, _) =
            STAGES.iter().find(|(_, name)| *name == stage).ok_or_else(|| format!("there is no stage `{stage}`"))?;
        let page = fields.maybe_count();
        let stretch = usize::try_from(fields.count()).unwrap_or(usize::MAX);
        let latest = fields.maybe_number();
        let counts = Counts {
            open: fields.count(),
            overdue: fields.count(),
            refused: fields.count(),
            passed: fields.count(),
            overused: fields.count(),
            unreadable: fields.count(),
            deployments: DeploymentTotals {
                unexplained: fields.count(),
                excepted: fields.count(),
                uncertain: fields.count(),
                before: fields.count(),
            },
        };
        fields.end()?;
        if period.from >= period.to || delay < 0 || page == Some(0) {
            return Err("its period is empty".to_owned());
        }
        Ok(Self {
            environment,
            flow,
            period,
            now,
            delay,
            deployments,
            gone,
            by_files,
            reported,
            changed,
            stage: *stage,
            page,
            stretch,
            latest,
            counts,
            lists: Lists::default(),
        })
    }
}

fn names(names: &[String]) -> Vec<String> {
    names.iter().map(|name| Line::default().text(Some(name)).end()).collect()
}

fn name(line: &str) -> Read<String> {
    let mut fields = Fields::of(line);
    let name = fields.text();
    fields.end().map(|()| name)
}

/// Fields have no quotes and no backslashes.
fn json(line: &str) -> String {
    ["\"", line, "\""].concat()
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

impl Pending {
    fn line(&self) -> String {
        let line = Line::default().text(Some(&self.name)).number(self.created_at).number(self.ended_at);
        let line = self.has.into_iter().fold(line.flag(self.is_probed), Line::flag);
        line.number(signed(self.size)).text(self.url.as_deref()).end()
    }

    fn of(line: &str) -> Read<Self> {
        let mut fields = Fields::of(line);
        let pending = Self {
            name: fields.text(),
            created_at: fields.maybe_number(),
            ended_at: fields.maybe_number(),
            is_probed: fields.flag(),
            has: [fields.flag(), fields.flag(), fields.flag(), fields.flag()],
            size: fields.count(),
            url: fields.maybe(),
        };
        fields.end().map(|()| pending)
    }
}

impl Closed {
    fn line(&self) -> String {
        Line::default().text(Some(&self.id)).number(self.from).number(self.to).flag(self.is_window).end()
    }

    fn of(line: &str) -> Read<Self> {
        let mut fields = Fields::of(line);
        let closed = Self { id: fields.text(), from: fields.number(), to: fields.number(), is_window: fields.flag() };
        fields.end().map(|()| closed)
    }
}

impl Pass {
    fn line(&self) -> String {
        let line = Line::default().number(signed(self.freeze as u64)).number(self.at).text(Some(&self.exception));
        line.text(self.run.as_deref()).text(self.change.as_deref()).end()
    }

    fn of(line: &str) -> Read<Self> {
        let mut fields = Fields::of(line);
        let freeze = usize::try_from(fields.count()).unwrap_or(usize::MAX);
        let pass =
            Self { freeze, at: fields.number(), exception: fields.text(), run: fields.maybe(), change: fields.maybe() };
        fields.end().map(|()| pass)
    }
}

impl Running {
    fn line(&self, key: &str) -> String {
        Line::default().text(Some(key)).text(Some(&self.fingerprint)).flag(self.has_started).end()
    }

    fn of(line: &str) -> Read<(String, Self)> {
        let mut fields = Fields::of(line);
        let (key, fingerprint) = (fields.text(), fields.text());
        let running = Self { fingerprint, has_started: fields.flag() };
        fields.end().map(|()| (key, running))
    }
}

impl Seen {
    fn line(&self) -> String {
        let line = Line::default().number(self.at).number(self.started_at).text(Some(&self.fingerprint));
        let texts = [&self.artifact, &self.flow, &self.trail, &self.commit, &self.author, &self.url];
        let line = texts.into_iter().fold(line, |line, text| line.text(text.as_deref()));
        let line = line.number(self.snapshot.map(signed)).number(self.compliant.map(i64::from));
        let line = line.flag(self.may_be_restart).flag(self.asks.is_some());
        let asks = self.asks.iter().flatten();
        asks.fold(line, |line, (flow, trail)| line.text(Some(flow)).text(Some(trail))).end()
    }

    fn of(line: &str) -> Read<Self> {
        let mut fields = Fields::of(line);
        let mut seen = Self { at: fields.number(), started_at: fields.maybe_number(), ..Self::default() };
        seen.fingerprint = fields.text();
        seen.artifact = fields.maybe();
        seen.flow = fields.maybe();
        seen.trail = fields.maybe();
        seen.commit = fields.maybe();
        seen.author = fields.maybe();
        seen.url = fields.maybe();
        seen.snapshot = fields.maybe_count();
        seen.compliant = fields.maybe_number().map(|flag| flag == 1);
        seen.may_be_restart = fields.flag();
        if fields.flag() {
            let mut asks = Vec::new();
            while fields.has_more() {
                asks.push((fields.text(), fields.text()));
            }
            seen.asks = Some(asks);
        }
        fields.end().map(|()| seen)
    }
}
