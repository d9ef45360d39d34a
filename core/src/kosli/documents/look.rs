//! From the raw result of a read to what it says: found, missing, or not to be read.

use std::borrow::Cow;

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
        Some(RawResult::Cli { exit_code: 0, stdout, .. }) if may_be_document(stdout) => Look::Found(stdout),
        Some(RawResult::Http { status: 200, body, .. }) if may_be_document(body) => Look::Found(body),
        Some(other) => without_document(other, is_missing),
    }
}

/// Whether it begins as Kosli's documents do, which are objects and lists.
fn may_be_document(text: &str) -> bool {
    text.trim_ascii_start().starts_with(['{', '['])
}

#[cold]
fn without_document<'r>(raw: &RawResult, is_missing: &dyn Fn(&str) -> bool) -> Look<&'r str> {
    match raw {
        RawResult::Cli { exit_code: 0, stdout, .. } => {
            Look::Failed(no_document("what kosli printed", stdout, "is it the kosli CLI?"))
        }
        RawResult::Http { status: 200, body, .. } => {
            let advice = "is there a proxy that wants a sign-in, or a wrong host?";
            Look::Failed(no_document("the answer", body, advice))
        }
        RawResult::Cli { exit_code, stderr, .. } => {
            let words = error_line(stderr);
            if is_missing(words) {
                Look::Missing(excerpt(words))
            } else {
                Look::Failed(format!("kosli exited with {exit_code}: {}", excerpt(&without_request(words))))
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

/// Of what somebody else says in Kosli's place, or of nothing.
fn no_document(what: &str, text: &str, advice: &str) -> String {
    let text = text.trim();
    if text.is_empty() {
        return format!("{what} is empty, and so not Kosli's; {advice}");
    }
    let begin: String = text.chars().take(40).collect();
    format!("{what} is no JSON, and so not Kosli's: it begins with `{}`; {advice}", excerpt(&begin))
}

objects! {
    open struct ErrorBody { message = "message": String, }
}

/// The CLI's `Error: …` line; warnings may stand before it.
fn error_line(stderr: &str) -> &str {
    stderr.lines().find_map(|line| line.strip_prefix("Error: ")).unwrap_or(stderr)
}

/// What kosli says of its last attempt: Go names the request and its address three times before it comes to what was wrong, for which an excerpt
/// would have no room.
fn without_request(words: &str) -> Cow<'_, str> {
    const GIVEN_UP: &str = " attempt(s)";
    let Some(at) = words.find("giving up after ") else { return Cow::Borrowed(words) };
    let told = &words[at..];
    let Some((tried, rest)) = told.split_once(GIVEN_UP) else { return Cow::Borrowed(words) };
    match rest.strip_prefix(": ").and_then(|cause| cause.split_once("\": ")) {
        Some((request, cause)) if request.contains(" \"") => Cow::Owned(format!("{tried}{GIVEN_UP}: {cause}")),
        _ => Cow::Borrowed(told),
    }
}

/// The text of an error body: `{"message": …}` or a bare JSON text.
fn message(body: &str) -> Option<String> {
    if body.trim_start().starts_with('"') {
        return serde_json::from_str(body).ok();
    }
    let body: ErrorBody = serde_json::from_str(body).ok()?;
    body.message
}
