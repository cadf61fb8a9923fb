//! How a program came to its end, read from what the engine says.

use crate::outbox::Full;
use ha_sandbox::{RunError, RunNote, RunOutcome};
use wasmtime::component::ResourceTableError;
use wasmtime::{Trap, WasmBacktrace};
use wasmtime_wasi::I32Exit;

/// Why the host ended a program from inside one of its calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Stop {
    #[error("the program called os._exit({0})")]
    Exit(i32),
}

/// How the engine says that one call carried more than [`crate::host::HOSTCALL_FUEL`] allows; it has
/// no type for that.
const TOO_MUCH_AT_ONCE: &str = "fuel allocated for hostcalls";

/// An outcome with its note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ending {
    pub outcome: RunOutcome,
    pub note: Option<RunNote>,
}

impl Ending {
    /// An outcome that speaks for itself.
    pub fn plain(outcome: RunOutcome) -> Ending {
        Ending {
            outcome,
            note: None,
        }
    }

    fn noted(outcome: RunOutcome, note: RunNote) -> Ending {
        Ending {
            outcome,
            note: Some(note),
        }
    }

    /// What an error of the guest means. `memory_refused`: whether it had asked for more memory
    /// than it may have.
    ///
    /// # Errors
    /// [`RunError::Lost`] when the error is the engine's and not the program's.
    pub fn from_error(error: &wasmtime::Error, memory_refused: bool) -> Result<Ending, RunError> {
        if let Some(stop) = error.downcast_ref::<Stop>() {
            let Stop::Exit(code) = *stop;
            return Ok(Ending::plain(RunOutcome::Exited { code }));
        }
        if let Some(full) = error.downcast_ref::<Full>() {
            return Ok(match full {
                Full::Output => Ending::plain(RunOutcome::OutputLimit),
                Full::Reports => Ending::noted(RunOutcome::OutputLimit, RunNote::ReportLimit),
            });
        }
        if let Some(I32Exit(code)) = error.downcast_ref::<I32Exit>() {
            return Ok(Ending::plain(RunOutcome::Exited { code: *code }));
        }
        if let Some(ResourceTableError::Full) = error.downcast_ref::<ResourceTableError>() {
            let outcome = RunOutcome::Exited { code: 1 };
            return Ok(Ending::noted(outcome, RunNote::TooManyOpenFiles));
        }
        if error.root_cause().to_string().contains(TOO_MUCH_AT_ONCE) {
            let outcome = RunOutcome::OutputLimit;
            return Ok(Ending::noted(outcome, RunNote::ReportLimit));
        }
        match error.downcast_ref::<Trap>() {
            Some(trap) => Ok(Ending::from_trap(*trap, error, memory_refused)),
            None => Err(RunError::Lost(format!("{error:#}"))),
        }
    }

    /// The codes are those a shell shows for the same end on a desktop: 128 + the signal.
    fn from_trap(trap: Trap, error: &wasmtime::Error, memory_refused: bool) -> Ending {
        if is_waiting(error) {
            return Ending::noted(RunOutcome::Exited { code: 1 }, RunNote::Deadlock);
        }
        if memory_refused {
            return Ending::plain(RunOutcome::OutOfMemory);
        }
        let (code, note) = match trap {
            Trap::StackOverflow => (139, RunNote::StackOverflow),
            Trap::UnreachableCodeReached => (134, RunNote::Aborted),
            _ => (139, RunNote::Crashed),
        };
        Ending::noted(RunOutcome::Exited { code }, note)
    }
}

/// Whether the guest was waiting on a lock: with one thread nothing can ever release it, so its C
/// library traps instead.
fn is_waiting(error: &wasmtime::Error) -> bool {
    error.downcast_ref::<WasmBacktrace>().is_some_and(|trace| {
        trace.frames().iter().take(4).any(|frame| {
            frame
                .func_name()
                .is_some_and(|name| name.contains("pthread_cond") || name.contains("sem_"))
        })
    })
}
