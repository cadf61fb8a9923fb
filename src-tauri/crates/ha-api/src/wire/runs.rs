//! Runs: what the window asks, and what streams back.

use super::{
    ArmedFault, CodeFinding, FileText, ForkAt, Inspect, Inspection, LessonRef, ModelMode, TraceSpan,
};
use crate::ApiError;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Starts a run. The window makes the id and subscribes before it sends this.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct RunStart {
    /// A UUID made by the caller.
    pub run_id: String,
    /// The lesson the program belongs to.
    pub lesson: LessonRef,
    /// The learner's files as the editor has them; the lesson's data files are added by the core.
    pub files: Vec<FileText>,
    /// For a cell of a lesson's text the cells it comes after: they run first, unheard, in its names.
    pub before: Vec<String>,
    /// How much of its inside it shows at the end.
    pub inspect: Inspect,
    /// Whether the history has it: runs of the learner's own files, which can be restored from there.
    pub keep: bool,
    /// What goes wrong on purpose when its agents ask a model; at most 8.
    pub faults: Vec<ArmedFault>,
    /// It goes the way of an older run up to a step, and there another one.
    pub fork: Option<ForkAt>,
}

/// What a run says, in order. Exactly one `finished` or `failed`, last.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[ts(export)]
pub enum RunEvent {
    /// The engine does work that is done once; the run waits for it.
    Preparing,
    /// The program executes.
    Started {
        /// `wasm` or `docker`.
        engine: String,
    },
    /// Standard output.
    Stdout {
        /// Text, split anywhere between characters.
        text: String,
    },
    /// Standard error.
    Stderr {
        /// Text, split anywhere between characters.
        text: String,
    },
    /// Output that was not kept: so much is missing here.
    LeftOut {
        /// Of both outputs together.
        bytes: u32,
    },
    /// The program waits for a line.
    NeedsInput,
    /// It has agents; once, before their first step.
    Agents {
        /// Who answers for the model.
        mode: ModelMode,
        /// Calls of a model that the run may make.
        call_limit: u32,
    },
    /// A step of an agent began or ended; the newest word on it counts.
    Traced {
        /// The step.
        span: Box<TraceSpan>,
    },
    /// The inside of the program at its end; at most one, right before `finished`.
    Inspected {
        /// What is seen.
        inspection: Inspection,
    },
    /// The lesson's rules do not let this code run. It did not start; `finished` with `refused`
    /// follows.
    Denied {
        /// What it was about to use.
        findings: Vec<CodeFinding>,
    },
    /// The program came to an end.
    Finished {
        /// How.
        report: RunReport,
    },
    /// Our machine failed.
    Failed {
        /// Why.
        error: ApiError,
    },
}

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[ts(export)]
pub enum RunOutcome {
    /// By itself.
    Exited {
        /// CPython's exit code.
        code: i32,
    },
    /// The time limit passed.
    TimedOut,
    /// The memory limit stopped it.
    OutOfMemory,
    /// It printed several times more than is kept, or what the report's note says.
    OutputLimit,
    /// The learner stopped it.
    Cancelled,
    /// The lesson's rules did not let it start. Never of a program inside a check.
    Refused,
}

/// Why a program came to its end, where the outcome leaves it open. The window has the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum RunNote {
    /// It waited for a lock or a queue that nothing else could serve.
    Deadlock,
    /// Its calls, or what it built, were nested deeper than Python's own stack.
    StackOverflow,
    /// Python gave up by itself, after something it could not go on from.
    Aborted,
    /// Python broke in some other way.
    Crashed,
    /// It held more files open at once than it may.
    TooManyOpenFiles,
    /// With `outputLimit`: it was what it sent to the checks.
    ReportLimit,
}

/// The end of a run.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct RunReport {
    /// How it ended.
    pub outcome: RunOutcome,
    /// Milliseconds from the accepted request to the end.
    pub duration_ms: f64,
    /// `wasm` or `docker`.
    pub engine: String,
    /// The time limit it ran under, seconds.
    pub timeout_s: u8,
    /// What was kept of its output at most, bytes.
    pub output_cap: u32,
    /// Why it came to that end, where the outcome alone does not say it.
    pub note: Option<RunNote>,
    /// Whether the history could be written; `false` with a full disk, say.
    pub kept: bool,
    /// Whether the run has a trace that can be read again.
    pub traced: bool,
}
