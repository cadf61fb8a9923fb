//! Markdown as plain words, cut at its headings: no markup, no addresses, no tags.

use super::{containers, options};
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

/// What stands under one heading.
#[derive(Default)]
pub(crate) struct PlainText {
    /// The heading's words; nothing before the first.
    pub(crate) heading: Option<String>,
    pub(crate) prose: String,
    pub(crate) code: String,
}

/// Where words go at the moment.
#[derive(PartialEq, Eq, Clone, Copy)]
enum Into {
    Heading,
    Prose,
    Code,
}

/// A text by its headings, in order; what stands before the first comes first.
pub(crate) fn plain(text: &str) -> Vec<PlainText> {
    let text = containers::prepare(text).text;
    let mut passages = vec![PlainText::default()];
    let mut into = Into::Prose;
    for event in Parser::new_ext(&text, options()) {
        if let Event::Start(Tag::Heading { .. }) = event {
            passages.push(PlainText {
                heading: Some(String::new()),
                ..PlainText::default()
            });
        }
        let passage = passages.last_mut().expect("there is one from the start");
        match event {
            Event::Start(Tag::Heading { .. }) => into = Into::Heading,
            Event::Start(Tag::CodeBlock(_)) => into = Into::Code,
            Event::End(TagEnd::Heading(_) | TagEnd::CodeBlock) => into = Into::Prose,
            Event::End(
                TagEnd::Paragraph
                | TagEnd::Item
                | TagEnd::TableRow
                | TagEnd::TableHead
                | TagEnd::HtmlBlock,
            ) => passage.prose.push('\n'),
            Event::End(TagEnd::TableCell) => passage.prose.push(' '),
            Event::Text(words)
            | Event::Code(words)
            | Event::InlineMath(words)
            | Event::DisplayMath(words) => {
                passage.part(into).push_str(&words);
            }
            Event::SoftBreak | Event::HardBreak => passage.part(into).push(' '),
            Event::Html(tags) | Event::InlineHtml(tags) => push_words(passage.part(into), &tags),
            _ => {}
        }
    }
    passages
}

impl PlainText {
    fn part(&mut self, into: Into) -> &mut String {
        match into {
            Into::Heading => self.heading.get_or_insert_default(),
            Into::Prose => &mut self.prose,
            Into::Code => &mut self.code,
        }
    }
}

/// The words between the tags of HTML: captions stand there. Entities stay as they are.
fn push_words(out: &mut String, html: &str) {
    let mut is_tag = false;
    for c in html.chars() {
        match c {
            '<' => is_tag = true,
            '>' if is_tag => {
                is_tag = false;
                out.push(' ');
            }
            c if !is_tag => out.push(c),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_at_headings_and_markup_is_gone() {
        let text = "before\n\n# One *two*\n\na [link](x.md \"t\")\nand `code`\n\n```python run\nx = 1\n```\n\n## 二\n\n<div align=\"center\"><p>图 1</p></div>\n\n| a | b |\n|---|---|\n| c | d |\n\n:::tip\nt\n:::\n";
        let passages = plain(text);
        let got: Vec<_> = passages
            .iter()
            .map(|p| {
                let words = p.prose.split_whitespace().collect::<Vec<_>>().join(" ");
                (p.heading.as_deref(), words, p.code.as_str())
            })
            .collect();
        assert_eq!(
            got,
            [
                (None, "before".to_string(), ""),
                (Some("One two"), "a link and code".to_string(), "x = 1\n"),
                (Some("二"), "图 1 a b c d t".to_string(), ""),
            ]
        );
    }
}
