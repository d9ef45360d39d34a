//! A Kosli in memory, for tests: it answers the core's reads and takes its commands, without I/O.
//!
//! It is the smallest Kosli in which freezes can go wrong: one environment's tags, one flow's trails, and
//! attestations that add up. What the real one says is held against the real CLI elsewhere; here only the
//! documents' forms matter, and that they are the same through both doors.

mod documents;
mod host;
mod observed;

use std::collections::{BTreeMap, BTreeSet};

use freeze_core::{Command, RawResult, Read, Target};

pub use host::{Cut, Run, call, run};
pub use observed::from_call;

/// The state of one environment and of the flow that records its freezes.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Kosli {
    /// The environment's name.
    pub environment: String,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// The flow's trails by their names; none as long as there is no flow.
    pub trails: Option<BTreeMap<String, Trail>>,
    /// The trail of the deployment that asks, if there is one.
    pub deployment: Option<Trail>,
    /// The trails of the flow of exceptions.
    pub exceptions: Option<BTreeMap<String, Trail>>,
    /// Which door raw results come through.
    pub door: Door,
    /// Counts what was reported, for `created_at` and for the order of the list.
    pub clock: u32,
}

/// Who brings the host its raw results.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Door {
    /// The kosli CLI.
    Cli,
    /// Kosli's HTTP API.
    #[default]
    Http,
}

/// A trail.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Trail {
    /// When it was begun.
    pub begun: u32,
    /// What was attested, in order.
    pub attestations: Vec<Attestation>,
}

/// An attestation.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Attestation {
    /// `nodeploy-on` and the like.
    pub name: String,
    /// The reason.
    pub description: Option<String>,
    /// Who, until when.
    pub annotations: BTreeMap<String, String>,
    /// A verdict that let nobody pass, if `false`.
    pub is_compliant: bool,
    /// When it was reported.
    pub at: u32,
    /// Kosli's id; made of the time if empty.
    pub id: String,
    /// The account; `ci` if empty.
    pub reported_by: String,
    /// Kosli has it, and does not show it yet.
    pub is_hidden: bool,
}

/// What remains when it does not matter when and how often something was reported.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EndState {
    tags: BTreeMap<String, String>,
    trails: Vec<Attested>,
}

/// A trail's name with its attestations' names, reasons and annotations, each once.
type Attested = (String, BTreeSet<(String, Option<String>, BTreeMap<String, String>)>);

impl Kosli {
    /// An environment without tags, and no flow.
    #[must_use]
    pub fn new(environment: &str) -> Self {
        Self {
            environment: environment.to_owned(),
            tags: BTreeMap::new(),
            trails: None,
            deployment: None,
            exceptions: None,
            door: Door::default(),
            clock: 0,
        }
    }

    /// Answers a read.
    #[must_use]
    pub fn read(&self, read: &Read) -> RawResult {
        match &read.target {
            Target::Environment { .. } => self.found(&documents::environment(self)),
            Target::Flow { flow } | Target::ExceptionsFlow { flow } => match self.flow(flow.as_str()) {
                Some(_) => self.found(&serde_json::json!({"name": flow.as_str(), "tags": {}})),
                None => self.missing(&documents::no_flow(flow.as_str())),
            },
            Target::Trails { flow, page } | Target::Exceptions { flow, page } => self.list(flow.as_str(), *page),
            Target::Trail { flow, trail } | Target::Exception { flow, trail } => {
                self.of_trail(flow.as_str(), trail.as_str(), |found| {
                    documents::trail(trail.as_str(), found, flow.as_str())
                })
            }
            Target::Attestation { flow, trail, name } | Target::ExceptionAttestation { flow, trail, name } => self
                .of_trail(flow.as_str(), trail.as_str(), |found| documents::attestations(trail.as_str(), found, name)),
            Target::Verdict { flow, trail, environment } => match &self.deployment {
                Some(found) => {
                    let name = format!("nodeploy-{environment}");
                    self.found(&documents::attestations(trail.as_str(), found, &name))
                }
                None => self.missing(&documents::no_trail(flow.as_str(), trail.as_str(), true)),
            },
            other => unreachable!("the model knows no {other:?}"),
        }
    }

    fn list(&self, flow: &str, page: u64) -> RawResult {
        match self.flow(flow) {
            Some(trails) => self.found(&documents::trails(trails, flow, page)),
            None => self.missing(&documents::no_flow(flow)),
        }
    }

    fn of_trail(&self, flow: &str, name: &str, document: impl Fn(&Trail) -> serde_json::Value) -> RawResult {
        match self.flow(flow).map(|trails| trails.get(name)) {
            Some(Some(found)) => self.found(&document(found)),
            trails => self.missing(&documents::no_trail(flow, name, trails.is_some())),
        }
    }

    fn flow(&self, name: &str) -> Option<&BTreeMap<String, Trail>> {
        if is_of_exceptions(name) { self.exceptions.as_ref() } else { self.trails.as_ref() }
    }

    fn flow_mut(&mut self, name: &str) -> &mut Option<BTreeMap<String, Trail>> {
        if is_of_exceptions(name) { &mut self.exceptions } else { &mut self.trails }
    }

    /// Takes a command.
    ///
    /// # Errors
    ///
    /// Kosli's words, where it would not take it.
    pub fn write(&mut self, command: &Command) -> Result<(), String> {
        self.clock += 1;
        match command {
            Command::CreateFlow { flow, .. } => drop(self.flow_mut(flow.as_str()).get_or_insert_default()),
            Command::BeginTrail { flow, trail } => {
                let begun = self.clock;
                let trails = self.flow_mut(flow.as_str()).as_mut();
                let trails = trails.ok_or_else(|| documents::no_flow(flow.as_str()))?;
                trails.entry(trail.to_string()).or_insert_with(|| Trail { begun, ..Trail::default() });
            }
            Command::Attest { flow, trail, name, description, annotations } => {
                let at = self.clock;
                let trails = self.flow_mut(flow.as_str()).as_mut();
                let has_flow = trails.is_some();
                let found = trails.and_then(|trails| trails.get_mut(trail.as_str()));
                let found = found.ok_or_else(|| documents::no_trail(flow.as_str(), trail.as_str(), has_flow))?;
                let annotations = owned(annotations);
                let name = (*name).to_owned();
                found.attestations.push(Attestation {
                    name,
                    description: description.clone(),
                    annotations,
                    is_compliant: true,
                    at,
                    ..Attestation::default()
                });
            }
            Command::Verdict { flow, trail, environment, is_compliant, description, annotations } => {
                let at = self.clock;
                let found = self.deployment.as_mut();
                let found = found.ok_or_else(|| documents::no_trail(flow.as_str(), trail.as_str(), true))?;
                let (name, description) = (format!("nodeploy-{environment}"), Some(description.clone()));
                let (annotations, is_compliant) = (owned(annotations), *is_compliant);
                found.attestations.push(Attestation {
                    name,
                    description,
                    annotations,
                    is_compliant,
                    at,
                    ..Attestation::default()
                });
            }
            Command::TagEnvironment { set, unset, .. } => {
                self.tags.extend(set.iter().map(|(key, value)| (key.to_string(), value.clone())));
                self.tags.retain(|key, _| !unset.iter().any(|gone| gone.as_str() == key));
            }
            other => unreachable!("the model knows no {other:?}"),
        }
        Ok(())
    }

    /// What remains of it.
    #[must_use]
    pub fn end_state(&self) -> EndState {
        let attested = |trail: &Trail| trail.attestations.iter().map(said).collect();
        let trails = self.trails.iter().chain(&self.exceptions).flatten().map(|(name, trail)| (name.clone(), trail));
        let trails = trails.chain(self.deployment.iter().map(|trail| ("the deployment's".to_owned(), trail)));
        let trails = trails.map(|(name, trail)| (name, attested(trail))).collect();
        EndState { tags: self.tags.clone(), trails }
    }

    fn found(&self, document: &serde_json::Value) -> RawResult {
        match self.door {
            Door::Http => RawResult::Http { status: 200, body: document.to_string(), date: None },
            Door::Cli => RawResult::Cli { exit_code: 0, stdout: format!("{document:#}"), stderr: String::new() },
        }
    }

    fn missing(&self, message: &str) -> RawResult {
        match self.door {
            Door::Http => {
                RawResult::Http { status: 404, body: serde_json::json!({"message": message}).to_string(), date: None }
            }
            Door::Cli => {
                RawResult::Cli { exit_code: 1, stdout: String::new(), stderr: format!("Error: [kosli] {message}\n") }
            }
        }
    }
}

/// What it says. Evidence is that of one look.
fn said(one: &Attestation) -> (String, Option<String>, BTreeMap<String, String>) {
    let mut annotations = one.annotations.clone();
    annotations.remove("evidence");
    (one.name.clone(), one.description.clone(), annotations)
}

fn owned(annotations: &BTreeMap<&'static str, String>) -> BTreeMap<String, String> {
    annotations.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect()
}

fn is_of_exceptions(flow: &str) -> bool {
    flow.ends_with("-exceptions")
}

impl Trail {
    /// `true` if it has an attestation of that name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.attestations.iter().any(|attestation| attestation.name == name)
    }
}
