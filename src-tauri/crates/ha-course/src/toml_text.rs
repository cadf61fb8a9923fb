//! TOML with line numbers: reads leniently and says what it did not like.
//!
//! `serde` would stop at the first mistake; an author wants all of them, and a learner wants the
//! lessons that are not concerned.

use crate::model::{Problem, Words};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Problems kept of one file: nobody reads more at once, and a hostile file has no end of them.
const MAX_PROBLEMS: usize = 100;

/// A table together with where it begins.
pub(crate) type Table<'a> = Spanned<&'a DeTable<'a>>;

/// One TOML file while it is read.
pub(crate) struct TomlText<'a> {
    file: &'a str,
    text: &'a str,
    pub(crate) problems: Vec<Problem>,
}

impl<'a> TomlText<'a> {
    pub(crate) fn new(file: &'a str, text: &'a str) -> Self {
        TomlText {
            file,
            text,
            problems: Vec::new(),
        }
    }

    /// What could be parsed; what could not is among the problems.
    pub(crate) fn parse(&mut self) -> DeTable<'a> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in errors {
            let reason = said!("TOML 语法有错：{}", "not valid TOML: {}", error.message());
            self.problem(error.span(), reason);
        }
        table.into_inner()
    }

    /// The 1-based line on which something begins.
    pub(crate) fn line(&self, at: Range<usize>) -> u32 {
        let before = self.text.as_bytes().iter().take(at.start);
        1 + before.filter(|byte| **byte == b'\n').count() as u32
    }

    pub(crate) fn problem(&mut self, at: Option<Range<usize>>, reason: Words) {
        if self.problems.len() == MAX_PROBLEMS {
            return;
        }
        let line = at.map(|at| self.line(at));
        self.problems.push(Problem {
            file: self.file.into(),
            line,
            reason,
        });
    }

    /// Names nobody reads are most often misspelt names that somebody meant.
    pub(crate) fn expect_keys(&mut self, table: &DeTable<'_>, known: &[&str]) {
        for key in table.keys() {
            if !known.contains(&key.get_ref().as_ref()) {
                let name = key.get_ref();
                let known = known.join(", ");
                let reason = said!(
                    "不认识的名称 `{name}`；这里可以写 {known}",
                    "unknown name `{name}`; the format knows {known}"
                );
                self.problem(Some(key.span()), reason);
            }
        }
    }

    /// The tables of `[[name]]`, in order.
    pub(crate) fn tables<'t>(&mut self, table: &'t DeTable<'t>, name: &str) -> Vec<Table<'t>> {
        let Some(value) = table.get(name) else {
            return Vec::new();
        };
        let mut tables = Vec::new();
        match value.get_ref() {
            DeValue::Array(array) => {
                for item in array.iter() {
                    match item.get_ref() {
                        DeValue::Table(table) => tables.push(Spanned::new(item.span(), table)),
                        _ => self.problem(Some(item.span()), no_tables(name)),
                    }
                }
            }
            _ => self.problem(Some(value.span()), no_tables(name)),
        }
        tables
    }

    /// The table `[name]`, if it is there and is one.
    pub(crate) fn table<'t>(
        &mut self,
        table: &'t DeTable<'t>,
        name: &str,
    ) -> Option<&'t DeTable<'t>> {
        let value = table.get(name)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(table),
            _ => {
                let reason = said!(
                    "`{name}` 要写成一张表：[{name}]",
                    "`{name}` must be a table, written as [{name}]"
                );
                self.problem(Some(value.span()), reason);
                None
            }
        }
    }

    /// A text, if it is there and is one.
    pub(crate) fn string(&mut self, table: &DeTable<'_>, name: &str) -> Option<String> {
        let value = table.get(name)?;
        match value.get_ref().as_str() {
            Some(text) => Some(text.to_string()),
            None => {
                let reason = said!("`{name}` 要写成一段文字", "`{name}` must be a text");
                self.problem(Some(value.span()), reason);
                None
            }
        }
    }

    /// A list of texts, if it is there.
    pub(crate) fn strings(&mut self, table: &DeTable<'_>, name: &str) -> Option<Vec<String>> {
        let items = self.placed_strings(table, name)?;
        Some(items.into_iter().map(Spanned::into_inner).collect())
    }

    /// A list of texts and where each stands, if it is there.
    pub(crate) fn placed_strings(
        &mut self,
        table: &DeTable<'_>,
        name: &str,
    ) -> Option<Vec<Spanned<String>>> {
        let value = table.get(name)?;
        let items = value.get_ref().as_array().map(|array| {
            let text = |item: &Spanned<DeValue<'_>>| {
                let text = item.get_ref().as_str()?;
                Some(Spanned::new(item.span(), text.to_string()))
            };
            array.iter().map(text).collect::<Option<Vec<_>>>()
        });
        match items {
            Some(Some(items)) => Some(items),
            _ => {
                let reason = said!(
                    "`{name}` 要写成若干段文字的列表，例如 [\"a\", \"b\"]",
                    "`{name}` must be a list of texts, like [\"a\", \"b\"]"
                );
                self.problem(Some(value.span()), reason);
                None
            }
        }
    }

    /// A whole number that is not negative, if it is there.
    pub(crate) fn number(&mut self, table: &DeTable<'_>, name: &str) -> Option<u32> {
        let value = table.get(name)?;
        let number = value.get_ref().as_integer().and_then(|integer| {
            let digits = integer.as_str();
            u32::from_str_radix(digits, integer.radix()).ok()
        });
        if number.is_none() {
            let reason = said!("`{name}` 要写成整数", "`{name}` must be a whole number");
            self.problem(Some(value.span()), reason);
        }
        number
    }

    /// `true` or `false`; false when it is not there.
    pub(crate) fn flag(&mut self, table: &DeTable<'_>, name: &str) -> bool {
        let Some(value) = table.get(name) else {
            return false;
        };
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            let reason = said!(
                "`{name}` 只能写 true 或 false",
                "`{name}` must be true or false"
            );
            self.problem(Some(value.span()), reason);
        }
        flag.unwrap_or_default()
    }

    /// `{ zh = "…", en = "…" }`, or one text for both.
    pub(crate) fn words(&mut self, table: &DeTable<'_>, name: &str) -> Option<Words> {
        let value = table.get(name)?;
        let words = match value.get_ref() {
            DeValue::String(text) => (Some(text.to_string()), None),
            DeValue::Table(inner) => {
                self.expect_keys(inner, &["zh", "en"]);
                (self.string(inner, "zh"), self.string(inner, "en"))
            }
            _ => (None, None),
        };
        let filled = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        match (filled(words.0), filled(words.1)) {
            (Some(zh), Some(en)) => Some(Words { zh, en }),
            (Some(one), None) | (None, Some(one)) => Some(Words::same(one)),
            (None, None) => {
                let reason = said!(
                    "`{name}` 要写成 {{ zh = \"…\", en = \"…\" }}",
                    "`{name}` must look like {{ zh = \"…\", en = \"…\" }}"
                );
                self.problem(Some(value.span()), reason);
                None
            }
        }
    }

    /// A required stable id. Anything but kebab-case is refused: the learner's work is filed under
    /// it, so it must never need to be changed later.
    pub(crate) fn id(&mut self, table: &DeTable<'_>, at: Range<usize>) -> Option<String> {
        let Some(id) = self.string(table, "id") else {
            if !table.contains_key("id") {
                let reason = said!(
                    "缺少 `id`，这一项用不了",
                    "`id` is missing, so this cannot be used"
                );
                self.problem(Some(at), reason);
            }
            return None;
        };
        if !is_kebab_case(&id) {
            let at = table.get("id").map(Spanned::span);
            let reason = said!(
                "id {id:?} 不能用：最多 64 个小写字母和数字，词与词之间一个 -",
                "id {id:?} cannot be used: write at most 64 of a–z, 0–9, with single - between words"
            );
            self.problem(at, reason);
            return None;
        }
        Some(id)
    }
}

/// `name` stands for tables and is something else.
fn no_tables(name: &str) -> Words {
    said!(
        "`{name}` 要写成 [[{name}]]",
        "`{name}` must be written as [[{name}]]"
    )
}

/// `what-is-an-agent`
pub(crate) fn is_kebab_case(id: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    id.len() <= 64 && id.split('-').all(word)
}
