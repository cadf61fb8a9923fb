//! The worker's end of the pipe to the app, and one run's share of it.
//!
//! ```text
//! thread of a run ── Line (credit of one run) ─┐
//! thread of a run ── Line ─────────────────────┼─▶ Output ── one write ──▶ pipe
//! leader: Hello, Engine, Gone, Pong ───────────┘
//! ```
//!
//! The app reads the pipe always, so a write never waits for a person. What waits for a slow reader is
//! the one run whose credit is used up.

use crate::frame::{self, News, WINDOW, cost};
use crate::lock;
use ha_sandbox::RunEvent;
use std::io::Write;
use std::sync::{Arc, Mutex};
use tokio::sync::Semaphore;

/// The pipe to the app.
pub(crate) struct Output {
    pipe: Mutex<Box<dyn Write + Send>>,
}

impl Output {
    /// Writes to `pipe`.
    pub fn new(pipe: impl Write + Send + 'static) -> Arc<Output> {
        Arc::new(Output {
            pipe: Mutex::new(Box::new(pipe)),
        })
    }

    /// Sends all of `news` in one write. An app that reads no more is gone, and so is this process
    /// then, by the end of its input.
    pub fn send(&self, news: impl IntoIterator<Item = News>) {
        let mut bytes = Vec::new();
        for news in news {
            if let Err(error) = frame::append(&news, &mut bytes) {
                // Only an inspection can be that large, and a run is whole without one.
                tracing::error!(%error, "news that no frame can carry");
            }
        }
        lock(&self.pipe).write_all(&bytes).ok();
        // The reader may have been put behind this thread, which computes on: on Linux until the next
        // tick of the clock, 4 ms away.
        std::thread::yield_now();
    }
}

/// The way of one run's events. Clones are the same way.
#[derive(Clone)]
pub(crate) struct Line {
    run: u32,
    output: Arc<Output>,
    credit: Arc<Semaphore>,
}

impl Line {
    /// A way with the whole window free.
    pub fn new(run: u32, output: Arc<Output>) -> Line {
        Line {
            run,
            output,
            credit: Arc::new(Semaphore::new(WINDOW as usize)),
        }
    }

    /// Waits until something of this cost may be sent. The leave is for whoever sends it next.
    pub async fn leave(&self, cost: u32) -> Leave {
        let permit = self.credit.acquire_many(cost).await;
        permit.expect("the credit is never closed").forget();
        Leave(cost)
    }

    /// The same without waiting.
    pub fn try_leave(&self, cost: u32) -> Option<Leave> {
        self.credit.try_acquire_many(cost).ok()?.forget();
        Some(Leave(cost))
    }

    /// The app has taken events of this cost.
    pub fn heard(&self, cost: u32) {
        // More than was sent would only be the app's own loss of memory.
        self.credit.add_permits(cost.min(WINDOW) as usize);
    }

    /// Sends `events`, each with its leave, in one write.
    pub fn send(&self, events: Vec<(Leave, RunEvent)>) {
        let run = self.run;
        let events = events.into_iter().map(|(leave, event)| {
            debug_assert_eq!(leave.0, cost(&event), "the app counts the same");
            News::Event { run, event }
        });
        self.output.send(events);
    }
}

/// Leave to send something of this cost.
pub(crate) struct Leave(u32);

#[cfg(test)]
pub(crate) mod testing {
    //! A pipe that tests can look at.
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use crate::frame::Frames;
    use std::io;

    /// What was written, write by write.
    #[derive(Clone, Default)]
    pub(crate) struct Written(Arc<Mutex<Vec<Vec<u8>>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            lock(&self.0).push(bytes.to_vec());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Written {
        /// The events of every write since the last call.
        pub fn take(&self) -> Vec<Vec<RunEvent>> {
            let writes = std::mem::take(&mut *lock(&self.0));
            let events = |bytes: Vec<u8>| {
                let mut frames = Frames::new(&bytes[..]);
                std::iter::from_fn(|| match frames.next().unwrap()? {
                    News::Event { event, .. } => Some(event),
                    other => panic!("{other:?}"),
                })
                .collect()
            };
            writes.into_iter().map(events).collect()
        }
    }
}
