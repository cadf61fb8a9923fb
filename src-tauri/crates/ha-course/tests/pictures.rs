//! Pictures as an attacker would have them: bombs, drawings with scripts, pictures of the web.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod fixture;

use fixture::Small;
use ha_course::{CourseError, Language};

/// The beginning of a PNG of this size; nobody decodes the rest.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes
}

#[test]
fn a_small_file_that_unfolds_to_gigabytes_is_shown_to_nobody() {
    let small = Small::new();
    let text = "# A\n\n![b](images/bomb.png) ![g](images/good.png) ![p](images/photo.jpg)\n";
    small
        .write("01-first/images/bomb.png", png(30_000, 30_000))
        .write("01-first/images/good.png", png(10_000, 5_000))
        // By its beginning, not by its name.
        .write("01-first/images/photo.jpg", png(u32::MAX, u32::MAX))
        .write("01-first/lesson.en.md", text);
    let (course, _) = small.load();
    assert!(course.asset("01-first/images/good.png").is_ok());
    for bomb in ["01-first/images/bomb.png", "01-first/images/photo.jpg"] {
        assert!(
            matches!(course.asset(bomb), Err(CourseError::Broken { .. })),
            "{bomb}"
        );
    }
    let told = small.lint();
    assert!(
        told.contains("bomb.png: 30000 × 30000 pixels; make it smaller: 50 million at most"),
        "{told}"
    );
    assert!(!told.contains("good.png"), "{told}");
}

#[test]
fn a_drawing_with_a_script_is_a_picture_and_nothing_else() {
    let drawing = "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"><script>alert(2)</script></svg>";
    let small = Small::new();
    small
        .write("01-first/images/a.svg", drawing)
        .write("01-first/lesson.en.md", format!(
            "# A\n\n![x](images/a.svg)\n\n<object data=\"images/a.svg\"></object><embed src=\"images/a.svg\"><iframe src=\"images/a.svg\"></iframe>\n\n[open](images/a.svg)\n\n{drawing}\n"
        ));
    let html = small.open(Language::En).html;
    // Of pictures in `img` no script runs, whatever is in them; no other way leads to the file.
    assert_eq!(html.matches("a.svg").count(), 1, "{html}");
    assert!(
        html.contains("<img src=\"course://localhost/small/01-first/images/a.svg\""),
        "{html}"
    );
    for bad in ["<object", "<embed", "<iframe", "<svg", "<script", "onload"] {
        assert!(!html.contains(bad), "{bad}: {html}");
    }
}

#[test]
fn a_picture_of_the_web_is_a_link_and_never_fetched() {
    let small = Small::new();
    small.write(
        "01-first/lesson.en.md",
        "# A\n\n![a](https://x.example/a.png) <img src=\"//x.example/b.png\"> <img srcset=\"https://x.example/c.png 2x\" src=\"images/ok.png\">\n",
    );
    let html = small.open(Language::En).html;
    for part in html.split('<').filter(|part| part.contains("x.example")) {
        assert!(part.starts_with("a href="), "{part} in {html}");
    }
}
