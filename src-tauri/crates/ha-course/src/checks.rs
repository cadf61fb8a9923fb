//! `checks.toml` to checks: what *Check* looks at. Runs nothing and judges nothing.

use crate::model::{Problem, Words};
use crate::toml_text::{Table, TomlText};
use std::collections::BTreeSet;

/// One thing that *Check* looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Stable, unique in the lesson.
    pub id: String,
    /// What it looks at.
    pub title: Words,
    /// How.
    pub kind: CheckKind,
}

/// How a check looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckKind {
    /// Runs `main.py` and compares what it prints.
    Output {
        /// What the program reads; empty when it reads nothing.
        stdin: String,
        /// What it must print.
        expect: Expect,
    },
    /// Calls a function of `checks.py`.
    Python {
        /// Its name.
        function: String,
    },
}

/// What a program must print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expect {
    /// All of it, apart from blanks at the ends of lines and blank lines at the end.
    Whole(String),
    /// Each of these, in this order, with anything around them.
    Contains(Vec<String>),
}

/// Reads the text of a `checks.toml`; `file` is its name in the problems. A check with a problem
/// is left out, so callers that judge a learner must refuse the file when there is any problem:
/// half of the checks could pass a lesson that is not done.
pub(crate) fn parse(file: &str, text: &str) -> (Vec<Check>, Vec<Problem>) {
    let mut toml = TomlText::new(file, text);
    let table = toml.parse();
    toml.expect_keys(&table, &["check"]);
    let mut ids = BTreeSet::new();
    let mut checks = Vec::new();
    for table in toml.tables(&table, "check") {
        let Some(check) = check(&mut toml, &table) else {
            continue;
        };
        if ids.insert(check.id.clone()) {
            checks.push(check);
        } else {
            let reason = format!("check {:?} is listed twice", check.id);
            toml.problem(Some(table.span()), reason);
        }
    }
    if checks.is_empty() && toml.problems.is_empty() {
        toml.problem(None, "there is no [[check]] in this file");
    }
    (checks, toml.problems)
}

fn check(toml: &mut TomlText<'_>, table: &Table<'_>) -> Option<Check> {
    let (at, table) = (table.span(), *table.get_ref());
    let known = [
        "id", "title", "type", "stdin", "expect", "contains", "function",
    ];
    toml.expect_keys(table, &known);
    let id = toml.id(table, at.clone())?;
    let title = toml.words(table, "title").unwrap_or_else(|| {
        if !table.contains_key("title") {
            toml.problem(Some(at.clone()), format!("check {id:?} has no `title`"));
        }
        Words::same(&id)
    });
    let kind = match toml.string(table, "type").as_deref() {
        Some("output") => output(toml, table, at, &id)?,
        Some("python") => python(toml, table, at, &id)?,
        _ => {
            let reason = format!("check {id:?} needs type = \"output\" or type = \"python\"");
            toml.problem(Some(at), reason);
            return None;
        }
    };
    Some(Check { id, title, kind })
}

fn output(
    toml: &mut TomlText<'_>,
    table: &toml::de::DeTable<'_>,
    at: std::ops::Range<usize>,
    id: &str,
) -> Option<CheckKind> {
    if table.contains_key("function") {
        let reason = format!("check {id:?} looks at output, so it has no `function`");
        toml.problem(Some(at.clone()), reason);
    }
    let stdin = toml.string(table, "stdin").unwrap_or_default();
    let whole = toml.string(table, "expect");
    let parts = toml.strings(table, "contains");
    let expect = match (whole, parts) {
        (Some(whole), None) => Expect::Whole(whole),
        (None, Some(parts)) if !parts.is_empty() && parts.iter().all(|part| !part.is_empty()) => {
            Expect::Contains(parts)
        }
        _ => {
            let reason = format!(
                "check {id:?} needs either expect = \"…\" or contains = [\"…\"], not empty and not both"
            );
            toml.problem(Some(at), reason);
            return None;
        }
    };
    Some(CheckKind::Output { stdin, expect })
}

fn python(
    toml: &mut TomlText<'_>,
    table: &toml::de::DeTable<'_>,
    at: std::ops::Range<usize>,
    id: &str,
) -> Option<CheckKind> {
    for name in ["stdin", "expect", "contains"] {
        if table.contains_key(name) {
            let reason = format!("check {id:?} calls a function, so it has no `{name}`");
            toml.problem(Some(at.clone()), reason);
        }
    }
    let function = toml.string(table, "function").unwrap_or_default();
    if !is_python_name(&function) {
        let reason = format!("check {id:?} needs function = \"test_…\", a function of checks.py");
        toml.problem(Some(at), reason);
        return None;
    }
    Some(CheckKind::Python { function })
}

/// The name goes into a program, so nothing but a name may pass.
fn is_python_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes
        .next()
        .is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
