//! Traces as OTLP JSON, for tools that show traces of any program.
//!
//! Names are those of the OpenTelemetry semantic conventions for generative AI, version
//! [`CONVENTIONS`]; they are still «in development» there, so the version is a part of the file.

use crate::wire::{SpanKind, Trace, TraceSpan};
use serde_json::{Map, Value, json};

/// The version of the semantic conventions whose names are used.
const CONVENTIONS: &str = "1.38.0";
/// A span that failed, in OTLP's numbers.
const STATUS_ERROR: u8 = 2;
/// Calls to somewhere else, and work within the program, in OTLP's numbers.
const KIND_CLIENT: u8 = 3;
const KIND_INTERNAL: u8 = 1;

impl Trace {
    /// The trace in the JSON of OTLP (`ExportTraceServiceRequest`). `run` is the run's id: the same run
    /// gives the same file.
    pub fn to_otlp(&self, run: &str) -> Value {
        let id = trace_id(run);
        let spans: Vec<Value> = self.spans.iter().map(|span| self.span(span, &id)).collect();
        let mut resource = vec![
            ("service.name", Value::from("helloagents")),
            ("service.version", env!("CARGO_PKG_VERSION").into()),
        ];
        if let Some(from) = &self.forked_from {
            resource.push(("helloagents.fork.trace", trace_id(&from.run).into()));
            resource.push(("helloagents.fork.span", span_id(&from.span).into()));
        }
        json!({ "resourceSpans": [{
            "resource": { "attributes": attributes(resource) },
            "schemaUrl": format!("https://opentelemetry.io/schemas/{CONVENTIONS}"),
            "scopeSpans": [{
                "scope": { "name": "helloagents.agent", "version": env!("CARGO_PKG_VERSION") },
                "spans": spans,
            }],
        }] })
    }

    fn span(&self, span: &TraceSpan, trace_id: &str) -> Value {
        let nanos = |ms: f64| (((self.started_at + ms) * 1e6).round() as u64).to_string();
        let end = span.start_ms + span.duration_ms.unwrap_or(0.0);
        let kind = match span.kind {
            SpanKind::Model | SpanKind::Embedding => KIND_CLIENT,
            _ => KIND_INTERNAL,
        };
        let operation = operation(span.kind);
        let mut told = json!({
            "traceId": trace_id,
            "spanId": span_id(&span.id),
            "name": match operation {
                Some(operation) => format!("{operation} {}", span.name),
                None => span.name.clone(),
            },
            "kind": kind,
            "startTimeUnixNano": nanos(span.start_ms),
            "endTimeUnixNano": nanos(end),
            "attributes": attributes(said(span)),
        });
        if let Some(parent) = &span.parent {
            told["parentSpanId"] = span_id(parent).into();
        }
        if let Some(error) = &span.error {
            told["status"] = json!({ "code": STATUS_ERROR, "message": error });
        }
        told
    }
}

fn operation(kind: SpanKind) -> Option<&'static str> {
    match kind {
        SpanKind::Model => Some("chat"),
        SpanKind::Embedding => Some("embeddings"),
        SpanKind::Tool => Some("execute_tool"),
        SpanKind::Agent => Some("invoke_agent"),
        SpanKind::Parse | SpanKind::Step => None,
    }
}

fn said(span: &TraceSpan) -> Vec<(&str, Value)> {
    let (name, input, output) = match span.kind {
        SpanKind::Model | SpanKind::Embedding => (
            "gen_ai.request.model",
            "gen_ai.input.messages",
            "gen_ai.output.messages",
        ),
        SpanKind::Tool => (
            "gen_ai.tool.name",
            "gen_ai.tool.call.arguments",
            "gen_ai.tool.call.result",
        ),
        SpanKind::Agent => (
            "gen_ai.agent.name",
            "gen_ai.input.messages",
            "gen_ai.output.messages",
        ),
        SpanKind::Parse | SpanKind::Step => (
            "helloagents.step.name",
            "helloagents.step.input",
            "helloagents.step.output",
        ),
    };
    let mut said: Vec<(&str, Value)> = Vec::new();
    if let Some(operation) = operation(span.kind) {
        said.push(("gen_ai.operation.name", operation.into()));
    }
    said.push((name, span.name.as_str().into()));
    for (key, text) in [(input, &span.input), (output, &span.output)] {
        if !text.is_empty() {
            said.push((key, text.as_str().into()));
        }
    }
    for (key, count) in [
        ("gen_ai.usage.input_tokens", span.input_tokens),
        ("gen_ai.usage.output_tokens", span.output_tokens),
    ] {
        said.extend(count.map(|count| (key, count.into())));
    }
    if let Some(reason) = &span.finish_reason {
        said.push(("gen_ai.response.finish_reasons", json!([reason])));
    }
    if let Some(place) = &span.place {
        said.push(("code.file.path", place.path.as_str().into()));
        said.push(("code.line.number", place.line.into()));
    }
    if span.error.is_some() && !span.attributes.contains_key("error.type") {
        said.push(("error.type", "_OTHER".into()));
    }
    let own = span.attributes.iter();
    said.extend(own.map(|(key, value)| (key.as_str(), value.as_str().into())));
    said
}

fn attributes<'a>(said: impl IntoIterator<Item = (&'a str, Value)>) -> Vec<Value> {
    let told = said.into_iter().map(|(key, value)| {
        let value = match &value {
            // 64-bit numbers are texts in the JSON of protocol buffers.
            Value::Number(number) => json!({ "intValue": number.to_string() }),
            Value::Array(items) => {
                let items: Vec<Value> = items
                    .iter()
                    .map(|item| json!({ "stringValue": item }))
                    .collect();
                json!({ "arrayValue": { "values": items } })
            }
            other => json!({ "stringValue": other }),
        };
        let mut attribute = Map::new();
        attribute.insert("key".into(), key.into());
        attribute.insert("value".into(), value);
        Value::Object(attribute)
    });
    told.collect()
}

/// Thirty-two hexadecimal digits, which the id of a run has between its dashes.
fn trace_id(run: &str) -> String {
    let digits: String = run.chars().filter(char::is_ascii_hexdigit).collect();
    format!("{:0>32}", &digits[..digits.len().min(32)]).to_lowercase()
}

/// Sixteen hexadecimal digits. Our own ids are small numbers from 1.
fn span_id(id: &str) -> String {
    format!("{:016x}", id.parse::<u64>().unwrap_or(u64::MAX))
}
