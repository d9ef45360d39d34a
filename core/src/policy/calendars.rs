//! The calendars of a policy: one that many windows name is in the call once, and read once.

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use crate::error::PlaceKey;
use crate::order::Map;
use crate::schedule::Effect;
use crate::text::excerpt;
use crate::text::object::{Key, named, twice};
use crate::time::zone::{ZoneId, Zones};

use super::rule::TimeRule;
use super::told::Told;

#[derive(Default)]
pub(super) struct Calendars {
    /// By the names that windows have for them.
    texts: Map<String, String>,
    /// What has been read of one, as windows name or give it: for an effect in a zone.
    read: Map<String, Map<(ZoneId, bool), TimeRule>>,
}

impl Calendars {
    /// Those that the policy has beside its windows. They may stand behind them, so the policy is gone through once
    /// more; most have none.
    pub(super) fn of(json: &str, place: &mut Vec<PlaceKey>) -> Result<Self, serde_json::Error> {
        let mut calendars = Self::default();
        if json.contains(r#""calendars""#) {
            let mut deserializer = serde_json::Deserializer::from_str(json);
            CalendarsReader(&mut calendars, place).deserialize(&mut deserializer)?;
            place.clear();
        }
        Ok(calendars)
    }

    /// The rules of a calendar: its text, or the name of one of them.
    pub(super) fn read(
        &mut self,
        calendar: &str,
        effect: Effect,
        zone: ZoneId,
        zones: &mut Zones,
    ) -> Result<TimeRule, String> {
        let key = (zone, effect == Effect::Freeze);
        // What is compared is short, or the window's own text.
        zones.budget().spend_on(calendar.len(), 2);
        if let Some(known) = self.read.get(calendar).and_then(|known| known.get(&key)) {
            return Ok(known.clone());
        }
        // What stands in the window itself has no name.
        let (text, name) = match self.texts.get(calendar) {
            Some(text) => (&**text, format!("`{}`: ", excerpt(calendar))),
            None => (calendar, String::new()),
        };
        zones.budget().spend_on(text.len(), 2);
        let problem = |problem| format!("`calendar`: {name}{problem}");
        let mut read = crate::schedule::icalendar::read(text, zone, zones, effect).map_err(problem)?;
        read.quirks.iter_mut().for_each(|quirk| quirk.text.insert_str(0, &name));
        let told = Told::Calendar { events: read.events, quirks: read.quirks.into() };
        let read = TimeRule { rules: read.rules.into(), told, notes: Vec::new() };
        self.read.or_default(calendar.to_owned()).insert(key, read.clone());
        Ok(read)
    }
}

/// Takes the calendars out of a policy, and nothing else.
struct CalendarsReader<'c>(&'c mut Calendars, &'c mut Vec<PlaceKey>);

impl<'de> DeserializeSeed<'de> for CalendarsReader<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for CalendarsReader<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object with `windows`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut has_calendars = false;
        while let Some(Key(key)) = map.next_key()? {
            *self.1 = vec![(&*key).into()];
            match &*key {
                "calendars" if has_calendars => return Err(twice("calendars")),
                "calendars" => {
                    map.next_value_seed(CalendarTexts(&mut *self.0, &mut *self.1))?;
                    has_calendars = true;
                }
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

struct CalendarTexts<'c>(&'c mut Calendars, &'c mut Vec<PlaceKey>);

impl<'de> DeserializeSeed<'de> for CalendarTexts<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for CalendarTexts<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object of calendars by their names")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            *self.1 = vec!["calendars".into(), name.as_str().into()];
            let text = map.next_value().map_err(|error| named(&name, error))?;
            if self.0.texts.contains_key(&name) {
                return Err(A::Error::custom(format_args!("the calendar `{}` is given twice", excerpt(&name))));
            }
            self.0.texts.insert(name, text);
        }
        Ok(())
    }
}
