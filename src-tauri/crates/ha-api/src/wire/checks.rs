//! Checks: the words are those of Exercism's results format (pass, fail, error).

use super::{CodeFinding, FileText, Language, LessonRef, LessonState, RunNote, RunOutcome, Words};
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
        result: Box<CheckResult>,
    },
    /// The lesson's rules do not let this code run. No check ran; `finished` without results
    /// follows.
    Denied {
        /// What it was about to use.
        findings: Vec<CodeFinding>,
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

/// What kind of look a check takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export)]
pub enum CheckKind {
    /// Runs the program and compares its whole output.
    Output,
    /// Runs the program and looks for pieces of output, in order.
    Contains,
    /// Calls the learner's functions from Python.
    Python,
}

/// What an output may have otherwise than expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum Ignored {
    /// Blanks at the ends of lines and empty lines at the end.
    LineEnds,
    /// Capital letters.
    Case,
    /// How many blanks stand where some stand, and empty lines.
    Blanks,
    /// The order of lines, or of pieces.
    Order,
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
    /// What kind of look it took; the window words `output` and `contains` itself.
    pub kind: CheckKind,
    /// How it ended.
    pub status: CheckStatus,
    /// How the program under the check ended: a time-out is worded by the window.
    pub outcome: RunOutcome,
    /// Why it came to that end, where the outcome alone does not say it.
    #[serde(default)]
    pub note: Option<RunNote>,
    /// The author's sentence for the learner, in the language asked for; may be empty.
    pub message: String,
    /// What was called or given, for example `decide("rain")`; for output checks the input given.
    pub call: Option<String>,
    /// What should have come, as Python shows it; for output checks the text; for `contains` the
    /// first piece that is missing.
    pub expected: Option<String>,
    /// What came.
    pub got: Option<String>,
    /// What did not count when the two were compared; empty where that is not said.
    #[serde(default)]
    pub ignored: Vec<Ignored>,
    /// What the program printed during the check.
    pub output: String,
    /// Milliseconds.
    pub duration_ms: f64,
    /// The task of the text that the check belongs to, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub task: Option<u32>,
    /// The author's function that called the learner's code; nothing for other kinds of check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub test_code: Option<String>,
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
    /// Whether the history and the progress could be written; `false` with a full disk, say.
    pub kept: bool,
}
