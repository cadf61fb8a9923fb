//! One file per table: its SQL, its row, its operations.
//!
//! Statements are constants, so that tests can ask SQLite how it runs each, and no value is ever
//! put into their text.

pub(crate) mod activity;
pub(crate) mod answer;
pub(crate) mod draft;
pub(crate) mod draft_base;
pub(crate) mod lesson_progress;
pub(crate) mod message;
pub(crate) mod profile;
pub(crate) mod run;
pub(crate) mod setting;
pub(crate) mod spending;
pub(crate) mod thread;
pub(crate) mod trace;
mod words;

#[cfg(test)]
mod plans;
