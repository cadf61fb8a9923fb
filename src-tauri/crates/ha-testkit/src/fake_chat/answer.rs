//! What the fake service does with one request, as data: in code, or as JSON from another process.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// One answer, byte by byte if need be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Headers beside the framing's; the first is the content type.
    pub headers: Vec<(String, String)>,
    /// How the end of the body is told.
    pub framing: Framing,
    /// The body, from first to last.
    pub steps: Vec<Step>,
    /// What is done before the first byte of it.
    pub before: Option<Step>,
    /// Breaks off in the middle.
    pub cut: Option<Cut>,
    /// Sends pieces of this many bytes, each by itself.
    pub piece: Option<usize>,
}

/// How the end of a body is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Framing {
    /// Chunks, as DeepSeek streams.
    Chunked,
    /// Its length goes before it. Only for bodies without pauses.
    Length,
    /// The connection is closed.
    Close,
}

/// Where an answer breaks off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// After so many bytes, the status line and headers included.
    pub after: usize,
    /// With a reset instead of a plain end.
    pub reset: bool,
}

/// A part of a body, or what is done between two parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// A piece of what the model says.
    Words(String),
    /// A piece of what it thinks.
    Thinking(String),
    /// A piece of a tool call.
    Tool {
        /// Its number.
        index: usize,
        /// Its name, in its first piece.
        id: Option<String>,
        /// The function, in its first piece.
        name: Option<String>,
        /// A piece of its arguments.
        arguments: String,
    },
    /// The model's end: its reason, and the tokens as input, cached, output, thinking.
    End(String, [u64; 4]),
    /// Any JSON as an event.
    Event(Value),
    /// The comment of a service under load.
    KeepAlive,
    /// The mark at the end of a stream.
    Done,
    /// Any text in the body.
    Text(String),
    /// Waits, in milliseconds.
    Pause(u64),
    /// Waits for [`super::FakeChat::release`].
    Gate,
    /// Waits until the client goes.
    Hold,
    /// A step again and again; without an end when none is given.
    Repeat(Box<Step>, Option<u32>),
    /// Closes the connection here.
    Close,
    /// Resets the connection here. The client may lose what it had not read.
    Reset,
}

impl Default for Answer {
    fn default() -> Answer {
        Answer {
            status: 200,
            headers: vec![kind("text/event-stream; charset=utf-8")],
            framing: Framing::Chunked,
            steps: Vec::new(),
            before: None,
            cut: None,
            piece: None,
        }
    }
}

fn kind(kind: &str) -> (String, String) {
    ("Content-Type".into(), kind.into())
}

impl Answer {
    /// A stream of these steps, nothing added.
    pub fn stream(steps: impl IntoIterator<Item = Step>) -> Answer {
        Answer {
            steps: steps.into_iter().collect(),
            ..Answer::default()
        }
    }

    /// A good reply in these pieces.
    pub fn words(pieces: &[&str]) -> Answer {
        Answer::stream(pieces.iter().map(|piece| Step::Words((*piece).into()))).ended()
    }

    /// Adds a good end: reason, tokens and mark.
    pub fn ended(mut self) -> Answer {
        self.steps.push(Step::End("stop".into(), [100, 64, 20, 0]));
        self.steps.push(Step::Done);
        self
    }

    /// A whole answer that is no stream.
    pub fn json(body: &Value) -> Answer {
        Answer {
            headers: vec![kind("application/json")],
            framing: Framing::Length,
            steps: vec![Step::Text(body.to_string())],
            ..Answer::default()
        }
    }

    /// An error as DeepSeek tells it.
    pub fn error(status: u16, message: &str) -> Answer {
        let body = json!({ "error": {
            "message": message, "type": "invalid_request_error", "param": null, "code": "fake" } });
        Answer {
            status,
            ..Answer::json(&body)
        }
    }

    /// With one more header.
    pub fn header(mut self, name: &str, value: &str) -> Answer {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// With another content type.
    pub fn content_type(mut self, content_type: &str) -> Answer {
        self.headers[0] = kind(content_type);
        self
    }

    /// With another framing.
    pub fn framed(mut self, framing: Framing) -> Answer {
        self.framing = framing;
        self
    }

    /// With something done before its first byte.
    pub fn after(mut self, step: Step) -> Answer {
        self.before = Some(step);
        self
    }

    /// Broken off after so many bytes.
    pub fn cut(mut self, after: usize) -> Answer {
        self.cut = Some(Cut {
            after,
            reset: false,
        });
        self
    }

    /// Sent in pieces of so many bytes.
    pub fn in_pieces(mut self, bytes: usize) -> Answer {
        self.piece = Some(bytes);
        self
    }
}

impl Step {
    /// The bytes of a step that has some; `model` is the one that was asked for.
    pub(super) fn text(&self, model: &str) -> Option<String> {
        let delta = |delta: Value| Some(event(&chunk(model, delta, Value::Null, Value::Null)));
        match self {
            Step::Words(text) => delta(json!({ "content": text })),
            Step::Thinking(text) => delta(json!({ "content": null, "reasoning_content": text })),
            Step::Tool {
                index,
                id,
                name,
                arguments,
            } => {
                let mut call = json!({ "index": index, "function": { "arguments": arguments } });
                if let Some(id) = id {
                    call["id"] = json!(id);
                    call["type"] = json!("function");
                }
                if let Some(name) = name {
                    call["function"]["name"] = json!(name);
                }
                delta(json!({ "tool_calls": [call] }))
            }
            Step::End(reason, [input, cached, output, thinking]) => {
                let usage = json!({
                    "prompt_tokens": input, "completion_tokens": output,
                    "total_tokens": input + output, "prompt_cache_hit_tokens": cached,
                    "prompt_cache_miss_tokens": input.saturating_sub(*cached),
                    "completion_tokens_details": { "reasoning_tokens": thinking },
                });
                Some(event(&chunk(
                    model,
                    json!({ "content": "" }),
                    json!(reason),
                    usage,
                )))
            }
            Step::Event(value) => Some(event(value)),
            Step::KeepAlive => Some(": keep-alive\n\n".into()),
            Step::Done => Some("data: [DONE]\n\n".into()),
            Step::Text(text) => Some(text.clone()),
            Step::Pause(_)
            | Step::Gate
            | Step::Hold
            | Step::Repeat(..)
            | Step::Close
            | Step::Reset => None,
        }
    }
}

fn chunk(model: &str, delta: Value, finish: Value, usage: Value) -> Value {
    json!({
        "id": "fake-chat-1", "object": "chat.completion.chunk", "created": 1_794_744_000,
        "model": model, "system_fingerprint": "fp_fake",
        "choices": [{ "index": 0, "delta": delta, "logprobs": null, "finish_reason": finish }],
        "usage": usage,
    })
}

fn event(value: &Value) -> String {
    format!("data: {value}\n\n")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn an_answer_can_come_from_another_process() {
        let text = r#"{ "status": 429, "headers": [["Retry-After", "1"]], "framing": "length",
            "steps": [{ "text": "{}" }] }"#;
        let answer: Answer = serde_json::from_str(text).unwrap();
        assert_eq!((answer.status, answer.steps.len()), (429, 1));
        let text = r#"{ "steps": [{ "words": "hi" }, { "pause": 5 }, "gate",
            { "end": ["stop", [1, 0, 1, 0]] }, "done"] }"#;
        let answer: Answer = serde_json::from_str(text).unwrap();
        assert_eq!(answer.headers, Answer::default().headers);
        assert_eq!(answer.steps.len(), 5);
    }
}
