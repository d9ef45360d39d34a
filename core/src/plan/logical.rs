//! A logical environment is made of others. Who deploys to one of those asks that one's gate, which looks at its own
//! tags: so it is the members that are frozen and asked, and the logical environment only beside them.

use crate::answer::{Advice, Answer, Decision};
use crate::codes::Reason;
use crate::sight::Sight;
use crate::text::excerpt;
use crate::wording;

/// How many members a summary names.
const TOLD: usize = 3;

/// Refused, as long as the host does not say that it asks every member as well.
pub(super) fn refuse(sight: &Sight<'_>, members: &[String]) -> Answer {
    let name = sight.name.as_str();
    let action = sight.ask.action;
    let (summary, advice) = if members.is_empty() {
        let summary = format!("{name} is a logical environment without members: there is nothing to ask");
        (
            summary,
            Advice {
                text: format!(
                    "name the environment that is deployed to, or add it: kosli join env --logical {name} --physical ENV"
                ),
                next: None,
            },
        )
    } else {
        let mut told: Vec<_> = members.iter().take(TOLD).map(|member| excerpt(member)).collect();
        if members.len() > TOLD {
            told.push(format!("{} more", members.len() - TOLD));
        }
        let (last, others) = told.split_last().map_or(("", &[][..]), |(last, others)| (last.as_str(), others));
        let named = if others.is_empty() { last.to_owned() } else { format!("{} and {last}", others.join(", ")) };
        let summary = format!("{name} is a logical environment; what counts are its members, {named}");
        (summary, wording::advise("the command line asks them all", name, action.clone()))
    };
    Answer {
        summary,
        members: Some(members.to_vec()),
        action: Some(action.clone()),
        ..Answer::new(Decision::Refuse, Reason::Logical)
    }
    .advised(advice)
}
