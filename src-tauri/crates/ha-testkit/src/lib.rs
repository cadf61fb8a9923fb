//! What tests share: a fake runner, the engine conformance suite, the abuse suite, fixtures.

pub mod abuse;
pub mod conformance;
mod fake;

pub use fake::{FakeRunner, Step};
