//! The host's clock, held against Kosli's: a gate must not open because a machine is ahead of its time.

use chrono::{DateTime, TimeDelta, Utc};

use crate::error::Error;

use super::human;

/// How far two clocks may be apart, and how long ago an `at` may be that means now.
pub(crate) const TOLERANCE: TimeDelta = TimeDelta::minutes(5);

/// An instant that is asked about: today's tags do not tell what they were. One that has only just passed means now.
pub(crate) fn not_past(at: DateTime<Utc>, now: DateTime<Utc>) -> Result<DateTime<Utc>, Error> {
    if now - at > TOLERANCE {
        return Err(Error::AtPassed { at: human(at), now: human(now) });
    }
    Ok(at.max(now))
}
