//! What a gate leaves behind: its refusal on the record of each freeze that holds, its verdict on the deployment's own trail.

use std::collections::BTreeMap;

use crate::answer::{Answer, Decision, ExceptionState, Warning};
use crate::call::{Action, Deployment};
use crate::codes::{Reason, WarningCode};
use crate::error::Error;
use crate::freeze::Freeze;
use crate::gate::Gate;
use crate::kosli::command::{Command, REFUSED, verdict_name};
use crate::kosli::documents::exception::{APPROVED, CLAIMED, EXCEPTION, PASSED, REVOKED};
use crate::kosli::documents::look::Look;
use crate::kosli::documents::record::{OFF, ON, Record};
use crate::kosli::documents::said::Said;
use crate::kosli::name::{FlowName, TrailName};
use crate::kosli::step::Write;
use crate::schedule::Effect;
use crate::sight::{Sight, VERSION};
use crate::text::excerpt;
use crate::wording;

/// So many refusals are on the record of a freeze at the most: who asks every minute does not fill it.
const MOST_REFUSALS: usize = 100;

/// So many freezes or windows a verdict names.
const MOST_NAMED: usize = 50;

/// What attestations on records of freezes and exceptions are called.
const WORDS: [&str; 8] = [ON, OFF, REFUSED, PASSED, EXCEPTION, APPROVED, REVOKED, CLAIMED];

const NOT_LOOKED: &str = "nobody has looked at it; run the reads of `observe`";

/// Adds to `answer`, the verdict, what puts it on record. One that is still to be claimed is none yet.
pub(super) fn put(sight: &Sight<'_>, gate: &Gate<'_>, answer: &mut Answer) -> Result<(), Error> {
    let Some(deployment) = sight.ask.action.deployment() else { return Ok(()) };
    if !answer.commands.is_empty() || answer.pause.is_some() {
        return Ok(());
    }
    let mut kept = Kept { sight, gate, deployment, answer };
    if deployment.record && kept.answer.decision == Decision::Refuse {
        kept.put_refusals();
    }
    if let Some((flow, trail)) = deployment.trail()? {
        kept.put_verdict(flow, trail)?;
    }
    Ok(())
}

/// A verdict is on no record: of an environment that is called `off` it would lift a freeze, of one that is called
/// `approved` approve an exception.
fn check_place(sight: &Sight<'_>, flow: &FlowName) -> Result<(), Error> {
    let bad = |detail| Err(Error::BadCall { detail });
    if *flow == sight.flow || *flow == sight.exceptions_flow()? {
        return bad(format!(
            "`attest` names the flow `{flow}`, which has the records of the freezes; name the deployment's own"
        ));
    }
    let name = verdict_name(&sight.name);
    if WORDS.contains(&&*name) {
        let environment = &sight.name;
        return bad(format!(
            "`attest` would write `{name}` for the environment `{environment}`, which means something else on the records of freezes; leave it out"
        ));
    }
    Ok(())
}

/// Why a refusal is not on a freeze's record.
#[derive(Debug, thiserror::Error)]
enum Unkept {
    /// A `sync` begins it.
    #[error("it has none yet")]
    NoRecord,
    #[error("it is not the id of a freeze, so it has no record")]
    NoId,
    #[error("it could not be read: {0}")]
    Unread(String),
    #[error("it has {MOST_REFUSALS} of them, and takes no more")]
    Full,
}

struct Kept<'k> {
    sight: &'k Sight<'k>,
    gate: &'k Gate<'k>,
    deployment: &'k Deployment,
    answer: &'k mut Answer,
}

impl Kept<'_> {
    #[inline(never)] // what a gate does not ask for need not be compiled for it
    fn put_refusals(&mut self) {
        let gate = self.gate;
        for freeze in gate.holding() {
            if let Err(why) = self.put_refusal(freeze) {
                let text = format!("this refusal is not on the record of {}: {why}", excerpt(&freeze.id));
                self.warn(WarningCode::NotRecorded, text, matches!(why, Unkept::NoRecord));
            }
        }
        for window in gate.closing_windows().into_iter().filter(|window| !gate.is_on_record(window)) {
            let name = excerpt(&window.name);
            let text = match window.effect {
                Effect::Freeze => format!("this refusal is on no record of the window `{name}`, which has none yet"),
                Effect::Allow => {
                    format!("this refusal is on no record of the allow window `{name}`: only freeze windows have one")
                }
            };
            self.warn(WarningCode::WindowNotOnRecord, text, window.effect == Effect::Freeze);
        }
    }

    /// Adds the refusal of this use to one freeze's record, or says why not.
    fn put_refusal(&mut self, freeze: &Freeze<'_>) -> Result<(), Unkept> {
        let trail = freeze.trail().ok_or(Unkept::NoId)?;
        match &freeze.record {
            Look::Found(Record::Missing) | Look::Missing(_) => return Err(Unkept::NoRecord),
            Look::Failed(detail) => return Err(Unkept::Unread(excerpt(detail))),
            Look::NotYet | Look::Found(_) => {}
        }
        let refusals = match self.sight.look_at_refusals(&trail) {
            Look::Found(refusals) => refusals,
            Look::Missing(_) => return Err(Unkept::NoRecord),
            Look::Failed(detail) => return Err(Unkept::Unread(excerpt(&detail))),
            Look::NotYet => {
                return Err(Unkept::Unread(
                    self.sight.listing.failure().map_or_else(|| NOT_LOOKED.to_owned(), excerpt),
                ));
            }
        };
        if refusals.iter().any(|refusal| self.is_own(refusal)) {
            return Ok(());
        }
        if refusals.len() >= MOST_REFUSALS {
            return Err(Unkept::Full);
        }
        let mut annotations = self.annotations_of_use();
        annotations.insert("reason", self.answer.reason.to_string());
        let (flow, trail) = (self.sight.flow.clone(), trail.clone());
        self.write(Command::Attest { flow, trail, name: REFUSED, description: None, annotations }, true);
        Ok(())
    }

    /// A refusal stays one, wherever it can be put; who passes passes on record only.
    #[inline(never)] // what a gate does not ask for need not be compiled for it
    fn put_verdict(&mut self, flow: FlowName, trail: TrailName) -> Result<(), Error> {
        check_place(self.sight, &flow)?;
        let passes = self.answer.decision == Decision::Proceed;
        let place = || format!("{flow}/{trail}");
        let problem = match self.sight.look_at_verdicts(&flow, &trail) {
            Look::Found(verdicts) if self.is_content(&verdicts, passes) => return Ok(()),
            Look::Found(verdicts) => {
                let before = self.count(&verdicts);
                if let Some(Action::Assert(deployment)) = &mut self.answer.action {
                    deployment.attested = Some(before + 1);
                }
                self.write_verdict(flow, trail, passes);
                return Ok(());
            }
            Look::Missing(detail) => Error::UnknownTrail { flow: flow.to_string(), trail: trail.to_string(), detail },
            Look::Failed(detail) => Error::UnreadableVerdict { place: place(), detail },
            Look::NotYet => Error::UnreadableVerdict { place: place(), detail: NOT_LOOKED.to_owned() },
        };
        if passes {
            return Err(problem);
        }
        self.warn(WarningCode::NotAttested, format!("this refusal is not on the trail {}: {problem}", place()), false);
        Ok(())
    }

    fn write_verdict(&mut self, flow: FlowName, trail: TrailName, passes: bool) {
        let environment = self.sight.name.clone();
        let mut annotations = self.annotations_of_use();
        annotations.insert("environment", environment.to_string());
        annotations.insert("reason", self.answer.reason.to_string());
        let mut name = |key, names: Vec<&str>| {
            if !names.is_empty() {
                annotations.insert(key, named(&names));
            }
        };
        let by = self.answer.exceptions.iter().filter(|one| one.state == ExceptionState::Passed);
        name("exception", by.map(|one| one.id.as_str()).collect());
        name("freezes", self.gate.holding().iter().map(|freeze| &*freeze.id).collect());
        name("windows", self.gate.closing_windows().iter().map(|window| window.name.as_str()).collect());
        if self.deployment.evidence {
            annotations.insert("evidence", self.sight.ask.evidence(self.sight.subject, VERSION));
        }
        let description = excerpt(&self.answer.summary);
        if passes {
            let summary = format!("{}; its verdict goes on the trail {flow}/{trail} first", self.answer.summary);
            self.answer.decision = Decision::Refuse;
            self.answer.reason = Reason::Attesting;
            self.answer.summary = summary;
        }
        let verdict = Command::Verdict { flow, trail, environment, is_compliant: passes, description, annotations };
        self.write(verdict, !passes);
    }

    /// `true` if the trail says it already. The latest verdict counts for Kosli's policies, so it has to be this use's;
    /// but two uses that are at it at once do not argue: whoever has written finds its own. Evidence is one look's: what
    /// another run has left does not stand for it.
    fn is_content(&self, verdicts: &[Said], passes: bool) -> bool {
        let says_it = |verdict: &Said| self.is_own(verdict) && verdict.is_compliant == passes;
        if let Some(attested) = self.deployment.attested {
            let latest = verdicts.iter().rfind(|verdict| self.is_own(verdict));
            return self.count(verdicts) >= attested && latest.is_some_and(says_it);
        }
        !self.deployment.evidence && verdicts.last().is_some_and(says_it)
    }

    /// How many verdicts are this use's.
    fn count(&self, verdicts: &[Said]) -> u64 {
        verdicts.iter().filter(|verdict| self.is_own(verdict)).map(|_| 1).sum()
    }

    fn is_own(&self, said: &Said) -> bool {
        let change = Some(self.deployment.change.to_query()).filter(|change| !change.is_empty());
        said.run.as_deref() == self.deployment.run_said() && said.change == change
    }

    fn annotations_of_use(&self) -> BTreeMap<&'static str, String> {
        let change = Some(self.deployment.change.to_query()).filter(|change| !change.is_empty());
        let mut annotations = BTreeMap::new();
        annotations.extend(self.deployment.run_said().map(|run| ("run", run.to_owned())));
        annotations.extend(change.map(|change| ("change", change)));
        annotations
    }

    fn write(&mut self, command: Command, optional: bool) {
        let org = self.sight.ask.settings.org.clone();
        self.answer.commands.push(Write { command, org, optional });
    }

    fn warn(&mut self, code: WarningCode, text: String, is_for_sync: bool) {
        let warning = Warning::new(code, text);
        self.answer.warnings.push(if is_for_sync {
            warning.advised(&wording::advise("to put it on record", self.sight.name.as_str(), Action::Sync {}))
        } else {
            warning
        });
    }
}

/// The names, as far as a command line carries them. A NUL can only come from a foreign hand's tag.
fn named(names: &[&str]) -> String {
    let mut text = names.iter().take(MOST_NAMED).map(|name| excerpt(name)).collect::<Vec<_>>().join(",");
    if names.len() > MOST_NAMED {
        text.push_str(",...");
    }
    text
}
