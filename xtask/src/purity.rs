//! Purity of the core, seen from its dependencies: an allow-list over `cargo tree`. What the core's
//! own code must not call stands in core/clippy.toml, what the module must not import in module.rs.

use std::collections::BTreeSet;
use std::process::Command;

use crate::places::Places;
use crate::run::{Outcome, Stop, stdout};

const ALLOWED: &str = include_str!("core-dependencies.txt");

/// Fails when the core is compiled from anything else than the list says.
pub(crate) fn check(places: &Places) -> Outcome {
    let linked = tree(places, "normal,no-proc-macro")?;
    let complaints = compare(&allowed(ALLOWED), &dependencies(&linked, &tree(places, "normal,build,no-proc-macro")?));
    if complaints.is_empty() {
        return Ok(());
    }
    Err(Stop::Failed(format!(
        "freeze-core is not compiled from what xtask/src/core-dependencies.txt allows:\n  {}\n\
         The file says what to ask before changing it",
        complaints.join("\n  ")
    )))
}

fn tree(places: &Places, edges: &str) -> Result<String, Stop> {
    stdout(
        Command::new("cargo")
            .args(["tree", "--locked", "--package", "freeze-core", "--edges", edges])
            .args(["--target", "wasm32-unknown-unknown", "--prefix", "none", "--no-dedupe", "--format", "{p}: {f}"])
            .current_dir(&places.root),
    )
}

fn allowed(list: &str) -> BTreeSet<String> {
    list.lines().filter(|line| !line.starts_with('#')).map(|line| line.trim_end().to_owned()).collect()
}

/// What is linked, and, marked as such, what only build scripts use.
fn dependencies(linked: &str, all: &str) -> BTreeSet<String> {
    let (linked, all) = (packages(linked), packages(all));
    let build = all.difference(&linked).map(|package| format!("build: {package}"));
    build.chain(linked.iter().cloned()).collect()
}

/// `name: features` of each `name vVERSION [(path)]: features`; versions are Cargo.lock's business.
fn packages(tree: &str) -> BTreeSet<String> {
    tree.lines()
        .filter_map(|line| {
            let (package, features) = line.rsplit_once(": ")?;
            Some(format!("{}: {features}", package.split(' ').next()?).trim_end().to_owned())
        })
        .collect()
}

fn compare(allowed: &BTreeSet<String>, found: &BTreeSet<String>) -> Vec<String> {
    let foreign = found.difference(allowed).map(|line| format!("not allowed:   {line}"));
    let stale = allowed.difference(found).map(|line| format!("no longer so:  {line}"));
    foreign.chain(stale).collect()
}

#[cfg(test)]
mod tests {
    use super::{allowed, compare, dependencies};

    #[track_caller]
    fn check(list: &str, tree: &str, complaints: &[&str]) {
        assert_eq!(compare(&allowed(list), &dependencies(tree, tree)), complaints);
    }

    #[test]
    fn a_dependency_or_feature_that_is_not_listed_is_named() {
        let list = "# why\nchrono:\nserde: std\n";
        check(list, "chrono v0.4.45: \nserde v1.0.229: std\n", &[]);
        check(
            list,
            "chrono v0.4.45: clock\nserde v1.0.229: std\n",
            &["not allowed:   chrono: clock", "no longer so:  chrono:"],
        );
        check(list, "chrono v0.4.45: \nserde v1.0.229: std\nrand v0.9.0: \n", &["not allowed:   rand:"]);
        check(list, "chrono v0.4.45: \n", &["no longer so:  serde: std"]);
    }

    #[test]
    fn what_only_build_scripts_use_is_listed_as_that() {
        let found = dependencies("core v0.1.0: \n", "core v0.1.0: \nautocfg v1.5.1: \n");
        assert_eq!(compare(&allowed("build: autocfg:\ncore:\n"), &found), [""; 0]);
        assert_eq!(
            compare(&allowed("autocfg:\ncore:\n"), &found),
            ["not allowed:   build: autocfg:", "no longer so:  autocfg:"]
        );
    }

    #[test]
    fn a_path_with_a_colon_is_no_feature() {
        check("core: std", "core v0.1.0 (C:\\my code: here\\core): std\n", &[]);
    }
}
