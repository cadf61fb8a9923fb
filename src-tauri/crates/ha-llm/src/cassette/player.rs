//! Plays a cassette to one run.
//!
//! A request gets, in this order: the exchange that asks the same; the first rule that fits; with
//! `fallback = "step"` the next exchange that was not played yet; else an error with the nearest one.
//! Exchanges that ask the same are played one after the other, the last of them again and again.

use super::nearest::{Nearest, nearest};
use super::normal::{self, Asked};
use super::{Cassette, ChatReply, Fallback, Recorded, embedding};
use crate::completion::call_delta;
use crate::{ReplyHead, ToolCall, Usage, WholeReply, estimate_tokens};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// Characters of a piece, where no rhythm was recorded.
const PIECE: usize = 8;

/// Plays one cassette to one run: knows what was played already.
#[derive(Debug)]
pub struct Player {
    cassette: Arc<Cassette>,
    /// How often each request was asked.
    asked: HashMap<Asked, usize>,
    played: Vec<bool>,
    replies: u32,
}

/// What a request got.
#[derive(Debug, Clone)]
pub struct Played {
    /// The reply.
    pub reply: WholeReply,
    /// What it comes from.
    pub from: PlayedFrom,
    rhythm: Vec<(u32, u32)>,
}

/// Where a reply was found, with the line on which that begins in the cassette's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlayedFrom {
    /// An exchange that asks the same.
    Exchange(u32),
    /// A rule.
    Rule(u32),
    /// The next exchange in the order of the file.
    Step(u32),
}

/// One chunk of a stream, and how long it waits before it comes.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// Since the piece before it.
    pub pause: Duration,
    /// In the JSON of chat completions.
    pub chunk: Value,
}

/// Nothing was recorded for a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unrecorded {
    /// What comes nearest; none in a cassette without exchanges.
    pub nearest: Option<Nearest>,
}

impl Player {
    /// A player at the beginning.
    pub fn new(cassette: Arc<Cassette>) -> Player {
        Player {
            played: vec![false; cassette.exchanges.len()],
            asked: HashMap::new(),
            replies: 0,
            cassette,
        }
    }

    /// The reply to a request in the JSON of chat completions.
    ///
    /// # Errors
    /// [`Unrecorded`].
    pub fn chat(&mut self, request: &Value) -> Result<Played, Unrecorded> {
        let cassette = Arc::clone(&self.cassette);
        let messages = normal::messages(request);
        let tools = normal::tools(request);
        let tool = normal::answered_tool(request);
        let input = input_tokens(request);
        let asked = Asked::Chat(messages);
        if let Some((line, Recorded::Chat(reply))) = self.recorded(&cassette, &asked, &tools) {
            return Ok(self.play(reply.clone(), PlayedFrom::Exchange(line), input));
        }
        let messages = asked.messages();
        for rule in &cassette.rules {
            if let Some(reply) = rule.apply(messages, tool.as_deref()) {
                return Ok(self.play(reply, PlayedFrom::Rule(rule.line), input));
            }
        }
        if cassette.fallback == Fallback::Step
            && let Some((line, reply)) = self.next_step(&cassette)
        {
            return Ok(self.play(reply.clone(), PlayedFrom::Step(line), input));
        }
        let nearest = nearest(&cassette, messages, &tools);
        Err(Unrecorded { nearest })
    }

    /// What a tool answered when it was called so; none when that was not recorded.
    pub fn tool(&mut self, name: &str, arguments: &Value) -> Option<Value> {
        let cassette = Arc::clone(&self.cassette);
        let asked = Asked::Tool {
            name: name.into(),
            arguments: normal::canonical_text(arguments),
        };
        match self.recorded(&cassette, &asked, &[]) {
            Some((_, Recorded::Tool(result))) => Some(result.clone()),
            _ => None,
        }
    }

    /// The vector of a text: the recorded one, else the one that is made without a model.
    pub fn embed(&self, text: &str) -> Vec<f64> {
        let recorded = self.cassette.embeddings.get(text.trim());
        recorded
            .cloned()
            .unwrap_or_else(|| embedding(text, self.cassette.embedding_size()))
    }

    /// The name of the model that was recorded; empty when the author did not say.
    pub fn model(&self) -> &str {
        &self.cassette.model
    }

    fn recorded<'c>(
        &mut self,
        cassette: &'c Cassette,
        asked: &Asked,
        tools: &[String],
    ) -> Option<(u32, &'c Recorded)> {
        let places = cassette.by_request.get(asked)?;
        let fits = |place: &&usize| {
            let wanted = &cassette.exchanges[**place].tools;
            wanted.as_ref().is_none_or(|wanted| wanted == tools)
        };
        let places: Vec<usize> = places.iter().filter(fits).copied().collect();
        let times = self.asked.entry(asked.clone()).or_default();
        let place = *places.get(*times).or(places.last())?;
        *times += 1;
        self.played[place] = true;
        let exchange = &cassette.exchanges[place];
        Some((exchange.line, &exchange.reply))
    }

    fn next_step<'c>(&mut self, cassette: &'c Cassette) -> Option<(u32, &'c ChatReply)> {
        for (place, exchange) in cassette.exchanges.iter().enumerate() {
            if let (false, Recorded::Chat(reply)) = (self.played[place], &exchange.reply) {
                self.played[place] = true;
                return Some((exchange.line, reply));
            }
        }
        None
    }

    fn play(&mut self, reply: ChatReply, from: PlayedFrom, input: u64) -> Played {
        self.replies += 1;
        let number = self.replies;
        let calls = reply.calls.iter().enumerate();
        let tool_calls: Vec<ToolCall> = calls
            .map(|(index, (name, arguments))| ToolCall {
                id: format!("call_{number}_{}", index + 1),
                name: name.clone(),
                arguments: match arguments {
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                },
            })
            .collect();
        let finish = match (&reply.finish, tool_calls.is_empty()) {
            (Some(finish), _) => finish.clone(),
            (None, true) => "stop".into(),
            (None, false) => "tool_calls".into(),
        };
        let usage = reply.usage.unwrap_or_else(|| estimated(&reply, input));
        Played {
            reply: WholeReply {
                head: ReplyHead {
                    id: format!("scripted-{number}"),
                    model: self.cassette.model.clone(),
                    created: self.cassette.created,
                },
                content: reply.content,
                reasoning: reply.reasoning,
                tool_calls,
                finish,
                usage,
            },
            from,
            rhythm: reply.rhythm,
        }
    }
}

impl Played {
    /// A reply that comes from elsewhere, to be given the same way.
    pub fn of(reply: WholeReply) -> Played {
        Played {
            reply,
            from: PlayedFrom::Step(0),
            rhythm: Vec::new(),
        }
    }

    /// Whether its pieces have pauses between them.
    pub fn has_rhythm(&self) -> bool {
        self.rhythm.iter().any(|(pause, _)| *pause > 0)
    }

    /// The reply as a stream: in its recorded rhythm, or all at once in pieces of a few characters.
    pub fn pieces(&self, at_once: bool) -> Vec<Piece> {
        let reply = &self.reply;
        let head = &reply.head;
        let mut pieces = Vec::new();
        let mut push = |pause: u32, delta: Value, finish: Option<&str>| {
            pieces.push(Piece {
                pause: Duration::from_millis(if at_once { 0 } else { pause.into() }),
                chunk: head.chunk(delta, finish),
            });
        };
        push(0, json!({ "role": "assistant", "content": "" }), None);
        for (pause, text) in cut(&reply.reasoning, &[]) {
            push(pause, json!({ "reasoning_content": text }), None);
        }
        for (pause, text) in cut(&reply.content, &self.rhythm) {
            push(pause, json!({ "content": text }), None);
        }
        for (index, call) in reply.tool_calls.iter().enumerate() {
            push(0, call_delta(index, call), None);
        }
        push(0, json!({}), Some(&reply.finish));
        pieces
    }
}

/// A text in the pieces of a rhythm; what is left over comes at once.
fn cut<'t>(text: &'t str, rhythm: &[(u32, u32)]) -> Vec<(u32, &'t str)> {
    let (mut pieces, mut rest) = (Vec::new(), text);
    let mut beats = rhythm.iter();
    while !rest.is_empty() {
        let (pause, signs) = match (beats.next(), rhythm.is_empty()) {
            (Some((pause, signs)), _) => (*pause, *signs as usize),
            (None, true) => (0, PIECE),
            (None, false) => (0, usize::MAX),
        };
        let end = rest.char_indices().nth(signs).map(|(end, _)| end);
        let (piece, left) = rest.split_at(end.unwrap_or(rest.len()));
        pieces.push((pause, piece));
        rest = left;
    }
    pieces
}

/// What a request would cost, roughly.
fn input_tokens(request: &Value) -> u64 {
    let said = normal::messages(request);
    let tokens = |text: &str| estimate_tokens(text);
    let messages: u64 = said
        .iter()
        .map(|said| {
            let calls = said.calls.iter();
            let calls: u64 = calls.map(|(name, args)| tokens(name) + tokens(args)).sum();
            tokens(&said.text) + calls
        })
        .sum();
    let tools = request.get("tools").filter(|tools| tools.is_array());
    messages + tools.map_or(0, |tools| tokens(&tools.to_string()))
}

fn estimated(reply: &ChatReply, input: u64) -> Usage {
    let calls = reply.calls.iter();
    let calls: u64 = calls
        .map(|(name, arguments)| estimate_tokens(name) + estimate_tokens(&arguments.to_string()))
        .sum();
    let thinking = estimate_tokens(&reply.reasoning);
    Usage {
        input,
        cached: 0,
        output: estimate_tokens(&reply.content) + thinking + calls,
        thinking,
    }
}
