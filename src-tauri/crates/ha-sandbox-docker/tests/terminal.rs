//! The terminal: a shell in a container of its own that shows, obeys, stands still for its reader and
//! always ends; what somebody may type to hurt, and what an engine may do meanwhile.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use bollard::Docker;
use common::{SOON, pooled};
use ha_sandbox::{
    RunError, Runner, SourceFile, Terminal, TerminalEvent, TerminalRequest, TerminalSize,
};
use ha_sandbox_docker::DockerRunner;
use ha_testkit::conformance::canary;
use ha_testkit::engine::PrivateEngine;
use std::sync::Arc;
use tokio::time::timeout;

/// A terminal, and what it has said so far.
struct Shell {
    terminal: Terminal,
    text: String,
}

fn request() -> TerminalRequest {
    TerminalRequest {
        id: "terminal".into(),
        files: vec![
            SourceFile::text("main.py", "print(6 * 7)"),
            SourceFile::text("data/note.txt", "给定的"),
        ],
        size: TerminalSize::new(24, 80),
    }
}

impl Shell {
    async fn open(runner: &dyn Runner) -> Shell {
        let terminal = runner.terminal(request()).await.unwrap();
        let text = String::new();
        let mut shell = Shell { terminal, text };
        shell.until("$ ").await;
        shell
    }

    async fn type_in(&self, text: &str) {
        self.terminal.control.type_in(text.into()).await;
    }

    /// Types a line and waits for what it must lead to.
    async fn says(&mut self, line: &str, expected: &str) {
        self.text.clear();
        self.type_in(&format!("{line}\r")).await;
        self.until(expected).await;
    }

    /// Ends what runs in it. What is typed before the next prompt would be thrown away with it.
    async fn interrupt(&mut self) {
        self.text.clear();
        self.type_in("\x03").await;
        self.until("$ ").await;
    }

    /// Reads until `expected` was said.
    async fn until(&mut self, expected: &str) {
        while !self.text.contains(expected) {
            match timeout(SOON, self.terminal.events.recv()).await {
                Ok(Some(TerminalEvent::Output(bytes))) => {
                    self.text += &String::from_utf8_lossy(&bytes);
                }
                Ok(Some(TerminalEvent::Started)) => {}
                other => panic!("{other:?} after {:?}", self.text),
            }
        }
    }

    /// Reads to the end; nothing comes after it.
    async fn end(mut self) -> TerminalEvent {
        loop {
            let event = timeout(SOON, self.terminal.events.recv()).await;
            match event.expect("it ends soon").expect("its end is told") {
                TerminalEvent::Started | TerminalEvent::Output(_) => {}
                last => {
                    assert_eq!(self.terminal.events.recv().await, None);
                    return last;
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shell_has_the_files_a_screen_and_its_own_end() {
    let runner = common::runner();
    let mut shell = Shell::open(&*runner).await;
    shell.says("cat data/note.txt; pwd", "给定的/work").await;
    shell.says("python3 main.py", "42\r\n").await;
    shell.says("stty size", "24 80").await;
    shell.terminal.control.resize(TerminalSize::new(10, 40));
    shell.says("stty size", "10 40").await;
    shell.says("echo 你好$((1+1))x\x7f", "你好2\r\n").await;
    shell.type_in("exit 3\r").await;
    assert_eq!(shell.end().await, TerminalEvent::Exited { code: 3 });
    canary(&*runner).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_edit_and_interrupt_do_so() {
    let runner = common::runner();
    let mut shell = Shell::open(&*runner).await;
    // Within a program the system itself edits the line, and knows how long a character is.
    shell.says("echo go; cat", "go\r\n").await;
    shell.says("你\x7fok", "\r\nok\r\n").await;
    shell.interrupt().await;
    shell.says("echo go; sleep 100", "go\r\n").await;
    shell.interrupt().await;
    shell.says("echo $((40+3))", "43\r\n").await;
    shell.type_in("\x04").await;
    assert!(matches!(shell.end().await, TerminalEvent::Exited { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_around_programs_is_around_a_shell() {
    let runner = common::runner();
    let mut shell = Shell::open(&*runner).await;
    shell.says("kill -9 1; echo alive$((1+1))", "alive2").await;
    shell.says("cat /proc/1/environ", "Permission denied").await;
    shell.says("touch /x", "Read-only file system").await;
    shell
        .says(
            "python3 -c \"import socket; socket.create_connection(('10.0.0.1', 80))\"",
            "Network is unreachable",
        )
        .await;
    shell.terminal.control.close();
    assert_eq!(shell.end().await, TerminalEvent::Closed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_stands_still_with_its_reader_and_is_closed_all_the_same() {
    let runner = common::runner();
    let shell = Shell::open(&*runner).await;
    shell.type_in("yes\r").await;
    // Nobody reads: the queue fills, and everything behind it.
    while shell.terminal.events.len() < shell.terminal.events.max_capacity() {
        tokio::task::yield_now().await;
    }
    shell.terminal.control.close();
    assert_eq!(shell.end().await, TerminalEvent::Closed);
    canary(&*runner).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fork_bomb_is_closed_and_costs_nobody_a_program() {
    let runner = common::runner();
    let shell = Shell::open(&*runner).await;
    shell.type_in("b() { b | b & }; b\r").await;
    canary(&*runner).await;
    shell.terminal.control.close();
    assert_eq!(shell.end().await, TerminalEvent::Closed);
    canary(&*runner).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn terminals_count_and_leave_a_container_for_programs() {
    let runner = common::runner();
    let one = Shell::open(&*runner).await;
    let two = Shell::open(&*runner).await;
    let refused = runner.terminal(request()).await;
    assert!(
        matches!(&refused, Err(RunError::Unavailable(why)) if why.contains("terminals")),
        "{refused:?}"
    );
    canary(&*runner).await;
    let done = runner.statistics();
    assert!(done.in_use >= 2, "{done:?}");
    assert!(
        done.in_use + done.available + done.starting <= 3,
        "{done:?}"
    );
    one.terminal.control.close();
    assert_eq!(one.end().await, TerminalEvent::Closed);
    let three = Shell::open(&*runner).await;
    // Whoever drops a terminal has closed it.
    drop((two, three));
    let again = async {
        while runner.terminal(request()).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    timeout(SOON, again).await.expect("places come back");
}

/// An engine of the test's own, because somebody will do something to it.
fn own_engine() -> (PrivateEngine, Arc<DockerRunner>, tempfile::TempDir) {
    let engine = PrivateEngine::start().unwrap();
    let locks = tempfile::tempdir().unwrap();
    let mut settings = common::settings(&engine.host());
    settings.locks = locks.path().into();
    (engine, DockerRunner::open(settings), locks)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_whose_container_or_engine_goes_says_so() {
    let (mut engine, runner, _locks) = own_engine();
    let shell = Shell::open(&*runner).await;
    let socket = engine.host();
    let socket = socket.strip_prefix("unix://").unwrap();
    let docker = Docker::connect_with_unix(socket, 10, bollard::API_DEFAULT_VERSION).unwrap();
    for id in pooled(&runner, &docker).await {
        docker.pause_container(&id).await.unwrap();
    }
    let end = shell.end().await;
    let paused = "somebody paused the container".to_owned();
    assert_eq!(end, TerminalEvent::Failed(RunError::Lost(paused)));
    let shell = Shell::open(&*runner).await;
    engine.kill();
    let end = shell.end().await;
    assert!(
        matches!(end, TerminalEvent::Failed(RunError::Lost(_))),
        "{end:?}"
    );
}
