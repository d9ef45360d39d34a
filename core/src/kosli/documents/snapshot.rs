//! What ran in an environment at one time: since when, of which commit, by whom.

use serde_json::value::RawValue;

use crate::text::complaint;
use crate::text::object::{need, objects};

use super::record::elements;

/// One artifact, as a snapshot has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Artifact {
    pub(crate) name: Option<String>,
    pub(crate) fingerprint: String,
    /// When its first instance started, in seconds.
    pub(crate) started_at: Option<f64>,
    /// It ran before this snapshot, or does now: what has just exited is listed, too.
    pub(crate) ran: bool,
    /// The flow that built it.
    pub(crate) flow: Option<String>,
    pub(crate) commit: Option<String>,
    pub(crate) author: Option<String>,
    /// Its trails in all flows that know it, the builder's first.
    pub(crate) trails: Vec<(String, String)>,
}

objects! {
    open struct SnapshotDocument<'t> { index = "index": u64, artifacts = "artifacts": &'t RawValue, }
    open struct ArtifactDocument<'t> {
        name = "name": String,
        fingerprint = "fingerprint": String,
        created = "creationTimestamp": &'t RawValue,
        annotation = "annotation": &'t RawValue,
        flow_name = "flow_name": &'t RawValue,
        git_commit = "git_commit": &'t RawValue,
        flows = "flows": &'t RawValue,
    }
    open struct Annotation { was = "was": f64, now = "now": f64, }
    open struct FlowDocument {
        flow_name = "flow_name": String,
        trail_name = "trail_name": String,
        git_commit = "git_commit": String,
        info = "git_commit_info": Info,
    }
    open struct Info { author = "author": String, sha1 = "sha1": String, }
}

/// Reads the snapshot with this number; of an artifact that cannot be read there is nothing.
pub(crate) fn artifacts(document: &str, number: u64) -> Result<Vec<Option<Artifact>>, String> {
    let SnapshotDocument { index, artifacts } = serde_json::from_str(document).map_err(|error| complaint(&error))?;
    if let Some(other) = index.filter(|index| *index != number) {
        return Err(format!("it is snapshot {other}"));
    }
    let artifacts = elements(need(artifacts, "artifacts")?.get())?;
    Ok(artifacts.iter().map(|artifact| self::artifact(artifact.get())).collect())
}

fn artifact(element: &str) -> Option<Artifact> {
    let document: ArtifactDocument = serde_json::from_str(element).ok()?;
    let text = |json: Option<&RawValue>| json.and_then(|json| serde_json::from_str::<String>(json.get()).ok());
    let flows: Vec<FlowDocument> =
        document.flows.and_then(|flows| serde_json::from_str(flows.get()).ok()).unwrap_or_default();
    let named = text(document.flow_name).filter(|flow| !flow.is_empty());
    let flow = named.or_else(|| flows.first().and_then(|flow| flow.flow_name.clone()));
    let builds = |one: &&FlowDocument| one.flow_name == flow;
    let (commit, author) = match flows.iter().find(builds) {
        Some(FlowDocument { git_commit, info: Some(Info { author, sha1 }), .. }) => {
            (git_commit.clone().or_else(|| sha1.clone()), author.clone())
        }
        Some(FlowDocument { git_commit, .. }) => (git_commit.clone(), None),
        None => (None, None),
    };
    let trail = |one: &FlowDocument| Some((one.flow_name.clone()?, one.trail_name.clone()?));
    let (first, others): (Vec<_>, Vec<_>) = flows.iter().partition(builds);
    let annotation: Annotation = document
        .annotation
        .and_then(|annotation| serde_json::from_str(annotation.get()).ok())
        .unwrap_or(Annotation { was: None, now: Some(1.0) });
    let counted = |number: Option<f64>| number.is_some_and(|number| number > 0.0);
    Some(Artifact {
        name: document.name,
        fingerprint: document.fingerprint?,
        started_at: document.created.and_then(|created| earliest(created.get())),
        ran: counted(annotation.was) || counted(annotation.now),
        commit: commit.or_else(|| text(document.git_commit)).filter(|commit| !commit.is_empty()),
        author,
        trails: first.into_iter().chain(others).filter_map(trail).collect(),
        flow,
    })
}

/// The earliest of a list of seconds, one for each instance; or the one there is.
fn earliest(json: &str) -> Option<f64> {
    let all = serde_json::from_str(json).or_else(|_| serde_json::from_str(json).map(|one: f64| vec![one]));
    all.ok()?.into_iter().filter(|seconds| *seconds > 0.0).reduce(f64::min)
}
