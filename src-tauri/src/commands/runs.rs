//! Run, check, and what one may do to what runs.

use super::{Answer, Core};
use ha_api::wire::{
    CheckEvent, CheckStart, CodeCheck, CodeFinding, ErrorExplanation, ErrorQuestion, LessonRef,
    RunEvent, RunStart,
};
use ha_api::{Sink, request};
use tauri::ipc::{Channel, IpcResponse};

/// A channel whose page is gone swallows what comes.
pub(super) fn sink<E: Send + Sync + 'static>(channel: Channel<Vec<E>>) -> Sink<E>
where
    Vec<E>: IpcResponse,
{
    Box::new(move |events| {
        channel.send(events).ok();
    })
}

#[tauri::command]
pub async fn run_start(
    core: Core<'_>,
    start: RunStart,
    channel: Channel<Vec<RunEvent>>,
) -> Answer<()> {
    request("run_start", core.run_start(start, sink(channel))).await
}

#[tauri::command]
pub async fn check_start(
    core: Core<'_>,
    start: CheckStart,
    channel: Channel<Vec<CheckEvent>>,
) -> Answer<()> {
    request("check_start", core.check_start(start, sink(channel))).await
}

#[tauri::command]
pub async fn code_check(core: Core<'_>, question: CodeCheck) -> Answer<Vec<CodeFinding>> {
    request("code_check", core.code_check(question)).await
}

#[tauri::command]
pub async fn error_explain(
    core: Core<'_>,
    question: ErrorQuestion,
) -> Answer<Option<ErrorExplanation>> {
    request("error_explain", core.error_explain(question)).await
}

#[tauri::command]
pub fn run_input(core: Core<'_>, run_id: String, line: String) -> Answer<()> {
    core.run_input(&run_id, line)
}

#[tauri::command]
pub fn run_end_input(core: Core<'_>, run_id: String) -> Answer<()> {
    core.run_end_input(&run_id)
}

#[tauri::command]
pub fn run_cancel(core: Core<'_>, run_id: String) {
    core.run_cancel(&run_id);
}

#[tauri::command]
pub async fn output_save(core: Core<'_>, lesson: LessonRef, text: String) -> Answer<String> {
    request("output_save", core.output_save(&lesson, text)).await
}
