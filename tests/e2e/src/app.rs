//! The app, started through its driver: begin, end, restart, crash.

use crate::driver::{Driver, TICK};
use crate::page::PATIENCE;
use crate::place::Place;
use crate::process;
use crate::screen;
use anyhow::{Context, Result, bail, ensure};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The app with its window open. Dropping it kills every process of it.
pub struct App<'a> {
    /// The session with the page.
    pub client: Client,
    /// The app's process.
    pub process: u32,
    place: &'a Place,
    driver: Driver,
}

impl<'a> App<'a> {
    /// Starts the app and waits until it shows something.
    pub async fn start(place: &'a Place) -> Result<App<'a>> {
        let app = App::spawn(place).await?;
        app.until(
            "the first screen",
            "document.querySelector('main') !== null",
            &[],
        )
        .await?;
        Ok(app)
    }

    /// Starts the app and waits for nothing.
    pub async fn spawn(place: &'a Place) -> Result<App<'a>> {
        let driver = Driver::start(place)?;
        let mut capabilities = Map::new();
        let options = json!({ "binary": place.program, "args": place.arguments });
        capabilities.insert("webkitgtk:browserOptions".to_owned(), options);
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities);
        // An app that hands over to another one and ends leaves this call waiting for ever.
        let session = tokio::time::timeout(PATIENCE, builder.connect(&driver.address));
        let client = session
            .await
            .context("the app did not open a window")?
            .with_context(|| format!("start the app; it said:\n{}", terminal(place)))?;
        let process = driver.app()?;
        let app = App {
            client,
            process,
            place,
            driver,
        };
        app.client.set_window_size(1280, 820).await?;
        Ok(app)
    }

    /// Closes the window by its button, waits until the app is gone, and starts it again.
    pub async fn restart(self) -> Result<App<'a>> {
        let place = self.place;
        self.close().await?;
        App::start(place).await
    }

    /// Closes the window by its button and waits until the app is gone. Fails when something went
    /// wrong in the page before.
    pub async fn close(self) -> Result<()> {
        let errors = self.errors().await?;
        ensure!(
            errors.is_empty(),
            "the page has errors:\n{}",
            errors.join("\n")
        );
        self.close_anyway().await
    }

    /// The same, whatever happened before.
    pub async fn close_anyway(self) -> Result<()> {
        screen::close_window(self.process)?;
        self.ended().await
    }

    /// Ends the app as a power cut would, and starts it again.
    pub async fn crash_and_restart(self) -> Result<App<'a>> {
        let place = self.place;
        self.kill9().await?;
        App::start(place).await
    }

    /// Ends the app as a power cut would.
    pub async fn kill9(self) -> Result<()> {
        process::signal("KILL", self.process);
        self.ended().await
    }

    /// Ends the process in which programs run, as the system does when memory is short.
    pub fn kill_sandbox(&self) -> Result<()> {
        process::signal(
            "KILL",
            process::started_with(self.process, "--sandbox-worker")?,
        );
        Ok(())
    }

    async fn ended(self) -> Result<()> {
        let start = Instant::now();
        while process::alive(self.process) {
            if start.elapsed() > Duration::from_secs(10) {
                bail!("the app did not end");
            }
            tokio::time::sleep(TICK).await;
        }
        // The session ended with the app; the driver goes with its group.
        drop(self.driver);
        Ok(())
    }

    /// Writes what the window shows into a file.
    pub fn screenshot(&self, file: &Path) -> Result<()> {
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        screen::picture(self.process, file).with_context(|| format!("write {}", file.display()))
    }

    /// Keeps a picture under the running test's name; answers where, or why not.
    pub(crate) fn picture_of_failure(&self) -> String {
        let thread = std::thread::current();
        let name = thread.name().unwrap_or("walk").replace("::", "-");
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let file: PathBuf = root.join("target/journeys").join(format!("{name}.png"));
        match self.screenshot(&file) {
            Ok(()) => file.display().to_string(),
            Err(error) => format!("none, {error}"),
        }
    }

    /// The place the app lives in.
    pub fn place(&self) -> &'a Place {
        self.place
    }

    /// Reads a value of the page that is a string.
    pub async fn read(&self, expression: &str, arguments: &[Value]) -> Result<String> {
        let value = self.ask(expression, arguments).await?;
        Ok(value.as_str().unwrap_or_default().to_owned())
    }
}

fn terminal(place: &Place) -> String {
    fs::read_to_string(place.driver_log()).unwrap_or_default()
}
