//! Open or closed, now and later: freezes and windows on one line of time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::schedule::{Effect, NEVER, Rule, RuleStanding};
use crate::time::Instant;
use crate::time::zone::Zones;

use super::consents::Consents;
use super::window::Window;

/// Changes that are followed in search of the one that opens or closes: so many, and some more for each rule. What
/// has not come by then is unknown.
const MOST_CHANGES: usize = 10_000;
const MOST_CHANGES_OF_A_RULE: usize = 10;

/// The steps of a change, besides those of the rule that is asked.
const CHANGE: u64 = 6;

/// What keeps an environment closed, besides windows: a freeze, until its end or for good.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Held {
    pub(crate) until: Option<Instant>,
    /// Until then it lets the change in question through.
    pub(crate) consents_until: Instant,
}

/// The freezes and windows of one environment, at one instant that moves on.
pub(crate) struct Timeline<'p> {
    zones: &'p Zones,
    windows: Vec<Shut<'p>>,
    sources: Vec<Source<'p>>,
    /// When each of them may change; the next one first.
    changes: BinaryHeap<Reverse<(Instant, usize)>>,
    /// Freezes that hold and freeze windows that are active.
    closing: usize,
    /// Freezes without an end that hold: nothing opens it again.
    closing_for_good: usize,
    /// Active allow windows.
    allowing: usize,
    has_allow: bool,
    left: usize,
}

/// A window, and what it says now.
struct Shut<'p> {
    window: &'p Window,
    /// How many of its rules are active.
    active: usize,
    consents: bool,
    /// It is active, as far as the change in question goes.
    counts: bool,
}

/// Whatever changes at instants of its own: of a calendar's thousands of rules a change asks only the one it is of.
struct Source<'p> {
    cause: Cause<'p>,
    active: bool,
}

#[derive(Clone, Copy)]
enum Cause<'p> {
    Freeze(Held),
    /// One rule of the window at this place.
    Rule(usize, &'p Rule),
    /// What lets a change through that window, until an instant.
    Consent(usize, Instant),
}

impl Cause<'_> {
    fn standing(self, zones: &Zones, at: Instant) -> RuleStanding {
        let over = RuleStanding { active: false, until: NEVER };
        match self {
            Self::Rule(_, rule) => rule.standing(zones, at),
            Self::Consent(_, until) => {
                if at < until {
                    RuleStanding { active: true, until }
                } else {
                    over
                }
            }
            Self::Freeze(Held { until, consents_until }) => {
                let until = until.unwrap_or(NEVER);
                if at < consents_until && consents_until < until {
                    RuleStanding { active: false, until: consents_until }
                } else if at < until && at >= consents_until {
                    RuleStanding { active: true, until }
                } else {
                    over
                }
            }
        }
    }
}

/// Too many changes lie before it: until then it stays as it is, what comes after that nobody can say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unknown(pub(crate) Instant);

impl<'p> Timeline<'p> {
    /// How it stands `at`; `windows` are those for the environment.
    pub(crate) fn new(zones: &'p Zones, windows: &[&'p Window], freezes: &[Held], at: Instant) -> Self {
        Self::with_consents(zones, windows, freezes, &Consents::default(), at)
    }

    /// The same for a change to which some of the windows consent.
    pub(crate) fn with_consents(
        zones: &'p Zones,
        windows: &[&'p Window],
        freezes: &[Held],
        consents: &Consents,
        at: Instant,
    ) -> Self {
        let shut = |window: &&'p Window| Shut { window, active: 0, consents: false, counts: false };
        let mut timeline = Self {
            zones,
            windows: windows.iter().map(shut).collect(),
            sources: Vec::with_capacity(windows.len() + freezes.len()),
            changes: BinaryHeap::new(),
            closing: 0,
            closing_for_good: 0,
            allowing: 0,
            has_allow: windows.iter().any(|window| window.effect == Effect::Allow),
            left: MOST_CHANGES,
        };
        timeline.left += MOST_CHANGES_OF_A_RULE * windows.iter().map(|window| window.rules.len()).sum::<usize>();
        for (place, window) in windows.iter().enumerate() {
            for rule in window.rules.iter().take_while(|_| !zones.budget().is_spent()) {
                timeline.add(Cause::Rule(place, rule), at);
            }
            let until = consents.of_window(window);
            if at < until {
                timeline.add(Cause::Consent(place, until), at);
            }
        }
        for freeze in freezes {
            timeline.add(Cause::Freeze(*freeze), at);
        }
        timeline
    }

    fn add(&mut self, cause: Cause<'p>, at: Instant) {
        self.sources.push(Source { cause, active: false });
        self.ask(self.sources.len() - 1, at);
    }

    /// Notes how a source stands from now on.
    fn ask(&mut self, number: usize, at: Instant) {
        let source = &mut self.sources[number];
        let standing = source.cause.standing(self.zones, at);
        let was_active = std::mem::replace(&mut source.active, standing.active);
        if standing.until != NEVER {
            self.changes.push(Reverse((standing.until, number)));
        }
        let count = |count: &mut usize| *count = *count + usize::from(standing.active) - usize::from(was_active);
        match source.cause {
            Cause::Freeze(freeze) => {
                count(&mut self.closing);
                if freeze.until.is_none() {
                    count(&mut self.closing_for_good);
                }
            }
            Cause::Rule(place, _) => {
                count(&mut self.windows[place].active);
                self.weigh(place);
            }
            Cause::Consent(place, _) => {
                self.windows[place].consents = standing.active;
                self.weigh(place);
            }
        }
    }

    /// Counts a window by what it says now.
    fn weigh(&mut self, place: usize) {
        let shut = &mut self.windows[place];
        let (counts, counter) = match shut.window.effect {
            Effect::Freeze => (shut.active > 0 && !shut.consents, &mut self.closing),
            Effect::Allow => (shut.active > 0 || shut.consents, &mut self.allowing),
        };
        *counter = *counter + usize::from(counts) - usize::from(shut.counts);
        shut.counts = counts;
    }

    pub(crate) fn is_open(&self) -> bool {
        self.closing == 0 && self.is_allowed()
    }

    /// Some allow window is active, or none applies.
    pub(crate) fn is_allowed(&self) -> bool {
        self.allowing > 0 || !self.has_allow
    }

    /// The windows that say something now: freeze windows that are active; of the allow windows those, or all of
    /// them if none is.
    pub(crate) fn hits(&self) -> Vec<&'p Window> {
        let is_allowed = self.is_allowed();
        let says = |shut: &&Shut<'p>| shut.counts || (shut.window.effect == Effect::Allow && !is_allowed);
        self.windows.iter().filter(says).map(|shut| shut.window).collect()
    }

    /// A freeze window is active.
    pub(crate) fn is_in_freeze_window(&self) -> bool {
        self.windows.iter().any(|shut| shut.counts && shut.window.effect == Effect::Freeze)
    }

    /// Moves on to the next instant at which it opens or closes; `None` if it stays as it is for good.
    pub(crate) fn next_turn(&mut self) -> Result<Option<Instant>, Unknown> {
        let is_open = self.is_open();
        while self.closing_for_good == 0
            && let Some(at) = self.next_change()?
        {
            if self.is_open() != is_open {
                return Ok(Some(at));
            }
        }
        Ok(None)
    }

    /// Moves on to the next instant at which anything changes.
    fn next_change(&mut self) -> Result<Option<Instant>, Unknown> {
        let Some(&Reverse((at, _))) = self.changes.peek() else { return Ok(None) };
        while let Some(&Reverse((next, number))) = self.changes.peek()
            && next == at
        {
            self.left = self.left.checked_sub(1).filter(|_| self.zones.budget().spend(CHANGE)).ok_or(Unknown(at))?;
            self.changes.pop();
            self.ask(number, at);
        }
        Ok(Some(at))
    }
}

impl Window {
    /// When it stops being active, if it is at `at`: occurrences that follow without a break are one run.
    pub(crate) fn end_of_run(&self, zones: &Zones, at: Instant) -> Instant {
        if let Some((_, end)) = self.asked.get().filter(|(asked, _)| *asked == at) {
            return end;
        }
        let end = Timeline::new(zones, &[self], &[], at).next_turn().ok().flatten().unwrap_or(NEVER);
        self.asked.set(Some((at, end)));
        end
    }
}

#[cfg(test)]
mod tests {
    use crate::budget::Budget;
    use crate::policy::{Consents, Policy};
    use crate::time::Instant;

    use super::{Held, Timeline};

    const FREEZE: &str = r#"{"name": "f", "effect": "freeze", "environments": ["*"], "timezone": "UTC",
        "from": "1970-01-01T10:00", "to": "1970-01-01T20:00"}"#;
    const ALLOW: &str = r#"{"name": "a", "effect": "allow", "environments": ["*"], "timezone": "UTC",
        "from": "1970-01-01T08:00", "to": "1970-01-01T18:00"}"#;

    /// Open or closed at an hour, and the hours at which that turns.
    #[track_caller]
    fn check(windows: &[&str], freezes: &[Held], consents: &[(&str, i64)], hour: i64, wanted: (bool, &[i64])) {
        let json = format!(r#"{{"windows": [{}]}}"#, windows.join(","));
        let policy = Policy::read(&json, &Budget::default()).expect("a policy");
        let hours = |hours: i64| hours * 3600;
        let consents =
            consents.iter().fold(Consents::default(), |all, (window, until)| all.until(window, hours(*until)));
        let windows: Vec<_> = policy.windows.iter().collect();
        let mut timeline = Timeline::with_consents(&policy.zones, &windows, freezes, &consents, hours(hour));
        let is_open = timeline.is_open();
        let turns = std::iter::from_fn(|| timeline.next_turn().ok().flatten()).map(|turn| turn / 3600);
        assert_eq!((is_open, turns.collect::<Vec<_>>().as_slice()), wanted);
    }

    fn held(until: Option<i64>, consents_until: i64) -> Held {
        Held { until: until.map(|until| until * 3600), consents_until: consents_until * 3600 }
    }

    const NO_CONSENT: Instant = Instant::MIN / 3600;

    #[test]
    fn a_freeze_window_that_consents_closes_from_then_on() {
        check(&[FREEZE], &[], &[], 9, (true, &[10, 20]));
        check(&[FREEZE], &[], &[("f", 12)], 9, (true, &[12, 20]));
        check(&[FREEZE], &[], &[("f", 12)], 11, (true, &[12, 20]));
        check(&[FREEZE], &[], &[("f", 12)], 12, (false, &[20]));
        check(&[FREEZE], &[], &[("f", 30)], 11, (true, &[]));
        check(&[FREEZE], &[], &[("other", 30)], 11, (false, &[20]));
    }

    #[test]
    fn an_allow_window_that_consents_is_active_until_then() {
        check(&[ALLOW], &[], &[], 6, (false, &[8, 18]));
        check(&[ALLOW], &[], &[("a", 7)], 6, (true, &[7, 8, 18]));
        check(&[ALLOW], &[], &[("a", 9)], 6, (true, &[18]));
        check(&[ALLOW], &[], &[("a", 22)], 19, (true, &[22]));
        check(&[ALLOW, FREEZE], &[], &[("a", 22)], 19, (false, &[20, 22]));
    }

    #[test]
    fn a_freeze_that_consents_closes_from_then_on() {
        check(&[], &[held(Some(12), NO_CONSENT)], &[], 9, (false, &[12]));
        check(&[], &[held(Some(12), 11)], &[], 9, (true, &[11, 12]));
        check(&[], &[held(Some(12), 12)], &[], 9, (true, &[]));
        check(&[], &[held(None, 11)], &[], 9, (true, &[11]));
        check(&[FREEZE], &[held(None, 11)], &[], 9, (true, &[10]));
        check(&[FREEZE], &[held(None, 11)], &[("f", 12)], 9, (true, &[11]));
        check(&[FREEZE], &[held(None, NO_CONSENT)], &[], 9, (false, &[]));
    }
}
