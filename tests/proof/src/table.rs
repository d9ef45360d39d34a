//! Things by small numbers, so that a state is a few integers.

use std::collections::HashMap;
use std::fmt::Debug;

/// Gives equal things the same number. Two things are equal if they read the same in a debugger.
#[derive(Debug)]
pub(crate) struct Table<T> {
    numbers: HashMap<String, u32>,
    things: Vec<T>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { numbers: HashMap::new(), things: Vec::new() }
    }
}

impl<T: Debug> Table<T> {
    pub(crate) fn number(&mut self, thing: T) -> u32 {
        let next = u32::try_from(self.things.len()).expect("fewer things than states");
        let number = *self.numbers.entry(format!("{thing:?}")).or_insert(next);
        if number == next {
            self.things.push(thing);
        }
        number
    }

    pub(crate) fn get(&self, number: u32) -> &T {
        &self.things[number as usize]
    }

    pub(crate) fn all(&self) -> &[T] {
        &self.things
    }
}
