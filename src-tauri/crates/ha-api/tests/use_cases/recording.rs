//! Recording a lesson in the author's place: what the live model answers is written into the cassette, of
//! the author's own folder only, and what was paid for is never lost.

use crate::agents::{call, live};
use crate::stage::{COURSE, NOW, Seen, Stage, id};
use ha_api::wire::{RecordEvent, RunOutcome};
use ha_api::{App, ErrorCode};
use ha_llm::keys::KeyStore;
use ha_testkit::fake_chat::{Answer, FakeChat};
use ha_testkit::{FakeRunner, Step};
use serde_json::json;
use std::path::PathBuf;
use std::sync::Arc;

fn asks(text: &str) -> Step {
    let messages = json!([{ "role": "user", "content": text }]);
    call("chat", json!({ "request": { "messages": messages } }))
}

/// A course in a folder of its author, and the cassette of its first lesson.
fn mine(stage: &Stage) -> (PathBuf, PathBuf) {
    stage.write("mine/tiny/course.toml", COURSE);
    for lesson in ["01-hello", "02-again"] {
        for (path, text) in [
            ("lesson.en.md", "# Hello\n"),
            ("starter/main.py", "pass\n"),
            ("solution/main.py", "print('hello')\n"),
        ] {
            stage.write(&format!("mine/tiny/{lesson}/{path}"), text);
        }
    }
    let dir = stage.path().join("mine/tiny");
    let cassette = dir.join("01-hello/cassette.toml");
    (dir, cassette)
}

fn app(stage: &Stage, steps: Vec<Step>) -> Arc<App> {
    let keys = Arc::new(KeyStore::new("helloagents-test", Some("sk-record-1")).unwrap());
    let runner = FakeRunner::new(move |_| steps.clone());
    App::open_with_keys(stage.places(), runner, || NOW, keys)
}

fn is_last(event: &RecordEvent) -> bool {
    !matches!(event, RecordEvent::Output { .. })
}

#[tokio::test]
async fn what_the_live_model_answers_is_written_and_never_paid_for_twice() {
    let stage = Stage::new();
    let (dir, cassette) = mine(&stage);
    let service = FakeChat::start().await;
    service.script([Answer::words(&["It ", "rains."])]);
    let app = app(&stage, vec![asks("rain?")]);
    live(&app, &service, 20.0).await;
    let record = async || {
        let (seen, sink) = Seen::new();
        app.author_record(&id(), &dir, "hello", sink).await.unwrap();
        seen.until(is_last).await
    };
    let events = record().await;
    let printed = |event: &RecordEvent| matches!(event, RecordEvent::Output { text } if text.contains("It rains."));
    assert!(events.iter().any(printed), "{events:?}");
    let written = Some(cassette.display().to_string());
    let outcome = RunOutcome::Exited { code: 0 };
    let path = written.clone();
    assert_eq!(
        events.last(),
        Some(&RecordEvent::Finished { outcome, path })
    );
    let text = std::fs::read_to_string(&cassette).unwrap();
    assert!(
        text.contains("rain?") && text.contains("It rains."),
        "{text}"
    );
    assert!(!text.contains("sk-record-1") && !text.contains(&service.base_url()));
    let asked = service.requests().len();
    let events = record().await;
    assert_eq!(
        events.last(),
        Some(&RecordEvent::Finished {
            outcome,
            path: None
        })
    );
    assert_eq!(service.requests().len(), asked);
    assert_eq!(std::fs::read_to_string(&cassette).unwrap(), text);
}

#[tokio::test]
async fn a_recording_that_is_stopped_keeps_what_was_answered() {
    let stage = Stage::new();
    let (dir, cassette) = mine(&stage);
    stage.write(
        "mine/tiny/01-hello/cassette.toml",
        "cassette_version = 1\n# mine\n",
    );
    let service = FakeChat::start().await;
    service.script([Answer::words(&["Yes."])]);
    let app = app(&stage, vec![asks("rain?"), Step::Hang]);
    live(&app, &service, 20.0).await;
    let (seen, sink) = Seen::new();
    let job = id();
    app.author_record(&job, &dir, "hello", sink).await.unwrap();
    seen.until(|event| matches!(event, RecordEvent::Output { .. }))
        .await;
    app.job_stop(&job);
    let events = seen.until(is_last).await;
    let Some(RecordEvent::Finished { outcome, path }) = events.last() else {
        panic!("no end: {events:?}");
    };
    assert_eq!((*outcome, path.is_some()), (RunOutcome::Cancelled, true));
    let text = std::fs::read_to_string(&cassette).unwrap();
    assert!(text.starts_with("cassette_version = 1\n# mine\n"), "{text}");
    assert!(text.contains("Yes."), "{text}");
}

#[tokio::test]
async fn nothing_is_written_into_a_course_of_somebody_else() {
    let stage = Stage::new();
    let app = app(&stage, vec![asks("rain?")]);
    let shelf = "data/courses/tiny";
    stage.write(&format!("{shelf}/course.toml"), COURSE);
    let bundled = stage.path().join("courses/tiny");
    let around = stage.path().join("courses/../courses/tiny");
    for dir in [bundled, around, stage.path().join(shelf)] {
        let (_seen, sink) = Seen::new();
        let refused = app.author_record(&id(), &dir, "hello", sink).await;
        assert_eq!(
            refused.unwrap_err().code,
            ErrorCode::NotYourCourse,
            "{dir:?}"
        );
    }
    let (dir, _) = mine(&stage);
    let (_seen, sink) = Seen::new();
    let missing = app.author_record(&id(), &dir, "nothing", sink).await;
    assert_eq!(missing.unwrap_err().code, ErrorCode::LessonNotFound);
}
