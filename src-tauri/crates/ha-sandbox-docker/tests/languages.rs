//! Programs in JavaScript and Go, each in its own image beside Python's: they print, fail, read, end in
//! time, keep within the limits, and leave a container as clean as any other. Without the image it is said
//! which file is missing.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use ha_sandbox::{RunError, RunEvent, RunOutcome, RunRequest, Runner, SourceFile, Stdin};
use ha_sandbox_docker::{DockerRunner, PoolSize};
use ha_testkit::conformance::{Transcript, canary, run, script};
use std::time::Duration;

fn program(entry: &str, source: &str) -> RunRequest {
    let mut request = script("");
    request.files = vec![SourceFile::text(entry, source)];
    request.entry = entry.into();
    request.stdin = Stdin::Text("小明\n".into());
    request
}

async fn transcript(entry: &str, source: &str) -> Transcript {
    run(&*common::runner(), program(entry, source)).await
}

const READ_JS: &str = "
const lines = require('fs').readFileSync(0, 'utf8').split('\\n');
console.log('你好，' + lines[0]);";
const READ_GO: &str = "package main

import (
\t\"bufio\"
\t\"fmt\"
\t\"os\"
)

func main() {
\tline, _ := bufio.NewReader(os.Stdin).ReadString('\\n')
\tfmt.Print(\"你好，\" + line)
}";
/// The largest that Go's own library makes of a program.
const LARGE_GO: &str = "package main

import (
\t\"encoding/json\"
\t\"fmt\"
\t\"net/http\"
\t\"text/template\"
)

func main() {
\ttext, _ := json.Marshal([]int{1, 2})
\t_, err := http.Get(\"http://10.0.0.1/\")
\tfmt.Println(string(text), template.New(\"x\").Name(), tool(), err != nil)
}";

async fn check_reads(entry: &str, source: &str) {
    for _ in 0..2 {
        let said = transcript(entry, source).await.exited(0);
        assert_eq!(said.stdout(), "你好，小明\n");
    }
    canary(&*common::runner()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn javascript_reads_prints_and_ends_well_twice() {
    check_reads("main.js", READ_JS).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn go_reads_prints_and_ends_well_twice() {
    check_reads("main.go", READ_GO).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_files_are_one_program() {
    let mut request = program("main.js", "console.log(require('./tool').tool())");
    let tool = "exports.tool = () => require('fs').readFileSync('data/a.txt', 'utf8')";
    request.files.push(SourceFile::text("tool.js", tool));
    let data = SourceFile::text("data/a.txt", "给定的");
    request.files.push(data.read_only());
    let said = run(&*common::runner(), request).await;
    assert_eq!(said.stdout(), "给定的\n", "{said:?}");

    let mut request = program("main.go", LARGE_GO);
    let tool = "package main\n\nfunc tool() int { return 42 }";
    request.files.push(SourceFile::text("tool.go", tool));
    let said = run(&*common::runner(), request).await;
    assert_eq!(said.stdout(), "[1,2] x 42 true\n", "{said:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_is_the_languages_own() {
    let said = transcript("main.js", "const x = 1;\nx.y.z();")
        .await
        .exited(1);
    assert!(said.stderr().contains("main.js:2"), "{said:?}");
    transcript("main.js", "process.exit(7)").await.exited(7);
    let said = transcript("main.go", "package main\n\nfunc main() {\n\tx := 1\n}")
        .await
        .exited(1);
    assert!(said.stderr().contains("main.go:4"), "{said:?}");
    let end = "package main\n\nimport \"os\"\n\nfunc main() {\n\tos.Exit(7)\n}";
    transcript("main.go", end).await.exited(7);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_end_is_ended_and_the_next_one_runs() {
    let endless_go = "package main\n\nfunc main() {\n\tfor {\n\t}\n}";
    for (entry, source, next) in [
        ("main.js", "while (true) {}", READ_JS),
        ("main.go", endless_go, READ_GO),
    ] {
        let mut request = program(entry, source);
        request.limits.wall = Duration::from_secs(5);
        let said = run(&*common::runner(), request).await;
        assert_eq!(said.outcome(), RunOutcome::TimedOut, "{entry}");
        check_reads(entry, next).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_and_processes_are_limited_as_for_python() {
    let much = "const all = [];\nwhile (true) all.push(Buffer.alloc(1 << 20, 1));";
    let said = transcript("main.js", much).await;
    assert_eq!(said.outcome(), RunOutcome::OutOfMemory, "{said:?}");
    let outside = "require('net').connect(80, '10.0.0.1').on('error', e => console.log(e.code))";
    let said = transcript("main.js", outside).await;
    assert_eq!(said.stdout(), "ENETUNREACH\n", "{said:?}");
    let much = "package main\n\nfunc main() {\n\tvar all [][]byte\n\tfor {\n\t\t\
                piece := make([]byte, 1<<20)\n\t\tfor i := range piece {\n\t\t\tpiece[i] = 1\n\t\t}\n\t\t\
                all = append(all, piece)\n\t}\n}";
    let said = transcript("main.go", much).await;
    assert_eq!(said.outcome(), RunOutcome::OutOfMemory, "{said:?}");
}

/// A runner of the test's own, with one container at a time.
fn narrow() -> (std::sync::Arc<DockerRunner>, tempfile::TempDir) {
    let mut settings = common::settings(&common::host());
    let locks = tempfile::tempdir().unwrap();
    settings.locks = locks.path().into();
    settings.size = PoolSize::up_to(1);
    (DockerRunner::open(settings), locks)
}

#[tokio::test(flavor = "multi_thread")]
async fn languages_share_one_limit_and_nobody_is_left_waiting() {
    let (runner, _locks) = narrow();
    let python = program("main.py", "print(input())");
    let (first, second, third) = tokio::join!(
        run(&*runner, python.clone()),
        run(&*runner, program("main.js", READ_JS)),
        run(&*runner, python),
    );
    assert_eq!(first.stdout(), "小明\n", "{first:?}");
    assert_eq!(second.stdout(), "你好，小明\n", "{second:?}");
    assert_eq!(third.stdout(), "小明\n", "{third:?}");
    let kept = runner.statistics();
    let now = kept.available + kept.in_use + kept.starting;
    assert!(now <= 1, "{kept:?}");
    runner.rest().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_that_is_missing_is_named_and_python_runs_on() {
    let engine = ha_testkit::engine::PrivateEngine::start().unwrap();
    let locks = tempfile::tempdir().unwrap();
    let python = common::image().archives.swap_remove(0);
    let alone = locks.path().join("python.tar.zst");
    std::fs::copy(python, &alone).unwrap();
    let mut settings = common::settings(&engine.host());
    settings.locks = locks.path().into();
    settings.image.archives = vec![alone];
    settings.image.may_pull = true;
    let runner = DockerRunner::open(settings);
    for (entry, file) in [("main.js", "javascript.tar.zst"), ("main.go", "go.tar.zst")] {
        match runner.start(program(entry, "")).await.map(drop) {
            Err(RunError::Language(reason)) => assert!(reason.contains(file), "{reason}"),
            other => panic!("{other:?}"),
        }
        canary(&*runner).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_asks_is_heard_and_answered_line_by_line() {
    let ask = "const lines = require('readline').createInterface({ input: process.stdin });
lines.on('line', line => console.log('got ' + line));
lines.on('close', () => console.log('over'));";
    let mut request = program("main.js", ask);
    request.stdin = Stdin::Interactive;
    let mut run = common::runner().start(request).await.unwrap();
    let (mut asked, mut printed) = (0, String::new());
    while let Some(event) = run.events.recv().await {
        match event {
            RunEvent::NeedsInput => {
                asked += 1;
                match asked {
                    1 => run.control.input("小明"),
                    2 => run.control.input("小红"),
                    _ => run.control.end_input(),
                }
            }
            RunEvent::Stdout(text) => printed += &text,
            RunEvent::Finished(report) => {
                assert_eq!(report.outcome, RunOutcome::Exited { code: 0 });
                break;
            }
            RunEvent::Failed(error) => panic!("{error}"),
            _ => {}
        }
    }
    assert_eq!(printed, "got 小明\ngot 小红\nover\n");
    assert_eq!(asked, 3);
}
