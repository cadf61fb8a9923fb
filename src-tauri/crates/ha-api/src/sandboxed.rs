//! Runs one program to its end, translating between the sandbox's contract and the use cases:
//! requests are built here, and a stop asked for at any moment reaches the engine.

use crate::live::LiveRun;
use crate::wire::{FileText, RunNote, RunOutcome};
use crate::{ApiError, ErrorCode};
use ha_course::Words;
use ha_sandbox::{
    Limits, RequestError, Run, RunError, RunEvent, RunReport, RunRequest, Runner, SourceFile,
};
use std::time::Duration;

/// The file that runs.
pub(crate) const ENTRY: &str = "main.py";

/// The learner's files and the lesson's data, as the program sees them.
pub(crate) fn program_files(files: &[FileText], data: &[SourceFile]) -> Vec<SourceFile> {
    let own = files
        .iter()
        .filter(|file| !data.iter().any(|given| given.path == file.path))
        .map(|file| SourceFile::text(&file.path, &file.text));
    own.chain(data.iter().cloned()).collect()
}

/// The limits of a run under the learner's time limit.
pub(crate) fn limits(timeout_s: u8) -> Limits {
    Limits {
        wall: Duration::from_secs(timeout_s.into()),
        ..Limits::default()
    }
}

/// Starts a program, or learns that it was stopped before it could start.
pub(crate) async fn start(
    runner: &dyn Runner,
    request: RunRequest,
    live: &LiveRun,
) -> Result<Option<Run>, RunError> {
    tokio::select! {
        biased;
        () = live.stopped() => Ok(None),
        run = runner.start(request) => run.map(Some),
    }
}

/// The next event of a run; passes a stop on to the engine and then waits for the terminal event.
/// A stream that ends without one is a lost engine.
pub(crate) async fn next_event(run: &mut Run, live: &LiveRun) -> RunEvent {
    let event = if live.is_stopped() {
        run.control.cancel();
        run.events.recv().await
    } else {
        tokio::select! {
            event = run.events.recv() => event,
            () = live.stopped() => {
                run.control.cancel();
                run.events.recv().await
            }
        }
    };
    let lost = || RunError::Lost("the run ended without a result".into());
    event.unwrap_or_else(|| RunEvent::Failed(lost()))
}

/// A report for a program that was stopped before it started.
pub(crate) fn stopped_report(runner: &dyn Runner) -> RunReport {
    RunReport {
        outcome: ha_sandbox::RunOutcome::Cancelled,
        duration: Duration::ZERO,
        engine: runner.name().into(),
        note: None,
    }
}

pub(crate) fn wire_outcome(outcome: ha_sandbox::RunOutcome) -> RunOutcome {
    match outcome {
        ha_sandbox::RunOutcome::Exited { code } => RunOutcome::Exited { code },
        ha_sandbox::RunOutcome::TimedOut => RunOutcome::TimedOut,
        ha_sandbox::RunOutcome::OutOfMemory => RunOutcome::OutOfMemory,
        ha_sandbox::RunOutcome::OutputLimit => RunOutcome::OutputLimit,
        ha_sandbox::RunOutcome::Cancelled => RunOutcome::Cancelled,
    }
}

pub(crate) fn wire_note(note: ha_sandbox::RunNote) -> RunNote {
    match note {
        ha_sandbox::RunNote::Deadlock => RunNote::Deadlock,
        ha_sandbox::RunNote::StackOverflow => RunNote::StackOverflow,
        ha_sandbox::RunNote::Aborted => RunNote::Aborted,
        ha_sandbox::RunNote::Crashed => RunNote::Crashed,
        ha_sandbox::RunNote::TooManyOpenFiles => RunNote::TooManyOpenFiles,
        ha_sandbox::RunNote::ReportLimit => RunNote::ReportLimit,
    }
}

pub(crate) fn run_error(error: &RunError) -> ApiError {
    let code = match error {
        RunError::Refused(refused) => return request_error(refused),
        RunError::Unavailable(_) => ErrorCode::EngineUnavailable,
        RunError::Language(_) => ErrorCode::LanguageUnavailable,
        RunError::Lost(_) => ErrorCode::EngineLost,
    };
    ApiError::new(code, error.to_string())
}

pub(crate) fn request_error(error: &RequestError) -> ApiError {
    ApiError::said(request_code(error), request_words(error))
}

/// Why a program is not run at all, in both languages.
pub fn request_words(error: &RequestError) -> Words {
    const FILES: usize = Limits::MAX_FILES;
    const BYTES: usize = Limits::MAX_SOURCE_BYTES;
    const INPUT: usize = Limits::MAX_INPUT_BYTES;
    let zh = match error {
        RequestError::TooManyFiles(count) => format!("有 {count} 个文件，最多 {FILES} 个"),
        RequestError::TooLarge(bytes) => format!("文件一共 {bytes} 字节，最多 {BYTES} 字节"),
        RequestError::BadPath(path) => format!("{path:?} 不能当文件名"),
        RequestError::DuplicatePath(path) => format!("{path} 给了两次"),
        RequestError::NulByte(path) => format!("{path} 里有 NUL 字节，不是文本文件"),
        RequestError::NoEntry(path) => format!("文件里没有 {path}"),
        RequestError::InputTooLarge(bytes) => {
            format!("输入有 {bytes} 字节，最多 {INPUT} 字节")
        }
        RequestError::BadWall(seconds) => format!("时间上限 {seconds} 秒不在 1–60 秒之内"),
    };
    Words {
        zh,
        en: error.to_string(),
    }
}

fn request_code(error: &RequestError) -> ErrorCode {
    match error {
        RequestError::TooLarge(_) => ErrorCode::SourceTooLarge,
        RequestError::NulByte(_) => ErrorCode::SourceNotText,
        RequestError::TooManyFiles(_)
        | RequestError::BadPath(_)
        | RequestError::DuplicatePath(_)
        | RequestError::NoEntry(_)
        | RequestError::InputTooLarge(_)
        | RequestError::BadWall(_) => ErrorCode::InvalidRequest,
    }
}
