//! What the trails of the flow and their attestations say: which freezes began, and which ended.

use chrono::DateTime;
use serde::Deserialize;

use crate::call::{OFF, ON};
use crate::flag::{Until, Words};

/// How many trails a page has; Kosli gives no more.
pub(crate) const PAGE: u64 = 100;

/// Pages that a `sync` reads at the most: a million freezes.
const MOST_PAGES: u64 = 10_000;

/// What a trail says of its freeze. Later is stronger: attestations are only ever added.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Record {
    /// Kosli says that there is no such trail.
    Missing,
    /// The trail is there, `nodeploy-on` is not.
    Begun,
    /// `nodeploy-on` and no `nodeploy-off`.
    Open,
    /// `nodeploy-off`, for good.
    Ended,
}

/// One trail, as it stands in a list or alone.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Trail {
    pub(crate) name: String,
    pub(crate) record: Record,
}

/// A page of the flow's trails, newest first.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Page {
    pub(crate) trails: Vec<Trail>,
    /// How many pages there are.
    pub(crate) pages: u64,
}

/// One `nodeploy-on`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct On {
    pub(crate) words: Words,
    /// Put on record by a `sync`, in the holder's place.
    pub(crate) by_sync: bool,
    pub(crate) at: f64,
}

#[derive(Deserialize)]
struct PageDocument {
    data: Vec<TrailDocument>,
    pagination: Option<Pagination>,
}

#[derive(Deserialize)]
struct Pagination {
    page_count: Option<u64>,
    total: Option<u64>,
}

#[derive(Deserialize)]
struct TrailDocument {
    name: String,
    compliance_status: Compliance,
    flow: Option<Named>,
}

#[derive(Deserialize)]
struct Compliance {
    /// No default: a trail without it was not understood.
    #[serde(deserialize_with = "nullable")]
    attestations_statuses: Vec<Status>,
}

#[derive(Deserialize)]
struct Status {
    attestation_name: String,
    status: String,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

fn nullable<'de, D: serde::Deserializer<'de>>(json: D) -> Result<Vec<Status>, D::Error> {
    Option::<Vec<Status>>::deserialize(json).map(Option::unwrap_or_default)
}

/// Reads a page of `list trails`.
pub(crate) fn page(document: &str, flow: &str) -> Result<Page, String> {
    let PageDocument { data, pagination } = serde_json::from_str(document).map_err(|error| error.to_string())?;
    let pages = match pagination {
        Some(Pagination { page_count: Some(pages), .. }) => pages,
        Some(Pagination { total: Some(total), .. }) => total.div_ceil(PAGE),
        _ if (data.len() as u64) < PAGE => 1,
        _ => return Err("it does not say how many pages there are".to_owned()),
    };
    if pages > MOST_PAGES {
        return Err(format!("it claims {pages} pages; at most {MOST_PAGES} are read"));
    }
    let trails = data.into_iter().map(|trail| trail.read(flow)).collect::<Result<_, _>>()?;
    Ok(Page { trails, pages })
}

/// Reads the document of `get trail`.
pub(crate) fn trail(document: &str, flow: &str, name: &str) -> Result<Trail, String> {
    let document: TrailDocument = serde_json::from_str(document).map_err(|error| error.to_string())?;
    if document.name != name {
        return Err(format!("it is the document of `{}`", document.name));
    }
    document.read(flow)
}

impl TrailDocument {
    fn read(self, flow: &str) -> Result<Trail, String> {
        if let Some(other) = self.flow.filter(|named| named.name != flow) {
            return Err(format!("the trail `{}` is of the flow `{}`", self.name, other.name));
        }
        // A template may list an attestation as MISSING; only COMPLETE is there.
        let has = |name| {
            let mut statuses = self.compliance_status.attestations_statuses.iter();
            statuses.any(|status| status.attestation_name == name && status.status == "COMPLETE")
        };
        let record = match (has(ON), has(OFF)) {
            (_, true) => Record::Ended,
            (true, false) => Record::Open,
            (false, false) => Record::Begun,
        };
        Ok(Trail { name: self.name, record })
    }
}

#[derive(Deserialize)]
struct AttestationDocument {
    attestation_name: String,
    description: Option<String>,
    annotations: Option<Annotations>,
    created_at: f64,
    trail_name: Option<String>,
}

#[derive(Default, Deserialize)]
struct Annotations {
    by: Option<String>,
    until: Option<String>,
    recorded_by: Option<String>,
}

/// Reads what `get attestation nodeploy-on` gives: all of that name, the oldest first.
pub(crate) fn ons(document: &str, trail: &str) -> Result<Vec<On>, String> {
    let documents: Vec<AttestationDocument> = serde_json::from_str(document).map_err(|error| error.to_string())?;
    let mut ons = documents.into_iter().map(|one| one.read(trail)).collect::<Result<Vec<_>, _>>()?;
    ons.sort_by(|a, b| a.at.total_cmp(&b.at));
    Ok(ons)
}

impl AttestationDocument {
    fn read(self, trail: &str) -> Result<On, String> {
        if self.attestation_name != ON || self.trail_name.as_deref().is_some_and(|name| name != trail) {
            return Err("it is another attestation's document".to_owned());
        }
        let annotations = self.annotations.unwrap_or_default();
        let words = Words {
            by: annotations.by.filter(|by| !by.is_empty()),
            reason: self.description.filter(|reason| !reason.is_empty()),
            until: annotations.until.as_deref().map_or(Until::Never, Until::read),
        };
        Ok(On { words, by_sync: annotations.recorded_by.as_deref() == Some("sync"), at: self.created_at })
    }
}

impl On {
    pub(crate) fn time(&self) -> Option<DateTime<chrono::Utc>> {
        // Whole seconds, as ids have: an instant beyond what a clock can show is none.
        #[expect(clippy::cast_possible_truncation, reason = "a saturated second is no instant that chrono takes")]
        DateTime::from_timestamp(self.at as i64, 0)
    }
}

/// The newest words of the holder; a `sync`'s only where the holder left none.
pub(crate) fn latest(ons: &[On]) -> Option<&On> {
    ons.iter().rfind(|on| !on.by_sync).or_else(|| ons.last())
}

#[cfg(test)]
mod tests {
    use super::{Record, latest, ons, page, trail};

    fn status(statuses: &str) -> String {
        format!(r#"{{"name":"T1","flow":{{"name":"f"}},"compliance_status":{{"attestations_statuses":{statuses}}}}}"#)
    }

    #[test]
    fn only_complete_attestations_count() {
        let on = r#"{"attestation_name":"nodeploy-on","status":"COMPLETE"}"#;
        let off = r#"{"attestation_name":"nodeploy-off","status":"COMPLETE"}"#;
        let no_off = r#"{"attestation_name":"nodeploy-off","status":"MISSING"}"#;
        let cases = [
            ("null".to_owned(), Record::Begun),
            ("[]".to_owned(), Record::Begun),
            (format!("[{on}]"), Record::Open),
            (format!("[{on},{no_off}]"), Record::Open),
            (format!("[{off},{on}]"), Record::Ended),
            (format!("[{off}]"), Record::Ended),
        ];
        for (statuses, record) in cases {
            assert_eq!(trail(&status(&statuses), "f", "T1").expect("a trail").record, record, "{statuses}");
        }
    }

    #[test]
    fn another_s_document_is_an_error() {
        let document = status("[]");
        for (flow, name) in [("g", "T1"), ("f", "T2")] {
            assert!(trail(&document, flow, name).is_err());
        }
        for document in ["", "[]", "{}", r#"{"name":"T1"}"#, r#"{"name":"T1","compliance_status":{}}"#] {
            assert!(trail(document, "f", "T1").is_err(), "{document}");
        }
    }

    #[test]
    fn pages_are_counted() {
        let one = status("[]");
        let cases = [
            (r#"{"data":[],"pagination":{"page_count":7}}"#.to_owned(), Some(7)),
            (r#"{"data":[],"pagination":{"total":101}}"#.to_owned(), Some(2)),
            (format!(r#"{{"data":[{one}]}}"#), Some(1)),
            (format!(r#"{{"data":[{}]}}"#, vec![one; 100].join(",")), None),
            (r#"{"data":[],"pagination":{"page_count":4000000000}}"#.to_owned(), None),
            ("[]".to_owned(), None),
        ];
        for (document, pages) in cases {
            assert_eq!(page(&document, "f").ok().map(|page| page.pages), pages, "{document:.80}");
        }
    }

    #[test]
    fn the_holder_s_latest_words_win() {
        let on = |at: u32, reason: &str, more: &str| {
            format!(
                r#"{{"attestation_name":"nodeploy-on","description":"{reason}","annotations":{{{more}}},"created_at":{at}.5}}"#
            )
        };
        let sync = r#""recorded_by":"sync""#;
        let document = format!("[{},{},{}]", on(3, "late", sync), on(2, "second", ""), on(1, "first", ""));
        let read = ons(&document, "T1").expect("attestations");
        assert_eq!(latest(&read).and_then(|on| on.words.reason.as_deref()), Some("second"));
        let only = ons(&format!("[{}]", on(1, "x", sync)), "T1").expect("attestations");
        assert_eq!(latest(&only).and_then(|on| on.words.reason.as_deref()), Some("x"));
        assert!(ons("[]", "T1").expect("none").is_empty());
        assert!(ons("{}", "T1").is_err());
    }
}
