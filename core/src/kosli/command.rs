//! The writes that a plan is made of.

use std::collections::BTreeMap;

use super::name::{EnvironmentName, FlowName, TagKey, TrailName};

/// The longest `by` and `reason` in bytes: every command line of every system carries them, also when quoted.
pub(crate) const LONGEST_BY: usize = 256;
pub(crate) const LONGEST_REASON: usize = 8192;

/// The attestation of a refusal on the record of a freeze.
pub(crate) const REFUSED: &str = "nodeploy-refused";

/// The attestation of a verdict about `environment`: Kosli's attestations take a comma and no dot, its environments a dot
/// and no comma.
pub(crate) fn verdict_name(environment: &EnvironmentName) -> String {
    format!("nodeploy-{}", environment.as_str().replace('.', ","))
}

/// One write to Kosli.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Command {
    /// Creates the flow of the records. Idempotent, but it would replace a template: only for a missing flow.
    CreateFlow {
        /// The flow.
        flow: FlowName,
        /// What it is for.
        description: String,
    },
    /// Begins a record. Idempotent.
    BeginTrail {
        /// The flow.
        flow: FlowName,
        /// The trail, the freeze's id.
        trail: TrailName,
    },
    /// Adds `nodeploy-on` or `nodeploy-off` to a record. Not idempotent: attestations add up.
    Attest {
        /// The flow.
        flow: FlowName,
        /// The trail.
        trail: TrailName,
        /// The attestation.
        name: &'static str,
        /// The reason.
        description: Option<String>,
        /// Who, until when, and what else is said.
        annotations: BTreeMap<&'static str, String>,
    },
    /// Says on a deployment's own trail whether its environment's gate let it pass. Not idempotent.
    Verdict {
        /// The deployment's flow.
        flow: FlowName,
        /// The deployment's trail.
        trail: TrailName,
        /// The environment, which names the attestation: `nodeploy-<environment>`.
        environment: EnvironmentName,
        /// It passed.
        is_compliant: bool,
        /// What was decided, for whoever looks at the trail.
        description: String,
        /// Why, for which use, by which freezes and windows.
        annotations: BTreeMap<&'static str, String>,
    },
    /// Sets and removes tags of the environment, all in one. Idempotent.
    TagEnvironment {
        /// The environment.
        environment: EnvironmentName,
        /// Tags to set, each once, in the order of their keys.
        set: Vec<(TagKey, String)>,
        /// Tags to remove.
        unset: Vec<TagKey>,
    },
}
