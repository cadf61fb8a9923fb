//! Messages as the store keeps them, and as the window gets them.

use super::money::wire_cost;
use crate::ErrorCode;
use crate::wire::{
    AskKind, Chip, LessonRef, MessageState, Rung, ToolState, ToolUse, TutorMessage, TutorPart,
    TutorThread,
};
use ha_course::{Course, Language, RenderedReply, ReplyPage, render_reply};
use ha_store::{MessageRole, MessageRow, MessageStatus, ThreadRow};
use serde::{Deserialize, Serialize};

/// A typed part of a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub(crate) enum Part {
    /// What is said, as Markdown.
    Text { text: String },
    /// What the model thought.
    Thinking { text: String },
    /// What it looked up.
    Tool { tool: ToolUse },
}

/// Stands between two pieces of text that are read as one.
pub(crate) const BETWEEN: &str = "\n\n";

/// What a message is about and was made from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct About {
    pub(crate) kind: AskKind,
    #[serde(default)]
    pub(crate) rung: Option<Rung>,
    #[serde(default)]
    pub(crate) chips: Vec<Chip>,
    /// The model's limit ended the answer.
    #[serde(default)]
    pub(crate) cut: bool,
    #[serde(default)]
    pub(crate) error: Option<ErrorCode>,
}

impl About {
    pub(crate) fn of(kind: AskKind) -> About {
        About {
            kind,
            rung: None,
            chips: Vec::new(),
            cut: false,
            error: None,
        }
    }

    pub(crate) fn json(&self) -> String {
        serde_json::to_string(self).expect("names and numbers are always JSON")
    }
}

pub(crate) fn parts_json(parts: &[Part]) -> String {
    serde_json::to_string(parts).expect("texts and finite numbers are always JSON")
}

/// The parts of a message that says this and nothing else.
pub(crate) fn said(text: &str) -> Vec<Part> {
    vec![Part::Text { text: text.into() }]
}

/// A row's parts; a damaged row has none. A tool that nothing uses any more was interrupted.
pub(crate) fn parts(row: &MessageRow) -> Vec<Part> {
    let mut parts: Vec<Part> = serde_json::from_str(&row.parts).unwrap_or_default();
    if row.status != MessageStatus::Streaming {
        interrupt(&mut parts);
    }
    parts
}

/// Nothing is on its way any more.
pub(crate) fn interrupt(parts: &mut [Part]) {
    for part in parts {
        if let Part::Tool { tool } = part
            && tool.state == ToolState::Running
        {
            tool.state = ToolState::Interrupted;
        }
    }
}

/// All that a message says.
pub(crate) fn words(parts: &[Part]) -> String {
    let texts: Vec<&str> = parts
        .iter()
        .filter_map(|part| match part {
            Part::Text { text } if !text.is_empty() => Some(text.as_str()),
            _ => None,
        })
        .collect();
    texts.join(BETWEEN)
}

pub(crate) fn about(row: &MessageRow) -> About {
    serde_json::from_str(&row.about).unwrap_or_else(|_| About::of(AskKind::Question))
}

/// Where messages are shown: their links lead to lessons of this course.
#[derive(Clone, Copy)]
pub(crate) struct Shelf<'a> {
    pub(crate) course: &'a Course,
    pub(crate) lesson: &'a str,
    pub(crate) language: Language,
}

impl Shelf<'_> {
    pub(crate) fn html(&self, id: &str, text: &str) -> RenderedReply {
        let id: String = id
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(8)
            .collect();
        render_reply(
            text,
            &ReplyPage {
                course: self.course,
                lesson: self.lesson,
                language: self.language,
                id: &format!("m{id}"),
            },
        )
    }

    pub(crate) fn message(&self, row: &MessageRow) -> TutorMessage {
        let about = about(row);
        let parts = parts(row);
        let text = words(&parts);
        let mut has_math = false;
        let shown = parts.into_iter().map(|part| match part {
            Part::Text { text } => {
                let rendered = self.html(&row.id, &text);
                has_math |= rendered.has_math;
                let html = rendered.html;
                TutorPart::Text { html, text }
            }
            Part::Thinking { text } => TutorPart::Thinking { text },
            Part::Tool { tool } => TutorPart::Tool { tool },
        });
        let parts = shown.collect();
        TutorMessage {
            id: row.id.clone(),
            parent: row.parent.clone(),
            mine: row.role == MessageRole::User,
            kind: about.kind,
            state: match row.status {
                MessageStatus::Streaming => MessageState::Streaming,
                MessageStatus::Done => MessageState::Done,
                MessageStatus::Stopped => MessageState::Stopped,
                MessageStatus::Failed => MessageState::Failed,
                MessageStatus::Lost => MessageState::Lost,
            },
            at: row.created_at.0 as f64,
            text,
            parts,
            has_math,
            rung: about.rung,
            chips: about.chips,
            cut: about.cut,
            model: row.model.clone(),
            cost: row.spent.as_ref().map(wire_cost),
            error: about.error,
        }
    }
}

pub(crate) fn wire_thread(row: ThreadRow) -> TutorThread {
    TutorThread {
        id: row.id,
        lesson: LessonRef {
            course: row.course,
            lesson: row.lesson,
        },
        title: row.title,
        at: row.updated_at.0 as f64,
        leaf: row.leaf,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ha_store::Timestamp;

    fn row(status: MessageStatus, parts: &str) -> MessageRow {
        MessageRow {
            number: 1,
            id: "m".into(),
            thread: "t".into(),
            parent: None,
            role: MessageRole::Assistant,
            status,
            created_at: Timestamp(0),
            model: String::new(),
            request_id: String::new(),
            spent: None,
            about: "{}".into(),
            parts: parts.into(),
        }
    }

    const USED: &str = r#"[{"type":"text","text":"Let me look."},{"type":"tool","tool":{"id":1,
        "kind":"searchLessons","asked":"x","state":"running","places":[],"ms":0}}]"#;

    fn check(status: MessageStatus, expected: ToolState) {
        let parts = parts(&row(status, USED));
        assert_eq!(words(&parts), "Let me look.");
        let Some(Part::Tool { tool }) = parts.last() else {
            panic!("the tool is gone: {parts:?}")
        };
        assert_eq!(tool.state, expected, "{status:?}");
    }

    #[test]
    fn a_tool_that_nothing_uses_any_more_was_interrupted() {
        check(MessageStatus::Streaming, ToolState::Running);
        check(MessageStatus::Lost, ToolState::Interrupted);
        check(MessageStatus::Stopped, ToolState::Interrupted);
    }

    #[test]
    fn what_was_kept_before_there_were_tools_is_read_and_damage_is_nothing() {
        let old = r#"[{"type":"thinking","text":"hm"},{"type":"text","text":"So."}]"#;
        assert_eq!(words(&parts(&row(MessageStatus::Done, old))), "So.");
        for broken in ["", "{", "[{\"type\":\"song\"}]"] {
            assert!(
                parts(&row(MessageStatus::Done, broken)).is_empty(),
                "{broken}"
            );
        }
    }
}
