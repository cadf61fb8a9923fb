//! *Run*: streaming, input, stop, history, and every way it can be refused or break.

use crate::stage::{Seen, Stage, file, lesson, run_of};
use ha_api::wire::{EngineStatus, HistoryKind, RunEvent, RunNote, RunOutcome, RunStart};
use ha_api::{App, ErrorCode};
use ha_sandbox::{EngineState, Runner};
use ha_testkit::{FakeRunner, Step};
use std::sync::Arc;

fn is_last(event: &RunEvent) -> bool {
    matches!(event, RunEvent::Finished { .. } | RunEvent::Failed { .. })
}

async fn ran(app: &Arc<App>, start: RunStart) -> Vec<RunEvent> {
    let (seen, sink) = Seen::new();
    app.run_start(start, sink).await.unwrap();
    seen.until(is_last).await
}

fn text(events: &[RunEvent]) -> String {
    let text = events.iter().filter_map(|event| match event {
        RunEvent::Stdout { text } | RunEvent::Stderr { text } => Some(text.as_str()),
        _ => None,
    });
    text.collect()
}

fn outcome(events: &[RunEvent]) -> RunOutcome {
    match events.last() {
        Some(RunEvent::Finished { report }) => report.outcome,
        other => panic!("the run did not finish: {other:?}"),
    }
}

fn failure(events: &[RunEvent]) -> ErrorCode {
    match events.last() {
        Some(RunEvent::Failed { error }) => error.code,
        other => panic!("the run did not fail: {other:?}"),
    }
}

fn printing(text: &'static str) -> Arc<dyn Runner> {
    FakeRunner::new(move |_| vec![Step::print(text), Step::exit(3)])
}

#[tokio::test]
async fn a_run_streams_and_stays_in_the_history() {
    let stage = Stage::new();
    let app = stage.open(printing("你好\n"));
    let request = run_of("print('你好')");
    let run = request.run_id.clone();
    let events = ran(&app, request).await;
    assert!(matches!(&events[0], RunEvent::Started { engine } if engine == "fake"));
    assert_eq!(text(&events), "你好\n");
    assert_eq!(outcome(&events), RunOutcome::Exited { code: 3 });
    assert_eq!(events.iter().filter(|event| is_last(event)).count(), 1);

    drop(app);
    let app = stage.open(FakeRunner::silent());
    let history = app.history_list(lesson()).await.unwrap();
    assert_eq!(history.len(), 1);
    assert_eq!(history[0].kind, HistoryKind::Run);
    assert_eq!(history[0].outcome, Some(RunOutcome::Exited { code: 3 }));
    let detail = app.history_get(run).await.unwrap();
    assert_eq!(detail.files, [file("main.py", "print('你好')")]);
    assert_eq!(detail.output_head, "你好\n");
    assert_eq!(app.home().await.unwrap().activity[0].runs, 1);
}

#[tokio::test]
async fn a_run_that_is_not_to_be_kept_leaves_nothing() {
    let stage = Stage::new();
    let app = stage.open(printing("你好\n"));
    let events = ran(
        &app,
        RunStart {
            keep: false,
            ..run_of("")
        },
    )
    .await;
    assert_eq!(text(&events), "你好\n");
    let Some(RunEvent::Finished { report }) = events.last() else {
        panic!("the run did not finish: {events:?}");
    };
    assert!(report.kept, "nothing is missing from the history");
    assert!(app.history_list(lesson()).await.unwrap().is_empty());
    assert!(app.home().await.unwrap().activity.is_empty());
}

#[tokio::test]
async fn a_cell_is_its_own_file_and_runs_after_what_it_needs() {
    let stage = Stage::new();
    let app = stage.open(FakeRunner::new(|request| {
        let main = &request.files[0];
        let said = format!(
            "{} {:?} after {:?}",
            main.path,
            String::from_utf8_lossy(&main.bytes),
            request.before
        );
        vec![Step::print(&said), Step::exit(0)]
    }));
    let mut request = run_of("for a in x:\n    pass\n");
    request.before = vec!["x = 1\n".into()];
    let events = ran(&app, request).await;
    assert_eq!(
        text(&events),
        r#"main.py "for a in x:\n    pass\n" after ["x = 1\n"]"#
    );
}

#[tokio::test]
async fn an_end_that_the_outcome_leaves_open_says_why() {
    let stage = Stage::new();
    let full = ha_sandbox::RunOutcome::OutputLimit;
    let app = stage.open(FakeRunner::new(move |_| {
        vec![Step::end(full, ha_sandbox::RunNote::ReportLimit)]
    }));
    let events = ran(&app, run_of("")).await;
    assert_eq!(outcome(&events), RunOutcome::OutputLimit);
    let Some(RunEvent::Finished { report }) = events.last() else {
        panic!("the run did not finish: {events:?}");
    };
    assert_eq!(report.note, Some(RunNote::ReportLimit));
}

#[tokio::test]
async fn the_program_sees_the_lesson_data_and_cannot_replace_it() {
    let stage = Stage::new();
    let runner = FakeRunner::new(|request| {
        let seen = request.files.iter().map(|file| {
            let text = String::from_utf8_lossy(&file.bytes);
            let kind = if file.read_only { " fixed" } else { "" };
            Step::print(&format!("{}={text}{kind};", file.path))
        });
        seen.collect()
    });
    let app = stage.open(runner);
    let mut request = run_of("m");
    request.files.push(file("data/note.txt", "forged"));
    let events = ran(&app, request).await;
    assert_eq!(text(&events), "main.py=m;data/note.txt=given\n fixed;");
}

#[tokio::test]
async fn lines_reach_a_waiting_program() {
    let stage = Stage::new();
    let app = stage.open(FakeRunner::new(|_| vec![Step::ReadLine, Step::ReadLine]));
    let request = run_of("input()");
    let run = request.run_id.clone();
    let (seen, sink) = Seen::new();
    app.run_start(request, sink).await.unwrap();
    seen.until(|event| *event == RunEvent::NeedsInput).await;
    app.run_input(&run, "小明".into()).unwrap();
    app.run_end_input(&run).unwrap();
    let events = seen.until(is_last).await;
    assert_eq!(text(&events), "got: 小明\neof\n");
    let late = app.run_input(&run, "too late".into()).unwrap_err();
    assert_eq!(late.code, ErrorCode::RunNotFound);
}

#[tokio::test]
async fn stop_ends_a_program_that_does_nothing() {
    let stage = Stage::new();
    let app = stage.open(FakeRunner::new(|_| vec![Step::print("a"), Step::Hang]));
    let request = run_of("while True: pass");
    let run = request.run_id.clone();
    let (seen, sink) = Seen::new();
    app.run_start(request, sink).await.unwrap();
    seen.until(|event| matches!(event, RunEvent::Stdout { .. }))
        .await;
    app.run_cancel(&run);
    assert_eq!(outcome(&seen.until(is_last).await), RunOutcome::Cancelled);
    app.run_cancel(&run);
}

#[tokio::test]
async fn stop_works_while_the_engine_is_still_preparing() {
    let stage = Stage::new();
    let runner = FakeRunner::silent();
    runner.set_state(EngineState::Preparing { what: "compiling" });
    let app = stage.open(runner);
    assert_eq!(app.engine().status, EngineStatus::Preparing);
    let request = run_of("");
    let run = request.run_id.clone();
    let (seen, sink) = Seen::new();
    app.run_start(request, sink).await.unwrap();
    seen.until(|event| *event == RunEvent::Preparing).await;
    app.run_cancel(&run);
    assert_eq!(outcome(&seen.until(is_last).await), RunOutcome::Cancelled);
}

#[tokio::test]
async fn a_run_waits_for_the_engine_and_then_goes_on_by_itself() {
    let stage = Stage::new();
    let runner = FakeRunner::silent();
    runner.set_state(EngineState::Preparing { what: "compiling" });
    let app = stage.open(runner.clone());
    let (seen, sink) = Seen::new();
    app.run_start(run_of(""), sink).await.unwrap();
    seen.until(|event| *event == RunEvent::Preparing).await;
    runner.set_state(EngineState::Ready);
    let events = seen.until(is_last).await;
    assert_eq!(outcome(&events), RunOutcome::Exited { code: 0 });
}

#[tokio::test]
async fn a_broken_engine_is_our_error_with_exactly_one_end() {
    let stage = Stage::new();
    let runner = FakeRunner::new(|_| vec![Step::print("half"), Step::Vanish]);
    let app = stage.open(runner.clone());
    let events = ran(&app, run_of("")).await;
    assert_eq!(failure(&events), ErrorCode::EngineLost);
    assert_eq!(events.iter().filter(|event| is_last(event)).count(), 1);
    let history = app.history_list(lesson()).await.unwrap();
    assert_eq!(history[0].outcome, None, "its end is not known");

    let reason = "no guest".to_string();
    runner.set_state(EngineState::Unavailable { reason });
    let events = ran(&app, run_of("")).await;
    assert_eq!(failure(&events), ErrorCode::EngineUnavailable);
}

#[tokio::test]
async fn hostile_requests_are_refused_with_their_code_and_nothing_runs() {
    let stage = Stage::new();
    let app = stage.open(FakeRunner::new(|_| panic!("nothing may run")));
    let with_path = |path: &str| {
        let mut request = run_of("");
        request.files.push(file(path, ""));
        request
    };
    let mut nowhere = run_of("");
    nowhere.lesson.lesson = "nowhere".into();
    let mut bad_id = run_of("");
    bad_id.run_id = "../../x".into();
    for (request, expected) in [
        (run_of(&"#".repeat(5_000_000)), ErrorCode::SourceTooLarge),
        (run_of("print()\0"), ErrorCode::SourceNotText),
        (with_path("../up.py"), ErrorCode::InvalidRequest),
        (with_path("main.py"), ErrorCode::InvalidRequest),
        (nowhere, ErrorCode::LessonNotFound),
        (bad_id, ErrorCode::InvalidRequest),
    ] {
        let (_seen, sink) = Seen::new();
        let error = app.run_start(request, sink).await.unwrap_err();
        assert_eq!(error.code, expected);
    }
    assert!(app.history_list(lesson()).await.unwrap().is_empty());
}

#[tokio::test]
async fn programs_at_once_are_bounded_and_a_place_comes_back() {
    let stage = Stage::new();
    let app = stage.open(FakeRunner::new(|_| vec![Step::Hang]));
    let mut going = Vec::new();
    for _ in 0..4 {
        let request = run_of("");
        let (seen, sink) = Seen::new();
        going.push((request.run_id.clone(), seen));
        app.run_start(request, sink).await.unwrap();
    }
    let (_seen, sink) = Seen::new();
    let error = app.run_start(run_of(""), sink).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::TooManyRuns);
    let (run, seen) = &going[0];
    app.run_cancel(run);
    seen.until(is_last).await;
    let (_seen, sink) = Seen::new();
    app.run_start(run_of(""), sink).await.unwrap();
    app.stop_all_runs();
    for (_, seen) in &going {
        seen.until(is_last).await;
    }
}

#[tokio::test]
async fn only_the_beginning_of_a_long_output_is_kept() {
    let stage = Stage::new();
    let app = stage.open(FakeRunner::new(|_| {
        (0..40).map(|_| Step::print(&"界".repeat(1000))).collect()
    }));
    let request = run_of("");
    let run = request.run_id.clone();
    let events = ran(&app, request).await;
    assert_eq!(text(&events).len(), 120_000, "the window gets all of it");
    let kept = app.history_get(run).await.unwrap().output_head;
    assert!(kept.len() <= 64 * 1024 && kept.len() > 64 * 1024 - 4);
    assert!(kept.chars().all(|character| character == '界'));
}

#[tokio::test]
async fn output_is_saved_beside_older_files_never_over_them() {
    let stage = Stage::new();
    let app = stage.open(FakeRunner::silent());
    let first = app.output_save(&lesson(), "one".into()).await.unwrap();
    let second = app.output_save(&lesson(), "two".into()).await.unwrap();
    assert_ne!(first, second);
    assert_eq!(std::fs::read_to_string(first).unwrap(), "one");
    std::fs::remove_dir_all(stage.path().join("downloads")).unwrap();
    stage.write("downloads", "a file in the way");
    let error = app.output_save(&lesson(), "x".into()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::SaveFailed);
}
