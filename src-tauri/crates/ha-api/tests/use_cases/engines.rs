//! Which engine answers: the setting, what the lesson needs, what is ready.

use crate::stage::{Seen, Stage, file, lesson, run_of};
use ha_api::wire::{EngineChoice, EngineStatus, Language, RunEvent, Settings};
use ha_api::{App, Engines, ErrorCode};
use ha_sandbox::{EngineState, RunRequest, Stdin};
use ha_testkit::{FakeRunner, Step};
use std::sync::Arc;

/// An app with both engines, and the one of containers to be put into a state.
fn both(stage: &Stage) -> (Arc<App>, Arc<FakeRunner>) {
    let docker = FakeRunner::called("docker", |_| Vec::new());
    let wasm = FakeRunner::called("wasm", |_| Vec::new());
    let app = stage.open(Engines::new(wasm, Some(docker.clone())));
    (app, docker)
}

async fn set(app: &App, engine: EngineChoice) {
    let settings = Settings {
        engine,
        ..Settings::default()
    };
    assert_eq!(app.settings_set(settings).await.unwrap().engine, engine);
}

/// Runs something; the engine that answered, or why none did.
async fn answered(app: &Arc<App>) -> Result<String, ErrorCode> {
    let (seen, sink) = Seen::new();
    let request = run_of("print()");
    let run = request.run_id.clone();
    app.run_start(request, sink).await.unwrap();
    let is_last =
        |event: &RunEvent| matches!(event, RunEvent::Finished { .. } | RunEvent::Failed { .. });
    let events = seen.until(is_last).await;
    match events.last() {
        Some(RunEvent::Finished { report }) => {
            let started = RunEvent::Started {
                engine: report.engine.clone(),
            };
            assert!(events.contains(&started), "{events:?}");
            assert!(app.history_get(run).await.is_ok());
            Ok(report.engine.clone())
        }
        Some(RunEvent::Failed { error }) => Err(error.code),
        other => panic!("{other:?}"),
    }
}

fn down() -> EngineState {
    EngineState::Unavailable {
        reason: "nothing is installed".into(),
    }
}

#[tokio::test]
async fn a_usual_lesson_is_answered_by_what_the_setting_says() {
    let stage = Stage::new();
    let (app, docker) = both(&stage);
    for (choice, expected) in [
        (EngineChoice::Auto, "wasm"),
        (EngineChoice::Docker, "docker"),
        (EngineChoice::Wasm, "wasm"),
    ] {
        set(&app, choice).await;
        assert_eq!(answered(&app).await, Ok(expected.into()), "{choice:?}");
        assert_eq!(app.engine().name, expected, "{choice:?}");
    }
    set(&app, EngineChoice::Docker).await;
    for state in [down(), EngineState::Preparing { what: "looking" }] {
        docker.set_state(state);
        assert_eq!(
            answered(&app).await,
            Ok("wasm".into()),
            "the built-in one answers meanwhile"
        );
        assert_eq!(app.engine().name, "wasm");
    }
}

#[tokio::test]
async fn a_lesson_that_needs_docker_gets_it_or_the_reason() {
    let stage = Stage::new();
    let manifest = std::fs::read_to_string(stage.path().join("courses/tiny/course.toml")).unwrap();
    let needing = manifest.replace("minutes = ", "needs = { docker = true }\nminutes = ");
    stage.write("courses/tiny/course.toml", needing);
    let (app, docker) = both(&stage);
    assert_eq!(answered(&app).await, Ok("docker".into()));
    docker.set_state(down());
    assert_eq!(answered(&app).await, Err(ErrorCode::EngineUnavailable));
    set(&app, EngineChoice::Wasm).await;
    assert_eq!(answered(&app).await, Ok("wasm".into()));
}

#[tokio::test]
async fn a_lesson_in_another_language_runs_its_own_entry_and_a_cell_of_its_text_pythons() {
    let stage = Stage::new();
    let manifest = std::fs::read_to_string(stage.path().join("courses/tiny/course.toml")).unwrap();
    let other = manifest.replace("minutes = ", "language = \"javascript\"\nminutes = ");
    stage.write("courses/tiny/course.toml", other);
    stage.write("courses/tiny/01-hello/starter/main.js", "say('hello')\n");
    let told = |request: &RunRequest| {
        let waits = request.stdin == Stdin::Interactive;
        vec![
            Step::print(&format!("{} {waits}", request.entry)),
            Step::exit(0),
        ]
    };
    let docker = FakeRunner::called("docker", told);
    let wasm = FakeRunner::called("wasm", told);
    let app = stage.open(Engines::new(wasm, Some(docker)));
    let printed = async |path: &str, keep: bool| {
        let (seen, sink) = Seen::new();
        let mut request = run_of("");
        request.files = vec![file(path, "")];
        request.keep = keep;
        app.run_start(request, sink).await.unwrap();
        let is_last = |event: &RunEvent| matches!(event, RunEvent::Finished { .. });
        let text = |event: RunEvent| match event {
            RunEvent::Stdout { text } => Some(text),
            _ => None,
        };
        let events = seen.until(is_last).await;
        events.into_iter().filter_map(text).collect::<String>()
    };
    assert_eq!(printed("main.js", true).await, "main.js true");
    assert_eq!(printed("main.js", false).await, "main.js false");
    assert_eq!(printed("main.py", false).await, "main.py true");
    let view = app.lesson_open(lesson(), Language::En).await.unwrap();
    assert_eq!(view.entry, "main.js");
    assert!(view.text.needs_docker);
}

#[tokio::test]
async fn the_setting_is_kept_and_followed_after_a_start() {
    let stage = Stage::new();
    let (app, _docker) = both(&stage);
    set(&app, EngineChoice::Docker).await;
    drop(app);
    let (app, _docker) = both(&stage);
    assert_eq!(app.boot().await.settings.engine, EngineChoice::Docker);
    assert_eq!(answered(&app).await, Ok("docker".into()));
    let names: Vec<_> = app
        .engine_list()
        .into_iter()
        .map(|engine| engine.name)
        .collect();
    assert_eq!(names, ["wasm", "docker"]);
}

#[tokio::test]
async fn the_changes_of_both_engines_are_told() {
    let stage = Stage::new();
    let (app, docker) = both(&stage);
    set(&app, EngineChoice::Docker).await;
    let mut changes = app.engine_changes();
    docker.set_state(down());
    assert_eq!(changes.next().await.unwrap().name, "wasm");
    docker.set_state(EngineState::Ready);
    assert_eq!(changes.next().await.unwrap().name, "docker");
}

#[tokio::test]
async fn an_image_that_the_learner_chose_is_kept_until_they_take_it_away() {
    let stage = Stage::new();
    let (app, _docker) = both(&stage);
    assert_eq!(app.engine_report().chosen_image, None);
    for wrong in [&b"PK\x03\x04"[..], b"\x28\xb5\x2f"] {
        let refused = app.engine_image(wrong.to_vec()).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::InvalidRequest);
    }
    assert_eq!(app.engine_report().chosen_image, None, "nothing was kept");
    let archive = b"\x28\xb5\x2f\xfd and more".to_vec();
    app.engine_image(archive.clone()).await.unwrap();
    let kept = app.engine_report().chosen_image.unwrap();
    assert_eq!(std::fs::read(&kept).unwrap(), archive);
    assert_eq!(
        stage.places().images()[0].display().to_string(),
        kept,
        "it is tried before the one beside the app"
    );
    app.engine_image(Vec::new()).await.unwrap();
    app.engine_image(Vec::new()).await.unwrap();
    assert_eq!(app.engine_report().chosen_image, None);
}

#[tokio::test]
async fn every_engine_is_in_the_report() {
    let stage = Stage::new();
    let (app, docker) = both(&stage);
    docker.set_state(down());
    let engines = app.engine_report().engines;
    let stands: Vec<_> = engines
        .iter()
        .map(|engine| (engine.name.as_str(), engine.status))
        .collect();
    assert_eq!(
        stands,
        [
            ("wasm", EngineStatus::Ready),
            ("docker", EngineStatus::Unavailable)
        ]
    );
    assert_eq!(engines[1].detail, "nothing is installed");
}
