//! Ids that survive the next import: of the same file, else of a text that is mostly the same.
//!
//! Every lesson whose file is known gets its id before anything is guessed: a new text that is like
//! an old one must not take the id under which learners' work is filed. A new id is made of the path
//! at which the lesson was first seen. It says nothing about title or order, two who import the same
//! book get the same ids, and once written it stays whatever the path becomes.

use super::outline::{Outline, Place};
use super::record::Record;
use super::{MAX_LESSONS, files};
use crate::folder::Folder;
use crate::model::{Course, Language, Lesson};
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

/// How much of a text must be the same for a lesson to be the same under another name.
const ALIKE: f64 = 0.5;

/// The ids of one import.
pub(super) struct Ids {
    /// Lessons of the earlier import that were not found again.
    pub(super) left: Vec<Lesson>,
    /// What was recognised, in the order of the book's places.
    found: Vec<Option<Found>>,
    /// Earlier chapters: id, and ids of their lessons.
    chapters: Vec<(String, BTreeSet<String>)>,
    used: BTreeSet<String>,
    /// Ids that lessons had once.
    remembered: BTreeSet<String>,
}

/// A place of the book that was there before.
enum Found {
    /// With what was said of it; in a box because the other one is small.
    Lesson(Box<Lesson>),
    /// It was gone in between.
    Id(String),
}

impl Ids {
    /// Recognises the lessons of an earlier import, whose texts are in `into`.
    pub(super) fn new(
        outline: &Outline,
        earlier: Option<&Course>,
        record: &Record,
        into: &Path,
    ) -> Self {
        let chapters = earlier.into_iter().flat_map(|course| &course.chapters);
        let chapters = chapters.map(|chapter| {
            let lessons = chapter.lessons.iter().map(|lesson| lesson.id.clone());
            (chapter.id.clone(), lessons.collect())
        });
        let lessons = earlier.into_iter().flat_map(Course::lessons);
        let left: Vec<Lesson> = lessons.cloned().collect();
        let mut ids = Ids {
            used: left.iter().map(|lesson| lesson.id.clone()).collect(),
            left,
            found: Vec::new(),
            chapters: chapters.collect(),
            remembered: record.lessons.keys().cloned().collect(),
        };
        let chapters: Vec<_> = ids.chapters.iter().map(|(id, _)| id.clone()).collect();
        ids.used.extend(chapters);
        let places = outline.chapters.iter().flat_map(|chapter| &chapter.lessons);
        let places: Vec<&Place> = places.take(MAX_LESSONS).collect();
        ids.found.resize_with(places.len(), || None);
        ids.by_file(&places);
        ids.by_memory(&places, record);
        ids.by_likeness(&places, outline, record, into);
        ids
    }

    /// Lessons whose text is at a place, in the same language if one can have it so.
    fn by_file(&mut self, places: &[&Place]) {
        for in_its_language in [true, false] {
            let fits = |lesson: &Lesson, language, file: &str| match in_its_language {
                true => lesson.text_file(language) == file,
                false => lesson.is_text(file),
            };
            for (at, place) in places.iter().enumerate() {
                if self.found[at].is_some() {
                    continue;
                }
                let known = files(place).find_map(|(language, file)| {
                    let mut left = self.left.iter();
                    left.position(|lesson| fits(lesson, language, file))
                });
                if let Some(known) = known {
                    let lesson = self.left.remove(known);
                    self.found[at] = Some(Found::Lesson(Box::new(lesson)));
                }
            }
        }
    }

    /// Lessons that the book had once and has again.
    fn by_memory(&mut self, places: &[&Place], record: &Record) {
        for (at, place) in places.iter().enumerate() {
            if self.found[at].is_some() {
                continue;
            }
            let known = record.lessons.iter().find(|(id, known)| {
                let is_there = |(_, file)| known.files.contains(file);
                !self.used.contains(*id) && files(place).any(is_there)
            });
            if let Some((id, _)) = known {
                self.used.insert(id.clone());
                self.found[at] = Some(Found::Id(id.clone()));
            }
        }
    }

    /// Lessons whose text was mostly that of a place, those that are most alike first.
    fn by_likeness(&mut self, places: &[&Place], outline: &Outline, record: &Record, into: &Path) {
        let Ok(before) = Folder::open(into) else {
            return;
        };
        let mut pairs = Vec::new();
        for language in Language::ALL {
            let texts = self.left.iter().map(|lesson| {
                let is_ours = is_ours(lesson, record);
                let text = is_ours.then(|| before.text(&lesson.text_file(language)));
                lines(&text.and_then(Result::ok).unwrap_or_default())
            });
            let texts: Vec<_> = texts.collect();
            for (at, place) in places.iter().enumerate() {
                let file = files(place).find(|(written, _)| *written == language);
                let Some((_, file)) = file.filter(|_| self.found[at].is_none()) else {
                    continue;
                };
                let own = lines(&outline.source.text(file).unwrap_or_default());
                for (known, text) in texts.iter().enumerate() {
                    let share = share(&own, text);
                    if share > ALIKE {
                        pairs.push((share, at, known));
                    }
                }
            }
        }
        // Of equals the earlier ones: the order of the book.
        pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        let mut left: Vec<_> = self.left.drain(..).map(Some).collect();
        for (_, at, known) in pairs {
            if self.found[at].is_none()
                && let Some(lesson) = left[known].take()
            {
                self.found[at] = Some(Found::Lesson(Box::new(lesson)));
            }
        }
        self.left = left.into_iter().flatten().collect();
    }

    /// The id of the book's next place, the `at`th of all, and what an earlier import or its author
    /// said of it.
    pub(super) fn lesson(&mut self, at: usize, place: &Place) -> (String, Option<Lesson>) {
        match self.found[at].take() {
            Some(Found::Lesson(lesson)) => (lesson.id.clone(), Some(*lesson)),
            Some(Found::Id(id)) => (id, None),
            None => {
                let path = files(place).next().map_or("", |(_, file)| file.as_str());
                (self.unused("l", path), None)
            }
        }
    }

    /// A chapter is the earlier one that had most of its lessons.
    pub(super) fn chapter(&mut self, lessons: &[Lesson]) -> String {
        let shared = |ids: &BTreeSet<String>| {
            let is_shared = |lesson: &&Lesson| ids.contains(&lesson.id);
            lessons.iter().filter(is_shared).count()
        };
        let chapters = self.chapters.iter().enumerate();
        let best = chapters.max_by_key(|(_, (_, ids))| shared(ids));
        if let Some((at, (_, ids))) = best
            && shared(ids) > 0
        {
            return self.chapters.remove(at).0;
        }
        let first = lessons.first().map_or("", |lesson| lesson.id.as_str());
        self.unused("c", first)
    }

    fn unused(&mut self, prefix: &str, path: &str) -> String {
        let mut tries = 0u32;
        loop {
            let digest = blake3::hash(format!("{path}\n{tries}").as_bytes());
            let id = format!("{prefix}-{}", &digest.to_hex()[..10]);
            if !self.remembered.contains(&id) && self.used.insert(id.clone()) {
                return id;
            }
            tries += 1;
        }
    }
}

/// Whether a lesson came out of an import and not from its author's hand.
pub(super) fn is_ours(lesson: &Lesson, record: &Record) -> bool {
    let mut known = record.lessons.iter().filter(|(_, known)| !known.gone);
    let is_it = |id: &String, files: &[String]| {
        let texts = lesson.text.iter().flat_map(|text| [&text.zh, &text.en]);
        *id == lesson.id || texts.flatten().any(|text| files.contains(text))
    };
    known.any(|(id, known)| is_it(id, &known.files)) || (record.is_new && is_made_up(lesson))
}

/// Whether a lesson has an id as imports make them: what tells an import that left no record.
pub(super) fn is_made_up(lesson: &Lesson) -> bool {
    let digest = lesson.id.strip_prefix("l-");
    let is_digest = |digest: &str| {
        let is_digit = |c: u8| c.is_ascii_digit() || (b'a'..=b'f').contains(&c);
        digest.len() == 10 && digest.bytes().all(is_digit)
    };
    lesson.text.is_some() && digest.is_some_and(is_digest)
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
