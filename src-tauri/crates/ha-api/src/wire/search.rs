//! Search over the texts of all installed lessons.

use super::{Language, LessonRef, Words};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct LessonSearch {
    /// Words; each must be there, and the last letters of each may be missing. The first 200
    /// characters count.
    pub text: String,
    /// The language whose texts are preferred: a lesson that has hits in it shows no other.
    pub language: Language,
    /// Only this course, by its id.
    pub course: Option<String>,
    /// Hits at most, 1–50.
    pub limit: u32,
}

/// A passage of a lesson that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct LessonHit {
    /// The lesson.
    pub lesson: LessonRef,
    /// Its title.
    pub title: Words,
    /// Number as readers say it, for example `1.2`.
    pub number: String,
    /// The course's title.
    pub course_title: Words,
    /// Language of the passage.
    pub language: Language,
    /// The heading to show; `None` for the lesson's beginning.
    pub anchor: Option<String>,
    /// The heading's words, cut where they are marked; empty for the lesson's beginning.
    pub heading: Vec<HitPart>,
    /// One line around the first place that was found.
    pub excerpt: Vec<HitPart>,
    /// Whether the excerpt is code.
    pub is_code: bool,
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct HitPart {
    /// The words.
    pub text: String,
    /// Whether they were looked for.
    pub marked: bool,
}
