//! A model checker over the real `observe` and `plan`: a few hosts, one Kosli, every interleaving.
//!
//! Nothing of the core is modelled again here. A host is the loop that every host runs, taken apart into single
//! reads and single writes; every order of them is gone through, with crashes, lost answers, a clock, old scripts
//! and foreign hands. Since `observe` and `plan` are pure, each distinct look is put to them once.

mod casts;
mod excepted;
mod explore;
mod host;
mod judge;
mod mind;
mod policies;
mod program;
pub mod property;
mod start;
mod table;
mod told;
mod world;

pub use casts::{alone, beside_a_claim, foreign, ours, pairs, trios};
pub use excepted::{EXCEPTION, excepted, her_own};
pub use explore::{Explored, explore, holds};
pub use policies::{DATA, Policy, RELEASE, RELEASE_SHORTENED, RELEASE_SUSPENDED, UNNAMED, UNNAMED_SHORTENED, synced};
pub use program::Program;
pub use start::{MARY, SCRIPT, STEVE, Start, buried, start_named, starts, without_signal};
pub use world::{Faults, Move, State, World};
