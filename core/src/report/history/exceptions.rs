//! One exception, as its record and the freezes' records tell it.

use std::ptr;

use crate::answer::{PastApproval, PastClaim, PastException, PastExceptionState, PastRevocation};
use crate::budget::Budget;
use crate::change::{Change, Use};
use crate::exception::uses;
use crate::kosli::documents::attested::Attested;
use crate::kosli::documents::exception::{Asked, approved_in, asked_in};
use crate::kosli::exception_id::ExceptionId;
use crate::order::Set;
use crate::policy::Approvals;
use crate::time::{rfc3339, rfc3339_of};

use super::freezes::{at_of, change, https};
use super::notes::{Notes, Pass, Pending};

/// What its trail has, in the log's order.
pub(super) struct Record {
    pub(super) asked: Vec<Attested>,
    pub(super) approved: Vec<Attested>,
    pub(super) revoked: Vec<Attested>,
    pub(super) claimed: Vec<Attested>,
}

/// Tells it; an error says why its request could not be read.
pub(super) fn tell(
    id: &ExceptionId,
    trail: &Pending,
    record: Record,
    notes: &Notes,
    budget: &Budget,
) -> (PastException, Option<String>) {
    let Record { asked, approved, revoked, claimed } = record;
    let [is_asked, _, is_revoked, _] = trail.has;
    let first = asked.into_iter().next();
    let asked_at = first.as_ref().map(at_of);
    let (asked, problem) = match request(id, first, is_asked) {
        Ok(asked) => (asked, None),
        Err(problem) => (None, Some(problem)),
    };
    let rules = Approvals::default();
    let approvals = approvals(asked.as_ref(), &approved, &rules, budget);
    let (claims, is_overused) = claims(asked.as_ref(), &claimed, trail, notes);
    let needed = asked.as_ref().map(|asked| asked.needed(&rules));
    let counted = approvals.iter().filter(|approval| approval.counts).map(|_| 1).sum::<u64>();
    let used = claims.iter().filter(|claim| claim.is_new).map(|_| 1).sum::<u64>();
    let has_ended = id.end.timestamp() <= notes.now;
    let state = match &asked {
        _ if problem.is_some() => PastExceptionState::Unreadable,
        None => PastExceptionState::Cut,
        Some(_) if is_revoked => PastExceptionState::Revoked,
        Some(asked) if used >= asked.uses => PastExceptionState::Used,
        Some(_) if has_ended && Some(counted) < needed => PastExceptionState::Lapsed,
        Some(_) if has_ended => PastExceptionState::Expired,
        Some(_) if Some(counted) < needed => PastExceptionState::Pending,
        Some(_) => PastExceptionState::Approved,
    };
    let mut told = Vec::new();
    told.extend(is_overused.then_some("overused"));
    let is_unused = claims.is_empty() && !trail.has[3] && asked.is_some() && (has_ended || is_revoked);
    told.extend(is_unused.then_some("unused"));
    let asked = asked.as_ref();
    let exception = PastException {
        id: trail.name.clone(),
        asked_at: asked_at.and_then(rfc3339_of),
        from: rfc3339(id.begin),
        until: rfc3339(id.end),
        by: asked.and_then(|asked| asked.by.clone()).or_else(|| id.holder().map(str::to_owned)),
        reported_by: asked.and_then(|asked| asked.reported_by.clone()),
        reason: asked.and_then(|asked| asked.reason.clone()),
        change: asked.map(|asked| asked.matching.clone()),
        freezes: asked.map(|asked| asked.freezes.clone()).unwrap_or_default(),
        windows: asked.map(|asked| asked.windows.clone()).unwrap_or_default(),
        approvals,
        needed,
        revoked: is_revoked.then(|| revocation(revoked.first())),
        uses: asked.map(|asked| asked.uses),
        claims: claims.into_iter().map(|claim| claim.told).collect(),
        state,
        notes: told,
        url: trail.url.as_deref().and_then(https),
    };
    (exception, problem)
}

fn request(id: &ExceptionId, first: Option<Attested>, is_asked: bool) -> Result<Option<Asked>, String> {
    match first.map(asked_in) {
        Some(Ok(asked)) if !id.names(asked.by.as_deref()) => {
            Err("its name says that somebody else has asked for it".to_owned())
        }
        Some(read) => read.map(Some),
        None if is_asked => Err("its request could not be read".to_owned()),
        None => Ok(None),
    }
}

fn revocation(first: Option<&Attested>) -> PastRevocation {
    PastRevocation {
        at: first.map(at_of).and_then(rfc3339_of),
        by: first.and_then(|one| one.by.clone()),
        reported_by: first.and_then(|one| one.reported_by.clone()),
        reason: first.and_then(|one| one.description.clone()),
    }
}

fn approvals(asked: Option<&Asked>, all: &[Attested], rules: &Approvals, budget: &Budget) -> Vec<PastApproval> {
    let read: Vec<_> = all.iter().map(approved_in).collect();
    let counted = asked.map(|asked| asked.counted(&read, rules, budget)).unwrap_or_default();
    let counts = |at: usize| counted.iter().any(|one| ptr::eq(*one, &raw const read[at]));
    let told = |(at, one): (usize, &Attested)| PastApproval {
        at: rfc3339_of(at_of(one)).unwrap_or_default(),
        by: one.by.clone(),
        reported_by: one.reported_by.clone(),
        reason: one.description.clone(),
        counts: counts(at),
    };
    all.iter().enumerate().map(told).collect()
}

struct Claimed {
    told: PastClaim,
    /// The first claim of its use.
    is_new: bool,
}

/// Who has claimed it, and whether more have passed than may.
fn claims(asked: Option<&Asked>, all: &[Attested], trail: &Pending, notes: &Notes) -> (Vec<Claimed>, bool) {
    let read: Vec<Option<Use>> = all.iter().map(Attested::used).collect();
    let most = asked.map_or(0, |asked| usize::try_from(asked.uses).unwrap_or(usize::MAX));
    let first: Vec<_> = uses(&read).into_iter().take(most).collect();
    let has_it = |used: &Use| first.contains(&Some(used));
    let mut seen = Set::new();
    let mut unread = first.iter().filter(|used| used.is_none()).count();
    let mut claims = Vec::new();
    for (one, used) in all.iter().zip(&read) {
        let counts = match used {
            Some(used) => has_it(used),
            // One that cannot be read is a use of nobody, and counts all the same.
            None => unread > 0,
        };
        unread -= usize::from(used.is_none() && unread > 0);
        let is_new = used.as_ref().is_none_or(|used| seen.insert(used));
        let told = PastClaim {
            at: rfc3339_of(at_of(one)).unwrap_or_default(),
            run: one.run.clone(),
            change: change(one),
            reported_by: one.reported_by.clone(),
            counts,
        };
        claims.push(Claimed { told, is_new });
    }
    let passes = notes.lists.passes.iter().filter(|pass| pass.exception == trail.name);
    let is_overused = asked.is_some() && passes.map(use_of).any(|used| !used.is_some_and(|used| has_it(&used)));
    (claims, is_overused)
}

fn use_of(pass: &Pass) -> Option<Use> {
    Some(Use { run: pass.run.clone()?, change: Change::from_query(pass.change.as_deref()?)? })
}
