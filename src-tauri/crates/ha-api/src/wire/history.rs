//! History: every run, check and thrown-away version of a lesson.

use super::{CheckResult, FileText, RunOutcome};
use serde::Serialize;
use ts_rs::TS;

/// What made a history entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export)]
pub enum HistoryKind {
    /// *Run*.
    Run,
    /// *Check*.
    Check,
    /// The files as they were before a reset, a restore or a deletion.
    Snapshot,
}

/// One line of the history.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct HistoryEntry {
    /// Stable id.
    pub id: String,
    /// What made it.
    pub kind: HistoryKind,
    /// When, milliseconds since 1970 UTC.
    pub at: f64,
    /// How the run ended; none for snapshots, for checks that ran, or when the app was killed meanwhile.
    pub outcome: Option<RunOutcome>,
    /// Checks that passed, for checks.
    pub passed: Option<u32>,
    /// Checks in all, for checks.
    pub total: Option<u32>,
    /// Milliseconds; none for snapshots and for runs the app did not survive.
    pub duration_ms: Option<f64>,
}

/// One entry with everything it kept.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct HistoryDetail {
    /// The line.
    pub entry: HistoryEntry,
    /// The learner's files as they were.
    pub files: Vec<FileText>,
    /// The beginning of the output, at most 64 KiB.
    pub output_head: String,
    /// Check results, for checks.
    pub results: Vec<CheckResult>,
}
