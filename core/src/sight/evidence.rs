//! What a verdict was decided from, as one number: two calls with the same one are the same call.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::call::{Action, Environment};
use crate::kosli::name::OrgName;
use crate::kosli::raw::RawResult;
use crate::text::{Json, compact};
use crate::time;

use super::ask::{Ask, Subject};

/// The version of this crate, of the npm package and of the plugin.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Everything that a decision depends on, in a form that no host's way of writing JSON changes: `README.md` describes it.
#[derive(Serialize)]
struct Canonical<'c> {
    action: &'c Action,
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    members: Option<&'c [String]>,
    now: String,
    observed: &'c BTreeMap<Cow<'static, str>, RawResult>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<Json>,
    settings: Settings<'c>,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<String>,
    version: &'c str,
}

#[derive(Serialize)]
struct Settings<'c> {
    flow: Option<&'c str>,
    org: Option<&'c str>,
    tag: &'c str,
}

impl Ask<'_> {
    /// The SHA-256 of what the given version of the core decides from, in hexadecimal.
    pub(crate) fn evidence(&self, subject: Subject<'_>, version: &str) -> String {
        let canonical = Canonical {
            action: self.action,
            environment: match subject.environment {
                Environment::Name(name) => Some(Json::Text(name.clone())),
                Environment::Document(document) => Some(Json::of(document)),
                Environment::Every => None,
            },
            members: subject.members,
            now: time::rfc3339(self.now),
            observed: subject.observed,
            policy: self.policy_text.map(Json::of),
            settings: Settings {
                flow: self.settings.flow.as_deref(),
                org: self.settings.org.as_ref().map(OrgName::as_str),
                tag: self.settings.tag.as_str(),
            },
            since: self.since.map(time::rfc3339),
            version,
        };
        let text = |json: serde_json::Result<String>| json.expect("texts, numbers and lists are JSON");
        let unsorted = text(compact(&canonical));
        sha256(&text(compact(&Json::of(&unsorted))))
    }
}

pub(crate) fn sha256(text: &str) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        write!(hex, "{byte:02x}").expect("a String takes any text");
    }
    hex
}
