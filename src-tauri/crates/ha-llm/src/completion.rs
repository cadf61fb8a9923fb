//! A reply in the JSON of chat completions, as one object or as the chunks of a stream: what a program
//! that speaks to a service expects to get, from whomever.

use crate::{ToolCall, Usage};
use serde_json::{Value, json};

/// What every piece of one reply says about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyHead {
    /// Its name.
    pub id: String,
    /// The model that answers.
    pub model: String,
    /// When, in seconds since 1970 UTC.
    pub created: i64,
}

/// A reply that is complete.
#[derive(Clone, PartialEq, Eq)]
pub struct WholeReply {
    /// What it is called.
    pub head: ReplyHead,
    /// What the model says.
    pub content: String,
    /// What it thought before; empty when it told nothing.
    pub reasoning: String,
    /// The calls it asks for.
    pub tool_calls: Vec<ToolCall>,
    /// Why it ended: `stop`, `length`, `tool_calls`, `content_filter`.
    pub finish: String,
    /// Tokens.
    pub usage: Usage,
}

impl std::fmt::Debug for WholeReply {
    /// Sizes instead of words.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let calls = self.tool_calls.len();
        write!(
            formatter,
            "WholeReply({}, {} bytes, {calls} calls)",
            self.head.id,
            self.content.len()
        )
    }
}

impl WholeReply {
    /// The object that answers a request without `stream`.
    pub fn completion(&self) -> Value {
        let mut choice = json!({ "index": 0, "message": self.message() });
        choice["finish_reason"] = self.finish.as_str().into();
        json!({
            "id": self.head.id,
            "object": "chat.completion",
            "created": self.head.created,
            "model": self.head.model,
            "choices": [choice],
            "usage": usage(&self.usage),
        })
    }

    /// The model's message, as it stands in a conversation.
    pub fn message(&self) -> Value {
        let mut message = json!({ "role": "assistant", "content": self.content });
        if !self.reasoning.is_empty() {
            message["reasoning_content"] = self.reasoning.as_str().into();
        }
        if !self.tool_calls.is_empty() {
            let calls = self.tool_calls.iter().map(call).collect::<Vec<_>>();
            message["tool_calls"] = calls.into();
            if self.content.is_empty() {
                message["content"] = Value::Null;
            }
        }
        message
    }
}

impl ReplyHead {
    /// One piece of a stream: what is new, and in the last one why it ends.
    pub fn chunk(&self, delta: Value, finish: Option<&str>) -> Value {
        json!({
            "id": self.id,
            "object": "chat.completion.chunk",
            "created": self.created,
            "model": self.model,
            "choices": [{ "index": 0, "delta": delta, "finish_reason": finish }],
        })
    }
}

/// What is new in a piece that brings a call: all of it at once.
pub fn call_delta(index: usize, asked: &ToolCall) -> Value {
    let mut piece = call(asked);
    piece["index"] = index.into();
    json!({ "tool_calls": [piece] })
}

/// Tokens in the words of DeepSeek.
pub fn usage(usage: &Usage) -> Value {
    json!({
        "prompt_tokens": usage.input,
        "completion_tokens": usage.output,
        "total_tokens": usage.input + usage.output,
        "prompt_cache_hit_tokens": usage.cached,
        "prompt_cache_miss_tokens": usage.input.saturating_sub(usage.cached),
    })
}

fn call(asked: &ToolCall) -> Value {
    json!({ "id": asked.id, "type": "function", "function": {
        "name": asked.name,
        "arguments": asked.arguments,
    }})
}
