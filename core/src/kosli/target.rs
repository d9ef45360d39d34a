//! What a host must fetch before the core can decide.

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::argv;
use super::command::verdict_name;
use super::documents::record::PAGE;
use super::name::{EnvironmentName, FlowName, OrgName, TrailName};
use super::read_name::ReadName;
use super::request::{self, Request};

/// One thing to fetch; its raw result goes into the call's `observed` under [`Read::name`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Read {
    /// What to fetch.
    pub target: Target,
    /// The organisation, if the call names one.
    pub org: Option<OrgName>,
}

/// What there is to fetch.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Target {
    /// A page of the flow's trails, newest first; the first page is 1.
    Trails {
        /// The flow.
        flow: FlowName,
        /// The page.
        page: u64,
    },
    /// All environments with their tags, in one list.
    Environments,
    /// All flows, in one list.
    Flows,
    /// The environment with its tags.
    Environment {
        /// The environment.
        environment: EnvironmentName,
        /// The first look, or the second: a record that was looked at after the first one had ended.
        look: u64,
    },
    /// The flow itself: does it exist?
    Flow {
        /// The flow.
        flow: FlowName,
    },
    /// One freeze's record.
    Trail {
        /// The flow.
        flow: FlowName,
        /// The trail.
        trail: TrailName,
    },
    /// The attestations of one name on one freeze's record, all of them.
    Attestation {
        /// The flow.
        flow: FlowName,
        /// The trail.
        trail: TrailName,
        /// `nodeploy-on`, `nodeploy-off`, `nodeploy-refused` or `nodeploy-passed`.
        name: &'static str,
    },
    /// A page of the trails of the flow of exceptions, newest first; the first page is 1.
    Exceptions {
        /// The flow.
        flow: FlowName,
        /// The page.
        page: u64,
    },
    /// A page of what has happened in an environment within a time, the oldest first; the first page is 1.
    Events {
        /// The environment.
        environment: EnvironmentName,
        /// From when on, in seconds since 1970 began.
        start: i64,
        /// Until when.
        end: i64,
        /// The page.
        page: u64,
    },
    /// What ran in an environment at one time.
    Snapshot {
        /// The environment.
        environment: EnvironmentName,
        /// Which one, counted from 1.
        index: u64,
    },
    /// The flow of exceptions itself: does it exist?
    ExceptionsFlow {
        /// The flow.
        flow: FlowName,
    },
    /// One exception's trail.
    Exception {
        /// The flow.
        flow: FlowName,
        /// The trail.
        trail: TrailName,
    },
    /// The attestations of one name on one exception's trail, all of them.
    ExceptionAttestation {
        /// The flow.
        flow: FlowName,
        /// The trail.
        trail: TrailName,
        /// `nodeploy-exception`, `nodeploy-approved` or `nodeploy-claimed`.
        name: &'static str,
    },
    /// The verdicts about the environment on a deployment's own trail, all of them.
    Verdict {
        /// The deployment's flow.
        flow: FlowName,
        /// The deployment's trail.
        trail: TrailName,
        /// The environment.
        environment: EnvironmentName,
    },
}

impl Target {
    /// The name under which a raw result is stored in `observed`.
    #[must_use]
    pub fn name(&self) -> Cow<'static, str> {
        self.read_name().text()
    }

    fn read_name(&self) -> ReadName<'_> {
        match self {
            Self::Trails { page, .. } => ReadName::Trails(*page),
            Self::Environments => ReadName::Environments,
            Self::Flows => ReadName::Flows,
            Self::Environment { look, .. } => ReadName::Environment(*look),
            Self::Flow { .. } => ReadName::Flow,
            Self::Trail { trail, .. } => ReadName::Trail(trail.as_str()),
            Self::Attestation { trail, name, .. } => ReadName::Attestation(trail.as_str(), name),
            Self::Verdict { .. } => ReadName::Verdict,
            Self::Exceptions { page, .. } => ReadName::Exceptions(*page),
            Self::Events { .. } => ReadName::Events,
            Self::Snapshot { .. } => ReadName::Snapshot,
            Self::ExceptionsFlow { .. } => ReadName::ExceptionsFlow,
            Self::Exception { trail, .. } => ReadName::Exception(trail.as_str()),
            Self::ExceptionAttestation { trail, name, .. } => ReadName::ExceptionAttestation(trail.as_str(), name),
        }
    }
}

impl Read {
    /// The name under which the raw result is stored in `observed`.
    #[must_use]
    pub fn name(&self) -> Cow<'static, str> {
        self.target.name()
    }

    /// The arguments of the kosli CLI, `kosli` first. Never a shell's text.
    #[must_use]
    pub fn argv(&self) -> Vec<String> {
        let mut argv = argv::words(&["kosli"]);
        argv.extend(match &self.target {
            // Without paging flags: one array, the whole.
            Target::Environments => argv::words(&["list", "env"]),
            Target::Flows => argv::words(&["list", "flows"]),
            Target::Exceptions { flow, page } | Target::Trails { flow, page } => list_trails(flow, *page),
            Target::Events { environment, start, end, page } => log_environment(environment, *start, *end, *page),
            Target::Snapshot { environment, index } => {
                argv::words(&["get", "snapshot", &format!("{environment}#{index}")])
            }
            Target::Environment { environment, .. } => argv::words(&["get", "env", environment.as_str()]),
            Target::Flow { flow } | Target::ExceptionsFlow { flow } => argv::words(&["get", "flow", flow.as_str()]),
            Target::Trail { flow, trail } | Target::Exception { flow, trail } => {
                argv::words(&["get", "trail", trail.as_str(), "--flow", flow.as_str()])
            }
            Target::Attestation { flow, trail, name } | Target::ExceptionAttestation { flow, trail, name } => {
                argv::words(&["get", "attestation", name, "--flow", flow.as_str(), "--trail", trail.as_str()])
            }
            Target::Verdict { flow, trail, environment } => {
                let name = verdict_name(environment);
                argv::words(&["get", "attestation", &name, "--flow", flow.as_str(), "--trail", trail.as_str()])
            }
        });
        argv.extend(argv::words(&["--output", "json"]));
        argv::with_org(argv, self.org.as_ref())
    }

    /// The HTTP request that the CLI would make, if the call names the organisation.
    #[must_use]
    pub fn request(&self) -> Option<Request> {
        let org = self.org.as_ref()?;
        Some(request::get(&match &self.target {
            Target::Trails { flow, page } | Target::Exceptions { flow, page } => trails(org, flow, *page),
            Target::Events { environment, start, end, page } => format!(
                "environments/{org}/{environment}/events?end_ts={end}&interval=&page={page}&per_page={PAGE}&reverse=true&start_ts={start}"
            ),
            Target::Snapshot { environment, index } => format!("snapshots/{org}/{environment}/%23{index}"),
            Target::Environments => format!("environments/{org}"),
            Target::Flows => format!("flows/{org}"),
            Target::Environment { environment, .. } => format!("environments/{org}/{environment}"),
            Target::Flow { flow } | Target::ExceptionsFlow { flow } => format!("flows/{org}/{flow}"),
            Target::Trail { flow, trail } | Target::Exception { flow, trail } => {
                format!("trails/{org}/{flow}/{trail}")
            }
            Target::Attestation { flow, trail, name } | Target::ExceptionAttestation { flow, trail, name } => {
                format!("attestations/{org}/{flow}/trail/{trail}/{name}")
            }
            Target::Verdict { flow, trail, environment } => {
                format!("attestations/{org}/{flow}/trail/{trail}/{}", verdict_name(environment))
            }
        }))
    }
}

fn list_trails(flow: &FlowName, page: u64) -> Vec<String> {
    let (page, limit) = (page.to_string(), PAGE.to_string());
    argv::words(&["list", "trails", "--flow", flow.as_str(), "--page", &page, "--page-limit", &limit])
}

fn log_environment(environment: &EnvironmentName, start: i64, end: i64, page: u64) -> Vec<String> {
    let (start, end, page, limit) = (start.to_string(), end.to_string(), page.to_string(), PAGE.to_string());
    let mut argv = argv::words(&["log", "environment", environment.as_str(), "--start-ts", &start, "--end-ts", &end]);
    argv.extend(argv::words(&["--reverse", "--page", &page, "--page-limit", &limit]));
    argv
}

fn trails(org: &OrgName, flow: &FlowName, page: u64) -> String {
    format!("trails/{org}?flow={flow}&page={page}&per_page={PAGE}")
}

impl Serialize for Read {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let request = self.request();
        let mut fields = serializer.serialize_struct("Read", 2 + usize::from(request.is_some()))?;
        fields.serialize_field("as", &self.name())?;
        fields.serialize_field("argv", &self.argv())?;
        if let Some(request) = request {
            fields.serialize_field("request", &request)?;
        }
        fields.end()
    }
}
