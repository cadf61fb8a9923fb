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
mod fork;
mod live;
mod meter;
mod plan;
mod refusal;
mod request;
mod tools;
mod vectors;

pub use plan::{BridgePlan, CassetteFile};

pub(crate) use fork::Fork;
pub(crate) use live::Live;
pub(crate) use tools::{HostTools, NAMES as TOOLS};

use crate::trace::{NewSpan, Recorder, kept};
use crate::wire::{AnsweredBy, ModelMode, SpanKind, Trace, TraceSpan};
use asked::{Asked, ChatCall, EmbedCall, SpanCall, ToolAsked, read};
use call::Call;
use fork::{Forking, Turn};
use ha_llm::{Fault, Played, PlayedFrom, Player, Recording, WholeReply};
use ha_sandbox::{HostAnswer, HostCall, RunControl};
use meter::Meter;
use refusal::Refusal;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// Said to a program of a course that nobody signed, Chinese first.
const SERVICE_CLOSED: [&str; 2] = [
    "这门课没有签名，还没有允许它用你的服务：在「轨迹」面板里可以允许，或者换回录制的回复",
    "nobody signed this course, and it may not ask your service yet: the Trace pane asks, or choose recorded replies",
];

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
    /// Where it is on the way of an older run.
    forking: Option<Forking>,
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
            forking: plan.fork.as_ref().map(Forking::new),
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
        let trace = state
            .recorder
            .trace(self.plan.mode, started_at, calls, limit);
        Trace {
            forked_from: self.plan.fork.as_ref().map(|fork| fork.from().clone()),
            ..trace
        }
    }

    /// Who answers for the model, and the most calls of it.
    pub(crate) fn terms(&self) -> (ModelMode, u32) {
        (self.plan.mode, lock(&self.state).meter.call_limit())
    }

    fn chat(&mut self, mut chat: ChatCall, line: Line) {
        let mut state = lock(&self.state);
        let turn = match state.meter.allow_call() {
            Ok(()) => state.turn(&mut chat),
            Err(refusal) => Turn::Refused(refusal),
        };
        let fault = self.plan.fault_at(state.meter.calls());
        // What is told again went wrong already, if it did.
        let fault = fault.filter(|_| matches!(turn, Turn::Usual));
        let call = Call {
            line,
            begun: begin_chat(&mut state, &chat),
            stream: chat.stream,
            at_once: self.plan.at_once,
            language: self.plan.language,
            fault,
            state: Arc::clone(&self.state),
        };
        let source = match turn {
            Turn::Usual => self.source(&mut state, &chat, fault),
            Turn::Given(reply, by) => Ok(Source::Recorded(Box::new(Played::of(*reply)), by)),
            Turn::Refused(refusal) => Err(refusal),
        };
        drop(state);
        match source {
            Err(refusal) => call.refuse(refusal),
            Ok(Source::Recorded(played, by)) => {
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
            let by = answered_by(again.from);
            return Ok(Source::Recorded(again.clone(), by));
        }
        if self.plan.is_service_closed {
            return Err(Refusal::NotAllowed(SERVICE_CLOSED.map(String::from)));
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
                let by = answered_by(played.from);
                Ok(Source::Recorded(played, by))
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
        let turn = match &mut state.forking {
            Some(forking) => forking.tool(&tool.name, &kept(&tool.arguments)),
            None => Turn::Usual,
        };
        let (turned, by) = match turn {
            Turn::Usual => (Ok(None), None),
            Turn::Given(output, by) => (Ok(Some(output)), Some(by)),
            Turn::Refused(refusal) => (Err(refusal), None),
        };
        let (plan, shared) = (self.plan.clone(), Arc::clone(&self.state));
        let end = move |answer: Result<Value, Refusal>| {
            let output = answer.as_ref().cloned().unwrap_or_default();
            lock(&shared).recorder.end(begun, &output, |span| {
                span.answered_by = by;
                if let Err(refusal) = &answer {
                    span.error = Some(refusal.message(plan.language));
                    let code = refusal.code().to_string();
                    span.attributes.insert("error.type".into(), code);
                }
            });
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
        let answer = turned.and_then(|given| {
            let recorded = given.or(recorded);
            state.meter.allow_tool()?;
            self.plan.tools.allow(&tool.name, recorded.is_some())?;
            Ok(recorded)
        });
        drop(state);
        match answer {
            Err(refusal) => end(Err(refusal)),
            Ok(Some(recorded)) => end(Ok(recorded)),
            Ok(None) => {
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
                if let (SpanKind::Tool, Some(forking)) = (kind, &mut state.forking) {
                    forking.own_begins(id, name, &kept(input));
                }
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
            } => {
                let forking = state.forking.as_ref();
                let other = forking.and_then(|forking| forking.own_ends(id)).cloned();
                let by = other.as_ref().map(|_| AnsweredBy::Learner);
                let output = other.as_ref().unwrap_or(output);
                let error = error.as_deref();
                state.recorder.end_own(id, output, error, attributes, by);
            }
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

impl State {
    /// What a question gets where the run forks from an older one.
    fn turn(&mut self, chat: &mut ChatCall) -> Turn<Box<WholeReply>> {
        let Some(forking) = &mut self.forking else {
            return Turn::Usual;
        };
        let shown = kept(&prompt(&chat.request));
        let turn = forking.chat(&mut chat.request, &shown);
        if let (Turn::Given(..), Some(player)) = (&turn, &mut self.player) {
            // The recorded replies keep step with it, so that they go on from the right place.
            player.chat(&chat.request).ok();
        }
        turn
    }
}

/// Where a reply comes from.
enum Source {
    Recorded(Box<Played>, AnsweredBy),
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
