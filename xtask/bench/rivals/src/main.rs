//! How long established crates take to say which of a policy's windows are active and when that
//! changes next, beside `plan` on the same windows. `cargo xtask bench` runs it on the folder that
//! core/benches/windows has written, and makes its table of the lines that begin with `row`.
//!
//! `plan` reads a call and Kosli's documents and writes an answer; the crates get the bare rules.
//! All of them must say the same.

mod cron;
mod question;
mod recurrence;

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use question::{Question, State};

const ROUNDS: usize = 30;
const BATCH: Duration = Duration::from_millis(2);

fn main() {
    let folder = std::env::args_os().nth(1).expect("the folder that the bench `windows` wrote is missing");
    compare(Path::new(&folder), "cron", "croner", cron::patterns, cron::ask);
    compare(Path::new(&folder), "rrule", "rrule", recurrence::sets, recurrence::ask);
}

/// Fails unless both say the same.
fn compare<T>(
    folder: &Path,
    kind: &str,
    rival: &str,
    read: fn(&Question) -> Vec<T>,
    ask: fn(&[T], &Question) -> State,
) {
    let [closed, open] = ["closed", "open"].map(|state| Question::read(folder, &format!("{kind}-{state}")));
    for question in [&closed, &open] {
        question.check(rival, &ask(&read(question), question));
    }
    let prepared = read(&open);
    let [ours, from_text, asked] = medians([
        &mut || drop(black_box(freeze_core::plan_json(black_box(&open.call)))),
        &mut || drop(black_box(ask(&read(&open), &open))),
        &mut || drop(black_box(ask(&prepared, &open))),
    ]);
    let row = |what: &str, theirs: f64| {
        let (ratio, digits) = (theirs / ours, if theirs < ours * 10.0 { 2 } else { 0 });
        println!("row\t{what}\t{ratio:.digits$}x\t{} / {}\t\t", time(theirs), time(ours));
    };
    let windows = open.windows.len();
    row(&format!("the crate {rival}, from text / plan, {windows} {kind} windows, native"), from_text);
    row("  its rules read before / plan", asked);
}

/// The median time of each work in nanoseconds; they take turns.
fn medians<const N: usize>(mut works: [&mut dyn FnMut(); N]) -> [f64; N] {
    let mut all = [const { Vec::new() }; N];
    for _ in 0..ROUNDS {
        for (work, times) in works.iter_mut().zip(&mut all) {
            let begun = Instant::now();
            let mut done = 0;
            while done == 0 || begun.elapsed() < BATCH {
                work();
                done += 1;
            }
            times.push(begun.elapsed().as_secs_f64() * 1e9 / f64::from(done));
        }
    }
    all.map(|mut times| {
        times.sort_unstable_by(f64::total_cmp);
        times[ROUNDS / 2]
    })
}

fn time(nanoseconds: f64) -> String {
    if nanoseconds < 1e6 { format!("{:.1} µs", nanoseconds / 1e3) } else { format!("{:.1} ms", nanoseconds / 1e6) }
}
