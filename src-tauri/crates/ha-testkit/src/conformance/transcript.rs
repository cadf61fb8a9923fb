//! Runs a program and writes down what was said, checking the contract of the stream on the way.

use ha_sandbox::{Run, RunError, RunEvent, RunOutcome, RunReport, RunRequest, Runner};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Longer than any case may take on a busy machine: a case that hangs fails instead.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a run said.
#[derive(Debug, Clone, PartialEq)]
pub struct Transcript {
    /// Everything between the start and the end; neighbouring pieces of one output are joined.
    pub events: Vec<RunEvent>,
    /// The end.
    pub report: RunReport,
}

impl Transcript {
    /// Standard output in one piece.
    pub fn stdout(&self) -> String {
        let pieces = self.events.iter().filter_map(|event| match event {
            RunEvent::Stdout(text) => Some(text.as_str()),
            _ => None,
        });
        pieces.collect()
    }

    /// Standard error in one piece.
    pub fn stderr(&self) -> String {
        let pieces = self.events.iter().filter_map(|event| match event {
            RunEvent::Stderr(text) => Some(text.as_str()),
            _ => None,
        });
        pieces.collect()
    }

    /// How it ended.
    pub fn outcome(&self) -> RunOutcome {
        self.report.outcome
    }

    /// Requires that the program ended by itself with `code`.
    #[track_caller]
    pub fn exited(self, code: i32) -> Self {
        assert_eq!(self.outcome(), RunOutcome::Exited { code }, "{self:#?}");
        self
    }
}

/// A request for a program of one file, with an id of its own.
pub fn script(source: &str) -> RunRequest {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    RunRequest::script(format!("conformance-{number}"), source)
}

/// Runs `request` to its end.
///
/// # Panics
/// When the engine refuses it or breaks the contract of the stream.
pub async fn run(runner: &dyn Runner, request: RunRequest) -> Transcript {
    let run = runner
        .start(request)
        .await
        .expect("the engine takes the request");
    let transcript = finish(run).await;
    assert_eq!(transcript.report.engine, runner.name());
    transcript
}

/// Why a run has no report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoReport {
    /// The engine said so, with the terminal event for it.
    Failed(RunError),
    /// The stream broke the contract.
    Broken(String),
}

/// Reads a run to its end: one `Started` at most and first, one terminal event and last.
///
/// # Panics
/// When that is not so, or when it takes longer than anybody's patience.
pub async fn finish(run: Run) -> Transcript {
    let mut events = Vec::new();
    match listen(run, |event| push(&mut events, event)).await {
        Ok(report) => Transcript { events, report },
        Err(NoReport::Failed(error)) => panic!("the engine failed: {error}: {events:?}"),
        Err(NoReport::Broken(rule)) => panic!("{rule}, after {events:?}"),
    }
}

/// As [`finish`], for those who judge a broken stream themselves; `hear` gets what lies between the
/// start and the end.
///
/// # Errors
/// A run without a report.
pub async fn listen(mut run: Run, hear: impl FnMut(RunEvent)) -> Result<RunReport, NoReport> {
    let read = tokio::time::timeout(PATIENCE, read(&mut run, hear)).await;
    read.unwrap_or_else(|_| Err(NoReport::Broken("the run does not end".into())))
}

async fn read(run: &mut Run, mut hear: impl FnMut(RunEvent)) -> Result<RunReport, NoReport> {
    let broken = |rule: &str| Err(NoReport::Broken(rule.into()));
    let mut is_first = true;
    while let Some(event) = run.events.recv().await {
        let end = match event {
            RunEvent::Finished(report) => Ok(report),
            RunEvent::Failed(error) => Err(NoReport::Failed(error)),
            RunEvent::Started if is_first => {
                is_first = false;
                continue;
            }
            RunEvent::Started => return broken("Started is not the first event"),
            other => {
                is_first = false;
                hear(other);
                continue;
            }
        };
        return match run.events.recv().await {
            None => end,
            Some(after) => Err(NoReport::Broken(format!(
                "{after:?} follows the terminal event"
            ))),
        };
    }
    broken("the stream ended without a terminal event")
}

fn push(events: &mut Vec<RunEvent>, event: RunEvent) {
    match (events.last_mut(), event) {
        (Some(RunEvent::Stdout(last)), RunEvent::Stdout(more))
        | (Some(RunEvent::Stderr(last)), RunEvent::Stderr(more)) => last.push_str(&more),
        (_, event) => events.push(event),
    }
}

/// Reads a run until `text` was printed, so that a case acts while the program is where it says.
///
/// # Panics
/// When the run ends first, or patience does.
pub async fn until_printed(run: &mut Run, text: &str) {
    let mut printed = String::new();
    let read = async {
        while !printed.contains(text) {
            match run.events.recv().await {
                Some(RunEvent::Stdout(piece)) => printed.push_str(&piece),
                Some(RunEvent::Finished(_) | RunEvent::Failed(_)) | None => {
                    panic!("the run ended before it printed {text:?}, after {printed:?}")
                }
                Some(_) => {}
            }
        }
    };
    tokio::time::timeout(PATIENCE, read)
        .await
        .expect("the text is printed in time");
}

/// The version with which carets under whole lines and the last of the hints came.
const HINTS: (u32, u32) = (3, 13);

/// Compares what Python says of an error. An older Python says less: no carets, or fewer, and fewer
/// hints; then only the rest is compared.
///
/// # Panics
/// When that differs.
pub async fn assert_said(runner: &dyn Runner, found: &str, expected: &str) {
    if found == expected {
        return;
    }
    let asked = run(runner, script("import sys\nprint(*sys.version_info[:2])")).await;
    let version = asked.stdout();
    let mut numbers = version
        .split_whitespace()
        .map(|number| number.parse().unwrap());
    let version: (u32, u32) = (numbers.next().unwrap(), numbers.next().unwrap());
    if version >= HINTS {
        assert_eq!(found, expected);
    }
    assert_eq!(
        without_hints(found),
        without_hints(expected),
        "Python {version:?}"
    );
}

fn without_hints(said: &str) -> String {
    let is_mark = |line: &&str| !line.is_empty() && line.chars().all(|c| " ~^".contains(c));
    let lines = said.lines().filter(|line| !is_mark(line));
    let plain = |line: &str| {
        line.split(". Did you mean")
            .next()
            .unwrap_or_default()
            .to_owned()
            + "\n"
    };
    lines.map(plain).collect()
}

/// A plain program must run as ever.
///
/// # Panics
/// When it does not.
pub async fn canary(runner: &dyn Runner) {
    let transcript = run(runner, script("print(sum(range(10)))")).await.exited(0);
    assert_eq!(transcript.events, [RunEvent::Stdout("45\n".into())]);
}
