//! What has been seen: the raw results of a call, read and put together into freezes.

mod ask;
pub(crate) mod clock;
mod evidence;
pub(crate) mod exceptions;

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use crate::call::{self, Action, Freezes, Request};
use crate::error::Error;
use crate::freeze::Freeze;
use crate::kosli::command::{REFUSED, verdict_name};
use crate::kosli::documents::environment::{EnvironmentDocument, LastHeard, Traits};
use crate::kosli::documents::flag::Words;
use crate::kosli::documents::look::{Look, document};
use crate::kosli::documents::record::{self, OFF, ON, On, Record};
use crate::kosli::documents::said::{self, Said};
use crate::kosli::documents::tags::TagValue;
use crate::kosli::id;
use crate::kosli::name::{EnvironmentName, FlowName, TrailName, is_trail_name};
use crate::kosli::read_name::ReadName;
use crate::order::{self, Map, Set};
use crate::policy::{For, Policy};
use crate::text::object;

pub(crate) use self::ask::{Ask, Subject};
pub use self::evidence::VERSION;
pub(crate) use self::evidence::sha256;

pub(crate) struct Sight<'c> {
    pub(crate) ask: &'c Ask<'c>,
    pub(crate) subject: Subject<'c>,
    /// The instant that is asked about; of `off` the earlier of the host's and Kosli's, where they differ.
    pub(crate) now: DateTime<Utc>,
    pub(crate) name: EnvironmentName,
    pub(crate) flow: FlowName,
    /// The ids that the action says.
    pub(crate) named: Set<&'c str>,
    /// The records of the pages read, by the names of their trails.
    pub(crate) listing: Look<Map<String, Record>>,
    /// How many pages of trails Kosli has, once the first is read.
    pub(crate) pages: u64,
    pub(crate) environment: Look<EnvironmentDocument<'c>>,
}

impl<'c> Sight<'c> {
    /// Reads what was seen. Its errors are the caller's; what Kosli said wrong is in the looks.
    pub(crate) fn of(ask: &'c Ask<'c>, subject: Subject<'c>) -> Result<Self, Error> {
        let name = subject.environment.name()?;
        let flow = ask.settings.flow_of(&name)?;
        ask.action.check(&name, ask.now)?;
        let now = match ask.action {
            Action::Off { .. } => clock::earliest(ask, subject),
            _ => ask.at()?,
        };
        let named = named(ask.action);
        let mut sight =
            Self { ask, subject, now, name, flow, named, listing: Look::NotYet, pages: 0, environment: Look::NotYet };
        sight.environment = sight.look_at_environment();
        sight.look_at_trails();
        Ok(sight)
    }

    /// The environment alone: its history is read page by page.
    pub(crate) fn of_environment(ask: &'c Ask<'c>, subject: Subject<'c>) -> Result<Self, Error> {
        let name = subject.environment.name()?;
        let flow = ask.settings.flow_of(&name)?;
        ask.action.check(&name, ask.now)?;
        let (now, named) = (ask.now, Set::new());
        let mut sight =
            Self { ask, subject, now, name, flow, named, listing: Look::NotYet, pages: 0, environment: Look::NotYet };
        if subject.look(ReadName::Environment(1)).is_some() {
            sight.environment = sight.look_at_environment();
        }
        Ok(sight)
    }

    /// When the environment was last heard of.
    pub(crate) fn last_heard(&self) -> LastHeard {
        let raw = self.subject.look(ReadName::Environment(1));
        document(raw, &|_| false).found().map(|text| LastHeard::read(text)).unwrap_or_default()
    }

    /// An environment of a list: its tags decide.
    pub(crate) fn of_entry(
        ask: &'c Ask<'c>,
        subject: Subject<'c>,
        entry: EnvironmentDocument<'c>,
    ) -> Result<Self, Error> {
        let name = EnvironmentName::new(&entry.name)?;
        let flow = ask.settings.flow_of(&name)?;
        let environment = Look::Found(entry);
        let now = ask.at()?;
        Ok(Self { ask, subject, now, name, flow, named: Set::new(), listing: Look::NotYet, pages: 0, environment })
    }

    /// Members of a logical environment that the host does not ask as well; `None` if nobody is missing.
    pub(crate) fn unasked(&self) -> Option<&[String]> {
        let members = self.environment.found()?.members.as_deref()?;
        let is_gate = !self.ask.action.writes();
        let asked = self.subject.members;
        let is_asked = |member: &String| asked.is_some_and(|asked| asked.contains(member));
        // A gate of nothing is none.
        let is_whole = asked.is_some() && members.iter().all(is_asked) && !(is_gate && members.is_empty());
        (!is_whole).then_some(members)
    }

    /// The environment, or why nobody can decide about it.
    pub(crate) fn environment(&self) -> Result<&EnvironmentDocument<'c>, Error> {
        let environment = || self.name.to_string();
        match &self.environment {
            Look::Found(found) => Ok(found),
            Look::NotYet => Err(Error::NotObserved { environment: environment() }),
            Look::Missing(detail) => {
                Err(Error::UnknownEnvironment { environment: environment(), detail: detail.clone() })
            }
            Look::Failed(detail) => {
                Err(Error::UnreadableEnvironment { environment: environment(), detail: detail.clone() })
            }
        }
    }

    /// Every freeze that a tag shows, every open record among those read, and those that the action names and
    /// Kosli knows; the oldest first.
    pub(crate) fn freezes(&self) -> Result<Vec<Freeze<'c>>, Error> {
        let environment = self.environment()?;
        if environment.is_bare() && self.named.is_empty() && self.listing.found().is_none_or(Map::is_empty) {
            return Ok(Vec::new());
        }
        let mut freezes = Vec::with_capacity(environment.flags.len() + usize::from(environment.signal.is_some()));
        let is_signal = |id: &str| matches!(&environment.signal, Some(TagValue::Text(signal)) if signal == id);
        for (id, value) in &environment.flags {
            freezes.push(self.freeze(id.clone(), Some(Words::from_flag(value)), is_signal(id)));
        }
        match &environment.signal {
            Some(TagValue::Text(id)) if !environment.flags.contains_key(id) => {
                freezes.push(self.signal_alone(id.clone()));
            }
            // No text, no id: a trail of the same letters would not be its record.
            Some(TagValue::Other(shown)) => {
                freezes.push(Freeze {
                    has_trail: false,
                    record: Look::NotYet,
                    ..self.freeze(Cow::Borrowed(shown), None, true)
                });
            }
            _ => {}
        }
        let listed = self.listing.found().into_iter().flatten();
        let open = listed.filter(|(_, record)| **record == Record::Open).map(|(id, _)| Cow::Owned(id.clone()));
        let is_open = |id: &str| self.listing.found().and_then(|trails| trails.get(id)) == Some(&Record::Open);
        let named = self.named.iter().filter(|id| !is_open(id)).map(|id| Cow::Borrowed(*id));
        for id in open.chain(named).filter(|id| !is_signal(id) && !environment.flags.contains_key(&**id)) {
            freezes.push(self.freeze(id, None, false));
        }
        freezes.retain(|freeze| self.is_a_freeze(freeze));
        order::sort_by(&mut freezes, |a, b| a.age().cmp(&b.age()));
        Ok(freezes)
    }

    /// Records that could not be read, tags that may be meant to freeze and answers that are old are not "not frozen".
    pub(crate) fn refuse_blind(&self, freezes: &[Freeze<'_>]) -> Result<(), Error> {
        self.environment()?.doubt().map_or(Ok(()), Err)?;
        if let Some(detail) = clock::kept(self.subject) {
            return Err(Error::UnreadableEnvironment { environment: self.name.to_string(), detail });
        }
        let flow = || self.flow.to_string();
        if let Some(detail) = self.listing.failure() {
            return Err(Error::UnreadableTrails { flow: flow(), detail: detail.to_owned() });
        }
        let unread = freezes.iter().find_map(|freeze| freeze.record.failure().map(|detail| (&freeze.id, detail)));
        unread.map_or(Ok(()), |(trail, detail)| {
            Err(Error::UnreadableTrail { flow: flow(), trail: trail.to_string(), detail: detail.to_owned() })
        })
    }

    /// Whether the flow is there; `None` if nothing read says so.
    pub(crate) fn flow_exists(&self) -> Option<bool> {
        match &self.listing {
            Look::Missing(_) => return Some(false),
            Look::Found(trails) if !trails.is_empty() => return Some(true),
            _ => {}
        }
        match self.look_at_flow() {
            Look::Found(()) => Some(true),
            Look::Missing(_) => Some(false),
            Look::NotYet | Look::Failed(_) => None,
        }
    }

    /// The last page of trails that the action looks at: a gate's cost does not grow with the history.
    pub(crate) fn last_page(&self) -> u64 {
        if matches!(self.ask.action, Action::Sync {}) { self.pages.max(1) } else { 1 }
    }

    pub(crate) fn look_at_flow(&self) -> Look<()> {
        let raw = self.subject.look(ReadName::Flow);
        document(raw, &|words| self.is_no_flow(words)).read(|document| {
            let name = object::name(document)?;
            if name == self.flow.as_str() { Ok(()) } else { Err(format!("it is the document of `{name}`")) }
        })
    }

    pub(crate) fn is_listed(&self, id: &str) -> bool {
        self.listing.found().is_some_and(|trails| trails.contains_key(id))
    }

    /// The environment was looked at a second time.
    pub(crate) fn has_looked_again(&self) -> bool {
        self.subject.look(ReadName::Environment(2)).is_some()
    }

    /// `true` if a record that was looked at after the environment has ended: another freeze may have begun between the
    /// two looks. The pages of trails are looked at before it.
    pub(crate) fn has_found_an_end(&self) -> bool {
        self.own_records().any(|trail| self.look_at_trail(trail.as_str()) == Look::Found(Record::Ended))
    }

    /// The trails that were read by their own names.
    fn own_records(&self) -> impl Iterator<Item = TrailName> {
        self.subject.observed.keys().filter_map(|name| match ReadName::parse(name) {
            Some(ReadName::Trail(trail)) => TrailName::new(trail).ok(),
            _ => None,
        })
    }

    /// The records that have ended, of those that were read.
    pub(crate) fn ended(&self) -> impl Iterator<Item = TrailName> {
        let listed = self.listing.found().into_iter().flatten().filter_map(|(id, _)| TrailName::new(id).ok());
        let known = listed.chain(self.own_records());
        known.filter(|trail| self.record(trail.as_str()) == Look::Found(Record::Ended))
    }

    /// What was read of a trail by its own name.
    pub(crate) fn look_at_trail(&self, trail: &str) -> Look<Record> {
        document(self.subject.look(ReadName::Trail(trail)), &|words| self.is_no_trail(trail, words))
            .read(|text| record::trail(text, self.flow.as_str(), trail, Record::of).map(|trail| trail.record))
    }

    /// The freeze of a signal without a flag. A word without a date that has ended before has been set again
    /// by hand: the record is another freeze's, and this one goes on record under an id of its own.
    fn signal_alone(&self, id: Cow<'c, str>) -> Freeze<'c> {
        let freeze = self.freeze(id, None, true);
        if freeze.stamp.is_none() && freeze.is_on_record(Record::Ended) {
            return Freeze { has_trail: false, record: Look::NotYet, ons: Look::NotYet, ..freeze };
        }
        freeze
    }

    /// A freeze that nothing but an old record or a name in the action speaks of is none.
    fn is_a_freeze(&self, freeze: &Freeze<'_>) -> bool {
        let is_named = self.named.contains(&*freeze.id);
        freeze.has_alarm()
            || freeze.is_on_record(Record::Open)
            || matches!(freeze.record, Look::Failed(_))
            || (is_named && matches!(freeze.record, Look::Found(record) if record != Record::Missing))
    }

    fn freeze(&self, id: Cow<'c, str>, flag: Option<Words<'c>>, signal: bool) -> Freeze<'c> {
        let has_trail = is_trail_name(&id);
        let (record, ons) =
            if has_trail { (self.record(&id), self.look_at_ons(&id)) } else { (Look::NotYet, Look::NotYet) };
        Freeze { stamp: id::since(&id), id, has_trail, flag, signal, record, ons }
    }

    /// A trail's record, from the list and from its own document: the later of both.
    fn record(&self, trail: &str) -> Look<Record> {
        let listed = self.listing.found().and_then(|trails| trails.get(trail)).copied();
        match (self.look_at_trail(trail), listed) {
            (Look::Found(own), Some(listed)) => Look::Found(own.max(listed)),
            (Look::Found(own), None) => Look::Found(own),
            (Look::Failed(detail), _) => Look::Failed(detail),
            (_, Some(listed)) => Look::Found(listed),
            (Look::Missing(_), None) => Look::Found(Record::Missing),
            (Look::NotYet, None) if self.listing.is_missing() => Look::Found(Record::Missing),
            (Look::NotYet, None) => Look::NotYet,
        }
    }

    fn look_at_ons(&self, trail: &str) -> Look<Vec<On>> {
        document(self.subject.look(ReadName::Attestation(trail, ON)), &|words| self.is_no_trail(trail, words))
            .read(|text| record::ons(text, self.flow.as_str(), trail))
    }

    /// Whether somebody has lifted a freeze whose record has ended; what a `sync` has ended, nobody has.
    pub(crate) fn look_at_lift(&self, trail: &TrailName) -> Look<bool> {
        document(self.subject.look(ReadName::Attestation(trail.as_str(), OFF)), &|words| {
            self.is_no_trail(trail.as_str(), words)
        })
        .read(|text| record::is_lifted(text, self.flow.as_str(), trail.as_str()))
    }

    /// The refusals on a freeze's record.
    pub(crate) fn look_at_refusals(&self, trail: &TrailName) -> Look<Vec<Said>> {
        document(self.subject.look(ReadName::Attestation(trail.as_str(), REFUSED)), &|words| {
            self.is_no_trail(trail.as_str(), words)
        })
        .read(|text| said::said(text, REFUSED, self.flow.as_str(), trail.as_str()))
    }

    /// The verdicts about this environment on a deployment's own trail.
    pub(crate) fn look_at_verdicts(&self, flow: &FlowName, trail: &TrailName) -> Look<Vec<Said>> {
        let is_missing = |words: &str| {
            words.contains(&format!("Trail with name '{trail}' does not exist"))
                || words.contains(&format!("Flow named '{flow}' does not exist"))
        };
        document(self.subject.look(ReadName::Verdict), &is_missing)
            .read(|text| said::said(text, &verdict_name(&self.name), flow.as_str(), trail.as_str()))
    }

    /// The freeze of a record alone.
    pub(crate) fn recorded(&self, trail: &TrailName) -> Freeze<'c> {
        self.freeze(trail.to_string().into(), None, false)
    }

    /// Kosli's words for a trail, or its flow, that does not exist: the same through the CLI and HTTP.
    pub(crate) fn is_no_trail(&self, trail: &str, words: &str) -> bool {
        words.contains(&format!("Trail with name '{trail}' does not exist")) || self.is_no_flow(words)
    }

    fn is_no_flow(&self, words: &str) -> bool {
        words.contains(&format!("Flow named '{}' does not exist", self.flow))
    }

    fn look_at_environment(&self) -> Look<EnvironmentDocument<'c>> {
        let is_missing = |words: &str| {
            let environment = &self.name;
            words.contains(&format!("Environment named '{environment}' does not exist"))
                || words.contains(&format!("Environment named '{environment}' has been archived"))
        };
        let raw = self.subject.look(ReadName::Environment(2)).or_else(|| self.subject.look(ReadName::Environment(1)));
        let look = match (raw, self.subject.environment) {
            (None, call::Environment::Document(text)) => Look::Found(text.as_str()),
            (raw, _) => document(raw, &is_missing),
        };
        look.read(|text| {
            let found = EnvironmentDocument::read(text, self.ask.settings.tag.as_str(), self.ask.has_policy())?;
            if found.name != self.name.as_str() {
                return Err(["it is the document of `", &found.name, "`; if it was renamed, name it so"].concat());
            }
            let is_other = |org: &&str| self.ask.settings.org.as_ref().is_some_and(|asked| asked.as_str() != *org);
            if let Some(org) = found.org.as_deref().filter(is_other) {
                return Err(["it is of the organisation `", org, "`; name that one as Kosli does"].concat());
            }
            Ok(found)
        })
    }

    /// What the environment is called now, if Kosli knows it by another name.
    pub(crate) fn renamed(&self) -> Option<String> {
        let text = document(self.subject.look(ReadName::Environment(1)), &|_| false).found().copied()?;
        let found = EnvironmentDocument::read(text, self.ask.settings.tag.as_str(), false).ok()?;
        let is_ours = self.ask.settings.org.as_ref().is_none_or(|org| found.org.is_none_or(|of| of == org.as_str()));
        (is_ours && found.name != self.name.as_str()).then(|| found.name.into_owned())
    }

    fn look_at_trails(&mut self) {
        let mut records = Map::new();
        let mut number = 1;
        loop {
            let raw = self.subject.look(ReadName::Trails(number));
            match document(raw, &|words| self.is_no_flow(words))
                .read(|text| record::page(text, self.flow.as_str(), number, Record::of))
            {
                Look::Found(page) => {
                    self.pages = self.pages.max(page.pages);
                    for trail in page.trails {
                        let known = records.or_insert(trail.name, trail.record);
                        *known = trail.record.max(*known);
                    }
                }
                Look::NotYet if number > 1 => {}
                other => {
                    self.listing = other.read(|_| Ok(Map::new()));
                    return;
                }
            }
            number += 1;
            if number > self.last_page() {
                self.listing = Look::Found(records);
                return;
            }
        }
    }
}

fn named(action: &Action) -> Set<&str> {
    let ids = match action {
        Action::Off { freezes: Some(Freezes::These(ids)), .. } | Action::Except(Request { freezes: Some(ids), .. }) => {
            ids.as_slice()
        }
        Action::On { id: Some(id), .. } => std::slice::from_ref(id),
        _ => &[],
    };
    order::set(ids.iter().map(String::as_str))
}

impl<'e> For<'e> {
    /// The environment that was looked at; an error if it does not say what the policy asks.
    pub(crate) fn of(sight: &'e Sight<'_>, policy: &Policy) -> Result<Self, Error> {
        Self::of_traits(sight.name.as_str(), &sight.environment()?.traits, policy)
    }

    /// The same of an environment by itself.
    pub(crate) fn of_traits(name: &'e str, traits: &'e Traits<'e>, policy: &Policy) -> Result<Self, Error> {
        let unreadable = |detail| Err(Error::UnreadableEnvironment { environment: name.to_owned(), detail });
        if traits.kind.is_none() && policy.asks_type(name) {
            return unreadable("it does not say its `type`, which the policy asks for".to_owned());
        }
        if let Some(tag) = policy.unreadable_tag(name, traits) {
            return unreadable(format!("its tag `{tag}`, which the policy asks for, is not text"));
        }
        Ok(Self::Environment { name, traits })
    }
}
