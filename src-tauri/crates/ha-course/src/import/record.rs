//! What an import wrote, so that the next one can tell the book's words from its author's: digests
//! of files, titles, ids. It lies in the hidden folder `.import` of the course, which no bundle
//! takes along.
//!
//! ```text
//! in the course │ in the book │
//! as written    │ any         │ the book's is taken
//! changed       │ as it was   │ the author's stays
//! changed       │ changed     │ the author's stays, the book's is laid into .import/new
//! ```

use super::{ImportError, ImportReport};
use crate::folder::{Folder, Refusal};
use crate::model::Words;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The hidden folder of the course.
pub(super) const FOLDER: &str = ".import";
/// The record in it.
const FILE: &str = ".import/record.json";
/// Where texts of the book wait for their author.
const WAITING: &str = ".import/new";
/// What this version writes and reads.
const FORMAT: u32 = 1;
/// Largest record, in bytes: a hundred for each file of the largest bundle, and room.
const MAX_RECORD: u64 = 16 * 1024 * 1024;

/// Everything that an import remembers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Record {
    format: u32,
    /// Each file with the BLAKE3 digest that it last had in the book.
    pub(super) files: BTreeMap<String, String>,
    /// Each chapter by its id with the book's title.
    pub(super) chapters: BTreeMap<String, Title>,
    /// Each lesson by its id, those too that the book no longer has.
    pub(super) lessons: BTreeMap<String, Known>,
    /// No lesson was recorded, so that what was imported before can only be guessed.
    #[serde(skip)]
    pub(super) is_new: bool,
}

/// A lesson as the book had it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Known {
    pub(super) title: Title,
    /// Its texts.
    pub(super) files: Vec<String>,
    /// The book no longer has it: who writes it into the course again wants it there.
    #[serde(default)]
    pub(super) gone: bool,
}

/// A title in both languages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Title {
    zh: String,
    en: String,
}

impl Title {
    pub(super) fn of(words: &Words) -> Self {
        Title {
            zh: words.zh.clone(),
            en: words.en.clone(),
        }
    }

    /// What stands in the course after another import: the book's title, unless its author wrote
    /// one of their own. `recorded` is what the book said before; without it nobody can tell, and
    /// what is there stays.
    pub(super) fn merged(recorded: Option<&Title>, here: &Words, book: &Words) -> Words {
        match recorded {
            Some(recorded) if *recorded == Title::of(here) => book.clone(),
            _ => here.clone(),
        }
    }
}

impl Record {
    /// The record of a course; nothing when it has none.
    pub(super) fn open(into: &Path) -> Result<Option<Self>, ImportError> {
        let folder = Folder::open(into).map_err(|error| ImportError::io(into, error))?;
        let broken = |reason: Words| ImportError::Broken {
            file: FILE.into(),
            reason: said!(
                "{reason}；没有这个文件，和书不一样的地方都算你改的",
                "{reason}; without this file, what differs from the book counts as yours";
                reason
            ),
        };
        let text = match folder.text_up_to(FILE, MAX_RECORD) {
            Ok(text) => text,
            Err(Refusal::Missing) => return Ok(None),
            Err(refusal) => return Err(broken(refusal.problem(FILE).reason)),
        };
        let mut record: Record =
            serde_json::from_str(&text).map_err(|error| broken(Words::same(error.to_string())))?;
        record.is_new = record.lessons.is_empty();
        match record.format {
            FORMAT => Ok(Some(record)),
            _ => Err(broken(said!(
                "它是更新的 HelloAgents 写的",
                "it was written by a newer HelloAgents"
            ))),
        }
    }

    /// A record that remembers nothing.
    pub(super) fn empty() -> Self {
        Record {
            format: FORMAT,
            files: BTreeMap::new(),
            chapters: BTreeMap::new(),
            lessons: BTreeMap::new(),
            is_new: true,
        }
    }

    /// Writes the record into the course.
    pub(super) fn save(&self, into: &Path) -> Result<(), ImportError> {
        let text = serde_json::to_string_pretty(self).expect("texts and numbers are always JSON");
        write(&into.join(FILE), text.as_bytes())
    }

    /// Lays a file of the book into the course, unless its author changed what is there.
    pub(super) fn put(
        &mut self,
        into: &Path,
        file: &str,
        bytes: &[u8],
        report: &mut ImportReport,
    ) -> Result<(), ImportError> {
        let to = into.join(file);
        let waiting = into.join(WAITING).join(file);
        let book = digest(bytes);
        let here = match fs::read(&to) {
            Ok(found) => Some(digest(&found)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(ImportError::io(&to, error)),
        };
        let before = self.files.insert(file.into(), book.clone());
        if here.is_none() || here == before || here.as_ref() == Some(&book) {
            if here.as_ref() != Some(&book) {
                write(&to, bytes)?;
            }
            // There may be none.
            fs::remove_file(&waiting).ok();
            return Ok(());
        }
        if before != Some(book) || waiting.is_file() {
            write(&waiting, bytes)?;
            report.changed.push(said!(
                "{file}: 你和书都改了它；保留你的，书的在 {WAITING}/{file}",
                "{file}: you changed it and so did the book; yours stays, the book's is {WAITING}/{file}"
            ));
        }
        Ok(())
    }
}

/// Keeps the manifest as it was, for its comments.
pub(super) fn keep_manifest(into: &Path, text: &str) -> Result<PathBuf, ImportError> {
    let kept = Path::new(FOLDER).join(crate::manifest::MANIFEST);
    write(&into.join(&kept), text.as_bytes())?;
    Ok(kept)
}

/// Writes a file whole or not at all.
pub(super) fn write(to: &Path, bytes: &[u8]) -> Result<(), ImportError> {
    let folder = to.parent().expect("every file is inside the course");
    let part = folder.join(".import-part");
    let written = fs::create_dir_all(folder)
        .and_then(|()| fs::write(&part, bytes))
        .and_then(|()| fs::rename(&part, to));
    if written.is_err() {
        // Best effort: the failure is what is told.
        fs::remove_file(&part).ok();
    }
    written.map_err(|error| ImportError::io(to, error))
}

fn digest(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}
