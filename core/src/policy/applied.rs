//! Which policy an answer goes by, and how much of it.

use serde::Serialize;

use crate::call::Call;

use super::Policy;

/// The policy that an answer goes by.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Applied {
    /// Its name, if it has one.
    pub name: Option<String>,
    /// How many windows it has.
    pub windows: usize,
    /// How many of them are for the environment; suspended ones are for none.
    pub for_environment: usize,
}

impl Policy {
    /// `None` for a call without a policy.
    pub(crate) fn applied(&self, call: &Call, for_environment: usize) -> Option<Applied> {
        call.policy.as_ref()?;
        Some(Applied { name: self.name.clone(), windows: self.windows.len(), for_environment })
    }
}
