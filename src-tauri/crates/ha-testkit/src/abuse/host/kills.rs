//! Ends the engine's worker process from outside, which costs the runs in it and nothing else.

use super::{HostCase, harmless, is_stdout, must, start};
use crate::abuse::Heard;
use crate::conformance::script;
use ha_sandbox::Runner;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long an engine may take to see that its worker is gone; it took milliseconds.
const PATIENCE: Duration = Duration::from_secs(5);

/// Says which process the engine's worker is, while there is one.
pub type WorkerId = Arc<dyn Fn() -> Option<u32> + Send + Sync>;

/// The cases for an engine that has a worker.
pub fn worker_cases(worker: WorkerId) -> Vec<HostCase> {
    let case = |name, title, expected, programs| {
        let worker = worker.clone();
        let act = move |runner| killed(runner, worker.clone(), programs);
        HostCase {
            restarts: true,
            ..HostCase::new(name, title, expected, act)
        }
    };
    vec![
        case(
            "120-worker-killed-at-rest",
            "Kills the worker while nothing runs.",
            "the next program runs",
            0,
        ),
        case(
            "120-worker-killed",
            "Kills the worker under a running program.",
            "lost, and the next program runs",
            1,
        ),
        case(
            "069-worker-killed-under-many",
            "Kills the worker under six programs.",
            "each is lost once, and the next program runs",
            6,
        ),
    ]
}

/// Kills the worker when so many programs have begun.
async fn killed(runner: Arc<dyn Runner>, worker: WorkerId, programs: usize) -> Result<(), String> {
    let mut runs = Vec::new();
    for _ in 0..programs {
        let request = script("print('begun', flush=True)\nwhile True: pass");
        let mut run = start(&*runner, request).await?;
        while !is_stdout(&run.events.recv().await.ok_or("the stream ended")?) {}
        runs.push(run);
    }
    let id = worker().ok_or("there is no worker")?;
    let mut state = runner.state();
    state.mark_unchanged();
    let kill = Command::new("kill")
        .args(["-KILL", &id.to_string()])
        .status();
    must(kill.is_ok_and(|status| status.success()), &"kill")?;
    // A program that starts in the same instant may be lost with the worker, so this one does not.
    let noticed = tokio::time::timeout(PATIENCE, state.changed()).await;
    must(noticed.is_ok(), &"the engine says that it starts again")?;
    for run in runs {
        let heard = Heard::listen(run, Instant::now()).await;
        must(heard.end == "lost", &heard)?;
    }
    harmless(&*runner).await?;
    must(
        worker().is_some_and(|new| new != id),
        &"the worker is another one",
    )
}
