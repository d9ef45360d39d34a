//! The contract's tables, `tests/vectors/*.json`: read, and expanded to what a host is asked and has to answer.
//!
//! The format is in `README.md` beside them. What expands is here alone: a host gets a call's text.

mod json;
mod names;
mod print;
mod table;

use std::path::{Path, PathBuf};
use std::{fs, io};

use serde_json::Value;

pub use json::Json;
use names::Names;
pub use print::printed;
use table::Table;

/// What is shared by every table.
const SHARED: &str = "shared.json";

/// A case, expanded.
#[derive(Debug)]
pub struct Vector {
    /// The table and the case's title.
    pub title: String,
    /// The call's text: hosts send text, and some calls are not JSON.
    pub call: String,
    /// The reads that are expected; none if the case is not about them.
    pub reads: Option<Value>,
    /// The answer that is expected, or the part of it that the case is about.
    pub answer: Option<Value>,
}

/// Every case of every table, in the order of the tables' names.
///
/// # Errors
///
/// Returns what is wrong with a table, and where.
pub fn vectors() -> Result<Vec<Vector>, String> {
    let mut names = Names::default();
    Table::read(&folder().join(SHARED))?.share(&mut names)?;
    let mut vectors = Vec::new();
    for file in files().map_err(|error| format!("tests/vectors cannot be read: {error}"))? {
        if !file.ends_with(SHARED) {
            vectors.extend(Table::read(&file)?.vectors(&names)?);
        }
    }
    Ok(vectors)
}

/// The tables, sorted.
///
/// # Errors
///
/// Returns why the folder cannot be read.
pub fn files() -> io::Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder())?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    Ok(files)
}

fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
