//! Who imports from whom, in Rust and in JavaScript: read from the text, by how both are written here.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

/// Folders that are not ours, or that nothing but tests reads.
const SKIPPED: [&str; 5] = ["node_modules", "test", "tests", "wasm", "target"];

/// The sources below a folder.
pub(super) struct Tree {
    pub(super) files: Vec<String>,
    pub(super) arrows: Vec<Arrow>,
}

/// `from` imports something that `to` has.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Arrow {
    pub(super) from: String,
    pub(super) line: usize,
    pub(super) to: String,
}

impl Tree {
    pub(super) fn read(folder: &Path) -> io::Result<Self> {
        let mut files = BTreeMap::new();
        collect(folder, "", &mut files)?;
        Ok(Self::of(files))
    }

    pub(super) fn of(mut files: BTreeMap<String, String>) -> Self {
        files.retain(|name, _| !is_test(name));
        let texts: BTreeMap<&str, String> = files.iter().map(|(name, text)| (&**name, code(text))).collect();
        let crates = Crate::of(&texts);
        let mut arrows = Vec::new();
        for (name, text) in &texts {
            let targets = if is_rust(name) { crates.targets(name, text) } else { modules(name, text) };
            for (line, to) in
                targets.into_iter().filter(|(_, to)| to != name && (is_rust(to) || texts.contains_key(&**to)))
            {
                arrows.push(Arrow { from: (*name).to_owned(), line, to });
            }
        }
        arrows.sort();
        arrows.dedup();
        Self { files: files.into_keys().collect(), arrows }
    }
}

fn collect(folder: &Path, below: &str, files: &mut BTreeMap<String, String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{below}{name}");
        if entry.file_type()?.is_dir() {
            if !SKIPPED.contains(&&*name) {
                collect(&entry.path(), &format!("{path}/"), files)?;
            }
        } else if is_rust(&name) || has_extension(&name, "js") {
            files.insert(path, fs::read_to_string(entry.path())?);
        }
    }
    Ok(())
}

fn is_rust(name: &str) -> bool {
    has_extension(name, "rs")
}

fn has_extension(name: &str, extension: &str) -> bool {
    Path::new(name).extension().is_some_and(|found| found == extension)
}

fn is_test(name: &str) -> bool {
    name.split('/').any(|part| matches!(part, "test.rs" | "tests.rs" | "tests"))
}

/// The text without comments and without the tests at its end; as many lines as before.
fn code(text: &str) -> String {
    let text = text.split_once("#[cfg(test)]\nmod tests {").map_or(text, |(code, _)| code);
    let lines = text.lines().map(|line| if line.trim_start().starts_with("//") { "" } else { line });
    lines.collect::<Vec<_>>().join("\n")
}

fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// The files that a JavaScript module imports.
fn modules(name: &str, text: &str) -> Vec<(usize, String)> {
    let begins = ["from '", "import '", "import('"].into_iter().flat_map(|begin| text.match_indices(begin));
    let mut found = Vec::new();
    for (at, begin) in begins {
        let Some((path, _)) = text[at + begin.len()..].split_once('\'') else { continue };
        if path.starts_with('.') {
            found.push((line_of(text, at), joined(name, path)));
        }
    }
    found
}

/// `kosli/http.js` and `../loop/pause.js` make `loop/pause.js`.
fn joined(file: &str, path: &str) -> String {
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The modules of a crate, and what each gives on from elsewhere.
struct Crate {
    /// The files by the paths of their modules, `["plan", "work"]`.
    files: BTreeMap<Vec<String>, String>,
    /// By module and name: the path that the name is another name for.
    given_on: BTreeMap<(Vec<String>, String), Vec<String>>,
}

impl Crate {
    fn of(texts: &BTreeMap<&str, String>) -> Self {
        let rust = || texts.iter().filter(|(name, _)| is_rust(name));
        let files = rust().map(|(name, _)| (module(name), (*name).to_owned())).collect();
        let mut known = Self { files, given_on: BTreeMap::new() };
        for (name, text) in rust() {
            for (_, path) in known.paths(name, text, &["use "]) {
                if let Some(last) = path.last() {
                    known.given_on.insert((module(name), last.clone()), path);
                }
            }
        }
        known
    }

    fn targets(&self, name: &str, text: &str) -> Vec<(usize, String)> {
        let found = self.paths(name, text, &["use ", "crate::", "super::"]).into_iter();
        found.filter_map(|(line, path)| Some((line, self.file_of(&path, 8)?))).collect()
    }

    /// The paths into this crate that follow these words, from its root.
    fn paths(&self, name: &str, text: &str, words: &[&str]) -> Vec<(usize, Vec<String>)> {
        let mut found = Vec::new();
        let begins = words.iter().flat_map(|word| text.match_indices(word));
        let begins = begins.filter(|(at, _)| is_word_start(text, *at));
        for (at, begin) in begins {
            let begin = if begin == "use " { at + begin.len() } else { at };
            for path in leaves(&text[begin..]) {
                found.extend(self.absolute(&module(name), &path).map(|path| (line_of(text, at), path)));
            }
        }
        found
    }

    /// `None` for another crate's.
    fn absolute(&self, here: &[String], path: &[String]) -> Option<Vec<String>> {
        let ups = path.iter().take_while(|part| *part == "super").count();
        let rest = path.iter().skip_while(|part| matches!(&***part, "super" | "crate" | "self"));
        let base = match &**path.first()? {
            "crate" => &[],
            "super" => &here[..here.len().saturating_sub(ups)],
            "self" => here,
            child if self.files.contains_key(&[here, &[child.to_owned()]].concat()) => here,
            _ => return None,
        };
        Some(base.iter().chain(rest).cloned().collect())
    }

    /// The file that has what the path names.
    fn file_of(&self, path: &[String], depth: usize) -> Option<String> {
        let known = (0..=path.len()).rev().find(|length| self.files.contains_key(&path[..*length]))?;
        let module = &path[..known];
        let from = path.get(known).and_then(|name| self.given_on.get(&(module.to_vec(), name.clone())));
        match from.filter(|from| depth > 0 && **from != path) {
            Some(from) => self.file_of(from, depth - 1),
            None => self.files.get(module).cloned(),
        }
    }
}

fn is_word_start(text: &str, at: usize) -> bool {
    text[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric() && !"_:".contains(before))
}

/// `plan/work.rs` is `plan::work`; `lib.rs` is the crate.
fn module(name: &str) -> Vec<String> {
    let path = name.trim_end_matches(".rs");
    if path == "lib" { Vec::new() } else { path.split('/').map(str::to_owned).collect() }
}

/// The paths of a tree such as `a::{b, c::{d, self}}`, which the text begins with.
fn leaves(text: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut prefixes: Vec<Vec<String>> = Vec::new();
    let mut path: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut is_alias = false;
    let mut end = |path: &mut Vec<String>, word: &mut String| {
        let last = std::mem::take(word);
        if !last.is_empty() && last != "self" {
            path.push(last);
        }
        if !path.is_empty() {
            found.push(std::mem::take(path));
        }
    };
    for letter in text.chars() {
        match letter {
            _ if letter.is_alphanumeric() || letter == '_' => {
                if !is_alias {
                    word.push(letter);
                }
            }
            ':' if !word.is_empty() => path.push(std::mem::take(&mut word)),
            ':' => {}
            '{' => {
                prefixes.push(path.clone());
            }
            ',' | '}' if !prefixes.is_empty() => {
                if !word.is_empty() {
                    end(&mut path, &mut word);
                }
                is_alias = false;
                if letter == '}' {
                    prefixes.pop();
                }
                path = prefixes.last().cloned().unwrap_or_default();
                if prefixes.is_empty() {
                    return found;
                }
            }
            ' ' | '\n' if !word.is_empty() && !prefixes.is_empty() => is_alias = true,
            ' ' | '\n' if !prefixes.is_empty() => {}
            _ => break,
        }
    }
    end(&mut path, &mut word);
    found
}
