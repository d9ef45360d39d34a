//! What a host runs.

use freeze_core::{Action, Freezes};

use crate::policies::Policy;

static SYNC: Action = Action::Sync {};

/// What a host runs, from its first look to its exit.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Program {
    /// The loop over `observe` and `plan`.
    Ours(Action),
    /// The same: `sync`, with a policy.
    SyncOf(Policy),
    /// The old script's `on`: tag, begin the trail, attest.
    ScriptOn,
    /// The old script's `off`: read the tag, untag, attest to the trail that was read.
    ScriptOff,
    /// The old script's `assert`: read the tag.
    ScriptAssert,
    /// An outsider who removes every tag of ours, as a `terraform apply` that manages tags does.
    Wipe,
}

impl Program {
    /// `on`, by somebody or nobody.
    #[must_use]
    pub fn on(by: Option<&str>, reason: &str, until: Option<&str>) -> Self {
        let (reason, by) = (reason.to_owned(), by.map(str::to_owned));
        Self::Ours(Action::On { reason, by, until: until.map(str::to_owned), id: None, except: None })
    }

    /// `off`, of one's own freezes.
    #[must_use]
    pub fn off(by: Option<&str>) -> Self {
        Self::Ours(Action::Off { freezes: None, by: by.map(str::to_owned), reason: None })
    }

    /// `off --all`.
    #[must_use]
    pub fn off_all() -> Self {
        Self::Ours(Action::Off { freezes: Some(Freezes::All), by: Some("root".to_owned()), reason: None })
    }

    /// `off --freeze ID`.
    #[must_use]
    pub fn off_named(id: &str) -> Self {
        let freezes = Some(Freezes::These(vec![id.to_owned()]));
        Self::Ours(Action::Off { freezes, by: Some("root".to_owned()), reason: None })
    }

    /// `sync`.
    #[must_use]
    pub fn sync() -> Self {
        Self::Ours(Action::Sync {})
    }

    /// `assert`.
    #[must_use]
    pub fn assert() -> Self {
        Self::Ours(Action::assert())
    }

    /// What is asked of the core, if it is asked.
    pub(crate) fn action(&self) -> Option<&Action> {
        match self {
            Self::Ours(action) => Some(action),
            Self::SyncOf(_) => Some(&SYNC),
            Self::ScriptOn | Self::ScriptOff | Self::ScriptAssert | Self::Wipe => None,
        }
    }

    pub(crate) fn policy(&self) -> Option<Policy> {
        match self {
            Self::SyncOf(policy) => Some(*policy),
            _ => None,
        }
    }

    pub(crate) fn is_script(&self) -> bool {
        matches!(self, Self::ScriptOn | Self::ScriptOff)
    }

    pub(crate) fn is_gate(&self) -> bool {
        matches!(self, Self::Ours(Action::Assert { .. }))
    }

    /// As a person would call it.
    pub(crate) fn name(&self) -> String {
        let by = |by: &Option<String>| by.as_deref().map_or_else(String::new, |by| format!(" --by {by}"));
        match self {
            Self::Ours(Action::On { reason, by: holder, until, .. }) => {
                let until = until.as_deref().map_or_else(String::new, |until| format!(" --until {until}"));
                format!("on -r {reason}{}{until}", by(holder))
            }
            Self::Ours(Action::Off { freezes: Some(Freezes::All), .. }) => "off --all".to_owned(),
            Self::Ours(Action::Off { freezes: Some(Freezes::These(ids)), .. }) => {
                format!("off --freeze {}", ids.join(" "))
            }
            Self::Ours(Action::Off { freezes: None, by: holder, .. }) => format!("off{}", by(holder)),
            Self::Ours(Action::Assert(_)) => self.told_gate(),
            Self::Ours(Action::Status { .. }) => "status".to_owned(),
            Self::Ours(Action::Sync {}) => "sync".to_owned(),
            Self::Ours(Action::Except(_)) => "except".to_owned(),
            Self::Ours(Action::Approve { by: holder, .. }) => format!("approve --by {holder}"),
            Self::Ours(Action::Revoke { .. }) => "revoke".to_owned(),
            Self::Ours(Action::Claim(claim)) => format!("claim --run {}", claim.run),
            Self::Ours(other) => unreachable!("no program asks {other:?}"),
            Self::SyncOf(policy) => format!("sync of {}", policy.told()),
            Self::ScriptOn => "nodeploy.sh on".to_owned(),
            Self::ScriptOff => "nodeploy.sh off".to_owned(),
            Self::ScriptAssert => "nodeploy.sh assert".to_owned(),
            Self::Wipe => "terraform apply".to_owned(),
        }
    }
}
