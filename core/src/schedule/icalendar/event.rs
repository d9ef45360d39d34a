//! One `VEVENT`: whether it counts, and all that it may mean.

use std::rc::Rc;

use crate::order;
use crate::schedule::Effect;
use crate::text::{is_any, short};
use crate::time::DAY;

use super::component::Component;
use super::length::Length;
use super::lines::Line;
use super::occurrences::Occurrences;
use super::quirks::IN_UTC;
use super::standing::Standing;
use super::when::{Times, When};

pub(super) struct Event<'c> {
    pub(super) line: usize,
    pub(super) uid: Option<&'c str>,
    /// What it is called, for people.
    pub(super) name: Option<Rc<str>>,
    pub(super) sequence: i64,
    /// Which occurrence of the event with its UID it stands for.
    pub(super) replaces: Option<When>,
    /// That occurrence is gone for certain.
    pub(super) takes_over: bool,
    pub(super) is_cancelled: bool,
    /// All readings, which count in a freeze together; an allow window has one at the most. None if it does not count.
    pub(super) occurrences: Vec<Occurrences>,
}

pub(super) fn read<'c>(component: &'c Component, times: &mut Times) -> Result<Event<'c>, String> {
    let replaces = component.one("RECURRENCE-ID", &mut times.quirks)?;
    if let Some(line) = replaces.filter(|line| line.param("RANGE").is_some()) {
        return Err(
            line.error("has a `RANGE`, which is not supported; make the later occurrences an event of their own")
        );
    }
    let sequence = component.one("SEQUENCE", &mut times.quirks)?.filter(|line| !line.value().is_empty());
    let sequence = sequence.map(|line| line.value().parse().map_err(|_| line.bad("which is not a valid number")));
    let standing = Standing::read(component, times)?;
    let mut occurrences = if standing.counts { readings(component, times)? } else { Vec::new() };
    if replaces.is_some() && component.recurs() {
        let quirk = match times.effect {
            Effect::Freeze => "an event with a `RECURRENCE-ID` that recurs counts in a freeze each time",
            Effect::Allow => "an event with a `RECURRENCE-ID` that recurs allows once at most",
        };
        times.quirks.note(component.line, quirk);
        if times.effect == Effect::Allow {
            occurrences.iter_mut().for_each(Occurrences::keep_first);
        }
    }
    let takes_time = occurrences.iter().any(Occurrences::takes_time);
    Ok(Event {
        line: component.line,
        uid: component.value("UID", &mut times.quirks)?,
        name: name(component),
        sequence: sequence.transpose()?.unwrap_or(0),
        replaces: replaces.map(|line| times.when(line)).transpose()?,
        takes_over: times.effect == Effect::Allow || standing.is_cancelled || (standing.is_certain && takes_time),
        is_cancelled: standing.is_cancelled,
        occurrences,
    })
}

/// Its `SUMMARY`, unless it is private: who reads why a gate is closed is not who may read the calendar.
fn name(component: &Component) -> Option<Rc<str>> {
    let is_public = |line: &Line| is_any(line.value(), &["", "PUBLIC"]);
    let text = component.all("SUMMARY").map(Line::text).find(|text| !text.trim().is_empty())?;
    component.all("CLASS").all(is_public).then(|| short(text.trim()).into())
}

/// What an event may mean: as it is written, in the other zone that it may be in, and as the days that its times may
/// stand for. In a freeze all of that counts; in an allow window nothing does, unless all say the same.
fn readings(component: &Component, times: &mut Times) -> Result<Vec<Occurrences>, String> {
    let line = component.need("DTSTART", &mut times.quirks)?;
    let start = times.when(line)?;
    let listed = times.dates;
    let mut all = vec![Occurrences::written(component, line, start, times)?];
    let has_rule = component.all("RRULE").any(|line| !line.value().is_empty());
    if has_rule && start.zone == times.utc && times.changes_within(all[0].span(times)) {
        times.quirks.note(line.number, IN_UTC);
    }
    let is_all_day = !start.is_date && !line.says_date() && says_all_day(component);
    let quirks = std::mem::take(&mut times.quirks);
    // Each reading has the same dates: they are limited once.
    let counted = std::mem::replace(&mut times.dates, listed);
    let mut others = in_other_zone(component, line, start, &all[0], times);
    others.retain(|other| !other.is_same(&all[0], times));
    let is_open = !others.is_empty();
    let here = times.shown(times.default, times.instant(start));
    let dates = times.start_dates(start);
    if times.effect == Effect::Freeze {
        times.dates = listed;
        others.extend(as_days(component, line, start, &dates, is_all_day, &all[0], times)?);
        times.dates = listed;
        let days = order::set(all.iter().chain(&others).flat_map(|one| one.days().iter()).copied());
        others.extend(Occurrences::of_days(component, line, days, times)?);
        others.retain(|other| !other.is_same(&all[0], times));
    }
    times.quirks = quirks;
    times.dates = counted;
    match times.effect {
        Effect::Freeze => {
            if is_all_day && !others.is_empty() {
                times.quirks.note(
                    line.number,
                    "an event that is said to take all day counts in a freeze as each day that it may mean",
                );
            }
            if is_open {
                times.quirks.note(line.number, "a `DTSTART` that can be in two zones counts in a freeze in both");
            }
            all.extend(others);
        }
        Effect::Allow if is_open => {
            times.quirks.note(line.number, "a `DTSTART` that can be in two zones does not allow anything");
            all.clear();
        }
        Effect::Allow if is_all_day && dates != [here] => {
            times.quirks.note(line.number, "an event that is said to take all day, and whose times are not those of a day, does not allow anything");
            all.clear();
        }
        Effect::Allow => {}
    }
    Ok(all)
}

/// The same in the other zone that `DTSTART` may be in; what makes no sense there is not meant.
fn in_other_zone(
    component: &Component,
    line: &Line,
    start: When,
    written: &Occurrences,
    times: &mut Times,
) -> Vec<Occurrences> {
    let Some(zone) = start.other else { return Vec::new() };
    let there = When { zone, other: Some(start.zone), ..start };
    let other = Occurrences::written(component, line, there, times).ok();
    // What does not recur is compared as it is. By an `UNTIL` in UTC one of them may have an occurrence that the other has not.
    let differs = |other: &Occurrences| {
        !component.recurs() || written.differs_in(zone, times) || other.differs_in(start.zone, times)
    };
    other.filter(differs).into_iter().collect()
}

/// The days that an event may mean which is said to take all day, or takes no time at a midnight.
fn as_days(
    component: &Component,
    line: &Line,
    start: When,
    dates: &[i64],
    is_all_day: bool,
    written: &Occurrences,
    times: &mut Times,
) -> Result<Vec<Occurrences>, String> {
    if start.is_date || line.says_date() || !(is_all_day || written.is_day()) {
        return Ok(Vec::new());
    }
    if written.is_day() && start.zone == times.default && *dates == [start.local] {
        return Ok(Vec::new()); // It is that day as it is written.
    }
    let days = written.length().map_or(1, Length::days);
    let listed = times.dates;
    let on = |date: &i64| {
        times.dates = listed;
        let start = When { zone: times.default, local: *date, is_date: true, is_floating: false, other: None };
        Occurrences::read(component, line, start, Some(Length::Local(days * DAY)), times)
    };
    dates.iter().map(on).collect()
}

/// Outlook, Funambol, Novell and others say of an event that it takes all day, and write its times.
fn says_all_day(component: &Component) -> bool {
    component.lines.iter().any(|line| {
        let name = line.name().to_ascii_uppercase().replace(['-', '_'], "");
        let is_true = is_any(line.value(), &["TRUE", "1", "YES"]);
        is_true && name.starts_with('X') && name.contains("ALLDAY")
    })
}
