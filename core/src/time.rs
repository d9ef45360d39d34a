//! Time: instants and their texts, durations, wall clocks, and the two clocks that may disagree.

pub(crate) mod clock;
pub(crate) mod duration;
mod instant;
pub(crate) mod wall;
pub(crate) mod words;
pub(crate) mod zone;

pub(crate) use instant::{
    DAY, FIRST, Instant, LAST, Local, at, for_names, from_name, human, parse, parse_http, push_human, rfc3339,
    rfc3339_of, with_offset,
};
