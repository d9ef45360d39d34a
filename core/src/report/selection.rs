//! Which environments of Kosli's list are meant: names and globs, and the members of logical ones.

use crate::answer::Selected;
use crate::budget::Budget;
use crate::error::Error;
use crate::glob::matches;
use crate::kosli::documents::environment::Entry;
use crate::order::{self, Map, Set};
use crate::text::{MOST_SLIPS, slips};

/// One that is meant, and what the list has of it.
pub(crate) struct Meant<'l> {
    pub(crate) selected: Selected,
    /// `None`: a member that the list does not have.
    pub(crate) entry: Option<&'l Entry<'l>>,
}

/// Those that `globs` mean, by name. A glob that fits nothing is an error, also one that leaves out: whoever wrote it
/// meant something.
pub(crate) fn select<'l>(entries: &'l [Entry<'_>], globs: &[String], budget: &Budget) -> Result<Vec<Meant<'l>>, Error> {
    let bad_call = |detail: String| Error::BadCall { detail };
    let (left_out, meant): (Vec<&str>, Vec<&str>) =
        globs.iter().map(String::as_str).partition(|glob| glob.starts_with('!'));
    if entries.is_empty() {
        return Err(Error::NothingSelected {});
    }
    let left_out = fitting(entries, left_out.iter().map(|glob| &glob[1..]), budget)?;
    let mut is_meant = fitting(entries, meant.into_iter(), budget)?;
    for (is_meant, is_left_out) in is_meant.iter_mut().zip(&left_out) {
        *is_meant &= !is_left_out;
    }
    let of = members(entries, &mut is_meant, &left_out);
    if budget.is_spent() {
        return Err(bad_call(
            "`environments` has too many globs for so many environments; fewer and broader ones do".to_owned(),
        ));
    }
    let listed = entries.iter().zip(is_meant).filter(|(_, is_meant)| *is_meant);
    let mut meant: Vec<_> = listed.map(|(entry, _)| Meant::new(&entry.environment.name, Some(entry), &of)).collect();
    let unlisted = of.keys().filter(|name| place_of(entries, name).is_none());
    meant.extend(unlisted.map(|name| Meant::new(name, None, &of)));
    if meant.is_empty() {
        return Err(Error::NothingSelected {});
    }
    order::sort_by(&mut meant, |a, b| a.selected.environment.cmp(&b.selected.environment));
    Ok(meant)
}

impl<'l> Meant<'l> {
    fn new(name: &str, entry: Option<&'l Entry<'l>>, of: &Map<&str, Set<&str>>) -> Self {
        let found = entry.map(|entry| &entry.environment);
        let selected = Selected {
            environment: name.to_owned(),
            kind: found.and_then(|found| found.traits.kind.as_deref().map(str::to_owned)),
            of: of.get(name).into_iter().flat_map(Set::iter).map(|&logical| logical.to_owned()).collect(),
            members: found.and_then(|found| found.members.clone()),
            past: None,
        };
        Self { selected, entry }
    }
}

/// Adds the members of those that are meant, and theirs, and says of which logical environments each is one.
fn members<'l>(entries: &'l [Entry<'_>], is_meant: &mut [bool], left_out: &[bool]) -> Map<&'l str, Set<&'l str>> {
    let mut of: Map<_, Set<_>> = Map::new();
    let meant = entries.iter().zip(&*is_meant).filter(|(_, is_meant)| **is_meant);
    let mut unseen: Vec<_> = meant.map(|(entry, _)| &entry.environment).collect();
    while let Some(logical) = unseen.pop() {
        for member in logical.members.iter().flatten() {
            let place = place_of(entries, member);
            if place.is_some_and(|place| left_out[place]) {
                continue;
            }
            of.or_default(member.as_str()).insert(&*logical.name);
            if let Some(place) = place.filter(|&place| !is_meant[place]) {
                is_meant[place] = true;
                unseen.push(&entries[place].environment);
            }
        }
    }
    of
}

/// Of each in the list, whether some glob fits it.
fn fitting<'g>(
    entries: &[Entry<'_>],
    globs: impl Iterator<Item = &'g str>,
    budget: &Budget,
) -> Result<Vec<bool>, Error> {
    let mut all = vec![false; entries.len()];
    for glob in globs {
        let mut is_known = false;
        for place in places(entries, glob, budget) {
            is_known = true;
            all[place] = true;
        }
        if !is_known && !budget.is_spent() {
            return Err(unlisted(entries, glob, budget));
        }
    }
    Ok(all)
}

/// Those of the list that a glob fits.
pub(crate) fn fits<'l>(entries: &'l [Entry<'_>], glob: &str, budget: &Budget) -> impl Iterator<Item = &'l Entry<'l>> {
    places(entries, glob, budget).map(|place| &entries[place])
}

/// A name is searched for, not compared with each: a list can be long.
fn places(entries: &[Entry<'_>], glob: &str, budget: &Budget) -> impl Iterator<Item = usize> {
    let range =
        if is_name(glob) { place_of(entries, glob).map_or(0..0, |place| place..place + 1) } else { 0..entries.len() };
    range.filter(move |&place| matches(glob, &entries[place].environment.name, budget))
}

fn is_name(glob: &str) -> bool {
    !glob.contains(['*', '?'])
}

fn unlisted(entries: &[Entry<'_>], glob: &str, budget: &Budget) -> Error {
    // Kosli tells names apart by their case; who types them may not.
    let lower = glob.to_ascii_lowercase();
    let (what, meant) = if is_name(glob) {
        let near = |name: &&str| slips(lower.as_bytes(), name.to_ascii_lowercase().as_bytes());
        let names = entries.iter().map(|entry| &*entry.environment.name);
        let nearest = names.min_by_key(near).filter(|name| near(name) <= MOST_SLIPS.min(glob.len() / 3));
        (format!("has no environment `{glob}`"), nearest)
    } else {
        let fits = fits(entries, &lower, budget).next().is_some();
        (format!("has no environment that matches `{glob}`"), fits.then_some(lower.as_str()))
    };
    let hint = meant.map_or_else(String::new, |meant| format!("; did you mean `{meant}`?"));
    Error::NotListed { detail: what + &hint }
}

fn place_of(entries: &[Entry<'_>], name: &str) -> Option<usize> {
    entries.binary_search_by(|entry| (*entry.environment.name).cmp(name)).ok()
}
