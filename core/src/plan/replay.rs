//! `replay`: decides once more what an evidence file was decided from, and tells where the answer is another one.

use serde_json::value::RawValue;

use crate::answer::{Answer, Decision};
use crate::budget::Budget;
use crate::call::{Action, Call};
use crate::codes::Reason;
use crate::error::Error;
use crate::kosli::command::{Command, verdict_name};
use crate::sight::{Ask, Subject, VERSION, sha256};
use crate::text::object::{need, objects};
use crate::text::{Json, compact, complaint, excerpt};
use crate::time;

/// How many places a summary names; `answer.differs` has all of them.
const TOLD: usize = 3;

/// A run looks eight times at the most. A file with many more rounds would have each of them cost what a whole call may.
const MOST_ROUNDS: usize = 16;

/// What stands before the sum of all that is before it.
const SUM: &str = r#","sha256":""#;

objects! {
    strict struct FileText<'t> {
        version = "nodeploy": String,
        call = "call": &'t RawValue,
        answer = "answer": &'t RawValue,
        before = "before": Vec<RoundText<'t>>,
    }
    strict struct RoundText<'t> { call = "call": &'t RawValue, answer = "answer": &'t RawValue, }
}

/// A call and what came of it.
struct Round {
    call: Call,
    recorded: Json,
}

#[inline(never)] // what a gate does not ask for need not be compiled for it
pub(super) fn plan(action: &Action, file: &str) -> Result<Answer, Error> {
    let (body, sum) = parts(file)?;
    if sha256(body) != sum {
        return Ok(changed(action, "its sum does not fit", &[]));
    }
    let document = [body, "}"].concat();
    let file: FileText<'_> = serde_json::from_str(&document).map_err(|error| bad(&complaint(&error)))?;
    let version = need(file.version, "nodeploy").map_err(|detail| bad(&detail))?;
    let before = file.before.unwrap_or_default();
    if before.len() >= MOST_ROUNDS {
        return Err(bad(&format!("it has {} looks; a run has up to {MOST_ROUNDS}", before.len() + 1)));
    }
    let mut rounds = Vec::new();
    for (at, RoundText { call, answer }) in before.into_iter().enumerate() {
        rounds.push((format!(".before[{at}]"), Round::read(call, answer)?));
    }
    rounds.push((String::new(), Round::read(file.call, file.answer)?));

    let mut differs = Vec::new();
    let mut again = None;
    let mut attested = None;
    for (place, Round { call, recorded }) in &rounds {
        let budget = Budget::default();
        let digest = Ask::of(call, &budget).evidence(Subject::of(call), &version);
        if recorded.get("evidence").and_then(Json::text) != Some(&digest) {
            let call = format!("{place}.call");
            return Ok(changed(action, "its `evidence` is not that of its call", &[call]));
        }
        // Another version has another number for the same call.
        let answer = Answer { evidence: Some(digest), ..super::plan(call) };
        let replayed = Json::of(&compact(&answer).expect("an answer is JSON"));
        recorded.differences(&replayed, &format!("{place}.answer"), &mut differs);
        attested = on_trail(&answer).or(attested);
        again = Some((call, recorded, answer));
    }
    let (call, recorded, replayed) = again.expect("the last round is always there");
    let told = told(action, &version, call, recorded, &replayed, differs);
    let Some((evidence, advice)) = attested.filter(|_| told.decision == Decision::Proceed) else { return Ok(told) };
    Ok(Answer { evidence, advice: Some(advice), ..told })
}

/// The evidence of the look whose verdict went on a trail, and where it is to be found: what is there, nobody can change.
fn on_trail(answer: &Answer) -> Option<(Option<String>, String)> {
    answer.commands.iter().find_map(|write| {
        let Command::Verdict { flow, trail, environment, .. } = &write.command else { return None };
        let name = verdict_name(environment);
        let advice = format!(
            "on the trail {flow}/{trail}, {name} must have this evidence: kosli get attestation {name} --flow {flow} --trail {trail} --output json"
        );
        Some((answer.evidence.clone(), advice))
    })
}

/// What was written, and its sum. An evidence file is one line, and the sum is the last thing in it.
fn parts(file: &str) -> Result<(&str, &str), Error> {
    let line = file.strip_suffix('\n').unwrap_or(file);
    let parts = line.strip_suffix("\"}").and_then(|line| line.rsplit_once(SUM));
    parts.ok_or_else(|| bad("it does not end with its own sum, as what `nodeploy assert --evidence FILE` writes does"))
}

fn bad(detail: &str) -> Error {
    Error::BadEvidence { detail: detail.to_owned() }
}

impl Round {
    fn read(call: Option<&RawValue>, answer: Option<&RawValue>) -> Result<Self, Error> {
        let call = need(call, "call").map_err(|detail| bad(&detail))?;
        let answer = need(answer, "answer").map_err(|detail| bad(&detail))?;
        let call = Call::from_json(call.get())?;
        if !call.action.deployment().is_some_and(|deployment| deployment.evidence) {
            return Err(bad("its call is not that of a gate which was asked for evidence"));
        }
        Ok(Self { call, recorded: Json::of(answer.get()) })
    }
}

fn changed(action: &Action, why: &str, places: &[String]) -> Answer {
    Answer {
        summary: format!("the file is not as it was written: {why}"),
        advice: Some("it proves nothing; take it again from where the pipeline has kept it".to_owned()),
        differs: Some(places.to_vec()),
        action: Some(action.clone()),
        ..Answer::new(Decision::Refuse, Reason::FileChanged)
    }
}

fn told(
    action: &Action,
    version: &str,
    call: &Call,
    recorded: &Json,
    replayed: &Answer,
    differs: Vec<String>,
) -> Answer {
    let text = |key| recorded.get(key).and_then(Json::text).unwrap_or("?");
    let environment = call.environment.name().map_or_else(|_| "?".to_owned(), |name| name.to_string());
    let verdict = |decision: &str, reason: &str| {
        let what = match decision {
            "proceed" => "let it pass",
            "refuse" => "refused",
            _ => "could not decide",
        };
        format!("{what} ({})", excerpt(reason))
    };
    let then = time::human(call.now);
    let recorded = verdict(text("decision"), text("reason"));
    let before = format!("{environment} at {then}: nodeploy {} {recorded}", excerpt(version));
    let answer = Answer {
        evidence: replayed.evidence.clone(),
        action: Some(action.clone()),
        ..Answer::new(Decision::Proceed, Reason::Replayed)
    };
    if differs.is_empty() {
        let summary = format!("{before}, and nodeploy {VERSION} gives the same answer, byte for byte");
        return Answer { summary, differs: Some(differs), ..answer };
    }
    let decision = match replayed.decision {
        Decision::Proceed => "proceed",
        Decision::Refuse => "refuse",
        Decision::Error => "error",
    };
    let mut places = differs.iter().take(TOLD).map(|place| excerpt(place)).collect::<Vec<_>>().join(", ");
    if differs.len() > TOLD {
        places = format!("{places} and {} more", differs.len() - TOLD);
    }
    let now = verdict(decision, replayed.reason.code());
    let same = if now == recorded { "the same decision" } else { "ANOTHER DECISION" };
    let summary = format!("{before}, nodeploy {VERSION} {now}: {same}, another answer in {places}");
    let advice = if version == VERSION {
        "this version has never given that answer to this call: the file was changed".to_owned()
    } else {
        format!("to see what was decided then, replay the file with nodeploy {}", excerpt(version))
    };
    Answer {
        decision: Decision::Refuse,
        reason: Reason::AnswerDiffers,
        summary,
        advice: Some(advice),
        differs: Some(differs),
        ..answer
    }
}
