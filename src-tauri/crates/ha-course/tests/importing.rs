//! Books of others: a docsify folder in two languages, an mdBook, notebooks. What is imported is
//! what was there, byte by byte, and a second import changes no id.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod desk;
mod fixture;

use desk::{Desk, english, import};
use fixture::BASE;
use ha_course::{CodeNeed, ImportError, ImportFrom, Language};
use std::fs;
use std::path::Path;

const FIRST: &str = "# 第一章 初识智能体\n\n<div align=\"center\">\n  <img src=\"https://raw.example/hello/main/docs/images/1-figures/a.png\" alt=\"环\" width=\"90%\"/>\n  <p>图 1.1 循环</p>\n</div>\n\n\
    $$\nP(w) = \\prod_i p_i\n$$\n\n下一章：[第二章](../chapter2/%E7%AC%AC%E4%BA%8C%E7%AB%A0%20%E5%8F%91%E5%B1%95.md)，[没有](./不存在.md)\n\n\
    ```python\nimport json\nprint(json.dumps([1]))\n```\n\n```python\nfrom openai import OpenAI\n```\n\n```bash\npip install x\n```\n\n![缺](../images/missing.png)\n";

/// A docsify folder as people make them: Chinese names with spaces, HTML figures, maths.
fn docsify() -> Desk {
    let desk = Desk::new();
    desk.write("LICENSE.txt", "\nCC BY-NC-SA 4.0\n\nmore\n")
        .write("docs/index.html", "<script>window.$docsify = { name: '从零开始', loadSidebar: true }</script>")
        .write("docs/README.md", "# 书\n")
        .write("docs/.nojekyll", "")
        .write(
            "docs/_sidebar.md",
            "- [前言](./前言.md)\n- **第一部分：基础**\n  - [第一章 初识智能体](./chapter1/%E7%AC%AC%E4%B8%80%E7%AB%A0%20%E5%88%9D%E8%AF%86.md)\n  - [第二章 发展](./chapter2/第二章%20发展.md)\n",
        )
        .write(
            "docs/_sidebar_en.md",
            "- [Preface](./Preface.md)\n- **Part 1: Basics**\n  - [Chapter 1 Agents](./chapter1/Chapter1-Agents.md)\n  - [Chapter 2 History](./chapter2/Chapter2-History.md)\n",
        )
        .write("docs/前言.md", "# 前言\n")
        .write("docs/Preface.md", "# Preface\n")
        .write("docs/chapter1/第一章 初识.md", FIRST)
        .write("docs/chapter1/Chapter1-Agents.md", "# Agents\n\n![a](../images/1-figures/a.png)\n")
        .write("docs/chapter2/第二章 发展.md", "# 第二章 发展\n\n一\n\n二\n\n三\n")
        .write("docs/chapter2/Chapter2-History.md", "# History\n")
        .write("docs/images/1-figures/a.png", "png")
        .write("docs/images/unused.png", "png");
    desk
}

#[test]
fn a_docsify_folder_becomes_a_course_in_two_languages() {
    let desk = docsify();
    let report = desk.import();
    assert_eq!((report.lessons, report.chinese, report.english), (3, 3, 3));
    assert_eq!((report.chapters, report.images), (2, 1));
    assert_eq!(report.license, "CC BY-NC-SA 4.0");
    let course = desk.course();
    assert_eq!(
        (course.id.as_str(), course.title.zh.as_str()),
        ("hello-book", "从零开始")
    );
    let part = &course.chapters[1];
    assert_eq!(
        (part.title.zh.as_str(), part.title.en.as_str()),
        ("第一部分：基础", "Part 1: Basics")
    );
    let titles: Vec<_> = part
        .lessons
        .iter()
        .map(|lesson| lesson.title.en.as_str())
        .collect();
    assert_eq!(titles, ["Chapter 1 Agents", "Chapter 2 History"]);
}

#[test]
fn texts_stay_as_they_are_and_read_well() {
    let desk = docsify();
    desk.import();
    let text = fs::read_to_string(desk.target().join("chapter1/第一章 初识.md")).unwrap();
    assert_eq!(text, FIRST);
    for kept in [
        "_sidebar.md",
        "_sidebar_en.md",
        "index.html",
        ".nojekyll",
        "images/1-figures/a.png",
    ] {
        assert!(desk.target().join(kept).is_file(), "{kept}");
    }
    assert!(!desk.target().join("images/unused.png").exists());
    let course = desk.course();
    let lesson = &course.chapters[1].lessons[0];
    let next = &course.chapters[1].lessons[1].id;
    let html = course.open(&lesson.id, Language::Zh, BASE).unwrap().html;
    for part in [
        format!(
            "<img src=\"{BASE}images/1-figures/a.png\" alt=\"环\" loading=\"lazy\" width=\"90%\">"
        ),
        format!("data-lesson=\"{next}\""),
        "<div class=\"align-center\">".into(),
        "data-display=\"true\"".into(),
    ] {
        assert!(html.contains(&part), "{part}\n{html}");
    }
    assert!(lesson.minutes >= 5);
}

#[test]
fn the_report_is_true() {
    let report = docsify().import();
    assert_eq!(report.missing_images.len(), 1);
    let (file, line, image) = &report.missing_images[0];
    assert_eq!(
        (file.as_str(), *line, image.as_str()),
        ("chapter1/第一章 初识.md", 27, "images/missing.png")
    );
    assert_eq!(report.dead_links.len(), 1, "{:?}", report.dead_links);
    assert!(report.dead_links[0].2.en.contains("不存在.md"));
    let needs: Vec<_> = report.blocks.iter().map(|block| &block.need).collect();
    assert_eq!(
        needs,
        [
            &CodeNeed::Nothing,
            &CodeNeed::Network("openai".into()),
            &CodeNeed::Other
        ]
    );
    assert_eq!(
        report.blocks[0].source,
        "import json\nprint(json.dumps([1]))\n"
    );
    assert_eq!(report.remote_images, 0);
}

#[test]
fn ids_and_what_was_added_survive_another_import() {
    let desk = docsify();
    desk.import();
    let before = desk.ids();
    let manifest = desk.target().join("course.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    let text = text.replacen(
        "minutes = 5",
        "minutes = 42\nprerequisites = []\nneeds = { model = true }",
        1,
    );
    fs::write(&manifest, text.replace("hello-book", "my-course")).unwrap();
    let added = desk.target().join(format!("lessons/{}/starter", before[0]));
    fs::create_dir_all(&added).unwrap();
    fs::write(added.join("main.py"), "print('mine')\n").unwrap();

    // A chapter is renamed, one is new, the order changes, a text is corrected.
    let moved = "docs/chapter2/第二章 智能体发展史.md";
    fs::rename(
        desk.source().join("docs/chapter2/第二章 发展.md"),
        desk.source().join(moved),
    )
    .unwrap();
    desk.write(moved, "# 第二章 发展\n\n一\n\n二\n\n三\n\n四\n")
        .write("docs/新.md", "# 新\n\n全新的。\n")
        .write(
            "docs/_sidebar.md",
            "- **一**\n  - [新](./新.md)\n  - [第二章](./chapter2/第二章%20智能体发展史.md)\n  - [第一章](./chapter1/第一章%20初识.md)\n- [前言](./前言.md)\n",
        );
    fs::remove_file(desk.source().join("docs/_sidebar_en.md")).unwrap();
    let report = desk.import();
    assert_eq!(report.known, 3, "{report:?}");
    assert_eq!(report.gone, Vec::<String>::new());
    let after = desk.ids();
    assert_eq!(
        (&after[1], &after[2], &after[3]),
        (&before[2], &before[1], &before[0])
    );
    assert!(!before.contains(&after[0]));
    let course = desk.course();
    assert_eq!(course.id, "my-course");
    let (_, preface, ..) = course.lesson(&before[0]).unwrap();
    assert_eq!((preface.minutes, preface.needs.model), (42, true));
    assert!(added.join("main.py").is_file());
}

#[test]
fn a_lesson_that_is_gone_is_named_and_its_folder_stays() {
    let desk = docsify();
    desk.import();
    desk.write(
        "docs/_sidebar.md",
        "- [第一章](./chapter1/第一章%20初识.md)\n",
    );
    fs::remove_file(desk.source().join("docs/_sidebar_en.md")).unwrap();
    let report = desk.import();
    assert_eq!((report.lessons, report.known), (1, 1));
    assert_eq!(report.gone.len(), 2, "{:?}", report.gone);
    assert!(desk.target().join("前言.md").is_file());
}

#[test]
fn two_who_import_the_same_get_the_same() {
    let (one, two) = (docsify(), docsify());
    one.import();
    two.import();
    let text = |desk: &Desk| fs::read_to_string(desk.target().join("course.toml")).unwrap();
    assert_eq!(text(&one), text(&two));
}

#[test]
fn an_mdbook_becomes_a_course() {
    let desk = Desk::new();
    desk.write("book.toml", "[book]\ntitle = \"Agents by hand\"\nauthors = [\"Ada\", \"Bo\"]\nlanguage = \"en\"\nsrc = \"text\"\n")
        .write(
            "text/SUMMARY.md",
            "# Summary\n\n[Preface](preface.md)\n\n# Part One\n\n- [Loops](loops/index.md)\n  - [While](loops/while.md)\n- [Tools](tools/README.md)\n- [Draft]()\n",
        )
        .write(
            "text/preface.md",
            "# Preface\n\nSee [loops](loops/index.html#for), [tools](tools/index.html) and [while](loops/while.html).\n",
        )
        .write("text/tools/README.md", "# Tools\n\n[Back](../index.html)\n")
        .write("text/loops/index.md", "# Loops {#for}\n\n![a b](../img/a%20b.svg)\n")
        .write("text/loops/while.md", "# While\n")
        .write("text/img/a b.svg", "<svg/>");
    let report = desk.import();
    assert_eq!(
        (report.lessons, report.english, report.images),
        (4, 4, 1),
        "{report:?}"
    );
    let dead: Vec<_> = report.dead_links.iter().map(|(file, ..)| file).collect();
    assert_eq!(dead, ["tools/README.md"], "{:?}", report.dead_links);
    assert_eq!(report.missing_images, []);
    let course = desk.course();
    assert_eq!(course.languages, [Language::En]);
    let manifest = desk.target().join("course.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace("[\"en\"]", "[\"en\", \"zh\"]")).unwrap();
    desk.import();
    assert_eq!(desk.course().languages, [Language::Zh, Language::En]);
    assert_eq!(course.title.en, "Agents by hand");
    let chapters: Vec<_> = course
        .chapters
        .iter()
        .map(|chapter| chapter.title.en.as_str())
        .collect();
    assert_eq!(chapters, ["Agents by hand", "Part One"]);
    assert_eq!(course.authors, ["Ada", "Bo"]);
    assert_eq!(
        english(&report.left_out),
        ["SUMMARY.md:10: \"Draft\" has no text yet"]
    );
}

#[test]
fn a_book_names_no_folder_outside_of_itself() {
    for (src, is_read) in [
        ("text", true),
        ("./text/", true),
        ("..", false),
        ("text/../..", false),
        ("../private", false),
    ] {
        let desk = Desk::new();
        desk.write("book.toml", format!("[book]\nsrc = \"{src}\"\n"))
            .write("text/SUMMARY.md", "- [A](a.md)\n")
            .write("text/a.md", "# A\n")
            .write("../SUMMARY.md", "- [Private](private/note.md)\n")
            .write("../private/SUMMARY.md", "- [Private](note.md)\n")
            .write("../private/note.md", "# Private\n");
        let done = import(&desk.source(), Some(ImportFrom::MdBook), &desk.target());
        assert_eq!(done.is_ok(), is_read, "{src}: {done:?}");
    }
}

#[test]
fn a_notebook_becomes_a_text_whose_cells_run() {
    let desk = Desk::new();
    let notebook = serde_json::json!({
        "nbformat": 4, "nbformat_minor": 5, "metadata": {},
        "cells": [
            { "cell_type": "markdown", "id": "t", "source": ["# 第一课\n", "\n", "![图](attachment:p.png) $x^2$"],
              "attachments": { "p.png": { "image/png": "aGk=" } } },
            { "cell_type": "code", "id": "a1", "source": ["x = 1\n", "print(x)"], "outputs": [
                { "output_type": "stream", "name": "stdout", "text": ["1\n"] } ] },
            { "cell_type": "code", "id": "m", "source": "%matplotlib inline", "outputs": [] },
            { "cell_type": "code", "id": "B_2", "source": "x + 1", "outputs": [
                { "output_type": "execute_result", "data": { "text/plain": ["2"], "image/png": ["aGk=\n"] } } ] },
            { "cell_type": "raw", "source": "dropped" },
        ]
    });
    desk.write("第一课 循环.ipynb", notebook.to_string());
    let report = desk.import();
    assert_eq!(
        (report.lessons, report.chinese, report.images),
        (1, 1, 2),
        "{report:?}"
    );
    let text = fs::read_to_string(desk.target().join("第一课 循环.md")).unwrap();
    assert_eq!(
        text,
        "# 第一课\n\n![图](images/%E7%AC%AC%E4%B8%80%E8%AF%BE%20%E5%BE%AA%E7%8E%AF/1.png) $x^2$\n\n\
         ```python run id=a1\nx = 1\nprint(x)\n```\n\n```text\n1\n```\n\n```python\n%matplotlib inline\n```\n\n\
         ```python run id=b-2 after=a1\nx + 1\n```\n\n![output](images/%E7%AC%AC%E4%B8%80%E8%AF%BE%20%E5%BE%AA%E7%8E%AF/2.png)\n\n"
    );
    assert_eq!(
        fs::read(desk.target().join("images/第一课 循环/1.png")).unwrap(),
        b"hi"
    );
    let course = desk.course();
    let id = &course.chapters[0].lessons[0].id;
    let cells = course.cells(id, Language::Zh).unwrap();
    assert_eq!(cells[1].program, "x + 1\n");
    assert_eq!(cells[1].before, ["x = 1\nprint(x)\n"]);
    let before = desk.ids();
    desk.import();
    assert_eq!(desk.ids(), before);
}

#[test]
fn what_cannot_be_imported_is_refused_with_its_reason() {
    let desk = Desk::new();
    desk.write("x.txt", "x");
    assert!(matches!(
        import(&desk.source(), None, &desk.target()),
        Err(ImportError::Unknown(_))
    ));
    let inside = desk.source().join("out");
    assert!(matches!(
        import(&desk.source(), None, &inside),
        Err(ImportError::Entangled)
    ));
    desk.write("_sidebar.md", "- [x](gone.md)\n");
    let refused = import(&desk.source(), None, &desk.target());
    assert!(
        matches!(refused, Err(ImportError::Broken { .. })),
        "{refused:?}"
    );
    let refused = import(&desk.source(), Some(ImportFrom::MdBook), &desk.target());
    assert!(matches!(refused, Err(ImportError::Unknown(_))));
    desk.write("n.ipynb", "{ \"nbformat\": 3 }");
    let refused = import(&desk.source(), Some(ImportFrom::Notebooks), &desk.target());
    assert!(refused.unwrap_err().to_string().contains("nbformat 4"));
}

#[test]
fn a_stopped_import_is_completed_by_the_next() {
    let desk = docsify();
    let mut told = Vec::new();
    let stopped = ha_course::import(&desk.source(), None, &desk.target(), &mut |done, all| {
        told.push((done, all));
        done < 1
    });
    assert!(matches!(stopped, Err(ImportError::Stopped)), "{stopped:?}");
    assert_eq!(told.len(), 2, "it stops at once: {told:?}");
    let report = desk.import();
    assert_eq!(report.lessons, desk.ids().len());
    assert_eq!(report.missing_images, docsify().import().missing_images);
}

#[test]
fn links_out_of_the_source_are_not_followed() {
    let desk = Desk::new();
    desk.write(
        "_sidebar.md",
        "- [a](a.md)\n- [b](../secret.md)\n- [c](link.md)\n",
    )
    .write("a.md", "# a\n\n![x](../secret.png) ![y](/etc/passwd.png)\n");
    let secret = desk.dir.path().join("secret.md");
    fs::write(&secret, "secret").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(&secret, desk.source().join("link.md")).unwrap();
    let report = desk.import();
    assert_eq!((report.lessons, report.images), (1, 0));
    let all = files_below(&desk.target());
    assert!(
        all.iter()
            .all(|text| !text.contains("secret\n") && text != "secret"),
        "{all:?}"
    );
}

fn files_below(dir: &Path) -> Vec<String> {
    let mut texts = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => texts.extend(files_below(&path)),
            false => texts.push(fs::read_to_string(path).unwrap()),
        }
    }
    texts
}
