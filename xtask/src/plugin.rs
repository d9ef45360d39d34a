//! The Extism plugin, `plugin/nodeploy.wasm`, and proof of what is in it.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::module;
use crate::places::Places;
use crate::run::{self, Outcome, Stop, spoken, stdout};

/// What a plugin that only computes asks of its host: to pass a text in and one out.
const KERNEL: [&str; 8] = [
    "function extism:host/env alloc",
    "function extism:host/env error_set",
    "function extism:host/env input_length",
    "function extism:host/env input_load_u64",
    "function extism:host/env input_load_u8",
    "function extism:host/env output_set",
    "function extism:host/env store_u64",
    "function extism:host/env store_u8",
];

/// As wasm/Cargo.toml has it for the npm package.
const OPTIMISE: [&str; 7] = [
    "-O3",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

const CHECKSUM: &str = "\
const {createHash} = require('node:crypto');
console.log(createHash('sha256').update(require('node:fs').readFileSync(process.argv[1])).digest('hex'));";

/// Builds it, unless what is there was built from the same compiled core with the same tools.
pub(crate) fn plugin(places: &Places) -> Outcome {
    let begun = Instant::now();
    let compiled = compile(places)?;
    let shipped = places.root.join("plugin").join("nodeploy.wasm");
    let stamp = places.target.join("nodeploy").join("plugin.stamp");
    let is_built = fs::read_to_string(&stamp)
        .is_ok_and(|built| stamp_of(places, &compiled, &shipped).is_ok_and(|now| built == now));
    if !is_built {
        let fresh = places.target.join("nodeploy").join("nodeploy.wasm");
        fs::create_dir_all(places.target.join("nodeploy")).map_err(|error| failed(&fresh, &error))?;
        run::run(
            Command::new("wasm-opt").args(OPTIMISE).arg(&compiled).arg("-o").arg(&fresh).env("PATH", places.path()),
        )?;
        module::check(&fresh, &KERNEL)?;
        let checksum = stdout(Command::new("node").args(["-e", CHECKSUM]).arg(&fresh))?;
        ship(&fresh, &shipped, checksum.trim()).map_err(|error| failed(&shipped, &error))?;
        let text = stamp_of(places, &compiled, &shipped).map_err(|error| failed(&shipped, &error))?;
        fs::write(&stamp, text).map_err(|error| failed(&stamp, &error))?;
    }
    let size = fs::metadata(&shipped).map_err(|error| failed(&shipped, &error))?.len();
    let how = if is_built { "is up to date" } else { "built" };
    eprintln!("build: {} {how}, {} KB, in {}", places.name(&shipped), size.div_ceil(1000), spoken(begun.elapsed()));
    Ok(())
}

fn compile(places: &Places) -> Outcome<PathBuf> {
    run::run(
        Command::new("cargo")
            .args(["build", "--quiet", "--release", "--locked", "--package", "freeze-plugin"])
            .args(["--target", "wasm32-unknown-unknown"])
            .env_remove("CARGO_BUILD_TARGET")
            .env("CARGO_ENCODED_RUSTFLAGS", module::flags(places))
            .current_dir(&places.root),
    )?;
    Ok(places.target.join("wasm32-unknown-unknown").join("release").join("freeze_plugin.wasm"))
}

/// Puts the module in place whole: whoever loads it meanwhile finds one.
fn ship(fresh: &Path, shipped: &Path, checksum: &str) -> std::io::Result<()> {
    let arriving = shipped.with_extension("wasm.new");
    fs::copy(fresh, &arriving)?;
    fs::rename(&arriving, shipped)?;
    fs::write(shipped.with_extension("wasm.sha256"), format!("{checksum}  nodeploy.wasm\n"))
}

/// Tells the compiled core, the tools and what they made of it.
fn stamp_of(places: &Places, compiled: &Path, shipped: &Path) -> std::io::Result<String> {
    let mut hash = DefaultHasher::new();
    OPTIMISE.hash(&mut hash);
    for file in [compiled, &places.build_tools().join("package-lock.json"), shipped] {
        fs::read(file)?.hash(&mut hash);
    }
    fs::read(shipped.with_extension("wasm.sha256"))?.hash(&mut hash);
    Ok(format!("{:016x}\n", hash.finish()))
}

fn failed(file: &Path, error: &std::io::Error) -> Stop {
    Stop::Failed(format!("{} cannot be read or written: {error}", file.display()))
}
