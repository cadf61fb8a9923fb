//! What a run shows of its inside: put together from what the guest tells, and kept within limits.
//!
//! The guest tells piece by piece, so what a stopped program did until then is known. Nothing it tells
//! is trusted: a program can call these functions itself, and then sees a wrong picture of its own
//! run. Counts, lengths and the whole are limited here, whatever the guest does.

use crate::host::HostState;
use crate::host::helloagents::sandbox::inside as told;
use ha_sandbox::{
    Failure, Frame, Inspect, Inspection, Recording, RunOutcome, Step, StepKind, Variable,
};
use std::time::Duration;
use tokio::sync::watch;
use wasmtime::Result;

/// Bytes of one recording, its texts and its tables. A lesson's loop of a thousand steps has 200 KB.
const MAX_RECORDING: usize = 4 << 20;
/// Calls of one recording: each has a step, and the module has none.
const MAX_FRAMES: usize = Inspection::MAX_STEPS + 1;
/// Files of one recording; a request has at most as many.
const MAX_FILES: usize = ha_sandbox::Limits::MAX_FILES;
/// Characters of a name, of a path and of a type.
const MAX_NAME: usize = 200;
/// Characters of what a traceback's last line says.
const MAX_MESSAGE: usize = 1_000;
/// How long the program's own `__repr__`s may take together, after its end.
const PATIENCE: Duration = Duration::from_millis(250);

/// Whether the guest is showing its variables just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Showing {
    No,
    /// The program is over and had this exit code.
    Ended(i32),
}

/// The inside of one program, as far as it was asked for and told.
pub(crate) struct Inside {
    asked: Inspect,
    shown: Inspection,
    announced: u32,
    recording: Recording,
    weight: usize,
    showing: watch::Sender<Showing>,
}

impl Inside {
    /// Of a program whose request asked for `asked`.
    pub fn new(asked: Inspect) -> Inside {
        Inside {
            asked,
            shown: Inspection::default(),
            announced: 0,
            recording: Recording::default(),
            weight: 0,
            showing: watch::Sender::new(Showing::No),
        }
    }

    /// A watch over the end: see [`Patience::over`].
    pub fn patience(&self) -> Patience {
        Patience(self.showing.subscribe())
    }

    /// The exit code of a program that is over and shows its variables just now; what happens
    /// meanwhile does not change it.
    pub fn exit_code(&self) -> Option<i32> {
        match *self.showing.borrow() {
            Showing::Ended(code) => Some(code),
            Showing::No => None,
        }
    }

    /// What there is to see of a program that ended with `outcome`. A stopped one shows its steps, if
    /// any were recorded.
    pub fn take(&mut self, outcome: RunOutcome) -> Option<Inspection> {
        let by_itself = matches!(outcome, RunOutcome::Exited { .. });
        let is_seen = by_itself || !self.recording.steps.is_empty();
        if self.asked == Inspect::Nothing || !is_seen {
            return None;
        }
        let mut shown = std::mem::take(&mut self.shown);
        let told = u32::try_from(shown.variables.len()).unwrap_or(u32::MAX);
        shown.more_variables = self.announced.saturating_sub(told);
        if self.asked == Inspect::Steps {
            shown.recording = Some(std::mem::take(&mut self.recording));
        }
        Some(shown)
    }

    fn records(&self) -> bool {
        self.asked == Inspect::Steps && !self.recording.cut
    }

    /// Whether `bytes` more still fit; if not, the recording ends here.
    fn weighs(&mut self, bytes: usize) -> bool {
        self.weight += bytes;
        self.recording.cut |= self.weight > MAX_RECORDING;
        !self.recording.cut
    }

    fn enter(&mut self, function: String, parent: Option<u32>) -> u32 {
        let number = self.recording.frames.len() as u32;
        if !self.records() {
            return number;
        }
        let function = cut(function, MAX_NAME);
        let fits = self.weighs(size_of::<Frame>() + function.len());
        if fits && self.recording.frames.len() < MAX_FRAMES {
            let parent = parent.filter(|parent| *parent < number);
            self.recording.frames.push(Frame { function, parent });
        } else {
            self.recording.cut = true;
        }
        number
    }

    /// Says whether more steps are wanted.
    fn step(&mut self, step: told::Step, printed: u64) -> bool {
        if !self.records() {
            return false;
        }
        let full = self.recording.steps.len() == Inspection::MAX_STEPS;
        let known = (step.frame as usize) < self.recording.frames.len();
        let Some(file) = self.file(step.file).filter(|_| known && !full) else {
            self.recording.cut = true;
            return false;
        };
        let step = Step {
            kind: step.kind.into(),
            file,
            line: step.line.max(1),
            frame: step.frame,
            changed: step.changed.into_iter().map(Variable::from).collect(),
            gone: step
                .gone
                .into_iter()
                .map(|name| cut(name, MAX_NAME))
                .collect(),
            printed: u32::try_from(printed).unwrap_or(u32::MAX),
            value: step.value.map(|value| cut(value, Inspection::MAX_VALUE)),
        };
        if self.weighs(weight(&step)) {
            self.recording.steps.push(step);
        }
        !self.recording.cut
    }

    /// The file's number.
    fn file(&mut self, path: String) -> Option<u32> {
        let files = &mut self.recording.files;
        let known = files.iter().position(|file| *file == path);
        if known.is_none() && (files.len() == MAX_FILES || path.chars().count() > MAX_NAME) {
            return None;
        }
        let number = known.unwrap_or_else(|| {
            files.push(path);
            files.len() - 1
        });
        u32::try_from(number).ok()
    }

    fn show(&mut self, code: i32, failure: Option<told::Failure>, variables: u32) {
        // Only the first counts: the harness itself shows once.
        if self.asked == Inspect::Nothing || self.shown != Inspection::default() {
            return;
        }
        self.shown.failure = failure.map(Failure::from);
        self.announced = variables;
        self.showing.send_replace(Showing::Ended(code & 255));
    }

    fn variable(&mut self, variable: told::Variable) {
        let is_wanted = self.exit_code().is_some();
        if is_wanted && self.shown.variables.len() < Inspection::MAX_VARIABLES {
            self.shown.variables.push(variable.into());
        }
    }
}

/// Notices when a program that is over takes too long to show what it held.
pub(crate) struct Patience(watch::Receiver<Showing>);

impl Patience {
    /// Resolves once the guest has been showing for longer than anybody waits.
    pub async fn over(&mut self) {
        loop {
            let ended = |showing: &Showing| *showing != Showing::No;
            if self.0.wait_for(ended).await.is_err() {
                // The program is being cleared away; there is nothing to wait for.
                return std::future::pending().await;
            }
            let shown = self.0.wait_for(|showing| *showing == Showing::No);
            if tokio::time::timeout(PATIENCE, shown).await.is_err() {
                return;
            }
        }
    }
}

impl told::Host for HostState {
    async fn enter_frame(&mut self, function: String, parent: Option<u32>) -> Result<u32> {
        Ok(self.inside.enter(function, parent))
    }

    async fn take_step(&mut self, step: told::Step) -> Result<bool> {
        let printed = self.outbox()?.printed();
        Ok(self.inside.step(step, printed))
    }

    async fn cut_steps(&mut self) -> Result<()> {
        self.inside.recording.cut = true;
        Ok(())
    }

    async fn show(
        &mut self,
        code: i32,
        failure: Option<told::Failure>,
        variables: u32,
    ) -> Result<()> {
        self.inside.show(code, failure, variables);
        self.outbox()?.mute(self.inside.exit_code().is_some());
        Ok(())
    }

    async fn show_variable(&mut self, variable: told::Variable) -> Result<()> {
        self.inside.variable(variable);
        Ok(())
    }

    async fn shown(&mut self) -> Result<()> {
        self.inside.showing.send_replace(Showing::No);
        self.outbox()?.mute(false);
        Ok(())
    }
}

impl From<told::StepKind> for StepKind {
    fn from(kind: told::StepKind) -> Self {
        match kind {
            told::StepKind::Call => StepKind::Call,
            told::StepKind::Line => StepKind::Line,
            told::StepKind::Return => StepKind::Return,
            told::StepKind::Yield => StepKind::Yield,
            told::StepKind::Raise => StepKind::Raise,
        }
    }
}

impl From<told::Variable> for Variable {
    fn from(variable: told::Variable) -> Self {
        Variable {
            name: cut(variable.name, MAX_NAME),
            type_name: cut(variable.type_name, MAX_NAME),
            value: cut(variable.value, Inspection::MAX_VALUE),
        }
    }
}

impl From<told::Failure> for Failure {
    fn from(failure: told::Failure) -> Self {
        Failure {
            file: cut(failure.file, MAX_NAME),
            line: failure.line,
            column: failure.column,
            end_line: failure.end_line,
            end_column: failure.end_column,
            message: cut(failure.message, MAX_MESSAGE),
        }
    }
}

/// At most `characters` of a text.
fn cut(mut text: String, characters: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(characters) {
        text.truncate(end);
        text.shrink_to_fit();
    }
    text
}

/// Bytes that a step holds.
fn weight(step: &Step) -> usize {
    let texts =
        |variable: &Variable| variable.name.len() + variable.type_name.len() + variable.value.len();
    let changed = step.changed.iter().map(texts).sum::<usize>();
    let gone = step.gone.iter().map(String::len).sum::<usize>();
    size_of::<Step>()
        + size_of_val(&step.changed[..])
        + size_of_val(&step.gone[..])
        + changed
        + gone
        + step.value.as_ref().map_or(0, String::len)
}
