//! What the hosts make of what they see: the real `observe` and `plan`, each distinct call put to them once.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use freeze_core::{
    Action, Call, Command, Decision, EnvironmentName, FlowName, Freezes, RawResult, Read, TagKey, Target, TrailName,
    observe, plan,
};
use kosli_model::{Kosli, Trail, call};

use crate::excepted;
use crate::host::{Deed, Host, Pause, Phase};
use crate::judge::Verdict;
use crate::policies::Policy;
use crate::program::Program;
use crate::table::Table;

/// The environment.
pub(crate) const ENVIRONMENT: &str = "prod";
const FLOW: &str = "prod-nodeploy";
/// As many rounds as a host runs.
const MOST_ROUNDS: u8 = 8;

/// The tables of everything that was ever seen, and what followed from what.
#[derive(Debug)]
pub(crate) struct Mind {
    pub(crate) programs: Vec<Program>,
    /// The instants that the clock may show, one after the other.
    pub(crate) clock: Vec<&'static str>,
    pub(crate) koslis: Table<Kosli>,
    pub(crate) hosts: Table<Host>,
    actions: Table<Action>,
    reads: Table<Read>,
    raws: Table<RawResult>,
    deeds: Table<Deed>,
    begun: HashMap<(u32, usize), u32>,
    answered: HashMap<(u32, u32), u32>,
    seen: HashMap<(u32, u32, u32), u32>,
    written: HashMap<(u32, u32), (u32, bool)>,
    gone_on: HashMap<(u32, Outcome), u32>,
    verdicts: HashMap<(u32, u8), Rc<Verdict>>,
    /// Kosli does not show a claim at once.
    pub(crate) hides_claims: bool,
}

/// What a host learns of its write.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) enum Outcome {
    Done,
    Refused,
    /// The answer was lost, the write was not; the host does not know, so it looks again.
    AnswerLost,
    /// The write was lost.
    WriteLost,
}

impl Mind {
    pub(crate) fn new(programs: Vec<Program>, clock: Vec<&'static str>) -> Self {
        Self {
            programs,
            clock,
            koslis: Table::default(),
            hosts: Table::default(),
            actions: Table::default(),
            reads: Table::default(),
            raws: Table::default(),
            deeds: Table::default(),
            begun: HashMap::new(),
            answered: HashMap::new(),
            seen: HashMap::new(),
            written: HashMap::new(),
            gone_on: HashMap::new(),
            verdicts: HashMap::new(),
            hides_claims: false,
        }
    }

    /// A host that has not begun.
    pub(crate) fn start(&mut self, program: usize) -> u32 {
        let action = self.programs[program].action().cloned().map(|action| self.actions.number(action));
        self.hosts.number(Host {
            program,
            phase: Phase::Begin { action, round: 1, pause: None },
            has_written: false,
            stood: Vec::new(),
            bars: Vec::new(),
            is_covered: false,
        })
    }

    /// Kosli as it matters: when something was reported does not, only in which order.
    pub(crate) fn kosli(&mut self, mut kosli: Kosli) -> u32 {
        if kosli.exceptions.is_some() {
            return self.koslis.number(excepted::in_order(kosli));
        }
        kosli.clock = 0;
        let fits_a_page = kosli.trails.as_ref().is_none_or(|trails| trails.len() <= 100);
        for trail in kosli.trails.iter_mut().flat_map(BTreeMap::values_mut) {
            trail.begun = if fits_a_page { 0 } else { trail.begun };
            for (at, attestation) in (1..).zip(&mut trail.attestations) {
                attestation.at = at;
            }
        }
        self.koslis.number(kosli)
    }

    pub(crate) fn host(&self, number: u32) -> &Host {
        self.hosts.get(number)
    }

    pub(crate) fn program(&self, host: u32) -> &Program {
        &self.programs[self.host(host).program]
    }

    pub(crate) fn action(&self, number: Option<u32>) -> Option<&Action> {
        number.map(|number| self.actions.get(number))
    }

    pub(crate) fn verdict(&mut self, kosli: u32, now: u8) -> Rc<Verdict> {
        let (koslis, clock) = (&self.koslis, &self.clock);
        let judge = || Rc::new(Verdict::of(koslis.get(kosli), clock[usize::from(now)]));
        Rc::clone(self.verdicts.entry((kosli, now)).or_insert_with(judge))
    }

    /// The write that comes next.
    pub(crate) fn next_deed(&self, host: u32) -> u32 {
        match &self.host(host).phase {
            Phase::Writing { writes, .. } => writes[0],
            other => unreachable!("{other:?} writes nothing"),
        }
    }

    pub(crate) fn deed(&self, number: u32) -> &Deed {
        self.deeds.get(number)
    }

    pub(crate) fn due_name(&self, host: u32, nth: usize) -> String {
        match &self.host(host).phase {
            Phase::Looking { due, .. } => self.reads.get(due[nth]).name().into_owned(),
            other => unreachable!("{other:?} reads nothing"),
        }
    }

    /// Reads the clock and begins a round. A gate notes what stands now, and what its exception does not let pass.
    pub(crate) fn begin(&mut self, host: u32, now: usize, stands: &[String], bars: &[String]) -> u32 {
        let is_gate = self.program(host).is_gate();
        if let Some(known) = self.begun.get(&(host, now)).filter(|_| !is_gate) {
            return *known;
        }
        let mut next = self.host(host).clone();
        let Phase::Begin { action, round, .. } = next.phase else { unreachable!("it has begun") };
        if is_gate {
            next.stood = stands.to_vec();
            next.bars = bars.to_vec();
            next.is_covered = !stands.is_empty();
        }
        let looking = Phase::Looking { action, round, now, seen: BTreeMap::new(), due: Vec::new() };
        next.phase = match self.programs[next.program].clone() {
            Program::Ours(_) | Program::SyncOf(_) => self.think(next.program, looking),
            Program::ScriptOff | Program::ScriptAssert => {
                let due = vec![self.reads.number(Read { target: environment(), org: None })];
                Phase::Looking { action, round, now, seen: BTreeMap::new(), due }
            }
            Program::ScriptOn => self.writing(round, script_on(self.clock[now]), None, None),
            Program::Wipe => self.writing(round, vec![Deed::Wipe], None, None),
        };
        let next = self.hosts.number(next);
        self.begun.insert((host, now), next);
        next
    }

    /// One read.
    pub(crate) fn read(&mut self, host: u32, nth: usize, kosli: u32) -> u32 {
        let Phase::Looking { due, .. } = &self.host(host).phase else { unreachable!("it is not looking") };
        let read = due[nth];
        let answer = || self.raws.number(self.koslis.get(kosli).read(self.reads.get(read)));
        let raw = *self.answered.entry((kosli, read)).or_insert_with(answer);
        if let Some(known) = self.seen.get(&(host, read, raw)) {
            return *known;
        }
        let mut next = self.host(host).clone();
        if let Phase::Looking { seen, due, .. } = &mut next.phase {
            due.remove(nth);
            seen.insert(read, raw);
        }
        if matches!(&next.phase, Phase::Looking { due, .. } if due.is_empty()) {
            next.phase = match self.programs[next.program] {
                Program::Ours(_) | Program::SyncOf(_) => self.think(next.program, next.phase),
                _ => self.script_thinks(next.program, &next.phase),
            };
        }
        if matches!(self.programs[next.program], Program::Ours(Action::Off { .. })) {
            next.stood = match &next.phase {
                Phase::Writing { round: 1, writes, next, .. } => self.meant(writes, *next),
                Phase::Done { .. } => Vec::new(),
                _ => next.stood,
            };
        }
        let next = self.hosts.number(next);
        self.seen.insert((host, read, raw), next);
        next
    }

    /// The freezes that an `off` means: those that it names from now on, or else those that it ends at once.
    fn meant(&self, writes: &[u32], next: Option<u32>) -> Vec<String> {
        let ended = |deed: &u32| match self.deeds.get(*deed) {
            Deed::Command(Command::Attest { trail, name: "nodeploy-off", .. }) => Some(trail.to_string()),
            _ => None,
        };
        match self.action(next) {
            Some(Action::Off { freezes: Some(Freezes::These(ids)), .. }) => ids.clone(),
            _ => writes.iter().filter_map(ended).collect(),
        }
    }

    /// What a write makes of Kosli, and whether Kosli took it.
    pub(crate) fn write(&mut self, deed: u32, kosli: u32) -> (u32, bool) {
        if let Some(known) = self.written.get(&(kosli, deed)) {
            return *known;
        }
        let mut after = self.koslis.get(kosli).clone();
        let is_taken = match self.deeds.get(deed) {
            Deed::Command(command) => after.write(command).is_ok(),
            Deed::Wipe => {
                after.tags.retain(|key, _| !key.starts_with("nodeploy"));
                true
            }
        };
        if self.hides_claims && is_taken {
            excepted::hide_claim(&mut after, self.deeds.get(deed));
        }
        let written = (self.kosli(after), is_taken);
        self.written.insert((kosli, deed), written);
        written
    }

    /// Kosli shows one of the attestations that it has hidden.
    pub(crate) fn show(&mut self, kosli: u32, nth: usize) -> u32 {
        let mut after = self.koslis.get(kosli).clone();
        if let Some(hidden) = excepted::hidden(&mut after).nth(nth) {
            hidden.is_hidden = false;
        }
        self.kosli(after)
    }

    /// Notes what a pause that has just begun waits for.
    pub(crate) fn note_pause(&mut self, host: u32, latest: u32) -> u32 {
        let mut waiting = self.host(host).clone();
        match &mut waiting.phase {
            Phase::Begin { pause: Some(pause), .. } if pause.until_shown == 0 => pause.until_shown = latest.max(1),
            _ => return host,
        }
        self.hosts.number(waiting)
    }

    /// Where a host stands after its write.
    pub(crate) fn go_on(&mut self, host: u32, outcome: Outcome) -> u32 {
        if let Some(known) = self.gone_on.get(&(host, outcome)) {
            return *known;
        }
        let mut after = self.host(host).clone();
        let Phase::Writing { round, mut writes, mut next, pause } = after.phase else {
            unreachable!("it is not writing")
        };
        if matches!(outcome, Outcome::AnswerLost | Outcome::WriteLost) {
            // Nobody knows when it arrives: what was noted of a claim does not count.
            next = self.action(next).cloned().map(|action| self.actions.number(excepted::without_note(action)));
        }
        writes.remove(0);
        after.has_written |= matches!(outcome, Outcome::Done | Outcome::AnswerLost);
        let done = |decision, reason| Phase::Done { decision, reason, action: next };
        after.phase = match (outcome, next) {
            (Outcome::Refused, _) | (Outcome::AnswerLost | Outcome::WriteLost, None) => {
                done(Decision::Error, "command_failed")
            }
            (Outcome::Done, _) if !writes.is_empty() => Phase::Writing { round, writes, next, pause },
            (Outcome::Done, None) => done(Decision::Proceed, "script"),
            (_, Some(_)) if round == MOST_ROUNDS => done(Decision::Error, "not_settled"),
            (_, Some(_)) => {
                let pause = pause.map(|told_at| Pause { told_at, until_shown: 0 });
                Phase::Begin { action: next, round: round + 1, pause }
            }
        };
        let after = self.hosts.number(after);
        self.gone_on.insert((host, outcome), after);
        after
    }

    /// A gate has seen a moment at which nothing was frozen.
    pub(crate) fn uncover(&mut self, host: u32) -> u32 {
        let uncovered = Host { is_covered: false, ..self.host(host).clone() };
        self.hosts.number(uncovered)
    }

    /// Kills a host.
    pub(crate) fn kill(&mut self, host: u32) -> u32 {
        let mut dead = self.host(host).clone();
        let action = match dead.phase {
            Phase::Begin { action, .. } | Phase::Looking { action, .. } => action,
            Phase::Writing { next, .. } => next,
            Phase::Done { .. } | Phase::Dead { .. } => unreachable!("it has exited"),
        };
        dead.phase = Phase::Dead { action };
        self.hosts.number(dead)
    }

    /// The last round that any host came to.
    pub(crate) fn most_rounds(&self) -> u8 {
        let round = |host: &Host| match host.phase {
            Phase::Begin { round, .. } | Phase::Looking { round, .. } | Phase::Writing { round, .. } => round,
            Phase::Done { .. } | Phase::Dead { .. } => 0,
        };
        self.hosts.all().iter().map(round).max().unwrap_or(0)
    }

    /// `observe`, and `plan` once nothing is to be read any more.
    fn think(&mut self, program: usize, phase: Phase) -> Phase {
        let Phase::Looking { action, round, now, seen, .. } = phase else { unreachable!("it is not looking") };
        let raw = |(read, raw): (&u32, &u32)| (self.reads.get(*read).name(), self.raws.get(*raw).clone());
        let asked = self.action(action).expect("ours have an action").clone();
        let call = Call {
            observed: seen.iter().map(raw).collect(),
            policy: self.programs[program].policy().map(Policy::text),
            ..call(asked, ENVIRONMENT, self.clock[now])
        };
        let due: Vec<u32> = observe(&call).into_iter().map(|read| self.reads.number(read)).collect();
        if !due.is_empty() {
            return Phase::Looking { action, round, now, seen, due };
        }
        let answer = plan(&call);
        let next = answer.action.map(|action| self.actions.number(action));
        let pause = answer.pause.map(|_| now);
        match (answer.commands.is_empty(), pause) {
            (true, None) => Phase::Done { decision: answer.decision, reason: answer.reason.code(), action: next },
            (true, Some(_)) if round == MOST_ROUNDS => {
                Phase::Done { decision: Decision::Error, reason: "not_settled", action: next }
            }
            (true, Some(told_at)) => {
                Phase::Begin { action: next, round: round + 1, pause: Some(Pause { told_at, until_shown: 0 }) }
            }
            (false, _) => {
                let deeds = answer.commands.into_iter().map(|write| Deed::Command(write.command)).collect();
                self.writing(round, deeds, next, pause)
            }
        }
    }

    fn writing(&mut self, round: u8, deeds: Vec<Deed>, next: Option<u32>, pause: Option<usize>) -> Phase {
        let writes = deeds.into_iter().map(|deed| self.deeds.number(deed)).collect();
        Phase::Writing { round, writes, next, pause }
    }

    /// The script's next step, now that it has read the tag.
    fn script_thinks(&mut self, program: usize, phase: &Phase) -> Phase {
        let Phase::Looking { round, seen, .. } = phase else { unreachable!("it is not looking") };
        let raw = seen.values().next().map(|raw| self.raws.get(*raw));
        let Some(RawResult::Http { body, .. }) = raw else { unreachable!("the environment is there") };
        // `jq -r .tags.nodeploy`
        let document: serde_json::Value = serde_json::from_str(body).expect("the model's documents are JSON");
        let tag = document["tags"]["nodeploy"].as_str().filter(|tag| *tag != "null").map(str::to_owned);
        let done = |decision| Phase::Done { decision, reason: "script", action: None };
        match (&self.programs[program], tag) {
            (Program::ScriptAssert, None) => done(Decision::Proceed),
            (Program::ScriptAssert, Some(_)) => done(Decision::Refuse),
            (_, None) => done(Decision::Error),
            (_, Some(tag)) => {
                let unset = Command::TagEnvironment {
                    environment: EnvironmentName::new(ENVIRONMENT).expect("a name"),
                    set: Vec::new(),
                    unset: vec![TagKey::new("nodeploy").expect("a key")],
                };
                let off = TrailName::new(&tag).ok().map(|trail| attest(trail, "nodeploy-off", None));
                self.writing(*round, [Some(unset), off].into_iter().flatten().map(Deed::Command).collect(), None, None)
            }
        }
    }
}

/// The id that the script makes of the clock.
pub(crate) fn script_id(now: &str) -> String {
    now.trim_end_matches('Z').replace(':', ".")
}

fn script_on(now: &str) -> Vec<Deed> {
    let id = script_id(now);
    let trail = TrailName::new(&id).expect("an instant in letters of a name");
    let tag = Command::TagEnvironment {
        environment: EnvironmentName::new(ENVIRONMENT).expect("a name"),
        set: vec![(TagKey::new("nodeploy").expect("a key"), id)],
        unset: Vec::new(),
    };
    let begin = Command::BeginTrail { flow: FlowName::new(FLOW).expect("a name"), trail: trail.clone() };
    [tag, begin, attest(trail, "nodeploy-on", Some("script"))].map(Deed::Command).into()
}

fn attest(trail: TrailName, name: &'static str, reason: Option<&str>) -> Command {
    let flow = FlowName::new(FLOW).expect("a name");
    Command::Attest { flow, trail, name, description: reason.map(str::to_owned), annotations: BTreeMap::new() }
}

fn environment() -> Target {
    Target::Environment { environment: EnvironmentName::new(ENVIRONMENT).expect("a name"), look: 1 }
}

/// The trails of a Kosli by their names.
pub(crate) fn trails(kosli: &Kosli) -> impl Iterator<Item = (&String, &Trail)> {
    kosli.trails.iter().flatten()
}
