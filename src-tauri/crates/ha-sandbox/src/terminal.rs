//! A shell on a terminal, of an engine that has one: what is asked, what it says, how it ends.
//!
//! ```text
//! caller ── terminal(request) ──▶ engine task ──▶ events ──▶ Terminal::events
//!    └───── TerminalControl { type, resize, close } ───────▶ engine task
//! ```

use crate::request::check_files;
use crate::{RequestError, RunError, SourceFile};
use tokio::sync::{mpsc, watch};

/// Pieces of typing that wait for the shell; whoever types more waits.
const TYPED: usize = 16;

/// One terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TerminalRequest {
    /// Chosen by the caller before the start.
    pub id: String,
    /// Everything in the shell's folder.
    pub files: Vec<SourceFile>,
    /// How large its screen is.
    pub size: TerminalSize,
}

impl TerminalRequest {
    /// Refuses what no engine should see. Every engine calls this first.
    ///
    /// # Errors
    /// As for the files of a run.
    pub fn validate(&self) -> Result<(), RequestError> {
        check_files(&self.files)
    }
}

/// The size of a screen, in characters. At least one of each, and at most a thousand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TerminalSize {
    /// Lines.
    pub rows: u16,
    /// Characters in a line.
    pub columns: u16,
}

impl TerminalSize {
    /// The nearest size that a terminal can have.
    pub fn new(rows: u16, columns: u16) -> TerminalSize {
        TerminalSize {
            rows: rows.clamp(1, 1000),
            columns: columns.clamp(1, 1000),
        }
    }
}

/// What a terminal says. The last three are terminal events: exactly one of them comes, and nothing after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TerminalEvent {
    /// The shell begins.
    Started,
    /// Bytes for the screen; they end anywhere, also within a character.
    Output(Vec<u8>),
    /// The shell ended by itself.
    Exited {
        /// Its exit code.
        code: i32,
    },
    /// It was closed, and is dead.
    Closed,
    /// It was lost, by no fault of whoever typed.
    Failed(RunError),
}

/// An open terminal. Dropping it and every control closes it.
#[derive(Debug)]
pub struct Terminal {
    /// Bounded: the shell waits when nobody reads.
    pub events: mpsc::Receiver<TerminalEvent>,
    /// Cheap to clone.
    pub control: TerminalControl,
}

/// What one may do to an open terminal. All calls are harmless after its end.
#[derive(Debug, Clone)]
pub struct TerminalControl {
    typed: mpsc::Sender<Vec<u8>>,
    size: watch::Sender<TerminalSize>,
    close: watch::Sender<bool>,
}

/// The engine's half of a [`TerminalControl`].
#[derive(Debug)]
pub struct TerminalSignals {
    /// What was typed.
    pub typed: mpsc::Receiver<Vec<u8>>,
    /// The screen's size; changes are to be passed on.
    pub size: watch::Receiver<TerminalSize>,
    /// Becomes `true` when the terminal must close, and closes when nobody holds it any more.
    pub close: watch::Receiver<bool>,
}

impl TerminalControl {
    /// A control and the engine's half of it.
    pub fn new(size: TerminalSize) -> (TerminalControl, TerminalSignals) {
        let (typed, typed_rx) = mpsc::channel(TYPED);
        let (size, size_rx) = watch::channel(size);
        let (close, close_rx) = watch::channel(false);
        let signals = TerminalSignals {
            typed: typed_rx,
            size: size_rx,
            close: close_rx,
        };
        let control = TerminalControl { typed, size, close };
        (control, signals)
    }

    /// Types something. Waits while the shell does not take it.
    pub async fn type_in(&self, bytes: Vec<u8>) {
        self.typed.send(bytes).await.ok();
    }

    /// The screen has another size.
    pub fn resize(&self, size: TerminalSize) {
        self.size.send_replace(size);
    }

    /// Closes it. The last event comes once everything in it is dead.
    pub fn close(&self) {
        self.close.send_replace(true);
    }
}
