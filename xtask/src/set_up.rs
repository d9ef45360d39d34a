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
                missing.extend(wasm_pack(places)?);
                missing.extend(wasm_bindgen(places)?);
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

fn wasm_pack(places: &Places) -> Outcome<Option<Missing>> {
    // Its default feature is for downloads, which `--mode no-install` never makes.
    let arguments = ["wasm-pack", "--version", &format!("={WASM_PACK}"), "--no-default-features"];
    cargo_tool(places, "wasm-pack", WASM_PACK, &arguments, "about a minute")
}

/// Of exactly the version that the modules are compiled with, or what they hold cannot be read.
fn wasm_bindgen(places: &Places) -> Outcome<Option<Missing>> {
    let wanted = version_of(places, "Cargo.lock", "wasm-bindgen")?;
    for package in ["wasm-bindgen", "wasm-bindgen-cli-support"] {
        let ours = version_of(places, "xtask/wasm-bindgen/Cargo.lock", package)?;
        if wanted != ours {
            return Err(Stop::Failed(format!(
                "Cargo.lock has wasm-bindgen {wanted}, but xtask/wasm-bindgen has {package} {ours}; \
                 set both versions in xtask/wasm-bindgen/Cargo.toml and run `cargo update` there"
            )));
        }
    }
    let folder = places.root.join("xtask").join("wasm-bindgen");
    let compiled = places.target.join("nodeploy").join("wasm-bindgen");
    let arguments = ["--path", &folder.to_string_lossy(), "--target-dir", &compiled.to_string_lossy()];
    cargo_tool(places, "wasm-bindgen", &wanted, &arguments, "half a minute")
}

/// The version of a package in a lock file of the checkout.
fn version_of(places: &Places, lock: &str, package: &str) -> Outcome<String> {
    let text = fs::read_to_string(places.root.join(lock))
        .map_err(|error| Stop::Failed(format!("{lock} cannot be read: {error}")))?;
    let text = text.replace("\r\n", "\n"); // as git may lay it out on Windows
    let version =
        text.split_once(&format!("\nname = \"{package}\"\nversion = \"")).and_then(|(_, rest)| rest.split_once('"'));
    match version {
        Some((version, _)) => Ok(version.to_owned()),
        None => Err(Stop::Failed(format!("{lock} has no package `{package}`; restore it with `git checkout {lock}`"))),
    }
}

/// A program of exactly this version, compiled with these arguments of `cargo install`: quickly, for
/// it runs a few times only.
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
    how.arg("install").args(arguments).args(["--locked", "--debug", "--root"]).arg(&places.tools);
    how.env("CARGO_PROFILE_DEV_DEBUG", "0").env("PATH", places.path()); // on PATH, or cargo advises to put it there
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
