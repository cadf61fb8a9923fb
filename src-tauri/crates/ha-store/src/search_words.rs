//! Texts and questions in the form in which they are searched.
//!
//! SQLite's index knows words between blanks, and Chinese has none. So every two neighbouring
//! Chinese characters become a word of their own: `循环语句` is kept as `循环 环语 语句`, and a
//! question of two or more characters is the same row of pairs, one behind the other. One character
//! alone is the beginning of its pairs.

use std::ops::Range;

/// Characters of a question that are looked at.
const MAX_QUESTION: usize = 200;

/// A text as the index keeps it.
pub(crate) fn indexed(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for run in runs(text) {
        match run {
            Run::Pairs(characters) => {
                // The last character begins no pair and must be found by itself as well.
                for at in 0..characters.len() {
                    out.extend(characters[at..].iter().take(2));
                    out.push(' ');
                }
            }
            Run::Word(word) => {
                out.push_str(word);
                out.push(' ');
            }
        }
    }
    out
}

/// A question in the index's language: all of its words must be there, the last one may be half
/// typed. `None` when nothing can be searched for.
pub(crate) fn question(text: &str) -> Option<String> {
    let text: String = text.chars().take(MAX_QUESTION).collect();
    let mut terms = Vec::new();
    for run in runs(&text) {
        match run {
            Run::Pairs(characters) if characters.len() == 1 => {
                terms.push(format!("\"{}\" *", characters[0]));
            }
            Run::Pairs(characters) => {
                let pairs = characters
                    .windows(2)
                    .map(|pair| pair.iter().collect::<String>());
                terms.push(format!("\"{}\"", pairs.collect::<Vec<_>>().join(" ")));
            }
            Run::Word(word) => terms.push(format!("\"{word}\" *")),
        }
    }
    (!terms.is_empty()).then(|| terms.join(" "))
}

/// Where in a text the words of a question stand, as byte ranges in order, none over another: what
/// a list of hits shows in bold. Letters match in either case.
pub fn marks(question: &str, text: &str) -> Vec<Range<usize>> {
    let question: String = question.chars().take(MAX_QUESTION).collect();
    let wanted: Vec<(Vec<char>, bool)> = runs(&question)
        .into_iter()
        .map(|run| match run {
            Run::Pairs(characters) => (characters, false),
            Run::Word(word) => (word.chars().map(lower).collect(), true),
        })
        .collect();
    let letters: Vec<(usize, char)> = text.char_indices().map(|(at, c)| (at, lower(c))).collect();
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        let is_inside = at > 0 && is_letter(letters[at - 1].1);
        let fits = |(word, is_whole): &&(Vec<char>, bool)| {
            let here = letters[at..].iter().map(|(_, c)| c);
            !(*is_whole && is_inside)
                && word.len() <= letters.len() - at
                && word.iter().eq(here.take(word.len()))
        };
        let longest = wanted.iter().filter(fits).map(|(word, _)| word.len()).max();
        let Some(length) = longest else {
            at += 1;
            continue;
        };
        let end = letters.get(at + length).map_or(text.len(), |(end, _)| *end);
        match found.last_mut() {
            Some(last) if last.end == letters[at].0 => last.end = end,
            _ => found.push(letters[at].0..end),
        }
        at += length;
    }
    found
}

/// One character for one, so that places stay what they are.
fn lower(c: char) -> char {
    let mut lower = c.to_lowercase();
    lower.next().filter(|_| lower.next().is_none()).unwrap_or(c)
}

/// Whether a word goes on with it.
fn is_letter(c: char) -> bool {
    c.is_alphanumeric() && !is_unspaced(c)
}

/// A stretch of one kind.
enum Run<'a> {
    /// Characters of a script without blanks.
    Pairs(Vec<char>),
    /// Letters and digits.
    Word(&'a str),
}

fn runs(text: &str) -> Vec<Run<'_>> {
    let mut runs = Vec::new();
    let mut word = None;
    for (at, character) in text.char_indices() {
        let is_wide = is_unspaced(character);
        let is_word = is_letter(character);
        match (word, is_word) {
            (None, true) => word = Some(at),
            (Some(start), false) => {
                runs.push(Run::Word(&text[start..at]));
                word = None;
            }
            _ => {}
        }
        if is_wide {
            let is_next = at > 0 && text[..at].chars().next_back().is_some_and(is_unspaced);
            match runs.last_mut() {
                Some(Run::Pairs(characters)) if is_next => characters.push(character),
                _ => runs.push(Run::Pairs(vec![character])),
            }
        }
    }
    if let Some(start) = word {
        runs.push(Run::Word(&text[start..]));
    }
    runs
}

/// Chinese characters, Japanese syllables.
fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c), 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, kept: &str, asked: Option<&str>) {
        assert_eq!(indexed(text).trim_end(), kept);
        assert_eq!(question(text).as_deref(), asked);
    }

    #[test]
    fn chinese_becomes_pairs_and_the_rest_words() {
        check("循环语句", "循环 环语 语句 句", Some("\"循环 环语 语句\""));
        check("环", "环", Some("\"环\" *"));
        check(
            "while 循环x1",
            "while 循环 环 x1",
            Some("\"while\" * \"循环\" \"x1\" *"),
        );
        check(
            "KeyError: 'a'",
            "KeyError a",
            Some("\"KeyError\" * \"a\" *"),
        );
        check("", "", None);
        check("?! \"*\" 。", "", None);
    }

    fn check_marks(question: &str, text: &str, marked: &str) {
        let mut shown = String::new();
        let mut at = 0;
        for range in marks(question, text) {
            shown += &format!("{}[{}]", &text[at..range.start], &text[range.clone()]);
            at = range.end;
        }
        assert_eq!(shown + &text[at..], marked);
    }

    #[test]
    fn what_was_asked_for_is_marked_where_it_stands() {
        check_marks("循环", "循环语句里的循环", "[循环]语句里的[循环]");
        check_marks("环", "循环语句", "循[环]语句");
        check_marks(
            "react 循环",
            "ReAct的循环, unreact",
            "[ReAct]的[循环], unreact",
        );
        check_marks("tool_ca", "tool_call and tall", "[tool]_[ca]ll and tall");
        check_marks("a a", "A", "[A]");
        check_marks("İ", "İstanbul ıi", "[İ]stanbul ıi");
        check_marks("", "a", "a");
        check_marks("x", "", "");
    }

    #[test]
    fn a_question_is_never_read_as_a_command() {
        for hostile in [
            "\" OR 1",
            "NEAR(a b)",
            "a* -b ^c",
            "x:y",
            "👩‍👩‍👧",
            &"a ".repeat(10_000),
        ] {
            if let Some(question) = question(hostile) {
                assert_eq!(question.matches('"').count() % 2, 0, "{question}");
            }
        }
    }
}
