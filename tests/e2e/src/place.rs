//! A machine of its own for one journey: home, data, configuration and cache in a fresh folder.

use anyhow::{Context, Result};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// Said when the app was not built for us, or there is no display.
const UNPREPARED: &str = "the journeys need the built app and a display: run `cargo xtask test`";

/// Where one journey's app lives. What it wrote is gone when this value is.
pub struct Place {
    home: TempDir,
    /// The app's program.
    pub program: PathBuf,
    courses: Option<PathBuf>,
    /// What the app is started with.
    pub arguments: Vec<String>,
    variables: Vec<(&'static str, String)>,
}

impl Place {
    /// A fresh place for the app that `cargo xtask test` built.
    pub fn new() -> Result<Place> {
        let program = env::var_os("HELLOAGENTS_E2E_APP").context(UNPREPARED)?;
        env::var_os("DISPLAY").context(UNPREPARED)?;
        Place::of(PathBuf::from(program))
    }

    /// A fresh place for this program.
    pub fn of(program: PathBuf) -> Result<Place> {
        // A driver that is given no program opens a browser of its own, silently.
        anyhow::ensure!(
            program.is_file(),
            "{}: no such program. {UNPREPARED}",
            program.display()
        );
        Ok(Place {
            home: TempDir::with_prefix("helloagents-journey-")?,
            program,
            courses: None,
            arguments: Vec::new(),
            variables: Vec::new(),
        })
    }

    /// The app finds its courses in this folder instead of the bundled ones.
    pub fn with_courses(mut self, courses: impl Into<PathBuf>) -> Place {
        self.courses = Some(courses.into());
        self
    }

    /// The app is started by a double click on this file.
    pub fn opening(mut self, file: &Path) -> Place {
        self.arguments = vec![file.display().to_string()];
        self
    }

    /// The app finds this variable in its environment.
    pub fn with_variable(mut self, name: &'static str, value: &str) -> Place {
        self.variables.push((name, value.to_owned()));
        self
    }

    /// The learner's database.
    pub fn database(&self) -> PathBuf {
        self.data().join("helloagents.sqlite")
    }

    /// The folder with everything the learner owns.
    pub fn data(&self) -> PathBuf {
        self.path("data").join("helloagents")
    }

    /// The folder with the app's logs.
    pub fn logs(&self) -> PathBuf {
        self.data().join("logs")
    }

    /// The folder of what the app can make again.
    pub fn cache(&self) -> PathBuf {
        self.path("cache").join("helloagents")
    }

    /// Where the app saves what the learner asks it to.
    pub fn downloads(&self) -> &Path {
        self.home.path()
    }

    /// What the driver and the app wrote to their terminal.
    pub fn driver_log(&self) -> PathBuf {
        self.path("terminal.log")
    }

    /// Sets what the app finds its folders by, for a command that starts it.
    pub fn set(&self, command: &mut Command) -> Result<()> {
        for (variable, folder) in [
            ("XDG_DATA_HOME", "data"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_STATE_HOME", "state"),
        ] {
            let folder = self.path(folder);
            fs::create_dir_all(&folder)?;
            command.env(variable, folder);
        }
        command.env("HOME", self.home.path());
        // The names in the journeys are English.
        command.env("LC_ALL", "C.UTF-8").env("LANGUAGE", "en");
        // Looking for screen readers on a bus without any takes two seconds a start.
        command.env("NO_AT_BRIDGE", "1").env("GTK_A11Y", "none");
        command.env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        if let Some(courses) = &self.courses {
            command.env("HELLOAGENTS_COURSES", courses);
        }
        Ok(())
    }

    fn path(&self, inside: &str) -> PathBuf {
        self.home.path().join(inside)
    }
}
