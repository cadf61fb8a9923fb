//! The bridge: answers what a program in the sandbox asks of its host.
//!
//! ```text
//! program ── chat, embed, tool, span ──▶ Bridge ── Player (cassette)         in one breath
//!    ▲                                     │  └──── task a call ── rhythm, service, network
//!    └──────────── pieces of answers ◀─────┴─▶ Recorder (trace)
//! ```
//!
//! What a program asks is text of the program: nothing in it is trusted, and nothing of the host is in
//! an answer but what was asked for. Keys and addresses never come this way. When the bridge is
//! dropped, what is still on its way is dropped with it.

mod asked;
mod call;
mod live;
mod meter;
mod plan;
mod refusal;
mod request;
mod tools;
mod vectors;

pub use plan::{BridgePlan, CassetteFile};

pub(crate) use live::Live;
pub(crate) use tools::{HostTools, NAMES as TOOLS};

use crate::trace::{NewSpan, Recorder};
use crate::wire::{AnsweredBy, ModelMode, SpanKind, Trace, TraceSpan};
use asked::{Asked, ChatCall, EmbedCall, SpanCall, ToolAsked, read};
use call::Call;
use ha_llm::{Fault, Played, PlayedFrom, Player, Recording};
use ha_sandbox::{HostAnswer, HostCall, RunControl};
use meter::Meter;
use refusal::Refusal;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// Answers the calls of one run.
pub struct Bridge {
    plan: BridgePlan,
    state: Arc<Mutex<State>>,
    /// Answers on their way; they end with the bridge.
    tasks: JoinSet<()>,
}

/// What calls of one run change.
pub(crate) struct State {
    player: Option<Player>,
    meter: Meter,
    recorder: Recorder,
    /// What was asked of a live service, where it is to be written into a cassette.
    recording: Option<Recording>,
    /// What a fault makes the model say again and again.
    again: Option<Box<Played>>,
}

impl Bridge {
    /// A bridge for one run. `told` hears of each step of the trace when it begins and when it ends.
    pub fn new(plan: &BridgePlan, told: Option<mpsc::UnboundedSender<TraceSpan>>) -> Bridge {
        let state = State {
            player: plan.cassette.clone().map(Player::new),
            meter: Meter::new(plan.calls, plan.tokens),
            recorder: Recorder::new(told),
            recording: (plan.mode == ModelMode::Record).then(Recording::default),
            again: None,
        };
        Bridge {
            plan: plan.clone(),
            state: Arc::new(Mutex::new(state)),
            tasks: JoinSet::new(),
        }
    }

    /// Answers a call, now or later. To be called within a tokio runtime.
    pub fn answer(&mut self, call: &HostCall, control: &RunControl) {
        let line = Line {
            id: call.id,
            control: control.clone(),
        };
        // Finished ones would pile up in a run that asks a thousand times.
        while self.tasks.try_join_next().is_some() {}
        match read(&call.request) {
            Ok(Asked::Chat(chat)) => self.chat(chat, line),
            Ok(Asked::Embed(embed)) => self.embed(&embed, &line),
            Ok(Asked::Tool(tool)) => self.tool(tool, line),
            Ok(Asked::Span(span)) => {
                self.span(&span);
                line.last(json!({ "reply": null }));
            }
            Ok(Asked::Unknown) => control.answer(call.unanswered()),
            Err(refusal) => line.last(refusal.answer(self.plan.language)),
        }
    }

    /// The trace until now. `started_at`: when the run began, milliseconds since 1970 UTC.
    pub fn trace(&self, started_at: f64) -> Trace {
        let state = lock(&self.state);
        let (calls, limit) = (state.meter.calls(), state.meter.call_limit());
        state
            .recorder
            .trace(self.plan.mode, started_at, calls, limit)
    }

    fn chat(&mut self, chat: ChatCall, line: Line) {
        let mut state = lock(&self.state);
        let allowed = state.meter.allow_call();
        let fault = self.plan.fault_at(state.meter.calls());
        let call = Call {
            line,
            begun: begin_chat(&mut state, &chat),
            stream: chat.stream,
            at_once: self.plan.at_once,
            language: self.plan.language,
            fault,
            state: Arc::clone(&self.state),
        };
        let source = allowed.and_then(|()| self.source(&mut state, &chat, fault));
        drop(state);
        match source {
            Err(refusal) => call.refuse(refusal),
            Ok(Source::Recorded(played)) => {
                let by = answered_by(played.from);
                if call.is_instant(&played) {
                    return call.pour(*played, by, None);
                }
                self.tasks
                    .spawn(async move { call.give(*played, by, None).await });
            }
            Ok(Source::Live(live)) => {
                self.tasks.spawn(live.answer(chat, call));
            }
        }
    }

    /// Where the reply to a request comes from.
    fn source(
        &self,
        state: &mut State,
        chat: &ChatCall,
        fault: Option<Fault>,
    ) -> Result<Source, Refusal> {
        if fault == Some(Fault::CallFails) {
            return Err(Refusal::Fault);
        }
        if let (Some(Fault::Endless), Some(again)) = (fault, &state.again) {
            return Ok(Source::Recorded(again.clone()));
        }
        let live = self
            .plan
            .live
            .clone()
            .filter(|_| self.plan.mode != ModelMode::Scripted);
        let played = match (&mut state.player, self.plan.mode) {
            // What was recorded before is not asked, and not paid for, again.
            (Some(player), ModelMode::Scripted | ModelMode::Record) => player.chat(&chat.request),
            (Some(_), ModelMode::Live) | (None, _) => {
                return live.map(Source::Live).ok_or(Refusal::NoModel);
            }
        };
        match (played, live) {
            (Ok(played), _) => {
                let played = Box::new(played);
                if fault == Some(Fault::Endless) {
                    state.again = Some(played.clone());
                }
                Ok(Source::Recorded(played))
            }
            (Err(_), Some(live)) => Ok(Source::Live(live)),
            (Err(unrecorded), None) => Err(Refusal::NoRecording(unrecorded)),
        }
    }

    fn embed(&self, embed: &EmbedCall, line: &Line) {
        let mut state = lock(&self.state);
        let input = Value::from(embed.input.clone());
        let begun = state.recorder.begin(NewSpan {
            kind: SpanKind::Embedding,
            name: embed.model.as_deref().unwrap_or("embedding"),
            parent: embed.about.span.as_deref(),
            place: embed.about.place.clone(),
            input: &input,
        });
        let answer = match state.meter.allow_call() {
            Ok(()) => vectors::embedded(state.player.as_ref(), embed),
            Err(refusal) => {
                let error = refusal.message(self.plan.language);
                state.recorder.end(begun, &Value::Null, |span| {
                    span.error = Some(error);
                });
                return line.last(refusal.answer(self.plan.language));
            }
        };
        let tokens = answer
            .pointer("/usage/prompt_tokens")
            .and_then(Value::as_u64);
        let told = json!({ "vectors": embed.input.len(), "size": vectors::size(&answer) });
        state.recorder.end(begun, &told, |span| {
            span.input_tokens = tokens.map(|tokens| tokens as u32);
        });
        line.last(json!({ "reply": answer }));
    }

    fn tool(&mut self, tool: ToolAsked, line: Line) {
        let mut state = lock(&self.state);
        let begun = state.recorder.begin(NewSpan {
            kind: SpanKind::Tool,
            name: &tool.name,
            parent: tool.about.span.as_deref(),
            place: tool.about.place.clone(),
            input: &tool.arguments,
        });
        let (plan, shared) = (self.plan.clone(), Arc::clone(&self.state));
        let end = move |answer: Result<Value, Refusal>| {
            let (output, error) = match &answer {
                Ok(output) => (output.clone(), None),
                Err(refusal) => (Value::Null, Some(refusal.message(plan.language))),
            };
            lock(&shared)
                .recorder
                .end(begun, &output, |span| span.error = error);
            line.last(match answer {
                Ok(output) => json!({ "reply": output }),
                Err(refusal) => refusal.answer(plan.language),
            });
        };
        let is_scripted = self.plan.mode == ModelMode::Scripted;
        let recorded = state
            .player
            .as_mut()
            .filter(|_| is_scripted)
            .and_then(|player| player.tool(&tool.name, &tool.arguments));
        let allowed = state
            .meter
            .allow_tool()
            .and_then(|()| self.plan.tools.allow(&tool.name, recorded.is_some()));
        drop(state);
        match (allowed, recorded) {
            (Err(refusal), _) => end(Err(refusal)),
            (Ok(()), Some(recorded)) => end(Ok(recorded)),
            (Ok(()), None) => {
                let (tools, language) = (self.plan.tools.clone(), self.plan.language);
                let state = Arc::clone(&self.state);
                self.tasks.spawn(async move {
                    let answer = tools.call(&tool.name, &tool.arguments, language).await;
                    if let (Ok(output), Some(made)) = (&answer, &mut lock(&state).recording) {
                        made.tool(&tool.name, &tool.arguments, output);
                    }
                    end(answer);
                });
            }
        }
    }

    fn span(&self, span: &SpanCall) {
        let mut state = lock(&self.state);
        match span {
            SpanCall::Start {
                id,
                kind,
                name,
                about,
                input,
                attributes,
            } => {
                let new = NewSpan {
                    kind: *kind,
                    name,
                    parent: about.span.as_deref(),
                    place: about.place.clone(),
                    input,
                };
                state.recorder.begin_own(id, new, attributes);
            }
            SpanCall::End {
                id,
                output,
                error,
                attributes,
            } => state
                .recorder
                .end_own(id, output, error.as_deref(), attributes),
        }
    }

    /// The cassette with what was recorded until now: `before` as it was, and what is new after it.
    /// `day` as `2026-11-21`. None when nothing is new.
    pub fn recorded(&self, before: &str, day: &str) -> Option<String> {
        let state = lock(&self.state);
        let recording = state.recording.as_ref().filter(|made| !made.is_empty())?;
        Some(recording.to_toml(before, day))
    }
}

/// Where a reply comes from.
enum Source {
    Recorded(Box<Played>),
    Live(Live),
}

fn answered_by(from: PlayedFrom) -> AnsweredBy {
    match from {
        PlayedFrom::Exchange(line) => AnsweredBy::Exchange { line },
        PlayedFrom::Rule(line) => AnsweredBy::Rule { line },
        PlayedFrom::Step(line) => AnsweredBy::Step { line },
    }
}

fn begin_chat(state: &mut State, chat: &ChatCall) -> Option<usize> {
    let model = chat.request.get("model").and_then(Value::as_str);
    let input = prompt(&chat.request);
    state.recorder.begin(NewSpan {
        kind: SpanKind::Model,
        name: model.unwrap_or("model"),
        parent: chat.about.span.as_deref(),
        place: chat.about.place.clone(),
        input: &input,
    })
}

/// What of a request the trace keeps: all but what every request says.
fn prompt(request: &Value) -> Value {
    let mut kept = request.clone();
    if let Some(object) = kept.as_object_mut() {
        object.remove("model");
        object.remove("stream");
        object.remove("stream_options");
    }
    kept
}

/// Where the answer to one call goes.
pub(crate) struct Line {
    id: u32,
    control: RunControl,
}

impl Line {
    fn piece(&self, answer: &Value) {
        self.send(answer, false);
    }

    fn last(&self, answer: Value) {
        self.send(&answer, true);
    }

    fn send(&self, answer: &Value, is_last: bool) {
        let mut text = answer.to_string();
        if text.len() > HostCall::MAX_BYTES {
            let message = "the answer is larger than 1 MiB";
            let error = json!({ "error": { "code": "service", "message": message } });
            text = error.to_string();
        }
        self.control.answer(HostAnswer {
            id: self.id,
            text,
            is_last,
        });
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    // A step that broke off leaves a trace without its end, which is what happened.
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
