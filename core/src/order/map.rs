//! Maps in the order of their keys.
//!
//! The standard library's trees are compiled anew for every type, some 3 KB each: thirty of them were a tenth of the module.
//! These are lists of short lists, of which little more is compiled for a type than how two of its keys compare; and an
//! entry that comes in between moves no more than `MOST` others, however many there are.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::{fmt, iter, slice, vec};

use serde::{Serialize, Serializer};

/// Entries of a list.
const MOST: usize = 128;
/// So many most maps have.
const FEW: usize = 4;

/// Values by their keys.
#[derive(Clone)]
pub(crate) struct Map<K, V> {
    /// None is empty, and each ends before the next begins.
    lists: Vec<Vec<(K, V)>>,
}

/// The list, and the place in it.
type Place = (usize, usize);

impl<K, V> Map<K, V> {
    pub(crate) const fn new() -> Self {
        Self { lists: Vec::new() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lists.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.lists.iter().map(Vec::len).sum()
    }

    pub(crate) fn clear(&mut self) {
        self.lists.clear();
    }

    pub(crate) fn iter(&self) -> Iter<'_, K, V> {
        self.lists.iter().flatten().map(|(key, value)| (key, value))
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &K> + Clone {
        self.lists.iter().flatten().map(|(key, _)| key)
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        self.lists.iter().flatten().map(|(_, value)| value)
    }

    pub(crate) fn retain(&mut self, mut is_kept: impl FnMut(&K, &mut V) -> bool) {
        for list in &mut self.lists {
            list.retain_mut(|(key, value)| is_kept(key, value));
        }
        self.lists.retain(|list| !list.is_empty());
    }
}

impl<K: Ord, V> Map<K, V> {
    pub(crate) fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let (list, at) = self.find(key).ok()?;
        Some(&self.lists[list][at].1)
    }

    pub(crate) fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let (list, at) = self.find(key).ok()?;
        Some(&mut self.lists[list][at].1)
    }

    pub(crate) fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.find(key).is_ok()
    }

    /// Puts a value under a key; the one that was there before.
    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.find(&key) {
            Ok((list, at)) => Some(std::mem::replace(&mut self.lists[list][at].1, value)),
            Err(place) => {
                self.put(place, key, value);
                None
            }
        }
    }

    /// The value under a key, which is this one if there was none.
    pub(crate) fn or_insert(&mut self, key: K, value: V) -> &mut V {
        let (list, at) = match self.find(&key) {
            Ok(place) => place,
            Err(place) => self.put(place, key, value),
        };
        &mut self.lists[list][at].1
    }

    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        let (list, at) = self.find(key).ok()?;
        let (_, value) = self.lists[list].remove(at);
        if self.lists[list].is_empty() {
            self.lists.remove(list);
        }
        Some(value)
    }

    /// The entries from a key on.
    pub(crate) fn from<'m>(&'m self, key: &K) -> impl Iterator<Item = (&'m K, &'m V)> + use<'m, K, V> {
        let (Ok((list, at)) | Err((list, at))) = self.find(key);
        let lists = self.lists.get(list..).unwrap_or_default();
        lists.iter().flatten().skip(at).map(|(key, value)| (key, value))
    }

    /// Where a key is, or belongs.
    fn find<Q: Ord + ?Sized>(&self, key: &Q) -> Result<Place, Place>
    where
        K: Borrow<Q>,
    {
        let compare = |(list, at): Place| self.lists[list][at].0.borrow().cmp(key);
        find(self.lists.len(), &|list| self.lists[list].len(), &compare)
    }

    /// Puts an entry where it belongs, and tells where that is by then.
    fn put(&mut self, (list, at): Place, key: K, value: V) -> Place {
        let Some(entries) = self.lists.get_mut(list) else {
            let mut first = Vec::with_capacity(FEW);
            first.push((key, value));
            self.lists.push(first);
            return (0, 0);
        };
        entries.insert(at, (key, value));
        if entries.len() <= MOST {
            return (list, at);
        }
        // What comes in order leaves its lists full.
        let half = if at == MOST { MOST } else { MOST / 2 };
        let rest = entries.split_off(half);
        self.lists.insert(list + 1, rest);
        if at < half { (list, at) } else { (list + 1, at - half) }
    }
}

/// Where something is in so many lists, or belongs.
#[inline(never)] // once for all types
fn find(lists: usize, length: &dyn Fn(usize) -> usize, compare: &dyn Fn(Place) -> Ordering) -> Result<Place, Place> {
    // What comes behind all of them belongs into the last one.
    let Some(others) = lists.checked_sub(1) else { return Err((0, 0)) };
    let (Ok(list) | Err(list)) = search(others, |list| compare((list, length(list) - 1)));
    search(length(list), |at| compare((list, at))).map(|at| (list, at)).map_err(|at| (list, at))
}

/// The same of so many in order.
fn search(count: usize, compare: impl Fn(usize) -> Ordering) -> Result<usize, usize> {
    let (mut from, mut to) = (0, count);
    while from < to {
        let at = usize::midpoint(from, to);
        match compare(at) {
            Ordering::Equal => return Ok(at),
            Ordering::Less => from = at + 1,
            Ordering::Greater => to = at,
        }
    }
    Err(from)
}

impl<K: Ord, V: Default> Map<K, V> {
    /// The value under a key, which is the usual one if there was none.
    pub(crate) fn or_default(&mut self, key: K) -> &mut V {
        self.or_insert(key, V::default())
    }
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: Ord, V> Extend<(K, V)> for Map<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        for (key, value) in entries {
            self.insert(key, value);
        }
    }
}

pub(crate) type Iter<'m, K, V> =
    iter::Map<iter::Flatten<slice::Iter<'m, Vec<(K, V)>>>, fn(&'m (K, V)) -> (&'m K, &'m V)>;

impl<'m, K, V> IntoIterator for &'m Map<K, V> {
    type Item = (&'m K, &'m V);
    type IntoIter = Iter<'m, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<K, V> IntoIterator for Map<K, V> {
    type Item = (K, V);
    type IntoIter = iter::Flatten<vec::IntoIter<Vec<(K, V)>>>;

    fn into_iter(self) -> Self::IntoIter {
        self.lists.into_iter().flatten()
    }
}

// Two that say the same are equal, however their entries came.
impl<K: PartialEq, V: PartialEq> PartialEq for Map<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<K: Eq, V: Eq> Eq for Map<K, V> {}

impl<K: Ord, V: Ord> Ord for Map<K, V> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.iter().cmp(other.iter())
    }
}

impl<K: Ord, V: Ord> PartialOrd for Map<K, V> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for Map<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

impl<K: Serialize, V: Serialize> Serialize for Map<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self)
    }
}

#[cfg(test)]
impl<K: Ord, V> FromIterator<(K, V)> for Map<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        super::map(entries)
    }
}

#[cfg(test)]
impl<K: Ord, V, const N: usize> From<[(K, V); N]> for Map<K, V> {
    fn from(entries: [(K, V); N]) -> Self {
        super::map(entries)
    }
}

#[cfg(test)]
mod tests;
