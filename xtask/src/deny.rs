//! What may be compiled in, under which licences and from where: cargo-deny, where it is installed.
//! Not what is known to be vulnerable: that changes without a change here, and takes the network.

use std::process::Command;

use crate::places::Places;
use crate::run::{Outcome, run, said, shown};
use crate::tally::Tally;

const VERSION: &str = "0.20.2";

/// The workspaces, and what is looked at. What all but the first compile is shipped to nobody.
const LOOKED_AT: [(&str, &[&str]); 6] = [
    ("Cargo.toml", &["licenses", "bans", "sources"]),
    ("fuzz/Cargo.toml", &["bans", "sources"]),
    ("plugin/examples/rust/Cargo.toml", &["bans", "sources"]),
    ("tests/hosts/rust/Cargo.toml", &["bans", "sources"]),
    ("xtask/bench/rivals/Cargo.toml", &["bans", "sources"]),
    ("xtask/wasm-bindgen/Cargo.toml", &["bans", "sources"]),
];

/// Compiling cargo-deny takes minutes: without it this says so, and how to get it, and passes.
pub(crate) fn check(places: &Places, tally: &mut Tally) -> Outcome {
    if said(Command::new("cargo-deny").arg("--version").env("PATH", places.path()))?.is_none() {
        let root = places.tools.display();
        println!("not looked at: cargo-deny is not installed; this brings it");
        println!("  cargo install cargo-deny --locked --version ={VERSION} --root {root}");
        tally.skipped += LOOKED_AT.len() as u64;
        return Ok(());
    }
    for (manifest, what) in LOOKED_AT {
        let mut deny = Command::new("cargo-deny");
        deny.args(["--locked", "--log-level", "error", "--config", "deny.toml", "--manifest-path", manifest, "check"]);
        deny.args(what).env("PATH", places.path()).current_dir(&places.root);
        println!("$ {}", shown(&deny));
        run(&mut deny)?;
        tally.passed += 1;
    }
    println!(
        "not looked at: known vulnerabilities, for their databases come from the network; before a release, by hand:"
    );
    println!("  cargo deny check advisories");
    println!("  npm audit");
    Ok(())
}
