//! The terminal: a shell with the lesson's files, where an engine has one.

use super::{FileText, LessonRef};
use crate::ApiError;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A terminal as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct TerminalOpen {
    /// A UUID of the window's own.
    pub terminal_id: String,
    /// Whose data lie beside the files.
    pub lesson: LessonRef,
    /// The learner's files; the shell works on copies.
    pub files: Vec<FileText>,
    /// Lines of the screen.
    pub rows: u16,
    /// Characters in a line.
    pub columns: u16,
}

/// What a terminal has said since it was asked last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct TerminalNews {
    /// For the screen, control characters and all.
    pub text: String,
    /// How it ended, when it did. Nothing comes after it.
    pub end: Option<TerminalEnd>,
}

/// How a terminal ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
#[ts(export)]
pub enum TerminalEnd {
    /// The shell ended by itself.
    Exited {
        /// Its exit code.
        code: i32,
    },
    /// Somebody closed it.
    Closed,
    /// It was lost.
    Failed {
        /// Why.
        error: ApiError,
    },
}
