//! `checks.toml` to checks: what *Check* looks at. Runs nothing and judges nothing.

use crate::folder::is_plain_path;
use crate::model::{Problem, Words};
use crate::toml_text::{Table, TomlText};
use std::collections::BTreeSet;
use toml::de::DeTable;

/// Most calls that one check makes up: a check has ten seconds.
const MAX_CALLS: u32 = 1000;

/// One thing that *Check* looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Stable, unique in the lesson.
    pub id: String,
    /// What it looks at.
    pub title: Words,
    /// How.
    pub kind: CheckKind,
    /// What is said to a learner who fails it; nothing when the check words that itself.
    pub message: Option<Words>,
    /// The task of the text that it belongs to, counted from 1.
    pub task: Option<u32>,
    /// Whether its result tells what was called, expected and printed.
    pub hidden: bool,
}

/// How a check looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckKind {
    /// Runs the program and compares what it prints.
    Output {
        /// What the program reads; empty when it reads nothing.
        stdin: String,
        /// What it must print.
        expect: Expect,
        /// What does not count besides blanks at the ends.
        ignore: Vec<Ignore>,
    },
    /// Calls a function of `checks.py`.
    Python {
        /// Its name.
        function: String,
    },
    /// Reads the code and runs nothing.
    Code {
        /// What it must use: `while`, `import re`, `sorted()`, `.append()`, `recursion`.
        uses: Vec<String>,
        /// What it must not use, in the same words.
        avoids: Vec<String>,
    },
    /// Calls a function of the learner's `main.py` and the same of the solution.
    Compare {
        /// Its name.
        function: String,
        /// Arguments as Python writes them: `1, "a"`.
        cases: Vec<String>,
        /// Types of arguments to make up, for example `list[int]`; empty to make up none.
        generate: Vec<String>,
        /// How many calls to make up.
        count: u32,
    },
    /// Runs `main.py` and looks at a file it wrote.
    File {
        /// Its name, relative to `main.py`.
        path: String,
        /// What the program reads; empty when it reads nothing.
        stdin: String,
        /// What must be in the file.
        expect: Expect,
    },
}

impl CheckKind {
    /// Whether it can look at a program that is not Python's: the others run beside it, in its language.
    pub(crate) fn is_for_every_language(&self) -> bool {
        matches!(self, CheckKind::Output { .. })
    }
}

/// What does not count when texts are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ignore {
    /// Upper and lower case.
    Case,
    /// How many blanks stand where blanks stand, and empty lines.
    Blanks,
    /// In which order the lines come.
    Order,
}

/// What a check may say, for all its types.
pub(crate) const KEYS: [&str; 17] = [
    "id", "title", "type", "message", "task", "hidden", "stdin", "expect", "contains", "ignore",
    "function", "uses", "avoids", "cases", "generate", "count", "path",
];

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
            let id = &check.id;
            let reason = said!("检查 {id:?} 列了两次", "check {id:?} is listed twice");
            toml.problem(Some(table.span()), reason);
        }
    }
    if checks.is_empty() && toml.problems.is_empty() {
        let reason = said!(
            "这个文件里没有 [[check]]",
            "there is no [[check]] in this file"
        );
        toml.problem(None, reason);
    }
    (checks, toml.problems)
}

/// What each type may say beside what all may.
const OF_TYPE: [(&str, &[&str]); 5] = [
    ("output", &["stdin", "expect", "contains", "ignore"]),
    ("python", &["function"]),
    ("code", &["uses", "avoids"]),
    ("compare", &["function", "cases", "generate", "count"]),
    ("file", &["path", "stdin", "expect", "contains"]),
];

fn check(toml: &mut TomlText<'_>, table: &Table<'_>) -> Option<Check> {
    let (at, table) = (table.span(), *table.get_ref());
    toml.expect_keys(table, &KEYS);
    let id = toml.id(table, at.clone())?;
    let title = toml.words(table, "title").unwrap_or_else(|| {
        if !table.contains_key("title") {
            let reason = said!("检查 {id:?} 没有 `title`", "check {id:?} has no `title`");
            toml.problem(Some(at.clone()), reason);
        }
        Words::same(&id)
    });
    let written = toml.string(table, "type").unwrap_or_default();
    let Some((_, own)) = OF_TYPE.iter().find(|(name, _)| *name == written) else {
        let names = OF_TYPE.map(|(name, _)| format!("{name:?}")).join(", ");
        let reason = said!(
            "检查 {id:?} 要写 type，只能是 {names} 之一",
            "check {id:?} needs a type: one of {names}"
        );
        toml.problem(Some(at), reason);
        return None;
    };
    let foreign =
        |name: &&str| OF_TYPE.iter().any(|(_, names)| names.contains(name)) && !own.contains(name);
    for name in KEYS
        .iter()
        .filter(|name| foreign(name) && table.contains_key(**name))
    {
        let reason = said!(
            "检查 {id:?} 的 type 是 {written:?}，不能有 `{name}`",
            "check {id:?} is of type {written:?}, so it has no `{name}`"
        );
        toml.problem(Some(at.clone()), reason);
    }
    let kind = match written.as_str() {
        "output" => output(toml, table),
        "python" => python(toml, table),
        "code" => code(toml, table),
        "compare" => compare(toml, table),
        _ => file_made(toml, table),
    };
    let kind = match kind {
        Ok(kind) => kind,
        Err(wanted) => {
            let reason = said!("检查 {id:?} 要有 {wanted}", "check {id:?} needs {wanted}"; wanted);
            toml.problem(Some(at), reason);
            return None;
        }
    };
    Some(Check {
        id,
        title,
        kind,
        message: toml.words(table, "message"),
        task: toml.number(table, "task"),
        hidden: toml.flag(table, "hidden"),
    })
}

/// What a check needs, for the sentence that says so.
type Wanted = Words;

fn output(toml: &mut TomlText<'_>, table: &DeTable<'_>) -> Result<CheckKind, Wanted> {
    let mut ignore = Vec::new();
    for name in toml.strings(table, "ignore").unwrap_or_default() {
        ignore.push(match name.as_str() {
            "case" => Ignore::Case,
            "blanks" => Ignore::Blanks,
            "order" => Ignore::Order,
            _ => {
                return Err(said!(
                    "ignore = […]，里面只能写 \"case\"、\"blanks\"、\"order\"",
                    "ignore = […] of \"case\", \"blanks\" and \"order\""
                ));
            }
        });
    }
    Ok(CheckKind::Output {
        stdin: toml.string(table, "stdin").unwrap_or_default(),
        expect: expect(toml, table)?,
        ignore,
    })
}

fn expect(toml: &mut TomlText<'_>, table: &DeTable<'_>) -> Result<Expect, Wanted> {
    let whole = toml.string(table, "expect");
    let parts = toml.strings(table, "contains");
    match (whole, parts) {
        (Some(whole), None) => Ok(Expect::Whole(whole)),
        (None, Some(parts)) if !parts.is_empty() && parts.iter().all(|part| !part.is_empty()) => {
            Ok(Expect::Contains(parts))
        }
        _ => Err(said!(
            "expect = \"…\" 或 contains = [\"…\"]，不能空着，也不能两个都写",
            "either expect = \"…\" or contains = [\"…\"], not empty and not both"
        )),
    }
}

fn python(toml: &mut TomlText<'_>, table: &DeTable<'_>) -> Result<CheckKind, Wanted> {
    let function = toml.string(table, "function").unwrap_or_default();
    match is_python_name(&function) {
        true => Ok(CheckKind::Python { function }),
        false => Err(said!(
            "function = \"test_…\"，checks.py 里的一个函数",
            "function = \"test_…\", a function of checks.py"
        )),
    }
}

fn code(toml: &mut TomlText<'_>, table: &DeTable<'_>) -> Result<CheckKind, Wanted> {
    let uses = toml.strings(table, "uses").unwrap_or_default();
    let avoids = toml.strings(table, "avoids").unwrap_or_default();
    match uses.iter().chain(&avoids).any(|word| !word.is_empty()) {
        true => Ok(CheckKind::Code { uses, avoids }),
        false => Err(said!(
            "uses = [\"while\"] 或 avoids = [\"eval()\"]",
            "uses = [\"while\"] or avoids = [\"eval()\"]"
        )),
    }
}

fn compare(toml: &mut TomlText<'_>, table: &DeTable<'_>) -> Result<CheckKind, Wanted> {
    let function = toml.string(table, "function").unwrap_or_default();
    let cases = toml.strings(table, "cases").unwrap_or_default();
    let generate = toml.strings(table, "generate").unwrap_or_default();
    let count = toml.number(table, "count").unwrap_or(20);
    if !is_python_name(&function) {
        return Err(said!(
            "function = \"…\"，main.py 里的一个函数",
            "function = \"…\", a function of main.py"
        ));
    }
    if cases.is_empty() && generate.is_empty() {
        return Err(said!(
            "cases = [\"1, 'a'\"] 或 generate = [\"int\", \"str\"]，用来对比的参数",
            "cases = [\"1, 'a'\"] or generate = [\"int\", \"str\"], arguments to compare with"
        ));
    }
    if !(1..=MAX_CALLS).contains(&count) {
        return Err(said!("1 到 1000 的 count", "a count of 1 to 1000"));
    }
    Ok(CheckKind::Compare {
        function,
        cases,
        generate,
        count,
    })
}

fn file_made(toml: &mut TomlText<'_>, table: &DeTable<'_>) -> Result<CheckKind, Wanted> {
    let path = toml.string(table, "path").unwrap_or_default();
    if !is_plain_path(&path) {
        return Err(said!(
            "path = \"…\"，程序写出的一个文件",
            "path = \"…\", a file the program writes"
        ));
    }
    Ok(CheckKind::File {
        path,
        stdin: toml.string(table, "stdin").unwrap_or_default(),
        expect: expect(toml, table)?,
    })
}

/// The name goes into a program, so nothing but a name may pass.
/// Words of `uses` and `avoids` that are no names, as `templates/checks/_declared.py` has them.
const SYNTAX: [&str; 21] = [
    "assert",
    "async",
    "break",
    "class",
    "comprehension",
    "continue",
    "def",
    "f-string",
    "for",
    "global",
    "if",
    "import",
    "lambda",
    "match",
    "raise",
    "recursion",
    "return",
    "try",
    "while",
    "with",
    "yield",
];
/// Words of Python's that are no names either, and nothing that a check finds.
const UNKNOWN: [&str; 18] = [
    "False", "None", "True", "and", "as", "await", "del", "elif", "else", "except", "finally",
    "from", "in", "is", "nonlocal", "not", "or", "pass",
];

/// Whether a word of `uses` and `avoids` can be found in any program.
pub(crate) fn can_be_used(word: &str) -> bool {
    let is_dotted = |name: &str| name.split('.').all(is_python_name);
    if let Some(module) = word.strip_prefix("import ") {
        return is_dotted(module.trim());
    }
    if let Some(called) = word.strip_suffix("()") {
        return is_dotted(called.strip_prefix('.').unwrap_or(called));
    }
    SYNTAX.contains(&word) || (is_python_name(word) && !UNKNOWN.contains(&word))
}

fn is_python_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes
        .next()
        .is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
