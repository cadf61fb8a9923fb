//! A book of somebody else: a sidebar, a summary or a notebook. What is imported can be read again, is
//! where it belongs, and shows nothing that runs.

#![no_main]
#![allow(clippy::unwrap_used, reason = "a judge fails by panicking")]

#[path = "../../../src-tauri/crates/ha-course/tests/fixture/mod.rs"]
mod fixture;

use fixture::judges::{assert_inert, assert_only};
use fixture::{BASE, lessons, shown};
use ha_course::{ImportFrom, Language, import};
use libfuzzer_sys::fuzz_target;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;
use tempfile::TempDir;

/// Two texts that a list of lessons can name, in folders as books have them.
const TEXTS: [(&str, &str); 3] = [
    (
        "book/a.md",
        "# A\n\n```python\nimport os\nprint(1)\n```\n[b](b/c%20d.md#e)\n",
    ),
    ("book/b/c d.md", "# 章\n\n![x](../x.png)\n"),
    ("private.md", "# Nobody's business\n"),
];

static DIR: OnceLock<TempDir> = OnceLock::new();

fn source() -> TempDir {
    let dir = TempDir::new().unwrap();
    fs::create_dir_all(dir.path().join("book/b")).unwrap();
    for (file, text) in TEXTS {
        fs::write(dir.path().join(file), text).unwrap();
    }
    dir
}

/// Imports what the folder holds now, twice, as a reader of a growing book does.
fn judge(dir: &Path, kind: ImportFrom) {
    let into = dir.join("course");
    for _ in 0..2 {
        let Ok(report) = import(&dir.join("book"), Some(kind), &into, &mut |_, _| true) else {
            break;
        };
        let (course, problems) = ha_course::load(&into);
        assert_eq!(shown(&problems), "", "a manifest of ours has a mistake");
        assert_eq!(lessons(&course).count(), report.lessons);
        for lesson in lessons(&course) {
            if let Ok(text) = course.open(&lesson.id, Language::Zh, BASE) {
                assert_inert(&text.html, &lesson.id);
                assert!(
                    !text.html.contains("Nobody"),
                    "a text from outside of the book"
                );
            }
        }
    }
    assert_only(dir, &["book", "course", "private.md"]);
    if into.exists() {
        fs::remove_dir_all(&into).unwrap();
    }
}

fuzz_target!(|bytes: &[u8]| {
    let dir = DIR.get_or_init(source).path();
    let book = dir.join("book");
    if bytes.first() == Some(&b'{') {
        fs::write(book.join("n.ipynb"), bytes).unwrap();
        judge(dir, ImportFrom::Notebooks);
        fs::remove_file(book.join("n.ipynb")).unwrap();
        return;
    }
    // What stands above a line of its own is the book's configuration.
    let at = bytes.windows(5).position(|five| five == b"\n---\n");
    let (toml, list) = at.map_or((&b""[..], bytes), |at| (&bytes[..at], &bytes[at + 5..]));
    fs::write(book.join("book.toml"), toml).unwrap();
    fs::write(book.join("SUMMARY.md"), list).unwrap();
    fs::write(book.join("_sidebar.md"), list).unwrap();
    judge(dir, ImportFrom::MdBook);
    judge(dir, ImportFrom::Docsify);
});
