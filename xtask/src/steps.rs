//! Every check of the repository: what it is about, after which others it comes, and how it is run.

use std::fs;
use std::num::NonZero;
use std::path::PathBuf;
use std::process::Command;
use std::thread;

use crate::package::{action, package};
use crate::places::Places;
use crate::plugin::plugin;
use crate::run::{Outcome, Stop, run, shown, succeed, watch};
use crate::set_up::{Need, set_up};
use crate::tally::Tally;
use crate::{build, deny, fuzz, layout, locks, purity};

/// One check. Its name is what `cargo xtask test NAME` runs alone; a check that no test runner
/// counts for counts as one.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    /// The steps that make what it uses.
    pub(crate) after: &'static [&'static str],
    pub(crate) run: fn(&Places, &mut Tally) -> Outcome,
}

const BUILT: &[&str] = &["wasm"];

/// The half of `tests/hosts` that waits for the kosli CLI; the other one counts.
const EXAMPLES: &str = "examples.test.js";

/// Quick ones first, then long ones, and short ones last: so the lanes end together.
pub(crate) const STEPS: [Step; 18] = [
    Step {
        name: "layout",
        about: "rustfmt, the tables of vectors, and imports only downward",
        after: &[],
        run: layout,
    },
    Step {
        name: "purity",
        about: "what the core is compiled from, and whether all lock files fit",
        after: &[],
        run: |places, tally| {
            one(tally, purity::check(places))?;
            one(tally, locks::check(places))
        },
    },
    Step { name: "wasm", about: "the module: built, optimised, pure; and the package", after: &[], run: wasm },
    Step { name: "lint", about: "clippy, natively and for wasm", after: &[], run: lint },
    Step {
        name: "plugin",
        about: "the Extism plugin, and hosts of five languages: built",
        after: BUILT,
        run: hosts_built,
    },
    Step {
        name: "hosts",
        about: "the plugin in these hosts: the same answers",
        after: &["plugin"],
        run: |places, tally| node_of(places, "tests/hosts", &[], |name| name != EXAMPLES, tally),
    },
    Step {
        name: "examples",
        about: "the plugin's examples and gates, with the real kosli CLI",
        after: &["plugin"],
        run: |places, tally| node_of(places, "tests/hosts", &[], |name| name == EXAMPLES, tally),
    },
    Step { name: "rust", about: "unit, integration and doc tests", after: &[], run: rust },
    Step { name: "npm", about: "the npm package", after: BUILT, run: npm },
    Step {
        name: "faults",
        about: "killed, raced, and a Kosli that misbehaves",
        after: BUILT,
        run: |places, tally| node(places, "tests/faults", &[], tally),
    },
    Step {
        name: "kosli",
        about: "held against the real kosli CLI",
        after: BUILT,
        run: |places, tally| node(places, "tests/kosli", &[], tally),
    },
    Step {
        name: "oracle",
        about: "windows beside dateutil, zoneinfo and ical.js",
        after: BUILT,
        run: |places, tally| node(places, "tests/oracle", &[], tally),
    },
    Step {
        name: "history",
        about: "reports held against a past that is known",
        after: BUILT,
        run: |places, tally| node(places, "tests/history", &[], tally),
    },
    Step {
        name: "page",
        about: "the time line, as a picture and in a real browser",
        after: BUILT,
        run: |places, tally| node(places, "tests/page", &[], tally),
    },
    Step {
        name: "pipelines",
        about: "the GitHub Action, and the pages of other CIs",
        after: BUILT,
        run: |places, tally| node(places, "npm/pipelines", &[], tally),
    },
    Step { name: "docs", about: "rustdoc without a warning", after: &[], run: docs },
    Step { name: "deny", about: "licences and sources of what is compiled in", after: &[], run: deny::check },
    Step { name: "fuzz", about: "a minute of inputs that nobody thought of", after: &[], run: fuzz::check },
];

/// Those that a run of all leaves out: they take longer to install and to run than they are likely to find something.
pub(crate) const LONG: [Step; 1] = [Step {
    name: "bundlers",
    about: "the packed package with every bundler, and in a browser",
    after: BUILT,
    run: bundlers,
}];

fn layout(places: &Places, tally: &mut Tally) -> Outcome {
    check_with(cargo(places, "fmt").args(["--all", "--check"]), tally)?;
    let vectors = ["--quiet", "--locked", "--package", "freeze-vectors", "--", "fmt", "--check"];
    check_with(cargo(places, "run").args(vectors), tally)?;
    one(tally, layout::check(places))
}

fn lint(places: &Places, tally: &mut Tally) -> Outcome {
    let lint = |arguments: &[&str]| {
        let mut clippy = cargo(places, "clippy");
        clippy.arg("--locked").args(arguments).args(["--", "--deny", "warnings"]);
        clippy
    };
    check_with(&mut lint(&["--workspace", "--all-targets"]), tally)?;
    check_with(&mut lint(&["--package", "freeze-wasm", "--target", "wasm32-unknown-unknown"]), tally)
}

fn docs(places: &Places, tally: &mut Tally) -> Outcome {
    let mut doc = cargo(places, "doc");
    doc.args(["--workspace", "--no-deps", "--locked"]).env("RUSTDOCFLAGS", "--deny warnings");
    check_with(&mut doc, tally)
}

fn rust(places: &Places, tally: &mut Tally) -> Outcome {
    count_with(cargo(places, "test").args(["--profile", "checks", "--workspace", "--locked"]), tally)?;
    // As in a program in which another crate asks this of it.
    let beside = ["--package", "freeze-core", "--test", "numbers", "--features", "serde_json/arbitrary_precision"];
    count_with(cargo(places, "test").args(["--profile", "checks", "--locked"]).args(beside), tally)
}

/// What others use meanwhile is made once, here.
fn wasm(places: &Places, tally: &mut Tally) -> Outcome {
    one(tally, build::wasm(places))?;
    package(places)?;
    action(places)
}

/// Runs the tests of a folder, with more options for Node.
fn node(places: &Places, folder: &str, options: &[&str], tally: &mut Tally) -> Outcome {
    node_of(places, folder, options, |_| true, tally)
}

/// Runs those `*.test.js` files of a folder's `test/`, or of the folder itself, whose names are wanted.
fn node_of(
    places: &Places,
    folder: &str,
    options: &[&str],
    is_wanted: impl Fn(&str) -> bool,
    tally: &mut Tally,
) -> Outcome {
    let folder = places.root.join(folder);
    let tests = if folder.join("test").is_dir() { "test" } else { "." };
    let mut files: Vec<PathBuf> = fs::read_dir(folder.join(tests))
        .map_err(|error| Stop::Failed(format!("{} cannot be read: {error}", folder.display())))?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".test.js") && is_wanted(name))
        .map(|name| PathBuf::from(tests).join(name))
        .collect();
    files.sort();
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter=spec"]).args(options).args(files).current_dir(folder);
    count_with(&mut node, tally)
}

fn npm(places: &Places, tally: &mut Tally) -> Outcome {
    // Its tests wait for the processes that they start: Node would leave a core to the runner, which has nothing to do.
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    node(places, "npm", &[&format!("--test-concurrency={cores}")], tally)
}

fn bundlers(places: &Places, tally: &mut Tally) -> Outcome {
    set_up(places, &[Need::Npm("tests/bundlers")])?;
    node(places, "tests/bundlers", &[], tally)
}

/// What two steps use at a time is made once, here.
fn hosts_built(places: &Places, tally: &mut Tally) -> Outcome {
    one(tally, plugin(places))?;
    check_with(Command::new("node").arg(places.root.join("tests/hosts/prepare.js")), tally)
}

/// Runs a test runner; one that runs no test has failed.
fn count_with(runner: &mut Command, tally: &mut Tally) -> Outcome {
    println!("$ {}", shown(runner));
    let status = watch(runner, |line| {
        println!("{line}");
        tally.read(line);
    })?;
    succeed(runner, status)?;
    if tally.passed > 0 { Ok(()) } else { Err(Stop::Failed(format!("`{}` ran no test", shown(runner)))) }
}

/// Runs a program that checks something.
fn check_with(checker: &mut Command, tally: &mut Tally) -> Outcome {
    println!("$ {}", shown(checker));
    one(tally, run(checker))
}

fn one(tally: &mut Tally, outcome: Outcome) -> Outcome {
    tally.passed += u64::from(outcome.is_ok());
    outcome
}

fn cargo(places: &Places, what: &str) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.arg(what).current_dir(&places.root);
    cargo
}

#[cfg(test)]
mod tests {
    use super::{LONG, STEPS};

    #[test]
    fn a_step_comes_after_those_that_make_what_it_uses() {
        for (index, step) in STEPS.iter().chain(&LONG).enumerate() {
            for name in step.after {
                assert!(STEPS.iter().take(index).any(|earlier| earlier.name == *name), "{} before {name}", step.name);
            }
        }
    }
}
