//! A window of a policy, by both their names: what a recorded freeze of it and an exception for it have in common.

use serde::Serialize;
use serde::de::{Deserialize, Deserializer, Error as _};

use crate::text::object::{need, objects};

use super::id::WINDOW_HOLDER;

/// A window of a policy, by both their names.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct WindowName {
    /// The policy's, if it has one.
    pub policy: Option<String>,
    /// The window's.
    pub name: String,
}

impl WindowName {
    /// Who holds the window's freezes on record: `window/release/weekend`.
    pub(crate) fn holder(&self) -> String {
        let Self { policy, name } = self;
        match policy {
            Some(policy) => format!("{WINDOW_HOLDER}{policy}/{name}"),
            // The window `a/b` of a policy without a name is not the window `b` of the policy `a`.
            None if name.contains('/') => format!("{WINDOW_HOLDER}/{name}"),
            None => format!("{WINDOW_HOLDER}{name}"),
        }
    }

    /// The window that is the holder of a freeze, if it is one.
    pub(crate) fn of_holder(holder: &str) -> Option<Self> {
        let window = holder.strip_prefix(WINDOW_HOLDER)?;
        let (policy, name) = window.split_once('/').map_or(("", window), |(policy, name)| (policy, name));
        Some(Self { policy: (!policy.is_empty()).then(|| policy.to_owned()), name: name.to_owned() })
    }
}

objects! {
    strict struct WindowText { policy = "policy": String, name = "name": String, }
}

impl<'de> Deserialize<'de> for WindowName {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        let WindowText { policy, name } = WindowText::deserialize(json)?;
        Ok(Self { policy, name: need(name, "name").map_err(D::Error::custom)? })
    }
}

#[cfg(test)]
mod tests {
    use super::WindowName;

    #[test]
    fn a_holder_is_one_window_s() {
        for (policy, name, holder) in [
            (Some("release"), "weekend", "window/release/weekend"),
            (Some("release"), "a/b", "window/release/a/b"),
            (None, "weekend", "window/weekend"),
            (None, "a/b", "window//a/b"),
        ] {
            let window = WindowName { policy: policy.map(str::to_owned), name: name.to_owned() };
            assert_eq!(window.holder(), holder);
            assert_eq!(WindowName::of_holder(holder), Some(window));
        }
        assert_eq!(WindowName::of_holder("steve"), None);
    }
}
