//! The gate and the host of `examples/`: the gate asked, the host on a Kosli in memory.

#[allow(dead_code, reason = "an example is a program of its own")]
#[path = "../examples/gate.rs"]
mod gate;
#[allow(dead_code, reason = "an example is a program of its own")]
#[path = "../examples/host.rs"]
mod host;

use freeze_core::{Answer, Call, Decision, RawResult, Read, Write};
use kosli_model::Kosli;

struct InMemory {
    kosli: Kosli,
    /// How many writes succeed before one fails.
    until_cut: usize,
}

impl host::Kosli for InMemory {
    fn look(&self, read: &Read) -> RawResult {
        self.kosli.read(read)
    }

    fn write(&mut self, write: &Write) -> Result<(), String> {
        self.until_cut = self.until_cut.checked_sub(1).ok_or("cut")?;
        self.kosli.write(&write.command)
    }
}

fn carry_out(kosli: &mut InMemory, action: &str) -> Result<Answer, String> {
    let call = format!(r#"{{"action": {action}, "now": "2024-10-31T10:44:48Z", "environment": "prod-aws"}}"#);
    host::carry_out(Call::from_json(&call).expect("a call"), kosli)
}

#[test]
fn the_host_freezes_gates_and_lifts_also_when_it_was_cut() {
    const ON: &str = r#"{"type": "on", "reason": "database migration", "by": "steve"}"#;
    const ASSERT: &str = r#"{"type": "assert"}"#;
    let mut kosli = InMemory { kosli: Kosli::new("prod-aws"), until_cut: 1 };
    assert_eq!(carry_out(&mut kosli, ASSERT).expect("an answer").decision, Decision::Proceed);
    assert_eq!(carry_out(&mut kosli, ON).expect_err("cut after the alarm went up"), "cut");
    assert_eq!(carry_out(&mut kosli, ASSERT).expect("an answer").decision, Decision::Refuse);
    kosli.until_cut = usize::MAX;
    let frozen = carry_out(&mut kosli, ON).expect("it goes on where it was cut");
    assert_eq!((frozen.decision, frozen.freezes.len()), (Decision::Proceed, 1));
    assert!(frozen.summary.starts_with("freezing prod-aws as "), "{}", frozen.summary);
    assert_eq!(carry_out(&mut kosli, ASSERT).expect("an answer").reason, "frozen");
    let lifted = carry_out(&mut kosli, r#"{"type": "off", "by": "steve"}"#).expect("an answer");
    assert_eq!(lifted.decision, Decision::Proceed);
    assert_eq!(carry_out(&mut kosli, ASSERT).expect("an answer").decision, Decision::Proceed);
}

#[test]
fn the_gate_opens_only_for_an_open_environment() {
    for (document, code) in [
        (r#"{"name": "prod-aws", "tags": {}}"#, Some(0)),
        (r#"{"name": "prod-aws", "tags": {"nodeploy": "2024-10-31T10.44.48"}}"#, Some(1)),
        (r#"{"name": "staging", "tags": {}}"#, Some(2)),
        (r#"{"name": "prod-aws"}"#, Some(2)),
        (r#"{"name": "prod-aws", "tags": {}"#, Some(2)),
        ("", Some(2)),
    ] {
        assert_eq!(gate::decide("prod-aws", document).ok(), code, "{document}");
    }
    assert_ne!(gate::decide("", r#"{"name": "", "tags": {}}"#).ok(), Some(0));
}
