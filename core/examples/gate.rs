//! A gate: `kosli get env prod-aws --output json | gate prod-aws` exits 0 to deploy, 1 not to, 2 if it cannot tell.
//!
//! It goes by the environment's tags alone; `host.rs` beside it looks at the record, too.

use std::error::Error;
use std::io::{Read, Write, stderr, stdin, stdout};
use std::process::ExitCode;

use freeze_core::{Call, Decision, plan};

fn main() -> ExitCode {
    let mut document = String::new();
    let environment = std::env::args().nth(1).unwrap_or_default();
    let read = stdin().read_to_string(&mut document);
    let decided = read.map_err(Into::into).and_then(|_| decide(&environment, &document));
    ExitCode::from(decided.unwrap_or_else(|error| {
        let _ = writeln!(stderr(), "error: {error}"); // `eprintln!` panics where stderr is full
        2 // only `proceed` lets a deployment through
    }))
}

pub(crate) fn decide(environment: &str, document: &str) -> Result<u8, Box<dyn Error>> {
    let call = serde_json::json!({
        "action": {"type": "assert"},
        "now": jiff::Timestamp::now().to_string(),
        "environment": environment,
        // As it came: parsed and written again, it could hide what is wrong with it.
        "observed": {"environment": {"exit_code": 0, "stdout": document, "stderr": ""}},
    });
    let answer = plan(&Call::from_json(&call.to_string())?);
    writeln!(stdout(), "{}", answer.summary)?; // so does `println!`
    Ok(match answer.decision {
        Decision::Proceed => 0,
        Decision::Refuse => 1,
        Decision::Error => 2,
    })
}
