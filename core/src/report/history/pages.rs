//! What the lists of trails say, and the attestations on them.

use serde_json::value::RawValue;

use crate::error::Error;
use crate::kosli::command::REFUSED;
use crate::kosli::documents::attested::Attested;
use crate::kosli::documents::exception::{APPROVED, CLAIMED, EXCEPTION, PASSED, REVOKED};
use crate::kosli::documents::look::{Look, document};
use crate::kosli::documents::record::{Listed, OFF, ON, entries, listed};
use crate::kosli::exception_id::ExceptionId;
use crate::kosli::id;
use crate::kosli::name::{FlowName, TrailName};
use crate::kosli::target::Target;
use crate::text::object;

use super::freezes::{at_of, whole};
use super::notes::{Notes, Pending, Stage};
use super::reading::{RECORD, REQUEST, Reading, each};
use super::{exceptions, freezes};

impl Reading<'_> {
    pub(super) fn take_list(&mut self, targets: Vec<Target>) -> Result<(), Error> {
        for target in targets {
            if let Target::Trails { flow, page } | Target::Exceptions { flow, page } = &target {
                let pages = self.take_page(&target, flow, *page)?;
                self.notes.page = (*page < pages).then_some(page + 1);
            }
        }
        self.notes.stage = if self.notes.stage == Stage::Trails { Stage::Records } else { Stage::Requests };
        Ok(())
    }

    /// Reads a page of trails, and tells how many there are.
    fn take_page(&mut self, target: &Target, flow: &FlowName, page: u64) -> Result<u64, Error> {
        let is_of_exceptions = self.notes.stage == Stage::Exceptions;
        let is_missing = |words: &str| page == 1 && words.contains(&format!("Flow named '{flow}' does not exist"));
        let raw = self.sight.subject.observed.get(&target.name());
        let failed = |detail| Error::UnreadableTrails { flow: flow.to_string(), detail };
        let (entries, pages) = match document(raw, &is_missing) {
            Look::Missing(_) => (Vec::new(), 0),
            Look::Found(text) => entries(text, page).map_err(failed)?,
            Look::Failed(detail) => return Err(failed(detail)),
            Look::NotYet => return Err(failed("nobody has looked at them yet".to_owned())),
        };
        if entries.is_empty() && page == 1 && self.notes.gone && !is_of_exceptions {
            self.sight.environment()?;
        }
        for (number, entry) in entries.iter().enumerate() {
            self.take_entry(entry, flow, &format!("page {page}, entry {}", number + 1));
        }
        Ok(pages)
    }

    fn take_entry(&mut self, entry: &RawValue, flow: &FlowName, place: &str) {
        let is_of_exceptions = self.notes.stage == Stage::Exceptions;
        let names = if is_of_exceptions { REQUEST } else { RECORD };
        let read = listed(entry.get(), flow.as_str(), &names).and_then(|listed| {
            let is_name = TrailName::new(&listed.name).is_ok();
            is_name.then_some(listed).ok_or_else(|| "its name is not a valid trail name".to_owned())
        });
        let pending = match read {
            Ok(listed) => Pending { is_probed: is_of_exceptions, ..pending(listed) },
            Err(detail) => {
                let name = object::name(entry.get()).unwrap_or_else(|_| place.to_owned());
                let what = if is_of_exceptions { "exception" } else { "trail" };
                return self.unreadable(what, name, &detail);
            }
        };
        let is_a_record = pending.has.contains(&true) || id::since(&pending.name).is_some();
        if self.notes.gone && !is_of_exceptions && !is_a_record {
            return; // the flow may be anybody's that is called so: one of builds, with thousands of them
        }
        if !is_of_exceptions {
            let [is_on, is_off, ..] = pending.has;
            // A word without a date whose record has ended was set again by hand.
            let is_on_record = is_on && !is_off || is_off && id::since(&pending.name).is_some();
            self.notes.lists.flags.retain(|flag| !is_on_record || *flag != pending.name);
        }
        let is_meant =
            if is_of_exceptions { may_be_told(&pending, &self.notes) } else { touches(&pending, &self.notes) };
        if is_meant && !self.notes.lists.pending.iter().any(|one| one.name == pending.name) {
            self.notes.lists.pending.push(pending);
        }
    }

    pub(super) fn take_batch(&mut self) -> Result<(), Error> {
        let batch = self.notes.batch().to_vec();
        self.notes.lists.pending.drain(..batch.len());
        let mut kept = Vec::new();
        for mut pending in batch {
            if pending.needs_probe() {
                let end = self.log(&pending, OFF, true)?.first().map(at_of);
                pending.is_probed = true;
                pending.ended_at = end;
                kept.extend(Some(pending).filter(|one| touches(one, &self.notes)));
            } else if self.notes.stage == Stage::Requests {
                self.take_exception(&pending)?;
            } else {
                self.take_freeze(&pending)?;
            }
        }
        self.notes.lists.pending.splice(..0, kept);
        Ok(())
    }

    fn take_freeze(&mut self, pending: &Pending) -> Result<(), Error> {
        let record = freezes::Record {
            ons: self.log(pending, ON, false)?,
            offs: self.log(pending, OFF, false)?,
            refused: self.log(pending, REFUSED, false)?,
            passed: self.log(pending, PASSED, false)?,
        };
        self.page.freezes.extend(freezes::tell(pending, &record, &mut self.notes));
        Ok(())
    }

    fn take_exception(&mut self, pending: &Pending) -> Result<(), Error> {
        let Some(id) = ExceptionId::read(&pending.name) else { return Ok(()) };
        let record = exceptions::Record {
            asked: self.log(pending, EXCEPTION, false)?,
            approved: self.log(pending, APPROVED, false)?,
            revoked: self.log(pending, REVOKED, false)?,
            claimed: self.log(pending, CLAIMED, false)?,
        };
        let (told, problem) = exceptions::tell(&id, pending, record, &self.notes, self.sight.ask.budget);
        if let Some(detail) = problem {
            self.unreadable("exception", pending.name.clone(), &detail);
        }
        self.notes.counts.overused += u64::from(told.notes.contains(&"overused"));
        self.notes.lists.exceptions.push(pending.name.clone());
        self.page.exceptions.push(told);
        Ok(())
    }

    /// The attestations of one name, if the list shows any. One that cannot be read is told, and leaves the others.
    fn log(&mut self, pending: &Pending, name: &'static str, is_probe: bool) -> Result<Vec<Attested>, Error> {
        let is_of_exceptions = self.notes.stage == Stage::Requests;
        let names = if is_of_exceptions { REQUEST } else { RECORD };
        if !names.iter().zip(pending.has).any(|(one, has)| *one == name && has) {
            return Ok(Vec::new());
        }
        let trail = TrailName::new(&pending.name)?;
        let flow = if is_of_exceptions { self.sight.exceptions_flow()? } else { self.sight.flow.clone() };
        let target = if is_of_exceptions {
            Target::ExceptionAttestation { flow: flow.clone(), trail, name }
        } else {
            Target::Attestation { flow: flow.clone(), trail, name }
        };
        let raw = self.sight.subject.observed.get(&target.name());
        let is_missing = |words: &str| words.contains("does not exist");
        let (log, problems) = match document(raw, &is_missing) {
            Look::Found(text) => each(text, name, flow.as_str(), &pending.name),
            Look::Missing(detail) => (Vec::new(), vec![detail]),
            Look::Failed(detail) => {
                return Err(Error::UnreadableAttestation { name, trail: pending.name.clone(), detail });
            }
            Look::NotYet => (Vec::new(), vec!["nobody has looked at it".to_owned()]),
        };
        for detail in problems.iter().filter(|_| !is_probe) {
            self.unreadable("attestation", format!("{}/{name}", pending.name), detail);
        }
        Ok(log)
    }
}

fn pending(listed: Listed) -> Pending {
    let Listed { name, created_at, url, attested } = listed;
    let size = attested.iter().flatten().map(|(count, _)| (*count).max(1)).sum();
    let has = [0, 1, 2, 3].map(|at| attested.get(at).is_some_and(Option::is_some));
    let ended_at = attested.get(1).copied().flatten().and_then(|(_, first)| first).map(whole);
    Pending { name, created_at: created_at.map(whole), ended_at, is_probed: false, has, size, url }
}

/// As far as the list tells, it began before the period's end and did not end before its beginning.
fn touches(pending: &Pending, notes: &Notes) -> bool {
    let id = id::since(&pending.name).map(|since| since.timestamp());
    let is_late =
        pending.created_at.is_some_and(|at| at >= notes.period.to) && id.is_none_or(|id| id >= notes.period.to);
    let ended_at = pending.ended_at.filter(|end| pending.may_have_ended(*end));
    let is_over = pending.has[1] && ended_at.is_some_and(|end| end < notes.period.from);
    !is_late && !is_over && !notes.lists.freezes.iter().any(|one| one.id == pending.name)
}

fn may_be_told(pending: &Pending, notes: &Notes) -> bool {
    let Some(id) = ExceptionId::read(&pending.name) else { return false };
    let touches = id.begin.timestamp() < notes.period.to && id.end.timestamp() > notes.period.from;
    touches && !notes.lists.exceptions.contains(&pending.name)
}
