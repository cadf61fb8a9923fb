//! Names of files that mean the same on every system and look like what they are.

use super::{LIST, SIGNATURE};
use crate::folder::is_plain_path;
use crate::model::Words;
use icu_normalizer::DecomposingNormalizerBorrowed;
use std::collections::BTreeSet;

/// Names that Windows keeps for devices, whatever their ending.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// Why a path cannot be in a bundle.
pub(super) fn objection(path: &str) -> Option<Words> {
    if !is_plain_path(path) {
        return Some(said!(
            "出了课程文件夹，或者含有某些系统不接受的字符",
            "leads out of the course or holds characters that some systems refuse"
        ));
    }
    if path.chars().any(is_disguise) {
        return Some(said!(
            "含有看不见的字符，或者会改变其他字符的字符",
            "holds characters that cannot be seen or that change others"
        ));
    }
    let first = folded(path.split('/').next().unwrap_or_default());
    let is_ours = path == LIST || path == SIGNATURE;
    if !is_ours && [LIST, SIGNATURE].map(folded).contains(&first) {
        return Some(said!(
            "和课程包自己的清单或签名同名",
            "has the name of the bundle's own list or signature"
        ));
    }
    path.split('/').find_map(part_objection)
}

/// Why two of these paths cannot stand side by side on every system.
pub(super) fn collision<'n>(paths: impl Iterator<Item = &'n str> + Clone) -> Option<Words> {
    let mut folds = BTreeSet::new();
    for path in paths.clone() {
        if !folds.insert(folded(path)) {
            return Some(said!(
                "{path}: 有另一个名字，只有大小写或字母的写法和它不同",
                "{path}: another name differs from it only in case or in how its letters are written"
            ));
        }
    }
    // A file cannot be a folder too.
    for path in paths {
        let mut parents = path.match_indices('/').map(|(at, _)| folded(&path[..at]));
        if parents.any(|parent| folds.contains(&parent)) {
            return Some(said!("{path} 在一个文件里面", "{path} stands in a file"));
        }
    }
    None
}

fn part_objection(part: &str) -> Option<Words> {
    if part.starts_with('.') {
        return Some(said!(
            "是隐藏文件，隐藏的东西从不打包",
            "is hidden, and what is hidden is never packed"
        ));
    }
    if part.ends_with(['.', ' ']) || part.starts_with(' ') {
        return Some(said!(
            "开头或结尾有 Windows 会去掉的字符",
            "begins or ends with what Windows drops"
        ));
    }
    if part.contains(['<', '>', '"', '|', '?', '*']) {
        return Some(said!(
            "含有 Windows 不接受的字符",
            "holds characters that Windows refuses"
        ));
    }
    let stem = part
        .split('.')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let is_numbered = ["com", "lpt"].iter().any(|device| {
        let number = stem.strip_prefix(device);
        number.is_some_and(|number| {
            number.chars().count() == 1 && number.chars().all(char::is_numeric)
        })
    });
    if DEVICES.contains(&stem.as_str()) || is_numbered {
        return Some(said!(
            "是 Windows 上设备的名字",
            "is the name of a device on Windows"
        ));
    }
    None
}

/// Letters that are not seen, turn the direction, or are put onto the letter before them: with
/// these, two different names look the same, and some systems take them for the same.
fn is_disguise(c: char) -> bool {
    matches!(
        u32::from(c),
        0xAD | 0x300..=0x36F | 0x61C | 0x115F..=0x1160 | 0x180E | 0x200B..=0x200F
            | 0x2028..=0x202E | 0x2060..=0x206F | 0x20D0..=0x20FF | 0xFE00..=0xFE0F
            | 0xFE20..=0xFE2F | 0xFEFF | 0xFFF0..=0xFFFB | 0xE0000..=0xE0FFF
    )
}

/// What two names have in common that some system takes for one: macOS compares letters however
/// they are composed, and it and Windows do without case.
pub(super) fn folded(path: &str) -> String {
    let nfd = DecomposingNormalizerBorrowed::new_nfd();
    let cased: String = nfd
        .normalize(path)
        .chars()
        .flat_map(char::to_lowercase)
        .flat_map(char::to_uppercase)
        .collect();
    nfd.normalize(&cased).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_usable_everywhere_pass() {
        for name in [
            "course.toml",
            "docs/第一章 初识智能体.md",
            "a/b/图（1）.png",
            "com.txt",
            "console.py",
            "é.md",
        ] {
            assert_eq!(objection(name), None, "{name}");
        }
    }

    #[test]
    fn names_that_are_not_do_not() {
        for name in [
            "",
            "/a",
            "../a",
            "a/../b",
            "a//b",
            "./a",
            "a\\b",
            "C:/a",
            "C:a",
            "\\\\host\\a",
            "a\0b",
            "a\nb",
            "nul",
            "NUL.txt",
            "a/con.md",
            "com1",
            "LPT9.x",
            "a.",
            "a ",
            " a",
            "a/b. /c",
            "a?b",
            "a*b",
            "a|b",
            "a<b",
            "x\u{202e}gnp.exe",
            "a\u{200b}.md",
            "e\u{301}.md",
            "\u{feff}a",
            ".git/config",
            "a/.b",
            "hacourse.sig/x",
            "HaCourse.json",
        ] {
            assert!(objection(name).is_some(), "{name:?}");
        }
        for (one, other) in [
            ("Straße/É", "STRASSE/é"),
            ("\u{f900}.md", "\u{8c48}.md"),
            ("\u{d55c}", "\u{1112}\u{1161}\u{11ab}"),
        ] {
            assert_eq!(folded(one), folded(other));
            assert!(collision([one, other].into_iter()).is_some(), "{one}");
        }
        assert!(collision(["a", "a/b"].into_iter()).is_some());
        assert_eq!(collision(["a/b", "a/c", "豈"].into_iter()), None);
    }
}
