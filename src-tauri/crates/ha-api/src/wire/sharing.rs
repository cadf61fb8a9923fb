//! A learner's code, handed on.

use super::{FileText, LessonRef, Words};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Somebody's code of one lesson.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct SharedCode {
    /// The lesson it belongs to.
    pub lesson: LessonRef,
    /// The course's title, for where it is not installed.
    pub course_title: Words,
    /// The lesson's title.
    pub lesson_title: Words,
    /// The files, without those that the lesson gives to be read only.
    pub files: Vec<FileText>,
    /// Checks passed at the last check, and how many there were; nothing when none was made.
    pub result: Option<(u32, u32)>,
}

/// Somebody's code beside one's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct SharedView {
    /// Theirs.
    pub code: SharedCode,
    /// Mine; nothing where the course is not installed.
    pub mine: Option<Vec<FileText>>,
}
