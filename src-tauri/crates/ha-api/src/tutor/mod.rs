//! The tutor: asks a model for help that teaches, and keeps what was said.
//!
//! ```text
//! tutor_ask ─▶ context (lesson, code, run, check) ─▶ rung (in code) ─▶ messages ─▶ ha-llm
//!                                                                        │
//!     window ◀── HTML, block by block ◀── verify (nothing above the rung) ◀── words ──┐
//!                                                │        ▲ asked again with     tool calls
//!                                                │        └── what they gave ◀── tools ─┘
//!                                                │ gives away? take back, ask again
//!                                                ▼
//!                                           store: as far as it came, then whole
//! ```

mod answer;
mod ask;
mod context;
mod draft;
mod kept;
mod money;
mod once;
mod prompts;
mod rounds;
mod rung;
mod service;
mod threads;
mod tools;
mod turns;
mod verify;

pub(crate) use money::wire_cost;
pub use service::key_store;
pub(crate) use service::{AiService, model};
