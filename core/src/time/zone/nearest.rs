//! The time zone that somebody may have meant.

use crate::text::{MOST_SLIPS, slips};

use super::table::names;

/// Longer than any name by far; what is compared takes time by its square.
const LONGEST: usize = 64;

/// The name closest to one that is none: in another case, with another or no continent, or with a slip or two.
pub(crate) fn nearest(name: &str) -> Option<&'static str> {
    if name.len() > LONGEST || is_abbreviation(name) {
        return None;
    }
    let meant = plain(name);
    let allowed = (last_part(&meant).len() / 4).min(MOST_SLIPS) * 2 + 1;
    names()
        .map(|(name, _)| name)
        // They count westwards: who writes `GMT+1` means what is called `Etc/GMT-1`.
        .filter(|name| !name.contains(['+', '-']) || !name.contains("GMT"))
        .filter(|known| !is_abbreviation(known) || known.eq_ignore_ascii_case(name))
        .map(|name| (far(&meant, &plain(name)), name))
        .filter(|(far, _)| *far <= allowed)
        .min_by_key(|(far, _)| *far)
        .map(|(_, name)| name)
}

/// `CEST`, which is as near to `EST` as a name can be, and seven hours away.
fn is_abbreviation(name: &str) -> bool {
    name.len() <= 5 && name.ends_with('T') && name.bytes().all(|b| b.is_ascii_uppercase())
}

fn plain(name: &str) -> String {
    name.trim().to_ascii_lowercase().replace([' ', '-'], "_")
}

/// Twice the slips in all of it, or, if its last part is a word, in that: then the continent counts for half a slip.
fn far(meant: &str, name: &str) -> usize {
    let whole = slips(meant.as_bytes(), name.as_bytes());
    let (meant, name) = (last_part(meant), last_part(name));
    if meant.len() < 4 { whole * 2 } else { (whole * 2).min(slips(meant.as_bytes(), name.as_bytes()) * 2 + 1) }
}

fn last_part(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}
