//! Calls of programs that only a container can make: from threads at once, from threads that are left behind,
//! past every module of ours into the runner's own socket.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use ha_sandbox::{HostAnswer, HostCall, Run, RunEvent, RunNote, RunOutcome, Runner};
use ha_testkit::conformance::calls::answered;
use ha_testkit::conformance::{canary, finish, script};

async fn start(source: &str) -> Run {
    common::runner().start(script(source)).await.unwrap()
}

async fn next_call(run: &mut Run) -> HostCall {
    loop {
        match run.events.recv().await {
            Some(RunEvent::HostCall(call)) => return call,
            Some(RunEvent::Started) => {}
            other => panic!("{other:?} instead of a call"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn threads_ask_at_once_and_get_their_own_answers() {
    let source = "\
from concurrent.futures import ThreadPoolExecutor
from _sandbox_calls import ask
with ThreadPoolExecutor(8) as pool:
    print(list(pool.map(lambda n: next(ask('n', n)), range(8))))";
    let mut run = start(source).await;
    let mut calls = Vec::new();
    for _ in 0..8 {
        calls.push(next_call(&mut run).await);
    }
    for call in calls.iter().rev() {
        let request: serde_json::Value = serde_json::from_str(&call.request).unwrap();
        run.control.answer(HostAnswer {
            id: call.id,
            text: request["payload"].to_string(),
            is_last: true,
        });
    }
    let stdout = finish(run).await.exited(0).stdout();
    assert_eq!(stdout, "[0, 1, 2, 3, 4, 5, 6, 7]\n");
}

const LEFT_BEHIND: &str = "\
import threading
from _sandbox_calls import ask
asked = threading.Barrier(9)

def asks():
    asked.wait()
    while True:
        list(ask('n', 'x' * 10_000))

for _ in range(8):
    threading.Thread(target=asks, daemon=True).start()
asked.wait()
print('over')";

#[tokio::test(flavor = "multi_thread")]
async fn threads_that_ask_during_the_end_hold_nobody_up() {
    let runner = common::runner();
    // Nobody answers them.
    let silent = finish(start(LEFT_BEHIND).await).await.exited(0);
    assert_eq!(silent.stdout(), "over\n");
    canary(&*runner).await;
    // Each is answered at once, so that some are amid an answer when the end comes.
    let spoken = answered(&*runner, LEFT_BEHIND, |call| call.request.clone()).await;
    assert_eq!(spoken.exited(0).stdout(), "over\n");
    canary(&*runner).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forged_frames_reach_nobody() {
    let source = "\
import socket, struct
from _sandbox_line import ADDRESS, call, next_answer

def says(data):
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.connect(ADDRESS)
    line.settimeout(5)
    line.sendall(data)
    return line

def end(line):
    try:
        return line.recv(1)
    except ConnectionError:
        return b''

for data in (
    b'\\0\\0\\0\\0',                                   # no kind at all
    b'\\xff\\xff\\xff\\xff' + b'q',                     # four gibibytes
    struct.pack('>I', (4 << 20) + 2) + b'q',             # one byte more than the longest
    struct.pack('>I', 5) + b'Ebody',                     # the runner's own kinds
    struct.pack('>I', 5) + b'xbody',
    struct.pack('>I', 5) + b'\\0body',
):
    with says(data) as line:
        print(end(line), end=' ')

half = [says(struct.pack('>I', 100) + b'q{') for _ in range(12)]
for _ in range(100):
    says(b'\\0').close()
with call(b'honest') as line:
    print(next_answer(line))";
    let runner = common::runner();
    let mut heard = Vec::new();
    let transcript = answered(&*runner, source, |call| {
        heard.push(call.request.clone());
        "heard".into()
    });
    let stdout = transcript.await.exited(0).stdout();
    assert_eq!(stdout, "b'' b'' b'' b'' b'' b'' (b'heard', 1)\n");
    assert_eq!(heard, ["honest"]);
    canary(&*runner).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_above_the_limit_that_passes_our_modules_by_ends_the_program() {
    let runner = common::runner();
    let source = |bytes: usize| {
        format!(
            "from _sandbox_line import call, next_answer\nprint(next_answer(call(b'x' * {bytes})))"
        )
    };
    let (longest, longer) = (source(HostCall::MAX_BYTES), source(HostCall::MAX_BYTES + 1));
    let longest = answered(&*runner, &longest, |call| call.request.len().to_string());
    assert_eq!(longest.await.exited(0).stdout(), "(b'1048576', 1)\n");
    let longer = answered(&*runner, &longer, |call| {
        panic!("{} bytes were passed on", call.request.len())
    });
    let longer = longer.await;
    assert_eq!(longer.outcome(), RunOutcome::OutputLimit);
    assert_eq!(longer.report.note, Some(RunNote::ReportLimit));
    canary(&*runner).await;
}
