//! Native Python: the newest one here, as a process for each run.

use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// One interpreter.
pub struct Python {
    program: PathBuf,
    /// As it says itself: `Python 3.14.0`.
    pub version: String,
}

impl Python {
    /// The newest one that answers: those on the path, and those that pyenv keeps.
    pub fn newest() -> Result<Python> {
        let mut names: Vec<PathBuf> = [
            "python3.15",
            "python3.14",
            "python3.13",
            "python3",
            "python",
        ]
        .map(PathBuf::from)
        .into();
        names.extend(of_pyenv());
        let found = names.iter().filter_map(|name| Python::at(name).ok());
        found
            .max_by_key(|python| python.numbers())
            .context("there is no Python to compare with")
    }

    /// The interpreter itself: version managers put a script of their own in front, which is slow.
    fn at(name: &Path) -> Result<Python> {
        let ask = "import sys, platform; print(sys.executable); print('Python', platform.python_version())";
        let output = Command::new(name).args(["-I", "-c", ask]).output()?;
        let text = String::from_utf8(output.stdout)?;
        let (program, version) = text.trim().split_once('\n').context("no answer")?;
        Ok(Python {
            program: program.trim().into(),
            version: version.trim().into(),
        })
    }

    fn numbers(&self) -> Vec<u32> {
        let parts = self.version.split(|letter: char| !letter.is_ascii_digit());
        parts.filter_map(|part| part.parse().ok()).collect()
    }

    /// What `source` prints.
    pub fn run(&self, source: &str) -> Result<String> {
        let output = self.command(source).output()?;
        ensure!(output.status.success(), "{output:?}");
        Ok(String::from_utf8(output.stdout)?)
    }

    /// How long `print('hi')` takes from the start of the process to its end.
    pub fn hello(&self) -> Result<Duration> {
        time(self.command("print('hi')"))
    }

    /// `python3 -I -c source`.
    pub fn command(&self, source: &str) -> Command {
        let mut command = Command::new(&self.program);
        command.args(["-I", "-c", source]).stdin(Stdio::null());
        command
    }
}

/// Runs what must print `hi`.
pub fn time(mut command: Command) -> Result<Duration> {
    let start = Instant::now();
    let output = command.output()?;
    let end = start.elapsed();
    let words = String::from_utf8_lossy(&output.stderr);
    let last = words.trim().lines().last().unwrap_or_default().to_owned();
    ensure!(output.stdout.starts_with(b"hi"), "{} {last}", output.status);
    Ok(end)
}

fn of_pyenv() -> Vec<PathBuf> {
    let root = Command::new("pyenv").arg("root").output();
    let root = root.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    let versions = root.map(|root| Path::new(&root).join("versions"));
    let entries = versions.and_then(std::fs::read_dir);
    let entries = entries.into_iter().flatten().flatten();
    entries
        .map(|entry| entry.path().join("bin/python3"))
        .collect()
}
