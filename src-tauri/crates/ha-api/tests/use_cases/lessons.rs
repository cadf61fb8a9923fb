//! Lessons: the author's files joined with the learner's, and every way back.

use crate::stage::{COURSE, STARTER, Stage, file, lesson};
use ha_api::wire::{FileOrigin, HistoryKind, Language, LessonFile, LessonState, ResetTo};
use ha_api::{App, ErrorCode};
use ha_testkit::FakeRunner;
use std::sync::Arc;

fn app() -> (Stage, Arc<App>) {
    let stage = Stage::new();
    let app = stage.open(FakeRunner::silent());
    (stage, app)
}

fn listed(files: &[LessonFile]) -> Vec<(&str, &str, FileOrigin)> {
    files
        .iter()
        .map(|file| (file.path.as_str(), file.text.as_str(), file.origin))
        .collect()
}

#[tokio::test]
async fn a_lesson_opens_with_text_files_hints_and_neighbours() {
    let (_stage, app) = app();
    let view = app.lesson_open(lesson(), Language::Zh).await.unwrap();
    assert!(view.text.html.contains("运行它。"), "{}", view.text.html);
    assert_eq!(view.text.number, "1.1");
    assert_eq!(view.text.hints.len(), 1);
    assert_eq!(view.checks.len(), 2);
    assert_eq!(view.state, LessonState::Started);
    assert_eq!(view.text.previous, None);
    assert_eq!(view.text.next.unwrap().lesson, "again");
    assert_eq!(view.text.license, "CC-BY-4.0");
    assert_eq!(
        listed(&view.files),
        [
            ("main.py", STARTER, FileOrigin::Starter),
            ("data/note.txt", "given\n", FileOrigin::Data)
        ]
    );
}

#[tokio::test]
async fn a_lesson_can_be_read_without_being_opened() {
    let (_stage, app) = app();
    let text = app.lesson_text(&lesson(), Language::En).await.unwrap();
    assert!(text.html.contains("Run it."), "{}", text.html);
    let tree = app.course_tree("tiny").await.unwrap();
    assert_eq!(tree.chapters[0].lessons[0].state, LessonState::New);
    assert_eq!(app.home().await.unwrap().resume, None);
    let view = app.lesson_open(lesson(), Language::En).await.unwrap();
    assert_eq!(view.text, text, "what was read is what is opened");
}

#[tokio::test]
async fn what_does_not_exist_has_its_own_code() {
    let (stage, app) = app();
    let mut nowhere = lesson();
    nowhere.lesson = "nowhere".into();
    let error = app.lesson_open(nowhere, Language::En).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::LessonNotFound);
    let error = app.course_tree("nowhere").await.unwrap_err();
    assert_eq!(error.code, ErrorCode::CourseNotFound);
    stage.write("courses/tiny/01-hello/lesson.en.md", [0xff, 0xfe, 0x00]);
    let error = app.lesson_open(lesson(), Language::En).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::LessonBroken);
    let error = app.history_get("nowhere".into()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::HistoryNotFound);
}

#[tokio::test]
async fn drafts_are_found_again_by_the_next_start() {
    let (stage, app) = app();
    let saved = file("main.py", "print('你好')  # mine\n");
    app.draft_save(lesson(), saved.clone()).await.unwrap();
    app.draft_save(lesson(), file("tools.py", "X = 1\n"))
        .await
        .unwrap();
    drop(app);
    let app = stage.open(FakeRunner::silent());
    let view = app.lesson_open(lesson(), Language::En).await.unwrap();
    assert_eq!(
        listed(&view.files),
        [
            ("main.py", saved.text.as_str(), FileOrigin::Starter),
            ("tools.py", "X = 1\n", FileOrigin::Own),
            ("data/note.txt", "given\n", FileOrigin::Data)
        ]
    );
    assert!(view.files[0].changed);
}

#[tokio::test]
async fn typing_the_starter_again_leaves_no_draft() {
    let (stage, app) = app();
    app.draft_save(lesson(), file("main.py", "x"))
        .await
        .unwrap();
    app.draft_save(lesson(), file("main.py", STARTER))
        .await
        .unwrap();
    stage.write("courses/tiny/01-hello/starter/main.py", "print('newer')\n");
    let view = app.lesson_open(lesson(), Language::En).await.unwrap();
    assert_eq!(view.files[0].text, "print('newer')\n");
}

#[tokio::test]
async fn files_outside_the_lesson_are_refused() {
    let (_stage, app) = app();
    for path in ["../x.py", "/etc/passwd", "", "data/note.txt", "a\0b"] {
        let error = app.draft_save(lesson(), file(path, "")).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidRequest, "{path:?}");
    }
    let large = "x".repeat(1024 * 1024);
    app.draft_save(lesson(), file("main.py", &large))
        .await
        .unwrap();
    let error = app
        .draft_save(lesson(), file("main.py", &(large + "x")))
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::SourceTooLarge);
}

#[tokio::test]
async fn added_files_are_bounded() {
    let (_stage, app) = app();
    for n in 0..24 {
        app.draft_save(lesson(), file(&format!("f{n}.py"), ""))
            .await
            .unwrap();
    }
    app.draft_save(lesson(), file("f3.py", "again"))
        .await
        .unwrap();
    let error = app
        .draft_save(lesson(), file("one_more.py", ""))
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::InvalidRequest);
}

#[tokio::test]
async fn a_reset_keeps_the_old_version_and_can_be_undone() {
    let (_stage, app) = app();
    app.draft_save(lesson(), file("main.py", "mine"))
        .await
        .unwrap();
    app.draft_save(lesson(), file("own.py", "own"))
        .await
        .unwrap();
    let reset = app.lesson_reset(lesson(), ResetTo::Starter).await.unwrap();
    assert_eq!(listed(&reset.files)[0].1, STARTER);
    assert_eq!(reset.files.len(), 2, "the added file is gone");

    let history = app.history_list(lesson()).await.unwrap();
    assert_eq!(history.len(), 1);
    assert_eq!(history[0].kind, HistoryKind::Snapshot);
    assert_eq!(history[0].id, reset.undo);
    let kept = app.history_get(reset.undo.clone()).await.unwrap();
    assert_eq!(kept.files, [file("main.py", "mine"), file("own.py", "own")]);

    let undone = app.history_restore(reset.undo).await.unwrap();
    assert_eq!(listed(&undone.files)[0].1, "mine");
    assert_eq!(listed(&undone.files)[1].1, "own");
    assert_eq!(app.history_list(lesson()).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_deleted_file_stays_in_the_history_and_given_files_stay() {
    let (_stage, app) = app();
    app.draft_save(lesson(), file("own.py", "own"))
        .await
        .unwrap();
    let error = app.draft_delete(lesson(), "main.py".into()).await;
    assert_eq!(error.unwrap_err().code, ErrorCode::InvalidRequest);
    let after = app.draft_delete(lesson(), "own.py".into()).await.unwrap();
    assert!(after.files.iter().all(|file| file.path != "own.py"));
    let undone = app.history_restore(after.undo).await.unwrap();
    assert!(undone.files.iter().any(|file| file.path == "own.py"));
}

#[tokio::test]
async fn there_is_nothing_to_go_back_to_before_the_first_pass() {
    let (_stage, app) = app();
    let error = app.lesson_reset(lesson(), ResetTo::LastPassed).await;
    assert_eq!(error.unwrap_err().code, ErrorCode::HistoryNotFound);
}

#[tokio::test]
async fn lesson_images_come_from_inside_the_course_only() {
    let (stage, app) = app();
    let pixel = b"GIF89a\x01\0\x01\0";
    stage.write("courses/tiny/01-hello/images/图 1.png", pixel);
    stage.write("secret.png", [9]);
    let image = app.course_asset("tiny/01-hello/images/图 1.png").unwrap();
    assert_eq!(image, (pixel.to_vec(), "image/png"));
    for path in ["tiny/../../secret.png", "tiny/course.toml", "tiny/", "x"] {
        assert!(app.course_asset(path).is_err(), "{path}");
    }
}

#[tokio::test]
async fn a_lesson_says_what_it_builds_on_and_what_it_needs() {
    let (stage, app) = app();
    let text = app.lesson_text(&lesson(), Language::En).await.unwrap();
    assert_eq!((text.needs, text.prerequisites), Default::default());
    let more = "minutes = 10\nprerequisites = [\"hello\", \"nowhere\"]\nneeds = { docker = true, model = true, network = [\"a.example\"], packages = [\"numpy\"] }\nagent = { tools = [\"http_get\"], hosts = [\"a.example\", \"b.example\"] }";
    let course = COURSE.replacen("minutes = 10", more, 1);
    stage.write("courses/tiny/course.toml", course);
    let mut again = lesson();
    again.lesson = "again".into();
    let text = app.lesson_text(&again, Language::En).await.unwrap();
    let known = &text.prerequisites[..];
    assert_eq!(known.len(), 1, "what is not there cannot be opened");
    assert_eq!((&known[0].lesson, &*known[0].number), (&lesson(), "1.1"));
    assert_eq!(
        (&*known[0].title.zh, &*known[0].title.en),
        ("你好", "Hello")
    );
    assert!(text.needs.docker && text.needs.model);
    assert_eq!(text.needs.network, ["a.example", "b.example"]);
    assert_eq!(text.needs.packages, ["numpy"]);
}
