//! Holds sentences against the exercise's solution: a line that is dictated is given away as much as
//! one that is shown.
//!
//! A sentence dictates a line when it names everything by which one would write it: the functions it
//! calls, the texts and numbers in it, and among them something that neither the lesson nor the
//! learner's files say. Left out on purpose: what a sentence means. A model that describes a line
//! without a single name of it has taught, and whoever can turn that into code has learned.

use super::verify::{WORDS, is_name, tokens};
use std::collections::BTreeSet;

/// A line with fewer marks is in every program.
const LEAST: usize = 2;
/// So many of them make a line, however many it has.
const ENOUGH: usize = 3;
/// Shorter texts (`", "`) are in every program.
const MIN_TEXT: usize = 3;

/// By what a line of the solution would be written.
#[derive(Debug)]
struct Line {
    /// Functions, texts and numbers.
    marks: BTreeSet<String>,
    /// Those of them that nobody has told the learner.
    new: BTreeSet<String>,
}

/// What a sentence must not name together.
#[derive(Debug, Default)]
pub(super) struct Dictation {
    lines: Vec<Line>,
}

impl Dictation {
    /// From the lines that the learner does not have, and all that was said before: the lesson, the
    /// starter, the learner's files.
    pub(super) fn new<'a>(secret: impl Iterator<Item = &'a str>, said: &str) -> Dictation {
        let said_words = words(said);
        let is_new = |mark: &String| match mark.strip_prefix('"') {
            Some(text) => !said.contains(text),
            None => !said_words.contains(mark.as_str()) && !WORDS.contains(&mark.as_str()),
        };
        let line = |text: &str| {
            let marks = marks(text);
            let new: BTreeSet<String> = marks.iter().filter(|mark| is_new(mark)).cloned().collect();
            (marks.len() >= LEAST && !new.is_empty()).then_some(Line { marks, new })
        };
        Dictation {
            lines: secret.filter_map(line).collect(),
        }
    }

    /// Whether a sentence of this text dictates a line.
    pub(super) fn is_in(&self, text: &str) -> bool {
        if self.lines.is_empty() {
            return false;
        }
        sentences(text).any(|sentence| {
            let words = words(sentence);
            let names = |mark: &String| match mark.strip_prefix('"') {
                Some(text) => sentence.contains(text),
                None => words.contains(mark.as_str()),
            };
            self.lines.iter().any(|line| {
                line.new.iter().all(names)
                    && line.marks.iter().filter(|mark| names(mark)).count()
                        >= line.marks.len().min(ENOUGH)
            })
        })
    }
}

/// What a line calls, and the texts and numbers in it. What things are called inside is the author's
/// choice, and says nothing.
fn marks(line: &str) -> BTreeSet<String> {
    let tokens = tokens(line);
    let mut marks = BTreeSet::new();
    for (at, token) in tokens.iter().enumerate() {
        let is_called = tokens.get(at + 1).is_some_and(|next| next == "(");
        let is_attribute = at > 0 && tokens[at - 1] == ".";
        let is_text = token.starts_with('"') && token.chars().count() > MIN_TEXT;
        let is_number = token.starts_with(|c: char| c.is_ascii_digit()) && token.len() < 12;
        let is_index = at > 0 && tokens[at - 1] == "[";
        // Every loop counts from nothing and by one.
        let is_number = is_number && !is_index && !["0", "1"].contains(&token.as_str());
        if is_text || is_number || (is_name(token) && (is_called || is_attribute)) {
            marks.insert(token.clone());
        }
    }
    marks
}

/// Names and numbers as prose has them: Chinese needs no blank before one.
fn words(text: &str) -> BTreeSet<&str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .collect()
}

/// A point inside a name or a number ends no sentence.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\n', '。', '！', '？', '；'])
        .flat_map(|line| line.split(". "))
        .flat_map(|piece| piece.split("? "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: [&str; 4] = [
        "text = reply.partition(\"Final Answer:\")[2].strip()",
        "return celsius * 9 / 5 + 32",
        "if parsed[\"kind\"] == \"answer\":",
        "steps += 1",
    ];
    const SAID: &str = "When \"Final Answer:\" is in the reply, return an answer. parsed[\"kind\"]";

    fn check(sentence: &str, expected: bool) {
        let dictation = Dictation::new(SECRET.into_iter(), SAID);
        assert_eq!(dictation.is_in(sentence), expected, "{sentence}");
    }

    #[test]
    fn a_line_that_is_dictated_is_given_away() {
        check(
            "Call partition on the reply with Final Answer:, take the third piece and strip it.",
            true,
        );
        check("用partition在Final Answer:处切开，再strip一下", true);
        check(
            "First something. Multiply it by 9, divide by 5 and add 32. Done.",
            true,
        );
        check("用 `partition`，再 `strip`，参数是 \"Final Answer:\"", true);
    }

    #[test]
    fn teaching_dictates_nothing() {
        for sentence in [
            "Look up `str.partition` in the documentation.",
            "A string can cut itself in two: read about partition and strip.",
            "When \"Final Answer:\" is in the reply, what should come back?",
            "Compare parsed[\"kind\"] with \"answer\".",
            "Fahrenheit begins at 32. What is 9 to 5?",
            "Count with steps += 1.",
            "",
        ] {
            check(sentence, false);
        }
    }

    #[test]
    fn what_was_said_before_may_be_said_again() {
        let said = "Multiply by 9, divide by 5, add 32.";
        let dictation = Dictation::new(SECRET.into_iter(), said);
        assert!(!dictation.is_in(said));
        assert!(!Dictation::default().is_in("anything at all"));
    }
}
