//! Proves once for every start of an engine that the two limits hold on which everything else rests:
//! that of processes and that of memory. Some engines promise them and forget.
//!
//! The proof is a Python program in a container like any other, and the container is thrown away.

use crate::program::{EVENTS, Job};
use crate::session::Session;
use crate::trouble::Trouble;
use crate::walls;
use ha_sandbox::{Limits, RunControl, RunEvent, RunOutcome, RunRequest};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Starts processes until that is refused, and ends them; then starts some that hold 40 MiB each, until
/// the kernel kills one of them, or this program itself. One after the other: several that fight for
/// the last page make the kernel tell of it thousands of times, and an engine that is told so often
/// learns a quarter of a minute late that a container has ended.
const PROGRAM: &str = "\
import os, select, signal

def child(work):
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    return pid

children = []
try:
    while len(children) < 120:
        children.append(child(signal.pause))
except OSError:
    pass
print('processes', len(children), flush=True)
for pid in children:
    os.kill(pid, signal.SIGKILL)
for pid in children:
    os.waitpid(pid, 0)

def hold():
    held = b'x' * (40 << 20)
    os.write(full, b'.')
    signal.pause()

ready, full = os.pipe()
holders = []
held = 0
while held == len(holders) < 5:
    holders.append(child(hold))
    while held < len(holders) and not any(os.waitpid(pid, os.WNOHANG)[0] for pid in holders):
        if select.select([ready], [], [], 0.05)[0]:
            held += len(os.read(ready, 1))
print('holders', held, flush=True)
";
/// Half a processor fills 200 MiB in a second.
const PATIENCE: Duration = Duration::from_secs(20);

/// Runs the proof in `session`, which is not to be used afterwards.
///
/// # Errors
/// [`Trouble::Unsafe`] with the limit that does not hold, or the trouble that came between.
pub(crate) async fn prove(session: &mut Session) -> Result<(), Trouble> {
    let request = RunRequest {
        limits: Limits {
            wall: PATIENCE,
            ..Limits::default()
        },
        ..RunRequest::script("proof", PROGRAM)
    };
    // Held, because a run that nobody holds is stopped.
    let (_control, signals) = RunControl::new();
    let (events, mut heard) = mpsc::channel(EVENTS);
    let job = Job {
        request,
        events,
        signals,
        accepted: Instant::now(),
        attempts: 0,
    };
    let (_ran, verdict) = tokio::join!(session.run(job), async move {
        let mut printed = String::new();
        while let Some(event) = heard.recv().await {
            match event {
                RunEvent::Stdout(text) => printed += &text,
                RunEvent::Finished(report) => return judge(&printed, report.outcome),
                RunEvent::Failed(error) => return Err(Trouble::Broken(error.to_string())),
                _ => {}
            }
        }
        Err(Trouble::Broken(
            "the proof of its limits did not end".into(),
        ))
    });
    verdict
}

fn judge(printed: &str, outcome: RunOutcome) -> Result<(), Trouble> {
    let number = |name: &str| {
        let line = printed.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim().parse::<i64>().ok()
    };
    let unsafe_ = |what: &str| {
        Err(Trouble::Unsafe(format!(
            "it promises to limit {what} and does not"
        )))
    };
    match number("processes") {
        Some(count) if count < walls::PROCESSES => {}
        Some(_) => return unsafe_("processes"),
        None => {
            return Err(Trouble::Broken(format!(
                "the proof of its limits ended with {outcome:?}"
            )));
        }
    }
    match number("holders") {
        // Five of them held 200 MiB at once.
        Some(count) if count >= 5 => unsafe_("memory"),
        // Fewer, or the program went the same way.
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXITED: RunOutcome = RunOutcome::Exited { code: 0 };

    fn check(printed: &str, outcome: RunOutcome, expected: Result<(), &str>) {
        let told = judge(printed, outcome).map_err(|trouble| trouble.to_string());
        assert_eq!(told, expected.map_err(str::to_owned));
    }

    #[test]
    fn both_limits_must_hold() {
        check("processes 62\nholders 2\n", EXITED, Ok(()));
        check("processes 62\n", RunOutcome::OutOfMemory, Ok(()));
        check(
            "processes 120\nholders 2\n",
            EXITED,
            Err(
                "this Docker engine is not safe to use: it promises to limit processes and does not",
            ),
        );
        check(
            "processes 62\nholders 5\n",
            EXITED,
            Err("this Docker engine is not safe to use: it promises to limit memory and does not"),
        );
        check(
            "",
            RunOutcome::TimedOut,
            Err(
                "the container did not start as it should: the proof of its limits ended with TimedOut",
            ),
        );
    }
}
