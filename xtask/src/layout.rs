//! The layers: which file imports from which, read from the sources and held against layers.txt.

mod imports;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::places::Places;
use crate::run::{Outcome, Stop};
use imports::{Arrow, Tree};

/// Beside this file; read when it is asked for, so that an older tree can be held against a list of its own.
const LAYERS: &str = "xtask/src/layers.txt";

/// Fails when an import climbs to a higher layer, or files import each other in a circle.
pub(crate) fn check(places: &Places) -> Outcome {
    let list = fs::read_to_string(places.root.join(LAYERS))
        .map_err(|error| Stop::Failed(format!("{LAYERS} cannot be read: {error}")))?;
    let mut complaints = Vec::new();
    for (folder, layers) in sections(&list) {
        let tree = Tree::read(&places.root.join(folder))
            .map_err(|error| Stop::Failed(format!("{folder} cannot be read: {error}")))?;
        let found = complaints_of(&layers, &tree);
        println!("{folder}: {} files, {} imports, {} layers", tree.files.len(), tree.arrows.len(), layers.len());
        complaints.extend(found.into_iter().map(|complaint| format!("{folder}/{complaint}")));
    }
    if complaints.is_empty() {
        return Ok(());
    }
    Err(Stop::Failed(format!("{} against {LAYERS}:\n  {}", complaints.len(), complaints.join("\n  "))))
}

/// The folders of the list, each with its layers from top to bottom.
fn sections(list: &str) -> Vec<(&str, Vec<Vec<&str>>)> {
    let mut sections: Vec<(&str, Vec<Vec<&str>>)> = Vec::new();
    for line in list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match (line.strip_prefix('[').and_then(|line| line.strip_suffix(']')), sections.last_mut()) {
            (Some(folder), _) => sections.push((folder, Vec::new())),
            (None, Some((_, layers))) => layers.push(line.split_whitespace().collect()),
            (None, None) => {}
        }
    }
    sections
}

fn complaints_of(layers: &[Vec<&str>], tree: &Tree) -> Vec<String> {
    let layer_of = |file: &str| {
        let first = file.split('/').next().unwrap_or(file);
        let stem = Path::new(first).file_stem().and_then(|stem| stem.to_str()).unwrap_or(first);
        // `cli.js` is a layer above `cli`.
        let exact = layers.iter().position(|layer| layer.contains(&first));
        exact.or_else(|| layers.iter().position(|layer| layer.contains(&stem)))
    };
    let homeless = tree.files.iter().filter(|file| layer_of(file).is_none());
    let homeless = homeless.map(|file| format!("{file} is in no layer"));
    let climbing =
        tree.arrows.iter().filter(|arrow| layer_of(&arrow.to).is_some_and(|to| layer_of(&arrow.from) > Some(to)));
    let climbing = climbing.map(|Arrow { from, line, to }| format!("{from}:{line} climbs to {to}"));
    let circles = circles(&tree.arrows).into_iter().map(|circle| format!("{} import each other", circle.join(", ")));
    homeless.chain(climbing.collect::<BTreeSet<_>>()).chain(circles).collect()
}

/// The files that come back to themselves, those that do so together in one list; the largest first.
fn circles(arrows: &[Arrow]) -> Vec<Vec<&str>> {
    let mut next: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for arrow in arrows {
        next.entry(&arrow.from).or_default().insert(&arrow.to);
    }
    let reached: BTreeMap<&str, BTreeSet<&str>> = next.keys().map(|file| (*file, reach(&next, file))).collect();
    let mut circles: Vec<Vec<&str>> = Vec::new();
    for (file, far) in &reached {
        let together = |other: &&&str| reached.get(**other).is_some_and(|back| back.contains(file));
        let circle: Vec<&str> = far.iter().filter(together).copied().collect();
        if far.contains(file) && circle.first() == Some(file) {
            circles.push(circle);
        }
    }
    circles.sort_by_key(|circle| std::cmp::Reverse(circle.len()));
    circles
}

/// Every file that can be come to from `file`.
fn reach<'f>(next: &BTreeMap<&'f str, BTreeSet<&'f str>>, file: &'f str) -> BTreeSet<&'f str> {
    let (mut seen, mut left) = (BTreeSet::new(), vec![file]);
    while let Some(file) = left.pop() {
        left.extend(next.get(file).into_iter().flatten().filter(|file| seen.insert(**file)));
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::imports::Tree;
    use super::{complaints_of, sections};

    #[track_caller]
    fn check(list: &str, files: &[(&str, &str)], complaints: &[&str]) {
        let files = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        assert_eq!(complaints_of(&sections(list)[0].1, &Tree::of(files)), complaints);
    }

    #[test]
    fn an_import_may_go_down_and_not_up() {
        let files =
            [("lib.rs", "mod a;\nmod b;\nuse b::B;\n"), ("a.rs", "use crate::b::B;\n"), ("b.rs", "struct B;\n")];
        check("[x]\nlib\na\nb", &files, &[]);
        check("[x]\nlib\nb\na", &files, &["a.rs:1 climbs to b.rs"]);
        check("[x]\nlib\na", &files, &["b.rs is in no layer"]);
    }

    #[test]
    fn files_of_one_layer_may_import_each_other_but_not_in_a_circle() {
        let files = [
            ("a.rs", "mod one;\nmod two;\npub(crate) use one::{One, Three};\npub use two::Two;\n"),
            ("a/one.rs", "use super::two::Two;\npub(crate) fn one() { crate::a::Two::new() }\n"),
            ("a/two.rs", "use std::rc::Rc;\nuse super::{\n    One,\n};\n"),
        ];
        check("[x]\na", &files, &["a/one.rs, a/two.rs import each other"]);
        let files = [files[0], ("a/one.rs", "use super::two::Two;\n"), ("a/two.rs", "struct Two;\n")];
        check("[x]\na", &files, &[]);
    }

    #[test]
    fn what_tests_and_comments_import_does_not_count() {
        let tests = "//! See crate::b::B.\n#[cfg(test)]\nmod tests {\n    use crate::b::B;\n}\n";
        check("[x]\nb\na", &[("a.rs", tests), ("a/tests.rs", "use crate::b::B;"), ("b.rs", "")], &[]);
    }

    #[test]
    fn imports_of_javascript() {
        let files = [
            ("cli.js", "import {main} from './cli/main.js';\n"),
            ("cli/main.js", "import fs from 'node:fs';\nconst {late} = await import('./late.js');\n"),
            ("cli/late.js", "import {\n  one,\n} from '../cli.js';\n// import './main.js'\n"),
        ];
        check(
            "[x]\ncli.js\ncli",
            &files,
            &["cli/late.js:3 climbs to cli.js", "cli.js, cli/late.js, cli/main.js import each other"],
        );
    }
}
