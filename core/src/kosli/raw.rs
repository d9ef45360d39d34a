//! What a host got when it asked Kosli.

use serde::Serialize;

/// A raw result, untouched by the host.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(untagged)]
pub enum RawResult {
    /// From the kosli CLI.
    Cli {
        /// Its exit code.
        exit_code: i64,
        /// Its standard output.
        stdout: String,
        /// Its standard error.
        stderr: String,
    },
    /// From Kosli's HTTP API.
    Http {
        /// The status code.
        status: u16,
        /// The body.
        body: String,
        /// The header `Date`, as received.
        date: Option<String>,
    },
    /// The host could not even ask.
    Failed {
        /// What the host says of it.
        error: String,
    },
}

impl RawResult {
    /// How long its texts are.
    pub(crate) fn length(&self) -> usize {
        match self {
            Self::Cli { stdout, stderr, .. } => stdout.len() + stderr.len(),
            Self::Http { body, .. } => body.len(),
            Self::Failed { error } => error.len(),
        }
    }
}
