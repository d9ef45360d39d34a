//! The crate croner.

use chrono::TimeDelta;
use chrono_tz::Tz;
use croner::Cron;

use crate::question::{Question, State, Window};

pub struct Pattern {
    name: String,
    zone: Tz,
    start: Cron,
    end: End,
}

enum End {
    After(TimeDelta),
    At(Box<Cron>),
}

pub fn patterns(question: &Question) -> Vec<Pattern> {
    question.windows.iter().map(pattern).collect()
}

fn pattern(window: &Window) -> Pattern {
    let read = |text: &String| text.parse::<Cron>().expect("croner reads what the bench writes");
    let end = match (&window.end, window.lasts()) {
        (Some(end), _) => End::At(Box::new(read(end))),
        (None, lasts) => End::After(TimeDelta::seconds(lasts.expect("there is an end or a duration"))),
    };
    Pattern {
        name: window.name.clone(),
        zone: window.zone(),
        start: window.start.as_ref().map(read).expect("it is a cron window"),
        end,
    }
}

pub fn ask(patterns: &[Pattern], question: &Question) -> State {
    let mut state = State::default();
    for Pattern { name, zone, start, end } in patterns {
        let at = question.at.with_timezone(zone);
        let ends = start.find_previous_occurrence(&at, true).ok().and_then(|last| match end {
            End::After(lasts) => Some(last + *lasts),
            End::At(end) => end.find_next_occurrence(&last, false).ok(),
        });
        let active = ends.filter(|end| *end > at);
        let is_active = active.is_some();
        let changes = active.or_else(|| start.find_next_occurrence(&at, false).ok());
        state.take(name, is_active, changes.map(|time| time.timestamp()));
    }
    state
}
