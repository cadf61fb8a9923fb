//! Texts and questions in the form in which they are searched.
//!
//! SQLite's index knows words between blanks, and Chinese has none. So every two neighbouring
//! Chinese characters become a word of their own: `循环语句` is kept as `循环 环语 语句`, and a
//! question of two or more characters is the same row of pairs, one behind the other. One character
//! alone is the beginning of its pairs.

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
        let is_word = character.is_alphanumeric() && !is_wide;
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
