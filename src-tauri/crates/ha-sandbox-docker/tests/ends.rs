//! How a program ends in a container: as it says itself, or as its process does.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use ha_sandbox::{RunEvent, RunOutcome, RunRequest, Runner};

/// What is printed, and the end.
async fn ran(source: &str) -> (String, RunOutcome) {
    let request = RunRequest::script("ends", source);
    let mut run = common::runner().start(request).await.unwrap();
    let mut printed = String::new();
    while let Some(event) = run.events.recv().await {
        match event {
            RunEvent::Stdout(text) => printed += &text,
            RunEvent::Finished(report) => return (printed, report.outcome),
            RunEvent::Started => {}
            other => panic!("{other:?}"),
        }
    }
    panic!("no end")
}

#[tokio::test]
async fn a_program_that_says_falsely_that_it_is_done_is_ended_there() {
    let lie = "\
import os, sys, time
told = sys.modules['_sandbox_told']
told.say_done(told._page, 3)
print('said')
sys.stdout.flush()
os.close(1)
os.close(2)
open('late.txt', 'w').write('x' * 100)
time.sleep(20)";
    let (printed, outcome) = ran(lie).await;
    assert_eq!(
        (printed.as_str(), outcome),
        ("said\n", RunOutcome::Exited { code: 3 })
    );
    let (printed, _) = ran("import os; print(os.listdir())").await;
    assert_eq!(printed, "['main.py']\n");
}

#[tokio::test]
async fn a_program_that_closes_its_outputs_goes_on() {
    let source = "import os, time\nos.close(1)\nos.close(2)\ntime.sleep(0.05)\nos._exit(7)";
    assert_eq!(
        ran(source).await,
        (String::new(), RunOutcome::Exited { code: 7 })
    );
}

#[tokio::test]
async fn a_process_that_holds_the_outputs_ends_with_its_program() {
    let source = "\
import os, time
if os.fork() == 0:
    time.sleep(20)
    print('late')
print('early', flush=True)
raise SystemExit(4)";
    let (printed, outcome) = ran(source).await;
    assert_eq!(
        (printed.as_str(), outcome),
        ("early\n", RunOutcome::Exited { code: 4 })
    );
}
