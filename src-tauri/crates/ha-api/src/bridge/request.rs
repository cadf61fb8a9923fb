//! A program's request as our client sends it. What the client does not know is left out; what it
//! cannot send is refused.

use super::refusal::Refusal;
use ha_llm::{ChatRequest, Message, ReplyFormat, Thinking, Tool, ToolCall, ToolChoice};
use serde_json::Value;

/// The request, for the learner's model whatever the program names.
pub(super) fn chat_request(
    request: &Value,
    model: String,
    thinks: bool,
) -> Result<ChatRequest, Refusal> {
    let messages = request.get("messages").and_then(Value::as_array);
    let messages: Result<Vec<_>, _> = messages.into_iter().flatten().map(message).collect();
    let format = request
        .pointer("/response_format/type")
        .and_then(Value::as_str);
    let number = |name: &str| request.get(name).and_then(Value::as_f64);
    let tokens = ["max_tokens", "max_completion_tokens"];
    let tokens = tokens
        .iter()
        .find_map(|name| request.get(*name)?.as_u64()?.try_into().ok());
    Ok(ChatRequest {
        model,
        messages: messages?,
        tools: tools(request)?,
        tool_choice: match request.get("tool_choice") {
            Some(Value::String(choice)) if choice == "none" => ToolChoice::None,
            Some(Value::String(choice)) if choice == "required" => ToolChoice::Required,
            Some(Value::Object(_)) => ToolChoice::Required,
            _ => ToolChoice::Auto,
        },
        thinking: match thinks {
            true => Thinking::On,
            false => Thinking::Off,
        },
        temperature: number("temperature").map(|value| value as f32),
        max_tokens: tokens,
        format: match format {
            Some("json_object" | "json_schema") => ReplyFormat::JsonObject,
            _ => ReplyFormat::Text,
        },
        stop: match request.get("stop") {
            Some(Value::String(one)) => vec![one.clone()],
            Some(Value::Array(all)) => {
                let texts = all.iter().filter_map(Value::as_str);
                texts.map(String::from).take(16).collect()
            }
            _ => Vec::new(),
        },
    })
}

fn message(message: &Value) -> Result<Message, Refusal> {
    let text = content(message.get("content").unwrap_or(&Value::Null))?;
    let said = |name: &str| {
        message
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    Ok(match said("role") {
        "system" | "developer" => Message::System(text),
        "assistant" => {
            let calls = message.get("tool_calls").and_then(Value::as_array);
            Message::Assistant {
                text,
                thinking: said("reasoning_content").into(),
                tool_calls: calls.into_iter().flatten().map(call).collect(),
            }
        }
        "tool" => Message::Tool {
            call: said("tool_call_id").into(),
            text,
        },
        _ => Message::User(text),
    })
}

fn content(content: &Value) -> Result<String, Refusal> {
    let bad = || Refusal::BadRequest("a message's content must be text".into());
    match content {
        Value::Null => Ok(String::new()),
        Value::String(text) => Ok(text.clone()),
        Value::Array(parts) => {
            let texts = parts
                .iter()
                .map(|part| part.get("text").and_then(Value::as_str).ok_or_else(bad));
            Ok(texts.collect::<Result<Vec<_>, _>>()?.join("\n"))
        }
        _ => Err(bad()),
    }
}

fn call(call: &Value) -> ToolCall {
    let said = |pointer: &str| {
        let value = call.pointer(pointer).and_then(Value::as_str);
        value.unwrap_or_default().to_string()
    };
    ToolCall {
        id: said("/id"),
        name: said("/function/name"),
        arguments: said("/function/arguments"),
    }
}

fn tools(request: &Value) -> Result<Vec<Tool>, Refusal> {
    let tools = request.get("tools").and_then(Value::as_array);
    let tool = |tool: &Value| {
        let function = tool.get("function").unwrap_or(tool);
        let said = |name: &str| function.get(name).and_then(Value::as_str);
        let Some(name) = said("name") else {
            return Err(Refusal::BadRequest("a tool needs a `name`".into()));
        };
        let none = || serde_json::json!({ "type": "object", "properties": {} });
        Ok(Tool {
            name: name.into(),
            description: said("description").unwrap_or_default().into(),
            parameters: function.get("parameters").cloned().unwrap_or_else(none),
        })
    };
    tools.into_iter().flatten().map(tool).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use serde_json::json;

    #[test]
    fn the_learners_model_is_asked_whatever_the_program_names() {
        let request = json!({
            "model": "gpt-9", "base_url": "https://evil.example", "api_key": "sk-1",
            "temperature": 0.5, "max_tokens": 9, "stop": "END", "tool_choice": "required",
            "response_format": { "type": "json_object" },
            "tools": [{ "type": "function", "function": { "name": "f" } }],
            "messages": [
                { "role": "developer", "content": [{ "type": "text", "text": "be" }] },
                { "role": "assistant", "content": null, "tool_calls": [
                    { "id": "1", "function": { "name": "f", "arguments": "{}" } }] },
                { "role": "tool", "tool_call_id": "1", "content": "x" },
            ],
        });
        let sent = chat_request(&request, "mine".into(), false).unwrap();
        assert_eq!((sent.model.as_str(), sent.max_tokens), ("mine", Some(9)));
        assert_eq!(sent.stop, ["END"]);
        assert_eq!(sent.tools[0].name, "f");
        assert!(matches!(&sent.messages[0], Message::System(text) if text == "be"));
        assert!(matches!(&sent.messages[2], Message::Tool { call, .. } if call == "1"));
    }

    #[test]
    fn pictures_and_nameless_tools_are_refused() {
        for request in [
            json!({ "messages": [{ "role": "user", "content": [{ "type": "image_url" }] }] }),
            json!({ "messages": [], "tools": [{}] }),
        ] {
            assert!(
                chat_request(&request, "m".into(), false).is_err(),
                "{request}"
            );
        }
    }
}
