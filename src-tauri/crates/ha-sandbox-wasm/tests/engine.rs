//! What is this engine's own: how it gets ready, what it leaves behind, and how a program ends that
//! breaks Python itself.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{open, runner, worker};
use ha_sandbox::{EngineState, RunError, RunEvent, RunNote, RunOutcome, Runner};
use ha_sandbox_wasm::{GuestLocation, WasmRunner};
use ha_testkit::conformance::{Transcript, canary, run, script};

async fn ended(source: &str) -> Transcript {
    let transcript = run(&*runner(), script(source)).await;
    canary(&*runner()).await;
    transcript
}

#[tokio::test]
async fn a_fresh_engine_prepares_and_then_is_ready() {
    let cache = tempfile::tempdir().unwrap();
    let engine = open(cache.path());
    let mut state = engine.state();
    canary(&*engine).await;
    assert_eq!(*state.borrow_and_update(), EngineState::Ready);
    let compiled = cache.path().join("guest");
    assert!(!compiled.exists(), "the ready-made guest is used as it is");
}

#[tokio::test]
async fn without_a_guest_the_engine_says_what_is_missing() {
    let empty = tempfile::tempdir().unwrap();
    let location = GuestLocation {
        dir: empty.path().join("nowhere"),
        cache_dir: empty.path().into(),
    };
    let engine = WasmRunner::open(location, worker());
    match engine.start(script("print()")).await {
        Err(RunError::Unavailable(reason)) => {
            assert!(reason.contains("Python guest is missing"), "{reason}");
            assert_eq!(
                *engine.state().borrow(),
                EngineState::Unavailable { reason }
            );
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn another_language_is_refused_with_what_it_needs() {
    for entry in ["main.js", "main.go"] {
        let mut request = script("");
        request.files[0].path = entry.into();
        request.entry = entry.into();
        match runner().start(request).await {
            Err(RunError::Language(reason)) => assert!(reason.contains("Docker"), "{reason}"),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_run_leaves_nothing_on_the_disk() {
    let cache = tempfile::tempdir().unwrap();
    let engine = open(cache.path());
    let source =
        "import os\nos.makedirs('kept/deep')\nopen('kept/deep/secret.txt', 'w').write('x')";
    run(&*engine, script(source)).await.exited(0);
    assert_eq!(std::fs::read_dir(cache.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn waiting_for_nobody_is_told_as_a_deadlock() {
    for source in [
        "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()",
        "import queue\nqueue.Queue().get()",
    ] {
        let transcript = ended(source).await.exited(1);
        assert_eq!(transcript.report.note, Some(RunNote::Deadlock), "{source}");
    }
    let source =
        "import asyncio\nasync def main():\n    await asyncio.Event().wait()\nasyncio.run(main())";
    assert!(ended(source).await.exited(1).stderr().contains("deadlock"));
}

#[tokio::test]
async fn an_abort_keeps_what_was_printed() {
    let transcript = ended("import os\nprint('before')\nos.abort()")
        .await
        .exited(134);
    assert_eq!(transcript.events, [RunEvent::Stdout("before\n".into())]);
}

#[tokio::test]
async fn nesting_deeper_than_the_interpreter_is_told() {
    let source = "x = ()\nfor _ in range(10**6):\n    x = (x,)\nhash(x)";
    let transcript = ended(source).await.exited(139);
    assert_eq!(transcript.report.note, Some(RunNote::StackOverflow));
}

#[tokio::test]
async fn programs_that_break_the_interpreter_end_as_programs() {
    for source in [
        "eval('(' * 10**5)",
        "import sys\nsys.setrecursionlimit(10**9)\ndef f(): f()\nf()",
        "import json\njson.loads('[' * 10**6)",
    ] {
        let outcome = ended(source).await.outcome();
        assert!(
            matches!(
                outcome,
                RunOutcome::Exited { code: 1.. } | RunOutcome::OutOfMemory
            ),
            "{source}: {outcome:?}"
        );
    }
}

#[tokio::test]
async fn harness_damage_hurts_only_its_own_run() {
    let source = "\
import builtins, sys, os
os._exit = os.chdir = None
sys.meta_path.clear()
sys.modules.clear()
for name in list(vars(builtins)):
    delattr(builtins, name)";
    ended(source).await;
}

#[tokio::test]
async fn a_call_that_carries_too_much_ends_the_program() {
    for source in [
        "import os\nos.stat('x' * (9 << 20))",
        "import os\nos.pwrite(os.open('f', os.O_CREAT | os.O_WRONLY), bytes(9 << 20), 0)",
    ] {
        let transcript = ended(source).await;
        assert_eq!(transcript.outcome(), RunOutcome::OutputLimit, "{source}");
        assert_eq!(transcript.report.note, Some(RunNote::ReportLimit));
    }
}

#[tokio::test]
async fn open_files_are_limited() {
    let opening = |count: usize| {
        format!(
            "files = []
try:
    for number in range({count}):
        files.append(open(f'/tmp/{{number}}', 'w'))
except OSError as error:
    print(error)
print(len(files))"
        )
    };
    assert_eq!(ended(&opening(500)).await.exited(0).stdout(), "500\n");
    assert_eq!(
        ended(&opening(1000)).await.exited(0).stdout(),
        "[Errno 33] No file descriptors available: '/tmp/511'\n511\n"
    );
    let waits = "\
import select
files = [open(f'/tmp/{number}', 'w+') for number in range(480)]
select.select(files, files, [])";
    let transcript = ended(waits).await.exited(1);
    assert_eq!(transcript.report.note, Some(RunNote::TooManyOpenFiles));
}

#[tokio::test]
async fn floods_of_calls_leave_the_engine_as_it_was() {
    for source in [
        "import os\nfor _ in range(20_000):\n    os.write(1, b'')",
        "import sys\nfor _ in range(20_000):\n    sys.stdout.flush()",
        "import random, os\nprint(len(random.randbytes(10**6)), len(os.urandom(10**6)))",
        "import sys\nfor _ in range(20_000):\n    print(end='', flush=True)",
    ] {
        ended(source).await.exited(0);
    }
    let transcript = ended("print('x' * (10 << 20))").await;
    assert_eq!(transcript.outcome(), RunOutcome::OutputLimit);
    assert_eq!(transcript.report.note, None, "the outcome says it");
}

#[tokio::test]
async fn what_cannot_be_imported_says_why() {
    for (name, reason) in [
        ("ssl", "the sandbox has no network"),
        ("tkinter", "it opens windows"),
        ("bz2", "this compression is not built in"),
        ("fcntl", "it needs a full Linux Python"),
        ("numpy", "it is a package that is not part of Python"),
    ] {
        let transcript = ended(&format!("import {name}")).await.exited(1);
        let expected = format!(
            "ModuleNotFoundError: module '{name}' is not available in the built-in sandbox: {reason}"
        );
        assert!(transcript.stderr().contains(&expected), "{transcript:?}");
    }
    let transcript = ended("import reqests").await.exited(1);
    assert!(
        transcript
            .stderr()
            .ends_with("ModuleNotFoundError: No module named 'reqests'\n")
    );
}

#[tokio::test]
async fn what_the_sandbox_has_not_is_said_in_words() {
    for (source, words) in [
        (
            "import urllib.request\nurllib.request.urlopen('http://example.org')",
            "the sandbox has no network",
        ),
        (
            "import os\nos.system('ls')",
            "the sandbox has no other programs to start",
        ),
        (
            "import os\nos.fork()",
            "a program here is a single process; more of them need a full Linux Python",
        ),
        (
            "import socket\nsocket.socket()",
            "PermissionError: [Errno 2] the sandbox has no network",
        ),
        (
            "import urllib.request\nurllib.request.urlopen('https://example.org')",
            "the sandbox has no network",
        ),
        (
            "import asyncio\nasyncio.run(asyncio.create_subprocess_exec('ls'))",
            "the sandbox has no other programs to start",
        ),
        (
            "from concurrent.futures import ProcessPoolExecutor\nProcessPoolExecutor()",
            "NotImplementedError: a program here is a single process",
        ),
        (
            "import signal\nsignal.alarm(1)",
            "no signals come in here; they need a full Linux Python",
        ),
        (
            "import subprocess\nsubprocess.run(['ls'])",
            "the sandbox has no other programs to start",
        ),
    ] {
        let stderr = ended(source).await.exited(1).stderr();
        assert!(
            stderr.contains(words) && !stderr.contains("_sandbox"),
            "{stderr}"
        );
    }
}

#[tokio::test]
async fn reports_above_their_limit_end_the_program() {
    let source = "from _sandbox import report\nwhile True:\n    report('x' * 100_000)";
    let transcript = ended(source).await;
    assert_eq!(transcript.outcome(), RunOutcome::OutputLimit);
    assert_eq!(transcript.report.note, Some(RunNote::ReportLimit));
}

#[tokio::test]
async fn what_the_image_holds_counts_no_references_and_what_a_program_makes_does() {
    let source = "import json, sys\nmade = object()\n\
        print(sys.getrefcount(json) > 10**6, sys.getrefcount(made) < 5)";
    let transcript = ended(source).await.exited(0);
    assert_eq!(transcript.stdout(), "True True\n");
}

#[tokio::test]
async fn the_library_says_its_farewell_at_the_end() {
    let source = "import logging, logging.handlers\n\
        kept = logging.handlers.MemoryHandler(100, target=logging.StreamHandler())\n\
        logging.getLogger().addHandler(kept)\n\
        logging.warning('said at the end')";
    let transcript = ended(source).await.exited(0);
    assert_eq!(transcript.stderr(), "said at the end\n");
}
