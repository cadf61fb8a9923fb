//! The terminal: opened, read, typed into, resized, closed.

use super::{Answer, Core};
use ha_api::request;
use ha_api::wire::{TerminalNews, TerminalOpen};

#[tauri::command]
pub async fn terminal_open(core: Core<'_>, open: TerminalOpen) -> Answer<()> {
    request("terminal_open", core.terminal_open(open)).await
}

/// Answered when there is something to say, so its time means nothing and is not logged.
#[tauri::command]
pub async fn terminal_next(core: Core<'_>, terminal_id: String) -> Answer<TerminalNews> {
    core.terminal_next(&terminal_id).await
}

#[tauri::command]
pub async fn terminal_type(core: Core<'_>, terminal_id: String, text: String) -> Answer<()> {
    core.terminal_type(&terminal_id, text).await
}

#[tauri::command]
pub fn terminal_resize(core: Core<'_>, terminal_id: String, rows: u16, columns: u16) -> Answer<()> {
    core.terminal_resize(&terminal_id, rows, columns)
}

#[tauri::command]
pub fn terminal_close(core: Core<'_>, terminal_id: String) {
    core.terminal_close(&terminal_id);
}
