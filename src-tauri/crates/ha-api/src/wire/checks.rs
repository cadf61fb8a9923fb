//! Checks: the words are those of Exercism's results format (pass, fail, error).

use super::{FileText, Language, LessonRef, LessonState, Words};
use crate::ApiError;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Starts the lesson's checks over the learner's files.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct CheckStart {
    /// A UUID made by the caller; `run_cancel` stops the checks too.
    pub run_id: String,
    /// The lesson.
    pub lesson: LessonRef,
    /// The learner's files as the editor has them.
    pub files: Vec<FileText>,
    /// Language of the messages.
    pub language: Language,
}

/// What checking says, in order. Exactly one `finished` or `failed`, last.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[ts(export)]
pub enum CheckEvent {
    /// Checking began.
    Started {
        /// How many checks there are.
        total: u32,
    },
    /// One check is done.
    Checked {
        /// Its result.
        result: CheckResult,
    },
    /// All are done, or the learner stopped them.
    Finished {
        /// The whole result.
        report: CheckReport,
    },
    /// Our machine failed.
    Failed {
        /// Why.
        error: ApiError,
    },
}

/// How one check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export)]
pub enum CheckStatus {
    /// As it should be.
    Pass,
    /// The program ran and did something else.
    Fail,
    /// The program did not get that far: it raised, timed out or did not parse.
    Error,
}

/// One check's result. Nothing in it is truncated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct CheckResult {
    /// The check's id.
    pub id: String,
    /// What it looks at.
    pub title: Words,
    /// How it ended.
    pub status: CheckStatus,
    /// A sentence for the learner, in the language asked for; empty when it passed.
    pub message: String,
    /// What was called or given, for example `decide("rain")`.
    pub call: Option<String>,
    /// What should have come, as Python shows it.
    pub expected: Option<String>,
    /// What came.
    pub got: Option<String>,
    /// What the program printed during the check.
    pub output: String,
    /// Milliseconds.
    pub duration_ms: f64,
}

/// The whole result.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct CheckReport {
    /// In the lesson's order; shorter than the announced total when the learner stopped.
    pub results: Vec<CheckResult>,
    /// Whether every check ran and passed.
    pub passed: bool,
    /// Whether the learner stopped before the end.
    pub cancelled: bool,
    /// Milliseconds.
    pub duration_ms: f64,
    /// The lesson's state after this.
    pub state: LessonState,
}
