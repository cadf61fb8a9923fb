//! Cancels, in every phase of a program's life.

use super::{HostCase, is_stdout, must, start};
use crate::abuse::Heard;
use crate::conformance::script;
use ha_sandbox::{Limits, Run, RunEvent, RunRequest, Runner, Stdin};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long after it was told to stop a program may be told to have ended, on a machine that is busy
/// with other tests.
const STOPPED: Duration = Duration::from_secs(2);
/// More programs than any engine runs at once, so that some of them wait.
const CROWD: usize = 100;
const FLOOD: &str = "import time\nwhile True: print('x'); time.sleep(0.0001)";
const SLEEP: &str = "import time\nprint('x', flush=True)\ntime.sleep(1000)";
const IMPORTS: &str = "\
import sys
print('x', flush=True)
while True:
    import http.client, doctest, email.message
    for name in [*sys.modules]:
        if name.startswith(('http', 'email', 'doctest')): del sys.modules[name]";
const EXIT: &str = "\
import atexit
@atexit.register
def last():
    print('x', flush=True)
    while True: pass";

pub(super) fn cases() -> Vec<HostCase> {
    let long = "x = [".to_owned() + &"(1, 2.5, 'a'), ".repeat(60_000) + "]\n";
    let power = "print('x', flush=True)\nn = 7 ** 9_000_000";
    let has_started = |event: &RunEvent| *event == RunEvent::Started;
    let asks = |event: &RunEvent| *event == RunEvent::NeedsInput;
    vec![
        cancel(
            "115-cancel-at-once",
            "Cancels before the first event.",
            "while True: pass",
            None,
        ),
        cancel(
            "115-cancel-compiling",
            "Cancels while the source is compiled.",
            &long,
            Some(has_started),
        ),
        cancel(
            "115-cancel-printing",
            "Cancels in a flood of output.",
            FLOOD,
            Some(is_stdout),
        ),
        cancel(
            "115-cancel-sleeping",
            "Cancels in a sleep.",
            SLEEP,
            Some(is_stdout),
        ),
        cancel(
            "115-cancel-asking",
            "Cancels while the program waits for a line.",
            "input()",
            Some(asks),
        ),
        cancel(
            "115-cancel-importing",
            "Cancels in the import of large modules.",
            IMPORTS,
            Some(is_stdout),
        ),
        cancel(
            "115-cancel-exiting",
            "Cancels while functions of `atexit` run.",
            EXIT,
            Some(is_stdout),
        ),
        cancel(
            "115-cancel-deep-in-c",
            "Cancels inside one long operation.",
            power,
            Some(is_stdout),
        ),
        HostCase::new(
            "115-cancel-in-the-queue",
            "Cancels a program that waits for its turn.",
            "cancelled",
            cancel_in_the_queue,
        ),
        HostCase::new(
            "115-hundred-cancels",
            "Starts a hundred programs and cancels all of them at once.",
            "cancelled",
            hundred_cancels,
        ),
    ]
}

/// A case that cancels at the first event that `moment` is true for, or at once.
fn cancel(
    name: &'static str,
    title: &'static str,
    source: &str,
    moment: Option<fn(&RunEvent) -> bool>,
) -> HostCase {
    let source = source.to_owned();
    HostCase::new(name, title, "cancelled", move |runner| {
        let request = RunRequest {
            stdin: Stdin::Interactive,
            ..script(&source)
        };
        async move {
            let mut run = start(&*runner, request).await?;
            if let Some(moment) = moment {
                while !moment(&run.events.recv().await.ok_or("the stream ended")?) {}
            }
            cancelled(run).await
        }
    })
}

/// Cancels and requires that the end comes soon, once and as cancelled.
async fn cancelled(mut run: Run) -> Result<(), String> {
    let start = Instant::now();
    run.control.cancel();
    let mut ends = Vec::new();
    while let Some(event) = run.events.recv().await {
        if matches!(event, RunEvent::Finished(_) | RunEvent::Failed(_)) {
            ends.push((format!("{event:?}"), start.elapsed()));
        }
    }
    match &ends[..] {
        [(end, took)] if end.contains("Cancelled") && *took <= STOPPED => Ok(()),
        _ => Err(format!("after the cancel: {ends:?}")),
    }
}

async fn cancel_in_the_queue(runner: Arc<dyn Runner>) -> Result<(), String> {
    let mut crowd = Vec::new();
    for _ in 0..CROWD / 2 {
        crowd.push(start(&*runner, script("import time\ntime.sleep(1000)")).await?);
    }
    let last = crowd.pop().ok_or("nobody was started")?;
    let result = cancelled(last).await;
    all_cancelled(crowd).await?;
    result
}

async fn hundred_cancels(runner: Arc<dyn Runner>) -> Result<(), String> {
    let mut crowd = Vec::new();
    for number in 0..CROWD {
        let source = match number % 3 {
            0 => "while True: pass",
            1 => "input()",
            _ => "while True: print('x' * 100)",
        };
        let request = RunRequest {
            stdin: Stdin::Interactive,
            limits: Limits {
                output_bytes: 1 << 30,
                ..Limits::default()
            },
            ..script(source)
        };
        crowd.push(start(&*runner, request).await?);
    }
    all_cancelled(crowd).await
}

async fn all_cancelled(crowd: Vec<Run>) -> Result<(), String> {
    for run in &crowd {
        run.control.cancel();
    }
    for run in crowd {
        let heard = Heard::listen(run, Instant::now()).await;
        must(heard.end == "cancelled", &(&heard.end, &heard.note))?;
    }
    Ok(())
}
