//! Change freezes for [Kosli](https://docs.kosli.com) environments, decided without I/O.
//!
//! ```
//! use freeze_core::{Call, Decision, plan};
//!
//! let call = r#"{"action": {"type": "assert"}, "now": "2024-10-31T10:44:48Z", "environment": {"name": "prod", "tags": {}}}"#;
//! assert_eq!(plan(&Call::from_json(call)?).decision, Decision::Proceed); // nothing else may let a deployment through
//! # Ok::<(), freeze_core::Error>(())
//! ```
//!
//! The crate is not on a registry yet; depend on the repository, by the address you cloned it from:
//!
//! ```toml
//! [dependencies]
//! freeze-core = { git = "<the address of the nodeploy repository>", rev = "<the commit you have reviewed>" }
//! ```
//!
//! `core/examples/gate.rs` is a gate in 40 lines, `core/examples/host.rs` a host that freezes and lifts, too.
#![doc = include_str!("../README.md")]

mod answer;
mod budget;
mod call;
mod change;
mod codes;
mod consent;
mod error;
mod exception;
mod freeze;
mod gate;
mod glob;
mod json;
mod kosli;
mod observe;
mod order;
mod plan;
mod policy;
mod report;
mod runs;
mod schedule;
mod sight;
mod text;
mod time;
mod wording;

pub use answer::{
    Answer, Applied, Closure, Decision, DeploymentTotals, ExceptionState, HeldTime, History, Label, Longest, Next,
    PastApproval, PastClaim, PastDeployment, PastEnd, PastException, PastExceptionState, PastFreeze, PastHow, PastPass,
    PastRefusal, PastRevocation, PastState, PastWords, Selected, Shown, ShownApproval, ShownException, ShownUse,
    ShownWindow, Standing, State, Totals, UnreadableFact, Warning, Why,
};
pub use call::{
    Action, Call, Claim, Deployment, Environment, Freezes, Question, Report, Request as ExceptionRequest, Resume,
    Settings,
};
pub use change::{Change, Match};
pub use codes::{Reason, WarningCode};
pub use error::{Error, PlaceKey};
pub use json::{AsText, command_line_json, observe_json, observe_json_beside, plan_json, plan_json_beside};
pub use kosli::command::Command;
pub use kosli::name::{EnvironmentName, FlowName, OrgName, TagKey, TrailName};
pub use kosli::raw::RawResult;
pub use kosli::request::{Body, Field, Request, Tags};
pub use kosli::step::Write;
pub use kosli::target::{Read, Target};
pub use kosli::window_name::WindowName;
pub use observe::observe;
pub use plan::plan;
pub use schedule::Effect;
pub use sight::VERSION;
pub use text::{printable, printable_json, shell_line};
pub use time::wall::local_time;
pub use time::zone::TZDATA;
