//! The one window: how it opens, how it comes to the front, where it may navigate.

use crate::{opened, shutdown};
use tauri::plugin::TauriPlugin;
use tauri::{
    AppHandle, DragDropEvent, Manager, Url, WebviewUrl, WebviewWindowBuilder, Window, WindowEvent,
    Wry,
};

/// The label capabilities refer to.
const LABEL: &str = "main";

/// Opens the window. Its place and size come from the last time.
pub(crate) fn open(app: &AppHandle) -> tauri::Result<()> {
    WebviewWindowBuilder::new(app, LABEL, WebviewUrl::default())
        .title("HelloAgents")
        .inner_size(1280.0, 820.0)
        .min_inner_size(720.0, 480.0)
        .build()?;
    Ok(())
}

/// A window that closes lets the page save; files that are dropped are opened, and never replace the
/// page.
pub(crate) fn on_event(window: &Window, event: &WindowEvent) {
    match event {
        WindowEvent::DragDrop(DragDropEvent::Drop { paths, .. }) => {
            opened::open(window.app_handle(), opened::dropped(paths));
        }
        _ => shutdown::on_window_event(window, event),
    }
}

/// Brings the window to the front: somebody started the app a second time.
pub(crate) fn raise(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(LABEL) {
        window.unminimize().ok();
        window.show().ok();
        window.set_focus().ok();
    }
}

/// Keeps the window on our own page, whatever a lesson links to.
pub(crate) fn navigation_guard() -> TauriPlugin<Wry> {
    tauri::plugin::Builder::new("navigation-guard")
        .on_navigation(|_window, url| is_ours(url))
        .build()
}

fn is_ours(url: &Url) -> bool {
    match (url.scheme(), url.host_str()) {
        ("tauri", _) => true,
        // The page's address on Windows.
        ("http" | "https", Some("tauri.localhost")) => true,
        ("http", Some("localhost")) => cfg!(not(feature = "custom-protocol")),
        _ => url.as_str() == "about:blank",
    }
}

/// WebKitGTK without a graphics card draws twice as fast, with 125 MB less, when it does not try to
/// share buffers with one. Must be called before any thread exists.
pub(crate) fn choose_renderer() {
    #[cfg(target_os = "linux")]
    {
        const VARIABLE: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
        let chosen = std::env::var_os(VARIABLE).is_some();
        if !chosen && !std::path::Path::new("/dev/dri").exists() {
            #[allow(
                unsafe_code,
                reason = "setting a variable is safe while there is only one thread"
            )]
            unsafe {
                std::env::set_var(VARIABLE, "1");
            }
        }
    }
}

/// Takes the key out of the environment, so that no process of the web view inherits it.
pub(crate) fn take_key() -> Option<String> {
    let key = std::env::var(ha_api::KEY_VARIABLE).ok()?;
    #[allow(
        unsafe_code,
        reason = "removing a variable is safe while there is only one thread"
    )]
    unsafe {
        std::env::remove_var(ha_api::KEY_VARIABLE);
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn the_window_never_leaves_its_page() {
        for (url, expected) in [
            ("tauri://localhost/index.html", true),
            ("about:blank", true),
            ("https://example.com/", false),
            ("http://tauri.localhost.example.com/", false),
            ("file:///etc/passwd", false),
            ("data:text/html,x", false),
            ("course://localhost/x.svg", false),
        ] {
            assert_eq!(is_ours(&Url::parse(url).unwrap()), expected, "{url}");
        }
    }
}
