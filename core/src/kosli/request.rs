//! What the kosli CLI sends: method, path, and body to the byte.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use crate::order::Map;
use crate::text::compact;

use super::command::{Command, verdict_name};
use super::name::{OrgName, TagKey};

/// An HTTP request to Kosli, without host and credentials: the host adds them.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Request {
    /// `GET`, `PUT`, `POST` or `PATCH`.
    pub method: &'static str,
    /// The path with its query; names in it need no escapes.
    pub path: String,
    /// The body; a `GET` has none.
    #[serde(flatten)]
    pub body: Option<Body>,
}

/// A request's body.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Body {
    /// JSON, `application/json`.
    Json(Tags),
    /// Fields, `multipart/form-data`.
    Form(Vec<Field>),
}

/// The body of a tag command.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Tags {
    /// Tags to set, in the order of their keys: an object, when it is sent.
    #[serde(serialize_with = "by_key")]
    pub set_tags: Vec<(TagKey, String)>,
    /// Keys to remove.
    pub remove_tags: Vec<TagKey>,
}

/// One field of a form.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Field {
    /// The field's name.
    pub name: &'static str,
    /// For a file, its name; its content type is `application/octet-stream`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filename: Option<&'static str>,
    /// The content.
    pub value: String,
}

/// Writes pairs as an object.
pub(super) fn by_key<S: Serializer>(pairs: &[(TagKey, String)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().map(|(key, value)| (key, value)))
}

pub(crate) fn get(path: &str) -> Request {
    Request { method: "GET", path: format!("/api/v2/{path}"), body: None }
}

/// What the CLI sends for the same command.
pub(crate) fn of_command(command: &Command, org: &OrgName) -> Request {
    let (method, path, body) = match command {
        Command::CreateFlow { flow, description } => {
            let data = go_json(&FlowData { name: flow.as_str(), description });
            let template =
                Field { name: "template_file", filename: Some("template.yml"), value: "version: 1".to_owned() };
            ("PUT", format!("flows/{org}/template_file"), Body::Form(vec![data, template]))
        }
        Command::BeginTrail { flow, trail } => {
            let data = go_json(&TrailData { name: trail.as_str() });
            ("PUT", format!("trails/{org}/{flow}"), Body::Form(vec![data]))
        }
        Command::Attest { flow, trail, name, description, annotations } => {
            let data = go_json(&AttestationData {
                attestation_name: name,
                user_data: Map::new(),
                description: description.as_deref(),
                annotations,
                is_compliant: true,
            });
            ("POST", format!("attestations/{org}/{flow}/trail/{trail}/generic"), Body::Form(vec![data]))
        }
        Command::Verdict { flow, trail, environment, is_compliant, description, annotations } => {
            let data = go_json(&AttestationData {
                attestation_name: &verdict_name(environment),
                user_data: Map::new(),
                description: Some(description),
                annotations,
                is_compliant: *is_compliant,
            });
            ("POST", format!("attestations/{org}/{flow}/trail/{trail}/generic"), Body::Form(vec![data]))
        }
        Command::TagEnvironment { environment, set, unset } => {
            let tags = Tags { set_tags: set.clone(), remove_tags: unset.clone() };
            ("PATCH", format!("tags/{org}/env/{environment}"), Body::Json(tags))
        }
    };
    Request { method, path: format!("/api/v2/{path}"), body: Some(body) }
}

#[derive(Serialize)]
struct FlowData<'d> {
    name: &'d str,
    description: &'d str,
}

#[derive(Serialize)]
struct TrailData<'d> {
    name: &'d str,
}

#[derive(Serialize)]
struct AttestationData<'d> {
    attestation_name: &'d str,
    user_data: Map<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'d str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    annotations: &'d BTreeMap<&'static str, String>,
    is_compliant: bool,
}

/// The field `data_json` as Go's `encoding/json` writes it, which escapes five characters that serde does not.
fn go_json(data: &impl Serialize) -> Field {
    let json = compact(data).expect("texts, objects and booleans are JSON");
    let mut value = String::with_capacity(json.len());
    // They stand only inside strings, so the text can be rewritten as a whole.
    for c in json.chars() {
        match c {
            '<' => value.push_str("\\u003c"),
            '>' => value.push_str("\\u003e"),
            '&' => value.push_str("\\u0026"),
            '\u{2028}' => value.push_str("\\u2028"),
            '\u{2029}' => value.push_str("\\u2029"),
            _ => value.push(c),
        }
    }
    Field { name: "data_json", filename: None, value }
}

#[cfg(test)]
mod tests {
    use super::go_json;

    #[test]
    fn json_is_go_s_to_the_byte() {
        let field = go_json(&"a\u{8}\u{c}\u{7f}\u{1}\u{2028}<&>é\"\\\n");
        assert_eq!(field.value, "\"a\\b\\f\u{7f}\\u0001\\u2028\\u003c\\u0026\\u003eé\\\"\\\\\\n\"");
    }
}
