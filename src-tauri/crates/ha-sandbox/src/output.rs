//! What every engine does with a program's output: bytes become text as they arrive, and of
//! too much of it the beginning and the end are kept.
//!
//! Splitting into lines, colours and display are the window's business.

use crate::RunEvent;
use std::collections::VecDeque;

/// Turns a stream of bytes into text. A character cut at the border of two pieces waits for its
/// rest; bytes that are no UTF-8 become U+FFFD, as a terminal shows them.
#[derive(Debug, Default)]
pub struct Utf8Stream {
    cut: Vec<u8>,
}

impl Utf8Stream {
    /// The text of `bytes`, together with what was left of the piece before.
    pub fn decode(&mut self, bytes: &[u8]) -> String {
        if self.cut.is_empty()
            && let Ok(text) = std::str::from_utf8(bytes)
        {
            return text.to_owned();
        }
        let mut whole = std::mem::take(&mut self.cut);
        whole.extend_from_slice(bytes);
        let end = whole.len() - cut_length(&whole);
        self.cut = whole.split_off(end);
        String::from_utf8_lossy(&whole).into_owned()
    }

    /// What is left when no more bytes come: a cut character becomes U+FFFD.
    pub fn finish(&mut self) -> String {
        String::from_utf8_lossy(&std::mem::take(&mut self.cut)).into_owned()
    }
}

/// Bytes at the end that could still become a character with more bytes behind them.
fn cut_length(bytes: &[u8]) -> usize {
    let last = bytes.utf8_chunks().last();
    match last.map(|chunk| chunk.invalid()) {
        Some(invalid) if !invalid.is_empty() => match std::str::from_utf8(invalid) {
            Err(error) if error.error_len().is_none() => invalid.len(),
            _ => 0,
        },
        _ => 0,
    }
}

/// Which of the two outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

impl Stream {
    /// The event that brings `text`.
    pub fn event(self, text: String) -> RunEvent {
        match self {
            Stream::Stdout => RunEvent::Stdout(text),
            Stream::Stderr => RunEvent::Stderr(text),
        }
    }
}

/// A program may print this many times its cap before it is ended. One that prints too much and then
/// fails still comes to its traceback; one that never ends is ended after some seconds at most.
pub const FLOOD: u64 = 4;
/// The last part of the cap, one in so many, is kept for the end of a long output.
const TAIL: u64 = 4;
/// Pieces of the end are joined up to this many bytes, so that many short lines are no burden.
const JOINED: usize = 8 << 10;

/// Decides what of a program's output is kept, in bytes and between characters: of a long one the
/// beginning, which passes at once, and the end, which waits until it is the end.
#[derive(Debug)]
pub struct OutputCap {
    head_left: u64,
    tail_left: u64,
    flood_left: u64,
    tail: VecDeque<(Stream, String)>,
    tail_bytes: u64,
    left_out: u64,
}

impl OutputCap {
    /// A cap of `bytes` for everything together, as [`crate::Limits::output_bytes`] gives it.
    pub fn new(bytes: u64) -> Self {
        let tail = bytes / TAIL;
        OutputCap {
            head_left: bytes - tail,
            tail_left: tail,
            flood_left: bytes.saturating_mul(FLOOD),
            tail: VecDeque::new(),
            tail_bytes: 0,
            left_out: 0,
        }
    }

    /// Takes what was printed, and shortens `text` to what passes at once. `false` once it is a flood:
    /// the program is to be ended then, and what it prints afterwards is dropped.
    pub fn take(&mut self, stream: Stream, text: &mut String) -> bool {
        let is_flood = text.len() as u64 > self.flood_left;
        if is_flood {
            text.truncate(text.floor_char_boundary(self.flood_left as usize));
        }
        self.flood_left -= text.len() as u64;
        if text.len() as u64 > self.head_left {
            let rest = text.split_off(text.floor_char_boundary(self.head_left as usize));
            self.keep(stream, rest);
        }
        // Behind the first byte that had to wait nothing passes, or the order would be lost.
        self.head_left = match self.tail.is_empty() && self.left_out == 0 {
            true => self.head_left - text.len() as u64,
            false => 0,
        };
        if is_flood {
            self.flood_left = 0;
        }
        !is_flood
    }

    /// What waited: how much is missing before it, if anything is, and the end itself. Ask when the
    /// program is over, or when it waits for an answer to what it printed last.
    pub fn release(&mut self) -> Vec<RunEvent> {
        let left_out = std::mem::take(&mut self.left_out);
        let gap = (left_out > 0).then_some(RunEvent::LeftOut { bytes: left_out });
        self.tail_left -= std::mem::take(&mut self.tail_bytes);
        let tail = std::mem::take(&mut self.tail).into_iter();
        gap.into_iter()
            .chain(tail.map(|(stream, text)| stream.event(text)))
            .collect()
    }

    fn keep(&mut self, stream: Stream, text: String) {
        self.tail_bytes += text.len() as u64;
        match self.tail.back_mut() {
            Some((last, joined)) if *last == stream && joined.len() < JOINED => {
                joined.push_str(&text);
            }
            _ => self.tail.push_back((stream, text)),
        }
        while self.tail_bytes > self.tail_left
            && let Some((_, first)) = self.tail.front_mut()
        {
            let excess = (self.tail_bytes - self.tail_left) as usize;
            let cut = first.ceil_char_boundary(excess.min(first.len()));
            first.drain(..cut);
            self.tail_bytes -= cut as u64;
            self.left_out += cut as u64;
            if first.is_empty() {
                self.tail.pop_front();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_decode(pieces: &[&[u8]], expected: &[&str], rest: &str) {
        let mut stream = Utf8Stream::default();
        let texts: Vec<String> = pieces.iter().map(|piece| stream.decode(piece)).collect();
        assert_eq!(texts, expected);
        assert_eq!(stream.finish(), rest);
    }

    #[test]
    fn whole_text_passes_unchanged() {
        check_decode(&[b"hi\n", "你好".as_bytes()], &["hi\n", "你好"], "");
    }

    #[test]
    fn a_cut_character_waits_for_its_rest() {
        let bytes = "a你".as_bytes();
        check_decode(
            &[&bytes[..2], &bytes[2..3], &bytes[3..]],
            &["a", "", "你"],
            "",
        );
        check_decode(&[&bytes[..3]], &["a"], "\u{fffd}");
    }

    #[test]
    fn wrong_bytes_become_the_replacement_character() {
        check_decode(&[b"a\xffb"], &["a\u{fffd}b"], "");
        check_decode(&[b"\xe4", b"x"], &["", "\u{fffd}x"], "");
        check_decode(&[b"x\xed\xa0\x80"], &["x\u{fffd}\u{fffd}\u{fffd}"], "");
    }

    /// Prints `pieces` under a cap of 8 bytes: six of the beginning, two of the end, 32 in all.
    fn check_cap(pieces: &[&str], passed: &str, is_flood: bool, released: &[RunEvent]) {
        let mut output = OutputCap::new(8);
        let mut taken = true;
        let mut seen = String::new();
        for piece in pieces {
            let mut text = piece.to_string();
            taken = output.take(Stream::Stdout, &mut text);
            seen += &text;
        }
        assert_eq!((seen.as_str(), !taken), (passed, is_flood), "{pieces:?}");
        assert_eq!(output.release(), released, "{pieces:?}");
        assert_eq!(output.release(), [], "only once");
    }

    fn end(text: &str) -> RunEvent {
        RunEvent::Stdout(text.into())
    }

    #[test]
    fn at_the_cap_everything_is_kept() {
        check_cap(&["abcd"], "abcd", false, &[]);
        check_cap(&["abcd", "ef", "gh"], "abcdef", false, &[end("gh")]);
    }

    #[test]
    fn above_it_the_beginning_and_the_end_are() {
        let gap = |bytes| RunEvent::LeftOut { bytes };
        check_cap(&["abcd", "efghi"], "abcdef", false, &[gap(1), end("hi")]);
        check_cap(&["abcdefghi", "j"], "abcdef", false, &[gap(2), end("ij")]);
        let flood = "0123456789".repeat(3) + "xy";
        check_cap(&[&flood], "012345", false, &[gap(24), end("xy")]);
        check_cap(&[&flood, "z"], "012345", true, &[gap(24), end("xy")]);
        check_cap(&[&flood, "z", "z"], "012345", true, &[gap(24), end("xy")]);
    }

    #[test]
    fn no_character_is_cut() {
        let gap = RunEvent::LeftOut { bytes: 3 };
        check_cap(
            &["abcd", "你"],
            "abcd",
            false,
            &[RunEvent::LeftOut { bytes: 3 }],
        );
        check_cap(&["abcde", "你", "f"], "abcde", false, &[gap, end("f")]);
    }

    #[test]
    fn both_outputs_keep_their_order_in_the_end() {
        let mut output = OutputCap::new(16);
        output.take(Stream::Stdout, &mut "x".repeat(12));
        for (stream, text) in [
            (Stream::Stdout, "a"),
            (Stream::Stderr, "b"),
            (Stream::Stderr, "c"),
            (Stream::Stdout, "d"),
        ] {
            assert!(output.take(stream, &mut text.to_string()));
        }
        let events = [end("a"), RunEvent::Stderr("bc".into()), end("d")];
        assert_eq!(output.release(), events);
    }

    #[test]
    fn what_was_released_is_not_had_again() {
        let mut output = OutputCap::new(16);
        output.take(Stream::Stdout, &mut "x".repeat(15));
        assert_eq!(output.release(), [end("xxx")]);
        let mut question = "ok?".to_string();
        assert!(output.take(Stream::Stdout, &mut question));
        assert_eq!(question, "", "it waits too");
        let events = [RunEvent::LeftOut { bytes: 2 }, end("?")];
        assert_eq!(output.release(), events);
    }
}
