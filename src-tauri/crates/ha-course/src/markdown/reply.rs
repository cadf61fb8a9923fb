//! Markdown that no author wrote: what a model answers, and sentences of our own.
//!
//! The same writer and the same wall as a lesson's. A reply may be half there, so it is also given
//! in two parts: what further text cannot change any more, and the block that is still growing.

use super::{Page, Rendered, options, render};
use crate::model::{Course, Language, Words};
use pulldown_cmark::{Event, Parser, Tag};
use std::path::PathBuf;

/// What a reply stands beside.
#[derive(Clone, Copy)]
pub struct ReplyPage<'a> {
    /// Its lessons can be linked to.
    pub course: &'a Course,
    /// The id of the lesson that is talked about.
    pub lesson: &'a str,
    /// Of the words that are added.
    pub language: Language,
    /// Tells the anchors of this reply from those of every other text: a–z and 0–9.
    pub id: &'a str,
}

/// A reply as sanitised HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedReply {
    /// The HTML, in the classes that lessons have.
    pub html: String,
    /// Whether the page must load the maths renderer.
    pub has_math: bool,
}

/// Renders a reply. Time and memory grow with its length and with nothing else. Pictures are left
/// out: a model knows none of the course's, and those of the web are not loaded.
pub fn render_reply(text: &str, page: &ReplyPage<'_>) -> RenderedReply {
    let lesson = page.course.lesson(page.lesson);
    let folder = lesson.map_or("", |(_, lesson, ..)| lesson.path.as_str());
    let id_prefix = format!("h-{}-", page.id);
    let rendered = render(
        text,
        &Page {
            course: page.course,
            folder,
            asset_base: "",
            language: page.language,
            id_prefix: &id_prefix,
        },
    );
    RenderedReply {
        html: rendered.html,
        has_math: rendered.contents.has_math,
    }
}

impl RenderedReply {
    /// Where the last block of a growing text begins, in bytes: everything before it is final.
    /// Footnotes, link definitions and elements that come later are the exception; the whole text is
    /// rendered once more when it is complete.
    ///
    /// A line that is not whole begins no block: a `|` may become the next row of a table, and a `2`
    /// the next item of a list.
    pub fn growing_from(text: &str) -> usize {
        let whole_lines = &text[..text.rfind('\n').map_or(0, |end| end + 1)];
        let mut depth = 0usize;
        let mut last = 0;
        for (event, range) in Parser::new_ext(whole_lines, options()).into_offset_iter() {
            match event {
                Event::Start(tag) => {
                    if depth == 0 && !matches!(tag, Tag::FootnoteDefinition(_)) {
                        last = range.start;
                    }
                    depth += 1;
                }
                Event::End(_) => depth -= 1,
                Event::Rule if depth == 0 => last = range.start,
                _ => {}
            }
        }
        last
    }
}

/// Renders a text that belongs to no course.
pub(crate) fn render_alone(text: &str, language: Language) -> Rendered {
    let nowhere = Course {
        id: String::new(),
        version: String::new(),
        title: Words::default(),
        summary: Words::default(),
        license: String::new(),
        authors: Vec::new(),
        code_check: Vec::new(),
        languages: Vec::new(),
        mirrors: Vec::new(),
        chapters: Vec::new(),
        dir: PathBuf::new(),
    };
    let page = Page {
        course: &nowhere,
        folder: "",
        asset_base: "",
        language,
        id_prefix: "h-alone-",
    };
    render(text, &page)
}
