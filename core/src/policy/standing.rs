//! Exceptions that stand in the policy: changes that some of its windows let pass, without a record.

use serde_json::value::RawValue;

use crate::budget::Budget;
use crate::change::{Change, Match};
use crate::glob::{any_takes, value};
use crate::kosli::command::LONGEST_REASON;
use crate::text::excerpt;
use crate::text::object::{need, objects};

use super::keys::{check_name, read_tags, without_place};
use super::selector::Selector;
use super::{For, selecting};

const MOST: usize = 1_000;
const MOST_GLOBS: usize = 1_000;

/// An exception that stands in the policy, for windows alone.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    pub(crate) name: String,
    pub(crate) reason: Option<String>,
    selector: Selector,
    windows: Vec<String>,
    matching: Match,
}

objects! {
    strict struct StandingText<'t> {
        name = "name": String,
        environments = "environments": Vec<String>,
        types = "types": Vec<String>,
        tags = "tags": &'t RawValue,
        windows = "windows": Vec<String>,
        change = "change": &'t RawValue,
        reason = "reason": String,
    }
}

impl Standing {
    /// `true` if it lets the change pass in such an environment, wherever it covers a window.
    pub(crate) fn is_for(&self, whom: For<'_>, change: &Change, budget: &Budget) -> bool {
        let For::Environment { name, traits } = whom else { return false };
        self.selector.takes_name(name, budget)
            && self.selector.takes_traits(traits, budget)
            && self.matching.fits(change, budget)
    }

    /// `true` if it covers the window of this name.
    pub(crate) fn covers(&self, window: &str, budget: &Budget) -> bool {
        any_takes(&self.windows, window, budget)
    }

    pub(crate) fn selector(&self) -> &Selector {
        &self.selector
    }
}

/// Reads the list of them; an error says which, also by its number.
pub(super) fn read(list: &[&RawValue], budget: &Budget) -> Result<Vec<Standing>, (Option<usize>, String)> {
    if list.len() > MOST {
        return Err((None, format!("`exceptions` has {}; {MOST} are allowed", list.len())));
    }
    let mut read = Vec::<Standing>::new();
    for (place, json) in list.iter().enumerate() {
        let at = |name: Option<&str>, problem: &str| {
            let name = name.map_or_else(String::new, |name| format!(" (`{}`)", excerpt(name)));
            (Some(place), format!("exceptions[{place}]{name}: {problem}"))
        };
        let text: Result<StandingText, _> = serde_json::from_str(json.get());
        let text = text.map_err(|error| at(None, &without_place(&error.to_string())))?;
        let name = text.name.clone();
        let one = text.read(budget).map_err(|problem| at(name.as_deref(), &problem))?;
        if read.iter().any(|known| known.name == one.name) {
            return Err(at(name.as_deref(), "two exceptions have this name; a name tells one"));
        }
        read.push(one);
    }
    Ok(read)
}

impl StandingText<'_> {
    fn read(self, budget: &Budget) -> Result<Standing, String> {
        let name = need(self.name, "name")?;
        check_name(&name)?;
        let names = need(self.environments, "environments")?;
        selecting::check_names(&names, budget)?;
        self.types.as_deref().map_or(Ok(()), selecting::check_types)?;
        let tags = self.tags.map(read_tags).transpose()?;
        tags.as_ref().map_or(Ok(()), |tags| selecting::check_tags(tags, budget))?;
        let windows = need(self.windows, "windows")?;
        if windows.is_empty() || windows.len() > MOST_GLOBS {
            return Err(format!("`windows` must name 1 to {MOST_GLOBS}, e.g. [\"weekend\"]; [\"*\"] is all"));
        }
        windows.iter().try_for_each(|glob| value::check(glob)).map_err(|problem| format!("`windows` {problem}"))?;
        let change = need(self.change, "change")?;
        let matching: Result<Match, _> = serde_json::from_str(change.get());
        let matching = matching.map_err(|error| format!("`change`: {}", without_place(&error.to_string())))?;
        let reason = self.reason.filter(|reason| !reason.trim().is_empty());
        if reason.as_ref().is_some_and(|reason| reason.len() > LONGEST_REASON || reason.contains('\0')) {
            return Err(format!("`reason` may have {LONGEST_REASON} bytes, and no NUL among them"));
        }
        let selector = Selector::new(names, self.types, tags.unwrap_or_default());
        Ok(Standing { name, reason, selector, windows, matching })
    }
}
