//! Byte offsets to the places an editor shows.

/// Where the lines of a text begin. A line ends with `\n`, `\r\n` or `\r`, as in every editor.
pub(crate) struct Lines<'s> {
    text: &'s str,
    starts: Vec<usize>,
}

impl<'s> Lines<'s> {
    pub(crate) fn new(text: &'s str) -> Self {
        let bytes = text.as_bytes();
        let ends = bytes.iter().enumerate().filter(|(at, byte)| {
            **byte == b'\n' || **byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')
        });
        let starts = ends.map(|(at, _)| at + 1);
        Lines {
            text,
            starts: std::iter::once(0).chain(starts).collect(),
        }
    }

    /// The 1-based line and the 1-based column, in UTF-16 units, of a byte of the text.
    pub(crate) fn place(&self, offset: usize) -> (u32, u32) {
        let line = self.starts.partition_point(|start| *start <= offset) - 1;
        let before = &self.text[self.starts[line]..offset];
        (line as u32 + 1, before.encode_utf16().count() as u32 + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, offset: usize, expected: (u32, u32)) {
        assert_eq!(Lines::new(text).place(offset), expected, "{text:?}");
    }

    #[test]
    fn columns_are_counted_as_editors_count() {
        check("", 0, (1, 1));
        check("ab", 2, (1, 3));
        check("你a", 3, (1, 2));
        check("🙂a", 4, (1, 3));
    }

    #[test]
    fn every_kind_of_line_end_ends_a_line() {
        check("a\nb", 2, (2, 1));
        check("a\r\nb", 3, (2, 1));
        check("a\rb", 2, (2, 1));
        check("a\r\r\nb", 4, (3, 1));
        check("a\n", 2, (2, 1));
    }
}
