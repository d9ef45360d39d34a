//! What the trails of the flow and their attestations say: which freezes began, and which ended.

use std::borrow::Cow;

use chrono::DateTime;
use serde_json::value::RawValue;

use crate::change::Match;
use crate::text::complaint;
use crate::text::object::{need, objects};

use super::flag::{Until, Words};

/// The attestation that begins a record.
pub(crate) const ON: &str = "nodeploy-on";
/// The attestation that ends a record.
pub(crate) const OFF: &str = "nodeploy-off";

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

/// One trail, as it stands in a list or alone, and what its attestations say.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Trail<R> {
    pub(crate) name: String,
    pub(crate) record: R,
}

/// A page of the flow's trails, newest first.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Page<R> {
    pub(crate) trails: Vec<Trail<R>>,
    /// How many pages there are.
    pub(crate) pages: u64,
}

/// One `nodeploy-on`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct On {
    pub(crate) words: Words<'static>,
    /// Put on record by a `sync`, in the holder's place.
    pub(crate) by_sync: bool,
    pub(crate) at: f64,
    /// Kosli's id of the attestation.
    pub(crate) id: Option<String>,
    /// Kosli's word for the account that put it on record.
    pub(crate) reported_by: Option<String>,
    /// Which changes the holder lets pass, as it stands on record.
    pub(crate) except: Option<String>,
}

objects! {
    open struct PageDocument { data = "data": Vec<TrailDocument>, pagination = "pagination": Pagination, }
    open struct EntriesDocument<'t> { data = "data": &'t RawValue, pagination = "pagination": Pagination, }
    open struct Pagination { page = "page": u64, per_page = "per_page": u64, page_count = "page_count": u64, total = "total": u64, }
    open struct TrailDocument {
        name = "name": String,
        compliance_status = "compliance_status": Compliance,
        flow = "flow": FlowDocument,
    }
    // What a gate does not need.
    open struct ListedDocument { created_at = "created_at": f64, html_url = "html_url": String, events = "events": Vec<Event>, }
    open struct Event { template_reference_name = "template_reference_name": String, timestamp = "timestamp": f64, }
    open struct FlowDocument { name = "name": String, }
    open struct Compliance { attestations_statuses = "attestations_statuses": Vec<Status>, }
    open struct Status { attestation_name = "attestation_name": String, status = "status": String, }
    open struct AttestationDocument {
        attestation_name = "attestation_name": String,
        attestation_id = "attestation_id": String,
        description = "description": String,
        annotations = "annotations": Annotations,
        created_at = "created_at": f64,
        trail_name = "trail_name": String,
        flow_name = "flow_name": String,
        reported_by = "reported_by": String,
    }
    open struct Annotations { by = "by": String, until = "until": String, recorded_by = "recorded_by": String, except = "except": String, }
}

/// Reads the page with this number of `list trails`. One that lacks trails which it counts was not understood: "no
/// records" opens gates whose tags are lost.
pub(crate) fn page<R>(document: &str, flow: &str, number: u64, of: Reader<R>) -> Result<Page<R>, String> {
    let PageDocument { data, pagination } = serde_json::from_str(document).map_err(|error| complaint(&error))?;
    let data = need(data, "data")?;
    let pages = pagination.unwrap_or_default().pages(data.len() as u64, number)?;
    let trails = data.into_iter().map(|trail| trail.read(flow, of)).collect::<Result<_, _>>()?;
    Ok(Page { trails, pages })
}

/// The entries of the page with this number, each as it came, and how many pages there are.
pub(crate) fn entries(document: &str, number: u64) -> Result<(Vec<&RawValue>, u64), String> {
    let EntriesDocument { data, pagination } = serde_json::from_str(document).map_err(|error| complaint(&error))?;
    let data = need(data, "data")?;
    let entries = elements(data.get())?;
    let pages = pagination.unwrap_or_default().pages(entries.len() as u64, number)?;
    Ok((entries, pages))
}

/// What a list has, each as it came: one that nobody can read leaves the others.
pub(crate) fn elements(list: &str) -> Result<Vec<&RawValue>, String> {
    serde_json::from_str(list).map_err(|error| complaint(&error))
}

impl Pagination {
    /// How many pages there are, if the page with this number has all that it has to have.
    fn pages(self, here: u64, number: u64) -> Result<u64, String> {
        let Self { page, per_page, page_count, total } = self;
        let size = per_page.unwrap_or(PAGE);
        let pages = match (page_count, total) {
            (Some(pages), _) => pages,
            (None, Some(total)) => total.div_ceil(size.max(1)),
            (None, None) if here < PAGE => 1,
            (None, None) => return Err("it does not say how many pages there are".to_owned()),
        };
        if pages > MOST_PAGES {
            return Err(format!("it claims {pages} pages; at most {MOST_PAGES} are read"));
        }
        if page.is_some_and(|page| page != number) {
            return Err(format!("page {number} was asked for, and another one came"));
        }
        let before = size.saturating_mul(number - 1);
        let is_empty = here == 0 && total.map_or(pages > 1 && number <= pages, |total| total > before);
        let is_cut = number >= pages && total.is_some_and(|total| total > before.saturating_add(here));
        if is_empty || is_cut || size == 0 || (here < size && number < pages) {
            return Err(format!("page {number} of {pages} lists {here} trails; some are missing"));
        }
        Ok(pages)
    }
}

/// Reads the document of `get trail`.
pub(crate) fn trail<R>(document: &str, flow: &str, name: &str, of: Reader<R>) -> Result<Trail<R>, String> {
    let document: TrailDocument = serde_json::from_str(document).map_err(|error| complaint(&error))?;
    let trail = document.read(flow, of)?;
    if trail.name == name { Ok(trail) } else { Err(format!("it is the document of `{}`", trail.name)) }
}

impl TrailDocument {
    fn read<R>(self, flow: &str, of: Reader<R>) -> Result<Trail<R>, String> {
        self.read_as(flow, &of)
    }

    fn read_as<R>(self, flow: &str, of: &dyn Fn(&Statuses<'_>) -> Result<R, String>) -> Result<Trail<R>, String> {
        let name = need(self.name, "name")?;
        if let Some(other) = self.flow.and_then(|document| document.name).filter(|name| name != flow) {
            return Err(format!("the trail `{name}` is of the flow `{other}`"));
        }
        // No default: a trail without statuses was not understood.
        let statuses = need(self.compliance_status, "compliance_status")
            .and_then(|compliance| need(compliance.attestations_statuses, "attestations_statuses"));
        match statuses.and_then(|statuses| of(&Statuses(&statuses))) {
            Ok(record) => Ok(Trail { name, record }),
            Err(detail) => Err(format!("the trail `{name}`: {detail}")),
        }
    }
}

/// What a trail's attestations say of it.
pub(crate) type Reader<R> = fn(&Statuses<'_>) -> Result<R, String>;

/// Which attestations a trail has.
pub(crate) struct Statuses<'s>(&'s [Status]);

/// A trail as a list shows it, for whoever tells its history.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Listed {
    pub(crate) name: String,
    pub(crate) created_at: Option<f64>,
    pub(crate) url: Option<String>,
    /// Which of the attestations that were asked for it has, how often as far as its events tell, and when the first was made.
    pub(crate) attested: Vec<Option<(u64, Option<f64>)>>,
}

/// Reads one entry of a list: which of these attestations has it?
pub(crate) fn listed(entry: &str, flow: &str, names: &[&str]) -> Result<Listed, String> {
    let document: TrailDocument = serde_json::from_str(entry).map_err(|error| complaint(&error))?;
    let of = |statuses: &Statuses<'_>| names.iter().map(|name| statuses.has(name)).collect::<Result<Vec<_>, _>>();
    let trail = document.read_as(flow, &of)?;
    let ListedDocument { created_at, html_url: url, events } = serde_json::from_str(entry).unwrap_or_default();
    let count = |name: &&str| {
        let of_name = events.iter().flatten().filter(|event| event.template_reference_name.as_deref() == Some(name));
        let first = of_name.clone().filter_map(|event| event.timestamp).reduce(f64::min);
        (of_name.count() as u64, first)
    };
    let attested = names.iter().zip(trail.record).map(|(name, has)| has.then(|| count(name))).collect();
    Ok(Listed { name: trail.name, created_at, url, attested })
}

impl Statuses<'_> {
    pub(crate) fn has(&self, attestation: &str) -> Result<bool, String> {
        is_attested(self.0, attestation)
    }
}

impl Record {
    pub(crate) fn of(statuses: &Statuses<'_>) -> Result<Self, String> {
        Ok(match (statuses.has(ON)?, statuses.has(OFF)?) {
            (_, true) => Self::Ended,
            (true, false) => Self::Open,
            (false, false) => Self::Begun,
        })
    }
}

/// Whether an attestation is there: `COMPLETE`. A template may list it as `MISSING`. What says neither, or both, was
/// not understood: half of what it could mean is that a freeze stands.
fn is_attested(statuses: &[Status], attestation: &str) -> Result<bool, String> {
    let mut found = None;
    for Status { attestation_name, status } in statuses {
        let Some(name) = attestation_name else {
            return Err("an attestation's status does not say whose it is".to_owned());
        };
        if name != attestation {
            continue;
        }
        let is_complete = match status.as_deref() {
            Some("COMPLETE") => true,
            Some("MISSING") => false,
            Some(other) => return Err(format!("`{name}` is `{other}`, neither COMPLETE nor MISSING")),
            None => return Err(format!("`{name}` has no status")),
        };
        if found.is_some_and(|found| found != is_complete) {
            return Err(format!("`{name}` is both COMPLETE and MISSING"));
        }
        found = Some(is_complete);
    }
    Ok(found.unwrap_or(false))
}

/// Reads what `get attestation nodeploy-on` gives: all of that name, in Kosli's order.
pub(crate) fn ons(document: &str, flow: &str, trail: &str) -> Result<Vec<On>, String> {
    let documents: Vec<AttestationDocument> = serde_json::from_str(document).map_err(|error| complaint(&error))?;
    documents.into_iter().map(|one| one.read(ON, flow, trail)).collect()
}

/// Reads what `get attestation nodeploy-off` gives: has anybody lifted the freeze? What a `sync` ends has expired,
/// or its policy has dropped it.
pub(crate) fn is_lifted(document: &str, flow: &str, trail: &str) -> Result<bool, String> {
    let documents: Vec<AttestationDocument> = serde_json::from_str(document).map_err(|error| complaint(&error))?;
    let offs: Vec<_> = documents.into_iter().map(|one| one.read(OFF, flow, trail)).collect::<Result<_, _>>()?;
    Ok(offs.iter().any(|off| !off.by_sync))
}

impl AttestationDocument {
    fn read(self, name: &str, flow: &str, trail: &str) -> Result<On, String> {
        if self.attestation_name.as_deref() != Some(name)
            || self.trail_name.as_deref().is_some_and(|name| name != trail)
            || self.flow_name.as_deref().is_some_and(|name| name != flow)
        {
            return Err("it is another attestation's document".to_owned());
        }
        let annotations = self.annotations.unwrap_or_default();
        let words = Words {
            by: annotations.by.filter(|by| !by.is_empty()).map(Cow::Owned),
            reason: self.description.filter(|reason| !reason.is_empty()).map(Cow::Owned),
            until: annotations.until.as_deref().map_or(Until::Never, Until::read),
        };
        Ok(On {
            words,
            by_sync: annotations.recorded_by.as_deref() == Some("sync"),
            at: need(self.created_at, "created_at")?,
            id: self.attestation_id,
            reported_by: self.reported_by.filter(|by| !by.is_empty()),
            except: annotations.except.filter(|except| !except.is_empty()),
        })
    }
}

impl On {
    /// Which changes the holder lets pass, if that can be read.
    pub(crate) fn except(&self) -> Option<Match> {
        Match::from_query(self.except.as_deref()?).ok()
    }

    pub(crate) fn time(&self) -> Option<DateTime<chrono::Utc>> {
        // Whole seconds, as ids have: an instant beyond what a clock can show is none.
        #[expect(clippy::cast_possible_truncation, reason = "a saturated second is no instant that chrono takes")]
        DateTime::from_timestamp(self.at as i64, 0)
    }
}

/// The first of them.
pub(crate) fn first(ons: &[On]) -> Option<&On> {
    ons.iter().min_by(|a, b| a.at.total_cmp(&b.at))
}

/// The newest words of the holder; a `sync`'s only where the holder left none.
pub(crate) fn latest(ons: &[On]) -> Option<&On> {
    ons.iter().max_by(|a, b| (!a.by_sync).cmp(&!b.by_sync).then(a.at.total_cmp(&b.at)))
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
            ("[]".to_owned(), Record::Begun),
            (format!("[{on}]"), Record::Open),
            (format!("[{on},{no_off}]"), Record::Open),
            (format!("[{off},{on}]"), Record::Ended),
            (format!("[{off}]"), Record::Ended),
        ];
        for (statuses, record) in cases {
            assert_eq!(trail(&status(&statuses), "f", "T1", Record::of).expect("a trail").record, record, "{statuses}");
        }
    }

    #[test]
    fn a_status_that_is_not_understood_is_an_error() {
        let one = |name: &str, rest: &str| format!(r#"{{"attestation_name":"{name}"{rest}}}"#);
        for name in ["nodeploy-on", "nodeploy-off"] {
            let complete = one(name, r#","status":"COMPLETE""#);
            let cases = [
                one(name, ""),
                one(name, r#","status":null"#),
                one(name, r#","status":"""#),
                one(name, r#","status":"complete""#),
                one(name, r#","status":"COMPLETE ""#),
                one(name, r#","status":"missing""#),
                one(name, r#","status":"PENDING""#),
                one(name, r#","status":true"#),
                one(name, r#","status":["COMPLETE"]"#),
                [&*complete, &one(name, r#","status":"MISSING""#)].join(","),
                [&*complete, &one(name, "")].join(","),
                [&*one(name, r#","status":"PENDING""#), &*complete].join(","),
                format!(r#"{complete},{{"status":"COMPLETE"}}"#),
                format!(r#"{complete},{{"attestation_name":null,"status":"COMPLETE"}}"#),
                format!("{complete},null"),
                format!(r#"{complete},"{name}""#),
                format!(r#"{complete},["{name}","COMPLETE"]"#),
            ];
            for statuses in cases {
                assert!(trail(&status(&format!("[{statuses}]")), "f", "T1", Record::of).is_err(), "{statuses}");
            }
            let twice = trail(&status(&format!("[{complete},{complete}]")), "f", "T1", Record::of);
            assert!(twice.is_ok_and(|trail| trail.record > Record::Begun), "{complete} twice says one thing");
        }
        let of_others = r#"[{"attestation_name":"snyk-scan","status":"PENDING"},{"attestation_name":"Nodeploy-off"}]"#;
        assert_eq!(trail(&status(of_others), "f", "T1", Record::of).expect("a trail").record, Record::Begun);
    }

    #[test]
    fn another_s_document_is_an_error() {
        let document = status("[]");
        for (flow, name) in [("g", "T1"), ("f", "T2")] {
            assert!(trail(&document, flow, name, Record::of).is_err());
        }
        for document in [
            "",
            "[]",
            "{}",
            r#"{"name":"T1"}"#,
            r#"{"name":"T1","compliance_status":{}}"#,
            r#"["T1",{"attestations_statuses":[]}]"#,
        ] {
            assert!(trail(document, "f", "T1", Record::of).is_err(), "{document}");
        }
    }

    #[test]
    fn pages_are_counted() {
        let one = status("[]");
        let listed = |count: usize, pagination: &str| {
            let data = vec![&*one; count].join(",");
            format!(r#"{{"data":[{data}],"pagination":{{{pagination}}}}}"#)
        };
        let cases = [
            (listed(100, r#""page_count":7"#), 1, Some(7)),
            (listed(100, r#""total":101"#), 1, Some(2)),
            (listed(1, r#""total":101,"page":2,"per_page":100,"page_count":2"#), 2, Some(2)),
            (listed(20, r#""total":21,"page":1,"per_page":20,"page_count":2"#), 1, Some(2)),
            (listed(20, r#""total":21,"page":1,"per_page":20"#), 1, Some(2)),
            (listed(0, r#""total":0,"page":1,"per_page":100,"page_count":0"#), 1, Some(0)),
            (listed(0, r#""total":0,"page":1,"per_page":100,"page_count":1"#), 1, Some(1)),
            (listed(0, r#""page_count":1"#), 1, Some(1)),
            (format!(r#"{{"data":[{one}]}}"#), 1, Some(1)),
            (format!(r#"{{"data":[{one}],"pagination":null}}"#), 1, Some(1)),
            // What lacks trails that it counts, or is another page.
            (listed(0, r#""total":5"#), 1, None),
            (listed(0, r#""page_count":7"#), 1, None),
            (listed(0, r#""total":150,"page_count":2"#), 2, None),
            (listed(99, r#""total":150,"page_count":2"#), 1, None),
            (listed(100, r#""total":230,"page":1,"per_page":100,"page_count":1"#), 1, None),
            (listed(100, r#""total":230,"page":2,"per_page":100,"page_count":2"#), 2, None),
            (listed(2, r#""total":3"#), 1, None),
            (listed(1, r#""total":1,"page":2,"page_count":1"#), 1, None),
            (listed(1, r#""total":1,"page":1,"per_page":0,"page_count":1"#), 1, None),
            (format!(r#"{{"data":[{}]}}"#, vec![&*one; 100].join(",")), 1, None),
            (listed(100, r#""page_count":4000000000"#), 1, None),
            ("[]".to_owned(), 1, None),
            ("[[],null]".to_owned(), 1, None),
        ];
        for (document, number, pages) in cases {
            let found = page(&document, "f", number, Record::of).ok().map(|page| page.pages);
            assert_eq!(
                found,
                pages,
                "{number} {}",
                document.get(document.len().saturating_sub(80)..).unwrap_or(&document)
            );
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
        let read = ons(&document, "f", "T1").expect("attestations");
        assert_eq!(latest(&read).and_then(|on| on.words.reason.as_deref()), Some("second"));
        let only = ons(&format!("[{}]", on(1, "x", sync)), "f", "T1").expect("attestations");
        assert_eq!(latest(&only).and_then(|on| on.words.reason.as_deref()), Some("x"));
        assert!(ons("[]", "f", "T1").expect("none").is_empty());
        let elsewhere = format!("[{}]", on(1, "x", "").replace(r#""created_at""#, r#""flow_name":"g","created_at""#));
        assert!(ons(&elsewhere, "f", "T1").is_err() && ons(&elsewhere, "g", "T1").is_ok(), "another flow's");
        assert!(ons("{}", "f", "T1").is_err());
    }
}
