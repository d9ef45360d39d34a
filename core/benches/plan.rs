//! What a gate's decision costs: `plan` on a call of 1 KB, text to text. `cargo xtask bench` runs it.
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the clock; the core does not")]

use std::hint::black_box;
use std::time::Instant;

/// A gate's call when one freeze is up, with what HTTP answered to its two reads.
const CALL: &str = include_str!("gate.json");
const BATCHES: usize = 300;
const CALLS: u32 = 500;

fn main() {
    let call = CALL.trim_end();
    let answer = freeze_core::plan_json(call);
    assert!(answer.contains(r#""decision":"refuse""#), "the call is not a gate that refuses: {answer}");
    let mut nanoseconds: Vec<u128> = (0..BATCHES).map(|_| batch(call)).collect();
    nanoseconds.sort_unstable();
    println!("call {} bytes, answer {} bytes", call.len(), answer.len());
    println!("median {} ns, fastest {} ns a call", nanoseconds[BATCHES / 2], nanoseconds[0]);
}

/// The mean time of a call, over a batch long enough for the clock.
fn batch(call: &str) -> u128 {
    let begun = Instant::now();
    for _ in 0..CALLS {
        black_box(freeze_core::plan_json(black_box(call)));
    }
    begun.elapsed().as_nanos() / u128::from(CALLS)
}
