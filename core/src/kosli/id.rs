//! The id of a freeze says when it began and who holds it: `2024-10-31T10.44.48~steve`.

use chrono::{DateTime, Utc};

use crate::time;

use super::name::TrailName;

/// Who is called so is a window of a policy.
pub(crate) const WINDOW_HOLDER: &str = "window/";

/// The longest holder that an id shows as it is.
const LONGEST_HOLDER: usize = 40;

/// The id of a freeze that begins at `now`; the second of that second and holder gets `.2`, and so on.
pub(crate) fn numbered(now: DateTime<Utc>, by: Option<&str>, number: usize) -> TrailName {
    held(time::for_names(now), by, number)
}

/// A name that goes on with its holder and its number.
pub(super) fn held(mut name: String, by: Option<&str>, number: usize) -> TrailName {
    if let Some(by) = by {
        name.push('~');
        name.push_str(&holder_in_id(by));
    }
    if number > 1 {
        name.extend([".", &number.to_string()]);
    }
    // The call's `now` is RFC 3339, so its year has four digits.
    TrailName::new(&name).expect("a stamp, `~`, and what `holder_in_id` leaves are letters of a trail name")
}

/// When the freeze `id` began, if its id says so.
pub(crate) fn since(id: &str) -> Option<DateTime<Utc>> {
    time::from_name(id).map(|(since, _)| since)
}

/// `true` if `id` says that `by` holds it (nobody, if it names nobody).
pub(crate) fn names_holder(id: &str, by: Option<&str>) -> bool {
    holder_of(id) == by.map(holder_in_id).as_deref()
}

/// Who holds `id`, as far as an id can say: an unusual name is cut down there.
pub(crate) fn holder_of(id: &str) -> Option<&str> {
    let (_, rest) = time::from_name(id)?;
    holder_in(rest)
}

/// The holder in what follows the time: `~steve`, `~steve.2`.
pub(super) fn holder_in(rest: &str) -> Option<&str> {
    let holder = rest.strip_prefix('~')?;
    // `.2` counts the freezes of one second. A hash has eight digits, and what else follows a dot is of a name.
    match holder.rsplit_once('.') {
        Some((holder, number)) if is_number(number) => Some(holder),
        _ => Some(holder),
    }
}

/// What [`numbered`] appends.
pub(super) fn is_number(text: &str) -> bool {
    text.len() < 8 && !text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit()) && !matches!(text, "" | "1")
}

/// `by` in the letters that tag keys and trail names allow; seldom the same for two holders, who then share ids.
pub(crate) fn holder_in_id(by: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !by.is_empty() && by.len() <= LONGEST_HOLDER && by.chars().all(is_plain) {
        return by.to_owned();
    }
    let plain: String = by.chars().filter(|&c| is_plain(c)).take(LONGEST_HOLDER).collect();
    format!("{plain}.{:08x}", fnv1a(by))
}

/// FNV-1a, 32 bits: stable over versions, which the standard library's hash is not.
fn fnv1a(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::{holder_of, names_holder, numbered, since};
    use crate::time::parse;

    #[test]
    fn an_id_says_when_and_who() {
        let now = parse("2024-10-31T10:44:48.9Z").expect("an instant");
        let cases = [
            (None, "2024-10-31T10.44.48", None),
            (Some("steve"), "2024-10-31T10.44.48~steve", Some("steve")),
            (
                Some("steve@example.com"),
                "2024-10-31T10.44.48~steveexamplecom.feb78a09",
                Some("steveexamplecom.feb78a09"),
            ),
            (Some("日本"), "2024-10-31T10.44.48~.9f26ee51", Some(".9f26ee51")),
        ];
        for (by, id, holder) in cases {
            assert_eq!(numbered(now, by, 1).as_str(), id);
            assert_eq!(holder_of(id), holder);
            assert!(names_holder(id, by));
            assert!(names_holder(&format!("{id}.2"), by), "{id}.2");
            assert!(!names_holder(id, Some("mary")));
            assert_eq!(since(id), parse("2024-10-31T10:44:48Z"));
        }
    }

    #[test]
    fn an_id_that_is_taken_gets_a_number() {
        let now = parse("2024-10-31T10:44:48Z").expect("an instant");
        assert_eq!(numbered(now, Some("al"), 3).as_str(), "2024-10-31T10.44.48~al.3");
        assert_eq!(numbered(now, None, 2).as_str(), "2024-10-31T10.44.48.2");
    }

    #[test]
    fn what_follows_a_dot_is_a_number_or_of_the_name() {
        let stamp = "2024-10-31T10.44.48";
        for (holder, named) in [("al.2", "al"), ("al.9999999", "al"), ("al.12345678.2", "al.12345678")] {
            assert_eq!(holder_of(&format!("{stamp}~{holder}")), Some(named));
        }
        for holder in
            ["al.bob", "steve.smith", "al.", "al.1", "al.0", "al.02", "al.2x", "al.x2", "al.-2", "al.12345678"]
        {
            let id = format!("{stamp}~{holder}");
            assert_eq!(holder_of(&id), Some(holder));
            assert!(!names_holder(&id, holder.split('.').next()), "{id}");
        }
    }

    #[test]
    fn other_ids_name_nobody() {
        for id in ["", "null", "release-42", "2024-10-31T10.44.48.2", "x~steve"] {
            assert_eq!(holder_of(id), None, "{id}");
        }
    }
}
