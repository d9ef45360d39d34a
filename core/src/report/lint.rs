//! What looks wrong in a policy that can be read.

use crate::answer::Warning;
use crate::codes::WarningCode;
use crate::kosli::documents::environment::Entry;
use crate::order::Map;
use crate::policy::{For, Policy, Standing, Told, Window};
use crate::schedule::{Effect, End, NEVER, Rule, Starts};
use crate::text::{excerpt, long_excerpt};
use crate::time::words::{clock, moment};
use crate::time::zone::{Zone, ZoneId, Zones};
use crate::time::{DAY, Instant, Local};

use super::agenda::{Agenda, ListedClosure};
use super::selection::fits;

/// The steps of looking at a change of a clock.
const LOOK: u64 = 20;
/// Windows that are told one by one.
const MOST_TOLD: usize = 3;
/// Occurrences of a window that are looked at.
const MOST_LOOKED_AT: usize = 1_000;
/// Occurrences of one rule that are looked at for one that goes on into the next: a week of days.
const MOST_OF_A_RULE: usize = 8;
/// Windows that overlap others, and are told to.
const MOST_OVERLAPPING: usize = 100;
/// Warnings of one code that are told one by one.
const MOST_OF_A_CODE: usize = 100;
/// The steps of a warning.
const WARN: u64 = 100;

/// What a lint says of the windows for an environment, over so many days from `at` on.
pub(crate) fn lints(policy: &Policy, whom: For<'_>, agenda: &Agenda<'_>, at: Instant, days: i64) -> Vec<Warning> {
    let mut lints = Lints::new(policy, at, at.saturating_add(days * DAY));
    let windows = policy.windows_for(whom);
    if let (For::Environment { name, .. }, []) = (whom, &*windows) {
        lints.warnings.extend(for_nobody(policy, name));
    }
    for window in &windows {
        lints.never_or_always(window);
        lints.as_written(window);
        lints.overlaps_itself(window);
        lints.clock_changes(window);
    }
    // Which environments it is for is not read: it is told to whoever asks.
    for window in policy.windows.iter().filter(|window| window.is_suspended) {
        lints.warn(
            WarningCode::SuspendedWindow,
            window,
            "is suspended: it closes nothing; take `suspended` out to have it back",
        );
    }
    lints.misses_by_case(policy, whom);
    lints.overlaps(&agenda.closures, whom);
    if agenda.is_cut {
        let text = "there are more closures than are listed, later ones or later ends; ask for fewer days".to_owned();
        lints.warnings.push(Warning::new(WarningCode::ClosuresCut, text));
    }
    let has_allow = windows.iter().any(|window| window.effect == Effect::Allow);
    if has_allow && matches!(whom, For::Every) {
        let text = "allow windows close what lies outside of them; name an environment to see those closures, too";
        lints.warnings.push(Warning::new(WarningCode::NeedsEnvironment, text));
    }
    if policy.name.is_none() && windows.iter().any(|window| window.effect == Effect::Freeze) {
        let text = "the policy has no name, so `sync` cannot tell its freezes from another policy's, and never ends or \
                    shortens them; name it, e.g. policy: release";
        lints.warnings.push(Warning::new(WarningCode::UnnamedPolicy, text));
    }
    lints.warnings.extend(idle_exceptions(policy));
    lints.finish()
}

/// Exceptions that cover no window: perhaps one was renamed.
fn idle_exceptions(policy: &Policy) -> Vec<Warning> {
    let budget = policy.zones.budget();
    let covers =
        |one: &Standing| policy.windows.iter().any(|window| !window.is_suspended && one.covers(&window.name, budget));
    let idle = policy.exceptions.iter().enumerate().filter(|(_, one)| !covers(one));
    let warn = |(number, one): (usize, &Standing)| {
        let text =
            format!("the exception `{}` covers no window of the policy; name one, or take it out", excerpt(&one.name));
        Warning {
            place: Some(vec!["exceptions".into(), number.into()]),
            ..Warning::new(WarningCode::IdleException, text)
        }
    };
    idle.map(warn).collect()
}

/// A policy that has windows and none for the environment that was asked about: perhaps a name is misspelt.
fn for_nobody(policy: &Policy, environment: &str) -> Option<Warning> {
    let told = |window: &Window| format!("`{}` is for {}", excerpt(&window.name), window.selector.words());
    let windows: Vec<_> = policy.windows.iter().filter(|window| !window.is_suspended).collect();
    let mut listed: Vec<_> = windows.iter().take(MOST_TOLD).map(|window| told(window)).collect();
    if windows.len() > MOST_TOLD {
        listed.push(format!("and {} more", windows.len() - MOST_TOLD));
    }
    let text = format!("no window of the policy is for {environment}: {}", listed.join("; "));
    (!windows.is_empty()).then_some(Warning::new(WarningCode::NoneForEnvironment, text))
}

/// Globs of windows that no environment of Kosli's list fits: perhaps a name is misspelt, or was given up.
pub(crate) fn fits_none(policy: &Policy, entries: &[Entry<'_>]) -> Vec<Warning> {
    let mut lints = Lints::new(policy, 0, 0);
    for window in policy.windows.iter().filter(|window| !window.is_suspended) {
        let budget = policy.zones.budget();
        let fits_none = |glob: &&String| fits(entries, glob.trim_start_matches('!'), budget).next().is_none();
        for glob in window.selector.names().iter().filter(fits_none) {
            lints.warn(
                WarningCode::FitsNone,
                window,
                &format!("names `{}`, which matches no Kosli environment", excerpt(glob)),
            );
        }
    }
    lints.finish()
}

/// What a gate must know: how the windows for an environment are read where they could be read otherwise.
pub(crate) fn readings(policy: &Policy, whom: For<'_>, at: Instant) -> Vec<Warning> {
    let mut lints = Lints { for_gate: true, ..Lints::new(policy, at, at) };
    for window in policy.windows_for(whom) {
        lints.says_nothing(window);
        lints.as_written(window);
        lints.overlaps_itself(window);
        lints.odd_times_today(window);
        lints.two_ends(window, lints.ends_now(window));
    }
    lints.misses_by_case(policy, whom);
    lints.finish()
}

struct Lints<'p> {
    zones: &'p Zones,
    at: Instant,
    last: Instant,
    for_gate: bool,
    warnings: Vec<Warning>,
    /// How many there are of each code, told or not.
    counted: Map<WarningCode, usize>,
}

impl<'p> Lints<'p> {
    fn new(policy: &'p Policy, at: Instant, last: Instant) -> Self {
        Self { zones: &policy.zones, at, last, for_gate: false, warnings: Vec::new(), counted: Map::new() }
    }

    fn warn(&mut self, code: WarningCode, window: &Window, text: &str) {
        let count = self.counted.or_default(code);
        *count += 1;
        if self.zones.budget().spend(WARN) && *count <= MOST_OF_A_CODE {
            let text = format!("the window `{}` {text}", excerpt(&window.name));
            self.warnings.push(Warning::new(code, text).about_window(window.number));
        }
    }

    /// All that was found; of a code that has too many, how many more there are.
    fn finish(mut self) -> Vec<Warning> {
        for (code, count) in self.counted {
            if count > MOST_OF_A_CODE {
                let text =
                    format!("and {} more warnings like the {MOST_OF_A_CODE} of `{code}`", count - MOST_OF_A_CODE);
                self.warnings.push(Warning::new(code, text));
            }
        }
        self.warnings
    }

    /// Windows that upper and lower case alone keep from the environment: somebody may have misspelt it.
    fn misses_by_case(&mut self, policy: &Policy, whom: For<'_>) {
        let For::Environment { name, traits } = whom else { return };
        let misses = |window: &&Window| {
            !window.is_suspended && window.selector.misses_by_case(name, traits, self.zones.budget())
        };
        let missing: Vec<_> = policy.windows.iter().filter(misses).collect();
        for window in missing {
            let text =
                format!("is not for {name}, by upper and lower case alone: it is for {}", window.selector.words());
            self.warn(WarningCode::CaseDiffers, window, &text);
        }
    }

    /// A freeze window that never closes again: whoever exports the wrong calendar, or last year's, has frozen nothing.
    fn says_nothing(&mut self, window: &Window) {
        let goes_on = |rule: &Rule| {
            let standing = rule.standing(self.zones, self.at);
            standing.active || standing.until != NEVER
        };
        if window.effect == Effect::Freeze && !window.rules.iter().any(goes_on) {
            self.never(window);
        }
    }

    fn never_or_always(&mut self, window: &Window) {
        if let Some(run) = window.run(self.zones, self.at) {
            if run.end == NEVER {
                self.warn(WarningCode::AlwaysActive, window, "is active without a break; its end was not found");
            }
            return;
        }
        self.never(window);
    }

    /// A window that is not active and never will be.
    fn never(&mut self, window: &Window) {
        let is_active = window.active(self.zones, self.at).next().is_some();
        if is_active || window.next_run(self.zones, self.at).is_some() {
            return;
        }
        let has_been = window.rules.iter().any(|rule| rule.latest(self.zones, self.at).is_some());
        if has_been {
            let what = match window.told {
                Told::Calendar { .. } => {
                    "is over: no event of its calendar is still to come; export it anew, or remove it"
                }
                _ => "is over and never recurs; you can remove it",
            };
            self.warn(WarningCode::ExpiredWindow, window, what);
        } else if let Told::Calendar { events: 0, .. } = window.told {
            self.warn(WarningCode::NeverActive, window, "is never active: no event of its calendar counts");
        } else {
            self.warn(WarningCode::NeverActive, window, "is never active: its rule never matches");
        }
    }

    /// What is seen in the text alone.
    fn as_written(&mut self, window: &Window) {
        for note in &window.notes {
            self.warn(note.code, window, &note.text);
        }
        match &window.told {
            Told::OneOff { to, ends_with_date: true, .. } => {
                let closes = if window.effect == Effect::Freeze { "close" } else { "allow on" };
                let text = format!(
                    "ends as its last date begins, {}; to {closes} that day too, write T24:00 after it",
                    moment(*to)
                );
                self.warn(WarningCode::DateEnd, window, &text);
            }
            Told::Recurrence { is_on_rule: false, rrule: Some(rule), dtstart, .. } => {
                let text = format!(
                    "begins on {}, which `{}` does not give; it counts all the same",
                    moment(*dtstart),
                    excerpt(rule)
                );
                self.warn(WarningCode::DtstartOffRule, window, &text);
            }
            Told::Calendar { quirks, .. } => {
                let for_gate = self.for_gate;
                for quirk in quirks.iter().filter(|quirk| !for_gate || !quirk.is_usual) {
                    let text = format!("has a calendar with this: {}", long_excerpt(&quirk.text));
                    self.warn(WarningCode::CalendarQuirk, window, &text);
                }
            }
            _ => {}
        }
    }

    /// An allow window that is still open when it opens again: it is open longer than anybody sees in it.
    fn overlaps_itself(&mut self, window: &Window) {
        if window.effect != Effect::Allow {
            return;
        }
        let mut left = MOST_LOOKED_AT;
        for rule in window.rules.iter() {
            let mut last = rule.latest(self.zones, self.at);
            for _ in 0..MOST_OF_A_RULE {
                let from = last.map_or(self.at, |last| last.start);
                let Some(next) = rule.next(self.zones, from).filter(|_| left > 0) else { break };
                if last.is_some_and(|last| last.end > next.start) {
                    let begin = moment(self.zones.get(rule.zone).latest_local(next.start));
                    let text = format!("allows for so long that its occurrences overlap, as on {begin}; shorten them");
                    self.warn(WarningCode::AllowOverlap, window, &text);
                    return;
                }
                last = Some(next);
                left -= 1;
            }
        }
    }

    /// Beginnings and ends that the clock does not show, or shows twice: the first of each kind.
    fn clock_changes(&mut self, window: &Window) {
        let (mut gap, mut repeat) = (None, None);
        let mut ends = self.ends_now(window);
        for rule in window.rules.iter() {
            for turn in self.turns(self.zones.get(rule.zone), self.at, self.last) {
                let first = if turn.is_gap { &mut gap } else { &mut repeat };
                *first = first.or_else(|| turn.odd_time(rule, turn.from));
                ends = ends.or_else(|| rule.ends_at(self.zones, turn.at));
            }
        }
        self.two_ends(window, ends);
        self.odd_time(window, gap);
        self.odd_time(window, repeat);
    }

    /// The two ends that an event of a calendar may have which goes on while the clocks change.
    fn ends_now(&self, window: &Window) -> Option<(Instant, Instant)> {
        window.rules.iter().find_map(|rule| rule.ends_at(self.zones, self.at))
    }

    fn two_ends(&mut self, window: &Window, ends: Option<(Instant, Instant)>) {
        if let Some((earlier, later)) = ends {
            let local = |at| moment(self.zones.get(window.zone).latest_local(at));
            let (earlier, later) = (local(earlier), local(later));
            let taken = if window.effect == Effect::Freeze { &later } else { &earlier };
            let text = format!(
                "has a calendar with an event that goes on while the clocks change: it may be meant to end on \
                 {earlier} or on {later}; {taken} counts"
            );
            self.warn(WarningCode::CalendarQuirk, window, &text);
        }
    }

    /// A time that the clocks skip or show twice.
    fn odd_time(&mut self, window: &Window, found: Option<(Local, Turn)>) {
        let Some((local, Turn { from, to, is_gap, .. })) = found else { return };
        let time = moment(local);
        let (code, text) = if !is_gap {
            (WarningCode::RepeatHour, format!("has {time}, which the clocks show twice; it happens the first time"))
        } else if local == from {
            (WarningCode::GapHour, format!("has {time}, a time the clocks skip; it happens when they go forward"))
        } else {
            let later = local + to - from;
            let told = if later.div_euclid(DAY) == local.div_euclid(DAY) { clock } else { moment };
            let (on, later) = (told(to), told(later));
            let text =
                format!("has {time}, a time the clocks skip; it may mean {on} or {later}: what closes more counts");
            (WarningCode::GapHour, text)
        };
        self.warn(code, window, &text);
    }

    /// A time that can be meant in two ways by the clocks on the day of the decision.
    fn odd_times_today(&mut self, window: &Window) {
        let mut found = None;
        let mut known: Option<(ZoneId, Vec<Turn>)> = None; // a calendar has thousands of rules in one zone
        for rule in window.rules.iter() {
            if known.as_ref().is_none_or(|(zone, _)| *zone != rule.zone) {
                let zone = self.zones.get(rule.zone);
                let now = self.at + zone.span(self.at).offset;
                let midnight = now - now.rem_euclid(DAY);
                let (from, to) = (zone.instant(midnight) - 1, zone.instant(midnight + DAY)); // midnight may be skipped
                known = Some((rule.zone, self.turns(zone, from, to)));
            }
            // The first time of a gap is one instant however it is read.
            let mut turns = known.iter().flat_map(|(_, turns)| turns);
            found = turns.find_map(|turn| turn.odd_time(rule, turn.from + i64::from(turn.is_gap)));
            if found.is_some() {
                break;
            }
        }
        self.odd_time(window, found);
    }

    /// The changes of a clock after an instant and before another.
    fn turns(&self, zone: &Zone, from: Instant, to: Instant) -> Vec<Turn> {
        let mut turns = Vec::new();
        let mut span = zone.span(from);
        while span.to < to && self.zones.budget().spend(LOOK) {
            let after = zone.span(span.to);
            let (before, then) = (span.to + span.offset, span.to + after.offset);
            turns.push(Turn { at: span.to, from: before.min(then), to: before.max(then), is_gap: then > before });
            span = after;
        }
        turns
    }

    /// Windows that close the same environment at the same time: of two with other globs that is not known
    /// without an environment. Those that overlap one with the other are told together.
    fn overlaps(&mut self, closures: &[ListedClosure<'_>], whom: For<'_>) {
        let zones = self.zones;
        let meet = |one: &Window, other: &Window| {
            !matches!(whom, For::Every) || one.selector.meets(&other.selector, zones.budget())
        };
        let mut groups: Vec<Overlap<'_>> = Vec::new();
        for (place, one) in closures.iter().enumerate() {
            let Some(first) = one.window else { continue };
            for other in closures[place + 1..].iter().take_while(|other| other.time.start < one.time.end) {
                let told: usize = groups.iter().map(|group| group.windows.len()).sum();
                if told >= MOST_OVERLAPPING || !zones.budget().spend(2) {
                    break;
                }
                let Some(second) = other.window else { continue };
                let is_known = groups.iter().any(|group| group.has(first) && group.has(second));
                if !is_known && meet(first, second) {
                    join(&mut groups, first, second, other.time.start);
                }
            }
        }
        for Overlap { windows, first_at } in groups {
            let first = windows[0];
            let begin = moment(zones.get(first.zone).latest_local(first_at));
            let names = windows[1..].iter().take(MOST_TOLD).map(|window| format!("`{}`", excerpt(&window.name)));
            let names = names.collect::<Vec<_>>().join(", ");
            let who = match windows.len() - 1 {
                1 => format!("and the window {names} overlap"),
                others if others <= MOST_TOLD => format!("and {others} others overlap ({names})"),
                others => format!("and {others} others overlap ({names} and {} more)", others - MOST_TOLD),
            };
            self.warn(WarningCode::Overlap, first, &format!("{who}, first on {begin} {}", first.timezone));
        }
    }
}

/// Windows of which each overlaps another one.
struct Overlap<'p> {
    windows: Vec<&'p Window>,
    first_at: Instant,
}

impl Overlap<'_> {
    fn has(&self, window: &Window) -> bool {
        self.windows.iter().any(|known| known.number == window.number)
    }
}

/// Notes that two windows overlap, which may make one of two groups.
fn join<'p>(groups: &mut Vec<Overlap<'p>>, first: &'p Window, second: &'p Window, at: Instant) {
    let mut all = Overlap { windows: Vec::new(), first_at: at };
    groups.retain_mut(|group| {
        let is_apart = !group.has(first) && !group.has(second);
        if !is_apart {
            all.windows.append(&mut group.windows);
            all.first_at = all.first_at.min(group.first_at);
        }
        is_apart
    });
    for window in [first, second] {
        if !all.has(window) {
            all.windows.push(window);
        }
    }
    groups.push(all);
}

/// When a clock changes, and the local times `[from, to)` that it skips, or shows twice.
#[derive(Clone, Copy)]
struct Turn {
    at: Instant,
    from: Local,
    to: Local,
    is_gap: bool,
}

impl Turn {
    /// A time of a rule from one on that it skips, or shows twice.
    fn odd_time(self, rule: &Rule, from: Local) -> Option<(Local, Self)> {
        time_between(rule, from, self.to).map(|local| (local, self))
    }
}

/// A time in `[from, to)` at which a rule begins, or ends by the clock.
fn time_between(rule: &Rule, from: Local, to: Local) -> Option<Local> {
    let first = |starts: &Starts, from: Local, to: Local| starts.first_after(from - 1).filter(|&at| at < to);
    first(&rule.starts, from, to).or_else(|| match &rule.end {
        End::Local(seconds) => first(&rule.starts, from - seconds, to - seconds).map(|start| start + seconds),
        End::Cron(ends) => {
            let end = first(ends, from, to)?;
            let start = rule.starts.last_until(end - 1)?;
            (ends.first_after(start) == Some(end)).then_some(end)
        }
        End::After(_) | End::Either { .. } => None,
    })
}
