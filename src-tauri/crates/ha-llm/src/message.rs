//! What is asked: messages, tools, and how the reply should be.

use serde_json::Value;

/// One request for a reply.
#[derive(Clone, Default)]
pub struct ChatRequest {
    /// The service's name of the model.
    pub model: String,
    /// The conversation, oldest first.
    pub messages: Vec<Message>,
    /// Functions that the model may ask us to call.
    pub tools: Vec<Tool>,
    /// Whether it may, must or must not.
    pub tool_choice: ToolChoice,
    /// Whether it thinks before it speaks.
    pub thinking: Thinking,
    /// From 0 to 2; the service's own default when left out.
    pub temperature: Option<f32>,
    /// Tokens of the reply at most; the service's own default when left out.
    pub max_tokens: Option<u32>,
    /// Text, or one JSON object.
    pub format: ReplyFormat,
    /// The reply ends before any of these; at most 16.
    pub stop: Vec<String>,
}

/// One message of a conversation.
#[derive(Clone, PartialEq, Eq)]
pub enum Message {
    /// What the model is told to be.
    System(String),
    /// What a person says.
    User(String),
    /// What the model said.
    Assistant {
        /// Its words.
        text: String,
        /// What it thought. Sent back beside tool calls, and to DeepSeek, which wants it for as long
        /// as a turn with tools goes on.
        thinking: String,
        /// The calls it asked for.
        tool_calls: Vec<ToolCall>,
    },
    /// What a called tool answered.
    Tool {
        /// [`ToolCall::id`] of the call.
        call: String,
        /// The answer.
        text: String,
    },
}

impl Message {
    /// Words of the model, without tool calls.
    pub fn assistant(text: impl Into<String>) -> Message {
        Message::Assistant {
            text: text.into(),
            thinking: String::new(),
            tool_calls: Vec::new(),
        }
    }
}

/// A function that the model may ask for.
#[derive(Debug, Clone, PartialEq)]
pub struct Tool {
    /// Letters, digits, `_` and `-`; at most 64.
    pub name: String,
    /// When and why to call it.
    pub description: String,
    /// A JSON schema of its arguments.
    pub parameters: Value,
}

/// A call that the model asks for. The arguments are its own words: they need not be valid JSON.
#[derive(Clone, PartialEq, Eq)]
pub struct ToolCall {
    /// Names the call; the answer repeats it.
    pub id: String,
    /// [`Tool::name`], if the model keeps to the list.
    pub name: String,
    /// JSON, as the model wrote it.
    pub arguments: String,
}

/// Whether the model may ask for tools.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ToolChoice {
    /// It may.
    #[default]
    Auto,
    /// It must not.
    None,
    /// It must ask for one.
    Required,
}

/// Whether the model thinks aloud before it answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Thinking {
    /// As the service does by itself.
    #[default]
    Default,
    /// No: faster and cheaper. Heeded by DeepSeek.
    Off,
    /// Yes. Heeded by DeepSeek.
    On,
}

/// The shape of a reply.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ReplyFormat {
    /// Anything.
    #[default]
    Text,
    /// One JSON object; the prompt has to say so too.
    JsonObject,
}

/// Conversations stay out of logs, so `Debug` of anything that holds words tells sizes alone.
macro_rules! debug_without_words {
    ($($kind:ident: $size:expr;)*) => {$(
        impl std::fmt::Debug for $kind {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let size: fn(&$kind) -> usize = $size;
                write!(formatter, "{}({} bytes)", stringify!($kind), size(self))
            }
        }
    )*};
}

debug_without_words! {
    ChatRequest: |request| request.messages.iter().map(Message::len).sum();
    Message: Message::len;
    ToolCall: |call| call.arguments.len();
}

impl Message {
    /// Bytes of text in it.
    pub fn len(&self) -> usize {
        match self {
            Message::System(text) | Message::User(text) | Message::Tool { text, .. } => text.len(),
            Message::Assistant {
                text,
                thinking,
                tool_calls,
            } => {
                let calls: usize = tool_calls.iter().map(|call| call.arguments.len()).sum();
                text.len() + thinking.len() + calls
            }
        }
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conversation_does_not_show_in_debug() {
        let call = ToolCall {
            id: "1".into(),
            name: "run".into(),
            arguments: "geheim".into(),
        };
        let request = ChatRequest {
            messages: vec![
                Message::User("geheim".into()),
                Message::Assistant {
                    text: "geheim".into(),
                    thinking: "geheim".into(),
                    tool_calls: vec![call.clone()],
                },
            ],
            ..ChatRequest::default()
        };
        let shown = format!("{request:?} {:?} {call:?}", request.messages);
        assert!(!shown.contains("geheim"), "{shown}");
        assert!(shown.contains("ChatRequest(24 bytes)"), "{shown}");
    }
}
