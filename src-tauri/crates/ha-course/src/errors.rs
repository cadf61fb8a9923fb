//! Explanations of errors in plain words: what a traceback's last line means, what usually causes
//! it, what to look at.
//!
//! The words are data that a teacher edits (`templates/errors/python.toml` and, for a course or a
//! lesson of its own, an `errors.toml` in its folder). This file reads them and finds the entry that
//! fits; it reads no traceback and runs nothing.

use crate::folder::Refusal;
use crate::markdown::render_alone;
use crate::model::{Course, Language, Problem};
use crate::toml_text::{Table, TomlText};
use std::collections::BTreeMap;

/// The name of a course's or a lesson's own book.
pub(crate) const FILE: &str = "errors.toml";
/// Longest text of the program that is put into a sentence, in characters.
const MAX_FILLED: usize = 80;

/// Entries in the order of their file; the first that fits is taken.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ErrorBook {
    entries: Vec<Entry>,
}

#[derive(Debug, Clone, PartialEq)]
struct Entry {
    /// The exception's name without its module; `*` for every one.
    kind: String,
    message: Option<Pattern>,
    zh: Option<Words>,
    en: Option<Words>,
}

/// Markdown with `{names}` of what the pattern caught.
#[derive(Debug, Clone, PartialEq)]
struct Words {
    means: String,
    causes: Vec<String>,
    look: String,
}

/// An error as Python prints it on its last line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raised {
    /// For example `NameError`, or `json.decoder.JSONDecodeError`.
    pub kind: String,
    /// What stands behind the colon; empty when nothing does.
    pub message: String,
}

/// An explanation, as sanitised HTML in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// What Python wants to say.
    pub means: String,
    /// A list of what usually leads to it.
    pub causes: String,
    /// What to look at in one's own code.
    pub look: String,
}

impl ErrorBook {
    /// Reads the text of a book; `file` is its name in the problems. An entry with a problem is left
    /// out.
    pub fn parse(file: &str, text: &str) -> (ErrorBook, Vec<Problem>) {
        let mut toml = TomlText::new(file, text);
        let table = toml.parse();
        toml.expect_keys(&table, &["error"]);
        let tables = toml.tables(&table, "error");
        let entries = tables
            .iter()
            .filter_map(|table| entry(&mut toml, table))
            .collect();
        (ErrorBook { entries }, toml.problems)
    }

    /// The words of the first entry that fits, in a language or in the other one. `None` when no
    /// entry fits.
    pub fn explain(&self, raised: &Raised, language: Language) -> Option<Explanation> {
        let kind = raised.kind.rsplit('.').next().unwrap_or_default();
        let message = raised.message.lines().next().unwrap_or_default().trim();
        let fits = |entry: &'_ Entry| -> Option<BTreeMap<String, String>> {
            if entry.kind != kind && entry.kind != "*" {
                return None;
            }
            match &entry.message {
                Some(pattern) => pattern.caught(message),
                None => Some(BTreeMap::new()),
            }
        };
        let (entry, mut caught) = self
            .entries
            .iter()
            .find_map(|entry| Some((entry, fits(entry)?)))?;
        caught.insert("kind".into(), kind.into());
        caught.insert("message".into(), message.into());
        let (words, language) = match (language, &entry.zh, &entry.en) {
            (Language::Zh, Some(words), _) | (_, Some(words), None) => (words, Language::Zh),
            (_, _, Some(words)) => (words, Language::En),
            (_, None, None) => return None,
        };
        let html = |text: &str| render_alone(&filled(text, &caught), language).html;
        let causes: String = words
            .causes
            .iter()
            .map(|cause| format!("- {cause}\n"))
            .collect();
        Some(Explanation {
            means: html(&words.means),
            causes: html(&causes),
            look: html(&words.look),
        })
    }
}

impl Course {
    /// What the author wrote about errors: the lesson's own entries, then the course's. Books that
    /// are not there or cannot be read are empty; the lint says why.
    pub fn error_book(&self, lesson: &str) -> ErrorBook {
        let mut entries = Vec::new();
        let folder = self.folder();
        for file in self.error_files(lesson) {
            let text = folder.as_ref().ok().map(|folder| folder.text(&file));
            if let Some(Ok(text)) = text {
                entries.extend(ErrorBook::parse(&file, &text).0.entries);
            }
        }
        ErrorBook { entries }
    }

    fn error_files(&self, lesson: &str) -> Vec<String> {
        let own = self.lesson(lesson);
        let own = own.map(|(_, lesson, ..)| format!("{}/{FILE}", lesson.path));
        own.into_iter().chain([FILE.to_string()]).collect()
    }

    /// What is wrong in the book at `file`, a path inside the course.
    pub(crate) fn lint_errors(&self, file: &str) -> Vec<Problem> {
        let Ok(folder) = self.folder() else {
            return Vec::new();
        };
        match folder.text(file) {
            Ok(text) => ErrorBook::parse(file, &text).1,
            Err(Refusal::Missing) => Vec::new(),
            Err(refusal) => vec![refusal.problem(file)],
        }
    }
}

fn entry(toml: &mut TomlText<'_>, table: &Table<'_>) -> Option<Entry> {
    let (at, table) = (table.span(), table.get_ref());
    toml.expect_keys(table, &["kind", "message", "zh", "en"]);
    let Some(kind) = toml.string(table, "kind") else {
        toml.problem(
            Some(at),
            said!(
                "缺少 `kind`：写异常的名字，或者 \"*\"",
                "`kind` is missing: the exception's name, or \"*\""
            ),
        );
        return None;
    };
    let message = toml.string(table, "message").map(|text| Pattern::of(&text));
    let mut known: Vec<&str> = vec!["kind", "message"];
    known.extend(message.iter().flat_map(Pattern::names));
    let mut words = |name: &str| -> Option<Words> {
        let inner = toml.table(table, name)?;
        toml.expect_keys(inner, &["means", "causes", "look"]);
        let words = Words {
            means: toml.string(inner, "means").unwrap_or_default(),
            causes: toml.strings(inner, "causes").unwrap_or_default(),
            look: toml.string(inner, "look").unwrap_or_default(),
        };
        if words.means.is_empty() {
            let reason = said!("缺少 `{name}.means`", "`{name}.means` is missing");
            toml.problem(Some(at.clone()), reason);
            return None;
        }
        let texts = [&words.means, &words.look];
        for text in texts.into_iter().chain(&words.causes) {
            for name in placeholders(text) {
                if !known.contains(&name) {
                    let reason = said!(
                        "`message` 里没有 {{{name}}}",
                        "{{{name}}} is not caught by `message`"
                    );
                    toml.problem(Some(at.clone()), reason);
                }
            }
        }
        Some(words)
    };
    let (zh, en) = (words("zh"), words("en"));
    if zh.is_none() && en.is_none() {
        let reason = said!(
            "要写 [error.zh] 或 [error.en]，也可以都写",
            "write [error.zh], [error.en] or both"
        );
        toml.problem(Some(at), reason);
        return None;
    }
    Some(Entry {
        kind,
        message,
        zh,
        en,
    })
}

/// A message with `{names}` in the place of what differs: `name '{name}' is not defined`.
#[derive(Debug, Clone, PartialEq)]
struct Pattern {
    /// What stands before the first name.
    head: String,
    /// Each name with the text behind it.
    rest: Vec<(String, String)>,
}

impl Pattern {
    fn of(text: &str) -> Pattern {
        let mut head = String::new();
        let mut rest: Vec<(String, String)> = Vec::new();
        let mut left = text;
        loop {
            let (before, name, after) = match next_placeholder(left) {
                Some((range, name)) => (&left[..range.start], Some(name), &left[range.end..]),
                None => (left, None, ""),
            };
            match rest.last_mut() {
                Some((_, behind)) => behind.push_str(before),
                None => head.push_str(before),
            }
            let Some(name) = name else {
                return Pattern { head, rest };
            };
            rest.push((name.to_string(), String::new()));
            left = after;
        }
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.rest.iter().map(|(name, _)| name.as_str())
    }

    /// What each name stands for in this message; `None` when the message is another one. A name
    /// takes as little as it can, the last one all that is left.
    fn caught(&self, message: &str) -> Option<BTreeMap<String, String>> {
        let mut left = message.strip_prefix(&*self.head)?;
        let mut caught = BTreeMap::new();
        for (index, (name, behind)) in self.rest.iter().enumerate() {
            let is_last = index + 1 == self.rest.len();
            let (value, after) = match (is_last, behind.is_empty()) {
                (true, _) => (left.strip_suffix(&**behind)?, ""),
                (false, true) => ("", left),
                (false, false) => left.split_once(&**behind)?,
            };
            caught.insert(name.clone(), value.to_string());
            left = after;
        }
        left.is_empty().then_some(caught)
    }
}

/// Where the next `{name}` stands, and the name. A bracket that is written twice begins none.
fn next_placeholder(text: &str) -> Option<(std::ops::Range<usize>, &str)> {
    let mut from = 0;
    while let Some(open) = text[from..].find('{') {
        let open = from + open;
        if text[open..].starts_with("{{") {
            from = open + 2;
            continue;
        }
        let close = open + text[open..].find('}')?;
        let name = &text[open + 1..close];
        let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase());
        if is_name {
            return Some((open..close + 1, name));
        }
        from = open + 1;
    }
    None
}

fn placeholders(mut text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    while let Some((range, name)) = next_placeholder(text) {
        names.push(name);
        text = &text[range.end..];
    }
    names
}

fn filled(text: &str, caught: &BTreeMap<String, String>) -> String {
    let mut out = String::new();
    let mut left = text;
    while let Some((range, name)) = next_placeholder(left) {
        out.push_str(&literal(&left[..range.start]));
        match caught.get(name) {
            Some(value) => out.push_str(&quotable(value)),
            None => out.push_str(&left[range.clone()]),
        }
        left = &left[range.end..];
    }
    out.push_str(&literal(left));
    out
}

fn literal(text: &str) -> String {
    text.replace("{{", "{").replace("}}", "}")
}

/// A piece of the program as it may stand between backticks.
fn quotable(value: &str) -> String {
    let mut text: String = value
        .chars()
        .map(|c| if c.is_control() || c == '`' { ' ' } else { c })
        .take(MAX_FILLED)
        .collect();
    if value.chars().count() > MAX_FILLED {
        text.push('…');
    }
    text
}
