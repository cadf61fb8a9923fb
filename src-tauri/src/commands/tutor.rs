//! The tutor, its conversations, and the AI service behind it.

use super::runs::sink;
use super::{Answer, Core};
use ha_api::request;
use ha_api::wire::{
    AiProbe, AiState, AskEvent, AskStart, Chip, ChipKind, Language, LessonRef, Surrounding,
    TutorConversation, TutorHit, TutorThread,
};
use tauri::ipc::Channel;

#[tauri::command]
pub async fn tutor_ask(
    core: Core<'_>,
    ask: AskStart,
    channel: Channel<Vec<AskEvent>>,
) -> Answer<()> {
    request("tutor_ask", core.tutor_ask(ask, sink(channel))).await
}

#[tauri::command]
pub fn tutor_stop(core: Core<'_>, ask_id: String) {
    core.tutor_stop(&ask_id);
}

#[tauri::command]
pub async fn tutor_chips(
    core: Core<'_>,
    surrounding: Surrounding,
    without: Vec<ChipKind>,
) -> Answer<Vec<Chip>> {
    request("tutor_chips", core.tutor_chips(surrounding, without)).await
}

#[tauri::command]
pub async fn tutor_threads(core: Core<'_>, lesson: LessonRef) -> Answer<Vec<TutorThread>> {
    request("tutor_threads", core.tutor_threads(lesson)).await
}

#[tauri::command]
pub async fn tutor_open(
    core: Core<'_>,
    thread: String,
    language: Language,
) -> Answer<TutorConversation> {
    request("tutor_open", core.tutor_open(thread, language)).await
}

#[tauri::command]
pub async fn tutor_rename(core: Core<'_>, thread: String, title: String) -> Answer<()> {
    request("tutor_rename", core.tutor_rename(thread, title)).await
}

#[tauri::command]
pub async fn tutor_show(core: Core<'_>, thread: String, leaf: String) -> Answer<()> {
    request("tutor_show", core.tutor_show(thread, leaf)).await
}

#[tauri::command]
pub async fn tutor_delete(core: Core<'_>, thread: String) -> Answer<()> {
    request("tutor_delete", core.tutor_delete(thread)).await
}

#[tauri::command]
pub async fn tutor_search(core: Core<'_>, text: String) -> Answer<Vec<TutorHit>> {
    request("tutor_search", core.tutor_search(text)).await
}

#[tauri::command]
pub async fn tutor_export(
    core: Core<'_>,
    thread: String,
    leaf: String,
    names: (String, String),
) -> Answer<String> {
    request("tutor_export", core.tutor_export(thread, leaf, names)).await
}

#[tauri::command]
pub async fn ai_state(core: Core<'_>) -> Answer<AiState> {
    request("ai_state", core.ai_state()).await
}

#[tauri::command]
pub async fn ai_key_set(core: Core<'_>, key: String) -> Answer<AiState> {
    request("ai_key_set", core.ai_key_set(key)).await
}

#[tauri::command]
pub async fn ai_key_forget(core: Core<'_>) -> Answer<AiState> {
    request("ai_key_forget", core.ai_key_forget()).await
}

#[tauri::command]
pub async fn ai_test(core: Core<'_>) -> Answer<AiProbe> {
    request("ai_test", core.ai_test()).await
}

#[tauri::command]
pub async fn ai_prices(core: Core<'_>) -> Answer<String> {
    request("ai_prices", core.ai_prices()).await
}

#[tauri::command]
pub async fn ai_prices_set(core: Core<'_>, text: String) -> Answer<String> {
    request("ai_prices_set", core.ai_prices_set(text)).await
}
