//! What every engine does with a program's output: bytes become text as they arrive, and a cap ends it.
//!
//! Splitting into lines, colours and display are the window's business.

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

/// Counts output in bytes and cuts it, between characters, at the cap.
#[derive(Debug)]
pub struct OutputCap {
    left: u64,
}

impl OutputCap {
    /// A cap of `bytes` for everything together, as [`crate::Limits::output_bytes`] gives it.
    pub fn new(bytes: u64) -> Self {
        OutputCap { left: bytes }
    }

    /// Shortens `text` to what the cap still allows. Says whether all of it was allowed; after the
    /// first `false` nothing is.
    pub fn take(&mut self, text: &mut String) -> bool {
        let length = text.len() as u64;
        if length <= self.left {
            self.left -= length;
            return true;
        }
        text.truncate(text.floor_char_boundary(self.left as usize));
        self.left = 0;
        false
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

    fn check_cap(cap: u64, pieces: &[&str], expected: &[(&str, bool)]) {
        let mut output = OutputCap::new(cap);
        for (piece, (kept, allowed)) in pieces.iter().zip(expected) {
            let mut text = piece.to_string();
            assert_eq!(output.take(&mut text), *allowed, "{piece}");
            assert_eq!(text, *kept);
        }
    }

    #[test]
    fn the_cap_is_obeyed_at_the_limit_and_cuts_one_above() {
        check_cap(4, &["ab", "cd"], &[("ab", true), ("cd", true)]);
        check_cap(
            4,
            &["ab", "cde", "f"],
            &[("ab", true), ("cd", false), ("", false)],
        );
    }

    #[test]
    fn the_cap_never_cuts_a_character() {
        check_cap(4, &["你好"], &[("你", false)]);
    }
}
