//! A plan in the making: the freezes as they are, and the commands so far.

use std::collections::BTreeMap;

use crate::answer::{Advice, Answer, Decision, Shown, State, Warning};
use crate::call::Action;
use crate::codes::Reason;
use crate::error::Error;
use crate::freeze::Freeze;
use crate::kosli::command::Command;
use crate::kosli::documents::flag::Words;
use crate::kosli::documents::look::Look;
use crate::kosli::documents::record::{OFF, ON, Record};
use crate::kosli::id;
use crate::kosli::name::{FlowName, TagKey, TrailName};
use crate::kosli::step::Write;
use crate::order::{self, Map, Set};
use crate::sight::Sight;
use crate::time;

pub(super) struct Work<'s> {
    pub(super) sight: &'s Sight<'s>,
    pub(super) freezes: Vec<Freeze<'s>>,
    commands: Vec<Command>,
    known: Set<String>,
    /// How many ids of this moment have been tried; each is tried once, so many freezes stay quick.
    numbers: usize,
    creates_flow: bool,
}

/// One change of the environment's tags, which Kosli makes as a whole.
#[derive(Default)]
pub(super) struct TagChange {
    set: Map<TagKey, String>,
    unset: Set<TagKey>,
}

pub(super) type Annotations = BTreeMap<&'static str, String>;

impl<'s> Work<'s> {
    /// Begins a plan that may write; so everything asked for must have been read.
    pub(super) fn on(sight: &'s Sight<'s>) -> Result<Self, Error> {
        let freezes = sight.freezes()?;
        let flow = || sight.flow.to_string();
        if let Some(detail) = sight.listing.failure() {
            return Err(Error::UnreadableTrails { flow: flow(), detail: detail.to_owned() });
        }
        if let Look::Failed(detail) = sight.look_at_flow() {
            return Err(Error::UnreadableFlow { flow: flow(), detail });
        }
        for freeze in &freezes {
            let trail = || freeze.id.to_string();
            if let Some(detail) = freeze.record.failure() {
                return Err(Error::UnreadableTrail { flow: flow(), trail: trail(), detail: detail.to_owned() });
            }
            if let Some(detail) = freeze.ons.failure() {
                return Err(Error::UnreadableAttestation { name: ON, trail: trail(), detail: detail.to_owned() });
            }
        }
        let known = order::set(freezes.iter().map(|freeze| freeze.id.to_string()));
        Ok(Self { sight, freezes, commands: Vec::new(), known, numbers: 0, creates_flow: false })
    }

    pub(super) fn environment(&self) -> &'s str {
        self.sight.name.as_str()
    }

    pub(super) fn has_commands(&self) -> bool {
        !self.commands.is_empty()
    }

    /// An id that nothing read has, for a freeze that begins now.
    pub(super) fn fresh_id(&mut self) -> TrailName {
        let ask = self.sight.ask;
        loop {
            self.numbers += 1;
            let id = id::numbered(ask.begun(), ask.action.by(), self.numbers);
            if !self.known.contains(id.as_str()) && !self.sight.is_listed(id.as_str()) {
                return id;
            }
        }
    }

    /// Begins the record of a freeze that has none, in a flow that is created if Kosli has said it is missing.
    pub(super) fn begin_trail(&mut self, trail: &TrailName) {
        if self.sight.flow_exists() == Some(false) && !self.creates_flow {
            self.creates_flow = true;
            let description = format!("Change freezes of the environment {}", self.sight.name);
            self.commands.push(Command::CreateFlow { flow: self.sight.flow.clone(), description });
        }
        self.commands.push(Command::BeginTrail { flow: self.sight.flow.clone(), trail: trail.clone() });
    }

    pub(super) fn attest(
        &mut self,
        trail: &TrailName,
        name: &'static str,
        reason: Option<&str>,
        annotations: Annotations,
    ) {
        self.commands.push(attestation(&self.sight.flow, trail, name, reason, annotations));
    }

    /// Puts a freeze's beginning on record, as far as it is not.
    pub(super) fn attest_on(
        &mut self,
        trail: &TrailName,
        record: &Look<Record>,
        words: &Words<'_>,
        except: Option<String>,
        by_sync: bool,
    ) {
        if *record == Look::Found(Record::Missing) {
            self.begin_trail(trail);
        }
        let mut annotations = Annotations::new();
        if let Some(by) = &words.by {
            annotations.insert("by", by.to_string());
        }
        if let Some(until) = words.until.at() {
            annotations.insert("until", time::rfc3339(until));
        }
        if let Some(except) = except {
            annotations.insert("except", except);
        }
        if by_sync {
            annotations.insert("recorded_by", "sync".to_owned());
        }
        self.attest(trail, ON, words.reason.as_deref(), annotations);
    }

    /// Puts a freeze's end on record. One that has no trail of its own gets a fresh one, with what it was.
    pub(super) fn attest_off(&mut self, freeze: &Freeze<'_>, reason: Option<&str>, mut annotations: Annotations) {
        let trail = if let Some(trail) = freeze.trail() {
            if freeze.is_on_record(Record::Missing) {
                self.begin_trail(&trail);
            }
            trail
        } else {
            annotations.insert(if freeze.signal { "signal" } else { "flag" }, freeze.id.to_string());
            let trail = self.fresh_id();
            self.begin_trail(&trail);
            trail
        };
        self.attest(&trail, OFF, reason, annotations);
    }

    pub(super) fn raise(&self, change: &mut TagChange, id: &str, words: &Words<'_>) -> Result<(), Error> {
        change.set.insert(self.flag_key(id)?, words.to_flag());
        Ok(())
    }

    pub(super) fn lower(&self, change: &mut TagChange, freeze: &Freeze<'_>) -> Result<(), Error> {
        if freeze.flag.is_some() {
            change.unset.insert(self.flag_key(&freeze.id)?);
        }
        Ok(())
    }

    /// Lowers the flags of freezes whose end is on record.
    pub(super) fn lower_ended(&self, change: &mut TagChange) -> Result<(), Error> {
        let mut ended = self.freezes.iter().filter(|freeze| freeze.state(self.sight.ask.now) == State::Ended);
        ended.try_for_each(|freeze| self.lower(change, freeze))
    }

    /// Brings the signal where it belongs: up while any freeze is `open`, kept if it shows one of them.
    pub(super) fn mend_signal(&self, change: &mut TagChange, open: &[&str]) {
        let tag = self.sight.ask.settings.tag.clone();
        let shown = self.freezes.iter().find(|freeze| freeze.signal);
        match (shown, open) {
            (Some(shown), _) if open.contains(&&*shown.id) => {}
            (_, [oldest, ..]) => drop(change.set.insert(tag, (*oldest).to_owned())),
            (Some(_), []) => drop(change.unset.insert(tag)),
            (None, []) => {}
        }
    }

    pub(super) fn tag(&mut self, change: TagChange) {
        let TagChange { set, unset } = change;
        if !set.is_empty() || !unset.is_empty() {
            let environment = self.sight.name.clone();
            let (set, unset) = (set.into_iter().collect(), unset.into_iter().collect());
            self.commands.push(Command::TagEnvironment { environment, set, unset });
        }
    }

    pub(super) fn proceed(
        self,
        reason: Reason,
        summary: String,
        advice: Option<Advice>,
        freezes: Vec<Shown>,
        warnings: Vec<Warning>,
        action: Action,
    ) -> Answer {
        let org = self.sight.ask.settings.org.as_ref();
        let write = |command| Write { command, org: org.cloned(), optional: false };
        let commands = self.commands.into_iter().map(write).collect();
        Answer { summary, freezes, warnings, action: Some(action), commands, ..Answer::new(Decision::Proceed, reason) }
            .advised(advice)
    }

    /// Refuses: the facts as they are, and no commands.
    pub(super) fn refuse(self, reason: Reason, summary: String, advice: Option<Advice>) -> Answer {
        Answer {
            summary,
            freezes: self.freezes.iter().map(|freeze| freeze.shown(self.sight.now)).collect(),
            action: Some(self.sight.ask.action.clone()),
            ..Answer::new(Decision::Refuse, reason)
        }
        .advised(advice)
    }

    fn flag_key(&self, id: &str) -> Result<TagKey, Error> {
        TagKey::new(&format!("{}.{id}", self.sight.ask.settings.tag))
    }
}

impl TagChange {
    /// The part that raises and the part that lowers, for a plan that ends records in between.
    pub(super) fn split(self) -> (Self, Self) {
        let Self { set, unset } = self;
        (Self { set, unset: Set::new() }, Self { set: Map::new(), unset })
    }
}

/// An attestation whose texts reach Kosli as they are.
pub(super) fn attestation(
    flow: &FlowName,
    trail: &TrailName,
    name: &'static str,
    reason: Option<&str>,
    mut annotations: Annotations,
) -> Command {
    for value in annotations.values_mut() {
        *value = carried(value, "");
    }
    let description = reason.filter(|reason| !reason.trim().is_empty()).map(description);
    Command::Attest { flow: flow.clone(), trail: trail.clone(), name, description, annotations }
}

/// `reason` as a description: a leading dash, which the CLI takes from no flag, gets a blank before it.
pub(super) fn description(reason: &str) -> String {
    carried(reason, if reason.starts_with('-') { " " } else { "" })
}

/// A text that an argument can carry; a NUL can only come from a foreign hand's tag.
fn carried(text: &str, before: &str) -> String {
    format!("{before}{}", text.replace('\0', "\u{fffd}"))
}
