//! One `VEVENT`: whether it counts, and when it is.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use super::component::Component;
use super::length::{Length, length};
use super::lines::Line;
use super::rules::{last_starts, rrules};
use super::standing::Standing;
use super::when::{Listed, TWO_READINGS, Times, When, midnight};
use crate::budget::Budget;
use crate::policy::{Effect, Rule};
use crate::recurrence::{DAY, Doubt, Reading, Starts, Until};
use crate::zone::{Local, ZoneId};

/// What a rule takes in memory, in dates.
const RULE: usize = 75;

pub(super) struct Event<'c> {
    pub(super) line: usize,
    pub(super) uid: Option<&'c str>,
    pub(super) sequence: i64,
    /// Which occurrence of the event with its UID it stands for.
    pub(super) replaces: Option<When>,
    /// That occurrence is gone for certain.
    pub(super) takes_over: bool,
    pub(super) is_cancelled: bool,
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

pub(super) fn read<'c>(component: &'c Component, times: &mut Times) -> Result<Event<'c>, String> {
    let replaces = component.one("RECURRENCE-ID", &mut times.quirks)?;
    if let Some(line) = replaces.filter(|line| line.param("RANGE").is_some()) {
        return Err(
            line.error("has a `RANGE`, which is not supported; make the later occurrences an event of their own")
        );
    }
    let sequence = component.one("SEQUENCE", &mut times.quirks)?.filter(|line| !line.value().is_empty());
    let sequence = sequence.map(|line| line.value().parse().map_err(|_| line.bad("which is no number")));
    let standing = Standing::read(component, times)?;
    let occurrences = standing.counts.then(|| Occurrences::read(component, times)).transpose()?;
    let takes_time = occurrences.as_ref().is_some_and(Occurrences::takes_time);
    Ok(Event {
        line: component.line,
        uid: component.value("UID", &mut times.quirks)?,
        sequence: sequence.transpose()?.unwrap_or(0),
        replaces: replaces.map(|line| times.when(line)).transpose()?,
        takes_over: times.effect == Effect::Allow || standing.is_cancelled || (standing.is_certain && takes_time),
        is_cancelled: standing.is_cancelled,
        occurrences,
    })
}

impl Occurrences {
    fn read(component: &Component, times: &mut Times) -> Result<Self, String> {
        let line = component.need("DTSTART", &mut times.quirks)?;
        let mut start = times.when(line)?;
        let (mut second, mut more) = (0, 0);
        let is_mixed = line.says_date() && !start.is_date;
        if is_mixed && times.effect == Effect::Freeze {
            let own = times.own();
            let dates = times.dates(start, own);
            let (first, last) = (dates[0], dates[dates.len() - 1]);
            times.quirks.note(line.number, "a `DTSTART` with `VALUE=DATE` and a time counts in a freeze as its day");
            second = times.shown(times.default, times.instant(start)) - first;
            more = last - first;
            start = When { zone: times.default, local: first, is_date: true, is_floating: false };
        }
        // What begins on a date, or at a time of it, is known to begin there alone, and to end by its clock.
        let is_once = is_mixed && times.effect == Effect::Allow;
        let length = length(component, start, second, times)?.map(|length| length.longer(more));
        let length = if is_once { length.map(Length::by_clock) } else { length };
        let (mut rrules, on_rule) = Self::rules(component, start, times)?;
        let mut singles = BTreeMap::new();
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
        let mut occurrences = Self { start, length, rrules, singles, gone: Vec::new() };
        for line in component.all("RDATE").filter(|_| !is_once) {
            for listed in times.list(line, length)? {
                occurrences.add(line, &listed, times);
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
        // An hour of a day that is closed does not open the others.
        let shortens = times.effect == Effect::Allow || (listed.length.is_some() && !self.start.is_date);
        for at in readings {
            match times.effect {
                _ if listed.is_period && is_clear && shortens => {
                    self.gone.push(at);
                    self.singles.insert(at, listed.length);
                }
                Effect::Freeze => {
                    let known = self.singles.entry(at).or_insert(listed.length);
                    *known = Length::longest(*known, listed.length);
                }
                Effect::Allow if is_clear => _ = self.singles.entry(at).or_insert(self.length),
                // It may shorten what starts here.
                Effect::Allow if listed.is_period => {
                    self.gone.push(at);
                    self.singles.remove(&at);
                }
                Effect::Allow => {}
            }
        }
    }

    fn takes_time(&self) -> bool {
        self.length.is_some() || self.singles.values().any(Option::is_some)
    }

    /// Takes out what starts at a time, or on a date.
    pub(super) fn remove(&mut self, line: usize, when: When, times: &mut Times) -> Result<(), String> {
        let is_day = when.is_date && !self.start.is_date;
        if is_day {
            times.quirks.note(line, "a date, where `DTSTART` is a time, takes out all that starts on it");
        }
        let readings = times.readings(line, when, self.start);
        let mut ranges: Vec<_> = readings.iter().map(|at| (*at, at + if is_day { DAY } else { 1 })).collect();
        ranges.extend(times.day_in_utc(when.local, self.start).filter(|_| is_day));
        let mut meant = self.starts_in(line, &ranges, times)?;
        if meant.is_empty() && times.effect == Effect::Allow {
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
            return Ok(());
        };
        if meant.iter().any(|other| *other != first) {
            times.quirks.note(line, TWO_READINGS);
        }
        let gone: BTreeSet<Local> = match times.effect {
            Effect::Freeze => first.into_iter().filter(|at| meant.iter().all(|other| other.contains(at))).collect(),
            Effect::Allow => meant.into_iter().flatten().collect(),
        };
        for at in gone {
            self.singles.remove(&at);
            self.gone.push(at);
        }
        Ok(())
    }

    /// Whether some occurrence starts at a time, or on a date: `false` if only on the same day as that time.
    pub(super) fn has(&self, when: When, times: &mut Times) -> Option<bool> {
        let quirks = std::mem::take(&mut times.quirks);
        let is_day = when.is_date && !self.start.is_date;
        let readings = times.readings(0, when, self.start);
        times.quirks = quirks;
        let starts = |from: Local, to: Local| {
            let in_rule = |starts: &Starts| starts.first_after(from - 1).is_some_and(|at| at < to);
            self.singles.range(from..to).next().is_some() || self.rrules.iter().any(in_rule)
        };
        if readings.iter().any(|at| starts(*at, at + if is_day { DAY } else { 1 })) {
            return Some(true);
        }
        readings.iter().any(|at| starts(midnight(*at), midnight(*at) + DAY)).then_some(false)
    }

    /// What starts in each of these ranges in which anything does, and is not yet gone.
    fn starts_in(
        &self,
        line: usize,
        ranges: &[(Local, Local)],
        times: &mut Times,
    ) -> Result<Vec<BTreeSet<Local>>, String> {
        let mut all = Vec::new();
        for (from, to) in ranges {
            let mut found: BTreeSet<_> = self.singles.range(from..to).map(|(at, _)| *at).collect();
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
        singles: &mut BTreeMap<(ZoneId, Length), Vec<Local>>,
        budget: &Budget,
    ) {
        let zone = self.start.zone;
        for mut starts in self.rrules {
            if let Some(length) = self.length
                && budget.spend_on(self.gone.len() + RULE, 4)
            {
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
