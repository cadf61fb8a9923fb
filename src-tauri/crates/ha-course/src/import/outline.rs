//! What a book says of itself: chapters, and where each lesson's texts are. And how that is read
//! from the lists of links in which docsify and mdBook write it.

use super::MAX_LESSONS;
use super::notebook::Staged;
use super::source::Source;
use crate::folder::is_plain_path;
use crate::lesson::parent;
use crate::markdown::{options, percent_decoded};
use crate::model::Words;
use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use std::collections::BTreeSet;

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
    /// What stands in a text where the old reader fills something in; empty when it fills in
    /// nothing.
    pub(super) fills_in: &'static str,
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
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Entry {
    /// 1 for a line of the outermost list, 0 for a heading.
    pub(super) depth: usize,
    pub(super) title: String,
    /// Where it leads, inside the book; nothing for a line that only names a part.
    pub(super) file: Option<String>,
    /// Where its further links lead: titles and files.
    pub(super) also: Vec<(String, String)>,
    /// Outside of every list, as mdBook writes what has no number.
    pub(super) loose: bool,
}

impl Entry {
    /// The entry, and one for each further link of its line.
    pub(super) fn with_others(mut self) -> Vec<Entry> {
        let also = std::mem::take(&mut self.also);
        let others = also.into_iter().map(|(title, file)| Entry {
            title,
            file: Some(file),
            ..self.clone()
        });
        let others: Vec<Entry> = others.collect();
        [vec![self], others].concat()
    }
}

/// What a list of links says.
pub(super) struct Listed {
    pub(super) entries: Vec<Entry>,
    /// Lines that lead to no text of the book: sentences.
    pub(super) lost: Vec<Words>,
}

/// A line while it is read.
#[derive(Default)]
struct Line {
    depth: usize,
    loose: bool,
    /// Where it begins in the text.
    start: usize,
    /// Before the first link, and behind the last one.
    around: [String; 2],
    /// Titles and addresses.
    links: Vec<(String, String)>,
    in_link: bool,
}

/// Reads the list of links in the file `list`. Links are relative to its folder, else to that of the
/// book; `is_there` tells which files the book has. Links to the web and to what was listed already
/// are left out.
pub(super) fn entries(text: &str, list: &str, is_there: &dyn Fn(&str) -> bool) -> Listed {
    let mut reader = Reader {
        text,
        list,
        is_there,
        listed: Listed {
            entries: Vec::new(),
            lost: Vec::new(),
        },
        dead: BTreeSet::new(),
    };
    let mut depth = 0usize;
    // The line that is being read, if it is one that counts.
    let mut open: Option<Line> = None;
    for (event, range) in Parser::new_ext(text, options()).into_offset_iter() {
        let line = |depth| Line {
            depth,
            start: range.start,
            ..Line::default()
        };
        match event {
            Event::Start(Tag::List(_)) => {
                reader.close(open.take());
                depth += 1;
            }
            Event::End(TagEnd::List(_)) => depth = depth.saturating_sub(1),
            Event::Start(Tag::Item) => open = Some(line(depth)),
            Event::Start(Tag::Heading { .. }) if depth == 0 => open = Some(line(0)),
            Event::End(TagEnd::Item | TagEnd::Heading(_)) => reader.close(open.take()),
            Event::Start(Tag::Link { dest_url, .. }) => {
                let line = open.get_or_insert_with(|| Line {
                    loose: true,
                    ..line(1)
                });
                line.links.push((String::new(), dest_url.to_string()));
                line.in_link = true;
            }
            Event::End(TagEnd::Link) => {
                if let Some(line) = &mut open {
                    line.in_link = false;
                }
            }
            // mdBook has chapters outside of every list.
            Event::End(TagEnd::Paragraph) if depth == 0 => reader.close(open.take()),
            Event::Text(text) | Event::Code(text) => {
                if let Some(line) = &mut open {
                    line.push(&text);
                }
            }
            _ => {}
        }
    }
    reader.close(open);
    reader.finish()
}

impl Line {
    fn push(&mut self, text: &str) {
        let behind = usize::from(!self.links.is_empty());
        match self.links.last_mut() {
            Some((title, _)) if self.in_link => title.push_str(text),
            _ => self.around[behind].push_str(text),
        }
    }

    /// The title of a link: with the words around it if it is the only one, and of one that is only
    /// called by its language the words before it.
    fn title(&self, link: &str) -> String {
        let [before, behind] = &self.around;
        let title = match self.links.len() {
            1 => format!("{before}{link}{behind}"),
            _ if !before.trim().is_empty() && names_language(link) => before.clone(),
            _ => format!("{before}{link}"),
        };
        title.trim().to_string()
    }
}

/// Whether a title only says in what language a text is.
pub(super) fn names_language(title: &str) -> bool {
    let title = title.trim().to_lowercase();
    [
        "中文",
        "简体中文",
        "英文",
        "英语",
        "chinese",
        "english",
        "zh",
        "cn",
        "en",
    ]
    .contains(&&*title)
}

/// Where an address leads.
enum Leads {
    /// To the first of these that is there.
    Inside(Vec<String>),
    /// To the web, or to a place on the same page.
    Elsewhere,
    /// Nowhere; the words say why.
    Nowhere(Words),
}

struct Reader<'a> {
    text: &'a str,
    list: &'a str,
    is_there: &'a dyn Fn(&str) -> bool,
    listed: Listed,
    /// Places of entries whose only use is to hold what is below them.
    dead: BTreeSet<usize>,
}

impl Reader<'_> {
    fn close(&mut self, line: Option<Line>) {
        let Some(line) = line else {
            return;
        };
        let (files, is_elsewhere) = self.files(&line);
        let is_part = line.links.is_empty() && !line.loose;
        let is_dead = files.is_empty() && !is_part;
        if is_dead && (is_elsewhere || line.loose) {
            return;
        }
        let mut files = files.into_iter();
        let (title, file) = match files.next() {
            Some((title, file)) => (title, Some(file)),
            None => {
                let link = line.links.first().map_or("", |(title, _)| title);
                (line.title(link), None)
            }
        };
        if is_dead {
            self.dead.insert(self.listed.entries.len());
        }
        self.listed.entries.push(Entry {
            depth: line.depth,
            title,
            file,
            also: files.collect(),
            loose: line.loose,
        });
    }

    /// Titles and files of a line's links, and whether one leads elsewhere. What is not there is
    /// told.
    fn files(&mut self, line: &Line) -> (Vec<(String, String)>, bool) {
        let mut files = Vec::new();
        let mut is_elsewhere = false;
        for (title, address) in &line.links {
            let title = line.title(title);
            let reason = match leads(address, parent(self.list)) {
                Leads::Elsewhere => {
                    is_elsewhere = true;
                    continue;
                }
                Leads::Nowhere(reason) => reason,
                Leads::Inside(paths) => {
                    match paths.into_iter().find(|path| (self.is_there)(path)) {
                        Some(path) => {
                            files.push((title, path));
                            continue;
                        }
                        None => said!(
                            "指向 {address}，那里没有文件",
                            "leads to {address}, which is not there"
                        ),
                    }
                }
            };
            let before = self.text.get(..line.start).unwrap_or_default();
            let number = 1 + before.bytes().filter(|byte| *byte == b'\n').count();
            let list = self.list;
            let lost = said!(
                "{list}:{number}: {title:?} {reason}",
                "{list}:{number}: {title:?} {reason}";
                reason
            );
            self.listed.lost.push(lost);
        }
        (files, is_elsewhere)
    }

    fn finish(self) -> Listed {
        let mut seen = BTreeSet::new();
        let depths: Vec<usize> = self
            .listed
            .entries
            .iter()
            .map(|entry| entry.depth)
            .collect();
        let holds = |at: usize| depths.get(at + 1).is_some_and(|next| *next > depths[at]);
        let entries = self.listed.entries.into_iter().enumerate();
        let entries = entries.filter_map(|(at, mut entry)| {
            entry.also.retain(|(_, file)| seen.insert(file.clone()));
            let is_new = |file: &String| seen.insert(file.clone());
            let counts = entry.file.as_ref().is_none_or(is_new);
            let is_used = !self.dead.contains(&at) || holds(at);
            (counts && is_used && !entry.title.is_empty()).then_some(entry)
        });
        let mut entries: Vec<Entry> = entries.collect();
        let mut lost = self.listed.lost;
        if entries.len() > MAX_LESSONS {
            entries.truncate(MAX_LESSONS);
            lost.push(said!(
                "{}: 只读前 {MAX_LESSONS} 行",
                "{}: only its first {MAX_LESSONS} lines are read",
                self.list
            ));
        }
        Listed { entries, lost }
    }
}

/// Where an address leads as a Markdown file of the book.
fn leads(address: &str, folder: &str) -> Leads {
    if address.is_empty() {
        return Leads::Nowhere(said!("还没有课文", "has no text yet"));
    }
    let address = address.trim_start_matches("#/");
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let path = percent_decoded(path);
    if path.is_empty() || path.contains(':') || path.starts_with("//") {
        return Leads::Elsewhere;
    }
    let mut paths: Vec<String> = Vec::new();
    // docsify looks from the book's folder, unless it was told otherwise.
    for folder in [folder, ""] {
        paths.extend(file(&path, folder).filter(|path| !paths.contains(path)));
    }
    match paths.is_empty() {
        true => Leads::Nowhere(said!("指到了书的外面", "leads out of the book")),
        false => Leads::Inside(paths),
    }
}

fn file(path: &str, folder: &str) -> Option<String> {
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
    let mut inside = parts.join("/");
    if inside.is_empty() || path.ends_with('/') {
        inside = format!("{inside}/README.md");
    } else if !inside.ends_with(".md") {
        inside.push_str(".md");
    }
    let inside = inside.trim_start_matches('/').to_string();
    is_plain_path(&inside).then_some(inside)
}

/// Entries as chapters: a line without a link begins one, and so does a line that has lines below
/// it. What comes before the first stands in a chapter of the book's name. Where `headings` name the
/// parts, a part goes on until the next of them, or until what stands outside of the lists.
pub(super) fn parts(entries: &[Entry], name: &str, headings: bool) -> Vec<(String, Vec<Entry>)> {
    let mut parts: Vec<(String, Vec<Entry>)> = Vec::new();
    let mut in_part = false;
    for (at, entry) in entries.iter().enumerate() {
        let next = entries.get(at + 1);
        let last = at.checked_sub(1).map(|last| &entries[last]);
        let holds = next.is_some_and(|next| next.depth > entry.depth && next.file.is_some());
        let is_heading = entry.depth == 0 && headings;
        // What follows the lists is no more of the last part.
        let leaves = entry.loose && last.is_some_and(|last| !last.loose && last.depth > 0);
        in_part = is_heading || (in_part && !leaves);
        // Back on the outermost level after a part of deeper lines: a part of its own.
        let ended = last.is_some_and(|last| last.depth > entry.depth && entry.depth == 1);
        let begins = entry.depth <= 1 && (entry.file.is_none() || holds || ended);
        if is_heading || leaves || (begins && !in_part) {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, headings: bool, expected: &str) {
        let listed = entries(text, "_sidebar.md", &|_| true);
        let parts = parts(&listed.entries, "Book", headings);
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
            false,
            "Book: 前言.md\n第一部分: chapter1/第一章 初识.md, chapter2/二.md\n第二部分: chapter3/README.md",
        );
    }

    #[test]
    fn a_line_with_lines_below_it_is_the_first_of_its_chapter() {
        check(
            "- [A](a.md)\n  - [A1](a1.md)\n- [B](b.md)\n- [C](c.md)\n",
            false,
            "A: a.md, a1.md\nB: b.md, c.md",
        );
    }

    #[test]
    fn mdbook_summaries_become_chapters() {
        check(
            "[Preface](preface.md)\n\n# Part\n\n- [One](one/index.md)\n  - [Inner](one/inner.md)\n- [Draft]()\n- [Two](two.md)\n\n# Next\n\n- [Three](three.md)\n\n---\n\n[End](end.md)\n",
            true,
            "Book: preface.md\nPart: one/index.md, one/inner.md, two.md\nNext: three.md\nEnd: end.md",
        );
    }

    #[test]
    fn what_leaves_the_book_is_no_lesson() {
        check(
            "- [x](https://a.example/x.md)\n- [y](../../y.md)\n- [z](z.md)\n",
            false,
            "Book: z.md",
        );
    }

    #[test]
    fn every_line_that_is_no_lesson_is_told() {
        let text = "- [x](https://a.example/x.md)\n- [Out](../../y.md)\n- [Gone](gone.md)\n- [Draft]()\n  - [Inner](inner.md)\n- [b](b.md) [web](https://b.example)\n";
        let listed = entries(text, "part/_sidebar.md", &|path| {
            ["part/inner.md", "b.md"].contains(&path)
        });
        let lost: Vec<_> = listed.lost.iter().map(|lost| lost.en.as_str()).collect();
        assert_eq!(
            lost,
            [
                "part/_sidebar.md:2: \"Out\" leads out of the book",
                "part/_sidebar.md:3: \"Gone\" leads to gone.md, which is not there",
                "part/_sidebar.md:4: \"Draft\" has no text yet",
            ]
        );
        let found = listed.entries.iter();
        let found: Vec<_> = found
            .map(|entry| (&*entry.title, entry.file.as_deref()))
            .collect();
        assert_eq!(
            found,
            [
                ("Draft", None),
                ("Inner", Some("part/inner.md")),
                ("b", Some("b.md"))
            ]
        );
    }

    #[test]
    fn a_line_may_have_two_links() {
        let text = "- 第一章 [中文](a.md) / [English](en/a.md)\n- [B](b.md)（选读）\n";
        let listed = entries(text, "_sidebar.md", &|_| true);
        assert_eq!(listed.entries[0].title, "第一章");
        assert_eq!(
            listed.entries[0].also,
            [("第一章".into(), "en/a.md".into())]
        );
        assert_eq!(listed.entries[1].title, "B（选读）");
    }
}
