//! Arguments of the kosli CLI, exact for every text: the CLI's quoting rules live here.

use std::collections::BTreeMap;

use super::command::{Command, verdict_name};
use super::name::{OrgName, TagKey};

pub(crate) fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

pub(crate) fn with_org(mut argv: Vec<String>, org: Option<&OrgName>) -> Vec<String> {
    if let Some(org) = org {
        argv.extend(words(&["--org", org.as_str()]));
    }
    argv
}

/// The arguments for `command`, `kosli` first.
///
/// `--dry-run=false` and `--compliant=true` are always said: a flag left out is filled from a `KOSLI_*`
/// variable, and would turn a freeze into nothing.
pub(crate) fn of_command(command: &Command, org: Option<&OrgName>) -> Vec<String> {
    let mut argv = words(&["kosli"]);
    match command {
        Command::CreateFlow { flow, description } => {
            argv.extend(words(&["create", "flow", flow.as_str(), "--use-empty-template"]));
            argv.extend(words(&["--description", description]));
        }
        Command::BeginTrail { flow, trail } => {
            argv.extend(words(&["begin", "trail", trail.as_str(), "--flow", flow.as_str()]));
        }
        Command::Attest { flow, trail, name, description, annotations } => {
            argv.extend(words(&["attest", "generic", "--flow", flow.as_str(), "--trail", trail.as_str()]));
            argv.extend(words(&["--name", name]));
            if let Some(description) = description {
                argv.extend(words(&["--description", description]));
            }
            argv.extend(annotated(annotations));
            argv.extend(words(&["--compliant=true"]));
        }
        Command::Verdict { flow, trail, environment, is_compliant, description, annotations } => {
            argv.extend(words(&["attest", "generic", "--flow", flow.as_str(), "--trail", trail.as_str()]));
            argv.extend(words(&["--name", &verdict_name(environment), "--description", description]));
            argv.extend(annotated(annotations));
            argv.push(format!("--compliant={is_compliant}"));
        }
        Command::TagEnvironment { environment, set, unset } => {
            argv.extend(words(&["tag", "env", environment.as_str()]));
            argv.extend(tags(set, unset));
        }
    }
    argv.extend(words(&["--dry-run=false"]));
    with_org(argv, org)
}

fn annotated(annotations: &BTreeMap<&'static str, String>) -> impl Iterator<Item = String> {
    annotations.iter().flat_map(|(key, value)| [String::from("--annotate"), pair(key, value)])
}

fn tags(set: &[(TagKey, String)], unset: &[TagKey]) -> Vec<String> {
    let set = set.iter().flat_map(|(key, value)| [String::from("--set"), pair(key.as_str(), value)]);
    // A key has none of the letters that `--unset` takes for CSV.
    let unset = unset.iter().flat_map(|key| [String::from("--unset"), key.to_string()]);
    set.chain(unset).collect()
}

/// `key=value` for a flag of the CLI's kind "string to string", which reads an argument in two ways.
///
/// With one `=` in all of it: as it is, except that quotes at its ends are lost. With more: as a CSV record.
/// So a text that would suffer is quoted as CSV, said twice where CSV must be forced; the later one wins.
fn pair(key: &str, value: &str) -> String {
    let plain = format!("{key}={value}");
    let equals = plain.bytes().filter(|&b| b == b'=').count();
    if equals == 1 && !plain.starts_with('"') && !plain.ends_with('"') {
        return plain;
    }
    // Go's CSV reader takes one carriage return from before a line feed.
    let quoted = format!("\"{}\"", plain.replace('"', "\"\"").replace("\r\n", "\r\r\n"));
    if equals == 1 { format!("{quoted},{quoted}") } else { quoted }
}

#[cfg(test)]
mod tests {
    use super::pair;

    #[test]
    fn pairs_are_what_the_cli_reads_back() {
        let cases = [
            ("a,b", "k=a,b"),
            ("", "k="),
            ("-foo", "k=-foo"),
            ("a=b, c", r#""k=a=b, c""#),
            (r#"say "hi""#, r#""k=say ""hi""","k=say ""hi""""#),
            ("l1\r\nl2 k=v", "\"k=l1\r\r\nl2 k=v\""),
        ];
        for (value, argument) in cases {
            assert_eq!(pair("k", value), argument);
        }
    }
}
