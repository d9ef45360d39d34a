//! A policy from its JSON. Unknown keys are errors, and each error says where: ``windows[3] (`christmas`): …``.

use std::cell::Cell;
use std::fmt;
use std::rc::Rc;

use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::budget::{Budget, TOO_MUCH};
use crate::error::{Error, PlaceKey};
use crate::kosli::command::LONGEST_REASON;
use crate::order::{self, Map};
use crate::schedule::Effect;
use crate::text::object::{Heard, Key, Object, missing, need, objects, read as read_object, twice, unknown};
use crate::text::{excerpt, is_any};
use crate::time::zone::{ABBREVIATIONS, Zones, nearest};

use super::approvals::Approvals;
use super::calendars::Calendars;
use super::keys::{check_name, read_tags, without_place};
use super::rule::TimeRule;
use super::selector::Selector;
use super::told::Told;
use super::window::{Why, Window};
use super::{Policy, selecting, standing, time_rule};

const MOST_BYTES: usize = 16 << 20;
const MOST_WINDOWS: usize = 10_000;
/// The steps that a window takes, besides its rules.
const WINDOW: u64 = 100;
const LONGEST_POLICY_NAME: usize = 60;
const LONGEST_CONTACT: usize = 256;

impl Policy {
    /// Reads a policy.
    #[inline(never)] // what a gate does not ask for need not be compiled for it
    pub(crate) fn read(json: &str, budget: &Budget) -> Result<Self, Error> {
        let mut place = Vec::new();
        Self::read_noting(json, budget, &mut place).map_err(|detail| Error::BadPolicy { detail, place })
    }

    /// The same; after an error, `place` is where it is.
    fn read_noting(json: &str, budget: &Budget, place: &mut Vec<PlaceKey>) -> Result<Self, String> {
        if json.len() > MOST_BYTES {
            return Err(format!(
                "it has {} MiB with its calendars; {} are allowed",
                json.len() >> 20,
                MOST_BYTES >> 20
            ));
        }
        budget.spend_on(json.len(), 1);
        let mut policy = Self::empty(budget);
        let mut deserializer = serde_json::Deserializer::from_str(json);
        let mut calendars = Calendars::of(json, place).map_err(|error| without_place(&error.to_string()))?;
        let reader = PolicyReader { policy: &mut policy, calendars: &mut calendars, place };
        let read = reader.deserialize(&mut deserializer).and_then(|()| deserializer.end());
        read.map_err(|error| without_place(&error.to_string()))?;
        policy.check_names(place)?;
        Ok(policy)
    }

    /// Two windows of one name could not be told apart, in a message or on record.
    fn check_names(&self, place: &mut Vec<PlaceKey>) -> Result<(), String> {
        let mut names: Vec<(&str, usize)> =
            self.windows.iter().enumerate().map(|(number, window)| (&*window.name, number)).collect();
        order::sort(&mut names);
        let twice = names.windows(2).find(|pair| pair[0].0 == pair[1].0);
        twice.map_or(Ok(()), |pair| {
            let (name, second) = pair[1];
            *place = vec!["windows".into(), second.into(), "name".into()];
            Err(format!("two windows are named `{}`; a name tells one", excerpt(name)))
        })
    }
}

struct PolicyReader<'p> {
    policy: &'p mut Policy,
    calendars: &'p mut Calendars,
    /// What is being read: where an error is.
    place: &'p mut Vec<PlaceKey>,
}

impl<'de> DeserializeSeed<'de> for PolicyReader<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for PolicyReader<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with `windows`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let (mut has_windows, mut has_name, mut has_exceptions, mut has_approvals) = (false, false, false, false);
        while let Some(Key(key)) = map.next_key()? {
            *self.place = vec![(&*key).into()];
            match &*key {
                "windows" if has_windows => return Err(twice("windows")),
                "windows" => {
                    map.next_value_seed(WindowsReader {
                        policy: self.policy,
                        calendars: self.calendars,
                        place: self.place,
                    })?;
                    has_windows = true;
                }
                "policy" if has_name => return Err(twice("policy")),
                "policy" => {
                    let name: Option<String> =
                        map.next_value().map_err(|error| de::Error::custom(format_args!("`policy`: {error}")))?;
                    self.policy.name = name.map(read_policy_name).transpose().map_err(de::Error::custom)?;
                    has_name = true;
                }
                "exceptions" if has_exceptions => return Err(twice("exceptions")),
                "exceptions" => {
                    let list: Option<Vec<&RawValue>> =
                        map.next_value().map_err(|error| de::Error::custom(format_args!("`exceptions`: {error}")))?;
                    let budget = self.policy.zones.budget();
                    let read = standing::read(&list.unwrap_or_default(), budget);
                    self.policy.exceptions = read.map_err(|(number, problem)| {
                        self.place.extend(number.map(PlaceKey::from));
                        de::Error::custom(problem)
                    })?;
                    has_exceptions = true;
                }
                "approvals" if has_approvals => return Err(twice("approvals")),
                "approvals" => {
                    let json: Option<&RawValue> = map.next_value()?;
                    let read = json.map(Approvals::read).transpose().map_err(de::Error::custom)?;
                    self.policy.approvals = read.unwrap_or_default();
                    has_approvals = true;
                }
                // The calendars were read before the windows that name them.
                "calendars" | "$schema" => drop(map.next_value::<IgnoredAny>()?),
                _ => return Err(unknown(&key, &["policy", "calendars", "windows", "exceptions", "approvals"])),
            }
        }
        self.place.clear();
        if has_windows { Ok(()) } else { Err(de::Error::custom(missing("windows"))) }
    }
}

struct WindowsReader<'p> {
    policy: &'p mut Policy,
    calendars: &'p mut Calendars,
    place: &'p mut Vec<PlaceKey>,
}

impl<'de> DeserializeSeed<'de> for WindowsReader<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for WindowsReader<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`windows` to be a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Policy { windows, zones, .. } = self.policy;
        loop {
            let number = windows.len();
            let mut element = Element::default();
            match list.next_element_seed(&mut element) {
                Ok(Some(())) => {}
                Ok(None) => return Ok(()),
                Err(error) => {
                    self.place.push(number.into());
                    self.place.extend(element.last.filter(|key| !key.is_empty()).map(|key| (&*key).into()));
                    return Err(at(number, element.object.name.as_deref(), &without_place(&error.to_string())));
                }
            }
            if number == MOST_WINDOWS {
                return Err(de::Error::custom(format_args!("it has more than {MOST_WINDOWS} windows")));
            }
            let keys = element.keys();
            let text = element.object;
            let name = text.name.clone();
            let window = text.read(number, zones, self.calendars);
            if !zones.budget().spend(WINDOW) {
                self.place.push(number.into());
                return Err(at(number, name.as_deref(), TOO_MUCH)); // also where that has led to another error
            }
            windows.push(window.map_err(|problem| {
                self.place.push(number.into());
                self.place.extend(key_of(&problem, keys).map(PlaceKey::from));
                at(number, name.as_deref(), &problem)
            })?);
        }
    }
}

/// Which key a problem is of: it begins with it.
fn key_of<'k>(problem: &str, keys: &[&'k str]) -> Option<&'k str> {
    let (named, _) = problem.strip_prefix('`')?.split_once('`')?;
    keys.iter().copied().find(|key| *key == named)
}

/// An error with the place of its window.
fn at<E: de::Error>(place: usize, name: Option<&str>, problem: &str) -> E {
    let name = name.map_or_else(String::new, |name| format!(" (`{}`)", excerpt(name)));
    E::custom(format_args!("windows[{place}]{name}: {problem}"))
}

/// Keeps what was read of a window before an error, and the key that came last.
type Element<'t> = Heard<'t, WindowText<'t>>;

impl<'t> DeserializeSeed<'t> for &mut Element<'t> {
    type Value = ();

    fn deserialize<D: Deserializer<'t>>(self, json: D) -> Result<(), D::Error> {
        read_object(self, json)
    }
}

objects! {
    // A window as it is written, all kinds of time rules in one.
    strict struct WindowText<'t> {
        name = "name": String,
        effect = "effect": String,
        environments = "environments": Vec<String>,
        timezone = "timezone": String,
        types = "types": Vec<String>,
        tags = "tags": &'t RawValue,
        reason = "reason": String,
        contact = "contact": String,
        suspended = "suspended": bool,
        from = "from": String,
        to = "to": String,
        days = "days": Vec<String>,
        start = "start": String,
        end = "end": String,
        duration = "duration": String,
        dtstart = "dtstart": String,
        rrule = "rrule": String,
        exdates = "exdates": Vec<String>,
        rdates = "rdates": Vec<String>,
        calendar = "calendar": String,
    }
}

impl WindowText<'_> {
    fn read(self, number: usize, zones: &mut Zones, calendars: &mut Calendars) -> Result<Window, String> {
        let given = self.given();
        let name = need(self.name, "name")?;
        check_name(&name)?;
        if self.suspended == Some(true) {
            return Window::suspended(number, name, zones);
        }
        let effect = match &*need(self.effect, "effect")? {
            "freeze" => Effect::Freeze,
            "allow" => Effect::Allow,
            other => return Err(unknown_effect(other)),
        };
        let names = need(self.environments, "environments")?;
        selecting::check_names(&names, zones.budget())?;
        self.types.as_deref().map_or(Ok(()), selecting::check_types)?;
        let tags = self.tags.map(read_tags).transpose()?;
        tags.as_ref().map_or(Ok(()), |tags| selecting::check_tags(tags, zones.budget()))?;
        let timezone = need(self.timezone, "timezone")?;
        check_summer(&timezone)?;
        let zone = zones.named(&timezone).ok_or_else(|| unknown_zone(&timezone))?;
        let rule = time_rule::RuleText {
            given,
            from: self.from,
            to: self.to,
            days: self.days,
            start: self.start,
            end: self.end,
            duration: self.duration,
            dtstart: self.dtstart,
            rrule: self.rrule,
            exdates: self.exdates,
            rdates: self.rdates,
            calendar: self.calendar,
        };
        let TimeRule { rules, told, notes } = time_rule::read(rule, effect, zone, zones, calendars)?;
        Ok(Window {
            number,
            name,
            effect,
            selector: Selector::new(names, self.types, tags.unwrap_or_default()),
            zone,
            timezone,
            why: Why::read(self.reason, self.contact)?,
            is_suspended: false,
            rules,
            told,
            notes,
            asked: Cell::default(),
        })
    }
}

impl Why {
    /// What is blank is not there. Both together are no longer than the reason of an `on`: they go on record as one.
    fn read(reason: Option<String>, contact: Option<String>) -> Result<Self, String> {
        let said = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        let why = Self { reason: said(reason), contact: said(contact) };
        let parts = [("contact", &why.contact, LONGEST_CONTACT), ("reason", &why.reason, LONGEST_REASON)];
        for (key, text, longest) in parts {
            let length = text.as_ref().map_or(0, String::len);
            if length > longest || text.as_ref().is_some_and(|text| text.contains('\0')) {
                return Err(format!("`{key}` has {length} bytes; it may have {longest}, and no NUL among them"));
            }
        }
        let length = why.words().map_or(0, |words| words.len());
        if length > LONGEST_REASON {
            return Err(format!("`reason` and `contact` have {length} bytes together; they may have {LONGEST_REASON}"));
        }
        Ok(why)
    }
}

impl Window {
    /// As if it were not there; but `sync` has to know of its name, to end what it has recorded.
    fn suspended(number: usize, name: String, zones: &mut Zones) -> Result<Self, String> {
        let utc = "UTC";
        Ok(Self {
            number,
            name,
            effect: Effect::Freeze,
            selector: Selector::new(Vec::new(), None, Map::new()),
            zone: zones.named(utc).ok_or_else(|| unknown_zone(utc))?,
            timezone: utc.to_owned(),
            why: Why::default(),
            is_suspended: true,
            rules: Rc::default(),
            told: Told::Calendar { events: 0, quirks: Rc::default() },
            notes: Vec::new(),
            asked: Cell::default(),
        })
    }
}

/// The letters of a policy's name have no `/`, so that the holder of its windows' freezes tells it from the window.
fn read_policy_name(name: String) -> Result<String, String> {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
    if name.is_empty() || name.len() > LONGEST_POLICY_NAME || !name.chars().all(is_letter) {
        return Err(format!(
            "`policy` is `{}`; a policy's name has 1 to {LONGEST_POLICY_NAME} letters, digits, `.`, `_` and `-`, e.g. release",
            excerpt(&name)
        ));
    }
    Ok(name)
}

/// Who writes `EST` may mean New York, which is an hour ahead of it in summer.
fn check_summer(name: &str) -> Result<(), String> {
    let found = ABBREVIATIONS.iter().find(|(abbreviation, ..)| abbreviation.eq_ignore_ascii_case(name.trim()));
    found.map_or(Ok(()), |(_, with, without)| {
        Err(format!("`timezone` is `{name}`, which has no summer time; write {with}, or {without} where there is none"))
    })
}

/// Argo CD, AWS and others have other words for it.
fn unknown_effect(effect: &str) -> String {
    let is = |words| is_any(effect, words);
    let advice = if is(&["freeze", "frozen", "deny", "block", "blocked", "close", "closed"]) {
        "write freeze"
    } else if is(&["allow", "permit", "open"]) {
        "write allow"
    } else {
        "it is `freeze` or `allow`"
    };
    format!("`effect` is `{}`; {advice}", excerpt(effect))
}

fn unknown_zone(name: &str) -> String {
    let guess = nearest(name).map_or_else(
        || "which is not an IANA time zone such as Europe/London".to_owned(),
        |near| format!("which is not an IANA time zone; did you mean `{near}`?"),
    );
    format!("`timezone` is `{}`, {guess}", excerpt(name))
}
