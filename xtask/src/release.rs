//! `cargo xtask release`: checks that a version is ready, and builds all that is published of it, twice and from nothing.

mod ready;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::places::Places;
use crate::run::{self, Outcome, Stop, npm, stdout};
use crate::set_up::{Need, set_up};
use crate::temporary::TemporaryFolder;
use ready::Ready;

/// The checksums of everything else in the folder, as `sha256sum --check` reads them.
const CHECKSUMS: &str = "SHA256SUMS";

/// A rehearsal tells what is not ready, and goes on all the same.
pub(crate) fn release(places: &Places, arguments: &[&str]) -> Outcome {
    let is_rehearsal = match arguments {
        [] => false,
        ["--rehearse"] => true,
        _ => return Err(Stop::Failed("cargo xtask release [--rehearse]".into())),
    };
    set_up(places, &[Need::Wasm])?;
    let Ready { version, complaints } = ready::check(places)?;
    match (&complaints[..], is_rehearsal) {
        ([], _) => eprintln!("release: {version} is ready"),
        (_, true) => eprintln!("release: not ready, which a rehearsal puts up with:\n  {}", complaints.join("\n  ")),
        (_, false) => {
            let all = complaints.join("\n  ");
            return Err(Stop::Failed(format!(
                "{version} is not ready:\n  {all}\nto build it all the same: --rehearse"
            )));
        }
    }
    let folder = TemporaryFolder::new()?;
    // Of one commit, whatever is committed meanwhile.
    let commit = stdout(Command::new("git").args(["rev-parse", "HEAD"]).current_dir(&places.root))?.trim().to_owned();
    let first = build(places, &folder.0.join("first"), &version, &commit)?;
    let again = build(places, &folder.0.join("again"), &version, &commit)?;
    compare(&first, &again)?;
    dry_run(&folder.0.join("first"), &first, &version)?;
    let shipped = places.target.join("nodeploy").join("release");
    let table = format!("of {commit}\n{}", ship(&first, &shipped)?);
    println!("\n{table}\nall of it was built twice, the same to the byte; it is in {}\n", places.name(&shipped));
    println!("{}", if is_rehearsal { "a rehearsal: nothing of it is for publishing" } else { NEXT });
    Ok(())
}

const NEXT: &str = "to publish it: CONTRIBUTING.md, \"To release\", from `git tag` on";

/// Builds what a commit has in a clone of its own, and collects what is published.
fn build(places: &Places, clone: &Path, version: &str, commit: &str) -> Outcome<PathBuf> {
    eprintln!("release: building it from nothing in {}", clone.display());
    run::run(Command::new("git").args(["clone", "--quiet", "--no-local"]).args([&places.root, clone]))?;
    run::run(in_clone("git", clone).args(["checkout", "--quiet", "--detach", commit]))?;
    run::run(in_clone("cargo", clone).args(["xtask", "build"]))?;
    let collected = clone.join("target").join("release-of-all");
    fs::create_dir_all(&collected).map_err(|error| failed("create", &collected, &error))?;
    run::run(npm_in(&clone.join("npm")).args(["pack", "--silent", "--pack-destination"]).arg(&collected))?;
    pack_action(clone, &collected, version)?;
    // It is compiled by the dry run, once.
    let package = ["package", "--quiet", "--locked", "--no-verify", "--package", "freeze-core"];
    run::run(in_clone("cargo", clone).args(package))?;
    let krate = format!("freeze-core-{version}.crate");
    for (from, name) in [
        (clone.join("target").join("package").join(&krate), krate.as_str()),
        (clone.join("plugin").join("nodeploy.wasm"), "nodeploy.wasm"),
        (clone.join("npm").join("nodeploy.cjs"), "nodeploy.cjs"),
        (clone.join("npm").join("nodeploy-page.cjs"), "nodeploy-page.cjs"),
    ] {
        fs::copy(&from, collected.join(name)).map_err(|error| failed("copy", &from, &error))?;
    }
    let bill = collected.join(format!("nodeploy-{version}.cdx.json"));
    run::run(in_clone("node", clone).args(["xtask/release/sbom.mjs"]).arg(&bill))?;
    run::run(in_clone("node", clone).args(["xtask/release/checksums.mjs"]).arg(&collected).arg(CHECKSUMS))?;
    Ok(collected)
}

/// Packs the GitHub Action as a repository of its own has it; npm packs it, since its archives are the same every time.
fn pack_action(clone: &Path, collected: &Path, version: &str) -> Outcome {
    let folder = clone.join("npm").join("pipelines").join("github");
    let files = r#"["action.yml", "dist/", "node20/", "readme.md"]"#;
    let licence = clone.join("LICENSE");
    fs::copy(&licence, folder.join("LICENSE")).map_err(|error| failed("copy", &licence, &error))?;
    let manifest = format!(
        r#"{{"name": "nodeploy-action", "version": "{version}", "license": "MIT", "private": true, "files": {files}}}"#
    );
    fs::write(folder.join("package.json"), manifest).map_err(|error| failed("write", &folder, &error))?;
    run::run(npm_in(&folder).args(["pack", "--silent", "--pack-destination"]).arg(collected))
}

/// A program as whoever has just cloned it would start it: nothing of this build is passed on.
fn in_clone(program: &str, clone: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(clone).env_remove("CARGO_TARGET_DIR").env_remove("CARGO_BUILD_TARGET_DIR");
    command
}

fn npm_in(folder: &Path) -> Command {
    let mut npm = npm();
    npm.current_dir(folder);
    npm
}

/// Fails unless both folders have the same files, byte for byte.
fn compare(first: &Path, again: &Path) -> Outcome {
    let (of_first, of_again) = (names(first)?, names(again)?);
    if of_first != of_again {
        return Err(Stop::Failed(format!("built twice, it is other files: {of_first:?}, then {of_again:?}")));
    }
    for name in of_first {
        let read =
            |folder: &Path| fs::read(folder.join(&name)).map_err(|error| failed("read", &folder.join(&name), &error));
        let (one, other) = (read(first)?, read(again)?);
        if let Some(at) = differs_at(&one, &other) {
            return Err(Stop::Failed(format!("{name}: built twice, it is not the same from byte {at} on")));
        }
    }
    Ok(())
}

fn differs_at(one: &[u8], other: &[u8]) -> Option<usize> {
    let same = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    (same < one.len().max(other.len())).then_some(same)
}

fn names(folder: &Path) -> Outcome<Vec<String>> {
    let entries = fs::read_dir(folder).map_err(|error| failed("read", folder, &error))?;
    let mut names: Vec<String> =
        entries.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned())).collect();
    names.sort();
    Ok(names)
}

/// Publishes nothing, and finds what would stop the registries from taking it.
fn dry_run(clone: &Path, collected: &Path, version: &str) -> Outcome {
    eprintln!("release: what the registries would say");
    run::run(in_clone("cargo", clone).args([
        "publish",
        "--quiet",
        "--dry-run",
        "--locked",
        "--package",
        "freeze-core",
    ]))?;
    let packed = collected.join(format!("nodeploy-{version}.tgz"));
    run::run(npm_in(collected).args(["publish", "--dry-run", "--silent"]).arg(packed))
}

/// Puts it where it is found, and says what there is: a line with its size and checksum for each.
fn ship(collected: &Path, shipped: &Path) -> Outcome<String> {
    if shipped.exists() {
        fs::remove_dir_all(shipped).map_err(|error| failed("remove", shipped, &error))?;
    }
    fs::create_dir_all(shipped).map_err(|error| failed("create", shipped, &error))?;
    for name in names(collected)? {
        fs::copy(collected.join(&name), shipped.join(&name))
            .map_err(|error| failed("write", &shipped.join(&name), &error))?;
    }
    let sums = fs::read_to_string(shipped.join(CHECKSUMS)).map_err(|error| failed("read", shipped, &error))?;
    let line = |line: &str| {
        let (sum, name) = line.split_once("  ")?;
        Some(format!("{:>9}  {sum}  {name}\n", fs::metadata(shipped.join(name)).ok()?.len()))
    };
    let table: String = sums.lines().filter_map(line).collect();
    Ok(format!("{:>9}  SHA-256{:57}  file\n{table}", "bytes", ""))
}

fn failed(what: &str, path: &Path, error: &std::io::Error) -> Stop {
    Stop::Failed(format!("cannot {what} {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::differs_at;

    #[test]
    fn one_byte_is_found_wherever_it_is() {
        assert_eq!(differs_at(b"same", b"same"), None);
        assert_eq!(differs_at(b"same", b"some"), Some(1));
        assert_eq!(differs_at(b"same", b"same and more"), Some(4));
        assert_eq!(differs_at(b"", b"x"), Some(0));
    }
}
