//! Tabs, written as docsify's readers know them and as every other viewer shows in a row:
//!
//! ```text
//! <!-- tabs:start -->
//! #### **Windows**
//! …
//! #### **macOS**
//! …
//! <!-- tabs:end -->
//! ```
//!
//! A title may also be a comment, `<!-- tab:Windows -->`. Here they are sections with titles. Which of them is seen is the page's business; without it
//! all are.

use super::push_escaped;
use super::writer::Writer;

/// All tabs that belong together.
const TABS: &str = "tabs";
/// One of them.
const TAB: &str = "tab";

/// What a comment says about tabs.
pub(super) enum Mark<'a> {
    Start,
    /// The next one, with its title.
    Tab(&'a str),
    End,
}

/// Reads a block of the author's tags that is nothing but such a comment.
pub(super) fn mark(block: &str) -> Option<Mark<'_>> {
    let inner = block.trim().strip_prefix("<!--")?.strip_suffix("-->")?;
    match inner.trim() {
        "tabs:start" => Some(Mark::Start),
        "tabs:end" => Some(Mark::End),
        inner => inner.strip_prefix("tab:").map(Mark::Tab),
    }
}

/// Whether a heading is all bold, as the title of a tab is.
pub(super) fn is_title(heading: &str) -> bool {
    let text = heading.trim().trim_start_matches('#').trim();
    let inner = text
        .strip_prefix("**")
        .and_then(|text| text.strip_suffix("**"));
    inner.is_some_and(|inner| !inner.is_empty() && !inner.contains("**"))
}

impl Writer<'_> {
    pub(super) fn tabs_mark(&mut self, mark: Mark<'_>) {
        match mark {
            Mark::Start => {
                self.close_raw(TAB);
                self.open_raw(TABS, "<div class=\"tabs\">\n", "</div>\n");
            }
            Mark::Tab(title) if self.is_among_tabs() => self.tab(title),
            // A comment like any other.
            Mark::Tab(_) => {}
            Mark::End => {
                self.close_raw(TAB);
                self.close_raw(TABS);
            }
        }
    }

    /// Whether a heading here begins a tab.
    pub(super) fn is_among_tabs(&self) -> bool {
        matches!(self.innermost_raw(), Some(TABS | TAB))
    }

    /// Begins the next tab.
    pub(super) fn tab(&mut self, title: &str) {
        self.close_raw(TAB);
        let mut open = String::from("<section class=\"tab\"><p class=\"tab-title\">");
        push_escaped(&mut open, title.trim());
        open.push_str("</p>\n");
        self.open_raw(TAB, &open, "</section>\n");
    }
}
