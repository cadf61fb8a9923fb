//! Texts whose cost grows faster than they do. An input is a beginning, a unit and an end; the unit is
//! repeated to a short and to a long text, sixteen times as long. Where time grows with length the
//! long one takes sixteen times as long too, and where it grows with the square, 256 times.

#![no_main]
#![allow(clippy::unwrap_used, reason = "a judge fails by panicking")]

#[path = "../../../src-tauri/crates/ha-course/tests/fixture/mod.rs"]
mod fixture;

use fixture::judges::assert_bounded;
use fixture::{BASE, Small};
use ha_course::{Course, Language};
use libfuzzer_sys::{Corpus, fuzz_target};
use std::fs;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

const SHORT: usize = 2 * 1024;
const LONG: usize = 32 * 1024;
/// How many times longer the long text may take: between 16 and 256, with room for what a cache does.
const TIMES: u32 = 64;
/// What neither the clock nor the system's scheduling makes of a text whose time grows with its length.
const NOISE: Duration = Duration::from_millis(200);
/// Between the three parts of an input. No author types it.
const SEPARATOR: u8 = 1;

static PLACE: OnceLock<(Small, Course)> = OnceLock::new();

/// The texts that an input stands for; nothing when there is no unit to repeat.
fn grown(bytes: &[u8]) -> Option<[String; 2]> {
    let mut parts = bytes
        .split(|byte| *byte == SEPARATOR)
        .map(String::from_utf8_lossy);
    let (head, unit, tail) = match (parts.next()?, parts.next(), parts.next()) {
        (unit, None, _) => ("".into(), unit, "".into()),
        (head, Some(unit), tail) => (head, unit, tail.unwrap_or_default()),
    };
    let text = |length: usize| format!("{head}{}{tail}", unit.repeat(length / unit.len()));
    (!unit.is_empty()).then(|| [text(SHORT), text(LONG)])
}

/// How long this thread has worked, where the system tells; others who work meanwhile do not count.
fn worked() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|told| told.split(' ').next()?.parse().ok());
    let elapsed = || START.get_or_init(Instant::now).elapsed();
    nanoseconds.map_or_else(elapsed, Duration::from_nanos)
}

fn shown(text: &str) -> Duration {
    let (small, course) = PLACE.get_or_init(|| {
        let small = Small::new();
        let course = small.load().0;
        // The first text pays for the colours of all.
        course.open("first", Language::En, BASE).unwrap();
        (small, course)
    });
    small.write("01-first/lesson.en.md", text);
    let start = worked();
    let shown = course.open("first", Language::En, BASE).unwrap();
    course.passages("first", Language::En).unwrap();
    let taken = worked() - start;
    assert_bounded(&shown.html, text);
    taken
}

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let Some([short, long]) = grown(bytes) else {
        return Corpus::Reject;
    };
    let (little, much) = (shown(&short), shown(&long));
    assert!(
        much < little * TIMES + NOISE,
        "{little:?} became {much:?}: {:?}",
        &long.chars().take(80).collect::<String>()
    );
    Corpus::Keep
});
