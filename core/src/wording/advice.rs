//! The next command: as words to type, and as data for hosts.

use std::collections::BTreeMap;

use crate::answer::{Advice, Next};
use crate::call::{Action, Freezes};
use crate::freeze::Freeze;
use crate::text::shell_word;

use super::command_line::command_line;

/// `to see them: nodeploy -e prod-aws status`
pub(crate) fn advise(lead: &str, environment: &str, action: Action) -> Advice {
    let text = [lead, ": ", &command_line(Some(environment), &action)].concat();
    Advice { text, next: Some(next(action)) }
}

fn next(action: Action) -> Box<Next> {
    Box::new(Next { environment: None, action, options: BTreeMap::new() })
}

impl Advice {
    /// With an option of the command line alone.
    pub(crate) fn with(mut self, option: &'static str, value: &str) -> Self {
        add_option(&mut self.text, &["--", option].concat(), Some(value));
        if let Some(next) = &mut self.next {
            next.options.insert(option, value.to_owned());
        }
        self
    }

    /// About another environment than the call's.
    pub(crate) fn of_another(mut self, environment: &str) -> Self {
        if let Some(next) = &mut self.next {
            next.environment = Some(environment.to_owned());
        }
        self
    }

    pub(crate) fn after(self, words: &str) -> Self {
        Self { text: [words, &self.text].concat(), ..self }
    }
}

/// How to lift `freezes`. Who does it is whoever types it.
pub(crate) fn lift(environment: &str, freezes: &[&Freeze<'_>]) -> Advice {
    let what = if freezes.len() == 1 { "it" } else { "them" };
    let mut text = String::with_capacity(200);
    push(&mut text, &["to lift ", what, ": nodeploy -e ", environment, " off"]);
    // No word of a shell ends with a line break, and an empty one is a variable that is not set; such a tag comes down
    // with all the others.
    let meant = if freezes.iter().any(|freeze| freeze.id.is_empty() || freeze.id.ends_with('\n')) {
        text.push_str(" --all");
        Freezes::All
    } else {
        for freeze in freezes {
            add_option(&mut text, "--freeze", Some(&freeze.id));
        }
        Freezes::These(freezes.iter().map(|freeze| freeze.id.to_string()).collect())
    };
    Advice { text, next: Some(next(Action::Off { freezes: Some(meant), by: None, reason: None })) }
}

fn add_option(line: &mut String, name: &str, value: Option<&str>) {
    let Some(value) = value else { return };
    match value.chars().next() {
        // The command line takes an empty word for a variable that is not set.
        None => push(line, &[" ", name, "="]),
        // It would be taken for an option.
        Some('-') => push(line, &[" ", name, "=", &shell_word(value)]),
        Some(_) => push(line, &[" ", name, " ", &shell_word(value)]),
    }
}

pub(super) fn push(text: &mut String, parts: &[&str]) {
    for part in parts {
        text.push_str(part);
    }
}
