//! The inside of a run: its variables, the failed place, the recorded steps.

use ha_sandbox as sandbox;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How much of its inside a run shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum Inspect {
    /// The variables at the end and the failed place.
    Variables,
    /// These and every step.
    Steps,
}

/// The inside of a run that came to its own end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Inspection {
    /// Top-level variables, in the order of their first assignment.
    pub variables: Vec<Variable>,
    /// How many more there were.
    pub more_variables: u32,
    /// Where an uncaught exception came from, in the learner's own files.
    pub failure: Option<Failure>,
    /// The steps, if they were asked for.
    pub recording: Option<Recording>,
}

/// A name and what it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Variable {
    /// The name.
    pub name: String,
    /// Name of the value's type.
    pub type_name: String,
    /// Its `repr`; a cut one ends in `…`.
    pub value: String,
}

/// The expression that raised an uncaught exception.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Failure {
    /// Path of the file in the program's folder.
    pub file: String,
    /// First line, from 1.
    pub line: u32,
    /// First column, from 1, in UTF-16 units.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// The column behind the last character.
    pub end_column: u32,
    /// The exception's type and text.
    pub message: String,
}

/// What a program did, line by line, in its own files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Recording {
    /// Files that steps point into.
    pub files: Vec<String>,
    /// One for each call that was entered; the first is the module.
    pub frames: Vec<Frame>,
    /// In the order of the program.
    pub steps: Vec<Step>,
    /// Whether the program went on after the last step recorded.
    pub cut: bool,
}

/// One call of a function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Frame {
    /// The function's name; `<module>` for a file's top level.
    pub function: String,
    /// The frame that called it, an index into the recording's frames.
    pub parent: Option<u32>,
}

/// One moment of a program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Step {
    /// What happens.
    pub kind: StepKind,
    /// Index into the recording's files.
    pub file: u32,
    /// From 1.
    pub line: u32,
    /// Index into the recording's frames.
    pub frame: u32,
    /// The frame's variables that are new or hold something else than at its step before.
    pub changed: Vec<Variable>,
    /// Names that were deleted since.
    pub gone: Vec<String>,
    /// Characters (code points) printed by then, both outputs together.
    pub printed: u32,
    /// What is returned or yielded, or the exception's type and text.
    pub value: Option<String>,
}

/// What a step tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum StepKind {
    /// A function was entered; its parameters are the changes.
    Call,
    /// The line is about to be executed.
    Line,
    /// The function returns.
    Return,
    /// The generator hands a value out and waits to be asked for the next one.
    Yield,
    /// An exception goes through this line.
    Raise,
}

impl From<Inspect> for sandbox::Inspect {
    fn from(inspect: Inspect) -> Self {
        match inspect {
            Inspect::Variables => sandbox::Inspect::Variables,
            Inspect::Steps => sandbox::Inspect::Steps,
        }
    }
}

impl From<sandbox::Inspection> for Inspection {
    fn from(inspection: sandbox::Inspection) -> Self {
        Inspection {
            variables: all(inspection.variables),
            more_variables: inspection.more_variables,
            failure: inspection.failure.map(Failure::from),
            recording: inspection.recording.map(Recording::from),
        }
    }
}

impl From<sandbox::Variable> for Variable {
    fn from(variable: sandbox::Variable) -> Self {
        Variable {
            name: variable.name,
            type_name: variable.type_name,
            value: variable.value,
        }
    }
}

impl From<sandbox::Failure> for Failure {
    fn from(failure: sandbox::Failure) -> Self {
        Failure {
            file: failure.file,
            line: failure.line,
            column: failure.column,
            end_line: failure.end_line,
            end_column: failure.end_column,
            message: failure.message,
        }
    }
}

impl From<sandbox::Recording> for Recording {
    fn from(recording: sandbox::Recording) -> Self {
        Recording {
            files: recording.files,
            frames: all(recording.frames),
            steps: all(recording.steps),
            cut: recording.cut,
        }
    }
}

impl From<sandbox::Frame> for Frame {
    fn from(frame: sandbox::Frame) -> Self {
        Frame {
            function: frame.function,
            parent: frame.parent,
        }
    }
}

impl From<sandbox::Step> for Step {
    fn from(step: sandbox::Step) -> Self {
        Step {
            kind: match step.kind {
                sandbox::StepKind::Call => StepKind::Call,
                sandbox::StepKind::Line => StepKind::Line,
                sandbox::StepKind::Return => StepKind::Return,
                sandbox::StepKind::Yield => StepKind::Yield,
                sandbox::StepKind::Raise => StepKind::Raise,
            },
            file: step.file,
            line: step.line,
            frame: step.frame,
            changed: all(step.changed),
            gone: step.gone,
            printed: step.printed,
            value: step.value,
        }
    }
}

fn all<A, B: From<A>>(items: Vec<A>) -> Vec<B> {
    items.into_iter().map(B::from).collect()
}
