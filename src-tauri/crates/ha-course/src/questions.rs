//! `questions.toml`: questions of a lesson beside its exercise. Reads and judges the author's side;
//! who answers them is the window's business.

use crate::model::{Problem, Words};
use crate::toml_text::{Table, TomlText};
use std::collections::BTreeSet;
use toml::de::DeTable;

/// What the file may say of a question.
pub(crate) const KEYS: [&str; 10] = [
    "id", "type", "prompt", "why", "option", "answers", "code", "expect", "lines", "extra",
];
/// What it may say of an answer to choose.
pub(crate) const OPTION_KEYS: [&str; 3] = ["text", "right", "why"];

/// One question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Stable, unique in the lesson.
    pub id: String,
    /// What is asked, as Markdown.
    pub prompt: Words,
    /// Said once it is answered; may be empty.
    pub why: Words,
    /// How it is answered.
    pub kind: QuestionKind,
}

/// How a question is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuestionKind {
    /// By choosing; with more than one right answer, all of them.
    Choice(Vec<Choice>),
    /// By writing one of these; case and blanks around do not count.
    Fill(Vec<String>),
    /// By saying what a program prints.
    Predict {
        /// The whole program.
        code: String,
        /// What it prints, apart from blanks at the ends.
        expect: String,
    },
    /// By putting lines in order.
    Order {
        /// In the right order.
        lines: Vec<String>,
        /// Lines that belong nowhere.
        extra: Vec<String>,
    },
}

/// One answer to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// As Markdown.
    pub text: Words,
    /// Whether it is right.
    pub right: bool,
    /// Said to who chose it; may be empty.
    pub why: Words,
}

/// Reads the text of a `questions.toml`; `file` is its name in the problems.
pub(crate) fn parse(file: &str, text: &str) -> (Vec<Question>, Vec<Problem>) {
    let mut toml = TomlText::new(file, text);
    let table = toml.parse();
    toml.expect_keys(&table, &["question"]);
    let mut ids = BTreeSet::new();
    let mut questions = Vec::new();
    for table in toml.tables(&table, "question") {
        let Some(question) = question(&mut toml, &table) else {
            continue;
        };
        if ids.insert(question.id.clone()) {
            questions.push(question);
        } else {
            let id = &question.id;
            let reason = said!("题目 {id:?} 列了两次", "question {id:?} is listed twice");
            toml.problem(Some(table.span()), reason);
        }
    }
    if questions.is_empty() && toml.problems.is_empty() {
        let reason = said!(
            "这个文件里没有 [[question]]",
            "there is no [[question]] in this file"
        );
        toml.problem(None, reason);
    }
    (questions, toml.problems)
}

fn question(toml: &mut TomlText<'_>, table: &Table<'_>) -> Option<Question> {
    let (at, table) = (table.span(), *table.get_ref());
    toml.expect_keys(table, &KEYS);
    let id = toml.id(table, at.clone())?;
    let Some(prompt) = toml.words(table, "prompt") else {
        let reason = said!(
            "题目 {id:?} 没有 `prompt`",
            "question {id:?} has no `prompt`"
        );
        toml.problem(Some(at), reason);
        return None;
    };
    let kind = match toml.string(table, "type").as_deref() {
        Some("choice") => choice(toml, table),
        Some("fill") => filled(toml, table, "answers").map(QuestionKind::Fill),
        Some("predict") => predict(toml, table),
        Some("order") => order(toml, table),
        _ => Err(said!(
            "type = \"choice\"、\"fill\"、\"predict\" 或 \"order\"",
            "type = \"choice\", \"fill\", \"predict\" or \"order\""
        )),
    };
    let kind = match kind {
        Ok(kind) => kind,
        Err(wanted) => {
            let reason =
                said!("题目 {id:?} 要有 {wanted}", "question {id:?} needs {wanted}"; wanted);
            toml.problem(Some(at), reason);
            return None;
        }
    };
    let why = toml.words(table, "why").unwrap_or_default();
    Some(Question {
        id,
        prompt,
        why,
        kind,
    })
}

/// What a question needs, for the sentence that says so.
type Wanted = Words;

fn choice(toml: &mut TomlText<'_>, table: &DeTable<'_>) -> Result<QuestionKind, Wanted> {
    let mut choices = Vec::new();
    for option in toml.tables(table, "option") {
        let option = *option.get_ref();
        toml.expect_keys(option, &OPTION_KEYS);
        let text = toml
            .words(option, "text")
            .ok_or_else(|| said!("`text`，每个选项都要有", "`text` in every option"))?;
        choices.push(Choice {
            text,
            right: toml.flag(option, "right"),
            why: toml.words(option, "why").unwrap_or_default(),
        });
    }
    let right = choices.iter().filter(|choice| choice.right).count();
    match choices.len() >= 2 && right >= 1 && right < choices.len() {
        true => Ok(QuestionKind::Choice(choices)),
        false => Err(said!(
            "至少两个 [[question.option]]，有对的也有错的",
            "two [[question.option]] at least, right ones and wrong ones"
        )),
    }
}

fn predict(toml: &mut TomlText<'_>, table: &DeTable<'_>) -> Result<QuestionKind, Wanted> {
    let code = toml.string(table, "code").unwrap_or_default();
    let expect = toml.string(table, "expect").unwrap_or_default();
    match code.trim().is_empty() || expect.trim().is_empty() {
        true => Err(said!(
            "code = \"…\" 和它打印的 expect = \"…\"",
            "code = \"…\" and expect = \"…\", what it prints"
        )),
        false => Ok(QuestionKind::Predict { code, expect }),
    }
}

fn order(toml: &mut TomlText<'_>, table: &DeTable<'_>) -> Result<QuestionKind, Wanted> {
    let lines = filled(toml, table, "lines")?;
    if lines.len() < 2 {
        return Err(said!("lines = […]，至少两行", "lines = […], two at least"));
    }
    let extra = toml.strings(table, "extra").unwrap_or_default();
    Ok(QuestionKind::Order { lines, extra })
}

fn filled(
    toml: &mut TomlText<'_>,
    table: &DeTable<'_>,
    name: &'static str,
) -> Result<Vec<String>, Wanted> {
    let texts = toml.strings(table, name).unwrap_or_default();
    match !texts.is_empty() && texts.iter().all(|text| !text.trim().is_empty()) {
        true => Ok(texts),
        false => Err(said!(
            "{name} = […]，不能有空项",
            "{name} = […] without empty ones"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A question of this type with these lines: what is told, or nothing.
    fn check(kind: &str, lines: &str, told: &str) {
        let text = format!("[[question]]\nid = \"q\"\nprompt = \"?\"\ntype = \"{kind}\"\n{lines}");
        let (questions, problems) = parse("q.toml", &text);
        let reasons: Vec<_> = problems
            .iter()
            .map(|problem| problem.reason.en.as_str())
            .collect();
        assert_eq!(reasons.join("; "), told, "{text}");
        assert_eq!(questions.len(), usize::from(told.is_empty()), "{text}");
    }

    #[test]
    fn each_kind_has_what_it_needs() {
        let options = "[[question.option]]\ntext = \"a\"\nright = true\n[[question.option]]\ntext = \"b\"\nwhy = \"no\"\n";
        check("choice", options, "");
        check(
            "choice",
            &options.replace("right = true", ""),
            "question \"q\" needs two [[question.option]] at least, right ones and wrong ones",
        );
        check("fill", "answers = [\"a\"]", "");
        check(
            "fill",
            "answers = []",
            "question \"q\" needs answers = […] without empty ones",
        );
        check("predict", "code = \"print(1)\"\nexpect = \"1\"", "");
        check("order", "lines = [\"a\", \"b\"]\nextra = [\"c\"]", "");
        check(
            "order",
            "lines = [\"a\"]",
            "question \"q\" needs lines = […], two at least",
        );
        check(
            "essay",
            "",
            "question \"q\" needs type = \"choice\", \"fill\", \"predict\" or \"order\"",
        );
    }
}
