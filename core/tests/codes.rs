//! The codes of answers stand in the pages, the types and the schema, too: none of them lacks one or has another.

use std::collections::BTreeSet;

use freeze_core::{Reason, WarningCode};

const README: &str = include_str!("../README.md");
const WINDOWS: &str = include_str!("../WINDOWS.md");
const EXCEPTIONS: &str = include_str!("../EXCEPTIONS.md");
const TYPES: &str = include_str!("../../npm/index.d.ts");
const SCHEMA: &str = include_str!("../../plugin/schema/answer.schema.json");

/// What stands between two texts.
#[track_caller]
fn between<'t>(text: &'t str, begin: &str, end: &str) -> &'t str {
    let (_, rest) = text.split_once(begin).unwrap_or_else(|| panic!("there is no `{begin}`"));
    rest.split_once(end).map_or(rest, |(text, _)| text)
}

/// The words in a kind of quotes.
fn quoted(text: &str, quote: char) -> BTreeSet<&str> {
    text.split(quote).skip(1).step_by(2).collect()
}

fn examples<'s>(schema: &'s str, of: &str) -> BTreeSet<&'s str> {
    let (_, rest) = schema.split_once(of).expect("the schema has it");
    quoted(between(rest, r#""examples": ["#, "]"), '"')
}

#[track_caller]
fn same<'c>(place: &str, found: impl IntoIterator<Item = &'c str>, wanted: &BTreeSet<&'c str>) {
    let found: BTreeSet<_> = found.into_iter().collect();
    let missing: Vec<_> = wanted.difference(&found).collect();
    let foreign: Vec<_> = found.difference(wanted).collect();
    assert!(missing.is_empty() && foreign.is_empty(), "{place} lacks {missing:?}, and core/src/codes.rs {foreign:?}");
}

#[test]
fn reasons() {
    let wanted: BTreeSet<_> = Reason::ALL.iter().map(|reason| reason.code()).collect();
    assert_eq!(wanted.len(), Reason::ALL.len(), "a code is given twice");
    same("npm/index.d.ts", quoted(between(TYPES, "export type Reason =", ";"), '\''), &wanted);
    same("plugin/schema/answer.schema.json", examples(SCHEMA, r#""reason": {"#), &wanted);
    let table = between(README, "# Codes of `reason`", "\n`status` decides");
    // Whose codes they are stands there as well, and keys of actions; those of exceptions have a page of their own.
    let words = quoted(table, '`');
    let is_told = |code: &&&str| words.contains(**code) || EXCEPTIONS.contains(&format!("`{code}`"));
    same("core/README.md or EXCEPTIONS.md", wanted.iter().filter(is_told).copied(), &wanted);
    let foreign: Vec<_> = words.iter().filter(|word| word.contains('_') && !wanted.contains(**word)).collect();
    assert!(foreign.is_empty(), "core/README.md has {foreign:?}");
}

#[test]
fn warnings() {
    let wanted: BTreeSet<_> = WarningCode::ALL.iter().map(|code| code.code()).collect();
    assert_eq!(wanted.len(), WarningCode::ALL.len(), "a code is given twice");
    same("npm/index.d.ts", quoted(between(TYPES, "export type WarningCode =", ";"), '\''), &wanted);
    same("plugin/schema/answer.schema.json", examples(SCHEMA, r#""warning": {"#), &wanted);
    // In code blocks the quotes may be odd: each page is asked for each code.
    let is_told = |code: &&&str| [README, WINDOWS, EXCEPTIONS].iter().any(|page| page.contains(&format!("`{code}`")));
    same("core/README.md, WINDOWS.md or EXCEPTIONS.md", wanted.iter().filter(is_told).copied(), &wanted);
}
