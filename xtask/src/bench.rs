//! `cargo xtask bench`: the speeds and sizes that were promised, beside what they are promised
//! against, measured in one run. It reports; only something that does not work makes it fail.

use std::process::Command;

use crate::build;
use crate::places::Places;
use crate::run::{Outcome, Stop, succeed, watch};
use crate::set_up::{Need, set_up};

/// In xtask/bench. A line that they print is for the table if it begins with `row`.
const SCRIPTS: [&str; 4] = ["wasm.mjs", "gate.mjs", "history.mjs", "sizes.mjs"];

/// What the native core may take for a call of 1 KB, in nanoseconds.
const NATIVE_LIMIT: f64 = 3000.0;

const HEADING: &str = "WHAT\tMEASURED\tOUT OF\tLIMIT\tUSED";

pub(crate) fn bench(places: &Places) -> Outcome {
    set_up(places, &[Need::Wasm, Need::Npm("npm")])?;
    build::wasm(places)?;
    let mut rows = vec![HEADING.to_owned(), native(places)?];
    for script in SCRIPTS {
        eprintln!("bench: {script}");
        let mut node = Command::new("node");
        node.arg(places.root.join("xtask").join("bench").join(script));
        let status = watch(&mut node, |line| match line.strip_prefix("row\t") {
            Some(row) => rows.push(row.to_owned()),
            None => eprintln!("       {line}"),
        })?;
        succeed(&node, status)?;
    }
    println!("\n{}", table(&rows));
    Ok(())
}

/// Runs core/benches/plan.rs.
fn native(places: &Places) -> Outcome<String> {
    eprintln!("bench: the native core");
    let mut cargo = Command::new("cargo");
    cargo.args(["bench", "--quiet", "--locked", "--package", "freeze-core", "--bench", "plan"]);
    let mut printed = String::new();
    let status = watch(cargo.current_dir(&places.root), |line| {
        eprintln!("       {line}");
        line.clone_into(&mut printed);
    })?;
    succeed(&cargo, status)?;
    let median = printed.strip_prefix("median ").and_then(|rest| rest.split(' ').next()?.parse::<f64>().ok());
    let median = median.ok_or_else(|| Stop::Failed("core/benches/plan.rs does not end with `median N ns`".into()))?;
    Ok(format!(
        "plan, 1 KB call, native\t{:.2} µs\t\t{:.0} µs\t{:.0} %",
        median / 1000.0,
        NATIVE_LIMIT / 1000.0,
        median / NATIVE_LIMIT * 100.0
    ))
}

/// Lays out lines of cells that tabs part: the first column to the left, figures to the right.
fn table(rows: &[String]) -> String {
    let rows: Vec<Vec<&str>> = rows.iter().map(|row| row.split('\t').collect()).collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let line = |row: &Vec<&str>| {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, &width))| match column {
            0 => format!("{cell:<width$}"),
            _ => format!("{cell:>width$}"),
        });
        cells.collect::<Vec<_>>().join("   ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn figures_are_ranged_right_by_characters() {
        let rows = ["WHAT\tMEASURED\tLIMIT", "plan\t1.9 µs\t3 µs", "size\t10 KB\t"].map(str::to_owned);
        assert_eq!(table(&rows), "WHAT   MEASURED   LIMIT\nplan     1.9 µs    3 µs\nsize      10 KB");
    }
}
