//! The frames between us and the runner, the first process of a container.
//!
//! ```text
//! u32 length, big-endian │ u8 kind │ u32 run │ payload        the length counts kind, run and payload
//! ```
//!
//! The runner wraps every byte of a program, so nothing a program prints is ever read as a frame.

use bytes::{Buf, Bytes, BytesMut};

/// Bytes of a frame before its payload, without the length itself.
const HEAD: usize = 5;
/// The longest frame that comes from a runner: a report of one MiB, and room.
const LONGEST: usize = (1 << 20) + (64 << 10);

/// What the host says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Say {
    Ping,
    Run,
    Input,
    EndOfInput,
    Cancel,
    Answer,
    Resize,
}

impl Say {
    fn kind(self) -> u8 {
        match self {
            Say::Ping => b'P',
            Say::Run => b'R',
            Say::Input => b'I',
            Say::EndOfInput => b'E',
            Say::Cancel => b'K',
            Say::Answer => b'A',
            Say::Resize => b'T',
        }
    }
}

/// What the runner tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tell {
    Hello,
    Started,
    Stdout,
    Stderr,
    NeedsInput,
    Report,
    Call,
    Inspection,
    Exit,
    Reset,
    Pong,
    Broken,
}

impl Tell {
    fn of(kind: u8) -> Option<Tell> {
        Some(match kind {
            b'h' => Tell::Hello,
            b's' => Tell::Started,
            b'o' => Tell::Stdout,
            b'e' => Tell::Stderr,
            b'n' => Tell::NeedsInput,
            b'r' => Tell::Report,
            b'q' => Tell::Call,
            b'i' => Tell::Inspection,
            b'x' => Tell::Exit,
            b'z' => Tell::Reset,
            b'p' => Tell::Pong,
            b'!' => Tell::Broken,
            _ => return None,
        })
    }
}

/// One frame from the runner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Frame {
    pub tell: Tell,
    /// The run it is about; 0 for the container.
    pub run: u32,
    pub payload: Bytes,
}

/// Bytes that cannot be a frame. The container is not to be trusted after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Breach {
    #[error("it sent a frame of {0} bytes")]
    Length(usize),
    #[error("it sent a frame of the unknown kind {0}")]
    Kind(u8),
}

/// Appends a frame to `bytes`.
pub(crate) fn append(bytes: &mut BytesMut, say: Say, run: u32, payload: &[u8]) {
    // Nothing that is sent comes near four GiB: requests are checked before.
    let length = (HEAD + payload.len()) as u32;
    bytes.reserve(4 + HEAD + payload.len());
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(&[say.kind()]);
    bytes.extend_from_slice(&run.to_be_bytes());
    bytes.extend_from_slice(payload);
}

/// Puts frames together from pieces that end anywhere.
#[derive(Debug, Default)]
pub(crate) struct Frames {
    bytes: BytesMut,
}

impl Frames {
    /// Takes the next piece.
    pub fn push(&mut self, piece: &[u8]) {
        self.bytes.extend_from_slice(piece);
    }

    /// The next whole frame, if there is one.
    ///
    /// # Errors
    /// When what comes cannot be a frame.
    pub fn next(&mut self) -> Result<Option<Frame>, Breach> {
        let Some(head) = self.bytes.first_chunk::<4>() else {
            return Ok(None);
        };
        let length = u32::from_be_bytes(*head) as usize;
        if !(HEAD..=LONGEST).contains(&length) {
            return Err(Breach::Length(length));
        }
        if self.bytes.len() < 4 + length {
            return Ok(None);
        }
        self.bytes.advance(4);
        let mut frame = self.bytes.split_to(length).freeze();
        let kind = frame.get_u8();
        let run = frame.get_u32();
        let tell = Tell::of(kind).ok_or(Breach::Kind(kind))?;
        let payload = frame;
        Ok(Some(Frame { tell, run, payload }))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn told(kind: u8, run: u32, payload: &[u8]) -> BytesMut {
        let mut bytes = BytesMut::new();
        append(&mut bytes, Say::Ping, run, payload);
        bytes[4] = kind;
        bytes
    }

    fn check(pieces: &[&[u8]], expected: &[Frame]) {
        let (mut frames, mut found) = (Frames::default(), Vec::new());
        for piece in pieces {
            frames.push(piece);
            while let Some(frame) = frames.next().unwrap() {
                found.push(frame);
            }
        }
        assert_eq!(found, expected);
    }

    #[test]
    fn frames_are_whole_wherever_they_are_cut() {
        let mut bytes = told(b'o', 7, "你".as_bytes());
        bytes.extend_from_slice(&told(b'x', 7, b""));
        let expected = [
            Frame {
                tell: Tell::Stdout,
                run: 7,
                payload: Bytes::from_static("你".as_bytes()),
            },
            Frame {
                tell: Tell::Exit,
                run: 7,
                payload: Bytes::new(),
            },
        ];
        check(&[&bytes], &expected);
        for cut in 0..bytes.len() {
            check(&[&bytes[..cut], &bytes[cut..]], &expected);
        }
    }

    fn check_breach(bytes: &[u8], expected: Breach) {
        let mut frames = Frames::default();
        frames.push(bytes);
        assert_eq!(frames.next(), Err(expected));
    }

    #[test]
    fn what_cannot_be_a_frame_is_found_out_before_it_is_waited_for() {
        check_breach(&[0, 0, 0, 4], Breach::Length(4));
        check_breach(&u32::MAX.to_be_bytes(), Breach::Length(u32::MAX as usize));
        let longest = (LONGEST as u32).to_be_bytes();
        let mut frames = Frames::default();
        frames.push(&longest);
        assert_eq!(frames.next(), Ok(None), "the longest is waited for");
        check_breach(&told(b'?', 1, b""), Breach::Kind(b'?'));
    }
}
