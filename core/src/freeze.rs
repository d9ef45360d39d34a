//! One freeze: what its flag, the signal and its record say together.

use std::borrow::Cow;

use chrono::{DateTime, TimeDelta, Utc};

use crate::answer::State;
use crate::change::Match;
use crate::kosli::documents::flag::{Until, Words};
use crate::kosli::documents::look::Look;
use crate::kosli::documents::record::{On, Record, first, latest};
use crate::kosli::id::{self, WINDOW_HOLDER};
use crate::kosli::name::TrailName;
use crate::policy::Held;
use crate::time::Instant;

/// An expired freeze is left alone this long: its holder may be extending it right now.
pub(crate) const GRACE: TimeDelta = TimeDelta::minutes(10);

#[derive(Clone, Debug)]
pub(crate) struct Freeze<'c> {
    /// Its flag's key after the tag, its trail's name, the signal's value: all the same text.
    pub(crate) id: Cow<'c, str>,
    /// When it began, if its id says so.
    pub(crate) stamp: Option<DateTime<Utc>>,
    /// Kosli has a trail of such a name, or may: not of a signal that was set by hand.
    pub(crate) has_trail: bool,
    pub(crate) flag: Option<Words<'c>>,
    /// The signal shows it.
    pub(crate) signal: bool,
    pub(crate) record: Look<Record>,
    /// Every `nodeploy-on` of its record.
    pub(crate) ons: Look<Vec<On>>,
}

impl Freeze<'_> {
    /// The trail of its record.
    pub(crate) fn trail(&self) -> Option<TrailName> {
        self.has_trail.then(|| TrailName::new(&self.id).ok())?
    }

    /// A tag shows it.
    pub(crate) fn has_alarm(&self) -> bool {
        self.flag.is_some() || self.signal
    }

    /// A tag shows it, its record has not begun: a run was cut short, or the tag was set by hand.
    pub(crate) fn is_half_begun(&self) -> bool {
        self.has_alarm() && matches!(self.record, Look::Found(Record::Missing | Record::Begun))
    }

    pub(crate) fn is_on_record(&self, record: Record) -> bool {
        self.record == Look::Found(record)
    }

    pub(crate) fn state(&self, now: DateTime<Utc>) -> State {
        if self.is_on_record(Record::Ended) {
            State::Ended
        } else if self.until(now).has_passed(now) {
            State::Expired
        } else {
            State::Open
        }
    }

    pub(crate) fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.state(now) == State::Open
    }

    /// It stops deployments. The signal alone does so even when its record has ended or expired, since old
    /// gates see it too; only a flag that says when it ended lets it pass.
    pub(crate) fn holds(&self, now: DateTime<Utc>) -> bool {
        self.is_open(now) || (self.signal && !self.flag_has_expired(now))
    }

    /// Until when it closes the environment: for good, where a signal without a flag holds over its end.
    pub(crate) fn held(&self, now: DateTime<Utc>) -> Held {
        let until = self.until(now).at().filter(|_| !self.signal || self.flag.is_some());
        // A second that has begun is closed.
        let until = until.map(|until| until.timestamp() + i64::from(until.timestamp_subsec_nanos() > 0));
        Held { until, consents_until: Instant::MIN }
    }

    /// When it ends automatically. A flag that has passed is believed after a look at `nodeploy-on`: an older
    /// flag may have been raised again over an extension, so the later end counts.
    pub(crate) fn until(&self, now: DateTime<Utc>) -> Until {
        let latest = self.ons.found().and_then(|ons| latest(ons)).map(|on| on.words.until);
        match &self.flag {
            None => latest.unwrap_or_default(),
            Some(flag) if !flag.until.has_passed(now) => flag.until,
            Some(flag) => match (&self.record, &self.ons, latest) {
                // An open record has a `nodeploy-on`: nobody has seen what it says.
                (Look::Failed(_), _, _) | (_, Look::Failed(_), _) | (Look::Found(Record::Open), _, None) => {
                    Until::Unreadable
                }
                _ => latest.map_or(flag.until, |recorded| later(flag.until, recorded)),
            },
        }
    }

    /// Its flag says that it is over, and its record that it goes on: the flag is older.
    pub(crate) fn flag_is_stale(&self, now: DateTime<Utc>) -> bool {
        let is_over = self.flag.as_ref().is_some_and(|flag| flag.until.has_passed(now));
        is_over
            && self.recorded().is_some_and(|recorded| matches!(recorded.until, Until::Never | Until::At(_)))
            && self.is_open(now)
    }

    fn flag_has_expired(&self, now: DateTime<Utc>) -> bool {
        self.flag.is_some() && self.until(now).has_passed(now)
    }

    pub(crate) fn since(&self) -> Option<DateTime<Utc>> {
        self.stamp.or_else(|| first(self.ons.found()?)?.time())
    }

    pub(crate) fn by(&self) -> Option<&str> {
        self.words_by().or_else(|| id::holder_of(&self.id))
    }

    pub(crate) fn reason(&self) -> Option<&str> {
        let flag = self.flag.as_ref().and_then(|words| words.reason.as_deref());
        flag.or_else(|| self.recorded()?.reason.as_deref())
    }

    /// `true` if `by` holds it: the flag's word, else the record's, else the id's.
    pub(crate) fn is_held_by(&self, by: Option<&str>) -> bool {
        self.words_by().map_or_else(|| id::names_holder(&self.id, by), |holder| by == Some(holder))
    }

    /// `true` if the window with this holder holds it. Its id alone makes it so; a tag or a record that names somebody
    /// else says that two holders share the id.
    pub(crate) fn is_of_window(&self, holder: &str) -> bool {
        id::names_holder(&self.id, Some(holder)) && self.words_by().is_none_or(|by| by == holder)
    }

    /// The holder, if it is a freeze window of some policy.
    pub(crate) fn window(&self) -> Option<&str> {
        self.words_by().filter(|by| by.starts_with(WINDOW_HOLDER) && self.is_of_window(by))
    }

    /// Its words for a new flag or a record in its holder's place.
    pub(crate) fn words(&self, now: DateTime<Utc>) -> Words<'_> {
        Words { by: self.by().map(Cow::Borrowed), reason: self.reason().map(Cow::Borrowed), until: self.until(now) }
    }

    /// The holder's latest words on record.
    pub(crate) fn recorded(&self) -> Option<&Words<'static>> {
        latest(self.ons.found()?).map(|on| &on.words)
    }

    /// Kosli's word for the account of whoever froze. A `sync` that wrote in the holder's place is nobody's.
    pub(crate) fn reported_by(&self) -> Option<&str> {
        latest(self.ons.found()?).filter(|on| !on.by_sync)?.reported_by.as_deref()
    }

    /// Which changes its holder lets pass: by the latest words on record, never by a tag. Of words of the same instant
    /// nobody knows which came last: what passes must pass by each of them.
    pub(crate) fn consent(&self) -> Option<Vec<Match>> {
        let ons = self.ons.found()?;
        let last = latest(ons).filter(|on| !on.by_sync && self.is_on_record(Record::Open))?;
        let latest = ons.iter().filter(|on| !on.by_sync && on.at >= last.at);
        latest.map(|on| on.except().filter(|_| id::names_holder(&self.id, on.words.by.as_deref()))).collect()
    }

    /// The same to show: nothing where words of the same instant differ.
    pub(crate) fn except(&self) -> Option<Match> {
        let mut consent = self.consent()?;
        consent.dedup();
        consent.pop().filter(|_| consent.is_empty())
    }

    fn words_by(&self) -> Option<&str> {
        let flag = self.flag.as_ref().and_then(|words| words.by.as_deref());
        flag.or_else(|| self.recorded()?.by.as_deref())
    }

    /// The oldest comes first, what has no date in its id last: an order that no further look can change.
    pub(crate) fn age(&self) -> (bool, Option<DateTime<Utc>>, &str) {
        (self.stamp.is_none(), self.stamp, &self.id)
    }
}

fn later(a: Until, b: Until) -> Until {
    match (a, b) {
        (Until::At(a), Until::At(b)) => Until::At(a.max(b)),
        (Until::At(_), endless) | (endless, _) => endless,
    }
}

#[cfg(test)]
mod tests {
    use super::{Cow, Freeze, Look, On, Record, Words};

    #[test]
    fn the_latest_words_of_its_holder_say_which_changes_pass() {
        let on = |by: &str, except: &str, by_sync, at| On {
            words: Words { by: Some(Cow::Owned(by.to_owned())), ..Words::default() },
            by_sync,
            at,
            id: None,
            reported_by: None,
            except: (!except.is_empty()).then(|| except.to_owned()),
        };
        let docs = || on("steve", "kind=docs", false, 1.0);
        for (record, ons, wanted) in [
            (Record::Open, vec![docs()], Some("kind=docs")),
            (Record::Ended, vec![docs()], None),
            (Record::Missing, vec![docs()], None),
            (Record::Open, vec![docs(), on("steve", "", true, 2.0)], Some("kind=docs")),
            (Record::Open, vec![docs(), on("steve", "", false, 2.0)], None),
            (Record::Open, vec![docs(), docs()], Some("kind=docs")),
            (Record::Open, vec![docs(), on("steve", "kind=hotfix", false, 1.0)], None),
            (Record::Open, vec![docs(), on("steve", "", false, 1.0)], None),
            (Record::Open, vec![docs(), on("mary", "kind=docs", false, 1.0)], None),
            (Record::Open, vec![on("steve", "", false, 1.0), on("mary", "kind=docs", false, 2.0)], None),
            (Record::Open, vec![on("steve", "kind=docs", true, 1.0)], None),
        ] {
            let freeze = Freeze {
                id: Cow::Borrowed("2024-10-31T11.00.00~steve"),
                stamp: None,
                has_trail: true,
                flag: None,
                signal: false,
                record: Look::Found(record),
                ons: Look::Found(ons),
            };
            assert_eq!(freeze.except().map(|except| except.words()).as_deref(), wanted, "{:?}", freeze.ons);
        }
    }
}
