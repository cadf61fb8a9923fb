//! How the app starts, and that it starts once.

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
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        Ok(Plain(command.spawn().context("start the app")?))
    }

    fn windows(&self) -> Result<usize> {
        Ok(windows_of(self.0.id())?.len())
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

#[test]
fn a_second_start_opens_no_second_window() -> Result<()> {
    std::env::var_os("DBUS_SESSION_BUS_ADDRESS")
        .context("the app finds itself on the session bus: run `cargo xtask test`")?;
    let place = Place::new()?;
    let mut first = Plain::start(&place)?;
    let start = Instant::now();
    while first.windows()? == 0 {
        ensure!(
            start.elapsed() < PATIENCE,
            "the first start opens no window"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    let mut second = Plain::start(&place)?;
    assert!(second.wait()?, "the second start ends by itself, and well");
    assert_eq!(first.windows()?, 1, "one window");

    close_window(first.0.id())?;
    assert!(first.wait()?, "closing the window ends the app");
    assert!(!process::alive(first.0.id()));
    Ok(())
}
