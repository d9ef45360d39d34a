//! What keys and values of a change may be.

use crate::text::excerpt;

/// Keys, or globs of one key, at the most.
pub(super) const MOST: usize = 32;
const LONGEST_KEY: usize = 31;
const LONGEST_VALUE: usize = 1024;
/// The longest form on record, in bytes: every command line of every system carries it.
const LONGEST_QUERY: usize = 8192;

pub(super) fn check_key(key: &str) -> Result<(), String> {
    let is_letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    let is_key =
        key.len() <= LONGEST_KEY && key.starts_with(|c: char| c.is_ascii_lowercase()) && key.bytes().all(is_letter);
    if is_key {
        return Ok(());
    }
    Err(format!(
        "`{}` is not a key of a change; it has up to {LONGEST_KEY} letters a to z, digits and `_`, and starts with a letter, e.g. kind",
        excerpt(key)
    ))
}

pub(super) fn check_value(key: &str, value: &str) -> Result<(), String> {
    if value.len() > LONGEST_VALUE || value.contains('\0') {
        return Err(format!("`{key}` has {} bytes; it may have {LONGEST_VALUE}, and no NUL among them", value.len()));
    }
    Ok(())
}

pub(super) fn check_query(query: String) -> Result<String, String> {
    if query.len() > LONGEST_QUERY {
        return Err(format!("it has {} bytes on record; {LONGEST_QUERY} are allowed", query.len()));
    }
    Ok(query)
}
