//! What a program says, on its way to whoever listens.
//!
//! The first words leave at once; in a flood, small pieces gather for a few milliseconds and leave
//! as one event, so that neither the channel nor the window drowns. Nobody reading means the program
//! waits. All of it happens on the one task that drives the program, so order needs no care.

use crate::frame::cost;
use crate::lock;
use crate::worker::{Leave, Line};
use ha_sandbox::{OutputCap, RunEvent, Stream, Utf8Stream};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::Poll;
use std::time::Duration;
use tokio::time::Instant;

/// Pieces closer together than this travel together: a quarter of a screen frame.
const GATHER: Duration = Duration::from_millis(4);
/// A gathered piece this large leaves without waiting any longer.
const LARGE: usize = 32 * 1024;
/// Reports of one run together, in bytes. A check result is a few hundred.
const REPORT_BYTES: u64 = 1 << 20;

/// Why the program must end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Full {
    #[error("the program printed far more than its limit")]
    Output,
    #[error("the program reported more than its limit")]
    Reports,
}

/// Shared by the host calls and the task that drives the program.
#[derive(Clone)]
pub(crate) struct Outbox {
    line: Line,
    waiting: Arc<Mutex<Waiting>>,
}

struct Waiting {
    queue: VecDeque<RunEvent>,
    bytes: usize,
    next_send: Instant,
    stdout: Utf8Stream,
    stderr: Utf8Stream,
    /// Characters of both.
    printed: u64,
    muted: bool,
    output: OutputCap,
    reports_left: u64,
}

impl Outbox {
    /// An outbox that allows `output_bytes` of both outputs together.
    pub fn new(line: Line, output_bytes: u64) -> Outbox {
        let waiting = Waiting {
            queue: VecDeque::new(),
            bytes: 0,
            next_send: Instant::now(),
            stdout: Utf8Stream::default(),
            stderr: Utf8Stream::default(),
            printed: 0,
            muted: false,
            output: OutputCap::new(output_bytes),
            reports_left: REPORT_BYTES,
        };
        Outbox {
            line,
            waiting: Arc::new(Mutex::new(waiting)),
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        lock(&self.waiting)
    }

    /// Takes output; of too much the middle is left out. [`Full`] when it does not end.
    pub fn print(&self, stream: Stream, bytes: &[u8]) -> Result<(), Full> {
        let mut waiting = self.waiting();
        if waiting.muted {
            return Ok(());
        }
        let mut text = match stream {
            Stream::Stdout => waiting.stdout.decode(bytes),
            Stream::Stderr => waiting.stderr.decode(bytes),
        };
        let allowed = waiting.output.take(stream, &mut text);
        waiting.push_text(stream, text);
        if allowed { Ok(()) } else { Err(Full::Output) }
    }

    /// Whether what is printed from now on is dropped.
    pub fn mute(&self, muted: bool) {
        self.waiting().muted = muted;
    }

    /// Characters printed so far, both outputs together.
    pub fn printed(&self) -> u64 {
        self.waiting().printed
    }

    /// Takes a report.
    pub fn report(&self, document: String) -> Result<(), Full> {
        let mut waiting = self.waiting();
        let left = waiting.reports_left.checked_sub(document.len() as u64);
        waiting.reports_left = left.ok_or(Full::Reports)?;
        waiting.bytes += document.len();
        waiting.queue.push_back(RunEvent::Report(document));
        Ok(())
    }

    /// Leaves `event` behind everything that waits; it travels with the next words, or as soon as the
    /// program does not compute.
    pub fn queue(&self, event: RunEvent) {
        self.waiting().queue.push_back(event);
    }

    /// Sends `event` behind everything that waits.
    pub async fn send(&self, event: RunEvent) {
        self.queue(event);
        self.send_all().await;
    }

    /// Sends when enough has gathered or enough time has passed. Waits for a slow reader.
    pub async fn send_if_due(&self) {
        let due = {
            let waiting = self.waiting();
            waiting.bytes >= LARGE || Instant::now() >= waiting.next_send
        };
        if due {
            self.send_all().await;
        }
    }

    /// Sends everything that waits. Waits for a slow reader, and the program with it: so what waits
    /// does not change meanwhile.
    pub async fn send_all(&self) {
        while let Some(cost) = self.first_cost() {
            let leave = self.line.leave(cost).await;
            self.send_with(leave);
        }
    }

    /// Sends what waits as far as the reader allows now; says whether all of it left.
    pub fn try_send_all(&self) -> bool {
        if let Some(cost) = self.first_cost()
            && let Some(leave) = self.line.try_leave(cost)
        {
            self.send_with(leave);
        }
        self.first_cost().is_none()
    }

    fn first_cost(&self) -> Option<u32> {
        self.waiting().queue.front().map(cost)
    }

    /// Sends the first event and, in the same write, whatever else may leave with it.
    fn send_with(&self, leave: Leave) {
        let mut waiting = self.waiting();
        let mut events = Vec::new();
        let mut leave = Some(leave);
        while let Some(next) = waiting.queue.front().map(cost)
            && let Some(its) = leave.take().or_else(|| self.line.try_leave(next))
            && let Some(event) = waiting.pop()
        {
            events.push((its, event));
        }
        drop(waiting);
        self.line.send(events);
    }

    /// Resolves when something waits and its time has come. Poll it after the program: it is woken
    /// by its timer only, because only the program adds something.
    pub async fn due(&self) {
        let mut timer = pin!(tokio::time::sleep_until(Instant::now()));
        poll_fn(|context| {
            let due = {
                let waiting = self.waiting();
                if waiting.queue.is_empty() {
                    return Poll::Pending;
                }
                waiting.next_send
            };
            if timer.deadline() != due {
                timer.as_mut().reset(due);
            }
            timer.as_mut().poll(context)
        })
        .await;
    }

    /// Says that the program waits for a line, behind everything it has printed.
    pub async fn ask(&self) {
        self.waiting().release();
        self.send(RunEvent::NeedsInput).await;
    }

    /// Adds what was held back until the end, and what the decoders still hold: a character that was
    /// never completed.
    pub fn finish(&self) {
        let mut waiting = self.waiting();
        for stream in [Stream::Stdout, Stream::Stderr] {
            let mut text = match stream {
                Stream::Stdout => waiting.stdout.finish(),
                Stream::Stderr => waiting.stderr.finish(),
            };
            waiting.output.take(stream, &mut text);
            waiting.push_text(stream, text);
        }
        waiting.release();
    }
}

impl Waiting {
    fn push_text(&mut self, stream: Stream, text: String) {
        if text.is_empty() {
            return;
        }
        self.bytes += text.len();
        self.printed += text.chars().count() as u64;
        match (stream, self.queue.back_mut()) {
            (Stream::Stdout, Some(RunEvent::Stdout(last)))
            | (Stream::Stderr, Some(RunEvent::Stderr(last))) => last.push_str(&text),
            (Stream::Stdout, _) => self.queue.push_back(RunEvent::Stdout(text)),
            (Stream::Stderr, _) => self.queue.push_back(RunEvent::Stderr(text)),
        }
    }

    /// Adds what waited to be the end of the output.
    fn release(&mut self) {
        for event in self.output.release() {
            match event {
                RunEvent::Stdout(text) => self.push_text(Stream::Stdout, text),
                RunEvent::Stderr(text) => self.push_text(Stream::Stderr, text),
                gap => self.queue.push_back(gap),
            }
        }
    }

    fn pop(&mut self) -> Option<RunEvent> {
        let event = self.queue.pop_front();
        if self.queue.is_empty() {
            self.bytes = 0;
            self.next_send = Instant::now() + GATHER;
        }
        event
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use crate::frame::WINDOW;
    use crate::worker::{Output, testing::Written};

    fn outbox(cap: u64) -> (Outbox, Line, Written) {
        let written = Written::default();
        let line = Line::new(1, Output::new(written.clone()));
        (Outbox::new(line.clone(), cap), line, written)
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_words_leave_at_once_and_a_flood_gathers() {
        let (outbox, _line, written) = outbox(1 << 20);
        outbox.queue(RunEvent::Started);
        for _ in 0..1000 {
            outbox.print(Stream::Stdout, b"line\n").unwrap();
            outbox.send_if_due().await;
        }
        let first = [RunEvent::Started, RunEvent::Stdout("line\n".into())];
        assert_eq!(written.take(), [first], "both in one write");
        outbox.due().await;
        outbox.send_all().await;
        let flood = [RunEvent::Stdout("line\n".repeat(999))];
        assert_eq!(written.take(), [flood]);
    }

    #[tokio::test]
    async fn order_is_kept_across_outputs_and_reports() {
        let (outbox, _line, written) = outbox(100);
        outbox.print(Stream::Stdout, b"a").unwrap();
        outbox.print(Stream::Stdout, b"b").unwrap();
        outbox.print(Stream::Stderr, b"c").unwrap();
        outbox.report("{}".into()).unwrap();
        outbox.print(Stream::Stdout, b"d").unwrap();
        outbox.send(RunEvent::NeedsInput).await;
        let expected = [
            RunEvent::Stdout("ab".into()),
            RunEvent::Stderr("c".into()),
            RunEvent::Report("{}".into()),
            RunEvent::Stdout("d".into()),
            RunEvent::NeedsInput,
        ];
        assert_eq!(written.take(), [expected]);
    }

    #[tokio::test]
    async fn a_reader_that_stands_still_keeps_the_end_for_later() {
        let (outbox, line, written) = outbox(100);
        for _ in 0..WINDOW {
            outbox.send(RunEvent::NeedsInput).await;
        }
        assert_eq!(written.take().len(), WINDOW as usize);
        outbox.queue(RunEvent::Started);
        outbox.queue(RunEvent::Report("x".repeat(2048)));
        assert!(!outbox.try_send_all());
        line.heard(3);
        assert!(!outbox.try_send_all());
        assert_eq!(written.take(), [[RunEvent::Started]]);
        line.heard(1);
        assert!(outbox.try_send_all());
        assert_eq!(written.take().len(), 1);
    }

    #[tokio::test]
    async fn reports_have_a_limit_of_their_own() {
        let (outbox, _line, _written) = outbox(0);
        let half = "x".repeat(REPORT_BYTES as usize / 2);
        assert_eq!(outbox.report(half.clone()), Ok(()));
        assert_eq!(outbox.report(half), Ok(()));
        assert_eq!(outbox.report("x".into()), Err(Full::Reports));
        assert_eq!(outbox.print(Stream::Stdout, b"x"), Err(Full::Output));
    }
}
