//! A display for the window: the one there is, or a virtual one of our own.

use anyhow::{Context, Result};
use std::env;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// A virtual display that lives as long as this value.
pub struct Virtual {
    server: Child,
    /// For `DISPLAY`.
    pub name: String,
}

/// Whether a window can be opened here.
pub fn present() -> bool {
    let named = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || named("DISPLAY") || named("WAYLAND_DISPLAY")
}

impl Virtual {
    /// Starts one under the first free number.
    pub fn start() -> Result<Virtual> {
        let mut server = Command::new("Xvfb")
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                "1440x900x24",
                "-nolisten",
                "tcp",
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("start a virtual display (Xvfb)")?;
        let stdout = server
            .stdout
            .take()
            .context("Xvfb was started with a pipe")?;
        let mut number = String::new();
        // Xvfb writes its number once it takes connections, or ends and closes the pipe.
        BufReader::new(stdout).read_line(&mut number)?;
        let display = Virtual {
            server,
            name: format!(":{}", number.trim()),
        };
        anyhow::ensure!(
            display.name.len() > 1,
            "the virtual display (Xvfb) did not start"
        );
        Ok(display)
    }

    /// Points a command at this display, away from any other, and at a software renderer.
    pub fn apply(&self, command: &mut Command) {
        command
            .env("DISPLAY", &self.name)
            .env_remove("WAYLAND_DISPLAY")
            .env("GDK_BACKEND", "x11")
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
    }
}

impl Drop for Virtual {
    fn drop(&mut self) {
        // Already gone is as good; the second call only frees the table entry.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
