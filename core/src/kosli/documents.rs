//! Kosli's documents, read strictly.

pub(crate) mod attested;
pub(crate) mod environment;
pub(crate) mod environments;
pub(crate) mod events;
pub(crate) mod exception;
pub(crate) mod flag;
pub(crate) mod flows;
pub(crate) mod look;
pub(crate) mod record;
pub(crate) mod said;
mod skimmed;
pub(crate) mod snapshot;
pub(crate) mod tags;
