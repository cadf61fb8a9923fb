//! History.

use super::{Answer, Core};
use ha_api::request;
use ha_api::wire::{FilesChanged, HistoryDetail, HistoryEntry, LessonRef};

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
