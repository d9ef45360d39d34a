//! A write as the host runs it: the kosli CLI's arguments, and the request that it would send.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::argv;
use super::command::{Command, verdict_name};
use super::name::{OrgName, TagKey};
use super::request::{self, Request, by_key};

/// A command as the host runs it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Write {
    /// What to do.
    pub command: Command,
    /// The organisation, if the call names one.
    pub org: Option<OrgName>,
    /// Nothing hangs on it: where it fails, the decision stands, and the host warns.
    pub optional: bool,
}

impl Write {
    /// The arguments of the kosli CLI, `kosli` first. Never a shell's text.
    #[must_use]
    pub fn argv(&self) -> Vec<String> {
        argv::of_command(&self.command, self.org.as_ref())
    }

    /// The HTTP request that the CLI would make, if the call names the organisation.
    #[must_use]
    pub fn request(&self) -> Option<Request> {
        self.org.as_ref().map(|org| request::of_command(&self.command, org))
    }
}

impl Serialize for Write {
    #[inline(never)] // what a gate does not ask for need not be compiled for it
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_map(None)?;
        match &self.command {
            Command::CreateFlow { flow, description } => {
                fields.serialize_entry("type", "create_flow")?;
                fields.serialize_entry("flow", flow)?;
                fields.serialize_entry("description", description)?;
            }
            Command::BeginTrail { flow, trail } => {
                fields.serialize_entry("type", "begin_trail")?;
                fields.serialize_entry("flow", flow)?;
                fields.serialize_entry("trail", trail)?;
            }
            Command::Attest { flow, trail, name, description, annotations } => {
                fields.serialize_entry("type", "attest")?;
                fields.serialize_entry("flow", flow)?;
                fields.serialize_entry("trail", trail)?;
                fields.serialize_entry("name", name)?;
                if let Some(description) = description {
                    fields.serialize_entry("description", description)?;
                }
                fields.serialize_entry("annotations", annotations)?;
            }
            Command::Verdict { flow, trail, environment, is_compliant, description, annotations } => {
                fields.serialize_entry("type", "attest")?;
                fields.serialize_entry("flow", flow)?;
                fields.serialize_entry("trail", trail)?;
                fields.serialize_entry("name", &verdict_name(environment))?;
                fields.serialize_entry("description", description)?;
                fields.serialize_entry("annotations", annotations)?;
                fields.serialize_entry("compliant", is_compliant)?;
            }
            Command::TagEnvironment { environment, set, unset } => {
                fields.serialize_entry("type", "tag_environment")?;
                fields.serialize_entry("environment", environment)?;
                fields.serialize_entry("set", &ByKey(set))?;
                fields.serialize_entry("unset", unset)?;
            }
        }
        if self.optional {
            fields.serialize_entry("optional", &true)?;
        }
        fields.serialize_entry("argv", &self.argv())?;
        if let Some(request) = self.request() {
            fields.serialize_entry("request", &request)?;
        }
        fields.end()
    }
}

/// Tags to set, as an object.
struct ByKey<'t>(&'t [(TagKey, String)]);

impl Serialize for ByKey<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        by_key(self.0, serializer)
    }
}
