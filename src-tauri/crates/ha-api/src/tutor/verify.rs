//! Holds an answer against the exercise's solution: what the author wrote and the learner has not
//! must not appear above the rung that was chosen, whatever the model was told.
//!
//! A text is made plain (`plain`) and read in every way in which it can be put together or decoded
//! (`decoded`). In each reading the lines of the solution are looked for as rows of tokens in which
//! variables may have other names (`lines`), and sign by sign without blanks (`tight`). Below the steps
//! in words, sentences are held against it as well (`prose`). While an answer grows, what may become
//! one of these is held back (`held`).
//!
//! Out of reach, because nothing is run and nothing is understood: the same steps in other code
//! (another function, a loop for a comprehension), a line of few marks in two with a variable between,
//! a line under other names whose letters are apart or shifted as well, words that name nothing of a
//! line or name it over several sentences, a code within a code, and a code that is agreed upon in the
//! words around it (first letters, every other letter).

mod decoded;
mod held;
mod lines;
mod plain;
mod prose;
mod tight;
mod words;

#[cfg(test)]
mod corpus;

use crate::wire::{FileText, Rung};
use ha_course::CourseFile;
use lines::{Lines, Names, Pattern};
use plain::{Plain, Token};
use prose::Dictation;
use std::collections::{BTreeMap, BTreeSet};
use tight::{Needles, Tight};

/// Shorter lines (`return x`, `else:`) are in every program and give nothing away.
const MIN_TOKENS: usize = 5;
/// A piece of a line between two variables is looked for alone from so many signs and marks on.
const MIN_PIECE: usize = 20;
const MIN_MARKS: usize = 2;

/// What an answer must not give away.
#[derive(Debug, Default)]
pub(crate) struct Verifier {
    /// The author's lines that the learner does not have.
    secret: BTreeMap<Pattern, String>,
    /// What the learner was told and wrote.
    said: String,
    lines: Lines,
    needles: Needles,
    dictation: Dictation,
}

impl Verifier {
    /// From the author's files and what the learner has written so far. `lesson` is the text that the
    /// learner reads.
    pub(crate) fn new(
        solution: &[CourseFile],
        starter: &[CourseFile],
        learner: &[FileText],
        lesson: &str,
    ) -> Verifier {
        let text = |file: &CourseFile| code(&file.path, &String::from_utf8_lossy(&file.bytes));
        let given: Vec<String> = starter
            .iter()
            .map(text)
            .chain(learner.iter().map(|file| code(&file.path, &file.text)))
            .collect();
        let tokens = given
            .iter()
            .flat_map(|text| text.lines().flat_map(words::tokens));
        let known: BTreeSet<String> = tokens.filter(|token| words::is_name(token)).collect();
        let programs = solution.iter().filter(|file| is_program(&file.path));
        let programs = programs.map(text).collect::<Vec<_>>().join("\n");
        let added = lines::made(&programs);
        let names = Names {
            known: &known,
            added: &added,
        };
        let telling = without_texts(&programs)
            .filter(|line| is_telling(line))
            .filter_map(|line| Some((Pattern::of(line, &names)?, line.to_string())));
        let secret = telling.collect();
        Verifier {
            secret,
            ..Verifier::default()
        }
        .but_for(&format!("{lesson}\n{}", given.join("\n")))
    }

    /// The same, when the learner was also told this, or wrote it: that may be said again.
    pub(crate) fn but_for(mut self, said: &str) -> Verifier {
        self.said.push_str(&Plain::of(said).text);
        self.said.push('\n');
        let tokens = plain::tokens(&self.said);
        let code: Vec<&Token<'_>> = tokens.iter().filter(|token| !token.is_prefix).collect();
        let had = had(&self.secret, &code);
        self.secret.retain(|pattern, _| !had.contains(pattern));
        let given = [Tight::of(tokens.iter()), Tight::of(code.iter().copied())];
        (self.lines, self.needles) = (Lines::default(), Needles::default());
        for (line, (pattern, text)) in self.secret.iter().enumerate() {
            self.lines.add(pattern.clone(), line);
            for part in pattern.parts() {
                if !had.contains(&part) {
                    self.lines.add(part, line);
                }
            }
            let pieces = pattern.pieces().into_iter();
            let pieces = pieces
                .filter(|(piece, marks)| {
                    tight::tight(piece).len() >= MIN_PIECE && *marks >= MIN_MARKS
                })
                .map(|(piece, _)| piece);
            let whole = lines::whole(text).into_iter();
            let whole = whole.filter(|line| tight::tight(line).len() >= tight::LEAST);
            for tokens in pieces
                .chain(whole)
                .filter(|tokens| !given.iter().any(|given| given.contains(tokens)))
            {
                self.needles.add(&tokens, line);
            }
        }
        self.dictation = Dictation::new(self.secret.values().map(String::as_str), &self.said);
        self
    }

    /// Whether there is anything to give away.
    pub(crate) fn guards(&self, rung: Rung) -> bool {
        !self.secret.is_empty() && allowed(rung).is_some()
    }

    /// Whether this text says more of the solution than the rung allows.
    pub(crate) fn gives_away(&self, text: &str, rung: Rung) -> bool {
        let Some(allowed) = allowed(rung).filter(|_| !self.secret.is_empty()) else {
            return false;
        };
        let plain = Plain::of(text).text;
        let others = decoded::readings(&plain);
        let mut found = Found::default();
        std::iter::once(&plain)
            .chain(&others)
            .enumerate()
            .any(|(number, reading)| {
                self.look(reading, number, &mut found);
                found.count() > allowed
                    || (rung < Rung::PseudoCode && self.dictation.is_in(reading))
            })
    }

    /// Looks for lines in one reading of a text: in all of it, and in its code alone, with and without
    /// comments.
    fn look(&self, reading: &str, number: usize, found: &mut Found) {
        let tokens = plain::tokens(reading);
        let mut add = |line, from, to| found.add(line, (number, from, to));
        let streams: [&dyn Fn(&&Token<'_>) -> bool; 3] =
            [&|_| true, &|token| token.in_code, &|token| {
                token.in_code && !token.in_comment
            }];
        let mut before = usize::MAX;
        for is_in in streams {
            let stream: Vec<&Token<'_>> = tokens.iter().filter(is_in).collect();
            if stream.len() != before {
                let code: Vec<&Token<'_>> = stream
                    .iter()
                    .copied()
                    .filter(|token| !token.is_prefix)
                    .collect();
                self.lines.find(&code, &mut add);
                let tight = |tokens: &[&'_ Token<'_>]| Tight::of(tokens.iter().copied());
                self.needles.find(&tight(&stream), &mut add);
                if code.len() < stream.len() {
                    self.needles.find(&tight(&code), &mut add);
                }
            }
            before = stream.len();
        }
    }
}

/// The lines, and the parts of them, that stand in what the learner has.
fn had(secret: &BTreeMap<Pattern, String>, tokens: &[&Token<'_>]) -> BTreeSet<Pattern> {
    let parts = secret.keys().flat_map(Pattern::parts);
    let wanted: Vec<Pattern> = secret.keys().cloned().chain(parts).collect();
    let mut lines = Lines::default();
    for (number, pattern) in wanted.iter().enumerate() {
        lines.add(pattern.clone(), number);
    }
    let mut had = BTreeSet::new();
    lines.find(tokens, |number, _, _| {
        had.insert(wanted[number].clone());
    });
    had
}

/// Lines that were found, and where.
#[derive(Debug, Default)]
struct Found {
    lines: BTreeSet<usize>,
    /// The reading, and the bytes in it from and to which one stands.
    places: BTreeSet<(usize, usize, usize)>,
}

impl Found {
    fn add(&mut self, line: usize, place: (usize, usize, usize)) {
        self.lines.insert(line);
        self.places.insert(place);
    }

    /// One line may be like two of the solution, and may be said twice.
    fn count(&self) -> usize {
        let (mut apart, mut end) = (0, (0, 0));
        for (reading, from, to) in &self.places {
            if apart == 0 || (*reading, *from) >= end {
                apart += 1;
            }
            end = end.max((*reading, *to));
        }
        apart.min(self.lines.len())
    }
}

/// Whether a file is of one of the languages that lessons are written in.
fn is_program(path: &str) -> bool {
    path.ends_with(".py") || has_slashed_comments(path)
}

fn has_slashed_comments(path: &str) -> bool {
    path.ends_with(".js") || path.ends_with(".go")
}

/// A file without the comments that the tokens take for code.
fn code(path: &str, text: &str) -> String {
    if !has_slashed_comments(path) {
        return text.into();
    }
    let bare = text.lines().map(|line| match line.find("//") {
        // Not that of an address.
        Some(at) if !line[..at].ends_with(':') => &line[..at],
        _ => line,
    });
    bare.collect::<Vec<_>>().join("\n")
}

/// The lines of programs that are not in a text of several lines: those are sentences, not code.
fn without_texts(programs: &str) -> impl Iterator<Item = &str> {
    let mut in_text = false;
    programs.lines().filter(move |line| {
        let was = in_text;
        let marks = line.matches("\"\"\"").count() + line.matches("'''").count();
        in_text ^= marks % 2 == 1;
        !was && marks == 0
    })
}

/// A line that says something: `for each in all:` is in every program.
fn is_telling(line: &str) -> bool {
    lines::size(line) >= MIN_TOKENS
        && words::tokens(line).iter().any(|token| {
            ["(", ".", "["].contains(&token.as_str())
                || token.starts_with(|c: char| c.is_ascii_digit())
                || token.starts_with('"')
        })
}

/// Secret lines a rung may show; none is no limit.
fn allowed(rung: Rung) -> Option<usize> {
    match rung {
        Rung::Nudge | Rung::Concept | Rung::Where | Rung::PseudoCode => Some(0),
        Rung::OneLine => Some(1),
        Rung::Solution => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> CourseFile {
        CourseFile {
            path: path.into(),
            bytes: text.into(),
        }
    }

    const STARTER: &str = "def decide(observation):\n    return \"wait\"\n";
    const SOLUTION: &str = "def decide(observation):\n    if observation[\"weather\"] == \"rain\":\n        return \"umbrella\"\n    best = max(options, key=lambda option: option.score)\n    return \"wait\"\n";

    fn verifier(learner: &str) -> Verifier {
        let own = FileText {
            path: "main.py".into(),
            text: learner.into(),
        };
        Verifier::new(
            &[file("main.py", SOLUTION)],
            &[file("main.py", STARTER)],
            &[own],
            "When it rains, take the umbrella.",
        )
    }

    fn check(answer: &str, rung: Rung, expected: bool) {
        assert_eq!(
            verifier(STARTER).gives_away(answer, rung),
            expected,
            "{answer}"
        );
    }

    #[test]
    fn solutions_in_the_other_languages_are_guarded_too() {
        for (path, solution, told) in [
            (
                "main.js",
                "const best = options.reduce((a, b) => (a.score > b.score ? a : b)); // the best\n",
                "Write `const top = options.reduce((x, y) => (x.score > y.score ? x : y));`.",
            ),
            (
                "main.go",
                "\tfor _, word := range strings.Fields(text) {\n\t\tcount[word]++\n",
                "```go\nfor _, w := range strings.Fields(text) { // each\n```",
            ),
        ] {
            let verifier = Verifier::new(&[file(path, solution)], &[], &[], "");
            assert!(verifier.guards(Rung::Nudge), "{path}");
            assert!(verifier.gives_away(told, Rung::Nudge), "{told}");
            assert!(!verifier.gives_away("Go over the words, one by one.", Rung::Nudge));
        }
        let notes = Verifier::new(&[file("notes.txt", SOLUTION)], &[], &[], "");
        assert!(!notes.guards(Rung::Nudge));
    }

    #[test]
    fn a_line_of_the_solution_is_seen_however_it_is_dressed() {
        for answer in [
            "```python\nif observation[\"weather\"] == \"rain\":\n    ...\n```",
            "```python\n+    if observation['weather']=='rain' :  # here\n```",
            "Try `if observation[\"weather\"] == \"rain\":` there.",
            "> if observation[\"weather\"] == \"rain\":",
            "```python\nif state[\"weather\"] == \"rain\":\n```",
            "```\nwinner = max(choices, key=lambda each: each.score)\n```",
            "前面的话\n\n    best = max(options, key=lambda o: o.score)",
        ] {
            check(answer, Rung::Nudge, true);
            check(answer, Rung::PseudoCode, true);
            check(answer, Rung::OneLine, false);
        }
    }

    #[test]
    fn a_line_that_is_dictated_is_given_away_below_the_steps_in_words() {
        let dictated = "Call max with a lambda and compare each score; keep the greatest.";
        check(dictated, Rung::Nudge, true);
        check(dictated, Rung::Where, true);
        check(dictated, Rung::PseudoCode, false);
        check("Call max to keep the greatest.", Rung::Nudge, false);
    }

    #[test]
    fn two_lines_are_more_than_one_and_the_solution_may_be_all() {
        check(SOLUTION, Rung::OneLine, true);
        check(SOLUTION, Rung::Solution, false);
    }

    #[test]
    fn teaching_is_no_giving_away() {
        for answer in [
            "What does `observation` hold when it rains? Print it.",
            "```python\nif colour == \"red\":\n    stop()\n```",
            "```python\nif basket[\"fruit\"] == \"pear\":\n```",
            "1. Look at the weather\n2. When it is rain, answer with an umbrella",
            "Your `return \"wait\"` always answers the same.",
            "```python\ndef decide(observation):\n    return \"wait\"\n```",
        ] {
            check(answer, Rung::Nudge, false);
        }
    }

    #[test]
    fn what_the_learner_wrote_may_be_quoted() {
        let wrote = "def decide(observation):\n    if observation[\"weather\"] == \"rain\":\n        pass\n";
        let quote = "`if observation[\"weather\"] == \"rain\":` is right.";
        assert!(!verifier(wrote).gives_away(quote, Rung::Nudge));
        assert!(!verifier(SOLUTION).guards(Rung::Nudge), "it is all there");
        assert!(!Verifier::default().guards(Rung::Nudge));
    }

    #[test]
    fn hostile_lines_end() {
        const SIZE: usize = 1 << 18;
        for text in [
            "'".to_string(),
            "\"\"\"".into(),
            "`````".into(),
            "'\u{1F469}".into(),
            "x ".repeat(100_000),
            "`".repeat(9_999),
            "`` ".repeat(9_999),
            "- ".repeat(SIZE / 2),
            "1. \n".repeat(SIZE / 4),
            "if observation[\"weather\"] = ".repeat(SIZE / 28),
            "ifobservation[weather".repeat(SIZE / 21),
            "QUJD".repeat(SIZE / 4),
            "0x61,".repeat(SIZE / 5),
            "&#".repeat(SIZE / 2),
            "%\\".repeat(SIZE / 2),
            "max. ".repeat(SIZE / 5),
            "\u{200b}".repeat(SIZE / 3),
        ] {
            check(&text, Rung::Nudge, false);
            assert!(verifier(STARTER).presentable(&text).len() <= text.len());
        }
    }

    #[test]
    fn what_the_learner_asked_about_may_be_said_again() {
        let line = "if observation[\"weather\"] == \"rain\":";
        let asked = verifier(STARTER).but_for(&format!("Is `{line}` right?"));
        assert!(!asked.gives_away(line, Rung::Nudge));
        let other = "best = max(options, key=lambda o: o.score)";
        assert!(asked.gives_away(other, Rung::Nudge));
    }
}
