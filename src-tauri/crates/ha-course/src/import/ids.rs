//! Ids that survive the next import: of the same file, else of a text that is mostly the same.
//!
//! A new id is made of the path at which the lesson was first seen. It says nothing about title or
//! order, two who import the same book get the same ids, and once written it stays whatever the
//! path becomes.

use super::outline::Place;
use super::{ImportError, files, text_of};
use crate::folder::Folder;
use crate::model::{Course, Lesson};
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// How much of a text must be the same for a lesson to be the same under another name.
const ALIKE: f64 = 0.5;

/// The ids of one import.
pub(super) struct Ids {
    /// Lessons of the earlier import that were not found again yet.
    known: Vec<Lesson>,
    /// Earlier chapters: id, and ids of their lessons.
    chapters: Vec<(String, BTreeSet<String>)>,
    used: BTreeSet<String>,
    /// Where the earlier texts are.
    into: PathBuf,
}

impl Ids {
    pub(super) fn new(earlier: Option<&Course>, into: &Path) -> Self {
        let chapters = earlier.into_iter().flat_map(|course| &course.chapters);
        Ids {
            known: earlier
                .into_iter()
                .flat_map(Course::lessons)
                .cloned()
                .collect(),
            chapters: chapters
                .map(|chapter| {
                    let lessons = chapter.lessons.iter().map(|lesson| lesson.id.clone());
                    (chapter.id.clone(), lessons.collect())
                })
                .collect(),
            used: BTreeSet::new(),
            into: into.into(),
        }
    }

    /// The id of a lesson, and what an earlier import or its author said of it.
    pub(super) fn lesson(
        &mut self,
        root: &Path,
        place: &Place,
    ) -> Result<(String, Option<Lesson>), ImportError> {
        let is_same = |lesson: &Lesson| files(place).any(|(_, file)| lesson.is_text(file));
        let found = match self.known.iter().position(is_same) {
            Some(at) => Some(at),
            None => self.alike(root, place)?,
        };
        if let Some(at) = found {
            let lesson = self.known.remove(at);
            self.used.insert(lesson.id.clone());
            return Ok((lesson.id.clone(), Some(lesson)));
        }
        let path = files(place).next().map_or("", |(_, file)| file.as_str());
        Ok((self.unused("l", path), None))
    }

    /// A lesson whose text was mostly this one.
    fn alike(&self, root: &Path, place: &Place) -> Result<Option<usize>, ImportError> {
        if self.known.is_empty() {
            return Ok(None);
        }
        let source = Folder::open(root).map_err(|error| ImportError::io(root, error))?;
        let Ok(before) = Folder::open(&self.into) else {
            return Ok(None);
        };
        for (language, file) in files(place) {
            let lines = lines(&text_of(&source, file).unwrap_or_default());
            let shares = self.known.iter().map(|lesson| {
                let text = before.text(&lesson.text_file(language)).unwrap_or_default();
                share(&lines, &self::lines(&text))
            });
            let best = shares.enumerate().max_by(|a, b| a.1.total_cmp(&b.1));
            if let Some((at, _)) = best.filter(|(_, share)| *share > ALIKE) {
                return Ok(Some(at));
            }
        }
        Ok(None)
    }

    /// A chapter is the earlier one that had most of its lessons.
    pub(super) fn chapter(&mut self, lessons: &[Lesson]) -> String {
        let shared = |ids: &BTreeSet<String>| {
            lessons
                .iter()
                .filter(|lesson| ids.contains(&lesson.id))
                .count()
        };
        let best = self
            .chapters
            .iter()
            .enumerate()
            .max_by_key(|(_, (_, ids))| shared(ids));
        if let Some((at, (_, ids))) = best
            && shared(ids) > 0
        {
            let (id, _) = self.chapters.remove(at);
            self.used.insert(format!("chapter {id}"));
            return id;
        }
        let first = lessons.first().map_or("", |lesson| lesson.id.as_str());
        self.unused("c", first)
    }

    /// Titles of lessons that were not found again.
    pub(super) fn left(self) -> Vec<String> {
        self.known
            .into_iter()
            .map(|lesson| lesson.title.zh)
            .collect()
    }

    fn unused(&mut self, prefix: &str, path: &str) -> String {
        let mut tries = 0u32;
        loop {
            let digest = blake3::hash(format!("{path}\n{tries}").as_bytes());
            let id = format!("{prefix}-{}", &digest.to_hex()[..10]);
            let taken = self.known.iter().any(|lesson| lesson.id == id);
            if !taken && self.used.insert(id.clone()) {
                return id;
            }
            tries += 1;
        }
    }
}

fn lines(text: &str) -> BTreeSet<u64> {
    let filled = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let hash = |line: &str| {
        let mut hasher = DefaultHasher::new();
        line.hash(&mut hasher);
        hasher.finish()
    };
    filled.map(hash).collect()
}

fn share(a: &BTreeSet<u64>, b: &BTreeSet<u64>) -> f64 {
    let all = a.union(b).count();
    if all == 0 {
        return 0.0;
    }
    a.intersection(b).count() as f64 / all as f64
}

/// A folder's name as an id; of a name without a Latin letter, its digest.
pub(super) fn kebab(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let id: String = words.join("-").chars().take(60).collect();
    match id.trim_matches('-') {
        "" => format!("book-{}", &blake3::hash(name.as_bytes()).to_hex()[..10]),
        id => id.to_string(),
    }
}
