//! The files of a course that are TOML: the manifest, and a lesson's checks, questions and errors. Each
//! is read, or it is told why not; nothing outside of the course is.

#![no_main]
#![allow(clippy::unwrap_used, reason = "a judge fails by panicking")]

#[path = "../../../src-tauri/crates/ha-course/tests/fixture/mod.rs"]
mod fixture;

use fixture::judges::assert_inert;
use fixture::{BASE, Small, lessons};
use ha_course::{Course, ErrorBook, Language, Raised};
use libfuzzer_sys::fuzz_target;
use std::sync::OnceLock;

struct Place {
    /// Its manifest is the input.
    told: Small,
    /// Its manifest is well, and the input is what lies in its lesson.
    small: Small,
    course: Course,
}

static PLACE: OnceLock<Place> = OnceLock::new();

fn place() -> Place {
    let small = Small::new();
    let course = small.load().0;
    Place {
        told: Small::new(),
        small,
        course,
    }
}

fn manifest(small: &Small, bytes: &[u8]) {
    small.write("course.toml", bytes);
    let (course, problems) = small.load();
    assert!(
        lessons(&course).count() > 0 || !problems.is_empty(),
        "nothing, and not a word about it"
    );
    for problem in &problems {
        assert!(!problem.reason.en.is_empty(), "{problem:?}");
    }
    for lesson in lessons(&course) {
        if let Ok(text) = course.open(&lesson.id, Language::En, BASE) {
            assert!(text.html.contains("Hello") || text.html.contains("你好"));
            assert_inert(&text.html, &lesson.id);
        }
        course.files(&lesson.id).ok();
    }
    ha_course::lint(small.dir());
}

fn of_a_lesson(small: &Small, course: &Course, bytes: &[u8]) {
    small.write("01-first/checks.toml", bytes);
    small.write("01-first/questions.toml", bytes);
    course.files("first").ok();
    course.questions("first").ok();
    let text = String::from_utf8_lossy(bytes);
    let (book, _) = ErrorBook::parse("errors.toml", &text);
    for line in text.lines().take(4) {
        let raised = Raised {
            kind: "ValueError".into(),
            message: line.into(),
        };
        book.explain(&raised, Language::Zh);
    }
}

fuzz_target!(|bytes: &[u8]| {
    let place = PLACE.get_or_init(place);
    manifest(&place.told, bytes);
    of_a_lesson(&place.small, &place.course, bytes);
});
