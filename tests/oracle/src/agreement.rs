//! How often two agreed, and why they differed where they did.

use std::collections::BTreeMap;
use std::fmt::{Display, Write as _};
use std::io::Write as _;

use serde_json::Value;

/// Counts; what no class explains is kept.
#[derive(Debug, Default)]
pub struct Agreement {
    compared: usize,
    differences: BTreeMap<&'static str, usize>,
    unexplained: Vec<String>,
}

impl Agreement {
    /// Both said the same.
    pub fn agreed(&mut self) {
        self.compared += 1;
    }

    /// They differ, for a reason that has a name.
    pub fn explained(&mut self, class: &'static str) {
        self.compared += 1;
        *self.differences.entry(class).or_default() += 1;
    }

    /// They differ, and nobody knows why; `shown` is written only for the first ones.
    pub fn unexplained(&mut self, shown: impl FnOnce() -> String) {
        self.compared += 1;
        let is_among_first = self.unexplained.len() < 10;
        self.unexplained.push(if is_among_first { shown() } else { String::new() });
    }

    /// `key` of the answer is what `is_right` takes.
    pub fn holds(&mut self, answer: &Value, key: &str, is_right: bool, shown: impl FnOnce() -> String) {
        if is_right {
            self.agreed();
        } else {
            self.unexplained(|| format!("`{key}` is {}, {}", answer[key], shown()));
        }
    }

    /// Prints what was counted, past the test runner's capture.
    pub fn report(&self, what: impl Display) {
        let mut text =
            format!("\n{what}: {} compared, {} differ", self.compared, self.differences.values().sum::<usize>());
        for (class, count) in &self.differences {
            let _ = write!(text, "\n  {count:>7}  {class}");
        }
        text.push('\n');
        // `print!` would be captured.
        std::io::stdout().write_all(text.as_bytes()).expect("stdout can be written");
        let count = self.unexplained.len();
        assert_eq!(
            count,
            0,
            "{count} differences have no name; the first:\n{}",
            self.unexplained[..count.min(10)].join("\n")
        );
    }
}
