//! A host between two steps.

use std::collections::BTreeMap;

use freeze_core::{Command, Decision};

/// A host between two steps. Numbers are those of the tables in `mind`.
#[derive(Clone, Debug)]
pub(crate) struct Host {
    /// Which of the world's programs it runs.
    pub(crate) program: usize,
    pub(crate) phase: Phase,
    /// Some write of its has arrived.
    pub(crate) has_written: bool,
    /// For a gate: the freezes that stood when it began; for an `off`: those that it meant when it
    /// first looked.
    pub(crate) stood: Vec<String>,
    /// For a gate that states a change: what keeps the exception from letting it pass, when its last look began.
    pub(crate) bars: Vec<String>,
    /// For a gate: at every moment since it began something was shown to be frozen, if not always the same.
    pub(crate) is_covered: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum Phase {
    /// Before a round: the clock is still to be read.
    Begin { action: Option<u32>, round: u8, pause: Option<Pause> },
    /// `seen` holds the raw results by their reads; the reads that are `due` may come in any order.
    Looking { action: Option<u32>, round: u8, now: usize, seen: BTreeMap<u32, u32>, due: Vec<u32> },
    /// The first of `writes` comes next; then a round with the action `next`, if there is one, after a pause if told so.
    Writing { round: u8, writes: Vec<u32>, next: Option<u32>, pause: Option<usize> },
    /// It has exited.
    Done { decision: Decision, reason: &'static str, action: Option<u32> },
    /// It was killed; `action` is what it had made of its command line by then.
    Dead { action: Option<u32> },
}

/// What a host waits for before its next look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pause {
    /// The clock's place when it was told to wait.
    pub(crate) told_at: usize,
    /// Kosli shows all that was reported up to here once the pause is over; 0 as long as that is still to be noted.
    pub(crate) until_shown: u32,
}

/// One write.
#[derive(Clone, Debug)]
pub(crate) enum Deed {
    Command(Command),
    /// Removes every tag of ours.
    Wipe,
}

impl Host {
    pub(crate) fn is_at_rest(&self) -> bool {
        matches!(self.phase, Phase::Done { .. } | Phase::Dead { .. })
    }

    pub(crate) fn is_dead(&self) -> bool {
        matches!(self.phase, Phase::Dead { .. })
    }

    /// It is to look again after a pause.
    pub(crate) fn is_waiting(&self) -> bool {
        matches!(self.phase, Phase::Begin { pause: Some(_), .. })
    }

    /// It has read or written something.
    pub(crate) fn has_looked(&self) -> bool {
        match &self.phase {
            Phase::Begin { round, .. } => *round > 1,
            Phase::Looking { round, seen, .. } => *round > 1 || !seen.is_empty(),
            Phase::Writing { .. } | Phase::Done { .. } | Phase::Dead { .. } => true,
        }
    }

    /// `true` right after a write. A crash elsewhere leaves what a crash here, or a later start, would leave.
    pub(crate) fn has_just_written(&self) -> bool {
        self.has_written
            && match &self.phase {
                Phase::Begin { .. } | Phase::Writing { .. } => true,
                Phase::Looking { seen, .. } => seen.is_empty(),
                Phase::Done { .. } | Phase::Dead { .. } => false,
            }
    }
}
