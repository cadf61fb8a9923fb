//! Markdown events to HTML that is balanced and shallow whatever the author wrote.
//!
//! Everything open is a [`Frame`], Markdown's elements and the author's own tags alike, so the
//! writer knows what to close and how deep it is. A tag of the author's ends at the latest with
//! the Markdown around it. Without this, unclosed and nested tags could make the HTML parser that
//! comes next take minutes.

use super::cells::{Cells, Fence};
use super::containers::{self, Marker};
use super::footnotes::Footnotes;
use super::pictures::{Lone, OpenPicture, push_attribute};
use super::slugs::Slugs;
use super::{About, Contents, Findings, Heading, Page, code, labels, push_escaped, tabs};
use crate::drift::Shape;
use crate::model::Words;
use pulldown_cmark::{Alignment, Event, HeadingLevel, Tag, TagEnd};
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

/// Deepest nesting; what is deeper is written without its element. Lessons nest to about ten.
const MAX_DEPTH: usize = 32;
/// Levels of an author's `<table>`: the parser that comes next adds a body and a row to cells without.
const TABLE_LEVELS: usize = 3;

/// Something open.
struct Frame {
    close: &'static str,
    /// The author's tag, with the line it is on; none for Markdown's own elements.
    raw: Option<(&'static str, u32)>,
    /// What it adds to the depth; nothing when it cannot hold itself.
    levels: usize,
}

/// Writes one page.
pub(super) struct Writer<'a> {
    pub(super) page: &'a Page<'a>,
    text: &'a str,
    /// Where lines end, in bytes.
    newlines: Vec<usize>,
    /// Where the current event begins, in bytes.
    at: usize,
    pub(super) out: String,
    /// What was written before the heading or footnote that is being written.
    held: Vec<String>,
    frames: Vec<Frame>,
    depth: usize,
    /// Plain text of the heading that is being written.
    heading: Option<String>,
    /// That heading is the title of a tab.
    tab_title: bool,
    /// Containers' lines that were not reached yet.
    markers: HashMap<u32, Marker>,
    /// What is left to skip of the sign that made the paragraph a callout, in bytes.
    sign: usize,
    /// Where the line ends whose sign made the quote a callout, in bytes: it is written already.
    written_to: usize,
    /// Language and text of the code block that is being read.
    code: Option<(Fence, String)>,
    /// The block of the author's tags that is being read.
    raw_block: Option<String>,
    pub(super) picture: Option<OpenPicture>,
    pub(super) lone: Option<Lone>,
    /// Where the inside of the current paragraph begins in `out`; nowhere between paragraphs.
    pub(super) paragraph: usize,
    /// Links that are open: HTML has no links inside links.
    pub(super) links: usize,
    columns: Vec<Alignment>,
    column: usize,
    in_head: bool,
    pub(super) notes: Footnotes,
    slugs: Slugs,
    outline: Vec<Heading>,
    has_math: bool,
    has_diagrams: bool,
    pub(super) cells: Cells,
    shape: Shape,
    colour_budget: usize,
    pub(super) told: BTreeSet<Words>,
    pub(super) findings: Findings,
}

impl<'a> Writer<'a> {
    /// Of the text's code as many bytes as `colour_budget` says are coloured.
    pub(super) fn new(
        text: &'a str,
        markers: HashMap<u32, Marker>,
        page: &'a Page<'a>,
        colour_budget: usize,
    ) -> Self {
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Writer {
            page,
            text,
            newlines: newlines.map(|(at, _)| at).collect(),
            at: 0,
            out: String::with_capacity(text.len() * 2),
            held: Vec::new(),
            frames: Vec::new(),
            depth: 0,
            heading: None,
            tab_title: false,
            markers,
            sign: 0,
            written_to: 0,
            code: None,
            raw_block: None,
            picture: None,
            lone: None,
            paragraph: usize::MAX,
            links: 0,
            columns: Vec::new(),
            column: 0,
            in_head: false,
            notes: Footnotes::default(),
            slugs: Slugs::default(),
            outline: Vec::new(),
            has_math: false,
            has_diagrams: false,
            cells: Cells::default(),
            shape: Shape::default(),
            colour_budget,
            told: BTreeSet::new(),
            findings: Findings::default(),
        }
    }

    /// Takes the next event; `range` is where it stands in the text.
    pub(super) fn write(&mut self, event: Event<'_>, range: Range<usize>) {
        self.at = range.start;
        // Of a callout's only line the quote itself still has to end.
        if range.end <= self.written_to && !matches!(event, Event::End(TagEnd::BlockQuote(_))) {
            return;
        }
        if self.picture.is_some() {
            return self.alternative(&event);
        }
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.sentence(&text),
            Event::Code(text) => self.inline_code(&text),
            Event::InlineMath(tex) => self.math(&tex, false),
            Event::DisplayMath(tex) => self.math(&tex, true),
            Event::Html(html) => match &mut self.raw_block {
                Some(block) => block.push_str(&html),
                None => self.raw(&html),
            },
            Event::InlineHtml(html) => self.raw(&html),
            Event::FootnoteReference(label) => self.note_reference(&label),
            Event::SoftBreak => self.soft_break(range.end),
            Event::HardBreak => self.out.push_str("<br>\n"),
            Event::Rule => self.out.push_str("<hr>\n"),
            Event::TaskListMarker(done) => self.task(done),
        }
    }

    /// Closes what is open and gives the page, and what is in the text.
    pub(super) fn finish(mut self) -> (String, Contents) {
        while !self.frames.is_empty() {
            self.close_markdown();
        }
        self.write_notes();
        let headings = self.outline.iter().map(|heading| heading.level).collect();
        let contents = Contents {
            outline: self.outline,
            has_math: self.has_math,
            has_diagrams: self.has_diagrams,
            cells: self.cells.programs(),
            shape: Shape {
                headings,
                images: self.findings.images.len(),
                ..self.shape
            },
            findings: self.findings,
        };
        (self.out, contents)
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Paragraph => self.begin_paragraph(),
            Tag::Heading { .. } => {
                self.tab_title =
                    self.is_among_tabs() && self.text.get(range).is_some_and(tabs::is_title);
                self.hold();
                self.heading = Some(String::new());
            }
            Tag::BlockQuote(None) => self.quote(&range),
            Tag::BlockQuote(Some(kind)) => {
                let open = self.callout_open(kind, "");
                self.nest(&open, "</aside>\n");
            }
            Tag::CodeBlock(kind) => self.code = Some((Fence::of(&kind), String::new())),
            Tag::HtmlBlock => self.raw_block = Some(String::new()),
            Tag::List(None) => self.nest("<ul>\n", "</ul>\n"),
            Tag::List(Some(1)) => self.nest("<ol>\n", "</ol>\n"),
            Tag::List(Some(start)) => {
                self.nest(&format!("<ol start=\"{start}\">\n"), "</ol>\n");
            }
            Tag::Item => self.nest("<li>", "</li>\n"),
            Tag::FootnoteDefinition(label) => {
                self.hold();
                self.notes.begin(&label);
            }
            Tag::Table(columns) => {
                self.columns = columns;
                self.shape.tables += 1;
                let label = labels::table(self.page.language);
                let frame = format!(
                    "<div class=\"table-scroll\" role=\"group\" tabindex=\"0\" aria-label=\"{label}\"><table>\n"
                );
                self.open(&frame, "</tbody></table></div>\n");
            }
            Tag::TableHead => {
                (self.in_head, self.column) = (true, 0);
                self.open("<thead><tr>", "</tr></thead><tbody>\n");
            }
            Tag::TableRow => {
                (self.in_head, self.column) = (false, 0);
                self.open("<tr>", "</tr>\n");
            }
            Tag::TableCell => self.cell(),
            Tag::Emphasis => self.nest("<em>", "</em>"),
            Tag::Strong => self.nest("<strong>", "</strong>"),
            Tag::Strikethrough => self.nest("<del>", "</del>"),
            Tag::Link {
                dest_url, title, ..
            } => {
                let open = self.titled_link(&dest_url, &title);
                self.links += 1;
                self.nest(&open, if open.is_empty() { "" } else { "</a>" });
            }
            Tag::Image {
                dest_url, title, ..
            } => self.picture = Some(OpenPicture::new(&dest_url, &title)),
            // Extensions that are off.
            Tag::Superscript
            | Tag::Subscript
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::MetadataBlock(_) => self.open("", ""),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(level) => self.end_heading(level),
            TagEnd::CodeBlock => self.end_code(),
            TagEnd::HtmlBlock => self.end_raw_block(),
            TagEnd::FootnoteDefinition => {
                let body = self.release();
                let line = self.line();
                self.notes.end(body, line);
            }
            TagEnd::Link => {
                self.links -= 1;
                self.close_markdown();
            }
            TagEnd::Paragraph => {
                self.figure();
                self.paragraph = usize::MAX;
                self.close_markdown();
            }
            _ => self.close_markdown(),
        }
    }

    fn quote(&mut self, range: &Range<usize>) {
        let quote = self.text.get(range.clone()).unwrap_or_default();
        let Some(titled) = containers::titled(quote) else {
            return self.nest("<blockquote>\n", "</blockquote>\n");
        };
        self.written_to = range.start + titled.length;
        let (open, close) = self.titled_open(&titled);
        self.nest(&open, close);
    }

    fn begin_paragraph(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let Some(kind) = containers::docsify(rest) else {
            self.open("<p>", "</p>\n");
            self.paragraph = self.out.len();
            return;
        };
        let open = self.callout_open(kind, "") + "<p>";
        self.nest(&open, "</p>\n</aside>\n");
        // An image in it makes no figure: the frame is not only the paragraph's.
        (self.paragraph, self.sign) = (usize::MAX, "?>".len());
    }

    fn end_raw_block(&mut self) {
        let block = self.raw_block.take().unwrap_or_default();
        // A block of tags goes on until a blank line, so container lines can stand in it.
        let first = self.line();
        let mut begun = 0;
        let mut at = 0;
        for (line, text) in (first..).zip(block.split_inclusive('\n')) {
            if let Some(marker) = self.markers.remove(&line) {
                self.raw(&block[begun..at]);
                self.container(marker);
                begun = at + text.len();
            }
            at += text.len();
        }
        match tabs::mark(&block[begun..]) {
            Some(mark) => self.tabs_mark(mark),
            None => self.raw(&block[begun..]),
        }
    }

    /// Opens an element of Markdown's.
    fn open(&mut self, open: &str, close: &'static str) {
        self.out.push_str(open);
        self.frames.push(Frame {
            close,
            raw: None,
            levels: 0,
        });
    }

    /// The same for one that can hold itself: left out when it is too deep.
    fn nest(&mut self, open: &str, close: &'static str) {
        if self.is_too_deep() {
            return self.open("", "");
        }
        self.open(open, close);
        if let Some(frame) = self.frames.last_mut() {
            frame.levels = 1;
            self.depth += 1;
        }
    }

    /// Opens one of the author's tags. False when it is left out.
    pub(super) fn open_raw(&mut self, name: &'static str, open: &str, close: &'static str) -> bool {
        if self.is_too_deep() {
            return false;
        }
        self.out.push_str(open);
        let levels = if name == "table" { TABLE_LEVELS } else { 1 };
        self.depth += levels;
        self.frames.push(Frame {
            close,
            raw: Some((name, self.line())),
            levels,
        });
        true
    }

    /// Closes one of the author's tags with all that was left open in it, if it is open inside
    /// the Markdown element that we are in. False when it is not.
    pub(super) fn close_raw(&mut self, name: &str) -> bool {
        let open = self.frames.iter().rev();
        let mut open = open.map_while(|frame| frame.raw).enumerate();
        let Some((inside, _)) = open.find(|(_, (open, _))| *open == name) else {
            return false;
        };
        for _ in 0..inside {
            self.pop(true);
        }
        self.pop(false);
        true
    }

    /// The author's tag that is open without anything of Markdown's in it.
    pub(super) fn innermost_raw(&self) -> Option<&'static str> {
        let (name, _) = self.frames.last()?.raw?;
        Some(name)
    }

    /// Closes Markdown's innermost element and what the author left open in it.
    fn close_markdown(&mut self) {
        while self.frames.last().is_some_and(|frame| frame.raw.is_some()) {
            self.pop(true);
        }
        self.pop(false);
    }

    /// Changes what will close the innermost element.
    pub(super) fn close_differently(&mut self, close: &'static str) {
        if let Some(frame) = self.frames.last_mut() {
            frame.close = close;
        }
    }

    fn pop(&mut self, was_forgotten: bool) {
        let Some(frame) = self.frames.pop() else {
            return;
        };
        self.depth -= frame.levels;
        self.out.push_str(frame.close);
        if let Some((name, line)) = frame.raw {
            self.links -= usize::from(name == "a");
            if was_forgotten {
                let sign = match name {
                    ":::" => name.to_string(),
                    "tab" | "tabs" => "<!-- tabs:start -->".into(),
                    _ => format!("<{name}>"),
                };
                let reason = said!(
                    "{sign} 没有在该结束的地方结束",
                    "{sign} is not closed where it should be"
                );
                self.tell_at(line, About::Other, reason);
            }
        }
    }

    fn is_too_deep(&mut self) -> bool {
        let is_too_deep = self.depth >= MAX_DEPTH;
        if is_too_deep {
            let reason = said!(
                "嵌套超过 32 层，再深的都平铺显示",
                "nests more than 32 levels deep; what is deeper is shown flat"
            );
            self.tell_once(About::Other, reason);
        }
        is_too_deep
    }

    /// Begins to write aside from the page.
    fn hold(&mut self) {
        self.held.push(std::mem::take(&mut self.out));
        self.open("", "");
    }

    /// Ends it and gives what was written.
    fn release(&mut self) -> String {
        self.close_markdown();
        let before = self.held.pop().unwrap_or_default();
        std::mem::replace(&mut self.out, before)
    }

    fn end_heading(&mut self, level: HeadingLevel) {
        let inner = self.release();
        let text = self.heading.take().unwrap_or_default();
        if std::mem::take(&mut self.tab_title) {
            return self.tab(&text);
        }
        let (text, own) = with_own_anchor(&text);
        let (inner, _) = with_own_anchor(&inner);
        let anchor = self.slugs.unique(own.unwrap_or(text));
        let id = format!("{}{anchor}", self.page.id_prefix);
        let tag = format!("<{level} id=\"");
        self.out.push_str(&tag);
        push_escaped(&mut self.out, &id);
        self.out.push_str("\">");
        self.out.push_str(inner);
        self.out.push_str(&format!("</{level}>\n"));
        self.outline.push(Heading {
            id,
            level: level as u8,
            text: text.trim().to_string(),
        });
    }

    fn cell(&mut self) {
        let alignment = self.columns.get(self.column);
        let class = match alignment {
            Some(Alignment::Left) => " class=\"align-left\"",
            Some(Alignment::Center) => " class=\"align-center\"",
            Some(Alignment::Right) => " class=\"align-right\"",
            Some(Alignment::None) | None => "",
        };
        self.column += 1;
        match self.in_head {
            true => self.open(&format!("<th{class}>"), "</th>"),
            false => self.open(&format!("<td{class}>"), "</td>"),
        }
    }

    pub(super) fn is_in_code(&self) -> bool {
        self.code.is_some()
    }

    pub(super) fn plain(&mut self, mut text: &str) {
        if self.sign > 0 {
            let skipped = self.sign.min(text.len());
            (self.sign, text) = (self.sign - skipped, &text[skipped..]);
        }
        if let Some((_, code)) = &mut self.code {
            return code.push_str(text);
        }
        if let Some(heading) = &mut self.heading {
            heading.push_str(text);
        }
        push_escaped(&mut self.out, text);
    }

    fn inline_code(&mut self, text: &str) {
        self.out.push_str("<code>");
        self.plain(text);
        self.out.push_str("</code>");
    }

    fn math(&mut self, tex: &str, is_display: bool) {
        self.has_math = true;
        self.shape.formulas += usize::from(is_display);
        let open = format!("<span class=\"math\" data-display=\"{is_display}\">");
        self.out.push_str(&open);
        self.plain(tex);
        self.out.push_str("</span>");
    }

    fn end_code(&mut self) {
        let Some((fence, source)) = self.code.take() else {
            return;
        };
        self.shape.code += 1;
        if fence.language == "mermaid" {
            self.has_diagrams = true;
            self.out.push_str("<pre class=\"mermaid\">");
            push_escaped(&mut self.out, &source);
            return self.out.push_str("</pre>\n");
        }
        // A block that scrolls must be reachable with the keyboard.
        self.out.push_str("<pre class=\"code\" data-language=\"");
        push_escaped(&mut self.out, &fence.language);
        self.out.push('"');
        if let Some(tag) = &fence.cell {
            self.cell_seen(tag, &source);
            self.out.push_str(" data-run");
            let flags = [(tag.editable, " data-editable"), (tag.hidden, " hidden")];
            let flags = flags.into_iter().filter(|(is_set, _)| *is_set);
            flags.for_each(|(_, flag)| self.out.push_str(flag));
            for (name, value) in [
                ("data-name", &tag.name),
                ("data-after", &tag.after.join(" ")),
            ] {
                if !value.is_empty() {
                    push_attribute(&mut self.out, name, value);
                }
            }
        }
        self.out.push_str(" tabindex=\"0\"><code>");
        code::push_code(
            &mut self.out,
            &source,
            &fence.language,
            &mut self.colour_budget,
        );
        self.out.push_str("</code></pre>\n");
    }

    /// A line that ends inside a paragraph is a blank, except between Chinese characters, where a
    /// blank would be a gap.
    fn soft_break(&mut self, end: usize) {
        let after = self.text.get(end..).unwrap_or_default();
        let after = after.trim_start_matches([' ', '\t', '>']).chars().next();
        let before = self.out.chars().next_back();
        if !(before.is_some_and(is_cjk) && after.is_some_and(is_cjk)) {
            self.out.push('\n');
        }
        if let Some(heading) = &mut self.heading {
            heading.push(' ');
        }
    }

    fn task(&mut self, done: bool) {
        let label = labels::task(done, self.page.language);
        let checked = if done { " checked" } else { "" };
        let task = format!("<input type=\"checkbox\" disabled{checked} aria-label=\"{label}\"> ");
        self.out.push_str(&task);
    }

    /// The line of the current event, from 1.
    pub(super) fn line(&self) -> u32 {
        1 + self.newlines.partition_point(|newline| *newline < self.at) as u32
    }
}

/// A heading without the anchor that mdBook's authors write behind it, and that anchor: `{#name}`.
fn with_own_anchor(heading: &str) -> (&str, Option<&str>) {
    let parts = heading
        .trim_end()
        .strip_suffix('}')
        .and_then(|heading| heading.rsplit_once("{#"));
    let is_name = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    match parts {
        Some((text, name)) if !name.is_empty() && name.chars().all(is_name) => {
            (text.trim_end(), Some(name))
        }
        _ => (heading, None),
    }
}

/// Chinese characters and the punctuation that is as wide as they are.
fn is_cjk(c: char) -> bool {
    matches!(u32::from(c), 0x2E80..=0x9FFF | 0xF900..=0xFAFF | 0xFF00..=0xFF60 | 0x20000..=0x3FFFF)
}
