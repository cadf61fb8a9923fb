//! History, and the traces that belong to it.

use super::{Answer, Core};
use ha_api::request;
use ha_api::wire::{FilesChanged, HistoryDetail, HistoryEntry, LessonRef, Trace, TraceEntry};

#[tauri::command]
pub async fn history_list(core: Core<'_>, lesson: LessonRef) -> Answer<Vec<HistoryEntry>> {
    request("history_list", core.history_list(lesson)).await
}

#[tauri::command]
pub async fn history_get(core: Core<'_>, id: String) -> Answer<HistoryDetail> {
    request("history_get", core.history_get(id)).await
}

#[tauri::command]
pub async fn history_restore(core: Core<'_>, id: String) -> Answer<FilesChanged> {
    request("history_restore", core.history_restore(id)).await
}

#[tauri::command]
pub async fn trace_get(core: Core<'_>, run: String) -> Answer<Trace> {
    request("trace_get", core.trace_get(run)).await
}

#[tauri::command]
pub async fn trace_list(core: Core<'_>, lesson: LessonRef) -> Answer<Vec<TraceEntry>> {
    request("trace_list", core.trace_list(lesson)).await
}

#[tauri::command]
pub async fn trace_export(core: Core<'_>, run: String) -> Answer<String> {
    request("trace_export", core.trace_export(run)).await
}
