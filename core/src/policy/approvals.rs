//! What the policy asks of exceptions: how many others approve, who may, and how long one may last.

use serde_json::value::RawValue;

use crate::budget::Budget;
use crate::glob::{any_takes, value};
use crate::text::excerpt;
use crate::text::object::{need, objects};
use crate::time::{DAY, duration};

use super::keys::without_place;

const MOST_NEEDED: u64 = 20;
const MOST_GLOBS: usize = 1_000;
/// How long an exception may last where the policy does not say.
const LONGEST: i64 = 7 * DAY;
const LONGEST_EVER: i64 = 366 * DAY;

/// What exceptions need.
#[derive(Clone, Debug)]
pub(crate) struct Approvals {
    pub(crate) needed: u64,
    /// Globs of accounts that may approve; without them, whoever says another name.
    accounts: Option<Vec<String>>,
    /// In seconds.
    pub(crate) longest: i64,
}

impl Default for Approvals {
    fn default() -> Self {
        Self { needed: 0, accounts: None, longest: LONGEST }
    }
}

objects! {
    strict struct ApprovalsText { needed = "needed": u64, accounts = "accounts": Vec<String>, longest = "longest": String, }
}

impl Approvals {
    /// `true` if it goes by accounts.
    pub(crate) fn asks_accounts(&self) -> bool {
        self.accounts.is_some()
    }

    /// `true` if this account may approve.
    pub(crate) fn takes(&self, account: &str, budget: &Budget) -> bool {
        self.accounts.as_ref().is_none_or(|accounts| any_takes(accounts, account, budget))
    }

    pub(super) fn read(json: &RawValue) -> Result<Self, String> {
        let text: Result<ApprovalsText, _> = serde_json::from_str(json.get());
        let read = text.map_err(|error| without_place(&error.to_string())).and_then(ApprovalsText::read);
        read.map_err(|problem| format!("`approvals`: {problem}"))
    }
}

impl ApprovalsText {
    fn read(self) -> Result<Approvals, String> {
        let needed = need(self.needed, "needed")?;
        if needed > MOST_NEEDED {
            return Err(format!("`needed` is {needed}; it must be 0 to {MOST_NEEDED}"));
        }
        if let Some(accounts) = &self.accounts {
            if accounts.is_empty() || accounts.len() > MOST_GLOBS {
                return Err(format!("`accounts` must name 1 to {MOST_GLOBS}, e.g. [\"release-*\"], or be left out"));
            }
            accounts
                .iter()
                .try_for_each(|glob| value::check(glob))
                .map_err(|problem| format!("`accounts` {problem}"))?;
        }
        let longest = match &self.longest {
            None => LONGEST,
            Some(text) => {
                duration::parse(text).filter(|length| (1..=LONGEST_EVER).contains(length)).ok_or_else(|| {
                    format!("`longest` is `{}`; up to a year is allowed, e.g. PT4H or P30D", excerpt(text))
                })?
            }
        };
        Ok(Approvals { needed, accounts: self.accounts, longest })
    }
}
