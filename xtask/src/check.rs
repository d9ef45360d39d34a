//! `cargo xtask test`: every check and test of the repository, in order, up to the first failure.

use std::fs;
use std::num::NonZero;
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use crate::package::{action, package};
use crate::places::Places;
use crate::plugin::plugin;
use crate::run::{Outcome, Stop, run, shown, spoken, succeed, watch};
use crate::set_up::{Need, set_up};
use crate::tally::Tally;
use crate::{build, deny, fuzz, layout, purity};

/// One check. Its name is what `cargo xtask test NAME` runs alone; a check that no test runner
/// counts for counts as one.
struct Step {
    name: &'static str,
    about: &'static str,
    run: fn(&Places, &mut Tally) -> Outcome,
}

/// Quick ones first; the wasm module before what loads it.
const STEPS: [Step; 14] = [
    Step { name: "layout", about: "rustfmt, the tables of vectors, and imports only downward", run: layout },
    Step { name: "lint", about: "clippy, natively and for wasm", run: lint },
    Step {
        name: "purity",
        about: "what the core is compiled from",
        run: |places, tally| one(tally, purity::check(places)),
    },
    Step { name: "rust", about: "unit, integration and doc tests", run: rust },
    Step { name: "docs", about: "rustdoc without a warning", run: docs },
    Step { name: "deny", about: "licences and sources of what is compiled in", run: deny::check },
    Step {
        name: "wasm",
        about: "the module: built, optimised, pure",
        run: |places, tally| one(tally, build::wasm(places)),
    },
    Step { name: "npm", about: "the npm package", run: npm },
    Step { name: "pipelines", about: "the GitHub Action, and the pages of other CIs", run: pipelines },
    Step {
        name: "kosli",
        about: "held against the real kosli CLI",
        run: |places, tally| node(places, "tests/kosli", &[], tally),
    },
    Step {
        name: "oracle",
        about: "windows beside dateutil, zoneinfo and ical.js",
        run: |places, tally| node(places, "tests/oracle", &[], tally),
    },
    Step {
        name: "faults",
        about: "killed, raced, and a Kosli that misbehaves",
        run: |places, tally| node(places, "tests/faults", &[], tally),
    },
    Step { name: "hosts", about: "the Extism plugin in real hosts of five languages", run: hosts },
    Step { name: "fuzz", about: "a minute of inputs that nobody thought of", run: fuzz::check },
];

/// Those that a run of all leaves out: they take longer to install and to run than they are likely to find something.
const LONG: [Step; 1] =
    [Step { name: "bundlers", about: "the packed package with every bundler, and in a browser", run: bundlers }];

/// Runs the steps of these names, or all of them but the long ones.
pub(crate) fn check(places: &Places, names: &[&str]) -> Outcome {
    let every = || STEPS.iter().chain(&LONG);
    if let Some(unknown) = names.iter().find(|name| every().all(|step| step.name != **name)) {
        let known = every().map(|step| step.name).collect::<Vec<_>>().join(", ");
        return Err(Stop::Failed(format!("there is no step `{unknown}`; there are: {known}")));
    }
    let begun = Instant::now();
    let packages = ["npm", "npm/pipelines", "tests/kosli", "tests/oracle", "tests/hosts"].map(Need::Npm);
    set_up(places, &[Need::Lints, Need::Wasm].into_iter().chain(packages).collect::<Vec<_>>())?;
    let mut rows = vec![("set-up", begun.elapsed(), Tally::default())];
    let wanted: Vec<&Step> = if names.is_empty() {
        STEPS.iter().collect()
    } else {
        every().filter(|step| names.contains(&step.name)).collect()
    };
    for step in wanted {
        println!("\n== {}: {}", step.name, step.about);
        let begun = Instant::now();
        let mut tally = Tally::default();
        let outcome = (step.run)(places, &mut tally);
        match &outcome {
            Ok(()) => {}
            Err(Stop::Failed(_)) => tally.failed = tally.failed.max(1),
            Err(Stop::Interrupted) => return outcome,
        }
        println!("== {}: {tally}, {}", step.name, spoken(begun.elapsed()));
        rows.push((step.name, begun.elapsed(), tally));
        if let Err(stop) = outcome {
            report(&rows);
            return Err(stop.explained(|why| format!("{why}\nto see it alone: cargo xtask test {}", step.name)));
        }
    }
    report(&rows);
    if names.is_empty() {
        for Step { name, about, .. } in &LONG {
            println!("not run: {name}, {about}; it takes minutes: cargo xtask test {name}");
        }
    }
    Ok(())
}

fn report(rows: &[(&str, Duration, Tally)]) {
    let mut all = Tally::default();
    println!();
    for (name, time, tally) in rows {
        println!(
            "{name:<8}{:>14}   {}",
            spoken(*time),
            if *tally == Tally::default() { String::new() } else { tally.to_string() }
        );
        all.add(*tally);
    }
    println!("\n{all}");
}

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
    count_with(cargo(places, "test").args(["--workspace", "--locked"]), tally)
}

/// Runs the `*.test.js` files of a folder's `test/`, or of the folder itself, with more options for Node.
fn node(places: &Places, folder: &str, options: &[&str], tally: &mut Tally) -> Outcome {
    let folder = places.root.join(folder);
    let tests = if folder.join("test").is_dir() { "test" } else { "." };
    let mut files: Vec<PathBuf> = fs::read_dir(folder.join(tests))
        .map_err(|error| Stop::Failed(format!("{} cannot be read: {error}", folder.display())))?
        .filter_map(|entry| Some(PathBuf::from(tests).join(entry.ok()?.file_name())))
        .filter(|file| file.to_string_lossy().ends_with(".test.js"))
        .collect();
    files.sort();
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter=spec"]).args(options).args(files).current_dir(folder);
    count_with(&mut node, tally)
}

fn npm(places: &Places, tally: &mut Tally) -> Outcome {
    package(places)?;
    // Its tests wait for the processes that they start: Node would leave a core to the runner, which has nothing to do.
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    node(places, "npm", &[&format!("--test-concurrency={cores}")], tally)
}

fn pipelines(places: &Places, tally: &mut Tally) -> Outcome {
    package(places)?;
    action(places)?;
    node(places, "npm/pipelines", &[], tally)
}

fn bundlers(places: &Places, tally: &mut Tally) -> Outcome {
    set_up(places, &[Need::Npm("tests/bundlers")])?;
    package(places)?;
    node(places, "tests/bundlers", &[], tally)
}

fn hosts(places: &Places, tally: &mut Tally) -> Outcome {
    one(tally, plugin(places))?;
    node(places, "tests/hosts", &[], tally)
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
