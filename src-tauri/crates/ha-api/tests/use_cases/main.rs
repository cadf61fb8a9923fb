//! Use cases over a real database and real course files, with a scripted sandbox: what the window
//! may rely on, whatever engine runs.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod agents;
mod bridge;
mod bundles;
mod checks;
mod code;
mod courses;
mod engines;
mod explain;
mod forks;
mod lessons;
mod recording;
mod runs;
mod search;
mod solution;
mod stage;
mod store;
mod terminal;
mod tutor;
mod tutor_tools;
mod tutor_tools_trouble;
