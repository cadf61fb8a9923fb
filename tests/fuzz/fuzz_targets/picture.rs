//! A picture of a course, as a file of each kind that lessons show: it is given away or refused, and
//! which of both takes no longer for a hostile one.

#![no_main]
#![allow(clippy::unwrap_used, reason = "a judge fails by panicking")]

#[path = "../../../src-tauri/crates/ha-course/tests/fixture/mod.rs"]
mod fixture;

use fixture::Small;
use ha_course::Course;
use libfuzzer_sys::fuzz_target;
use std::sync::OnceLock;

static PLACE: OnceLock<(Small, Course)> = OnceLock::new();

fuzz_target!(|bytes: &[u8]| {
    let (small, course) = PLACE.get_or_init(|| {
        let small = Small::new();
        let course = small.load().0;
        (small, course)
    });
    for name in ["images/a.svg", "images/a.png"] {
        small.write(name, bytes);
        if let Ok((given, _)) = course.asset(name) {
            assert_eq!(given, bytes, "{name} is another one");
        }
    }
});
