//! `report`: what was closed, who passed, and what was deployed meanwhile, a page at a time.
//!
//! The note that a page leaves says where the report is. Each call goes on from there as far as what was read takes it.

mod deployed;
mod deployments;
mod exceptions;
mod freezes;
mod line;
mod notes;
mod pages;
mod reading;
mod resume;
mod totals;
mod walk;

use std::collections::BTreeMap;

use crate::answer::{Answer, Decision, History, Next, Totals, Warning};
use crate::call::{Action, Report};
use crate::codes::{Reason, WarningCode};
use crate::error::Error;
use crate::kosli::id;
use crate::kosli::target::Target;
use crate::sight::Sight;
use crate::text::excerpt;
use crate::time::{self, rfc3339_of};
use crate::wording;

use self::notes::{Notes, Stage};
use self::reading::Reading;
use self::walk::Walk;

/// What this page still needs; nothing where it holds enough.
#[inline(never)] // what a gate does not ask for need not be compiled for it
pub(crate) fn observe(sight: &Sight<'_>, report: &Report) -> Vec<Target> {
    Walk::read(sight, report).map(Walk::wants).unwrap_or_default()
}

#[inline(never)] // what a gate does not ask for need not be compiled for it
pub(crate) fn plan(sight: &Sight<'_>, report: &Report) -> Result<Answer, Error> {
    let Walk { reading: Reading { notes, page, .. }, has_read, renamed, .. } = Walk::read(sight, report)?;
    if !has_read && notes.stage != Stage::Done {
        return Err(Error::NotObserved { environment: sight.name.to_string() });
    }
    let is_last = notes.stage == Stage::Done;
    let totals = is_last.then(|| totals::totals(&notes));
    let action =
        Report { from: rfc3339_of(notes.period.from), to: rfc3339_of(notes.period.to), resume: None, ..report.clone() };
    let resume = if is_last { None } else { Some(notes.write()?) };
    let next = resume.map(|resume| Next {
        environment: None,
        action: Action::Report(Report { resume: Some(resume), ..action.clone() }),
        options: BTreeMap::new(),
    });
    Ok(Answer {
        summary: summary(&notes, totals.as_ref()),
        warnings: gone(&notes, renamed)
            .into_iter()
            .chain(is_last.then(|| unrecorded(&notes)).into_iter().flatten())
            .collect(),
        report: Some(Box::new(History {
            environment: notes.environment.clone(),
            from: rfc3339_of(notes.period.from).unwrap_or_default(),
            to: rfc3339_of(notes.period.to).unwrap_or_default(),
            totals,
            ..page
        })),
        next: next.map(Box::new),
        action: Some(Action::Report(action)),
        ..Answer::new(Decision::Proceed, Reason::Reported)
    })
}

fn summary(notes: &Notes, totals: Option<&Totals>) -> String {
    let human = |at| time::at(at).map(time::human).unwrap_or_default();
    let period = format!("from {} to {}", human(notes.period.from), human(notes.period.to));
    match totals {
        Some(totals) => wording::history::told(&notes.environment, &period, totals, notes.lists.flags.len()),
        None => format!("reading the history of {} {period}; there is more", notes.environment),
    }
}

fn gone(notes: &Notes, renamed: Option<String>) -> Option<Warning> {
    let Notes { environment, .. } = notes;
    let text = match renamed {
        Some(name) => format!(
            "{environment} is now called {}, which has a report of its own; what was deployed under the old name is not known",
            excerpt(&name)
        ),
        None => format!("{environment} is archived or gone; what was deployed there is not known"),
    };
    notes.gone.then(|| Warning::new(WarningCode::EnvironmentGone, text))
}

/// What closes the environment by its tags alone: no record tells it.
fn unrecorded(notes: &Notes) -> Vec<Warning> {
    let Notes { environment, .. } = notes;
    let warn = |flag: &String| {
        let id = excerpt(flag);
        if id::since(flag).is_some() {
            let text =
                format!("{id} closes {environment} by its tag alone: it is not on record, and not in this report");
            let mend = wording::advise("to put it on record", environment, Action::Sync {});
            return Warning::new(WarningCode::HalfBegun, text).advised(&mend);
        }
        let text = format!(
            "the tag shows `{id}`, which is not the id of a freeze: nobody can tell since when it has closed {environment}, and it is not in this report"
        );
        Warning::new(WarningCode::NoId, text)
    };
    let rest = notes.lists.flags.len().saturating_sub(MOST_FLAGS);
    let more = (rest > 0).then(|| {
        let text = format!("more tags close {environment} and are not on record: {rest}");
        Warning::new(WarningCode::HalfBegun, text)
    });
    notes.lists.flags.iter().take(MOST_FLAGS).map(warn).chain(more).collect()
}

/// So many are told one by one.
const MOST_FLAGS: usize = 20;
