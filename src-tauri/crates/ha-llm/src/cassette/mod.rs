//! Cassettes: recorded exchanges with a model, so that an agent runs the same way every time, without
//! a network and without a key.
//!
//! ```text
//! cassette.toml ── parse ──▶ Cassette ── player ──▶ Player: chat(request) ─▶ reply | nearest, as a diff
//!        ▲                                                 embed(text) ─▶ vector
//!        └── Recording::to_toml ◀── what a live service answered
//! ```
//!
//! A file that is broken in places gives a cassette of the rest, and a line for each place. Left out:
//! files, clocks and networks; whoever plays a reply waits its pauses.

mod embedding;
mod nearest;
mod normal;
mod player;
mod read;
mod record;
mod rule;

pub use embedding::{EMBEDDING_SIZE, embedding};
pub use nearest::Nearest;
pub use player::{Piece, Played, PlayedFrom, Player, Unrecorded};
pub use record::Recording;

use crate::Usage;
use normal::{Asked, Said};
use rule::Rule;
use serde_json::Value;
use std::collections::HashMap;

/// What was recorded.
#[derive(Debug, Clone, Default)]
pub struct Cassette {
    model: String,
    /// Seconds since 1970 UTC, of the day on which it was recorded.
    created: i64,
    fallback: Fallback,
    exchanges: Vec<Exchange>,
    rules: Vec<Rule>,
    embeddings: HashMap<String, Vec<f64>>,
    /// The places of the exchanges that ask the same.
    by_request: HashMap<Asked, Vec<usize>>,
}

/// What a request gets that fits nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Fallback {
    /// An error with the nearest one.
    #[default]
    Nothing,
    /// The next exchange of its kind that was not played yet.
    Step,
}

/// One request and its reply.
#[derive(Debug, Clone)]
struct Exchange {
    /// Where it begins in the file, 1-based.
    line: u32,
    asked: Asked,
    /// The names of the tools that were offered; none where any fit.
    tools: Option<Vec<String>>,
    reply: Recorded,
}

/// A recorded reply.
#[derive(Debug, Clone, PartialEq)]
enum Recorded {
    Chat(ChatReply),
    /// What a tool answered.
    Tool(Value),
}

/// What the model said.
#[derive(Debug, Clone, Default, PartialEq)]
struct ChatReply {
    content: String,
    reasoning: String,
    /// Name and arguments; arguments that are a text are the model's own words, valid or not.
    calls: Vec<(String, Value)>,
    finish: Option<String>,
    usage: Option<Usage>,
    /// Pauses in milliseconds, each before so many characters.
    rhythm: Vec<(u32, u32)>,
}

/// What is wrong with a cassette's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CassetteProblem {
    /// 1-based, when known.
    pub line: Option<u32>,
    /// For the author, in Chinese: what is wrong and what to do.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

impl Cassette {
    /// The version of the format that this code reads and writes.
    pub const VERSION: u32 = 1;
    /// Bytes of a file at most: ten thousand exchanges fit.
    pub const MAX_BYTES: usize = 16 << 20;

    /// Reads a cassette. Never fails: what cannot be used is among the problems, and the rest plays.
    pub fn parse(text: &str) -> (Cassette, Vec<CassetteProblem>) {
        read::read(text)
    }

    /// How many exchanges and rules it holds.
    pub fn len(&self) -> usize {
        self.exchanges.len() + self.rules.len()
    }

    /// Whether it holds nothing that a request could get.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn add(&mut self, exchange: Exchange) {
        let place = self.exchanges.len();
        let same = self.by_request.entry(exchange.asked.clone()).or_default();
        same.push(place);
        self.exchanges.push(exchange);
    }

    /// The size of every vector that it gives.
    fn embedding_size(&self) -> usize {
        let recorded = self.embeddings.values().next();
        recorded.map_or(EMBEDDING_SIZE, Vec::len)
    }
}

impl Asked {
    fn messages(&self) -> &[Said] {
        match self {
            Asked::Chat(messages) => messages,
            Asked::Tool { .. } => &[],
        }
    }
}

#[cfg(test)]
mod tests;
