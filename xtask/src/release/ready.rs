//! Is a version ready? One version everywhere, its day in the changelog, lock files that fit, nothing uncommitted.

use std::fs;
use std::process::Command;

use crate::locks;
use crate::places::Places;
use crate::run::{Outcome, Stop, stdout};

/// The version, and what is not ready for it.
pub(crate) struct Ready {
    pub(crate) version: String,
    pub(crate) complaints: Vec<String>,
}

pub(crate) fn check(places: &Places) -> Outcome<Ready> {
    let read = |name: &str| {
        fs::read_to_string(places.root.join(name))
            .map_err(|error| Stop::Failed(format!("{name} cannot be read: {error}")))
    };
    let git = |arguments: &[&str]| stdout(Command::new("git").args(arguments).current_dir(&places.root));
    let manifest = read("Cargo.toml")?;
    let version = between(&manifest, "[workspace.package]\nversion = \"", "\"")
        .ok_or_else(|| Stop::Failed("Cargo.toml: there is no version under [workspace.package]".into()))?
        .to_owned();
    let mut complaints = Vec::new();
    for (file, before) in [
        ("Cargo.toml", "freeze-core = { version = \"="),
        ("npm/package.json", "\"version\": \""),
        ("npm/package-lock.json", "\"version\": \""),
        ("npm/package-lock.json", "\"\": {\n      \"name\": \"nodeploy\",\n      \"version\": \""),
        ("plugin/examples/java/pom.xml", "<version>"),
    ] {
        complaints.extend(another_version(file, &read(file)?, before, &version));
    }
    for file in git(&["ls-files", "*.md", "*.yml"])?.lines() {
        complaints.extend(named_version(file, &read(file)?, &version));
    }
    complaints.extend(in_changelog(&read("CHANGELOG.md")?, &version));
    complaints.extend(locks::complaints(places, &["*Cargo.lock", "*package-lock.json"])?);
    if !git(&["status", "--porcelain"])?.is_empty() {
        complaints.push("there are changes that are not committed; only what HEAD has is built".to_owned());
    }
    if !git(&["tag", "--list", &format!("v{version}")])?.is_empty() {
        complaints.push(format!("there is a tag v{version} already; set the next version in Cargo.toml"));
    }
    Ok(Ready { version, complaints })
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    Some(rest.split_once(after)?.0)
}

/// A file that has the version after `before` has this one.
fn another_version(file: &str, text: &str, before: &str, version: &str) -> Option<String> {
    let (_, rest) = text.split_once(before)?;
    let end = rest.find(['"', '<']).unwrap_or(rest.len());
    (&rest[..end] != version).then(|| format!("{file} has version {}, Cargo.toml has {version}", &rest[..end]))
}

/// A document that names the package's file names this version's.
fn named_version(file: &str, text: &str, version: &str) -> Option<String> {
    let mut named = text.split("nodeploy-").skip(1).filter_map(|rest| Some(rest.split_once(".tgz")?.0));
    let is_version =
        |name: &&str| name.starts_with(|c: char| c.is_ascii_digit()) && !name.contains(char::is_whitespace);
    let other = named.find(|name| is_version(name) && *name != version)?;
    Some(format!("{file} names nodeploy-{other}.tgz, which is not version {version}"))
}

/// The newest entry is this version's, with its day.
fn in_changelog(text: &str, version: &str) -> Option<String> {
    let mut entries = text.split("\n## ").skip(1).map(|entry| entry.split_once('\n').unwrap_or((entry, "")));
    let example = format!("`## {version} - 2026-11-29`");
    let (heading, body) = match entries.next() {
        Some(("Unreleased", body)) if body.trim().is_empty() => entries.next()?,
        Some(entry) => entry,
        None => return Some(format!("CHANGELOG.md has no entry; it should begin with {example}")),
    };
    let day = heading.strip_prefix(version).and_then(|rest| rest.strip_prefix(" - "));
    match day {
        Some(day) if is_day(day) && !body.trim().is_empty() => None,
        Some(day) if is_day(day) => Some(format!("CHANGELOG.md says nothing of {version}")),
        _ => Some(format!(
            "CHANGELOG.md begins with `## {heading}`; it should be the version and its day, such as {example}"
        )),
    }
}

fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |part: &str, digits: usize| {
        let all_digits = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
        all_digits.then(|| part.parse::<u32>().ok()).flatten()
    };
    let [year, month, day] = parts[..] else { return false };
    number(year, 4).is_some()
        && number(month, 2).is_some_and(|month| (1..=12).contains(&month))
        && number(day, 2).is_some_and(|day| (1..=31).contains(&day))
}

#[cfg(test)]
mod tests {
    use super::{another_version, in_changelog, named_version};

    #[test]
    fn another_version_is_told() {
        let manifest = r#"{"name": "nodeploy", "version": "0.1.0"}"#;
        assert_eq!(another_version("p", manifest, "\"version\": \"", "0.1.0"), None);
        assert_eq!(
            another_version("p", manifest, "\"version\": \"", "0.2.0").as_deref(),
            Some("p has version 0.1.0, Cargo.toml has 0.2.0")
        );
        let readme = "npm install ./nodeploy-0.1.0.tgz, or nodeploy-VERSION.tgz; nodeploy-rust and a .tgz";
        assert_eq!(named_version("r", readme, "0.1.0"), None);
        assert_eq!(
            named_version("r", readme, "0.2.0").as_deref(),
            Some("r names nodeploy-0.1.0.tgz, which is not version 0.2.0")
        );
    }

    #[test]
    fn the_changelog_has_the_version_and_its_day() {
        for good in [
            "# Changelog\n\n## 0.1.0 - 2026-11-29\n\n* `on`.\n",
            "# Changelog\n\n## Unreleased\n\n## 0.1.0 - 2026-11-29\n\n* `on`.\n\n## 0.0.9 - 2026-01-01\n",
        ] {
            assert_eq!(in_changelog(good, "0.1.0"), None, "{good}");
        }
        for (bad, says) in [
            ("# Changelog\n", "has no entry"),
            ("# Changelog\n\n## Unreleased\n\n* `on`.\n", "begins with `## Unreleased`"),
            ("# Changelog\n\n## 0.1.0\n\n* `on`.\n", "begins with `## 0.1.0`"),
            ("# Changelog\n\n## 0.1.0 - soon\n\n* `on`.\n", "such as `## 0.1.0 - 2026-11-29`"),
            ("# Changelog\n\n## 0.1.0 - 2026-13-01\n\n* `on`.\n", "begins with"),
            ("# Changelog\n\n## 0.0.9 - 2026-01-01\n\n* `on`.\n", "begins with `## 0.0.9"),
            ("# Changelog\n\n## 0.1.0 - 2026-11-29\n\n## 0.0.9 - 2026-01-01\n\n* x\n", "says nothing of 0.1.0"),
        ] {
            let complaint = in_changelog(bad, "0.1.0").unwrap_or_default();
            assert!(complaint.contains(says), "{bad}: {complaint}");
        }
    }
}
