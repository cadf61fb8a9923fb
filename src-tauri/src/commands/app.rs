//! Start, end, settings, home, health.

use super::{Answer, Core};
use crate::shutdown;
use ha_api::wire::{Boot, Health, Home, Settings, StoreState};
use ha_api::{ApiError, ErrorCode, request};
use tauri::AppHandle;
use tauri_plugin_opener::OpenerExt;

#[tauri::command]
pub async fn app_boot(core: Core<'_>) -> Answer<Boot> {
    Ok(request("app_boot", core.boot()).await)
}

#[tauri::command]
pub async fn store_retry(core: Core<'_>) -> Answer<StoreState> {
    Ok(request("store_retry", core.store_retry()).await)
}

#[tauri::command]
pub async fn store_start_fresh(core: Core<'_>) -> Answer<StoreState> {
    request("store_start_fresh", core.store_start_fresh()).await
}

#[tauri::command]
pub async fn settings_set(core: Core<'_>, settings: Settings) -> Answer<Settings> {
    request("settings_set", core.settings_set(settings)).await
}

#[tauri::command]
pub async fn home(core: Core<'_>) -> Answer<Home> {
    request("home", core.home()).await
}

#[tauri::command]
pub async fn health(core: Core<'_>) -> Answer<Health> {
    Ok(request("health", core.health()).await)
}

/// Opens a web page in the system's browser; the window has said where to before it called this.
#[tauri::command]
pub async fn open_external(app: AppHandle, url: tauri::Url) -> Answer<()> {
    if !matches!(url.scheme(), "http" | "https") {
        let message = "only web addresses open in the browser";
        return Err(ApiError::new(ErrorCode::InvalidRequest, message));
    }
    app.opener()
        .open_url(url.as_str(), None::<&str>)
        .map_err(|error| ApiError::new(ErrorCode::Internal, error.to_string()))
}

/// The page has saved everything; the window may go.
#[tauri::command]
pub fn close_ready(app: AppHandle) {
    shutdown::finish(&app);
}
