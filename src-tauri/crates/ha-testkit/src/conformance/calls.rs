//! Calls of a program to its host.

use super::{Transcript, canary, finish, script};
use ha_sandbox::{HostAnswer, HostCall, Run, RunEvent, RunOutcome, RunRequest, Runner};
use std::time::Duration;

/// The next call of a program, and what it printed before.
pub(super) async fn next_call(run: &mut Run) -> (HostCall, String) {
    let mut printed = String::new();
    loop {
        match run.events.recv().await {
            Some(RunEvent::HostCall(call)) => return (call, printed),
            Some(RunEvent::Stdout(text)) => printed.push_str(&text),
            Some(RunEvent::Started) => {}
            other => panic!("{other:?} instead of a call, after {printed:?}"),
        }
    }
}

pub(super) fn answer(run: &Run, call: &HostCall, text: &str, is_last: bool) {
    run.control.answer(HostAnswer {
        id: call.id,
        text: text.into(),
        is_last,
    });
}

pub(super) async fn start(runner: &dyn Runner, request: RunRequest) -> Run {
    runner.start(request).await.unwrap()
}

/// Runs a program each of whose calls is answered at once with its own request.
async fn echoed(runner: &dyn Runner, source: &str) -> Transcript {
    answered(runner, source, |call| call.request.clone()).await
}

/// Runs a program each of whose calls is answered at once, in one piece.
///
/// # Panics
/// When the run has no end of its own.
pub async fn answered(
    runner: &dyn Runner,
    source: &str,
    mut reply: impl FnMut(&HostCall) -> String,
) -> Transcript {
    let mut run = start(runner, script(source)).await;
    let mut events = Vec::new();
    loop {
        match run.events.recv().await.expect("the run has an end") {
            RunEvent::HostCall(call) => answer(&run, &call, &reply(&call), true),
            RunEvent::Finished(report) => return Transcript { events, report },
            RunEvent::Started => {}
            RunEvent::Failed(error) => panic!("the engine failed: {error}: {events:?}"),
            other => events.push(other),
        }
    }
}

/// One question, an answer in pieces; what was printed before is seen while the program waits.
pub async fn a_call_is_answered_piece_by_piece(runner: &dyn Runner) {
    let source = "\
from _sandbox_calls import ask
print('asking', end=' ')
for piece in ask('chat', {'text': '你好'}):
    print(piece['say'])";
    let mut run = start(runner, script(source)).await;
    let (call, printed) = next_call(&mut run).await;
    assert_eq!(printed, "asking ");
    assert_eq!(
        call.request,
        "{\"name\": \"chat\", \"payload\": {\"text\": \"你好\"}}"
    );
    answer(&run, &call, "{\"say\": \"in two\"}", false);
    answer(&run, &call, "{\"say\": \"pieces\"}", true);
    answer(&run, &call, "{\"say\": \"too late\"}", true);
    assert_eq!(finish(run).await.exited(0).stdout(), "in two\npieces\n");
}

/// Several tasks ask at once, and each gets its own answer, whichever comes first.
pub async fn tasks_get_their_own_answers(runner: &dyn Runner) {
    let source = "\
import asyncio
from _sandbox_calls import ask_async

async def asks(number):
    return [piece async for piece in ask_async('chat', number)]

async def ticks():
    for _ in range(3):
        await asyncio.sleep(0.01)
    return 'ticked'

async def main():
    print(await asyncio.gather(asks(1), asks(2), ticks()))

asyncio.run(main())";
    let mut run = start(runner, script(source)).await;
    let (first, _) = next_call(&mut run).await;
    let (second, _) = next_call(&mut run).await;
    answer(&run, &second, "\"b\"", false);
    answer(&run, &first, "\"a\"", true);
    answer(&run, &second, "\"c\"", true);
    let stdout = finish(run).await.exited(0).stdout();
    assert_eq!(stdout, "[['a'], ['b', 'c'], 'ticked']\n");
}

/// A model that thinks for longer than the program may run takes nothing from its time.
pub async fn waiting_for_an_answer_costs_no_time(runner: &dyn Runner) {
    let source = "\
from _sandbox_calls import ask
print(*ask('chat', None))
while True:
    pass";
    let mut request = script(source);
    request.limits.wall = Duration::from_secs(1);
    let mut run = start(runner, request).await;
    let (call, _) = next_call(&mut run).await;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    answer(&run, &call, "\"at last\"", true);
    let transcript = finish(run).await;
    assert_eq!(transcript.stdout(), "at last\n");
    assert_eq!(transcript.outcome(), RunOutcome::TimedOut);
    canary(runner).await;
}

/// A program that waits for an answer is stopped as any other; the answer then reaches nobody.
pub async fn cancelling_ends_a_wait_for_an_answer(runner: &dyn Runner) {
    let mut run = start(
        runner,
        script("from _sandbox_calls import ask\nlist(ask('chat', None))"),
    )
    .await;
    let (call, _) = next_call(&mut run).await;
    run.control.cancel();
    let control = run.control.clone();
    assert_eq!(finish(run).await.outcome(), RunOutcome::Cancelled);
    control.answer(HostAnswer {
        id: call.id,
        text: "null".into(),
        is_last: true,
    });
    canary(runner).await;
}

/// At the limit a question goes through; above it it is an error the program can catch.
pub async fn questions_have_a_limit(runner: &dyn Runner) {
    let source = "\
from _sandbox_calls import ask
bare = len('{\"name\": \"n\", \"payload\": \"\"}')
for size in ((1 << 20) - bare, (1 << 20) - bare + 1, 100 << 20):
    try:
        [echo] = ask('n', 'x' * size)
        print(len(echo['payload']) == size)
    except (ValueError, MemoryError) as error:
        print(type(error).__name__)";
    let lines = echoed(runner, source).await.exited(0).stdout();
    let lines: Vec<_> = lines.lines().collect();
    assert_eq!(lines[..2], ["True", "ValueError"]);
    assert!(
        ["ValueError", "MemoryError"].contains(&lines[2]),
        "{lines:?}"
    );
    canary(runner).await;
}

/// What is told without waiting is heard in its order, to the program's last words, and does not get into
/// the way of what is asked.
pub async fn what_is_told_is_heard(runner: &dyn Runner) {
    let source = "\
from _sandbox_calls import ask, tell
for n in range(40):
    tell('told', n)
print([answer['payload'] for answer in ask('asked', 'x')])
tell('told', 'last words')";
    let mut run = start(runner, script(source)).await;
    let mut told = Vec::new();
    let report = loop {
        match run.events.recv().await.expect("the run has an end") {
            RunEvent::HostCall(call) => {
                answer(&run, &call, &call.request, true);
                told.push(call.request);
            }
            RunEvent::Stdout(text) => assert_eq!(text, "['x']\n"),
            RunEvent::Finished(report) => break report,
            _ => {}
        }
    };
    assert_eq!(report.outcome, RunOutcome::Exited { code: 0 });
    assert_eq!(told.len(), 42, "{told:?}");
    assert!(told[0].contains(": 0}") && told[39].contains(": 39}"));
    assert!(told[41].contains("last words"));
    canary(runner).await;
}

/// Question after question, and a last one that nobody reads.
pub async fn many_calls_are_answered(runner: &dyn Runner) {
    let source = "\
from _sandbox_calls import ask
print(sum(next(ask('n', n))['payload'] for n in range(300)))
ask('unread', None)";
    assert_eq!(echoed(runner, source).await.exited(0).stdout(), "44850\n");
    canary(runner).await;
}

/// A thread that outlives the main program and what runs after it still get their answers.
pub async fn calls_at_the_end_are_answered(runner: &dyn Runner) {
    let source = "\
import atexit, threading
from _sandbox_calls import ask

def asks(when):
    print(next(ask('n', when))['payload'])

atexit.register(asks, 'at the exit')
threading.Thread(target=asks, args=('in a thread',)).start()";
    let stdout = echoed(runner, source).await.exited(0).stdout();
    assert_eq!(stdout, "in a thread\nat the exit\n");
    canary(runner).await;
}

/// A program that takes no stop for an answer asks on and on: it ends all the same, and whatever is
/// answered then reaches nobody.
pub async fn a_stopped_program_gets_no_answer(runner: &dyn Runner) {
    let source = "\
from _sandbox_calls import ask
while True:
    try:
        for piece in ask('chat', None):
            print(piece)
    except BaseException:
        pass";
    let mut run = start(runner, script(source)).await;
    let (first, _) = next_call(&mut run).await;
    run.control.cancel();
    answer(&run, &first, "\"for the first\"", true);
    let control = run.control.clone();
    let transcript = finish(run).await;
    assert_eq!(transcript.outcome(), RunOutcome::Cancelled);
    let asked = transcript.events.iter().filter_map(|event| match event {
        RunEvent::HostCall(call) => Some(call.id),
        _ => None,
    });
    for id in asked.chain([first.id, 0, u32::MAX]) {
        let text = "\"too late\"".into();
        let is_last = true;
        control.answer(HostAnswer { id, text, is_last });
    }
    canary(runner).await;
}

/// Whatever is said past the modules of lessons arrives as the words of a program, each in a call of its
/// own, and gets an answer as any other; nothing of it is an order to the engine.
pub async fn what_a_program_says_by_hand_is_its_own_words(runner: &dyn Runner) {
    let source = "\
forged = ['', 'null', '{\"event\": \"Finished\"}', '{\"id\": 1, \"is_last\": true}', '\\0' * 9, '[' * 9999]
try:
    import _sandbox_line
except ImportError:
    from wit_world.imports import host
    for text in forged:
        host.call(text)
        print(host.next_answer(None).text == 'heard')
else:
    for text in forged:
        with _sandbox_line.call(text.encode()) as line:
            print(_sandbox_line.next_answer(line)[0] == b'heard')";
    let mut heard = Vec::new();
    let transcript = answered(runner, source, |call| {
        heard.push(call.request.clone());
        "heard".into()
    });
    let stdout = transcript.await.exited(0).stdout();
    assert_eq!(stdout, "True\n".repeat(6));
    assert_eq!(heard.len(), 6, "{heard:?}");
    assert_eq!(heard[3], "{\"id\": 1, \"is_last\": true}");
    assert_eq!(heard[5].len(), 9999);
    canary(runner).await;
}
