//! The JSON of chat completions, as it is sent and as it comes.
//!
//! Nothing here is strict about what comes: fields that a service leaves out are empty, fields that
//! it adds are ignored.

use crate::{ChatRequest, LlmError, Message, Provider, ReplyFormat, Thinking, ToolChoice, Usage};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// Names that DeepSeek gave up in July 2026, and what they stood for: the same model without and
/// with thinking. Courses and habits still say them.
const OLD_NAMES: [(&str, &str, Thinking); 2] = [
    ("deepseek-chat", "deepseek-flash", Thinking::Off),
    ("deepseek-reasoner", "deepseek-flash", Thinking::On),
];

/// The request as this provider wants it.
///
/// # Errors
/// [`LlmError::RequestTooLarge`].
pub(crate) fn body(
    request: &ChatRequest,
    provider: Provider,
    limit: usize,
) -> Result<Vec<u8>, LlmError> {
    let (mut model, mut thinking) = (request.model.as_str(), request.thinking);
    if provider == Provider::DeepSeek
        && let Some((_, now, meant)) = OLD_NAMES.iter().find(|(old, ..)| *old == model)
    {
        model = now;
        if thinking == Thinking::Default {
            thinking = *meant;
        }
    }
    let messages: Vec<Value> = request
        .messages
        .iter()
        .map(|said| message(said, provider))
        .collect();
    let mut body = Map::new();
    body.insert("model".into(), model.into());
    body.insert("messages".into(), messages.into());
    body.insert("stream".into(), true.into());
    body.insert("stream_options".into(), json!({ "include_usage": true }));
    if provider == Provider::DeepSeek && thinking != Thinking::Default {
        let kind = if thinking == Thinking::On {
            "enabled"
        } else {
            "disabled"
        };
        body.insert("thinking".into(), json!({ "type": kind }));
    }
    options(request, &mut body);
    let bytes = serde_json::to_vec(&body).expect("a tree of strings and numbers is always JSON");
    match bytes.len() > limit {
        true => Err(LlmError::RequestTooLarge {
            bytes: bytes.len(),
            limit,
        }),
        false => Ok(bytes),
    }
}

fn options(request: &ChatRequest, body: &mut Map<String, Value>) {
    if let Some(temperature) = request.temperature {
        // Through its text: 0.3 as a number of twice the size would read 0.30000001.
        let exact: f64 = temperature.to_string().parse().unwrap_or(1.0);
        body.insert("temperature".into(), exact.into());
    }
    if let Some(tokens) = request.max_tokens {
        body.insert("max_tokens".into(), tokens.into());
    }
    if !request.stop.is_empty() {
        body.insert("stop".into(), request.stop.clone().into());
    }
    if request.format == ReplyFormat::JsonObject {
        body.insert("response_format".into(), json!({ "type": "json_object" }));
    }
    if !request.tools.is_empty() {
        let tools = request.tools.iter().map(|tool| {
            json!({ "type": "function", "function": {
                "name": tool.name,
                "description": tool.description,
                "parameters": tool.parameters,
            }})
        });
        body.insert("tools".into(), tools.collect::<Vec<_>>().into());
        let choice = match request.tool_choice {
            ToolChoice::Auto => "auto",
            ToolChoice::None => "none",
            ToolChoice::Required => "required",
        };
        body.insert("tool_choice".into(), choice.into());
    }
}

fn message(message: &Message, provider: Provider) -> Value {
    match message {
        Message::System(text) => json!({ "role": "system", "content": text }),
        Message::User(text) => json!({ "role": "user", "content": text }),
        Message::Tool { call, text } => {
            json!({ "role": "tool", "tool_call_id": call, "content": text })
        }
        Message::Assistant {
            text,
            thinking,
            tool_calls,
        } => {
            let mut said = json!({ "role": "assistant", "content": text });
            if !tool_calls.is_empty() {
                let calls = tool_calls.iter().map(|call| {
                    json!({ "id": call.id, "type": "function", "function": {
                        "name": call.name,
                        "arguments": call.arguments,
                    }})
                });
                said["tool_calls"] = calls.collect::<Vec<_>>().into();
            }
            // DeepSeek refuses a turn with tools in which a thinking is missing, also that of the
            // answer after them; it ignores what it does not need. Others get it beside calls alone.
            let wanted = provider == Provider::DeepSeek || !tool_calls.is_empty();
            if wanted && !thinking.is_empty() {
                said["reasoning_content"] = thinking.as_str().into();
            }
            said
        }
    }
}

/// One event of a stream.
#[derive(Debug, Deserialize)]
pub(crate) struct Chunk {
    #[serde(default)]
    pub(crate) id: Option<String>,
    #[serde(default)]
    pub(crate) model: Option<String>,
    #[serde(default)]
    pub(crate) choices: Option<Vec<Choice>>,
    #[serde(default)]
    pub(crate) usage: Option<WireUsage>,
    #[serde(default)]
    pub(crate) error: Option<WireError>,
}

/// One of the replies asked for; we ask for one.
#[derive(Debug, Deserialize)]
pub(crate) struct Choice {
    #[serde(default)]
    pub(crate) delta: Option<Delta>,
    #[serde(default)]
    pub(crate) finish_reason: Option<String>,
}

/// What is new.
#[derive(Debug, Deserialize)]
pub(crate) struct Delta {
    #[serde(default)]
    pub(crate) content: Option<String>,
    /// `reasoning` is what Ollama calls it.
    #[serde(default, alias = "reasoning")]
    pub(crate) reasoning_content: Option<String>,
    #[serde(default)]
    pub(crate) tool_calls: Option<Vec<ToolPiece>>,
}

/// A piece of a tool call.
#[derive(Debug, Deserialize)]
pub(crate) struct ToolPiece {
    #[serde(default)]
    pub(crate) index: Option<usize>,
    #[serde(default)]
    pub(crate) id: Option<String>,
    #[serde(default)]
    pub(crate) function: Option<FunctionPiece>,
}

/// Its function's part.
#[derive(Debug, Deserialize)]
pub(crate) struct FunctionPiece {
    #[serde(default)]
    pub(crate) name: Option<String>,
    #[serde(default)]
    pub(crate) arguments: Option<String>,
}

/// Tokens, in DeepSeek's words or in OpenAI's.
#[derive(Debug, Deserialize)]
pub(crate) struct WireUsage {
    #[serde(default)]
    prompt_tokens: u64,
    #[serde(default)]
    completion_tokens: u64,
    #[serde(default)]
    prompt_cache_hit_tokens: Option<u64>,
    #[serde(default)]
    prompt_tokens_details: Option<PromptDetails>,
    #[serde(default)]
    completion_tokens_details: Option<CompletionDetails>,
}

#[derive(Debug, Deserialize)]
struct PromptDetails {
    #[serde(default)]
    cached_tokens: Option<u64>,
}

#[derive(Debug, Deserialize)]
struct CompletionDetails {
    #[serde(default)]
    reasoning_tokens: Option<u64>,
}

impl From<WireUsage> for Usage {
    fn from(wire: WireUsage) -> Usage {
        let details = wire
            .prompt_tokens_details
            .and_then(|known| known.cached_tokens);
        let cached = wire.prompt_cache_hit_tokens.or(details).unwrap_or(0);
        let thinking = wire.completion_tokens_details;
        let thinking = thinking
            .and_then(|known| known.reasoning_tokens)
            .unwrap_or(0);
        Usage {
            input: wire.prompt_tokens,
            // A part is never more than the whole, whatever a service says.
            cached: cached.min(wire.prompt_tokens),
            output: wire.completion_tokens,
            thinking: thinking.min(wire.completion_tokens),
        }
    }
}

/// An error as a service tells it, in a stream or as the whole answer.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum WireError {
    /// As OpenAI and DeepSeek say it.
    Object {
        #[serde(default)]
        message: Option<String>,
        #[serde(default, rename = "type")]
        kind: Option<String>,
        #[serde(default)]
        code: Option<Value>,
    },
    /// As Ollama says it.
    Words(String),
}

impl WireError {
    /// What was said.
    pub(crate) fn message(&self) -> &str {
        match self {
            WireError::Object { message, .. } => message.as_deref().unwrap_or_default(),
            WireError::Words(words) => words,
        }
    }

    /// Its kind and code in one word, for looking things up.
    pub(crate) fn kind(&self) -> String {
        match self {
            WireError::Object { kind, code, .. } => {
                let code = code.as_ref().map(Value::to_string).unwrap_or_default();
                format!("{} {code}", kind.as_deref().unwrap_or_default())
            }
            WireError::Words(_) => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use crate::{Tool, ToolCall};

    fn sent(request: &ChatRequest, provider: Provider) -> Value {
        serde_json::from_slice(&body(request, provider, 1 << 20).unwrap()).unwrap()
    }

    fn request(model: &str) -> ChatRequest {
        ChatRequest {
            model: model.into(),
            messages: vec![
                Message::System("be kind".into()),
                Message::User("你好".into()),
            ],
            ..ChatRequest::default()
        }
    }

    #[test]
    fn a_plain_request_says_no_more_than_it_must() {
        let expected = json!({
            "model": "m",
            "messages": [
                { "role": "system", "content": "be kind" },
                { "role": "user", "content": "你好" },
            ],
            "stream": true,
            "stream_options": { "include_usage": true },
        });
        assert_eq!(sent(&request("m"), Provider::Compatible), expected);
    }

    fn check_model(asked: &str, thinking: Thinking, model: &str, kind: Option<&str>) {
        let request = ChatRequest {
            thinking,
            ..request(asked)
        };
        let sent = sent(&request, Provider::DeepSeek);
        assert_eq!(sent["model"], model);
        assert_eq!(sent["thinking"]["type"].as_str(), kind);
    }

    #[test]
    fn old_names_of_deepseek_mean_what_they_meant() {
        check_model(
            "deepseek-chat",
            Thinking::Default,
            "deepseek-flash",
            Some("disabled"),
        );
        check_model(
            "deepseek-reasoner",
            Thinking::Default,
            "deepseek-flash",
            Some("enabled"),
        );
        check_model(
            "deepseek-chat",
            Thinking::On,
            "deepseek-flash",
            Some("enabled"),
        );
        check_model(
            "deepseek-v4-pro",
            Thinking::Default,
            "deepseek-v4-pro",
            None,
        );
        check_model(
            "deepseek-v4-pro",
            Thinking::Off,
            "deepseek-v4-pro",
            Some("disabled"),
        );
    }

    #[test]
    fn other_services_get_names_as_they_are() {
        let mut request = request("deepseek-chat");
        request.thinking = Thinking::On;
        let sent = sent(&request, Provider::Ollama);
        assert_eq!(sent["model"], "deepseek-chat");
        assert_eq!(sent.get("thinking"), None);
    }

    #[test]
    fn options_and_tools_are_sent_as_the_protocol_says() {
        let mut request = request("m");
        request.temperature = Some(0.3);
        request.max_tokens = Some(64);
        request.stop = vec!["END".into()];
        request.format = ReplyFormat::JsonObject;
        request.tool_choice = ToolChoice::Required;
        request.tools = vec![Tool {
            name: "run".into(),
            description: "Runs it".into(),
            parameters: json!({ "type": "object" }),
        }];
        let sent = sent(&request, Provider::Compatible);
        assert_eq!(sent["temperature"], json!(0.3));
        assert_eq!(sent["max_tokens"], 64);
        assert_eq!(sent["stop"], json!(["END"]));
        assert_eq!(sent["response_format"], json!({ "type": "json_object" }));
        assert_eq!(sent["tool_choice"], "required");
        let tool = json!([{ "type": "function", "function": {
            "name": "run", "description": "Runs it", "parameters": { "type": "object" } } }]);
        assert_eq!(sent["tools"], tool);
    }

    #[test]
    fn thinking_goes_back_where_the_service_wants_it() {
        let said = |tool_calls| Message::Assistant {
            text: "a".into(),
            thinking: "hm".into(),
            tool_calls,
        };
        let call = ToolCall {
            id: "c1".into(),
            name: "run".into(),
            arguments: "{}".into(),
        };
        let plain = json!({ "role": "assistant", "content": "a" });
        assert_eq!(message(&said(vec![]), Provider::Compatible), plain);
        let with_thinking = message(&said(vec![]), Provider::DeepSeek);
        assert_eq!(with_thinking["reasoning_content"], "hm");
        assert_eq!(message(&Message::assistant("a"), Provider::DeepSeek), plain);
        let with_call = message(&said(vec![call]), Provider::Compatible);
        assert_eq!(with_call["reasoning_content"], "hm");
        assert_eq!(with_call["tool_calls"][0]["function"]["arguments"], "{}");
        let answer = Message::Tool {
            call: "c1".into(),
            text: "7".into(),
        };
        assert_eq!(
            message(&answer, Provider::Compatible),
            json!({ "role": "tool", "tool_call_id": "c1", "content": "7" })
        );
    }

    #[test]
    fn a_request_up_to_the_limit_passes_and_a_larger_one_does_not() {
        let request = request("m");
        let size = body(&request, Provider::Compatible, usize::MAX)
            .unwrap()
            .len();
        assert!(body(&request, Provider::Compatible, size).is_ok());
        assert_eq!(
            body(&request, Provider::Compatible, size - 1),
            Err(LlmError::RequestTooLarge {
                bytes: size,
                limit: size - 1
            })
        );
    }

    fn check_usage(json: Value, expected: Usage) {
        let wire: WireUsage = serde_json::from_value(json).unwrap();
        assert_eq!(Usage::from(wire), expected);
    }

    #[test]
    fn tokens_are_read_in_either_dialect() {
        let expected = Usage {
            input: 100,
            cached: 64,
            output: 30,
            thinking: 20,
        };
        check_usage(
            json!({ "prompt_tokens": 100, "completion_tokens": 30, "prompt_cache_hit_tokens": 64,
                "prompt_cache_miss_tokens": 36, "completion_tokens_details": { "reasoning_tokens": 20 } }),
            expected,
        );
        check_usage(
            json!({ "prompt_tokens": 100, "completion_tokens": 30,
                "prompt_tokens_details": { "cached_tokens": 64 },
                "completion_tokens_details": { "reasoning_tokens": 20 } }),
            expected,
        );
        check_usage(
            json!({ "prompt_tokens": 10, "completion_tokens": 3, "prompt_cache_hit_tokens": 99 }),
            Usage {
                input: 10,
                cached: 10,
                output: 3,
                thinking: 0,
            },
        );
    }
}
