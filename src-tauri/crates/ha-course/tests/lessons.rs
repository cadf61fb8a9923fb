//! What the format says of a lesson beside its exercise: texts that lie elsewhere, cells, questions,
//! needs, prerequisites, addresses the course has itself.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod fixture;

use fixture::{BASE, Small, lesson, manifest, shown};
use ha_course::{CourseError, Language, Needs, SolutionRule};

/// A course whose one lesson has these lines in the manifest besides.
fn with(lines: &str) -> Small {
    let small = Small::new();
    small.write(
        "course.toml",
        manifest(&(lesson("first", "01-first") + lines)),
    );
    small
}

/// What the manifest's reader tells.
fn told(lines: &str) -> String {
    shown(&with(lines).load().1)
}

/// A book as docsify has it, with one lesson that is only read.
fn book() -> Small {
    let small = Small::new();
    let lines = "\n[[chapter.lesson]]\nid = \"b\"\ntitle = \"B\"\nminutes = 1\n\
        text = { zh = \"docs/第一章 初识.md\", en = \"docs/en/Chapter 1.md\" }\n\
        \n[[chapter.lesson]]\nid = \"c\"\ntitle = \"C\"\nminutes = 1\ntext = { zh = \"docs/第二章.md\" }\n";
    let head = manifest(&(lesson("first", "01-first") + lines));
    let mirror =
        "[[mirror]]\nfrom = \"https://raw.example/book/main/docs/\"\nto = \"docs\"\n\n[[chapter]]";
    small
        .write("course.toml", head.replacen("[[chapter]]", mirror, 1))
        .write("docs/images/a.png", "x")
        .write(
            "docs/第一章 初识.md",
            "# 一\n\n[二](./%E7%AC%AC%E4%BA%8C%E7%AB%A0.md#x) [b](第二章) ![图](images/a.png)\n\n\
             ![图](https://raw.example/book/main/docs/images/a.png)\n\n\
             [c](https://raw.example/book/main/docs/%E7%AC%AC%E4%BA%8C%E7%AB%A0.md)\n",
        )
        .write("docs/en/Chapter 1.md", "# One\n\n![p](../images/a.png)\n")
        .write("docs/第二章.md", "# 二\n\n## x\n");
    small
}

#[test]
fn a_book_stays_where_it_is_and_its_links_stay_inside() {
    let small = book();
    let (course, problems) = small.load();
    assert_eq!(shown(&problems), "");
    let text = course.open("b", Language::Zh, BASE).unwrap();
    let links = text.html.matches("href=\"#lesson/c\"").count();
    assert_eq!(links, 3, "{}", text.html);
    let images = text
        .html
        .matches(&format!("src=\"{BASE}docs/images/a.png\""))
        .count();
    assert_eq!(images, 2, "{}", text.html);
    let english = course.open("b", Language::En, BASE).unwrap();
    assert!(
        english.html.contains("docs/images/a.png"),
        "{}",
        english.html
    );
    assert_eq!(
        course.open("c", Language::En, BASE).unwrap().language,
        Language::Zh
    );
}

#[test]
fn a_lesson_to_be_read_has_an_empty_program() {
    let small = book();
    let files = small.load().0.files("b").unwrap();
    assert_eq!(files.starter.len(), 1);
    assert_eq!(
        (files.starter[0].path.as_str(), files.starter[0].bytes.len()),
        ("main.py", 0)
    );
    assert!(files.checks.is_empty());
    let told = small.lint();
    assert!(
        !told.contains("main.py") && !told.contains("hints"),
        "{told}"
    );
}

#[test]
fn texts_must_be_markdown_inside_the_course() {
    for text in ["../x.md", "/etc/passwd", "a.txt", "a\\\\b.md"] {
        let told = told(&format!("text = {{ zh = \"{text}\" }}\n"));
        assert!(
            told.contains("must be a Markdown file inside the course"),
            "{text}: {told}"
        );
    }
}

#[test]
fn needs_rules_and_licences_are_read() {
    let lines = "license = \"MIT, Somebody\"\nsolution_after = 3\n\
        needs = { docker = true, packages = [\"numpy\"], network = [\"api.example.com\"] }\n";
    let (course, problems) = with(lines).load();
    assert_eq!(shown(&problems), "");
    let (_, lesson, ..) = course.lesson("first").unwrap();
    let expected = Needs {
        docker: true,
        model: false,
        network: vec!["api.example.com".into()],
        packages: vec!["numpy".into()],
    };
    assert_eq!(lesson.needs, expected);
    assert_eq!(lesson.license, "MIT, Somebody");
    assert_eq!(lesson.solution_after, SolutionRule::Failed(3));
    for (line, told_of_it) in [
        ("solution_after = \"soon\"\n", "`solution_after` must be"),
        ("needs = { gpu = true }\n", "unknown name `gpu`"),
        (
            "needs = { docker = \"yes\" }\n",
            "`docker` must be true or false",
        ),
        ("license = \"a\\nb\"\n", "must be one line"),
    ] {
        let told = told(line);
        assert!(told.contains(told_of_it), "{line}: {told}");
    }
}

#[test]
fn prerequisites_lead_somewhere_and_not_in_a_circle() {
    assert!(told("prerequisites = [\"nowhere\"]\n").contains("no such lesson"));
    assert!(told("prerequisites = [\"first\"]\n").contains("lead in a circle"));
    let small = Small::new();
    let pair = |second: &str| {
        manifest(&format!(
            "{}{}prerequisites = [\"first\"]\n{second}",
            lesson("first", "01-first"),
            lesson("second", "02-second"),
        ))
    };
    small.lesson("02-second").write("course.toml", pair(""));
    assert_eq!(shown(&small.load().1), "");
}

#[test]
fn mirrors_are_whole_addresses() {
    let head = manifest(&lesson("first", "01-first"));
    for from in ["http://a.example/", "https://a.example", "javascript:/"] {
        let small = Small::new();
        let mirror = format!("[[mirror]]\nfrom = \"{from}\"\nto = \"images\"\n\n[[chapter]]");
        small.write("course.toml", head.replacen("[[chapter]]", &mirror, 1));
        assert!(
            shown(&small.load().1).contains("[[mirror]] needs"),
            "{from}"
        );
    }
}

const CELLS: &str = "\
```python run id=setup hidden
x = 1
```

```python run id=more after=setup
y = x + 1
```

```python run after=more editable raises
print(x + y)
```
";

#[test]
fn cells_bring_along_what_they_come_after() {
    let small = Small::new();
    small.write("01-first/lesson.en.md", CELLS);
    let cells = small.load().0.cells("first", Language::En).unwrap();
    let programs: Vec<_> = cells.iter().map(|cell| cell.program.as_str()).collect();
    assert_eq!(programs, ["x = 1\n", "y = x + 1\n", "print(x + y)\n"]);
    assert_eq!(cells[0].before, [""; 0]);
    assert_eq!(cells[1].before, ["x = 1\n"]);
    assert_eq!(cells[2].before, ["x = 1\n", "y = x + 1\n"]);
    assert_eq!(
        (cells[2].line, cells[2].raises, cells[0].raises),
        (9, true, false)
    );
    let html = small.open(Language::En).html;
    for part in [
        "data-run=\"\" hidden=\"\" data-name=\"setup\"",
        "data-name=\"more\" data-after=\"setup\"",
        "data-run=\"\" data-editable=\"\" data-after=\"more\"",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
}

#[test]
fn fences_that_say_something_wrong_are_told() {
    for (fence, told) in [
        (
            "python run after=nobody",
            ":1: no cell before this one has the id \"nobody\"",
        ),
        (
            "python run edible",
            ":1: \"edible\" says nothing about a cell",
        ),
        ("python run id=a_b!", "says nothing about a cell"),
        (
            "python run id=x\n```\n\n```python run id=x",
            ":4: a cell before this one has the id \"x\"",
        ),
    ] {
        let small = Small::new();
        small.write("01-first/lesson.en.md", format!("```{fence}\n```\n"));
        assert!(small.lint().contains(told), "{fence}: {}", small.lint());
    }
}

#[test]
fn questions_are_read_whole_or_not_at_all() {
    let small = Small::new();
    assert!(small.load().0.questions("first").unwrap().is_empty());
    let good = "[[question]]\nid = \"a\"\ntype = \"fill\"\nprompt = \"?\"\nanswers = [\"x\"]\n";
    small.write("01-first/questions.toml", good);
    assert_eq!(small.load().0.questions("first").unwrap().len(), 1);
    assert_eq!(small.lint(), "");
    small.write("01-first/questions.toml", format!("{good}{good}"));
    let refused = small.load().0.questions("first");
    assert!(matches!(refused, Err(CourseError::Broken { .. })));
    assert!(
        small
            .lint()
            .contains("01-first/questions.toml:6: question \"a\" is listed twice")
    );
}
