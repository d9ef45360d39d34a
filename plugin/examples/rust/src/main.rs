//! `nodeploy-host nodeploy.wasm prod-aws '{"type": "assert"}' [nodeploy.json]`: 0 deploy, 1 do not, 2 could not tell.

use std::error::Error;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use nodeploy_host::{Limits, Nodeploy, carry_out, policy_for, warn};

static STOPPED: AtomicBool = AtomicBool::new(false);

fn main() -> ExitCode {
    match run() {
        Ok(decision) if decision == "proceed" => ExitCode::SUCCESS,
        Ok(decision) if decision == "refuse" => ExitCode::from(1),
        Ok(_) => ExitCode::from(2),
        Err(error) => {
            warn(&format!("error: {error}"));
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<String, Box<dyn Error>> {
    ctrlc::set_handler(|| {
        if STOPPED.swap(true, Ordering::SeqCst) {
            std::process::exit(2); // the second Ctrl-C ends it at once
        }
    })?;
    let arguments: Result<Vec<String>, _> =
        std::env::args_os().skip(1).map(|argument| argument.into_string()).collect();
    let arguments = arguments.map_err(|_| "an argument is not UTF-8")?;
    let [module, environment, action, policy @ ..] = &arguments[..] else {
        return Err("usage: nodeploy-host MODULE ENVIRONMENT ACTION [POLICY]".into());
    };
    if policy.len() > 1 {
        return Err("usage: nodeploy-host MODULE ENVIRONMENT ACTION [POLICY]".into());
    }
    let policy = policy_for(action, policy.first().map(String::as_str))?;
    let mut nodeploy = Nodeploy::load(module.as_ref(), &Limits::default())?;
    carry_out(&mut nodeploy, environment, action, &policy, &STOPPED)
}
