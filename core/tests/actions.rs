//! Which keys each action takes stands in the types and the schema, too: none of them lacks one or has another.

use std::collections::{BTreeMap, BTreeSet};

use freeze_core::Action;
use serde_json::Value;

const TYPES: &str = include_str!("../../npm/index.d.ts");
const SCHEMA: &str = include_str!("../../plugin/schema/call.schema.json");

type Keys = BTreeMap<String, BTreeSet<String>>;

fn wanted() -> Keys {
    let keys = |keys: &[&str]| ["type"].iter().chain(keys).map(ToString::to_string).collect();
    Action::KEYS.iter().map(|(name, taken)| (name.to_string(), keys(taken))).collect()
}

#[test]
fn the_schema_has_each_action_with_its_keys() {
    let schema: Value = serde_json::from_str(SCHEMA).expect("JSON");
    let actions = schema["$defs"]["action"]["oneOf"].as_array().expect("a list of actions");
    let found: Keys = actions
        .iter()
        .map(|action| {
            assert_eq!(action["additionalProperties"], false, "{action}");
            let properties = action["properties"].as_object().expect("an object");
            let name = properties["type"]["const"].as_str().expect("a name");
            (name.to_owned(), properties.keys().cloned().collect())
        })
        .collect();
    assert_eq!(found, wanted());
}

#[test]
fn the_types_have_each_action_with_its_keys() {
    let (_, types) = TYPES.split_once("export type Action =").expect("the type");
    let wanted = wanted();
    let found: Keys = wanted.keys().map(|name| (name.clone(), keys_in(types, name))).collect();
    assert_eq!(found, wanted);
}

/// The keys of the first type that has `type: 'NAME'`; the types of its values have names of their own.
fn keys_in(types: &str, name: &str) -> BTreeSet<String> {
    let at = types.find(&format!("type: '{name}'")).unwrap_or_else(|| panic!("there is no `{name}`"));
    let body = types[at..].split('}').next().unwrap_or_default();
    let told = body.lines().filter(|line| !line.trim_start().starts_with("/**"));
    let fields = told.flat_map(|line| line.split(';'));
    fields
        .filter_map(|field| field.split_once(':'))
        .map(|(key, _)| key.trim().trim_end_matches('?').to_owned())
        .collect()
}
