//! One `VEVENT`: whether it counts, and when it is.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use super::component::Component;
use super::lines::Line;
use super::when::{Length, Listed, Times, When, midnight};
use crate::duration;
use crate::policy::{Effect, End, Rule};
use crate::recurrence::{DAY, Reading, Starts, Until};
use crate::zone::{Local, ZoneId};

/// Nobody's event has more rules; each is asked about each date that is left out.
const MAX_RULES: usize = 10;

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

/// Whether an event counts. What is uncertain closes: it counts in a freeze window, and not in an allow window.
struct Standing {
    counts: bool,
    is_certain: bool,
    is_cancelled: bool,
}

/// A property that says whether an event is in force: the values that say yes, another one that is usual, and what is
/// noted of that and of all others, in a freeze and in an allow window.
const IN_FORCE: [(&str, &[&str], &str, [&str; 2], [&str; 2]); 3] = [
    (
        "STATUS",
        &["CONFIRMED"],
        "TENTATIVE",
        ["`STATUS:TENTATIVE` counts in a freeze", "`STATUS:TENTATIVE` does not allow anything"],
        ["an unknown `STATUS` counts in a freeze", "an unknown `STATUS` does not allow anything"],
    ),
    (
        "TRANSP",
        &["OPAQUE"],
        "TRANSPARENT",
        ["`TRANSP:TRANSPARENT` counts in a freeze", "`TRANSP:TRANSPARENT` does not allow anything"],
        ["an unknown `TRANSP` counts in a freeze", "an unknown `TRANSP` does not allow anything"],
    ),
    (
        "X-MICROSOFT-CDO-BUSYSTATUS",
        &["BUSY", "OOF", "WORKINGELSEWHERE"],
        "FREE",
        [
            "an event that Outlook shows as free counts in a freeze",
            "an event that Outlook shows as free does not allow anything",
        ],
        [
            "an event that Outlook shows as not certain counts in a freeze",
            "an event that Outlook shows as not certain does not allow anything",
        ],
    ),
];

impl Standing {
    fn read(component: &Component, times: &mut Times) -> Result<Self, String> {
        let mut standing = Self { counts: true, is_certain: true, is_cancelled: false };
        for (name, in_force, usual, noted_of_usual, noted) in IN_FORCE {
            let Some(line) = component.one(name, &mut times.quirks)? else { continue };
            let is = |word: &str| line.value().eq_ignore_ascii_case(word);
            if name == "STATUS" && is("CANCELLED") {
                return Ok(Self { counts: false, is_certain: true, is_cancelled: true });
            }
            if in_force.iter().any(|word| is(word)) {
                continue;
            }
            let [in_freeze, in_allow] = if is(usual) { noted_of_usual } else { noted };
            let is_freeze = times.effect == Effect::Freeze;
            times.quirks.note(component.line, if is_freeze { in_freeze } else { in_allow });
            standing.counts &= is_freeze;
            standing.is_certain &= name == "TRANSP";
        }
        Ok(standing)
    }
}

impl Occurrences {
    fn read(component: &Component, times: &mut Times) -> Result<Self, String> {
        let line = component.need("DTSTART", &mut times.quirks)?;
        let mut start = times.when(line)?;
        let mut more = 0;
        if line.says_date() && !start.is_date && times.effect == Effect::Freeze {
            let own = times.own();
            let dates = times.dates(start, own);
            let (first, last) = (dates[0], dates[dates.len() - 1]);
            times.quirks.note(line.number, "a `DTSTART` with `VALUE=DATE` and a time counts in a freeze as its day");
            start = When { zone: times.default, local: first, is_date: true, is_floating: false };
            more = last - first;
        }
        let length = length(component, start, times)?.map(|length| length.longer(more));
        let (rrules, on_rule) = Self::rules(component, start, times)?;
        let mut singles = BTreeMap::new();
        if rrules.is_empty() || (!on_rule && times.effect == Effect::Freeze) {
            singles.insert(start.local, length);
        }
        if !rrules.is_empty() && !on_rule {
            let quirk = match times.effect {
                Effect::Freeze => "a `DTSTART` that its `RRULE` does not give counts all the same",
                Effect::Allow => "a `DTSTART` that its `RRULE` does not give does not allow anything",
            };
            times.quirks.note(line.number, quirk);
        }
        let mut occurrences = Self { start, length, rrules, singles, gone: Vec::new() };
        for line in component.all("RDATE") {
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
            is_foreign: true,
            is_date: start.is_date,
            counts_beginning: times.effect == Effect::Allow,
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
        if readings.len() > 1 {
            times.quirks.note(line.number, TWO_READINGS);
            if times.effect == Effect::Allow {
                readings.clear();
            }
        }
        for mut at in readings {
            if listed.is_period {
                if listed.length.is_some() || times.effect == Effect::Allow {
                    self.gone.push(at);
                    self.singles.insert(at, listed.length);
                }
                continue;
            }
            if listed.start.is_date && !self.start.is_date {
                times.quirks.note(line.number, "an `RDATE` without a time starts at the time of `DTSTART`");
                at += self.start.local.rem_euclid(DAY);
            }
            self.singles.entry(at).or_insert(self.length);
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

    /// `true` if some occurrence starts at a time, or on a date.
    pub(super) fn has(&self, when: When, times: &mut Times) -> bool {
        let quirks = std::mem::take(&mut times.quirks);
        let length = if when.is_date && !self.start.is_date { DAY } else { 1 };
        let readings = times.readings(0, when, self.start);
        times.quirks = quirks;
        readings.into_iter().any(|from| {
            let in_rule = |starts: &Starts| starts.first_after(from - 1).is_some_and(|at| at < from + length);
            self.singles.range(from..from + length).next().is_some() || self.rrules.iter().any(in_rule)
        })
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

const TWO_READINGS: &str = "a date or time that can be meant in two ways is taken so that more is closed";

/// The last local times at which an UNTIL may let an event start, the earliest and the latest.
fn last_starts(until: Until, start: When, times: &Times, own: Option<ZoneId>) -> (Local, Local) {
    let shown = |at| times.zones.get(start.zone).latest_local(at);
    match until {
        Until::Date(_) | Until::Floating(_) if start.is_date => (until.local(shown), until.local(shown)),
        // Until its midnight, or all of it.
        Until::Date(midnight) => (midnight, until.local(shown)),
        Until::Utc(at) if start.is_date => {
            let dates = times.dates(When { zone: times.utc, local: at, is_date: false, is_floating: false }, own);
            (dates[0], dates[dates.len() - 1])
        }
        Until::Utc(at) => (shown(at), shown(at)),
        // RFC 5545 wants UTC where `DTSTART` has a zone.
        Until::Floating(at) if !start.is_floating => (at.min(shown(at)), at.max(shown(at))),
        Until::Floating(at) => (at, at),
    }
}

/// The starts that the `RRULE`s of an event or of an observance give, and what is odd about them.
pub(super) fn rrules(
    component: &Component,
    start: Local,
    reading: &Reading<'_>,
) -> Result<(Vec<Starts>, Vec<(usize, &'static str)>), String> {
    if let Some(line) = component.all("EXRULE").next() {
        return Err(line.error("is not supported; list the occurrences that are left out in `EXDATE`"));
    }
    let (mut rules, mut odd) = (Vec::new(), Vec::new());
    for line in component.all("RRULE") {
        if line.value().is_empty() {
            odd.push((line.number, "an empty `RRULE` is no recurrence"));
            continue;
        }
        if rules.len() == MAX_RULES {
            return Err(line.error("is one too many: an event may have ten"));
        }
        let read = Starts::rrule(line.value(), start, reading);
        let (starts, quirks) = read.map_err(|error| format!("line {}: `RRULE`: {error}", line.number))?;
        rules.push(starts);
        odd.extend(quirks.into_iter().map(|quirk| (line.number, quirk)));
    }
    Ok((rules, odd))
}

/// How long each occurrence lasts, `None` if it takes no time.
fn length(component: &Component, start: When, times: &mut Times) -> Result<Option<Length>, String> {
    let end = component.one("DTEND", &mut times.quirks)?;
    let duration = component.one("DURATION", &mut times.quirks)?;
    let length = match (end, duration) {
        (Some(line), Some(_)) => return Err(line.error("stands beside `DURATION`; give one of them")),
        (Some(line), None) => return length_to(line, start, times),
        (None, Some(line)) => {
            let seconds = duration::parse(line.value())
                .ok_or_else(|| line.bad("which is no duration such as `PT2H` or `P1D`"))?;
            return Ok(if start.is_date {
                days(line.number, seconds, times)
            } else {
                times.some_time(line.number, Length::After(seconds))
            });
        }
        (None, None) if start.is_date => Length::Local(DAY),
        (None, None) => Length::After(0),
    };
    Ok(times.some_time(component.line, length))
}

/// How long an occurrence lasts that ends at `DTEND`.
fn length_to(line: &Line, start: When, times: &mut Times) -> Result<Option<Length>, String> {
    let end = times.when(line)?;
    let is_freeze = times.effect == Effect::Freeze;
    let begin = times.instant(start);
    let before = || Err(line.bad("which lies before `DTSTART`; an event ends after it has begun"));
    if start.is_date && end.is_date {
        let seconds = end.local - start.local;
        return if seconds < 0 { before() } else { Ok(days(line.number, seconds, times)) };
    }
    if start.is_date {
        // As it is written, and as the clock of the window shows it.
        let last = end.local.max(times.shown(times.default, times.instant(end)));
        if last <= start.local - DAY {
            return before();
        }
        if is_freeze {
            return Ok(days(line.number, (last - start.local).max(1), times));
        }
        times.quirks.note(line.number, "a `DTEND` with a time, where `DTSTART` is a date, is taken as it is written");
        return Ok(times.some_time(line.number, Length::After(times.instant(end) - begin)));
    }
    if end.is_date {
        let day_after = When { local: end.local + DAY, ..end };
        if times.instant(day_after) <= begin {
            return before();
        }
        let (end, quirk) = if is_freeze {
            (day_after, "a `DTEND` that is a date, where `DTSTART` is a time, counts in a freeze as all of that day")
        } else {
            (end, "a `DTEND` that is a date, where `DTSTART` is a time, is taken as its midnight")
        };
        times.quirks.note(line.number, quirk);
        return Ok(times.some_time(line.number, Length::After(times.instant(end) - begin)));
    }
    let mut seconds = times.instant(end) - begin;
    // Many programs leave out the zone where they mean that of `DTSTART`.
    if end.is_floating && end.zone != start.zone {
        let other = times.instant(When { zone: start.zone, ..end }) - begin;
        if other != seconds {
            times.quirks.note(line.number, TWO_READINGS);
            if seconds.max(other) < 0 {
                return before();
            }
            seconds = if is_freeze { seconds.max(other) } else { seconds.min(other).max(0) };
        }
    }
    if seconds < 0 {
        return before();
    }
    if seconds == 0 && is_freeze {
        if end.zone == start.zone && end.local > start.local {
            times.quirks.note(line.number, "an event within an hour that the clocks skip counts in a freeze after it");
            return Ok(times.some_time(line.number, Length::After(end.local - start.local)));
        }
        if start.local == midnight(start.local) {
            times.quirks.note(line.number, "a `DTEND` on the midnight of `DTSTART` counts in a freeze as one day");
            return Ok(Some(Length::Local(DAY)));
        }
    }
    Ok(times.some_time(line.number, Length::After(seconds)))
}

/// How long an event lasts that begins on a date: in a freeze all of each day that it touches, and one at least.
fn days(line: usize, seconds: i64, times: &mut Times) -> Option<Length> {
    let rest = seconds.rem_euclid(DAY);
    match times.effect {
        Effect::Freeze if seconds == 0 => {
            times.quirks.note(line, "a `DTEND` on the date of `DTSTART` counts in a freeze as one day");
            Some(Length::Local(DAY))
        }
        Effect::Freeze if rest != 0 => {
            times
                .quirks
                .note(line, "an end with a time, where `DTSTART` is a date, counts in a freeze as all of its day");
            Some(Length::Local(seconds - rest + DAY))
        }
        Effect::Allow if rest != 0 => {
            times.quirks.note(line, "an end with a time, where `DTSTART` is a date, is taken as it is written");
            times.some_time(line, Length::After(seconds))
        }
        _ => times.some_time(line, Length::Local(seconds)),
    }
}

impl Length {
    fn longer(self, more: i64) -> Self {
        match self {
            Self::After(seconds) => Self::After(seconds + more),
            Self::Local(seconds) => Self::Local(seconds + more),
        }
    }

    pub(super) fn end(self) -> End {
        match self {
            Self::After(seconds) => End::After(seconds),
            Self::Local(seconds) => End::Local(seconds),
        }
    }
}
