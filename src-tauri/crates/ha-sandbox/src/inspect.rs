//! What a run shows of its inside, beside what it prints: the variables it ended with, the place that
//! failed, and on request a recording of its steps. How an engine finds these out is its business.

use serde::{Deserialize, Serialize};

/// How much of its inside a run shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Inspect {
    /// Nothing; for checks, and for callers that only read the output.
    #[default]
    Nothing,
    /// The variables at the end and the failed place. Costs next to nothing.
    Variables,
    /// These and a [`Recording`]. A program is slow while it is recorded, and as fast as ever after the
    /// recording's last step.
    Steps,
}

/// The inside of a run. A program that was stopped shows its steps until then, and no variables.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Inspection {
    /// Top-level names in the order of their first assignment, without private names and what is a
    /// part of the program's text: modules, functions and classes under their own names, helps for
    /// type hints. At most [`Inspection::MAX_VARIABLES`].
    pub variables: Vec<Variable>,
    /// How many more there were.
    pub more_variables: u32,
    /// Where an uncaught exception came from, in the learner's own files.
    pub failure: Option<Failure>,
    /// The steps, if they were asked for.
    pub recording: Option<Recording>,
}

impl Inspection {
    /// Variables shown at most.
    pub const MAX_VARIABLES: usize = 200;
    /// Characters of a value's `repr` shown at most.
    pub const MAX_VALUE: usize = 200;
    /// Steps recorded at most; a loop of a beginner's program has hundreds.
    pub const MAX_STEPS: usize = 5_000;
}

/// A name and what it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variable {
    /// The name.
    pub name: String,
    /// Name of the value's type, `list` for example.
    pub type_name: String,
    /// Its `repr`, at most [`Inspection::MAX_VALUE`] characters, a cut one ending in `…`. An object whose
    /// `repr` would be its address is shown by its attributes: `<Dog name='Rex', age=3>`. So is, in
    /// [`Step`]s, every object of the program's own: its `__repr__` is not called while it runs.
    pub value: String,
}

/// The expression that raised an uncaught exception, innermost in the learner's own files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Path of the file in the program's folder.
    pub file: String,
    /// First line, from 1.
    pub line: u32,
    /// First column, from 1, in UTF-16 units, as editors count.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// The column behind the last character.
    pub end_column: u32,
    /// What was raised, as the traceback's last line says it; at most 1,000 characters.
    pub message: String,
}

/// What a program did, line by line, in its own files.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Recording {
    /// Files that steps point into.
    pub files: Vec<String>,
    /// One for each call that was entered; the first is the module.
    pub frames: Vec<Frame>,
    /// In the order of the program; at most [`Inspection::MAX_STEPS`].
    pub steps: Vec<Step>,
    /// Whether the program went on after the last step recorded: it was longer, its values were too
    /// large (4 MiB of all of them together), or it took the recorder away.
    pub cut: bool,
}

/// One call of a function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// The function's name; `<module>` for a file's top level.
    pub function: String,
    /// The frame that called it, an index into [`Recording::frames`].
    pub parent: Option<u32>,
}

/// One moment of a program: what was about to happen, and what had changed since the frame's step
/// before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What happens.
    pub kind: StepKind,
    /// Index into [`Recording::files`].
    pub file: u32,
    /// From 1.
    pub line: u32,
    /// Index into [`Recording::frames`].
    pub frame: u32,
    /// The frame's variables that are new or read otherwise than at its step before.
    pub changed: Vec<Variable>,
    /// Names that were deleted since.
    pub gone: Vec<String>,
    /// Characters (code points) the program had printed by then, both outputs together.
    pub printed: u32,
    /// What is returned or yielded, or the exception's type and text; of `Return`, `Yield` and `Raise`.
    pub value: Option<String>,
}

/// What a [`Step`] tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
