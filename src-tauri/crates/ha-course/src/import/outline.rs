//! What a book says of itself: chapters, and where each lesson's texts are. And how that is read
//! from the lists of links in which docsify and mdBook write it.

use super::notebook::Staged;
use super::source::Source;
use crate::folder::is_plain_path;
use crate::markdown::{options, percent_decoded};
use crate::model::Words;
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

/// A book before it is a course.
pub(super) struct Outline {
    /// What paths are relative to.
    pub(super) source: Source,
    /// What ids are made of.
    pub(super) name: String,
    pub(super) title: Words,
    pub(super) license: String,
    pub(super) authors: Vec<String>,
    pub(super) chapters: Vec<Part>,
    /// Files that the old reader needs, copied if they are there.
    pub(super) beside: Vec<String>,
    /// Texts that are there only as long as the outline is.
    pub(super) _staged: Option<Staged>,
}

/// A chapter.
pub(super) struct Part {
    pub(super) title: Words,
    pub(super) lessons: Vec<Place>,
}

/// A lesson's texts.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) title: Words,
    pub(super) zh: Option<String>,
    pub(super) en: Option<String>,
}

/// One line of a list of links.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    /// 1 for a line of the outermost list, 0 for a heading.
    pub(super) depth: usize,
    pub(super) title: String,
    /// Where it leads, inside the book; nothing for a line that only names a part.
    pub(super) file: Option<String>,
}

/// Reads a list of links. `folder` is what they are relative to; links that leave the book and
/// anchors of a page that was listed already are left out.
pub(super) fn entries(text: &str, folder: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut depth = 0usize;
    // The line that is being read, if it is one that counts.
    let mut open: Option<Entry> = None;
    for event in Parser::new_ext(text, options()) {
        match event {
            Event::Start(Tag::List(_)) => {
                entries.extend(open.take());
                depth += 1;
            }
            Event::End(TagEnd::List(_)) => depth = depth.saturating_sub(1),
            Event::Start(Tag::Item) => open = Some(line(depth)),
            Event::Start(Tag::Heading { .. }) if depth == 0 => open = Some(line(0)),
            Event::End(TagEnd::Item | TagEnd::Heading(_)) => entries.extend(open.take()),
            // mdBook has chapters outside of every list.
            Event::Start(Tag::Link { dest_url, .. }) => {
                let entry = open.get_or_insert_with(|| line(1));
                entry.file = file(&dest_url, folder);
                if entry.file.is_none() {
                    // Neither a lesson nor the name of a part.
                    open = None;
                }
            }
            Event::End(TagEnd::Paragraph) if depth == 0 => {
                entries.extend(open.take().filter(|entry| entry.file.is_some()));
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some(entry) = &mut open {
                    entry.title.push_str(&text);
                }
            }
            _ => {}
        }
    }
    entries.retain(|entry| !entry.title.trim().is_empty());
    let mut seen = std::collections::BTreeSet::new();
    entries.retain(|entry| {
        entry
            .file
            .as_ref()
            .is_none_or(|file| seen.insert(file.clone()))
    });
    for entry in &mut entries {
        entry.title = entry.title.trim().to_string();
    }
    entries
}

fn line(depth: usize) -> Entry {
    Entry {
        depth,
        title: String::new(),
        file: None,
    }
}

/// A link as a Markdown file inside the book.
fn file(address: &str, folder: &str) -> Option<String> {
    let address = address.trim_start_matches("#/");
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let path = percent_decoded(path);
    if path.is_empty() || path.contains(':') {
        return None;
    }
    let mut parts: Vec<&str> = match path.starts_with('/') {
        true => Vec::new(),
        false => folder.split('/').filter(|part| !part.is_empty()).collect(),
    };
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    let mut path = parts.join("/");
    if path.is_empty() || path.ends_with('/') || address.ends_with('/') {
        path = format!("{path}/README.md");
    } else if !path.ends_with(".md") {
        path.push_str(".md");
    }
    let path = path.trim_start_matches('/').to_string();
    is_plain_path(&path).then_some(path)
}

/// Entries as chapters: a line without a link begins one, and so does a line that has lines below
/// it. What comes before the first stands in a chapter of the book's name.
pub(super) fn parts(entries: &[Entry], name: &str) -> Vec<(String, Vec<Entry>)> {
    let mut parts: Vec<(String, Vec<Entry>)> = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        let next = entries.get(at + 1);
        let holds = next.is_some_and(|next| next.depth > entry.depth && next.file.is_some());
        let begins = entry.depth <= 1 && (entry.file.is_none() || holds);
        if begins {
            parts.push((entry.title.clone(), Vec::new()));
        } else if entry.depth <= 1 && at > 0 && ended(entries, at) {
            // Back on the outermost level after a part: a part of its own.
            parts.push((entry.title.clone(), Vec::new()));
        }
        if entry.file.is_some() {
            if parts.is_empty() {
                parts.push((name.into(), Vec::new()));
            }
            if let Some((_, lessons)) = parts.last_mut() {
                lessons.push(entry.clone());
            }
        }
    }
    parts.retain(|(_, lessons)| !lessons.is_empty());
    parts
}

/// Whether the part before a line on the outermost level was one of deeper lines.
fn ended(entries: &[Entry], at: usize) -> bool {
    entries[at - 1].depth > entries[at].depth && entries[at].depth == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let parts = parts(&entries(text, ""), "Book");
        let shown = parts.iter().map(|(title, lessons)| {
            let files = lessons.iter().filter_map(|lesson| lesson.file.as_deref());
            format!("{title}: {}", files.collect::<Vec<_>>().join(", "))
        });
        assert_eq!(shown.collect::<Vec<_>>().join("\n"), expected, "{text}");
    }

    #[test]
    fn docsify_sidebars_become_chapters() {
        check(
            "- [前言](./前言.md)\n- **第一部分**\n  - [第一章 初识](./chapter1/%E7%AC%AC%E4%B8%80%E7%AB%A0%20%E5%88%9D%E8%AF%86.md)\n    - [1.1](chapter1/第一章%20初识.md?id=x)\n  - [二](chapter2/二)\n- **第二部分**\n  - [三](/chapter3/)\n",
            "Book: 前言.md\n第一部分: chapter1/第一章 初识.md, chapter2/二.md\n第二部分: chapter3/README.md",
        );
    }

    #[test]
    fn a_line_with_lines_below_it_is_the_first_of_its_chapter() {
        check(
            "- [A](a.md)\n  - [A1](a1.md)\n- [B](b.md)\n- [C](c.md)\n",
            "A: a.md, a1.md\nB: b.md, c.md",
        );
    }

    #[test]
    fn mdbook_summaries_become_chapters() {
        check(
            "# Summary\n\n[Preface](preface.md)\n\n# Part\n\n- [One](one/index.md)\n- [Draft]()\n\n---\n\n[End](end.md)\n",
            "Summary: preface.md\nPart: one/index.md, end.md",
        );
    }

    #[test]
    fn what_leaves_the_book_is_no_lesson() {
        check(
            "- [x](https://a.example/x.md)\n- [y](../../y.md)\n- [z](z.md)\n",
            "Book: z.md",
        );
    }
}
