//! What a run says while it goes, and how it ends.

use crate::Inspection;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::time::Duration;

/// One thing a run says. Order is the order of the program. Exactly one [`RunEvent::Finished`]
/// or [`RunEvent::Failed`] comes, as the last event; a stream that ends without one is an error.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum RunEvent {
    /// The program is about to execute its first line.
    Started,
    /// Standard output, split anywhere between characters.
    Stdout(String),
    /// Standard error, split anywhere between characters.
    Stderr(String),
    /// Output that was not kept: so much is missing between what came before and what follows.
    LeftOut {
        /// Of both outputs together.
        bytes: u64,
    },
    /// The program waits for a line; the prompt was already written to standard output.
    NeedsInput,
    /// A JSON document that harness code sent over its own channel (`_sandbox.report(text)` in the
    /// guest), never mixed with what the program prints. Check results travel here.
    Report(String),
    /// The program asks its host for something and may wait for the answer: give it with
    /// [`crate::RunControl::answer`]. While it only waits for answers its time stands still.
    HostCall(crate::HostCall),
    /// The inside of the program at its end, as [`crate::RunRequest::inspect`] asked; at most one, right
    /// before [`RunEvent::Finished`].
    Inspected(Box<Inspection>),
    /// The program came to an end, whichever.
    Finished(RunReport),
    /// The engine failed; the program's end is unknown.
    Failed(crate::RunError),
}

/// How a program ended. All of these are results, none is an error of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Several times more output than the cap ([`crate::FLOOD`]), or what the note says.
    OutputLimit,
    /// Somebody stopped it.
    Cancelled,
}

/// The end of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunReport {
    /// How it ended.
    pub outcome: RunOutcome,
    /// From the accepted request to the end, as the engine saw it.
    pub duration: Duration,
    /// The engine's name, as [`crate::Runner::name`] says it.
    pub engine: Cow<'static, str>,
    /// Why it came to that end, where the outcome alone does not say it.
    pub note: Option<RunNote>,
}

/// Why a program came to its end, where [`RunOutcome`] leaves it open. The window has words for
/// each of these in every language; [`Display`](std::fmt::Display) is an English sentence for the
/// command line and the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RunNote {
    /// It waited for a lock or a queue that nothing else could serve. With `Exited`.
    Deadlock,
    /// Its calls, or what it built, were nested deeper than Python's own stack. With `Exited`.
    StackOverflow,
    /// Python gave up by itself, after something it could not go on from. With `Exited`.
    Aborted,
    /// Python broke in some other way. With `Exited`.
    Crashed,
    /// It held more files open at once than it may. With `Exited`.
    TooManyOpenFiles,
    /// It sent more through the harness's own channel than it may. With `OutputLimit`.
    ReportLimit,
}

impl std::fmt::Display for RunNote {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            RunNote::Deadlock => {
                "deadlock: the program waited for a lock or a queue that nothing else could serve"
            }
            RunNote::StackOverflow => {
                "the program's calls were nested deeper than Python's own stack"
            }
            RunNote::Aborted => "Python aborted",
            RunNote::Crashed => "Python crashed",
            RunNote::TooManyOpenFiles => "the program held more files open at once than it may",
            RunNote::ReportLimit => "the program reported more than it may",
        })
    }
}
