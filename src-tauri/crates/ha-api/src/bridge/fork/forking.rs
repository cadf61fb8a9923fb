//! One run that goes the way of an older one up to a step.

use super::words::Words;
use super::{Answer, Fork};
use crate::bridge::refusal::Refusal;
use crate::wire::{AnsweredBy, SpanKind};
use ha_llm::WholeReply;
use serde_json::Value;
use std::sync::Arc;

/// Characters of a question in the sentence that two differ, before and after the difference.
const BEFORE: usize = 24;
const AFTER: usize = 90;

/// Where a run is on its way.
#[derive(Debug)]
pub(in crate::bridge) struct Forking {
    fork: Arc<Fork>,
    /// Which of the old questions were asked again.
    again: Vec<bool>,
    /// The step is behind it.
    is_past: bool,
    /// The program's own name of the step, where that is a tool of the program.
    own: Option<String>,
    /// What every question from the step on says otherwise.
    words: Option<Words>,
}

/// What a question gets.
pub(in crate::bridge) enum Turn<T> {
    /// What it gets in every run.
    Usual,
    Given(T, AnsweredBy),
    Refused(Refusal),
}

impl Forking {
    pub(in crate::bridge) fn new(fork: &Arc<Fork>) -> Forking {
        Forking {
            again: vec![false; fork.asked.len()],
            fork: Arc::clone(fork),
            is_past: false,
            own: None,
            words: None,
        }
    }

    /// A question to the model, which may become another one. `shown`: as the trace keeps it.
    pub(in crate::bridge) fn chat(
        &mut self,
        request: &mut Value,
        shown: &str,
    ) -> Turn<Box<WholeReply>> {
        if self.is_past {
            if let Some(words) = &self.words {
                words.put(request);
            }
            return Turn::Usual;
        }
        let Some(place) = self.take(SpanKind::Model, None, shown) else {
            return Turn::Refused(self.elsewhere(shown));
        };
        let fork = Arc::clone(&self.fork);
        match &fork.asked[place].answer {
            Answer::Reply(reply) => Turn::Given(reply.clone(), self.by(place)),
            Answer::Failed { code, message } => failed(code, message),
            // Models say no outputs.
            Answer::Output(_) => Turn::Usual,
            Answer::Asked(words) => {
                self.is_past = true;
                let Some(words) = words else {
                    let tool = fork.asked[fork.step].name.clone();
                    return Turn::Refused(Refusal::NotTold(tool));
                };
                words.put(request);
                self.words = Some(words.clone());
                Turn::Usual
            }
        }
    }

    /// A question to a tool of the host.
    pub(in crate::bridge) fn tool(&mut self, name: &str, shown: &str) -> Turn<Value> {
        if self.is_past {
            return Turn::Usual;
        }
        let Some(place) = self.take(SpanKind::Tool, Some(name), shown) else {
            return Turn::Refused(self.elsewhere(shown));
        };
        let fork = Arc::clone(&self.fork);
        match &fork.asked[place].answer {
            Answer::Output(output) => Turn::Given(output.clone(), self.by(place)),
            Answer::Failed { code, message } => failed(code, message),
            Answer::Reply(_) | Answer::Asked(_) => Turn::Usual,
        }
    }

    /// A tool of the program's own begins, which answers itself.
    pub(in crate::bridge) fn own_begins(&mut self, id: &str, name: &str, shown: &str) {
        if !self.is_past && self.take_any(SpanKind::Tool, Some(name), shown) == Some(self.fork.step)
        {
            self.own = Some(id.into());
        }
    }

    /// What the learner wrote instead, where this is the step.
    pub(in crate::bridge) fn own_ends(&self, id: &str) -> Option<&Value> {
        match &self.fork.asked[self.fork.step].answer {
            Answer::Output(output) if self.own.as_deref() == Some(id) => Some(output),
            _ => None,
        }
    }

    /// The place of the question that this one repeats. With the step itself the old way ends.
    fn take(&mut self, kind: SpanKind, name: Option<&str>, shown: &str) -> Option<usize> {
        let place = self.take_any(kind, name, shown)?;
        self.is_past |= place == self.fork.step;
        Some(place)
    }

    fn take_any(&mut self, kind: SpanKind, name: Option<&str>, shown: &str) -> Option<usize> {
        let mut open = self.fork.asked.iter().zip(&self.again);
        let place = open.position(|(done, again)| {
            let fits = done.kind == kind && done.input == shown;
            fits && !again && name.is_none_or(|name| done.name == name)
        })?;
        self.again[place] = true;
        Some(place)
    }

    fn by(&self, place: usize) -> AnsweredBy {
        match place == self.fork.step {
            true => AnsweredBy::Learner,
            false => AnsweredBy::Replayed,
        }
    }

    /// The program asks what the older run did not ask.
    fn elsewhere(&self, shown: &str) -> Refusal {
        let open = self.fork.asked.iter().zip(&self.again);
        let mut open = open.filter(|(done, again)| !**again && done.kind == SpanKind::Model);
        let then = open.next().map_or("", |(done, _)| done.input.as_str());
        let same = then.chars().zip(shown.chars());
        let from = same.take_while(|(then, now)| then == now).count();
        Refusal::Elsewhere {
            then: excerpt(then, from),
            now: excerpt(shown, from),
        }
    }
}

fn failed<T>(code: &str, message: &str) -> Turn<T> {
    Turn::Refused(Refusal::Again {
        code: code.into(),
        message: message.into(),
    })
}

/// What stands around a place.
fn excerpt(text: &str, at: usize) -> String {
    let from = at.saturating_sub(BEFORE);
    let mut rest = text.chars().skip(from);
    let mut shown: String = rest.by_ref().take(BEFORE + AFTER).collect();
    if from > 0 {
        shown.insert(0, '…');
    }
    if rest.next().is_some() {
        shown.push('…');
    }
    shown
}
