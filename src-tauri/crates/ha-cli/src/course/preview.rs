//! `helloagents course preview`: the course in the window beside the author's own editor, and what
//! reading it finds here, after each save.
//!
//! The window draws and follows the files itself, as it does in its place for authors; this only
//! starts it. No program of the course is run: that is `course check`.

use super::follow::{follow, read};
use crate::MACHINE_FAILED;
use crate::failed::told;
use crate::say::{complain, spoken};
use clap::Args;
use ha_api::Places;
use std::env;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tokio::process::Child;

/// The window's program.
const WINDOW: &str = "helloagents-desktop";

/// Arguments of `course preview`.
#[derive(Args)]
pub(crate) struct PreviewArguments {
    /// The course's folder.
    dir: PathBuf,
    /// The lesson to show, by its id; the first when left out.
    #[arg(long, value_name = "ID")]
    lesson: Option<String>,
    /// The language to show it in; the window's when left out.
    #[arg(long, value_parser = ["zh", "en"])]
    language: Option<String>,
    /// Open no window; only say here what reading the course finds.
    #[arg(long, conflicts_with_all = ["lesson", "language"])]
    no_window: bool,
}

/// Previews until it is stopped, and answers the exit code.
pub(crate) async fn preview(arguments: &PreviewArguments, places: &Places) -> u8 {
    tokio::select! {
        biased;
        // Asked first, so that from the first word on it ends well.
        _ = tokio::signal::ctrl_c() => 0,
        code = shown(arguments, places) => code,
    }
}

async fn shown(arguments: &PreviewArguments, places: &Places) -> u8 {
    if !arguments.dir.is_dir() {
        let dir = arguments.dir.display();
        return said(2, &spoken!("{dir} 不是文件夹", "{dir} is not a folder"));
    }
    let dir = match std::path::absolute(&arguments.dir) {
        Ok(dir) => dir,
        Err(error) => return said(MACHINE_FAILED, &error.to_string()),
    };
    let course = match read(&dir).await {
        Ok(course) => course,
        Err(error) => return said(1, &told(&error)),
    };
    if let Some(id) = &arguments.lesson
        && course.lessons.iter().all(|lesson| lesson.id != *id)
    {
        let known: Vec<_> = course.lessons.iter().map(|it| it.id.as_str()).collect();
        let known = known.join(", ");
        return said(
            2,
            &spoken!(
                "没有 id 是 {id:?} 的课；有的是 {known}",
                "no lesson has the id {id:?}; there are {known}"
            ),
        );
    }
    let window = match arguments.no_window {
        true => None,
        false => match window(&dir, arguments) {
            Ok(window) => Some(window),
            Err(reason) => return said(MACHINE_FAILED, &reason),
        },
    };
    tokio::select! {
        end = follow(&dir, course) => match end {
            Ok(()) => 0,
            Err(error) => said(MACHINE_FAILED, &told(&error)),
        },
        () = watch(window, places) => 0,
    }
}

fn said(code: u8, sentence: &str) -> u8 {
    complain!("helloagents: {sentence}");
    code
}

/// Opens the window, or has the one that is open show the course.
fn window(dir: &Path, arguments: &PreviewArguments) -> Result<Child, String> {
    let instead = spoken!(
        "`helloagents course check` 和 `course preview --no-window` 不需要窗口",
        "`helloagents course check` and `course preview --no-window` need no window"
    );
    if !has_display() {
        return Err(spoken!(
            "没有可以打开窗口的屏幕；{instead}",
            "there is no display to open a window on; {instead}"
        ));
    }
    let program = window_program().ok_or_else(|| {
        spoken!(
            "{WINDOW} 不在这个程序旁边，也不在 PATH 里；{instead}",
            "{WINDOW} is neither beside this program nor on the PATH; {instead}"
        )
    })?;
    let mut command = tokio::process::Command::new(&program);
    command.arg(dir);
    for (flag, value) in [
        ("--lesson", &arguments.lesson),
        ("--language", &arguments.language),
    ] {
        if let Some(value) = value {
            command.args([flag, value]);
        }
    }
    // A window of its own: Ctrl+C here must not close it.
    #[cfg(unix)]
    command.process_group(0);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| {
            let program = program.display();
            spoken!(
                "{program} 启动不了：{error}；{instead}",
                "{program} does not start: {error}; {instead}"
            )
        })
}

fn has_display() -> bool {
    if !cfg!(all(unix, not(target_os = "macos"))) {
        return true;
    }
    ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
}

fn window_program() -> Option<PathBuf> {
    let name = format!("{WINDOW}{}", env::consts::EXE_SUFFIX);
    let beside = env::current_exe().map(|own| own.with_file_name(&name));
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path = env::split_paths(&path).map(|folder| folder.join(&name));
    beside.into_iter().chain(on_path).find(|it| it.is_file())
}

/// Says when the window ended badly. One that was closed, or that handed over to an open one, is no
/// news, and the author goes on writing.
async fn watch(window: Option<Child>, places: &Places) {
    if let Some(mut window) = window
        && !window.wait().await.is_ok_and(|status| status.success())
    {
        let logs = places.logs.display();
        complain!(
            "helloagents: 窗口没有正常结束，日志在 {logs}；这里继续",
            "helloagents: the window ended badly, its logs are in {logs}; this goes on here"
        );
    }
    std::future::pending().await
}
