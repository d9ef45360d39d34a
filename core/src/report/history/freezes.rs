//! One freeze, as its record tells it.

use crate::answer::{HeldTime, PastEnd, PastFreeze, PastHow, PastPass, PastRefusal, PastState, PastWords};
use crate::change::Change;
use crate::kosli::documents::attested::Attested;
use crate::kosli::documents::flag::Until;
use crate::kosli::id::{self, WINDOW_HOLDER};
use crate::kosli::window_name::WindowName;
use crate::time::clock::TOLERANCE;
use crate::time::{self, rfc3339_of};

use super::notes::{Closed, Notes, Pass, Pending};

/// What its trail has, in the log's order.
pub(super) struct Record {
    pub(super) ons: Vec<Attested>,
    pub(super) offs: Vec<Attested>,
    pub(super) refused: Vec<Attested>,
    pub(super) passed: Vec<Attested>,
}

/// No end that anybody has said.
pub(super) const NEVER: i64 = time::LAST + 1;

/// Tells it, and notes when it held; `None` if it did not touch the period.
pub(super) fn tell(trail: &Pending, record: &Record, notes: &mut Notes) -> Option<PastFreeze> {
    let Record { ons, offs, refused, passed } = record;
    let [has_on, has_off, ..] = trail.has;
    // The holder's words; a `sync`'s only where the holder left none.
    let latest = ons.iter().rfind(|on| !by_sync(on)).or(ons.last());
    let holder = || id::holder_of(&trail.name).filter(|_| !is_of_tag(record)).map(str::to_owned);
    let by = latest.and_then(|on| on.by.clone()).or_else(holder);
    let is_window = |by: &&String| by.starts_with(WINDOW_HOLDER) && id::names_holder(&trail.name, Some(by));
    let window = by.as_ref().filter(is_window).and_then(|by| WindowName::of_holder(by));
    let since = since(trail, ons);
    let until = latest.map_or(Until::Never, until_of);
    let until_second = until.at().map(second);
    let has_passed = until_second.is_some_and(|until| until <= notes.now);
    let ended_at = ended_at(trail, record);
    let (state, to) = match (has_off, has_on) {
        // Whoever put its end on record, it held no longer than until that.
        (true, _) => (PastState::Ended, until_second.unwrap_or(NEVER).min(ended_at.unwrap_or(NEVER))),
        // Nothing says that it ever held.
        (false, false) => (PastState::Begun, i64::MIN),
        (false, true) if has_passed => (PastState::Overdue, until_second.unwrap_or(NEVER)),
        (false, true) => (PastState::Open, until_second.unwrap_or(NEVER)),
    };
    let touches = since.is_none_or(|since| since < notes.period.to)
        && !(has_off && ended_at.is_some_and(|end| end < notes.period.from));
    if !touches {
        return None;
    }

    let told = codes(trail, record, latest, window.is_some());
    let closed = Closed {
        id: trail.name.clone(),
        from: since.unwrap_or(notes.period.from),
        to: if state == PastState::Begun { since.unwrap_or(notes.period.from) } else { to },
        is_window: window.is_some(),
    };
    let held = closed.within(notes.period).and_then(|held| {
        let seconds = held.to - held.from;
        Some(HeldTime { from: rfc3339_of(held.from)?, to: rfc3339_of(held.to)?, seconds })
    });
    note_all(notes, closed, state, record);
    let by_holder = latest.filter(|on| !by_sync(on) || window.is_some());
    Some(PastFreeze {
        id: trail.name.clone(),
        since: since.and_then(rfc3339_of),
        reported_by: by_holder.and_then(|on| on.reported_by.clone()),
        reason: latest.and_then(|on| on.description.clone()),
        until: until_second.and_then(rfc3339_of),
        state,
        ended: has_off.then(|| past_end(offs.first(), ended_at)),
        held,
        said: said(ons),
        refused: refused.iter().map(refusal).collect(),
        passed: passed.iter().map(pass).collect(),
        notes: told,
        url: trail.url.as_deref().and_then(https),
        window,
        by,
    })
}

/// What is to be known of how it was put on record.
fn codes(trail: &Pending, record: &Record, latest: Option<&Attested>, is_window: bool) -> Vec<&'static str> {
    let Record { ons, offs, .. } = record;
    let [has_on, has_off, ..] = trail.has;
    let (since, holder) = (id::since(&trail.name), id::holder_of(&trail.name));
    let names_other = |on: &Attested| on.by.is_some() && !id::names_holder(&trail.name, on.by.as_deref());
    let codes = [
        ("by_hand", since.is_none() || is_of_tag(record)),
        ("by_script", since.is_some() && holder.is_none() && ons.first().is_some_and(|on| !on.is_annotated)),
        ("ended_twice", offs.len() > 1),
        ("ended_unknown", has_off && ended_at(trail, record).is_none()),
        ("mended", !is_window && ons.first().is_some_and(by_sync)),
        ("not_begun", has_off && !has_on),
        ("unreadable_until", latest.is_some_and(|on| until_of(on) == Until::Unreadable)),
        ("wrong_name", holder.is_some() && latest.is_some_and(names_other)),
    ];
    codes.into_iter().filter(|(_, is_so)| *is_so).map(|(code, _)| code).collect()
}

/// The end of a tag that is no id is on a trail of the moment, named for whoever ended it.
fn is_of_tag(record: &Record) -> bool {
    record.ons.is_empty() && record.offs.iter().any(|off| off.is_of_tag)
}

fn ended_at(trail: &Pending, record: &Record) -> Option<i64> {
    record.offs.first().map(at_of).or(trail.ended_at).filter(|end| trail.may_have_ended(*end))
}

fn past_end(off: Option<&Attested>, at: Option<i64>) -> PastEnd {
    PastEnd {
        at: at.and_then(rfc3339_of),
        by: off.and_then(|off| off.by.clone()),
        reported_by: off.and_then(|off| off.reported_by.clone()),
        reason: off.and_then(|off| off.description.clone()),
        how: off.map_or(PastHow::Unknown, how),
    }
}

fn note_all(notes: &mut Notes, closed: Closed, state: PastState, record: &Record) {
    let freeze = notes.lists.freezes.len();
    notes.lists.freezes.push(closed);
    notes.counts.open += u64::from(state == PastState::Open);
    notes.counts.overdue += u64::from(state == PastState::Overdue);
    notes.counts.refused += record.refused.len() as u64;
    notes.counts.passed += record.passed.len() as u64;
    for one in &record.passed {
        let Some(exception) = one.exception.clone().filter(|id| !id.is_empty()) else { continue };
        let (run, change) = (one.run.clone(), one.change.clone());
        notes.lists.passes.push(Pass { freeze, at: at_of(one), exception, run, change });
    }
}

/// Its id is the beginning of the alarm, unless Kosli had seen it before; else what Kosli has seen first counts.
fn since(trail: &Pending, ons: &[Attested]) -> Option<i64> {
    let first = ons.first().map(at_of);
    let id = id::since(&trail.name).map(|since| since.timestamp());
    let is_late = |id: &i64| first.is_some_and(|first| first < id - TOLERANCE.num_seconds());
    id.filter(|id| !is_late(id)).or(first).or(trail.created_at)
}

/// What a `sync` ends has expired, or its policy has dropped it.
fn how(off: &Attested) -> PastHow {
    if !by_sync(off) {
        return PastHow::Lifted;
    }
    let has_expired = until_of(off).at().is_some_and(|until| second(until) <= at_of(off));
    if has_expired { PastHow::Expired } else { PastHow::Dropped }
}

/// What was said after the first words, each against the holder's words before it.
fn said(ons: &[Attested]) -> Vec<PastWords> {
    let Some((first, others)) = ons.split_first() else { return Vec::new() };
    let mut before = first;
    let mut said = Vec::new();
    for on in others {
        let (was, is) = (until_of(before), until_of(on));
        let what = if by_sync(on) && !by_window(on) {
            "mended"
        } else if on.description != before.description {
            "restated"
        } else if is == was {
            "repeated"
        } else if is.ends_before(was) {
            "shortened"
        } else {
            "extended"
        };
        said.extend(rfc3339_of(at_of(on)).map(|at| PastWords {
            at,
            by: on.by.clone(),
            reported_by: on.reported_by.clone(),
            reason: on.description.clone(),
            until: is.at().map(second).and_then(rfc3339_of),
            what,
        }));
        if what != "mended" || by_sync(before) {
            before = on;
        }
    }
    said
}

fn refusal(one: &Attested) -> PastRefusal {
    PastRefusal {
        at: rfc3339_of(at_of(one)).unwrap_or_default(),
        run: one.run.clone(),
        change: change(one),
        reason: one.reason.clone(),
        reported_by: one.reported_by.clone(),
    }
}

fn pass(one: &Attested) -> PastPass {
    PastPass {
        at: rfc3339_of(at_of(one)).unwrap_or_default(),
        run: one.run.clone(),
        change: change(one),
        exception: one.exception.clone(),
        reported_by: one.reported_by.clone(),
    }
}

pub(super) fn change(one: &Attested) -> Option<Change> {
    Change::from_query(one.change.as_deref()?)
}

pub(super) fn by_sync(one: &Attested) -> bool {
    one.recorded_by.as_deref() == Some("sync")
}

fn by_window(on: &Attested) -> bool {
    on.by.as_deref().is_some_and(|by| by.starts_with(WINDOW_HOLDER))
}

fn until_of(one: &Attested) -> Until {
    one.until.as_deref().map_or(Until::Never, Until::read)
}

/// The second of a time; what no clock shows is the last that one does.
pub(super) fn at_of(one: &Attested) -> i64 {
    whole(one.at)
}

pub(super) fn whole(seconds: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "what no clock shows is cut to what one does")]
    let whole = seconds.floor() as i64;
    whole.clamp(time::FIRST, time::LAST)
}

/// A second that has begun is closed.
fn second(until: chrono::DateTime<chrono::Utc>) -> i64 {
    until.timestamp() + i64::from(until.timestamp_subsec_nanos() > 0)
}

/// An address that a reader may be sent to.
pub(super) fn https(url: &str) -> Option<String> {
    url.starts_with("https://").then(|| url.to_owned())
}
