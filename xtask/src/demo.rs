//! `cargo xtask demo`: an environment is frozen, gated, lifted and audited on a local Kosli, with
//! the commands and the output that a person sees. It fails if one ends otherwise than it should.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::SystemTime;

use crate::build;
use crate::places::Places;
use crate::run::{Outcome, Stop, go_on, show, shown, stdout};
use crate::set_up::{Need, set_up};
use crate::temporary::TemporaryFolder;

const FLOW: &str = "prod-aws-nodeploy";
const EXCEPTIONS: &str = "prod-aws-nodeploy-exceptions";

/// The fix that cannot wait, and what comes after it.
const FIX: &str = "commit=4f1c2ab9d8e7f6a5b4c3d2e1f0a9b8c7d6e5f4a3";
const NEXT: &str = "commit=77d2c1e0b3a4958671f2e3d4c5b6a79881726354";

const POLICY: &str = "\
policy: release
windows:
  - name: weekend
    effect: freeze
    environments: [prod-*]
    timezone: Europe/London
    start: 0 16 * * fri
    end: 0 8 * * mon
    reason: no one is around to fix it
  - name: christmas
    effect: freeze
    environments: [\"*\"]
    timezone: Europe/London
    dtstart: 2020-12-24T18:00
    rrule: FREQ=YEARLY
    duration: P11D
";

/// A year to come, whenever this is played: the next one, or late in December the one after it.
fn next_year() -> u64 {
    let now = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_secs());
    1971 + now / (365 * 86_400)
}

pub(crate) fn demo(places: &Places) -> Outcome {
    // The second is the kosli CLI, for Linux: the record is best shown by Kosli's own words.
    set_up(places, &[Need::Wasm, Need::Npm("npm"), Need::Npm("tests/kosli")])?;
    build::wasm(places)?;
    let folder = TemporaryFolder::new()?;
    println!("\nA story on a Kosli of its own in a temporary folder; nothing leaves this machine.");
    println!("`nodeploy` is npm/cli.js of this checkout.");
    let story = Story::begin(places, &folder.0)?;
    let id = story.freeze_and_lift()?;
    story.audit(&id)?;
    story.let_a_hotfix_pass()?;
    story.close_by_windows()?;
    println!("\nEvery command ended as it should. To go on by yourself: node npm/cli.js local --env prod-aws");
    Ok(())
}

/// What the commands of the story share: the program, and the local Kosli that they talk to.
struct Story {
    nodeploy: PathBuf,
    kosli: Option<PathBuf>,
    local: Local,
    folder: PathBuf,
}

impl Story {
    fn begin(places: &Places, folder: &Path) -> Outcome<Self> {
        let nodeploy = places.root.join("npm").join("cli.js");
        say("A Kosli to play with, in a shell of its own");
        let arguments = ["local", "--env", "prod-aws", "--port", "0"];
        println!("$ nodeploy {}", arguments.join(" "));
        let local = Local::start(Command::new("node").arg(&nodeploy).args(arguments).current_dir(folder))?;
        Ok(Self { nodeploy, kosli: places.kosli(), local, folder: folder.to_owned() })
    }

    /// Plays it all; returns the id of the first freeze.
    fn freeze_and_lift(&self) -> Outcome<String> {
        say("Nobody has frozen anything: the gate in the pipeline lets a deployment through");
        self.nodeploy(&["-e", "prod-aws", "assert"], 0)?;
        say("Changes must stop, and here is why");
        self.nodeploy(&["-e", "prod-aws", "-r", "Demo for blog post", "--by", "steve", "on"], 0)?;
        say("From now on the gate refuses, and says who, why and what to do");
        self.nodeploy(&["-e", "prod-aws", "assert"], 1)?;
        say("A program asks what a person can read above");
        let status = self.capture("nodeploy", &["-e", "prod-aws", "status", "--json"])?;
        let id = first_id(&status).ok_or_else(|| Stop::Failed("`status --json` shows no freeze".into()))?;
        say("Somebody else needs the environment to stand still too");
        self.nodeploy(
            &["-e", "prod-aws", "-r", "database migration", "--by", "release-bot", "--until", "2h", "on"],
            0,
        )?;
        say("Two freezes, two holders");
        self.nodeploy(&["-e", "prod-aws", "status"], 0)?;
        say("Lifting one's own leaves the other's alone: the gate still refuses");
        self.nodeploy(&["-e", "prod-aws", "--by", "steve", "off"], 0)?;
        self.nodeploy(&["-e", "prod-aws", "assert"], 1)?;
        say("When the last one is lifted, the gate opens");
        self.nodeploy(&["-e", "prod-aws", "--by", "release-bot", "off"], 0)?;
        self.nodeploy(&["-e", "prod-aws", "assert"], 0)?;
        say("What a cron job runs, to mend what was left half done: nothing, here");
        self.nodeploy(&["-e", "prod-aws", "sync"], 0)?;
        Ok(id)
    }

    /// The record of a freeze as Kosli has it: by its own CLI on Linux, else by its API.
    fn audit(&self, id: &str) -> Outcome {
        say("The record stays in Kosli: who froze, when and why, and when it ended");
        if self.kosli.is_some() {
            self.capture("kosli", &["list", "trails", "--flow", FLOW])?;
            self.capture("kosli", &["get", "trail", id, "--flow", FLOW])?;
            let on = ["get", "attestation", "nodeploy-on", "--flow", FLOW, "--trail", id, "--output", "json"];
            return self.capture("kosli", &on).map(drop);
        }
        println!("(by curl; the kosli CLI would say it more nicely)");
        let (host, org, trail) = ("$KOSLI_HOST/api/v2", "$KOSLI_ORG", format!("{FLOW}/trail/{id}"));
        for path in [format!("trails/{org}?flow={FLOW}"), format!("attestations/{org}/{trail}/nodeploy-on")] {
            let url = format!("{host}/{path}");
            self.capture("curl", &["--silent", "--fail", "--header", "Authorization: Bearer $KOSLI_API_TOKEN", &url])?;
        }
        Ok(())
    }

    /// An exception, from the request to its record.
    fn let_a_hotfix_pass(&self) -> Outcome {
        say(
            "Nothing may be deployed again, and a hotfix cannot wait: its pipeline is refused, and told what to ask for",
        );
        self.nodeploy(&["-e", "prod-aws", "-r", "database migration", "--by", "steve", "on"], 0)?;
        self.nodeploy(&["-e", "prod-aws", "assert", "--claim", "--change", FIX, "--run", "build 42"], 1)?;
        let status = self.capture("nodeploy", &["-e", "prod-aws", "status", "--json"])?;
        let freeze = first_id(&status).ok_or_else(|| Stop::Failed("`status --json` shows no freeze".into()))?;
        say("One asks for it, for one use");
        let ask =
            ["-e", "prod-aws", "-r", "CVE-2026-1234", "--by", "maya", "--change", "commit=4f1c2ab", "--until", "2h"];
        self.nodeploy(&[&ask[..], &["except"]].concat(), 0)?;
        let waiting = self.capture("nodeploy", &["-e", "prod-aws", "status", "--awaiting", "--json"])?;
        let id = waiting.split('"').find(|text| text.starts_with("exception-")).map(str::to_owned);
        let id = id.ok_or_else(|| Stop::Failed("`status --awaiting --json` shows no exception".into()))?;
        say("Whoever asks cannot approve; somebody else can");
        self.nodeploy(&["-e", "prod-aws", "--by", "maya", "approve", "--exception", &id], 1)?;
        self.nodeploy(&["-e", "prod-aws", "--by", "noah", "approve", "--exception", &id], 0)?;
        say("Now the pipeline of that commit passes, once");
        self.nodeploy(&["-e", "prod-aws", "assert", "--claim", "--change", FIX, "--run", "build 42"], 0)?;
        say(
            "The same job, run again, is the same use; the next build is another one, and the next commit another change",
        );
        self.nodeploy(&["-e", "prod-aws", "assert", "--claim", "--change", FIX, "--run", "build 42"], 0)?;
        self.nodeploy(&["-e", "prod-aws", "assert", "--claim", "--change", FIX, "--run", "build 43"], 1)?;
        self.nodeploy(&["-e", "prod-aws", "assert", "--claim", "--change", NEXT, "--run", "build 44"], 1)?;
        say("On record: what passed, on the freeze's own trail; who asked, approved and used it, on the exception's");
        if self.kosli.is_some() {
            self.capture("kosli", &["get", "trail", &freeze, "--flow", FLOW])?;
            self.capture("kosli", &["get", "trail", &id, "--flow", EXCEPTIONS])?;
            let passed =
                ["get", "attestation", "nodeploy-passed", "--flow", FLOW, "--trail", &freeze, "--output", "json"];
            self.capture("kosli", &passed)?;
        }
        self.nodeploy(&["-e", "prod-aws", "--by", "steve", "off"], 0)
    }

    /// A policy, and what it will do.
    fn close_by_windows(&self) -> Outcome {
        say("Some closures come by themselves: a file says which");
        let file = self.folder.join("nodeploy.yaml");
        fs::write(&file, POLICY)
            .map_err(|error| Stop::Failed(format!("{} cannot be written: {error}", file.display())))?;
        println!("$ cat nodeploy.yaml\n{}", POLICY.trim_end());
        self.nodeploy(&["-e", "prod-aws", "windows", "--days", "14"], 0)?;
        say("What if one deployed at Christmas?");
        let christmas = format!("{}-12-25T12:00:00Z", next_year());
        self.nodeploy(&["-e", "prod-aws", "assert", "--at", &christmas], 1)
    }

    /// Shows a command and lets it speak for itself; it must end with this exit code.
    fn nodeploy(&self, arguments: &[&str], expected: i32) -> Outcome {
        let mut command = self.command("nodeploy", arguments);
        let status = show(&mut command)?;
        let code = status.code().unwrap_or(-1);
        println!("(exit code {code})");
        if code == expected {
            Ok(())
        } else {
            Err(Stop::Failed(format!("exit code {expected} was expected, not {code}")))
        }
    }

    /// Shows a command and what it prints, and returns that; it must succeed.
    fn capture(&self, program: &str, arguments: &[&str]) -> Outcome<String> {
        let printed = stdout(&mut self.command(program, arguments))?;
        println!("{}\n(exit code 0)", printed.trim_end());
        Ok(printed)
    }

    /// Prints the command line, and makes the command that it stands for.
    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        println!("$ {}", shown(Command::new(program).args(arguments)));
        let mut command = match (program, &self.kosli) {
            ("nodeploy", _) => Command::new("node"),
            ("kosli", Some(kosli)) => Command::new(kosli),
            _ => Command::new(program),
        };
        if program == "nodeploy" {
            command.arg(&self.nodeploy);
        }
        // Nothing of the user's own Kosli takes part in the story.
        for (name, _) in env::vars_os() {
            if ["KOSLI_", "NODEPLOY_"].iter().any(|ours| name.to_string_lossy().starts_with(ours)) {
                command.env_remove(name);
            }
        }
        command.args(arguments.iter().map(|word| self.local.expand(word)));
        command.envs(self.local.variables.iter().cloned()).env("NO_PROXY", "127.0.0.1").current_dir(&self.folder);
        command
    }
}

/// `nodeploy local`, which ends with the story.
struct Local {
    process: Child,
    variables: Vec<(String, String)>,
}

impl Local {
    /// Starts it and reads its `export NAME=value` lines.
    fn start(command: &mut Command) -> Outcome<Self> {
        let process = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
        let process = process.map_err(|error| Stop::Failed(format!("`node` cannot be started: {error}")))?;
        let mut local = Self { process, variables: Vec::new() };
        let lines = BufReader::new(local.process.stdout.take().expect("standard output is piped")).lines();
        for line in lines.map_while(Result::ok) {
            println!("{line}");
            if let Some((name, value)) = line.strip_prefix("export ").and_then(|export| export.split_once('=')) {
                local.variables.push((name.to_owned(), value.to_owned()));
            }
            if local.variables.len() == 3 {
                return Ok(local);
            }
        }
        go_on()?;
        Err(Stop::Failed("the local Kosli ended before it said where it is; see above".into()))
    }

    /// A word with the exported variables in it filled in, as a shell does it.
    fn expand(&self, word: &str) -> String {
        self.variables.iter().fold(word.to_owned(), |word, (name, value)| word.replace(&format!("${name}"), value))
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn say(what: &str) {
    println!("\n# {what}");
}

/// The value of the first `"id"` in some JSON.
fn first_id(json: &str) -> Option<String> {
    let (_, rest) = json.split_once("\"id\"")?;
    rest.split('"').nth(1).map(str::to_owned)
}
