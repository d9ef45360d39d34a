//! Runs a script of calls through the plugin in the Rust host; `../README.md` says what a script is.

use std::env::args;
use std::error::Error;
use std::fs;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use nodeploy_host::{Limits, Nodeploy};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = args().skip(1).collect();
    let [module, script, output, pages, timeout, fuel] = &arguments[..] else {
        return Err("MODULE SCRIPT OUTPUT PAGES MILLISECONDS FUEL".into());
    };
    let fuel = Some(fuel.parse()?).filter(|fuel| *fuel > 0);
    let limits = Limits { memory_pages: pages.parse()?, timeout: Duration::from_millis(timeout.parse()?), fuel };
    let mut nodeploy = Nodeploy::load(module.as_ref(), &limits)?;
    let script = fs::read_to_string(script)?;
    let lines: Vec<&str> = script.lines().collect();
    let (mut answers, mut times) = (Vec::new(), Vec::new());
    for line in &lines {
        let line =
            line.strip_prefix("again ").map_or(Ok(*line), |number| number.parse().map(|n: usize| lines[n - 1]))?;
        let (function, input) = line.split_once(' ').ok_or("FUNCTION INPUT")?;
        let input = match input.strip_prefix('@') {
            Some(file) => fs::read(file)?,
            None => STANDARD.decode(input)?,
        };
        let begun = Instant::now();
        let answer = nodeploy.ask(function, &input);
        times.push(begun.elapsed());
        let (mark, answer) = match answer {
            Ok(answer) => (b'=', answer),
            Err(error) => (b'!', error.to_string().replace('\n', " ").into_bytes()),
        };
        answers.push(mark);
        answers.extend(answer);
        answers.push(b'\n');
    }
    fs::write(output, answers)?;
    times.sort();
    println!("{}", times[times.len() / 2].as_nanos() / 1000);
    Ok(())
}
