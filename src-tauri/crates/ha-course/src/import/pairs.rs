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

/// Texts in the other language that no list names: of the same path but for the language, or in the
/// folder of a listed one, alone of their language.
pub(super) fn neighbours(folder: &Folder, first: &[Entry]) -> Vec<Entry> {
    let of_name: Vec<Entry> = first
        .iter()
        .filter_map(|entry| named(folder, entry))
        .collect();
    match of_name.is_empty() {
        true => alone(folder, first),
        false => of_name,
    }
}

/// `intro.en.md` beside `intro.md`, or `en/intro.md`.
pub(super) fn named(folder: &Folder, entry: &Entry) -> Option<Entry> {
    let file = entry.file.as_deref()?;
    let rest = file.strip_suffix(".md")?;
    let code = match is_chinese(&entry.title) {
        true => "en",
        false => "zh",
    };
    let beside = [".", "_", "-"].map(|sign| format!("{rest}{sign}{code}.md"));
    let files = beside.into_iter().chain([format!("{code}/{file}")]);
    let found = files.into_iter().find(|file| folder.locate(file).is_ok())?;
    Some(Entry {
        depth: 1,
        title: heading(folder, &found).unwrap_or_else(|| stem(&found).to_string()),
        file: Some(found),
        ..Entry::default()
    })
}

fn alone(folder: &Folder, first: &[Entry]) -> Vec<Entry> {
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
                ..Entry::default()
            });
        }
    }
    found
}

/// The first heading of a text.
pub(super) fn heading(folder: &Folder, file: &str) -> Option<String> {
    let text = folder.text(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("# "))?;
    Some(line.trim().to_string())
}

fn stem(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.strip_suffix(".md").unwrap_or(name)
}

/// Which of these texts is a lesson's translation. The surest ways are tried first and for all
/// lessons, and no text is given twice: of the same path but for the language, alone in the same
/// folder, the same path below a folder that only one list has, the same number, the same place of lists that are as
/// long.
pub(super) fn paired(lessons: &[Entry], texts: &[Entry]) -> Vec<(Entry, Entry)> {
    let ways: [&dyn Fn(usize, usize) -> bool; 5] = [
        &|at, other| is_same_path(path(&lessons[at]), path(&texts[other])),
        &|at, other| {
            let folder = parent(path(&lessons[at]));
            let alone = |entries: &[Entry]| {
                let is_there = |entry: &&Entry| parent(path(entry)) == folder;
                entries.iter().filter(is_there).count() == 1
            };
            let is_same = parent(path(&texts[other])) == folder;
            is_same && !folder.is_empty() && alone(lessons) && alone(texts)
        },
        &|at, other| {
            let (one, other) = (path(&lessons[at]), path(&texts[other]));
            let has = |entries: &[Entry], folder| {
                entries.iter().any(|entry| top(path(entry)).0 == folder)
            };
            let apart = || !has(texts, top(one).0) && !has(lessons, top(other).0);
            top(one).1 == other || top(other).1 == one || (top(one).1 == top(other).1 && apart())
        },
        &|at, other| {
            let wanted = number(&lessons[at].title);
            let has = |entry: &&Entry| number(&entry.title) == wanted;
            let alone = |entries: &[Entry]| entries.iter().filter(has).count() == 1;
            wanted.is_some() && has(&&texts[other]) && alone(lessons) && alone(texts)
        },
        &|at, other| at == other && lessons.len() == texts.len(),
    ];
    let mut free: Vec<usize> = (0..texts.len()).collect();
    let mut found: Vec<Option<usize>> = vec![None; lessons.len()];
    for fits in ways {
        for (at, twin) in found.iter_mut().enumerate() {
            if twin.is_none()
                && let Some(place) = free.iter().position(|other| fits(at, *other))
            {
                *twin = Some(free.remove(place));
            }
        }
    }
    let pair =
        |(at, twin): (usize, Option<usize>)| Some((lessons[at].clone(), texts[twin?].clone()));
    found.into_iter().enumerate().filter_map(pair).collect()
}

fn path(entry: &Entry) -> &str {
    entry.file.as_deref().unwrap_or_default()
}

/// The outermost folder of a path, and the path in it.
fn top(path: &str) -> (&str, &str) {
    path.split_once('/').unwrap_or(("", path))
}

/// `intro.md` and `intro.en.md`, `zh/intro.md` and `en/intro.md`.
fn is_same_path(one: &str, other: &str) -> bool {
    one != other && without_language(one) == without_language(other)
}

fn without_language(path: &str) -> String {
    let folders = parent(path).split('/').filter(|part| code(part).is_none());
    let stem = stem(path);
    let stem = match suffix(stem) {
        Some((rest, _)) => rest,
        None => stem,
    };
    let parts = folders.filter(|part| !part.is_empty()).chain([stem]);
    parts.collect::<Vec<_>>().join("/").to_lowercase()
}

/// The language that a path names in its folders or at the end of its name: `zh`, `en`, or `other`.
pub(super) fn language_of_path(path: &str) -> Option<&'static str> {
    let suffix = suffix(stem(path)).map(|(_, code)| code);
    suffix.or_else(|| parent(path).split('/').find_map(code))
}

/// `intro.en` as what stands before the language, and the language.
fn suffix(stem: &str) -> Option<(&str, &'static str)> {
    let ends = stem.char_indices().filter(|(_, c)| ".-_".contains(*c));
    let mut parts = ends.map(|(at, _)| (&stem[..at], &stem[at + 1..]));
    parts.find_map(|(rest, end)| Some((rest, code(end).filter(|_| !rest.is_empty())?)))
}

/// What a name says of a language. Only names that hardly mean anything else.
fn code(name: &str) -> Option<&'static str> {
    match name.to_ascii_lowercase().replace('_', "-").as_str() {
        "zh" | "zh-cn" | "zh-hans" | "zh-tw" | "zh-hant" | "cn" | "chinese" => Some("zh"),
        "en" | "en-us" | "en-gb" | "english" => Some("en"),
        "de" | "de-de" | "es" | "es-es" | "fr" | "fr-fr" | "ja" | "ja-jp" | "ko" | "ko-kr"
        | "pt" | "pt-br" | "ru" | "ru-ru" | "it-it" | "vi-vn" => Some("other"),
        _ => None,
    }
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

    fn entry(title: &str, file: &str) -> Entry {
        Entry {
            depth: 1,
            title: title.into(),
            file: Some(file.into()),
            ..Entry::default()
        }
    }

    fn check(lessons: &[(&str, &str)], texts: &[(&str, &str)], expected: &[(&str, &str)]) {
        let entries = |list: &[(&str, &str)]| -> Vec<Entry> {
            list.iter()
                .map(|(title, file)| entry(title, file))
                .collect()
        };
        let found = paired(&entries(lessons), &entries(texts));
        let found: Vec<_> = found
            .iter()
            .map(|(one, other)| (path(one), path(other)))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn translations_are_found_and_no_text_is_given_twice() {
        check(
            &[("甲", "a.md"), ("乙", "b.md"), ("丙", "c.md")],
            &[("C", "c.en.md"), ("A", "en/a.md")],
            &[("a.md", "en/a.md"), ("c.md", "c.en.md")],
        );
        check(
            &[("第一章", "x.md"), ("第二章", "y.md"), ("附录", "z.md")],
            &[("Chapter 2", "two.md")],
            &[("y.md", "two.md")],
        );
        // The first is the second's by name, so that places no longer count for it.
        check(
            &[("甲", "a.md"), ("乙", "b.md")],
            &[("B", "b_en.md"), ("Other", "o.md")],
            &[("b.md", "b_en.md")],
        );
    }

    #[test]
    fn paths_tell_their_language() {
        for (path, expected) in [
            ("en/a.md", Some("en")),
            ("a.zh-CN.md", Some("zh")),
            ("docs/_sidebar_en.md", Some("en")),
            ("de-de/_sidebar.md", Some("other")),
            ("go/_sidebar.md", None),
            ("open.md", None),
        ] {
            assert_eq!(language_of_path(path), expected, "{path}");
        }
    }

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
