//! How the app starts, from the command line too, and that it starts once.

use super::courses::author;
use anyhow::{Context, Result, ensure};
use helloagents_e2e::{Place, close_window, process, windows_of};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(30);

/// An app started as from the menu: no driver, and so with the plugin that hands over.
struct Plain(Child);

impl Plain {
    fn start(place: &Place) -> Result<Plain> {
        let mut command = Command::new(&place.program);
        place.set(&mut command)?;
        Plain::spawn(command)
    }

    fn spawn(mut command: Command) -> Result<Plain> {
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        Ok(Plain(command.spawn().context("start the app")?))
    }

    fn wait(&mut self) -> Result<bool> {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if let Some(status) = self.0.try_wait()? {
                return Ok(status.success());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        anyhow::bail!("the app is still there")
    }
}

impl Drop for Plain {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// An app that somebody else started.
struct Other(u32);

impl Other {
    /// The one among those that `root` starts which opens a window.
    fn started_by(root: u32) -> Result<Other> {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            for process in process::tree(root) {
                if !windows_of(process)?.is_empty() {
                    return Ok(Other(process));
                }
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        anyhow::bail!("the start opens no window")
    }

    fn ended(&self) -> Result<()> {
        let start = Instant::now();
        while process::alive(self.0) {
            ensure!(start.elapsed() < PATIENCE, "the app is still there");
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        for process in process::tree(self.0) {
            process::signal("KILL", process);
        }
    }
}

/// One test, because all apps of a session find each other.
#[test]
fn a_second_start_opens_no_second_window_whoever_opened_the_first() -> Result<()> {
    std::env::var_os("DBUS_SESSION_BUS_ADDRESS")
        .context("the app finds itself on the session bus: run `cargo xtask test`")?;
    let folder = tempfile::tempdir()?;
    let place = Place::new()?;
    author(&place, folder.path(), &["new", "my-course"])?;
    let mut preview = Command::new(place.program.with_file_name("helloagents"));
    place.set(&mut preview)?;
    preview
        .args(["course", "preview"])
        .arg(folder.path().join("my-course"));
    let mut preview = Plain::spawn(preview)?;
    let first = Other::started_by(preview.0.id())?;
    let mut second = Plain::start(&place)?;
    assert!(second.wait()?, "the second start ends by itself, and well");
    assert_eq!(windows_of(first.0)?.len(), 1, "one window");

    process::signal("INT", preview.0.id());
    assert!(preview.wait()?, "Ctrl+C ends the command line well");
    assert_eq!(windows_of(first.0)?.len(), 1, "and leaves the window");
    close_window(first.0)?;
    first.ended()
}
