//! What an update changes, lesson by lesson, by their ids: so that an author knows whose work it
//! touches before it is handed out.

use crate::lesson::LessonFiles;
use crate::model::{Course, Language, Lesson, Words};
use std::collections::BTreeMap;
use std::fs;

/// What differs between two versions of a course.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CourseDiff {
    /// Lessons that are new: id and title.
    pub added: Vec<(String, Words)>,
    /// Lessons that are gone. Learners keep their work, and see it nowhere.
    pub removed: Vec<(String, Words)>,
    /// Lessons that are in both and differ.
    pub changed: Vec<LessonDiff>,
    /// Lessons that are the same.
    pub same: usize,
}

/// What differs in one lesson.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LessonDiff {
    /// Its id.
    pub id: String,
    /// Its title, as it is now.
    pub title: Words,
    /// The title was another.
    pub renamed: bool,
    /// It stands in another place or folder.
    pub moved: bool,
    /// The text or the hints differ.
    pub text: bool,
    /// The checks differ: who passed may no longer.
    pub checks: bool,
    /// The solution differs.
    pub solution: bool,
    /// Starter and data files that differ, came or went: who worked on these is asked.
    pub work: Vec<String>,
}

impl LessonDiff {
    fn is_nothing(&self) -> bool {
        let flags = [
            self.renamed,
            self.moved,
            self.text,
            self.checks,
            self.solution,
        ];
        self.work.is_empty() && !flags.contains(&true)
    }
}

/// Compares two versions of a course. Lessons that cannot be read are compared as far as they can.
pub fn diff(old: &Course, new: &Course) -> CourseDiff {
    let mut diff = CourseDiff::default();
    for lesson in old.lessons() {
        if new.lesson(&lesson.id).is_none() {
            diff.removed.push((lesson.id.clone(), lesson.title.clone()));
        }
    }
    for lesson in new.lessons() {
        let Some((_, before, ..)) = old.lesson(&lesson.id) else {
            diff.added.push((lesson.id.clone(), lesson.title.clone()));
            continue;
        };
        let changed = lesson_diff(old, before, new, lesson);
        match changed.is_nothing() {
            true => diff.same += 1,
            false => diff.changed.push(changed),
        }
    }
    diff
}

fn lesson_diff(old: &Course, before: &Lesson, new: &Course, now: &Lesson) -> LessonDiff {
    let place = |course: &Course, lesson: &Lesson| {
        let found = course.lesson(&lesson.id);
        found.map(|(chapter, _, _, at)| (chapter.id.clone(), at))
    };
    let (files_before, files_now) = (old.files(&before.id).ok(), new.files(&now.id).ok());
    let solution = |files: &Option<LessonFiles>| files.as_ref().map(|files| files.solution.clone());
    let checks = |files: &Option<LessonFiles>| {
        files.as_ref().map(|files| {
            (
                files.checks.clone(),
                files.checks_py.clone(),
                files.cassette.clone(),
            )
        })
    };
    LessonDiff {
        id: now.id.clone(),
        title: now.title.clone(),
        renamed: before.title != now.title,
        moved: before.path != now.path || place(old, before) != place(new, now),
        text: texts(old, before) != texts(new, now),
        checks: checks(&files_before) != checks(&files_now),
        solution: solution(&files_before) != solution(&files_now),
        work: differing(&files_before, &files_now),
    }
}

/// Text and hints in both languages.
fn texts(course: &Course, lesson: &Lesson) -> Vec<Option<Vec<u8>>> {
    let files = Language::ALL.into_iter().flat_map(|language| {
        let hints = format!("{}/hints.{}.md", lesson.path, language.code());
        [lesson.text_file(language), hints]
    });
    files
        .map(|file| fs::read(course.dir.join(file)).ok())
        .collect()
}

fn differing(before: &Option<LessonFiles>, now: &Option<LessonFiles>) -> Vec<String> {
    let files = |files: &Option<LessonFiles>| -> BTreeMap<String, Vec<u8>> {
        let all = files
            .iter()
            .flat_map(|files| files.starter.iter().chain(&files.data));
        all.map(|file| (file.path.clone(), file.bytes.clone()))
            .collect()
    };
    let (before, now) = (files(before), files(now));
    let mut paths: Vec<String> = before.keys().chain(now.keys()).cloned().collect();
    paths.sort();
    paths.dedup();
    paths.retain(|path| before.get(path) != now.get(path));
    paths
}
