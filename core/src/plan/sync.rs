//! `sync`: mends what crashes, expiry and foreign hands have left. Idempotent; made for a cron job.

use chrono::TimeDelta;

use crate::answer::{Answer, Shown};
use crate::error::Error;
use crate::flag::Words;
use crate::freeze::{Freeze, State};
use crate::sight::Sight;
use crate::time;
use crate::wording;

use super::work::{Annotations, TagChange, Work};

/// An expired freeze is left alone this long: its holder may be extending it right now.
const GRACE: TimeDelta = TimeDelta::minutes(10);

pub(super) fn plan(sight: &Sight<'_>) -> Result<Answer, Error> {
    let mut work = Work::on(sight)?;
    let now = sight.call.now;
    let freezes = work.freezes.clone();
    let mut change = TagChange::default();
    let is_due = |freeze: &Freeze| {
        freeze.state(now) == State::Expired && freeze.until(now).at().is_some_and(|until| until + GRACE < now)
    };
    let due: Vec<_> = freezes.iter().filter(|freeze| is_due(freeze)).collect();
    let open: Vec<_> = freezes.iter().filter(|freeze| freeze.is_open(now)).collect();

    for freeze in open.iter().filter(|freeze| freeze.flag.is_none() && freeze.trail.is_some()) {
        work.raise(&mut change, &freeze.id, &freeze.words(now))?;
    }
    for freeze in &due {
        work.lower(&mut change, freeze)?;
    }
    work.lower_ended(&mut change)?;
    work.mend_signal(&mut change, &open.iter().map(|freeze| freeze.id.as_str()).collect::<Vec<_>>());

    let half: Vec<_> = open.iter().filter(|freeze| freeze.is_half_begun()).collect();
    let writes_records = !due.is_empty() || !half.is_empty();
    let (up, down) = if writes_records { change.split() } else { (change, TagChange::default()) };
    work.tag(up);
    for freeze in half {
        complete(&mut work, freeze);
    }
    for freeze in &due {
        expire(&mut work, freeze);
    }
    work.tag(down);
    Ok(answer(work, &freezes, is_due))
}

/// Puts a freeze that only its tags show on record, in its holder's place.
fn complete(work: &mut Work<'_>, freeze: &Freeze) {
    let Some(trail) = &freeze.trail else { return };
    let words = freeze.words(work.sight.call.now);
    work.attest_on(trail, &freeze.record, &words, true);
}

fn expire(work: &mut Work<'_>, freeze: &Freeze) {
    let Words { until, .. } = freeze.words(work.sight.call.now);
    let mut annotations = Annotations::new();
    annotations.insert("recorded_by", "sync".to_owned());
    let reason = until.at().map(|until| {
        annotations.insert("until", time::rfc3339(until));
        format!("expired at {}", time::human(until))
    });
    work.attest_off(freeze, reason.as_deref(), annotations);
}

fn answer(work: Work<'_>, freezes: &[Freeze], is_due: impl Fn(&Freeze) -> bool) -> Answer {
    let now = work.sight.call.now;
    let environment = work.environment();
    let shown_after = |freeze: &Freeze| match freeze.shown(now) {
        shown if is_due(freeze) => Shown { state: State::Ended, ..shown },
        shown => shown,
    };
    let shown = freezes.iter().map(shown_after).collect();
    let holding: Vec<_> = freezes.iter().filter(|freeze| freeze.is_open(now)).collect();
    let state = if holding.is_empty() {
        format!("{environment} is not frozen")
    } else {
        wording::frozen(environment, &holding, now)
    };
    let (reason, summary) = if work.has_commands() {
        ("mending", format!("mending the tags and records of {environment}; {state}"))
    } else {
        ("in_order", format!("tags and records of {environment} are in order; {state}"))
    };
    let tag = work.sight.call.settings.tag.as_str();
    let mended = |code: &str| work.has_commands() && code != "no_id";
    let mut warnings = wording::warnings(environment, tag, freezes, now);
    warnings.retain(|warning| !mended(warning.code));
    let action = work.sight.call.action.clone();
    work.proceed(reason, summary, None, shown, warnings, action)
}
