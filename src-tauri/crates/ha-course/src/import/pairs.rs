//! The two languages of a book, lesson by lesson: which text is the other's translation.

use super::outline::Entry;
use crate::folder::Folder;
use crate::lesson::parent;
use std::collections::BTreeSet;

/// Whether a text is rather Chinese than English: one Chinese character says more than a word.
pub(super) fn is_chinese(text: &str) -> bool {
    let chinese = text.chars().filter(|c| is_han(*c)).count();
    let latin = text.chars().filter(char::is_ascii_alphabetic).count();
    chinese * 8 > latin
}

/// Whether a text with code in it is Chinese: one character in twenty is enough.
pub(super) fn has_chinese(text: &str) -> bool {
    let chinese = text.chars().filter(|c| is_han(*c)).count();
    chinese * 20 > text.chars().filter(|c| !c.is_whitespace()).count()
}

fn is_han(c: char) -> bool {
    matches!(u32::from(c), 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

/// Texts in the other language that no list names: in the folder of a listed one, alone of their
/// language.
pub(super) fn neighbours(folder: &Folder, first: &[Entry]) -> Vec<Entry> {
    let listed: BTreeSet<&str> = first
        .iter()
        .filter_map(|entry| entry.file.as_deref())
        .collect();
    let folders: BTreeSet<&str> = listed.iter().map(|file| parent(file)).collect();
    let mut found = Vec::new();
    for path in folders.into_iter().filter(|path| !path.is_empty()) {
        let in_it = listed.iter().filter(|file| parent(file) == path);
        let [own] = in_it.collect::<Vec<_>>()[..] else {
            continue;
        };
        let names = folder.names(path).unwrap_or_default();
        let others = names
            .iter()
            .filter(|(name, is_dir)| !is_dir && name.ends_with(".md"));
        let others: Vec<String> = others
            .map(|(name, _)| format!("{path}/{name}"))
            .filter(|file| file != own)
            .filter(|file| is_chinese(stem(file)) != is_chinese(stem(own)))
            .collect();
        if let [other] = &others[..] {
            found.push(Entry {
                depth: 1,
                title: heading(folder, other).unwrap_or_else(|| stem(other).to_string()),
                file: Some(other.clone()),
            });
        }
    }
    found
}

fn heading(folder: &Folder, file: &str) -> Option<String> {
    let text = folder.text(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("# "))?;
    Some(line.trim().to_string())
}

fn stem(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.strip_suffix(".md").unwrap_or(name)
}

/// The translation of a lesson among the entries of the other language: in its folder, else of its
/// number, else at its place when both lists are as long.
pub(super) fn twin(lesson: &Entry, first: &[Entry], other: &[Entry]) -> Option<Entry> {
    let file = lesson.file.as_deref()?;
    let in_folder = |entries: &[Entry], folder: &str| -> Vec<Entry> {
        let is_there = |entry: &&Entry| {
            entry
                .file
                .as_deref()
                .is_some_and(|file| parent(file) == folder)
        };
        entries.iter().filter(is_there).cloned().collect()
    };
    let folder = parent(file);
    if !folder.is_empty()
        && in_folder(first, folder).len() == 1
        && let [twin] = &in_folder(other, folder)[..]
    {
        return Some(twin.clone());
    }
    // `en/chapter1/x.md` beside `chapter1/x.md`.
    let under = other.iter().find(|entry| {
        let path = entry.file.as_deref().unwrap_or_default();
        path.split_once('/').is_some_and(|(_, rest)| rest == file)
            || file.split_once('/').is_some_and(|(_, rest)| {
                path.split_once('/').is_some_and(|(_, other)| rest == other)
                    && stem(file) == stem(path)
            })
    });
    if let Some(twin) = under {
        return Some(twin.clone());
    }
    if let Some(number) = number(&lesson.title) {
        let same = |entry: &&Entry| self::number(&entry.title) == Some(number);
        let alone = first
            .iter()
            .filter(|entry| entry.file.is_some())
            .filter(same)
            .count()
            == 1;
        let twins: Vec<&Entry> = other.iter().filter(same).collect();
        if let ([twin], true) = (&twins[..], alone) {
            return Some((*twin).clone());
        }
    }
    let listed: Vec<&Entry> = first.iter().filter(|entry| entry.file.is_some()).collect();
    let at = listed.iter().position(|entry| entry.file == lesson.file)?;
    (listed.len() == other.len()).then(|| other[at].clone())
}

/// The first number of a title: `第十二章` and `Chapter 12` are both 12.
fn number(title: &str) -> Option<u32> {
    let digits: String = title
        .chars()
        .skip_while(|c| !c.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .take(4)
        .collect();
    if let Ok(number) = digits.parse() {
        return Some(number);
    }
    let numeral: Vec<u32> = title
        .chars()
        .skip_while(|c| *c != '第')
        .skip(1)
        .map_while(|c| {
            "零一二三四五六七八九十"
                .chars()
                .position(|digit| digit == c)
        })
        .map(|digit| digit as u32)
        .collect();
    match numeral[..] {
        [] => None,
        [10] => Some(10),
        [one] => Some(one),
        [10, one] => Some(10 + one),
        [tens, 10] => Some(tens * 10),
        [tens, 10, one] => Some(tens * 10 + one),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_tell_their_language_and_number() {
        for (title, chinese, expected) in [
            ("第一章 初识智能体", true, Some(1)),
            ("第十二章", true, Some(12)),
            ("第二十章", true, Some(20)),
            ("Chapter 3 Language Models", false, Some(3)),
            ("用 Python 写 ReAct", true, None),
            ("Preface", false, None),
        ] {
            assert_eq!(
                (is_chinese(title), number(title)),
                (chinese, expected),
                "{title}"
            );
        }
    }
}
