//! Stopping programs, and many at once.

use super::{canary, finish, run, script, until_printed};
use ha_sandbox::{RunEvent, RunOutcome, Runner, Stdin};
use std::time::{Duration, Instant};

/// Programs stop within a few hundredths of a second; a busy test machine gets a hundred times that.
const SOON: Duration = Duration::from_secs(5);

async fn cancels(runner: &dyn Runner, source: &str) {
    let mut request = script(source);
    request.stdin = Stdin::Interactive;
    let mut run = runner.start(request).await.unwrap();
    until_printed(&mut run, "begun\n").await;
    let told = Instant::now();
    run.control.cancel();
    let transcript = finish(run).await;
    assert_eq!(transcript.outcome(), RunOutcome::Cancelled);
    assert!(told.elapsed() < SOON, "stopped after {:?}", told.elapsed());
    canary(runner).await;
}

/// Busy.
pub async fn cancelling_ends_a_loop(runner: &dyn Runner) {
    cancels(runner, "print('begun')\nwhile True:\n    pass").await;
}

/// Idle.
pub async fn cancelling_ends_a_sleep(runner: &dyn Runner) {
    cancels(runner, "import time\nprint('begun')\ntime.sleep(1000)").await;
}

/// Waiting for somebody.
pub async fn cancelling_ends_a_wait_for_input(runner: &dyn Runner) {
    cancels(runner, "print('begun')\ninput()").await;
}

/// Unwilling.
pub async fn cancelling_ends_a_loop_that_catches_everything(runner: &dyn Runner) {
    let source = "\
print('begun')
while True:
    try:
        while True:
            pass
    except BaseException:
        pass";
    cancels(runner, source).await;
}

/// Talking without end.
pub async fn cancelling_ends_a_flood(runner: &dyn Runner) {
    let mut request = script("print('begun')\nwhile True:\n    print('x' * 100)");
    request.limits.output_bytes = 1 << 40;
    let mut run = runner.start(request).await.unwrap();
    until_printed(&mut run, "begun\n").await;
    run.control.cancel();
    assert_eq!(finish(run).await.outcome(), RunOutcome::Cancelled);
    canary(runner).await;
}

/// A nervous finger on the button.
pub async fn cancelling_twice_and_after_the_end_is_harmless(runner: &dyn Runner) {
    let run = runner.start(script("while True:\n    pass")).await.unwrap();
    let control = run.control.clone();
    control.cancel();
    control.cancel();
    assert_eq!(finish(run).await.outcome(), RunOutcome::Cancelled);
    control.cancel();
    control.input("late");
    canary(runner).await;
}

/// Nobody listens, so nobody pays: more endless programs than any engine runs at once.
pub async fn a_dropped_run_stops(runner: &dyn Runner) {
    for _ in 0..16 {
        let run = runner.start(script("while True:\n    pass")).await.unwrap();
        drop(run);
    }
    tokio::time::timeout(SOON, canary(runner))
        .await
        .expect("the dropped programs made room");
}

/// Every program hears and says its own.
pub async fn runs_at_once_do_not_mix(runner: &dyn Runner) {
    let start = async |number: usize| {
        let mut request = script(
            "\
name = input()
for _ in range(300):
    print(name)
open('own', 'x').write(name)
print(open('own').read())",
        );
        request.stdin = Stdin::Text(format!("program {number}"));
        runner.start(request).await.unwrap()
    };
    let mut runs = Vec::new();
    for number in 0..6 {
        runs.push(start(number).await);
    }
    for (number, run) in runs.into_iter().enumerate() {
        let transcript = finish(run).await.exited(0);
        assert_eq!(
            transcript.stdout(),
            format!("program {number}\n").repeat(301)
        );
    }
}

/// The program waits for its reader instead of filling the memory; other programs go on.
pub async fn a_slow_reader_gets_everything(runner: &dyn Runner) {
    let mut request = script("for number in range(300_000):\n    print(number)");
    request.limits.output_bytes = 1 << 30;
    let mut slow = runner.start(request).await.unwrap();
    until_printed(&mut slow, "0\n").await;
    canary(runner).await;
    let mut last = String::new();
    while let Some(event) = slow.events.recv().await {
        match event {
            RunEvent::Stdout(text) => last = text,
            RunEvent::Finished(report) => {
                assert_eq!(report.outcome, RunOutcome::Exited { code: 0 })
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(last.ends_with("299999\n"), "{last:?}");
    run(runner, script("")).await.exited(0);
}
