//! What a run shows of its inside, put together from the lines of the runner and kept within limits.
//!
//! Nothing told is trusted: a program can write such lines itself, and then sees a wrong picture of its
//! own run. Counts, lengths and the whole are limited here, whatever comes.

use ha_sandbox::{
    Failure, Frame, Inspect, Inspection, Limits, Recording, RunOutcome, Step, StepKind, Variable,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Bytes of all lines together. A recording of 5,000 steps with values of the usual size has 1 MiB.
const MAX_TOLD: usize = 6 << 20;
/// Calls of one recording: each has a step, and the module has none.
const MAX_FRAMES: usize = Inspection::MAX_STEPS + 1;
/// Characters of a name, of a path and of a type.
const MAX_NAME: usize = 200;
/// Characters of what a traceback's last line says.
const MAX_MESSAGE: usize = 1_000;
/// Names of one step that changed or went.
const MAX_CHANGES: usize = 1_000;

/// The lines of one run.
#[derive(Debug)]
pub(crate) struct Told {
    asked: Inspect,
    bytes: Vec<u8>,
    too_much: bool,
}

impl Told {
    /// Of a run that was asked for `asked`.
    pub fn new(asked: Inspect) -> Told {
        Told {
            asked,
            bytes: Vec::new(),
            too_much: false,
        }
    }

    /// Takes the next piece of the lines; what is too much is left out.
    pub fn push(&mut self, piece: &[u8]) {
        self.too_much |= self.bytes.len() + piece.len() > MAX_TOLD;
        if self.asked != Inspect::Nothing && !self.too_much {
            self.bytes.extend_from_slice(piece);
        }
    }

    /// What there is to see of a program that ended with `outcome`. A stopped one shows its steps, if any
    /// were recorded.
    pub fn inspection(&mut self, outcome: RunOutcome) -> Option<Inspection> {
        let lines = std::mem::take(&mut self.bytes);
        let mut picture = Picture::default();
        for line in lines.split(|byte| *byte == b'\n') {
            // A line that is cut or forged tells nothing.
            if let Ok(Value::Array(line)) = serde_json::from_slice(line) {
                picture.add(line);
            }
        }
        let by_itself = matches!(outcome, RunOutcome::Exited { .. });
        let records = self.asked == Inspect::Steps;
        let is_seen = by_itself || (records && !picture.recording.steps.is_empty());
        if self.asked == Inspect::Nothing || !is_seen {
            return None;
        }
        let mut shown = picture.shown;
        let told = u32::try_from(shown.variables.len()).unwrap_or(u32::MAX);
        shown.more_variables = picture.count.saturating_sub(told);
        if records {
            picture.recording.cut |= self.too_much;
            shown.recording = Some(picture.recording);
        }
        Some(shown)
    }
}

#[derive(Default)]
struct Picture {
    shown: Inspection,
    recording: Recording,
    /// How many variables there are, told or not.
    count: u32,
}

type ToldVariable = (String, String, String);
type ToldStep = (
    String,
    String,
    u32,
    u32,
    Vec<ToldVariable>,
    Vec<String>,
    u32,
    Option<String>,
);

impl Picture {
    fn add(&mut self, mut line: Vec<Value>) {
        if line.is_empty() {
            return;
        }
        let rest = line.split_off(1);
        match line[0].as_str() {
            Some("frame") => self.enter(rest),
            Some("step") => self.step(rest),
            Some("cut") => self.recording.cut = true,
            Some("end") => {
                if let Some((_, count)) = read::<(i64, u32)>(rest) {
                    self.count = count;
                }
            }
            Some("failure") => self.shown.failure = failure(rest),
            Some("variable") => {
                let told = read::<ToldVariable>(rest);
                if self.shown.variables.len() < Inspection::MAX_VARIABLES {
                    self.shown.variables.extend(told.map(variable));
                }
            }
            _ => {}
        }
    }

    fn enter(&mut self, told: Vec<Value>) {
        let number = self.recording.frames.len();
        match read::<(String, Option<u32>)>(told) {
            Some((function, parent)) if number < MAX_FRAMES && !self.recording.cut => {
                let function = cut(function, MAX_NAME);
                let parent = parent.filter(|parent| (*parent as usize) < number);
                self.recording.frames.push(Frame { function, parent });
            }
            _ => self.recording.cut = true,
        }
    }

    fn step(&mut self, told: Vec<Value>) {
        let full = self.recording.steps.len() == Inspection::MAX_STEPS;
        let step = read::<ToldStep>(told).filter(|_| !full && !self.recording.cut);
        match step.and_then(|step| self.told(step)) {
            Some(step) => self.recording.steps.push(step),
            None => self.recording.cut = true,
        }
    }

    fn told(&mut self, step: ToldStep) -> Option<Step> {
        let (kind, file, line, frame, changed, gone, printed, value) = step;
        let kind = match kind.as_str() {
            "call" => StepKind::Call,
            "line" => StepKind::Line,
            "return" => StepKind::Return,
            "yield" => StepKind::Yield,
            "raise" => StepKind::Raise,
            _ => return None,
        };
        let known = (frame as usize) < self.recording.frames.len();
        let fits = changed.len() <= MAX_CHANGES && gone.len() <= MAX_CHANGES;
        if !known || !fits {
            return None;
        }
        Some(Step {
            kind,
            file: self.file(file)?,
            line: line.max(1),
            frame,
            changed: changed.into_iter().map(variable).collect(),
            gone: gone.into_iter().map(|name| cut(name, MAX_NAME)).collect(),
            printed,
            value: value.map(|value| cut(value, Inspection::MAX_VALUE)),
        })
    }

    /// The file's number.
    fn file(&mut self, path: String) -> Option<u32> {
        let files = &mut self.recording.files;
        let known = files.iter().position(|file| *file == path);
        if known.is_none() {
            if files.len() == Limits::MAX_FILES || path.chars().count() > MAX_NAME {
                return None;
            }
            files.push(path);
        }
        u32::try_from(known.unwrap_or(files.len() - 1)).ok()
    }
}

fn failure(told: Vec<Value>) -> Option<Failure> {
    let (file, line, column, end_line, end_column, message) =
        read::<(String, u32, u32, u32, u32, String)>(told)?;
    Some(Failure {
        file: cut(file, MAX_NAME),
        line,
        column,
        end_line,
        end_column,
        message: cut(message, MAX_MESSAGE),
    })
}

fn variable((name, type_name, value): ToldVariable) -> Variable {
    Variable {
        name: cut(name, MAX_NAME),
        type_name: cut(type_name, MAX_NAME),
        value: cut(value, Inspection::MAX_VALUE),
    }
}

fn read<T: DeserializeOwned>(told: Vec<Value>) -> Option<T> {
    serde_json::from_value(Value::Array(told)).ok()
}

/// At most `characters` of a text.
fn cut(mut text: String, characters: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(characters) {
        text.truncate(end);
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    const EXITED: RunOutcome = RunOutcome::Exited { code: 0 };

    fn told(asked: Inspect, lines: &str, outcome: RunOutcome) -> Option<Inspection> {
        let mut told = Told::new(asked);
        for piece in lines.as_bytes().chunks(7) {
            told.push(piece);
        }
        told.inspection(outcome)
    }

    const STEPS: &str = r#"["frame", "<module>", null]
["step", "line", "main.py", 1, 0, [], [], 0, null]
["step", "line", "main.py", 2, 0, [["x", "int", "1"]], ["y"], 3, null]
"#;
    const END: &str = r#"["end", 0, 3]
["variable", "x", "int", "1"]
["failure", "main.py", 1, 2, 3, 4, "ValueError: x"]
"#;

    #[test]
    fn variables_and_steps_are_put_together() {
        let shown = told(Inspect::Steps, &format!("{STEPS}{END}"), EXITED).unwrap();
        assert_eq!((shown.variables.len(), shown.more_variables), (1, 2));
        assert_eq!(shown.failure.unwrap().end_column, 4);
        let recording = shown.recording.unwrap();
        assert_eq!(recording.files, ["main.py"]);
        assert_eq!((recording.steps.len(), recording.cut), (2, false));
        assert_eq!(recording.steps[1].gone, ["y"]);
    }

    #[test]
    fn a_stopped_program_shows_its_steps_and_else_nothing() {
        assert!(told(Inspect::Steps, STEPS, RunOutcome::TimedOut).is_some());
        assert_eq!(told(Inspect::Variables, STEPS, RunOutcome::TimedOut), None);
        let nothing = Some(Inspection::default());
        assert_eq!(
            told(Inspect::Variables, "", EXITED),
            nothing,
            "it ended by itself"
        );
        assert_eq!(told(Inspect::Nothing, END, EXITED), None);
    }

    #[test]
    fn forged_lines_stay_within_the_limits() {
        let many = |line: &str, count: usize| format!("{line}\n").repeat(count);
        let variables = many(
            r#"["variable", "x", "int", "1"]"#,
            Inspection::MAX_VARIABLES + 1,
        );
        let shown = told(Inspect::Variables, &format!("{variables}{END}"), EXITED).unwrap();
        assert_eq!(shown.variables.len(), Inspection::MAX_VARIABLES);
        let step = r#"["step", "line", "main.py", 0, 0, [], [], 0, null]"#;
        let steps = format!("{STEPS}{}", many(step, Inspection::MAX_STEPS));
        let recording = told(Inspect::Steps, &steps, RunOutcome::TimedOut)
            .unwrap()
            .recording;
        let recording = recording.unwrap();
        assert_eq!(
            (recording.steps.len(), recording.cut),
            (Inspection::MAX_STEPS, true)
        );
        for wrong in [
            r#"["step", "line", "main.py", 1, 7, [], [], 0, null]"#,
            r#"["step", "jump", "main.py", 1, 0, [], [], 0, null]"#,
            r#"["step"]"#,
        ] {
            let lines = format!("{STEPS}{wrong}\n[1]\n{{}}\n[");
            let shown = told(Inspect::Steps, &lines, RunOutcome::TimedOut).unwrap();
            assert!(shown.recording.unwrap().cut, "{wrong}");
        }
        let flood = many(r#"["variable", "x", "int", "1"]"#, 300_000);
        let shown = told(Inspect::Variables, &flood, EXITED).unwrap();
        assert_eq!(shown.variables.len(), Inspection::MAX_VARIABLES);
    }
}
