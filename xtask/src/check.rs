//! `cargo xtask test`: every check and test of the repository, up to the first failure.

use std::time::{Duration, Instant};

use crate::lanes;
use crate::places::Places;
use crate::run::{Outcome, Stop, spoken};
use crate::set_up::{Need, set_up};
use crate::steps::{LONG, STEPS, Step};
use crate::tally::Tally;

/// What became of a step.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) time: Duration,
    pub(crate) tally: Tally,
}

/// Runs all steps but the long ones, side by side.
pub(crate) fn all(places: &Places) -> Outcome {
    let begun = Instant::now();
    let mut rows = vec![prepare(places)?];
    let (more, outcome) = lanes::run(places, &STEPS);
    rows.extend(more);
    report(rows, begun.elapsed());
    outcome?;
    for Step { name, about, .. } in &LONG {
        println!("not run: {name}, {about}; it takes minutes: cargo xtask test {name}");
    }
    Ok(())
}

/// Runs the steps of these names, one after the other, each after those that make what it uses.
pub(crate) fn named(places: &Places, names: &[&str]) -> Outcome {
    let mut steps = Vec::new();
    names.iter().try_for_each(|name| add(&mut steps, name))?;
    let begun = Instant::now();
    let mut rows = vec![prepare(places)?];
    for step in steps {
        let begun = Instant::now();
        let (tally, outcome) = one_step(places, step);
        rows.push(Row { name: step.name, time: begun.elapsed(), tally });
        if let Err(stop) = outcome {
            if let Stop::Failed(_) = stop {
                report(rows, begun.elapsed());
            }
            return Err(stop.explained(|why| format!("{why}\nto see it alone: cargo xtask test {}", step.name)));
        }
    }
    report(rows, begun.elapsed());
    Ok(())
}

/// Runs one step; what it needs is there.
pub(crate) fn step(places: &Places, name: &str) -> Outcome {
    one_step(places, find(name)?).1
}

fn add(steps: &mut Vec<&'static Step>, name: &str) -> Outcome {
    let step = find(name)?;
    step.after.iter().try_for_each(|name| add(steps, name))?;
    if steps.iter().all(|other| other.name != step.name) {
        steps.push(step);
    }
    Ok(())
}

fn find(name: &str) -> Outcome<&'static Step> {
    let every = || STEPS.iter().chain(&LONG);
    every().find(|step| step.name == name).ok_or_else(|| {
        let known = every().map(|step| step.name).collect::<Vec<_>>().join(", ");
        Stop::Failed(format!("there is no step `{name}`; there are: {known}"))
    })
}

fn prepare(places: &Places) -> Outcome<Row> {
    let begun = Instant::now();
    let packages = ["npm", "npm/pipelines", "tests/kosli", "tests/oracle", "tests/hosts", "tests/page"].map(Need::Npm);
    set_up(places, &[Need::Lints, Need::Wasm].into_iter().chain(packages).collect::<Vec<_>>())?;
    Ok(Row { name: "set-up", time: begun.elapsed(), tally: Tally::default() })
}

fn one_step(places: &Places, step: &Step) -> (Tally, Outcome) {
    println!("\n== {}: {}", step.name, step.about);
    let begun = Instant::now();
    let mut tally = Tally::default();
    let outcome = (step.run)(places, &mut tally);
    if let Err(Stop::Failed(_)) = &outcome {
        tally.failed = tally.failed.max(1);
    }
    println!("== {}: {tally}, {}", step.name, spoken(begun.elapsed()));
    (tally, outcome)
}

fn report(rows: Vec<Row>, took: Duration) {
    let mut all = Tally::default();
    println!();
    for Row { name, time, tally } in rows {
        println!(
            "{name:<9}{:>14}   {}",
            spoken(time),
            if tally == Tally::default() { String::new() } else { tally.to_string() }
        );
        all.add(tally);
    }
    println!("\n{all}, {}", spoken(took));
}

#[cfg(test)]
mod tests {
    use super::add;

    #[test]
    fn a_step_is_run_once_and_after_what_makes_what_it_uses() {
        for (asked, run) in [
            (&["layout"][..], &["layout"][..]),
            (&["npm"], &["wasm", "npm"]),
            (&["examples", "npm", "wasm"], &["wasm", "plugin", "examples", "npm"]),
            (&["docs", "docs"], &["docs"]),
        ] {
            let mut steps = Vec::new();
            assert!(asked.iter().try_for_each(|name| add(&mut steps, name)).is_ok());
            assert_eq!(steps.iter().map(|step| step.name).collect::<Vec<_>>(), run);
        }
        assert!(add(&mut Vec::new(), "nonsense").is_err());
    }
}
