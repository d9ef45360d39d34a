//! Changes that pass by an exception, and what must hold of them, said from attestations alone.

use std::collections::{BTreeMap, BTreeSet};

use freeze_core::{Action, Call, Command, Decision};
use kosli_model::{Attestation, Cut, Kosli, run};

use crate::host::{Deed, Host, Phase};
use crate::judge::{self, mark};
use crate::mind::{ENVIRONMENT, trails};
use crate::program::Program;
use crate::start::{Start, start_named};

/// The exception that maya has asked for.
pub const EXCEPTION: &str = "exception-2024-10-31T12.00.00-2024-10-31T14.00.00~maya";
/// Before anything was reported, as Kosli counts: 2024-10-31T12:00:00Z.
const BEGINNING: u32 = 1_730_376_000;
/// The change that it is for, as it goes on record.
const CHANGE: &str = "kind=hotfix";

/// `start` with an exception to all that closes, of so many uses, which noah has approved or not yet.
///
/// # Panics
///
/// If it cannot be asked for.
#[must_use]
pub fn excepted(start: &'static str, uses: u8, is_approved: bool) -> Start {
    let Start { name, kosli } = start_named(start);
    let mut kosli = with_exceptions(kosli);
    let steps = [Some(asking(uses, 1)), is_approved.then(|| approving("noah"))];
    for action in steps.into_iter().flatten() {
        let ran = run(&mut kosli, &call(&action), Cut::Never);
        assert!(ran.is_settled && ran.last.decision == Decision::Proceed, "{action}: {ran:?}");
    }
    Start { name, kosli }
}

/// Frozen by maya, for reason A, and no exception yet: she needs nobody's approval for one.
///
/// # Panics
///
/// If it cannot be frozen.
#[must_use]
pub fn her_own() -> Start {
    let mut kosli = with_exceptions(Kosli::new(ENVIRONMENT));
    let ran = run(&mut kosli, &call(r#"{"type": "on", "reason": "A", "by": "maya"}"#), Cut::Never);
    assert!(ran.is_settled && ran.last.decision == Decision::Proceed, "{ran:?}");
    Start { name: "maya's", kosli }
}

fn with_exceptions(kosli: Kosli) -> Kosli {
    in_order(Kosli { exceptions: Some(BTreeMap::new()), ..kosli })
}

fn asking(uses: u8, approvals: u8) -> String {
    format!(
        r#"{{"type": "except", "reason": "fix", "by": "maya", "until": "2024-10-31T14:00:00Z", "id": "{EXCEPTION}",
            "change": {{"kind": "hotfix"}}, "uses": {uses}, "approvals": {approvals}}}"#
    )
}

fn approving(by: &str) -> String {
    format!(r#"{{"type": "approve", "exception": "{EXCEPTION}", "by": "{by}"}}"#)
}

fn call(action: &str) -> Call {
    let text = format!(r#"{{"action": {action}, "now": "2024-10-31T12:00:00Z", "environment": "{ENVIRONMENT}"}}"#);
    Call::from_json(&text).expect("a call")
}

impl Program {
    /// A gate that states the change, and claims its use.
    #[must_use]
    pub fn claiming(run: &str) -> Self {
        Self::asked(&format!(r#"{{"type": "assert", "change": {{"kind": "hotfix"}}, "run": "{run}", "claim": true}}"#))
    }

    /// A gate that states the change, and may only read.
    #[must_use]
    pub fn reading(run: &str) -> Self {
        Self::asked(&format!(r#"{{"type": "assert", "change": {{"kind": "hotfix"}}, "run": "{run}"}}"#))
    }

    /// A trusted job that claims a use for such a gate.
    #[must_use]
    pub fn claim_for(run: &str) -> Self {
        Self::asked(&format!(r#"{{"type": "claim", "change": {{"kind": "hotfix"}}, "run": "{run}"}}"#))
    }

    /// `except`, for one use, and needing no approval.
    #[must_use]
    pub fn except() -> Self {
        Self::asked(&asking(1, 0))
    }

    /// `approve`, by somebody.
    #[must_use]
    pub fn approve(by: &str) -> Self {
        Self::asked(&approving(by))
    }

    /// `revoke`.
    #[must_use]
    pub fn revoke() -> Self {
        Self::asked(&format!(r#"{{"type": "revoke", "exception": "{EXCEPTION}", "by": "noah"}}"#))
    }

    /// As a person would call it.
    pub(crate) fn told_gate(&self) -> String {
        let run = self.run().map_or_else(String::new, |run| format!(" --change {CHANGE} --run {run}"));
        let claim = if self.is_reader() { "" } else { " --claim" };
        format!("assert{run}{claim}")
    }

    fn asked(action: &str) -> Self {
        Self::Ours(call(action).action)
    }

    /// The run of a gate, or of a claim for one.
    fn run(&self) -> Option<&str> {
        match self {
            Self::Ours(Action::Assert(deployment)) => deployment.run.as_deref(),
            _ => None,
        }
    }

    /// It is a gate that states a change.
    pub(crate) fn states_change(&self) -> bool {
        self.run().is_some()
    }

    /// It is a gate that may only read.
    pub(crate) fn is_reader(&self) -> bool {
        matches!(self, Self::Ours(Action::Assert(deployment)) if !deployment.claim)
    }
}

/// The action without the note of when a claim was written.
pub(crate) fn without_note(mut action: Action) -> Action {
    match &mut action {
        Action::Assert(deployment) => deployment.claimed_at = None,
        Action::Claim(claim) => claim.claimed_at = None,
        _ => {}
    }
    action
}

/// Kosli as it matters where there are exceptions: in which order all was reported, not when.
pub(crate) fn in_order(mut kosli: Kosli) -> Kosli {
    let mut all: Vec<&mut Attestation> = Vec::new();
    for trail in kosli.trails.iter_mut().chain(&mut kosli.exceptions).flat_map(BTreeMap::values_mut) {
        trail.begun = 0;
        all.extend(&mut trail.attestations);
    }
    all.sort_by_key(|one| one.at);
    let mut ids = BTreeMap::new();
    kosli.clock = BEGINNING;
    for (at, one) in (BEGINNING + 1..).zip(all) {
        ids.insert(id_of(one.at), id_of(at));
        one.at = at;
        for key in ["of", "seen"] {
            if let Some(new) = one.annotations.get(key).and_then(|id| ids.get(id)).cloned() {
                one.annotations.insert(key.to_owned(), new);
            }
        }
        kosli.clock = at;
    }
    kosli
}

/// As the model makes it.
fn id_of(at: u32) -> String {
    format!("{at:08x}")
}

pub(crate) fn latest(kosli: &Kosli) -> u32 {
    kosli.clock
}

/// Kosli has taken a claim, and does not show it yet.
pub(crate) fn hide_claim(kosli: &mut Kosli, deed: &Deed) {
    let Deed::Command(Command::Attest { trail, name: "nodeploy-claimed", .. }) = deed else { return };
    let trail = kosli.exceptions.as_mut().and_then(|trails| trails.get_mut(trail.as_str()));
    if let Some(claim) = trail.and_then(|trail| trail.attestations.last_mut()) {
        claim.is_hidden = true;
    }
}

pub(crate) fn hidden(kosli: &mut Kosli) -> impl Iterator<Item = &mut Attestation> {
    let all = kosli.exceptions.iter_mut().flat_map(BTreeMap::values_mut).flat_map(|trail| &mut trail.attestations);
    all.filter(|one| one.is_hidden)
}

pub(crate) fn hidden_in(kosli: &Kosli) -> impl Iterator<Item = &Attestation> {
    let all = kosli.exceptions.iter().flat_map(BTreeMap::values).flat_map(|trail| &trail.attestations);
    all.filter(|one| one.is_hidden)
}

fn log<'k>(kosli: &'k Kosli, name: &'static str) -> impl Iterator<Item = &'k Attestation> {
    let trail = kosli.exceptions.as_ref().and_then(|trails| trails.get(EXCEPTION));
    trail.into_iter().flat_map(|trail| &trail.attestations).filter(move |one| one.name == name)
}

fn annotation<'k>(one: &'k Attestation, key: &str) -> &'k str {
    one.annotations.get(key).map_or("", String::as_str)
}

/// How many uses it has.
fn has_uses(kosli: &Kosli) -> usize {
    log(kosli, "nodeploy-exception").next().map_or(0, |asked| annotation(asked, "uses").parse().expect("a number"))
}

/// The uses that have it: the first, in the order in which Kosli took them, whoever saw them.
fn first_uses(kosli: &Kosli) -> Vec<(&str, &str)> {
    let mut uses = Vec::new();
    for claim in log(kosli, "nodeploy-claimed") {
        let one = (annotation(claim, "run"), annotation(claim, "change"));
        if !uses.contains(&one) {
            uses.push(one);
        }
    }
    uses.truncate(has_uses(kosli));
    uses
}

/// What the exception does not let pass, of all that is shown: freezes that nobody saw when it was asked for, or whose
/// holder has given another reason since. And its own end.
pub(crate) fn bars(kosli: &Kosli, shown: &[String]) -> Vec<String> {
    let Some(asked) = log(kosli, "nodeploy-exception").next() else { return vec![NOT_ASKED.to_owned()] };
    let is_revoked = log(kosli, "nodeploy-revoked").next().is_some();
    let covered: BTreeSet<&str> = annotation(asked, "freezes").split(',').collect();
    let is_barred = |id: &&String| {
        let ons = judge::trail(kosli, id).into_iter().flat_map(|trail| &trail.attestations);
        let by_holder = ons.filter(|one| one.name == "nodeploy-on" && annotation(one, "recorded_by") != "sync");
        // Of one freeze, as all are here; by the ids that the model makes.
        let seen = u32::from_str_radix(annotation(asked, "seen"), 16).unwrap_or(0);
        let (before, since): (Vec<_>, Vec<_>) = by_holder.partition(|one| one.at <= seen);
        let reason = before.last().map(|one| &one.description);
        !covered.contains(id.as_str()) || since.iter().any(|one| Some(&one.description) != reason)
    };
    let freezes = shown.iter().filter(is_barred).cloned();
    is_revoked.then(|| REVOKED.to_owned()).into_iter().chain(freezes).collect()
}

const REVOKED: &str = "revoked";
const NOT_ASKED: &str = "not asked for";

/// A gate that an exception has let pass.
pub(crate) fn has_passed(host: &Host) -> bool {
    matches!(host.phase, Phase::Done { decision: Decision::Proceed, reason: "excepted", .. })
}

/// What a gate that was let pass has done wrong.
pub(crate) fn marks(program: &Program, gate: &Host, kosli: &Kosli, shown: &[String]) -> u16 {
    let run = program.run().unwrap_or_default();
    let still = bars(kosli, shown);
    let is_revoked = gate.bars.iter().any(|bar| bar == REVOKED || bar == NOT_ASKED);
    let is_barred = gate.bars.iter().any(|bar| bar != REVOKED && still.contains(bar));
    let has_claim = first_uses(kosli).contains(&(run, CHANGE));
    let is_pass = |one: &Attestation| one.name == "nodeploy-passed" && annotation(one, "run") == run;
    let has_pass = |id: &&String| judge::trail(kosli, id).is_some_and(|trail| trail.attestations.iter().any(is_pass));
    let stood = gate.stood.iter().filter(|id| shown.contains(id));
    let is_on_record = has_claim && stood.clone().all(|id| has_pass(&id));
    let mark = |is: bool, mark: u16| if is { mark } else { 0 };
    mark(is_revoked, mark::REVOKED_PASSED)
        | mark(is_barred, mark::UNCOVERED_PASSED)
        | mark(!is_on_record, mark::UNRECORDED_PASSED)
}

/// More different uses were let pass than it has.
pub(crate) fn are_more_than_it_has<'p>(kosli: &Kosli, passed: impl Iterator<Item = &'p Program>) -> bool {
    passed.filter_map(Program::run).collect::<BTreeSet<_>>().len() > has_uses(kosli)
}

/// A pass stands on record whose use has no claim among the first.
pub(crate) fn has_unclaimed_pass(kosli: &Kosli) -> bool {
    let mut passes =
        trails(kosli).flat_map(|(_, trail)| &trail.attestations).filter(|one| one.name == "nodeploy-passed");
    passes.any(|one| !first_uses(kosli).contains(&(annotation(one, "run"), annotation(one, "change"))))
}
