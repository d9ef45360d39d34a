//! The call: what is asked, when, of which environment, and what has been seen of it.

mod action;
mod deployment;
mod exceptions;
mod reading;
mod report;
mod texts;

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::error::Error;
use crate::kosli::name::{EnvironmentName, FlowName, OrgName, TagKey};
use crate::kosli::raw::RawResult;
use crate::text::object;

pub use self::action::{Action, Freezes};
pub use self::deployment::{Deployment, Question};
pub use self::exceptions::{Claim, Request};
pub(crate) use self::report::Period;
pub use self::report::{Report, Resume};

/// Everything that a decision depends on.
///
/// # Example
///
/// ```
/// let call = freeze_core::Call::from_json(
///     r#"{"action": {"type": "assert"}, "now": "2024-10-31T10:44:48Z", "environment": "prod-aws"}"#,
/// )?;
/// assert_eq!(call.environment.name()?.as_str(), "prod-aws");
/// # Ok::<(), freeze_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Call {
    /// What is asked for.
    pub action: Action,
    /// The host's clock.
    pub now: DateTime<Utc>,
    /// The environment, by its name or as Kosli's document.
    pub environment: Environment,
    /// The raw results of the reads, by their names (`Read::name`).
    pub observed: BTreeMap<Cow<'static, str>, RawResult>,
    /// Where things are in Kosli.
    pub settings: Settings,
    /// The windows, as JSON (see `WINDOWS.md`); read only where they matter.
    pub policy: Option<String>,
    /// Of a logical environment: those of its members that the host asks as well.
    pub members: Option<Vec<String>>,
    /// When it was asked of the first of many: the ids of new freezes begin with it, so that all have the same.
    pub since: Option<DateTime<Utc>>,
}

/// An environment of Kosli.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Environment {
    /// By its name: Kosli is asked for it.
    Name(String),
    /// The document that `kosli get env NAME --output json` prints.
    Document(String),
    /// None in particular: for `windows`, `select`, `overview` and `replay`.
    Every,
}

/// Where things are in Kosli. The default is the blog script's, without an organisation.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Settings {
    /// The organisation; with it commands carry `request`.
    pub org: Option<OrgName>,
    /// The signal's key, `nodeploy`.
    pub tag: TagKey,
    /// The flow, with `{environment}` in it; by default `{environment}-` and the tag.
    pub flow: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { org: None, tag: TagKey::of("nodeploy").expect("a tag key"), flow: None }
    }
}

impl Settings {
    /// The flow in which the freezes of `environment` are recorded.
    ///
    /// # Errors
    ///
    /// `bad_settings` without `{environment}` (one flow for several would make one freeze hold everywhere),
    /// `bad_name` if Kosli would not take it.
    pub fn flow_of(&self, environment: &EnvironmentName) -> Result<FlowName, Error> {
        let Some(pattern) = &self.flow else {
            return FlowName::of([environment.as_str(), "-", self.tag.as_str()].concat());
        };
        if !pattern.contains("{environment}") {
            let problem = "settings.flow must contain `{environment}`, e.g. `{environment}-nodeploy`: \
                           a flow for several environments would make one freeze hold everywhere";
            return Err(Error::BadSettings { problem: problem.to_owned() });
        }
        FlowName::of(pattern.replace("{environment}", environment.as_str()))
    }

    /// The environment that a flow records; `None` of any other flow.
    pub(crate) fn environment_of(&self, flow: &str) -> Option<EnvironmentName> {
        const PLACE: &str = "{environment}";
        let own = [PLACE, "-", self.tag.as_str()].concat();
        let pattern = self.flow.as_ref().unwrap_or(&own);
        let (begin, places) = (pattern.find(PLACE)?, pattern.matches(PLACE).count());
        let length = flow.len().checked_sub(pattern.len() - places * PLACE.len())? / places;
        let environment = EnvironmentName::new(flow.get(begin..begin + length)?).ok()?;
        (self.flow_of(&environment).ok()?.as_str() == flow).then_some(environment)
    }
}

impl Environment {
    /// The name, also of a document.
    ///
    /// # Errors
    ///
    /// `bad_name`, or `unreadable_environment` if the document has none.
    pub fn name(&self) -> Result<EnvironmentName, Error> {
        match self {
            Self::Name(name) => EnvironmentName::new(name),
            Self::Document(document) => {
                let named = object::name(document);
                let unreadable = |detail| Error::UnreadableEnvironment { environment: "?".to_owned(), detail };
                EnvironmentName::of(named.map_err(unreadable)?)
            }
            Self::Every => Err(reading::no_environment()),
        }
    }
}
