//! What can be wrong, each with a code that never changes and a text that says what to do.

use serde::Serialize;

use crate::codes::Reason;
use crate::text::{excerpt, long_excerpt};

/// One key on the way from the root of a policy to a place in it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(untagged)]
pub enum PlaceKey {
    /// Of an object.
    Name(String),
    /// Of a list, from 0 on.
    Number(usize),
}

impl From<&str> for PlaceKey {
    fn from(name: &str) -> Self {
        Self::Name(name.to_owned())
    }
}

impl From<usize> for PlaceKey {
    fn from(number: usize) -> Self {
        Self::Number(number)
    }
}

/// Why a call has no decision. Its text is one printable line, whatever the input held.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The call is no JSON, or not of the contract's form.
    #[error("the call cannot be read: {}", excerpt(.detail))]
    BadCall {
        /// What the JSON reader says, with line and column.
        detail: String,
    },
    /// A name that Kosli would not take.
    #[error("`{}` is not a valid Kosli {what} name; {rule}", excerpt(.name))]
    BadName {
        /// What the name is of.
        what: &'static str,
        /// The name as given.
        name: String,
        /// What Kosli allows, or that it is too long.
        rule: &'static str,
    },
    /// A text that no command line can carry.
    #[error("the {what} {problem}; shorten it or put a link in its place")]
    BadText {
        /// Which text of the action.
        what: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// `settings` that would let one freeze hold somewhere else.
    #[error("{problem}")]
    BadSettings {
        /// What is wrong, and what to write.
        problem: String,
    },
    /// Windows that cannot be read: nobody knows what they would say.
    #[error("the policy cannot be read: {}", long_excerpt(.detail))]
    BadPolicy {
        /// What is wrong, and where.
        detail: String,
        /// Where, for machines: the keys from the root. None in particular is the whole of it.
        place: Vec<PlaceKey>,
    },
    /// A freeze without a reason.
    #[error("freezing `{environment}` needs a reason; say why changes must stop, e.g. `database migration`")]
    NoReason {
        /// The environment.
        environment: String,
    },
    /// An exception without a reason.
    #[error("an exception for `{environment}` needs a reason; say why it must pass, e.g. `CVE-2026-1234`")]
    NoExceptionReason {
        /// The environment.
        environment: String,
    },
    /// An exception that would have ended before it began.
    #[error("the exception would end at {until}, which has passed (it is {now}); give a later `until`")]
    ExceptionUntilPassed {
        /// The end that was asked for.
        until: String,
        /// The host's clock.
        now: String,
    },
    /// An exception that would last longer than the policy lets it.
    #[error("the exception would end at {until}; at most {longest} are allowed: give an earlier `until`")]
    UntilTooFar {
        /// The end that was asked for.
        until: String,
        /// The longest time.
        longest: String,
    },
    /// A freeze that would have ended before it began.
    #[error("the freeze would end at {until}, which has passed (it is {now}); give a later `until`, or none")]
    UntilPassed {
        /// The end that was asked for.
        until: String,
        /// The host's clock.
        now: String,
    },
    /// A question about the past.
    #[error(
        "`at` is {at}, which has passed (it is {now}); the past is on record, today's tags do not tell it: give a later `at`, or none for now"
    )]
    AtPassed {
        /// The time that was asked about.
        at: String,
        /// The host's clock.
        now: String,
    },
    /// The host's clock and Kosli's differ, and the decision depends on the time.
    #[error(
        "this machine's clock says {now}, Kosli's says {kosli}, and {} goes by the clock; set it right", excerpt(.what)
    )]
    WrongClock {
        /// The host's clock.
        now: String,
        /// Kosli's `Date`.
        kosli: String,
        /// What goes by it.
        what: String,
    },
    /// The host has not looked at the environment yet.
    #[error(
        "nobody has looked at `{environment}` yet; run the reads of `observe` and store each raw result in `observed`"
    )]
    NotObserved {
        /// The environment.
        environment: String,
    },
    /// The list of all environments could not be read, or is not the whole.
    #[error("could not read Kosli's list of environments: {}", excerpt(.detail))]
    UnreadableEnvironments {
        /// What was wrong.
        detail: String,
    },
    /// The list of all flows could not be read, or is not the whole.
    #[error("could not read Kosli's list of flows: {}", excerpt(.detail))]
    UnreadableFlows {
        /// What was wrong.
        detail: String,
    },
    /// A name or a glob that fits nothing in Kosli's list.
    #[error("Kosli {detail} (`kosli list env` shows them all)")]
    NotListed {
        /// What it does not have.
        detail: String,
    },
    /// All that is meant is left out again, or there is nothing.
    #[error("no environment is left to ask: what is named is also left out, or Kosli has none")]
    NothingSelected {},
    /// Kosli does not know the environment.
    #[error("Kosli says: {}; check both names (`kosli list env`)", excerpt(.detail))]
    UnknownEnvironment {
        /// The environment.
        environment: String,
        /// Kosli's words.
        detail: String,
    },
    /// What should be the environment is not, or could not be read.
    #[error("could not read the environment `{environment}`: {}", excerpt(.detail))]
    UnreadableEnvironment {
        /// The environment.
        environment: String,
        /// What was wrong.
        detail: String,
    },
    /// A tag that may be meant to freeze.
    #[error("{problem}")]
    MeantTag {
        /// Which one, and how it is taken away.
        problem: String,
    },
    /// The records could not be listed.
    #[error("could not read the trails of the flow `{flow}`: {}", excerpt(.detail))]
    UnreadableTrails {
        /// The flow.
        flow: String,
        /// What was wrong.
        detail: String,
    },
    /// One record could not be read.
    #[error("could not read the trail `{}` of the flow `{flow}`: {}", excerpt(.trail), excerpt(.detail))]
    UnreadableTrail {
        /// The flow.
        flow: String,
        /// The trail.
        trail: String,
        /// What was wrong.
        detail: String,
    },
    /// One record's words could not be read.
    #[error("could not read the attestation {name} of the trail `{}`: {}", excerpt(.trail), excerpt(.detail))]
    UnreadableAttestation {
        /// `nodeploy-on` or `nodeploy-off`.
        name: &'static str,
        /// The trail.
        trail: String,
        /// What was wrong.
        detail: String,
    },
    /// The deployment's own trail is not there.
    #[error(
        "the verdict has to go on the trail {trail} of the flow {flow}, and Kosli says: {}; begin it first: kosli begin trail {trail} --flow {flow} (if there is no flow {flow}: kosli create flow {flow} --use-empty-template)",
        excerpt(.detail)
    )]
    UnknownTrail {
        /// The flow.
        flow: String,
        /// The trail.
        trail: String,
        /// Kosli's words.
        detail: String,
    },
    /// What stands on the deployment's own trail could not be read.
    #[error("could not read the verdicts on the trail {place}: {}", excerpt(.detail))]
    UnreadableVerdict {
        /// Flow and trail.
        place: String,
        /// What was wrong.
        detail: String,
    },
    /// What should be an evidence file is not.
    #[error("it is not an evidence file: {}", excerpt(.detail))]
    BadEvidence {
        /// What is wrong with it.
        detail: String,
    },
    /// What has happened in the environment could not be read.
    #[error("could not read the events of `{environment}`: {}", excerpt(.detail))]
    UnreadableEvents {
        /// The environment.
        environment: String,
        /// What was wrong.
        detail: String,
    },
    /// It could not be found out whether the flow exists.
    #[error("could not read the flow `{flow}`: {}", excerpt(.detail))]
    UnreadableFlow {
        /// The flow.
        flow: String,
        /// What was wrong.
        detail: String,
    },
}

impl Error {
    /// The stable code, `reason` in an answer.
    #[must_use]
    pub fn code(&self) -> Reason {
        match self {
            Self::BadCall { .. } => Reason::BadCall,
            Self::BadName { .. } => Reason::BadName,
            Self::BadText { .. } => Reason::BadText,
            Self::BadSettings { .. } => Reason::BadSettings,
            Self::BadPolicy { .. } => Reason::BadPolicy,
            Self::NoReason { .. } | Self::NoExceptionReason { .. } => Reason::NoReason,
            Self::UntilPassed { .. } | Self::ExceptionUntilPassed { .. } => Reason::UntilPassed,
            Self::UntilTooFar { .. } => Reason::UntilTooFar,
            Self::AtPassed { .. } => Reason::AtPassed,
            Self::WrongClock { .. } => Reason::WrongClock,
            Self::NotObserved { .. } => Reason::NotObserved,
            Self::UnreadableEnvironments { .. } => Reason::UnreadableEnvironments,
            Self::NothingSelected {} => Reason::NothingSelected,
            Self::NotListed { .. } | Self::UnknownEnvironment { .. } => Reason::UnknownEnvironment,
            Self::UnreadableEnvironment { .. } | Self::MeantTag { .. } => Reason::UnreadableEnvironment,
            Self::UnreadableTrails { .. } => Reason::UnreadableTrails,
            Self::UnreadableTrail { .. } => Reason::UnreadableTrail,
            Self::UnreadableAttestation { .. } => Reason::UnreadableAttestation,
            Self::UnknownTrail { .. } => Reason::UnknownTrail,
            Self::UnreadableVerdict { .. } => Reason::UnreadableVerdict,
            Self::BadEvidence { .. } => Reason::BadEvidence,
            Self::UnreadableEvents { .. } => Reason::UnreadableEvents,
            Self::UnreadableFlow { .. } | Self::UnreadableFlows { .. } => Reason::UnreadableFlow,
        }
    }

    /// Where in the policy it is.
    pub(crate) fn place(&self) -> Option<&[PlaceKey]> {
        if let Self::BadPolicy { place, .. } = self { Some(place) } else { None }
    }

    /// `true` if the call itself is at fault, whatever Kosli and the policy say: its action is not one to send again.
    pub(crate) fn is_of_the_call(&self) -> bool {
        matches!(
            self,
            Self::BadCall { .. }
                | Self::BadName { .. }
                | Self::BadText { .. }
                | Self::BadSettings { .. }
                | Self::NoReason { .. }
                | Self::NoExceptionReason { .. }
                | Self::UntilPassed { .. }
                | Self::ExceptionUntilPassed { .. }
                | Self::AtPassed { .. }
        )
    }

    /// `true` if another try may go better: Kosli could not be read, nothing is wrong with the call.
    pub(crate) fn is_failed_look(&self) -> bool {
        matches!(self, Self::WrongClock { .. }) || self.code().code().starts_with("unreadable_")
    }
}
