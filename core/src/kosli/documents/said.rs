//! What gates have put on record: refusals on a freeze's trail, verdicts on a deployment's.

use crate::order;
use crate::text::complaint;
use crate::text::object::{need, objects};

/// What one gate has said, for one use.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Said {
    pub(crate) run: Option<String>,
    /// Of which change, form-urlencoded.
    pub(crate) change: Option<String>,
    pub(crate) is_compliant: bool,
    /// When, and which: Kosli's order.
    place: (f64, String),
}

objects! {
    open struct Document {
        attestation_name = "attestation_name": String,
        trail_name = "trail_name": String,
        flow_name = "flow_name": String,
        attestation_id = "attestation_id": String,
        created_at = "created_at": f64,
        is_compliant = "is_compliant": bool,
        annotations = "annotations": Annotations,
    }
    open struct Annotations { run = "run": String, change = "change": String, }
}

/// Reads what `get attestation` gives: all of that name, the oldest first, whatever order they come in.
pub(crate) fn said(document: &str, name: &str, flow: &str, trail: &str) -> Result<Vec<Said>, String> {
    let documents: Vec<Document> = serde_json::from_str(document).map_err(|error| complaint(&error))?;
    let mut all = documents.into_iter().map(|one| one.read(name, flow, trail)).collect::<Result<Vec<_>, _>>()?;
    order::sort_by(&mut all, |a, b| a.place.0.total_cmp(&b.place.0).then_with(|| a.place.1.cmp(&b.place.1)));
    Ok(all)
}

impl Document {
    fn read(self, name: &str, flow: &str, trail: &str) -> Result<Said, String> {
        let is_other = self.trail_name.as_deref().is_some_and(|other| other != trail)
            || self.flow_name.as_deref().is_some_and(|other| other != flow);
        if self.attestation_name.as_deref() != Some(name) || is_other {
            return Err("it is another attestation's document".to_owned());
        }
        let Annotations { run, change } = self.annotations.unwrap_or_default();
        let said = |text: Option<String>| text.filter(|text| !text.is_empty());
        Ok(Said {
            run: said(run),
            change: said(change),
            is_compliant: need(self.is_compliant, "is_compliant")?,
            place: (need(self.created_at, "created_at")?, self.attestation_id.unwrap_or_default()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::said;

    fn one(at: &str, id: &str, more: &str) -> String {
        format!(r#"{{"attestation_name":"n","created_at":{at},"attestation_id":"{id}","is_compliant":true{more}}}"#)
    }

    #[test]
    fn the_latest_is_last_whatever_order_they_come_in() {
        let run = |run: &str| format!(r#","annotations":{{"run":"{run}","other":"x"}}"#);
        let document =
            format!("[{},{},{}]", one("2.5", "b", &run("3")), one("2.5", "a", &run("2")), one("1", "z", &run("1")));
        let runs: Vec<_> =
            said(&document, "n", "f", "t").expect("attestations").into_iter().map(|one| one.run).collect();
        assert_eq!(runs, ["1", "2", "3"].map(|run| Some(run.to_owned())));
    }

    #[test]
    fn what_is_not_understood_is_an_error() {
        let good = one("1", "a", "");
        assert_eq!(said(&format!("[{good}]"), "n", "f", "t").map(|all| all.len()), Ok(1));
        for document in [
            "{}".to_owned(),
            "null".to_owned(),
            format!("[{}]", good.replace(r#""is_compliant":true"#, r#""is_compliant":null"#)),
            format!("[{}]", good.replace(r#""created_at":1,"#, "")),
            format!("[{}]", one("1", "a", r#","trail_name":"u""#)),
            format!("[{}]", one("1", "a", r#","flow_name":"g""#)),
            format!("[{}]", one("1", "a", r#","annotations":["run"]"#)),
            format!("[{good},null]"),
        ] {
            assert!(said(&document, "n", "f", "t").is_err(), "{document}");
        }
        assert!(said(&format!("[{good}]"), "m", "f", "t").is_err());
    }
}
