//! Events with a `RECURRENCE-ID`, in the place of the occurrences that they are about.

use crate::order::{Map, Set};
use crate::schedule::Effect;
use crate::time::{Instant, Local};

use super::MAX_EVENTS;
use super::event::Event;
use super::when::{Times, When};

/// An event, the series that it is about, and the starts of that.
struct Override {
    event: usize,
    series: usize,
    starts: Set<Local>,
}

pub(super) fn replace(events: &mut [Event], times: &mut Times) -> Result<(), String> {
    let latest = versions(events, times);
    let (mut replaced, mut looked_at) = (Vec::new(), 0);
    for (at, event) in events.iter().enumerate() {
        let Some(when) = event.replaces else { continue };
        let series = match event.uid {
            Some(uid) => latest.get(&(uid, None)).copied(),
            None => only_series(events, event, when, times, &mut looked_at)?,
        };
        replaced.push((at, when, series));
    }
    match times.effect {
        Effect::Freeze => frozen(events, &replaced, times),
        Effect::Allow => allowed(events, &replaced, times),
    }
}

/// In a freeze all count, and take out only what has been moved for certain.
fn frozen(events: &mut [Event], replaced: &[(usize, When, Option<usize>)], times: &mut Times) -> Result<(), String> {
    for (at, when, series) in replaced {
        let (line, takes_over) = (events[*at].line, events[*at].takes_over);
        match series {
            Some(series) if takes_over => {
                let is_there = take_out(&mut events[*series], line, *when, times)?;
                if !is_there && !events[*at].occurrences.is_empty() {
                    times.quirks.note(line, "a `RECURRENCE-ID` of what is called off counts in a freeze");
                }
            }
            Some(_) => times.quirks.note(
                line,
                "an event that is not certain, or takes no time, leaves the occurrence in place that it is about",
            ),
            None => times.quirks.note(line, "a `RECURRENCE-ID` whose event is not in the calendar stands alone"),
        }
    }
    Ok(())
}

/// Takes an occurrence out of all readings of a series; `false` if that has been off before.
fn take_out(series: &mut Event, line: usize, when: When, times: &mut Times) -> Result<bool, String> {
    let mut is_there = false;
    for (place, occurrences) in series.occurrences.iter_mut().enumerate() {
        let quirks = (place > 0).then(|| std::mem::take(&mut times.quirks));
        let starts = occurrences.meant(line, when, times)?.starts;
        // What is not a start of the series has been told.
        is_there |= starts.is_empty() || starts.iter().any(|start| occurrences.starts_at(*start));
        occurrences.take_out(starts);
        times.quirks = quirks.unwrap_or_else(|| std::mem::take(&mut times.quirks));
    }
    Ok(is_there)
}

/// In an allow window one counts only if the series has the occurrence that it is about, and nothing newer is about it.
fn allowed(events: &mut [Event], replaced: &[(usize, When, Option<usize>)], times: &mut Times) -> Result<(), String> {
    let (mut all, mut gone) = (Vec::new(), Set::new());
    for (at, when, series) in replaced {
        let line = events[*at].line;
        let occurrences = series.and_then(|series| Some((series, events[series].occurrences.first()?)));
        let Some((series, occurrences)) = occurrences else {
            if !events[*at].occurrences.is_empty() {
                times.quirks.note(
                    line,
                    "a `RECURRENCE-ID` whose event is not in the calendar, or does not count, allows nothing",
                );
            }
            gone.insert(*at);
            continue;
        };
        let meant = occurrences.meant(line, *when, times)?;
        if !meant.is_exact || !meant.starts.iter().any(|start| occurrences.starts_at(*start)) {
            if !events[*at].occurrences.is_empty() {
                times.quirks.note(line, "a `RECURRENCE-ID` of what the event does not have allows nothing");
            }
            gone.insert(*at);
        }
        all.push(Override { event: *at, series, starts: meant.starts });
    }
    gone.extend(outdated(events, &all, times));
    for Override { series, starts, .. } in all {
        if let Some(occurrences) = events[series].occurrences.first_mut() {
            occurrences.take_out(starts);
        }
    }
    for at in gone {
        events[at].occurrences.clear();
    }
    Ok(())
}

/// Those that are about a start of which a newer one tells, too.
fn outdated(events: &[Event], all: &[Override], times: &mut Times) -> Set<usize> {
    let (mut newest, mut gone) = (Map::new(), Set::new());
    for Override { event: at, series, starts } in all {
        for start in starts.iter() {
            let Some(known) = newest.insert((*series, *start), *at) else { continue };
            let is_later = events[*at].sequence >= events[known].sequence;
            let (newer, older) = if is_later { (*at, known) } else { (known, *at) };
            times.quirks.note(events[*at].line, "of several events of one `UID` the last version counts");
            if events[*at].sequence == events[known].sequence && events[older].occurrences.is_empty() {
                gone.insert(newer);
            }
            gone.insert(older);
            newest.insert((*series, *start), newer);
        }
    }
    gone
}

/// Of several versions of an event the place of the one with the highest `SEQUENCE`, and of those of the last.
fn versions<'c>(events: &mut [Event<'c>], times: &mut Times) -> Map<(&'c str, Option<Instant>), usize> {
    let mut latest = Map::new();
    for at in 0..events.len() {
        let event = &events[at];
        let Some(uid) = event.uid else { continue };
        // In an allow window those are versions that are about the same start, however they say it.
        if event.replaces.is_some() && times.effect == Effect::Allow {
            continue;
        }
        let known = (uid, event.replaces.map(|when| times.instant(when)));
        let Some(last) = latest.get_mut(&known) else {
            latest.insert(known, at);
            continue;
        };
        let other = &events[*last];
        let is_later = event.sequence >= other.sequence;
        let is_open = event.sequence == other.sequence && other.occurrences.is_empty();
        let (line, older) = (event.line, if is_later { std::mem::replace(last, at) } else { at });
        match times.effect {
            Effect::Freeze => times.quirks.note(line, "several events of one `UID` all count in a freeze"),
            Effect::Allow => {
                times.quirks.note(line, "of several events of one `UID` the last version counts");
                events[older].occurrences.clear();
                if is_open {
                    events[at].occurrences.clear();
                }
            }
        }
    }
    latest
}

/// The place of the one event that has an occurrence for a `RECURRENCE-ID` without a `UID`.
fn only_series(
    events: &[Event],
    event: &Event,
    when: When,
    times: &mut Times,
    looked_at: &mut usize,
) -> Result<Option<usize>, String> {
    let mut found = Vec::new();
    let mut near = Vec::new();
    for (place, series) in events.iter().enumerate().filter(|(_, series)| series.replaces.is_none()) {
        if series.occurrences.is_empty() {
            continue;
        }
        *looked_at += 1;
        if *looked_at > MAX_EVENTS {
            let line = event.line;
            return Err(format!(
                "line {line}: too many events with a `RECURRENCE-ID` and no `UID`; give them their `UID`"
            ));
        }
        let has: Vec<_> = series.occurrences.iter().filter_map(|occurrences| occurrences.has(when, times)).collect();
        match has.into_iter().max() {
            Some(true) => found.push(place),
            Some(false) => near.push(place),
            None => {}
        }
    }
    // What `Occurrences::remove` would take out of an allow window.
    if found.is_empty() && times.effect == Effect::Allow {
        found = near;
    }
    match found.as_slice() {
        [one] => Ok(Some(*one)),
        [] if !event.is_cancelled => Ok(None),
        _ if event.is_cancelled || times.effect == Effect::Allow => {
            let (line, count) = (event.line, found.len());
            Err(format!(
                "line {line}: an event with a `RECURRENCE-ID` and no `UID` may be about {count} events; give it the `UID` of one"
            ))
        }
        _ => Ok(None),
    }
}
