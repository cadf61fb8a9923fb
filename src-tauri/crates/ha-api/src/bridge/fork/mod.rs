//! A run that forks from an older one: up to a step it gets the answers of the older run, at the step it
//! gets what the learner wrote, and from there on it goes as every run.
//!
//! ```text
//! Trace + ForkAt ── Fork::of ──▶ Fork ── one a run ──▶ Forking: what does this question get?
//! ```
//!
//! The program runs again from its beginning: nothing of its memory is kept, so nothing can be stale.
//! A question gets an old answer only when it is the same question, word for word. Left out: tools that
//! are the program's own run again by themselves.

mod forking;
mod words;

pub(super) use forking::{Forking, Turn};

use crate::wire::{ForkAt, ForkChange, ForkedFrom, SpanKind, Trace, TraceSpan};
use ha_llm::{ReplyHead, ToolCall, Usage, WholeReply, estimate_tokens};
use serde_json::{Value, json};
use words::Words;

/// The way of an older run up to a step, and the other way from there.
#[derive(Debug)]
pub(crate) struct Fork {
    from: ForkedFrom,
    /// What the older run asked up to the step, in order; for a tool's step, up to the first question to
    /// the model after it.
    asked: Vec<Done>,
    /// The place of the step among them.
    step: usize,
}

/// One question of the older run.
#[derive(Debug)]
struct Done {
    kind: SpanKind,
    name: String,
    /// As the trace kept it.
    input: String,
    answer: Answer,
}

/// What a question gets.
#[derive(Debug)]
enum Answer {
    Reply(Box<WholeReply>),
    Output(Value),
    Failed {
        code: String,
        message: String,
    },
    /// The model is asked, with other words; none where the other words have no place in the question.
    Asked(Option<Words>),
}

impl Fork {
    /// A fork of a trace. None where the step is none to fork at, or the trace has not kept what is
    /// needed: a reply that was cut cannot be given again.
    pub(crate) fn of(trace: &Trace, at: &ForkAt) -> Option<Fork> {
        let place = trace.spans.iter().position(|span| span.id == at.span)?;
        let span = &trace.spans[place];
        let mut asked = match at.change {
            ForkChange::Observation => until_told(trace, span, &at.text)?,
            ForkChange::Reply | ForkChange::Prompt { .. } => before(&trace.spans[..place])?,
        };
        let step = match at.change {
            ForkChange::Observation => {
                let earlier = trace.spans[..place].iter().filter(|span| was_asked(span));
                earlier.count()
            }
            ForkChange::Reply => {
                asked.push(Done::of(
                    span,
                    Answer::Reply(Box::new(edited(span, &at.text)?)),
                ));
                asked.len() - 1
            }
            ForkChange::Prompt { message } => {
                let request = serde_json::from_str(&span.input).ok()?;
                let words = Words::of_message(&request, message as usize, &at.text)?;
                asked.push(Done::of(span, Answer::Asked(Some(words))));
                asked.len() - 1
            }
        };
        let is_model = asked[step].kind == SpanKind::Model;
        let fits = is_model != (at.change == ForkChange::Observation);
        fits.then(|| Fork {
            from: ForkedFrom {
                run: at.run.clone(),
                span: at.span.clone(),
            },
            asked,
            step,
        })
    }

    /// What it forks from.
    pub(crate) fn from(&self) -> &ForkedFrom {
        &self.from
    }
}

impl Done {
    fn of(span: &TraceSpan, answer: Answer) -> Done {
        Done {
            kind: span.kind,
            name: span.name.clone(),
            input: span.input.clone(),
            answer,
        }
    }
}

/// A model or a tool was asked, and there was an end of it.
fn was_asked(span: &TraceSpan) -> bool {
    matches!(span.kind, SpanKind::Model | SpanKind::Tool) && span.duration_ms.is_some()
}

fn before(spans: &[TraceSpan]) -> Option<Vec<Done>> {
    let asked = spans.iter().filter(|span| was_asked(span));
    asked
        .map(|span| Some(Done::of(span, answer(span)?)))
        .collect()
}

/// Everything until the model is told what came of a tool.
fn until_told(trace: &Trace, tool: &TraceSpan, text: &str) -> Option<Vec<Done>> {
    let ended = tool.start_ms + tool.duration_ms?;
    let is_told = |span: &&TraceSpan| span.kind == SpanKind::Model && span.start_ms >= ended;
    let told = trace.spans.iter().find(is_told)?;
    let output: Value = serde_json::from_str(&tool.output).ok()?;
    let place = trace.spans.iter().position(|span| span.id == told.id)?;
    let earlier = trace.spans[..place].iter().filter(|span| was_asked(span));
    let mut asked: Vec<Done> = earlier
        .map(|span| {
            let answer = match span.id == tool.id {
                true => Answer::Output(as_output(&output, text)),
                false => answer(span)?,
            };
            Some(Done::of(span, answer))
        })
        .collect::<Option<_>>()?;
    let request = serde_json::from_str(&told.input).ok()?;
    let words = Words::of_output(&request, &output, text);
    asked.push(Done::of(told, Answer::Asked(words)));
    Some(asked)
}

/// What the learner wrote, as the tool would have said it.
fn as_output(original: &Value, text: &str) -> Value {
    let parsed = serde_json::from_str(text).ok();
    match (original, parsed) {
        (Value::String(_), _) | (_, None) => text.into(),
        (_, Some(parsed)) => parsed,
    }
}

/// What a question got.
fn answer(span: &TraceSpan) -> Option<Answer> {
    if let Some(message) = &span.error {
        let code = span.attributes.get("error.type");
        return Some(Answer::Failed {
            code: code.map_or("service", String::as_str).into(),
            message: message.clone(),
        });
    }
    if span.kind == SpanKind::Tool {
        // A tool that says nothing leaves nothing behind. One of the program's own is not asked.
        let output = match span.output.is_empty() {
            true => Ok(Value::Null),
            false => serde_json::from_str(&span.output),
        };
        return Some(output.map_or_else(|_| too_long(), Answer::Output));
    }
    let message: Value = serde_json::from_str(&span.output).ok()?;
    let usage = Usage {
        input: span.input_tokens.unwrap_or(0).into(),
        cached: span.cached_tokens.unwrap_or(0).into(),
        output: span.output_tokens.unwrap_or(0).into(),
        ..Usage::default()
    };
    let finish = span.finish_reason.clone();
    Some(Answer::Reply(Box::new(reply(
        span, &message, usage, finish,
    ))))
}

fn too_long() -> Answer {
    Answer::Failed {
        code: "service".into(),
        message: "what this tool said was too long to be kept".into(),
    }
}

/// What the learner wrote, as the model would have said it: a message as JSON where the model asked for
/// tools, else words.
fn edited(span: &TraceSpan, text: &str) -> Option<WholeReply> {
    if span.kind != SpanKind::Model {
        return None;
    }
    let original: Value = serde_json::from_str(&span.output).unwrap_or_default();
    let parsed: Option<Value> = serde_json::from_str(text).ok();
    let message = parsed.filter(|message| message.is_object() && original["tool_calls"].is_array());
    let message = message.unwrap_or_else(|| json!({ "content": text }));
    let usage = Usage {
        input: span.input_tokens.unwrap_or(0).into(),
        output: estimate_tokens(text),
        ..Usage::default()
    };
    Some(reply(span, &message, usage, None))
}

fn reply(span: &TraceSpan, message: &Value, usage: Usage, finish: Option<String>) -> WholeReply {
    let text = |name: &str| message[name].as_str().unwrap_or_default().to_string();
    let calls = message["tool_calls"].as_array().into_iter().flatten();
    let tool_calls: Vec<ToolCall> = calls
        .map(|call| ToolCall {
            id: call["id"].as_str().unwrap_or_default().into(),
            name: call["function"]["name"].as_str().unwrap_or_default().into(),
            arguments: match &call["function"]["arguments"] {
                Value::String(arguments) => arguments.clone(),
                arguments => arguments.to_string(),
            },
        })
        .collect();
    let usual = match tool_calls.is_empty() {
        true => "stop",
        false => "tool_calls",
    };
    WholeReply {
        head: ReplyHead {
            id: format!("replayed-{}", span.id),
            model: span.name.clone(),
            created: 0,
        },
        content: text("content"),
        reasoning: text("reasoning_content"),
        tool_calls,
        finish: finish.unwrap_or_else(|| usual.into()),
        usage,
    }
}
