//! What has been seen of exceptions.

use std::cmp::Ordering;

use crate::call::{Action, Claim};
use crate::error::Error;
use crate::exception::Exception;
use crate::kosli::documents::exception::{APPROVED, Asked, CLAIMED, EXCEPTION, PASSED, Passed, Steps};
use crate::kosli::documents::look::{Look, document};
use crate::kosli::documents::{exception as document, record};
use crate::kosli::exception_id::ExceptionId;
use crate::kosli::name::{FlowName, TrailName};
use crate::kosli::read_name::ReadName;
use crate::order::{self, Map};
use crate::text::object;
use crate::time;
use crate::time::clock::TOLERANCE;

use super::Sight;

/// Exceptions that are looked at; the oldest of those that have not ended.
pub(crate) const MOST_LOOKED_AT: usize = 20;
/// What the flow of an environment's exceptions has after that of its freezes.
pub(crate) const EXCEPTIONS: &str = "-exceptions";
/// How long an exception that has ended is shown.
const SHOWN: i64 = 24 * 3600;

/// Reads the attestations of one name, on a trail of a flow.
type ReadAttestations<T> = fn(&str, &str, &str) -> Result<T, String>;

/// The exceptions of an environment, the oldest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Exceptions {
    /// Those that have not ended.
    pub(crate) live: Vec<Exception>,
    /// Those that have ended a short while ago, by their names alone.
    pub(crate) expired: Vec<ExceptionId>,
    /// How many others have not ended either.
    pub(crate) left_out: usize,
}

impl Sight<'_> {
    /// The flow in which exceptions are on record.
    pub(crate) fn exceptions_flow(&self) -> Result<FlowName, Error> {
        FlowName::new(&format!("{}{EXCEPTIONS}", self.flow))
    }

    /// The exceptions of the newest hundred trails, as far as they were read.
    pub(crate) fn exceptions(&self) -> Look<Exceptions> {
        let listing = self.look_at_exceptions();
        listing.read(|mut listed| {
            order::sort_by(&mut listed, oldest_first);
            let (live, ended): (Vec<_>, Vec<_>) = listed.into_iter().partition(|(id, _)| id.end > self.now);
            // A claim may mean one of them and no other; what nobody can use takes no place from what somebody can.
            let is_meant = |id: &ExceptionId| self.meant_exception().is_none_or(|meant| meant == id.trail.as_str());
            let (live, others): (Vec<_>, Vec<_>) = live.into_iter().partition(|(id, _)| is_meant(id));
            let (mut live, idle): (Vec<_>, Vec<_>) = live.into_iter().partition(|(_, steps)| steps.may_be_used());
            let left_out = if others.is_empty() { live.len().saturating_sub(MOST_LOOKED_AT) } else { 0 };
            live.extend(idle);
            live.truncate(MOST_LOOKED_AT);
            order::sort_by(&mut live, oldest_first);
            let live = live.into_iter().map(|(id, steps)| self.exception(id, steps)).collect();
            let is_recent = |id: &ExceptionId| (self.now - id.end).num_seconds() < SHOWN;
            let mut expired: Vec<_> = ended.into_iter().map(|(id, _)| id).filter(is_recent).collect();
            expired.drain(..expired.len().saturating_sub(MOST_LOOKED_AT));
            Ok(Exceptions { live, expired, left_out })
        })
    }

    /// The exception that the action names, if it is an exception's name.
    pub(crate) fn meant_exception(&self) -> Option<&str> {
        match self.ask.action {
            Action::Claim(Claim { exception, .. }) => exception.as_deref(),
            Action::Approve { exception, .. } | Action::Revoke { exception, .. } => Some(exception),
            _ => None,
        }
    }

    /// One exception, by its own trail.
    pub(crate) fn named_exception(&self, id: ExceptionId) -> Look<Exception> {
        self.look_at_exception(&id.trail).read(|steps| Ok(self.exception(id, steps)))
    }

    /// One exception whose trail was seen.
    pub(crate) fn exception(&self, id: ExceptionId, steps: Steps) -> Exception {
        let asked = self.read_step(&id.trail, EXCEPTION, document::asked);
        let asked = asked.read(|asked| self.not_of_the_future(&id, asked));
        let approvals = self.read_step(&id.trail, APPROVED, document::approvals);
        let claims = self.read_step(&id.trail, CLAIMED, document::claims);
        Exception { id, steps, asked, approvals, claims }
    }

    /// What begins later than now would cover what closes until then, though nobody who asked could have seen it.
    fn not_of_the_future(&self, id: &ExceptionId, asked: Option<Asked>) -> Result<Option<Asked>, String> {
        let latest = self.ask.now + TOLERANCE;
        if id.begin > latest {
            return Err(format!("its name says that it begins at {}", time::human(id.begin)));
        }
        #[expect(clippy::cast_precision_loss, reason = "seconds of this era are exact")]
        let is_early = |asked: &Asked| asked.at > latest.timestamp() as f64;
        if asked.as_ref().is_some_and(is_early) {
            return Err("its request was made later than now".to_owned());
        }
        Ok(asked)
    }

    fn read_step<T>(&self, trail: &TrailName, name: &str, read: ReadAttestations<T>) -> Look<T> {
        let raw = self.subject.look(ReadName::ExceptionAttestation(trail.as_str(), name));
        let flow = self.exceptions_flow().map_err(|error| error.to_string());
        document(raw, &|words| self.is_no_exception(trail, words))
            .read(|text| read(text, flow?.as_str(), trail.as_str()))
    }

    /// The uses that a freeze has let pass.
    pub(crate) fn look_at_passes(&self, trail: &TrailName) -> Look<Vec<Passed>> {
        let raw = self.subject.look(ReadName::Attestation(trail.as_str(), PASSED));
        document(raw, &|words| self.is_no_trail(trail.as_str(), words))
            .read(|text| document::passes(text, self.flow.as_str(), trail.as_str()))
    }

    /// How far an exception's own trail has come.
    fn look_at_exception(&self, trail: &TrailName) -> Look<Steps> {
        let raw = self.subject.look(ReadName::Exception(trail.as_str()));
        let flow = self.exceptions_flow();
        document(raw, &|words| self.is_no_exception(trail, words)).read(|text| {
            let flow = flow.map_err(|error| error.to_string())?;
            record::trail(text, flow.as_str(), trail.as_str(), Steps::of).map(|trail| trail.record)
        })
    }

    /// The trails of exceptions, and how far each has come; trails of other names are none.
    pub(crate) fn look_at_exceptions(&self) -> Look<Vec<(ExceptionId, Steps)>> {
        let flow = match self.exceptions_flow() {
            Ok(flow) => flow,
            Err(error) => return Look::Failed(error.to_string()),
        };
        let raw = self.subject.look(ReadName::Exceptions(1));
        document(raw, &|words| self.has_no_exceptions(words)).read(|text| {
            let page = record::page(text, flow.as_str(), 1, Steps::of)?;
            // One that is listed twice has come as far as either says.
            let mut listed = Map::<String, Steps>::new();
            for trail in page.trails {
                let known = listed.or_default(trail.name);
                *known = known.and(trail.record);
            }
            Ok(listed.into_iter().filter_map(|(name, steps)| Some((ExceptionId::read(&name)?, steps))).collect())
        })
    }

    /// Whether the flow of exceptions is there; `None` if nothing read says so.
    pub(crate) fn exceptions_flow_exists(&self) -> Option<bool> {
        match self.look_at_exceptions() {
            Look::Missing(_) => return Some(false),
            Look::Found(listed) if !listed.is_empty() => return Some(true),
            _ => {}
        }
        let flow = self.exceptions_flow().ok()?;
        let raw = self.subject.look(ReadName::ExceptionsFlow);
        let look = document(raw, &|words| self.has_no_exceptions(words)).read(|document| {
            let name = object::name(document)?;
            if name == flow.as_str() { Ok(()) } else { Err(format!("it is the document of `{name}`")) }
        });
        match look {
            Look::Found(()) => Some(true),
            Look::Missing(_) => Some(false),
            Look::NotYet | Look::Failed(_) => None,
        }
    }

    fn is_no_exception(&self, trail: &TrailName, words: &str) -> bool {
        words.contains(&format!("Trail with name '{trail}' does not exist")) || self.has_no_exceptions(words)
    }

    fn has_no_exceptions(&self, words: &str) -> bool {
        self.exceptions_flow().is_ok_and(|flow| words.contains(&format!("Flow named '{flow}' does not exist")))
    }
}

fn oldest_first((a, _): &(ExceptionId, Steps), (b, _): &(ExceptionId, Steps)) -> Ordering {
    (a.begin, a.trail.as_str()).cmp(&(b.begin, b.trail.as_str()))
}
