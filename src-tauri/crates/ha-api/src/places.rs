//! Where things lie on this machine: the learner's data, the cache, the logs, what came with the app.

use directories::{ProjectDirs, UserDirs};
use std::path::{Path, PathBuf};

/// All folders and files the app uses. Nothing outside these is ever written.
#[derive(Debug, Clone)]
pub struct Places {
    /// The SQLite file with the learner's work.
    pub database: PathBuf,
    /// May be deleted at any time; only costs time.
    pub cache: PathBuf,
    /// Structured logs.
    pub logs: PathBuf,
    /// Holds one folder per installed course.
    pub courses: PathBuf,
    /// Holds the sandbox's Python.
    pub guest: PathBuf,
    /// The archive of the image that the engine of containers needs; may be missing.
    pub image: PathBuf,
    /// Holds what the app fills or copies: the dictionary of errors, the tutor's prompts.
    pub templates: PathBuf,
    /// Where the learner looks for files a program gave them.
    pub downloads: PathBuf,
}

impl Places {
    /// Holds the courses this user installed, and who signed them: beside the database, because it
    /// is as little the app's own.
    pub(crate) fn shelf(&self) -> PathBuf {
        self.database
            .parent()
            .unwrap_or(Path::new(""))
            .to_path_buf()
    }

    /// The archive of the image that the learner chose, when they did.
    pub fn chosen_image(&self) -> PathBuf {
        self.cache.join("image").join("chosen.tar.zst")
    }

    /// Where the archive of the image may be, in the order in which that is tried.
    pub fn images(&self) -> Vec<PathBuf> {
        vec![self.chosen_image(), self.image.clone()]
    }

    /// The folders of the operating system for this user, and what came with the app: named by
    /// `HELLOAGENTS_COURSES`, `HELLOAGENTS_GUEST`, `HELLOAGENTS_IMAGE` and `HELLOAGENTS_TEMPLATES`, else
    /// beside the binary.
    ///
    /// `None` when the user has no home folder at all.
    pub fn of_this_machine() -> Option<Places> {
        let own = ProjectDirs::from("org", "HelloAgents", "HelloAgents")?;
        let downloads = UserDirs::new()
            .map(|user| match user.download_dir() {
                Some(folder) => folder.to_path_buf(),
                None => user.home_dir().to_path_buf(),
            })
            .unwrap_or_else(|| own.data_dir().to_path_buf());
        Some(Places {
            database: own.data_dir().join("helloagents.sqlite"),
            cache: own.cache_dir().to_path_buf(),
            logs: own.data_dir().join("logs"),
            courses: named("HELLOAGENTS_COURSES").unwrap_or_else(|| beside_the_binary("courses")),
            guest: named("HELLOAGENTS_GUEST").unwrap_or_else(|| beside_the_binary("guest")),
            image: named("HELLOAGENTS_IMAGE")
                .unwrap_or_else(|| beside_the_binary("image").join("python.tar.zst")),
            templates: named("HELLOAGENTS_TEMPLATES")
                .unwrap_or_else(|| beside_the_binary("templates")),
            downloads,
        })
    }
}

fn named(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable)
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
}

/// A folder that came with the app: where each system's package puts it, else where a build leaves
/// it in the checkout (`target/guest`, `target/image`, `courses`).
fn beside_the_binary(name: &str) -> PathBuf {
    let binary = std::env::current_exe().unwrap_or_default();
    let folder = binary.parent().unwrap_or(Path::new("."));
    let places = [
        "../lib/HelloAgents",
        "../Resources",
        "resources",
        "..",
        "../..",
    ];
    places
        .into_iter()
        .map(|place| folder.join(place).join(name))
        .find(|place| place.is_dir())
        .unwrap_or_else(|| folder.join(name))
}
