//! The manifest, the files of a lesson and its checks: what is read, and what is refused and why.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod fixture;

use fixture::{BASE, Small, lesson, manifest, shown};
use ha_course::{CheckKind, CourseError, Expect, Language, Words};

fn ids(small: &Small) -> Vec<String> {
    let (course, _) = small.load();
    let lessons = course.chapters.iter().flat_map(|chapter| &chapter.lessons);
    lessons.map(|lesson| lesson.id.clone()).collect()
}

/// Loads a manifest with these lessons: which of them can be used, and what is told.
fn check(lessons: &str, usable: &[&str], told: &str) {
    let small = Small::new();
    small
        .lesson("02-second")
        .write("course.toml", manifest(lessons));
    let problems = shown(&small.load().1);
    assert_eq!(ids(&small), usable, "{problems}");
    assert!(problems.contains(told), "{told:?} is not in\n{problems}");
}

#[test]
fn a_good_course_has_no_problems() {
    let small = Small::new();
    let (course, problems) = small.load();
    assert_eq!(shown(&problems), "");
    assert_eq!(small.lint(), "");
    assert_eq!(
        (course.id.as_str(), course.version.as_str()),
        ("small", "1.0.0")
    );
    assert_eq!(
        course.title,
        Words {
            zh: "小课".into(),
            en: "Small".into()
        }
    );
    let (chapter, lesson, c, l) = course.lesson("first").unwrap();
    assert_eq!(
        (chapter.id.as_str(), lesson.minutes, c, l),
        ("start", 5, 0, 0)
    );
    assert!(course.lesson("second").is_none());
}

#[test]
fn one_bad_lesson_costs_no_other() {
    let good = lesson("second", "02-second");
    let with = |bad: String| format!("{bad}{good}");
    for (bad, told) in [
        (
            lesson("first", "../x"),
            ":13: path \"../x\" of lesson \"first\" must be a folder inside",
        ),
        (
            lesson("first", "/etc"),
            "must be a folder inside the course",
        ),
        (
            lesson("first", "C:/x"),
            "must be a folder inside the course",
        ),
        (
            lesson("first", "a\\\\b"),
            "must be a folder inside the course",
        ),
        (lesson("first", ""), "must be a folder inside the course"),
        (
            lesson("first", "nowhere"),
            "folder \"nowhere\" of lesson \"first\": it does not exist",
        ),
        (lesson("first", "course.toml"), "this is not a folder"),
        (
            lesson("First Lesson", "01-first"),
            "id \"First Lesson\" cannot be used",
        ),
        (lesson("-a", "01-first"), "cannot be used"),
        (lesson("a--b", "01-first"), "cannot be used"),
        (lesson("课", "01-first"), "cannot be used"),
        (
            "\n[[chapter.lesson]]\npath = \"01-first\"\n".into(),
            "`id` is missing",
        ),
        (
            "\n[[chapter.lesson]]\nid = \"x\"\n".into(),
            "lesson \"x\" has no `path`",
        ),
        (
            "\n[[chapter.lesson]]\nid = 3\n".into(),
            "`id` must be a text",
        ),
    ] {
        check(&with(bad), &["second"], told);
    }
}

#[test]
fn names_and_folders_are_used_once() {
    let first = lesson("first", "01-first");
    check(
        &first.repeat(2),
        &["first"],
        "course.toml:17: lesson \"first\" is listed twice",
    );
    check(
        &format!("{first}{}", lesson("other", "01-first")),
        &["first"],
        "share the folder",
    );
    check(
        &format!("{first}{}", lesson("other", "01-FIRST")),
        &["first"],
        "share the folder",
    );
    let twice = format!(
        "{first}[[chapter]]\nid = \"start\"\ntitle = \"x\"\n{}",
        lesson("second", "02-second")
    );
    check(&twice, &["first"], "chapter \"start\" is listed twice");
}

#[test]
fn small_mistakes_are_told_and_bridged() {
    let base = lesson("first", "01-first");
    check(
        &base.replace("minutes = 5", ""),
        &["first"],
        "no `minutes`; 10 are shown",
    );
    check(
        &base.replace("minutes = 5", "minutes = -5"),
        &["first"],
        ":15: `minutes` must be a whole number",
    );
    check(
        &base.replace("minutes", "minuts"),
        &["first"],
        ":15: unknown name `minuts`; the format knows id, path, text, title, minutes",
    );
    check(&base.replace("zh = \"第一课\", ", ""), &["first"], "");
    check(
        &base.replace("zh = ", "cn = "),
        &["first"],
        "unknown name `cn`",
    );
    check(
        &base.replace("{ zh = \"第一课\", en = \"First\" }", "7"),
        &["first"],
        "`title` must look like",
    );
    check(
        "",
        &[],
        "chapter \"start\" has no usable lesson and is left out",
    );
}

#[test]
fn one_language_stands_in_for_the_other() {
    let small = Small::new();
    let text = manifest(&lesson("first", "01-first"));
    small.write("course.toml", text.replace("zh = \"第一课\", ", ""));
    let (course, problems) = small.load();
    assert_eq!(shown(&problems), "");
    assert_eq!(course.chapters[0].lessons[0].title, Words::same("First"));
}

#[test]
fn a_newer_format_says_so_and_shows_nothing_it_could_get_wrong() {
    let small = Small::new();
    let text = manifest(&lesson("first", "01-first"))
        .replace("format_version = 1", "format_version = 2\nnew = 1");
    small.write("course.toml", text);
    let (course, problems) = small.load();
    assert_eq!(
        shown(&problems),
        "course.toml:1: needs a newer HelloAgents: the course has format 2, this one reads 1\n"
    );
    assert_eq!(
        (course.title.en.as_str(), course.chapters.len()),
        ("Small", 0)
    );
}

#[test]
fn a_manifest_that_cannot_be_read_gives_an_empty_course() {
    for (text, told) in [
        (&b""[..], "`format_version = 1` is missing"),
        (
            b"format_version = 1\nid = \"a",
            "course.toml:2: not valid TOML",
        ),
        (
            b"format_version = 0\n",
            "course.toml:1: format 0 never existed",
        ),
        (
            b"id = \"a\"\nx = \xff\n",
            "course.toml:2: not UTF-8: byte 13 is no text",
        ),
        (b"chapter = 3", "`chapter` must be written as [[chapter]]"),
        (b"chapter = [3]", "`chapter` must be written as [[chapter]]"),
        (b"a = 1\na = 2", "course.toml:2: not valid TOML"),
    ] {
        let small = Small::new();
        small.write("course.toml", text);
        let problems = shown(&small.load().1);
        assert!(problems.contains(told), "{told:?} is not in\n{problems}");
        assert_eq!(ids(&small), [""; 0]);
    }
    let small = Small::new();
    small.remove("course.toml");
    assert_eq!(
        shown(&small.load().1),
        "course.toml: this file does not exist\n"
    );
    let (course, problems) = ha_course::lint(&small.path("nowhere"));
    assert_eq!((course.id.as_str(), problems.len()), ("nowhere", 1));
}

#[test]
fn the_good_part_of_a_torn_manifest_is_used() {
    let small = Small::new();
    let text = manifest(&lesson("first", "01-first"));
    small.write("course.toml", format!("{text}\n[[chapter.lesson]\nid = "));
    assert!(shown(&small.load().1).contains("course.toml:18: not valid TOML"));
    assert_eq!(ids(&small), ["first"]);
}

#[test]
fn a_lesson_opens_in_the_language_it_has() {
    let small = Small::new();
    let both = small.open(Language::Zh);
    assert_eq!(
        (both.language, both.html.trim()),
        (Language::Zh, "<h1 id=\"h-你好\">你好</h1>")
    );
    small.remove("01-first/lesson.zh.md");
    let one = small.open(Language::Zh);
    assert_eq!(
        (one.language, one.html.trim()),
        (Language::En, "<h1 id=\"h-hello\">Hello</h1>")
    );
    assert!(
        one.hints[0].contains("One"),
        "hints follow the text: {:?}",
        one.hints
    );
    small.remove("01-first/hints.en.md");
    assert!(small.open(Language::En).hints[0].contains("想一想"));
    small.remove("01-first/hints.zh.md");
    assert_eq!(small.open(Language::En).hints.len(), 0);
    small.remove("01-first/lesson.en.md");
    let error = small
        .load()
        .0
        .open("first", Language::En, BASE)
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "01-first/lesson.en.md: this file does not exist"
    );
}

#[test]
fn errors_say_whose_they_are() {
    let small = Small::new();
    let (course, _) = small.load();
    let unknown = course.open("nope", Language::En, BASE);
    assert!(matches!(unknown, Err(CourseError::LessonNotFound(id)) if id == "nope"));
    assert!(matches!(
        course.files("nope"),
        Err(CourseError::LessonNotFound(_))
    ));
    small.write("01-first/lesson.en.md", b"ok\nno\xc3\x28\n");
    let broken = course.open("first", Language::En, BASE);
    let Err(CourseError::Broken { file, line, reason }) = broken else {
        panic!("opened");
    };
    assert_eq!((file.as_str(), line), ("01-first/lesson.en.md", Some(2)));
    assert!(
        reason.en.starts_with("not UTF-8: byte 5 is no text"),
        "{reason:?}"
    );
}

#[test]
fn the_files_of_a_lesson_are_what_its_program_sees() {
    let small = Small::new();
    small
        .write("01-first/starter/lib/a.py", "a")
        .write("01-first/starter/__pycache__/a.pyc", "x")
        .write("01-first/starter/.DS_Store", "x")
        .write("01-first/data/deep/x.json", "{}")
        .write("01-first/data/raw.bin", b"\xff\x00")
        .write("01-first/checks.py", "def test_a(): pass\n");
    let files = small.load().0.files("first").unwrap();
    let paths = |files: &[ha_course::CourseFile]| {
        let paths: Vec<_> = files.iter().map(|file| file.path.clone()).collect();
        paths.join(" ")
    };
    assert_eq!(paths(&files.starter), "lib/a.py main.py");
    assert_eq!(paths(&files.data), "data/deep/x.json data/raw.bin");
    assert_eq!(
        paths(&files.solution),
        "lib/a.py main.py",
        "a solution is complete"
    );
    assert_eq!(files.solution[1].bytes, b"print(2)\n");
    assert_eq!(files.checks_py.as_deref(), Some("def test_a(): pass\n"));
    small
        .remove("01-first/solution")
        .remove("01-first/checks.toml")
        .remove("01-first/data");
    let files = small.load().0.files("first").unwrap();
    assert_eq!(
        (files.solution.len(), files.checks.len(), files.data.len()),
        (0, 0, 0)
    );
    small.remove("01-first/starter/main.py");
    let error = small.load().0.files("first").unwrap_err();
    assert_eq!(
        error.to_string(),
        "01-first/starter/main.py: this file does not exist"
    );
}

#[test]
fn checks_are_read_in_order() {
    let small = Small::new();
    small.write(
        "01-first/checks.toml",
        r#"
[[check]]
id = "reads"
title = { zh = "读", en = "Reads" }
type = "output"
stdin = "a\nb"
contains = ["a", "b"]
[[check]]
id = "calls"
title = "Calls"
type = "python"
function = "test_calls"
"#,
    );
    let checks = small.load().0.files("first").unwrap().checks;
    let output = CheckKind::Output {
        stdin: "a\nb".into(),
        expect: Expect::Contains(vec!["a".into(), "b".into()]),
        ignore: Vec::new(),
    };
    let python = CheckKind::Python {
        function: "test_calls".into(),
    };
    assert_eq!((checks[0].id.as_str(), &checks[0].kind), ("reads", &output));
    assert_eq!(
        (&checks[1].title, &checks[1].kind),
        (&Words::same("Calls"), &python)
    );
}

#[test]
fn half_of_the_checks_is_none() {
    let head = "[[check]]\nid = \"a\"\ntitle = \"A\"\n";
    for (rest, told) in [
        ("type = \"output\"\n", "needs either expect"),
        (
            "type = \"output\"\nexpect = \"a\"\ncontains = [\"a\"]\n",
            "not both",
        ),
        ("type = \"output\"\ncontains = []\n", "not empty"),
        ("type = \"output\"\ncontains = [\"\"]\n", "not empty"),
        (
            "type = \"output\"\ncontains = [1]\n",
            "`contains` must be a list of texts",
        ),
        (
            "type = \"output\"\nexpect = \"a\"\nfunction = \"f\"\n",
            "has no `function`",
        ),
        ("type = \"python\"\n", "needs function"),
        (
            "type = \"python\"\nfunction = \"a(); import os\"\n",
            "needs function",
        ),
        (
            "type = \"python\"\nfunction = \"test_a\"\nstdin = \"\"\n",
            "has no `stdin`",
        ),
        (
            "type = \"magic\"\n",
            "needs a type: one of \"output\", \"python\"",
        ),
        (
            "type = \"output\"\nexpected = \"a\"\n",
            "unknown name `expected`",
        ),
        (
            "type = \"output\"\nexpect = \"a\"\n[[check]]\nid = \"a\"\ntype = \"output\"\nexpect = \"\"\ntitle = \"x\"\n",
            "listed twice",
        ),
        ("type = ", "not valid TOML"),
    ] {
        let small = Small::new();
        small.write("01-first/checks.toml", format!("{head}{rest}"));
        let refused = small.load().0.files("first");
        let Err(CourseError::Broken { file, line, .. }) = refused else {
            panic!("read {rest}");
        };
        assert!(
            file == "01-first/checks.toml" && line.is_some(),
            "{file} {line:?}"
        );
        assert!(
            small.lint().contains(told),
            "{told:?} is not in\n{}",
            small.lint()
        );
    }
}

/// A picture of one pixel as far as anybody here reads it.
const GIF: &[u8] = b"GIF89a\x01\0\x01\0";

#[test]
fn only_images_inside_the_course_are_assets() {
    let small = Small::new();
    small
        .write("01-first/images/a.PNG", GIF)
        .write("shared/b.svg", "<svg/>")
        .write(
            "01-first/images/big.png",
            vec![0; ha_course::MAX_IMAGE_BYTES as usize + 1],
        );
    let (course, _) = small.load();
    assert_eq!(
        course.asset("01-first/images/a.PNG").unwrap(),
        (GIF.to_vec(), "image/png")
    );
    assert_eq!(course.asset("shared/b.svg").unwrap().1, "image/svg+xml");
    for path in [
        "course.toml",
        "01-first/starter/main.py",
        "../x.png",
        "/etc/x.png",
        "",
        "shared",
        "missing.png",
        "01-first/images/../../../x.png",
        "01-first/images/big.png",
        "a\0.png",
        "01-first\\images\\a.PNG",
    ] {
        let refused = course.asset(path);
        assert!(
            matches!(refused, Err(CourseError::Broken { .. })),
            "{path:?}"
        );
    }
}

#[cfg(unix)]
mod links {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn nothing_outside_is_reached_through_a_link() {
        let (small, outside) = (Small::new(), Small::new());
        outside
            .write("secret.png", "secret")
            .write("secret.md", "secret");
        small
            .remove("01-first/lesson.zh.md")
            .write("01-first/images/a.png", "x");
        symlink(
            outside.path("secret.md"),
            small.path("01-first/lesson.zh.md"),
        )
        .unwrap();
        symlink(
            outside.path("secret.png"),
            small.path("01-first/images/s.png"),
        )
        .unwrap();
        symlink(
            outside.path("secret.md"),
            small.path("01-first/starter/s.py"),
        )
        .unwrap();
        symlink(outside.dir(), small.path("out")).unwrap();
        let (course, _) = small.load();
        assert!(course.open("first", Language::Zh, BASE).is_err());
        assert!(course.files("first").is_err());
        assert!(course.asset("01-first/images/s.png").is_err());
        assert!(course.asset("out/secret.png").is_err());
        let told = "a symbolic link leads out of the course";
        assert!(
            small
                .lint()
                .contains(&format!("01-first/lesson.zh.md: {told}")),
            "{}",
            small.lint()
        );
        assert!(
            small
                .lint()
                .contains(&format!("01-first/starter/s.py: {told}")),
            "{}",
            small.lint()
        );
        small.write("course.toml", manifest(&lesson("first", "out")));
        assert!(shown(&small.load().1).contains(told));
    }

    #[test]
    fn loops_and_pipes_do_not_catch_us() {
        let small = Small::new();
        symlink("loop", small.path("01-first/data")).unwrap();
        symlink("..", small.path("01-first/starter/up")).unwrap();
        symlink("self.md", small.path("01-first/self.md")).unwrap();
        let pipe = small.path("01-first/images");
        std::fs::create_dir(&pipe).unwrap();
        let made = std::process::Command::new("mkfifo")
            .arg(pipe.join("p.png"))
            .status();
        assert!(made.unwrap().success());
        let told = small.lint();
        assert!(
            told.contains("starter/up: a symbolic link to a folder"),
            "{told}"
        );
        let (course, _) = small.load();
        assert!(course.asset("01-first/images/p.png").is_err());
        assert!(course.files("first").is_err());
    }

    #[test]
    fn a_link_inside_the_course_is_a_file_like_any_other() {
        let small = Small::new();
        small.write("shared/a.py", "a");
        symlink("../../shared/a.py", small.path("01-first/starter/a.py")).unwrap();
        let dir = tempfile::TempDir::new().unwrap();
        symlink(small.dir(), dir.path().join("course")).unwrap();
        let (course, problems) = ha_course::lint(&dir.path().join("course"));
        assert_eq!(shown(&problems), "");
        assert_eq!(course.files("first").unwrap().starter[0].bytes, b"a");
    }
}

#[test]
fn a_lesson_in_another_language_has_its_own_entry_and_needs_docker() {
    let small = Small::new();
    let written = |language: &str| {
        let more = format!("{}language = {language:?}\n", lesson("first", "01-first"));
        small.write("course.toml", manifest(&more));
        small.load()
    };
    for (language, entry) in [("javascript", "main.js"), ("go", "main.go")] {
        let (course, problems) = written(language);
        assert_eq!(shown(&problems), "");
        assert!(course.lesson("first").unwrap().1.needs.docker);
        let missing = course.files("first").unwrap_err().to_string();
        assert!(
            missing.contains(&format!("01-first/starter/{entry}")),
            "{missing}"
        );
        small.write(&format!("01-first/starter/{entry}"), "x");
        assert_eq!(course.files("first").unwrap().entry, entry);
    }
    let (course, _) = written("python");
    assert!(!course.lesson("first").unwrap().1.needs.docker);
    assert_eq!(course.files("first").unwrap().entry, "main.py");
    let (course, problems) = written("cobol");
    let told = shown(&problems);
    assert!(
        told.contains("`language` must be one of \"python\", \"javascript\", \"go\""),
        "{told}"
    );
    assert_eq!(course.files("first").unwrap().entry, "main.py");
}
