//! What app and worker say to each other, and how it lies on a pipe.
//!
//! ```text
//! [length of the body: u32, little endian][body: one message in postcard]
//! ```
//!
//! Both ends are the same program, so there is one version of every message; a newer one on disk is
//! found out by the first message. Neither end trusts a length or a body.

use ha_sandbox::{HostAnswer, RunEvent, RunRequest};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::io::{self, Read};

/// Changed with every change of a message. The contract's own types are part of them.
pub(crate) const PROTOCOL: u32 = 2;
/// Bytes of one body. The largest real one is a request with a mebibyte of files; a piece of output
/// is at most 8 MiB.
pub(crate) const MAX_BODY: usize = 16 << 20;
/// What one run may have on its way to a reader that stands still, in [`cost`]: a mebibyte, or a
/// thousand single words.
pub(crate) const WINDOW: u32 = 1024;

/// What an event takes of its run's [`WINDOW`]: one, and one more for every KiB. At most half of it,
/// because what was heard is told by halves.
pub(crate) fn cost(event: &RunEvent) -> u32 {
    let bytes = match event {
        RunEvent::Stdout(text) | RunEvent::Stderr(text) | RunEvent::Report(text) => text.len(),
        RunEvent::HostCall(call) => call.request.len(),
        // At most one a run, and limited where it is made.
        RunEvent::Inspected(_) => 64 << 10,
        RunEvent::Started
        | RunEvent::LeftOut { .. }
        | RunEvent::NeedsInput
        | RunEvent::Finished(_)
        | RunEvent::Failed(_) => 0,
    };
    (1 + (bytes >> 10) as u32).min(WINDOW / 2)
}

/// Bytes a reader holds when it has nothing large to take.
const ROOM: usize = 64 << 10;
const HEAD: usize = size_of::<u32>();

/// From the app to its worker.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Order {
    /// The first one: where the guest is. Both folders are absolute.
    Open {
        dir: OsString,
        cache_dir: OsString,
    },
    Start {
        run: u32,
        request: RunRequest,
    },
    /// A line for `input()`; `None` is the end of input.
    Input {
        run: u32,
        line: Option<String>,
    },
    /// What the program asked its host for.
    Answer {
        run: u32,
        answer: HostAnswer,
    },
    Cancel {
        run: u32,
    },
    /// Events of this cost have reached their reader; as many more may be sent.
    Heard {
        run: u32,
        cost: u32,
    },
    /// Asks for a [`News::Pong`].
    Ping,
}

/// From the worker to its app.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum News {
    /// The first one.
    Hello {
        protocol: u32,
        pid: u32,
    },
    Engine(Readiness),
    Event {
        run: u32,
        event: RunEvent,
    },
    /// Nothing is left of a run that has ended. Its number is free.
    Gone {
        run: u32,
    },
    Pong,
}

/// How the engine inside the worker is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Readiness {
    Loading,
    Compiling,
    Ready,
    Unavailable(String),
}

/// Appends `message` to `bytes`.
///
/// # Errors
/// When its body would be larger than [`MAX_BODY`]; `bytes` are as before.
pub(crate) fn append<M: Serialize>(message: &M, bytes: &mut Vec<u8>) -> io::Result<()> {
    let body = postcard::to_allocvec(message).map_err(|error| invalid(error.to_string()))?;
    if body.len() > MAX_BODY {
        return Err(invalid(format!("a message of {} bytes", body.len())));
    }
    bytes.extend_from_slice(&(body.len() as u32).to_le_bytes());
    bytes.extend_from_slice(&body);
    Ok(())
}

/// Messages from a pipe.
pub(crate) struct Frames<R> {
    from: R,
    buffer: Vec<u8>,
    /// What was read and not taken yet.
    filled: std::ops::Range<usize>,
}

impl<R: Read> Frames<R> {
    /// Reads from `from`.
    pub fn new(from: R) -> Self {
        Frames {
            from,
            buffer: vec![0; ROOM],
            filled: 0..0,
        }
    }

    /// The next message; `None` at the end. Waits.
    ///
    /// # Errors
    /// A pipe that breaks, and anything that is no message.
    pub fn next<M: DeserializeOwned>(&mut self) -> io::Result<Option<M>> {
        loop {
            let waiting = &self.buffer[self.filled.clone()];
            let needed = match waiting.first_chunk::<HEAD>() {
                Some(head) => HEAD + checked(u32::from_le_bytes(*head))?,
                None => HEAD,
            };
            if waiting.len() >= needed && needed > HEAD {
                let message = decode(&waiting[HEAD..needed])?;
                self.filled.start += needed;
                return Ok(Some(message));
            }
            self.make_room(needed);
            let read = match self.from.read(&mut self.buffer[self.filled.end..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => read?,
            };
            if read == 0 && self.filled.is_empty() {
                return Ok(None);
            }
            if read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            self.filled.end += read;
        }
    }

    /// Makes room for `needed` bytes from the first one not taken.
    fn make_room(&mut self, needed: usize) {
        if self.filled.is_empty() {
            self.filled = 0..0;
            if self.buffer.len() > ROOM && needed <= ROOM {
                self.buffer = vec![0; ROOM];
            }
        }
        if self.filled.start + needed > self.buffer.len() {
            self.buffer.copy_within(self.filled.clone(), 0);
            self.filled = 0..self.filled.len();
        }
        if needed > self.buffer.len() {
            self.buffer.resize(needed, 0);
        }
    }
}

fn checked(length: u32) -> io::Result<usize> {
    match length as usize {
        0 => Err(invalid("an empty message")),
        length if length > MAX_BODY => Err(invalid(format!("a message of {length} bytes"))),
        length => Ok(length),
    }
}

fn decode<M: DeserializeOwned>(body: &[u8]) -> io::Result<M> {
    match postcard::take_from_bytes(body) {
        Ok((message, [])) => Ok(message),
        Ok(_) => Err(invalid("a message with something behind it")),
        Err(error) => Err(invalid(error.to_string())),
    }
}

fn invalid(what: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    /// Gives a few bytes at a time, as a pipe may.
    struct Drops<'a>(&'a [u8], usize);

    impl Read for Drops<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let most = self.1.min(buffer.len());
            (&mut self.0).take(most as u64).read(buffer)
        }
    }

    fn line(length: usize) -> Order {
        let line = Some("x".repeat(length));
        Order::Input { run: 7, line }
    }

    #[test]
    fn messages_arrive_in_order_however_they_are_cut() {
        let lengths = [0, 1, 5, ROOM, 3 * ROOM, 2];
        let mut bytes = Vec::new();
        for length in lengths {
            append(&line(length), &mut bytes).unwrap();
        }
        for drop in [1, 3, 4, 1000, bytes.len()] {
            let mut frames = Frames::new(Drops(&bytes, drop));
            for length in lengths {
                let order: Order = frames.next().unwrap().unwrap();
                assert!(
                    matches!(order, Order::Input { run: 7, line: Some(line) } if line.len() == length)
                );
            }
            assert!(frames.next::<Order>().unwrap().is_none());
            assert_eq!(frames.buffer.len(), ROOM, "a large message leaves no hole");
        }
    }

    #[test]
    fn a_body_at_the_limit_passes_and_one_above_is_refused_on_both_ends() {
        // Four bytes of length, one each of kind, run and option.
        let room = MAX_BODY - 7;
        let mut bytes = Vec::new();
        append(&line(room), &mut bytes).unwrap();
        assert!(Frames::new(&bytes[..]).next::<Order>().unwrap().is_some());
        append(&line(room + 1), &mut bytes).unwrap_err();
        assert_eq!(bytes.len(), HEAD + MAX_BODY, "nothing was added");
        let length = (MAX_BODY as u32 + 1).to_le_bytes();
        Frames::new(&length[..]).next::<Order>().unwrap_err();
    }

    #[test]
    fn what_is_no_message_is_an_error() {
        for hostile in [
            &b"\0\0\0\0"[..],
            b"\x01\0\0\0\xff",
            b"\x02\0\0\0\x05\0",
            b"\x03\0\0\0\x02\0",
            b"\x01\0",
            b"Traceback (most recent call last)",
        ] {
            Frames::new(hostile).next::<Order>().unwrap_err();
        }
        assert!(Frames::new(&b""[..]).next::<Order>().unwrap().is_none());
    }
}
