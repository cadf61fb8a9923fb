//! Traces: what an agent did, step by step.

use super::Amount;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Who answers for the model.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum ModelMode {
    /// The lesson's recorded replies: no network, no key, no cost, the same every time.
    #[default]
    Scripted,
    /// The service of the settings.
    Live,
    /// The service of the settings, and what it answers is written into the cassette.
    Record,
}

/// What goes wrong on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum FaultKind {
    /// The service has a fault of its own; the next try works.
    CallFails,
    /// The reply takes three seconds longer.
    Slow,
    /// The action in the reply cannot be read.
    MalformedAction,
    /// The reply asks for two actions at once.
    TwoActions,
    /// From here on the model says the same again and again.
    Endless,
}

/// A fault, and when it comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ArmedFault {
    /// What goes wrong.
    pub kind: FaultKind,
    /// At which call of a model, from 1.
    pub at_call: u32,
}

/// What kind of step a span is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum SpanKind {
    /// A model was asked for a reply.
    Model,
    /// A model was asked for vectors.
    Embedding,
    /// A tool was called: one of the host, or a function that the program marked as one.
    Tool,
    /// The program took a reply apart.
    Parse,
    /// A step that the program named.
    Step,
    /// An agent that the program named.
    Agent,
}

/// What a reply came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[ts(export)]
pub enum AnsweredBy {
    /// A recorded exchange that asked the same.
    Exchange {
        /// Where it begins in the cassette, 1-based.
        line: u32,
    },
    /// A rule of the cassette.
    Rule {
        /// Where it begins in the cassette, 1-based.
        line: u32,
    },
    /// The next recorded exchange, because the cassette goes by steps.
    Step {
        /// Where it begins in the cassette, 1-based.
        line: u32,
    },
    /// The service of the settings.
    Service,
    /// The run that this one forks from, where the same was asked.
    Replayed,
    /// The learner, who wrote it where the run forks.
    Learner,
}

/// What is another one where a run forks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[ts(export)]
pub enum ForkChange {
    /// What the model said: its words, or its message as JSON where it asked for tools.
    Reply,
    /// What the model was given.
    Prompt {
        /// Which of the messages, from 0.
        message: u32,
    },
    /// What came of a tool: what the model is told of it next.
    Observation,
}

/// Where and how a run goes another way than an older one.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ForkAt {
    /// The older run.
    pub run: String,
    /// Its step: a call of the model or of a tool.
    pub span: String,
    /// What of it is another one.
    pub change: ForkChange,
    /// What it is instead; at most 64 KiB.
    pub text: String,
}

/// The run and the step that a run forks from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ForkedFrom {
    /// The older run.
    pub run: String,
    /// The step in it, which has the same name here.
    pub span: String,
}

/// A line of the learner's program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct SpanPlace {
    /// The file, as the program names it.
    pub path: String,
    /// 1-based.
    pub line: u32,
}

/// One step of an agent's run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct TraceSpan {
    /// Names it within its trace.
    pub id: String,
    /// The step it belongs to; nothing for those of the run itself.
    pub parent: Option<String>,
    /// What kind of step it is.
    pub kind: SpanKind,
    /// The model, the tool, or what the program calls it.
    pub name: String,
    /// The line of the program that made it.
    pub place: Option<SpanPlace>,
    /// Milliseconds since the run began.
    pub start_ms: f64,
    /// Milliseconds; nothing while it goes on, and for one that the end of the run cut off.
    pub duration_ms: Option<f64>,
    /// What went in, as JSON; empty for nothing. At most 64 KiB: longer texts are cut.
    pub input: String,
    /// What came out, as JSON; empty for nothing. At most 64 KiB: longer texts are cut.
    pub output: String,
    /// Why it failed.
    pub error: Option<String>,
    /// What a model's reply came from, or a tool's where a run forks.
    pub answered_by: Option<AnsweredBy>,
    /// Tokens that a model read.
    pub input_tokens: Option<u32>,
    /// The part of them that the service had in its cache.
    pub cached_tokens: Option<u32>,
    /// Tokens that a model wrote.
    pub output_tokens: Option<u32>,
    /// Why a reply ended: `stop`, `length`, `tool_calls`, …
    pub finish_reason: Option<String>,
    /// What it cost, where that is known; nothing for recorded replies, which cost nothing.
    pub cost: Option<Amount>,
    /// What else the program says of it.
    pub attributes: BTreeMap<String, String>,
}

/// A run that has a trace.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct TraceEntry {
    /// The run's id.
    pub run: String,
    /// When it began.
    pub at: f64,
    /// Steps.
    pub spans: u32,
}

/// What an agent did in one run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Trace {
    /// Who answered for the model.
    pub mode: ModelMode,
    /// When the run began.
    pub started_at: f64,
    /// In the order in which they began.
    pub spans: Vec<TraceSpan>,
    /// Steps that are missing, because there were too many.
    pub left_out: u32,
    /// Calls of a model that the run made, refused ones left out.
    pub calls: u32,
    /// The most that it may make.
    pub call_limit: u32,
    /// What it forks from, if it does.
    pub forked_from: Option<ForkedFrom>,
}
