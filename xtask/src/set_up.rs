//! What the commands need and do not find: looked for, and installed with a word about why.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::places::Places;
use crate::run::{self, Outcome, Stop, npm, said, shown, spoken};

const TARGET: &str = "wasm32-unknown-unknown";
pub(crate) const WASM_PACK: &str = "0.15.1";
const OLDEST_NODE: u32 = 20;

/// Something that a command needs.
pub(crate) enum Need {
    /// clippy and rustfmt.
    Lints,
    /// What turns Rust into the npm package's wasm module.
    Wasm,
    /// The npm packages that the lock file in this folder of the checkout names.
    Npm(&'static str),
}

/// Something that is missing, and the command that brings it.
struct Missing {
    what: String,
    why: &'static str,
    takes: &'static str,
    how: Command,
    /// Written when the command has succeeded: a file and its content.
    stamp: Option<(PathBuf, Vec<u8>)>,
}

/// Makes sure that everything needed is there. What was cut short is done again: tools are asked
/// for their version, and a `node_modules` counts when it bears the stamp of its lock file.
pub(crate) fn set_up(places: &Places, needs: &[Need]) -> Outcome {
    check_node()?;
    let mut missing = Vec::new();
    for need in needs {
        match need {
            Need::Lints => missing.extend(lints()?),
            Need::Wasm => {
                missing.extend(wasm_target()?);
                missing.extend(cargo_tool(places, "wasm-pack", WASM_PACK, &["wasm-pack", "--locked"], "about 2 min")?);
                // Not --locked: its own lock file names a webpki-roots that cannot be had.
                let bindgen = locked_version(places, "wasm-bindgen")?;
                missing.extend(cargo_tool(places, "wasm-bindgen", &bindgen, &["wasm-bindgen-cli"], "about 3 min")?);
                missing.extend(npm_packages(places, &places.build_tools())?);
            }
            Need::Npm(folder) => missing.extend(npm_packages(places, &places.root.join(folder))?),
        }
    }
    if missing.len() > 1 {
        eprintln!("set-up: {} things are missing; this once they are installed", missing.len());
    }
    for item in &mut missing {
        eprintln!("set-up: {} is missing: {} ({})", item.what, item.why, item.takes);
        eprintln!("        $ {}", shown(&item.how));
        let begun = Instant::now();
        run::run(&mut item.how)?;
        if let Some((file, content)) = &item.stamp {
            write(file, content)?;
        }
        eprintln!("set-up: {} is there, after {}", item.what, spoken(begun.elapsed()));
    }
    Ok(())
}

/// The version of a package in `Cargo.lock`.
fn locked_version(places: &Places, package: &str) -> Outcome<String> {
    let lock = places.root.join("Cargo.lock");
    let text =
        fs::read_to_string(&lock).map_err(|error| Stop::Failed(format!("Cargo.lock cannot be read: {error}")))?;
    let text = text.replace("\r\n", "\n"); // as git may lay it out on Windows
    let version =
        text.split_once(&format!("\nname = \"{package}\"\nversion = \"")).and_then(|(_, rest)| rest.split_once('"'));
    match version {
        Some((version, _)) => Ok(version.to_owned()),
        None => Err(Stop::Failed(format!(
            "Cargo.lock has no package `{package}`; restore it with `git checkout Cargo.lock`"
        ))),
    }
}

fn check_node() -> Outcome {
    let advice = format!("install Node.js {OLDEST_NODE} or newer, with npm, from nodejs.org or your package manager");
    let version = said(Command::new("node").arg("--version"))?
        .ok_or_else(|| Stop::Failed(format!("`node` is not on PATH; {advice}")))?;
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse().ok());
    if major.is_none_or(|major: u32| major < OLDEST_NODE) {
        return Err(Stop::Failed(format!("Node.js {version} is too old; {advice}")));
    }
    match said(npm().arg("--version"))? {
        Some(_) => Ok(()),
        None => Err(Stop::Failed(format!("`npm` is not on PATH; {advice}"))),
    }
}

fn lints() -> Outcome<Vec<Missing>> {
    let mut missing = Vec::new();
    for (component, why) in [("clippy", "it lints the Rust code"), ("fmt", "it checks the layout of the Rust code")] {
        if said(Command::new("cargo").args([component, "--version"]))?.is_none() {
            let component = if component == "fmt" { "rustfmt" } else { component };
            let mut how = rustup(component)?;
            how.args(["component", "add", component]);
            missing.push(Missing { what: component.into(), why, takes: "a few seconds", how, stamp: None });
        }
    }
    Ok(missing)
}

fn wasm_target() -> Outcome<Option<Missing>> {
    let folder = said(Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]))?;
    if folder.is_some_and(|folder| Path::new(&folder).is_dir()) {
        return Ok(None);
    }
    let what = format!("Rust's target {TARGET}");
    let mut how = rustup(&what)?;
    how.args(["target", "add", TARGET]);
    Ok(Some(Missing { what, why: "the npm package runs the core as wasm", takes: "a few seconds", how, stamp: None }))
}

/// A program from crates.io of exactly this version, installed with these arguments.
fn cargo_tool(
    places: &Places,
    program: &str,
    version: &str,
    arguments: &[&str],
    takes: &'static str,
) -> Outcome<Option<Missing>> {
    let found = said(Command::new(program).arg("--version").env("PATH", places.path()))?;
    if found.is_some_and(|found| found.split_whitespace().nth(1) == Some(version)) {
        return Ok(None);
    }
    let mut how = Command::new("cargo");
    how.arg("install").args(arguments).args(["--version", &format!("={version}"), "--root"]).arg(&places.tools);
    Ok(Some(Missing {
        what: format!("{program} {version}"),
        why: "it builds the wasm module; compiled once, kept apart from any other version you have",
        takes,
        how,
        stamp: None,
    }))
}

fn npm_packages(places: &Places, folder: &Path) -> Outcome<Option<Missing>> {
    let mut wanted = read(&folder.join("package.json"))?;
    wanted.extend(read(&folder.join("package-lock.json"))?);
    let stamp = folder.join("node_modules").join(".installed-from");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(None);
    }
    let mut how = npm();
    how.args(["ci", "--no-audit", "--no-fund"]).current_dir(folder);
    Ok(Some(Missing {
        what: format!("what {}/package-lock.json names", places.name(folder)),
        why: "npm packages that the build and the tests use",
        takes: "less than a minute",
        how,
        stamp: Some((stamp, wanted)),
    }))
}

/// rustup, when there is no other way to get `what`.
fn rustup(what: &str) -> Outcome<Command> {
    match said(Command::new("rustup").arg("--version"))? {
        Some(_) => Ok(Command::new("rustup")),
        None => Err(Stop::Failed(format!(
            "{what} is missing, and there is no `rustup` on PATH to add it with; install rustup (rustup.rs), \
             or add it the way this Rust was installed"
        ))),
    }
}

fn read(file: &Path) -> Outcome<Vec<u8>> {
    fs::read(file).map_err(|error| Stop::Failed(format!("{} cannot be read: {error}", file.display())))
}

fn write(file: &Path, content: &[u8]) -> Outcome {
    fs::write(file, content).map_err(|error| Stop::Failed(format!("{} cannot be written: {error}", file.display())))
}
