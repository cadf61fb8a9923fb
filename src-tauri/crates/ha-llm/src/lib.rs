//! The client for chat-completions services: DeepSeek first, and what speaks the same protocol.
//!
//! ```text
//! caller ── LlmClient::chat(ChatRequest) ──▶ task ──▶ ChatEvent … one Finished | Failed ──▶ Chat::events
//!    └────────────── ChatControl::cancel ──▶ task ── drops the connection
//! ```
//!
//! It takes messages and gives text, tool calls, tokens and prices. It knows no lesson, no window,
//! no database and no prompt; [`keys`] is the one place that knows the system's keyring.
//! [`Cassette`] gives recorded replies instead, in the same JSON ([`WholeReply`]).
//! What it logs: codes, sizes, times, models. What it never logs: keys, messages, replies.

mod asked;
mod attempt;
mod breaker;
mod cassette;
mod chat;
mod client;
mod clock;
mod completion;
mod endpoint;
mod error;
mod fault;
pub mod keys;
mod limits;
mod message;
mod price;
mod reply;
mod service;
mod settings;
mod sse;
mod status;
mod tokens;
mod way;
mod web;
mod wire;

pub use cassette::{
    Cassette, CassetteProblem, EMBEDDING_SIZE, Nearest, Piece, Played, PlayedFrom, Player,
    Recording, Unrecorded, embedding,
};
pub use chat::{Chat, ChatControl, ChatEvent, ChatReport, Finish, Usage};
pub use client::LlmClient;
pub use clock::{Clock, Surroundings, SystemClock};
pub use completion::{ReplyHead, WholeReply, call_delta, usage};
pub use endpoint::{Endpoint, Provider, Proxy};
pub use error::{LlmError, Phase, ServiceWords};
pub use fault::Fault;
pub use keys::ApiKey;
pub use message::{ChatRequest, Message, ReplyFormat, Thinking, Tool, ToolCall, ToolChoice};
pub use price::{Currency, Money, PeakHours, Price, PriceTable, PriceTableError, Rate, Rates};
pub use service::{Balance, Model, Probe};
pub use settings::ClientSettings;
pub use tokens::estimate_tokens;
pub use web::{WebError, WebPage, WebReader};
