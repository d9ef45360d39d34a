//! The crate rrule. It has no other way than to walk from the first occurrence, once.

use rrule::RRuleSet;

use crate::question::{Question, State, Window};

pub struct Set {
    name: String,
    starts: RRuleSet,
    lasts: i64,
}

pub fn sets(question: &Question) -> Vec<Set> {
    question.windows.iter().map(set).collect()
}

fn set(window: &Window) -> Set {
    let Window { timezone, dtstart: Some(dtstart), rrule: Some(rule), .. } = window else {
        panic!("`{}` is no window by RFC 5545", window.name);
    };
    let dtstart = dtstart.replace(['-', ':'], "");
    let text = format!("DTSTART;TZID={timezone}:{dtstart}00\nRRULE:{rule}");
    let starts = text.parse().expect("rrule reads what the bench writes");
    Set { name: window.name.clone(), starts, lasts: window.lasts().expect("there is a duration") }
}

pub fn ask(sets: &[Set], question: &Question) -> State {
    let at = question.at.timestamp();
    let mut state = State::default();
    for Set { name, starts, lasts } in sets {
        let (mut last, mut next) = (None, None);
        for start in starts {
            let start = start.timestamp();
            if start > at {
                next = Some(start);
                break;
            }
            last = Some(start);
        }
        let active = last.map(|last| last + lasts).filter(|end| *end > at);
        state.take(name, active.is_some(), active.or(next));
    }
    state
}
