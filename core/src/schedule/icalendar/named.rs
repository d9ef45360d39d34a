//! The zones that a calendar names: by IANA names, by its own definitions, or as other programs do.

use crate::order;
use crate::schedule::{self, Effect};
use crate::text::{excerpt, is_any};
use crate::time::zone::{ABBREVIATIONS, TZDATA, Zone, ZoneId};
use crate::time::{DAY, Instant, Local};

use super::component::Component;
use super::lines::Line;
use super::offset;
use super::when::Times;
use super::zone::Observances;

/// No zone has a longer name.
const MAX_NAME: usize = 200;

/// The steps of looking for a name among all, whatever its case.
const NAMING: u64 = 100;

/// What a calendar calls its own zone by: Google and Apple, others, vCalendar 1.0.
const OWN: [&str; 4] = ["X-WR-TIMEZONE", "TIMEZONE-ID", "TIMEZONE", "TZ"];

/// 2037: there the tables of many programs end, and with them the zones that their calendars define.
const ASKED_TO: Instant = 2_114_380_800;
/// The steps of looking at a change of two clocks.
const AGREEING: u64 = 6;

impl<'c, 't> Times<'_, 'c, 't> {
    /// Goes on to another `VCALENDAR`, which has its own names for zones.
    pub(super) fn enter(&mut self, calendar: &'c Component<'t>) {
        self.known.clear();
        self.twins.clear();
        self.besides.clear();
        self.defined.clear();
        for zone in calendar.parts.iter().filter(|part| part.name == "VTIMEZONE") {
            let names = order::set(zone.all("TZID").map(|line| plain_name(line.value())));
            match names.len() {
                0 => self.quirks.note(zone.line, "a `VTIMEZONE` without `TZID` is not used"),
                1 => {}
                _ => self.quirks.note(zone.line, "a `VTIMEZONE` of several `TZID` is known by each of them"),
            }
            for name in names {
                let definitions = self.defined.or_default(name.clone());
                if definitions.first().is_some_and(|first| zone.says_same(first)) {
                    continue;
                }
                if !definitions.is_empty() {
                    self.quirks.note_of(zone.line, "a second `VTIMEZONE` of one `TZID` is another one", Some(&name));
                }
                definitions.push(zone);
            }
        }
        let mut names = OWN.iter().flat_map(|own| calendar.all(own)).map(|line| plain_name(line.value()));
        let said = names.find(|name| !name.is_empty());
        let only = || self.defined.keys().next().filter(|_| self.defined.len() == 1).cloned();
        self.own = said.clone().or_else(only);
        (self.own_zone, self.is_own_other) = (None, None);
        let zone = said.as_ref().and_then(|name| self.look_up(name).ok().flatten());
        self.has_other_zone = said.is_some() && zone != Some(self.default);
        self.has_other_days = self.has_other_zone && zone.is_none_or(|zone| !self.agree(zone, self.utc));
    }

    /// The zone that the calendar calls its own, as Google, Apple and Outlook do.
    pub(super) fn own(&mut self) -> Option<ZoneId> {
        if let Some(name) = self.own.take() {
            self.own_zone = self.look_up(&name).ok().flatten();
        }
        self.own_zone
    }

    /// Whether the calendar has its own zone and that is not the window's, whatever says so.
    pub(super) fn is_own_other(&mut self) -> bool {
        if let Some(known) = self.is_own_other {
            return known;
        }
        let own = self.own();
        let is_other = self.has_other_zone || own.is_some_and(|own| !self.agree(own, self.default));
        self.is_own_other = Some(is_other);
        is_other
    }

    /// The zone of this name.
    pub(super) fn zone(&mut self, line: &Line, name: &str) -> Result<ZoneId, String> {
        if name.len() > MAX_NAME {
            return Err(line.error("has a `TZID` of more than 200 bytes, which is not a valid name of a zone"));
        }
        let name = plain_name(name);
        if let Some(zone) = self.look_up(&name)? {
            return Ok(zone);
        }
        let Some((zone, quirk)) = self.meant(&name) else {
            let zone =
                format!("has the `TZID` `{}`, which is not an IANA name such as `Europe/London`,", excerpt(&name));
            return Err(line.error(&format!(
                "{zone} no zone of Windows, and no `VTIMEZONE` of the calendar; export it with its time zones, \
                 or write the IANA name"
            )));
        };
        self.quirks.note(line.number, quirk);
        self.known.insert(name, zone);
        Ok(zone)
    }

    /// A zone that is known to the world, or else what the calendar says about it.
    fn look_up(&mut self, name: &str) -> Result<Option<ZoneId>, String> {
        if let Some(zone) = self.known.get(name) {
            return Ok(Some(*zone));
        }
        let (zone, meant) = if let Some(zone) = self.zones.named(name) {
            (zone, self.meant_by_others(name))
        } else if let [zone, again @ ..] = &*self.own_zones(name)? {
            (*zone, again.iter().copied().chain(self.called(name).map(|(called, _)| called)).collect())
        } else {
            return Ok(None);
        };
        if let Some(twin) = meant.into_iter().find(|twin| !self.agree(zone, *twin)) {
            self.twins.insert(name.to_owned(), twin);
        }
        self.known.insert(name.to_owned(), zone);
        Ok(Some(zone))
    }

    /// The other zone that a name may mean.
    pub(super) fn twin(&self, name: &str) -> Option<ZoneId> {
        if self.twins.is_empty() { None } else { self.twins.get(&plain_name(name)).copied() }
    }

    /// The zone of a `TZID` beside a value that has a zone of its own, if they differ.
    pub(super) fn besides(&mut self, line: &Line, name: &str, zone: ZoneId) -> Result<Option<ZoneId>, String> {
        let key = (name.to_owned(), zone);
        if let Some(known) = self.besides.get(&key) {
            return Ok(*known);
        }
        let found = match (self.zone(line, name), self.effect) {
            (Ok(found), _) => [Some(found), self.twin(name)].into_iter().flatten().find(|it| !self.agree(zone, *it)),
            (Err(_), Effect::Freeze) => None,
            (Err(error), Effect::Allow) => return Err(error),
        };
        self.besides.insert(key, found);
        Ok(found)
    }

    /// What a name of IANA means to the calendar, or to most people.
    fn meant_by_others(&mut self, name: &str) -> Vec<ZoneId> {
        let Some(definitions) = self.defined.get(name).cloned() else {
            let meant = ABBREVIATIONS.iter().find(|(abbreviation, ..)| *abbreviation == name);
            return meant.and_then(|(_, meant, _)| self.zones.named(meant)).into_iter().collect();
        };
        let quirks = std::mem::take(&mut self.quirks);
        // What cannot be read says nothing against the name.
        let meant = definitions.into_iter().filter_map(|definition| self.described(definition).ok()).collect();
        self.quirks = quirks;
        meant
    }

    /// What the calendar says of a name that is its own: one zone, or two that differ.
    fn own_zones(&mut self, name: &str) -> Result<Vec<ZoneId>, String> {
        let mut zones = Vec::new();
        for definition in self.defined.get(name).cloned().unwrap_or_default() {
            let zone = self.described(definition)?;
            if zones.iter().any(|known| self.agree(*known, zone)) {
                continue;
            }
            if zones.len() == 2 {
                return Err(format!(
                    "line {}: `{}` is defined here as a third zone, after two others; give each zone a name of its own, \
                     or the events of each a window of their own",
                    definition.line,
                    excerpt(name)
                ));
            }
            zones.push(zone);
        }
        Ok(zones)
    }

    /// A zone as a calendar describes it.
    fn described(&mut self, zone: &Component) -> Result<ZoneId, String> {
        let observances = Observances::read(zone, self)?;
        Ok(self.zones.add(Zone::new(observances)))
    }

    /// Whether two clocks show the same.
    fn agree(&self, one: ZoneId, other: ZoneId) -> bool {
        self.differences(one, other, (Instant::MIN, Instant::MAX)).next().is_none()
    }

    /// From when until when two clocks do not show the same while something goes on, in local times of either.
    pub(super) fn differences(
        &self,
        one: ZoneId,
        other: ZoneId,
        (from, to): (Instant, Instant),
    ) -> impl Iterator<Item = (Local, Local)> {
        let (mut at, to) = (from.max(asked_from()), to.min(ASKED_TO));
        std::iter::from_fn(move || {
            while one != other && at < to && self.zones.budget().spend(AGREEING) {
                let (first, second) = (self.zones.get(one).span(at), self.zones.get(other).span(at));
                let begin = std::mem::replace(&mut at, first.to.min(second.to));
                if first.offset != second.offset {
                    let (least, most) = (first.offset.min(second.offset), first.offset.max(second.offset));
                    return Some((begin.saturating_add(least), at.saturating_add(most)));
                }
            }
            None
        })
    }

    /// Whether the window's clock changes while something goes on.
    pub(super) fn changes_within(&self, (from, to): (Instant, Instant)) -> bool {
        let from = from.max(asked_from());
        from < to
            && self.zones.budget().spend(AGREEING)
            && self.zones.get(self.default).span(from).to < to.min(ASKED_TO)
    }

    /// The zone that a name which is none must mean.
    fn meant(&mut self, name: &str) -> Option<(ZoneId, &'static str)> {
        self.called(name).or_else(|| {
            let zone = Zone::new(Observances::fixed(offset::named(name)?, self.zones.budget()));
            Some((self.zones.add(zone), "a `TZID` is an offset from UTC, taken to hold all year"))
        })
    }

    /// The zone that others than IANA call so.
    fn called(&mut self, name: &str) -> Option<(ZoneId, &'static str)> {
        if let Some(zone) = self.zones.named_by_windows(name) {
            return Some((zone, "a `TZID` is a zone of Windows without `VTIMEZONE`, taken for that of Unicode's CLDR"));
        }
        if let Some(zone) = self.zones.named_in_any_case(&name.replace(' ', "_")) {
            return Some((zone, "a `TZID` is an IANA name but for its case or blanks"));
        }
        if let Some(zone) = windows_name(name).and_then(|name| self.zones.named_by_windows(&name)) {
            return Some((zone, "a `TZID` is another name of a zone of Windows"));
        }
        // A last word such as `EST` would be guessed.
        let says_zone = |end: &&str| end.contains('/') || is_any(end, &["UTC", "GMT"]);
        let mut ends = name.match_indices('/').map(|(at, _)| &name[at + 1..]).filter(says_zone);
        let zone = ends.find_map(|end| {
            let is_paid = self.zones.budget().spend(NAMING);
            if is_paid { self.zones.named_in_any_case(end) } else { None }
        })?;
        Some((zone, "a `TZID` is not an IANA name but ends in one, which is used"))
    }
}

/// The year of the zones' data: a law that has changed before is past.
fn asked_from() -> Instant {
    let year = TZDATA.get(..4).and_then(|year| year.parse().ok());
    year.and_then(|year| schedule::day(year, 1, 1)).unwrap_or(0) * DAY
}

/// The names of zones that Windows shows, those of them that stand for one zone alone, and its offset in winter.
const SHOWN: [(&str, &str, i64); 6] = [
    ("Atlantic Time (Canada)", "Atlantic Standard Time", -4),
    ("Eastern Time (US & Canada)", "Eastern Standard Time", -5),
    ("Central Time (US & Canada)", "Central Standard Time", -6),
    ("Mountain Time (US & Canada)", "Mountain Standard Time", -7),
    ("Pacific Time (US & Canada)", "Pacific Standard Time", -8),
    ("Coordinated Universal Time", "UTC", 0),
];

/// What Windows calls a zone that is named as it is in summer, or as it is shown: `W. Europe Daylight Time`,
/// `(UTC-05:00) Eastern Time (US & Canada)`.
fn windows_name(name: &str) -> Option<String> {
    let at = |end: &str| name.len().checked_sub(end.len()).filter(|at| *at > 0);
    let ends = |end: &&str| {
        let (zone, found) = name.split_at_checked(at(end)?)?;
        found.eq_ignore_ascii_case(end).then(|| format!("{zone} Standard Time"))
    };
    if let Some(zone) = [" Daylight Time", " Summer Time"].iter().find_map(ends) {
        return Some(zone);
    }
    let (hours, shown) = match name.split_once(") ").filter(|_| name.starts_with('(')) {
        Some((hours, shown)) => (Some(offset::named(&hours[1..])?), shown),
        None => (None, name),
    };
    let is_shown = |(known, _, winter): &&(&str, _, i64)| {
        known.eq_ignore_ascii_case(&shown.trim().replace(" and ", " & "))
            && hours.is_none_or(|hours| hours == winter * 3600)
    };
    SHOWN.iter().find(is_shown).map(|(_, zone, _)| (*zone).to_owned())
}

/// A name without the quotes and backslashes that some put into it.
fn plain_name(name: &str) -> String {
    name.trim_matches(['"', ' ']).replace("\\,", ",").replace("\\;", ";")
}
