//! The calls of `tests/vectors`, as they stand there.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
struct File {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    title: String,
    call: Option<Box<RawValue>>,
    call_text: Option<String>,
}

/// Every case's call; an error if there is none, or one without a call.
pub(crate) fn calls(folder: &Path) -> Result<Vec<Vec<u8>>, Box<dyn Error>> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let mut calls = Vec::new();
    for file in files {
        let name = file.display();
        let text = fs::read_to_string(&file)?;
        let File { cases } = serde_json::from_str(&text).map_err(|error| format!("{name}: {error}"))?;
        for Case { title, call, call_text } in cases {
            let text = call.map(|call| call.get().to_owned()).or(call_text);
            calls.push(text.ok_or_else(|| format!("{name}: `{title}` has no call"))?.into_bytes());
        }
    }
    if calls.is_empty() { Err(format!("{} has no vectors", folder.display()).into()) } else { Ok(calls) }
}
