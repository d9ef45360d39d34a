//! `cargo xtask build`: the wasm modules; here that of the npm package, and proof of what is in it.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::module;
use crate::package::{action, door, package};
use crate::places::Places;
use crate::plugin::plugin;
use crate::run::{self, Outcome, Stop, spoken};
use crate::set_up::{Need, set_up};

/// What `npm/wasm` holds, all of it.
const SHIPPED: [&str; 7] =
    ["freeze.js", "freeze.d.ts", "freeze_bg.wasm", "core.js", "gate.wasm", "policy.wasm", "freeze_bg.code.br"];

pub(crate) fn build(places: &Places) -> Outcome {
    set_up(places, &[Need::Wasm, Need::Npm("npm"), Need::Npm("npm/pipelines")])?; // what `npm install ./npm` links to must be whole
    wasm(places)?;
    package(places)?;
    action(places)?;
    plugin(places)
}

/// Builds `npm/wasm`, unless what is there was built from the same compiled core with the same
/// tools.
pub(crate) fn wasm(places: &Places) -> Outcome {
    let begun = Instant::now();
    run::run(
        Command::new("cargo")
            .args(["build", "--quiet", "--release", "--locked", "--lib", "--target", "wasm32-unknown-unknown"])
            .env_remove("CARGO_BUILD_TARGET")
            .env("CARGO_ENCODED_RUSTFLAGS", module::flags(places))
            .current_dir(places.root.join("wasm")),
    )?;
    let shipped = places.root.join("npm").join("wasm");
    let stamp = places.target.join("nodeploy").join("wasm.stamp");
    let module = shipped.join("freeze_bg.wasm");
    let is_built =
        fs::read_to_string(&stamp).is_ok_and(|built| stamp_of(places, &shipped).is_ok_and(|now| built == now));
    if !is_built {
        let fresh = pack(places)?;
        module::check(&fresh.join("freeze_bg.wasm"), &module::GLUE)?;
        door(places, &fresh)?;
        ship(&fresh, &shipped)
            .map_err(|error| failed(&format!("{} cannot be written", places.name(&shipped)), &error))?;
        let text = stamp_of(places, &shipped).map_err(|error| failed("what was built cannot be read", &error))?;
        fs::write(&stamp, text).map_err(|error| failed(&format!("{} cannot be written", stamp.display()), &error))?;
    }
    let size = fs::metadata(&module).map_err(|error| failed("what was built cannot be read", &error))?.len();
    let how = if is_built { "is up to date" } else { "built" };
    eprintln!("build: {} {how}, {} KB, in {}", places.name(&module), size.div_ceil(1000), spoken(begun.elapsed()));
    Ok(())
}

/// Runs wasm-pack into a folder of its own, so that `npm/wasm` never holds half a build.
fn pack(places: &Places) -> Outcome<PathBuf> {
    let fresh = places.target.join("nodeploy").join("wasm");
    if fresh.exists() {
        fs::remove_dir_all(&fresh)
            .map_err(|error| failed(&format!("{} cannot be removed", fresh.display()), &error))?;
    }
    eprintln!("build: wasm-pack turns it into the npm package's module");
    run::run(
        Command::new("wasm-pack")
            .args(["--log-level", "error"]) // it would ask its home for a newer version, and advise to publish
            .args(["build", "--target", "web", "--release", "--mode", "no-install", "--no-pack", "--no-gitignore"])
            .args(["--out-name", "freeze", "--out-dir"])
            .arg(&fresh)
            .env("PATH", places.path())
            .env_remove("CARGO_BUILD_TARGET")
            .env("CARGO_ENCODED_RUSTFLAGS", module::flags(places))
            .current_dir(places.root.join("wasm")),
    )?;
    Ok(fresh)
}

/// Puts the files in place one by one, each whole: whoever loads the package meanwhile finds one.
fn ship(fresh: &Path, shipped: &Path) -> std::io::Result<()> {
    fs::create_dir_all(shipped)?;
    for file in SHIPPED {
        let arriving = shipped.join(format!("{file}.new"));
        fs::copy(fresh.join(file), &arriving)?;
        fs::rename(&arriving, shipped.join(file))?;
    }
    for entry in fs::read_dir(shipped)? {
        let entry = entry?;
        if !SHIPPED.iter().any(|file| entry.file_name() == *file) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Tells the compiled core, wasm-pack's settings, the tools and what they made of it.
fn stamp_of(places: &Places, shipped: &Path) -> std::io::Result<String> {
    let compiled = places.target.join("wasm32-unknown-unknown").join("release").join("freeze_wasm.wasm");
    let tools = ["package-lock.json", "bundle.mjs", "door.js", "gate-module.mjs", "gates.mjs", "sections.mjs"]
        .map(|file| places.build_tools().join(file));
    let settings = tools.into_iter().chain([places.root.join("wasm").join("Cargo.toml")]);
    let mut hash = DefaultHasher::new();
    for file in [compiled].into_iter().chain(settings).chain(SHIPPED.map(|file| shipped.join(file))) {
        fs::read(file)?.hash(&mut hash);
    }
    crate::set_up::WASM_PACK.hash(&mut hash);
    Ok(format!("{:016x}\n", hash.finish()))
}

fn failed(what: &str, error: &std::io::Error) -> Stop {
    Stop::Failed(format!("{what}: {error}"))
}
