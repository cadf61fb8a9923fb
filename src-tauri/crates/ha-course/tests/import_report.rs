//! The report of an import is true: every text of the book is a lesson or has its reason, and so
//! has whatever a reader of the book would see and a reader of the course does not.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod desk;

use desk::{Desk, english, import};
use ha_course::{ImportFrom, Language};
use serde_json::{Value, json};
use std::fs;

/// Files of each lesson, `zh` and `en`.
fn texts(desk: &Desk) -> Vec<(Option<String>, Option<String>)> {
    let course = desk.course();
    let lessons = course
        .chapters
        .into_iter()
        .flat_map(|chapter| chapter.lessons);
    let texts = lessons.map(|lesson| lesson.text.map(|text| (text.zh, text.en)));
    texts.map(Option::unwrap).collect()
}

/// The same as words: `a.md|en/a.md`.
fn pairs(desk: &Desk) -> Vec<String> {
    let name = |file: Option<String>| file.unwrap_or_else(|| "-".into());
    let pair = |(zh, en)| format!("{}|{}", name(zh), name(en));
    texts(desk).into_iter().map(pair).collect()
}

#[test]
fn lines_of_a_sidebar_that_are_no_lesson_are_told() {
    let desk = Desk::new();
    desk.write(
        "_sidebar.md",
        "- [甲](甲.md)\n- [缺失](missing.md)\n- [站点](https://a.example)\n",
    )
    .write("甲.md", "# 甲\n");
    let report = desk.import();
    assert_eq!(
        english(&report.left_out),
        ["_sidebar.md:2: \"缺失\" leads to missing.md, which is not there"]
    );
    assert_eq!(report.lessons, 1);
}

#[test]
fn pages_of_sidebars_in_folders_are_lessons() {
    let desk = Desk::new();
    desk.write(
        "_sidebar.md",
        "- [Start](README.md)\n- [Part one](part1/)\n- [End](end.md)\n",
    )
    .write("README.md", "# Start\n")
    .write("end.md", "# End\n")
    .write("part1/README.md", "# Part one\n")
    .write(
        "part1/_sidebar.md",
        "- [A](a.md)\n- [B](part1/b.md)\n- [Start](/README.md)\n",
    )
    .write("part1/a.md", "# A\n")
    .write("part1/b.md", "# B\n")
    .write("more/_sidebar.md", "- [M](m.md)\n")
    .write("more/m.md", "# M\n")
    .write("de-de/_sidebar.md", "- [D](d.md)\n")
    .write("de-de/d.md", "# D\n");
    let report = desk.import();
    assert_eq!(
        desk.contents(),
        "Start: Start\nPart one: Part one, A, B\nEnd: End\nmore: M"
    );
    assert_eq!(report.left_out.len(), 1, "{report:?}");
    assert!(
        report.left_out[0]
            .en
            .starts_with("de-de/_sidebar.md: in a language")
    );
    assert!(desk.target().join("part1/_sidebar.md").is_file());
}

#[test]
fn texts_of_a_second_language_without_a_partner_are_lessons_of_their_own() {
    let desk = Desk::new();
    desk.write("_sidebar.md", "- [甲](a.md)\n- [乙](b.md)\n- [丙](c.md)\n")
        .write("_sidebar_en.md", "- [A](a.en.md)\n- [Extra](extra.md)\n");
    for file in ["a.md", "b.md", "c.md"] {
        desk.write(file, "# 中文\n");
    }
    for file in ["a.en.md", "c_en.md", "extra.md"] {
        desk.write(file, "# English\n");
    }
    let report = desk.import();
    assert_eq!((report.lessons, report.chinese, report.english), (4, 3, 3));
    assert_eq!(
        pairs(&desk),
        ["a.md|a.en.md", "-|extra.md", "b.md|-", "c.md|c_en.md"]
    );
    assert_eq!(report.left_out, []);
}

#[test]
fn a_second_list_that_nothing_pairs_with_is_not_lost() {
    let desk = Desk::new();
    desk.write("_sidebar.md", "- [甲](a.md)\n- [乙](b.md)\n")
        .write("_sidebar_en.md", "- [One](one.md)\n")
        .write("a.md", "# 中文\n")
        .write("b.md", "# 中文\n")
        .write("one.md", "# English\n");
    desk.import();
    assert_eq!(pairs(&desk), ["a.md|-", "b.md|-", "-|one.md"]);
}

#[test]
fn two_links_in_a_line_are_a_lesson_in_two_languages() {
    let desk = Desk::new();
    desk.write(
        "_sidebar.md",
        "- [English](en/a.md) / [中文](a.md)\n- [乙](b.md)、[丙](c.md)\n",
    )
    .write("a.md", "# 循环\n")
    .write("b.md", "# 乙\n")
    .write("c.md", "# 丙\n")
    .write("en/a.md", "# Loops\n");
    let report = desk.import();
    assert_eq!((report.chinese, report.english), (3, 1));
    assert_eq!(pairs(&desk), ["a.md|en/a.md", "b.md|-", "c.md|-"]);
    let lesson = &desk.course().chapters[0].lessons[0];
    assert_eq!((&*lesson.title.zh, &*lesson.title.en), ("循环", "Loops"));
}

#[test]
fn a_translation_beside_its_text_is_found_without_a_list() {
    let desk = Desk::new();
    desk.write("_sidebar.md", "- [引言](intro.md)\n- [甲](part/a.md)\n")
        .write("intro.md", "# 引言\n")
        .write("part/a.md", "# 甲\n")
        .write("intro.en.md", "# Introduction\n")
        .write("en/part/a.md", "# A\n");
    desk.import();
    assert_eq!(
        pairs(&desk),
        ["intro.md|intro.en.md", "part/a.md|en/part/a.md"]
    );
}

#[test]
fn what_a_text_shows_and_a_lesson_cannot_is_told() {
    let desk = Desk::new();
    desk.write("_sidebar.md", "- [A](a.md)\n")
        .write(
            "a.md",
            "# A\n\n![a](x.bmp)\n\n![b](data:image/png;base64,aGk=)\n\n<video src=\"v.mp4\"></video>\n\n[code](code/main.py) and [gone](gone.py)\n\n[f](b.md ':include')\n",
        )
        .write("code/main.py", "print(1)\n")
        .write("b.md", "# B\n");
    let report = desk.import();
    let lines = report
        .left_out
        .iter()
        .filter(|line| line.en.starts_with("a.md:"));
    assert_eq!(lines.count(), 4, "{report:?}");
    assert_eq!(
        report.linked,
        [
            ("a.md".into(), 9, "code/main.py".into()),
            ("a.md".into(), 11, "b.md".into())
        ]
    );
    assert_eq!(report.dead_links.len(), 1, "{report:?}");
    assert!(report.dead_links[0].2.en.contains("gone.py"));
    assert!(!desk.target().join("code/main.py").exists());
}

#[test]
fn what_mdbook_fills_in_is_told_by_line() {
    let desk = Desk::new();
    desk.write("book.toml", "[book]\nlanguage = \"zh-CN\"\n")
        .write("src/SUMMARY.md", "# Summary\n\n- [A](a.md), [B](b.md)\n")
        .write("src/b.md", "# B\n")
        .write(
            "src/a.md",
            "{{#title A}}\n# A\n\n```rust\n{{#include ../code/a.rs:2:3}}\n```\n\n\\{{#include shown}}\n",
        );
    let report = desk.import();
    assert_eq!(
        english(&report.left_out),
        [
            "a.md:1: {{#title A}} is filled in by the old reader and stands here as it is",
            "a.md:5: {{#include ../code/a.rs:2:3}} is filled in by the old reader and stands here as it is",
        ]
    );
    assert_eq!(pairs(&desk), ["a.md|-", "b.md|-"]);
}

#[test]
fn a_text_that_cannot_be_read_is_no_lesson() {
    let desk = Desk::new();
    desk.write(
        "_sidebar.md",
        "- [A](a.md)\n- [旧](old.md)\n- [Huge](huge.md)\n",
    )
    .write("a.md", "# A\n")
    .write("old.md", b"# \xd6\xd0\xce\xc4\n")
    .write("huge.md", "x".repeat(1024 * 1024 + 1));
    let report = desk.import();
    assert_eq!(report.lessons, 1);
    assert_eq!(
        english(&report.left_out),
        [
            "old.md:1: this is GBK (GB 18030) and not UTF-8; save the file as UTF-8",
            "huge.md: larger than 1 MiB; split it"
        ]
    );
    // Once imported, a text that is broken later takes no lesson away.
    desk.write("a.md", b"\xff\xfex");
    desk.write("old.md", "# 旧\n");
    let report = desk.import();
    assert_eq!((report.lessons, report.gone), (2, Vec::new()));
    assert!(report.left_out[0].en.starts_with("a.md:1: this is UTF-16"));
    assert_eq!(desk.read("a.md"), "# A\n");
}

fn code(id: &str, source: &str, outputs: Value) -> Value {
    json!({ "cell_type": "code", "id": id, "source": source, "outputs": outputs })
}

fn notebook(cells: &[Value]) -> String {
    json!({ "nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells }).to_string()
}

#[test]
fn a_cell_that_ended_with_an_error_is_meant_to_and_none_comes_after_it() {
    let desk = Desk::new();
    let error = json!([{ "output_type": "error", "ename": "ZeroDivisionError",
        "evalue": "\u{1b}[0;31mdivision by zero\u{1b}[0m", "traceback": ["…"] }]);
    let cells = [
        code("c1", "x = 1", json!([])),
        code("c1", "x / 0", error),
        code("c1", "print(x)", json!([])),
    ];
    desk.write("a.ipynb", notebook(&cells));
    desk.import();
    assert_eq!(
        desk.read("a.md"),
        "```python run id=c1\nx = 1\n```\n\n```python run id=c1-2 after=c1 raises\nx / 0\n```\n\n\
         ```text\nZeroDivisionError: division by zero\n```\n\n```python run id=c1-3 after=c1\nprint(x)\n```\n\n"
    );
    let cells = desk.course().cells(&desk.ids()[0], Language::En).unwrap();
    assert!(cells[1].raises);
    assert_eq!(cells[2].before, ["x = 1\n"]);
}

#[test]
fn cells_of_other_kernels_are_shown() {
    let desk = Desk::new();
    let mut text: Value =
        serde_json::from_str(&notebook(&[code("a", "x <- 1", json!([]))])).unwrap();
    text["metadata"] = json!({ "kernelspec": { "language": "R", "name": "ir" } });
    desk.write("a.ipynb", text.to_string());
    desk.import();
    assert_eq!(desk.read("a.md"), "```r\nx <- 1\n```\n\n");
}

#[test]
fn images_beside_a_notebook_come_along_and_folders_are_chapters() {
    let desk = Desk::new();
    let text = json!({ "cell_type": "markdown", "source": "# Sub\n\n![p](pics/p.png) ![q](attachment:q.svg)",
        "attachments": { "q.svg": { "image/svg+xml": ["<svg/>"] } } });
    desk.write("top.ipynb", notebook(&[code("a", "1", json!([]))]))
        .write("part/sub.ipynb", notebook(&[text]))
        .write("part/pics/p.png", "png")
        .write("part/images/sub/1.svg", "theirs")
        .write(".ipynb_checkpoints/top-checkpoint.ipynb", notebook(&[]));
    let report = desk.import();
    assert_eq!(desk.contents(), "hello-book: top\npart: Sub");
    assert_eq!((report.images, report.missing_images), (2, Vec::new()));
    assert_eq!(desk.read("part/pics/p.png"), "png");
    assert_eq!(desk.read("part/images/sub/2.svg"), "<svg/>");
    assert!(!desk.target().join(".import/notebooks").exists());
}

#[test]
fn a_notebook_that_cannot_be_read_is_left_out_with_its_reason() {
    let desk = Desk::new();
    desk.write("a.ipynb", notebook(&[code("a", "1", json!([]))]))
        .write("old.ipynb", "{ \"nbformat\": 3 }")
        .write("empty.ipynb", "");
    let report = desk.import();
    assert_eq!(report.lessons, 1);
    assert_eq!(report.left_out.len(), 2, "{report:?}");
    assert!(
        report.left_out[0]
            .en
            .starts_with("empty.ipynb: is no notebook")
    );
    assert!(
        report.left_out[1]
            .en
            .starts_with("old.ipynb: only nbformat 4")
    );
    fs::remove_file(desk.source().join("a.ipynb")).unwrap();
    let refused = import(&desk.source(), Some(ImportFrom::Notebooks), &desk.target());
    assert!(refused.unwrap_err().to_string().contains("nbformat 4"));
}

#[test]
fn what_a_notebook_shows_and_a_text_cannot_is_told_by_cell() {
    let desk = Desk::new();
    let html = json!([{ "output_type": "execute_result", "data": { "text/html": "<table/>", "text/plain": "a  b" } }]);
    let widget = json!([{ "output_type": "display_data", "data": { "application/vnd.x": {} } }]);
    let long = json!([{ "output_type": "stream", "name": "stdout", "text": "x".repeat(4001) }]);
    let fits = json!([{ "output_type": "stream", "name": "stdout", "text": "y".repeat(4000) }]);
    let cells = [
        json!({ "cell_type": "raw", "source": "raw" }),
        code("a", "1", html),
        code("b", "2", widget),
        code("c", "3", long),
        code("d", "4", fits),
    ];
    desk.write("a.ipynb", notebook(&cells));
    let report = desk.import();
    assert_eq!(
        english(&report.left_out),
        [
            "a.ipynb: cell 1: it is raw, so it is left out",
            "a.ipynb: cell 2: its output in HTML is shown as plain text",
            "a.ipynb: cell 3: its output is application/vnd.x, so it is left out",
            "a.ipynb: cell 4: its output of 4001 characters is cut to 4000",
        ]
    );
    assert!(
        desk.read("a.md")
            .contains(&format!("{}\n…\n", "x".repeat(4000)))
    );
}

#[test]
fn a_notebooks_text_that_the_author_changed_stays() {
    let desk = Desk::new();
    desk.write("a.ipynb", notebook(&[code("a", "x = 1", json!([]))]));
    desk.import();
    desk.edit("a.md", "mine\n");
    assert_eq!(desk.import().changed, []);
    desk.write("a.ipynb", notebook(&[code("a", "x = 2", json!([]))]));
    assert_eq!(desk.import().changed.len(), 1);
    assert_eq!(desk.read("a.md"), "mine\n");
    assert!(desk.read(".import/new/a.md").contains("x = 2"));
}
