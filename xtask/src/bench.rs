//! `cargo xtask bench`: the speeds and sizes that were promised, beside what they are promised
//! against, measured in one run. It reports; only something that does not work makes it fail.

use std::process::Command;

use crate::build;
use crate::package::package;
use crate::places::Places;
use crate::run::{Outcome, Stop, succeed, watch};
use crate::set_up::{Need, set_up};
use crate::temporary::TemporaryFolder;

/// In xtask/bench. Each is given a folder to work in; a line that it prints is for the table if it
/// begins with `row`.
const SCRIPTS: [&str; 7] = ["wasm.mjs", "gate.mjs", "history.mjs", "past.mjs", "page.mjs", "parsers.mjs", "sizes.mjs"];

/// The same, for a folder in which core/benches/windows has written what it asks.
const WINDOW_SCRIPTS: [&str; 2] = ["windows.mjs", "rivals.mjs"];

/// What the native core may take for a call of 1 KB, in nanoseconds.
const NATIVE_LIMIT: f64 = 3000.0;

const HEADING: &str = "WHAT\tMEASURED\tOUT OF\tLIMIT\tUSED";

pub(crate) fn bench(places: &Places) -> Outcome {
    let packages = ["npm", "tests/kosli", "tests/page", "xtask/bench"].map(Need::Npm);
    set_up(places, &[Need::Wasm].into_iter().chain(packages).collect::<Vec<_>>())?;
    build::wasm(places)?;
    package(places)?;
    let mut rows = vec![HEADING.to_owned()];
    rows.extend(native(places)?);
    for name in SCRIPTS {
        rows.extend(script(places, name, &TemporaryFolder::new()?)?);
    }
    rows.extend(fleet(places)?);
    rows.extend(windows(places)?);
    println!("\n{}", table(&rows));
    Ok(())
}

/// Many environments: natively, then as wasm and beside V8.
fn fleet(places: &Places) -> Outcome<Vec<String>> {
    let folder = TemporaryFolder::new()?;
    eprintln!("bench: the native core, with many environments");
    let mut native = Command::new("cargo");
    native.args(["bench", "--quiet", "--locked", "--package", "freeze-core", "--bench", "fleet", "--"]);
    rows_of(native.arg(&folder.0).current_dir(&places.root))?;
    script(places, "fleet.mjs", &folder)
}

/// Policies of many freeze windows: natively, as wasm, and beside what others take for the same.
fn windows(places: &Places) -> Outcome<Vec<String>> {
    let folder = TemporaryFolder::new()?;
    eprintln!("bench: the native core, with freeze windows");
    let mut native = Command::new("cargo");
    native.args(["bench", "--quiet", "--locked", "--package", "freeze-core", "--bench", "windows", "--"]);
    let mut rows = rows_of(native.arg(&folder.0).current_dir(&places.root))?;
    eprintln!("bench: established crates, which are compiled first");
    let mut rivals = Command::new("cargo");
    rivals.args(["run", "--quiet", "--locked", "--release", "--target-dir"]);
    rivals.arg(places.target.join("nodeploy").join("rivals")).arg("--").arg(&folder.0);
    rows.extend(rows_of(rivals.current_dir(places.root.join("xtask").join("bench").join("rivals")))?);
    for name in WINDOW_SCRIPTS {
        rows.extend(script(places, name, &folder)?);
    }
    Ok(rows)
}

fn script(places: &Places, name: &str, folder: &TemporaryFolder) -> Outcome<Vec<String>> {
    eprintln!("bench: {name}");
    rows_of(Command::new("node").arg(places.root.join("xtask").join("bench").join(name)).arg(&folder.0))
}

/// Runs something that must succeed, and keeps its rows.
fn rows_of(command: &mut Command) -> Outcome<Vec<String>> {
    let mut rows = Vec::new();
    let status = watch(command, |line| match line.strip_prefix("row\t") {
        Some(row) => rows.push(row.to_owned()),
        None => eprintln!("       {line}"),
    })?;
    succeed(command, status)?;
    Ok(rows)
}

/// Runs core/benches/plan.rs, and makes a row of each of its `NAME: median N ns, …`; what it compares it says itself.
fn native(places: &Places) -> Outcome<Vec<String>> {
    eprintln!("bench: the native core");
    let mut cargo = Command::new("cargo");
    cargo.args(["bench", "--quiet", "--locked", "--package", "freeze-core", "--bench", "plan"]);
    let mut rows = Vec::new();
    let status = watch(cargo.current_dir(&places.root), |line| {
        eprintln!("       {line}");
        rows.extend(native_row(line).or_else(|| line.strip_prefix("row\t").map(str::to_owned)));
    })?;
    succeed(&cargo, status)?;
    if rows.is_empty() {
        Err(Stop::Failed("core/benches/plan.rs printed no `NAME: median N ns, …`".into()))
    } else {
        Ok(rows)
    }
}

fn native_row(line: &str) -> Option<String> {
    let (name, rest) = line.split_once(": median ")?;
    let (median, rest) = rest.split_once(" ns, ")?;
    let fastest = rest.split(',').next()?;
    let median: f64 = median.parse().ok()?;
    let (took, limit, used) = (median / 1000.0, NATIVE_LIMIT / 1000.0, median / NATIVE_LIMIT * 100.0);
    Some(format!("plan, 1 KB, a gate that is {name}, native\t{took:.1} µs\t{fastest}\t{limit:.1} µs\t{used:.0} %"))
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
