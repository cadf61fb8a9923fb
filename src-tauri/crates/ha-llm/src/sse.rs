//! Server-sent events from bytes, however they are cut.
//!
//! Our own, because the libraries there are either hold a line of any length in memory or are not
//! kept any more. Event names, ids and retry times are read and dropped: chat completions use none.

use crate::LlmError;

/// What the parser found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SseItem {
    /// One event's data; its lines are joined with line feeds.
    Data(String),
    /// A comment: the service is alive.
    Comment,
}

/// Reads a stream piece by piece. Memory is bounded by the size of one event.
#[derive(Debug)]
pub(crate) struct SseParser {
    line: Vec<u8>,
    data: Vec<u8>,
    /// An event with an empty `data:` line is an event; one without is none.
    has_data: bool,
    after_return: bool,
    first_line: bool,
    limit: usize,
}

const MARK: &[u8] = "\u{feff}".as_bytes();

impl SseParser {
    /// A parser that takes events of at most `limit` bytes.
    pub(crate) fn new(limit: usize) -> SseParser {
        SseParser {
            line: Vec::new(),
            data: Vec::new(),
            has_data: false,
            after_return: false,
            first_line: true,
            limit,
        }
    }

    /// Takes the next bytes and appends what they complete to `found`.
    ///
    /// # Errors
    /// [`LlmError::Malformed`] for an event that is too large or no UTF-8.
    pub(crate) fn feed(&mut self, bytes: &[u8], found: &mut Vec<SseItem>) -> Result<(), LlmError> {
        let mut rest = bytes;
        if self.after_return && !rest.is_empty() {
            // The second half of a line end whose first half was the last byte before.
            self.after_return = false;
            rest = rest.strip_prefix(b"\n").unwrap_or(rest);
        }
        while let Some(end) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            self.take(&rest[..end])?;
            let returned = rest[end] == b'\r';
            rest = &rest[end + 1..];
            if returned {
                match rest.first() {
                    Some(b'\n') => rest = &rest[1..],
                    Some(_) => {}
                    None => self.after_return = true,
                }
            }
            self.end_line(found)?;
        }
        self.take(rest)
    }

    /// The end of the stream: an event without its empty line after it still counts, because some
    /// services forget it. A half line does not.
    pub(crate) fn finish(&mut self, found: &mut Vec<SseItem>) -> Result<(), LlmError> {
        self.line.clear();
        self.dispatch(found)
    }

    fn take(&mut self, part: &[u8]) -> Result<(), LlmError> {
        if self.line.len() + self.data.len() + part.len() > self.limit {
            return Err(LlmError::Malformed("an event is too large"));
        }
        self.line.extend_from_slice(part);
        Ok(())
    }

    fn end_line(&mut self, found: &mut Vec<SseItem>) -> Result<(), LlmError> {
        let mut line = std::mem::take(&mut self.line);
        if std::mem::take(&mut self.first_line) && line.starts_with(MARK) {
            line.drain(..MARK.len());
        }
        if line.is_empty() {
            self.line = line;
            return self.dispatch(found);
        }
        if line[0] == b':' {
            found.push(SseItem::Comment);
        } else if let Some(value) = field(&line, b"data") {
            if self.has_data {
                self.data.push(b'\n');
            }
            self.has_data = true;
            self.data.extend_from_slice(value);
        }
        line.clear();
        self.line = line;
        Ok(())
    }

    fn dispatch(&mut self, found: &mut Vec<SseItem>) -> Result<(), LlmError> {
        if !std::mem::take(&mut self.has_data) {
            return Ok(());
        }
        let data = String::from_utf8(std::mem::take(&mut self.data))
            .map_err(|_| LlmError::Malformed("an event is no UTF-8 text"))?;
        found.push(SseItem::Data(data));
        Ok(())
    }
}

/// The value of a line, if it is of the field `name`. One space after the colon belongs to neither.
fn field<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let rest = line.strip_prefix(name)?;
    if rest.is_empty() {
        return Some(rest);
    }
    let value = rest.strip_prefix(b":")?;
    Some(value.strip_prefix(b" ").unwrap_or(value))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    const LIMIT: usize = 1 << 16;

    fn parse(pieces: &[&[u8]]) -> Result<Vec<SseItem>, LlmError> {
        let mut parser = SseParser::new(LIMIT);
        let mut found = Vec::new();
        for piece in pieces {
            parser.feed(piece, &mut found)?;
        }
        parser.finish(&mut found)?;
        Ok(found)
    }

    fn data(text: &str) -> SseItem {
        SseItem::Data(text.into())
    }

    fn check(stream: &str, expected: &[SseItem]) {
        assert_eq!(parse(&[stream.as_bytes()]).unwrap(), expected, "{stream:?}");
    }

    #[test]
    fn events_end_with_an_empty_line_of_any_kind() {
        check("data: a\n\ndata: b\n\n", &[data("a"), data("b")]);
        check("data: a\r\n\r\ndata: b\r\n\r\n", &[data("a"), data("b")]);
        check("data: a\r\rdata: b\r\r", &[data("a"), data("b")]);
        check("data: a\r\n\n", &[data("a")]);
    }

    #[test]
    fn lines_of_one_event_are_joined() {
        check("data: a\ndata: b\ndata\n\n", &[data("a\nb\n")]);
    }

    #[test]
    fn one_space_after_the_colon_goes() {
        check("data:a\n\ndata:  b\n\n", &[data("a"), data(" b")]);
    }

    #[test]
    fn comments_are_seen_and_other_fields_are_not() {
        check(": keep-alive\n\n", &[SseItem::Comment]);
        check(
            "event: x\nid: 1\nretry: 5\ndata: a\nnonsense\n\n",
            &[data("a")],
        );
        check("event: lonely\n\n\n\n", &[]);
        check("database: 1\n\n", &[]);
    }

    #[test]
    fn a_byte_order_mark_goes_from_the_first_line_alone() {
        check("\u{feff}data: a\n\n\u{feff}data: b\n\n", &[data("a")]);
    }

    #[test]
    fn the_end_completes_an_event_and_no_half_line() {
        check("data: [DONE]\n", &[data("[DONE]")]);
        check("data: [DO", &[]);
        check("data: a\ndata: half", &[data("a")]);
    }

    #[test]
    fn every_cut_in_two_and_three_reads_the_same() {
        let stream = "\u{feff}: hi\r\n\r\ndata: {\"你\":\"好 🦀\"}\r\n\r\ndata: a\rdata: b\n\n\n: x\n\ndata:\n\nevent: e\ndata: [DONE]\r\n\r\n";
        let bytes = stream.as_bytes();
        let whole = parse(&[bytes]).unwrap();
        assert_eq!(whole.len(), 6);
        for first in 0..=bytes.len() {
            for second in first..=bytes.len() {
                let pieces = [&bytes[..first], &bytes[first..second], &bytes[second..]];
                assert_eq!(
                    parse(&pieces).unwrap(),
                    whole,
                    "cut at {first} and {second}"
                );
            }
        }
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        assert_eq!(parse(&single).unwrap(), whole);
    }

    #[test]
    fn any_bytes_in_any_pieces_read_as_the_whole_does() {
        let mut chance = fastrand::Rng::with_seed(7);
        let parts: [&[u8]; 9] = [
            b"data: ",
            b"data",
            b":",
            b"\n",
            b"\r",
            b"\r\n",
            b"\n\n",
            "字".as_bytes(),
            b"\xff",
        ];
        for _ in 0..2_000 {
            let count = chance.usize(0..24);
            let bytes: Vec<u8> = (0..count)
                .flat_map(|_| parts[chance.usize(0..parts.len())])
                .copied()
                .collect();
            let mut pieces = Vec::new();
            let mut rest = &bytes[..];
            while !rest.is_empty() {
                let (piece, after) = rest.split_at(chance.usize(1..=rest.len()));
                pieces.push(piece);
                rest = after;
            }
            assert_eq!(parse(&pieces), parse(&[&bytes]), "{bytes:?}");
        }
    }

    #[test]
    fn an_event_up_to_the_limit_passes_and_a_larger_one_does_not() {
        let line = |length: usize| format!("data:{}\n\n", "x".repeat(length));
        assert!(parse(&[line(LIMIT - 5).as_bytes()]).is_ok());
        let refused = Err(LlmError::Malformed("an event is too large"));
        assert_eq!(parse(&[line(LIMIT - 4).as_bytes()]), refused);
        let many = "data:xxxxxxxx\n".repeat(LIMIT / 8);
        assert_eq!(parse(&[many.as_bytes()]), refused);
        let endless = vec![b'x'; 512];
        assert_eq!(parse(&vec![&endless[..]; LIMIT / 256]), refused);
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert!(parse(&[b"data: \xff\xfe\n\n"]).is_err());
    }
}
