//! Holds sentences against the exercise's solution: a line that is dictated is given away as much as
//! one that is shown.
//!
//! A sentence dictates a line when it names everything by which one would write it: the functions it
//! calls, the texts and numbers in it, and among them something that neither the lesson nor the
//! learner's files say. Where each of them was said before, what is new can be that they are named
//! together: then all of them must be, and there must be many. The items of a list are one sentence:
//! steps in words are a rung of their own.
//!
//! Left out on purpose: what a sentence means. A model that describes a line without a single name of
//! it has taught, and whoever can turn that into code has learned.

use super::plain::head;
use super::words::{WORDS, is_name, tokens};
use std::collections::BTreeSet;

/// A line with fewer marks is in every program.
const LEAST: usize = 2;
/// So many of them make a line, however many it has.
const ENOUGH: usize = 3;
/// So many that were only said apart make a line together.
const TOGETHER: usize = 4;
/// Shorter texts (`", "`) are in every program.
const MIN_TEXT: usize = 3;

/// Words before a bracket that call nothing.
const GRAMMAR: [&str; 22] = [
    "and", "assert", "await", "case", "catch", "del", "elif", "except", "for", "func", "function",
    "if", "in", "is", "lambda", "not", "or", "return", "switch", "typeof", "while", "yield",
];
/// Functions of every program: one of them and one other are no line.
const LIGHT: [&str; 12] = [
    "dict", "float", "int", "len", "list", "open", "print", "range", "set", "str", "tuple", "type",
];

/// By what a line of the solution would be written.
#[derive(Debug)]
struct Line {
    /// Functions, texts and numbers.
    marks: BTreeSet<String>,
    /// Those of them that nobody has told the learner.
    new: BTreeSet<String>,
}

impl Line {
    /// How many of its marks a sentence has to name.
    fn needed(&self, is_listed: bool) -> usize {
        match self.new.is_empty() || is_listed {
            true => self.marks.len(),
            false => self.marks.len().min(ENOUGH),
        }
    }

    fn is_in(&self, sentence: &Sentence<'_>) -> bool {
        // Two words of a line stand in any list of steps.
        (!sentence.is_listed || self.marks.len() >= ENOUGH)
            && self.new.iter().all(|mark| sentence.names(mark))
            && self.named(sentence) >= self.needed(sentence.is_listed)
    }

    fn named(&self, sentence: &Sentence<'_>) -> usize {
        let named = self.marks.iter().filter(|mark| sentence.names(mark));
        named.count()
    }
}

/// A piece of prose, and the words in it.
struct Sentence<'t> {
    at: usize,
    words: BTreeSet<&'t str>,
    /// Its letters and digits alone.
    letters: String,
    /// Of all items of a list.
    is_listed: bool,
}

impl<'t> Sentence<'t> {
    fn of(text: &'t str, at: usize, is_listed: bool) -> Sentence<'t> {
        Sentence {
            at,
            words: words(text),
            letters: letters(text),
            is_listed,
        }
    }

    fn names(&self, mark: &str) -> bool {
        match mark.strip_prefix('"') {
            Some(name) if is_key(mark) => self.words.contains(name),
            Some(text) => {
                let letters = letters(text);
                !letters.is_empty() && self.letters.contains(&letters)
            }
            None => self.words.contains(mark),
        }
    }
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
            let line = Line { marks, new };
            let is_its_own = match line.new.is_empty() {
                true => {
                    line.marks.len() >= TOGETHER
                        && !sentences(said).any(|sentence| line.is_in(&sentence))
                }
                false => {
                    let telling = |mark: &&String| !LIGHT.contains(&mark.as_str());
                    line.marks.iter().filter(telling).count() >= LEAST
                        && !line.marks.iter().all(|mark| is_key(mark))
                }
            };
            is_its_own.then_some(line)
        };
        Dictation {
            lines: secret.filter_map(line).collect(),
        }
    }

    /// Whether a sentence of this plain text dictates a line.
    pub(super) fn is_in(&self, text: &str) -> bool {
        !self.lines.is_empty()
            && sentences(text).any(|sentence| self.lines.iter().any(|line| line.is_in(&sentence)))
    }

    /// Where the last sentence begins, when it is not over and has named all but one mark of a line.
    pub(super) fn begins(&self, text: &str) -> Option<usize> {
        if self.lines.is_empty() {
            return None;
        }
        let last = sentences(text)
            .filter(|sentence| !sentence.is_listed)
            .last()?;
        let nearly = |line: &Line| {
            let named = line.named(&last);
            named > 0 && named + 1 >= line.needed(false)
        };
        let is_over = text.ends_with(['\n', '。', '!', '?', '.', ';']);
        (!is_over && self.lines.iter().any(nearly)).then_some(last.at)
    }
}

/// What a line calls, and the texts and numbers in it. What things are called inside is the author's
/// choice, and says nothing.
pub(super) fn marks(line: &str) -> BTreeSet<String> {
    let tokens = tokens(line);
    let mut marks = BTreeSet::new();
    for (at, token) in tokens.iter().enumerate() {
        let is_named = !GRAMMAR.contains(&token.as_str());
        let is_called = tokens.get(at + 1).is_some_and(|next| next == "(");
        let is_attribute = at > 0 && tokens[at - 1] == ".";
        let is_text = token.starts_with('"') && token.chars().count() > MIN_TEXT;
        let is_number = token.starts_with(|c: char| c.is_ascii_digit()) && token.len() < 12;
        let is_index = at > 0 && tokens[at - 1] == "[";
        // Every loop counts from nothing and by one.
        let is_number = is_number && !is_index && !["0", "1"].contains(&token.as_str());
        if is_text || is_number || (is_name(token) && is_named && (is_called || is_attribute)) {
            marks.insert(token.clone());
        }
    }
    marks
}

/// A text that is a name: the keys of a dictionary are words of any sentence.
fn is_key(mark: &str) -> bool {
    let text = mark.strip_prefix('"');
    text.is_some_and(|text| text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
}

/// Names and numbers as prose has them: Chinese needs no blank before one.
fn words(text: &str) -> BTreeSet<&str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .collect()
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Each sentence, and each list as one.
fn sentences(text: &str) -> impl Iterator<Item = Sentence<'_>> {
    let (mut list, mut items, mut at) = (0, 0, 0);
    let mut lists = Vec::new();
    for line in text.split_inclusive('\n').chain([""]) {
        let is_item = head(line) > 0 && !line.trim().is_empty();
        if is_item && items == 0 {
            list = at;
        }
        if !is_item && items > 1 {
            lists.push((list, &text[list..at]));
        }
        items = if is_item { items + 1 } else { 0 };
        at += line.len();
    }
    let lists = lists
        .into_iter()
        .map(|(at, list)| Sentence::of(list, at, true));
    spans(text)
        .map(|(at, sentence)| Sentence::of(sentence, at, false))
        .chain(lists)
}

/// The text cut at the ends of its sentences. A point inside a name or a number ends none.
fn spans(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let rest = text.get(from..).filter(|rest| !rest.is_empty())?;
        let ends = |(at, c): (usize, char)| match c {
            '\n' | '。' => Some(at + c.len_utf8()),
            '.' | '!' | '?' | ';' => {
                let next = rest[at + 1..].chars().next();
                next.is_none_or(|c| c.is_whitespace() || !c.is_ascii())
                    .then_some(at + 1)
            }
            _ => None,
        };
        let length = rest.char_indices().find_map(ends).unwrap_or(rest.len());
        let span = (from, &rest[..length]);
        from += length;
        Some(span)
    })
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
