//! What a policy of many freeze windows adds to a gate's decision: `plan` on a call that carries the
//! policy's text, text to text. `cargo xtask bench` runs it and makes its table of the lines that
//! begin with `row`.
//!
//! Given a folder it also writes there what it asked and what was answered, for others to be asked
//! the same.
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the clock; the core does not")]

mod policy;

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{env, fs};

use serde_json::{Value, json};

const SIZES: [u16; 4] = [1, 10, 100, 1000];
/// In nanoseconds.
const LIMIT_OF_10: f64 = 50_000.0;
const LIMIT_OF_1000: f64 = 3_000_000.0;
const LIMIT_OF_GROWTH: f64 = 1.5;
const LIMIT_OF_YEARS: f64 = 1.25;

/// A Tuesday's afternoon and night; policy.rs says what is closed when.
const STATES: [(&str, &str, &str); 2] =
    [("open", "2026-11-24T12:00:00Z", "proceed"), ("closed", "2026-11-24T05:00:00Z", "refuse")];

const ROUNDS: usize = 60;
const BATCH: Duration = Duration::from_millis(2);

struct Question {
    name: String,
    call: String,
    answer: String,
}

/// How long a call takes, in nanoseconds. Limits are held against the median, ratios taken of the
/// fastest: they are the machine's least.
struct Took {
    median: f64,
    fastest: f64,
}

fn main() {
    let largest = policy::mixed(1000);
    let sizes = ask(SIZES.map(|size| (size.to_string(), policy::mixed(size.into()))));
    let years = ask([2025, 1925].map(|year| (format!("since-{year}"), policy::recurring_since(year, 1000))));
    let rivals =
        ask([("cron", "start"), ("rrule", "rrule")].map(|(name, key)| (name.to_owned(), policy::only(&largest, key))));
    // Cargo adds an option of its own to what it is given.
    if let Some(folder) = env::args_os().skip(1).find(|argument| argument != "--bench") {
        write(&PathBuf::from(folder), sizes.iter().chain(&rivals));
    }

    let took = measure(&sizes);
    for (size, took) in SIZES.into_iter().zip(took.chunks(STATES.len())) {
        let limit = match size {
            10 => Some(LIMIT_OF_10),
            1000 => Some(LIMIT_OF_1000),
            _ => None,
        };
        for ((state, ..), Took { median, .. }) in STATES.iter().zip(took) {
            let each = time(median / f64::from(size));
            let (limit, used) = limit.map_or_else(Default::default, |limit| (time(limit), percent(median / limit)));
            println!(
                "row\tplan, freeze windows: {size}, {state}, native\t{}\t{each} each\t{limit}\t{used}",
                time(*median)
            );
        }
    }
    for (index, (state, ..)) in STATES.iter().enumerate() {
        let [hundred, thousand] =
            [(2, 100.0), (3, 1000.0)].map(|(size, windows)| took[size * STATES.len() + index].fastest / windows);
        ratio(&format!("  each of 1000 / each of 100, {state}"), thousand, hundred, LIMIT_OF_GROWTH);
    }
    let took = measure(&years);
    for (index, (state, ..)) in STATES.iter().enumerate() {
        let [young, old] = [0, 1].map(|year| took[year * STATES.len() + index].fastest);
        ratio(&format!("plan, 1000 rrule windows since 1925 / since 2025, {state}"), old, young, LIMIT_OF_YEARS);
    }
}

/// Each policy in each state, with its answer, which must be the one that this is about.
fn ask<const N: usize>(policies: [(String, Value); N]) -> Vec<Question> {
    let questions = policies.into_iter().flat_map(|(name, policy)| {
        STATES.map(|(state, now, decision)| {
            let mut call: Value = serde_json::from_str(include_str!("../open.json")).expect("open.json is JSON");
            call["now"] = json!(now);
            call["policy"] = policy.clone();
            let call = call.to_string();
            let answer = freeze_core::plan_json(&call);
            let name = format!("{name}-{state}");
            check(&name, &answer, decision);
            Question { name, call, answer }
        })
    });
    questions.collect()
}

fn check(name: &str, answer: &str, decision: &str) {
    let read: Value = serde_json::from_str(answer).expect("an answer is JSON");
    let times = [&read["closes_at"], &read["opens_at"]].map(Value::is_string);
    let is_right = read["decision"] == decision && times == [decision == "proceed", decision == "refuse"];
    assert!(is_right, "`{name}` is about `{decision}` and until when; the answer is {answer}");
}

fn write<'a>(folder: &Path, questions: impl Iterator<Item = &'a Question>) {
    for Question { name, call, answer } in questions {
        for (kind, text) in [("call", call), ("answer", answer)] {
            let file = folder.join(format!("{name}.{kind}.json"));
            fs::write(&file, text).unwrap_or_else(|error| panic!("{} cannot be written: {error}", file.display()));
        }
    }
}

/// Times each call; they take turns.
fn measure(questions: &[Question]) -> Vec<Took> {
    let repeats: Vec<u32> = questions.iter().map(|question| enough(&question.call)).collect();
    let mut all = vec![Vec::with_capacity(ROUNDS); questions.len()];
    for _ in 0..ROUNDS {
        for ((question, &repeats), times) in questions.iter().zip(&repeats).zip(&mut all) {
            times.push(batch(&question.call, repeats));
        }
    }
    let took = |mut times: Vec<f64>| {
        times.sort_unstable_by(f64::total_cmp);
        Took { median: times[ROUNDS / 2], fastest: times[0] }
    };
    all.into_iter().map(took).collect()
}

/// How often a call is to be repeated for the clock's sake.
fn enough(call: &str) -> u32 {
    let begun = Instant::now();
    black_box(freeze_core::plan_json(call));
    let batches = BATCH.as_nanos() / begun.elapsed().as_nanos().max(1);
    u32::try_from(batches).expect("a batch is short").max(1)
}

/// The mean time of a call in nanoseconds.
fn batch(call: &str, repeats: u32) -> f64 {
    let begun = Instant::now();
    for _ in 0..repeats {
        black_box(freeze_core::plan_json(black_box(call)));
    }
    begun.elapsed().as_secs_f64() * 1e9 / f64::from(repeats)
}

fn ratio(what: &str, measured: f64, of: f64, limit: f64) {
    let ratio = measured / of;
    println!("row\t{what}\t{ratio:.2}x\t{} / {}\t{limit:.2}x\t{}", time(measured), time(of), percent(ratio / limit));
}

fn time(nanoseconds: f64) -> String {
    match nanoseconds {
        0.0..1e3 => format!("{nanoseconds:.0} ns"),
        0.0..1e6 => format!("{:.1} µs", nanoseconds / 1e3),
        _ => format!("{:.1} ms", nanoseconds / 1e6),
    }
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}
