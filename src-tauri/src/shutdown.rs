//! The end: the page gets a moment to save what was typed last, programs are stopped, then we go.

use ha_api::App;
use std::sync::Arc;
use std::time::Duration;
use tauri::{AppHandle, Emitter, Manager, RunEvent, Window, WindowEvent};

/// How long the page may take to save. It needs some milliseconds; a hung page must not keep the
/// window open.
const GRACE: Duration = Duration::from_secs(1);

/// Asks the page to save before the window closes.
pub(crate) fn on_window_event(window: &Window, event: &WindowEvent) {
    let WindowEvent::CloseRequested { api, .. } = event else {
        return;
    };
    api.prevent_close();
    let handle = window.app_handle().clone();
    handle.emit("close-requested", ()).ok();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(GRACE).await;
        finish(&handle);
    });
}

/// Ends the app. The page calls this through `close_ready`.
pub(crate) fn finish(handle: &AppHandle) {
    handle.exit(0);
}

/// Stops what runs when the process ends for any reason it is told of.
pub(crate) fn on_run_event(handle: &AppHandle, event: RunEvent) {
    if let RunEvent::Exit = event {
        let core = handle.state::<Arc<App>>();
        core.stop_all_runs();
        // Containers would end by themselves a moment later; asked, they are gone before we are.
        tauri::async_runtime::block_on(core.engine_rest());
        tauri::async_runtime::block_on(core.ai_shutdown());
    }
}
