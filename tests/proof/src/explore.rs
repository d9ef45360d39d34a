//! Goes through all of a world, breadth first, so that the first way found to a state is a shortest one.

use std::collections::BTreeMap;
use std::collections::hash_map::{Entry, HashMap};
use std::time::{Duration, Instant};

use crate::property;
use crate::world::{Move, State, World};

/// What an exploration found.
#[derive(Debug)]
pub struct Explored {
    /// Steps taken, also to states that were known.
    pub steps: usize,
    /// Different states.
    pub states: usize,
    /// How many steps away the farthest state is.
    pub depth: usize,
    /// The most rounds that a host needed.
    pub rounds: u8,
    /// Every state was seen.
    pub is_complete: bool,
    /// How long it took.
    pub time: Duration,
    /// What does not hold, each with a shortest way to a state in which it does not.
    pub broken: BTreeMap<&'static str, Vec<String>>,
}

/// How many states more are looked at once something is broken that must hold: a broken core may never end.
const MORE: usize = 1_000_000;

/// Every state seen so far, in the order in which it was found, and how.
#[derive(Default)]
struct Seen {
    numbers: HashMap<State, u32>,
    states: Vec<State>,
    from: Vec<Option<(u32, Move)>>,
}

/// Goes through all of `world`.
///
/// # Panics
///
/// Where something is broken that must hold, and where there are fewer states than that: something was left out.
#[track_caller]
pub fn holds(world: World, at_least: usize) {
    let Explored { states, depth, rounds, mut broken, .. } = explore(world, None);
    println!("{states} states, {depth} deep, {rounds} rounds");
    broken.retain(|property, _| property::MUST_HOLD.contains(property));
    for (property, way) in &broken {
        println!("BROKEN: {property}\n  {}", way.join("\n  "));
    }
    assert_eq!(broken, BTreeMap::new());
    assert!(states >= at_least, "only {states} states: what is left out?");
}

/// Goes through all of `world`, for as long as `limit` at the most.
///
/// # Panics
///
/// At four thousand million states.
#[must_use]
pub fn explore(mut world: World, limit: Option<Duration>) -> Explored {
    let begun = Instant::now();
    let mut seen = Seen::default();
    let mut broken = BTreeMap::new();
    let (mut steps, mut depth, mut end_of_depth, mut is_complete) = (0, 0_usize, 0, true);
    for state in world.beginnings() {
        seen.add(state, None);
    }
    let mut moves = Vec::new();
    let mut broken_at = None;
    let mut at = 0;
    while at < seen.states.len() {
        if at == end_of_depth {
            (depth, end_of_depth) = (depth + 1, seen.states.len());
        }
        let is_enough = broken_at.is_some_and(|broken_at| at > broken_at + MORE);
        if is_enough || (at % 4096 == 0 && limit.is_some_and(|limit| begun.elapsed() > limit)) {
            is_complete = false;
            break;
        }
        let state = seen.states[at];
        let number = u32::try_from(at).expect("fewer states than fit into memory");
        for (name, _) in property::ALL.iter().filter(|(_, bit)| state.broken & bit != 0) {
            broken.entry(*name).or_insert_with(|| seen.way(number));
            if property::MUST_HOLD.contains(name) {
                broken_at = broken_at.or(Some(at));
            }
        }
        world.moves(&state, &mut moves);
        for next in moves.drain(..) {
            steps += 1;
            let following = world.follow(state, next);
            seen.add(following, Some((number, next)));
        }
        at += 1;
    }
    let told = |(name, (first, way)): (_, (State, Vec<_>))| (name, world.told(&first, &way));
    Explored {
        steps,
        states: seen.states.len(),
        depth: depth.saturating_sub(1),
        rounds: world.mind.most_rounds(),
        is_complete,
        time: begun.elapsed(),
        broken: broken.into_iter().map(told).collect(),
    }
}

impl Seen {
    fn add(&mut self, state: State, from: Option<(u32, Move)>) {
        let next = u32::try_from(self.states.len()).expect("fewer states than fit into memory");
        if let Entry::Vacant(new) = self.numbers.entry(state) {
            new.insert(next);
            self.states.push(state);
            self.from.push(from);
        }
    }

    /// The beginning, and the way from there.
    fn way(&self, to: u32) -> (State, Vec<(Move, State)>) {
        let mut way = Vec::new();
        let mut at = to as usize;
        while let Some((before, next)) = self.from[at] {
            way.push((next, self.states[at]));
            at = before as usize;
        }
        way.reverse();
        (self.states[at], way)
    }
}
