//! Change freezes for [Kosli](https://docs.kosli.com) environments, decided without I/O.
#![doc = include_str!("../README.md")]

mod answer;
mod budget;
mod call;
mod error;
mod freeze;
mod json;
mod kosli;
mod observe;
mod plan;
mod policy;
mod report;
mod runs;
mod schedule;
mod sight;
mod text;
mod time;
mod wording;

pub use answer::{Answer, Applied, Closure, Decision, Shown, ShownWindow, State, Warning};
pub use call::{Action, Call, Environment, Freezes, Settings};
pub use error::Error;
pub use json::{observe_json, plan_json};
pub use kosli::command::Command;
pub use kosli::name::{EnvironmentName, FlowName, OrgName, TagKey, TrailName};
pub use kosli::raw::RawResult;
pub use kosli::request::{Body, Field, Request, Tags};
pub use kosli::step::Write;
pub use kosli::target::{Read, Target};
pub use observe::observe;
pub use plan::plan;
pub use schedule::Effect;
pub use text::{printable, printable_json, shell_line};
pub use time::zone::TZDATA;

/// The version of this crate, of the npm package and of the plugin.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
