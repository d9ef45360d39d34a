//! What a wall clock shows, for a host that tells people of a time.

use super::zone::Zones;
use super::{parse, with_offset};

/// An instant on the wall clocks of an IANA time zone; `None` where one of them is none.
///
/// # Example
///
/// ```
/// use freeze_core::local_time;
///
/// assert_eq!(local_time("2026-12-24T17:00:00Z", "Europe/Berlin").as_deref(), Some("2026-12-24T18:00:00+01:00"));
/// assert_eq!(local_time("2026-12-24T17:00:00Z", "Middle-earth/Shire"), None);
/// ```
#[must_use]
pub fn local_time(time: &str, zone: &str) -> Option<String> {
    let at = parse(time)?.timestamp();
    let mut zones = Zones::default();
    let zone = zones.named(zone)?;
    with_offset(at, zones.get(zone).span(at).offset)
}
