//! A folder for a while.

use std::path::PathBuf;
use std::{env, fs, process};

use crate::run::{Outcome, Stop};

/// A new folder, removed with all that is in it when this goes, also after Ctrl-C.
pub(crate) struct TemporaryFolder(pub(crate) PathBuf);

impl TemporaryFolder {
    pub(crate) fn new() -> Outcome<Self> {
        let folder = env::temp_dir().join(format!("nodeploy-xtask-{}", process::id()));
        match fs::create_dir(&folder) {
            Ok(()) => Ok(Self(folder)),
            Err(error) => Err(Stop::Failed(format!("{} cannot be created: {error}", folder.display()))),
        }
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
