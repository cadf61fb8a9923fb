//! Other ways to run Python, each in a process of its own that answers one line for one run.
//!
//! A line to the peer and a line back are a pipe's round trip, some 30 µs, which is counted. A peer that
//! cannot be started here is named with the reason.

use crate::figures::Row;
use crate::native::{self, Python};
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

/// One way.
pub struct Peer {
    /// What is measured of it.
    pub row: Row,
    way: Way,
    /// Runs between one of this peer's and the next: slow ones come rarely.
    pub every: usize,
}

enum Way {
    /// A process that stays.
    Kept(Kept),
    /// A process for each run.
    Process(Box<dyn Fn() -> Command>),
}

struct Kept {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
}

/// Every peer that answers, and those that do not, with the reason. `folder` is where they were
/// installed.
pub fn all(folder: &Path, python: &Python) -> (Vec<Peer>, Vec<Value>) {
    let venv = folder.join(if cfg!(windows) {
        "venv/Scripts/python"
    } else {
        "venv/bin/python"
    });
    let script = |source: &str| {
        let mut command = Command::new(&venv);
        command.args(["-c", source]);
        command
    };
    let node = |state: &str| {
        let mut command = Command::new("node");
        let source = include_str!("peers/pyodide.mjs");
        command.args(["--input-type=module", "-e", source, "--"]);
        command.arg(folder).arg(state);
        command
    };
    let mut open = Opening::default();
    open.kept("pyeryx", "fresh", 1, script(include_str!("peers/eryx.py")));
    open.kept(
        "pydantic-monty, a part of Python only",
        "fresh",
        1,
        script(include_str!("peers/monty.py")),
    );
    open.kept(
        "ipykernel over jupyter_client, no isolation",
        "reused",
        1,
        script(include_str!("peers/ipykernel.py")),
    );
    open.kept("pyodide in node, loaded again", "fresh", 40, node("fresh"));
    open.kept("pyodide in node, kept", "reused", 1, node("reused"));
    let inside = python.command("print('hi')");
    open.process("bubblewrap and python3 -I -c", "fresh", move || {
        let mut command = Command::new("bwrap");
        command.args([
            "--ro-bind",
            "/",
            "/",
            "--dev",
            "/dev",
            "--unshare-all",
            "--die-with-parent",
        ]);
        command.arg(inside.get_program()).args(inside.get_args());
        command
    });
    open.docker();
    (open.peers, open.missing)
}

#[derive(Default)]
struct Opening {
    peers: Vec<Peer>,
    missing: Vec<Value>,
}

impl Opening {
    fn kept(&mut self, name: &str, state: &'static str, every: usize, command: Command) {
        let way = Kept::start(command).map(Way::Kept);
        self.add(name, state, every, way);
    }

    fn process(
        &mut self,
        name: &str,
        state: &'static str,
        command: impl Fn() -> Command + 'static,
    ) {
        let tried = native::time(command());
        let way = tried.map(|_| Way::Process(Box::new(command)));
        self.add(name, state, 1, way);
    }

    /// A container that stays, with a process for each run: files stay, so it is not fresh.
    fn docker(&mut self) {
        const IMAGE: &str = "python:3-slim";
        let name = "docker exec, python3 -I -c";
        let start = [
            "run",
            "--rm",
            "-d",
            "--network",
            "none",
            "--pull",
            "never",
            IMAGE,
            "sleep",
            "600",
        ];
        let started = Command::new("docker").args(start).output();
        let container = started.map_err(anyhow::Error::from).and_then(|output| {
            let words = String::from_utf8_lossy(&output.stderr);
            ensure!(
                output.status.success(),
                "{}",
                words.trim().lines().next().unwrap_or_default()
            );
            Ok(String::from_utf8(output.stdout)?.trim().to_owned())
        });
        match container {
            Err(error) => self.add(name, "reused", 1, Err(error)),
            Ok(container) => self.process(name, "reused", move || {
                let mut command = Command::new("docker");
                command.args(["exec", &container, "python3", "-I", "-c", "print('hi')"]);
                command
            }),
        }
    }

    fn add(&mut self, name: &str, state: &'static str, every: usize, way: Result<Way>) {
        let row = Row::new(name, state);
        match way {
            Ok(way) => self.peers.push(Peer { row, way, every }),
            Err(error) => {
                let reason = format!("not available here: {error:#}");
                self.missing.push(json!({ "name": name, "reason": reason }));
            }
        }
    }
}

impl Peer {
    /// One run.
    pub fn run(&mut self) -> Result<Duration> {
        match &mut self.way {
            Way::Kept(kept) => kept.run(),
            Way::Process(command) => native::time(command()),
        }
    }
}

impl Kept {
    fn start(mut command: Command) -> Result<Kept> {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let program = command.get_program().to_string_lossy().into_owned();
        let mut child = command.spawn().with_context(|| program)?;
        let stdin = child.stdin.take().context("its input is piped")?;
        let stdout = child.stdout.take().context("its output is piped")?;
        let mut kept = Kept {
            child,
            stdin,
            stdout: BufReader::new(stdout),
        };
        if kept.line()? != "ready" {
            kept.child.kill().ok();
            let stderr = kept.child.stderr.take().context("its errors are piped")?;
            let lines = BufReader::new(stderr).lines().map_while(Result::ok);
            let words = lines
                .filter(|line| line.contains("Error") || line.contains("rror:"))
                .last();
            bail!("{}", words.unwrap_or_else(|| "it ended at once".into()));
        }
        kept.run()?;
        Ok(kept)
    }

    fn run(&mut self) -> Result<Duration> {
        let start = Instant::now();
        writeln!(self.stdin, "run")?;
        let answer = self.line()?;
        ensure!(answer == "hi", "it answered {answer:?}");
        Ok(start.elapsed())
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        self.stdout.read_line(&mut line)?;
        Ok(line.trim().to_owned())
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
