//! A database that cannot be used is a state with a way out, and the file is never touched.

use crate::stage::{NOW, Stage, lesson};
use ha_api::ErrorCode;
use ha_api::wire::{Language, Settings, StoreState};
use ha_testkit::FakeRunner;

fn code(state: &StoreState) -> Option<ErrorCode> {
    match state {
        StoreState::Ready { .. } => None,
        StoreState::Unavailable { code, .. } => Some(*code),
    }
}

#[tokio::test]
async fn a_damaged_database_is_named_kept_and_can_be_set_aside() {
    let stage = Stage::new();
    let damaged = vec![0x5a; 9000];
    stage.write("data/helloagents.sqlite", &damaged);
    let app = stage.open(FakeRunner::silent());

    let boot = app.boot().await;
    assert_eq!(code(&boot.store), Some(ErrorCode::StoreCorrupt));
    assert_eq!(boot.settings, Settings::default());
    let refused = app.lesson_open(lesson(), Language::En).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::StoreCorrupt);
    assert_eq!(
        code(&app.store_retry().await),
        Some(ErrorCode::StoreCorrupt)
    );
    let file = stage.path().join("data/helloagents.sqlite");
    assert_eq!(std::fs::read(&file).unwrap(), damaged);

    assert_eq!(code(&app.store_start_fresh().await.unwrap()), None);
    app.lesson_open(lesson(), Language::En).await.unwrap();
    let kept = std::fs::read_dir(stage.path().join("data"))
        .unwrap()
        .flatten()
        .any(|entry| std::fs::read(entry.path()).is_ok_and(|bytes| bytes == damaged));
    assert!(kept, "the damaged file is still there under another name");
}

#[tokio::test]
async fn start_fresh_never_touches_a_database_that_works() {
    let stage = Stage::new();
    let app = stage.open(FakeRunner::silent());
    app.lesson_open(lesson(), Language::En).await.unwrap();
    app.store_start_fresh().await.unwrap();
    let tree = app.course_tree("tiny").await.unwrap();
    assert_eq!(
        tree.chapters[0].lessons[0].state,
        ha_api::wire::LessonState::Started
    );
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_named_and_retry_works_once_it_can() {
    let stage = Stage::new();
    stage.write("data", "a file where the folder should be");
    let app = stage.open(FakeRunner::silent());
    assert_eq!(
        code(&app.boot().await.store),
        Some(ErrorCode::StoreUnwritable)
    );
    std::fs::remove_file(stage.path().join("data")).unwrap();
    assert_eq!(code(&app.store_retry().await), None);
}

#[tokio::test]
async fn settings_are_clamped_and_found_again() {
    let stage = Stage::new();
    let app = stage.open(FakeRunner::silent());
    let wanted = Settings {
        ui_language: Some(Language::Zh),
        run_timeout_s: 200,
        ..Settings::default()
    };
    let stored = app.settings_set(wanted).await.unwrap();
    assert_eq!(stored.run_timeout_s, 60);
    drop(app);
    let again = stage.open(FakeRunner::silent());
    assert_eq!(again.boot().await.settings, stored);
}

#[tokio::test]
async fn home_leads_back_to_the_lesson_opened_last() {
    let stage = Stage::new();
    let app = stage.open(FakeRunner::silent());
    let home = app.home().await.unwrap();
    assert_eq!(home.resume, None);
    assert_eq!(home.courses.len(), 1);
    assert_eq!(home.courses[0].next, Some(lesson()));
    assert_eq!((home.courses[0].lessons, home.courses[0].minutes), (2, 15));

    let mut second = lesson();
    second.lesson = "again".into();
    app.lesson_open(second.clone(), Language::Zh).await.unwrap();
    drop(app);
    let home = stage.open(FakeRunner::silent()).home().await.unwrap();
    let resume = home.resume.unwrap();
    assert_eq!(resume.lesson, second);
    assert_eq!(resume.lesson_title.zh, "再来");
    assert_eq!(resume.opened_at, NOW as f64);
}

#[tokio::test]
async fn health_names_what_is_wrong() {
    let stage = Stage::new();
    let app = stage.open(FakeRunner::silent());
    let broken = |health: ha_api::wire::Health| -> Vec<String> {
        let wrong = health.parts.into_iter().filter(|part| !part.healthy);
        wrong.map(|part| part.name).collect()
    };
    assert!(app.health().await.healthy);
    stage.write("logs", "a file where the folder should be");
    stage.write("courses/tiny/course.toml", "format_version = ");
    assert_eq!(broken(app.health().await), ["courses", "log"]);
}
