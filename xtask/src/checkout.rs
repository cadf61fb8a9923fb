//! Where things lie in this checkout, and how its tools are called.

use anyhow::{Context, Result};
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// This checkout.
pub struct Checkout {
    /// The folder with the root manifest.
    pub root: PathBuf,
    /// Where cargo builds: `CARGO_TARGET_DIR`, else `target`.
    pub target: PathBuf,
}

impl Checkout {
    /// The checkout this program was built from. Fails when it was moved since.
    pub fn find() -> Result<Checkout> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .context("xtask lies inside the checkout")?
            .canonicalize()
            .context("the checkout was moved; build xtask again")?;
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(target) => root.join(target),
            None => root.join("target"),
        };
        Ok(Checkout { root, target })
    }

    /// A path inside the checkout.
    pub fn path(&self, inside: &str) -> PathBuf {
        self.root.join(inside)
    }

    /// Where the output of tools goes. Not under `CARGO_TARGET_DIR`: readers look in the checkout.
    pub fn logs(&self) -> PathBuf {
        self.path("target/logs")
    }

    /// A program of the debug build.
    pub fn debug_program(&self, name: &str) -> PathBuf {
        self.target
            .join("debug")
            .join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// A program of the release build.
    pub fn release_program(&self, name: &str) -> PathBuf {
        self.target
            .join("release")
            .join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// A tool that runs in the root.
    pub fn tool(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command.current_dir(&self.root);
        command
    }

    /// Cargo, the same one that built this program.
    pub fn cargo(&self, arguments: &[&str]) -> Command {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = self.tool(Path::new(&cargo));
        command.args(arguments);
        command
    }

    /// npm, in `ui/`.
    pub fn npm(&self, arguments: &[&str]) -> Command {
        let mut command = self.tool(if cfg!(windows) { "npm.cmd" } else { "npm" });
        command.current_dir(self.path("ui")).args(arguments);
        command
    }
}
