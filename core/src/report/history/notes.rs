//! What a page of a report leaves to the next: what was found so far, and what is still to be read.

use crate::answer::DeploymentTotals;
use crate::call::Period;
use crate::error::Error;
use crate::order::Map;
use crate::time::DAY;

/// How much a note may hold.
pub(super) const MOST_FREEZES: usize = 5_000;

/// Trails whose attestations one call reads, and how many of those.
const MOST_TRAILS: usize = 25;
const MOST_ATTESTATIONS: u64 = 200;

/// Where a report is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Stage {
    /// A page of the flow's trails is to be read.
    Trails,
    /// Attestations on trails of that page.
    Records,
    /// A page of exceptions.
    Exceptions,
    /// Attestations on exceptions of that page.
    Requests,
    /// A page of what has happened.
    Events,
    /// What ran, and since when, where something started.
    Snapshots,
    /// Verdicts on deployments' own trails.
    Verdicts,
    Done,
}

#[derive(Clone, Debug)]
pub(super) struct Notes {
    pub(super) environment: String,
    pub(super) flow: String,
    pub(super) period: Period,
    /// The first page's clock.
    pub(super) now: i64,
    pub(super) delay: i64,
    /// Whether deployments are asked for, and there are any of its own.
    pub(super) deployments: bool,
    /// The environment is not there any more.
    pub(super) gone: bool,
    /// Kosli's time of a start is that of a file, which may be older.
    pub(super) by_files: bool,
    pub(super) reported: Option<i64>,
    pub(super) changed: Option<i64>,
    pub(super) stage: Stage,
    /// The page to be read next; of trails and exceptions none if there is no further one.
    pub(super) page: Option<u64>,
    /// Which stretch of time events are read of.
    pub(super) stretch: usize,
    /// The latest event so far.
    pub(super) latest: Option<i64>,
    pub(super) lists: Lists,
    pub(super) counts: Counts,
}

/// All are empty at the beginning.
#[derive(Clone, Debug, Default)]
pub(super) struct Lists {
    pub(super) pending: Vec<Pending>,
    pub(super) freezes: Vec<Closed>,
    pub(super) passes: Vec<Pass>,
    /// The exceptions that were told.
    pub(super) exceptions: Vec<String>,
    /// What tags close it by, and no record was found of.
    pub(super) flags: Vec<String>,
    /// What is known to run, by what it replaces.
    pub(super) running: Map<String, Running>,
    pub(super) waiting: Vec<Seen>,
}

/// How far two of Kosli's times may be out of order, in seconds.
const SLACK: i64 = 60;

/// A trail whose attestations are to be read.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    pub(super) name: String,
    pub(super) created_at: Option<i64>,
    /// When it ended, as far as the list tells.
    pub(super) ended_at: Option<i64>,
    /// Whether its end was looked at by itself, or need not be.
    pub(super) is_probed: bool,
    /// Which of its four attestations it has.
    pub(super) has: [bool; 4],
    /// How many there are in all, about.
    pub(super) size: u64,
    pub(super) url: Option<String>,
}

/// When a freeze held, whatever the period.
#[derive(Clone, Debug)]
pub(super) struct Closed {
    pub(super) id: String,
    pub(super) from: i64,
    /// The first instant at which it held no more; none of it if that is no later.
    pub(super) to: i64,
    pub(super) is_window: bool,
}

/// A use that was let through by a freeze.
#[derive(Clone, Debug)]
pub(super) struct Pass {
    /// Which of the freezes.
    pub(super) freeze: usize,
    pub(super) at: i64,
    pub(super) exception: String,
    pub(super) run: Option<String>,
    /// Of which change, as it stands on record.
    pub(super) change: Option<String>,
}

/// What ran last, of those that replace each other.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Running {
    pub(super) fingerprint: String,
    /// It was seen to start; else only to run or to stop.
    pub(super) has_started: bool,
}

/// Something that started.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    pub(super) at: i64,
    pub(super) started_at: Option<i64>,
    pub(super) fingerprint: String,
    pub(super) artifact: Option<String>,
    pub(super) flow: Option<String>,
    pub(super) trail: Option<String>,
    pub(super) commit: Option<String>,
    pub(super) author: Option<String>,
    pub(super) snapshot: Option<u64>,
    pub(super) compliant: Option<bool>,
    pub(super) url: Option<String>,
    /// It had run before, and nothing else was seen to start in between.
    pub(super) may_be_restart: bool,
    /// The trails whose verdicts are to be read; none as long as its snapshot is.
    pub(super) asks: Option<Vec<(String, String)>>,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) open: u64,
    pub(super) overdue: u64,
    pub(super) refused: u64,
    pub(super) passed: u64,
    pub(super) overused: u64,
    pub(super) unreadable: u64,
    pub(super) deployments: DeploymentTotals,
}

impl Notes {
    /// Whether that has not happened yet, also by a clock that is a day ahead.
    pub(super) fn is_to_come(&self, at: i64) -> bool {
        at > self.now + DAY
    }

    /// How many of the trails at the front go into one call.
    pub(super) fn batch(&self) -> &[Pending] {
        let pending = &self.lists.pending;
        let mut left = MOST_ATTESTATIONS;
        let mut count = 0;
        // What is looked at for its end alone goes by itself: the rest of it may not be needed.
        let probes = pending.first().is_some_and(Pending::needs_probe);
        for one in pending.iter().take(MOST_TRAILS) {
            if one.needs_probe() != probes || (count > 0 && one.size > left) {
                break;
            }
            left = left.saturating_sub(one.size);
            count += 1;
        }
        &pending[..count]
    }
}

pub(super) fn too_much() -> Error {
    let detail = format!(
        "more has happened than one report can hold, {MOST_FREEZES} freezes and as many exceptions; ask about a shorter period"
    );
    Error::BadCall { detail }
}

impl Pending {
    /// Both are Kosli's time: what is said to have ended before its trail began has ended nobody knows when.
    pub(super) fn may_have_ended(&self, at: i64) -> bool {
        self.created_at.is_none_or(|begun| at + SLACK >= begun)
    }

    /// It has ended, and nobody knows whether that was before the period.
    pub(super) fn needs_probe(&self) -> bool {
        self.has[1] && self.ended_at.is_none() && !self.is_probed
    }

    pub(super) fn reads(&self, names: [&'static str; 4]) -> Vec<&'static str> {
        let reads = names.into_iter().zip(self.has).enumerate();
        reads.filter(|(at, (_, has))| *has && (!self.needs_probe() || *at == 1)).map(|(_, (name, _))| name).collect()
    }
}

impl Closed {
    /// The part of a period in which it held.
    pub(super) fn within(&self, period: Period) -> Option<Period> {
        let held = Period { from: self.from.max(period.from), to: self.to.min(period.to) };
        (held.from < held.to).then_some(held)
    }
}
