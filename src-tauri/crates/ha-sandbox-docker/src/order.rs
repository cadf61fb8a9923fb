//! What a run is asked of the runner and what the runner says at its end, as JSON on the wire.

use crate::frame::{self, Say};
use bytes::BytesMut;
use ha_sandbox::{
    FLOOD, Inspect, RunNote, RunOutcome, RunRequest, SourceFile, Stdin, TerminalRequest,
    TerminalSize,
};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The version of the wire that is spoken here.
const PROTOCOL: u32 = 1;
/// Bytes that the runner lets pass beyond what is counted exactly here.
const ROOM: u64 = 64 << 10;
/// Signals of Linux by which a program ends itself.
const ABORT: i32 = 6;
const SEGMENTATION_FAULT: i32 = 11;

#[derive(Serialize)]
struct Order<'a> {
    language: &'static str,
    entry: &'a str,
    before: &'a [String],
    args: &'a [String],
    files: Vec<OrderedFile<'a>>,
    stdin: &'static str,
    wall_ms: u64,
    memory_bytes: u64,
    /// Of both outputs together, as they come: the net behind our own count in text.
    output_bytes: u64,
    /// In each folder that a program may write to.
    disk_bytes: u64,
    seed: Option<u64>,
    inspect: &'static str,
}

#[derive(Serialize)]
struct OrderedFile<'a> {
    path: &'a str,
    size: usize,
    read_only: bool,
}

/// The frames that start `request` as the run of this number, with all of the input that is known.
pub(crate) fn frames(request: &RunRequest, run: u32) -> BytesMut {
    let order = Order {
        language: request.language().name(),
        entry: &request.entry,
        before: &request.before,
        args: &request.args,
        files: ordered(&request.files),
        stdin: match request.stdin {
            Stdin::Text(_) => "text",
            Stdin::Interactive => "interactive",
        },
        wall_ms: u64::try_from(request.limits.wall.as_millis()).unwrap_or(u64::MAX),
        memory_bytes: request.limits.memory_bytes,
        output_bytes: request
            .limits
            .output_bytes
            .saturating_mul(FLOOD)
            .saturating_add(ROOM),
        disk_bytes: request.limits.disk_bytes,
        seed: request.seed,
        inspect: match request.inspect {
            Inspect::Nothing => "nothing",
            Inspect::Variables => "variables",
            Inspect::Steps => "steps",
        },
    };
    let mut bytes = BytesMut::new();
    frame::append(&mut bytes, Say::Run, run, &payload(&order, &request.files));
    if let Stdin::Text(text) = &request.stdin {
        if !text.is_empty() {
            frame::append(&mut bytes, Say::Input, run, text.as_bytes());
        }
        frame::append(&mut bytes, Say::EndOfInput, run, &[]);
    }
    bytes
}

/// A shell on a terminal instead of a program; the rest is what a program has by itself.
#[derive(Serialize)]
struct TerminalOrder<'a> {
    files: Vec<OrderedFile<'a>>,
    pty: Screen,
}

#[derive(Serialize)]
struct Screen {
    rows: u16,
    columns: u16,
}

/// The frame that opens a terminal as the run of this number.
pub(crate) fn terminal_frames(request: &TerminalRequest, run: u32) -> BytesMut {
    let TerminalSize { rows, columns } = request.size;
    let order = TerminalOrder {
        files: ordered(&request.files),
        pty: Screen { rows, columns },
    };
    let mut bytes = BytesMut::new();
    frame::append(&mut bytes, Say::Run, run, &payload(&order, &request.files));
    bytes
}

/// A screen's size as it goes over the wire.
pub(crate) fn screen(size: TerminalSize) -> [u8; 4] {
    let ([a, b], [c, d]) = (size.rows.to_be_bytes(), size.columns.to_be_bytes());
    [a, b, c, d]
}

fn ordered(files: &[SourceFile]) -> Vec<OrderedFile<'_>> {
    let mut ordered = Vec::with_capacity(files.len());
    for given in files {
        ordered.push(OrderedFile {
            path: &given.path,
            size: given.bytes.len(),
            read_only: given.read_only,
        });
    }
    ordered
}

/// An order and, one behind the other, its files.
fn payload(order: &impl Serialize, files: &[SourceFile]) -> BytesMut {
    let order = serde_json::to_vec(order).expect("texts and numbers are JSON");
    let mut payload = BytesMut::with_capacity(4 + order.len());
    payload.extend_from_slice(&(order.len() as u32).to_be_bytes());
    payload.extend_from_slice(&order);
    for given in files {
        payload.extend_from_slice(&given.bytes);
    }
    payload
}

/// The first word of a runner.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Hello {
    protocol: u32,
    /// `3.11.2`.
    pub python: String,
    quiet: bool,
    reason: Option<String>,
}

impl Hello {
    /// Reads it.
    ///
    /// # Errors
    /// Why this runner cannot be used.
    pub fn read(payload: &[u8]) -> Result<Hello, String> {
        let hello: Hello = serde_json::from_slice(payload)
            .map_err(|error| format!("its first word is {error}"))?;
        if hello.protocol != PROTOCOL {
            return Err(format!("it speaks version {} of the wire", hello.protocol));
        }
        match hello.quiet {
            true => Ok(hello),
            false => Err(hello.reason.unwrap_or_else(|| "it is not clean".into())),
        }
    }
}

/// How a program ended, as the runner says it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Exit {
    pub end: End,
    #[serde(default)]
    pub code: i32,
    pub reason: Option<String>,
}

/// The kind of an [`Exit`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum End {
    Exited,
    Signal,
    Timeout,
    Output,
    Reports,
    Memory,
    Cancelled,
    /// There is already a program.
    Busy,
    /// It could not be started.
    Failed,
}

impl Exit {
    /// The contract's words for it.
    ///
    /// # Errors
    /// When the program was not run.
    pub fn outcome(&self) -> Result<(RunOutcome, Option<RunNote>), String> {
        let stack = self.reason.as_deref() == Some("stack");
        Ok(match self.end {
            End::Exited => (RunOutcome::Exited { code: self.code }, None),
            End::Signal => {
                let note = match self.code {
                    SEGMENTATION_FAULT if stack => Some(RunNote::StackOverflow),
                    SEGMENTATION_FAULT => Some(RunNote::Crashed),
                    ABORT => Some(RunNote::Aborted),
                    _ => None,
                };
                let code = 128 + self.code;
                (RunOutcome::Exited { code }, note)
            }
            End::Timeout => (RunOutcome::TimedOut, None),
            End::Output => (RunOutcome::OutputLimit, None),
            End::Reports => (RunOutcome::OutputLimit, Some(RunNote::ReportLimit)),
            End::Memory => (RunOutcome::OutOfMemory, None),
            End::Cancelled => (RunOutcome::Cancelled, None),
            End::Busy | End::Failed => {
                let reason = self.reason.as_deref().unwrap_or("it does not say why");
                return Err(format!("the container did not start the program: {reason}"));
            }
        })
    }

    /// Whether a container may be used again after such an end, if it is clean. After an end that
    /// stretched a limit there may be debts that one does not see.
    pub fn is_quiet(&self) -> bool {
        matches!(self.end, End::Exited | End::Cancelled)
    }
}

/// What the runner found when it had cleaned up.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Reset {
    quiet: bool,
    reason: Option<String>,
    /// Processes that outlived the program.
    #[serde(default)]
    reaped: u32,
    micros: u64,
}

/// A container that takes longer to clean is not worth keeping: a new one costs a tenth of a second.
const SLOW_RESET: Duration = Duration::from_millis(300);

impl Reset {
    /// How long it took, when the container is as new.
    ///
    /// # Errors
    /// Why it is not.
    pub fn verdict(&self) -> Result<Duration, String> {
        let took = Duration::from_micros(self.micros);
        if !self.quiet {
            return Err(self
                .reason
                .clone()
                .unwrap_or_else(|| "it is not clean".into()));
        }
        if self.reaped > 0 {
            return Err(format!("{} processes outlived the program", self.reaped));
        }
        if took > SLOW_RESET {
            return Err(format!("cleaning took {} ms", took.as_millis()));
        }
        Ok(took)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn an_order_carries_its_files_behind_it() {
        let mut request = RunRequest::script("r", "print('好')");
        request
            .files
            .push(SourceFile::text("data.txt", "12").read_only());
        request.stdin = Stdin::Interactive;
        let bytes = frames(&request, 9);
        let length = u32::from_be_bytes(*bytes[9..].first_chunk().unwrap()) as usize;
        let order: serde_json::Value = serde_json::from_slice(&bytes[13..13 + length]).unwrap();
        assert_eq!(
            order["files"][1],
            serde_json::json!({"path": "data.txt", "size": 2, "read_only": true})
        );
        assert_eq!(
            (&order["stdin"], &order["wall_ms"]),
            (&"interactive".into(), &30_000.into())
        );
        assert_eq!(&bytes[13 + length..], "print('好')12".as_bytes());
        let head = [
            &((bytes.len() - 4) as u32).to_be_bytes()[..],
            &[b'R', 0, 0, 0, 9],
        ]
        .concat();
        assert_eq!(bytes[..9], head);
    }

    fn check_end(json: &str, expected: Result<(RunOutcome, Option<RunNote>), &str>) {
        let exit: Exit = serde_json::from_str(json).unwrap();
        let expected =
            expected.map_err(|why| format!("the container did not start the program: {why}"));
        assert_eq!(exit.outcome(), expected);
    }

    #[test]
    fn every_end_has_its_outcome() {
        let exited = |code| RunOutcome::Exited { code };
        check_end(r#"{"end":"exited","code":3}"#, Ok((exited(3), None)));
        check_end(r#"{"end":"signal","code":9}"#, Ok((exited(137), None)));
        check_end(
            r#"{"end":"signal","code":6}"#,
            Ok((exited(134), Some(RunNote::Aborted))),
        );
        check_end(
            r#"{"end":"signal","code":11}"#,
            Ok((exited(139), Some(RunNote::Crashed))),
        );
        check_end(
            r#"{"end":"signal","code":11,"reason":"stack"}"#,
            Ok((exited(139), Some(RunNote::StackOverflow))),
        );
        check_end(
            r#"{"end":"memory","peak_kb":1}"#,
            Ok((RunOutcome::OutOfMemory, None)),
        );
        check_end(
            r#"{"end":"reports"}"#,
            Ok((RunOutcome::OutputLimit, Some(RunNote::ReportLimit))),
        );
        check_end(r#"{"end":"failed","reason":"fork"}"#, Err("fork"));
    }

    fn check_reset(json: &str, expected: Result<u64, &str>) {
        let reset: Reset = serde_json::from_str(json).unwrap();
        let expected = expected.map(Duration::from_micros).map_err(str::to_owned);
        assert_eq!(reset.verdict(), expected);
    }

    #[test]
    fn only_a_clean_and_quick_reset_keeps_a_container() {
        check_reset(r#"{"quiet":true,"reaped":0,"micros":412}"#, Ok(412));
        check_reset(
            r#"{"quiet":false,"reason":"limits","reaped":0,"micros":1}"#,
            Err("limits"),
        );
        check_reset(
            r#"{"quiet":true,"reaped":2,"micros":1}"#,
            Err("2 processes outlived the program"),
        );
        check_reset(r#"{"quiet":true,"reaped":0,"micros":300000}"#, Ok(300_000));
        check_reset(
            r#"{"quiet":true,"reaped":0,"micros":301000}"#,
            Err("cleaning took 301 ms"),
        );
    }

    #[test]
    fn a_runner_of_another_version_is_refused() {
        let hello = |protocol, quiet| {
            let text = format!(
                r#"{{"protocol":{protocol},"python":"3.11.2","quiet":{quiet},"reason":"x"}}"#
            );
            Hello::read(text.as_bytes()).map(|hello| hello.python)
        };
        assert_eq!(hello(1, true), Ok("3.11.2".into()));
        assert_eq!(
            hello(2, true),
            Err("it speaks version 2 of the wire".into())
        );
        assert_eq!(hello(1, false), Err("x".into()));
        assert!(Hello::read(b"\xff").is_err());
    }
}
