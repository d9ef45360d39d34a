//! From the raw result of a read to what it says: found, missing, or not to be read.

use crate::kosli::raw::RawResult;
use crate::text::excerpt;
use crate::text::object::objects;

/// What looking at one thing gave. "Missing" is Kosli's own word for it; everything unclear is "failed".
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Look<T> {
    NotYet,
    Missing(String),
    Failed(String),
    Found(T),
}

impl<T> Look<T> {
    pub(crate) fn found(&self) -> Option<&T> {
        if let Self::Found(found) = self { Some(found) } else { None }
    }

    pub(crate) fn failure(&self) -> Option<&str> {
        if let Self::Failed(detail) = self { Some(detail) } else { None }
    }

    pub(crate) fn is_missing(&self) -> bool {
        matches!(self, Self::Missing(_))
    }

    pub(crate) fn read<U>(self, read: impl FnOnce(T) -> Result<U, String>) -> Look<U> {
        match self {
            Self::NotYet => Look::NotYet,
            Self::Missing(detail) => Look::Missing(detail),
            Self::Failed(detail) => Look::Failed(detail),
            Self::Found(found) => read(found).map_or_else(Look::Failed, Look::Found),
        }
    }
}

/// The document that a read gave; `is_missing` knows the words in which Kosli says that there is none.
pub(crate) fn document<'r>(raw: Option<&'r RawResult>, is_missing: &dyn Fn(&str) -> bool) -> Look<&'r str> {
    match raw {
        None => Look::NotYet,
        Some(RawResult::Cli { exit_code: 0, stdout, .. }) => Look::Found(stdout),
        Some(RawResult::Http { status: 200, body, .. }) => Look::Found(body),
        Some(other) => without_document(other, is_missing),
    }
}

#[cold]
fn without_document<'r>(raw: &RawResult, is_missing: &dyn Fn(&str) -> bool) -> Look<&'r str> {
    match raw {
        RawResult::Cli { exit_code, stderr, .. } => {
            let words = error_line(stderr);
            if is_missing(words) {
                Look::Missing(excerpt(words))
            } else {
                Look::Failed(format!("kosli exited with {exit_code}: {}", excerpt(words)))
            }
        }
        RawResult::Http { status, body, .. } => {
            let words = message(body);
            if *status == 404 && words.as_deref().is_some_and(is_missing) {
                Look::Missing(excerpt(&words.unwrap_or_default()))
            } else {
                Look::Failed(format!("Kosli answered {status}: {}", excerpt(words.as_deref().unwrap_or(body))))
            }
        }
        RawResult::Failed { error } => Look::Failed(excerpt(error)),
    }
}

objects! {
    open struct ErrorBody { message = "message": String, }
}

/// The CLI's `Error: …` line; warnings may stand before it.
fn error_line(stderr: &str) -> &str {
    stderr.lines().find_map(|line| line.strip_prefix("Error: ")).unwrap_or(stderr)
}

/// The text of an error body: `{"message": …}` or a bare JSON text.
fn message(body: &str) -> Option<String> {
    if body.trim_start().starts_with('"') {
        return serde_json::from_str(body).ok();
    }
    let body: ErrorBody = serde_json::from_str(body).ok()?;
    body.message
}
