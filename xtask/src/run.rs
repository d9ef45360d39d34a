//! Running other programs: what is shown of them, how they end, and what Ctrl-C does to them.

use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::{Duration, Instant};

/// Why a command of ours ends early.
pub(crate) enum Stop {
    /// What is wrong and what to do about it.
    Failed(String),
    /// Ctrl-C, or the like.
    Interrupted,
}

impl Stop {
    /// The same, with more to say about a failure.
    pub(crate) fn explained(self, say: impl FnOnce(String) -> String) -> Self {
        match self {
            Self::Failed(why) => Self::Failed(say(why)),
            Self::Interrupted => Self::Interrupted,
        }
    }
}

pub(crate) type Outcome<T = ()> = Result<T, Stop>;

/// What a program printed, and how it ended.
pub(crate) struct Ended {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) status: ExitStatus,
}

static INTERRUPTED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// After an interruption a child may end by itself, since Ctrl-C in a terminal reaches it too;
/// then it is asked to, then it is made to.
const ASKED_AFTER: Duration = Duration::from_secs(1);
const KILLED_AFTER: Duration = Duration::from_secs(6);

/// From here on Ctrl-C is an [`Stop::Interrupted`] that unwinds, so that what was begun is
/// cleaned up. A second one ends the process at once.
pub(crate) fn notice_interrupts() {
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        let again = signal_hook::flag::register_conditional_shutdown(signal, 130, INTERRUPTED.clone());
        let noticed = signal_hook::flag::register(signal, INTERRUPTED.clone());
        if let Err(error) = again.and(noticed) {
            eprintln!("xtask: Ctrl-C will leave temporary files behind: {error}");
        }
    }
}

/// Fails after Ctrl-C. Asked between steps, so that none begins after it.
pub(crate) fn go_on() -> Outcome {
    if INTERRUPTED.load(Ordering::Relaxed) { Err(Stop::Interrupted) } else { Ok(()) }
}

/// npm, which is a script of another name on Windows.
pub(crate) fn npm() -> Command {
    Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
}

/// Runs a program that must succeed. Everything that it prints goes to our standard error.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let child = spawn(command.stdin(Stdio::null()).stdout(io::stderr()))?;
    succeed(command, wait(child)?)
}

/// Runs a program that prints for itself, whatever its exit code is.
pub(crate) fn show(command: &mut Command) -> Outcome<ExitStatus> {
    wait(spawn(command.stdin(Stdio::null()))?)
}

/// Runs a program and keeps what it prints, whatever its exit code is.
pub(crate) fn capture(command: &mut Command) -> Outcome<Ended> {
    let mut child = spawn(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()))?;
    let stdout = read_all(child.stdout.take().expect("standard output is piped"));
    let stderr = read_all(child.stderr.take().expect("standard error is piped"));
    let status = wait(child)?;
    let text = |reader: thread::JoinHandle<Vec<u8>>| {
        String::from_utf8_lossy(&reader.join().expect("reading does not panic")).into_owned()
    };
    Ok(Ended { stdout: text(stdout), stderr: text(stderr), status })
}

/// Runs a program that must succeed, and returns its standard output.
pub(crate) fn stdout(command: &mut Command) -> Outcome<String> {
    let ended = capture(command)?;
    if !ended.status.success() {
        eprint!("{}{}", ended.stdout, ended.stderr);
    }
    succeed(command, ended.status)?;
    Ok(ended.stdout)
}

/// What a program says on standard output; nothing when it is not there or fails.
pub(crate) fn said(command: &mut Command) -> Outcome<Option<String>> {
    match capture(command) {
        Ok(ended) if ended.status.success() => Ok(Some(ended.stdout.trim().to_owned())),
        Ok(_) | Err(Stop::Failed(_)) => Ok(None),
        Err(Stop::Interrupted) => Err(Stop::Interrupted),
    }
}

/// Runs a program, and hands each line of its standard output to `take` when it comes.
pub(crate) fn watch(command: &mut Command, mut take: impl FnMut(&str)) -> Outcome<ExitStatus> {
    let mut child = spawn(command.stdin(Stdio::null()).stdout(Stdio::piped()))?;
    let stdout = child.stdout.take().expect("standard output is piped");
    for line in BufReader::new(stdout).split(b'\n') {
        let Ok(line) = line else { break };
        take(&String::from_utf8_lossy(&line));
    }
    wait(child)
}

pub(crate) fn succeed(command: &Command, status: ExitStatus) -> Outcome {
    if status.success() {
        return Ok(());
    }
    let how = status.code().map_or_else(|| status.to_string(), |code| format!("exit code {code}"));
    Err(Stop::Failed(format!("`{}` ended with {how}", shown(command))))
}

/// A command as it would be typed.
pub(crate) fn shown(command: &Command) -> String {
    let mut line = String::new();
    for word in std::iter::once(command.get_program()).chain(command.get_args()) {
        let word = word.to_string_lossy();
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,@+~%".contains(c);
        let gap = if line.is_empty() { "" } else { " " };
        if !word.is_empty() && word.chars().all(plain) {
            let _ = write!(line, "{gap}{word}");
        } else {
            let _ = write!(line, "{gap}\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\""));
        }
    }
    line
}

/// A time as people say it: `0.3 s`, `42 s`, `3 min 20 s`.
pub(crate) fn spoken(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        10..120 => format!("{seconds} s"),
        _ => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

fn spawn(command: &mut Command) -> Outcome<Child> {
    go_on()?;
    command.spawn().map_err(|error| Stop::Failed(format!("`{}` cannot be started: {error}", shown(command))))
}

fn wait(mut child: Child) -> Outcome<ExitStatus> {
    let mut interrupted: Option<Instant> = None;
    let mut asked = false;
    let mut pause = Duration::from_millis(1);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return go_on().map(|()| status),
            Ok(None) => {}
            Err(error) => return Err(Stop::Failed(format!("a program cannot be waited for: {error}"))),
        }
        if go_on().is_err() {
            let since = interrupted.get_or_insert_with(Instant::now).elapsed();
            if since > KILLED_AFTER {
                let _ = child.kill();
            } else if since > ASKED_AFTER && !asked {
                asked = true;
                ask_to_end(&child);
            }
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(50));
    }
}

/// Sends SIGTERM, where there is such a thing.
fn ask_to_end(child: &Child) {
    if cfg!(unix) {
        let _ = Command::new("sh").args(["-c", &format!("kill -TERM {}", child.id())]).status();
    }
}

fn read_all(mut from: impl Read + Send + 'static) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = from.read_to_end(&mut bytes);
        bytes
    })
}
