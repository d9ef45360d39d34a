//! nodeploy in your own program: the plugin decides, this does what it asks for.

mod policy;

use std::error::Error;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use extism::{Manifest, Plugin, PluginBuilder, Wasm};
use serde_json::{Map, Value, json};

pub use policy::{policy_for, read_policy};

/// For a whole run: what is under way then is ended, and it is exit code 2.
const LIMIT: Duration = Duration::from_secs(120);
const ROUNDS: u32 = 8;
const NO_KOSLI: &str = "there is no `kosli` on the PATH; install the kosli CLI, or add its folder to the PATH";

/// The plugin, loaded once and asked often.
pub struct Nodeploy(Plugin);

/// What one call may use.
pub struct Limits {
    /// Of 64 KB.
    pub memory_pages: u32,
    pub timeout: Duration,
    pub fuel: Option<u64>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { memory_pages: 4096, timeout: Duration::from_secs(10), fuel: None }
    }
}

impl Nodeploy {
    pub fn load(module: &Path, limits: &Limits) -> Result<Self, Box<dyn Error>> {
        let module = Wasm::data(std::fs::read(module)?); // `Wasm::file` needs a default feature
        let manifest = Manifest::new([module]).with_memory_max(limits.memory_pages).with_timeout(limits.timeout);
        let builder = PluginBuilder::new(manifest);
        Ok(Self(limits.fuel.into_iter().fold(builder, PluginBuilder::with_fuel_limit).build()?))
    }

    /// `observe`, `plan` or `version`, text to text.
    pub fn ask(&mut self, function: &str, call: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
        Ok(self.0.call(function, call)?)
    }

    fn ask_json(&mut self, function: &str, call: &Call) -> Result<Value, Box<dyn Error>> {
        Ok(serde_json::from_slice(&self.ask(function, call.text().as_bytes())?)?)
    }
}

/// The action and the policy go in as they were written: the core refuses a key given twice.
struct Call<'c> {
    action: String,
    policy: &'c str,
    now: String,
    environment: &'c str,
    observed: Map<String, Value>,
}

impl Call<'_> {
    fn text(&self) -> String {
        let Self { action, policy, now, environment, observed } = self;
        let rest = json!({"now": now, "environment": environment, "observed": observed}).to_string();
        format!(r#"{{"action":{action},"policy":{policy},{}"#, &rest[1..])
    }
}

/// Looks, decides, writes and looks again, until nothing is left to do. Returns the decision.
pub fn carry_out(
    nodeploy: &mut Nodeploy,
    environment: &str,
    action: &str,
    policy: &str,
    stopped: &AtomicBool,
) -> Result<String, Box<dyn Error>> {
    let end = Instant::now() + LIMIT;
    let over = || match stopped.load(Ordering::SeqCst) {
        true => Some("stopped".to_owned()),
        false => (Instant::now() >= end).then(|| format!("gave up after {} s", LIMIT.as_secs())),
    };
    // Until Ctrl-C, or the end.
    let rest = |time: Duration| {
        let begun = Instant::now();
        while begun.elapsed() < time && over().is_none() {
            thread::sleep(Duration::from_millis(50).min(time));
        }
    };
    let now = String::new();
    let mut call = Call { action: action.to_owned(), policy, now, environment, observed: Map::new() };
    let mut done: Vec<String> = Vec::new();
    let mut first = None;
    for round in 1..=ROUNDS {
        if round > 2 {
            rest(Duration::from_millis(200 + 100 * u64::from(round))); // someone else may be at it too
        }
        call.now = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
        call.observed.clear();
        loop {
            let reads = nodeploy.ask_json("observe", &call)?;
            let reads = reads.as_array().ok_or("no list of reads")?;
            if reads.is_empty() {
                break;
            }
            let results: Vec<Value> = thread::scope(|scope| {
                let is_over = || over().is_some();
                let running: Vec<_> = reads.iter().map(|read| scope.spawn(move || kosli(read, &is_over))).collect();
                running.into_iter().map(|read| read.join().expect("kosli() does not panic")).collect()
            });
            for (read, result) in reads.iter().zip(results) {
                call.observed.insert(read["as"].as_str().ok_or("a read without a name")?.to_owned(), result);
            }
        }
        let answer = nodeploy.ask_json("plan", &call)?;
        if let Some(why) = over() {
            return Err(unfinished(&why, &done, &call.action));
        }
        let first = first.get_or_insert_with(|| answer.clone());
        let commands = answer["commands"].as_array().ok_or("an answer without commands")?;
        let pause = answer["pause"].as_u64();
        if commands.is_empty() && pause.is_none() {
            // What was asked for is in the first answer; where one of them does not proceed, the last one is the news.
            let both_proceed = first["decision"] == "proceed" && answer["decision"] == "proceed";
            say(if both_proceed { first } else { &answer })?;
            return Ok(answer["decision"].as_str().unwrap_or("error").to_owned());
        }
        call.action = answer["action"].to_string(); // the same intent, now naming its freezes
        let mut is_unwritten = false;
        for command in commands {
            if let Some(why) = over() {
                return Err(unfinished(&why, &done, &call.action));
            }
            let kind = command["type"].as_str().unwrap_or_default();
            let result = kosli(command, &|| Instant::now() >= end); // Ctrl-C leaves it to its end
            if result["exit_code"] == 0 {
                done.push(kind.to_owned());
            } else if command["optional"] == true {
                // It only tells of the refusal, which stands.
                warn(&format!("warning: {kind} failed: {result}"));
                is_unwritten = true;
            } else {
                return Err(unfinished(&format!("{kind} failed: {result}"), &done, &call.action));
            }
        }
        if is_unwritten {
            say(&answer)?;
            return Ok(answer["decision"].as_str().unwrap_or("error").to_owned());
        }
        rest(Duration::from_secs(pause.unwrap_or(0))); // Kosli may show a rival's claim late
        if let Some(why) = over() {
            return Err(unfinished(&why, &done, &call.action));
        }
    }
    Err(unfinished(&format!("not settled after {ROUNDS} rounds"), &done, &call.action))
}

fn unfinished(what: &str, done: &[String], action: &str) -> Box<dyn Error> {
    let done = if done.is_empty() { "nothing".to_owned() } else { done.join(", ") };
    format!("{what}\ndone: {done}\nto finish, run it with: {action}").into()
}

/// These texts are printable; those in `freezes` are as Kosli has them.
fn say(answer: &Value) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    let warnings = answer["warnings"].as_array().into_iter().flatten().map(|warning| &warning["text"]);
    for text in [&answer["summary"], &answer["advice"]].into_iter().chain(warnings).filter_map(Value::as_str) {
        writeln!(stdout, "{text}")?; // `println!` would panic on a full disk, with an exit code of its own
    }
    stdout.flush()
}

/// A line on stderr, if it takes one.
pub fn warn(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Runs a read or a command with the kosli CLI, until it is over: never a shell, and none of the variables that could change what it does.
fn kosli(item: &Value, is_over: &dyn Fn() -> bool) -> Value {
    match run(item, is_over) {
        Ok((exit_code, stdout, stderr)) => json!({"exit_code": exit_code, "stdout": stdout, "stderr": stderr}),
        Err(error) => json!({"error": error.to_string()}),
    }
}

fn run(item: &Value, is_over: &dyn Fn() -> bool) -> Result<(i32, String, String), Box<dyn Error + Send + Sync>> {
    let argv: Vec<&str> = item["argv"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let (program, arguments) = argv.split_first().ok_or("nothing to run")?;
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let kept = ["PATH", "HOME", "HTTPS_PROXY", "NO_PROXY", "KOSLI_HOST", "KOSLI_ORG", "KOSLI_API_TOKEN"];
    command.env_clear().envs(std::env::vars_os().filter(|(name, _)| kept.iter().any(|kept| name == kept)));
    if item["type"] == "attest" {
        command.env("KOSLI_MAX_API_RETRIES", "0"); // attestations add up
    }
    let mut child = command.spawn().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => NO_KOSLI.to_owned(),
        _ => format!("{program}: {error}"),
    })?;
    let stdout = reader(child.stdout.take());
    let stderr = reader(child.stderr.take());
    let status = loop {
        // What it has started may hold its output open.
        if let Some(status) = child.try_wait()? && stdout.is_finished() && stderr.is_finished() {
            break status;
        }
        if is_over() {
            child.kill()?;
            child.wait()?;
            return Err("kosli was stopped, or did not finish in time".into());
        }
        thread::sleep(Duration::from_millis(2));
    };
    let text = |bytes: thread::JoinHandle<Vec<u8>>| String::from_utf8(bytes.join().expect("reading does not panic"));
    Ok((status.code().ok_or("kosli was ended by a signal")?, text(stdout)?, text(stderr)?))
}

fn reader(pipe: Option<impl Read + Send + 'static>) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = pipe.map(|mut pipe| pipe.read_to_end(&mut bytes));
        bytes
    })
}
