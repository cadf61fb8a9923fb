//! Holds an answer against the exercise's solution: what the author wrote and the learner has not
//! must not appear above the rung that was chosen, whatever the model was told.
//!
//! Lines are compared as rows of tokens, with every name that is the author's own choice made equal:
//! a solution does not become another by calling its variables differently. Below the steps in words,
//! sentences are held against it as well (`prose`).

use super::prose::Dictation;
use crate::wire::{FileText, Rung};
use ha_course::CourseFile;
use std::collections::BTreeSet;

/// Shorter lines (`return x`, `else:`) are in every program and give nothing away.
const MIN_TOKENS: usize = 5;
/// Stands for every name that nobody gave.
const FREE: &str = "·";
/// Names that mean the same in every program.
pub(super) const WORDS: [&str; 90] = [
    "False",
    "None",
    "True",
    "and",
    "as",
    "assert",
    "async",
    "await",
    "break",
    "class",
    "continue",
    "def",
    "del",
    "elif",
    "else",
    "except",
    "finally",
    "for",
    "from",
    "global",
    "if",
    "import",
    "in",
    "is",
    "lambda",
    "nonlocal",
    "not",
    "or",
    "pass",
    "raise",
    "return",
    "try",
    "while",
    "with",
    "yield",
    "match",
    "case",
    "self",
    "print",
    "len",
    "range",
    "str",
    "int",
    "float",
    "list",
    "dict",
    "set",
    "tuple",
    "isinstance",
    "open",
    "input",
    "sorted",
    "enumerate",
    "zip",
    "min",
    "max",
    "sum",
    "any",
    "all",
    "type",
    "json",
    "re",
    // Of the other languages that lessons are written in.
    "const",
    "let",
    "var",
    "function",
    "new",
    "this",
    "true",
    "false",
    "null",
    "undefined",
    "typeof",
    "switch",
    "default",
    "throw",
    "catch",
    "console",
    "log",
    "length",
    "func",
    "package",
    "struct",
    "interface",
    "nil",
    "string",
    "make",
    "append",
    "fmt",
    "err",
];

/// What an answer must not give away.
#[derive(Debug, Default)]
pub(crate) struct Verifier {
    /// Lines of the solution that the learner does not have.
    secret: BTreeSet<Vec<String>>,
    /// Names that the lesson gives: they are not the author's choice alone.
    known: BTreeSet<String>,
    /// The same lines as one would dictate them.
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
        let known: BTreeSet<String> = given
            .iter()
            .flat_map(|text| text.lines().flat_map(tokens))
            .filter(|token| is_name(token))
            .collect();
        let shape = |line: &str| shape(line, &known);
        let have: BTreeSet<_> = given
            .iter()
            .flat_map(|text| text.lines().map(shape))
            .collect();
        let programs = solution.iter().filter(|file| is_program(&file.path));
        let programs: Vec<String> = programs.map(text).collect();
        let mut secret = BTreeSet::new();
        let mut lines = Vec::new();
        for line in programs.iter().flat_map(|program| program.lines()) {
            let shape = shape(line);
            if is_telling(&shape) && !have.contains(&shape) {
                secret.insert(shape);
                lines.push(line);
            }
        }
        let said = format!("{lesson}\n{}", given.join("\n"));
        Verifier {
            secret,
            known,
            dictation: Dictation::new(lines.into_iter(), &said),
        }
    }

    /// Whether there is anything to give away.
    pub(crate) fn guards(&self, rung: Rung) -> bool {
        !self.secret.is_empty() && allowed(rung).is_some()
    }

    /// Whether this text says more of the solution than the rung allows.
    pub(crate) fn gives_away(&self, text: &str, rung: Rung) -> bool {
        let Some(allowed) = allowed(rung) else {
            return false;
        };
        let said: BTreeSet<_> = text
            .lines()
            .flat_map(|line| self.secrets_in(line))
            .collect();
        said.len() > allowed || (rung < Rung::PseudoCode && self.dictation.is_in(text))
    }

    /// The secret lines in one line of an answer: the line itself, and each piece of code in it.
    fn secrets_in(&self, line: &str) -> Vec<&Vec<String>> {
        // A diff's marks, a list's bullet and a quote's bar are not the code's.
        let bare = line
            .trim_start()
            .trim_start_matches(['+', '-', '>', '*', ' ']);
        let pieces = line.split('`').skip(1).step_by(2);
        let shapes: Vec<_> = std::iter::once(bare)
            .chain(pieces)
            .map(|piece| shape(piece, &self.known))
            .filter(|shape| shape.len() >= MIN_TOKENS)
            .collect();
        let holds = |secret: &&Vec<String>| {
            shapes.iter().any(|shape| {
                let mut windows = shape.windows(secret.len());
                windows.any(|window| is_same(secret, window))
            })
        };
        self.secret.iter().filter(holds).collect()
    }
}

/// Whether a file is of one of the languages that lessons are written in.
fn is_program(path: &str) -> bool {
    path.ends_with(".py") || has_slashed_comments(path)
}

fn has_slashed_comments(path: &str) -> bool {
    path.ends_with(".js") || path.ends_with(".go")
}

/// A file without the comments that [`tokens`] takes for code.
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

/// A line that says something: `for each in all:` is in every program.
fn is_telling(line: &[String]) -> bool {
    line.len() >= MIN_TOKENS
        && line.iter().any(|token| {
            ["(", ".", "["].contains(&token.as_str())
                || token.starts_with(|c: char| c.is_ascii_digit())
                || token.starts_with('"')
        })
}

/// Whether a piece of an answer is a secret line. A name of the answer's own stands for any variable:
/// calling a parameter differently is no other solution.
fn is_same(secret: &[String], said: &[String]) -> bool {
    secret
        .iter()
        .zip(said)
        .enumerate()
        .all(|(at, (secret_token, token))| {
            let is_attribute = at > 0 && secret[at - 1] == ".";
            secret_token == token
                || (token == FREE
                    && !is_attribute
                    && is_name(secret_token)
                    && !WORDS.contains(&secret_token.as_str()))
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

/// How much of a growing answer may be shown while it is guarded: up to a block or a piece of code
/// that is not closed yet, which cannot be judged before it is.
pub(crate) fn judged(text: &str) -> &str {
    let mut open = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_start();
        if bare.starts_with("```") || bare.starts_with("~~~") {
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

/// A line with every name that nobody gave made equal, without comments and blanks.
fn shape(line: &str, known: &BTreeSet<String>) -> Vec<String> {
    let rename = |token: String| {
        let is_free = is_name(&token) && !WORDS.contains(&&*token) && !known.contains(&token);
        if is_free { FREE.to_string() } else { token }
    };
    tokens(line).into_iter().map(rename).collect()
}

pub(super) fn is_name(token: &str) -> bool {
    token == FREE || token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Names, numbers, texts and signs. A text counts as one token whatever its quotes.
pub(super) fn tokens(line: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = line.trim();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '#' => break,
            '"' | '\'' => {
                let inside = &rest[1..];
                let inside = &inside[..inside.find(first).unwrap_or(inside.len())];
                tokens.push(format!("\"{inside}"));
                (inside.len() + 2).min(rest.len())
            }
            c if c.is_alphanumeric() || c == '_' => {
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
                let end = end.unwrap_or(rest.len());
                tokens.push(rest[..end].to_string());
                end
            }
            c => {
                tokens.push(c.to_string());
                c.len_utf8()
            }
        };
        rest = rest[length..].trim_start();
    }
    tokens
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
            assert_eq!(judged(text), shown, "{text:?}");
        }
    }

    #[test]
    fn hostile_lines_end() {
        for text in [
            "'",
            "\"\"\"",
            "`````",
            "'\u{1F469}",
            &"x ".repeat(100_000),
            &"`".repeat(9_999),
        ] {
            check(text, Rung::Nudge, false);
            judged(text);
        }
    }
}
