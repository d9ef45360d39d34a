//! `nodeploy-host nodeploy.wasm prod-aws '{"type": "assert"}'`: 0 go on, 1 do not, 2 nobody knows, so do not.

use std::process::ExitCode;

use nodeploy_host::{Limits, Nodeploy, carry_out};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [module, environment, action] = &arguments[..] else {
        eprintln!("usage: nodeploy-host MODULE ENVIRONMENT ACTION");
        return ExitCode::from(2);
    };
    let outcome = Nodeploy::load(module.as_ref(), &Limits::default()).and_then(|mut nodeploy| {
        let action = serde_json::from_str(action)?;
        carry_out(&mut nodeploy, environment, action)
    });
    match outcome {
        Ok(decision) if decision == "proceed" => ExitCode::SUCCESS,
        Ok(decision) if decision == "refuse" => ExitCode::from(1),
        Ok(_) => ExitCode::from(2),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}
