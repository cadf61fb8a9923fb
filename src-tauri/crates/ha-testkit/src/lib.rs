//! What tests share: a fake runner, the engine conformance suite, the abuse suite, a fake chat
//! service, a container engine.

pub mod abuse;
pub mod conformance;
#[cfg(unix)]
pub mod engine;
mod fake;
pub mod fake_chat;
mod fake_terminal;

pub use fake::{FakeRunner, Step};
