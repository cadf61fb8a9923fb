//! An answer as far as it came: pieces of words, thinking and tools, in order.
//!
//! All its words are read, judged and searched as one text, with a blank line between two pieces;
//! every place in it is a number of bytes in that text. How it is shown and judged is `answer`'s.

use super::kept::{self, BETWEEN, Part};
use crate::wire::ToolUse;
use std::ops::Range;

/// What came of one try.
#[derive(Debug, Default)]
pub(super) struct Draft {
    parts: Vec<Part>,
    /// Bytes of the words that are shown for good.
    pub(super) sealed: usize,
    /// Bytes of the words that are shown.
    pub(super) shown: usize,
    /// Bytes of the thinking that are shown.
    pub(super) thought: usize,
}

impl Draft {
    /// A try that begins with what another one looked up.
    pub(super) fn with_tools(tools: impl IntoIterator<Item = ToolUse>) -> Draft {
        let parts = tools.into_iter().map(|tool| Part::Tool { tool });
        Draft {
            parts: parts.collect(),
            ..Draft::default()
        }
    }

    pub(super) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// More words: of the piece that grows, or of a new one behind the last tool.
    pub(super) fn say(&mut self, more: &str) {
        let from = self.turn();
        let grown = self.parts[from..].iter_mut().find_map(|part| match part {
            Part::Text { text } => Some(text),
            _ => None,
        });
        match grown {
            Some(text) => text.push_str(more),
            None => self.parts.push(Part::Text { text: more.into() }),
        }
    }

    /// More thinking, likewise.
    pub(super) fn think(&mut self, more: &str) {
        let from = self.turn();
        let grown = self.parts[from..].iter_mut().find_map(|part| match part {
            Part::Thinking { text } => Some(text),
            _ => None,
        });
        match grown {
            Some(text) => text.push_str(more),
            None => self.parts.push(Part::Thinking { text: more.into() }),
        }
    }

    /// Adds a tool, or what became of it.
    pub(super) fn put(&mut self, tool: ToolUse) {
        let there = self.parts.iter_mut().find_map(|part| match part {
            Part::Tool { tool: known } if known.id == tool.id => Some(known),
            _ => None,
        });
        match there {
            Some(known) => *known = tool,
            None => self.parts.push(Part::Tool { tool }),
        }
    }

    pub(super) fn tools(&self) -> impl Iterator<Item = &ToolUse> {
        self.parts.iter().filter_map(|part| match part {
            Part::Tool { tool } => Some(tool),
            _ => None,
        })
    }

    /// Nothing is on its way any more.
    pub(super) fn interrupt(&mut self) {
        kept::interrupt(&mut self.parts);
    }

    pub(super) fn words(&self) -> String {
        kept::words(&self.parts)
    }

    pub(super) fn thoughts(&self) -> String {
        let thoughts: Vec<&str> = self
            .parts
            .iter()
            .filter_map(|part| match part {
                Part::Thinking { text } => Some(text.as_str()),
                _ => None,
            })
            .collect();
        thoughts.join(BETWEEN)
    }

    /// Words and thinking behind the last tool: what the newest request brought.
    pub(super) fn newest(&self) -> (&str, &str) {
        let mut newest = ("", "");
        for part in &self.parts[self.turn()..] {
            match part {
                Part::Text { text } => newest.0 = text,
                Part::Thinking { text } => newest.1 = text,
                Part::Tool { .. } => {}
            }
        }
        newest
    }

    /// Where the words behind the last tool begin; the end when there are none yet.
    pub(super) fn grows_from(&self) -> usize {
        let (text, _) = self.newest();
        self.words().len() - text.len()
    }

    /// The parts, with as many bytes of their words.
    pub(super) fn within(&self, bytes: usize) -> Vec<Part> {
        let mut kept = Vec::new();
        let mut places = self.places().into_iter();
        for part in &self.parts {
            match part {
                Part::Text { text } => {
                    let start = places.next().map_or(bytes, |place| place.start);
                    let shown = &text[..bytes.saturating_sub(start).min(text.len())];
                    if !shown.is_empty() {
                        kept.push(Part::Text { text: shown.into() });
                    }
                }
                other => kept.push(other.clone()),
            }
        }
        kept
    }

    pub(super) fn truncate(&mut self, bytes: usize) {
        self.parts = self.within(bytes);
    }

    /// What is to be judged of the first `bytes` of the words: they and what the learner sees of the
    /// tools, which the model wrote as well; and the same without what stands between two pieces, in
    /// case a line goes on behind a tool.
    pub(super) fn said(&self, bytes: usize) -> Vec<String> {
        let words = self.words();
        let mut said = words[..bytes].to_string();
        for tool in self.tools() {
            said.push('\n');
            said.push_str(&tool.asked);
        }
        let places = self.places();
        if places.len() < 2 {
            return vec![said];
        }
        let joined = places
            .into_iter()
            .map(|place| &words[place.start.min(bytes)..place.end.min(bytes)]);
        let joined = joined.collect();
        vec![said, joined]
    }

    /// The parts behind the last tool.
    fn turn(&self) -> usize {
        let tool = |part: &Part| matches!(part, Part::Tool { .. });
        self.parts.iter().rposition(tool).map_or(0, |at| at + 1)
    }

    /// Where each piece of text stands among all words. An empty one has no place of its own.
    fn places(&self) -> Vec<Range<usize>> {
        let mut places = Vec::new();
        let mut end = 0;
        for part in &self.parts {
            if let Part::Text { text } = part {
                let start = match end > 0 && !text.is_empty() {
                    true => end + BETWEEN.len(),
                    false => end,
                };
                end = start + text.len();
                places.push(start..end);
            }
        }
        places
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{ToolKind, ToolState};

    fn tool(id: u32, asked: &str, state: ToolState) -> ToolUse {
        ToolUse {
            id,
            kind: ToolKind::SearchLessons,
            asked: asked.into(),
            state,
            places: Vec::new(),
            ms: 0.0,
        }
    }

    fn draft() -> Draft {
        let mut draft = Draft::default();
        draft.think("hm");
        draft.say("让我");
        draft.say("看看");
        draft.put(tool(1, "loops", ToolState::Running));
        draft.put(tool(1, "loops", ToolState::Done));
        draft.think("so");
        draft.say("Line");
        draft.think(" it is");
        draft.say(" 3.");
        draft
    }

    #[test]
    fn pieces_stand_in_the_order_in_which_they_came() {
        let draft = draft();
        assert_eq!(draft.words(), "让我看看\n\nLine 3.");
        assert_eq!(draft.thoughts(), "hm\n\nso it is");
        assert_eq!(draft.newest(), ("Line 3.", "so it is"));
        assert_eq!(draft.grows_from(), "让我看看\n\n".len());
        assert_eq!(draft.tools().count(), 1);
        assert_eq!(draft.parts().len(), 5);
    }

    #[test]
    fn words_are_cut_at_any_place_and_tools_stay() {
        let draft = draft();
        let words = draft.words();
        for bytes in (0..=words.len()).filter(|at| words.is_char_boundary(*at)) {
            let parts = draft.within(bytes);
            assert!(words.starts_with(&kept::words(&parts)), "{bytes}");
            assert!(
                kept::words(&parts).trim_end() == words[..bytes].trim_end(),
                "{bytes}"
            );
            let tools = parts
                .iter()
                .filter(|part| matches!(part, Part::Tool { .. }));
            assert_eq!(tools.count(), 1);
        }
        let mut empty = Draft::with_tools([tool(1, "", ToolState::Running)]);
        empty.interrupt();
        empty.truncate(0);
        assert_eq!(
            empty.tools().next().map(|tool| tool.state),
            Some(ToolState::Interrupted)
        );
    }

    #[test]
    fn what_is_judged_holds_the_tools_and_lines_that_go_on_behind_them() {
        let draft = draft();
        let all = draft.words().len();
        assert_eq!(
            draft.said(all),
            ["让我看看\n\nLine 3.\nloops", "让我看看Line 3."]
        );
        assert_eq!(draft.said(3), ["让\nloops", "让"]);
        let mut plain = Draft::default();
        assert_eq!(plain.said(0), [""]);
        plain.say("a");
        assert_eq!(plain.said(1), ["a"]);
    }
}
