//! A way through a world, step by step, for people.

use freeze_core::Command;
use kosli_model::Kosli;

use crate::host::{Deed, Phase};
use crate::mind::trails;
use crate::world::{Move, State, World};

impl World {
    /// A way through states, step by step, for people.
    pub(crate) fn told(&self, first: &State, way: &[(Move, State)]) -> Vec<String> {
        let mind = &self.mind;
        let mut lines = vec![format!("begins with {}", told_kosli(mind.koslis.get(first.kosli)))];
        let befores = [first].into_iter().chain(way.iter().map(|(_, state)| state));
        for (state, (next, _)) in befores.zip(way) {
            let number = |host: u8| state.hosts[usize::from(host)];
            let who = |host: u8| format!("{} [{}]", host + 1, mind.program(number(host)).name());
            let deed = |host: u8| format!("{} {}", who(host), told_deed(mind.deed(mind.next_deed(number(host)))));
            lines.push(match *next {
                Move::Step { host, read } => match &mind.host(number(host)).phase {
                    Phase::Begin { .. } => format!("{} begins a round", who(host)),
                    Phase::Looking { .. } => {
                        format!("{} reads {}", who(host), mind.due_name(number(host), read.into()))
                    }
                    _ => deed(host),
                },
                Move::LoseAnswer(host) => format!("{}, but the answer is lost", deed(host)),
                Move::LoseWrite(host) => format!("{}, but it never arrives", deed(host)),
                Move::Repeat(host) => format!("{}, which will come again", deed(host)),
                Move::Arrive => "what never arrived arrives".to_owned(),
                Move::Crash(host) => format!("{} is killed", who(host)),
                Move::Restart(host) => format!("{} is run again", who(host)),
                Move::Show(_) => "Kosli shows a claim".to_owned(),
                Move::Tick => format!("it is {}", mind.clock[usize::from(state.clock) + 1]),
            });
        }
        let last = way.last().map_or(first, |(_, state)| state);
        lines.push(format!("ends with {}", told_kosli(mind.koslis.get(last.kosli))));
        lines
    }
}

fn told_deed(deed: &Deed) -> String {
    match deed {
        Deed::Command(Command::TagEnvironment { set, unset, .. }) => {
            let set = set.iter().map(|(key, _)| format!("+{key}"));
            let tags: Vec<_> = set.chain(unset.iter().map(|key| format!("-{key}"))).collect();
            format!("tags {}", tags.join(" "))
        }
        Deed::Command(Command::Attest { trail, name, .. }) => format!("attests {name} to {trail}"),
        Deed::Command(Command::BeginTrail { trail, .. }) => format!("begins the trail {trail}"),
        Deed::Command(_) => "creates the flow".to_owned(),
        Deed::Wipe => "removes every tag of ours".to_owned(),
    }
}

fn told_kosli(kosli: &Kosli) -> String {
    let tags: Vec<_> =
        kosli.tags.iter().filter(|(key, _)| *key != "team").map(|(key, value)| format!("{key}={value}")).collect();
    let trails = trails(kosli).take(5).map(|(id, trail)| {
        let attested: Vec<_> = trail.attestations.iter().map(|one| one.name.as_str()).collect();
        format!("{id} [{}]", attested.join(" "))
    });
    let exceptions = kosli.exceptions.iter().flatten().map(|(id, trail)| {
        let attested: Vec<_> = trail.attestations.iter().map(|one| one.name.as_str()).collect();
        format!(", {id} [{}]", attested.join(" "))
    });
    let exceptions: String = exceptions.collect();
    format!("tags {{{}}} and trails {{{}{exceptions}}}", tags.join(", "), trails.collect::<Vec<_>>().join(", "))
}
