//! Which environments of Kosli's list are meant: names and globs, and the members of logical ones.

use std::collections::{BTreeMap, BTreeSet};

use crate::answer::Selected;
use crate::budget::Budget;
use crate::error::Error;
use crate::glob::matches;
use crate::kosli::documents::environment::Entry;
use crate::text::{MOST_SLIPS, slips};

/// Those that `globs` mean, by name. A glob that fits nothing is an error, also one that leaves out: whoever wrote it
/// meant something.
pub(crate) fn select(entries: &[Entry], globs: &[String], budget: &Budget) -> Result<Vec<Selected>, Error> {
    let bad_call = |detail: String| Error::BadCall { detail };
    let (left_out, meant): (Vec<&str>, Vec<&str>) =
        globs.iter().map(String::as_str).partition(|glob| glob.starts_with('!'));
    if entries.is_empty() {
        return Err(Error::NothingSelected {});
    }
    let left_out: BTreeSet<_> = fitting(entries, left_out.iter().map(|glob| &glob[1..]), budget)?;
    let mut of: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut unseen: Vec<&str> = fitting(entries, meant.into_iter(), budget)?.into_iter().collect();
    unseen.retain(|name| !left_out.contains(name));
    for name in &unseen {
        of.entry(name).or_default();
    }
    while let Some(name) = unseen.pop() {
        let members = entry_of(entries, name).and_then(|entry| entry.environment.members.as_deref());
        for member in members.into_iter().flatten().map(String::as_str).filter(|member| !left_out.contains(member)) {
            if !of.contains_key(member) {
                unseen.push(member);
            }
            of.entry(member).or_default().insert(name);
        }
    }
    if budget.is_spent() {
        return Err(bad_call(
            "`environments` has too many globs for so many environments; fewer and broader ones do".to_owned(),
        ));
    }
    if of.is_empty() {
        return Err(Error::NothingSelected {});
    }
    let selected = of.into_iter().map(|(name, of)| {
        let found = entry_of(entries, name).map(|entry| &entry.environment);
        Selected {
            environment: name.to_owned(),
            kind: found.and_then(|found| found.traits.kind.clone()),
            of: of.into_iter().map(str::to_owned).collect(),
            members: found.and_then(|found| found.members.clone()),
        }
    });
    Ok(selected.collect())
}

/// The names that some glob fits.
fn fitting<'l, 'g>(
    entries: &'l [Entry],
    globs: impl Iterator<Item = &'g str>,
    budget: &Budget,
) -> Result<BTreeSet<&'l str>, Error> {
    let mut names = BTreeSet::new();
    for glob in globs {
        let before = names.len();
        let mut is_known = false;
        for name in fits(entries, glob, budget) {
            is_known = true;
            names.insert(name);
        }
        if !is_known && names.len() == before && !budget.is_spent() {
            return Err(unlisted(entries, glob));
        }
    }
    Ok(names)
}

/// The names of the list that a glob fits.
pub(crate) fn fits<'l>(entries: &'l [Entry], glob: &str, budget: &Budget) -> impl Iterator<Item = &'l str> {
    let range = if is_name(glob) {
        let at = entries.binary_search_by(|entry| entry.environment.name.as_str().cmp(glob));
        at.map_or(0..0, |at| at..at + 1)
    } else {
        0..entries.len()
    };
    let names = entries[range].iter().map(|entry| entry.environment.name.as_str());
    names.filter(move |name| matches(glob, name, budget))
}

fn is_name(glob: &str) -> bool {
    !glob.contains(['*', '?'])
}

fn unlisted(entries: &[Entry], glob: &str) -> Error {
    let detail = if is_name(glob) {
        let near = |name: &&str| slips(glob.as_bytes(), name.as_bytes());
        let names = entries.iter().map(|entry| entry.environment.name.as_str());
        let nearest = names.min_by_key(near).filter(|name| near(name) <= MOST_SLIPS.min(glob.len() / 3));
        let hint = nearest.map_or_else(String::new, |name| format!("; did you mean `{name}`?"));
        format!("has no environment `{glob}`{hint}")
    } else {
        format!("has no environment that `{glob}` fits")
    };
    Error::NotListed { detail }
}

pub(crate) fn entry_of<'l>(entries: &'l [Entry], name: &str) -> Option<&'l Entry> {
    entries.binary_search_by(|entry| entry.environment.name.as_str().cmp(name)).ok().map(|at| &entries[at])
}
