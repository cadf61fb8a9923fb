//! Writes what a live service answered as a cassette that people can read and review: what an author
//! wrote stays as it is, and what is new follows it.

use super::Cassette;
use crate::WholeReply;
use serde_json::Value;
use std::fmt::Write;

/// What one run asked and got.
#[derive(Debug, Clone, Default)]
pub struct Recording {
    text: String,
    exchanges: usize,
    model: String,
}

/// Longer texts, and those of several lines, are written with lines of their own.
const SHORT: usize = 72;

impl Recording {
    /// Adds an exchange with a model. `rhythm`: pauses in milliseconds, each before so many characters.
    pub fn chat(&mut self, request: &Value, reply: &WholeReply, rhythm: &[(u32, u32)]) {
        self.begin("chat");
        self.model.clone_from(&reply.head.model);
        let usage = &reply.usage;
        self.line(format_args!(
            "usage = {{ prompt_tokens = {}, completion_tokens = {} }}",
            usage.input, usage.output
        ));
        if !rhythm.is_empty() {
            let beats = rhythm.iter();
            let beats = beats.map(|(pause, signs)| format!("[{pause}, {signs}]"));
            let beats = beats.collect::<Vec<_>>().join(", ");
            self.line(format_args!("rhythm = [{beats}]"));
        }
        let tools = super::normal::tools(request);
        if !tools.is_empty() {
            let tools: Value = tools.into();
            let tools = inline(&tools).unwrap_or_default();
            self.line(format_args!("request.tools = {tools}"));
        }
        let messages = request.get("messages").and_then(Value::as_array);
        for message in messages.into_iter().flatten() {
            self.message(message);
        }
        self.line(format_args!("\n[exchange.reply]"));
        if !reply.content.is_empty() || reply.tool_calls.is_empty() {
            self.text("content", &reply.content);
        }
        if !reply.reasoning.is_empty() {
            self.text("reasoning", &reply.reasoning);
        }
        let calls = reply.tool_calls.iter();
        let calls = calls.map(|call| call_inline(&call.name, &Value::from(&*call.arguments)));
        self.calls(calls.collect());
        self.text("finish_reason", &reply.finish);
    }

    /// Adds an exchange with a tool of the host.
    pub fn tool(&mut self, name: &str, arguments: &Value, result: &Value) {
        self.begin("tool");
        self.text("request.name", name);
        let arguments = inline(arguments).unwrap_or_else(|| quoted(&arguments.to_string()));
        self.line(format_args!("request.arguments = {arguments}"));
        match inline(result) {
            Some(result) => self.line(format_args!("reply.result = {result}")),
            // TOML has no null.
            None => self.text("reply.result_json", &result.to_string()),
        }
    }

    /// Adds the vector of a text.
    pub fn embedding(&mut self, text: &str, vector: &[f64]) {
        self.exchanges += 1;
        self.line(format_args!("\n[[embedding]]"));
        self.text("text", text);
        let numbers: Vec<String> = vector.iter().map(|part| format!("{part:?}")).collect();
        self.line(format_args!("vector = [{}]", numbers.join(", ")));
    }

    /// Whether nothing was added.
    pub fn is_empty(&self) -> bool {
        self.exchanges == 0
    }

    /// The whole file: `before` as it was, or a beginning where there was none, and what was added.
    /// `day` as `2026-11-21`.
    pub fn to_toml(&self, before: &str, day: &str) -> String {
        let beginning = match before.trim().is_empty() {
            true => format!(
                "cassette_version = {}\nmodel = {}\nrecorded = {}\n",
                Cassette::VERSION,
                quoted(&self.model),
                quoted(day)
            ),
            false => format!("{}\n", before.trim_end()),
        };
        beginning + &self.text
    }

    fn begin(&mut self, kind: &str) {
        self.exchanges += 1;
        self.line(format_args!("\n[[exchange]]\nkind = \"{kind}\""));
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // A text takes whatever is written to it.
        writeln!(self.text, "{line}").ok();
    }

    fn message(&mut self, message: &Value) {
        self.line(format_args!("\n[[exchange.request.messages]]"));
        let role = message.get("role").and_then(Value::as_str);
        self.text("role", role.unwrap_or("user"));
        let words = super::normal::words(message.get("content").unwrap_or(&Value::Null));
        self.text("content", &words);
        let calls = message.get("tool_calls").and_then(Value::as_array);
        let calls = calls.into_iter().flatten().map(|call| {
            let function = call.get("function").unwrap_or(call);
            let name = function.get("name").and_then(Value::as_str);
            let arguments = function.get("arguments").unwrap_or(&Value::Null);
            call_inline(name.unwrap_or_default(), arguments)
        });
        self.calls(calls.collect());
    }

    fn calls(&mut self, calls: Vec<String>) {
        if !calls.is_empty() {
            self.line(format_args!("tool_calls = [{}]", calls.join(", ")));
        }
    }

    fn text(&mut self, name: &str, text: &str) {
        let is_long = text.contains('\n') || text.chars().count() > SHORT;
        let text = match is_long {
            true => lined(text),
            false => quoted(text),
        };
        self.line(format_args!("{name} = {text}"));
    }
}

/// Arguments that are no JSON object stay the text that the model wrote.
fn call_inline(name: &str, arguments: &Value) -> String {
    let (parsed, text) = match arguments {
        Value::String(text) => (serde_json::from_str(text).ok(), text.clone()),
        other => (Some(other.clone()), other.to_string()),
    };
    let object = parsed.filter(Value::is_object);
    let arguments = object.and_then(|object| inline(&object));
    let arguments = arguments.unwrap_or_else(|| quoted(&text));
    format!("{{ name = {}, arguments = {arguments} }}", quoted(name))
}

/// JSON as TOML on one line; none when there is a null in it, which TOML does not have.
fn inline(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null => return None,
        Value::String(text) => quoted(text),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) if number.is_u64() && number.as_i64().is_none() => return None,
        Value::Number(number) => number.to_string(),
        Value::Array(items) => {
            let items: Option<Vec<_>> = items.iter().map(inline).collect();
            format!("[{}]", items?.join(", "))
        }
        Value::Object(object) => {
            let items = object.iter();
            let items: Option<Vec<_>> = items
                .map(|(key, value)| Some(format!("{} = {}", quoted(key), inline(value)?)))
                .collect();
            match items?.join(", ") {
                items if items.is_empty() => "{}".into(),
                items => format!("{{ {items} }}"),
            }
        }
    })
}

/// A text on one line.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for sign in text.chars() {
        match sign {
            '"' => quoted.push_str("\\\""),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            sign => push_escaped(&mut quoted, sign),
        }
    }
    quoted + "\""
}

/// A text with lines of its own. TOML leaves out the line end right after the opening quotes.
fn lined(text: &str) -> String {
    let mut lined = String::from("\"\"\"\n");
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '"' if matches!(signs.peek(), Some('"') | None) => lined.push_str("\\\""),
            '"' | '\n' | '\t' => lined.push(sign),
            sign => push_escaped(&mut lined, sign),
        }
    }
    lined + "\"\"\""
}

fn push_escaped(text: &mut String, sign: char) {
    match sign {
        '\\' => text.push_str("\\\\"),
        sign if sign.is_control() => {
            write!(text, "\\u{:04X}", u32::from(sign)).ok();
        }
        sign => text.push(sign),
    }
}
