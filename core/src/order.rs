//! Sorting, and maps and sets. The standard library has each compiled anew for every type, a sort is some 5 KB: this one
//! is a single sort of numbers.

mod map;
mod set;

use std::cmp::Ordering;

pub(crate) use self::map::Map;
pub(crate) use self::set::Set;

/// Sorts, keeping what is equal in its order.
pub(crate) fn sort_by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let places = sorted(items.len(), &|a, b| compare(&items[a], &items[b]));
    arrange(places, &mut |a, b| items.swap(a, b));
}

/// Sorts by the items' own order.
pub(crate) fn sort<T: Ord>(items: &mut [T]) {
    sort_by(items, Ord::cmp);
}

/// The items, each once.
pub(crate) fn set<T: Ord>(items: impl IntoIterator<Item = T>) -> Set<T> {
    let mut set = Set::new();
    set.extend(items);
    set
}

/// The values by their keys; of a key that comes twice the later one.
pub(crate) fn map<K: Ord, V>(pairs: impl IntoIterator<Item = (K, V)>) -> Map<K, V> {
    let mut map = Map::new();
    map.extend(pairs);
    map
}

/// For each place the one whose item belongs there; none if all are where they belong.
#[inline(never)] // once for all types
fn sorted(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    if (1..count).all(|at| compare(at - 1, at).is_le()) {
        return Vec::new();
    }
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_by(|&a, &b| compare(a, b));
    places
}

/// Fetches for each place what belongs there: what was there goes around, until it is where the last one came from.
#[inline(never)] // once for all types
fn arrange(mut places: Vec<usize>, swap: &mut dyn FnMut(usize, usize)) {
    for start in 0..places.len() {
        let mut at = start;
        while places[at] != start {
            let from = std::mem::replace(&mut places[at], at);
            swap(at, from);
            at = from;
        }
        places[at] = at;
    }
}

#[cfg(test)]
mod tests {
    use super::{sort, sort_by};

    #[test]
    fn sorts_and_keeps_equals_in_order() {
        let mut pairs = vec![(2, 'a'), (1, 'b'), (2, 'c'), (1, 'd'), (0, 'e')];
        sort_by(&mut pairs, |a, b| a.0.cmp(&b.0));
        assert_eq!(pairs, [(0, 'e'), (1, 'b'), (1, 'd'), (2, 'a'), (2, 'c')]);
        for (count, step) in [(3, 2), (1000, 999), (1000, 389), (1024, 513)] {
            let mut numbers: Vec<_> = (0..count).map(|number| number * step % count).collect();
            sort(&mut numbers);
            assert!(numbers.into_iter().eq(0..count), "{count} {step}");
        }
        let mut none: Vec<u8> = vec![];
        sort(&mut none);
        assert!(none.is_empty());
    }
}
