//! The terminal: opened with the lesson's files, typed into, read, closed, and never more than two.

use crate::stage::{Stage, file, id, lesson};
use ha_api::wire::{EngineChoice, Settings, TerminalEnd, TerminalOpen};
use ha_api::{App, Engines, ErrorCode};
use ha_sandbox::EngineState;
use ha_testkit::FakeRunner;
use std::sync::Arc;

fn both(stage: &Stage) -> (Arc<App>, Arc<FakeRunner>) {
    let docker = FakeRunner::called("docker", |_| Vec::new());
    let wasm = FakeRunner::called("wasm", |_| Vec::new());
    let app = stage.open(Engines::new(wasm, Some(docker.clone())));
    (app, docker)
}

fn asked(terminal_id: &str) -> TerminalOpen {
    TerminalOpen {
        terminal_id: terminal_id.into(),
        lesson: lesson(),
        files: vec![file("main.py", "print()")],
        rows: 24,
        columns: 80,
    }
}

/// Reads until everything that is expected is there.
async fn until(app: &App, id: &str, expected: &str) {
    let mut text = String::new();
    while text != expected {
        let news = app.terminal_next(id).await.unwrap();
        assert_eq!(news.end, None, "after {text:?}");
        text += &news.text;
        assert!(expected.starts_with(&text), "{text:?}");
    }
}

#[tokio::test]
async fn a_terminal_has_the_lessons_files_and_says_what_is_typed() {
    let stage = Stage::new();
    let (app, _docker) = both(&stage);
    let one = id();
    app.terminal_open(asked(&one)).await.unwrap();
    until(&app, &one, "[main.py data/note.txt]").await;
    app.terminal_type(&one, "你好".into()).await.unwrap();
    until(&app, &one, "你好").await;
    app.terminal_resize(&one, 0, 5000).unwrap();
    until(&app, &one, "[1x1000]").await;
    app.terminal_type(&one, "exit\r".into()).await.unwrap();
    let last = app.terminal_next(&one).await.unwrap();
    assert_eq!(last.end, Some(TerminalEnd::Exited { code: 0 }));
    let gone = app.terminal_next(&one).await.unwrap_err();
    assert_eq!(gone.code, ErrorCode::RunNotFound);
}

#[tokio::test]
async fn whoever_waits_for_a_terminal_hears_that_it_was_closed() {
    let stage = Stage::new();
    let (app, _docker) = both(&stage);
    let one = id();
    app.terminal_open(asked(&one)).await.unwrap();
    until(&app, &one, "[main.py data/note.txt]").await;
    let (news, ()) = tokio::join!(app.terminal_next(&one), async {
        tokio::task::yield_now().await;
        app.terminal_close(&one);
    });
    assert_eq!(news.unwrap().end, Some(TerminalEnd::Closed));
    app.terminal_close(&one);
    let refused = app.terminal_type(&one, "x".into()).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::RunNotFound);
}

#[tokio::test]
async fn a_third_terminal_closes_the_first() {
    let stage = Stage::new();
    let (app, _docker) = both(&stage);
    let ids = [id(), id(), id()];
    for one in &ids {
        app.terminal_open(asked(one)).await.unwrap();
    }
    assert!(app.terminal_next(&ids[0]).await.is_err());
    until(&app, &ids[1], "[main.py data/note.txt]").await;
    app.stop_all_runs();
    assert!(app.terminal_next(&ids[2]).await.is_err(), "all are closed");
}

#[tokio::test]
async fn what_cannot_be_a_terminal_is_refused() {
    let stage = Stage::new();
    let (app, docker) = both(&stage);
    let one = id();
    app.terminal_open(asked(&one)).await.unwrap();
    for (request, expected) in [
        (asked(&one), ErrorCode::InvalidRequest),
        (asked("no uuid"), ErrorCode::InvalidRequest),
        (
            TerminalOpen {
                files: vec![file("../up", "")],
                ..asked(&id())
            },
            ErrorCode::InvalidRequest,
        ),
    ] {
        let refused = app.terminal_open(request).await.unwrap_err();
        assert_eq!(refused.code, expected, "{}", refused.message);
    }
    let much = "x".repeat((64 << 10) + 1);
    let refused = app.terminal_type(&one, much).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::InvalidRequest);
    docker.set_state(EngineState::Unavailable {
        reason: "nothing is installed".into(),
    });
    let refused = app.terminal_open(asked(&id())).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::EngineUnavailable);
    let settings = Settings {
        engine: EngineChoice::Wasm,
        ..Settings::default()
    };
    app.settings_set(settings).await.unwrap();
    let refused = app.terminal_open(asked(&id())).await.unwrap_err();
    assert!(refused.message.contains("built-in"), "{}", refused.message);
}
