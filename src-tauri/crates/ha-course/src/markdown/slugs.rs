//! Headings to anchors, the way GitHub does it, so that links written for one work in the other.

use std::collections::{HashMap, HashSet};

/// Longest anchor, in characters, without its prefix and number.
const MAX_CHARS: usize = 80;

/// The anchors of one page.
#[derive(Default)]
pub(super) struct Slugs {
    used: HashSet<String>,
    next: HashMap<String, u32>,
}

impl Slugs {
    /// An anchor for a heading, unlike every one before it.
    pub(super) fn unique(&mut self, heading: &str) -> String {
        let base = slug(heading);
        let mut anchor = base.clone();
        while self.used.contains(&anchor) {
            let next = self.next.entry(base.clone()).or_insert(0);
            *next += 1;
            anchor = format!("{base}-{next}");
        }
        self.used.insert(anchor.clone());
        anchor
    }
}

fn slug(heading: &str) -> String {
    let mut slug = String::new();
    for character in heading.trim().chars().take(MAX_CHARS) {
        match character {
            ' ' | '\t' | '\n' => slug.push('-'),
            '-' | '_' => slug.push(character),
            _ if character.is_alphanumeric() => slug.extend(character.to_lowercase()),
            _ => {}
        }
    }
    match slug.is_empty() {
        true => "section".into(),
        false => slug,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(headings: &[&str], expected: &[&str]) {
        let mut slugs = Slugs::default();
        let got: Vec<_> = headings.iter().map(|text| slugs.unique(text)).collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn anchors_read_like_their_headings() {
        check(&["Hello, World!"], &["hello-world"]);
        check(&["三个词，一个圈"], &["三个词一个圈"]);
        check(&["循环 while 的两种写法"], &["循环-while-的两种写法"]);
        check(&["!!!"], &["section"]);
    }

    #[test]
    fn equal_headings_get_numbers_that_no_other_heading_has() {
        check(&["a", "a", "a"], &["a", "a-1", "a-2"]);
        check(&["a-1", "a", "a"], &["a-1", "a", "a-2"]);
    }
}
