//! What must hold, what cannot, and what the script lacks: each a bit of a state.

use freeze_core::{Action, Decision, Freezes, TrailName};
use kosli_model::Kosli;

use crate::excepted;
use crate::host::{Host, Phase};
use crate::judge::{Verdict, mark};
use crate::mind::{Mind, script_id, trails};
use crate::policies;
use crate::program::Program;
use crate::world::{State, cast};

macro_rules! properties {
    ($($(#[$doc:meta])* $bit:literal $name:ident $text:literal;)*) => {
        $($(#[$doc])* pub const $name: &str = $text;)*
        mod bit { $(pub(super) const $name: u64 = 1 << $bit;)* }
        /// Every property with its bit.
        pub(crate) const ALL: &[(&str, u64)] = &[$(($text, bit::$name)),*];
    };
}

properties! {
    /// In every state.
    0 STANDING_IS_CLOSED "while a freeze stands on record, the gate is closed";
    /// In every state: a sync that ran there and then.
    1 SYNC_MENDS "a sync settles, brings tags and records into agreement, and opens nothing";
    /// At rest.
    2 SUCCESS_HOLDS "a freeze that succeeded and was not lifted keeps the gate closed";
    /// At rest.
    3 SUCCESS_IS_RECORDED "what succeeded is on record, and so is an end that succeeded";
    /// At rest, if nobody wipes.
    4 SUCCESS_IS_FLAGGED "a freeze that succeeded and was not lifted shows its flag";
    /// At rest, if all of ours succeeded and nobody else wrote.
    5 REST_AGREES "at rest, the signal says what the records say, and no flag is left of what has ended";
    /// In every state.
    6 RUNS_SETTLE "eight rounds are enough";
    /// In every state, if nobody wipes.
    7 CUT_IS_CLOSED "a freeze cut short keeps the gate closed";
    /// At every write, if nobody wipes.
    8 ALARM_FIRST "the alarm is up before the record begins";
    /// At every write.
    9 END_FIRST "the end is on record before a flag comes down";
    /// At every write.
    10 ENDED_AS_MEANT "no freeze is ended by a command that did not mean it when it first looked";
    /// At the end of every gate, if only ours write.
    11 GATE_SEES "a gate that looks while others write misses nothing that stood all along";
    /// Of one host, if no write comes twice.
    12 ALONE_ENDS_ONCE "alone, a freeze is ended once on record, however often it is killed and run again";
    /// At the end of every gate, if only ours write.
    13 GATE_SEES_RELAYS "a gate refuses if at every moment of its look something was frozen, if not always the same";
    /// At every write of a sync.
    14 SYNC_SPARES_PERSONS "no sync ends or shortens a person's freeze";
    /// At every write of a sync.
    15 SYNC_SPARES_POLICIES "no sync ends or shortens a freeze of another policy";
    /// In every state, once a sync of a policy has finished.
    27 WINDOW_IS_CLOSED "a window that a sync has seen keeps the gate closed until it opens or is lifted";
    /// In every state.
    28 LIFT_HOLDS "who lifts a window lifts it for the run";
    /// In every state.
    32 USES_ARE_COUNTED "no more different uses pass by an exception than it has";
    /// At the end of every gate that an exception lets pass.
    33 PASSES_ARE_RECORDED "who passes by an exception has a claim among the first, and a pass on the record of each freeze";
    /// In every state.
    34 PASSES_ARE_CLAIMED "no pass stands on record without a claim among the first";
    /// At the end of every gate that an exception lets pass.
    35 REVOKED_IS_CLOSED "an exception that was revoked before the gate's last look began lets nobody pass";
    /// At the end of every gate that an exception lets pass.
    36 ONLY_WHAT_WAS_SEEN "a freeze that was set or restated after an exception was asked for closes again";
    /// At every write.
    37 READERS_READ "a gate that was not told to claim writes nothing";

    /// Cannot hold.
    16 SIGNAL_DESPITE_SCRIPT "beside the script's off, the script's gate sees every freeze";
    /// Cannot hold.
    17 SIGNAL_DESPITE_DEATH "where a host died, the script's gate sees every freeze";
    /// Cannot hold.
    18 SIGNAL_DESPITE_WIPE "after a wipe, the script's gate sees every freeze";
    /// Cannot hold.
    19 GATE_SEES_DESPITE_OTHERS "a gate that looks while another hand takes the tags misses nothing";
    /// Cannot hold.
    20 CUT_DESPITE_WIPE "a freeze cut short keeps the gate closed after a wipe";
    /// Cannot hold.
    21 RIVALS_END_ONCE "a freeze is ended once on record";
    /// Cannot hold.
    23 ENDS_OF_HANDS_HIT_NOBODY "the end of what a hand has set hits no freeze that begins meanwhile";

    /// Of the script alone.
    24 SCRIPT_RECORDS_ENDS "the script's gate opens only once the end is on record";
    /// Of the script alone.
    25 SCRIPT_ORPHANS_NONE "the script's tag shows every freeze that is on record";
    /// Of the script alone.
    26 SCRIPT_STANDS_CLOSED "the script's gate is closed while a freeze that succeeded has not been lifted";
}

/// What must hold of ours in every world; of the others the README says why they cannot.
pub const MUST_HOLD: [&str; 24] = [
    STANDING_IS_CLOSED,
    SYNC_MENDS,
    SUCCESS_HOLDS,
    SUCCESS_IS_RECORDED,
    SUCCESS_IS_FLAGGED,
    REST_AGREES,
    RUNS_SETTLE,
    CUT_IS_CLOSED,
    ALARM_FIRST,
    END_FIRST,
    ENDED_AS_MEANT,
    GATE_SEES,
    GATE_SEES_RELAYS,
    ALONE_ENDS_ONCE,
    SYNC_SPARES_PERSONS,
    SYNC_SPARES_POLICIES,
    WINDOW_IS_CLOSED,
    LIFT_HOLDS,
    USES_ARE_COUNTED,
    PASSES_ARE_RECORDED,
    PASSES_ARE_CLAIMED,
    REVOKED_IS_CLOSED,
    ONLY_WHAT_WAS_SEEN,
    READERS_READ,
];

/// The properties that a state breaks, by their bits.
pub(crate) fn broken(mind: &mut Mind, state: &State) -> u64 {
    let verdict = mind.verdict(state.kosli, state.clock);
    let hosts: Vec<_> = state.hosts().map(|number| mind.host(number)).collect();
    let scene = Scene { mind, state, verdict: &verdict, kosli: mind.koslis.get(state.kosli), hosts };
    if scene.is_in(cast::ONLY_SCRIPTS) {
        return scene.of_scripts();
    }
    scene.of_any()
        | scene.of_policies()
        | scene.of_exceptions()
        | scene.of_the_cut()
        | if scene.is_at_rest() { scene.of_rest() | scene.of_old_gates() } else { 0 }
}

/// One state, with everything looked up.
struct Scene<'m> {
    mind: &'m Mind,
    state: &'m State,
    verdict: &'m Verdict,
    kosli: &'m Kosli,
    hosts: Vec<&'m Host>,
}

impl Scene<'_> {
    fn of_any(&self) -> u64 {
        let missed = self.is_marked(mark::GATE_MISSED);
        let is_foreign = self.is_in(cast::SCRIPT | cast::WIPE);
        let gives_up = |host: &&Host| {
            let is_ours = self.program(host).action().is_some();
            is_ours && matches!(host.phase, Phase::Done { reason: "not_settled" | "command_failed", .. })
        };
        breaks(self.stands() && !self.is_closed(), bit::STANDING_IS_CLOSED)
            | breaks(!self.verdict.sync_mends, bit::SYNC_MENDS)
            | breaks(self.is_marked(mark::ALARM_LATE), bit::ALARM_FIRST)
            | breaks(self.is_marked(mark::LOWERED_EARLY), bit::END_FIRST)
            | breaks(self.is_marked(mark::ENDED_UNMEANT), bit::ENDED_AS_MEANT)
            | breaks(missed && !is_foreign, bit::GATE_SEES)
            | breaks(missed && is_foreign, bit::GATE_SEES_DESPITE_OTHERS)
            | breaks(self.is_marked(mark::RELAY_MISSED) && !is_foreign, bit::GATE_SEES_RELAYS)
            | breaks(self.is_marked(mark::HIT_BY_HAND_SET), bit::ENDS_OF_HANDS_HIT_NOBODY)
            | breaks(self.hosts.iter().any(gives_up), bit::RUNS_SETTLE)
            | breaks(
                self.is_in(cast::ALONE) && self.verdict.ends_twice && !self.is_marked(mark::REPEATED),
                bit::ALONE_ENDS_ONCE,
            )
    }

    fn of_policies(&self) -> u64 {
        let policy = |host: &&Host| self.program(host).policy();
        let policies: Vec<_> = self.hosts.iter().filter_map(policy).collect();
        let now = self.mind.clock[usize::from(self.state.clock)];
        let finished = self.hosts.iter().filter(|host| is_success(host)).filter_map(policy);
        let mut open = finished.filter(|_| !self.is_closed());
        let is_missed = open.any(|policy| policies::closes(policy, &policies, self.kosli, now));
        breaks(self.is_marked(mark::SYNC_HIT_PERSON), bit::SYNC_SPARES_PERSONS)
            | breaks(self.is_marked(mark::SYNC_HIT_POLICY), bit::SYNC_SPARES_POLICIES)
            | breaks(is_missed, bit::WINDOW_IS_CLOSED)
            | breaks(policies::stands_though_lifted(&self.verdict.shown, self.kosli), bit::LIFT_HOLDS)
    }

    fn of_exceptions(&self) -> u64 {
        let programs = self.hosts.iter().filter(|host| excepted::has_passed(host)).map(|host| self.program(host));
        let is_overused = excepted::are_more_than_it_has(self.kosli, programs);
        breaks(is_overused, bit::USES_ARE_COUNTED)
            | breaks(self.is_marked(mark::UNRECORDED_PASSED), bit::PASSES_ARE_RECORDED)
            | breaks(excepted::has_unclaimed_pass(self.kosli), bit::PASSES_ARE_CLAIMED)
            | breaks(self.is_marked(mark::REVOKED_PASSED), bit::REVOKED_IS_CLOSED)
            | breaks(self.is_marked(mark::UNCOVERED_PASSED), bit::ONLY_WHAT_WAS_SEEN)
            | breaks(self.is_marked(mark::READER_WROTE), bit::READERS_READ)
    }

    /// Of hosts that died after their first write.
    fn of_the_cut(&self) -> u64 {
        let is_open = |host: &&Host| {
            let Phase::Dead { action } = host.phase else { return false };
            match self.mind.action(action) {
                Some(Action::On { id: Some(id), until: None, .. }) => !self.is_closed() && !self.has_ended(id),
                _ => false,
            }
        };
        let is_open = self.hosts.iter().any(is_open);
        breaks(is_open && !self.is_in(cast::WIPE), bit::CUT_IS_CLOSED)
            | breaks(is_open && self.is_in(cast::WIPE), bit::CUT_DESPITE_WIPE)
    }

    fn of_rest(&self) -> u64 {
        let mut broken = breaks(self.verdict.ends_twice, bit::RIVALS_END_ONCE);
        for host in self.hosts.iter().filter(|host| is_success(host)) {
            let Phase::Done { action, .. } = host.phase else { continue };
            match self.mind.action(action) {
                Some(Action::On { id: Some(id), .. }) => {
                    let stands = self.verdict.standing.contains(id);
                    let is_flagged = self.verdict.flags.contains(id) || self.is_in(cast::WIPE);
                    broken |= breaks(!self.has_begun(id), bit::SUCCESS_IS_RECORDED)
                        | breaks(stands && !self.is_closed(), bit::SUCCESS_HOLDS)
                        | breaks(stands && !is_flagged, bit::SUCCESS_IS_FLAGGED);
                }
                Some(Action::Off { freezes: Some(Freezes::These(ids)), .. }) => {
                    // What a hand has set goes on record under another name.
                    let is_lost = |id: &String| !self.has_ended(id) && TrailName::new(id).is_ok();
                    broken |= breaks(ids.iter().any(is_lost), bit::SUCCESS_IS_RECORDED);
                }
                _ => {}
            }
        }
        let is_foreign = self.is_in(cast::SCRIPT | cast::WIPE) || self.has_died() || self.is_marked(mark::ARRIVED);
        // What expires after the last write is left to the next one.
        let is_left = !self.verdict.is_mended && !self.verdict.has_expired;
        broken | breaks(self.have_mended() && !is_foreign && is_left, bit::REST_AGREES)
    }

    /// The script's gate reads the signal alone.
    fn of_old_gates(&self) -> u64 {
        let is_blind = self.stands() && !self.verdict.signal;
        match (self.has_died(), self.is_in(cast::SCRIPT), self.is_in(cast::WIPE)) {
            (true, false, false) => breaks(is_blind, bit::SIGNAL_DESPITE_DEATH),
            (false, true, false) => breaks(is_blind && self.have_mended(), bit::SIGNAL_DESPITE_SCRIPT),
            (false, false, true) => breaks(is_blind && self.have_mended(), bit::SIGNAL_DESPITE_WIPE),
            _ => 0,
        }
    }

    fn of_scripts(&self) -> u64 {
        if !self.is_at_rest() {
            return 0;
        }
        let is_blind = self.stands() && !self.verdict.signal;
        let is_orphan = |id: &String| self.kosli.tags.get("nodeploy") != Some(id);
        let is_fresh = |id: &String| self.mind.clock.iter().any(|now| script_id(now) == *id);
        let has_frozen = self.hosts.iter().any(|host| is_success(host) && *self.program(host) == Program::ScriptOn)
            && self.verdict.standing.iter().any(is_fresh);
        breaks(is_blind, bit::SCRIPT_RECORDS_ENDS)
            | breaks(self.verdict.standing.iter().any(is_orphan), bit::SCRIPT_ORPHANS_NONE)
            | breaks(is_blind && has_frozen && !self.has_died(), bit::SCRIPT_STANDS_CLOSED)
    }

    /// Every one of ours that writes has succeeded, so it has mended what it saw.
    fn have_mended(&self) -> bool {
        let is_writer = |host: &&&Host| {
            matches!(self.program(host).action(), Some(Action::On { .. } | Action::Off { .. } | Action::Sync {}))
        };
        let mut writers = self.hosts.iter().filter(is_writer).peekable();
        writers.peek().is_some() && writers.all(|host| is_success(host))
    }

    fn program(&self, host: &Host) -> &Program {
        &self.mind.programs[host.program]
    }

    fn is_in(&self, cast: u8) -> bool {
        self.state.cast & cast != 0
    }

    fn is_marked(&self, mark: u16) -> bool {
        self.state.marks & mark != 0
    }

    fn is_at_rest(&self) -> bool {
        self.hosts.iter().all(|host| host.is_at_rest())
    }

    fn has_died(&self) -> bool {
        self.hosts.iter().any(|host| host.is_dead())
    }

    fn stands(&self) -> bool {
        !self.verdict.standing.is_empty()
    }

    fn is_closed(&self) -> bool {
        self.verdict.gate == Decision::Refuse
    }

    fn has_begun(&self, id: &str) -> bool {
        trails(self.kosli).any(|(name, trail)| name == id && trail.has("nodeploy-on"))
    }

    fn has_ended(&self, id: &str) -> bool {
        trails(self.kosli).any(|(name, trail)| name == id && trail.has("nodeploy-off"))
    }
}

fn breaks(is_broken: bool, bit: u64) -> u64 {
    if is_broken { bit } else { 0 }
}

pub(crate) fn is_success(host: &Host) -> bool {
    matches!(host.phase, Phase::Done { decision: Decision::Proceed, .. })
}
