//! What a gate's decision costs: `plan` on a call of 1 KB, text to text. `cargo xtask bench` runs it.
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the clock; the core does not")]

use std::hint::black_box;
use std::time::Instant;

/// A gate when two freezes are up: the environment's document is the call's own, or it is what
/// HTTP answered to one of the two reads, text within text.
const CALLS: [(&str, &str); 2] = [("document", include_str!("document.json")), ("gate", include_str!("gate.json"))];
const BATCHES: usize = 300;
const REPEATS: u32 = 500;

fn main() {
    for (name, call) in CALLS {
        let call = call.trim_end();
        let answer = freeze_core::plan_json(call);
        assert!(answer.contains(r#""decision":"refuse""#), "this is not a gate that refuses: {answer}");
        let mut nanoseconds: Vec<u128> = (0..BATCHES).map(|_| batch(call)).collect();
        nanoseconds.sort_unstable();
        let (median, fastest) = (nanoseconds[BATCHES / 2], nanoseconds[0]);
        println!("{name}: median {median} ns, fastest {fastest} ns, {} bytes in, {} out", call.len(), answer.len());
    }
}

/// The mean time of a call, over a batch long enough for the clock.
fn batch(call: &str) -> u128 {
    let begun = Instant::now();
    for _ in 0..REPEATS {
        black_box(freeze_core::plan_json(black_box(call)));
    }
    begun.elapsed().as_nanos() / u128::from(REPEATS)
}
