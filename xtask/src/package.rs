//! What is made of the npm package's sources: the command line as one file, the package for `require`, the GitHub Action.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use crate::places::Places;
use crate::run::{self, Outcome, Stop, spoken};

/// Turns what wasm-pack made into one module, and into what the command line holds, those of gates and the code of the whole, in the same folder.
pub(crate) fn door(places: &Places, packed: &Path) -> Outcome {
    run::run(bundler(places).arg("door").arg(packed))
}

/// Builds `npm/nodeploy.cjs`, with its checksum, and `npm/index.cjs`.
pub(crate) fn package(places: &Places) -> Outcome {
    let begun = Instant::now();
    let npm = places.root.join("npm");
    run::run(bundler(places).arg("package").args([&npm, &npm]))?;
    let file = npm.join("nodeploy.cjs");
    let size = fs::metadata(&file)
        .map_err(|error| Stop::Failed(format!("{} cannot be read: {error}", places.name(&file))))?
        .len();
    eprintln!("build: {} built, {} KB, in {}", places.name(&file), size.div_ceil(1000), spoken(begun.elapsed()));
    Ok(())
}

/// Builds `npm/pipelines/github/dist`, of what [`package`] has built.
pub(crate) fn action(places: &Places) -> Outcome {
    let npm = places.root.join("npm");
    let dist = npm.join("pipelines").join("github").join("dist");
    run::run(bundler(places).arg("action").args([&npm, &dist]))
}

fn bundler(places: &Places) -> Command {
    let mut node = Command::new("node");
    node.arg(places.build_tools().join("bundle.mjs"));
    node
}
