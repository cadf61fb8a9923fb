//! What of a request counts when it is compared: roles, words and calls. Model, temperature, stream,
//! ids, spaces at the ends and the order of keys do not.

use serde_json::Value;

/// A request as it is compared.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Asked {
    Chat(Vec<Said>),
    Tool { name: String, arguments: String },
}

/// One message as it is compared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Said {
    pub(super) role: String,
    pub(super) text: String,
    /// Name and arguments of each call, in order.
    pub(super) calls: Vec<(String, String)>,
}

/// The messages of a request. What is no message says nothing.
pub(super) fn messages(request: &Value) -> Vec<Said> {
    let messages = request.get("messages").and_then(Value::as_array);
    messages.into_iter().flatten().map(said).collect()
}

/// The names of the tools that a request offers, sorted.
pub(super) fn tools(request: &Value) -> Vec<String> {
    let tools = request.get("tools").and_then(Value::as_array);
    let name = |tool: &Value| {
        let name = tool
            .as_str()
            .or_else(|| tool.pointer("/function/name")?.as_str());
        name.or_else(|| tool.get("name")?.as_str())
            .map(String::from)
    };
    let mut names: Vec<String> = tools.into_iter().flatten().filter_map(name).collect();
    names.sort();
    names
}

/// The name of the tool whose answer is the last message; none when that is something else.
pub(super) fn answered_tool(request: &Value) -> Option<String> {
    let messages = request.get("messages")?.as_array()?;
    let last = messages.last()?;
    if last.get("role")?.as_str()? != "tool" {
        return None;
    }
    let id = last.get("tool_call_id");
    let calls = messages.iter().rev().filter_map(|message| {
        let calls = message.get("tool_calls")?.as_array()?;
        calls.iter().find(|call| call.get("id") == id)
    });
    let asked = id.and_then(|_| calls.map(call).next());
    let told = || Some(last.get("name")?.as_str()?.to_string());
    asked.map(|(name, _)| name).or_else(told)
}

fn said(message: &Value) -> Said {
    let role = message.get("role").and_then(Value::as_str);
    let role = match role.unwrap_or("user") {
        "developer" => "system",
        other => other,
    };
    let calls = message.get("tool_calls").and_then(Value::as_array);
    Said {
        role: role.into(),
        text: words(message.get("content").unwrap_or(&Value::Null)),
        calls: calls.into_iter().flatten().map(call).collect(),
    }
}

fn call(call: &Value) -> (String, String) {
    let function = call.get("function").unwrap_or(call);
    let name = function.get("name").and_then(Value::as_str);
    let arguments = function.get("arguments").unwrap_or(&Value::Null);
    (name.unwrap_or_default().into(), canonical_text(arguments))
}

/// The words of a content: a text, or parts of which some are texts.
pub(super) fn words(content: &Value) -> String {
    let text = match content {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(parts) => {
            let texts = parts.iter().map(|part| match part.get("text") {
                Some(Value::String(text)) => text.clone(),
                _ => canonical(part),
            });
            texts.collect::<Vec<_>>().join("\n")
        }
        other => canonical(other),
    };
    text.replace("\r\n", "\n").trim().to_string()
}

/// JSON that came as a text is compared as JSON; a text that is none, as it is.
pub(super) fn canonical_text(value: &Value) -> String {
    match value {
        Value::String(text) => match serde_json::from_str::<Value>(text) {
            Ok(parsed) => canonical(&parsed),
            Err(_) => text.trim().to_string(),
        },
        other => canonical(other),
    }
}

/// JSON with its keys in order and without spaces.
pub(super) fn canonical(value: &Value) -> String {
    match value {
        Value::Object(object) => {
            let mut items: Vec<_> = object.iter().collect();
            items.sort_by_key(|(key, _)| key.as_str());
            let items = items.into_iter().map(|(key, value)| {
                let key = Value::from(key.as_str());
                format!("{key}:{}", canonical(value))
            });
            format!("{{{}}}", items.collect::<Vec<_>>().join(","))
        }
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(canonical).collect();
            format!("[{}]", items.join(","))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check_same(one: Value, other: Value) {
        let asked = |message: Value| messages(&json!({ "messages": [message] }));
        assert_eq!(asked(one), asked(other));
    }

    #[test]
    fn what_does_not_count_does_not_count() {
        check_same(
            json!({ "role": "user", "content": " hi\r\nyou \n" }),
            json!({ "content": "hi\nyou", "role": "user", "name": "me" }),
        );
        check_same(
            json!({ "role": "user", "content": [{ "type": "text", "text": "hi" }] }),
            json!({ "role": "user", "content": "hi" }),
        );
        check_same(
            json!({ "role": "assistant", "content": null, "tool_calls": [{ "id": "x",
                "function": { "name": "f", "arguments": "{\"b\": 1, \"a\": [2]}" } }] }),
            json!({ "role": "assistant", "tool_calls": [
                { "name": "f", "arguments": { "a": [2], "b": 1 } }] }),
        );
        check_same(
            json!({ "role": "developer", "content": "x" }),
            json!({ "role": "system", "content": "x" }),
        );
    }

    #[test]
    fn tools_count_by_their_names() {
        let request =
            json!({ "tools": ["b", { "type": "function", "function": { "name": "a" } }] });
        assert_eq!(tools(&request), ["a", "b"]);
        assert!(tools(&json!({ "tools": 1 })).is_empty());
    }

    #[test]
    fn arguments_that_are_no_json_are_compared_as_they_are() {
        assert_eq!(canonical_text(&json!(" {oops ")), "{oops");
    }
}
