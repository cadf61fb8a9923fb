//! What a program asks, read from its JSON: nothing gets further that is not what it should be.

use super::refusal::Refusal;
use crate::wire::{SpanKind, SpanPlace};
use serde_json::Value;

/// Messages of one request.
const MAX_MESSAGES: usize = 2_000;
/// Texts of one request for vectors.
const MAX_TEXTS: usize = 512;

/// One call.
pub(super) enum Asked {
    Chat(ChatCall),
    Embed(EmbedCall),
    Span(SpanCall),
    Tool(ToolAsked),
    /// Of a kind that this host does not know.
    Unknown,
}

/// What every call says of itself.
#[derive(Debug, Default)]
pub(super) struct About {
    /// The line of the program that made it.
    pub(super) place: Option<SpanPlace>,
    /// The program's name of the step around it.
    pub(super) span: Option<String>,
}

/// A request for a reply.
pub(super) struct ChatCall {
    /// In the JSON of chat completions; holds a list of messages.
    pub(super) request: Value,
    /// Whether the reply comes in pieces.
    pub(super) stream: bool,
    pub(super) about: About,
}

/// A request for vectors.
pub(super) struct EmbedCall {
    pub(super) model: Option<String>,
    pub(super) input: Vec<String>,
    pub(super) about: About,
}

/// A call of a tool of the host.
pub(super) struct ToolAsked {
    pub(super) name: String,
    pub(super) arguments: Value,
    pub(super) about: About,
}

/// A step of the program's own.
pub(super) enum SpanCall {
    Start {
        id: String,
        kind: SpanKind,
        name: String,
        about: About,
        input: Value,
        attributes: Value,
    },
    End {
        id: String,
        output: Value,
        error: Option<String>,
        attributes: Value,
    },
}

/// Reads a call.
///
/// # Errors
/// [`Refusal::BadRequest`] with what is wrong, for whoever wrote the program.
pub(super) fn read(text: &str) -> Result<Asked, Refusal> {
    let mut document: Value =
        serde_json::from_str(text).map_err(|error| bad(&format!("no JSON: {error}")))?;
    let name = document.get("name").and_then(Value::as_str).unwrap_or("");
    let name = name.to_string();
    let payload = document.get_mut("payload").map(Value::take);
    let payload = payload.unwrap_or_default();
    Ok(match name.as_str() {
        "chat" => Asked::Chat(chat(payload)?),
        "embed" => Asked::Embed(embed(&payload)?),
        "span" => Asked::Span(span(payload)?),
        "tool" => Asked::Tool(tool(payload)?),
        _ => Asked::Unknown,
    })
}

fn bad(reason: &str) -> Refusal {
    Refusal::BadRequest(reason.into())
}

fn chat(mut payload: Value) -> Result<ChatCall, Refusal> {
    let about = about(&payload, "span");
    let request = payload.get_mut("request").map(Value::take);
    let request = request.unwrap_or_default();
    let messages = request.get("messages").and_then(Value::as_array);
    let Some(messages) = messages.filter(|messages| !messages.is_empty()) else {
        return Err(bad("`messages` must be a list of messages"));
    };
    if messages.len() > MAX_MESSAGES {
        return Err(bad(&format!("at most {MAX_MESSAGES} messages")));
    }
    for (index, message) in messages.iter().enumerate() {
        let role = message.get("role").and_then(Value::as_str);
        let known = ["system", "developer", "user", "assistant", "tool"];
        if !role.is_some_and(|role| known.contains(&role)) {
            let reason = format!(
                "message {} needs a `role`: system, user, assistant or tool",
                index + 1
            );
            return Err(bad(&reason));
        }
    }
    Ok(ChatCall {
        stream: request.get("stream").and_then(Value::as_bool) == Some(true),
        request,
        about,
    })
}

fn embed(payload: &Value) -> Result<EmbedCall, Refusal> {
    let input = match payload.get("input") {
        Some(Value::String(one)) => Some(vec![one.clone()]),
        Some(Value::Array(texts)) => texts
            .iter()
            .map(|text| text.as_str().map(str::to_string))
            .collect(),
        _ => None,
    };
    let Some(input) = input.filter(|input| (1..=MAX_TEXTS).contains(&input.len())) else {
        let reason = format!("`input` must be a list of 1 to {MAX_TEXTS} texts");
        return Err(bad(&reason));
    };
    Ok(EmbedCall {
        model: text(payload, "model"),
        input,
        about: about(payload, "span"),
    })
}

fn tool(mut payload: Value) -> Result<ToolAsked, Refusal> {
    let Some(name) = text(&payload, "name") else {
        return Err(bad("a tool has a `name`"));
    };
    let about = about(&payload, "span");
    let arguments = payload.get_mut("arguments").map(Value::take);
    Ok(ToolAsked {
        name,
        arguments: arguments.unwrap_or_default(),
        about,
    })
}

fn span(mut payload: Value) -> Result<SpanCall, Refusal> {
    let Some(id) = text(&payload, "id") else {
        return Err(bad("a span needs an `id`"));
    };
    let mut take = |name: &str| payload.get_mut(name).map(Value::take).unwrap_or_default();
    let attributes = take("attributes");
    if take("event") == "end" {
        return Ok(SpanCall::End {
            id,
            output: take("output"),
            error: take("error").as_str().map(str::to_string),
            attributes,
        });
    }
    let input = take("input");
    let kind = match text(&payload, "kind").as_deref() {
        Some("tool") => SpanKind::Tool,
        Some("parse") => SpanKind::Parse,
        Some("agent") => SpanKind::Agent,
        _ => SpanKind::Step,
    };
    Ok(SpanCall::Start {
        id,
        kind,
        name: text(&payload, "name").unwrap_or_default(),
        about: about(&payload, "parent"),
        input,
        attributes,
    })
}

fn text(payload: &Value, name: &str) -> Option<String> {
    payload.get(name)?.as_str().map(str::to_string)
}

/// The place is shown and leads to a line: one that is no place says nothing.
fn about(payload: &Value, parent: &str) -> About {
    let place = || {
        let at = payload.get("at")?;
        let path = at.get("file")?.as_str()?;
        let line = at.get("line")?.as_u64()?.try_into().ok()?;
        (path.len() <= 200).then(|| SpanPlace {
            path: path.into(),
            line,
        })
    };
    About {
        place: place(),
        span: text(payload, parent),
    }
}
