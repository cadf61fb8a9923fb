//! The trait every engine implements, and the handle on one run.
//!
//! ```text
//! caller ── start(request) ──▶ engine task ──▶ events ──▶ Run::events
//!    └───── RunControl { input, end_input, answer, cancel } ──────▶ engine task
//! ```

use crate::{
    HostAnswer, PoolReport, RequestError, RunEvent, RunRequest, Terminal, TerminalRequest,
};
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, watch};

/// An engine that runs Python. Implementations are cheap to share and run several programs at once.
#[async_trait::async_trait]
pub trait Runner: Send + Sync {
    /// Short stable name: `wasm`, `docker`.
    fn name(&self) -> &'static str;

    /// The engine's state now, and every change of it.
    fn state(&self) -> watch::Receiver<EngineState>;

    /// Starts one run. Waits while the engine is [`EngineState::Preparing`]. Dropping the returned
    /// [`Run`] cancels the program.
    ///
    /// # Errors
    /// [`RunError::Refused`] for a request no engine takes, [`RunError::Unavailable`] when the
    /// engine cannot run anything. Trouble after the start comes as [`RunEvent::Failed`].
    async fn start(&self, request: RunRequest) -> Result<Run, RunError>;

    /// Opens a shell on a terminal, where the engine has that. Dropping the returned [`Terminal`] closes it.
    ///
    /// # Errors
    /// As [`Runner::start`]; [`RunError::Unavailable`] too when no more terminals may be open.
    async fn terminal(&self, _request: TerminalRequest) -> Result<Terminal, RunError> {
        Err(RunError::Unavailable("it has no terminal".into()))
    }

    /// Somebody will run something soon. Returns at once. An engine that is always ready has nothing to
    /// do; one that must be found begins to look. To be called within a tokio runtime.
    fn warm(&self) {}

    /// Nobody will run anything soon: gives back what is kept ready and gives up what is being
    /// prepared. Takes two seconds at most. [`Runner::warm`] and [`Runner::start`] begin again.
    async fn rest(&self) {}

    /// How many programs may be kept ready for at most, where that can be chosen.
    fn resize(&self, _most: usize) {}

    /// What is kept ready, of an engine that keeps something.
    fn pool(&self) -> Option<PoolReport> {
        None
    }
}

/// Whether an engine can run something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EngineState {
    /// Busy with work that is done once, for example compiling the guest.
    Preparing {
        /// What is being done, in English, for the log and the command line.
        what: &'static str,
    },
    /// Runs start at once.
    Ready,
    /// Nothing can run; the reason is in English.
    Unavailable {
        /// What is missing or broken.
        reason: String,
    },
}

/// Our failing machine, never the learner's failing program.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum RunError {
    /// The request breaks the contract.
    #[error(transparent)]
    Refused(#[from] RequestError),
    /// The engine cannot run anything now.
    #[error("the engine is not available: {0}")]
    Unavailable(String),
    /// The engine runs no programs in their language: it never does, or what it needs for it is missing.
    #[error("{0}")]
    Language(String),
    /// The engine died under a running program.
    #[error("the engine was lost: {0}")]
    Lost(String),
}

/// A started run: its events and its controls.
#[derive(Debug)]
pub struct Run {
    /// Bounded: an engine waits when nobody reads.
    pub events: mpsc::Receiver<RunEvent>,
    /// Cheap to clone.
    pub control: RunControl,
}

/// What one may do to a running program. All calls are harmless after its end.
#[derive(Debug, Clone)]
pub struct RunControl {
    input: mpsc::UnboundedSender<Option<String>>,
    answers: mpsc::UnboundedSender<HostAnswer>,
    cancel: watch::Sender<bool>,
}

/// The engine's half of a [`RunControl`].
#[derive(Debug)]
pub struct RunSignals {
    /// Lines for `input()`, without line ends; `None` is the end of input.
    pub input: mpsc::UnboundedReceiver<Option<String>>,
    /// Answers to [`RunEvent::HostCall`]s, in their order.
    pub answers: mpsc::UnboundedReceiver<HostAnswer>,
    /// Becomes `true` when the program must stop, and closes when nobody holds the run any more.
    pub cancel: watch::Receiver<bool>,
}

impl RunControl {
    /// A control and the engine's half of it.
    pub fn new() -> (RunControl, RunSignals) {
        let (input, input_rx) = mpsc::unbounded_channel();
        let (answers, answers_rx) = mpsc::unbounded_channel();
        let (cancel, cancel_rx) = watch::channel(false);
        let signals = RunSignals {
            input: input_rx,
            answers: answers_rx,
            cancel: cancel_rx,
        };
        let control = RunControl {
            input,
            answers,
            cancel,
        };
        (control, signals)
    }

    /// Gives the program one line, without its line end.
    pub fn input(&self, line: impl Into<String>) {
        self.input.send(Some(line.into())).ok();
    }

    /// Ends the program's input: the next `input()` raises `EOFError`.
    pub fn end_input(&self) {
        self.input.send(None).ok();
    }

    /// Answers a call of the program, or a part of it. An answer to no call is dropped.
    pub fn answer(&self, answer: HostAnswer) {
        self.answers.send(answer).ok();
    }

    /// Stops the program. The terminal event says `Cancelled` only once it is dead.
    pub fn cancel(&self) {
        self.cancel.send_replace(true);
    }
}

impl RunSignals {
    /// Resolves when the program must stop: cancelled, or every [`RunControl`] is gone.
    pub async fn cancelled(&mut self) {
        self.cancel.wait_for(|stop| *stop).await.ok();
    }
}
