//! The terminal: a shell in a container of its own with the lesson's files.
//!
//! The window asks for what is new and is answered when there is something, so a window that falls behind
//! makes the shell wait, through every queue down to the container: no flood fills anybody's memory.

use crate::sandboxed::{program_files, request_error, run_error};
use crate::wire::{TerminalEnd, TerminalNews, TerminalOpen};
use crate::{ApiError, ApiResult, App, ErrorCode};
use ha_sandbox::{
    RunError, Terminal, TerminalControl, TerminalEvent, TerminalRequest, TerminalSize, Utf8Stream,
};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};
use tokio::sync::{mpsc, watch};

/// Terminals at once. A window has one; the other is for the moment in which a lesson follows another.
const MOST: usize = 2;
/// Bytes of one call's typing. What is pasted comes in several.
const MOST_TYPED: usize = 64 << 10;
/// Bytes of one answer to the window.
const MOST_NEWS: usize = 128 << 10;

/// All terminals of this process, the oldest first.
#[derive(Default)]
pub(crate) struct Terminals(Mutex<Vec<Arc<Open>>>);

/// One terminal, from its opening to its end.
struct Open {
    id: String,
    closed: watch::Sender<bool>,
    control: OnceLock<TerminalControl>,
    /// Whoever holds it asks for what is new.
    screen: tokio::sync::Mutex<Option<Screen>>,
}

struct Screen {
    events: mpsc::Receiver<TerminalEvent>,
    decoder: Utf8Stream,
}

impl Open {
    fn close(&self) {
        self.closed.send_replace(true);
        if let Some(control) = self.control.get() {
            control.close();
        }
    }

    async fn closed(&self) {
        // The sender lives in `self`, so the wait cannot end with an error.
        self.closed
            .subscribe()
            .wait_for(|closed| *closed)
            .await
            .ok();
    }
}

impl Terminals {
    fn list(&self) -> MutexGuard<'_, Vec<Arc<Open>>> {
        self.0
            .lock()
            .expect("nothing panics while it holds the list")
    }

    /// Makes room for one more, which is not open yet.
    fn register(&self, id: &str) -> ApiResult<Arc<Open>> {
        if uuid::Uuid::try_parse(id).is_err() {
            return Err(ApiError::invalid("the terminal's id is not a UUID"));
        }
        let mut list = self.list();
        if list.iter().any(|open| open.id == id) {
            return Err(ApiError::invalid("a terminal with this id is open"));
        }
        // One whose page is gone without a word is the oldest.
        while list.len() >= MOST {
            list.remove(0).close();
        }
        let open = Arc::new(Open {
            id: id.into(),
            closed: watch::Sender::new(false),
            control: OnceLock::new(),
            screen: tokio::sync::Mutex::default(),
        });
        list.push(open.clone());
        Ok(open)
    }

    fn get(&self, id: &str) -> ApiResult<Arc<Open>> {
        let found = self.list().iter().find(|open| open.id == id).cloned();
        let gone = || ApiError::new(ErrorCode::RunNotFound, "the terminal is not open");
        found.ok_or_else(gone)
    }

    fn take(&self, id: &str) -> Option<Arc<Open>> {
        let mut list = self.list();
        let at = list.iter().position(|open| open.id == id)?;
        Some(list.remove(at))
    }

    /// Closes all of them, for the end of the process.
    pub(crate) fn close_all(&self) {
        self.list().drain(..).for_each(|open| open.close());
    }
}

impl App {
    /// Opens a terminal; returns when it is on its way, which may take as long as the engine needs to be
    /// ready. [`App::terminal_next`] tells everything else. Beyond two the oldest is closed.
    ///
    /// # Errors
    /// `invalid_request`, `source_too_large`, those of a lesson; `engine_unavailable` without an engine that
    /// has terminals, or when it was closed meanwhile.
    pub async fn terminal_open(&self, asked: TerminalOpen) -> ApiResult<()> {
        let data = self.lesson_data(&asked.lesson)?;
        let request = TerminalRequest {
            id: asked.terminal_id.clone(),
            files: program_files(&asked.files, &data),
            size: TerminalSize::new(asked.rows, asked.columns),
        };
        request.validate().map_err(|error| request_error(&error))?;
        let unavailable = |why: &str| ApiError::new(ErrorCode::EngineUnavailable, why);
        let runner = self
            .engines
            .of_terminals()
            .ok_or_else(|| unavailable("only the built-in engine may be used, which has none"))?;
        let open = self.terminals.register(&asked.terminal_id)?;
        let opened = tokio::select! {
            biased;
            () = open.closed() => Err(unavailable("the terminal was closed")),
            opened = runner.terminal(request) => opened.map_err(|error| run_error(&error)),
        };
        match opened {
            Ok(Terminal { events, control }) => {
                open.control.set(control).ok();
                let decoder = Utf8Stream::default();
                *open.screen.lock().await = Some(Screen { events, decoder });
                if *open.closed.borrow() {
                    open.close();
                }
                Ok(())
            }
            Err(error) => {
                self.terminals.take(&asked.terminal_id);
                Err(error)
            }
        }
    }

    /// Waits until a terminal has something to say, and answers all of it; its end comes once.
    ///
    /// # Errors
    /// `run_not_found` when there is no such terminal, or not any more.
    pub async fn terminal_next(&self, id: &str) -> ApiResult<TerminalNews> {
        let open = self.terminals.get(id)?;
        let mut screen = open.screen.lock().await;
        let screen = screen
            .as_mut()
            .ok_or_else(|| ApiError::new(ErrorCode::RunNotFound, "the terminal is not open yet"))?;
        let mut text = String::new();
        let mut end = None;
        while end.is_none() {
            let event = match text.is_empty() {
                true => screen.events.recv().await,
                false if text.len() < MOST_NEWS => match screen.events.try_recv() {
                    Err(mpsc::error::TryRecvError::Empty) => break,
                    other => other.ok(),
                },
                false => break,
            };
            match event {
                Some(TerminalEvent::Output(bytes)) => text += &screen.decoder.decode(&bytes),
                Some(TerminalEvent::Started) => {}
                last => end = Some(ended(last)),
            }
        }
        if end.is_some() {
            text += &screen.decoder.finish();
            self.terminals.take(id);
        }
        Ok(TerminalNews { text, end })
    }

    /// Types something into a terminal. Waits while its shell does not take it.
    ///
    /// # Errors
    /// `run_not_found`, `invalid_request` for more than 64 KiB.
    pub async fn terminal_type(&self, id: &str, text: String) -> ApiResult<()> {
        if text.len() > MOST_TYPED {
            return Err(ApiError::invalid("at most 64 KiB are typed at once"));
        }
        let open = self.terminals.get(id)?;
        if let Some(control) = open.control.get() {
            tokio::select! {
                () = control.type_in(text.into_bytes()) => {}
                () = open.closed() => {}
            }
        }
        Ok(())
    }

    /// Gives a terminal's screen another size.
    ///
    /// # Errors
    /// `run_not_found`.
    pub fn terminal_resize(&self, id: &str, rows: u16, columns: u16) -> ApiResult<()> {
        let open = self.terminals.get(id)?;
        if let Some(control) = open.control.get() {
            control.resize(TerminalSize::new(rows, columns));
        }
        Ok(())
    }

    /// Closes a terminal and everything in it. Harmless when there is none.
    pub fn terminal_close(&self, id: &str) {
        if let Some(open) = self.terminals.take(id) {
            open.close();
        }
    }
}

/// The end as the window hears it; a stream that ends without one is a lost engine.
fn ended(last: Option<TerminalEvent>) -> TerminalEnd {
    let failed = |error: &RunError| TerminalEnd::Failed {
        error: run_error(error),
    };
    match last {
        Some(TerminalEvent::Exited { code }) => TerminalEnd::Exited { code },
        Some(TerminalEvent::Closed) => TerminalEnd::Closed,
        Some(TerminalEvent::Failed(error)) => failed(&error),
        _ => failed(&RunError::Lost("the terminal ended without a word".into())),
    }
}
