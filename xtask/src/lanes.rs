//! Steps side by side. Most of them wait, for a linker, for a process that they started: alone they leave a core idle.

use std::collections::BTreeSet;
use std::env;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;
use std::process::Command;
use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::Instant;

use crate::check::Row;
use crate::places::Places;
use crate::run::{self, Outcome, Stop};
use crate::steps::Step;
use crate::tally::Tally;

/// As many steps at a time; each of the large ones keeps a core busy.
const LANES: usize = 2;

/// What the lanes know together.
struct Board<'a> {
    waiting: Vec<&'a Step>,
    passed: BTreeSet<&'static str>,
    rows: Vec<Row>,
    stop: Option<Stop>,
}

/// Runs all `steps`, each in a process of its own whose output is shown whole when it ends. After a failure none begins.
pub(crate) fn run(places: &Places, steps: &[Step]) -> (Vec<Row>, Outcome) {
    let board = Board { waiting: steps.iter().collect(), passed: BTreeSet::new(), rows: Vec::new(), stop: None };
    let (board, changed) = (Mutex::new(board), Condvar::new());
    thread::scope(|scope| {
        for _ in 0..LANES {
            scope.spawn(|| lane(places, &board, &changed));
        }
    });
    let Board { rows, stop, .. } = board.into_inner().expect("no lane panics");
    (rows, stop.map_or(Ok(()), Err))
}

fn lane(places: &Places, board: &Mutex<Board>, changed: &Condvar) {
    loop {
        let mut all = board.lock().expect("no lane panics");
        let step = loop {
            if all.stop.is_some() || all.waiting.is_empty() {
                return;
            }
            let ready = all.waiting.iter().position(|step| step.after.iter().all(|name| all.passed.contains(name)));
            match ready {
                Some(index) => break all.waiting.remove(index),
                None => all = changed.wait(all).expect("no lane panics"),
            }
        };
        println!("== {} begins: {}", step.name, step.about);
        drop(all);

        let begun = Instant::now();
        let (tally, outcome) = in_its_own_process(places, step);
        let mut all = board.lock().expect("no lane panics");
        all.rows.push(Row { name: step.name, time: begun.elapsed(), tally });
        match outcome {
            Ok(()) => _ = all.passed.insert(step.name),
            Err(why) => all.stop = all.stop.take().or(Some(why)),
        }
        changed.notify_all();
    }
}

/// Runs `cargo xtask step NAME` and shows what it printed: what it counted, and how it ended.
fn in_its_own_process(places: &Places, step: &Step) -> (Tally, Outcome) {
    let path = places.target.join("nodeploy").join("steps").join(format!("{}.log", step.name));
    let ended = logged(Command::new(env::current_exe().unwrap_or_default()).args(["step", step.name]), &path);
    let text = fs::read(&path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let _ = io::stdout().lock().write_all(text.as_bytes()); // at once: the other lane prints, too
    let mut tally = Tally::closing(step.name, &text);
    let outcome = ended.map_err(|why| {
        tally.failed = tally.failed.max(1);
        why.explained(|why| format!("{}: {why}\nto see it alone: cargo xtask test {}", step.name, step.name))
    });
    (tally, outcome)
}

/// Runs a command that must succeed; all that it prints goes to a file.
fn logged(command: &mut Command, path: &Path) -> Outcome {
    let failed = |error: io::Error| Stop::Failed(format!("{} cannot be written: {error}", path.display()));
    path.parent().map_or(Ok(()), fs::create_dir_all).map_err(failed)?;
    let log = File::create(path).map_err(failed)?;
    let status = run::show(command.stderr(log.try_clone().map_err(failed)?).stdout(log))?;
    run::succeed(command, status)
}
