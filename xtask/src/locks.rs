//! The lock files: each is what its manifest asks for. Most of them are of packages that no test of every day builds.

use std::process::Command;

use crate::places::Places;
use crate::run::{Outcome, Stop, capture, npm, stdout};

/// Fails where one of cargo's does not fit; npm's are held by the package's tests.
pub(crate) fn check(places: &Places) -> Outcome {
    match &complaints(places, &["*Cargo.lock"])?[..] {
        [] => Ok(()),
        complaints => {
            Err(Stop::Failed(format!("run cargo metadata there, and commit it:\n  {}", complaints.join("\n  "))))
        }
    }
}

/// What is wrong with the lock files whose names fit.
pub(crate) fn complaints(places: &Places, names: &[&str]) -> Outcome<Vec<String>> {
    let files = stdout(Command::new("git").arg("ls-files").args(names).current_dir(&places.root))?;
    let mut complaints = Vec::new();
    for file in files.lines() {
        let path = places.root.join(file);
        let folder = path.parent().expect("a file is in a folder");
        let mut command = if file.ends_with("Cargo.lock") {
            let mut cargo = Command::new("cargo");
            cargo.args(["metadata", "--quiet", "--locked", "--format-version", "1"]);
            cargo
        } else {
            let mut npm = npm();
            npm.args(["ci", "--dry-run", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"]);
            npm
        };
        let ended = capture(command.current_dir(folder))?;
        if !ended.status.success() {
            let why = ended.stderr.lines().next().unwrap_or("the lock file does not fit its manifest").to_owned();
            complaints.push(format!("{file}: {why}"));
        }
    }
    Ok(complaints)
}
