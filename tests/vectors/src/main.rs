//! `freeze-vectors fmt [--check]`: prints every table as it is to be written, or says which is not.
//! `freeze-vectors expand [WORDS]`: the cases, or those whose title has the words, one JSON document a line.

use std::fs;
use std::process::ExitCode;

use freeze_vectors::{Json, files, printed, vectors};
use serde_json::json;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match &words[..] {
        ["fmt"] => format(false),
        ["fmt", "--check"] => format(true),
        ["expand", words @ ..] => expand(&words.join(" ")),
        _ => Err("freeze-vectors fmt [--check] | expand [WORDS]".to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn format(only_check: bool) -> Result<(), String> {
    let mut others = Vec::new();
    for file in files().map_err(|error| error.to_string())? {
        let at = |error: String| format!("{}: {error}", file.display());
        let text = fs::read_to_string(&file).map_err(|error| at(error.to_string()))?;
        let wanted = printed(&serde_json::from_str::<Json>(&text).map_err(|error| at(error.to_string()))?);
        if text == wanted {
            continue;
        }
        others.push(file.display().to_string());
        if !only_check {
            fs::write(&file, wanted).map_err(|error| at(error.to_string()))?;
        }
    }
    // A table that cannot be expanded is told here, before any test.
    vectors()?;
    if only_check && !others.is_empty() {
        return Err(format!("not as `cargo xtask vectors fmt` writes it:\n  {}", others.join("\n  ")));
    }
    Ok(())
}

fn expand(words: &str) -> Result<(), String> {
    for vector in vectors()?.into_iter().filter(|vector| vector.title.contains(words)) {
        println!(
            "{}",
            json!({"title": vector.title, "call": vector.call, "reads": vector.reads, "answer": vector.answer})
        );
    }
    Ok(())
}
