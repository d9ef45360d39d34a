//! What was deployed while something was closed: what has started, less what has only started again.

use crate::answer::{Label, PastDeployment};
use crate::call::Period;
use crate::change::Change;
use crate::kosli::documents::attested::Attested;
use crate::kosli::documents::events::Event;
use crate::kosli::documents::snapshot::Artifact;
use crate::kosli::exception_id::ExceptionId;
use crate::order;
use crate::time::{DAY, rfc3339_of};

use super::freezes::{at_of, https, whole};
use super::notes::{Closed, Notes, Pass, Running, Seen};

/// How far before the first freeze is looked, for what ran already.
const BEFORE: i64 = 3600;
/// A time without freezes that is shorter than this is read through: it costs less than another page.
const GAP: i64 = DAY;
/// Trails of one deployment that are asked for a verdict.
const MOST_ASKED: usize = 3;

/// The times in which to look for what has happened, the earliest first: each with the hour before it.
pub(super) fn stretches(notes: &Notes) -> Vec<Period> {
    if !notes.deployments || notes.gone {
        return Vec::new();
    }
    let mut held: Vec<_> = notes.lists.freezes.iter().filter_map(|freeze| freeze.within(notes.period)).collect();
    order::sort_by(&mut held, |a, b| (a.from, a.to).cmp(&(b.from, b.to)));
    let mut stretches: Vec<Period> = Vec::new();
    for Period { from, to } in held {
        // What has not changed since then has started nothing.
        if notes.changed.is_some_and(|changed| changed < from) {
            continue;
        }
        let next = Period { from: (from - BEFORE).max(1), to: (to + notes.delay).min(notes.period.to) };
        match stretches.last_mut() {
            Some(last) if next.from <= last.to + GAP => last.to = last.to.max(next.to),
            _ => stretches.push(next),
        }
    }
    stretches
}

/// Takes what has happened, in its order; what has started, and may be a deployment, waits for its snapshot.
pub(super) fn take(notes: &mut Notes, event: &Event) {
    let at = whole(event.at);
    let keys = keys(event);
    if !event.is_start() {
        // What is seen to run, or to stop, ran already; whether it ran last, a snapshot tells.
        for key in keys {
            if !notes.lists.running.contains_key(&key) {
                notes.lists.running.insert(key, Running { fingerprint: event.fingerprint.clone(), has_started: false });
            }
        }
        return;
    }
    let known: Vec<_> = keys.iter().filter_map(|key| notes.lists.running.get(key)).collect();
    let is_same = !known.is_empty() && known.iter().all(|running| running.fingerprint == event.fingerprint);
    let has_started = known.iter().any(|running| running.has_started);
    for key in keys {
        let running = Running { fingerprint: event.fingerprint.clone(), has_started: true };
        notes.lists.running.insert(key, running);
    }
    let is_restart = is_same && has_started;
    let in_period = notes.period.from <= at && at < notes.period.to;
    let may_count = notes.lists.freezes.iter().any(|freeze| touches(freeze, at - notes.delay, at));
    if is_restart || !in_period || !may_count {
        return;
    }
    notes.lists.waiting.push(Seen {
        at,
        fingerprint: event.fingerprint.clone(),
        artifact: event.artifact.clone(),
        flow: event.flow.clone(),
        commit: event.commit.clone(),
        snapshot: event.snapshot,
        compliant: event.compliant,
        url: event.url.as_deref().and_then(https),
        may_be_restart: is_same,
        ..Seen::default()
    });
}

/// What replaces each other: images of one name, and what one flow builds under the last part of that name. A file's name may have
/// its version in it, so the flow tells.
fn keys(event: &Event) -> Vec<String> {
    let (name, is_image) = untagged(event.artifact.as_deref().unwrap_or_default());
    let mut keys = vec![format!("={name}")];
    if let Some(flow) = &event.flow {
        let last = if is_image { name.rsplit('/').next().unwrap_or_default() } else { "" };
        keys.push(format!("{flow} {last}"));
    }
    keys
}

/// `registry:5000/runner` of `registry:5000/runner:85cac88@sha256:…`, and whether there was a tag or a digest.
fn untagged(name: &str) -> (&str, bool) {
    let (image, has_digest) = name.split_once('@').map_or((name, false), |(image, _)| (image, true));
    match image.rsplit_once(':') {
        Some((image, tag)) if !tag.contains('/') => (image, true),
        _ => (image, has_digest),
    }
}

/// What its snapshot says of something that has started; `None` if it has only started again.
pub(super) fn look(mut seen: Seen, artifacts: &[Option<Artifact>], by_files: bool) -> Option<Seen> {
    let Some(artifact) = artifacts.iter().flatten().find(|one| one.fingerprint == seen.fingerprint) else {
        seen.asks = Some(Vec::new());
        return Some(seen);
    };
    let event = |name: Option<&String>, flow: Option<&String>| {
        let (artifact, flow) = (name.cloned(), flow.cloned());
        Event {
            artifact,
            flow,
            kind: String::new(),
            at: 0.0,
            fingerprint: String::new(),
            snapshot: None,
            compliant: None,
            commit: None,
            url: None,
        }
    };
    let own = keys(&event(seen.artifact.as_ref(), seen.flow.as_ref()));
    let replaces = |other: &&Artifact| {
        let others = keys(&event(other.name.as_ref(), other.flow.as_ref()));
        other.ran && other.fingerprint != seen.fingerprint && others.iter().any(|key| own.contains(key))
    };
    if seen.may_be_restart {
        let is_rollback = artifacts.iter().flatten().any(|other| replaces(&other));
        // It ran before, and nothing else of its kind did.
        if !is_rollback && artifacts.iter().all(Option::is_some) {
            return None;
        }
        seen.may_be_restart = !is_rollback;
    }
    let started_at = artifact.started_at.filter(|_| !by_files).map(whole);
    seen.started_at = started_at.map(|started| started.min(seen.at));
    seen.flow = seen.flow.or_else(|| artifact.flow.clone());
    seen.artifact = seen.artifact.or_else(|| artifact.name.clone());
    seen.commit = artifact.commit.clone().or(seen.commit);
    seen.author.clone_from(&artifact.author);
    let of_flow = artifact.trails.iter().find(|(flow, _)| Some(flow) == seen.flow.as_ref());
    seen.trail = of_flow.or(artifact.trails.first()).map(|(_, trail)| trail.clone());
    seen.asks = Some(artifact.trails.iter().take(MOST_ASKED).cloned().collect());
    Some(seen)
}

/// What explains it, as far as the freezes tell; `None` if nothing was closed.
pub(super) fn judge(seen: &Seen, notes: &Notes) -> Option<PastDeployment> {
    let holding =
        |from, to| notes.lists.freezes.iter().enumerate().filter(move |(_, freeze)| touches(freeze, from, to));
    let (from, to) = seen.started_at.map_or((seen.at - notes.delay, seen.at), |started| (started, started));
    let held: Vec<_> = holding(from, to).collect();
    let (label, why, held) = if covers(&held, from, to) {
        (Label::Unexplained, None, held)
    } else if seen.started_at.is_some_and(|started| started < seen.at - notes.delay) {
        // A reporter that works would have told it sooner: the time may be another's, as of a pod whose image was changed in place.
        (Label::Uncertain, Some(LATE), holding(seen.at - notes.delay, seen.at).collect())
    } else if seen.started_at.is_some() {
        (Label::Before, None, holding(seen.at, seen.at).collect())
    } else {
        (Label::Uncertain, Some(EDGE), held)
    };
    if held.is_empty() {
        return None;
    }
    let (label, why) = match label {
        Label::Unexplained if seen.may_be_restart => (Label::Uncertain, Some(RESTART)),
        label => (label, why),
    };
    let ids: Vec<_> = held.iter().map(|(_, freeze)| freeze.id.clone()).collect();
    let freezes: Vec<_> = held.iter().map(|(at, _)| *at).collect();
    let pass =
        notes.lists.passes.iter().filter(|pass| freezes.contains(&pass.freeze)).find(|pass| lets(pass, seen, notes));
    let pass = pass.filter(|_| label != Label::Before);
    let (label, why) = if pass.is_some() { (Label::Excepted, None) } else { (label, why) };
    Some(PastDeployment {
        at: rfc3339_of(seen.at)?,
        started_at: seen.started_at.and_then(rfc3339_of),
        artifact: seen.artifact.clone(),
        fingerprint: seen.fingerprint.clone(),
        flow: seen.flow.clone(),
        trail: seen.trail.clone(),
        commit: seen.commit.clone(),
        author: seen.author.clone(),
        snapshot: seen.snapshot,
        compliant: seen.compliant,
        label,
        why,
        freezes: ids,
        exception: pass.map(|pass| pass.exception.clone()),
        run: pass.and_then(|pass| pass.run.clone()),
        url: seen.url.clone(),
    })
}

const EDGE: &str = "it was reported shortly after a freeze began or ended, and Kosli does not tell when it started";
const LATE: &str = "Kosli says that it started before the freeze, but it was reported much later than that";
const RESTART: &str = "it may have been running before: its snapshot could not all be read";

/// It held at some second from one to another, both of them included.
fn touches(freeze: &Closed, from: i64, to: i64) -> bool {
    freeze.from <= to && from < freeze.to && freeze.from < freeze.to
}

/// Together they held all the time.
fn covers(held: &[(usize, &Closed)], from: i64, to: i64) -> bool {
    let mut from = from;
    loop {
        let until = held.iter().filter(|(_, one)| touches(one, from, from)).map(|(_, one)| one.to).max();
        match until {
            Some(until) if until > to => return true,
            Some(until) => from = until,
            None => return false,
        }
    }
}

/// The pass is for this change, and it started between the pass and the exception's end.
fn lets(pass: &Pass, seen: &Seen, notes: &Notes) -> bool {
    let Some(change) = pass.change.as_deref().and_then(Change::from_query) else { return false };
    let late = if seen.started_at.is_some() { 0 } else { notes.delay };
    let started = seen.started_at.unwrap_or(seen.at);
    let ends = |id: &str| ExceptionId::read(id).map(|id| id.end.timestamp());
    let in_time = pass.exception.split(',').filter_map(ends).any(|end| started < end + late);
    let commit = change.get("commit").zip(seen.commit.as_deref()).is_some_and(|(said, is)| is_commit(said, is));
    let print = change.get("fingerprint").is_some_and(|said| {
        let said = said.trim().strip_prefix("sha256:").unwrap_or(said.trim());
        said.eq_ignore_ascii_case(&seen.fingerprint)
    });
    pass.at <= started && in_time && (commit || print)
}

/// Either may be cut short, to seven digits at the least.
fn is_commit(one: &str, other: &str) -> bool {
    let (one, other) = (one.trim().to_ascii_lowercase(), other.trim().to_ascii_lowercase());
    let is_digits = |text: &str| text.len() >= 7 && text.bytes().all(|b| b.is_ascii_hexdigit());
    one == other || (is_digits(&one) && is_digits(&other) && (one.starts_with(&other) || other.starts_with(&one)))
}

/// A verdict on the deployment's own trail that let it pass, given while what held did.
pub(super) fn verdict<'v>(verdicts: &'v [Attested], seen: &Seen, notes: &Notes) -> Option<&'v Attested> {
    let (from, to) = seen.started_at.map_or((seen.at - notes.delay, seen.at), |started| (started, started));
    let held = notes.lists.freezes.iter().filter(|freeze| touches(freeze, from, to));
    let begun = held.map(|freeze| freeze.from).min()?;
    verdicts.iter().rfind(|one| one.is_compliant == Some(true) && (begun..=to).contains(&at_of(one)))
}

#[cfg(test)]
mod tests {
    use super::{is_commit, untagged};

    #[test]
    fn a_name_without_its_tag() {
        for (name, image) in [
            ("runner", ("runner", false)),
            ("runner:85cac88", ("runner", true)),
            ("registry:5000/runner", ("registry:5000/runner", false)),
            ("registry:5000/a/runner:1@sha256:f3", ("registry:5000/a/runner", true)),
            ("registry/runner@sha256:f3", ("registry/runner", true)),
            ("/srv/app-1.2.jar", ("/srv/app-1.2.jar", false)),
        ] {
            assert_eq!(untagged(name), image, "{name}");
        }
    }

    #[test]
    fn a_commit_may_be_cut_short() {
        let commit = "85cac880cb74678426eb2ed4dbf2538995404c5c";
        for (said, is) in [(commit, true), ("85cac88", true), ("85CAC880", true), ("85cac8", false), ("85cac89", false)]
        {
            assert_eq!(is_commit(said, commit), is, "{said}");
        }
    }
}
