//! What must hold, said without the core: from the tags and attestations alone.

use std::collections::BTreeSet;

use freeze_core::{Action, Command, Decision, Freezes, TrailName};
use kosli_model::{Attestation, Cut, Kosli, Trail, call, run};

use crate::host::Deed;
use crate::mind::{ENVIRONMENT, trails};
use crate::program::Program;

/// What one Kosli at one instant comes to.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "they are facts of one moment, not states of a machine")]
pub(crate) struct Verdict {
    /// What our gate says if nobody writes while it looks.
    pub(crate) gate: Decision,
    /// The signal is up: the script's gate refuses.
    pub(crate) signal: bool,
    /// The freezes on record that have neither ended nor expired.
    pub(crate) standing: Vec<String>,
    /// Those, and the ones that only a flag shows.
    pub(crate) shown: Vec<String>,
    /// The signal says what the records say, and no flag is left of what has ended.
    pub(crate) is_mended: bool,
    /// Something has expired, and its end is not on record.
    pub(crate) has_expired: bool,
    /// The freezes whose flags are up.
    pub(crate) flags: BTreeSet<String>,
    /// A `sync` settles, makes them say the same, opens nothing, and puts on record what only a flag showed.
    pub(crate) sync_mends: bool,
    /// Some record has ended more than once.
    pub(crate) ends_twice: bool,
}

impl Verdict {
    pub(crate) fn of(kosli: &Kosli, now: &str) -> Self {
        let gate = run(&mut kosli.clone(), &call(Action::assert(), ENVIRONMENT, now), Cut::Never).last.decision;
        let standing = standing(kosli, now);
        let shown = shown(kosli, now);
        let mut synced = kosli.clone();
        let sync = run(&mut synced, &call(Action::Sync {}, ENVIRONMENT, now), Cut::Never);
        let sync_mends = sync.is_settled
            && agrees(&synced, now)
            && shown.iter().all(|id| self::shown(&synced, now).contains(id))
            && shown
                .iter()
                .all(|id| TrailName::new(id).is_err() || trail(&synced, id).is_some_and(|on| on.has("nodeploy-on")));
        let ends = |trail: &Trail| trail.attestations.iter().filter(|one| one.name == "nodeploy-off").count();
        Self {
            gate,
            signal: kosli.tags.contains_key("nodeploy"),
            is_mended: is_mended(kosli, now),
            has_expired: trails(kosli).any(|(_, trail)| !trail.has("nodeploy-off") && has_expired(trail, now)),
            flags: flags(kosli),
            sync_mends,
            ends_twice: trails(kosli).any(|(_, trail)| ends(trail) > 1),
            standing,
            shown,
        }
    }
}

/// The freezes on record that have neither ended nor expired.
fn standing(kosli: &Kosli, now: &str) -> Vec<String> {
    let stands = |trail: &Trail| trail.has("nodeploy-on") && !trail.has("nodeploy-off") && !has_expired(trail, now);
    trails(kosli).filter(|(_, trail)| stands(trail)).map(|(id, _)| id.clone()).collect()
}

/// Those, and the ones that a flag or the signal shows and no end on record takes back. Where flag and record name
/// different ends, the later one counts: two hosts of one holder may have said so at once.
pub(crate) fn shown(kosli: &Kosli, now: &str) -> Vec<String> {
    let has_ended = |id: &str| trail(kosli, id).is_some_and(|trail| trail.has("nodeploy-off"));
    let is_open = |id: &str| flag_until(kosli, id).is_none_or(|until| *until > *now) && !has_ended(id);
    let mut shown: BTreeSet<String> = flags(kosli).into_iter().filter(|id| is_open(id)).collect();
    let signal = kosli.tags.get("nodeploy").filter(|id| !flags(kosli).contains(*id) && !has_ended(id));
    shown.extend(signal.filter(|id| !trail(kosli, id).is_some_and(|trail| has_expired(trail, now))).cloned());
    shown.extend(standing(kosli, now));
    shown.into_iter().collect()
}

/// The end that a flag names.
fn flag_until(kosli: &Kosli, id: &str) -> Option<String> {
    let flag = kosli.tags.get(&format!("nodeploy.{id}"))?;
    flag.split('&').find_map(|pair| Some(pair.strip_prefix("until=")?.replace("%3A", ":")))
}

/// Until when gates take it to last: by its flag while that is up, or else by its record.
pub(crate) fn end(kosli: &Kosli, id: &str) -> Option<String> {
    if flags(kosli).contains(id) {
        return flag_until(kosli, id);
    }
    trail(kosli, id).and_then(until).map(str::to_owned)
}

pub(crate) fn trail<'k>(kosli: &'k Kosli, id: &str) -> Option<&'k Trail> {
    kosli.trails.as_ref()?.get(id)
}

/// The holder's latest words say that it has ended automatically. RFC 3339 in UTC sorts as text.
fn has_expired(trail: &Trail, now: &str) -> bool {
    until(trail).is_some_and(|until| until <= now)
}

fn until(trail: &Trail) -> Option<&str> {
    let ons = || trail.attestations.iter().filter(|one| one.name == "nodeploy-on");
    let by_sync = |one: &&Attestation| one.annotations.get("recorded_by").is_some_and(|by| by == "sync");
    let latest = ons().rfind(|one| !by_sync(one)).or_else(|| ons().next_back())?;
    latest.annotations.get("until").map(String::as_str)
}

/// Tags and records say the same.
fn agrees(kosli: &Kosli, now: &str) -> bool {
    is_mended(kosli, now) && standing(kosli, now).into_iter().all(|id| flags(kosli).contains(&id))
}

fn flags(kosli: &Kosli) -> BTreeSet<String> {
    kosli.tags.keys().filter_map(|key| key.strip_prefix("nodeploy.")).map(str::to_owned).collect()
}

/// The signal is up if there is something to show, and shows it; flags are up only for that, or for what has
/// expired and waits for its end on record.
fn is_mended(kosli: &Kosli, now: &str) -> bool {
    let shown: BTreeSet<_> = shown(kosli, now).into_iter().collect();
    let waits = |id: &String| !trail(kosli, id).is_some_and(|trail| trail.has("nodeploy-off"));
    let is_right = match kosli.tags.get("nodeploy") {
        Some(id) => shown.contains(id),
        None => shown.is_empty(),
    };
    is_right && flags(kosli).difference(&shown).all(waits)
}

/// What a write must not do, as marks that stay.
pub(crate) mod mark {
    /// A record began without a flag that is up.
    pub(crate) const ALARM_LATE: u16 = 1;
    /// A flag came down whose end was not on record.
    pub(crate) const LOWERED_EARLY: u16 = 2;
    /// A freeze was ended by somebody who did not mean it.
    pub(crate) const ENDED_UNMEANT: u16 = 4;
    /// A gate let pass what stood from before its first look until its last.
    pub(crate) const GATE_MISSED: u16 = 8;
    /// A gate let pass though something was frozen at every moment of its look, if not always the same.
    pub(crate) const RELAY_MISSED: u16 = 64;
    /// A write came twice: nobody's fault, but attestations add up.
    pub(crate) const REPEATED: u16 = 16;
    /// The end of what a hand has set was put on the record of a freeze.
    pub(crate) const HIT_BY_HAND_SET: u16 = 256;
    /// A write came late: nobody has looked since.
    pub(crate) const ARRIVED: u16 = 32;
    /// A sync ended or shortened a person's freeze.
    pub(crate) const SYNC_HIT_PERSON: u16 = 128;
    /// A sync ended or shortened a freeze of another policy.
    pub(crate) const SYNC_HIT_POLICY: u16 = 512;
    /// A change passed by an exception that had been revoked before the gate's last look began.
    pub(crate) const REVOKED_PASSED: u16 = 1024;
    /// A change passed in spite of a freeze that its exception does not cover.
    pub(crate) const UNCOVERED_PASSED: u16 = 2048;
    /// A change passed without its claim among the first, or without its pass on a freeze's record.
    pub(crate) const UNRECORDED_PASSED: u16 = 4096;
    /// A gate that may only read has written.
    pub(crate) const READER_WROTE: u16 = 8192;
}

/// What `deed` marks, done by `program`; if that is an `off`, it meant `first` when it first looked.
pub(crate) fn marks(program: &Program, first: &[String], deed: &Deed, kosli: &Kosli, now: &str) -> u16 {
    let Some(action) = program.action() else { return 0 };
    let has_ended = |id: &str| trail(kosli, id).is_some_and(|trail| trail.has("nodeploy-off"));
    match deed {
        Deed::Command(Command::Attest { trail: id, name: "nodeploy-on", .. }) => {
            let has_flag = kosli.tags.contains_key(&format!("nodeploy.{id}"));
            if has_flag || has_ended(id.as_str()) { 0 } else { mark::ALARM_LATE }
        }
        Deed::Command(Command::TagEnvironment { unset, .. }) => {
            let mut ids = unset.iter().filter_map(|key| key.as_str().strip_prefix("nodeploy."));
            if ids.any(|id| !has_ended(id)) { mark::LOWERED_EARLY } else { 0 }
        }
        Deed::Command(Command::Attest { trail: id, name: "nodeploy-off", .. }) => {
            let id = id.as_str();
            let is_first = first.iter().any(|first| first == id) || !matches!(action, Action::Off { .. });
            // The end of what a hand has set goes on record under a fresh id; it should be nobody's freeze.
            let is_of_a_hand = first.iter().any(|first| TrailName::new(first).is_err());
            let is_freeze = trail(kosli, id).is_some_and(|trail| trail.has("nodeploy-on")) || flags(kosli).contains(id);
            match (is_first && means(program, action, id, kosli, now), is_of_a_hand) {
                (true, _) => 0,
                (false, true) if !is_freeze => 0,
                (false, true) => mark::HIT_BY_HAND_SET,
                (false, false) => mark::ENDED_UNMEANT,
            }
        }
        _ => 0,
    }
}

/// `true` if the command line that was typed means the freeze `id`.
fn means(program: &Program, action: &Action, id: &str, kosli: &Kosli, now: &str) -> bool {
    let holder = id.split_once('~').map(|(_, holder)| holder.split('.').next().unwrap_or(holder));
    match action {
        Action::Off { freezes: Some(Freezes::All), .. } => true,
        Action::Off { freezes: Some(Freezes::These(ids)), .. } => ids.iter().any(|named| named == id),
        Action::Off { freezes: None, by, .. } => by.as_deref() == holder,
        Action::Sync {} if program.policy().is_some_and(|policy| policy.owns(id)) => true,
        // Ten minutes of grace.
        Action::Sync {} => {
            let until = trail(kosli, id).and_then(until).map(str::to_owned).or_else(|| flag_until(kosli, id));
            until.is_some_and(|until| seconds(&until) + 600 < seconds(now))
        }
        _ => false,
    }
}

/// Seconds of the day of an instant; these worlds last one.
fn seconds(instant: &str) -> u32 {
    let time = &instant["2024-10-31T".len().."2024-10-31T12:00:00".len()];
    time.split(':').fold(0, |seconds, part| seconds * 60 + part.parse::<u32>().expect("an instant has digits"))
}
