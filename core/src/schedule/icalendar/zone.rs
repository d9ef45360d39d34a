//! A zone that a calendar defines: `VTIMEZONE`.

use crate::budget::Budget;
use crate::schedule::{Doubt, LONG_AGO, Reading, Starts, Until};
use crate::text::is_any;
use crate::time::zone::{Span, Spans};
use crate::time::{DAY, Instant, Local};

use super::component::Component;
use super::lines::Line;
use super::offset;
use super::quirks::Quirks;
use super::rules::rrules;
use super::when::{Form, Times, parse};

/// A zone has two observances, and some more if its rules have changed.
const MAX_OBSERVANCES: usize = 200;

/// The observances of a zone. The one that has begun last holds.
pub(crate) struct Observances {
    all: Vec<Observance>,
    /// The offset before the first of them.
    offset: i64,
    budget: Budget,
}

/// What the wall clock shows from each of its onsets on.
struct Observance {
    /// In local time as the clock showed it before: at the offset `from`.
    onsets: Vec<Starts>,
    from: i64,
    to: i64,
}

impl Observances {
    /// One offset for all times.
    pub(super) fn fixed(offset: i64, budget: &Budget) -> Self {
        Self { all: Vec::new(), offset, budget: budget.clone() }
    }

    pub(super) fn read(zone: &Component, times: &mut Times) -> Result<Self, String> {
        let mut observances = Vec::new();
        let mut first = (i64::MAX, 0);
        let is_part = |part: &&Component| is_any(&part.name, &["STANDARD", "DAYLIGHT"]);
        let is_lone = zone.parts.iter().filter(is_part).count() == 1;
        for part in zone.parts.iter().filter(is_part) {
            let quirks = &mut times.quirks;
            let from = offset(part.need("TZOFFSETFROM", quirks)?, quirks)?;
            let to = offset(part.need("TZOFFSETTO", quirks)?, quirks)?;
            if is_lone && part.one("DTSTART", quirks)?.is_none() {
                quirks.note(
                    part.line,
                    "the only `STANDARD` or `DAYLIGHT` of a `VTIMEZONE` has no `DTSTART`: it always holds",
                );
                return Ok(Self::fixed(to, times.zones.budget()));
            }
            let line = part.need("DTSTART", quirks)?;
            let is_once = part.all("RDATE").next().is_none() && part.all("RRULE").all(|line| line.value().is_empty());
            // Where the clock does not change, or did so once and long ago, it is all one when that was to the hour.
            let all_one = |at| from == to || (is_once && at < LONG_AGO);
            let start = local(line, line.value(), quirks, &all_one)?;
            // A clock that changes more often would have to be asked about each change.
            let yearly =
                |line: &&Line| line.value().is_empty() || line.value().to_ascii_uppercase().contains("FREQ=YEARLY");
            if let Some(line) = part.all("RRULE").find(|line| !yearly(line)) {
                return Err(line.bad("but the clocks of a zone change with `FREQ=YEARLY`"));
            }
            let within_day = |line: &&Line| changes_within_day(line.value(), start);
            if let Some(line) = part.all("RRULE").find(within_day) {
                return Err(line.bad("but the clocks of a zone change at the time of `DTSTART`"));
            }
            let until = |until: Until| until.local(|at| at + from);
            let budget = times.zones.budget();
            let doubt = Doubt::Past;
            let reading = Reading { until: &until, doubt, is_date: false, counts_beginning: true, budget };
            let (mut onsets, odd) = rrules(part, start, &reading)?;
            for (line, quirk) in odd {
                times.quirks.note(line, quirk);
            }
            let mut listed = Starts::once(start);
            for line in part.all("RDATE") {
                let dates: Vec<_> = line.value().split(',').collect();
                times.count(line.number, dates.len())?;
                let quirks = &mut times.quirks;
                let onset = |date| local(line, date, quirks, &all_one);
                listed.add(dates.into_iter().map(onset).collect::<Result<_, _>>()?);
            }
            onsets.push(listed);
            first = first.min((start - from, from));
            observances.push(Observance { onsets, from, to });
        }
        if observances.is_empty() || observances.len() > MAX_OBSERVANCES {
            let (line, count) = (zone.line, observances.len());
            return Err(format!("line {line}: `VTIMEZONE` has {count} `STANDARD` and `DAYLIGHT`, not 1 to 200"));
        }
        Ok(Self { all: observances, offset: first.1, budget: times.zones.budget().clone() })
    }
}

impl Spans for Observances {
    /// The offset that holds at an instant, and from when until when it does.
    fn find(&self, at: Instant) -> Span {
        let mut span = Span { from: i64::MIN, to: i64::MAX, offset: self.offset };
        for Observance { onsets, from, to } in &self.all {
            if !self.budget.spend_on(onsets.len(), 8) {
                return span;
            }
            let local = at.saturating_add(*from);
            for onsets in onsets {
                let last = onsets.last_until(local).map(|onset| onset.saturating_sub(*from));
                if let Some(last) = last.filter(|last| *last >= span.from) {
                    (span.from, span.offset) = (last, *to);
                }
                let next = onsets.first_after(local).map(|onset| onset.saturating_sub(*from));
                span.to = next.map_or(span.to, |next| span.to.min(next));
            }
        }
        span
    }
}

/// Whether a rule gives another time of the day than that of its beginning.
fn changes_within_day(rule: &str, start: Local) -> bool {
    let second = start.rem_euclid(DAY);
    let units = [("BYHOUR", second / 3600), ("BYMINUTE", second / 60 % 60), ("BYSECOND", second % 60)];
    let mut parts = rule.split(';').filter_map(|part| part.split_once('='));
    parts.any(|(name, value)| {
        let unit = units.iter().find(|(unit, _)| unit.eq_ignore_ascii_case(name.trim()));
        unit.is_some_and(|(_, number)| value.trim().parse() != Ok(*number))
    })
}

/// When an observance begins; a time in UTC is none, unless it is all one whether it is.
fn local(line: &Line, text: &str, quirks: &mut Quirks, all_one: &dyn Fn(Local) -> bool) -> Result<Local, String> {
    match parse(text.trim()) {
        Some((local, Form::Floating)) => return Ok(local),
        Some((local, Form::Date)) => {
            quirks.note(line.number, "a `VTIMEZONE` that begins on a date begins at its midnight");
            return Ok(local);
        }
        Some((local, Form::Utc)) if all_one(local) => {
            quirks.note(line.number, "a `VTIMEZONE` begins in local time, whatever its `Z`");
            return Ok(local);
        }
        _ => {}
    }
    Err(line.bad("which is not a valid local time such as `20261025T030000`"))
}

fn offset(line: &Line, quirks: &mut Quirks) -> Result<i64, String> {
    let text = line.value();
    let unsigned = || offset::unsigned(text).filter(|_| text.len() > 3);
    let read = offset::signed(text)
        .or_else(unsigned)
        .ok_or_else(|| line.bad("which is not a valid offset such as `+0100`"))?;
    if !text.starts_with(['+', '-']) || text.contains(':') {
        quirks.note(line.number, "an offset without a sign lies before UTC, and one with colons is as good as without");
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::super::component::read;
    use super::super::when::Times;
    use super::Observances;
    use crate::schedule::Effect;
    use crate::time::zone::{Spans, Zones};

    const HOUR: i64 = 3600;

    fn zone(observances: &str) -> Result<Observances, String> {
        let mut zones = Zones::default();
        let utc = zones.named("UTC").expect("a zone");
        let text = format!("BEGIN:VCALENDAR|BEGIN:VTIMEZONE|{observances}|END:VTIMEZONE|END:VCALENDAR");
        let text = text.replace('|', "\n");
        let calendars = read(&text, &mut super::Quirks::default())?;
        Observances::read(&calendars[0].parts[0], &mut Times::new(&mut zones, utc, Effect::Freeze)?)
    }

    fn observance(from: &str, to: &str, start: &str, more: &str) -> String {
        let (from, to) = (format!("TZOFFSETFROM:{from}"), format!("TZOFFSETTO:{to}"));
        format!("BEGIN:STANDARD|DTSTART:{start}|{from}|{to}|{more}|END:STANDARD")
    }

    #[test]
    fn it_is_the_zone_that_it_describes() {
        let autumn = observance("+0200", "+0100", "19961027T030000", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU");
        let rule = "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU";
        let spring = observance("+0100", "+0200", "19810329T020000", &format!("{rule};UNTIL=20270328T010000Z"));
        let later = observance("+0100", "+0200", "20280326T020000", rule);
        let europe = zone(&format!("{autumn}|{spring}|{later}")).expect("a zone");
        let rule = "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU;UNTIL=20260308T100000Z";
        let spring = observance("-0800", "-0700", "20070311T020000", rule);
        let autumn = observance("-0700", "-0800", "20071104T020000", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU");
        let later = observance("-0800", "-0700", "20270314T020000", "RDATE:20280312T020000,20290311T020000");
        let pacific = zone(&format!("{spring}|{later}|{autumn}")).expect("a zone");
        let mut zones = Zones::default();
        for (described, name) in [(europe, "Europe/Berlin"), (pacific, "America/Los_Angeles")] {
            let known = zones.named(name).expect("a zone");
            for hour in 0..3 * 366 * 24 {
                let at = 1_767_225_600 + hour * HOUR;
                for at in [at - 1, at] {
                    assert_eq!(described.find(at), zones.get(known).span(at), "{name} {at}");
                }
            }
        }
    }

    #[test]
    fn before_and_after_all_onsets_an_offset_holds() {
        let zone = zone(&observance("-000030", "+0100", "19700101T000000", "")).expect("a zone");
        let (before, after) = (zone.find(29), zone.find(30));
        assert_eq!((before.from, before.to, before.offset), (i64::MIN, 30, -30));
        assert_eq!((after.from, after.to, after.offset), (30, i64::MAX, HOUR));
        assert_eq!(zone.find(i64::MIN), before);
        assert_eq!(zone.find(i64::MAX), after);
    }

    #[test]
    fn what_is_no_zone_is_an_error() {
        let start = "19700101T000000";
        for (observances, error) in [
            ("TZID:x".into(), "line 2: `VTIMEZONE` has 0 `STANDARD` and `DAYLIGHT`, not 1 to 200"),
            ("BEGIN:DAYLIGHT|END:DAYLIGHT".into(), "line 3: `DAYLIGHT` has no `TZOFFSETFROM`"),
            (
                observance("01", "+0100", start, ""),
                "line 5: `TZOFFSETFROM` is `01`, which is not a valid offset such as `+0100`",
            ),
            (
                observance("+0100", "+2400", start, ""),
                "line 6: `TZOFFSETTO` is `+2400`, which is not a valid offset such as `+0100`",
            ),
            (
                observance("+0100", "+01:0", start, ""),
                "line 6: `TZOFFSETTO` is `+01:0`, which is not a valid offset such as `+0100`",
            ),
            (
                observance("+0100", "+0200", "20200101T000000Z", ""),
                "line 4: `DTSTART` is `20200101T000000Z`, which is not a valid local time such as `20261025T030000`",
            ),
            (
                observance("+0100", "+0200", start, "RRULE:FREQ=HOURLY"),
                "line 7: `RRULE` is `FREQ=HOURLY`, but the clocks of a zone change with `FREQ=YEARLY`",
            ),
            (
                observance("+0100", "+0200", start, "RRULE:FREQ=YEARLY;BYSECOND=0,1"),
                "line 7: `RRULE` is `FREQ=YEARLY;BYSECOND=0,1`, but the clocks of a zone change at the time of `DTSTART`",
            ),
        ] {
            assert_eq!(zone(&observances).err().as_deref(), Some(error), "{observances}");
        }
    }
}
