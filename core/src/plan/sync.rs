//! `sync`: mends what crashes, expiry and foreign hands have left, and puts windows on record. Idempotent; made for
//! a cron job.

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use crate::answer::{Answer, Shown, State, Warning};
use crate::call::Action;
use crate::codes::{Reason, WarningCode};
use crate::error::Error;
use crate::freeze::{Freeze, GRACE};
use crate::kosli::documents::flag::Words;
use crate::kosli::documents::look::Look;
use crate::kosli::documents::record::Record;
use crate::kosli::id;
use crate::kosli::name::TrailName;
use crate::order::{self, Map, Set};
use crate::runs::{Known, Runs, Wanted};
use crate::sight::{Sight, clock};
use crate::{time, wording};

use super::on::{is_said, raises};
use super::work::{Annotations, TagChange, Work};

#[inline(never)] // what a gate does not ask for need not be compiled for it
pub(super) fn plan(sight: &Sight<'_>) -> Result<Answer, Error> {
    let mut work = Work::on(sight)?;
    clock::check(sight.ask, sight.subject, &work.freezes)?;
    let now = sight.ask.now;
    let runs = Runs::of(sight)?;
    let recorded = Recorded::of(&work, &runs)?;
    let freezes = work.freezes.clone();
    // A document alone is a plan for once: it says the whole of it.
    let is_alone = sight.listing == Look::NotYet;
    let is_due = |freeze: &&Freeze<'_>| {
        let has_expired = freeze.state(now) == State::Expired;
        let is_over = has_expired && (is_alone || freeze.until(now).at().is_some_and(|until| until + GRACE < now));
        let is_dropped = || freeze.is_open(now) && runs.owns_freezes() && has_dropped(&runs, freeze);
        !recorded.contains_key(&*freeze.id) && (is_over || is_dropped())
    };
    let (due, staying): (Vec<_>, Vec<_>) = freezes.iter().partition(is_due);
    let open: Vec<_> = staying.into_iter().filter(|freeze| freeze.is_open(now)).collect();
    let change = tags(&work, &open, &due, &recorded)?;
    write(&mut work, change, &open, &due, &recorded);

    let as_recorded = recorded.values().map(|occurrence| &occurrence.freeze);
    let others = freezes.iter().filter(|freeze| !recorded.contains_key(&*freeze.id));
    let mut shown: Vec<_> = others.chain(as_recorded).cloned().collect();
    order::sort_by(&mut shown, |a, b| a.age().cmp(&b.age()));
    let due = order::set(due.iter().map(|freeze| &*freeze.id));
    let mut kept = kept(&work, &runs);
    let policy = runs.applied(sight);
    let environment = sight.environment()?;
    kept.extend(environment.doubt().map(|doubt| Warning::new(WarningCode::NoId, doubt.to_string())));
    let for_members = environment.members.is_some().then(|| for_members(&work, &shown, &due));
    Ok(Answer { policy, for_members, ..answer(work, &shown, &due, kept, &runs) })
}

/// Whoever has joined since a logical environment was frozen is frozen, too, under the same id; where that has been
/// lifted it stays so. Windows are for each environment by its own name.
fn for_members(work: &Work<'_>, freezes: &[Freeze<'_>], due: &Set<&str>) -> Vec<Action> {
    let now = work.sight.ask.now;
    let is_meant = |freeze: &&Freeze<'_>| {
        freeze.is_open(now) && freeze.has_trail && freeze.window().is_none() && !due.contains(&*freeze.id)
    };
    let on = |freeze: &Freeze<'_>| {
        let Words { by, reason, until } = freeze.words(now);
        Action::On {
            reason: reason.map_or_else(|| format!("frozen with {}", work.environment()), Cow::into_owned),
            by: by.map(Cow::into_owned),
            until: until.at().map(time::rfc3339),
            id: Some(freeze.id.to_string()),
            // What passes is for the holder to say, on each member's own record.
            except: None,
        }
    };
    freezes.iter().filter(is_meant).map(on).collect()
}

/// The policy has this window, and says that its freeze is over: it was moved, shortened or suspended. Of a window
/// that the policy does not have nothing is known.
fn has_dropped(runs: &Runs, freeze: &Freeze<'_>) -> bool {
    runs.window_of(freeze).is_some()
}

/// What a policy without a name leaves on record although it opens earlier.
fn kept(work: &Work<'_>, runs: &Runs) -> Vec<Warning> {
    let now = work.sight.ask.now;
    let is_kept = |freeze: &&Freeze<'_>| {
        let Some(window) = runs.window_of(freeze).filter(|_| freeze.is_open(now) && !runs.owns_freezes()) else {
            return false;
        };
        !(runs.is_active(window) || runs.closes(window, freeze)) || runs.until().ends_before(freeze.until(now))
    };
    let kept = work.freezes.iter().filter(is_kept);
    kept.map(|freeze| wording::kept(work.environment(), freeze)).collect()
}

/// Flags and signal as they should be.
fn tags(
    work: &Work<'_>,
    open: &[&Freeze<'_>],
    due: &[&Freeze<'_>],
    recorded: &Map<String, Recorded>,
) -> Result<TagChange, Error> {
    let mut change = TagChange::default();
    let now = work.sight.ask.now;
    let lacks_flag = |freeze: &&&Freeze<'_>| freeze.flag.is_none() && freeze.has_trail || freeze.flag_is_stale(now);
    for freeze in open.iter().filter(lacks_flag) {
        work.raise(&mut change, &freeze.id, &freeze.words(now))?;
    }
    for occurrence in recorded.values().filter(|occurrence| occurrence.raises) {
        work.raise(&mut change, &occurrence.freeze.id, &occurrence.words)?;
    }
    for freeze in due {
        work.lower(&mut change, freeze)?;
    }
    work.lower_ended(&mut change)?;
    let others = open.iter().filter(|freeze| !recorded.contains_key(&*freeze.id)).map(|freeze| &*freeze.id);
    let ids: Vec<_> = others.chain(recorded.keys().map(String::as_str)).collect();
    work.mend_signal(&mut change, &ids);
    Ok(change)
}

/// The alarm goes up first and comes down last; in between the records are written.
fn write(
    work: &mut Work<'_>,
    change: TagChange,
    open: &[&Freeze<'_>],
    due: &[&Freeze<'_>],
    recorded: &Map<String, Recorded<'_>>,
) {
    let half: Vec<_> =
        open.iter().filter(|freeze| freeze.is_half_begun() && !recorded.contains_key(&*freeze.id)).collect();
    let unsaid: Vec<_> = recorded.values().filter(|occurrence| !occurrence.is_said).collect();
    let writes_records = !due.is_empty() || !half.is_empty() || !unsaid.is_empty();
    let (up, down) = if writes_records { change.split() } else { (change, TagChange::default()) };
    work.tag(up);
    for freeze in half {
        complete(work, freeze);
    }
    for Recorded { freeze, name, words, .. } in unsaid {
        work.attest_on(name, &freeze.record, words, None, true);
    }
    for freeze in due {
        end(work, freeze);
    }
    work.tag(down);
}

/// A freeze of a window that must be on record, and what of it is not yet.
struct Recorded<'r> {
    name: TrailName,
    words: Words<'r>,
    /// As it stands once that is done.
    freeze: Freeze<'r>,
    is_said: bool,
    raises: bool,
}

impl<'r> Recorded<'r> {
    /// The windows that are active, and those that have passed while the policy has not opened since: their freezes
    /// last as long.
    fn of(work: &Work<'r>, runs: &'r Runs<'_>) -> Result<Map<String, Self>, Error> {
        let now = work.sight.ask.now;
        let known = Known::of(work.sight, &work.freezes);
        let mut recorded = Map::new();
        let mut add = |one: Self| _ = recorded.or_insert(one.freeze.id.to_string(), one);
        let mut taken = Set::new();
        for window in runs.active() {
            match runs.wanted(window, work.sight, &known, &taken)? {
                None | Some(Wanted::Lifted) => {}
                Some(Wanted::Standing(freeze)) => {
                    Self::standing(runs, window, freeze, now).into_iter().for_each(&mut add);
                }
                Some(Wanted::New(name)) => {
                    taken.insert(name.clone());
                    add(Self::new(name, runs.words(window, runs.until())));
                }
            }
        }
        for freeze in work.freezes.iter().filter(|freeze| freeze.is_open(now)) {
            let Some(window) = runs.window_of(freeze).filter(|&window| !runs.is_active(window)) else { continue };
            if runs.closes(window, freeze) {
                Self::standing(runs, window, freeze.clone(), now).into_iter().for_each(&mut add);
            }
        }
        Ok(recorded)
    }

    fn new(name: TrailName, words: Words<'r>) -> Self {
        let freeze = Freeze {
            id: name.to_string().into(),
            stamp: id::since(name.as_str()),
            has_trail: true,
            flag: Some(words.clone()),
            signal: false,
            record: Look::Found(Record::Missing),
            ons: Look::NotYet,
        };
        Self { name, words, freeze, is_said: false, raises: true }
    }

    /// A freeze that stands as the policy has it; `None` if it is to stay as it is.
    fn standing(runs: &'r Runs<'_>, window: usize, freeze: Freeze<'r>, now: DateTime<Utc>) -> Option<Self> {
        let name = freeze.trail()?;
        let until = runs.until();
        let words = runs.words(window, until);
        // Of one that another policy without a name may have put on record the later end counts, and any of its reasons.
        let is_shared = !runs.owns_freezes();
        let stands_until = freeze.until(now);
        if is_shared && stands_until != until && !stands_until.ends_before(until) {
            return None;
        }
        let any = is_shared && stands_until == until;
        let is_said = is_said(&freeze, &words, None, any);
        let raises = raises(&freeze, &words, is_said, any);
        let freeze = Freeze { flag: Some(words.clone()), ..freeze };
        Some(Self { name, words, freeze, is_said, raises })
    }
}

/// Puts a freeze that only its tags show on record, in its holder's place.
fn complete(work: &mut Work<'_>, freeze: &Freeze<'_>) {
    let Some(trail) = freeze.trail() else { return };
    let words = freeze.words(work.sight.ask.now);
    work.attest_on(&trail, &freeze.record, &words, None, true);
}

/// Ends what has expired, and what the policy has dropped.
fn end(work: &mut Work<'_>, freeze: &Freeze<'_>) {
    let now = work.sight.ask.now;
    let Words { until, .. } = freeze.words(now);
    let mut annotations = Annotations::new();
    annotations.insert("recorded_by", "sync".to_owned());
    let reason = until.at().map(|until| {
        annotations.insert("until", time::rfc3339(until));
        format!("expired at {}", time::human(until))
    });
    let reason = if freeze.is_open(now) { Some("the policy's window was changed".to_owned()) } else { reason };
    work.attest_off(freeze, reason.as_deref(), annotations);
}

fn answer(work: Work<'_>, freezes: &[Freeze<'_>], due: &Set<&str>, kept: Vec<Warning>, runs: &Runs) -> Answer {
    let now = work.sight.ask.now;
    let environment = work.environment();
    let is_due = |freeze: &Freeze<'_>| due.contains(&*freeze.id);
    let shown_after = |freeze: &Freeze<'_>| match freeze.shown(now) {
        shown if is_due(freeze) => Shown { state: State::Ended, ..shown },
        shown => shown,
    };
    let shown = freezes.iter().map(shown_after).collect();
    let holding: Vec<_> = freezes.iter().filter(|freeze| freeze.is_open(now) && !is_due(freeze)).collect();
    let state = if !holding.is_empty() {
        wording::frozen(environment, &holding, now)
    } else if runs.is_closed() {
        let until = runs.until().at().map_or_else(String::new, |until| format!(" until {}", time::human(until)));
        format!("{environment} is not frozen, but the policy closes it{until}")
    } else {
        format!("{environment} is not frozen")
    };
    let (reason, summary) = if work.has_commands() {
        (Reason::Mending, format!("updating the tags and records of {environment}; {state}"))
    } else {
        (Reason::InOrder, format!("tags and records of {environment} are in order; {state}"))
    };
    let tag = work.sight.ask.settings.tag.as_str();
    let left: Vec<_> = freezes.iter().filter(|freeze| !is_due(freeze)).cloned().collect();
    let stays = |code| matches!(code, WarningCode::NoId | WarningCode::Expired);
    let mut warnings = wording::warnings(environment, tag, &left, now);
    warnings.retain(|warning| !work.has_commands() || stays(warning.code));
    warnings.extend(kept);
    let action = work.sight.ask.action.clone();
    work.proceed(reason, summary, None, shown, warnings, action)
}
