//! WebKitWebDriver as a process: started with the place's environment, ended with all it started.

use crate::place::Place;
use crate::process;
use anyhow::{Context, Result, bail};
use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Pause between two looks at something that changes soon.
pub const TICK: Duration = Duration::from_millis(20);

/// A running driver.
pub struct Driver {
    process: Child,
    /// Where it listens.
    pub address: String,
}

impl Driver {
    /// Starts a driver whose app lives in `place`.
    pub fn start(place: &Place) -> Result<Driver> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
            .local_addr()?
            .port();
        let mut command = Command::new("WebKitWebDriver");
        command.args([format!("--port={port}"), "--host=127.0.0.1".to_owned()]);
        place.set(&mut command)?;
        // The app inherits these files: a pipe would stay open as long as a lost app does.
        let log = File::create(place.driver_log())?;
        command
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        let process = command
            .spawn()
            .context("start WebKitWebDriver (Debian: webkit2gtk-driver)")?;
        let driver = Driver {
            process,
            address: format!("http://127.0.0.1:{port}"),
        };
        driver.listening(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
        Ok(driver)
    }

    fn listening(&self, address: SocketAddr) -> Result<()> {
        let start = Instant::now();
        while TcpStream::connect(address).is_err() {
            if start.elapsed() > Duration::from_secs(10) {
                bail!("WebKitWebDriver does not listen on {address}");
            }
            thread::sleep(TICK);
        }
        Ok(())
    }

    /// The app's process, a child of the driver.
    pub fn app(&self) -> Result<u32> {
        let children = process::children(self.process.id())?;
        children.first().copied().context("the driver has no app")
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // The driver alone would sometimes leave the app behind, and the app its web view. The
        // processes stay in the group of the test, so that who ends the test ends them too.
        for process in process::tree(self.process.id()).into_iter().rev() {
            process::signal("KILL", process);
        }
        let _ = self.process.wait();
    }
}
