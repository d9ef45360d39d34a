//! The five ways in which a window says when: read into rules.

use std::rc::Rc;

use crate::budget::Budget;
use crate::schedule::{Doubt, Effect, End, Pattern, Reading, Rule, Starts, Until};
use crate::time::words::WEEKDAYS;
use crate::time::zone::{ZoneId, Zones};
use crate::time::{DAY, Local, duration};

use super::calendars::Calendars;
use super::meant;
use super::notes::{Note, adds_nothing, idle_exdates, idle_rdates, last_minute, last_minute_after, takes_nothing_out};
use super::rule::TimeRule;
use super::told::Told;

/// The time rule's part of it.
#[derive(Default)]
pub(super) struct RuleText {
    /// The keys that are given, also those that say something else of the window.
    pub(super) given: Vec<&'static str>,
    pub(super) from: Option<String>,
    pub(super) to: Option<String>,
    pub(super) days: Option<Vec<String>>,
    pub(super) start: Option<String>,
    pub(super) end: Option<String>,
    pub(super) duration: Option<String>,
    pub(super) dtstart: Option<String>,
    pub(super) rrule: Option<String>,
    pub(super) exdates: Option<Vec<String>>,
    pub(super) rdates: Option<Vec<String>>,
    pub(super) calendar: Option<String>,
}

/// The keys of each kind of rule; the first one tells the kind.
const KINDS: [(&str, &[&str]); 5] = [
    ("calendar", &["calendar"]),
    ("dtstart", &["dtstart", "rrule", "duration", "exdates", "rdates"]),
    ("start", &["start", "end", "duration"]),
    ("days", &["days", "from", "to"]),
    ("from", &["from", "to"]),
];

/// Lists of dates are as long as somebody has typed them.
const MOST_DATES: usize = 10_000;

pub(super) fn read(
    text: RuleText,
    effect: Effect,
    zone: ZoneId,
    zones: &mut Zones,
    calendars: &mut Calendars,
) -> Result<TimeRule, String> {
    let is_of_rules = |key: &&str| KINDS.iter().any(|(_, keys)| keys.contains(key));
    let given: Vec<_> = text.given.iter().copied().filter(is_of_rules).collect();
    let by_first_key = KINDS.iter().find(|(kind, _)| given.contains(kind));
    // Without its first key a rule is of the simplest kind that has all the others.
    let by_all_keys = || KINDS.iter().rev().find(|(_, keys)| given.iter().all(|key| keys.contains(key)));
    let by_any_key = || KINDS.iter().find(|(_, keys)| keys.iter().any(|key| given.contains(key)));
    let by_other_keys = || by_all_keys().filter(|_| !given.is_empty()).or_else(by_any_key);
    let Some((kind, keys)) = by_first_key.or_else(by_other_keys) else {
        let rules = "`from` and `to`, `days` with `from` and `to`, `start` with `end` or `duration`, \
                     `dtstart` with `rrule` and `duration`, or `calendar`";
        return Err(format!("it has no time rule; give one of: {rules}"));
    };
    if let Some(foreign) = given.iter().find(|key| !keys.contains(key)) {
        return Err(format!("`{foreign}` does not go with `{kind}`; a window has one time rule"));
    }
    match *kind {
        "calendar" => calendars.read(&need(text.calendar, "calendar")?, effect, zone, zones),
        "dtstart" => recurrence(text, effect, zone, zones),
        "start" => cron(text, effect, zone, zones.budget()),
        "days" => weekly(text, effect, zone, zones.budget()),
        _ => one_off(text, effect, zone),
    }
}

fn need(value: Option<String>, key: &str) -> Result<String, String> {
    value.ok_or_else(|| format!("`{key}` is missing"))
}

fn one(
    effect: Effect,
    zone: ZoneId,
    starts: Starts,
    end: End,
    told: Told,
    notes: impl IntoIterator<Item = Note>,
) -> TimeRule {
    TimeRule {
        rules: Rc::new([Rule { effect, zone, starts, end, names: Vec::new() }]),
        told,
        notes: notes.into_iter().collect(),
    }
}

fn one_off(text: RuleText, effect: Effect, zone: ZoneId) -> Result<TimeRule, String> {
    let (from, to) = (need(text.from, "from")?, need(text.to, "to")?);
    let (begin, end) = (local(&from, "from")?, local(&to, "to")?);
    if end <= begin {
        return Err(format!("`to` is `{to}`, which is not after `from`, `{from}`"));
    }
    let told = Told::OneOff { from: begin, to: end, ends_with_date: to.len() == "2026-12-24".len() };
    let note = last_minute(effect, end, &format!("write {}T24:00", to.get(..10).unwrap_or_default()));
    Ok(one(effect, zone, Starts::once(begin), End::Local(end - begin), told, note))
}

fn weekly(text: RuleText, effect: Effect, zone: ZoneId, budget: &Budget) -> Result<TimeRule, String> {
    let days = weekdays(&text.days.unwrap_or_default())?;
    let (from, to) = (need(text.from, "from")?, need(text.to, "to")?);
    let begin = clock(&from).filter(|&at| at < DAY).ok_or_else(|| no_clock("from", &from))?;
    let end = clock(&to).ok_or_else(|| no_clock("to", &to))?;
    if end == begin && effect == Effect::Allow {
        return Err(format!(
            "`from` and `to` are both `{from}`, which allows for no time or for a whole day; for that write from: \"00:00\", to: \"24:00\""
        ));
    }
    let length = if end > begin { end - begin } else { end + DAY - begin };
    let told = Told::Weekly { days, from, to, is_next_day: end <= begin };
    let note = last_minute(effect, end, "write to: \"24:00\"");
    Ok(one(effect, zone, Starts::of(Pattern::weekly(days, begin, budget)), End::Local(length), told, note))
}

fn no_clock(key: &str, text: &str) -> String {
    match meant::clock(text).as_deref() {
        Some("24:00") if key == "from" => format!("`from` is `{text}`; write \"00:00\" and the next day"),
        Some(clock) => format!("`{key}` is `{text}`; write \"{clock}\""),
        None => format!("`{key}` is `{text}`; beside `days` it is a time of the day such as 09:30 (`to` also 24:00)"),
    }
}

/// `09:30` in seconds, up to `24:00`.
fn clock(text: &str) -> Option<i64> {
    let (hour, minute) = text.split_once(':')?;
    let number =
        |text: &str| (text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse::<i64>().ok())?;
    let seconds = number(hour)? * 3600 + number(minute).filter(|&minute| minute < 60)? * 60;
    (seconds <= DAY).then_some(seconds)
}

fn weekdays(days: &[String]) -> Result<u8, String> {
    if days.is_empty() {
        return Err("`days` is empty; give weekdays such as mon, tue or mon-fri".to_owned());
    }
    days.iter().try_fold(0, |mask, day| {
        let (from, to) = day.split_once('-').unwrap_or((day, day));
        let problem = || {
            let advice = meant::weekdays(day).map_or_else(
                || ", which is not a weekday such as mon, monday or mon-fri".to_owned(),
                |meant| format!("; write {meant}"),
            );
            format!("`days` has `{day}`{advice}")
        };
        let number = |name: &str| {
            let is_it = |full: &str| full.eq_ignore_ascii_case(name.trim());
            WEEKDAYS.iter().position(|full| is_it(full) || is_it(&full[..3])).ok_or_else(problem)
        };
        let (from, to) = (number(from)?, number(to)?);
        let length = (to + 7 - from) % 7; // `fri-mon` goes over the week's end
        Ok((0..=length).fold(mask, |mask, at| mask | 1 << ((from + at) % 7)))
    })
}

fn cron(text: RuleText, effect: Effect, zone: ZoneId, budget: &Budget) -> Result<TimeRule, String> {
    let start = need(text.start, "start")?;
    let starts = Pattern::cron(&start, budget).map_err(|problem| format!("`start` {problem}"))?;
    if effect == Effect::Allow && starts.days.names_two_kinds() {
        return Err(two_kinds("start", &start, "it would allow"));
    }
    match (text.end, text.duration) {
        (Some(end), None) => {
            let ends = Pattern::cron(&end, budget).map_err(|problem| format!("`end` {problem}"))?;
            if effect == Effect::Freeze && ends.days.names_two_kinds() {
                return Err(two_kinds("end", &end, "the freeze would end"));
            }
            if effect == Effect::Allow && ends.is_within(&starts) {
                let ends_as_it_starts = if start.split_whitespace().eq(end.split_whitespace()) {
                    format!("`start` and `end` are both `{start}`")
                } else {
                    format!("whenever `end` `{end}` comes, `start` `{start}` comes, too")
                };
                return Err(format!("{ends_as_it_starts}, which allows for no time or for all of it"));
            }
            let note = ends.ends_days().then(|| last_minute(effect, -1, "let `end` be at `0 0` of the next day"));
            let ends = Starts::of(ends);
            if ends.first_after(0).is_none() {
                return Err(format!("`end` `{end}` never comes: the window would never end"));
            }
            let told = Told::Cron { start, end };
            Ok(one(effect, zone, Starts::of(starts), End::Cron(Box::new(ends)), told, note.flatten()))
        }
        (None, Some(duration)) => {
            let seconds = seconds(&duration)?;
            let note = starts.second().and_then(|start| last_minute_after(effect, start, seconds));
            Ok(one(effect, zone, Starts::of(starts), End::After(seconds), Told::CronFor { start, seconds }, note))
        }
        _ => Err("beside `start` give either `end` or `duration`".to_owned()),
    }
}

/// Cron takes either, and who writes `1-7 * mon` mostly means the first Monday: what closes less has to be certain.
fn two_kinds(key: &str, text: &str, outcome: &str) -> String {
    format!(
        "`{key}` `{text}` has a day of the month and a weekday, of which to cron one is enough: {outcome} on each of \
         them; write `*` for one, or for days that are both an `rrule` such as FREQ=MONTHLY;BYDAY=1MO"
    )
}

/// A window of no time would be never active, and looked for without end.
fn seconds(duration: &str) -> Result<i64, String> {
    match duration::parse(duration) {
        Some(0) => Err(format!("`duration` is `{duration}`, which is no time at all; write e.g. PT90M")),
        Some(seconds) => Ok(seconds),
        None => Err(format!("`duration` is `{duration}`; {}", duration::advice(duration))),
    }
}

fn recurrence(text: RuleText, effect: Effect, zone: ZoneId, zones: &Zones) -> Result<TimeRule, String> {
    let dtstart = need(text.dtstart, "dtstart")?;
    let begin = local(&dtstart, "dtstart")?;
    let seconds = seconds(&need(text.duration, "duration")?)?;
    let mut starts = match &text.rrule {
        Some(rrule) => {
            let until = |until: Until| until.local(|instant| zones.get(zone).latest_local(instant));
            let budget = zones.budget();
            let reading =
                Reading { until: &until, doubt: Doubt::Refused, is_date: false, counts_beginning: true, budget };
            Starts::rrule(rrule, begin, &reading).map_err(|problem| format!("`rrule` {problem}"))?.0
        }
        None => Starts::once(begin),
    };
    let is_on_rule = starts.has(begin);
    starts.add(vec![begin]);
    let added = added(&mut starts, begin, &dates(text.rdates.as_deref(), "rdates")?);
    let gone = gone(&mut starts, effect, &dates(text.exdates.as_deref(), "exdates")?)?;
    let notes = [added, gone, last_minute_after(effect, begin, seconds)].into_iter().flatten();
    let told = Told::Recurrence { dtstart: begin, rrule: text.rrule, seconds, is_on_rule };
    Ok(one(effect, zone, starts, End::After(seconds), told, notes))
}

/// Adds a list of times and dates: a date is a start at the time of the first one.
fn added(starts: &mut Starts, begin: Local, dates: &[ListedDate<'_>]) -> Option<Note> {
    let clock = begin.rem_euclid(DAY);
    let at = |date: &ListedDate<'_>| if date.is_date { date.at + clock } else { date.at };
    let known = dates.iter().filter(|date| starts.has(at(date)));
    let idle: Vec<_> = known.map(|date| adds_nothing(date.text, at(date))).collect();
    starts.add(dates.iter().map(at).collect());
    idle_rdates(&idle)
}

/// Takes out a list of times and dates: with a date all that start on it.
fn gone(starts: &mut Starts, effect: Effect, dates: &[ListedDate<'_>]) -> Result<Option<Note>, String> {
    let (mut gone, mut idle) = (Vec::new(), Vec::new());
    for ListedDate { text, at, is_date } in dates {
        let end = if *is_date { at + DAY } else { at + 1 };
        let mut next = starts.first_after(at - 1);
        if next.is_none_or(|start| start >= end) {
            let midnight = at - at.rem_euclid(DAY);
            let on_that_day = starts.first_after(midnight - 1).filter(|&start| start < midnight + DAY);
            idle.push(takes_nothing_out(text, on_that_day));
        }
        while let Some(start) = next.filter(|&start| start < end) {
            if gone.len() == MOST_DATES {
                return Err(format!("`exdates` takes out more than {MOST_DATES} starts"));
            }
            gone.push(start);
            next = starts.first_after(start);
        }
    }
    starts.exclude(gone);
    idle_exdates(effect, &idle)
}

/// A time or date of a list.
struct ListedDate<'t> {
    text: &'t str,
    at: Local,
    is_date: bool,
}

fn dates<'t>(texts: Option<&'t [String]>, key: &str) -> Result<Vec<ListedDate<'t>>, String> {
    let texts = texts.unwrap_or_default();
    if texts.len() > MOST_DATES {
        return Err(format!("`{key}` has {} dates, {MOST_DATES} are allowed", texts.len()));
    }
    let read =
        |text: &'t String| Ok(ListedDate { text, at: local(text, key)?, is_date: text.len() == "2026-12-24".len() });
    texts.iter().map(read).collect()
}

/// `2026-12-24T18:00`, with seconds, or `2026-12-24`: its first instant.
fn local(text: &str, key: &str) -> Result<Local, String> {
    read_local(text).ok_or_else(|| {
        if let Some(meant) = meant::local(text).filter(|meant| read_local(meant).is_some()) {
            return format!("`{key}` is `{text}`; write {meant}");
        }
        let advice = if text.ends_with(['Z', 'z']) || text.get(11..).is_some_and(|time| time.contains(['+', '-'])) {
            "; it is local time, the zone is `timezone`'s"
        } else {
            ""
        };
        format!("`{key}` is `{text}`; it must be a local time such as 2026-12-24T18:00 or a date{advice}")
    })
}

fn read_local(text: &str) -> Option<Local> {
    let (date, time) = match text.split_once(['T', 't', ' ']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let [year, month, day] = parts(date, '-', [4, 2, 2])?;
    let day = crate::schedule::day(year, month, day)?;
    let Some(time) = time else { return Some(day * DAY) };
    let seconds = if time.len() == 5 {
        clock(time)?
    } else {
        let [hour, minute, second] = parts(time, ':', [2, 2, 2])?;
        (hour < 24 && minute < 60 && second < 60).then_some(hour * 3600 + minute * 60 + second)?
    };
    Some(day * DAY + seconds)
}

/// Three numbers of so many digits, with `between` between them.
fn parts(text: &str, between: char, lengths: [usize; 3]) -> Option<[i64; 3]> {
    let mut parts = text.split(between);
    let mut numbers = [0; 3];
    for (number, length) in numbers.iter_mut().zip(lengths) {
        let part = parts.next()?;
        *number = (part.len() == length && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok())??;
    }
    parts.next().is_none().then_some(numbers)
}
