//! Whatever is told of a course is told in both languages: a course, books and bundles with as many
//! things wrong as fit, and every sentence about them is Chinese here and English there.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod desk;
mod fixture;

use desk::{Desk, import};
use fixture::{Small, is_han, lesson, manifest};
use ha_course::{Bundle, BundleError, CourseError, Language, Words, pack};
use std::fs;

/// Every name in these tests is Latin, so that an English sentence has no Chinese in it.
fn check(said: &Words) {
    assert!(said.zh.chars().any(is_han), "no Chinese: {said:?}");
    assert!(!said.en.chars().any(is_han), "no English: {said:?}");
    assert!(said.en.contains(' '), "no sentence: {said:?}");
}

/// Every problem of the course, and how many there are.
fn check_all(small: &Small) -> usize {
    let (_, problems) = ha_course::lint(small.dir());
    for problem in &problems {
        check(&problem.reason);
    }
    problems.len()
}

#[test]
fn what_is_wrong_with_a_manifest() {
    let small = Small::new();
    for (text, least) in [
        ("[[", 5),
        ("format_version = 9\n", 2),
        ("format_version = 0\nid = 3\nlanguages = [\"fr\"]\n", 6),
        (
            "format_version = \"1\"\nlanguages = []\nchapter = 1\nlicense = \"a\\nb\"\n",
            7,
        ),
        (
            "[[mirror]]\n[code_check]\ndeny = [\"a\", \"a\"]\nallow = [\"b\"]\nmessages = { b = \"c\", d = 1 }\n",
            7,
        ),
    ] {
        small.write("course.toml", text);
        let count = check_all(&small);
        assert!(count >= least, "{count}: {text}");
    }
    let lessons = [
        "id = \"Not An Id\"",
        "id = \"a\"",
        "id = \"a\"\npath = \"../x\"",
        "id = \"b\"\npath = \"nowhere\"\nneeds = { docker = 1, typo = 2 }",
        "id = \"c\"\npath = \"01-first\"\nprerequisites = [\"gone\", \"c\"]\nminutes = -1\ntitle = 3",
        "id = \"d\"\npath = \"01-First\"\nlanguage = \"cobol\"",
        "id = \"e\"\ntext = { zh = \"a.txt\" }\nagent = { hosts = [\"http://a\"], tools = 1 }\nsolution_after = \"soon\"",
    ];
    let lessons = lessons.map(|lesson| format!("[[chapter.lesson]]\n{lesson}\n"));
    let chapters = "[[chapter]]\nid = \"start\"\n[[chapter]]\nid = \"empty\"\n";
    small.write("course.toml", manifest(&lessons.concat()) + chapters);
    let count = check_all(&small);
    assert!(count >= 14, "{count}");
}

#[test]
fn what_is_wrong_with_a_lesson() {
    let small = Small::new();
    small
        .write(
            "01-first/lesson.en.md",
            "# A\n\n### B\n\n```python run id=x what\n```\n```python run id=x after=y\n```\n\n\
             ![](images/a.png) ![b](https://a.example/b.png) ![c](c.bmp) ![d](/../d.png)\n\n\
             [e](gone.md) [f](file:x) [g](#nowhere)\n\n[^n]: note\n\n<div><video>v</video><script>\n\n:::tip\n",
        )
        .write("01-first/images/a.png", "no picture")
        .write("01-first/hints.en.md", "no heading\n")
        .write("01-first/hints.zh.md", "")
        .write("01-first/starter/hacheck.py", "")
        .write("01-first/starter/data/x", "")
        .write("01-first/typo.md", "")
        .write("01-first/checks.py", "def test_lone():\n    pass\n")
        .write("01-first/checks.toml", checks())
        .write("01-first/questions.toml", questions())
        .write("01-first/errors.toml", errors())
        .write("02-forgotten/lesson.en.md", "# C\n")
        .write("author.key", "hacourse-secret-key-1:AAAA\n")
        .remove("01-first/solution");
    let count = check_all(&small);
    assert!(count >= 50, "{count}");
    for bytes in [
        &b"\xff\xfea\0"[..],
        b"\xd6\xd0",
        b"a\xff",
        &[b'a'; 1024 * 1025],
    ] {
        small.write("01-first/lesson.en.md", bytes);
        check_all(&small);
    }
    small.remove("01-first").write("01-first", "a file");
    check_all(&small);
}

fn checks() -> String {
    let kinds = [
        "type = \"none\"",
        "type = \"output\"",
        "type = \"output\"\nexpect = \"a\"\nignore = [\"colour\"]\nfunction = \"f\"",
        "type = \"python\"",
        "type = \"python\"\nfunction = \"test_gone\"",
        "type = \"code\"",
        "type = \"compare\"",
        "type = \"compare\"\nfunction = \"f\"",
        "type = \"compare\"\nfunction = \"f\"\ncases = [\"1\"]\ncount = 0",
        "type = \"compare\"\nfunction = \"f\"\ncases = [\"1\"]",
        "type = \"file\"",
    ];
    let each = kinds.iter().enumerate();
    let each = each.map(|(at, kind)| format!("[[check]]\nid = \"c{}\"\n{kind}\n", at % 10));
    each.collect()
}

fn questions() -> String {
    let kinds = [
        "",
        "prompt = \"?\"",
        "prompt = \"?\"\ntype = \"choice\"",
        "prompt = \"?\"\ntype = \"choice\"\n[[question.option]]",
        "prompt = \"?\"\ntype = \"fill\"",
        "prompt = \"?\"\ntype = \"predict\"",
        "prompt = \"?\"\ntype = \"order\"\nlines = [\"a\"]",
    ];
    let each = kinds.iter().enumerate();
    let each = each.map(|(at, kind)| format!("[[question]]\nid = \"q{at}\"\n{kind}\n"));
    each.collect()
}

fn errors() -> &'static str {
    "[[error]]\n[[error]]\nkind = \"A\"\n[[error]]\nkind = \"B\"\nen = {}\n\
     [[error]]\nkind = \"C\"\nen = { means = \"{what}\", causes = 1 }\n"
}

#[test]
fn why_a_drawing_is_not_shown() {
    let small = Small::new();
    for drawing in [
        "<svg width='30000' height='30000'/>",
        "<!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>",
        "<svg>",
        "<?xml version='1.0' encoding='utf-7'?><svg/>",
        "<svg><image href='data:image/png,none'/></svg>",
    ] {
        small.write("a.svg", drawing);
        let (course, _) = small.load();
        let refused = course.asset("a.svg").unwrap_err();
        check(&refused.words());
        let CourseError::Broken { reason, .. } = refused else {
            panic!("{drawing}");
        };
        check(&reason);
    }
    let (course, _) = small.load();
    check(&course.asset("a.txt").unwrap_err().words());
    check(&course.open("gone", Language::En, "").unwrap_err().words());
}

#[test]
fn what_an_import_leaves_out_and_why_it_does_not_begin() {
    let desk = Desk::new();
    check(
        &import(&desk.source(), None, &desk.target())
            .unwrap_err()
            .words(),
    );
    desk.write("x.txt", "");
    check(
        &import(&desk.source(), None, &desk.target())
            .unwrap_err()
            .words(),
    );
    desk.write("_sidebar.md", "- [Gone](gone.md)\n");
    check(
        &import(&desk.source(), None, &desk.target())
            .unwrap_err()
            .words(),
    );
    desk.write(
        "_sidebar.md",
        "- [A](a.md)\n- [Out](../../y.md)\n- [Gone](gone.md)\n- [Draft]()\n- [Old](old.md)\n",
    )
    .write("de-de/_sidebar.md", "- [A](a.md)\n")
    .write("old.md", b"\xd6\xd0")
    .write(
        "a.md",
        "# A\n\n![a](x.bmp) [gone](gone.py) <video></video>\n\n[f](b.md ':include')\n",
    );
    let report = desk.import();
    assert!(report.left_out.len() >= 8, "{:?}", report.left_out);
    report.left_out.iter().for_each(check);
    report
        .dead_links
        .iter()
        .for_each(|(_, _, said)| check(said));
    let manifest = desk.read("course.toml");
    desk.write("a.md", "# B\n")
        .edit("a.md", "# Mine\n")
        .edit("course.toml", &format!("# mine\n{manifest}"));
    desk.write("_sidebar.md", "- [B](a.md)\n");
    let report = desk.import();
    assert_eq!(report.changed.len(), 2, "{report:?}");
    report.changed.iter().for_each(check);
    desk.edit("course.toml", "id = 3\n");
    check(
        &import(&desk.source(), None, &desk.target())
            .unwrap_err()
            .words(),
    );
    desk.edit(".import/record.json", "{");
    check(
        &import(&desk.source(), None, &desk.target())
            .unwrap_err()
            .words(),
    );
    check(
        &import(&desk.source(), None, &desk.source())
            .unwrap_err()
            .words(),
    );
}

#[test]
fn why_a_course_is_not_packed_and_a_bundle_not_opened() {
    let small = Small::new();
    let out = desk::Desk::new();
    fs::create_dir_all(out.dir.path()).unwrap();
    let bundle = out.dir.path().join("a.hacourse");
    let refused = |file: &str, text: &[u8]| -> BundleError {
        small.write(file, text);
        let refused = pack(small.dir(), &bundle).unwrap_err();
        small.remove(file);
        refused
    };
    for (file, text) in [
        ("a?.md", &b""[..]),
        ("nul.md", b""),
        ("a\u{200b}.md", b""),
        ("author.key", b"hacourse-secret-key-1:AAAA"),
        ("large.bin", &[0; 9 * 1024 * 1024]),
        ("hacourse.json/x", b""),
    ] {
        check(&refused(file, text).words());
    }
    small.write("course.toml", manifest(&lesson("first", "gone")));
    check(&pack(small.dir(), &bundle).unwrap_err().words());
    for bytes in [&b""[..], b"PK", b"text", &[b'P', b'K'].repeat(40)] {
        fs::write(&bundle, bytes).unwrap();
        check(&Bundle::open(&bundle).err().unwrap().words());
    }
    check(&Bundle::open(out.dir.path()).err().unwrap().words());
    check(&Bundle::open(&bundle.join("gone")).err().unwrap().words());
}
