//! Courses from what exists already: docsify folders, mdBooks, notebooks.
//!
//! ```text
//! folder ── docsify, mdbook, notebook ──▶ outline ── pairs, ids ──▶ course ── copy ──▶ folder
//!                                                                     └ report
//! ```
//!
//! Texts are copied byte by byte to the path they had, so that their links hold and the old reader
//! still shows them; the manifest says where they are. One text is in memory at a time. Runs no
//! program and fetches nothing.

mod blocks;
mod copy;
mod docsify;
mod ids;
mod mdbook;
mod mirrors;
mod notebook;
mod outline;
mod pairs;

use crate::folder::Folder;
use crate::manifest::{self, MANIFEST};
use crate::manifest_text::manifest_text;
use crate::model::{Chapter, Course, Language, Lesson, Texts, Words};
pub use blocks::{CodeBlock, CodeNeed};
use outline::{Outline, Place};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Most lessons of one import: far above any book, and a bound for a hostile folder.
const MAX_LESSONS: usize = 2000;

/// What a folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportFrom {
    /// `_sidebar.md`.
    Docsify,
    /// `SUMMARY.md`.
    MdBook,
    /// `.ipynb` files.
    Notebooks,
}

/// Why nothing could be imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Nothing that we read is there: say what it is, or give another folder.
    #[error("{0}: no _sidebar.md, no SUMMARY.md and no .ipynb is there")]
    Unknown(PathBuf),
    /// A file of the source does not fit its format.
    #[error("{file}: {reason}")]
    Broken {
        /// Path inside the source.
        file: String,
        /// What is wrong and what to do.
        reason: String,
    },
    /// The destination is inside the source, or the other way round: files would be read while
    /// they are written.
    #[error("the course must be written to a folder outside of what is imported")]
    Entangled,
    /// Whoever watched it said so.
    #[error("the import was stopped; importing again completes it")]
    Stopped,
    /// The disk failed.
    #[error("{path}: {error}")]
    Io {
        /// Where.
        path: PathBuf,
        /// What the system said.
        #[source]
        error: io::Error,
    },
}

impl ImportError {
    pub(crate) fn io(path: &Path, error: io::Error) -> Self {
        ImportError::Io {
            path: path.into(),
            error,
        }
    }
}

/// What an import did, and what its author should look at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportReport {
    /// The course's id.
    pub course: String,
    /// Chapters.
    pub chapters: usize,
    /// Lessons.
    pub lessons: usize,
    /// Lessons with a Chinese text.
    pub chinese: usize,
    /// Lessons with an English text.
    pub english: usize,
    /// Lessons that had their id from an earlier import.
    pub known: usize,
    /// Titles of lessons of an earlier import that are no longer there; their folders are.
    pub gone: Vec<String>,
    /// Images copied.
    pub images: usize,
    /// Images that a text shows and that are not there: file, line, path.
    pub missing_images: Vec<(String, u32, String)>,
    /// Images on the web that the source does not have: they are shown as links.
    pub remote_images: usize,
    /// Links that lead nowhere: file, line, sentence.
    pub dead_links: Vec<(String, u32, String)>,
    /// Blocks of code, in order.
    pub blocks: Vec<CodeBlock>,
    /// What was left out and why.
    pub left_out: Vec<String>,
    /// The first line of the licence file; empty when there is none.
    pub license: String,
}

/// Imports a folder (or one notebook) into the folder `into`, which may hold an earlier import of
/// the same: then ids stay, and so does everything that was added to the lessons. Before each text
/// `watch` is told how many of how many are done; when it answers false, the import stops there.
///
/// # Errors
/// [`ImportError`]; what was written until then stays and the next import completes it.
pub fn import(
    from: &Path,
    kind: Option<ImportFrom>,
    into: &Path,
    watch: &mut dyn FnMut(usize, usize) -> bool,
) -> Result<ImportReport, ImportError> {
    let from = fs::canonicalize(from).map_err(|error| ImportError::io(from, error))?;
    fs::create_dir_all(into).map_err(|error| ImportError::io(into, error))?;
    let into = fs::canonicalize(into).map_err(|error| ImportError::io(into, error))?;
    if into.starts_with(&from) || from.starts_with(&into) {
        return Err(ImportError::Entangled);
    }
    let mut report = ImportReport::default();
    let outline = outline_of(&from, kind, &into, &mut report)?;
    let earlier = into
        .join(MANIFEST)
        .is_file()
        .then(|| manifest::load(&into).0);
    let mut course = course_of(&outline, &into, earlier.as_ref(), &mut report)?;
    course.mirrors = mirrors::find(&outline)?;
    copy::copy(&outline, &course, &into, &mut report, watch)?;
    let manifest = into.join(MANIFEST);
    fs::write(&manifest, manifest_text(&course))
        .map_err(|error| ImportError::io(&manifest, error))?;
    report.course = course.id;
    Ok(report)
}

fn outline_of(
    from: &Path,
    kind: Option<ImportFrom>,
    into: &Path,
    report: &mut ImportReport,
) -> Result<Outline, ImportError> {
    let docs = from.join("docs");
    let kind = match kind {
        Some(kind) => kind,
        None if docsify::root(from).is_some() => ImportFrom::Docsify,
        None if mdbook::root(from).is_some() => ImportFrom::MdBook,
        None if notebook::is_there(from) || notebook::is_there(&docs) => ImportFrom::Notebooks,
        None => return Err(ImportError::Unknown(from.into())),
    };
    let unknown = || ImportError::Unknown(from.into());
    let mut outline = match kind {
        ImportFrom::Docsify => docsify::outline(&docsify::root(from).ok_or_else(unknown)?)?,
        ImportFrom::MdBook => mdbook::outline(&mdbook::root(from).ok_or_else(unknown)?)?,
        ImportFrom::Notebooks if notebook::is_there(from) => notebook::outline(from, into, report)?,
        ImportFrom::Notebooks => notebook::outline(&docs, into, report)?,
    };
    outline.license = copy::license_line(from);
    Ok(outline)
}

/// The course that an outline becomes, with the ids and the words of an earlier import.
fn course_of(
    outline: &Outline,
    into: &Path,
    earlier: Option<&Course>,
    report: &mut ImportReport,
) -> Result<Course, ImportError> {
    let mut ids = ids::Ids::new(earlier, into);
    let mut course = match earlier {
        Some(earlier) => earlier.clone(),
        None => manifest::empty(into),
    };
    if earlier.is_none() {
        course.id = ids::kebab(&outline.name);
        course.version = "1.0.0".into();
        course.title = outline.title.clone();
        course.license = outline.license.clone();
    }
    course.chapters.clear();
    report.license = course.license.clone();
    for chapter in &outline.chapters {
        let places = chapter.lessons.iter().take(MAX_LESSONS - report.lessons);
        let mut lessons = Vec::new();
        for place in places {
            let (id, known) = ids.lesson(&outline.root, place)?;
            count(report, place, known.is_some());
            lessons.push(lesson_of(id, place, known, &outline.root));
        }
        if lessons.is_empty() {
            continue;
        }
        report.chapters += 1;
        course.chapters.push(Chapter {
            id: ids.chapter(&lessons),
            title: chapter.title.clone(),
            lessons,
        });
    }
    report.gone = ids.left();
    let is_there = |language: &Language| {
        let lessons = match language {
            Language::Zh => report.chinese,
            Language::En => report.english,
        };
        lessons > 0 || earlier.is_some_and(|earlier| earlier.languages.contains(language))
    };
    course.languages = Language::ALL.into_iter().filter(is_there).collect();
    Ok(course)
}

fn count(report: &mut ImportReport, place: &Place, is_known: bool) {
    report.lessons += 1;
    report.chinese += usize::from(place.zh.is_some());
    report.english += usize::from(place.en.is_some());
    report.known += usize::from(is_known);
}

fn lesson_of(id: String, place: &Place, known: Option<Lesson>, root: &Path) -> Lesson {
    let text = Some(Texts {
        zh: place.zh.clone(),
        en: place.en.clone(),
    });
    match known {
        Some(lesson) => Lesson { text, ..lesson },
        None => Lesson {
            path: format!("lessons/{id}"),
            id,
            title: place.title.clone(),
            minutes: minutes(root, place),
            text,
            license: String::new(),
            prerequisites: Vec::new(),
            language: Default::default(),
            needs: Default::default(),
            agent: Default::default(),
            solution_after: Default::default(),
            code_check: Vec::new(),
        },
    }
}

/// A guess from the length of the text: 1200 bytes a minute are 400 Chinese characters or 200
/// English words.
fn minutes(root: &Path, place: &Place) -> u32 {
    let file = place.zh.as_ref().or(place.en.as_ref());
    let length = file.and_then(|file| fs::metadata(root.join(file)).ok());
    let minutes = length.map_or(0, |length| length.len() / 1200);
    u32::try_from(minutes.clamp(5, 600)).unwrap_or(5)
}

/// The same title in the languages that a lesson has.
fn titles(zh: Option<&str>, en: Option<&str>) -> Words {
    match (zh, en) {
        (Some(zh), Some(en)) => Words {
            zh: zh.into(),
            en: en.into(),
        },
        (one, other) => Words::same(one.or(other).unwrap_or_default()),
    }
}

/// A text of the source, whichever language it is in.
fn text_of(folder: &Folder, file: &str) -> Result<String, ImportError> {
    folder.text(file).map_err(|refusal| ImportError::Broken {
        file: file.into(),
        reason: refusal.problem(file).reason,
    })
}

/// Languages of a place, with their files.
fn files(place: &Place) -> impl Iterator<Item = (Language, &String)> {
    let zh = place.zh.iter().map(|file| (Language::Zh, file));
    zh.chain(place.en.iter().map(|file| (Language::En, file)))
}
