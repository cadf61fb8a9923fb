//! One program as whoever started it sees it: its events, in order, within its caps, with one end.
//!
//! Frames become events here. Nobody is waited for: what the listener has no room for waits in a short
//! queue, and while it does nothing more is read from the container, so the program waits too.

use crate::frame::{Frame, Tell};
use crate::inspection::Told;
use crate::order::Exit;
use ha_sandbox::{
    HostCall, Inspect, Language, OutputCap, RunError, RunEvent, RunNote, RunOutcome, RunReport,
    RunRequest, RunSignals, Stream, Utf8Stream,
};
use std::borrow::Cow;
use std::collections::VecDeque;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{self, error::TrySendError};

/// Events that wait in the channel of one run. Each holds at most 64 KiB of text.
pub(crate) const EVENTS: usize = 32;
/// Reports of one run together, in bytes. A check result is a few hundred.
const REPORT_BYTES: usize = 1 << 20;

/// A request on its way to a container.
pub(crate) struct Job {
    pub request: RunRequest,
    pub events: mpsc::Sender<RunEvent>,
    pub signals: RunSignals,
    /// When the request was taken.
    pub accepted: Instant,
    /// Containers that died before the program began.
    pub attempts: u32,
}

impl Job {
    /// Ends a run that no container has begun.
    pub async fn fail(self, error: RunError) {
        self.events.send(RunEvent::Failed(error)).await.ok();
    }

    /// Ends a run that was stopped before a container had begun it.
    pub async fn cancelled(self) {
        let report = report(RunOutcome::Cancelled, None, self.accepted);
        self.events.send(RunEvent::Finished(report)).await.ok();
    }
}

/// The end of a run on this engine.
pub(crate) fn report(outcome: RunOutcome, note: Option<RunNote>, accepted: Instant) -> RunReport {
    RunReport {
        outcome,
        duration: accepted.elapsed(),
        engine: Cow::Borrowed(crate::NAME),
        note,
    }
}

/// What a frame asks of whoever drives the program.
#[derive(Debug, PartialEq)]
pub(crate) enum Heard {
    /// Nothing more.
    Words,
    /// The program has printed or reported more than it may and must be stopped.
    TooMuch,
    /// It asks the host for something and waits: the number of the call.
    Call(u32),
    /// It is over.
    Over(Exit),
}

/// A program that runs.
pub(crate) struct Program {
    events: mpsc::Sender<RunEvent>,
    accepted: Instant,
    late: VecDeque<RunEvent>,
    stdout: Utf8Stream,
    stderr: Utf8Stream,
    output: OutputCap,
    /// What reports may still have.
    report_bytes: usize,
    told: Told,
    /// The end that was decided here, whatever the runner says later.
    decided: Option<(RunOutcome, Option<RunNote>)>,
    pub begun: bool,
    pub first_output: Option<Duration>,
}

impl Program {
    /// The program of a job.
    pub fn new(request: &RunRequest, events: mpsc::Sender<RunEvent>, accepted: Instant) -> Program {
        Program {
            events,
            accepted,
            late: VecDeque::new(),
            stdout: Utf8Stream::default(),
            stderr: Utf8Stream::default(),
            output: OutputCap::new(request.limits.output_bytes),
            report_bytes: REPORT_BYTES,
            told: Told::new(match request.language() {
                Language::Python => request.inspect,
                // Another language's inside is not looked at, so there is nothing to show.
                Language::JavaScript | Language::Go => Inspect::Nothing,
            }),
            decided: None,
            begun: false,
            first_output: None,
        }
    }

    /// Takes a frame of this run.
    ///
    /// # Errors
    /// When the runner must not have sent it.
    pub fn hear(&mut self, frame: &Frame) -> Result<Heard, String> {
        match frame.tell {
            Tell::Started => {
                self.begun = true;
                self.say(RunEvent::Started);
            }
            Tell::Stdout => return Ok(self.print(Stream::Stdout, &frame.payload)),
            Tell::Stderr => return Ok(self.print(Stream::Stderr, &frame.payload)),
            Tell::NeedsInput => {
                self.release();
                self.say(RunEvent::NeedsInput);
            }
            Tell::Report => return Ok(self.report(&frame.payload)),
            Tell::Inspection => self.told.push(&frame.payload),
            Tell::Call => return self.call(&frame.payload),
            Tell::Exit => {
                let exit = serde_json::from_slice(&frame.payload);
                return Ok(Heard::Over(exit.map_err(|error| error.to_string())?));
            }
            Tell::Reset => return Err("it cleaned up before the end".into()),
            Tell::Broken => return Err(String::from_utf8_lossy(&frame.payload).into_owned()),
            Tell::Hello => return Err("it greeted twice".into()),
            Tell::Pong => {}
        }
        Ok(Heard::Words)
    }

    fn print(&mut self, stream: Stream, bytes: &[u8]) -> Heard {
        let mut text = self.decoder(stream).decode(bytes);
        let allowed = self.output.take(stream, &mut text);
        self.first_output
            .get_or_insert_with(|| self.accepted.elapsed());
        self.say_text(stream, text);
        self.judge(allowed, None)
    }

    fn decoder(&mut self, stream: Stream) -> &mut Utf8Stream {
        match stream {
            Stream::Stdout => &mut self.stdout,
            Stream::Stderr => &mut self.stderr,
        }
    }

    fn call(&mut self, payload: &[u8]) -> Result<Heard, String> {
        let (id, request) = payload
            .split_first_chunk::<4>()
            .ok_or("it made a call without a number")?;
        let id = u32::from_be_bytes(*id);
        // Our modules refuse it before; a program that goes past them has no more to say.
        if request.len() > HostCall::MAX_BYTES {
            return Ok(self.judge(false, Some(RunNote::ReportLimit)));
        }
        let request = String::from_utf8_lossy(request).into_owned();
        // Whoever answers may want to see what was printed before.
        self.release();
        self.say(RunEvent::HostCall(HostCall { id, request }));
        Ok(Heard::Call(id))
    }

    fn report(&mut self, bytes: &[u8]) -> Heard {
        let document = String::from_utf8_lossy(bytes).into_owned();
        let left = self.report_bytes.checked_sub(document.len());
        self.report_bytes = left.unwrap_or(0);
        let allowed = left.is_some();
        if allowed {
            self.say(RunEvent::Report(document));
        }
        self.judge(allowed, Some(RunNote::ReportLimit))
    }

    fn judge(&mut self, allowed: bool, note: Option<RunNote>) -> Heard {
        if allowed || self.decided.is_some() {
            return Heard::Words;
        }
        self.decide(RunOutcome::OutputLimit, note);
        Heard::TooMuch
    }

    /// Decides the end, unless it is decided.
    pub fn decide(&mut self, outcome: RunOutcome, note: Option<RunNote>) {
        self.decided.get_or_insert((outcome, note));
    }

    /// Whether the end is decided here.
    pub fn is_decided(&self) -> bool {
        self.decided.is_some()
    }

    /// Takes the decision back: what was to be ended may be alive.
    pub fn undecide(&mut self) {
        self.decided = None;
    }

    /// Ends the program as the runner says, or as was decided here before. What a reader has no room for
    /// yet is given to it by a task of its own, so the container is free.
    pub fn finish(mut self, exit: &Exit) {
        let told = match self.decided {
            // A stop that came too late: what happened, happened.
            None | Some((RunOutcome::Cancelled, _)) => exit.outcome(),
            Some(decided) => Ok(decided),
        };
        self.flush();
        let last = match told {
            Ok((outcome, note)) => {
                if let Some(inspection) = self.told.inspection(outcome) {
                    self.say(RunEvent::Inspected(Box::new(inspection)));
                }
                RunEvent::Finished(report(outcome, note, self.accepted))
            }
            Err(reason) => RunEvent::Failed(RunError::Lost(reason)),
        };
        self.end(last);
    }

    /// Ends the program whose container is gone: as was decided, else as lost.
    pub fn lose(mut self, reason: &str) {
        self.flush();
        let last = match self.decided {
            Some((outcome, note)) => RunEvent::Finished(report(outcome, note, self.accepted)),
            None => RunEvent::Failed(RunError::Lost(reason.to_owned())),
        };
        self.end(last);
    }

    fn end(mut self, last: RunEvent) {
        self.say(last);
        if self.late.is_empty() {
            return;
        }
        tokio::spawn(async move {
            for event in self.late {
                if self.events.send(event).await.is_err() {
                    return;
                }
            }
        });
    }

    /// A character that was never completed is shown as far as it came, and then the end of a long output.
    fn flush(&mut self) {
        for stream in [Stream::Stdout, Stream::Stderr] {
            let mut text = self.decoder(stream).finish();
            self.output.take(stream, &mut text);
            self.say_text(stream, text);
        }
        self.release();
    }

    fn release(&mut self) {
        for event in self.output.release() {
            self.say(event);
        }
    }

    fn say_text(&mut self, stream: Stream, text: String) {
        if !text.is_empty() {
            self.say(stream.event(text));
        }
    }

    fn say(&mut self, event: RunEvent) {
        if !self.late.is_empty() {
            self.late.push_back(event);
            return;
        }
        // When nobody listens any more, whoever drives the program notices and stops it.
        if let Err(TrySendError::Full(event)) = self.events.try_send(event) {
            self.late.push_back(event);
        }
    }

    /// Whether its reader has no room for more just now.
    pub fn is_late(&self) -> bool {
        !self.late.is_empty()
    }

    /// Gives the reader what is late, as soon as it has room for it.
    pub async fn catch_up(&mut self) {
        let room = self.events.reserve().await;
        match (room, self.late.pop_front()) {
            (Ok(room), Some(event)) => room.send(event),
            _ => self.late.clear(),
        }
    }

    /// Somebody to ask whether anybody still listens.
    pub fn listener(&self) -> mpsc::Sender<RunEvent> {
        self.events.clone()
    }
}
