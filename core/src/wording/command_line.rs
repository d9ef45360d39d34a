//! The command line of an action, for a POSIX shell: whoever pastes it carries the action out.

use crate::call::{Action, Claim, Deployment, Freezes, Question, Report, Request};
use crate::change::{Change, Match};
use crate::kosli::window_name::WindowName;
use crate::text::shell_line;

/// `nodeploy -e prod-aws off --freeze 2024-10-31T10.44.48~steve`; without an environment where the action needs none.
pub(crate) fn command_line(environment: Option<&str>, action: &Action) -> String {
    let mut line = Line { words: vec!["nodeploy".to_owned()] };
    if let Some(environment) = environment {
        line.say("-e", environment);
    }
    match action {
        Action::On { reason, by, until, id, except } => {
            line.say("--reason", reason);
            // Nobody is said too: without it, the command line says who runs it.
            line.say("--by", by.as_deref().unwrap_or_default());
            line.maybe("--until", until.as_deref());
            line.word("on");
            line.maybe("--freeze", id.as_deref());
            line.matching("--except", except.as_ref());
        }
        // Whose freezes have all been lifted has only the mending left: an `off` that names none lifts others.
        Action::Off { freezes: Some(Freezes::These(ids)), .. } if ids.is_empty() => line.word("sync"),
        Action::Off { freezes, by, reason } => {
            line.maybe("--reason", reason.as_deref());
            line.say("--by", by.as_deref().unwrap_or_default());
            line.word("off");
            line.freezes(freezes.as_ref());
        }
        Action::Assert(Deployment { at, needs, change, run, claim, record, attest, .. }) => {
            line.word("assert");
            line.maybe("--at", at.as_deref());
            line.maybe("--needs", needs.as_deref());
            line.change(change, run.as_deref());
            line.flag("--claim", *claim);
            line.flag("--record", *record);
            line.maybe("--attest", attest.as_deref());
        }
        Action::Status(Question { at, change, run, awaiting, .. }) => {
            line.word("status");
            line.maybe("--at", at.as_deref());
            line.change(change, run.as_deref());
            line.flag("--awaiting", *awaiting);
        }
        Action::Except(request) => line.except(request),
        Action::Approve { exception, by, reason, .. } => {
            // Whoever pastes it says who approves.
            line.maybe("--by", Some(&**by).filter(|by| !by.is_empty()));
            line.maybe("--reason", reason.as_deref());
            line.word("approve");
            line.say("--exception", exception);
        }
        Action::Revoke { exception, by, reason } => {
            line.say("--by", by.as_deref().unwrap_or_default());
            line.maybe("--reason", reason.as_deref());
            line.word("revoke");
            line.say("--exception", exception);
        }
        Action::Claim(Claim { exception, change, run, needs, .. }) => {
            line.word("claim");
            line.maybe("--exception", exception.as_deref());
            line.change(change, Some(run));
            line.maybe("--needs", needs.as_deref());
        }
        // The command line asks for the freezes wherever it makes a calendar of one environment.
        Action::Windows { at, days, ics, frozen: _ } => {
            line.word("windows");
            line.maybe("--at", at.as_deref());
            line.maybe("--days", days.map(|days| days.to_string()).as_deref());
            line.flag("--ics", *ics == Some(true));
        }
        // What earlier pages have found is the host's to keep.
        Action::Report(Report { from, to, delay, deployments, resume: _ }) => {
            line.word("report");
            line.maybe("--from", from.as_deref());
            line.maybe("--to", to.as_deref());
            line.maybe("--delay", delay.as_deref());
            line.flag("--no-deployments", *deployments == Some(false));
        }
        Action::Sync {} => line.word("sync"),
        // They are for hosts; what people type is the question of each environment.
        Action::Select { .. } | Action::Overview { .. } => line.word("status"),
        Action::Replay { .. } => {
            line.word("replay");
            line.word("FILE");
        }
    }
    shell_line(line.words.iter().map(String::as_str))
}

/// Of the command line, word by word.
struct Line {
    words: Vec<String>,
}

impl Line {
    fn word(&mut self, word: &str) {
        self.words.push(word.to_owned());
    }

    /// An empty value in a word of its own would be a variable that is not set; one with a dash, an option.
    fn say(&mut self, name: &str, value: &str) {
        if value.is_empty() || value.starts_with('-') {
            self.words.push([name, "=", value].concat());
        } else {
            self.words.extend([name.to_owned(), value.to_owned()]);
        }
    }

    fn flag(&mut self, name: &str, is_set: bool) {
        if is_set {
            self.word(name);
        }
    }

    fn maybe(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.say(name, value);
        }
    }

    fn except(&mut self, request: &Request) {
        let Request { reason, by, until, change, uses, approvals, freezes, windows, id } = request;
        self.say("--reason", reason);
        self.say("--by", by.as_deref().unwrap_or_default());
        self.say("--until", until);
        self.word("except");
        self.matching("--change", Some(change));
        for (option, number) in [("--uses", uses), ("--approvals", approvals)] {
            self.maybe(option, number.map(|number| number.to_string()).as_deref());
        }
        for freeze in freezes.iter().flatten() {
            self.say("--freeze", freeze);
        }
        for WindowName { policy, name } in windows.iter().flatten() {
            self.say("--window", &format!("{}/{name}", policy.as_deref().unwrap_or_default()));
        }
        self.maybe("--exception", id.as_deref());
    }

    /// `--change kind=hotfix --run 4711`
    fn change(&mut self, change: &Change, run: Option<&str>) {
        for (key, value) in change.iter() {
            self.say("--change", &format!("{key}={value}"));
        }
        self.maybe("--run", run.filter(|run| !run.is_empty()));
    }

    fn matching(&mut self, option: &str, matching: Option<&Match>) {
        for (key, glob) in matching.into_iter().flat_map(Match::pairs) {
            self.say(option, &format!("{key}={glob}"));
        }
    }

    /// No option names a freeze by an empty id; such a tag comes down with all the others.
    fn freezes(&mut self, freezes: Option<&Freezes>) {
        match freezes {
            None => {}
            Some(Freezes::These(ids)) if !ids.iter().any(String::is_empty) => {
                for id in ids {
                    self.say("--freeze", id);
                }
            }
            Some(Freezes::All | Freezes::These(_)) => self.word("--all"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::command_line;
    use crate::call::Call;

    #[test]
    fn each_action_as_it_is_typed() {
        for (action, line) in [
            (
                r#"{"type": "on", "reason": "db: it's late", "by": "ann", "until": "2024-11-01T00:00:00Z", "id": "x"}"#,
                r"nodeploy -e prod-aws --reason 'db: it'\''s late' --by ann --until 2024-11-01T00:00:00Z on --freeze x",
            ),
            (r#"{"type": "on", "reason": "-x"}"#, "nodeploy -e prod-aws --reason=-x --by= on"),
            (
                r#"{"type": "on", "reason": "x\n", "by": "-a b"}"#,
                r#"text0=$(printf 'x\012.'); nodeploy -e prod-aws --reason "${text0%.}" '--by=-a b' on"#,
            ),
            (r#"{"type": "off"}"#, "nodeploy -e prod-aws --by= off"),
            (r#"{"type": "off", "by": "ann", "freezes": "all"}"#, "nodeploy -e prod-aws --by ann off --all"),
            (
                r#"{"type": "off", "reason": "over", "freezes": ["a b", "c"]}"#,
                "nodeploy -e prod-aws --reason over --by= off --freeze 'a b' --freeze c",
            ),
            (r#"{"type": "off", "by": "ann", "freezes": []}"#, "nodeploy -e prod-aws sync"),
            (r#"{"type": "off", "by": "ann", "freezes": ["", "x"]}"#, "nodeploy -e prod-aws --by ann off --all"),
            (
                r#"{"type": "assert", "at": "2024-11-01T00:00:00Z", "needs": "PT20M"}"#,
                "nodeploy -e prod-aws assert --at 2024-11-01T00:00:00Z --needs PT20M",
            ),
            (r#"{"type": "status"}"#, "nodeploy -e prod-aws status"),
            (r#"{"type": "windows", "days": 7, "ics": true}"#, "nodeploy -e prod-aws windows --days 7 --ics"),
            (r#"{"type": "sync"}"#, "nodeploy -e prod-aws sync"),
            (
                r#"{"type": "report", "from": "2024-10-01T00:00:00Z", "to": "2024-10-31T00:00:00Z", "delay": "PT1H", "deployments": false}"#,
                "nodeploy -e prod-aws report --from 2024-10-01T00:00:00Z --to 2024-10-31T00:00:00Z --delay PT1H --no-deployments",
            ),
            (
                r#"{"type": "assert", "change": {"kind": "hotfix", "actor": "m y"}, "run": "77", "claim": true, "claimed_at": "2024-10-31T10:44:48Z"}"#,
                "nodeploy -e prod-aws assert --change 'actor=m y' --change kind=hotfix --run 77 --claim",
            ),
            (r#"{"type": "status", "awaiting": true}"#, "nodeploy -e prod-aws status --awaiting"),
            (
                r#"{"type": "on", "reason": "x", "by": "ann", "except": {"kind": ["docs", "test"], "actor": "steve"}}"#,
                "nodeploy -e prod-aws --reason x --by ann on --except actor=steve --except kind=docs --except kind=test",
            ),
            (
                r#"{"type": "except", "reason": "CVE", "by": "maya", "until": "2024-10-31T14:00:00Z", "change": {"commit": "4f1c2ab"},
                    "uses": 2, "freezes": ["F"], "windows": [{"policy": "release", "name": "week end"}, {"name": "w"}]}"#,
                "nodeploy -e prod-aws --reason CVE --by maya --until 2024-10-31T14:00:00Z except --change commit=4f1c2ab --uses 2 --freeze F --window 'release/week end' --window /w",
            ),
            (
                r#"{"type": "approve", "exception": "E", "by": "noah"}"#,
                "nodeploy -e prod-aws --by noah approve --exception E",
            ),
            (
                r#"{"type": "revoke", "exception": "E", "reason": "x"}"#,
                "nodeploy -e prod-aws --by= --reason x revoke --exception E",
            ),
            (
                r#"{"type": "claim", "exception": "E", "change": {"kind": "hotfix"}, "run": "77"}"#,
                "nodeploy -e prod-aws claim --exception E --change kind=hotfix --run 77",
            ),
        ] {
            let call = format!(r#"{{"action": {action}, "now": "2024-10-31T10:44:48Z", "environment": "prod-aws"}}"#);
            assert_eq!(command_line(Some("prod-aws"), &Call::from_json(&call).expect("a call").action), line);
        }
    }
}
