//! Files that somebody opens with the app: by a double click, which starts it with the path as its
//! argument (or tells the one that runs), or by dropping them on the window.
//!
//! They wait here until the page asks: an event alone would be lost while the page still loads.

use ha_api::{ApiError, ErrorCode};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use tauri::{AppHandle, Emitter, Manager};

/// Endings of a course and of a learner's code in one file.
const OURS: [&str; 2] = ["hacourse", "hacode"];

/// What was opened and not yet shown.
#[derive(Default)]
pub struct Opened(Mutex<Vec<String>>);

impl Opened {
    /// What a process was started with: `arguments` without its own name, relative to `folder`.
    pub(crate) fn of(arguments: impl Iterator<Item = OsString>, folder: &Path) -> Opened {
        let paths = arguments.map(|argument| folder.join(argument));
        Opened(Mutex::new(ours(paths)))
    }

    /// Everything that waits; the next call has what came after.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Takes files over while the app runs and tells the page.
pub(crate) fn open(app: &AppHandle, paths: impl Iterator<Item = PathBuf>) {
    let found = ours(paths);
    if found.is_empty() {
        return;
    }
    let opened = app.state::<Opened>();
    opened
        .0
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .extend(found);
    // Fails only while the window is closing.
    app.emit("opened", ()).ok();
}

fn ours(paths: impl Iterator<Item = PathBuf>) -> Vec<String> {
    let is_ours = |path: &PathBuf| {
        let ending = path.extension().unwrap_or_default();
        OURS.iter().any(|ours| ending.eq_ignore_ascii_case(ours))
    };
    paths
        .filter(is_ours)
        .map(|path| path.display().to_string())
        .collect()
}

/// A path from the page.
///
/// # Errors
/// `invalid_request` for a relative one, which would depend on where the app was started.
pub(crate) fn absolute(path: &str) -> Result<PathBuf, ApiError> {
    let path = Path::new(path.trim());
    match path.is_absolute() {
        true => Ok(path.to_path_buf()),
        false => Err(ApiError::new(
            ErrorCode::InvalidRequest,
            "write the whole path, from the root of the disk",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_courses_are_taken_from_the_arguments() {
        let arguments = ["--flag", "a.hacourse", "b.txt", "C.HACODE", "./.hacourse"];
        let opened = Opened::of(arguments.iter().map(OsString::from), Path::new("/folder"));
        assert_eq!(opened.take(), ["/folder/a.hacourse", "/folder/C.HACODE"]);
        assert_eq!(opened.take(), [] as [&str; 0]);
    }
}
