use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::super::{Map, Set};
use super::MOST;

/// Keys that there may be: lists of them fill, are halved, and empty.
const KEYS: i32 = 1000;

/// What is done to some keys: of so many from one on, by steps of so much, around.
#[derive(Clone, Debug)]
struct Change {
    what: u8,
    from: i32,
    step: i32,
    count: i32,
}

fn change() -> impl Strategy<Value = Change> {
    let step = prop_oneof![Just(1), Just(KEYS - 1), Just(389), 0..KEYS];
    (0..6_u8, 0..KEYS, step, prop_oneof![Just(1), 0..400]).prop_map(|(what, from, step, count)| Change {
        what,
        from,
        step,
        count,
    })
}

/// What comes in order leaves no list half empty: most lists do.
#[test]
fn what_comes_in_order_fills_its_lists() {
    let map: Map<_, _> = (0..10 * MOST).map(|key| (key, ())).collect();
    assert!(map.lists.iter().map(Vec::len).eq([MOST; 10]));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, rng_seed: RngSeed::Fixed(128), ..ProptestConfig::default() })]
    /// Whatever is put in and taken out, in whatever order, it is what the standard library's map says.
    #[test]
    fn is_the_standard_library_s(changes in vec(change(), 0..40)) {
        let (mut map, mut wanted) = (Map::new(), BTreeMap::new());
        for change in changes {
            let Change { what, from, step, count } = change;
            for number in 0..count {
                let key = (from + number * step) % KEYS;
                match what {
                    0 => assert_eq!(map.insert(key, number), wanted.insert(key, number)),
                    1 => assert_eq!(map.or_insert(key, number), wanted.entry(key).or_insert(number)),
                    2 => {
                        *map.or_default(key) += 1;
                        *wanted.entry(key).or_default() += 1;
                    }
                    3 | 4 => assert_eq!(map.remove(&key), wanted.remove(&key)),
                    _ => assert_eq!(map.get_mut(&key).map(|value| *value += 1), wanted.get_mut(&key).map(|value| *value += 1)),
                }
            }
            if what == 4 {
                map.retain(|key, value| (key + *value) % 7 != from % 7);
                wanted.retain(|key, value| (key + *value) % 7 != from % 7);
            }
            assert!(map.lists.iter().all(|list| (1..=MOST).contains(&list.len())));
            assert!(map.iter().eq(&wanted));
            assert_eq!((map.len(), map.is_empty()), (wanted.len(), wanted.is_empty()));
            for key in -1..=KEYS {
                assert_eq!((map.get(&key), map.contains_key(&key)), (wanted.get(&key), wanted.contains_key(&key)));
                assert_eq!(map.from(&key).next(), wanted.range(key..).next());
            }
            assert!(map.from(&from).eq(wanted.range(from..)));
        }
        assert!(map.clone().into_iter().eq(wanted));
    }

    /// However their entries came, of two maps one is less, or they are equal, as the standard library has it.
    #[test]
    fn two_compare_by_their_entries(ones in vec((0..200, 0..2), 0..300), others in vec((0..200, 0..2), 0..300), half in any::<bool>()) {
        let others = if half { ones.iter().rev().copied().collect() } else { others };
        let (one, other): (Map<_, _>, Map<_, _>) = (ones.iter().copied().collect(), others.iter().copied().collect());
        let wanted: (BTreeMap<_, _>, BTreeMap<_, _>) = (ones.into_iter().collect(), others.into_iter().collect());
        assert_eq!((one.cmp(&other), one == other), (wanted.0.cmp(&wanted.1), wanted.0 == wanted.1));
        assert_eq!(format!("{one:?}"), format!("{:?}", wanted.0));
        assert_eq!(serde_json::to_string(&one).ok(), serde_json::to_string(&wanted.0).ok());
    }
}

#[test]
fn a_set_has_each_once_however_they_came() {
    let (mut up, mut down) = (Set::new(), Set::new());
    up.extend(0..1000);
    down.extend((0..1000).rev());
    assert!(up == down);
    down.retain(|key| *key != 500);
    assert!(up != down && !up.insert(500) && down.insert(500) && up == down);
    assert_eq!((up.len(), up.first(), up.contains(&999), up.contains(&1000)), (1000, Some(&0), true, false));
    assert!(up.into_iter().eq(0..1000));
}
