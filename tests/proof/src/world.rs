//! A world: one Kosli, a few hosts, a clock, and faults; where it begins, what may come next, and what follows.

use crate::excepted;
use crate::host::{Host, Phase};
use crate::judge::{self, mark};
use crate::mind::{Mind, Outcome};
use crate::policies;
use crate::program::Program;
use crate::property::{self, is_success};
use crate::start::Start;

/// No host.
const NOBODY: u32 = u32::MAX;

/// What may go wrong in one world: so many faults, each a crash, a lost answer or a repeated write.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Faults(pub u8);

/// Every world that begins with one of `starts`, in which one of `casts` runs.
#[derive(Debug)]
pub struct World {
    starts: Vec<Start>,
    /// Programs by their places in the list of all.
    casts: Vec<Vec<usize>>,
    faults: Faults,
    has_late_writes: bool,
    /// Kosli may show a claim later than its writer waits for.
    is_tardy: bool,
    pub(crate) mind: Mind,
}

/// Everything that may differ between two moments; numbers are those of the tables in `mind`.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct State {
    pub(crate) kosli: u32,
    pub(crate) hosts: [u32; 3],
    /// The write that is still on its way.
    late: u32,
    pub(crate) clock: u8,
    faults: u8,
    /// What writes and gates have done wrong.
    pub(crate) marks: u16,
    /// Who takes part.
    pub(crate) cast: u8,
    /// The properties that this state breaks, by their bits.
    pub(crate) broken: u64,
}

pub(crate) mod cast {
    pub(crate) const SCRIPT: u8 = 1;
    pub(crate) const WIPE: u8 = 2;
    pub(crate) const ONLY_SCRIPTS: u8 = 4;
    pub(crate) const ALONE: u8 = 8;
}

/// What happens next.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Move {
    /// A host's next read or write, or the start of its round.
    Step {
        /// Which host.
        host: u8,
        /// Which of the reads that are due.
        read: u8,
    },
    /// The next write is applied, and its answer lost.
    LoseAnswer(u8),
    /// The next write is lost on its way.
    LoseWrite(u8),
    /// What was lost arrives.
    Arrive,
    /// The next write is applied, and comes once more later.
    Repeat(u8),
    /// A host is killed.
    Crash(u8),
    /// What was killed is run again.
    Restart(u8),
    /// Time passes.
    Tick,
    /// Kosli shows a claim that it has not shown yet.
    Show(u8),
}

impl World {
    /// Every world of these.
    #[must_use]
    pub fn new(starts: Vec<Start>, casts: &[Vec<Program>], clock: &[&'static str], faults: Faults) -> Self {
        let mut programs: Vec<Program> = Vec::new();
        let mut place = |program: &Program| {
            programs.iter().position(|known| known == program).unwrap_or_else(|| {
                programs.push(program.clone());
                programs.len() - 1
            })
        };
        let casts = casts.iter().map(|cast| cast.iter().map(&mut place).collect()).collect();
        let mind = Mind::new(programs, clock.to_vec());
        Self { starts, casts, faults, has_late_writes: false, is_tardy: false, mind }
    }

    /// A write that is lost may arrive after all, at any later moment.
    #[must_use]
    pub fn with_late_writes(self) -> Self {
        Self { has_late_writes: true, ..self }
    }

    /// Kosli shows a claim when it likes, but no later than two seconds after it was reported.
    #[must_use]
    pub fn with_late_claims(mut self) -> Self {
        self.mind.hides_claims = true;
        self
    }

    /// Kosli shows a claim when it likes.
    #[must_use]
    pub fn with_tardy_claims(self) -> Self {
        Self { is_tardy: true, ..self.with_late_claims() }
    }

    /// Where it begins.
    pub(crate) fn beginnings(&mut self) -> Vec<State> {
        let mut states = Vec::new();
        let beside = |start: &Start| self.casts.iter().map(|cast| (start.clone(), cast.clone())).collect::<Vec<_>>();
        for (start, cast) in self.starts.iter().flat_map(beside).collect::<Vec<_>>() {
            let mut hosts = [NOBODY; 3];
            for (host, program) in hosts.iter_mut().zip(&cast) {
                *host = self.mind.start(*program);
            }
            let (kosli, cast, faults) = (self.mind.kosli(start.kosli), self.bits(&cast), self.faults.0);
            states.push(self.judged(State { kosli, hosts, late: NOBODY, clock: 0, faults, marks: 0, cast, broken: 0 }));
        }
        states
    }

    /// What may come next.
    pub(crate) fn moves(&self, state: &State, moves: &mut Vec<Move>) {
        for (place, number) in (0..).zip(state.hosts).filter(|(_, number)| *number != NOBODY) {
            if self.waits(state, place) {
                continue;
            }
            let host = self.mind.host(number);
            if self.pauses(state, host) {
                if state.faults > 0 && host.has_just_written() {
                    moves.push(Move::Crash(place));
                }
                continue;
            }
            match &host.phase {
                Phase::Begin { .. } => moves.push(Move::Step { host: place, read: 0 }),
                Phase::Looking { due, .. } => {
                    moves.extend((0..).zip(due).map(|(read, _)| Move::Step { host: place, read }));
                }
                Phase::Writing { .. } => {
                    moves.push(Move::Step { host: place, read: 0 });
                    if state.faults > 0 {
                        moves.extend([Move::LoseAnswer(place), Move::LoseWrite(place), Move::Repeat(place)]);
                    }
                }
                Phase::Dead { .. } => moves.push(Move::Restart(place)),
                Phase::Done { .. } => {}
            }
            if state.faults > 0 && host.has_just_written() {
                moves.push(Move::Crash(place));
            }
        }
        if state.late != NOBODY {
            moves.push(Move::Arrive);
        }
        if usize::from(state.clock) + 1 < self.mind.clock.len() {
            moves.push(Move::Tick);
        }
        if self.mind.hides_claims {
            let hidden = excepted::hidden_in(self.mind.koslis.get(state.kosli)).count();
            moves.extend((0..).map(Move::Show).take(hidden));
        }
    }

    /// Two seconds are not over, or Kosli takes as long as they do to show what came before them.
    fn pauses(&self, state: &State, host: &Host) -> bool {
        let Phase::Begin { pause: Some(pause), .. } = &host.phase else { return false };
        let kosli = self.mind.koslis.get(state.kosli);
        let is_shown = self.is_tardy || excepted::hidden_in(kosli).all(|hidden| hidden.at > pause.until_shown);
        usize::from(state.clock) <= pause.told_at || !is_shown
    }

    /// An edit of a policy comes after the syncs before it, and none of those is run again once it has begun: two
    /// versions at once would take turns for as long as both look.
    fn waits(&self, state: &State, place: u8) -> bool {
        let place = usize::from(place);
        let Some(policy) = self.mind.program(state.hosts[place]).policy() else { return false };
        let edits = |host: &&u32| {
            **host != NOBODY && self.mind.program(**host).policy().is_some_and(|other| other.edits(policy))
        };
        let host = self.mind.host(state.hosts[place]);
        let (before, after) = (&state.hosts[..place], &state.hosts[place + 1..]);
        !host.has_looked() && before.iter().filter(edits).any(|other| !self.mind.host(*other).is_at_rest())
            || host.is_dead() && after.iter().filter(edits).any(|other| self.mind.host(*other).has_looked())
    }

    /// What follows from it.
    pub(crate) fn follow(&mut self, mut state: State, next: Move) -> State {
        match next {
            Move::Step { host, read } => self.step(&mut state, host.into(), read.into()),
            Move::LoseAnswer(host) => {
                self.write(&mut state, host.into());
                self.go_on(&mut state, host.into(), Outcome::AnswerLost);
            }
            Move::LoseWrite(host) => {
                if self.has_late_writes && state.late == NOBODY {
                    state.late = self.mind.next_deed(state.hosts[usize::from(host)]);
                }
                self.go_on(&mut state, host.into(), Outcome::WriteLost);
            }
            Move::Arrive => {
                (state.kosli, _) = self.mind.write(state.late, state.kosli);
                state.late = NOBODY;
                state.marks |= mark::ARRIVED;
            }
            Move::Repeat(host) => {
                self.write(&mut state, host.into());
                state.marks |= mark::REPEATED;
            }
            Move::Crash(host) => {
                let host = &mut state.hosts[usize::from(host)];
                *host = self.mind.kill(*host);
            }
            Move::Restart(host) => {
                let host = &mut state.hosts[usize::from(host)];
                *host = self.mind.start(self.mind.host(*host).program);
            }
            Move::Tick => state.clock += 1,
            Move::Show(nth) => state.kosli = self.mind.show(state.kosli, nth.into()),
        }
        let is_fault =
            !matches!(next, Move::Step { .. } | Move::Restart(_) | Move::Arrive | Move::Tick | Move::Show(_));
        state.faults -= u8::from(is_fault);
        self.judged(state)
    }

    fn step(&mut self, state: &mut State, host: usize, read: usize) {
        let number = state.hosts[host];
        match &self.mind.host(number).phase {
            Phase::Begin { round, .. } => {
                let is_excepted = self.mind.program(number).states_change();
                let stands = match round {
                    2.. if !is_excepted => Vec::new(),
                    _ => self.mind.verdict(state.kosli, state.clock).shown.clone(),
                };
                let kosli = self.mind.koslis.get(state.kosli);
                let bars = if is_excepted { excepted::bars(kosli, &stands) } else { Vec::new() };
                state.hosts[host] = self.mind.begin(number, state.clock.into(), &stands, &bars);
                self.note_pause(state, host);
            }
            Phase::Looking { .. } => {
                state.hosts[host] = self.mind.read(number, read, state.kosli);
                state.marks |= self.gate_marks(state, host);
                self.note_pause(state, host);
            }
            Phase::Writing { .. } => {
                let outcome = if self.write(state, host) { Outcome::Done } else { Outcome::Refused };
                self.go_on(state, host, outcome);
            }
            Phase::Done { .. } | Phase::Dead { .. } => unreachable!("it has exited"),
        }
    }

    /// Applies a host's next write; `true` if Kosli took it.
    fn write(&mut self, state: &mut State, host: usize) -> bool {
        let number = state.hosts[host];
        let (kosli, now) = (self.mind.koslis.get(state.kosli), self.mind.clock[usize::from(state.clock)]);
        let deed = self.mind.next_deed(number);
        let (program, first) = (self.mind.program(number), &self.mind.host(number).stood);
        let marks = judge::marks(program, first, self.mind.deed(deed), kosli, now);
        // A wipe takes flags away under a host that counts on them: that is the outsider's doing.
        state.marks |= if state.cast & cast::WIPE == 0 { marks } else { marks & !mark::ALARM_LATE };
        let (kosli, is_taken) = self.mind.write(deed, state.kosli);
        let (before, after) = (self.mind.koslis.get(state.kosli), self.mind.koslis.get(kosli));
        let now = self.mind.clock[usize::from(state.clock)];
        state.marks |= policies::marks(self.mind.program(number), before, after, now);
        if self.mind.program(number).is_reader() {
            state.marks |= mark::READER_WROTE;
        }
        state.kosli = kosli;
        is_taken
    }

    fn go_on(&mut self, state: &mut State, host: usize, outcome: Outcome) {
        state.hosts[host] = self.mind.go_on(state.hosts[host], outcome);
        self.note_pause(state, host);
    }

    fn note_pause(&mut self, state: &mut State, host: usize) {
        let latest = excepted::latest(self.mind.koslis.get(state.kosli));
        state.hosts[host] = self.mind.note_pause(state.hosts[host], latest);
    }

    /// A gate that proceeds must not have missed what stood when it began and still stands.
    fn gate_marks(&mut self, state: &State, host: usize) -> u16 {
        let verdict = self.mind.verdict(state.kosli, state.clock);
        let gate = self.mind.host(state.hosts[host]);
        if excepted::has_passed(gate) {
            let program = self.mind.program(state.hosts[host]);
            return excepted::marks(program, gate, self.mind.koslis.get(state.kosli), &verdict.shown);
        }
        let misses = |missed: bool, mark: u16| if missed && is_success(gate) { mark } else { 0 };
        misses(gate.stood.iter().any(|id| verdict.shown.contains(id)), mark::GATE_MISSED)
            | misses(gate.is_covered, mark::RELAY_MISSED)
    }

    /// Begins the rounds whose instant is certain, and finds out what the state breaks.
    fn judged(&mut self, mut state: State) -> State {
        let is_open = self.mind.verdict(state.kosli, state.clock).shown.is_empty();
        for host in state.hosts.iter_mut().filter(|host| **host != NOBODY) {
            if is_open && self.mind.host(*host).is_covered {
                *host = self.mind.uncover(*host);
            }
            let is_certain = usize::from(state.clock) + 1 == self.mind.clock.len();
            let begins = matches!(self.mind.host(*host).phase, Phase::Begin { .. });
            if begins && is_certain && !self.mind.program(*host).is_gate() && !self.mind.host(*host).is_waiting() {
                *host = self.mind.begin(*host, state.clock.into(), &[], &[]);
            }
        }
        state.broken = property::broken(&mut self.mind, &state);
        state
    }

    fn bits(&self, cast: &[usize]) -> u8 {
        let has = |is: fn(&Program) -> bool| cast.iter().any(|program| is(&self.mind.programs[*program]));
        let bit = |is: bool, bit: u8| if is { bit } else { 0 };
        bit(has(Program::is_script), cast::SCRIPT)
            | bit(has(|program| *program == Program::Wipe), cast::WIPE)
            | bit(!has(|program| !program.is_script()), cast::ONLY_SCRIPTS)
            | bit(cast.len() == 1, cast::ALONE)
    }
}

impl State {
    pub(crate) fn hosts(&self) -> impl Iterator<Item = u32> {
        self.hosts.into_iter().filter(|host| *host != NOBODY)
    }
}
