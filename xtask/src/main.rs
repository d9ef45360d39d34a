//! `cargo xtask`: what a developer runs here. `cargo xtask` alone lists it.

mod bench;
mod build;
mod check;
mod demo;
mod deny;
mod fuzz;
mod lanes;
mod layout;
mod locks;
mod module;
mod package;
mod places;
mod plugin;
mod purity;
mod release;
mod run;
mod set_up;
mod steps;
mod tally;
mod temporary;

use std::process::{Command, ExitCode};

use places::Places;
use run::{Outcome, Stop};

const USAGE: &str = "\
Usage: cargo xtask COMMAND

  demo            freeze, gate, lift and audit an environment on a local Kosli, for real
  build           the npm package (npm/wasm, npm/nodeploy.cjs: the command line in one file, npm/nodeploy-page.cjs: its time
                  line) and the Extism plugin (plugin/nodeploy.wasm)
  test [STEP]...  every check and test of the repository, or only the steps named
  vectors fmt | expand [WORDS]
                  tests/vectors as it is to be written; or what its cases are, in full
  proof [MINUTES [WORDS]]
                  every interleaving of several hosts, the long run: so many minutes for each world
  release [--rehearse]
                  all that is published of a version: checked, built twice from nothing, compared
  bench           how fast and how large it is, beside what it is measured against

Each sets up what is missing first, and says what and why. rustup and Node are all it asks for.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    run::notice_interrupts();
    let outcome = Places::find().and_then(|places| command(&places, &words));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Stop::Failed(why)) => {
            eprintln!("xtask: {why}");
            ExitCode::FAILURE
        }
        Err(Stop::Interrupted) => {
            eprintln!("xtask: interrupted; the same command, run again, keeps what was finished");
            ExitCode::from(130)
        }
    }
}

fn command(places: &Places, words: &[&str]) -> Outcome {
    match words {
        ["build"] => build::build(places),
        ["demo"] => demo::demo(places),
        ["bench"] => bench::bench(places),
        ["proof", limits @ ..] => proof(places, limits),
        ["release", arguments @ ..] => release::release(places, arguments),
        ["vectors", arguments @ ..] => vectors(places, arguments),
        ["test"] => check::all(places),
        ["test", steps @ ..] => check::named(places, steps),
        ["step", name] => check::step(places, name), // for `test`
        [] | ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => Err(Stop::Failed(format!("there is no `cargo xtask {}`\n\n{USAGE}", words.join(" ")))),
    }
}

/// The short run is a test; this one is for a machine that has nothing else to do.
fn proof(places: &Places, limits: &[&str]) -> Outcome {
    let mut command = Command::new("cargo");
    command.args(["run", "--release", "--package", "freeze-proof", "--"]).args(limits).current_dir(&places.root);
    let status = run::show(&mut command)?;
    run::succeed(&command, status)
}

fn vectors(places: &Places, arguments: &[&str]) -> Outcome {
    let mut command = Command::new("cargo");
    command.args(["run", "--quiet", "--locked", "--package", "freeze-vectors", "--"]);
    command.args(arguments).current_dir(&places.root);
    let status = run::show(&mut command)?;
    run::succeed(&command, status)
}
