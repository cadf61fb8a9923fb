//! The index of the lessons: found by words of any length in both languages, best first, kept when
//! courses change, and made anew when its file is no use.

use ha_store::{LessonIndex, Passage};
use std::fs;
use tempfile::TempDir;

fn passage(anchor: &str, heading: &str, prose: &str, code: &str) -> Passage {
    Passage {
        lesson: "loop".into(),
        language: "zh".into(),
        anchor: anchor.into(),
        heading: heading.into(),
        prose: prose.into(),
        code: code.into(),
    }
}

fn filled(folder: &TempDir) -> LessonIndex {
    let index = LessonIndex::open(&folder.path().join("缓存/lessons.sqlite")).unwrap();
    let passages = [
        passage(
            "react",
            "ReAct 范式",
            "智能体先思考，再行动。",
            "def run_agent(tools):",
        ),
        passage("tools", "工具", "工具的返回值写进记忆。", "toolbox.call()"),
        passage("memory", "记忆", "短期记忆与长期记忆。", "history = []"),
    ];
    index.put("agents", "1", &passages).unwrap();
    index
}

fn check(index: &LessonIndex, question: &str, anchors: &[&str]) {
    let found = index.search(question, 10).unwrap();
    let got: Vec<_> = found
        .iter()
        .map(|hit| hit.passage.anchor.as_str())
        .collect();
    assert_eq!(got, anchors, "{question}");
}

#[test]
fn words_of_one_and_two_characters_are_found_the_best_first() {
    let folder = tempfile::tempdir().unwrap();
    let index = filled(&folder);
    check(&index, "智能体", &["react"]);
    check(&index, "行动", &["react"]);
    check(&index, "动", &["react"]);
    check(&index, "返", &["tools"]);
    // In its heading, then in its prose.
    check(&index, "记忆", &["memory", "tools"]);
    check(&index, "忆", &["memory", "tools"]);
    check(&index, "reac", &["react"]);
    check(&index, "RUN_AGENT", &["react"]);
    check(&index, "histor", &["memory"]);
    check(&index, "工具 记忆", &["tools"]);
    check(&index, "没有的词", &[]);
    check(&index, "", &[]);
    check(&index, "\" OR 1 *", &[]);
}

#[test]
fn a_course_is_replaced_and_forgotten_as_a_whole() {
    let folder = tempfile::tempdir().unwrap();
    let index = filled(&folder);
    index
        .put("other", "1", &[passage("o", "记忆", "", "")])
        .unwrap();
    index
        .put("agents", "2", &[passage("new", "规划", "", "")])
        .unwrap();
    check(&index, "记忆", &["o"]);
    check(&index, "规划", &["new"]);
    let stamp = |course: &str, stamp: &str| (course.to_string(), stamp.to_string());
    assert_eq!(
        index.stamps().unwrap(),
        [stamp("agents", "2"), stamp("other", "1")]
    );
    index.forget("other").unwrap();
    check(&index, "记忆", &[]);
    assert_eq!(index.stamps().unwrap(), [stamp("agents", "2")]);
}

#[test]
fn what_is_in_the_file_is_found_by_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    drop(filled(&folder));
    let index = LessonIndex::open(&folder.path().join("缓存/lessons.sqlite")).unwrap();
    check(&index, "范式", &["react"]);
}

#[test]
fn a_file_that_is_no_index_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lessons.sqlite");
    fs::write(
        &path,
        "this is no database, and long enough to be read as one".repeat(100),
    )
    .unwrap();
    let index = LessonIndex::open(&path).unwrap();
    assert_eq!(index.stamps().unwrap(), []);
    index.put("c", "1", &[passage("a", "甲", "", "")]).unwrap();
    drop(index);
    check(&LessonIndex::open(&path).unwrap(), "甲", &["a"]);
}

#[test]
fn without_a_place_to_write_it_is_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let index = LessonIndex::open(&file.join("lessons.sqlite")).unwrap();
    index.put("c", "1", &[passage("a", "甲", "", "")]).unwrap();
    check(&index, "甲", &["a"]);
}
