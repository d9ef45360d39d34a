//! Lists of dates, times and periods: `RDATE` and `EXDATE`.

use crate::schedule::Effect;
use crate::text::excerpt;
use crate::time::{Instant, duration};

use super::length::Length;
use super::lines::Line;
use super::when::{NO_TIME, Times, When, check_zone, parse};

/// How many dates `RDATE` and `EXDATE` may list, in all.
const MAX_DATES: usize = 10_000;

/// The steps of a date: it is read, and its zone is looked up by name.
const DATE: u64 = 20;

/// One of a list: a start, and how long it lasts, `None` if it takes no time.
pub(super) struct Listed {
    pub(super) start: When,
    pub(super) length: Option<Length>,
    /// Whether the length is its own.
    pub(super) is_period: bool,
}

impl Times<'_, '_, '_> {
    /// The dates, times and periods of a line; `usual` is how long the first two last.
    pub(super) fn list(&mut self, line: &Line, usual: Option<Length>) -> Result<Vec<Listed>, String> {
        check_zone(line)?;
        let mut list = Vec::new();
        if line.value().is_empty() {
            self.quirks.note(line.number, "an empty `EXDATE` or `RDATE` lists nothing");
            return Ok(list);
        }
        for item in line.value().split(',').map(str::trim) {
            self.count(line.number, 1)?;
            let bad = || line.error(&format!("has `{}`, {NO_TIME}", excerpt(item)));
            let Some((start, end)) = item.split_once('/') else {
                let (local, form) = parse(item).ok_or_else(bad)?;
                let start = self.place(line, local, form, form.kind())?;
                let is_added = usual.is_none() && self.effect == Effect::Freeze && line.is("RDATE");
                let length = if is_added && !start.is_date { self.lasts(line.number, start, 0, None) } else { usual };
                list.push(Listed { start, length, is_period: false });
                continue;
            };
            let (local, form) = parse(start).ok_or_else(bad)?;
            let start = self.place(line, local, form, "PERIOD")?;
            let seconds = if let Some((local, form)) = parse(end) {
                let end = self.place(line, local, form, "PERIOD")?;
                self.between(start, end)
            } else {
                let elapsed = duration::parse(end).ok_or_else(bad)?;
                let by_clock = self.between(start, When { local: start.local + elapsed, ..start });
                if self.effect == Effect::Freeze { elapsed.max(by_clock) } else { elapsed.min(by_clock) }
            };
            if seconds < 0 {
                return Err(line.error(&format!("has `{}`, a period that ends before it starts", excerpt(item))));
            }
            list.push(Listed { start, length: self.lasts(line.number, start, seconds, None), is_period: true });
        }
        Ok(list)
    }

    /// Counts dates that are listed, or that a listed date stands for.
    pub(super) fn count(&mut self, line: usize, dates: usize) -> Result<(), String> {
        self.dates += dates;
        self.zones.budget().spend_on(dates, DATE);
        if self.dates > MAX_DATES {
            return Err(format!(
                "line {line}: `RDATE` and `EXDATE` list more than 10,000 dates; export only what is still to come"
            ));
        }
        Ok(())
    }

    /// The seconds of a period: the most that it may be in a freeze, the least in an allow window.
    fn between(&self, start: When, end: When) -> i64 {
        let (starts, ends) = (self.instants(start), self.ends(end));
        let pairs = starts.len().max(ends.len());
        let at = |all: &[Instant], place: usize| all[place.min(all.len() - 1)];
        let all = (0..pairs).map(|place| at(&ends, place) - at(&starts, place));
        let found = if self.effect == Effect::Freeze { all.max() } else { all.min() };
        found.unwrap_or(0)
    }
}
