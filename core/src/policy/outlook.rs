//! What the windows say at an instant: which decide, and when that changes.

use chrono::{DateTime, Utc};

use crate::schedule::{Effect, Occurrence};
use crate::time::Instant;
use crate::time::zone::Zones;

use super::consents::Consents;
use super::timeline::{Held, Timeline, Unknown};
use super::window::Window;
use super::{For, Policy};

/// What windows say, whatever the freezes say.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Verdict {
    Open,
    FreezeWindow,
    OutsideAllowWindows,
    /// Open now, but not for as long as the deployment needs.
    ClosesTooSoon,
}

impl Verdict {
    pub(crate) fn is_closed(self) -> bool {
        matches!(self, Self::FreezeWindow | Self::OutsideAllowWindows)
    }
}

pub(crate) struct Outlook<'p> {
    pub(crate) verdict: Verdict,
    /// The deciding windows: active freeze windows, and active allow windows (all of them if none is active).
    pub(crate) hits: Vec<&'p Window>,
    /// How many windows are for the environment.
    pub(crate) windows: usize,
    pub(crate) opens_at: Option<Instant>,
    pub(crate) closes_at: Option<Instant>,
    /// The freeze window that closes it too soon.
    pub(crate) closing: Option<&'p Window>,
}

impl<'p> Outlook<'p> {
    /// Where nothing closes, and nothing ever will.
    pub(crate) fn open() -> Self {
        Self { verdict: Verdict::Open, hits: Vec::new(), windows: 0, opens_at: None, closes_at: None, closing: None }
    }

    /// How an environment with these freezes stands `now`, for a deployment of `needs` seconds: a change to which
    /// some of what closes may consent.
    pub(crate) fn new(
        policy: &'p Policy,
        whom: For<'_>,
        freezes: &[Held],
        consents: &Consents,
        now: DateTime<Utc>,
        needs: i64,
    ) -> Self {
        let at = now.timestamp();
        // Of a second that has begun a part is gone.
        let begin = at + i64::from(now.timestamp_subsec_nanos() > 0);
        let windows = policy.windows_for(whom);
        let mut timeline = Timeline::with_consents(&policy.zones, &windows, freezes, consents, at);
        let (hits, is_frozen, is_allowed) = (timeline.hits(), timeline.is_in_freeze_window(), timeline.is_allowed());
        let Turns { opens_at, closes_at, is_too_short } = turns(&mut timeline, begin, needs);
        let verdict = if is_frozen {
            Verdict::FreezeWindow
        } else if !is_allowed {
            Verdict::OutsideAllowWindows
        } else if is_too_short {
            Verdict::ClosesTooSoon
        } else {
            Verdict::Open
        };
        let closes = closes_at.filter(|_| verdict == Verdict::ClosesTooSoon);
        let begins = |window: &&Window, closes| {
            consents.of_window(window) <= closes && window.active(&policy.zones, closes).next().is_some()
        };
        let closing = closes.and_then(|closes| {
            windows.iter().copied().find(|window| window.effect == Effect::Freeze && begins(window, closes))
        });
        Self { verdict, hits, windows: windows.len(), opens_at, closes_at, closing }
    }
}

/// When it opens and closes next.
#[derive(Default)]
struct Turns {
    /// For as long as it must be open, unless it is so now.
    opens_at: Option<Instant>,
    closes_at: Option<Instant>,
    /// It is open, and not known to be so for as long as it must.
    is_too_short: bool,
}

fn turns(timeline: &mut Timeline<'_>, begin: Instant, needs: i64) -> Turns {
    let mut turns = Turns::default();
    if timeline.is_open() {
        match timeline.next_turn() {
            Ok(turn) => {
                turns.closes_at = turn;
                turns.is_too_short = turn.is_some_and(|close| close - begin < needs);
            }
            Err(Unknown(known)) => turns.is_too_short = known - begin < needs,
        }
        if !turns.is_too_short {
            return turns;
        }
    }
    turns.opens_at = next_opening(timeline, needs).unwrap_or(None);
    turns
}

fn next_opening(timeline: &mut Timeline<'_>, needs: i64) -> Result<Option<Instant>, Unknown> {
    while let Some(open) = timeline.next_turn()? {
        if needs == 0 {
            return Ok(Some(open));
        }
        match timeline.next_turn() {
            Ok(turn) if turn.is_none_or(|close| close - open >= needs) => return Ok(Some(open)),
            Err(Unknown(known)) if known - open >= needs => return Ok(Some(open)),
            turn => _ = turn?,
        }
    }
    Ok(None)
}

impl Window {
    /// The run that is active at `at`.
    pub(crate) fn run(&self, zones: &Zones, at: Instant) -> Option<Occurrence> {
        let start = self.active(zones, at).map(|occurrence| occurrence.start).min()?;
        Some(Occurrence { start, end: self.end_of_run(zones, at) })
    }

    /// The first run that begins after `at`.
    pub(crate) fn next_run(&self, zones: &Zones, mut at: Instant) -> Option<Occurrence> {
        loop {
            // What lies in a gap of the clock takes no time; another one may begin as the gap ends.
            at = self.next(zones, at)?.start;
            if let Some(run) = self.run(zones, at) {
                return Some(run);
            }
        }
    }
}
