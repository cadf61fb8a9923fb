//! One call of a model, from its acceptance to the last piece of its answer.

use super::refusal::Refusal;
use super::{Line, State, lock};
use crate::wire::{Amount, AnsweredBy, Language};
use ha_llm::{Fault, Played, WholeReply, usage};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How long a slow reply takes longer.
const SLOW: Duration = Duration::from_secs(3);

/// A call that was accepted.
pub(super) struct Call {
    pub(super) line: Line,
    /// Its place in the trace.
    pub(super) begun: Option<usize>,
    pub(super) stream: bool,
    pub(super) at_once: bool,
    pub(super) language: Language,
    pub(super) fault: Option<Fault>,
    pub(super) state: Arc<Mutex<State>>,
}

impl Call {
    /// Ends it with an error.
    pub(super) fn refuse(&self, refusal: Refusal) {
        let error = refusal.message(self.language);
        lock(&self.state)
            .recorder
            .end(self.begun, &Value::Null, |span| {
                span.error = Some(error);
                span.attributes
                    .insert("error.type".into(), refusal.code().into());
            });
        self.line.last(refusal.answer(self.language));
    }

    /// Whether a fault changes the words of the reply.
    pub(super) fn is_changed(&self) -> bool {
        matches!(self.fault, Some(Fault::MalformedAction | Fault::TwoActions))
    }

    /// Whether all of a reply goes out in one breath.
    pub(super) fn is_instant(&self, played: &Played) -> bool {
        let paced = self.stream && !self.at_once && played.has_rhythm();
        self.fault != Some(Fault::Slow) && !paced
    }

    /// Gives a whole reply at once.
    pub(super) fn pour(&self, mut played: Played, by: AnsweredBy, cost: Option<Amount>) {
        self.change(&mut played);
        if self.stream {
            for piece in played.pieces(true) {
                self.line.piece(&json!({ "delta": piece.chunk }));
            }
        }
        self.end(&played.reply, by, cost);
    }

    /// Gives a whole reply in its time.
    pub(super) async fn give(&self, mut played: Played, by: AnsweredBy, cost: Option<Amount>) {
        if self.fault == Some(Fault::Slow) {
            tokio::time::sleep(SLOW).await;
        }
        self.change(&mut played);
        if self.stream {
            for piece in played.pieces(self.at_once) {
                if !piece.pause.is_zero() {
                    tokio::time::sleep(piece.pause).await;
                }
                self.line.piece(&json!({ "delta": piece.chunk }));
            }
        }
        self.end(&played.reply, by, cost);
    }

    fn change(&self, played: &mut Played) {
        if let Some(fault) = self.fault {
            fault.apply(&mut played.reply);
        }
    }

    fn end(&self, reply: &WholeReply, by: AnsweredBy, cost: Option<Amount>) {
        self.finish(reply, by, cost);
        self.line.last(match self.stream {
            true => json!({ "done": { "usage": usage(&reply.usage) } }),
            false => json!({ "reply": reply.completion() }),
        });
    }

    /// Writes the reply into the trace.
    pub(super) fn finish(&self, reply: &WholeReply, by: AnsweredBy, cost: Option<Amount>) {
        let tokens = |count: u64| Some(count.try_into().unwrap_or(u32::MAX));
        let (usage, finish) = (reply.usage, reply.finish.clone());
        let mut state = lock(&self.state);
        state.meter.count(&usage);
        let fault = self.fault;
        state.recorder.end(self.begun, &reply.message(), |span| {
            span.answered_by = Some(by);
            span.input_tokens = tokens(usage.input);
            span.cached_tokens = tokens(usage.cached);
            span.output_tokens = tokens(usage.output);
            span.finish_reason = Some(finish);
            span.cost = cost;
            if let Some(fault) = fault {
                let name = fault.name().to_string();
                span.attributes.insert("helloagents.fault".into(), name);
            }
        });
    }

    /// Keeps a reply that a fault makes the model say again.
    pub(super) fn repeat(&self, reply: &WholeReply) {
        if self.fault == Some(Fault::Endless) {
            lock(&self.state).again = Some(Box::new(Played::of(reply.clone())));
        }
    }

    /// Writes an exchange into the recording, where one is made.
    pub(super) fn record(&self, request: &Value, reply: &WholeReply, rhythm: &[(u32, u32)]) {
        if let Some(recording) = &mut lock(&self.state).recording {
            let rhythm = if self.stream { rhythm } else { &[] };
            recording.chat(request, reply, rhythm);
        }
    }
}
