//! One reading of a `VEVENT`: when it begins, and for how long.

use std::cell::Cell;
use std::rc::Rc;

use crate::order::{self, Map, Set};
use crate::schedule::{Doubt, Effect, Reading, Rule, Starts, Until};
use crate::time::zone::ZoneId;
use crate::time::{DAY, Instant, Local};

use super::component::Component;
use super::length::{Length, length};
use super::lines::Line;
use super::listed::Listed;
use super::rules::{last_starts, rrules};
use super::when::{TWO_READINGS, Times, When, midnight};

/// What a rule takes in memory, in dates.
const RULE: usize = 75;

/// A start, and what its event is called.
pub(super) type Named = (Local, Option<Rc<str>>);

/// Starts of events that share a rule: of one zone, and equally long.
pub(super) type Singles = Map<(ZoneId, Length), Vec<Named>>;

pub(super) struct Occurrences {
    start: When,
    length: Option<Length>,
    rrules: Vec<Starts>,
    /// Starts that no rule gives, and how long they last.
    singles: Map<Local, Option<Length>>,
    /// What the rules give and is not to be.
    gone: Set<Local>,
    /// The dates of which a listed time that takes none is the midnight: each counts in a freeze as a day.
    days: Set<Local>,
}

/// What an exception is about.
pub(super) struct Meant {
    pub(super) starts: Set<Local>,
    /// It is their time, and not just their day.
    pub(super) is_exact: bool,
}

impl Occurrences {
    /// An event as it is written.
    pub(super) fn written(
        component: &Component,
        line: &Line,
        written: When,
        times: &mut Times,
    ) -> Result<Self, String> {
        let mut start = written;
        let (mut second, mut more) = (0, 0);
        let is_mixed = line.says_date() && !start.is_date;
        if is_mixed && times.effect == Effect::Freeze {
            let dates = times.start_dates(start);
            let (first, last) = (dates[0], dates[dates.len() - 1]);
            times.quirks.note(line.number, "a `DTSTART` with `VALUE=DATE` and a time counts in a freeze as its day");
            second = times.shown(times.default, times.instant(start)) - first;
            more = last - first;
            start = When { zone: times.default, local: first, is_date: true, is_floating: false, other: None };
        }
        let length = length(component, start, second, times)?.map(|length| length.longer(more));
        Self::read(component, line, start, length, times)
    }

    /// The occurrences from a start on that last so long.
    pub(super) fn read(
        component: &Component,
        line: &Line,
        start: When,
        length: Option<Length>,
        times: &mut Times,
    ) -> Result<Self, String> {
        // What begins on a date, or at a time of it, is known to begin there alone, and to end by its clock.
        let is_once = line.says_date() && !start.is_date;
        let length = if is_once { length.map(Length::by_clock) } else { length };
        let (mut rrules, on_rule) = Self::rules(component, start, times)?;
        let mut singles = Map::new();
        if rrules.is_empty() || (is_once && on_rule) || (!on_rule && times.effect == Effect::Freeze) {
            singles.insert(start.local, length);
        }
        if !rrules.is_empty() && !on_rule {
            let quirk = match times.effect {
                Effect::Freeze => "a `DTSTART` that its `RRULE` does not give counts all the same",
                Effect::Allow => "a `DTSTART` that its `RRULE` does not give does not allow anything",
            };
            times.quirks.note(line.number, quirk);
        }
        if is_once {
            times.quirks.note(line.number, "a `DTSTART` with `VALUE=DATE` and a time allows once at most");
            rrules.clear();
            // A period may shorten that.
            singles.retain(|_, _| component.all("RDATE").next().is_none());
        }
        let (gone, days) = (Set::new(), Set::new());
        let mut occurrences = Self { start, length, rrules, singles, gone, days };
        for line in component.all("RDATE").filter(|_| !is_once) {
            for listed in times.list(line, length)? {
                occurrences.add(line, &listed, times);
            }
        }
        occurrences.except(component, times)?;
        Ok(occurrences)
    }

    /// Days that are listed alone.
    pub(super) fn of_days(
        component: &Component,
        line: &Line,
        days: Set<Local>,
        times: &mut Times,
    ) -> Result<Option<Self>, String> {
        let Some(first) = days.first().copied() else { return Ok(None) };
        let start = When { zone: times.default, local: first, is_date: true, is_floating: false, other: None };
        let length = Some(Length::Local(DAY));
        let singles = order::map(days.into_iter().map(|day| (day, length)));
        let (gone, days) = (Set::new(), Set::new());
        let mut occurrences = Self { start, length, rrules: Vec::new(), singles, gone, days };
        times.count(line.number, occurrences.singles.len())?;
        occurrences.except(component, times)?;
        Ok(Some(occurrences))
    }

    /// Takes out what `EXDATE` lists.
    fn except(&mut self, component: &Component, times: &mut Times) -> Result<(), String> {
        for line in component.all("EXDATE") {
            for listed in times.list(line, None)? {
                if listed.is_period {
                    return Err(line.error("lists a period, which is not a start; list dates or times"));
                }
                self.remove(line.number, listed.start, times)?;
            }
        }
        Ok(())
    }

    /// The rules of an event, and whether one of them gives its beginning.
    fn rules(component: &Component, start: When, times: &mut Times) -> Result<(Vec<Starts>, bool), String> {
        let own = if start.is_date { times.own() } else { None };
        let is_open = Cell::new(false);
        let until = |until: Until| {
            let (earliest, latest) = last_starts(until, start, times, own);
            is_open.set(is_open.get() || earliest != latest);
            if times.effect == Effect::Freeze { latest } else { earliest }
        };
        let reading = Reading {
            until: &until,
            doubt: if times.effect == Effect::Freeze { Doubt::Longest } else { Doubt::Shortest },
            is_date: start.is_date,
            counts_beginning: times.effect == Effect::Allow,
            budget: times.zones.budget(),
        };
        let (rrules, odd) = rrules(component, start.local, &reading)?;
        for (line, quirk) in odd {
            times.quirks.note(line, quirk);
        }
        if is_open.get() {
            times
                .quirks
                .note(component.line, "an `UNTIL` that can be meant in two ways is taken so that more is closed");
        }
        if rrules.len() > 1 {
            times.quirks.note(component.line, "several `RRULE` of one event all count");
        }
        let on_rule = rrules.iter().any(|starts| starts.has(start.local));
        Ok((rrules, on_rule))
    }

    /// Adds a start of an `RDATE`; a period has its own length, also in place of an occurrence that a rule gives.
    fn add(&mut self, line: &Line, listed: &Listed, times: &mut Times) {
        let kind = When { is_date: self.start.is_date && !listed.is_period, ..self.start };
        let mut readings = times.readings(line.number, listed.start, kind);
        if listed.start.is_date && !self.start.is_date && !listed.is_period {
            times.quirks.note(line.number, "an `RDATE` without a time starts at the time of `DTSTART`");
            readings = times.on_date(listed.start.local, self.start);
        }
        let is_clear = readings.len() == 1;
        if !is_clear {
            times.quirks.note(line.number, TWO_READINGS);
        }
        if times.effect == Effect::Freeze && !self.start.is_date && listed.length.is_some_and(Length::is_day) {
            self.days.extend(times.start_dates(listed.start));
        }
        for at in readings {
            let known = self.gives(at).then(|| self.length_at(at));
            if known.is_some_and(|known| known != listed.length) {
                let quirk = match times.effect {
                    Effect::Freeze => {
                        "a period of `RDATE` at the start of an occurrence counts in a freeze if it is longer"
                    }
                    Effect::Allow => "a period of `RDATE` at the start of an occurrence allows for the shorter one",
                };
                times.quirks.note(line.number, quirk);
            }
            let zone = times.zones.get(self.start.zone);
            match times.effect {
                // What lasts longer by a rule is there already.
                Effect::Freeze
                    if known.is_some_and(|known| Length::longest(known, listed.length, zone, at) == known) => {}
                Effect::Freeze => _ = self.singles.insert(at, listed.length),
                Effect::Allow if is_clear => {
                    let length = if listed.is_period { listed.length } else { self.length };
                    self.gone.insert(at);
                    self.singles.insert(at, known.map_or(length, |known| Length::shortest(known, length, zone, at)));
                }
                // It may shorten what starts here.
                Effect::Allow if listed.is_period => {
                    self.gone.insert(at);
                    self.singles.remove(&at);
                }
                Effect::Allow => {}
            }
        }
    }

    /// Whether something starts at a time, be it taken out or not.
    fn gives(&self, at: Local) -> bool {
        self.singles.contains_key(&at) || self.rrules.iter().any(|starts| starts.has(at))
    }

    /// How long that lasts, `None` if it takes no time.
    fn length_at(&self, at: Local) -> Option<Length> {
        self.singles.get(&at).copied().unwrap_or(self.length)
    }

    /// Whether something starts at a time, and has not been taken out.
    pub(super) fn starts_at(&self, at: Local) -> bool {
        self.singles.contains_key(&at) || (!self.gone.contains(&at) && self.gives(at))
    }

    pub(super) fn length(&self) -> Option<Length> {
        self.length
    }

    /// It takes no time at a midnight, which counts as that day.
    pub(super) fn is_day(&self) -> bool {
        !self.start.is_date && self.length.is_some_and(Length::is_day)
    }

    pub(super) fn days(&self) -> &Set<Local> {
        &self.days
    }

    /// Nothing but the first occurrence.
    pub(super) fn keep_first(&mut self) {
        let first = self.start.local;
        let is_there = self.starts_at(first);
        let length = self.length_at(first);
        self.rrules.clear();
        self.singles.clear();
        if is_there {
            self.singles.insert(first, length);
        }
    }

    /// Whether two readings, none of which recurs, are active at the same instants.
    pub(super) fn is_same(&self, other: &Self, times: &Times) -> bool {
        let effect = times.effect;
        let spans = |one: &Self| -> Vec<_> {
            let zone = times.zones.get(one.start.zone);
            let lasting = one.singles.iter().filter_map(|(at, length)| Some((*at, (*length)?)));
            lasting.map(|(at, length)| (effect.begin(zone, at), length.end().of(zone, at, effect))).collect()
        };
        self.rrules.is_empty() && other.rrules.is_empty() && spans(self) == spans(other)
    }

    /// Whether anything of it would begin or end at another instant in that zone: many calendars define their zones for
    /// the time of their events alone, or have the clocks change an hour late.
    pub(super) fn differs_in(&self, zone: ZoneId, times: &Times) -> bool {
        let (here, there) = (times.zones.get(self.start.zone), times.zones.get(zone));
        let longest = self.lengths().map(Length::days).max().unwrap_or(0) * DAY;
        let effect = times.effect;
        let differs = |at: Local| {
            let end = self.length_at(at).map(Length::end);
            let span = |zone| (effect.begin(zone, at), end.as_ref().map(|end| end.of(zone, at, effect)));
            span(here) != span(there)
        };
        times.differences(self.start.zone, zone, self.span(times)).any(|(from, to)| {
            let after = from.saturating_sub(longest + 1);
            let by_rule = self.rrules.iter().flat_map(|starts| {
                std::iter::successors(starts.first_after(after), |at| starts.first_after(*at))
                    .take_while(|at| *at <= to)
            });
            let single = self.singles.from(&after).map(|(at, _)| *at).take_while(|at| *at <= to);
            by_rule.chain(single).any(|at| self.starts_at(at) && differs(at))
        })
    }

    fn lengths(&self) -> impl Iterator<Item = Length> {
        self.singles.values().chain([&self.length]).copied().flatten()
    }

    /// From when until when anything of it may go on, with a day before and after.
    pub(super) fn span(&self, times: &Times) -> (Instant, Instant) {
        let singles = || self.singles.keys().copied();
        let first = singles().min().map_or(self.start.local, |at| at.min(self.start.local));
        let by_rule = self.rrules.iter().filter_map(|starts| starts.last_until(Local::MAX));
        let last = singles().chain(by_rule).max().unwrap_or(first);
        let longest = self.lengths().map(Length::days).max().unwrap_or(0);
        let instant = |local| times.instant(When { local, ..self.start });
        (instant(first).saturating_sub(DAY), instant(last).saturating_add((longest + 1) * DAY))
    }

    pub(super) fn takes_time(&self) -> bool {
        self.length.is_some() || self.singles.values().any(Option::is_some)
    }

    /// Takes out what starts at a time, or on a date.
    pub(super) fn remove(&mut self, line: usize, when: When, times: &mut Times) -> Result<(), String> {
        let meant = self.meant(line, when, times)?;
        self.take_out(meant.starts);
        Ok(())
    }

    pub(super) fn take_out(&mut self, starts: Set<Local>) {
        for at in starts {
            self.singles.remove(&at);
            self.gone.insert(at);
        }
    }

    /// What an exception takes out that is about a time, or a date.
    pub(super) fn meant(&self, line: usize, when: When, times: &mut Times) -> Result<Meant, String> {
        let is_day = when.is_date && !self.start.is_date;
        if is_day {
            times.quirks.note(line, "a date, where `DTSTART` is a time, takes out all that starts on it");
        }
        let readings = times.readings(line, when, self.start);
        let mut ranges: Vec<_> = readings.iter().map(|at| (*at, at + if is_day { DAY } else { 1 })).collect();
        ranges.extend(times.day_here(when.local, self.start).filter(|_| is_day));
        let mut meant = self.starts_in(line, &ranges, times)?;
        let is_exact = !meant.is_empty();
        if !is_exact && times.effect == Effect::Allow {
            // Something is not to be: what is nearest to it does not allow.
            let days: Vec<_> = readings.iter().map(|at| (midnight(*at), midnight(*at) + DAY)).collect();
            meant = self.starts_in(line, &days, times)?;
            if !meant.is_empty() {
                times
                    .quirks
                    .note(line, "an `EXDATE` or `RECURRENCE-ID` at another time takes out what starts on its day");
            }
        }
        let Some(first) = meant.first().cloned() else {
            times.quirks.note(line, "an `EXDATE` or `RECURRENCE-ID` is not the start of any occurrence");
            return Ok(Meant { starts: Set::new(), is_exact });
        };
        if meant.iter().any(|other| *other != first) {
            times.quirks.note(line, TWO_READINGS);
        }
        let starts = match times.effect {
            Effect::Freeze => order::set(first.into_iter().filter(|at| meant.iter().all(|other| other.contains(at)))),
            Effect::Allow => order::set(meant.into_iter().flatten()),
        };
        Ok(Meant { starts, is_exact })
    }

    /// Whether some occurrence starts at a time, or on a date: `false` if only on the same day as that time.
    pub(super) fn has(&self, when: When, times: &mut Times) -> Option<bool> {
        let quirks = std::mem::take(&mut times.quirks);
        let is_day = when.is_date && !self.start.is_date;
        let readings = times.readings(0, when, self.start);
        times.quirks = quirks;
        let starts = |from: Local, to: Local| {
            let in_rule = |starts: &Starts| starts.first_after(from - 1).is_some_and(|at| at < to);
            self.singles.from(&from).next().is_some_and(|(at, _)| *at < to) || self.rrules.iter().any(in_rule)
        };
        if readings.iter().any(|at| starts(*at, at + if is_day { DAY } else { 1 })) {
            return Some(true);
        }
        readings.iter().any(|at| starts(midnight(*at), midnight(*at) + DAY)).then_some(false)
    }

    /// What starts in each of these ranges in which anything does, and is not yet gone.
    fn starts_in(&self, line: usize, ranges: &[(Local, Local)], times: &mut Times) -> Result<Vec<Set<Local>>, String> {
        let mut all = Vec::new();
        for (from, to) in ranges {
            let mut found = order::set(self.singles.from(from).map(|(at, _)| *at).take_while(|at| at < to));
            for starts in &self.rrules {
                let mut after = from - 1;
                while let Some(at) = starts.first_after(after).filter(|at| at < to) {
                    times.count(line, usize::from(to - from > 1))?;
                    found.insert(at);
                    after = at;
                }
            }
            if !found.is_empty() {
                all.push(found);
            }
        }
        Ok(all)
    }

    /// A rule for each `RRULE`. What else there is goes to `singles`, to share rules with other events.
    pub(super) fn into_rules(
        self,
        rules: &mut Vec<Rule>,
        singles: &mut Singles,
        name: Option<&Rc<str>>,
        times: &Times,
    ) {
        let zone = self.start.zone;
        for mut starts in self.rrules {
            if let Some(length) = self.length
                && times.zones.budget().spend_on(self.gone.len() + RULE, 4)
            {
                starts.exclude(self.gone.iter().copied().collect());
                rules.push(Rule {
                    effect: times.effect,
                    zone,
                    starts,
                    end: length.end(),
                    names: name.map(|name| (None, Rc::clone(name))).into_iter().collect(),
                });
            }
        }
        for (at, length) in self.singles {
            if let Some(length) = length {
                singles.or_default((zone, length)).push((at, name.map(Rc::clone)));
            }
        }
    }
}
