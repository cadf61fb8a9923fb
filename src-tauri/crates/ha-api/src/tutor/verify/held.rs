//! How much of a growing answer may be seen: not what cannot be judged before more of it is there. A
//! block of code or a piece of it that is not closed, the beginning of a line of the solution, half of
//! one at the end of the code so far, a sentence that names all but the last of what makes a line, and
//! a run of what is no word, which may be a code.
//!
//! Everything else is shown word by word.

use super::Verifier;
use super::plain::{self, Plain, Token, is_fence};
use super::tight::Tight;

/// The end of a text in which something may begin, in bytes. A line is much shorter.
const WINDOW: usize = 8 * 1024;
/// So many short words in a row may be letters apart, or numbers.
const SHORT_WORDS: usize = 6;
/// A word of so many signs may be a code, and a shorter one whose letters are mixed as in no word.
const LONG_WORD: usize = 20;
const MIXED_WORD: usize = 8;

impl Verifier {
    /// The part of a growing text that may be seen when nothing in it gives anything away.
    pub(crate) fn presentable<'t>(&self, text: &'t str) -> &'t str {
        let closed = closed(text);
        let mut from = closed.len().saturating_sub(WINDOW);
        while !closed.is_char_boundary(from) {
            from += 1;
        }
        let plain = Plain::of(&closed[from..]);
        match self.pending(&plain.text) {
            Some(at) => self::closed(&closed[..from + plain.at[at]]),
            None => closed,
        }
    }

    /// Where something begins that may go on behind the end of this text.
    fn pending(&self, text: &str) -> Option<usize> {
        let tokens = plain::tokens(text);
        // The last word may not be whole.
        let is_cut = text.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        let whole = &tokens[..tokens.len() - usize::from(is_cut && !tokens.is_empty())];
        let all: Vec<&Token<'_>> = whole.iter().filter(|token| !token.is_prefix).collect();
        let code = all.iter().copied().filter(|token| token.in_code);
        let code: Vec<&Token<'_>> = code.collect();
        let places = [
            self.lines.begins(&all, false),
            self.lines.begins(&code, true),
            self.needles.begins(&Tight::of(tokens.iter())),
            self.dictation.begins(text),
            odd_end(text),
        ];
        places.into_iter().flatten().min()
    }
}

/// A text up to a block or a piece of code that is not closed.
pub(super) fn closed(text: &str) -> &str {
    let mut open = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if is_fence(line) {
            open = match open {
                None => Some(at),
                Some(_) => None,
            };
        }
        at += line.len();
    }
    if let Some(open) = open {
        return &text[..open];
    }
    let last = text.rfind('\n').map_or(0, |end| end + 1);
    let ticks = text[last..].matches('`').count();
    // The first mark of a fence that is about to open counts as well.
    if ticks % 2 == 1 || text[last..].trim_start().starts_with("``") {
        return text[..text.rfind('`').unwrap_or(last)].trim_end_matches('`');
    }
    text
}

/// Where the words at the end begin that are none: letters apart, numbers, one that is too long.
fn odd_end(text: &str) -> Option<usize> {
    let (mut begin, mut count, mut long) = (None, 0, false);
    let mut end = text.len();
    loop {
        let word_end = text[..end].trim_end().len();
        let start = text[..word_end]
            .rfind(|c: char| c.is_whitespace() || !c.is_ascii())
            .map_or(0, |at| {
                at + text[at..].chars().next().map_or(1, char::len_utf8)
            });
        let word = &text[start..word_end];
        let is_long = word.len() >= LONG_WORD || is_mixed(word);
        if word.is_empty() || !(is_long || is_short(word)) {
            break;
        }
        (begin, count, long) = (Some(start), count + 1, long || is_long);
        end = start;
    }
    begin.filter(|_| long || count >= SHORT_WORDS)
}

fn is_mixed(word: &str) -> bool {
    let is_mark = |pair: &[u8]| {
        let [a, b] = pair else { return false };
        (a.is_ascii_lowercase() && b.is_ascii_uppercase())
            || (a.is_ascii_digit() && b.is_ascii_alphabetic())
    };
    word.len() >= MIXED_WORD && word.as_bytes().windows(2).any(is_mark)
}

fn is_short(word: &str) -> bool {
    let letters = word.chars().filter(char::is_ascii_alphabetic).count();
    let digits = word.chars().filter(char::is_ascii_digit).count();
    letters <= 1
        || (digits >= 2 && letters <= 4)
        || (word.len() == 2 && !word.ends_with(['.', ',']))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use ha_course::CourseFile;

    #[test]
    fn code_is_shown_when_it_is_closed() {
        for (text, shown) in [
            ("plain", "plain"),
            ("look at `obs", "look at "),
            ("look at `obs`.", "look at `obs`."),
            ("a\n```python\nx = 1\n", "a\n"),
            ("a\n```python\nx = 1\n```\nb", "a\n```python\nx = 1\n```\nb"),
            ("a\n``", "a\n"),
            ("", ""),
        ] {
            assert_eq!(closed(text), shown, "{text:?}");
        }
    }

    const SOLUTION: &str = "def parse(reply):\n    text = reply.partition(\"Final Answer:\")[2].strip()\n    return text\n";

    fn verifier() -> Verifier {
        let solution = CourseFile {
            path: "main.py".into(),
            bytes: SOLUTION.into(),
        };
        Verifier::new(&[solution], &[], &[], "When \"Final Answer:\" is in it.")
    }

    fn check(text: &str, shown: &str) {
        assert_eq!(verifier().presentable(text), shown, "{text:?}");
    }

    #[test]
    fn what_may_become_a_line_is_held_back() {
        check("Write text =", "Write text =");
        check("Write text = reply", "Write ");
        check("Write text = reply.", "Write ");
        check("Write text = reply.parti", "Write ");
        check("Write text = reply.parti\n", "Write ");
        check("Write text = reply.split()", "Write text = reply.split()");
        let begun = "Write `text = reply.` and then";
        check(begun, begun);
        check("So. Write `x = y.partition('Final Answer:'` and", "So.");
        check(
            "A\n```\ntext = reply.partition('Final Answer\n```\nand",
            "A\n",
        );
        check("te xt = re ply.par", "");
        check("Say cGFydGl0aW9uLiBpcyBh", "Say ");
        check("Spell p a r t i t", "Spell ");
        check("Here 112, 97, 114, 116, 105, 116", "Here ");
        let past = "Here 112, 97, 114, 116, 105, 116 are six";
        check(past, past);
    }

    #[test]
    fn a_sentence_that_nearly_dictates_a_line_waits_for_its_end() {
        check("Good. Call partition and", "Good. Call partition and");
        check("Good. Call partition and strip", "Good.");
        check(
            "Good. Call partition and strip. Then",
            "Good. Call partition and strip. Then",
        );
        check("好。先用 partition，再 strip 一下", "好。");
    }

    #[test]
    fn prose_flows_word_by_word() {
        for answer in [
            "Your loop is right. What does the model read in the second round? Print `transcript` at its top, and look at it once more.",
            "循环写得对。第二轮里，模型读到的是什么？在开头打印 `transcript`，再看一眼。",
            "It is on the way to it, if I am to be of use: see [the task](#your-task).",
        ] {
            let (mut before, mut longest) = (0, 0);
            for (at, c) in answer.char_indices() {
                let shown = verifier().presentable(&answer[..at + c.len_utf8()]).len();
                longest = longest.max(at + c.len_utf8() - shown);
                assert!(shown >= before || shown + 30 > before, "{answer}");
                before = shown;
            }
            assert!(longest < 32, "{longest} bytes of {answer}");
        }
    }
}
