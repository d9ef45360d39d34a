//! What a gate's decision costs: `plan` on a call of 1 KB, text to text, beside what `serde_json` takes to read the same
//! text and to write it again. `cargo xtask bench` runs it.
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the clock; the core does not")]

use std::hint::black_box;
use std::time::Instant;

use serde_json::Value;

/// A gate that lets pass and one that two freezes hold, with what HTTP answered to its two reads; and how many times
/// `serde_json`'s round trip it may take.
const CALLS: [(&str, &str, &str, f64); 2] =
    [("open", include_str!("open.json"), "proceed", 1.3), ("frozen", include_str!("frozen.json"), "refuse", 2.0)];
const BATCHES: usize = 1500;
const REPEATS: u32 = 50;

fn main() {
    for (name, call, decision, limit) in CALLS {
        let call = call.trim_end();
        let answer = freeze_core::plan_json(call);
        assert!(answer.starts_with(&format!(r#"{{"decision":"{decision}""#)), "`{name}` is answered with {answer}");
        // In turn, so that whatever else the machine does slows both.
        let (plans, trips): (Vec<_>, Vec<_>) =
            (0..BATCHES).map(|_| (batch(call, freeze_core::plan_json), batch(call, round_trip))).unzip();
        let ((median, fastest), (trip, fastest_trip)) = (told(plans), told(trips));
        println!("{name}: median {median} ns, fastest {fastest} ns, {} bytes in, {} out", call.len(), answer.len());
        #[expect(clippy::cast_precision_loss, reason = "nanoseconds of a call")]
        let times = |plan: u128, trip: u128| plan as f64 / trip as f64;
        let (times, least) = (times(median, trip), times(fastest, fastest_trip));
        println!(
            "row\t  {name}, beside serde_json's round trip of the same text\t{times:.2} times\tfastest {least:.2}\t{limit} times\t{:.0} %",
            times / limit * 100.0
        );
    }
}

/// What `serde_json` does with the text when nobody decides anything.
fn round_trip(call: &str) -> String {
    let value: Value = serde_json::from_str(call).expect("the call is JSON");
    serde_json::to_string(&value).expect("a value is JSON")
}

/// The median and the least.
fn told(mut nanoseconds: Vec<u128>) -> (u128, u128) {
    nanoseconds.sort_unstable();
    (nanoseconds[BATCHES / 2], nanoseconds[0])
}

/// The mean time of a call, over a batch long enough for the clock and too short for a busy machine to interrupt it often.
fn batch(call: &str, answer: impl Fn(&str) -> String) -> u128 {
    let begun = Instant::now();
    for _ in 0..REPEATS {
        black_box(answer(black_box(call)));
    }
    begun.elapsed().as_nanos() / u128::from(REPEATS)
}
