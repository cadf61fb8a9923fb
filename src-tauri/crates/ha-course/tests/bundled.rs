//! The courses that are shipped, and the one that the format's documentation shows, are well.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod fixture;

use fixture::shown;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn courses() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../courses")
}

#[test]
fn every_bundled_course_reads_without_a_problem() {
    let mut seen = 0;
    for entry in std::fs::read_dir(courses()).unwrap() {
        let dir = entry.unwrap().path();
        if dir.join("course.toml").is_file() {
            let (course, problems) = ha_course::lint(&dir);
            assert_eq!(shown(&problems), "", "{}", dir.display());
            assert!(
                course
                    .chapters
                    .iter()
                    .all(|chapter| !chapter.lessons.is_empty())
            );
            seen += 1;
        }
    }
    assert!(seen > 0);
}

/// The files a document shows: a line that is a path in backticks, then a fence.
fn shown_files(document: &str) -> BTreeMap<&str, String> {
    let mut files = BTreeMap::new();
    let mut lines = document.lines();
    let mut path = None;
    while let Some(line) = lines.next() {
        match (path, line) {
            (Some(path), fence) if fence.starts_with("```") => {
                let body: Vec<_> = lines.by_ref().take_while(|line| *line != "```").collect();
                files.insert(path, body.join("\n") + "\n");
            }
            (_, "") => continue,
            _ => {}
        }
        let inner = line
            .strip_prefix('`')
            .and_then(|rest| rest.strip_suffix('`'));
        path = inner.filter(|inner| !inner.contains(['`', ' ']));
    }
    files
}

#[test]
fn the_documented_course_is_well_in_both_languages() {
    for document in ["README.md", "README.zh.md"] {
        let text = std::fs::read_to_string(courses().join(document)).unwrap();
        let files = shown_files(&text);
        assert_eq!(files.len(), 9, "{:?}", files.keys());
        let dir = tempfile::TempDir::new().unwrap();
        for (path, body) in files {
            let path = dir.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, body).unwrap();
        }
        let (course, problems) = ha_course::lint(dir.path());
        assert_eq!(shown(&problems), "", "{document}");
        assert_eq!(course.files("decide").unwrap().checks.len(), 2);
    }
}
