//! The engines: how they stand, made ready, given back, and an image for the one of containers.

use super::{Answer, Core};
use ha_api::wire::EngineReport;
use ha_api::{ApiError, ErrorCode, request};
use tauri::ipc::{InvokeBody, Request};

#[tauri::command]
pub fn engine_report(core: Core<'_>) -> EngineReport {
    core.engine_report()
}

#[tauri::command]
pub async fn engine_warm(core: Core<'_>) -> Answer<()> {
    core.engine_warm();
    Ok(())
}

#[tauri::command]
pub async fn engine_rest(core: Core<'_>) -> Answer<()> {
    request("engine_rest", core.engine_rest()).await;
    Ok(())
}

/// Takes the file's bytes as they are: as JSON they would be five times as many.
#[tauri::command]
pub async fn engine_image(core: Core<'_>, call: Request<'_>) -> Answer<()> {
    let InvokeBody::Raw(archive) = call.body() else {
        let message = "an image comes as bytes";
        return Err(ApiError::new(ErrorCode::InvalidRequest, message));
    };
    request("engine_image", core.engine_image(archive.clone())).await
}
