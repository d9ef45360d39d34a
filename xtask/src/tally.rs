//! How many tests ran: read off the closing lines of cargo's and Node's test runners.

use std::fmt;

/// Tests and checks, by how they ended.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl Tally {
    /// Counts what a line of a runner's output closes with; most lines close nothing.
    pub(crate) fn read(&mut self, line: &str) {
        if let Some(result) = line.strip_prefix("test result: ") {
            self.passed += number_before(result, " passed");
            self.failed += number_before(result, " failed");
            self.skipped += number_before(result, " ignored");
        } else if let Some((kind, count)) = line.strip_prefix("ℹ ").and_then(|line| line.split_once(' ')) {
            let count = count.parse().unwrap_or(0);
            match kind {
                "pass" => self.passed += count,
                "fail" | "cancelled" => self.failed += count,
                "skipped" | "todo" => self.skipped += count,
                _ => {}
            }
        }
    }

    /// What a step's output closes with: `== NAME: 3 passed, 0 failed, 1 skipped, 2.0 s`.
    pub(crate) fn closing(name: &str, output: &str) -> Self {
        let line = output.lines().rev().find_map(|line| line.strip_prefix(&format!("== {name}: ")));
        let count = |word| line.map_or(0, |line| number_before(line, word));
        Self { passed: count(" passed"), failed: count(" failed"), skipped: count(" skipped") }
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 { write!(out, ", {} skipped", self.skipped) } else { Ok(()) }
    }
}

fn number_before(text: &str, word: &str) -> u64 {
    let number = text.split_once(word).map_or("", |(before, _)| before.rsplit(' ').next().unwrap_or(""));
    number.parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[track_caller]
    fn check(output: &str, says: &str) {
        let mut tally = Tally::default();
        output.lines().for_each(|line| tally.read(line));
        assert_eq!(tally.to_string(), says);
    }

    #[test]
    fn closing_lines_add_up_and_other_lines_do_not() {
        check(
            "running 3 tests\ntest a ... ok\n\
             test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
             test result: FAILED. 10 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            "13 passed, 2 failed, 1 skipped",
        );
        check(
            "✔ a (1ms)\nℹ tests 8\nℹ suites 0\nℹ pass 6\nℹ fail 1\nℹ cancelled 1\nℹ skipped 0\nℹ duration_ms 51.7",
            "6 passed, 2 failed",
        );
        check("ℹ my own line says pass 7", "0 passed, 0 failed");
    }

    #[test]
    fn what_a_step_closes_with_is_read_again() {
        for (output, says) in [
            ("\n== rust: unit tests\n== rust: 314 passed, 0 failed, 4 min 7 s\n", "314 passed, 0 failed"),
            (
                "== npm: 7 passed, 0 failed, 2 skipped, 0.3 s\n== rust: 3 passed, 1 failed, 12 s\nxtask: no\n",
                "3 passed, 1 failed",
            ),
            ("\n== rust: unit tests\n", "0 passed, 0 failed"),
            ("", "0 passed, 0 failed"),
        ] {
            assert_eq!(Tally::closing("rust", output).to_string(), says, "{output}");
        }
    }
}
