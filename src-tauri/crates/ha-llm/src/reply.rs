//! Puts the pieces of a streamed reply together: words pass at once, tool calls when they are whole.

use crate::status;
use crate::wire::{Chunk, ToolPiece};
use crate::{ChatEvent, Finish, LlmError, ToolCall, Usage};
use std::mem;

/// Calls in one reply; a model that asks for more has lost its way.
const CALLS: usize = 64;

/// A reply so far.
#[derive(Debug, Default)]
pub(crate) struct Reply {
    calls: Vec<PartialCall>,
    /// Bytes of words and arguments.
    bytes: usize,
    limit: usize,
    /// Whether anything came that a reader sees.
    pub(crate) spoke: bool,
    pub(crate) finish: Option<Finish>,
    pub(crate) usage: Option<Usage>,
    pub(crate) model: String,
    pub(crate) id: String,
}

#[derive(Debug)]
struct PartialCall {
    index: usize,
    id: String,
    name: String,
    arguments: String,
}

impl Reply {
    /// A reply of at most `limit` bytes.
    pub(crate) fn new(limit: usize) -> Reply {
        Reply {
            limit,
            ..Reply::default()
        }
    }

    /// Takes one event's data and appends what it says to `events`; words of the same kind that
    /// came together stay together.
    ///
    /// # Errors
    /// [`LlmError::Malformed`] for what is no chunk of a reply, the service's own error for an error
    /// object, [`LlmError::ReplyTooLarge`].
    pub(crate) fn take(
        &mut self,
        data: &str,
        key: Option<&str>,
        events: &mut Vec<ChatEvent>,
    ) -> Result<(), LlmError> {
        let chunk: Chunk = serde_json::from_str(data)
            .map_err(|_| LlmError::Malformed("an event is not what the protocol says"))?;
        if let Some(error) = chunk.error {
            return Err(status::in_stream(&error, key));
        }
        if self.id.is_empty() {
            self.id = chunk.id.unwrap_or_default();
        }
        if self.model.is_empty() {
            self.model = chunk.model.unwrap_or_default();
        }
        if let Some(usage) = chunk.usage {
            self.usage = Some(usage.into());
        }
        for choice in chunk.choices.unwrap_or_default().into_iter().take(1) {
            if let Some(delta) = choice.delta {
                self.say(delta.reasoning_content, ChatEvent::Thinking, events)?;
                self.say(delta.content, ChatEvent::Delta, events)?;
                for piece in delta.tool_calls.unwrap_or_default() {
                    self.call(piece)?;
                }
            }
            if let Some(reason) = choice.finish_reason {
                self.finish = Some(finish(&reason)?);
            }
        }
        Ok(())
    }

    /// The calls that came, whole now.
    pub(crate) fn calls(&mut self) -> Vec<ChatEvent> {
        let calls = mem::take(&mut self.calls).into_iter();
        let whole = calls.enumerate().map(|(place, call)| ToolCall {
            // The answer has to name the call, and some services give it no name.
            id: match call.id.is_empty() {
                true => format!("call_{place}"),
                false => call.id,
            },
            name: call.name,
            arguments: call.arguments,
        });
        whole.map(ChatEvent::ToolCall).collect()
    }

    fn say(
        &mut self,
        words: Option<String>,
        kind: fn(String) -> ChatEvent,
        events: &mut Vec<ChatEvent>,
    ) -> Result<(), LlmError> {
        let Some(words) = words.filter(|words| !words.is_empty()) else {
            return Ok(());
        };
        self.count(words.len())?;
        match (events.last_mut(), kind(words)) {
            (Some(ChatEvent::Delta(before)), ChatEvent::Delta(more))
            | (Some(ChatEvent::Thinking(before)), ChatEvent::Thinking(more)) => {
                before.push_str(&more);
            }
            (_, event) => events.push(event),
        }
        Ok(())
    }

    fn call(&mut self, piece: ToolPiece) -> Result<(), LlmError> {
        let named = piece.id.as_deref().is_some_and(|id| !id.is_empty());
        // A service that does not number its calls begins each with an id.
        let index = piece.index.unwrap_or_else(|| match named {
            true => self.calls.len(),
            false => self.calls.len().saturating_sub(1),
        });
        let id = piece.id.unwrap_or_default();
        let (name, arguments) = match piece.function {
            Some(function) => (
                function.name.unwrap_or_default(),
                function.arguments.unwrap_or_default(),
            ),
            None => Default::default(),
        };
        self.count(id.len() + name.len() + arguments.len())?;
        if let Some(call) = self.calls.iter_mut().find(|call| call.index == index) {
            if call.id.is_empty() {
                call.id = id;
            }
            call.name.push_str(&name);
            call.arguments.push_str(&arguments);
            return Ok(());
        }
        if self.calls.len() == CALLS {
            return Err(LlmError::Malformed("the model asks for too many tools"));
        }
        self.calls.push(PartialCall {
            index,
            id,
            name,
            arguments,
        });
        Ok(())
    }

    fn count(&mut self, bytes: usize) -> Result<(), LlmError> {
        self.spoke = true;
        self.bytes += bytes;
        match self.bytes > self.limit {
            true => Err(LlmError::ReplyTooLarge { limit: self.limit }),
            false => Ok(()),
        }
    }
}

/// DeepSeek ends a reply with `insufficient_system_resource` when it ran out of machines: the reply
/// is not whole, and that is its fault.
fn finish(reason: &str) -> Result<Finish, LlmError> {
    Ok(match reason {
        "stop" => Finish::Stop,
        "length" => Finish::Length,
        "tool_calls" | "function_call" => Finish::ToolCalls,
        "content_filter" => Finish::ContentFilter,
        "insufficient_system_resource" => return Err(LlmError::Overloaded { retry_after: None }),
        _ => Finish::Other,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use serde_json::json;

    fn take(reply: &mut Reply, chunks: &[serde_json::Value]) -> Result<Vec<ChatEvent>, LlmError> {
        let mut events = Vec::new();
        for chunk in chunks {
            reply.take(&chunk.to_string(), None, &mut events)?;
        }
        Ok(events)
    }

    fn delta(delta: serde_json::Value) -> serde_json::Value {
        json!({ "id": "r", "model": "m", "choices": [{ "index": 0, "delta": delta, "finish_reason": null }] })
    }

    fn tool(piece: serde_json::Value) -> serde_json::Value {
        delta(json!({ "tool_calls": [piece] }))
    }

    #[test]
    fn words_of_one_kind_stay_together() {
        let chunks = [
            delta(json!({ "role": "assistant", "content": null, "reasoning_content": "hm" })),
            delta(json!({ "reasoning_content": "…" })),
            delta(json!({ "content": "你" })),
            delta(json!({ "content": "" })),
            delta(json!({ "content": "好" })),
        ];
        let mut reply = Reply::new(100);
        let events = take(&mut reply, &chunks).unwrap();
        assert_eq!(
            events,
            [
                ChatEvent::Thinking("hm…".into()),
                ChatEvent::Delta("你好".into())
            ]
        );
        assert_eq!(
            (reply.model.as_str(), reply.id.as_str(), reply.spoke),
            ("m", "r", true)
        );
    }

    fn check_calls(pieces: &[serde_json::Value], expected: &[(&str, &str, &str)]) {
        let mut reply = Reply::new(1_000);
        let pieces: Vec<_> = pieces.iter().cloned().map(tool).collect();
        assert_eq!(take(&mut reply, &pieces).unwrap(), []);
        let expected = expected.iter().map(|(id, name, arguments)| {
            ChatEvent::ToolCall(ToolCall {
                id: (*id).into(),
                name: (*name).into(),
                arguments: (*arguments).into(),
            })
        });
        assert_eq!(reply.calls(), expected.collect::<Vec<_>>());
    }

    #[test]
    fn streamed_arguments_become_whole_calls() {
        check_calls(
            &[
                json!({ "index": 0, "id": "a", "type": "function", "function": { "name": "run", "arguments": "" } }),
                json!({ "index": 0, "function": { "arguments": "{\"x\":" } }),
                json!({ "index": 1, "id": "b", "function": { "name": "read", "arguments": "{}" } }),
                json!({ "index": 0, "function": { "arguments": "1}" } }),
            ],
            &[("a", "run", "{\"x\":1}"), ("b", "read", "{}")],
        );
    }

    #[test]
    fn calls_without_numbers_or_names_are_told_apart() {
        check_calls(
            &[
                json!({ "id": "a", "function": { "name": "run", "arguments": "1" } }),
                json!({ "function": { "arguments": "2" } }),
                json!({ "id": "b", "function": { "name": "run", "arguments": "3" } }),
            ],
            &[("a", "run", "12"), ("b", "run", "3")],
        );
        check_calls(
            &[json!({ "index": 0, "function": { "name": "run", "arguments": "{}" } })],
            &[("call_0", "run", "{}")],
        );
    }

    #[test]
    fn usage_comes_with_or_without_a_choice() {
        let mut reply = Reply::new(100);
        take(
            &mut reply,
            &[json!({ "choices": [], "usage": { "prompt_tokens": 5, "completion_tokens": 2 } })],
        )
        .unwrap();
        assert_eq!(reply.usage.unwrap().input, 5);
        take(
            &mut reply,
            &[json!({ "choices": [{ "delta": {}, "finish_reason": "stop" }], "usage": null })],
        )
        .unwrap();
        assert_eq!(reply.usage.unwrap().input, 5);
        assert_eq!(reply.finish, Some(Finish::Stop));
    }

    #[test]
    fn a_reply_up_to_the_limit_passes_and_a_larger_one_does_not() {
        let words = |count: usize| [delta(json!({ "content": "x".repeat(count) }))];
        assert!(take(&mut Reply::new(10), &words(10)).is_ok());
        let refused = Err(LlmError::ReplyTooLarge { limit: 10 });
        assert_eq!(take(&mut Reply::new(10), &words(11)), refused);
        let arguments = tool(json!({ "index": 0, "function": { "arguments": "x".repeat(11) } }));
        assert_eq!(take(&mut Reply::new(10), &[arguments]), refused);
        let many: Vec<_> = (0..=CALLS)
            .map(|index| tool(json!({ "index": index, "id": "x" })))
            .collect();
        assert!(take(&mut Reply::new(1 << 20), &many[..CALLS]).is_ok());
        assert!(take(&mut Reply::new(1 << 20), &many).is_err());
    }

    fn check_error(chunk: serde_json::Value, expected: &str) {
        assert_eq!(
            take(&mut Reply::new(10), &[chunk]).unwrap_err().name(),
            expected
        );
    }

    #[test]
    fn an_error_inside_a_stream_is_an_error() {
        check_error(
            json!({ "error": { "message": "boom", "type": "server_error", "code": null } }),
            "service_fault",
        );
        check_error(json!({ "error": "model crashed" }), "service_fault");
        check_error(
            json!({ "error": { "message": "slow", "code": "rate_limit_exceeded" } }),
            "rate_limited",
        );
        check_error(
            json!({ "choices": [{ "delta": {}, "finish_reason": "insufficient_system_resource" }] }),
            "overloaded",
        );
        check_error(json!("words"), "malformed");
    }
}
