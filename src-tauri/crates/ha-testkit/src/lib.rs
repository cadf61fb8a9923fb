//! What tests share: a fake runner, the engine conformance suite, the abuse suite, a fake chat
//! service, fixtures.

pub mod abuse;
pub mod conformance;
mod fake;
pub mod fake_chat;

pub use fake::{FakeRunner, Step};
