//! Kosli: its names, what is read from it and written to it, and the documents that it answers with.

pub(crate) mod argv;
pub(crate) mod command;
pub(crate) mod documents;
pub(crate) mod exception_id;
pub(crate) mod id;
pub(crate) mod name;
pub(crate) mod raw;
pub(crate) mod read_name;
pub(crate) mod request;
pub(crate) mod step;
pub(crate) mod target;
pub(crate) mod window_name;
