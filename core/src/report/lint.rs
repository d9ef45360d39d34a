//! What looks wrong in a policy that can be read.

mod clocks;
mod overlaps;

use crate::answer::Warning;
use crate::codes::WarningCode;
use crate::kosli::documents::environment::Entry;
use crate::order::Map;
use crate::policy::{For, Policy, Standing, Told, Window};
use crate::schedule::{Effect, NEVER, Rule};
use crate::text::{excerpt, long_excerpt};
use crate::time::words::moment;
use crate::time::zone::Zones;
use crate::time::{DAY, Instant};

use super::agenda::Agenda;
use super::selection::fits;

/// Windows that are told one by one.
const MOST_TOLD: usize = 3;
/// Occurrences of a window that are looked at.
const MOST_LOOKED_AT: usize = 1_000;
/// Occurrences of one rule that are looked at for one that goes on into the next: a week of days.
const MOST_OF_A_RULE: usize = 8;
/// Warnings of one code that are told one by one.
const MOST_OF_A_CODE: usize = 100;
/// The steps of a warning.
const WARN: u64 = 100;

/// What a lint says of the windows for an environment, over so many days from `at` on.
pub(crate) fn lints(policy: &Policy, whom: For<'_>, agenda: &Agenda<'_>, at: Instant, days: i64) -> Vec<Warning> {
    let mut lints = Lints::new(policy, at);
    let last = at.saturating_add(days * DAY);
    let windows = policy.windows_for(whom);
    if let (For::Environment { name, .. }, []) = (whom, &*windows) {
        lints.warnings.extend(for_nobody(policy, name));
    }
    for window in &windows {
        lints.never_or_always(window);
        lints.as_written(window);
        lints.overlaps_itself(window);
        clocks::between(window, &policy.zones, at, last, &mut |code, text| lints.warn(code, window, text));
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
    overlaps::among(&agenda.closures, whom, &policy.zones, &mut |window, text| {
        lints.warn(WarningCode::Overlap, window, text);
    });
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
    let mut lints = Lints::new(policy, 0);
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
    let mut lints = Lints { for_gate: true, ..Lints::new(policy, at) };
    for window in policy.windows_for(whom) {
        lints.says_nothing(window);
        lints.as_written(window);
        lints.overlaps_itself(window);
        clocks::today(window, &policy.zones, at, &mut |code, text| lints.warn(code, window, text));
    }
    lints.misses_by_case(policy, whom);
    lints.finish()
}

struct Lints<'p> {
    zones: &'p Zones,
    at: Instant,
    for_gate: bool,
    warnings: Vec<Warning>,
    /// How many there are of each code, told or not.
    counted: Map<WarningCode, usize>,
}

impl<'p> Lints<'p> {
    fn new(policy: &'p Policy, at: Instant) -> Self {
        Self { zones: &policy.zones, at, for_gate: false, warnings: Vec::new(), counted: Map::new() }
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
}
