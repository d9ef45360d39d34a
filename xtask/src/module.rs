//! The wasm modules: how they are compiled, and a look into a built one: what it imports, and whether wasm-opt
//! has been over it.

use std::path::Path;
use std::process::Command;

use crate::places::Places;
use crate::run::{Outcome, Stop, stdout};

/// Prints an import a line, and `name section` when functions still have their names.
const LOOK: &str = "\
const module = new WebAssembly.Module(require('node:fs').readFileSync(process.argv[1]));
for (const {module: from, name, kind} of WebAssembly.Module.imports(module)) console.log(`${kind} ${from} ${name}`);
if (WebAssembly.Module.customSections(module, 'name').length > 0) console.log('name section');";

/// What the glue that wasm-bindgen writes for the web gives to a module of texts: no clock, no
/// randomness, no network, nothing that could say something new.
pub(crate) const GLUE: [&str; 1] = ["function ./freeze_bg.js __wbindgen_init_externref_table"];

/// Compiles without this machine's paths: the same source gives the same module elsewhere.
pub(crate) fn flags(places: &Places) -> String {
    let cargo_home = places.tools.parent().expect("our tools are in CARGO_HOME");
    let flags = [(cargo_home, "/cargo"), (&places.root, "/nodeploy")]
        .map(|(folder, name)| format!("--remap-path-prefix={}={name}", folder.display()));
    flags.join("\u{1f}")
}

/// Fails unless the module is optimised and imports nothing but what is allowed.
pub(crate) fn check(module: &Path, allowed: &[&str]) -> Outcome {
    let found = stdout(Command::new("node").args(["-e", LOOK]).arg(module))?;
    let (names, imports): (Vec<&str>, Vec<&str>) = found.lines().partition(|line| *line == "name section");
    if !names.is_empty() {
        return Err(Stop::Failed(format!(
            "{} still has its functions' names, so wasm-opt has not run; see what wasm-pack says above",
            module.display()
        )));
    }
    let foreign: Vec<&str> = imports.into_iter().filter(|import| !allowed.contains(import)).collect();
    if foreign.is_empty() {
        return Ok(());
    }
    Err(Stop::Failed(format!(
        "{} imports what a pure function has no use for:\n  {}\nFind the dependency that brings it in \
         (`cargo tree -p freeze-core -e features`), or, if it is harmless glue, add it to those allowed in xtask/src",
        module.display(),
        foreign.join("\n  ")
    )))
}
