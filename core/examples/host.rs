//! A host: it looks, decides, writes and looks again, through the kosli CLI on PATH.
//!
//! `host prod-aws '{"type": "on", "reason": "database migration", "by": "steve"}'` exits 0, 1 or 2 as the gate does.
#![allow(clippy::disallowed_methods, reason = "a host runs programs and has a clock; the core does not")]

use std::error::Error;
use std::io::{Write as _, stderr, stdout};
use std::process::{Command, ExitCode};

use chrono::{DateTime, Utc};
use freeze_core::{Answer, Call, Decision, RawResult, Read, Write, observe, plan};
use serde_json::{Value, json};

/// How Kosli is reached.
pub(crate) trait Kosli {
    /// Fetches something. What comes back goes to the core untouched, a failure too.
    fn look(&self, read: &Read) -> RawResult;

    /// Writes something.
    ///
    /// # Errors
    ///
    /// Returns why it failed; what was not confirmed counts as failed.
    fn write(&mut self, write: &Write) -> Result<(), String>;
}

/// Does what `call` asks until nothing is left to do.
///
/// # Errors
///
/// Returns which write failed, or that somebody kept undoing them: run it again, it goes on where it stopped.
pub(crate) fn carry_out(mut call: Call, kosli: &mut impl Kosli) -> Result<Answer, String> {
    let mut first: Option<Answer> = None;
    for _round in 0..8 {
        call.now = now();
        call.observed.clear();
        loop {
            let reads = observe(&call);
            if reads.is_empty() {
                break;
            }
            for read in reads {
                call.observed.insert(read.name(), kosli.look(&read));
            }
        }
        let answer = plan(&call);
        if answer.commands.is_empty() {
            // The last look decides; the first one's words tell what was asked for.
            let words =
                first.filter(|first| (first.decision, answer.decision) == (Decision::Proceed, Decision::Proceed));
            return Ok(words.map_or(answer.clone(), |first| Answer {
                summary: first.summary,
                advice: first.advice,
                ..answer
            }));
        }
        for write in &answer.commands {
            kosli.write(write)?;
        }
        call.action = answer.action.clone().unwrap_or(call.action); // the same intent, made explicit
        first.get_or_insert(answer);
    }
    Err("not settled after 8 rounds; somebody else is writing, too: run it again".to_owned())
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(jiff::Timestamp::now().as_millisecond()).expect("it is not yet the year 262143")
}

/// The kosli CLI: a list of arguments, never a shell's text.
struct Cli;

impl Kosli for Cli {
    fn look(&self, read: &Read) -> RawResult {
        let argv = read.argv();
        match Command::new(&argv[0]).args(&argv[1..]).output() {
            Err(error) => RawResult::Failed { error: format!("{error}; is there a kosli CLI on the PATH?") },
            Ok(output) => match (String::from_utf8(output.stdout), output.status.code()) {
                (Ok(stdout), Some(code)) => RawResult::Cli {
                    exit_code: code.into(),
                    stdout,
                    stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
                },
                _ => RawResult::Failed { error: "kosli was ended, or printed what is not text".to_owned() },
            },
        }
    }

    fn write(&mut self, write: &Write) -> Result<(), String> {
        let argv = write.argv();
        let status = Command::new(&argv[0]).args(&argv[1..]).status().map_err(|error| error.to_string())?;
        if status.success() { Ok(()) } else { Err(format!("`kosli {}` failed: {status}", argv[1..].join(" "))) }
    }
}

fn run() -> Result<Decision, Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [environment, action] = &arguments[..] else { return Err("usage: host ENVIRONMENT ACTION".into()) };
    let not_json = |error| format!(r#"the action is not JSON such as {{"type": "assert"}}: {error}"#);
    let action: Value = serde_json::from_str(action).map_err(not_json)?;
    let call = json!({"action": action, "now": now().to_rfc3339(), "environment": environment});
    let answer = carry_out(Call::from_json(&call.to_string())?, &mut Cli)?;
    // `println!` panics where stdout is full or gone, with an exit code of its own.
    writeln!(stdout(), "{}", answer.summary)?;
    if let Some(advice) = answer.advice {
        writeln!(stdout(), "{advice}")?;
    }
    Ok(answer.decision)
}

fn main() -> ExitCode {
    match run() {
        Ok(Decision::Proceed) => ExitCode::SUCCESS,
        Ok(Decision::Refuse) => ExitCode::from(1),
        Ok(Decision::Error) => ExitCode::from(2),
        Err(error) => {
            let _ = writeln!(stderr(), "error: {error}");
            ExitCode::from(2)
        }
    }
}
