//! The author's solution: each rule, and that its text does not cross before the rule allows it.

use crate::stage::{COURSE, Seen, Stage, file, id, lesson};
use ha_api::wire::{CheckEvent, CheckStart, FileText, Language, LessonSolution};
use ha_api::{App, ErrorCode};
use ha_testkit::{FakeRunner, Step};
use std::sync::Arc;

/// A course whose first lesson has this rule, and a sandbox in which each program prints itself.
fn staged(rule: &str) -> (Stage, Arc<App>) {
    let stage = Stage::new();
    let ruled = COURSE.replacen("minutes = 5", &format!("minutes = 5\n{rule}"), 1);
    stage.write("courses/tiny/course.toml", ruled);
    let app = stage.open(FakeRunner::new(|request| {
        let main = request.files.iter().find(|file| file.path == "main.py");
        let source = String::from_utf8_lossy(&main.unwrap().bytes).into_owned();
        match source.as_str() {
            "hang" => vec![Step::Hang],
            _ => vec![Step::print(&source)],
        }
    }));
    (stage, app)
}

async fn solution(app: &App) -> LessonSolution {
    app.lesson_solution(&lesson()).await.unwrap()
}

async fn check(app: &Arc<App>, code: &str) {
    let (seen, sink) = Seen::new();
    let start = CheckStart {
        run_id: id(),
        lesson: lesson(),
        files: vec![file("main.py", code)],
        language: Language::En,
    };
    let run = start.run_id.clone();
    app.check_start(start, sink).await.unwrap();
    if code == "hang" {
        let begun = |event: &CheckEvent| matches!(event, CheckEvent::Started { .. });
        seen.until(begun).await;
        app.run_cancel(&run);
    }
    let done = |event: &CheckEvent| matches!(event, CheckEvent::Finished { .. });
    seen.until(done).await;
}

fn open(passed: bool) -> LessonSolution {
    LessonSolution::Open {
        passed,
        files: vec![written()],
    }
}

fn written() -> FileText {
    file("main.py", "print('hello')\n")
}

fn after(needed: u32, left: u32) -> LessonSolution {
    LessonSolution::AfterFailed { needed, left }
}

#[tokio::test]
async fn without_a_rule_the_solution_comes_with_the_pass() {
    let (_stage, app) = staged("");
    assert_eq!(solution(&app).await, LessonSolution::AfterPass);
    check(&app, "no").await;
    check(&app, "no").await;
    assert_eq!(solution(&app).await, LessonSolution::AfterPass);
    check(&app, "hello").await;
    assert_eq!(solution(&app).await, open(true));
    check(&app, "no").await;
    assert_eq!(solution(&app).await, open(true), "what passed stays passed");
}

#[tokio::test]
async fn always_is_at_once_and_says_that_nothing_passed_yet() {
    let (_stage, app) = staged("solution_after = \"always\"");
    assert_eq!(solution(&app).await, open(false));
}

#[tokio::test]
async fn never_is_never_not_even_after_a_pass() {
    let (_stage, app) = staged("solution_after = \"never\"");
    check(&app, "hello").await;
    assert_eq!(solution(&app).await, LessonSolution::Never);
}

#[tokio::test]
async fn a_number_counts_checks_that_failed_and_no_stopped_ones() {
    let (_stage, app) = staged("solution_after = 2");
    assert_eq!(solution(&app).await, after(2, 2));
    check(&app, "no").await;
    check(&app, "hang").await;
    assert_eq!(solution(&app).await, after(2, 1));
    check(&app, "no").await;
    assert_eq!(solution(&app).await, open(false));
}

#[tokio::test]
async fn who_passes_sooner_sees_it_sooner() {
    let (_stage, app) = staged("solution_after = 9");
    check(&app, "hello").await;
    assert_eq!(solution(&app).await, open(true));
}

#[tokio::test]
async fn a_lesson_without_a_solution_has_none_and_one_without_checks_hides_none() {
    let (stage, app) = staged("solution_after = \"always\"");
    std::fs::remove_dir_all(stage.path().join("courses/tiny/01-hello/solution")).unwrap();
    assert_eq!(solution(&app).await, LessonSolution::Missing);
    let (stage, app) = staged("");
    std::fs::remove_file(stage.path().join("courses/tiny/01-hello/checks.toml")).unwrap();
    assert_eq!(solution(&app).await, open(false));
    let mut nowhere = lesson();
    nowhere.lesson = "nowhere".into();
    let error = app.lesson_solution(&nowhere).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::LessonNotFound);
}

#[tokio::test]
async fn nothing_else_that_crosses_holds_it() {
    let (stage, app) = staged("");
    stage.write("courses/tiny/01-hello/solution/extra.py", "SECRET = 1\n");
    let view = app.lesson_open(lesson(), Language::En).await.unwrap();
    let crossed = serde_json::to_string(&view).unwrap();
    assert!(!crossed.contains("SECRET") && !crossed.contains("print('hello')"));
    let withheld = serde_json::to_value(solution(&app).await).unwrap();
    assert_eq!(withheld, serde_json::json!({ "state": "afterPass" }));
}
