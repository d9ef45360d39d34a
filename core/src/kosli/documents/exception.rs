//! What the trails of exceptions and their attestations say: who asked for what, who approved, and which uses have it.

use crate::change::{Match, Use};
use crate::kosli::window_name::WindowName;
use crate::text::excerpt;
use crate::text::object::need;

use super::attested::{Attested, log};
use super::record::Statuses;

/// The attestation that asks for an exception.
pub(crate) const EXCEPTION: &str = "nodeploy-exception";
/// An approval of it.
pub(crate) const APPROVED: &str = "nodeploy-approved";
/// Its end before its time.
pub(crate) const REVOKED: &str = "nodeploy-revoked";
/// A use of it.
pub(crate) const CLAIMED: &str = "nodeploy-claimed";
/// A use that was let through, on the record of a freeze.
pub(crate) const PASSED: &str = "nodeploy-passed";

/// How far an exception's trail has come.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Steps {
    pub(crate) is_asked: bool,
    pub(crate) is_revoked: bool,
}

impl Steps {
    pub(crate) fn of(statuses: &Statuses<'_>) -> Result<Self, String> {
        Ok(Self { is_asked: statuses.has(EXCEPTION)?, is_revoked: statuses.has(REVOKED)? })
    }

    /// It was asked for, and nobody has revoked it.
    pub(crate) fn may_be_used(self) -> bool {
        self.is_asked && !self.is_revoked
    }

    /// Attestations are only ever added: what either look has found is there.
    pub(crate) fn and(self, other: Self) -> Self {
        Self { is_asked: self.is_asked || other.is_asked, is_revoked: self.is_revoked || other.is_revoked }
    }
}

/// What was asked for: the first `nodeploy-exception` of a trail. Another one changes nothing.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Asked {
    /// Kosli's id of the attestation: what an approval is of.
    pub(crate) id: String,
    pub(crate) at: f64,
    pub(crate) by: Option<String>,
    /// Kosli's word for the account that asked.
    pub(crate) reported_by: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) freezes: Vec<String>,
    /// The latest `nodeploy-on` of each of them at the look, by Kosli's ids; none of a request that does not say.
    pub(crate) seen: Option<Vec<String>>,
    pub(crate) windows: Vec<WindowName>,
    pub(crate) matching: Match,
    pub(crate) uses: u64,
    pub(crate) approvals: u64,
}

/// One `nodeploy-approved`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Approved {
    pub(crate) by: Option<String>,
    pub(crate) reported_by: Option<String>,
    /// The request that was seen.
    pub(crate) of: Option<String>,
}

/// One `nodeploy-passed`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Passed {
    pub(crate) by: Use,
    pub(crate) exception: String,
}

/// What was asked for; `None` if nothing was yet.
pub(crate) fn asked(document: &str, flow: &str, trail: &str) -> Result<Option<Asked>, String> {
    log(document, EXCEPTION, flow, trail)?.into_iter().next().map(asked_in).transpose()
}

/// What one attestation asks for.
pub(crate) fn asked_in(first: Attested) -> Result<Asked, String> {
    let number = |text: Option<String>, what: &str| {
        let text = need(text, what)?;
        text.parse::<u64>().map_err(|_| format!("its `{what}` is `{}`, which is not a number", excerpt(&text)))
    };
    let windows = first.windows.as_deref().map_or(Ok(Vec::new()), serde_json::from_str);
    let listed = |ids: &str| ids.split(',').filter(|id| !id.is_empty()).map(str::to_owned).collect();
    Ok(Asked {
        id: first.id,
        at: first.at,
        by: first.by,
        reported_by: first.reported_by,
        reason: first.description,
        freezes: first.freezes.as_deref().map_or_else(Vec::new, listed),
        seen: first.seen.as_deref().map(listed),
        windows: windows.map_err(|error| format!("its `windows`: {error}"))?,
        matching: Match::from_query(&need(first.change, "change")?)
            .map_err(|problem| format!("its `change`: {problem}"))?,
        uses: number(first.uses, "uses")?,
        approvals: number(first.approvals, "approvals")?,
    })
}

pub(crate) fn approvals(document: &str, flow: &str, trail: &str) -> Result<Vec<Approved>, String> {
    Ok(log(document, APPROVED, flow, trail)?.iter().map(approved_in).collect())
}

/// What one attestation approves.
pub(crate) fn approved_in(one: &Attested) -> Approved {
    Approved { by: one.by.clone(), reported_by: one.reported_by.clone(), of: one.of.clone() }
}

/// The uses that were claimed, in the log's order; one that cannot be read is nobody's, and counts all the same.
pub(crate) fn claims(document: &str, flow: &str, trail: &str) -> Result<Vec<Option<Use>>, String> {
    Ok(log(document, CLAIMED, flow, trail)?.iter().map(Attested::used).collect())
}

/// The uses that were let through, as the record of a freeze has them.
pub(crate) fn passes(document: &str, flow: &str, trail: &str) -> Result<Vec<Passed>, String> {
    let read = |pass: &Attested| Some(Passed { by: pass.used()?, exception: pass.exception.clone()? });
    Ok(log(document, PASSED, flow, trail)?.iter().filter_map(read).collect())
}

#[cfg(test)]
mod tests {
    use super::{approvals, asked, claims, passes};

    fn one(name: &str, at: &str, id: &str, annotations: &str) -> String {
        format!(
            r#"{{"attestation_name":"{name}","attestation_id":"{id}","created_at":{at},"trail_name":"T","flow_name":"F",
                "description":"d","reported_by":"ci","annotations":{{{annotations}}}}}"#
        )
    }

    fn list(documents: &[String]) -> String {
        format!("[{}]", documents.join(","))
    }

    const ASKED: &str = r#""by":"maya","change":"kind=hotfix","uses":"1","approvals":"1""#;

    #[test]
    fn the_first_request_counts() {
        let exception = |at, id, more: &str| one("nodeploy-exception", at, id, &format!("{ASKED}{more}"));
        let later = exception("2.0", "a", r#","freezes":"F1,F2""#);
        let first = exception("1.0", "b", r#","windows":"[{\"policy\":null,\"name\":\"weekend\"}]""#);
        let read = asked(&list(&[later.clone(), first.clone()]), "F", "T").expect("readable").expect("asked");
        assert_eq!((&*read.id, read.freezes.len(), read.windows.len()), ("b", 0, 1));
        let tied = exception("2.0", "0", "");
        assert_eq!(asked(&list(&[later, tied]), "F", "T").expect("readable").map(|read| read.id).as_deref(), Some("0"));
        assert_eq!(asked("[]", "F", "T"), Ok(None));
        assert!(asked(&list(&[first]), "F", "U").is_err(), "another trail's");
        assert!(asked(&list(&[one("nodeploy-exception", "1", "a", ASKED)]), "G", "T").is_err(), "another flow's");
    }

    #[test]
    fn a_request_that_is_not_understood_is_an_error() {
        for annotations in [
            r#""uses":"1","approvals":"1""#,
            r#""change":"kind=*","uses":"1","approvals":"1""#,
            r#""change":"kind=x","uses":"-1","approvals":"1""#,
            r#""change":"kind=x","uses":"1""#,
            r#""change":"kind=x","uses":"1","approvals":"","by":"x""#,
            r#""change":"kind=x","uses":"1","approvals":"1","windows":"weekend""#,
            r#""change":"kind=x","uses":"1","approvals":"1","windows":"[{}]""#,
            r#""change":"kind=x","uses":1,"approvals":"1""#,
        ] {
            assert!(
                asked(&list(&[one("nodeploy-exception", "1", "a", annotations)]), "F", "T").is_err(),
                "{annotations}"
            );
        }
        let whole = one("nodeploy-exception", "1", "a", ASKED);
        assert!(asked(&list(&[whole.replace(r#""attestation_id":"a","#, "")]), "F", "T").is_err());
        assert!(asked(&list(&[whole.replace(r#""created_at":1,"#, "")]), "F", "T").is_err());
        for document in ["", "{}", "[[]]", r#"{"message":"no"}"#] {
            assert!(asked(document, "F", "T").is_err(), "{document}");
        }
    }

    #[test]
    fn claims_are_in_the_order_of_the_log() {
        let claim = |at, id, run: &str| one("nodeploy-claimed", at, id, &format!(r#""run":"{run}","change":"kind=x""#));
        let none = one("nodeploy-claimed", "1.5", "c", r#""run":"r""#);
        let document = list(&[claim("2", "b", "r3"), none, claim("2", "a", "r2"), claim("1", "z", "r1")]);
        let runs: Vec<_> =
            claims(&document, "F", "T").expect("claims").into_iter().map(|one| one.map(|one| one.run)).collect();
        assert_eq!(runs, [Some("r1".to_owned()), None, Some("r2".to_owned()), Some("r3".to_owned())]);
    }

    #[test]
    fn approvals_and_passes_say_of_what() {
        let document = list(&[one("nodeploy-approved", "1", "a", r#""by":"noah","of":"b""#)]);
        let read = approvals(&document, "F", "T").expect("approvals");
        assert_eq!((read[0].by.as_deref(), read[0].of.as_deref()), (Some("noah"), Some("b")));
        let pass = r#""run":"r","change":"kind=x","exception":"E""#;
        let document = list(&[
            one("nodeploy-passed", "1", "a", pass),
            one("nodeploy-passed", "1", "a", r#""run":"r","change":"kind=x""#),
            one("nodeploy-passed", "1", "a", r#""run":"r","exception":"E""#),
        ]);
        assert_eq!(passes(&document, "F", "T").expect("passes").len(), 1);
    }
}
