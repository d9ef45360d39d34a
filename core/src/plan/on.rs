//! `on`: completes a freeze of the same holder, or begins a new one beside those of others.

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use crate::answer::{Answer, State};
use crate::call::Action;
use crate::change::Match;
use crate::codes::Reason;
use crate::error::Error;
use crate::freeze::Freeze;
use crate::kosli::documents::flag::{Until, Words};
use crate::kosli::documents::look::Look;
use crate::kosli::documents::record::{On, Record, latest};
use crate::kosli::id;
use crate::kosli::name::TrailName;
use crate::sight::{Sight, clock};
use crate::text::{excerpt, short};
use crate::{time, wording};

use super::work::{TagChange, Work, description};

#[inline(never)] // what a gate does not ask for need not be compiled for it
pub(super) fn plan(
    sight: &Sight<'_>,
    reason: &str,
    until: Option<&str>,
    id: Option<&str>,
    except: Option<&Match>,
) -> Result<Answer, Error> {
    let mut work = Work::on(sight)?;
    clock::check(sight.ask, sight.subject, &work.freezes)?;
    let by = sight.ask.action.by();
    let until = until.map_or(Until::Never, Until::read);
    let passes = except.map(|except| format!("; a change with {} may pass", except.words())).unwrap_or_default();
    let except = except.map(Match::to_query);
    let words = Words { by: by.map(Cow::Borrowed), reason: Some(Cow::Borrowed(reason)), until };
    let mine = match id {
        Some(id) => match find(&work, id, by) {
            Found::Mine(freeze) => Some(freeze),
            Found::None => None,
            Found::Refused(code) => return Ok(refuse(work, id, code)),
        },
        None => oldest_of_holder(&work, by),
    };
    let name = match (mine.as_ref().and_then(Freeze::trail), id) {
        (Some(trail), _) => trail,
        (_, Some(id)) => TrailName::new(id)?,
        (_, None) => work.fresh_id(),
    };
    let is_said = mine.as_ref().is_some_and(|freeze| is_said(freeze, &words, except.as_deref(), id.is_some()));
    let raises = mine.as_ref().is_none_or(|freeze| raises(freeze, &words, is_said, id.is_some()));
    let mut change = TagChange::default();
    if raises {
        work.raise(&mut change, name.as_str(), &words)?;
    }
    work.lower_ended(&mut change)?;
    let now = sight.ask.now;
    let mut open: Vec<_> = work.freezes.iter().filter(|freeze| freeze.is_open(now)).map(|freeze| &*freeze.id).collect();
    if !open.contains(&name.as_str()) {
        open.push(name.as_str());
    }
    work.mend_signal(&mut change, &open);
    work.tag(change);
    if !is_said {
        let record = mine.as_ref().map_or(Look::Found(Record::Missing), |freeze| freeze.record.clone());
        work.attest_on(&name, &record, &words, except.clone(), false);
    }
    let changes = |freeze| changes(freeze, &words, except.as_deref(), now);
    let changes = mine.as_ref().filter(|_| !is_said).map(changes).unwrap_or_default();
    Ok(answer(work, &name, words, mine.is_some() && is_said && !raises, &format!("{passes}{changes}")))
}

enum Found<'f> {
    Mine(Freeze<'f>),
    None,
    Refused(Reason),
}

/// The freeze that the call's `id` means and no other.
fn find<'s>(work: &Work<'s>, id: &str, by: Option<&str>) -> Found<'s> {
    let is_named_for = id::holder_of(id).is_none() || id::names_holder(id, by);
    let Some(freeze) = work.freezes.iter().find(|freeze| freeze.id == id) else {
        return if is_named_for { Found::None } else { Found::Refused(Reason::Taken) };
    };
    // A trail that only began has no word of a holder yet: it is whose name it was begun under.
    let has_words = freeze.has_alarm() || freeze.is_on_record(Record::Open);
    let is_mine = if has_words { freeze.is_held_by(by) } else { is_named_for };
    match freeze.state(work.sight.ask.now) {
        State::Ended => Found::Refused(Reason::Lifted),
        State::Open | State::Expired if is_mine => Found::Mine(freeze.clone()),
        State::Open | State::Expired => Found::Refused(Reason::Taken),
    }
}

fn oldest_of_holder<'s>(work: &Work<'s>, by: Option<&str>) -> Option<Freeze<'s>> {
    let is_mine =
        |freeze: &&Freeze<'_>| freeze.is_open(work.sight.ask.now) && freeze.has_trail && freeze.is_held_by(by);
    work.freezes.iter().find(is_mine).cloned()
}

fn refuse(work: Work<'_>, id: &str, code: Reason) -> Answer {
    let environment = work.environment();
    if code == Reason::Lifted {
        let summary = format!("the freeze {id} of {environment} has been lifted; an ended freeze stays ended");
        let mut again = work.sight.ask.action.clone();
        if let Action::On { id, .. } = &mut again {
            *id = None;
        }
        let advice = wording::advise("to freeze anew", environment, again);
        return work.refuse(code, summary, Some(advice));
    }
    let now = work.sight.ask.now;
    let held = work.freezes.iter().find(|freeze| freeze.id == id);
    let told = held.map(|held| format!(": {}", wording::frozen(environment, &[held], now))).unwrap_or_default();
    work.refuse(code, format!("the id {id} is another holder's{told}"), None)
}

/// `true` if the record says these words already: the latest, or any of them for a run that is under way,
/// so that two runs of one holder do not argue.
pub(super) fn is_said(freeze: &Freeze<'_>, words: &Words<'_>, except: Option<&str>, any: bool) -> bool {
    let says = |on: &On| says(&on.words, words) && on.except.as_deref() == except;
    match (&freeze.record, &freeze.ons) {
        (Look::Found(Record::Missing | Record::Begun), _) => false,
        (_, Look::Found(ons)) if any => ons.iter().any(says),
        (_, Look::Found(ons)) => latest(ons).is_some_and(says),
        // Nobody has looked: the flag speaks for the record, and without a flag nothing is added to it. No flag says
        // what passes.
        _ => except.is_none() && freeze.flag.as_ref().is_none_or(|flag| flag_says(flag, words)),
    }
}

fn says(recorded: &Words<'_>, words: &Words<'_>) -> bool {
    recorded.until == words.until && recorded.reason == words.reason.as_deref().map(description).map(Cow::Owned)
}

fn flag_says(flag: &Words<'_>, words: &Words<'_>) -> bool {
    flag.until == words.until && flag.reason.as_deref() == words.reason.as_deref().map(short)
}

/// `true` if the flag has to be set: it is lost, or says something else than the record now will.
pub(super) fn raises(freeze: &Freeze<'_>, words: &Words<'_>, is_said: bool, any: bool) -> bool {
    let Some(flag) = &freeze.flag else { return true };
    !(flag_says(flag, words) || is_said && any)
}

/// What these words replace: whoever freezes again may not know that an end goes with the old ones.
fn changes(freeze: &Freeze<'_>, words: &Words<'_>, except: Option<&str>, now: DateTime<Utc>) -> String {
    let mut changes = Vec::new();
    let end = |until: Until| until.at().map_or_else(|| "none".to_owned(), time::human);
    let until = freeze.until(now);
    if until != words.until && (freeze.flag.is_some() || freeze.recorded().is_some()) {
        changes.push(format!("until was {}, now {}", end(until), end(words.until)));
    }
    let shown = |reason: &str| short(reason).trim().to_owned();
    if let Some(reason) = freeze.reason().filter(|reason| words.reason.as_deref().map(shown) != Some(shown(reason))) {
        changes.push(format!("reason was {}", excerpt(reason)));
    }
    let said = freeze.ons.found().and_then(|ons| latest(ons)?.except.as_deref());
    if let Some(said) = said.filter(|said| Some(*said) != except) {
        let shown = Match::from_query(said).map_or_else(|_| excerpt(said), |said| said.words());
        changes.push(format!("except was {shown}"));
    }
    if changes.is_empty() { String::new() } else { format!("; changed: {}", changes.join("; ")) }
}

fn answer(work: Work<'_>, name: &TrailName, words: Words<'_>, is_content: bool, besides: &str) -> Answer {
    let now = work.sight.ask.now;
    let environment = work.environment();
    let known = work.freezes.iter().find(|freeze| freeze.id == name.as_str()).cloned();
    let (record, signal) =
        known.as_ref().map_or((Look::Found(Record::Open), false), |freeze| (freeze.record.clone(), freeze.signal));
    let ons = known.map_or(Look::NotYet, |freeze| freeze.ons);
    let flag = Some(Words { by: words.by, reason: words.reason.clone(), until: words.until });
    let mine = Freeze {
        id: name.as_str().into(),
        stamp: id::since(name.as_str()),
        has_trail: true,
        flag,
        signal,
        record,
        ons,
    };
    let mut shown: Vec<_> =
        work.freezes.iter().filter(|freeze| freeze.id != mine.id).map(|freeze| freeze.shown(now)).collect();
    let place = work.freezes.iter().filter(|freeze| freeze.age() < mine.age()).count();
    shown.insert(place, mine.shown(now));
    let until = words.until.at().map_or_else(String::new, |until| format!(" until {}", time::human(until)));
    let reason = words.reason.as_deref().map(excerpt).unwrap_or_default();
    let what = if is_content { format!("{environment} is already frozen") } else { format!("freezing {environment}") };
    let summary = format!("{what} as {name}{until}: {reason}{besides}");
    let mut action = work.sight.ask.action.clone();
    if let Action::On { id, .. } = &mut action {
        *id = Some(name.to_string());
    }
    let advice = Some(wording::lift(environment, &[&mine]));
    work.proceed(
        if is_content { Reason::AlreadyFrozen } else { Reason::Freezing },
        summary,
        advice,
        shown,
        Vec::new(),
        action,
    )
}
