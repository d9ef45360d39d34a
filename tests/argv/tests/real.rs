//! Holds the re-implementation against the real CLI, argument by argument: what it would send, or that it would not.
//!
//! The CLI comes with `npm ci` in `tests/kosli`; where it is not, there is nothing to hold against, and a line says
//! so. `KOSLI_ARGV_CASES=2000` tries more.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

#[test]
fn the_real_cli_sends_the_same() {
    let Some(kosli) = real_cli() else {
        eprintln!("skipped: no kosli CLI in tests/kosli/node_modules");
        return;
    };
    let cases = std::env::var("KOSLI_ARGV_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(60);
    let (mut random, mut sent, mut refused) = (Random(0x5eed), 0, 0);
    for case in 0..cases {
        let argv = random.argv();
        let ours = kosli_argv::read(&argv).map(|sent| (sent.path, sent.data));
        let theirs = dry_run(&kosli, &argv);
        match (ours, theirs) {
            (Ok(ours), Ok(theirs)) => {
                assert_eq!(ours, theirs, "case {case}: {argv:?}");
                sent += 1;
            }
            (Err(_), Err(_)) => refused += 1,
            (ours, theirs) => panic!("case {case}: {argv:?}\n ours {ours:?}\n real {theirs:?}"),
        }
    }
    println!("{cases} command lines: {sent} sent alike, {refused} refused by both");
    assert!(sent > refused, "most must be sent, or little was compared");
}

fn real_cli() -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../kosli/node_modules/@kosli/cli-linux-x64/bin/kosli");
    path.exists().then_some(path)
}

/// Path and body that the CLI says it would send.
fn dry_run(kosli: &PathBuf, argv: &[String]) -> Result<(String, Value), String> {
    let mut command = Command::new(kosli);
    command.args(&argv[1..]).arg("--dry-run=true");
    command.env_clear().env("KOSLI_API_TOKEN", "token").env("HOME", "/nonexistent");
    let output = command.output().expect("the CLI runs");
    let text = String::from_utf8(output.stdout).expect("the CLI prints UTF-8");
    // In a dry run the CLI exits with 0 also where it would not send anything.
    let Some((_, rest)) = text.split_once("sent to: https://app.kosli.com") else {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    };
    let (path, rest) = rest.split_once('\n').expect("a dry run goes on");
    let (_, body) = rest.split_once('{').expect("a dry run shows the body");
    let body = serde_json::from_str(&format!("{{{body}")).expect("the body is JSON");
    Ok((path.to_owned(), body))
}

/// A small generator: the cases are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % n
    }

    fn text(&mut self) -> String {
        const PIECES: [&str; 18] = [
            "=", "=", ",", "\"", "\"", "\"\"", "\n", "\r\n", "\r", " ", "a", "k=v", "-", "é", "<&>", "\u{2028}", "%s",
            "'",
        ];
        (0..self.below(7)).map(|_| PIECES[self.below(PIECES.len())]).collect()
    }

    /// `key=value` in the forms that matter: plain, quoted, quoted twice, and quoted carelessly.
    fn pair(&mut self) -> String {
        let pair = format!("k{}={}", self.below(3), self.text());
        let quoted = format!("\"{}\"", pair.replace('"', "\"\"").replace("\r\n", "\r\r\n"));
        match self.below(8) {
            0 | 1 => quoted,
            2 => format!("{quoted},{quoted}"),
            3 => format!("\"{pair}\""),
            4 => format!("{quoted},x={}", self.text()),
            5 => format!("\n{pair}"),
            _ => pair,
        }
    }

    fn argv(&mut self) -> Vec<String> {
        let mut argv: Vec<String> = match self.below(3) {
            0 => {
                let description = self.text();
                let annotate = self.pair();
                ["attest", "generic", "--flow", "f", "--trail", "t", "--name", "nodeploy-on", "--compliant=true"]
                    .map(str::to_owned)
                    .into_iter()
                    .chain(["--description".to_owned(), description, "--annotate".to_owned(), annotate])
                    .collect()
            }
            1 => {
                let unset = self.text();
                ["tag", "env", "prod", "--unset"].map(str::to_owned).into_iter().chain([unset]).collect()
            }
            _ => ["tag", "env", "prod"].map(str::to_owned).into(),
        };
        if argv[0] == "tag" {
            for _ in 0..=self.below(2) {
                argv.extend(["--set".to_owned(), self.pair()]);
            }
        }
        argv.insert(0, "kosli".to_owned());
        argv.extend(["--org", "acme"].map(str::to_owned));
        argv
    }
}
