//! Collects the spans of one run, within limits that no program can talk it out of.

use crate::wire::{AnsweredBy, ModelMode, SpanKind, SpanPlace, Trace, TraceSpan};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::time::Instant;
use tokio::sync::mpsc;

/// Spans kept of one run.
const MAX_SPANS: usize = 10_000;
/// Bytes kept of what goes into a span, and of what comes out.
const MAX_TEXT: usize = 64 * 1024;
/// Bytes of all texts of one run; later ones are left empty.
const MAX_ALL: usize = 16 << 20;
/// Bytes of a name, of an id, of an attribute.
const MAX_NAME: usize = 200;
const MAX_ATTRIBUTE: usize = 2_000;
/// Attributes of a span.
const MAX_ATTRIBUTES: usize = 32;

/// The spans of one run while it goes.
pub(crate) struct Recorder {
    began: Instant,
    spans: Vec<TraceSpan>,
    /// The places of the program's own spans, by the program's names for them.
    own: HashMap<String, usize>,
    left_out: u32,
    bytes: usize,
    /// Hears of each span when it begins and when it ends.
    told: Option<mpsc::UnboundedSender<TraceSpan>>,
}

/// A span that begins.
pub(crate) struct NewSpan<'a> {
    pub(crate) kind: SpanKind,
    pub(crate) name: &'a str,
    /// The program's name for the span around it.
    pub(crate) parent: Option<&'a str>,
    pub(crate) place: Option<SpanPlace>,
    pub(crate) input: &'a Value,
}

impl Recorder {
    pub(crate) fn new(told: Option<mpsc::UnboundedSender<TraceSpan>>) -> Recorder {
        Recorder {
            began: Instant::now(),
            spans: Vec::new(),
            own: HashMap::new(),
            left_out: 0,
            bytes: 0,
            told,
        }
    }

    /// Begins a span and answers its place; nothing when there are too many.
    pub(crate) fn begin(&mut self, new: NewSpan<'_>) -> Option<usize> {
        if self.spans.len() >= MAX_SPANS {
            self.left_out = self.left_out.saturating_add(1);
            return None;
        }
        let place = self.spans.len();
        let input = self.text(new.input);
        self.spans.push(TraceSpan {
            id: format!("{}", place + 1),
            parent: self.parent(new.parent),
            kind: new.kind,
            name: cut(new.name, MAX_NAME),
            place: new.place,
            start_ms: self.now(),
            duration_ms: None,
            input,
            output: String::new(),
            error: None,
            answered_by: None,
            input_tokens: None,
            cached_tokens: None,
            output_tokens: None,
            finish_reason: None,
            cost: None,
            attributes: BTreeMap::new(),
        });
        self.tell(place);
        Some(place)
    }

    /// Ends a span with what came of it.
    pub(crate) fn end(
        &mut self,
        place: Option<usize>,
        output: &Value,
        finish: impl FnOnce(&mut TraceSpan),
    ) {
        let Some(place) = place else { return };
        let (output, now) = (self.text(output), self.now());
        if let Some(span) = self.spans.get_mut(place)
            && span.duration_ms.is_none()
        {
            span.duration_ms = Some(now - span.start_ms);
            span.output = output;
            finish(span);
            self.tell(place);
        }
    }

    /// Begins a span that the program names itself.
    pub(crate) fn begin_own(&mut self, id: &str, new: NewSpan<'_>, attributes: &Value) {
        let Some(place) = self.begin(new) else { return };
        add_attributes(&mut self.spans[place], attributes);
        self.own.insert(cut(id, MAX_NAME), place);
    }

    /// Ends a span by the program's name for it. One that never began, or ended, is none of ours. `by`:
    /// who said the output, where that was not the program.
    pub(crate) fn end_own(
        &mut self,
        id: &str,
        output: &Value,
        error: Option<&str>,
        attributes: &Value,
        by: Option<AnsweredBy>,
    ) {
        let place = self.own.remove(&cut(id, MAX_NAME));
        self.end(place, output, |span| {
            span.error = error.map(|error| cut(error, MAX_ATTRIBUTE));
            span.answered_by = by;
            add_attributes(span, attributes);
        });
    }

    /// What was recorded until now.
    pub(crate) fn trace(
        &self,
        mode: ModelMode,
        started_at: f64,
        calls: u32,
        call_limit: u32,
    ) -> Trace {
        Trace {
            mode,
            started_at,
            spans: self.spans.clone(),
            left_out: self.left_out,
            calls,
            call_limit,
            forked_from: None,
        }
    }

    fn now(&self) -> f64 {
        self.began.elapsed().as_secs_f64() * 1e3
    }

    /// The span around a new one. What has ended is around nothing any more.
    fn parent(&self, own: Option<&str>) -> Option<String> {
        let place = self.own.get(&cut(own?, MAX_NAME))?;
        Some(self.spans[*place].id.clone())
    }

    fn text(&mut self, value: &Value) -> String {
        if self.bytes >= MAX_ALL {
            return String::new();
        }
        let text = kept(value);
        self.bytes += text.len();
        text
    }

    fn tell(&self, place: usize) {
        if let Some(told) = &self.told {
            // Whoever listened may have gone: the trace is kept all the same.
            told.send(self.spans[place].clone()).ok();
        }
    }
}

/// What a span keeps of what goes into it or comes out.
pub(crate) fn kept(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        value => cut(&value.to_string(), MAX_TEXT),
    }
}

fn add_attributes(span: &mut TraceSpan, attributes: &Value) {
    let given = attributes.as_object().into_iter().flatten();
    for (name, value) in given {
        if span.attributes.len() == MAX_ATTRIBUTES {
            return;
        }
        let text = match value {
            Value::String(text) => cut(text, MAX_ATTRIBUTE),
            other => cut(&other.to_string(), MAX_ATTRIBUTE),
        };
        span.attributes.insert(cut(name, MAX_NAME), text);
    }
}

fn cut(text: &str, most: usize) -> String {
    match text.len() <= most {
        true => text.to_string(),
        false => format!("{}…", &text[..text.floor_char_boundary(most)]),
    }
}
