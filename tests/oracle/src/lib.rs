//! What others make of the rules that the core decides by, and where they differ on purpose.
//!
//! Nothing of the core is used here but its door, [`freeze_core::plan_json`]: the cron expressions are croner's, the
//! zones chrono-tz's. Between them stands one sentence of the contract, written again in [`Zone::first`]: a local time
//! happens at the first instant at which the wall clock shows it or a later time.
#![expect(clippy::missing_panics_doc, reason = "a test that cannot go on panics")]

mod agreement;
mod ask;
mod cron;
mod dice;
mod expected;
mod zone;

pub use agreement::Agreement;
pub use ask::{asked, at_text, instant, windows};
pub use cron::{Cron, CronWindow, generated};
pub use dice::Dice;
pub use expected::{Edge, Expected, Occurrence};
pub use zone::{Change, ZONES, Zone};

/// How many rounds of what is left to chance; a few, unless `NODEPLOY_ROUNDS` says more.
#[must_use]
pub fn rounds() -> usize {
    std::env::var("NODEPLOY_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(5)
}
