//! Footnotes: numbered in the order in which the text mentions them, written at its end.

use super::writer::Writer;
use super::{About, labels, push_escaped};
use std::collections::HashMap;

/// The footnotes of one page.
#[derive(Default)]
pub(super) struct Footnotes {
    /// Labels in the order of their first mention; the number is the place plus one.
    mentioned: Vec<String>,
    numbers: HashMap<String, usize>,
    bodies: HashMap<String, (String, u32)>,
    /// Labels of the definitions that are being written.
    open: Vec<String>,
}

impl Footnotes {
    pub(super) fn begin(&mut self, label: &str) {
        self.open.push(label.to_lowercase());
    }

    pub(super) fn end(&mut self, body: String, line: u32) {
        if let Some(label) = self.open.pop() {
            self.bodies.entry(label).or_insert((body, line));
        }
    }

    /// The number of a mention, and whether it is the first one.
    fn number(&mut self, label: &str) -> (usize, bool) {
        let label = label.to_lowercase();
        if let Some(number) = self.numbers.get(&label) {
            return (*number, false);
        }
        self.mentioned.push(label.clone());
        self.numbers.insert(label, self.mentioned.len());
        (self.mentioned.len(), true)
    }
}

impl Writer<'_> {
    /// A mention. No heading's anchor holds a dot, so ours clash with none.
    pub(super) fn note_reference(&mut self, label: &str) {
        let (number, is_first) = self.notes.number(label);
        let prefix = self.page.id_prefix;
        if self.links > 0 {
            return self.out.push_str(&format!("<sup>{number}</sup>"));
        }
        let id = match is_first {
            true => format!(" id=\"{prefix}ref.{number}\""),
            false => String::new(),
        };
        self.out.push_str(&format!(
            "<sup><a class=\"footnote\" href=\"#{prefix}note.{number}\"{id}>{number}</a></sup>"
        ));
    }

    /// The list at the end.
    pub(super) fn write_notes(&mut self) {
        let mut notes = std::mem::take(&mut self.notes);
        let language = self.page.language;
        let prefix = self.page.id_prefix;
        if !notes.mentioned.is_empty() {
            self.out
                .push_str("<section class=\"footnotes\" aria-label=\"");
            push_escaped(&mut self.out, labels::footnotes(language));
            self.out.push_str("\"><ol>\n");
            for (index, label) in notes.mentioned.iter().enumerate() {
                let number = index + 1;
                let (body, _) = notes.bodies.remove(label).unwrap_or_default();
                let back = labels::back(language);
                self.out.push_str(&format!(
                    "<li id=\"{prefix}note.{number}\">{body}<a class=\"footnote-back\" href=\"#{prefix}ref.{number}\" aria-label=\"{back}\">↩</a></li>\n"
                ));
            }
            self.out.push_str("</ol></section>\n");
        }
        for (label, (_, line)) in notes.bodies {
            let reason = said!(
                "课文里没有引用脚注 [^{label}]，所以不显示它",
                "the footnote [^{label}] is never mentioned, so it is not shown"
            );
            self.tell_at(line, About::Other, reason);
        }
    }
}
