//! Markdown to inert HTML.
//!
//! ```text
//! text ── pulldown-cmark ──▶ events ── writer ──▶ HTML, balanced and shallow ── clean ──▶ HTML
//!                                        │ pictures, links   what addresses lead to
//!                                        │ code              colours
//!                                        │ tags, raw         the author's own tags
//!                                        │ containers, tabs  what other book makers have
//!                                        └ footnotes, slugs, labels
//! ```
//!
//! The writer makes HTML that is well-formed whatever the author wrote; [`clean`] is the wall, and
//! allows only what the writer writes. Nothing here touches the disk.

mod addresses;
mod cells;
mod clean;
mod code;
mod containers;
mod findings;
mod footnotes;
mod labels;
mod links;
mod pictures;
mod plain;
mod raw;
mod reply;
mod slugs;
mod tabs;
mod tags;
mod writer;

use crate::drift::Shape;
use crate::model::{Course, Language};

pub use cells::Cell;
pub(crate) use findings::{About, Finding, Findings};
pub(crate) use links::{percent_decoded, percent_decoded_bytes, percent_encoded};
pub(crate) use plain::{PlainText, plain};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TextMergeWithOffset};
pub(crate) use reply::render_alone;
pub use reply::{RenderedReply, ReplyPage, render_reply};

/// One heading of a lesson's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// The anchor: an element id in the HTML, always with the prefix `h-`.
    pub id: String,
    /// 1–6.
    pub level: u8,
    /// Plain text.
    pub text: String,
}

/// Where a text stands: what its links and images are relative to.
#[derive(Clone, Copy)]
pub(crate) struct Page<'a> {
    pub(crate) course: &'a Course,
    /// The lesson's folder.
    pub(crate) folder: &'a str,
    /// Ends with `/`; empty where pictures are left out.
    pub(crate) asset_base: &'a str,
    /// Of the words we add.
    pub(crate) language: Language,
    /// Begins with `h-`.
    pub(crate) id_prefix: &'a str,
}

/// A text as HTML, and what is in it.
pub(crate) struct Rendered {
    pub(crate) html: String,
    pub(crate) contents: Contents,
}

/// What is in a text.
pub(crate) struct Contents {
    pub(crate) outline: Vec<Heading>,
    pub(crate) has_math: bool,
    pub(crate) has_diagrams: bool,
    /// The cells, hidden ones too.
    pub(crate) cells: Vec<Cell>,
    pub(crate) shape: Shape,
    pub(crate) findings: Findings,
}

/// A text up to the next heading of the second level.
pub(crate) struct Section<'a> {
    /// With its heading.
    pub(crate) text: &'a str,
    /// Lines above it in the file.
    pub(crate) line: u32,
}

/// The Markdown that is read.
pub(crate) fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM
}

/// Renders a text. Time and memory grow with its length and with nothing else.
pub(crate) fn render(text: &str, page: &Page<'_>) -> Rendered {
    let (html, contents) = write(text, page, code::BUDGET);
    let html = clean::clean(&html, page.asset_base);
    Rendered { html, contents }
}

/// What is in a text that nobody is shown: a tenth of the work of [`render`].
pub(crate) fn contents(text: &str, page: &Page<'_>) -> Contents {
    write(text, page, 0).1
}

fn write(text: &str, page: &Page<'_>, colour_budget: usize) -> (String, Contents) {
    let containers::Prepared { text, markers } = containers::prepare(text);
    let mut writer = writer::Writer::new(&text, markers, page, colour_budget);
    let events = Parser::new_ext(&text, options()).into_offset_iter();
    // In one piece: an address may hold signs that could have been marks.
    for (event, range) in TextMergeWithOffset::new(events) {
        writer.write(event, range);
    }
    writer.finish()
}

/// The parts of a text that begin with `## …`, without what stands before the first. A text with
/// no such heading is one part.
pub(crate) fn sections(text: &str) -> Vec<Section<'_>> {
    let mut depth = 0usize;
    let mut starts = Vec::new();
    for (event, range) in Parser::new_ext(text, options()).into_offset_iter() {
        match event {
            Event::Start(tag) => {
                let is_second = matches!(
                    tag,
                    Tag::Heading {
                        level: HeadingLevel::H2,
                        ..
                    }
                );
                if depth == 0 && is_second {
                    starts.push(range.start);
                }
                depth += 1;
            }
            Event::End(_) => depth -= 1,
            _ => {}
        }
    }
    if starts.is_empty() && !text.trim().is_empty() {
        starts.push(0);
    }
    let mut line = 0;
    let mut counted = 0;
    let mut sections = Vec::new();
    for (index, start) in starts.iter().enumerate() {
        let end = starts.get(index + 1).copied().unwrap_or(text.len());
        line += newlines(&text[counted..*start]);
        counted = *start;
        sections.push(Section {
            text: &text[*start..end],
            line,
        });
    }
    sections
}

/// A text as it is rendered, and where each heading begins in it, in the order of the outline.
pub(crate) fn by_heading(text: &str) -> (String, Vec<usize>) {
    let text = containers::prepare(text).text.to_string();
    let events = Parser::new_ext(&text, options()).into_offset_iter();
    let starts = events.filter_map(|(event, range)| {
        matches!(event, Event::Start(Tag::Heading { .. })).then_some(range.start)
    });
    let starts = starts.collect();
    (text, starts)
}

fn newlines(text: &str) -> u32 {
    text.bytes().filter(|byte| *byte == b'\n').count() as u32
}

/// Appends text so that HTML reads it as text, also between double quotes.
fn push_escaped(out: &mut String, text: &str) {
    for part in text.split_inclusive(['&', '<', '>', '"']) {
        let (plain, special) = match part.as_bytes().last() {
            Some(b'&') => (&part[..part.len() - 1], "&amp;"),
            Some(b'<') => (&part[..part.len() - 1], "&lt;"),
            Some(b'>') => (&part[..part.len() - 1], "&gt;"),
            Some(b'"') => (&part[..part.len() - 1], "&quot;"),
            _ => (part, ""),
        };
        out.push_str(plain);
        out.push_str(special);
    }
}
