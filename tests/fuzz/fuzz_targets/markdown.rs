//! A lesson's text, its hints and a reply of the tutor: whatever they hold, the page gets nothing
//! that runs, loads or styles, and nothing that nests or grows without bound.

#![no_main]
#![allow(clippy::unwrap_used, reason = "a judge fails by panicking")]

#[path = "../../../src-tauri/crates/ha-course/tests/fixture/mod.rs"]
mod fixture;

use fixture::judges::{assert_bounded, assert_inert};
use fixture::{BASE, Small};
use ha_course::{Course, Language, RenderedReply, ReplyPage, render_reply};
use libfuzzer_sys::fuzz_target;
use std::sync::OnceLock;

static PLACE: OnceLock<(Small, Course)> = OnceLock::new();

fuzz_target!(|bytes: &[u8]| {
    let (small, course) = PLACE.get_or_init(|| {
        let small = Small::new();
        let course = small.load().0;
        (small, course)
    });
    let text = String::from_utf8_lossy(bytes);
    small.write("01-first/lesson.en.md", text.as_bytes());
    // Rendering everything twice would halve the speed; hints differ where there are several.
    let hints = if text.contains("\n## ") { &text } else { "" };
    small.write("01-first/hints.en.md", hints);
    let shown = course.open("first", Language::En, BASE).unwrap();
    assert_inert(&shown.html, &text);
    assert_bounded(&shown.html, &text);
    shown
        .hints
        .iter()
        .for_each(|hint| assert_inert(hint, &text));
    course.passages("first", Language::En).unwrap();

    let page = ReplyPage {
        course,
        lesson: "first",
        language: Language::Zh,
        id: "7",
    };
    let growing = RenderedReply::growing_from(&text);
    let reply = render_reply(&text[growing..], &page);
    assert_inert(&reply.html, &text);
});
