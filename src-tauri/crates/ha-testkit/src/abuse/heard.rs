//! What a run said, in the words of the suite.

use crate::conformance::{NoReport, listen};
use ha_sandbox::{Run, RunError, RunEvent, RunOutcome, RunReport, RunRequest, Runner};
use std::fmt;
use std::time::{Duration, Instant};

/// One run, from the request to the end.
pub struct Heard {
    /// Standard output in one piece.
    pub stdout: String,
    /// Standard error in one piece.
    pub stderr: String,
    /// What it showed of its inside, as `Debug` writes it.
    pub inside: String,
    /// How it ended: a word as in the header of a case, with the exit code behind it. `refused` and
    /// `lost` are the engine's ends; `broken` is none at all.
    pub end: String,
    /// The end's note, or what is behind an end that is not the program's.
    pub note: String,
    /// From the request to the end, as the host saw it.
    pub took: Duration,
}

impl Heard {
    /// Runs `request` to its end, whatever that is.
    pub async fn run(runner: &dyn Runner, request: RunRequest) -> Heard {
        let start = Instant::now();
        match runner.start(request).await {
            Ok(run) => Heard::listen(run, start).await,
            Err(error) => {
                let mut heard = Heard::nothing();
                heard.end(&Err(NoReport::Failed(error)), start);
                heard
            }
        }
    }

    /// Reads a run that was started at `start` to its end.
    pub async fn listen(run: Run, start: Instant) -> Heard {
        let mut heard = Heard::nothing();
        // Nothing else of the events is kept: what the suite itself holds would count as the engine's.
        let end = listen(run, |event| match event {
            RunEvent::Stdout(text) => heard.stdout += &text,
            RunEvent::Stderr(text) => heard.stderr += &text,
            RunEvent::Inspected(inside) => heard.inside = format!("{inside:?}"),
            _ => {}
        });
        let end = end.await;
        heard.end(&end, start);
        heard
    }

    fn nothing() -> Heard {
        Heard {
            stdout: String::new(),
            stderr: String::new(),
            inside: String::new(),
            end: String::new(),
            note: String::new(),
            took: Duration::ZERO,
        }
    }

    fn end(&mut self, end: &Result<RunReport, NoReport>, start: Instant) {
        (self.end, self.note) = words(end);
        self.took = start.elapsed();
    }

    /// The end and its note, as one reads them.
    pub fn words(&self) -> String {
        match self.note.as_str() {
            "" => self.end.clone(),
            note => format!("{} ({note})", self.end),
        }
    }

    /// Whether the end is `expected`: the same, or the same class when no code is asked for.
    pub fn ended(&self, expected: &str) -> bool {
        let class = self.end.split(' ').next();
        self.end == expected || class == Some(expected)
    }
}

/// What a person wants to read of it: a flood is shown by its beginning and its end.
impl fmt::Debug for Heard {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Heard {
            stdout,
            stderr,
            took,
            ..
        } = self;
        let [stdout, stderr] = [stdout, stderr].map(|text| excerpt(text));
        write!(
            formatter,
            "{} after {took:?}, stdout {stdout:?}, stderr {stderr:?}",
            self.words()
        )
    }
}

/// A text, or its beginning and its end.
pub(super) fn excerpt(text: &str) -> String {
    const SHOWN: usize = 600;
    if text.len() <= 2 * SHOWN {
        return text.to_owned();
    }
    let head = &text[..text.floor_char_boundary(SHOWN)];
    let tail = &text[text.ceil_char_boundary(text.len() - SHOWN)..];
    format!("{head} … {} bytes … {tail}", text.len())
}

fn words(end: &Result<RunReport, NoReport>) -> (String, String) {
    match end {
        Ok(report) => {
            let note = report.note.map(|note| format!("{note:?}"));
            (outcome(report.outcome), note.unwrap_or_default())
        }
        Err(NoReport::Failed(RunError::Refused(refusal))) => {
            ("refused".into(), refusal.to_string())
        }
        Err(NoReport::Failed(error)) => ("lost".into(), error.to_string()),
        Err(NoReport::Broken(rule)) => ("broken".into(), rule.clone()),
    }
}

fn outcome(outcome: RunOutcome) -> String {
    match outcome {
        RunOutcome::Exited { code } => format!("exited {code}"),
        RunOutcome::TimedOut => "timed_out".into(),
        RunOutcome::OutOfMemory => "out_of_memory".into(),
        RunOutcome::OutputLimit => "output_limit".into(),
        RunOutcome::Cancelled => "cancelled".into(),
    }
}
