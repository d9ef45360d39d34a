//! Where things are: in the checkout, in cargo's folders, and on PATH.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run::{Outcome, Stop, stdout};

/// The folders that the commands work in.
pub(crate) struct Places {
    /// The checkout.
    pub(crate) root: PathBuf,
    /// Cargo's build folder, wherever the user keeps it.
    pub(crate) target: PathBuf,
    /// Our own copies of cargo-installed tools: nobody's own versions are touched.
    pub(crate) tools: PathBuf,
}

impl Places {
    pub(crate) fn find() -> Outcome<Self> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = PathBuf::from(manifest).parent().expect("xtask/ is in the checkout").to_owned();
        let mut metadata = Command::new("cargo");
        metadata.args(["metadata", "--format-version", "1", "--no-deps"]).current_dir(&root);
        let target = json_text(&stdout(&mut metadata)?, "target_directory")
            .ok_or_else(|| Stop::Failed("`cargo metadata` names no target_directory".into()))?;
        let cargo_home = env::var_os("CARGO_HOME")
            .map(PathBuf::from)
            .or_else(|| env::home_dir().map(|home| home.join(".cargo")))
            .ok_or_else(|| {
                Stop::Failed("there is no home directory; set CARGO_HOME to where cargo may install".into())
            })?;
        Ok(Self { target: target.into(), tools: cargo_home.join("nodeploy"), root })
    }

    /// Where npm puts wasm-opt.
    pub(crate) fn build_tools(&self) -> PathBuf {
        self.root.join("xtask").join("tools")
    }

    /// The real kosli CLI, where the tests' packages have one for this machine.
    pub(crate) fn kosli(&self) -> Option<PathBuf> {
        let package = ["tests", "kosli", "node_modules", "@kosli", "cli-linux-x64", "bin", "kosli"];
        let program = self.root.join(package.iter().collect::<PathBuf>());
        program.is_file().then_some(program)
    }

    /// PATH with our tools in front.
    pub(crate) fn path(&self) -> OsString {
        let ours = [self.tools.join("bin"), self.build_tools().join("node_modules").join(".bin")];
        let theirs = env::var_os("PATH").unwrap_or_default();
        env::join_paths(ours.into_iter().chain(env::split_paths(&theirs)))
            .expect("folders that were on PATH can be on PATH")
    }

    /// A path as said to people: from the checkout's root where it lies in it.
    pub(crate) fn name<'a>(&self, path: &'a Path) -> std::path::Display<'a> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }
}

/// The text value of `key` in one line of JSON as cargo prints it.
fn json_text(json: &str, key: &str) -> Option<String> {
    let (_, value) = json.split_once(&format!("\"{key}\":\""))?;
    let (value, _) = value.split_once("\",")?;
    Some(value.replace("\\\\", "\\"))
}
