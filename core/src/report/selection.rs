//! Which environments of Kosli's list are meant: names and globs, and the members of logical ones.

use std::collections::{BTreeMap, BTreeSet};

use crate::answer::Selected;
use crate::budget::Budget;
use crate::error::Error;
use crate::glob::matches;
use crate::kosli::documents::environment::Entry;
use crate::order;
use crate::text::{MOST_SLIPS, slips};

/// One that is meant, and what the list has of it.
pub(crate) struct Meant<'l> {
    pub(crate) selected: Selected,
    /// `None`: a member that the list does not have.
    pub(crate) entry: Option<&'l Entry>,
}

/// Those that `globs` mean, by name. A glob that fits nothing is an error, also one that leaves out: whoever wrote it
/// meant something.
pub(crate) fn select<'l>(entries: &'l [Entry], globs: &[String], budget: &Budget) -> Result<Vec<Meant<'l>>, Error> {
    let bad_call = |detail: String| Error::BadCall { detail };
    let (left_out, meant): (Vec<&str>, Vec<&str>) =
        globs.iter().map(String::as_str).partition(|glob| glob.starts_with('!'));
    if entries.is_empty() {
        return Err(Error::NothingSelected {});
    }
    let left_out = fitting(entries, left_out.iter().map(|glob| &glob[1..]), budget)?;
    // Each is searched for in the list once, and those that globs fit not at all: a list can be long.
    let meant = fitting(entries, meant.into_iter(), budget)?.into_iter();
    let meant = meant.filter(|(name, _)| !left_out.contains_key(name));
    let mut of = order::map(meant.map(|(name, entry)| (name, (Some(entry), BTreeSet::new()))));
    let mut unseen: Vec<&Entry> = of.values().filter_map(|(entry, _)| *entry).collect();
    while let Some(entry) = unseen.pop() {
        let members = entry.environment.members.iter().flatten().map(String::as_str);
        for member in members.filter(|member| !left_out.contains_key(member)) {
            let (_, of) = of.entry(member).or_insert_with(|| {
                let entry = entry_of(entries, member);
                unseen.extend(entry);
                (entry, BTreeSet::new())
            });
            of.insert(entry.environment.name.as_str());
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
    let meant = of.into_iter().map(|(name, (entry, of))| {
        let found = entry.map(|entry| &entry.environment);
        let selected = Selected {
            environment: name.to_owned(),
            kind: found.and_then(|found| found.traits.kind.clone()),
            of: of.into_iter().map(str::to_owned).collect(),
            members: found.and_then(|found| found.members.clone()),
            past: None,
        };
        Meant { selected, entry }
    });
    Ok(meant.collect())
}

/// Those that some glob fits, by name.
fn fitting<'l, 'g>(
    entries: &'l [Entry],
    globs: impl Iterator<Item = &'g str>,
    budget: &Budget,
) -> Result<BTreeMap<&'l str, &'l Entry>, Error> {
    let mut all = BTreeMap::new();
    for glob in globs {
        let mut is_known = false;
        for entry in fits(entries, glob, budget) {
            is_known = true;
            all.insert(entry.environment.name.as_str(), entry);
        }
        if !is_known && !budget.is_spent() {
            return Err(unlisted(entries, glob, budget));
        }
    }
    Ok(all)
}

/// Those of the list that a glob fits.
pub(crate) fn fits<'l>(entries: &'l [Entry], glob: &str, budget: &Budget) -> impl Iterator<Item = &'l Entry> {
    let range = if is_name(glob) {
        let at = entries.binary_search_by(|entry| entry.environment.name.as_str().cmp(glob));
        at.map_or(0..0, |at| at..at + 1)
    } else {
        0..entries.len()
    };
    entries[range].iter().filter(move |entry| matches(glob, &entry.environment.name, budget))
}

fn is_name(glob: &str) -> bool {
    !glob.contains(['*', '?'])
}

fn unlisted(entries: &[Entry], glob: &str, budget: &Budget) -> Error {
    // Kosli tells names apart by their case; who types them may not.
    let lower = glob.to_ascii_lowercase();
    let (what, meant) = if is_name(glob) {
        let near = |name: &&str| slips(lower.as_bytes(), name.to_ascii_lowercase().as_bytes());
        let names = entries.iter().map(|entry| entry.environment.name.as_str());
        let nearest = names.min_by_key(near).filter(|name| near(name) <= MOST_SLIPS.min(glob.len() / 3));
        (format!("has no environment `{glob}`"), nearest)
    } else {
        let fits = fits(entries, &lower, budget).next().is_some();
        (format!("has no environment that matches `{glob}`"), fits.then_some(lower.as_str()))
    };
    let hint = meant.map_or_else(String::new, |meant| format!("; did you mean `{meant}`?"));
    Error::NotListed { detail: what + &hint }
}

fn entry_of<'l>(entries: &'l [Entry], name: &str) -> Option<&'l Entry> {
    entries.binary_search_by(|entry| entry.environment.name.as_str().cmp(name)).ok().map(|at| &entries[at])
}
