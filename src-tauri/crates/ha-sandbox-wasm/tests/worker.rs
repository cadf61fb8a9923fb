//! The worker process: killed at every moment it costs one run and nothing else, and it stands behind
//! its walls. Killing is real: `SIGKILL` to the process id that the engine shows.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{guest_dir, open, worker};
use ha_sandbox::{EngineState, Run, RunError, RunEvent, RunOutcome, Runner};
use ha_sandbox_wasm::{GuestLocation, WasmRunner, WorkerProgram};
use ha_testkit::conformance::{canary, run, script, until_printed};
use rustix::process::{Pid, Signal, kill_process};
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// An engine and its cache.
struct Place {
    engine: Arc<WasmRunner>,
    _cache: TempDir,
}

fn place() -> Place {
    let cache = tempfile::tempdir().unwrap();
    Place {
        engine: open(cache.path()),
        _cache: cache,
    }
}

fn signal(pid: u32, signal: Signal) {
    kill_process(Pid::from_raw(pid as i32).unwrap(), signal).ok();
}

/// Waits for what comes by itself, for at most ten seconds.
async fn eventually(what: &str, mut happens: impl FnMut() -> bool) {
    let start = Instant::now();
    while !happens() {
        assert!(start.elapsed() < Duration::from_secs(10), "{what}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// Whether the system knows of the process, as a zombie or otherwise.
fn exists(pid: u32) -> bool {
    PathBuf::from(format!("/proc/{pid}")).exists()
}

impl Place {
    /// The worker, once it is ready.
    async fn worker(&self) -> u32 {
        canary(&*self.engine).await;
        self.engine.worker_pid().unwrap()
    }

    async fn start(&self, source: &str) -> Run {
        self.engine.start(script(source)).await.unwrap()
    }

    /// The next program runs, in another worker, and nothing is left of the old one.
    async fn goes_on_without(&self, old: u32) {
        assert_ne!(self.worker().await, old);
        assert!(!exists(old), "it was buried before its runs were answered");
    }
}

/// Reads the stream to its end; the one terminal event.
async fn terminal(mut run: Run) -> RunEvent {
    let mut last = Vec::new();
    while let Some(event) = run.events.recv().await {
        if matches!(event, RunEvent::Finished(_) | RunEvent::Failed(_)) {
            last.push(event);
        } else {
            assert!(last.is_empty(), "{event:?} after the end");
        }
    }
    assert_eq!(last.len(), 1, "{last:?}");
    last.remove(0)
}

async fn is_lost(run: Run) {
    let event = terminal(run).await;
    let RunEvent::Failed(RunError::Lost(reason)) = event else {
        panic!("{event:?}");
    };
    assert!(reason.contains("SIGKILL"), "{reason}");
}

#[tokio::test]
async fn an_idle_worker_that_is_killed_is_replaced() {
    let place = place();
    let old = place.worker().await;
    signal(old, Signal::KILL);
    eventually("a new worker", || {
        place.engine.worker_pid().is_some_and(|pid| pid != old)
    })
    .await;
    place.goes_on_without(old).await;
}

#[tokio::test]
async fn a_worker_killed_at_the_start_costs_that_run() {
    let place = place();
    let old = place.worker().await;
    let run = place.start("print('hi')\nwhile True: pass").await;
    signal(old, Signal::KILL);
    is_lost(run).await;
    place.goes_on_without(old).await;
}

#[tokio::test]
async fn a_run_that_is_started_on_a_dead_worker_gets_one_end() {
    let place = place();
    let old = place.worker().await;
    signal(old, Signal::KILL);
    // Nobody has noticed yet: the run may be lost, or find the next worker.
    match terminal(place.start("print('hi')").await).await {
        RunEvent::Failed(RunError::Lost(_)) => {}
        RunEvent::Finished(report) => assert_eq!(report.outcome, RunOutcome::Exited { code: 0 }),
        other => panic!("{other:?}"),
    }
    place.goes_on_without(old).await;
}

#[tokio::test]
async fn a_worker_killed_in_mid_output_keeps_what_was_printed() {
    let place = place();
    let old = place.worker().await;
    let mut run = place
        .start("import time\nwhile True:\n    print('tick')\n    time.sleep(.001)")
        .await;
    until_printed(&mut run, "tick\ntick\n").await;
    signal(old, Signal::KILL);
    is_lost(run).await;
    place.goes_on_without(old).await;
}

#[tokio::test]
async fn a_worker_killed_during_input_costs_that_run() {
    let place = place();
    let old = place.worker().await;
    let mut request = script("input('name? ')");
    request.stdin = ha_sandbox::Stdin::Interactive;
    let mut run = place.engine.start(request).await.unwrap();
    while run.events.recv().await.unwrap() != RunEvent::NeedsInput {}
    signal(old, Signal::KILL);
    run.control.input("too late");
    is_lost(run).await;
    place.goes_on_without(old).await;
}

#[tokio::test]
async fn a_worker_killed_during_a_cancel_gives_one_end() {
    let place = place();
    let old = place.worker().await;
    let mut run = place.start("print('on')\nwhile True: pass").await;
    until_printed(&mut run, "on\n").await;
    run.control.cancel();
    signal(old, Signal::KILL);
    match terminal(run).await {
        RunEvent::Failed(RunError::Lost(_)) => {}
        RunEvent::Finished(report) => assert_eq!(report.outcome, RunOutcome::Cancelled),
        other => panic!("{other:?}"),
    }
    place.goes_on_without(old).await;
}

#[tokio::test]
async fn a_worker_killed_while_it_compiles_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let give = |name: &str| {
        std::os::unix::fs::symlink(guest_dir().join(name), folder.path().join(name)).unwrap();
    };
    give("python.wasm.zst");
    let location = GuestLocation {
        dir: folder.path().to_owned(),
        cache_dir: folder.path().join("cache"),
    };
    let engine = WasmRunner::open(location, worker());
    let compiles = |state: &EngineState| matches!(state, EngineState::Preparing { what } if what.contains("compiling"));
    engine.state().wait_for(compiles).await.unwrap();
    let waiting = tokio::spawn({
        let engine = engine.clone();
        async move { canary(&*engine).await }
    });
    // The next worker finds it ready-made, so that the test need not wait for the compiler.
    give("python.cwasm");
    give("python.cwasm.json");
    let old = engine.worker_pid().unwrap();
    signal(old, Signal::KILL);
    waiting.await.unwrap();
    assert!(!exists(old));
}

#[tokio::test]
async fn all_runs_of_a_dead_worker_are_answered() {
    let place = place();
    let old = place.worker().await;
    let mut runs = Vec::new();
    for _ in 0..12 {
        // Four of them wait for a place.
        runs.push(place.start("import time\ntime.sleep(60)").await);
    }
    signal(old, Signal::KILL);
    for run in runs {
        is_lost(run).await;
    }
    place.goes_on_without(old).await;
}

#[tokio::test]
async fn a_worker_that_stands_still_is_taken_for_dead() {
    let place = place();
    let old = place.worker().await;
    let run = place.start("print('hi')").await;
    signal(old, Signal::STOP);
    let event = terminal(run).await;
    if let RunEvent::Finished(_) = event {
        // It was quicker than the signal; the next one is not.
        is_lost(place.start("print('hi')").await).await;
    }
    place.goes_on_without(old).await;
}

#[tokio::test]
async fn a_worker_that_dies_again_and_again_is_given_up() {
    let place = place();
    let mut state = place.engine.state();
    let mut killed = 0;
    while !matches!(*state.borrow_and_update(), EngineState::Unavailable { .. }) {
        if let Some(pid) = place.engine.worker_pid() {
            signal(pid, Signal::KILL);
            eventually("its end is noticed", || {
                place.engine.worker_pid() != Some(pid)
            })
            .await;
            killed += 1;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(killed, 6, "the first and five restarts");
    match place.engine.start(script("print()")).await {
        Err(RunError::Unavailable(reason)) => assert!(reason.contains("SIGKILL"), "{reason}"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_is_no_worker_makes_the_engine_unavailable() {
    for (program, reason) in [
        ("/nowhere/at-all", "cannot be started"),
        // Ends at once; says our own words back.
        ("/bin/true", "ended"),
        ("/bin/cat", "ended"),
    ] {
        let cache = tempfile::tempdir().unwrap();
        let location = GuestLocation {
            dir: guest_dir(),
            cache_dir: cache.path().to_owned(),
        };
        let worker = WorkerProgram {
            program: program.into(),
            arguments: vec!["-u".into()],
        };
        match WasmRunner::open(location, worker)
            .start(script("print()"))
            .await
        {
            Err(RunError::Unavailable(told)) => assert!(told.contains(reason), "{told}"),
            other => panic!("{program}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn the_worker_ends_with_its_engine() {
    let place = place();
    let old = place.worker().await;
    let run = place.start("import time\ntime.sleep(60)").await;
    drop(place);
    is_lost(run).await;
    eventually("it is buried", || !exists(old)).await;
}

#[test]
fn a_worker_ends_with_its_input_and_refuses_what_is_no_order() {
    for (input, code) in [(&b""[..], 0), (b"print('hi')\n", 1), (b"\x01\0\0\0\x05", 1)] {
        let mut child = Command::new(worker().program)
            .arg("--sandbox-worker")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(code), "{input:?}");
    }
}

#[tokio::test]
async fn a_reader_that_stands_still_holds_up_only_its_own_program() {
    let place = place();
    let flood = "for number in range(20_000):\n    print(f'{number:049}')";
    let still = place.start(flood).await;
    for _ in 0..5 {
        canary(&*place.engine).await;
    }
    let mut printed = 0;
    let mut run = still;
    while let Some(event) = run.events.recv().await {
        match event {
            RunEvent::Stdout(text) => printed += text.len(),
            RunEvent::Finished(report) => {
                assert_eq!(report.outcome, RunOutcome::Exited { code: 0 });
            }
            other => assert_eq!(other, RunEvent::Started),
        }
    }
    assert_eq!(printed, 1_000_000);
}

#[tokio::test]
async fn a_program_whose_reader_left_in_mid_flood_is_stopped() {
    let place = place();
    let mut run = place.start("while True:\n    print('x' * 40_000)").await;
    until_printed(&mut run, "x").await;
    drop(run);
    // Eight endless ones would take every place.
    for _ in 0..8 {
        drop(place.start("while True:\n    pass").await);
    }
    canary(&*place.engine).await;
}

#[tokio::test]
async fn the_worker_stands_behind_its_walls() {
    let place = place();
    let pid = place.worker().await;
    let read = |name: &str| std::fs::read_to_string(format!("/proc/{pid}/{name}")).unwrap();
    let limits = read("limits");
    for (name, most) in [
        ("Max core file size", 0),
        ("Max open files", 1280),
        ("Max file size", 256 << 20),
        ("Max data size", 4u64 << 30),
    ] {
        let line = limits.lines().find(|line| line.starts_with(name)).unwrap();
        let numbers: Vec<u64> = line[name.len()..]
            .split_whitespace()
            .filter_map(|word| word.parse().ok())
            .collect();
        assert!(
            numbers.len() >= 2 && numbers.iter().all(|number| *number <= most),
            "{line}"
        );
    }
    let status = read("status");
    assert!(status.contains("NoNewPrivs:\t1"), "{status}");
    assert_eq!(read("comm"), "sandbox-worker\n");
    let environment = read("environ");
    for entry in environment.split_terminator('\0') {
        assert!(entry.starts_with("LD_LIBRARY_PATH="), "{entry}");
    }
    let folder = std::fs::read_link(format!("/proc/{pid}/cwd")).unwrap();
    assert_eq!(folder, PathBuf::from("/"));
}

#[tokio::test]
async fn the_engine_says_what_it_does_from_start_to_ready() {
    let place = place();
    let mut state = place.engine.state();
    assert!(matches!(
        *state.borrow_and_update(),
        EngineState::Preparing { .. }
    ));
    let transcript = run(&*place.engine, script("print('hi')")).await.exited(0);
    assert_eq!(transcript.report.engine, "wasm");
    assert_eq!(*state.borrow_and_update(), EngineState::Ready);
}
