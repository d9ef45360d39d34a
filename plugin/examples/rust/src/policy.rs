//! The policy (freeze windows) in JSON, as nodeploy's command line takes it, with the calendars that it names.

use std::env::VarError;
use std::error::Error;
use std::fmt;
use std::path::{Path, PathBuf};

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, from_str};

const NAMES: [&str; 3] = ["nodeploy.json", "nodeploy.yaml", "nodeploy.yml"];

/// The policy of a call: the file that is named, or the one in the working folder; it names it on stderr. `on` and `off` do
/// not use it: they work even if it is broken.
pub fn policy_for(action: &str, named: Option<&str>) -> Result<String, Box<dyn Error>> {
    let not_json = |error| format!(r#"the action is not JSON such as {{"type": "assert"}}: {error}"#);
    let action: Value = from_str(action).map_err(not_json)?;
    if action["type"] == "on" || action["type"] == "off" {
        return Ok("null".to_owned());
    }
    // A policy that is there but cannot be read is an error: a gate must not ignore it.
    let in_folder = || NAMES.into_iter().filter(|name| Path::new(name).symlink_metadata().is_ok()).collect();
    let variable = match std::env::var("NODEPLOY_POLICY") {
        Err(VarError::NotUnicode(_)) => return Err("NODEPLOY_POLICY is not UTF-8".into()),
        variable => variable.ok().filter(|named| !named.is_empty()),
    };
    let found: Vec<&str> = named.or(variable.as_deref()).map_or_else(in_folder, |named| vec![named]);
    match found[..] {
        [] | [""] => {
            crate::warn("policy: none");
            Ok("null".to_owned())
        }
        [file] => {
            crate::warn(&format!("policy: {file}"));
            read_policy(Path::new(file))
        }
        _ => Err(format!("there are {}; name the policy that holds", found.join(" and ")).into()),
    }
}

/// A policy's file, as it was written but for the calendars.
pub fn read_policy(file: &Path) -> Result<String, Box<dyn Error>> {
    let name = file.display();
    if !file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
        return Err(format!("{name}: this host reads JSON; convert it: yq -o json {name} > nodeploy.json").into());
    }
    let wrong = |error| format!("{name}: {error}");
    let text = text_of(file)?;
    if let Some(key) = blank(&from_str(&text).map_err(wrong)?, "windows") {
        return Err(format!("{name}: `{key}` has no value").into()); // to the core it would look left out
    }
    let mut policy: Object = from_str(&text).map_err(wrong)?;
    for (key, windows) in &mut policy.0 {
        if key != "windows" {
            continue;
        }
        let mut list: Vec<Object> = from_str(windows.get()).map_err(wrong)?;
        for (key, value) in list.iter_mut().flat_map(|window| &mut window.0) {
            if key == "calendar" {
                let path: PathBuf = from_str(value.get()).map_err(wrong)?;
                *value = to_raw_value(&text_of(&inside(file, &path)?)?)?;
            }
        }
        *windows = to_raw_value(&list)?;
    }
    Ok(serde_json::to_string(&policy)?)
}

/// The key of something that has no value.
fn blank(value: &Value, key: &str) -> Option<String> {
    match value {
        Value::Null => Some(key.to_owned()),
        Value::Array(list) => list.iter().find_map(|inner| blank(inner, key)),
        Value::Object(object) => object.iter().find_map(|(key, inner)| blank(inner, key)),
        _ => None,
    }
}

/// A change to the policy must not make this process read its own variables, or anyone's keys.
fn inside(policy: &Path, calendar: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let folder = policy.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new(".")).canonicalize()?;
    let name = calendar.display();
    let path = folder.join(calendar).canonicalize().map_err(|error| format!("the calendar {name}: {error}"))?;
    if !path.starts_with(&folder) {
        return Err(format!("the calendar {name} leads out of the policy's folder").into());
    }
    Ok(path)
}

fn text_of(file: &Path) -> Result<String, Box<dyn Error>> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{} cannot be read: {error}", file.display()))?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned())
}

/// An object with its keys as they were written, including duplicates, which the core refuses.
struct Object(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Object;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Object(members))
            }
        }
        json.deserialize_map(Members)
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, json: S) -> Result<S::Ok, S::Error> {
        json.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}
