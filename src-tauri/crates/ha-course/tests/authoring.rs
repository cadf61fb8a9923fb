//! Beginning a course, and knowing what an update of it touches.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod fixture;

use fixture::{Small, lesson, manifest, shown};
use ha_course::{ScaffoldError, diff, scaffold};
use tempfile::TempDir;

#[test]
fn a_new_course_is_well_from_the_start() {
    let dir = TempDir::new().unwrap();
    let folder = dir.path().join("my-course");
    scaffold(&folder, "my-course").unwrap();
    let (course, problems) = ha_course::lint(&folder);
    assert_eq!(shown(&problems), "");
    assert_eq!(course.id, "my-course");
    for file in ["course.toml", "01-decide/checks.toml"] {
        let text = std::fs::read_to_string(folder.join(file)).unwrap();
        let schema = text
            .lines()
            .next()
            .unwrap()
            .strip_prefix("#:schema ")
            .unwrap();
        let place = folder.join(file).parent().unwrap().join(schema);
        assert!(place.is_file(), "{file} names {schema}");
    }
}

#[test]
fn nothing_of_anybody_is_overwritten() {
    let dir = TempDir::new().unwrap();
    std::fs::write(dir.path().join("mine.txt"), "x").unwrap();
    assert!(matches!(
        scaffold(dir.path(), "a"),
        Err(ScaffoldError::NotEmpty(_))
    ));
    let refused = scaffold(&dir.path().join("new"), "My Course");
    assert!(matches!(refused, Err(ScaffoldError::BadId(_))));
    assert!(!dir.path().join("new").exists());
}

/// The same course twice, the second changed: what differs.
fn changed(change: impl FnOnce(&Small)) -> ha_course::CourseDiff {
    let (old, new) = (Small::new(), Small::new());
    change(&new);
    diff(&old.load().0, &new.load().0)
}

#[test]
fn an_update_tells_whose_work_it_touches() {
    let same = changed(|_| {});
    assert_eq!((same.same, same.changed.len()), (1, 0));
    let started = changed(|new| {
        new.write("01-first/starter/main.py", "print(0)\n")
            .write("01-first/data/a.json", "1");
    });
    assert_eq!(started.changed[0].work, ["data/a.json", "main.py"]);
    // What the solution takes over from the starter is the starter's.
    assert!(!started.changed[0].checks && !started.changed[0].text);
    let taught = changed(|new| {
        new.write("01-first/hints.zh.md", "## 二\n\n再想。\n");
    });
    assert!(taught.changed[0].text && taught.changed[0].work.is_empty());
    let judged = changed(|new| {
        new.write("01-first/checks.py", "def test_x(): pass\n");
    });
    assert!(judged.changed[0].checks);
}

#[test]
fn lessons_are_known_by_their_ids() {
    let diff = changed(|new| {
        new.lesson("02-second").write(
            "course.toml",
            manifest(&(lesson("second", "02-second") + &lesson("first", "01-first"))),
        );
    });
    assert_eq!(diff.added[0].0, "second");
    assert!(diff.changed[0].moved && !diff.changed[0].renamed);
    let gone = changed(|new| {
        new.write("course.toml", manifest(&lesson("other", "01-first")));
    });
    assert_eq!(
        (gone.removed[0].0.as_str(), gone.added[0].0.as_str()),
        ("first", "other")
    );
}
