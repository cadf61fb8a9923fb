//! What tests share: a fake runner, the engine conformance suite, fixtures.

pub mod conformance;
mod fake;

pub use fake::{FakeRunner, Step};
