//! The shell: the window, its commands, and the composition of the core. Nothing here decides
//! anything about lessons, runs or data; a command unpacks, calls one use case and answers.

mod commands;
mod course_protocol;
mod opened;
mod picker;
mod shutdown;
mod window;

use ha_api::{App, Engines, Places, key_store, start_logging};
use ha_sandbox_docker::{DockerRunner, DockerSettings};
use ha_sandbox_wasm::{GuestLocation, WasmRunner, WorkerProgram};
use opened::Opened;
use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use tauri::{AppHandle, Emitter, Manager};

/// Opens the window and returns when the app is over. `context` is its configuration and its page.
pub fn run(context: tauri::Context) {
    window::choose_renderer();
    let key = window::take_key();
    let Some(places) = Places::of_this_machine() else {
        eprintln!("HelloAgents needs a home folder, and this user has none.");
        std::process::exit(1);
    };
    start_logging(&places.logs);
    let mut builder = tauri::Builder::default();
    // Under test several windows stand side by side, and a second start must not hand over.
    if std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_none() {
        builder = builder.plugin(tauri_plugin_single_instance::init(
            |app, arguments, folder| {
                let arguments = arguments.into_iter().skip(1).map(Into::into);
                opened::open(app, opened::named(arguments, Path::new(&folder)));
                window::raise(app);
            },
        ));
    }
    builder
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_window_state::Builder::default().build())
        .plugin(window::navigation_guard())
        .register_asynchronous_uri_scheme_protocol("course", course_protocol::answer)
        .invoke_handler(commands::handler())
        .setup(move |app| {
            let guest = GuestLocation {
                dir: places.guest.clone(),
                cache_dir: places.cache.clone(),
            };
            let sandbox = WasmRunner::open(guest, WorkerProgram::this_one());
            let containers = DockerSettings::beside(&places.cache, places.images(), true);
            let containers = DockerRunner::open(containers);
            let engines = Engines::new(sandbox, Some(containers));
            let keys = key_store(key.as_deref());
            let core = App::open_with_keys(places, engines, now_ms, keys);
            tauri::async_runtime::spawn(tell_engine(app.handle().clone(), core.clone()));
            app.manage(core);
            let folder = std::env::current_dir().unwrap_or_default();
            let named = opened::named(std::env::args_os().skip(1), &folder);
            app.manage(Opened::of(named));
            window::open(app.handle())?;
            Ok(())
        })
        .on_window_event(window::on_event)
        .build(context)
        .expect("the window system and its web view are installed")
        .run(shutdown::on_run_event);
}

fn now_ms() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_millis() as i64)
}

/// Sends every change of the engine's state to the window.
async fn tell_engine(handle: AppHandle, core: Arc<App>) {
    let mut changes = core.engine_changes();
    while let Some(engine) = changes.next().await {
        // Fails only while the window is closing.
        handle.emit("engine", engine).ok();
    }
}
