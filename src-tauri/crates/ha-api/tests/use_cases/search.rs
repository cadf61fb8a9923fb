//! Search: every installed lesson is found by its words, and the index follows the courses.

use crate::stage::{COURSE, Stage};
use ha_api::wire::{HitPart, Language, LessonHit, LessonSearch};
use ha_api::{App, ErrorCode};
use ha_testkit::FakeRunner;
use std::sync::Arc;

fn asked(text: &str, language: Language) -> LessonSearch {
    LessonSearch {
        text: text.into(),
        language,
        course: None,
        limit: 10,
    }
}

async fn hits(app: &Arc<App>, text: &str) -> Vec<LessonHit> {
    app.lesson_search(asked(text, Language::Zh)).await.unwrap()
}

fn shown(parts: &[HitPart]) -> String {
    let show = |part: &HitPart| match part.marked {
        true => format!("[{}]", part.text),
        false => part.text.clone(),
    };
    parts.iter().map(show).collect()
}

/// `lesson#anchor language: heading: excerpt` of every hit.
async fn check(app: &Arc<App>, text: &str, expected: &[&str]) {
    let found = hits(app, text).await;
    let got: Vec<_> = found
        .iter()
        .map(|hit| {
            format!(
                "{}#{} {:?}: {}: {}",
                hit.lesson.lesson,
                hit.anchor.as_deref().unwrap_or_default(),
                hit.language,
                shown(&hit.heading),
                shown(&hit.excerpt)
            )
        })
        .collect();
    assert_eq!(got, expected, "{text}");
}

fn stage() -> (Stage, Arc<App>) {
    let stage = Stage::new();
    stage.write(
        "courses/tiny/01-hello/lesson.zh.md",
        "# 你好\n\n运行它。\n\n## 观察结果\n\n先看输出，再看**变量**。\n\n```python\nprint(total)\n```\n",
    );
    let app = stage.open(FakeRunner::silent());
    (stage, app)
}

#[tokio::test]
async fn text_headings_and_code_are_found_and_marked() {
    let (_stage, app) = stage();
    check(
        &app,
        "变量",
        &["hello#h-观察结果 Zh: 观察结果: 先看输出，再看[变量]。"],
    )
    .await;
    check(
        &app,
        "察",
        &["hello#h-观察结果 Zh: 观[察]结果: 先看输出，再看变量。"],
    )
    .await;
    check(
        &app,
        "tota",
        &["hello#h-观察结果 Zh: 观察结果: print([tota]l)"],
    )
    .await;
    check(&app, "再来", &["again#h-你好 Zh: [再来] 你好: 运行它。"]).await;
    check(&app, "", &[]).await;
    check(&app, "没有", &[]).await;
}

#[tokio::test]
async fn the_other_language_is_shown_where_the_preferred_one_has_nothing() {
    let (_stage, app) = stage();
    check(
        &app,
        "run it",
        &[
            "hello#h-hello En: Hello: [Run] [it].",
            "again#h-hello En: Again Hello: [Run] [it].",
        ],
    )
    .await;
}

#[tokio::test]
async fn what_changed_is_found_and_what_is_gone_is_not() {
    let (stage, app) = stage();
    assert_eq!(hits(&app, "运行").await.len(), 2);
    stage.write(
        "courses/tiny/02-again/lesson.zh.md",
        "# 再来\n\n又一次飞行。\n",
    );
    check(&app, "飞行", &["again#h-再来 Zh: 再来: 又一次[飞行]。"]).await;
    assert_eq!(hits(&app, "运行").await.len(), 1);
    stage.write(
        "courses/tiny/course.toml",
        COURSE.replace("id = \"tiny\"", "id = \"other\""),
    );
    assert_eq!(hits(&app, "飞行").await[0].lesson.course, "other");
    std::fs::remove_dir_all(stage.path().join("courses/tiny")).unwrap();
    check(&app, "飞行", &[]).await;
}

#[tokio::test]
async fn a_search_can_stay_in_a_course_and_has_a_limit() {
    let (_stage, app) = stage();
    let mut search = asked("运行", Language::Zh);
    search.limit = 1;
    assert_eq!(app.lesson_search(search.clone()).await.unwrap().len(), 1);
    search.course = Some("another".into());
    assert_eq!(app.lesson_search(search.clone()).await.unwrap(), []);
    search.limit = 51;
    let error = app.lesson_search(search).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::InvalidRequest);
}
