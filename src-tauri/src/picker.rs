//! The system's dialogs for a folder or a file. The page names what it wants, never a path.

use rfd::{AsyncFileDialog, FileHandle};
use serde::Deserialize;
use std::pin::Pin;
use tauri::AppHandle;
use tokio::sync::oneshot;

/// A dialog that is open.
type Chosen = Pin<Box<dyn Future<Output = Option<FileHandle>> + Send>>;

/// What is to be chosen.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Wanted {
    /// A folder.
    Folder,
    /// A course or a learner's code in one file.
    Bundle,
}

/// Shows the dialog and answers the path; nothing when it was closed.
pub(crate) async fn pick(app: &AppHandle, wanted: Wanted, title: String) -> Option<String> {
    let (sender, picked) = oneshot::channel();
    // The window system makes windows on its own thread only.
    app.run_on_main_thread(move || {
        let dialog = AsyncFileDialog::new().set_title(title);
        let chosen: Chosen = match wanted {
            Wanted::Folder => Box::pin(dialog.pick_folder()),
            Wanted::Bundle => Box::pin(
                dialog
                    .add_filter("HelloAgents", &["hacourse", "hacode"])
                    .pick_file(),
            ),
        };
        tauri::async_runtime::spawn(async move {
            let path = chosen
                .await
                .map(|handle| handle.path().display().to_string());
            sender.send(path).ok();
        });
    })
    .ok()?;
    picked.await.ok()?
}
