//! Yes, no, or nobody knows.

use serde::Serialize;

/// What is decided. Only [`Decision::Proceed`] lets a pipeline pass.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Yes; exit code 0.
    Proceed,
    /// No; exit code 1.
    Refuse,
    /// Nobody knows, so no; exit code 2.
    Error,
}
