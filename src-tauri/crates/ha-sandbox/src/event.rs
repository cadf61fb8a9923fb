//! What a run says while it goes, and how it ends.

use std::time::Duration;

/// One thing a run says. Order is the order of the program. Exactly one [`RunEvent::Finished`]
/// or [`RunEvent::Failed`] comes, as the last event; a stream that ends without one is an error.
#[derive(Debug, Clone, PartialEq)]
pub enum RunEvent {
    /// The program is about to execute its first line.
    Started,
    /// Standard output, split anywhere between characters.
    Stdout(String),
    /// Standard error, split anywhere between characters.
    Stderr(String),
    /// The program waits for a line; the prompt was already written to standard output.
    NeedsInput,
    /// A JSON document that harness code sent over its own channel (`_sandbox.report(text)` in the
    /// guest), never mixed with what the program prints. Check results travel here.
    Report(String),
    /// The program came to an end, whichever.
    Finished(RunReport),
    /// The engine failed; the program's end is unknown.
    Failed(crate::RunError),
}

/// How a program ended. All of these are results, none is an error of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunOutcome {
    /// The program ended by itself, with CPython's exit code.
    Exited {
        /// 0 after a clean end, 1 after an uncaught exception, else what `sys.exit` was given.
        code: i32,
    },
    /// The wall-clock limit passed.
    TimedOut,
    /// The memory limit stopped the program in a way Python could not turn into `MemoryError`.
    OutOfMemory,
    /// More output than the cap, or more files than the disk limit.
    OutputLimit,
    /// Somebody stopped it.
    Cancelled,
}

/// The end of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct RunReport {
    /// How it ended.
    pub outcome: RunOutcome,
    /// From the accepted request to the end, as the engine saw it.
    pub duration: Duration,
    /// The engine's name, as [`crate::Runner::name`] says it.
    pub engine: &'static str,
    /// Something one should know about the end, in English, for example a deadlock; else empty.
    pub note: String,
}
