//! Freeze windows on record: which freezes the policy wants, and which of them stand already.

use std::cell::OnceCell;

use crate::answer::Applied;
use crate::error::Error;
use crate::freeze::Freeze;
use crate::kosli::documents::flag::{Until, Words};
use crate::kosli::documents::look::Look;
use crate::kosli::documents::record::{OFF, ON, Record};
use crate::kosli::id;
use crate::kosli::name::TrailName;
use crate::order::{self, Map, Set};
use crate::policy::{For, Policy, Run, Timeline, Window};
use crate::schedule::Effect;
use crate::sight::Sight;
use crate::time::{self, Instant};

use super::known::Known;

/// The steps of looking whether a freeze is a window's.
const LOOK: u64 = 20;

/// The steps of trying a name.
const TRY: u64 = 50;

/// The windows of a call's policy for its environment.
pub(crate) struct Runs<'p> {
    policy: &'p Policy,
    now: Instant,
    windows: Vec<WindowHeld>,
    /// The windows by what an id says of their holders; it may say the same of two.
    by_holder: Map<String, Vec<usize>>,
    /// When the policy opens, once that is worked out.
    until: OnceCell<Until>,
    /// Whether it closes the environment now.
    is_closed: OnceCell<bool>,
}

/// One window of the policy, and what the environment has of it.
struct WindowHeld {
    /// Who holds its freezes.
    holder: String,
    /// The same as ids have it.
    in_id: String,
    /// The window says something of the environment.
    applies: bool,
    /// The run that is active, if it is a freeze window.
    run: Option<Run>,
}

/// What a window that is active needs on record.
pub(crate) enum Wanted<'c> {
    /// Somebody has lifted it, for the whole run.
    Lifted,
    /// This freeze, as far as it stands.
    Standing(Freeze<'c>),
    /// A freeze of this name.
    New(TrailName),
}

impl<'p> Runs<'p> {
    pub(crate) fn of(sight: &Sight<'p>) -> Result<Self, Error> {
        let policy = sight.ask.policy()?;
        let whom = For::of(sight, policy)?;
        let now = sight.now.timestamp();
        let held = |window: &Window| {
            let applies = window.is_for(whom, sight.ask.budget);
            let freezes = applies && window.effect == Effect::Freeze;
            let run = if freezes { window.run_at(&policy.zones, now) } else { None };
            let holder = policy.holder_of(window);
            WindowHeld { in_id: id::holder_in_id(&holder), holder, applies, run }
        };
        let windows: Vec<_> = policy.windows.iter().map(held).collect();
        let mut by_holder: Map<_, Vec<_>> = Map::new();
        for (window, held) in windows.iter().enumerate() {
            by_holder.or_default(held.in_id.clone()).push(window);
        }
        Ok(Self { policy, now, windows, by_holder, until: OnceCell::new(), is_closed: OnceCell::new() })
    }

    /// Which policy it is, and how many of its windows are for the environment.
    pub(crate) fn applied(&self, sight: &Sight<'_>) -> Option<Applied> {
        let applying = self.windows.iter().filter(|window| window.applies).count();
        sight.ask.has_policy().then(|| self.policy.applied(applying))
    }

    /// `true` if the freeze's id names one of the windows.
    pub(crate) fn names(&self, freeze: &Freeze<'_>) -> bool {
        id::holder_of(&freeze.id).is_some_and(|holder| self.by_holder.contains_key(holder))
    }

    /// The records that have ended under an id of a run that is active: somebody may have lifted it.
    pub(crate) fn ended(&self, known: &Known<'_, '_>) -> Set<TrailName> {
        let active = self.windows.iter().filter_map(|window| Some((&window.in_id, window.run?)));
        let of_runs = active.flat_map(|(holder, run)| known.of_run(holder, run));
        order::set(of_runs.filter(|freeze| freeze.is_on_record(Record::Ended)).filter_map(|freeze| freeze.trail()))
    }

    /// The windows that are active.
    pub(crate) fn active(&self) -> impl Iterator<Item = usize> {
        (0..self.windows.len()).filter(|&window| self.is_active(window))
    }

    pub(crate) fn is_active(&self, window: usize) -> bool {
        self.windows[window].run.is_some()
    }

    /// The window that holds the freeze.
    pub(crate) fn window_of(&self, freeze: &Freeze<'_>) -> Option<usize> {
        let named = self.by_holder.get(id::holder_of(&freeze.id)?)?;
        // Two windows are seldom one in an id, unless somebody is after it.
        named
            .iter()
            .copied()
            .find(|&window| self.policy.zones.budget().spend(LOOK) && freeze.is_of_window(&self.windows[window].holder))
    }

    /// What an active window needs; `taken` are the names of other windows' new freezes.
    pub(crate) fn wanted<'c>(
        &self,
        window: usize,
        sight: &Sight<'_>,
        known: &Known<'_, 'c>,
        taken: &Set<TrailName>,
    ) -> Result<Option<Wanted<'c>>, Error> {
        let WindowHeld { holder, in_id, run, .. } = &self.windows[window];
        let Some(run) = *run else { return Ok(None) };
        let known = known.of_run(in_id, run);
        let mut standing: Option<&Freeze<'_>> = None;
        for freeze in known.iter().filter(|freeze| freeze.is_of_window(holder)) {
            if freeze.is_on_record(Record::Ended) {
                if is_lifted(sight, freeze)? {
                    return Ok(Some(Wanted::Lifted));
                }
            } else if standing.is_none_or(|other| freeze.age() < other.age()) {
                standing = Some(freeze);
            }
        }
        if let Some(freeze) = standing {
            return Ok(Some(Wanted::Standing(freeze.clone())));
        }
        // An id that another holder has, or that a `sync` has ended, is taken.
        let Some(start) = time::at(run.start) else { return Ok(None) };
        let known = order::set(known.iter().map(|freeze| &*freeze.id));
        let is_free =
            |name: &TrailName| !sight.ask.budget.spend(TRY) || !(known.contains(name.as_str()) || taken.contains(name));
        let mut names = (1..).map(|number| id::numbered(start, Some(holder), number));
        Ok(names.find(is_free).map(Wanted::New))
    }

    /// What the policy says of one of its windows' freezes.
    pub(crate) fn words(&self, window: usize, until: Until) -> Words<'_> {
        let Window { name, why, .. } = &self.policy.windows[window];
        Words {
            by: Some(self.windows[window].holder.as_str().into()),
            reason: Some(why.words().unwrap_or_else(|| format!("freeze window {name}")).into()),
            until,
        }
    }

    /// The policy closes the environment now: also where nothing of that is on record.
    pub(crate) fn is_closed(&self) -> bool {
        *self.is_closed.get_or_init(|| !self.timeline(self.now).is_open())
    }

    /// Until when the policy closes the environment: all its windows together.
    pub(crate) fn until(&self) -> Until {
        let opening = || self.timeline(self.now).next_turn().ok().flatten().and_then(time::at);
        *self.until.get_or_init(|| opening().map_or(Until::Never, Until::At))
    }

    /// `true` if the freezes of its windows are its own: only a name tells them from another policy's.
    pub(crate) fn owns_freezes(&self) -> bool {
        self.policy.name.is_some()
    }

    /// `true` if a freeze of this window still closes: it began with a run of the window, and the policy has not
    /// opened since.
    pub(crate) fn closes(&self, window: usize, freeze: &Freeze<'_>) -> bool {
        let (WindowHeld { applies, .. }, rule) = (&self.windows[window], &self.policy.windows[window]);
        let Some(since) = id::since(&freeze.id).map(|since| since.timestamp()) else { return false };
        let begins_then = |run: Run| run.is_cut || run.start == since;
        // What nobody can tell has not opened.
        let has_opened =
            || self.timeline(since).next_turn().is_ok_and(|turn| turn.is_some_and(|opening| opening <= self.now));
        *applies
            && rule.effect == Effect::Freeze
            && rule.run_at(&self.policy.zones, since).is_some_and(begins_then)
            && self.is_closed()
            && !has_opened()
    }

    fn timeline(&self, at: Instant) -> Timeline<'_> {
        self.policy.zones.budget().spend_on(self.windows.len(), 2);
        let applying = self.policy.windows.iter().zip(&self.windows).filter(|(_, held)| held.applies);
        let windows: Vec<_> = applying.map(|(window, _)| window).collect();
        Timeline::new(&self.policy.zones, &windows, &[], at)
    }
}

fn is_lifted(sight: &Sight<'_>, freeze: &Freeze<'_>) -> Result<bool, Error> {
    let unreadable = |name, detail: &str| {
        Err(Error::UnreadableAttestation { name, trail: freeze.id.to_string(), detail: detail.to_owned() })
    };
    if let Some(detail) = freeze.ons.failure() {
        return unreadable(ON, detail);
    }
    match freeze.trail().map_or(Look::NotYet, |trail| sight.look_at_lift(&trail)) {
        Look::Failed(detail) => unreadable(OFF, &detail),
        // A plan without this look: who has ended a freeze was most likely a person.
        Look::NotYet => Ok(true),
        Look::Found(is_lifted) => Ok(is_lifted),
        Look::Missing(_) => Ok(false),
    }
}
