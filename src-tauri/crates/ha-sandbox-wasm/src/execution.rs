//! One run from its request to its terminal event, on a thread of its own.
//!
//! ```text
//! thread of the run ── select ─┬─ cancelled ───▶ Cancelled
//!                              ├─ wall clock ──▶ TimedOut
//!                              └─ interpreter ─▶ how it ended
//! ```
//!
//! Stopping a program is dropping its future: that works in loops (it yields every tick), in sleeps
//! and in `input()` alike. The thread has a runtime of its own, because a guest that never waits would
//! starve the timers of others, and because a timer on another thread costs a wake-up of that thread.

use crate::calls::{Calls, Waiting};
use crate::ending::Ending;
use crate::host::HostState;
use crate::interpreter::{Interpreter, Reserve};
use crate::outbox::Outbox;
use ha_sandbox::{RunError, RunEvent, RunOutcome, RunReport, RunRequest, RunSignals};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;
use tokio::runtime::Runtime;

/// Everything one run needs.
pub(crate) struct Execution {
    pub reserve: Arc<Reserve>,
    pub request: RunRequest,
    pub signals: RunSignals,
    pub outbox: Outbox,
    pub waiting: Waiting,
    pub accepted: Instant,
}

impl Execution {
    /// Runs the program to its end, and leaves exactly one terminal event in the outbox, whatever
    /// happens. Then calls `over`, and returns when nothing is left of the program.
    pub fn run(self, runtime: &Runtime, over: impl FnOnce()) {
        let Execution {
            reserve,
            request,
            signals,
            outbox,
            waiting,
            accepted,
        } = self;
        let mut interpreter = None;
        let caught = catch_unwind(AssertUnwindSafe(|| {
            runtime.block_on(execute(
                &reserve,
                &mut interpreter,
                &request,
                signals,
                &outbox,
                waiting,
            ))
        }));
        outbox.finish();
        outbox.queue(match caught {
            Ok(Ok(ending)) => {
                let inside = interpreter.as_mut().map(|kept| &mut kept.state().inside);
                if let Some(shown) = inside.and_then(|inside| inside.take(ending.outcome)) {
                    outbox.queue(RunEvent::Inspected(Box::new(shown)));
                }
                finished(&ending, accepted)
            }
            Ok(Err(error)) => RunEvent::Failed(error),
            Err(_) => RunEvent::Failed(RunError::Lost("the engine panicked".into())),
        });
        over();
        // The next interpreter comes before this one is cleared away, because clearing takes up to
        // 4 ms: a program started right after this one was measured to end in 3.4 instead of 7.2 ms.
        runtime.block_on(reserve.refill());
    }
}

async fn execute(
    reserve: &Reserve,
    kept: &mut Option<Interpreter>,
    request: &RunRequest,
    signals: RunSignals,
    outbox: &Outbox,
    waiting: Waiting,
) -> Result<Ending, RunError> {
    let RunSignals {
        input,
        answers,
        mut cancel,
    } = signals;
    let calls = Calls::new(answers, waiting.clone());
    let not_begun =
        |error: wasmtime::Error| RunError::Lost(format!("the run cannot begin: {error:#}"));
    let interpreter = kept.insert(reserve.take().await.map_err(not_begun)?);
    interpreter
        .take_up(request, input, calls, outbox)
        .map_err(not_begun)?;
    let mut patience = interpreter.state().inside.patience();
    let _ticking = reserve.machine.ticker.tick_while_held();
    let ended = tokio::select! {
        biased;
        _ = cancel.wait_for(|stop| *stop) => return Ok(Ending::plain(RunOutcome::Cancelled)),
        () = waiting.used_up(tokio::time::Instant::now(), request.limits.wall) => {
            Err(RunOutcome::TimedOut)
        }
        () = patience.over() => Err(RunOutcome::TimedOut),
        ended = interpreter.run(request, outbox) => Ok(ended),
    };
    let state = interpreter.state();
    if let Some(code) = state.inside.exit_code() {
        // The program was over and showed what it held; how that went does not change its end.
        return Ok(Ending::plain(RunOutcome::Exited { code }));
    }
    match ended {
        Ok(ended) => judge(ended, state),
        Err(outcome) => Ok(Ending::plain(outcome)),
    }
}

/// What the guest's own end means.
fn judge(ended: wasmtime::Result<i32>, state: &HostState) -> Result<Ending, RunError> {
    match ended {
        Ok(code) => Ok(Ending::plain(RunOutcome::Exited { code })),
        Err(error) => Ending::from_error(&error, state.memory.refused),
    }
}

/// The event that tells of `ending`.
pub(crate) fn finished(ending: &Ending, accepted: Instant) -> RunEvent {
    RunEvent::Finished(RunReport {
        outcome: ending.outcome,
        duration: accepted.elapsed(),
        engine: crate::runner::NAME.into(),
        note: ending.note,
    })
}
