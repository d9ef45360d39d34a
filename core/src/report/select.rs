//! `select`: which environments are meant. It reads Kosli's list and writes nothing.

use crate::answer::{Answer, Decision, Selected, Warning};
use crate::codes::{Reason, WarningCode};
use crate::error::Error;
use crate::kosli::documents::environment::{Document, Entry, EnvironmentDocument};
use crate::kosli::documents::look::{Look, document};
use crate::kosli::documents::{environments, flows};
use crate::kosli::name::OrgName;
use crate::kosli::read_name::ReadName;
use crate::order::{self, Set};
use crate::policy::check_selection;
use crate::sight::exceptions::EXCEPTIONS;
use crate::sight::{Ask, Subject};
use crate::text::excerpt;

use super::selection::{Meant, select};

#[inline(never)] // what a gate does not ask for need not be compiled for it
pub(crate) fn plan(ask: &Ask<'_>, subject: Subject<'_>, globs: &[String], past: bool) -> Result<Answer, Error> {
    check_selection(globs, ask.budget)?;
    let mut entries = list(ask, subject, &|_| false)?;
    let gone = if past { unlisted(ask, subject, &entries)? } else { Set::new() };
    entries.extend(gone.iter().map(|name| Entry {
        environment: EnvironmentDocument { name: name.clone().into(), ..EnvironmentDocument::default() },
        problem: None,
    }));
    order::sort_by(&mut entries, |a, b| a.environment.name.cmp(&b.environment.name));
    let meant = select(&entries, globs, ask.budget)?;
    let warnings = unlisted_members(&meant);
    let past = |selected: &Selected| gone.contains(&selected.environment).then_some(true);
    let selected: Vec<_> =
        meant.into_iter().map(|one| Selected { past: past(&one.selected), ..one.selected }).collect();
    let logical = selected.iter().filter(|one| one.members.is_some()).count();
    let summary = match (selected.len(), logical) {
        (1, _) => format!("1 environment: {}", excerpt(&selected[0].environment)),
        (count, 0) => format!("{count} environments"),
        (count, logical) => format!("{count} environments, {logical} of them logical"),
    };
    Ok(Answer {
        summary,
        warnings,
        selected: Some(selected),
        action: Some(ask.action.clone()),
        ..Answer::new(Decision::Proceed, Reason::Selected)
    })
}

/// The environments that have a flow of records, and that the list does not have.
fn unlisted(ask: &Ask<'_>, subject: Subject<'_>, listed: &[Entry<'_>]) -> Result<Set<String>, Error> {
    let look = document(subject.look(ReadName::Flows), &|_| false).read(flows::names);
    let names = match look {
        Look::Found(names) => names,
        Look::NotYet => return Err(Error::NotObserved { environment: "kosli list flows".to_owned() }),
        Look::Missing(detail) | Look::Failed(detail) => return Err(Error::UnreadableFlows { detail }),
    };
    let listed = order::set(listed.iter().map(|entry| &*entry.environment.name));
    let flows = order::set(names.iter().map(String::as_str));
    let of = |flow: &str| ask.settings.environment_of(flow).map(|environment| environment.to_string());
    // `freezes-of-prod-exceptions` is of prod's exceptions, and not of an environment `prod-exceptions`.
    let is_of_exceptions = |flow: &str| {
        let records = flow.strip_suffix(EXCEPTIONS);
        records.is_some_and(|flow| flows.contains(flow) || of(flow).is_some_and(|name| listed.contains(&*name)))
    };
    let recorded = names.iter().filter(|flow| !is_of_exceptions(flow)).filter_map(|flow| of(flow));
    Ok(order::set(recorded.filter(|environment| !listed.contains(environment.as_str()))))
}

/// Kosli's list, whole or not at all.
pub(super) fn list<'c>(
    ask: &Ask<'_>,
    subject: Subject<'c>,
    wants_tag: &dyn Fn(&str) -> bool,
) -> Result<Vec<Entry<'c>>, Error> {
    let org = ask.settings.org.as_ref().map(OrgName::as_str);
    let form = Document { tag: ask.settings.tag.as_str(), wants_tag };
    let look =
        document(subject.look(ReadName::Environments), &|_| false).read(|text| environments::read(text, org, form));
    match look {
        Look::Found(entries) => Ok(entries),
        Look::NotYet => Err(Error::NotObserved { environment: "kosli list env".to_owned() }),
        Look::Missing(detail) | Look::Failed(detail) => Err(Error::UnreadableEnvironments { detail }),
    }
}

/// Members that the list does not have: archived, renamed, or of a list that is not whole. Each is asked for by its
/// name, and Kosli's answer counts.
pub(super) fn unlisted_members(meant: &[Meant<'_>]) -> Vec<Warning> {
    let unlisted = meant.iter().filter(|one| one.entry.is_none());
    let warn = |Meant { selected: one, .. }: &Meant<'_>| {
        let text = format!(
            "`{}`, a member of `{}`, is not in Kosli's list: was it archived, or renamed?",
            excerpt(&one.environment),
            excerpt(one.of.first().map_or("?", String::as_str)),
        );
        Warning::new(WarningCode::UnlistedMember, text)
    };
    unlisted.map(warn).collect()
}
