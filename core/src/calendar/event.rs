//! One `VEVENT`: whether it counts, and when it is.

use std::collections::BTreeMap;

use super::component::Component;
use super::lines::Line;
use super::when::{Length, Times, When};
use crate::duration;
use crate::policy::{Effect, End, Rule};
use crate::recurrence::{DAY, Starts};
use crate::zone::{Instant, Local, ZoneId};

/// Nobody's event has more rules; each is asked about each date that is left out.
const MAX_RULES: usize = 10;

pub(super) struct Event<'c> {
    pub(super) line: usize,
    pub(super) uid: Option<&'c str>,
    pub(super) sequence: i64,
    /// Which occurrence of the event with its UID it stands for.
    pub(super) replaces: Option<When>,
    /// `None` if it does not count.
    pub(super) occurrences: Option<Occurrences>,
}

pub(super) struct Occurrences {
    start: When,
    length: Option<Length>,
    rrules: Vec<Starts>,
    /// Starts that no rule gives, and how long they last.
    singles: BTreeMap<Local, Option<Length>>,
    /// What the rules give and is not to be.
    gone: Vec<Local>,
}

pub(super) fn read<'c>(component: &'c Component, times: &mut Times, effect: Effect) -> Result<Event<'c>, String> {
    let replaces = component.one("RECURRENCE-ID")?;
    if let Some(line) = replaces.filter(|line| line.param("RANGE").is_some()) {
        return Err(
            line.error("has a `RANGE`, which is not supported; make the later occurrences an event of their own")
        );
    }
    let sequence =
        component.one("SEQUENCE")?.map(|line| line.value().parse().map_err(|_| line.bad("which is no number")));
    let counts = counts(component, times, effect)?;
    Ok(Event {
        line: component.line,
        uid: component.one("UID")?.map(Line::value).filter(|uid| !uid.is_empty()),
        sequence: sequence.transpose()?.unwrap_or(0),
        replaces: replaces.map(|line| times.when(line)).transpose()?,
        occurrences: counts.then(|| Occurrences::read(component, times, effect)).transpose()?,
    })
}

/// What is uncertain closes: it counts in a freeze window, and not in an allow window.
fn counts(component: &Component, times: &mut Times, effect: Effect) -> Result<bool, String> {
    let mut counts = !component.says("STATUS", "CANCELLED")?;
    let uncertain = [
        ("STATUS", "TENTATIVE", "`STATUS:TENTATIVE` counts in a freeze", "`STATUS:TENTATIVE` does not allow anything"),
        (
            "TRANSP",
            "TRANSPARENT",
            "`TRANSP:TRANSPARENT` counts in a freeze",
            "`TRANSP:TRANSPARENT` does not allow anything",
        ),
    ];
    for (name, value, in_freeze, in_allow) in uncertain {
        if counts && component.says(name, value)? {
            times.quirks.note(component.line, if effect == Effect::Freeze { in_freeze } else { in_allow });
            counts = effect == Effect::Freeze;
        }
    }
    Ok(counts)
}

impl Occurrences {
    fn read(component: &Component, times: &mut Times, effect: Effect) -> Result<Self, String> {
        let line = component.need("DTSTART")?;
        let start = times.when(line)?;
        let length = length(component, start, times, effect)?;
        let zone = times.zones.get(start.zone);
        let rrules = rrules(component, start.local, &|at| zone.latest_local(at))?;
        if rrules.len() > 1 {
            times.quirks.note(component.line, "several `RRULE` of one event all count");
        }
        let mut singles = BTreeMap::new();
        if !rrules.iter().any(|starts| starts.last_until(start.local) == Some(start.local)) {
            if !rrules.is_empty() {
                times.quirks.note(line.number, "a `DTSTART` that its `RRULE` does not give counts all the same");
            }
            singles.insert(start.local, length);
        }
        let mut occurrences = Self { start, length, rrules, singles, gone: Vec::new() };
        for line in component.all("RDATE") {
            for listed in times.list(line, length)? {
                // A period has its own length, also in place of an occurrence that a rule gives.
                let kind = When { is_date: start.is_date && !listed.is_period, ..start };
                let mut at = times.local(line.number, listed.start, kind);
                if listed.is_period {
                    occurrences.gone.push(at);
                    occurrences.singles.insert(at, listed.length);
                    continue;
                }
                if listed.start.is_date && !start.is_date {
                    times.quirks.note(line.number, "an `RDATE` without a time starts at the time of `DTSTART`");
                    at += start.local.rem_euclid(DAY);
                }
                occurrences.singles.entry(at).or_insert(length);
            }
        }
        for line in component.all("EXDATE") {
            for listed in times.list(line, None)? {
                if listed.is_period {
                    return Err(line.error("lists a period, which is no start; list dates or times"));
                }
                occurrences.remove(line.number, listed.start, times)?;
            }
        }
        Ok(occurrences)
    }

    /// Takes out what starts at a time, or on a date.
    pub(super) fn remove(&mut self, line: usize, when: When, times: &mut Times) -> Result<(), String> {
        let from = times.local(line, when, self.start);
        let is_day = when.is_date && !self.start.is_date;
        if is_day {
            times.quirks.note(line, "a date, where `DTSTART` is a time, takes out all that starts on it");
        }
        let to = from + if is_day { DAY } else { 1 };
        let mut found: Vec<_> = self.singles.range(from..to).map(|(at, _)| *at).collect();
        for at in &found {
            self.singles.remove(at);
        }
        for starts in &self.rrules {
            let mut after = from - 1;
            while let Some(at) = starts.first_after(after).filter(|at| *at < to) {
                times.count(line, usize::from(is_day))?;
                found.push(at);
                after = at;
            }
        }
        if found.is_empty() {
            times.quirks.note(line, "an `EXDATE` or `RECURRENCE-ID` is not the start of any occurrence");
        }
        self.gone.append(&mut found);
        Ok(())
    }

    /// A rule for each `RRULE`. What else there is goes to `singles`, to share rules with other events.
    pub(super) fn into_rules(self, rules: &mut Vec<Rule>, singles: &mut BTreeMap<(ZoneId, Length), Vec<Local>>) {
        let zone = self.start.zone;
        for mut starts in self.rrules {
            if let Some(length) = self.length {
                starts.exclude(self.gone.clone());
                rules.push(Rule { zone, starts, end: length.end() });
            }
        }
        for (at, length) in self.singles {
            if let Some(length) = length {
                singles.entry((zone, length)).or_default().push(at);
            }
        }
    }
}

/// The starts that the `RRULE`s of an event or of an observance give.
pub(super) fn rrules(
    component: &Component,
    start: Local,
    until: &dyn Fn(Instant) -> Local,
) -> Result<Vec<Starts>, String> {
    if let Some(line) = component.all("EXRULE").next() {
        return Err(line.error("is not supported; list the occurrences that are left out in `EXDATE`"));
    }
    let rule = |(at, line): (usize, &Line)| {
        if at >= MAX_RULES {
            return Err(line.error("is one too many: an event may have ten"));
        }
        Starts::rrule(line.value(), start, until).map_err(|error| format!("line {}: `RRULE`: {error}", line.number))
    };
    component.all("RRULE").enumerate().map(rule).collect()
}

/// How long each occurrence lasts, `None` if it takes no time.
fn length(component: &Component, start: When, times: &mut Times, effect: Effect) -> Result<Option<Length>, String> {
    let (line, length) = match (component.one("DTEND")?, component.one("DURATION")?) {
        (Some(line), Some(_)) => return Err(line.error("stands beside `DURATION`; give one of them")),
        (Some(line), None) => {
            let end = times.when(line)?;
            if end.is_date != start.is_date {
                times
                    .quirks
                    .note(line.number, "a date beside a time, in `DTSTART` and `DTEND`, is taken as its midnight");
            }
            if !end.is_date || !start.is_date {
                (line.number, Length::After(times.instant(end) - times.instant(start)))
            } else if end.local == start.local && effect == Effect::Freeze {
                times.quirks.note(line.number, "a `DTEND` on the date of `DTSTART` counts in a freeze as one day");
                (line.number, Length::Local(DAY))
            } else {
                (line.number, Length::Local(end.local - start.local))
            }
        }
        (None, Some(line)) => {
            let read = duration::parse(line.value());
            let seconds = read.ok_or_else(|| line.bad("which is no duration such as `PT2H` or `P1D`"))?;
            let is_days = start.is_date && seconds % DAY == 0;
            (line.number, if is_days { Length::Local(seconds) } else { Length::After(seconds) })
        }
        (None, None) if start.is_date => (component.line, Length::Local(DAY)),
        (None, None) => (component.line, Length::After(0)),
    };
    Ok(times.some_time(line, length))
}

impl Length {
    pub(super) fn end(self) -> End {
        match self {
            Self::After(seconds) => End::After(seconds),
            Self::Local(seconds) => End::Local(seconds),
        }
    }
}
