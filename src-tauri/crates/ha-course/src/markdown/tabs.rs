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
//! Here they are sections with titles. Which of them is seen is the page's business; without it
//! all are.

use super::push_escaped;
use super::writer::Writer;

/// All tabs that belong together.
const TABS: &str = "tabs";
/// One of them.
const TAB: &str = "tab";

/// What a comment says about tabs.
pub(super) enum Edge {
    Start,
    End,
}

/// Reads a block of the author's tags that is nothing but such a comment.
pub(super) fn edge(block: &str) -> Option<Edge> {
    let inner = block.trim().strip_prefix("<!--")?.strip_suffix("-->")?;
    match inner.trim() {
        "tabs:start" => Some(Edge::Start),
        "tabs:end" => Some(Edge::End),
        _ => None,
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
    pub(super) fn tabs_edge(&mut self, edge: Edge) {
        self.close_raw(TAB);
        match edge {
            Edge::Start => {
                self.open_raw(TABS, "<div class=\"tabs\">\n", "</div>\n");
            }
            Edge::End => {
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
