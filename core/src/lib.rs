//! Change freezes for [Kosli](https://docs.kosli.com) environments, decided without I/O.
#![doc = include_str!("../README.md")]

mod answer;
mod argv;
mod budget;
mod calendar;
mod call;
mod clock;
mod command;
mod duration;
mod environment;
mod error;
mod flag;
mod freeze;
mod id;
mod json;
mod look;
mod name;
mod object;
mod observe;
mod plan;
mod policy;
mod read;
mod record;
mod recurrence;
mod request;
mod sight;
mod text;
mod time;
mod wording;
mod zone;

pub use answer::{Answer, Decision, Shown, Warning};
pub use call::{Action, Call, Environment, Freezes, RawResult, Settings};
pub use command::{Command, Write};
pub use error::Error;
pub use freeze::State;
pub use json::{observe_json, plan_json};
pub use name::{EnvironmentName, FlowName, OrgName, TagKey, TrailName};
pub use observe::observe;
pub use plan::plan;
pub use policy::{Applied, Closure, Effect, ShownWindow};
pub use read::{Read, Target};
pub use request::{Body, Field, Request, Tags};
pub use text::{printable, printable_json, shell_line};
pub use zone::TZDATA;

/// The version of this crate, of the npm package and of the plugin.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
