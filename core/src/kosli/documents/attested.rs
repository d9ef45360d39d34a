//! One attestation as Kosli tells it: who said what, when, in whose place.

use crate::change::{Change, Use};
use crate::order;
use crate::text::complaint;
use crate::text::object::{need, objects};

/// One attestation. Kosli's log is in the order of when each was made and its id.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Attested {
    pub(crate) at: f64,
    pub(crate) id: String,
    pub(crate) by: Option<String>,
    /// Kosli's word for the account.
    pub(crate) reported_by: Option<String>,
    pub(crate) description: Option<String>,
    /// Who has written in the holder's place: `sync`.
    pub(crate) recorded_by: Option<String>,
    /// It says more than its description: so the blog's script did not write it.
    pub(crate) is_annotated: bool,
    /// It is of a tag set by hand that is no id, and so has no trail.
    pub(crate) is_of_tag: bool,
    pub(crate) until: Option<String>,
    pub(crate) freezes: Option<String>,
    pub(crate) windows: Option<String>,
    pub(crate) seen: Option<String>,
    pub(crate) change: Option<String>,
    pub(crate) uses: Option<String>,
    pub(crate) approvals: Option<String>,
    pub(crate) of: Option<String>,
    pub(crate) run: Option<String>,
    pub(crate) exception: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) is_compliant: Option<bool>,
}

objects! {
    open struct Document {
        attestation_name = "attestation_name": String,
        attestation_id = "attestation_id": String,
        description = "description": String,
        annotations = "annotations": Annotations,
        created_at = "created_at": f64,
        trail_name = "trail_name": String,
        flow_name = "flow_name": String,
        reported_by = "reported_by": String,
        is_compliant = "is_compliant": bool,
    }
    open struct Annotations {
        by = "by": String,
        until = "until": String,
        recorded_by = "recorded_by": String,
        freezes = "freezes": String,
        windows = "windows": String,
        seen = "seen": String,
        change = "change": String,
        uses = "uses": String,
        approvals = "approvals": String,
        of = "of": String,
        run = "run": String,
        exception = "exception": String,
        reason = "reason": String,
        except = "except": String,
        signal = "signal": String,
        flag = "flag": String,
    }
}

/// Reads what `get attestation NAME` gives: all of that name, put into the log's order.
pub(crate) fn log(document: &str, name: &str, flow: &str, trail: &str) -> Result<Vec<Attested>, String> {
    let documents: Vec<Document> = serde_json::from_str(document).map_err(|error| complaint(&error))?;
    let mut log: Vec<_> = documents.into_iter().map(|one| one.read(name, flow, trail)).collect::<Result<_, _>>()?;
    sort(&mut log);
    Ok(log)
}

pub(crate) fn sort(log: &mut [Attested]) {
    order::sort_by(log, |a, b| a.at.total_cmp(&b.at).then_with(|| a.id.cmp(&b.id)));
}

impl Document {
    fn read(self, name: &str, flow: &str, trail: &str) -> Result<Attested, String> {
        let is_other = self.attestation_name.as_deref() != Some(name)
            || self.trail_name.as_deref().is_some_and(|of| of != trail)
            || self.flow_name.as_deref().is_some_and(|of| of != flow);
        if is_other {
            return Err("it is another attestation's document".to_owned());
        }
        let annotations = self.annotations.unwrap_or_default();
        let Annotations { by, until, recorded_by, except, .. } = &annotations;
        let is_annotated = [by, until, recorded_by, except].into_iter().any(Option::is_some);
        Ok(Attested {
            at: need(self.created_at, "created_at")?,
            id: need(self.attestation_id, "attestation_id")?,
            is_annotated,
            is_of_tag: annotations.signal.is_some() || annotations.flag.is_some(),
            by: filled(annotations.by),
            reported_by: filled(self.reported_by),
            description: filled(self.description),
            recorded_by: annotations.recorded_by,
            until: annotations.until,
            freezes: annotations.freezes,
            windows: annotations.windows,
            seen: annotations.seen,
            change: annotations.change,
            uses: annotations.uses,
            approvals: annotations.approvals,
            of: annotations.of,
            run: filled(annotations.run),
            exception: annotations.exception,
            reason: annotations.reason,
            is_compliant: self.is_compliant,
        })
    }
}

impl Attested {
    /// The use that it stands for, where it says one.
    pub(crate) fn used(&self) -> Option<Use> {
        Some(Use { run: self.run.clone()?, change: Change::from_query(self.change.as_deref()?)? })
    }
}

fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}
