//! Names as Kosli allows them, checked before they reach a path or an argument.

use std::borrow::Cow;
use std::fmt;

use serde::{Serialize, Serializer};

use crate::error::Error;

/// Kosli states no maximum; ours keeps a name within one path segment of any server, and lets a tag key hold
/// a trail's name.
const LONGEST: usize = 255;
const LONGEST_KEY: usize = 1024;

const LETTERS: Letters = letters(b".-_");
const MORE_LETTERS: Letters = letters(b".-_~");

/// Which bytes may stand in a name; none but ASCII.
type Letters = [bool; 256];

/// Letters, digits and `more`.
const fn letters(more: &[u8]) -> Letters {
    let mut letters = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        letters[byte as usize] = byte.is_ascii_alphanumeric();
        byte += 1;
    }
    let mut at = 0;
    while at < more.len() {
        letters[more[at] as usize] = true;
        at += 1;
    }
    letters
}

/// `true` if `text` starts with a letter or digit and goes on with `letters`.
fn is_name(text: &str, letters: &Letters, longest: usize) -> bool {
    let bytes = text.as_bytes();
    bytes.len() <= longest
        && bytes.first().is_some_and(u8::is_ascii_alphanumeric)
        && bytes.iter().all(|&byte| letters[usize::from(byte)])
}

/// `true` if Kosli has trails of such a name.
pub(crate) fn is_trail_name(text: &str) -> bool {
    is_name(text, &MORE_LETTERS, LONGEST)
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $what:literal, $letters:expr, $longest:expr, $most:literal, $allowed:literal) => {
        $(#[$doc])*
        ///
        /// # Example
        ///
        /// ```
        #[doc = concat!("assert!(freeze_core::", stringify!($name), "::new(\"prod-aws\").is_ok());")]
        #[doc = concat!("assert!(freeze_core::", stringify!($name), "::new(\"../x\").is_err());")]
        /// ```
        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name(Cow<'static, str>);

        impl $name {
            /// Takes `text` if Kosli would.
            ///
            /// # Errors
            ///
            /// `bad_name` if it has a character that is not allowed, is empty, or is too long.
            pub fn new(text: &str) -> Result<Self, Error> {
                Self::of(text.to_owned())
            }

            /// The same of a text that need not be copied.
            pub(crate) fn of(text: impl Into<Cow<'static, str>>) -> Result<Self, Error> {
                let text = text.into();
                if is_name(&text, &$letters, $longest) { Ok(Self(text)) } else { Err(Self::refused(text)) }
            }

            #[cold]
            fn refused(text: Cow<'static, str>) -> Error {
                let is_too_long = is_name(&text, &$letters, usize::MAX);
                let rule = if is_too_long { $most } else { $allowed };
                Error::BadName { what: $what, name: text.into_owned(), rule }
            }

            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }
    };
}

name!(
    /// The name of a Kosli environment.
    EnvironmentName,
    "environment",
    LETTERS,
    LONGEST,
    "it has more than 255 characters",
    "it starts with a letter or digit and has only letters, digits, `.`, `-` and `_`"
);
name!(
    /// The name of a Kosli organisation. Kosli states no rule; ours keeps it one path segment.
    OrgName,
    "organisation",
    MORE_LETTERS,
    LONGEST,
    "it has more than 255 characters",
    "it starts with a letter or digit and has only letters, digits, `.`, `-`, `_` and `~`"
);
name!(
    /// The name of a Kosli flow.
    FlowName,
    "flow",
    MORE_LETTERS,
    LONGEST,
    "it has more than 255 characters",
    "it starts with a letter or digit and has only letters, digits, `.`, `-`, `_` and `~`"
);
name!(
    /// The name of a Kosli trail; ours are the ids of freezes.
    TrailName,
    "trail",
    MORE_LETTERS,
    LONGEST,
    "it has more than 255 characters",
    "it starts with a letter or digit and has only letters, digits, `.`, `-`, `_` and `~`"
);
name!(
    /// The key of a tag of a Kosli environment.
    TagKey,
    "tag",
    MORE_LETTERS,
    LONGEST_KEY,
    "it has more than 1,024 characters",
    "it starts with a letter or digit and has only letters, digits, `.`, `-`, `_` and `~`"
);

#[cfg(test)]
mod tests {
    use super::{EnvironmentName, TagKey, TrailName};

    #[test]
    fn names_are_kosli_s_and_no_path() {
        for good in ["prod-aws", "0", "a.b_c-D", &"x".repeat(255)] {
            assert!(EnvironmentName::new(good).is_ok(), "{good}");
        }
        for bad in ["", ".", "..", "-x", "_x", "a/b", "a b", "a%2Fb", "a\n", "é", "a~b", &"x".repeat(256)] {
            assert!(EnvironmentName::new(bad).is_err(), "{bad:?}");
        }
        assert!(TrailName::new("2024-10-31T10.44.48~steve").is_ok());
        assert!(TrailName::new("2024-10-31T10:44:48Z").is_err());
        assert!(TagKey::new("nodeploy.2024-10-31T10.44.48~steve").is_ok());
        assert!(TagKey::new("nodeploy.a,b").is_err());
    }

    #[test]
    fn one_that_is_too_long_and_odd_is_told_what_is_odd() {
        let told = |name: &str| EnvironmentName::new(name).expect_err("no name").to_string();
        assert!(told(&"x".repeat(256)).ends_with("; it has more than 255 characters"));
        assert!(told(&"é".repeat(200)).ends_with("and has only letters, digits, `.`, `-` and `_`"));
    }
}
