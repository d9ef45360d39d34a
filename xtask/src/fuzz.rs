//! The fuzz targets, twenty seconds each, where a nightly toolchain and cargo-fuzz are at hand.

use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::places::Places;
use crate::run::{Outcome, Stop, capture, run, said, shown};
use crate::tally::Tally;

const VERSION: &str = "0.13.2";
const SECONDS_EACH: u32 = 20;

/// A nightly toolchain is nobody's default, and compiling cargo-fuzz takes a minute: without them
/// this says so, and how to get them, and passes.
pub(crate) fn check(places: &Places, tally: &mut Tally) -> Outcome {
    let targets = targets(places)?;
    let Some(host) = at_hand(places)? else {
        tally.skipped += targets.len() as u64;
        return Ok(());
    };
    let built = build(places, &host)?;
    for target in targets {
        fuzz(places, &built, &target)?;
        tally.passed += 1;
    }
    Ok(())
}

/// What the nightly toolchain compiles for, when cargo-fuzz is there as well.
fn at_hand(places: &Places) -> Outcome<Option<String>> {
    let mut missing = Vec::new();
    let rustc =
        said(Command::new("rustc").args(["+nightly", "--version", "--verbose"]).env("RUSTUP_AUTO_INSTALL", "0"))?;
    let host = rustc.as_deref().and_then(|said| said.lines().find_map(|line| line.strip_prefix("host: ")));
    if host.is_none() {
        missing.push("rustup toolchain install nightly --profile minimal --no-self-update".to_owned());
    }
    if said(Command::new("cargo-fuzz").arg("--version").env("PATH", places.path()))?.is_none() {
        let root = places.tools.display();
        missing.push(format!("cargo install cargo-fuzz --locked --version ={VERSION} --root {root}"));
    }
    if missing.is_empty() {
        return Ok(host.map(str::to_owned));
    }
    println!("not run: fuzzing takes a nightly toolchain and cargo-fuzz; what is missing comes with");
    for how in missing {
        println!("  {how}");
    }
    Ok(None)
}

/// Builds all targets, and returns the folder that they are in.
fn build(places: &Places, host: &str) -> Outcome<PathBuf> {
    let target = places.target.join("fuzz");
    let mut fetch = Command::new("cargo"); // cargo-fuzz knows no --locked
    fetch.args(["fetch", "--quiet", "--locked", "--manifest-path", "fuzz/Cargo.toml"]).current_dir(&places.root);
    run(&mut fetch)?;
    let mut build = Command::new("cargo");
    build.args(["+nightly", "fuzz", "build", "--target", host, "--target-dir"]).arg(&target);
    build.env("PATH", places.path()).current_dir(&places.root);
    println!("$ {}", shown(&build));
    run(&mut build)?;
    Ok(target.join(host).join("release"))
}

/// Of the folders of inputs only the first is written to, and it goes. What was found earlier is
/// tried again, until it is removed.
fn fuzz(places: &Places, built: &Path, target: &str) -> Outcome {
    let folder = places.target.join("nodeploy").join("fuzz").join(target);
    let [added, found] = ["added", "found"].map(|name| folder.join(name));
    let _ = fs::remove_dir_all(&added);
    for folder in [&added, &found] {
        fs::create_dir_all(folder)
            .map_err(|error| Stop::Failed(format!("{} cannot be created: {error}", folder.display())))?;
    }
    let dictionary = Path::new("fuzz").join(format!("{target}.dict"));
    let mut fuzzer = Command::new(built.join(format!("{target}{EXE_SUFFIX}")));
    fuzzer.arg(format!("-max_total_time={SECONDS_EACH}")).arg("-timeout=10");
    fuzzer.arg(format!("-artifact_prefix={}{}", found.display(), std::path::MAIN_SEPARATOR));
    if places.root.join(&dictionary).is_file() {
        fuzzer.arg(format!("-dict={}", dictionary.display()));
    }
    fuzzer.args([&added, &Path::new("fuzz").join("corpus").join(target), &found]);
    fuzzer.env("ASAN_OPTIONS", "detect_odr_violation=0").current_dir(&places.root); // as cargo-fuzz runs it
    println!("$ {}", shown(&fuzzer));
    let ended = capture(&mut fuzzer)?;
    let _ = fs::remove_dir_all(&added);
    if ended.status.success() {
        let done = ended.stderr.lines().find_map(|line| line.split_once("\tDONE"));
        let (inputs, more) =
            done.ok_or_else(|| Stop::Failed(format!("`{}` does not say what it did", shown(&fuzzer))))?;
        println!("{target}: {} inputs,{}", inputs.trim_start_matches('#'), more.replace("   ", " "));
        return Ok(());
    }
    for line in ended.stderr.lines().filter(|line| !line.starts_with('#')) {
        eprintln!("{line}");
    }
    let kept = ended.stderr.lines().find_map(|line| Some(line.split_once("Test unit written to ")?.1));
    Err(Stop::Failed(match kept {
        Some(file) => format!(
            "`{target}` fails on an input, which is kept, and tried again by each run until it is removed\n\
             to see it with the core as it is now: {}",
            shown(Command::new(fuzzer.get_program()).arg(file)),
        ),
        None => format!("`{}` ended with {}", shown(&fuzzer), ended.status),
    }))
}

fn targets(places: &Places) -> Outcome<Vec<String>> {
    let folder = places.root.join("fuzz").join("fuzz_targets");
    let entries =
        fs::read_dir(&folder).map_err(|error| Stop::Failed(format!("{} cannot be read: {error}", folder.display())))?;
    let mut targets: Vec<String> = entries
        .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().strip_suffix(".rs")?.to_owned()))
        .collect();
    targets.sort();
    Ok(targets)
}
