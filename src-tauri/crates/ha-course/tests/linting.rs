//! What the lint tells an author, one change to a good course at a time.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod fixture;

use fixture::{Small, lesson, manifest, shown};

/// Changes a good course and expects exactly these problems.
fn check(change: impl for<'a> FnOnce(&'a Small) -> &'a Small, expected: &[&str]) {
    let small = Small::new();
    change(&small);
    let told = small.lint();
    let told: Vec<_> = told.lines().collect();
    assert_eq!(told, expected);
}

#[test]
fn missing_files_are_told() {
    check(
        |course| course.remove("01-first/lesson.zh.md"),
        &["01-first/lesson.zh.md: this language is missing; the other is shown instead"],
    );
    let in_chinese = manifest(&lesson("first", "01-first")).replacen(
        "\nversion",
        "\nlanguages = [\"zh\"]\nversion",
        1,
    );
    check(
        |course| {
            course
                .write("course.toml", &in_chinese)
                .remove("01-first/lesson.en.md")
                .remove("01-first/hints.en.md")
        },
        &[],
    );
    check(
        |course| {
            course
                .write("course.toml", &in_chinese)
                .remove("01-first/lesson.zh.md")
        },
        &["01-first/lesson.zh.md: this language is missing; the other is shown instead"],
    );
    check(
        |course| course.remove("01-first/hints.en.md"),
        &["01-first/hints.en.md: this language has no hints"],
    );
    check(
        |course| {
            course
                .remove("01-first/hints.en.md")
                .remove("01-first/hints.zh.md")
        },
        &["01-first/hints.zh.md: the lesson has no hints"],
    );
    check(
        |course| course.remove("01-first/solution"),
        &[
            "01-first/solution: there are checks but no solution, so nothing proves that they can pass",
        ],
    );
    check(
        |course| course.remove("01-first/starter"),
        &["01-first/starter/main.py: the starter needs a main.py"],
    );
    check(
        |course| course.write("01-first/lesson.en.md", "# Hello\n\n![a](images/a.png)\n"),
        &[
            "01-first/lesson.en.md:3: the image 01-first/images/a.png: this file does not exist",
            "01-first/lesson.en.md: 1 images here, 0 in Chinese: has one been forgotten?",
        ],
    );
}

#[test]
fn drift_between_the_languages_is_told() {
    check(
        |course| course.write("01-first/lesson.en.md", "# Hello\n\n## More\n"),
        &["01-first/lesson.en.md: 2 headings here, 1 in Chinese: has one been forgotten?"],
    );
    check(
        |course| course.write("01-first/hints.en.md", "## a\n\n## b\n"),
        &["01-first/hints.en.md: 2 hints here, 1 in Chinese: has one been forgotten?"],
    );
}

#[test]
fn hints_begin_with_headings() {
    check(
        |course| course.write("01-first/hints.en.md", "\nlost\n\n## a\n"),
        &[
            "01-first/hints.en.md:2: hints must begin with a heading `## …`; each heading begins one",
        ],
    );
    check(
        |course| {
            course
                .write("01-first/hints.en.md", "")
                .write("01-first/hints.zh.md", " \n")
        },
        &[
            "01-first/hints.zh.md: there is no hint in this file",
            "01-first/hints.en.md: there is no hint in this file",
        ],
    );
    check(
        |course| course.write("01-first/hints.en.md", "## a\n\nb\n[c](#d)\n"),
        &["01-first/hints.en.md:4: no heading there has the anchor #d"],
    );
}

#[test]
fn names_that_nobody_reads_are_told() {
    check(
        |course| course.write("01-first/Starter/main.py", ""),
        &["01-first/Starter: \"Starter\" is not a part of a lesson: is it misspelt?"],
    );
    check(
        |course| course.write("01-first/hint.zh.md", ""),
        &["01-first/hint.zh.md: \"hint.zh.md\" is not a part of a lesson: is it misspelt?"],
    );
    check(
        |course| course.write("02-forgotten/lesson.zh.md", "# x\n"),
        &["02-forgotten: course.toml lists no lesson with this folder"],
    );
    check(
        |course| course.write("shared/a.png", "x").write(".git/config", "x"),
        &[],
    );
}

#[test]
fn checks_and_their_functions_belong_together() {
    let python = "[[check]]\nid = \"a\"\ntitle = \"A\"\ntype = \"python\"\nfunction = \"test_a\"\n";
    check(
        |course| course.write("01-first/checks.toml", python),
        &["01-first/checks.toml:5: checks.py has no function test_a"],
    );
    check(
        |course| {
            course.write("01-first/checks.toml", python).write(
                "01-first/checks.py",
                "def test_a():\n    pass\n\ndef test_b():\n    pass\n\ndef helper(): pass\n",
            )
        },
        &["01-first/checks.py:4: test_b is in no [[check]], so it never runs"],
    );
    check(
        |course| {
            course
                .remove("01-first/checks.toml")
                .write("01-first/checks.py", "")
        },
        &["01-first/checks.py: no checks.toml lists these checks"],
    );
    check(
        |course| course.write("01-first/checks.toml", ""),
        &["01-first/checks.toml: there is no [[check]] in this file"],
    );
}

#[test]
fn words_that_no_program_can_have_are_told() {
    let words = |words: &str| {
        format!("[[check]]\nid = \"a\"\ntitle = \"A\"\ntype = \"code\"\navoids = [{words}]\n")
    };
    let good = words(
        "\"while\", \"import\", \"f-string\", \"recursion\", \"eval()\", \".append()\", \"os.path.join()\", \"import os.path\", \"total\"",
    );
    check(|course| course.write("01-first/checks.toml", &good), &[]);
    for word in ["else", "while loop", "eval(x)", "", ".()", "1x", "import "] {
        let told = format!(
            "01-first/checks.toml: check \"a\" looks for {word:?}, which no program can have: write a word of the syntax, a name, `print()`, `.append()` or `import re`"
        );
        let found = words(&format!("\"total\", {word:?}"));
        check(
            |course| course.write("01-first/checks.toml", &found),
            &[&told],
        );
    }
}

/// What a check finds is said in Python; a word that is new there must not be told as none here.
#[test]
fn every_word_of_the_syntax_that_checks_find_is_known() {
    let declared = include_str!("../../../../templates/checks/_declared.py");
    let (_, nodes) = declared.split_once("NODES = {").unwrap();
    let (nodes, _) = nodes.split_once("\n}").unwrap();
    let nodes: Vec<&str> = nodes.split('"').skip(1).step_by(2).collect();
    assert!(nodes.contains(&"while"), "{nodes:?}");
    let checks =
        format!("[[check]]\nid = \"a\"\ntitle = \"A\"\ntype = \"code\"\nuses = {nodes:?}\n");
    check(|course| course.write("01-first/checks.toml", &checks), &[]);
}

#[test]
fn a_lesson_in_another_language_is_checked_by_its_output_only() {
    let manifest = manifest(&format!(
        "{}language = \"javascript\"\n",
        lesson("first", "01-first")
    ));
    check(
        |course| course.write("course.toml", &manifest),
        &["01-first/starter/main.js: the starter needs a main.js"],
    );
    let checks = "[[check]]\nid = \"a\"\ntitle = \"A\"\ntype = \"code\"\nuses = [\"while\"]\n\
                  [[check]]\nid = \"b\"\ntitle = \"B\"\ntype = \"output\"\nexpect = \"2\"\n";
    check(
        |course| {
            course
                .write("course.toml", &manifest)
                .write("01-first/starter/main.js", "x")
                .write("01-first/checks.toml", checks)
        },
        &[
            "01-first/checks.toml: check \"a\" looks at Python, and the lesson is written in javascript: only checks of type \"output\" can",
        ],
    );
}

#[test]
fn files_that_cannot_be_given_to_a_learner_are_told() {
    check(
        |course| course.write("01-first/starter/a.py", b"x = '\xe9'"),
        &["01-first/starter/a.py:1: not UTF-8: byte 5 is no text; save the file as UTF-8"],
    );
    check(|course| course.write("01-first/data/a.bin", b"\xff"), &[]);
    check(
        |course| course.write("01-first/data/a.bin", vec![b'a'; 1024 * 1024 + 1]),
        &["01-first/data/a.bin: larger than 1 MiB; split it"],
    );
    check(
        |course| course.write("01-first/starter/data/a.txt", "x"),
        &[
            "01-first/starter/data/a.txt: data/ is where the lesson's read-only files appear; choose another name",
        ],
    );
    check(
        |course| course.write("01-first/starter/checks.py", "x"),
        &["01-first/starter/checks.py: the checks bring a file of this name; choose another"],
    );
    check(
        |course| {
            (0..65).fold(course, |course, n| {
                course.write(&format!("01-first/data/{n}"), "x")
            })
        },
        &[
            "01-first/data: more than 64 files; the sandbox takes no more",
            "01-first: 65 files in starter and data; the sandbox takes 64",
        ],
    );
    check(
        |course| course.write("01-first/data/a/b/c/d/e/f/g/h/i", "x"),
        &["01-first/data/a/b/c/d/e/f/g/h: folders nest too deeply here"],
    );
}

#[test]
fn every_lesson_is_looked_at_and_told_in_order() {
    let small = Small::new();
    small
        .lesson("02-second")
        .write(
            "course.toml",
            manifest(&format!(
                "{}{}",
                lesson("first", "01-first"),
                lesson("second", "02-second")
            )),
        )
        .write(
            "01-first/lesson.en.md",
            "[a](../02-second/lesson.en.md#hello) [b](../02-second/lesson.en.md#hellooo)\n\n# x",
        )
        .write("02-second/lesson.en.md", "# Hello\n\n<script></script>");
    let told = small.lint();
    let told: Vec<_> = told.lines().collect();
    assert_eq!(
        told,
        [
            "02-second/lesson.en.md:3: <script> is not shown in lessons",
            "01-first/lesson.en.md:1: no heading there has the anchor #hellooo",
        ]
    );
}

#[test]
fn the_languages_of_a_course_are_those_that_exist() {
    use ha_course::Language::{En, Zh};
    for (said, expected, told) in [
        ("", &[Zh, En][..], ""),
        ("languages = [\"en\"]\n", &[En], ""),
        ("languages = [\"en\", \"zh\"]\n", &[Zh, En], ""),
        ("languages = []\n", &[Zh, En], "`languages` must name one"),
        (
            "languages = [\"fr\"]\n",
            &[Zh, En],
            "\"fr\" is no language of lessons: write \"zh\" or \"en\"",
        ),
        ("languages = \"zh\"\n", &[Zh, En], "must be a list of texts"),
    ] {
        let small = Small::new();
        let text = manifest(&lesson("first", "01-first")).replacen(
            "\nversion",
            &format!("\n{said}version"),
            1,
        );
        small.write("course.toml", text);
        let (course, problems) = small.load();
        assert_eq!(course.languages, expected, "{said}");
        assert!(
            shown(&problems).contains(told),
            "{said}: {}",
            shown(&problems)
        );
        assert_eq!(problems.is_empty(), told.is_empty(), "{said}");
    }
}
