//! What a window must say at an instant, from a list of its occurrences: brute force, in the contract's words.

/// One time from its start until just before its end.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Occurrence {
    /// Its first instant.
    pub start: i64,
    /// The first instant after it.
    pub end: i64,
}

/// An instant, or nothing that was found so far away.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Edge {
    /// Here.
    At(i64),
    /// Not before this instant, if at all.
    Beyond(i64),
}

/// What holds at an instant, or next.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Expected {
    /// It holds now.
    pub active: bool,
    /// The last start so far, if it holds now, else the next one.
    pub start: i64,
    /// The end without a break of what holds now, else of what comes.
    pub end: Edge,
}

/// So many occurrences to come, or years, without a break have no end: the core, too, gives up some time.
const MANY: usize = 1_000;
const FAR: i64 = 8 * 366 * 86_400;

impl Expected {
    /// Of occurrences in the order of their starts, from those on that may still hold at `at`; nothing if none holds
    /// or comes.
    #[must_use]
    pub fn at(at: i64, occurrences: impl Iterator<Item = Occurrence>) -> Option<Self> {
        let mut expected: Option<Self> = None;
        let mut count = 0;
        for one in occurrences.filter(|one| one.start < one.end && one.end > at) {
            let Some(known) = &mut expected else {
                expected = Some(Self { active: one.start <= at, start: one.start, end: Edge::At(one.end) });
                continue;
            };
            let Edge::At(end) = known.end else { break };
            if one.start > end {
                break;
            }
            let end = end.max(one.end);
            if one.start <= at {
                known.start = one.start;
            } else {
                count += 1;
            }
            let is_endless = count > MANY || end > at + FAR;
            known.end = if is_endless { Edge::Beyond(end) } else { Edge::At(end) };
        }
        expected
    }

    /// When what is said first changes.
    #[must_use]
    pub fn change(&self) -> Edge {
        if self.active { self.end } else { Edge::At(self.start) }
    }
}

impl Edge {
    /// `seen` may be said for it.
    #[must_use]
    pub fn allows(self, seen: Option<i64>) -> bool {
        match self {
            Self::At(at) => seen == Some(at),
            Self::Beyond(at) => seen.is_none_or(|seen| seen >= at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Edge, Expected, Occurrence};

    fn expected(at: i64, occurrences: &[(i64, i64)]) -> Option<(bool, i64, Edge)> {
        let occurrences = occurrences.iter().map(|(start, end)| Occurrence { start: *start, end: *end });
        Expected::at(at, occurrences).map(|said| (said.active, said.start, said.end))
    }

    #[test]
    fn what_touches_is_one_run() {
        let hours = [(1, 3), (3, 5), (4, 4), (6, 6), (7, 9), (8, 12), (13, 14)];
        assert_eq!(expected(0, &hours), Some((false, 1, Edge::At(5))));
        assert_eq!(expected(3, &hours), Some((true, 3, Edge::At(5))));
        assert_eq!(expected(5, &hours), Some((false, 7, Edge::At(12))));
        assert_eq!(expected(8, &hours), Some((true, 8, Edge::At(12))));
        assert_eq!(expected(9, &hours), Some((true, 8, Edge::At(12))));
        assert_eq!(expected(13, &hours), Some((true, 13, Edge::At(14))));
        assert_eq!(expected(14, &hours), None);
        let endless: Vec<_> = (0..10_000).map(|start| (start, start + 1)).collect();
        assert_eq!(expected(3, &endless), Some((true, 3, Edge::Beyond(1_005))));
    }
}
