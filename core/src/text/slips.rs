//! The word that somebody may have meant.

/// More are not counted.
pub(crate) const MOST_SLIPS: usize = 3;

/// A longer word is nobody's slip; what is compared takes time by its square.
const LONGEST: usize = 40;

/// The one of `words` that `word` may have been meant to be: in another case, or with a slip or two.
pub(crate) fn meant<'w>(word: &str, words: &[&'w str]) -> Option<&'w str> {
    if word.len() > LONGEST {
        return None;
    }
    let plain = word.to_ascii_lowercase();
    let allowed = (plain.len() / 3).min(2);
    let far = words.iter().map(|known| (slips(plain.as_bytes(), known.as_bytes()), *known));
    far.filter(|(far, _)| *far <= allowed).min_by_key(|(far, _)| *far).map(|(_, known)| known)
}

/// Letters to put in, leave out, replace, or swap with the next one.
pub(crate) fn slips(a: &[u8], b: &[u8]) -> usize {
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

#[cfg(test)]
mod tests {
    use super::meant;

    #[test]
    fn a_slip_or_two() {
        let keys = ["name", "effect", "environments", "timezone", "types", "tags", "to", "days"];
        for (word, expected) in [
            ("environment", Some("environments")),
            ("Environments", Some("environments")),
            ("enviroments", Some("environments")),
            ("tiemzone", Some("timezone")),
            ("type", Some("types")),
            ("tag", Some("tags")),
            ("day", Some("days")),
            ("zone", None),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(meant(word, &keys), expected, "{word}");
        }
        assert_eq!(meant(&"a".repeat(1_000_000), &keys), None);
    }
}
