//! The few words that rendering adds to a lesson, in the lesson's language.

use crate::model::Language;
use pulldown_cmark::BlockQuoteKind;

/// A callout's CSS class and title.
pub(super) fn callout(kind: BlockQuoteKind, language: Language) -> (&'static str, &'static str) {
    let (class, zh, en) = match kind {
        BlockQuoteKind::Note => ("callout-note", "说明", "Note"),
        BlockQuoteKind::Tip => ("callout-tip", "提示", "Tip"),
        BlockQuoteKind::Important => ("callout-important", "重点", "Important"),
        BlockQuoteKind::Warning => ("callout-warning", "注意", "Warning"),
        BlockQuoteKind::Caution => ("callout-caution", "当心", "Caution"),
    };
    (class, pick(language, zh, en))
}

/// Names a part that unfolds and has no title.
pub(super) fn details(language: Language) -> &'static str {
    pick(language, "详情", "Details")
}

/// Names a table's scrolling frame.
pub(super) fn table(language: Language) -> &'static str {
    pick(language, "表格", "Table")
}

/// Names the footnotes.
pub(super) fn footnotes(language: Language) -> &'static str {
    pick(language, "脚注", "Footnotes")
}

/// Names the way back from a footnote.
pub(super) fn back(language: Language) -> &'static str {
    pick(language, "回到正文", "Back to the text")
}

/// Names a task's box.
pub(super) fn task(done: bool, language: Language) -> &'static str {
    match done {
        true => pick(language, "已完成", "Done"),
        false => pick(language, "未完成", "To do"),
    }
}

fn pick(language: Language, zh: &'static str, en: &'static str) -> &'static str {
    match language {
        Language::Zh => zh,
        Language::En => en,
    }
}
