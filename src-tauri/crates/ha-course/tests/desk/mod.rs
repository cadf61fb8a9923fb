//! A book in a temporary folder and the course that is made of it, for the tests of imports.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "every test binary includes this file and uses a part of it"
)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use ha_course::{Course, ImportError, ImportFrom, ImportReport, Words};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// An import that nobody stops.
pub fn import(
    from: &Path,
    kind: Option<ImportFrom>,
    into: &Path,
) -> Result<ImportReport, ImportError> {
    ha_course::import(from, kind, into, &mut |_, _| true)
}

/// The English halves of sentences that must have Chinese ones.
pub fn english(said: &[Words]) -> Vec<&str> {
    let has_han = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    for words in said {
        assert!(has_han(&words.zh) && words.zh != words.en, "{words:?}");
    }
    said.iter().map(|words| words.en.as_str()).collect()
}

/// A source and a place for the course.
pub struct Desk {
    pub dir: TempDir,
}

impl Desk {
    pub fn new() -> Desk {
        Desk {
            dir: TempDir::new().unwrap(),
        }
    }

    pub fn source(&self) -> PathBuf {
        self.dir.path().join("hello-book")
    }

    pub fn target(&self) -> PathBuf {
        self.dir.path().join("course")
    }

    pub fn write(&self, file: &str, text: impl AsRef<[u8]>) -> &Self {
        let path = self.source().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    pub fn import(&self) -> ImportReport {
        import(&self.source(), None, &self.target()).unwrap()
    }

    pub fn course(&self) -> Course {
        let (course, problems) = ha_course::load(&self.target());
        assert_eq!(problems, []);
        course
    }

    pub fn ids(&self) -> Vec<String> {
        let course = self.course();
        let lessons = course.chapters.iter().flat_map(|chapter| &chapter.lessons);
        lessons.map(|lesson| lesson.id.clone()).collect()
    }

    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.target().join(file)).unwrap()
    }

    /// Writes as the course's author does.
    pub fn edit(&self, file: &str, text: &str) -> &Self {
        let path = self.target().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    /// The course as one line a chapter: `title: lesson, lesson`.
    pub fn contents(&self) -> String {
        let course = self.course();
        let chapters = course.chapters.iter().map(|chapter| {
            let lessons = chapter
                .lessons
                .iter()
                .map(|lesson| lesson.title.zh.as_str());
            format!(
                "{}: {}",
                chapter.title.zh,
                lessons.collect::<Vec<_>>().join(", ")
            )
        });
        chapters.collect::<Vec<_>>().join("\n")
    }
}
