//! *Explain this error*: the question and the answer.

use super::{FileText, Language, LessonRef};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Asks what an error means.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ErrorQuestion {
    /// The lesson it happened in.
    pub lesson: LessonRef,
    /// Of the answer.
    pub language: Language,
    /// What the program printed, up to its end; at most 256 KiB.
    pub printed: String,
    /// The files as they ran.
    pub files: Vec<FileText>,
}

/// An error in plain words.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ErrorExplanation {
    /// What Python said, on its last line.
    pub error: String,
    /// What that means. Sanitised HTML, like the next two.
    pub means: String,
    /// What usually leads to it: a list.
    pub causes: String,
    /// What to look at.
    pub look: String,
    /// Where it happened in the learner's files.
    pub place: Option<CodeSpot>,
}

/// A line of code in one of the learner's files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct CodeSpot {
    /// Relative path with `/`.
    pub path: String,
    /// From 1.
    pub line: u32,
    /// The line itself, without its indentation.
    pub code: String,
}
