//! What the kosli CLI makes of its arguments, for tests.
//!
//! The CLI's flags are read again here, from the rules of its libraries (spf13/pflag, Go's `encoding/csv`), so
//! that a fuzzer can ask a million times what would be sent. `tests/real.rs` holds this against the real CLI.

mod csv;
mod flags;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use flags::{Flags, Kind};

/// The request that the CLI would send.
#[derive(Clone, Debug, PartialEq)]
pub struct Sent {
    /// `PUT`, `POST` or `PATCH`.
    pub method: &'static str,
    /// The path.
    pub path: String,
    /// The JSON body, or the form's field `data_json`.
    pub data: Value,
    /// The form's file `template.yml`.
    pub template: Option<&'static str>,
    /// `true` if nothing would be sent.
    pub is_dry_run: bool,
}

const COMMON: [(&str, Kind); 2] = [("org", Kind::Text), ("dry-run", Kind::Truth)];

/// Reads the arguments of a writing command, `kosli` first.
///
/// # Errors
///
/// The CLI's words, roughly, where it would exit with 1.
pub fn read(argv: &[String]) -> Result<Sent, String> {
    let words: Vec<&str> = argv.iter().take(3).map(String::as_str).collect();
    let rest = argv.get(3..).unwrap_or_default();
    match words[..] {
        ["kosli", "create", "flow"] => create_flow(rest),
        ["kosli", "begin", "trail"] => begin_trail(rest),
        ["kosli", "attest", "generic"] => attest_generic(rest),
        ["kosli", "tag", "env"] => tag_env(rest),
        _ => Err(format!("unknown command: {words:?}")),
    }
}

fn create_flow(argv: &[String]) -> Result<Sent, String> {
    let flags = read_flags(argv, &[("use-empty-template", Kind::Truth), ("description", Kind::Text)])?;
    if flags.truths.get("use-empty-template") != Some(&true) {
        return Err("another form of `create flow`".to_owned());
    }
    let data = json!({"name": one(&flags)?, "description": flags.texts.get("description").ok_or("no description")?});
    let path = format!("flows/{}/template_file", org(&flags)?);
    Ok(Sent { template: Some("version: 1"), ..sent(&flags, "PUT", &path, data) })
}

fn begin_trail(argv: &[String]) -> Result<Sent, String> {
    let flags = read_flags(argv, &[("flow", Kind::Text)])?;
    let path = format!("trails/{}/{}", org(&flags)?, text(&flags, "flow")?);
    Ok(sent(&flags, "PUT", &path, json!({"name": one(&flags)?})))
}

fn attest_generic(argv: &[String]) -> Result<Sent, String> {
    let kinds = [
        ("flow", Kind::Text),
        ("trail", Kind::Text),
        ("name", Kind::Text),
        ("description", Kind::Text),
        ("annotate", Kind::Map),
        ("compliant", Kind::Truth),
    ];
    let flags = read_flags(argv, &kinds)?;
    if !flags.positional.is_empty() {
        return Err(format!("artifact name {:?}", flags.positional));
    }
    let mut data = Map::new();
    data.insert("attestation_name".to_owned(), text(&flags, "name")?.into());
    data.insert("user_data".to_owned(), json!({}));
    if let Some(description) = flags.texts.get("description") {
        data.insert("description".to_owned(), description.as_str().into());
    }
    let annotations = flags.maps.get("annotate").cloned().unwrap_or_default();
    let is_word = |key: &str| !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if let Some(key) = annotations.keys().find(|key| !is_word(key)) {
        return Err(format!("--annotate flag should be in the format key=value. Invalid key: '{key}'."));
    }
    if !annotations.is_empty() {
        data.insert("annotations".to_owned(), json!(annotations));
    }
    data.insert("is_compliant".to_owned(), (*flags.truths.get("compliant").unwrap_or(&true)).into());
    let (flow, trail) = (text(&flags, "flow")?, text(&flags, "trail")?);
    let path = format!("attestations/{}/{flow}/trail/{trail}/generic", org(&flags)?);
    Ok(sent(&flags, "POST", &path, Value::Object(data)))
}

fn tag_env(argv: &[String]) -> Result<Sent, String> {
    let flags = read_flags(argv, &[("set", Kind::Map), ("unset", Kind::List)])?;
    let none = BTreeMap::new();
    let set = flags.maps.get("set").unwrap_or(&none);
    let unset = flags.lists.get("unset").cloned().unwrap_or_default();
    let path = format!("tags/{}/env/{}", org(&flags)?, one(&flags)?);
    Ok(sent(&flags, "PATCH", &path, json!({"set_tags": set, "remove_tags": unset})))
}

fn read_flags(argv: &[String], kinds: &[(&str, Kind)]) -> Result<Flags, String> {
    Flags::read(argv, &[kinds, &COMMON].concat())
}

fn sent(flags: &Flags, method: &'static str, path: &str, data: Value) -> Sent {
    let is_dry_run = *flags.truths.get("dry-run").unwrap_or(&false);
    Sent { method, path: format!("/api/v2/{path}"), data, template: None, is_dry_run }
}

fn one(flags: &Flags) -> Result<&str, String> {
    match &flags.positional[..] {
        [name] => Ok(name),
        other => Err(format!("accepts 1 arg(s), received {}", other.len())),
    }
}

fn org(flags: &Flags) -> Result<&str, String> {
    text(flags, "org")
}

fn text<'f>(flags: &'f Flags, name: &str) -> Result<&'f str, String> {
    flags.texts.get(name).map(String::as_str).ok_or(format!("--{name} is not set"))
}
