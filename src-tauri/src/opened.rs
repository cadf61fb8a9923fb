//! What somebody opens with the app: a file by a double click or a course's folder from the command
//! line, which starts it with the path as its argument (or tells the one that runs); or either by
//! dropping it on the window.
//!
//! It waits here until the page asks: an event alone would be lost while the page still loads.

use ha_api::wire::{Language, OpenedPath};
use ha_api::{ApiError, ErrorCode};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use tauri::{AppHandle, Emitter, Manager};

/// Endings of a course and of a learner's code in one file.
const OURS: [&str; 2] = ["hacourse", "hacode"];

/// What was opened and not yet shown.
#[derive(Default)]
pub struct Opened(Mutex<Vec<OpenedPath>>);

impl Opened {
    /// What a process was started with.
    pub(crate) fn of(named: Vec<OpenedPath>) -> Opened {
        Opened(Mutex::new(named))
    }

    /// Everything that waits; the next call has what came after.
    pub(crate) fn take(&self) -> Vec<OpenedPath> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Takes over what is opened while the app runs and tells the page.
pub(crate) fn open(app: &AppHandle, found: Vec<OpenedPath>) {
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

/// What the arguments of a process name: `[--lesson ID] [--language zh|en] PATH…`, without its own
/// name, relative to `folder`. What means nothing to us is left out: the system and the window's
/// library have arguments of their own.
pub(crate) fn named(
    mut arguments: impl Iterator<Item = OsString>,
    folder: &Path,
) -> Vec<OpenedPath> {
    let (mut asked, mut spoken) = (None, None);
    let mut found = Vec::new();
    while let Some(argument) = arguments.next() {
        match argument.to_str() {
            Some("--lesson") => asked = arguments.next().and_then(|id| id.into_string().ok()),
            Some("--language") => spoken = arguments.next().and_then(language),
            _ => found.extend(ours(&folder.join(argument))),
        }
    }
    for opened in &mut found {
        if let OpenedPath::Folder {
            lesson, language, ..
        } = opened
        {
            (*lesson, *language) = (asked.clone(), spoken);
        }
    }
    found
}

/// What was dropped on the window. Whoever drops a file of another kind is told, as whoever chooses
/// one is.
pub(crate) fn dropped(paths: &[PathBuf]) -> Vec<OpenedPath> {
    paths.iter().filter_map(|path| opened(path)).collect()
}

fn language(name: OsString) -> Option<Language> {
    match name.to_str()? {
        "zh" => Some(Language::Zh),
        "en" => Some(Language::En),
        _ => None,
    }
}

fn ours(path: &Path) -> Option<OpenedPath> {
    let ending = path.extension().unwrap_or_default();
    let is_ours = OURS.iter().any(|ours| ending.eq_ignore_ascii_case(ours));
    (is_ours || path.is_dir()).then(|| opened(path)).flatten()
}

fn opened(path: &Path) -> Option<OpenedPath> {
    // Without the dots and slashes around `./my-course/`: it is shown to the author.
    let path: PathBuf = std::path::absolute(path).ok()?.components().collect();
    let shown = path.display().to_string();
    Some(match path.is_dir() {
        true => OpenedPath::Folder {
            dir: shown,
            lesson: None,
            language: None,
        },
        false => OpenedPath::File { path: shown },
    })
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
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn of(arguments: &[&str], folder: &Path) -> Vec<OpenedPath> {
        named(arguments.iter().map(OsString::from), folder)
    }

    #[test]
    fn only_what_is_ours_is_taken_from_the_arguments_and_once() {
        let arguments = [
            "--flag",
            "a.hacourse",
            "b.txt",
            "C.HACODE",
            "./.hacourse",
            "nowhere",
        ];
        let opened = Opened::of(of(&arguments, Path::new("/folder")));
        let file = |path: &str| OpenedPath::File { path: path.into() };
        let expected = [file("/folder/a.hacourse"), file("/folder/C.HACODE")];
        assert_eq!(opened.take(), expected);
        assert_eq!(opened.take(), []);
    }

    #[test]
    fn a_folder_comes_with_what_to_show_of_it() {
        let home = tempfile::TempDir::new().unwrap();
        std::fs::create_dir(home.path().join("我的 课程")).unwrap();
        let dir = home.path().join("我的 课程").display().to_string();
        let folder = |lesson: Option<&str>, language| OpenedPath::Folder {
            dir: dir.clone(),
            lesson: lesson.map(str::to_owned),
            language,
        };
        let check = |arguments: &[&str], expected| {
            assert_eq!(of(arguments, home.path()), [expected], "{arguments:?}");
        };
        check(&["./我的 课程/"], folder(None, None));
        check(
            &["我的 课程", "--lesson", "decide", "--language", "zh"],
            folder(Some("decide"), Some(Language::Zh)),
        );
        check(
            &["--language", "fr", "我的 课程", "--lesson"],
            folder(None, None),
        );
        assert_eq!(
            dropped(&[home.path().join("我的 课程")]),
            [folder(None, None)]
        );
    }

    #[test]
    fn a_file_of_another_kind_is_taken_when_it_is_dropped() {
        let path = PathBuf::from("/folder/homework.txt");
        let file = OpenedPath::File {
            path: "/folder/homework.txt".into(),
        };
        assert_eq!(dropped(&[path]), [file]);
        assert_eq!(of(&["homework.txt"], Path::new("/folder")), []);
    }
}
