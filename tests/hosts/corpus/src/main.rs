//! `host-corpus FOLDER`: writes `script.txt`, what every host is asked, and `answers.txt`, what the native core
//! answers: every vector, and calls generated from a seed. `../README.md` says what a script is.

mod dice;
mod generate;
mod hostile;
mod policies;

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Each is asked of `plan` and of `observe`.
const GENERATED: usize = 2000;
const SEED: u64 = 20_241_031;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [folder] = &arguments[..] else { return Err("host-corpus FOLDER".into()) };
    let vectors: Vec<Vec<u8>> = freeze_vectors::vectors()?.into_iter().map(|vector| vector.call.into_bytes()).collect();
    let mut calls = generate::calls(SEED, GENERATED);
    calls.extend(hostile::not_text());
    let corpus = corpus(&vectors, &calls);
    fs::write(Path::new(folder).join("script.txt"), corpus.script)?;
    fs::write(Path::new(folder).join("answers.txt"), corpus.answers)?;
    println!("{{\"vectors\": {}, \"generated\": {GENERATED}, \"lines\": {}}}", vectors.len(), corpus.lines);
    Ok(())
}

#[derive(Default)]
struct Corpus {
    script: String,
    answers: Vec<u8>,
    lines: usize,
}

/// Everything once, each vector twice in a row; then everything again, backwards and with failures in between:
/// what a host keeps from one call to the next must not show.
fn corpus(vectors: &[Vec<u8>], generated: &[Vec<u8>]) -> Corpus {
    let mut corpus = Corpus::default();
    let mut first_time = Vec::new();
    first_time.push(corpus.ask("version", b""));
    for call in vectors {
        first_time.push(corpus.ask("plan", call));
        corpus.again(&first_time[first_time.len() - 1]);
        first_time.push(corpus.ask("observe", call));
    }
    for call in generated {
        first_time.push(corpus.ask("observe", call));
        first_time.push(corpus.ask("plan", call));
    }
    for (count, line) in first_time.iter().rev().enumerate() {
        if count % 50 == 0 {
            corpus.fail();
        }
        corpus.again(line);
    }
    corpus
}

/// A line of the script, and its answer.
struct Line(usize, Vec<u8>);

impl Corpus {
    fn ask(&mut self, function: &str, input: &[u8]) -> Line {
        let answer = native(function, input);
        let _ = writeln!(self.script, "{function} {}", STANDARD.encode(input));
        self.answered(&answer);
        Line(self.lines, answer)
    }

    fn again(&mut self, line: &Line) {
        let _ = writeln!(self.script, "again {}", line.0);
        self.answered(&line.1);
    }

    /// A function that there is not: the host's own error, in its own words.
    fn fail(&mut self) {
        self.script.push_str("thaw e30=\n");
        self.answers.extend(b"!\n");
        self.lines += 1;
    }

    fn answered(&mut self, answer: &[u8]) {
        self.answers.push(b'=');
        self.answers.extend(answer);
        self.answers.push(b'\n');
        self.lines += 1;
    }
}

fn native(function: &str, input: &[u8]) -> Vec<u8> {
    let answer = match function {
        "plan" => freeze_core::plan_json(input),
        "observe" => freeze_core::observe_json(input),
        _ => freeze_core::VERSION.to_owned(),
    };
    assert!(!answer.contains('\n'), "an answer is one line");
    answer.into_bytes()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::Value;

    use super::{GENERATED, SEED, generate, hostile, native};

    #[test]
    fn generated_calls_reach_every_decision_and_most_reasons() {
        let calls = generate::calls(SEED, GENERATED);
        assert_eq!(calls.len(), GENERATED);
        let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
        let mut commands = 0;
        for call in &calls {
            let answer: Value = serde_json::from_slice(&native("plan", call)).expect("an answer is JSON");
            *reasons.entry(format!("{} {}", answer["decision"], answer["reason"])).or_default() += 1;
            commands += usize::from(answer["commands"].as_array().is_some_and(|commands| !commands.is_empty()));
        }
        assert!(reasons.len() >= 25, "{reasons:#?}");
        for reason in ["freeze_window", "outside_allow_windows", "closes_too_soon", "windows_listed", "bad_policy"] {
            let count: usize = reasons.iter().filter(|(key, _)| key.contains(reason)).map(|(_, n)| n).sum();
            assert!(count >= 3, "{count} {reason}: {reasons:#?}");
        }
        assert!(commands >= GENERATED / 12, "{commands} have commands: {reasons:#?}");
        for decision in ["\"proceed\"", "\"refuse\"", "\"error\""] {
            let count: usize = reasons.iter().filter(|(key, _)| key.starts_with(decision)).map(|(_, n)| n).sum();
            assert!(count >= GENERATED / 20, "{count} {decision}: {reasons:#?}");
        }
    }

    #[test]
    fn what_is_not_utf_8_is_refused() {
        let calls = hostile::not_text();
        for call in &calls {
            let answer = native("plan", call);
            assert!(answer.starts_with(br#"{"decision":"error","reason":"bad_call""#), "{}", call.escape_ascii());
        }
        assert!(calls.iter().filter(|call| str::from_utf8(call).is_err()).count() >= 30);
    }

    #[test]
    fn the_same_seed_gives_the_same_calls() {
        assert_eq!(generate::calls(7, 50), generate::calls(7, 50));
        assert_ne!(generate::calls(7, 50), generate::calls(8, 50));
    }
}
