//! Hosts that do not listen, talk too much or do several things at once.

use super::{HostCase, harmless, is_stdout, must, start};
use crate::abuse::Heard;
use crate::conformance::script;
use ha_sandbox::{RunControl, RunEvent, RunRequest, Runner, Stdin};
use std::sync::Arc;
use std::time::{Duration, Instant};

pub(super) fn cases() -> Vec<HostCase> {
    vec![
        HostCase::new(
            "065-reader-stops",
            "Stops reading a flood while another program runs.",
            "the other one runs, the flood ends",
            reader_stops,
        ),
        HostCase::new(
            "071-unread-input",
            "Writes 10 MB of lines to a program that reads none, and to one that is gone.",
            "exited 0",
            unread_input,
        ),
        HostCase::new(
            "110-four-at-once",
            "Runs four programs at once that look for each other.",
            "each sees itself only",
            four_at_once,
        ),
        HostCase::new(
            "115-dropped-runs",
            "Forgets twenty programs without a word.",
            "they end and make room",
            dropped_runs,
        ),
    ]
}

async fn reader_stops(runner: Arc<dyn Runner>) -> Result<(), String> {
    let mut request = script("while True: print('x' * 1000)");
    request.limits.wall = Duration::from_secs(2);
    request.limits.output_bytes = 1 << 30;
    let begun = Instant::now();
    let mut flood = start(&*runner, request).await?;
    while let Some(event) = flood.events.recv().await {
        if is_stdout(&event) {
            break;
        }
    }
    while begun.elapsed() < Duration::from_millis(1500) {
        harmless(&*runner).await?;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // Put together only now what was waiting.
    let mut bytes = 0;
    while let Some(event) = flood.events.recv().await {
        match event {
            RunEvent::Stdout(text) => bytes += text.len(),
            RunEvent::Finished(report) => {
                return must(bytes < 64 << 20, &(report, bytes));
            }
            other => return Err(format!("{other:?}")),
        }
    }
    Err("the flood has no end".into())
}

async fn unread_input(runner: Arc<dyn Runner>) -> Result<(), String> {
    let request = RunRequest {
        stdin: Stdin::Interactive,
        ..script("import time\ntime.sleep(0.2)\nprint('done')")
    };
    let run = start(&*runner, request).await?;
    let control = run.control.clone();
    write_lines(&control);
    let heard = Heard::listen(run, Instant::now()).await;
    write_lines(&control);
    control.end_input();
    control.cancel();
    must(heard.end == "exited 0" && heard.stdout == "done\n", &heard)
}

fn write_lines(control: &RunControl) {
    for _ in 0..100 {
        control.input("x".repeat(100_000));
    }
}

async fn dropped_runs(runner: Arc<dyn Runner>) -> Result<(), String> {
    for number in 0..20 {
        let source = ["while True: pass", "import time\ntime.sleep(1000)"][number % 2];
        drop(start(&*runner, script(source)).await?);
    }
    // Some of them held every place, so this one waits until they are gone.
    harmless(&*runner).await
}

/// Each leaves a file, an environment variable and a changed builtin, and looks for those of others.
async fn four_at_once(runner: Arc<dyn Runner>) -> Result<(), String> {
    const NEIGHBOUR: &str = "\
import builtins, os, sys, time
me = sys.stdin.read()
open('/tmp/' + me, 'w').write(me)
open('/work/' + me, 'w').write(me)
builtins.owner = me
os.environ[me] = me
for _ in range(20):
    time.sleep(0.01)
    assert os.listdir('/tmp') == [me], os.listdir('/tmp')
    assert sorted(os.listdir('/work')) == sorted(['main.py', me]), os.listdir('/work')
    strange = {name for name in os.environ if name.startswith('n')}
    assert strange == {me} and builtins.owner == me
    assert open('/tmp/' + me).read() == me
print(me)";
    let mut runs = Vec::new();
    for number in 0..4 {
        let request = RunRequest {
            stdin: Stdin::Text(format!("n{number}")),
            ..script(NEIGHBOUR)
        };
        runs.push(start(&*runner, request).await?);
    }
    for (number, run) in runs.into_iter().enumerate() {
        let heard = Heard::listen(run, Instant::now()).await;
        must(heard.stdout == format!("n{number}\n"), &heard)?;
    }
    Ok(())
}
