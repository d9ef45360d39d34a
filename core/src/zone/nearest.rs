//! The time zone that somebody may have meant.

use super::table::names;

/// Longer than any name by far; what is compared takes time by its square.
const LONGEST: usize = 64;

const MOST_SLIPS: usize = 3;

/// The name closest to one that is none: in another case, with another or no continent, or with a slip or two.
pub(crate) fn nearest(name: &str) -> Option<&'static str> {
    if name.len() > LONGEST {
        return None;
    }
    let meant = plain(name);
    let allowed = (last_part(&meant).len() / 4).min(MOST_SLIPS) * 2 + 1;
    names()
        .map(|(name, _)| name)
        // They count westwards: who writes `GMT+1` means what is called `Etc/GMT-1`.
        .filter(|name| !name.contains(['+', '-']) || !name.contains("GMT"))
        .map(|name| (far(&meant, &plain(name)), name))
        .filter(|(far, _)| *far <= allowed)
        .min_by_key(|(far, _)| *far)
        .map(|(_, name)| name)
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

/// Letters to put in, leave out, replace, or swap with the next one.
fn slips(a: &[u8], b: &[u8]) -> usize {
    if a.len().abs_diff(b.len()) > MOST_SLIPS {
        return MOST_SLIPS + 1;
    }
    let (mut above, mut row) = (Vec::new(), (0..=b.len()).collect::<Vec<_>>());
    for (i, letter) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        let mut left = i + 1;
        for (j, other) in b.iter().enumerate() {
            let mut least = (row[j] + usize::from(letter != other)).min(row[j + 1] + 1).min(left + 1);
            if i > 0 && j > 0 && *letter == b[j - 1] && a[i - 1] == *other {
                least = least.min(above_at(&above, j - 1) + 1);
            }
            next.push(least);
            left = least;
        }
        (above, row) = (row, next);
    }
    row[b.len()]
}

fn above_at(above: &[usize], at: usize) -> usize {
    above.get(at).copied().unwrap_or(usize::MAX / 2)
}
