//! A call from its text. Unknown keys are errors: a typo must not pass.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::error::Error;
use crate::kosli::name::{OrgName, TagKey};
use crate::kosli::raw::RawResult;
use crate::kosli::read_name::ReadName;
use crate::text::complaint;
use crate::text::object::{FillMap, Heard, Object, OneOrMany, Place, missing, objects, read_document, text_of};
use crate::time;
use crate::time::clock::TOLERANCE;

use super::{Action, Call, Claim, Deployment, Environment, Freezes, Question, Report, Request, Resume, Settings};

impl Call {
    /// Reads a call.
    ///
    /// # Errors
    ///
    /// `bad_call` or `bad_name`, with what is wrong and where.
    pub fn from_json(json: &str) -> Result<Self, Error> {
        let mut text = CallText::default();
        read_document(&mut text, json).map_err(|error| bad_call(complaint(&error)))?;
        let action = part(text.action.as_mut(), "action", r#"{"type": "assert"}"#)?.read()?;
        let now = read_instant("now", &part(text.now, "now", r#""2024-10-31T10:44:48Z""#)?)?;
        let since = text.since.map(|since| read_instant("since", &since)).transpose()?;
        if since.is_some_and(|since| since - now > TOLERANCE || now - since > LONGEST_RUN) {
            return Err(bad_call(
                "`since` is not the beginning of this run: it lies ahead, or more than a day ago".to_owned(),
            ));
        }
        Ok(Self {
            now,
            environment: match (text.environment, &action) {
                (
                    None,
                    Action::Windows { .. } | Action::Select { .. } | Action::Overview { .. } | Action::Replay { .. },
                ) => Environment::Every,
                (Some(_), Action::Select { .. } | Action::Overview { .. }) => {
                    let detail = "the action asks about many environments; name them in its `environments`";
                    return Err(bad_call(detail.to_owned()));
                }
                (Some(_), Action::Replay { .. }) => {
                    return Err(bad_call("the action `replay` has its environment in the file".to_owned()));
                }
                (environment, _) => read_environment(environment.ok_or_else(no_environment)?)?,
            },
            action,
            policy: text.policy.map(|policy| policy.get().to_owned()),
            observed: text.observed.unwrap_or_default().results,
            settings: text.settings.unwrap_or_default().read()?,
            members: text.members,
            since,
        })
    }
}

/// How long a run over many environments may take, at the very most.
const LONGEST_RUN: TimeDelta = TimeDelta::hours(24);

#[cold]
fn bad_call(detail: String) -> Error {
    Error::BadCall { detail }
}

/// A part of the call that every action needs.
fn part<T>(value: Option<T>, key: &str, example: &str) -> Result<T, Error> {
    value.ok_or_else(|| lacks(key, example))
}

#[cold]
fn lacks(key: &str, example: &str) -> Error {
    bad_call(format!("{}; give one, e.g. `\"{key}\": {example}`", missing(key)))
}

#[cold]
pub(super) fn no_environment() -> Error {
    lacks("environment", r#""prod-aws""#)
}

objects! {
    // The call as JSON has it: names still unchecked, so that each has an error of its own.
    strict struct CallText<'t> {
        action = "action": ActionObject<'t>,
        now = "now": Cow<'t, str>,
        environment = "environment": &'t RawValue,
        observed = "observed": Observed,
        settings = "settings": SettingsText<'t>,
        policy = "policy": &'t RawValue,
        members = "members": Vec<String>,
        since = "since": Cow<'t, str>,
    }
    // Every key that some action has.
    strict struct ActionText<'t> {
        verb = "type": Cow<'t, str>,
        reason = "reason": String,
        by = "by": String,
        until = "until": String,
        id = "id": String,
        freezes = "freezes": OneOrMany,
        at = "at": String,
        needs = "needs": String,
        days = "days": u64,
        ics = "ics": bool,
        frozen = "frozen": bool,
        past = "past": bool,
        environments = "environments": Vec<String>,
        record = "record": bool,
        attest = "attest": String,
        evidence = "evidence": bool,
        attested = "attested": u64,
        file = "file": String,
        change = "change": &'t RawValue,
        run = "run": String,
        claim = "claim": bool,
        claimed_at = "claimed_at": String,
        awaiting = "awaiting": bool,
        except = "except": &'t RawValue,
        uses = "uses": u64,
        approvals = "approvals": u64,
        windows = "windows": &'t RawValue,
        exception = "exception": String,
        refused = "refused": u64,
        from = "from": String,
        to = "to": String,
        delay = "delay": String,
        deployments = "deployments": bool,
        resume = "resume": &'t RawValue,
    }
    strict struct SettingsText<'t> {
        org = "org": Cow<'t, str>,
        tag = "tag": Cow<'t, str>,
        flow = "flow": Cow<'t, str>,
    }
    // The three forms of a raw result in one.
    strict struct RawFields {
        exit_code = "exit_code": i64,
        stdout = "stdout": String,
        stderr = "stderr": String,
        status = "status": u16,
        body = "body": String,
        date = "date": String,
        error = "error": String,
    }
}

impl Action {
    /// The actions by their `type`, and the keys that each takes besides.
    pub const KEYS: [(&'static str, &'static [&'static str]); 14] = [
        ("on", &["reason", "by", "until", "id", "except"]),
        ("off", &["freezes", "by", "reason"]),
        (
            "assert",
            &["at", "needs", "change", "run", "claim", "claimed_at", "record", "attest", "evidence", "attested"],
        ),
        ("status", &["at", "change", "run", "awaiting", "claimed_at"]),
        ("sync", &[]),
        ("windows", &["at", "days", "ics", "frozen"]),
        ("select", &["environments", "past"]),
        ("overview", &["environments", "at"]),
        ("replay", &["file"]),
        ("except", &["reason", "by", "until", "change", "uses", "approvals", "freezes", "windows", "id"]),
        ("approve", &["exception", "by", "reason", "refused"]),
        ("revoke", &["exception", "by", "reason"]),
        ("claim", &["exception", "change", "run", "needs", "claimed_at"]),
        ("report", &["from", "to", "delay", "deployments", "resume"]),
    ];
}

/// An action with every key it was given: one that it does not take is wrong whatever its value, `null` too.
type ActionObject<'t> = Heard<'t, ActionText<'t>>;

impl ActionObject<'_> {
    fn read(&mut self) -> Result<Action, Error> {
        let Self { object: text, seen, .. } = self;
        let verb =
            text.verb.take().ok_or_else(|| bad_call(format!("`action` has no `type`; it is one of {}", verbs())))?;
        let (_, keys) = Action::KEYS.iter().find(|(name, _)| *name == verb).ok_or_else(|| unknown_action(&verb))?;
        let is_wrong = |(at, key): &(usize, &&str)| *seen >> at & 1 == 1 && **key != "type" && !keys.contains(key);
        if let Some((_, key)) = text.keys().iter().enumerate().find(is_wrong) {
            return Err(bad_call(format!("the action `{verb}` takes no `{key}`")));
        }
        if verb == "assert" { text.assert() } else { std::mem::take(text).other(&verb) }
    }
}

impl ActionText<'_> {
    fn assert(&mut self) -> Result<Action, Error> {
        let Self { at, needs, change, run, claim, claimed_at, record, attest, evidence, attested, .. } = self;
        Ok(Action::Assert(Deployment {
            at: at.take(),
            needs: needs.take(),
            change: said_as("change", *change)?.unwrap_or_default(),
            run: run.take(),
            claim: claim.unwrap_or(false),
            claimed_at: claimed_at.take(),
            record: record.unwrap_or(false),
            attest: attest.take(),
            evidence: evidence.unwrap_or(false),
            attested: *attested,
        }))
    }

    #[inline(never)] // what a gate does not ask for need not be compiled for it
    fn other(self, verb: &str) -> Result<Action, Error> {
        let Self { reason, by, until, id, freezes, at, needs, days, ics, frozen, past, environments, file, .. } = self;
        let Self { change, run, claimed_at, awaiting, except, uses, approvals, windows, exception, .. } = self;
        let Self { refused, from, to, delay, deployments, resume, .. } = self;
        Ok(match verb {
            // A missing reason is a blank one: the error that says what a reason is for.
            "on" => {
                Action::On { reason: reason.unwrap_or_default(), by, until, id, except: said_as("except", except)? }
            }
            "off" => Action::Off { freezes: freezes.map(read_freezes).transpose()?, by, reason },
            "status" => Action::Status(Question {
                at,
                change: said_as("change", change)?.unwrap_or_default(),
                run,
                awaiting: awaiting.unwrap_or(false),
                claimed_at,
            }),
            "except" => Action::Except(Request {
                reason: reason.unwrap_or_default(),
                by,
                until: needed(until, "until", verb)?,
                change: needed(said_as("change", change)?, "change", verb)?,
                uses,
                approvals,
                freezes: freezes.map(read_ids).transpose()?,
                windows: said_as("windows", windows)?,
                id,
            }),
            "approve" => Action::Approve {
                exception: needed(exception, "exception", verb)?,
                by: needed(by, "by", verb)?,
                reason,
                refused,
            },
            "revoke" => Action::Revoke { exception: needed(exception, "exception", verb)?, by, reason },
            "claim" => Action::Claim(Claim {
                exception,
                change: needed(said_as("change", change)?, "change", verb)?,
                run: needed(run, "run", verb)?,
                needs,
                claimed_at,
            }),
            "windows" => Action::Windows { at, days, ics, frozen },
            "report" => Action::Report(Report {
                from,
                to,
                delay,
                deployments,
                resume: resume.map(|note| Resume(note.get().to_owned())),
            }),
            "sync" => Action::Sync {},
            "select" => Action::Select { environments: needed(environments, "environments", verb)?, past },
            "overview" => Action::Overview { environments, at },
            "replay" => Action::Replay { file: needed(file, "file", verb)? },
            _ => return Err(unknown_action(verb)),
        })
    }
}

#[cold]
fn unknown_action(verb: &str) -> Error {
    bad_call(format!("there is no action `{verb}`; it is one of {}", verbs()))
}

fn verbs() -> String {
    Action::KEYS.map(|(name, _)| name).join(", ")
}

/// A key that the action cannot do without.
fn needed<T>(value: Option<T>, key: &str, verb: &str) -> Result<T, Error> {
    value.ok_or_else(|| bad_call(format!("the action `{verb}` needs `{key}`")))
}

/// A value with a form of its own.
fn said_as<T: DeserializeOwned>(key: &str, json: Option<&RawValue>) -> Result<Option<T>, Error> {
    json.map(|json| read_as(key, json.get())).transpose()
}

#[inline(never)] // what a gate does not ask for need not be compiled for it
fn read_as<T: DeserializeOwned>(key: &str, json: &str) -> Result<T, Error> {
    serde_json::from_str(json).map_err(|error| {
        let error = complaint(&error);
        let problem = error.rsplit_once(" at line ").map_or(&*error, |(problem, _)| problem);
        bad_call(format!("`{key}`: {problem}"))
    })
}

fn read_instant(key: &str, text: &str) -> Result<DateTime<Utc>, Error> {
    let detail = || format!("`{key}` is `{text}`; it must be RFC 3339, e.g. 2024-10-31T10:44:48Z");
    time::parse(text).ok_or_else(|| bad_call(detail()))
}

fn read_environment(json: &RawValue) -> Result<Environment, Error> {
    match json.get().as_bytes().first() {
        Some(b'"') => {
            let name = text_of(json).map_err(|error| bad_call(format!("`environment`: {}", complaint(&error))))?;
            Ok(Environment::Name(name.into_owned()))
        }
        Some(b'{') => Ok(Environment::Document(json.get().to_owned())),
        _ => Err(bad_call("`environment` must be a name or Kosli's document".to_owned())),
    }
}

impl SettingsText<'_> {
    fn read(self) -> Result<Settings, Error> {
        Ok(Settings {
            org: self.org.as_deref().map(OrgName::new).transpose()?,
            tag: self.tag.as_deref().map(TagKey::new).transpose()?.unwrap_or_else(|| Settings::default().tag),
            flow: self.flow.map(Cow::into_owned),
        })
    }
}

/// The raw results by the names of their reads.
#[derive(Default)]
struct Observed {
    results: BTreeMap<Cow<'static, str>, RawResult>,
    next: RawFields,
}

impl<'t> FillMap<'t> for Option<Observed> {
    fn expected(&self) -> &'static str {
        "an object of raw results by the names of their reads"
    }

    fn begin(&mut self) {
        *self = Some(Observed::default());
    }

    fn next(&mut self) -> &mut dyn Object<'t> {
        let observed = self.get_or_insert_default();
        observed.next = RawFields::default();
        &mut observed.next
    }

    fn keep(&mut self, name: Cow<'t, str>) -> Result<(), String> {
        let observed = self.get_or_insert_default();
        let result = std::mem::take(&mut observed.next).read()?;
        let Some(name) = ReadName::parse(&name) else {
            return Err(format!("no read is named `{name}`"));
        };
        let twice = observed.results.insert(name.text(), result);
        twice.map_or(Ok(()), |_| Err("a raw result is given twice".to_owned()))
    }
}

impl<'p> From<&'p mut Option<Observed>> for Place<'p, '_> {
    fn from(field: &'p mut Option<Observed>) -> Self {
        Place::Map(field)
    }
}

impl RawFields {
    fn read(self) -> Result<RawResult, String> {
        let form = "a raw result is {exit_code, stdout, stderr}, {status, body, date} or {error}";
        match self {
            Self {
                exit_code: Some(exit_code),
                stdout: Some(stdout),
                stderr,
                status: None,
                body: None,
                date: None,
                error: None,
            } => Ok(RawResult::Cli { exit_code, stdout, stderr: stderr.unwrap_or_default() }),
            Self {
                exit_code: None,
                stdout: None,
                stderr: None,
                status: Some(status),
                body: Some(body),
                date,
                error: None,
            } => Ok(RawResult::Http { status, body, date }),
            Self {
                exit_code: None,
                stdout: None,
                stderr: None,
                status: None,
                body: None,
                date: None,
                error: Some(error),
            } => Ok(RawResult::Failed { error }),
            _ => Err(form.to_owned()),
        }
    }
}

/// Freezes by their ids; an exception is for those that somebody has looked at.
fn read_ids(freezes: OneOrMany) -> Result<Vec<String>, Error> {
    match read_freezes(freezes)? {
        Freezes::These(ids) => Ok(ids),
        Freezes::All => Err(bad_call("`freezes` of an `except` is a list of freeze ids".to_owned())),
    }
}

/// Which freezes an `off` means.
fn read_freezes(freezes: OneOrMany) -> Result<Freezes, Error> {
    match freezes {
        OneOrMany::One(all) if all == "all" => Ok(Freezes::All),
        OneOrMany::One(other) => {
            Err(bad_call(format!("`freezes` is `{other}`; it is a list of freeze ids, or \"all\"")))
        }
        OneOrMany::Many(ids) => Ok(Freezes::These(ids)),
    }
}
