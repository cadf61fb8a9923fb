//! Journeys through the real window, one file a theme. Each test is a story that a person could act
//! out by hand, in a place of its own; what it asserts is what that person would notice.
//!
//! They need the built app and a display, and fail without: run them with `cargo xtask test`.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "tests fail by panicking and document themselves"
)]

mod agents;
mod courses;
mod crashes;
mod data;
mod engines;
mod first_hour;
mod hostile;
mod inside;
mod keyboard;
mod looks;
mod programs;
mod starts;
mod tutor;
mod tutor_trouble;

use std::path::PathBuf;

/// A file of the bundled course.
fn course_file(path: &str) -> String {
    let file = root().join("courses/build-ai-agents").join(path);
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}
