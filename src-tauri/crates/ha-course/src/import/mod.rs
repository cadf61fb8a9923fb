//! Courses from what exists already: docsify folders, mdBooks, notebooks.
//!
//! ```text
//! folder ── docsify, mdbook, notebook ──▶ outline ── pairs, ids, merge ──▶ course ── copy ──▶ folder
//!                                                                 record ──┘          └ report, record
//! ```
//!
//! Texts are copied byte by byte to the path they had, so that their links hold and the old reader
//! still shows them; the manifest says where they are. What was written is recorded, so that another
//! import leaves alone what the author has changed since. One text is in memory at a time. Runs no
//! program and fetches nothing.

mod blocks;
mod copy;
mod docsify;
mod ids;
mod mdbook;
mod merge;
mod mirrors;
mod notebook;
mod notebook_text;
mod outline;
mod pairs;
mod record;
mod source;

use crate::folder::{Folder, Refusal};
use crate::manifest::{self, MANIFEST};
use crate::manifest_text::manifest_text;
use crate::model::{Course, Language, Words};
pub use blocks::{CodeBlock, CodeNeed};
use merge::titles;
use outline::{Outline, Place};
use record::Record;
use std::collections::BTreeSet;
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

/// Why nothing could be imported. Shown, it is the English of [`ImportError::words`].
#[derive(Debug, thiserror::Error)]
#[error("{}", self.words().en)]
pub enum ImportError {
    /// Nothing that we read is there: say what it is, or give another folder.
    Unknown(PathBuf),
    /// A file of the source does not fit its format.
    Broken {
        /// Path inside the source.
        file: String,
        /// What is wrong and what to do.
        reason: Words,
    },
    /// The destination is inside the source, or the other way round: files would be read while
    /// they are written.
    Entangled,
    /// The destination holds what no import wrote: it could be overwritten.
    Occupied(PathBuf),
    /// Whoever watched it said so.
    Stopped,
    /// The disk failed.
    Io {
        /// Where.
        path: PathBuf,
        /// What the system said.
        #[source]
        error: io::Error,
    },
}

impl ImportError {
    /// What happened, in both languages.
    pub fn words(&self) -> Words {
        match self {
            ImportError::Unknown(from) => {
                let from = from.display();
                said!(
                    "{from}: 里面没有 _sidebar.md、SUMMARY.md，也没有 .ipynb",
                    "{from}: no _sidebar.md, no SUMMARY.md and no .ipynb is there"
                )
            }
            ImportError::Broken { file, reason } => {
                said!("{file}: {reason}", "{file}: {reason}"; reason)
            }
            ImportError::Entangled => said!(
                "课程要写到另一个文件夹，不能在导入的内容里面，也不能把它包在里面",
                "the course must be written to a folder outside of what is imported"
            ),
            ImportError::Occupied(into) => {
                let into = into.display();
                said!(
                    "{into}: 里面有文件，又不是以前导入的；请选空文件夹或新文件夹，或者先把文件移走",
                    "{into}: files are there and no earlier import; name an empty folder or a new one, or move them away"
                )
            }
            ImportError::Stopped => said!(
                "导入停下了；再导入一次就会补齐",
                "the import was stopped; importing again completes it"
            ),
            ImportError::Io { path, error } => {
                let path = path.display();
                said!("{path}: 读写失败：{error}", "{path}: {error}")
            }
        }
    }

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
    /// Files that both the author and the book changed, and where the book's are: whole sentences.
    pub changed: Vec<Words>,
    /// Images copied.
    pub images: usize,
    /// Images that a text shows and that are not there: file, line, path.
    pub missing_images: Vec<(String, u32, String)>,
    /// Images on the web that the source does not have: they are shown as links.
    pub remote_images: usize,
    /// Links that lead nowhere: file, line, sentence.
    pub dead_links: Vec<(String, u32, Words)>,
    /// Files of the book that a link leads to and that no lesson is: file, line, path. The format has
    /// no place for them.
    pub linked: Vec<(String, u32, String)>,
    /// Blocks of code, in order.
    pub blocks: Vec<CodeBlock>,
    /// What was left out and why.
    pub left_out: Vec<Words>,
    /// The first line of the licence file; empty when there is none.
    pub license: String,
}

/// Imports a folder (or one notebook) into the folder `into`, which is new or empty or holds an
/// earlier import of the same: then ids stay, and so does everything that was added to the lessons
/// or changed in what was imported. Before each text `watch` is told how many of how many are done;
/// when it answers false, the import stops there.
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
    let is_new = !into.exists();
    fs::create_dir_all(into).map_err(|error| ImportError::io(into, error))?;
    let into = fs::canonicalize(into).map_err(|error| ImportError::io(into, error))?;
    let imported = import_into(&from, kind, &into, watch);
    if is_new && imported.is_err() {
        // Only an empty folder goes, and a failure to remove it is not what is told.
        fs::remove_dir(&into).ok();
    }
    imported
}

fn import_into(
    from: &Path,
    kind: Option<ImportFrom>,
    into: &Path,
    watch: &mut dyn FnMut(usize, usize) -> bool,
) -> Result<ImportReport, ImportError> {
    if into.starts_with(from) || from.starts_with(into) {
        return Err(ImportError::Entangled);
    }
    let (earlier, mut record) = earlier(into)?;
    let mut report = ImportReport::default();
    let mut outline = outline_of(from, kind, into, &mut report)?;
    readable(&mut outline, into, &mut report)?;
    let mut next = record.clone();
    let mut course = merge::course_of(&outline, into, earlier.as_ref(), &mut next, &mut report);
    let mirrors = mirrors::find(&outline);
    course
        .mirrors
        .retain(|own| mirrors.iter().all(|found| found.from != own.from));
    course.mirrors.splice(0..0, mirrors);
    // Written before anything else, so that an import that is cut off is known as one.
    record.save(into)?;
    let copied = copy::copy(&outline, &course, into, &mut record, &mut report, watch);
    record.save(into)?;
    copied?;
    let mut seen = BTreeSet::new();
    report.left_out.retain(|line| seen.insert(line.clone()));
    write_manifest(&course, earlier.as_ref(), into, &mut report)?;
    // What the book says of its lessons is remembered with the manifest that says it.
    next.files = record.files;
    next.save(into)?;
    report.course = course.id;
    Ok(report)
}

/// The course that is in the destination, and what its imports remember.
fn earlier(into: &Path) -> Result<(Option<Course>, Record), ImportError> {
    let record = Record::open(into)?;
    if !into.join(MANIFEST).is_file() {
        let folder = Folder::open(into).map_err(|error| ImportError::io(into, error))?;
        let is_empty = folder.names("").is_ok_and(|names| names.is_empty());
        return match record {
            Some(record) => Ok((None, record)),
            None if is_empty => Ok((None, Record::empty())),
            None => Err(ImportError::Occupied(into.into())),
        };
    }
    let (course, problems) = manifest::load(into);
    if record.is_none() && !course.lessons().any(ids::is_made_up) {
        return Err(ImportError::Occupied(into.into()));
    }
    if let Some(problem) = problems.into_iter().next() {
        let line = problem
            .line
            .map_or(String::new(), |line| format!(":{line}"));
        return Err(ImportError::Broken {
            file: format!("{MANIFEST}{line}"),
            reason: {
                let reason = problem.reason;
                said!(
                    "{reason}；请先改好，不然读不出来的部分会丢掉",
                    "{reason}; mend it first, or what cannot be read of it would be lost";
                    reason
                )
            },
        });
    }
    Ok((Some(course), record.unwrap_or_else(Record::empty)))
}

/// Takes texts that cannot be read out of the outline, and lessons that have no other. A lesson whose
/// text an earlier import brought keeps that one.
fn readable(
    outline: &mut Outline,
    into: &Path,
    report: &mut ImportReport,
) -> Result<(), ImportError> {
    let before = Folder::open(into).map_err(|error| ImportError::io(into, error))?;
    let source = &outline.source;
    let mut check = |file: &mut Option<String>| {
        let Some(name) = file.clone() else {
            return;
        };
        if let Err(refusal) = source.text(&name) {
            report.left_out.push(sentence(&name, refusal));
            if before.text(&name).is_err() {
                *file = None;
            }
        }
    };
    for part in &mut outline.chapters {
        for place in &mut part.lessons {
            check(&mut place.zh);
            check(&mut place.en);
        }
        part.lessons
            .retain(|place| place.zh.is_some() || place.en.is_some());
    }
    let mut lessons = outline.chapters.iter().flat_map(|part| &part.lessons);
    match (lessons.next(), report.left_out.first()) {
        (None, Some(reason)) => Err(ImportError::Broken {
            file: outline.name.clone(),
            reason: said!(
                "里面的课文都读不出来：{reason}",
                "none of its texts can be read: {reason}";
                reason
            ),
        }),
        _ => Ok(()),
    }
}

/// Writes the manifest, unless it says all of it already: then its comments stay.
fn write_manifest(
    course: &Course,
    earlier: Option<&Course>,
    into: &Path,
    report: &mut ImportReport,
) -> Result<(), ImportError> {
    if earlier == Some(course) {
        return Ok(());
    }
    let is_comment = |line: &str| line.trim_start().starts_with('#') || line.contains(" # ");
    let path = into.join(MANIFEST);
    if earlier.is_some() {
        let text = fs::read_to_string(&path).map_err(|error| ImportError::io(&path, error))?;
        if text.lines().any(is_comment) {
            let kept = record::keep_manifest(into, &text)?;
            report.changed.push(said!(
                "{MANIFEST} 重写了一遍，里面的注释没有保留；原来的在 {}",
                "{MANIFEST} was written anew, without its comments; as it was, it is {}",
                kept.display()
            ));
        }
    }
    record::write(&path, manifest_text(course).as_bytes())
}

fn outline_of(
    from: &Path,
    kind: Option<ImportFrom>,
    into: &Path,
    report: &mut ImportReport,
) -> Result<Outline, ImportError> {
    let kind = match kind {
        Some(kind) => kind,
        None if docsify::root(from).is_some() => ImportFrom::Docsify,
        None if mdbook::root(from).is_some() => ImportFrom::MdBook,
        None if notebook::root(from).is_some() => ImportFrom::Notebooks,
        None => return Err(ImportError::Unknown(from.into())),
    };
    let unknown = || ImportError::Unknown(from.into());
    let mut outline = match kind {
        ImportFrom::Docsify => docsify::outline(&docsify::root(from).ok_or_else(unknown)?, report)?,
        ImportFrom::MdBook => mdbook::outline(&mdbook::root(from).ok_or_else(unknown)?, report)?,
        ImportFrom::Notebooks => notebook::outline(from, into, report)?,
    };
    outline.license = copy::license_line(from);
    Ok(outline)
}

/// What an author reads of a file that was not taken.
fn sentence(file: &str, refusal: Refusal) -> Words {
    let problem = refusal.problem(file);
    placed(file, problem.line, &problem.reason)
}

/// A sentence behind the place of which it speaks.
fn placed(file: &str, line: Option<u32>, reason: &Words) -> Words {
    match line {
        Some(line) => said!("{file}:{line}: {reason}", "{file}:{line}: {reason}"; reason),
        None => said!("{file}: {reason}", "{file}: {reason}"; reason),
    }
}

/// Languages of a place, with their files.
fn files(place: &Place) -> impl Iterator<Item = (Language, &String)> {
    let zh = place.zh.iter().map(|file| (Language::Zh, file));
    zh.chain(place.en.iter().map(|file| (Language::En, file)))
}
