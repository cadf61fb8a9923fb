//! Pictures as an attacker would have them: bombs, drawings with scripts, pictures of the web.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod fixture;

use base64::Engine as _;
use fixture::Small;
use ha_course::{CourseError, Language};
use std::time::{Duration, Instant};

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
fn a_picture_of_a_kind_we_cannot_measure_is_shown_to_nobody() {
    let small = Small::new();
    let kinds: [&[u8]; 4] = [
        b"\0\0\0\x20ftypavif\0\0\0\0",
        b"BM\x36\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\xff\xff\0\0\xff\xff\0\0",
        b"\xff\x0a\xff\xff",
        b"<svg width='1' height='1'/>",
    ];
    for kind in kinds {
        small.write("images/a.png", kind);
        let refused = small.load().0.asset("images/a.png");
        assert!(
            matches!(refused, Err(CourseError::Broken { .. })),
            "{kind:?}"
        );
    }
    small.write("images/a.png", png(1, 1));
    assert!(small.load().0.asset("images/a.png").is_ok());
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

/// A drawing with this inside.
fn drawing(inside: &str) -> String {
    format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"30\">{inside}</svg>")
}

fn in_base64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

fn embedded(width: u32, height: u32) -> String {
    format!("data:image/png;base64,{}", in_base64(&png(width, height)))
}

/// Whether a drawing is shown, and why not.
fn judged(text: impl AsRef<[u8]>) -> Result<(), String> {
    let small = Small::new();
    small.write("images/a.svg", text);
    match small.load().0.asset("images/a.svg") {
        Ok(_) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

fn check_shown(text: impl AsRef<[u8]> + std::fmt::Debug) {
    assert_eq!(judged(&text), Ok(()), "{text:?}");
}

fn check_refused(text: impl AsRef<[u8]> + std::fmt::Debug, reason: &str) {
    let told = judged(&text).expect_err("it is shown");
    assert!(told.contains(reason), "{told}: {text:?}");
}

#[test]
fn a_drawing_says_how_large_it_is_and_may_be_as_large_as_a_picture() {
    for size in [
        "width=\"10000\" height=\"5000\"",
        "width=\"100%\" height=\"1e6\" viewBox=\"0 0 10 1000000\"",
        "viewBox=\"0 0 100000 100000\"",
        "width=\"210mm\" height=\"297mm\"",
        "",
    ] {
        check_shown(format!("<svg {size}><path d=\"M0 0\"/></svg>"));
    }
    for size in [
        "width=\"10001\" height=\"5000\"",
        "width=\"1e9\" height=\"1e9px\"",
        "width=\"1000cm\" height=\"1000cm\"",
        "width=\"400000\"",
        "width=\"8000\" viewBox=\"0 0 1 1\"",
    ] {
        check_refused(format!("<svg {size}/>"), "50 million at most");
    }
}

#[test]
fn pictures_inside_a_drawing_count_together() {
    let image = |width, height| format!("<image href=\"{}\"/>", embedded(width, height));
    check_shown(drawing(&image(10_000, 5_000)));
    check_refused(drawing(&image(10_000, 5_001)), "50 million at most");
    check_shown(drawing(&(image(5_000, 5_000) + &image(5_000, 5_000))));
    check_refused(
        drawing(&(image(5_000, 5_000) + &image(5_000, 5_001))),
        "50005000 pixels",
    );
}

#[test]
fn a_picture_inside_a_drawing_is_found_however_it_is_written() {
    let places = [
        "<image xlink:href=\"@\"/>",
        "<image href=\" @ \"/>",
        "<a><filter><feImage href='@'/></filter></a>",
        "<g style=\"mask: url(@)\"/>",
        "<g fill=\"URL( '@' ) none\"/>",
        "<style>g { mask: url(\"@\") }</style>",
        "<style><![CDATA[@import '@';]]></style>",
        "<animate attributeName=\"href\" values=\"#a;@;#b\"/>",
        "<foreignObject><img srcset=\"@ 2x\"/></foreignObject>",
        "<?xml-stylesheet href=\"@\"?>",
    ];
    let writings: [fn(&str) -> String; 6] = [
        str::to_string,
        |address| address.replace("data:", "DaTa:"),
        |address| address.replace("data:", "&#100;&#x61;ta:"),
        |address| address.replace("image/png", "text/plain"),
        |address| address.replace("base64,", "base64,&#10;"),
        |address| address.replace('i', "%69"),
    ];
    for place in places {
        for written in writings {
            // References are letters in attributes and texts only.
            if written(&embedded(1, 1)).contains('&') && place.contains(['?', '[']) {
                continue;
            }
            check_shown(drawing(&place.replace('@', &written(&embedded(100, 100)))));
            let bomb = drawing(&place.replace('@', &written(&embedded(30_000, 30_000))));
            check_refused(bomb, "50 million at most");
        }
    }
    let escaped = embedded(30_000, 30_000).replace("data:", "\\64 \\00061ta:");
    check_refused(
        drawing(&format!("<style>g {{ mask: url({escaped}) }}</style>")),
        "50 million",
    );
}

#[test]
fn a_drawing_in_a_drawing_is_looked_into() {
    let nested = |inside: &str, times: usize| {
        (0..times).fold(drawing(inside), |inner, _| {
            let address = format!("data:image/svg+xml;base64,{}", in_base64(inner.as_bytes()));
            drawing(&format!("<image href=\"{address}\"/>"))
        })
    };
    let image = |size| format!("<image href=\"{}\"/>", embedded(size, size));
    check_shown(nested(&image(100), 2));
    check_refused(nested(&image(30_000), 1), "50 million at most");
    check_refused(nested(&image(30_000), 2), "50 million at most");
    check_refused(nested(&image(100), 3), "nest too deeply");
    let written = "data:image/svg+xml;utf8,%3Csvg width='1e9' height='9'/%3E";
    check_refused(
        drawing(&format!("<image href=\"{written}\"/>")),
        "1000000000 × 9 pixels",
    );
    let small = written.replace("1e9", "9");
    check_shown(drawing(&format!("<image href=\"{small}\"/>")));
}

/// A part that refers ten times to the next, and so on; the last is drawn 10 to the power of `levels`.
fn laughing(levels: usize, reference: &str) -> String {
    let level = |at: usize| {
        let references = reference.replace('@', &format!("p{}", at + 1)).repeat(10);
        format!("<g id=\"p{at}\">{references}</g>")
    };
    let levels: String = (0..levels).map(level).collect();
    drawing(&format!("{levels}<path d=\"M0 0\"/>"))
}

#[test]
fn parts_are_counted_as_often_as_they_are_drawn() {
    for reference in [
        "<use href=\"#@\"/>",
        "<use xlink:href=' #@'/>",
        "<g><rect fill=\"url(#@)\"/></g>",
        "<rect style=\"stroke:red; mask: url( '#@' )\"/>",
    ] {
        check_shown(laughing(4, reference));
        check_refused(laughing(6, reference), "drawn too often");
        check_refused(laughing(40, reference), "drawn too often");
    }
    check_refused(
        drawing("<g id=\"a\"><use href=\"#b\"/></g><g id=\"b\"><use href=\"#a\"/></g>"),
        "drawn too often",
    );
    check_shown(drawing(
        "<linearGradient id=\"g\"/><linearGradient id=\"h\" href=\"#g\"/><a href=\"#\"><rect fill=\"url(#h)\"/></a><use href=\"#none\"/>",
    ));
    let many = "<use href=\"#i\"/>";
    check_shown(drawing(&format!("<path id=\"i\"/>{}", many.repeat(50_000))));
}

#[test]
fn what_a_drawing_could_hide_pictures_behind_is_refused() {
    let image = "<svg><g/></svg>";
    check_shown(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">\n<!-- a -->{image}"
    ));
    check_refused(
        format!("<!DOCTYPE svg [<!ENTITY a \"data:\">]>{image}"),
        "entities of its own",
    );
    check_refused(
        format!("<?xml version=\"1.0\" encoding=\"utf-7\"?>{image}"),
        "it is utf-7",
    );
    let utf16: Vec<u8> = format!("\u{feff}{image}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    check_refused(utf16, "not UTF-8");
    for broken in [
        "<svg",
        "<svg><g></svg>",
        "<svg>",
        "<svg>&a;</svg>",
        "<svg a=&>",
        "",
    ] {
        check_refused(broken, "no well-formed drawing");
    }
    let avif = in_base64(b"\0\0\0\x20ftypavif\0\0\0\0\xff");
    for kind in ["image/avif", "application/octet-stream", ""] {
        let image = format!("<image href=\"data:{kind};base64,{avif}\"/>");
        check_refused(drawing(&image), "is no PNG");
    }
    let font = in_base64(b"wOF2\0\x01\0\0\xff");
    check_shown(drawing(&format!(
        "<style>@font-face {{ src: url(data:font/woff2;base64,{font}) }}</style>"
    )));
}

#[test]
fn a_drawing_of_nothing_but_addresses_takes_no_time() {
    for unit in ["data:", "data:,", "url('data:x,", "data:text/css,\\64 "] {
        let text = unit.repeat(4 * 1024 * 1024 / unit.len());
        let started = Instant::now();
        // Shown or not: it is known soon.
        judged(drawing(&format!("<style>{text}</style>"))).ok();
        assert!(started.elapsed() < Duration::from_secs(20), "{unit}");
    }
}
