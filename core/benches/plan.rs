//! What a gate's decision costs: `plan` on a call of 1 KB, text to text. `cargo xtask bench` runs it.
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the clock; the core does not")]

use std::hint::black_box;
use std::time::Instant;

/// A gate that lets pass and one that two freezes hold, with what HTTP answered to its two reads.
const CALLS: [(&str, &str, &str); 2] =
    [("open", include_str!("open.json"), "proceed"), ("frozen", include_str!("frozen.json"), "refuse")];
const BATCHES: usize = 300;
const REPEATS: u32 = 500;

fn main() {
    for (name, call, decision) in CALLS {
        let call = call.trim_end();
        let answer = freeze_core::plan_json(call);
        assert!(answer.starts_with(&format!(r#"{{"decision":"{decision}""#)), "`{name}` is answered with {answer}");
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
