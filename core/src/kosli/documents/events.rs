//! What has happened in an environment: what started, stopped, or was seen to run.

use serde_json::value::RawValue;

use crate::text::complaint;
use crate::text::object::{need, objects};

use super::record::elements;

/// Something that happened to one artifact.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Event {
    pub(crate) kind: String,
    /// When it was reported, in seconds.
    pub(crate) at: f64,
    pub(crate) fingerprint: String,
    pub(crate) artifact: Option<String>,
    /// The flow that built it, where that is known.
    pub(crate) flow: Option<String>,
    pub(crate) snapshot: Option<u64>,
    pub(crate) compliant: Option<bool>,
    /// The commit to which its difference goes, where Kosli tells.
    pub(crate) commit: Option<String>,
    pub(crate) url: Option<String>,
}

/// What it is about an artifact that ran before, and runs on or has stopped. Whole words: `updated-image` would be a start.
const OTHER_KINDS: [&str; 5] = ["exited", "changed", "scaled", "unchanged", "updated-provenance"];

impl Event {
    pub(crate) fn is_start(&self) -> bool {
        self.kind.starts_with("started")
    }

    /// Of another kind nobody can tell whether something has started.
    pub(crate) fn is_known(&self) -> bool {
        self.is_start() || self.kind.starts_with("became-") || OTHER_KINDS.contains(&self.kind.as_str())
    }
}

objects! {
    open struct EventDocument<'t> {
        kind = "type": String,
        reported_at = "reported_at": f64,
        sha256 = "sha256": String,
        artifact_name = "artifact_name": String,
        pipeline = "pipeline": &'t RawValue,
        flows = "flows": &'t RawValue,
        snapshot_index = "snapshot_index": u64,
        artifact_compliance = "artifact_compliance": &'t RawValue,
        code_diff = "code_diff": &'t RawValue,
        links = "_links": &'t RawValue,
    }
    open struct FlowDocument { flow_name = "flow_name": String, }
    open struct Links { artifact = "artifact": Link, snapshot = "snapshot": Link, }
    open struct Link { html = "html": String, }
}

/// Reads a page of the log of an environment; an event that cannot be read is told, and leaves the others.
pub(crate) fn events(document: &str) -> Result<Vec<Result<Event, String>>, String> {
    Ok(elements(document)?.iter().map(|element| event(element.get())).collect())
}

fn event(element: &str) -> Result<Event, String> {
    let document: EventDocument = serde_json::from_str(element).map_err(|error| complaint(&error))?;
    let text = |json: Option<&RawValue>| json.and_then(|json| serde_json::from_str::<String>(json.get()).ok());
    let built_by = |flows: &RawValue| {
        let flows: Vec<FlowDocument> = serde_json::from_str(flows.get()).ok()?;
        flows.into_iter().next()?.flow_name
    };
    let flow = text(document.pipeline).filter(|flow| !flow.is_empty());
    let links: Links = document.links.and_then(|links| serde_json::from_str(links.get()).ok()).unwrap_or_default();
    let html = |link: Option<Link>| link.and_then(|link| link.html);
    Ok(Event {
        kind: need(document.kind, "type")?,
        at: need(document.reported_at, "reported_at")?,
        fingerprint: need(document.sha256, "sha256")?,
        artifact: document.artifact_name.filter(|name| !name.is_empty()),
        flow: flow.or_else(|| document.flows.and_then(built_by)),
        snapshot: document.snapshot_index,
        compliant: document.artifact_compliance.and_then(|json| serde_json::from_str(json.get()).ok()),
        commit: text(document.code_diff).as_deref().and_then(last_commit),
        url: html(links.snapshot).or_else(|| html(links.artifact)),
    })
}

/// The last forty hexadecimal digits of an address such as `https://…/compare/OLD...NEW`.
fn last_commit(url: &str) -> Option<String> {
    let from = url.len().checked_sub(40)?;
    let last = url.get(from..)?;
    let is_whole = !url[..from].ends_with(|c: char| c.is_ascii_hexdigit());
    (is_whole && last.bytes().all(|b| b.is_ascii_hexdigit())).then(|| last.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{events, last_commit};

    #[test]
    fn what_lacks_provenance_is_an_event_all_the_same() {
        let bare = r#"{"type":"started-unknown","reported_at":1.5,"sha256":"ab","pipeline":null,"flows":null,"code_diff":null,"_links":[]}"#;
        let read = events(&format!("[{bare}]")).expect("a list").remove(0).expect("an event");
        assert_eq!((read.flow, read.commit, read.url, read.snapshot), (None, None, None, None));
        for flows in [r#"[{"flow_name":"f"}]"#, r#"[{"flow_name":"f","deployments":null},{"flow_name":"g"}]"#] {
            let document = format!("[{}]", bare.replace(r#""flows":null"#, &format!(r#""flows":{flows}"#)));
            assert_eq!(events(&document).expect("a list").remove(0).expect("an event").flow.as_deref(), Some("f"));
        }
    }

    #[test]
    fn a_placeholder_leaves_the_others() {
        let good = r#"{"type":"exited","reported_at":1,"sha256":"ab"}"#;
        let read = events(&format!(r#"[{good},null,{{"error":"x"}},[],{good}]"#)).expect("a list");
        assert_eq!(read.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, false, false, true]);
        for document in ["", "{}", "\"OK\"", "<html>", "[{]", "null"] {
            assert!(events(document).is_err(), "{document}");
        }
    }

    #[test]
    fn a_commit_is_forty_digits_at_the_end() {
        let commit = "85cac880cb74678426eb2ed4dbf2538995404c5c";
        assert_eq!(last_commit(&format!("https://x/compare/{commit}...{commit}")).as_deref(), Some(commit));
        for url in ["", "https://x/compare/a...b", &format!("https://x/0{commit}"), &format!("https://x/{commit}/")] {
            assert_eq!(last_commit(url), None, "{url}");
        }
    }
}
