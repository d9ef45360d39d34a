//! The policy: windows in which deployments must stop, or alone may go on.
//!
//! `WINDOWS.md` beside this crate's README says what they mean.

mod approvals;
mod calendars;
mod consents;
mod keys;
mod meant;
mod notes;
mod outlook;
mod reading;
mod rule;
mod run;
mod selecting;
mod selector;
mod standing;
mod time_rule;
mod timeline;
mod told;
mod window;
mod windows;

pub(crate) use approvals::Approvals;
pub(crate) use consents::Consents;
pub(crate) use outlook::{Outlook, Verdict};
pub(crate) use run::Run;
pub(crate) use selecting::check_selection;
pub(crate) use selector::For;
pub(crate) use standing::Standing;
pub(crate) use timeline::{Held, Timeline};
pub(crate) use told::Told;
pub(crate) use window::Window;
pub(crate) use windows::Policy;
