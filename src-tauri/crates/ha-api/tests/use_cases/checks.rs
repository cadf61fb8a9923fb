//! *Check*: results, progress, and the way back to what passed.

use crate::stage::{STARTER, Seen, Stage, file, id, lesson};
use ha_api::wire::{
    CheckEvent, CheckReport, CheckResult, CheckStart, CheckStatus, FileText, HistoryKind, Language,
    LessonState, ResetTo, RunNote, RunOutcome,
};
use ha_api::{App, ErrorCode};
use ha_sandbox::{RunEvent, RunRequest};
use ha_testkit::{FakeRunner, Step};
use std::sync::Arc;

/// A pretended Python that prints what `main.py` holds after `say `.
fn speaking(request: &RunRequest) -> Vec<Step> {
    let main = request.files.iter().find(|file| file.path == request.entry);
    let source = String::from_utf8_lossy(&main.unwrap().bytes).into_owned();
    match source.strip_prefix("say ") {
        Some(words) => vec![Step::print(words)],
        None if source == "hang" => vec![Step::Hang],
        None => vec![
            Step::Say(RunEvent::Stderr("SyntaxError: …\n".into())),
            Step::exit(1),
        ],
    }
}

fn start(code: &str) -> CheckStart {
    CheckStart {
        run_id: id(),
        lesson: lesson(),
        files: vec![file("main.py", code)],
        language: Language::En,
    }
}

fn is_last(event: &CheckEvent) -> bool {
    matches!(
        event,
        CheckEvent::Finished { .. } | CheckEvent::Failed { .. }
    )
}

async fn checked(app: &Arc<App>, code: &str) -> CheckReport {
    let (seen, sink) = Seen::new();
    app.check_start(start(code), sink).await.unwrap();
    match seen.until(is_last).await.pop() {
        Some(CheckEvent::Finished { report }) => report,
        other => panic!("the checks did not finish: {other:?}"),
    }
}

fn statuses(report: &CheckReport) -> Vec<CheckStatus> {
    report.results.iter().map(|result| result.status).collect()
}

#[tokio::test]
async fn fail_then_fix_then_pass_and_everything_is_kept() {
    let stage = Stage::new();
    let app = stage.open(FakeRunner::new(speaking));
    let failed = checked(&app, "say help\n\nlo").await;
    assert_eq!(statuses(&failed), [CheckStatus::Fail, CheckStatus::Pass]);
    assert_eq!(failed.results[0].expected.as_deref(), Some("hello"));
    assert_eq!(failed.results[0].got.as_deref(), Some("help\n\nlo"));
    assert!(!failed.passed && failed.kept);
    assert_eq!(failed.state, LessonState::Started);

    let passed = checked(&app, "say hello").await;
    assert!(passed.passed);
    assert_eq!(passed.state, LessonState::Passed);

    let again = checked(&app, "say no").await;
    assert_eq!(
        again.state,
        LessonState::Passed,
        "what passed once stays passed"
    );
    drop(app);
    let app = stage.open(FakeRunner::silent());
    let history = app.history_list(lesson()).await.unwrap();
    let lines: Vec<_> = history
        .iter()
        .map(|entry| (entry.kind, entry.passed, entry.total))
        .collect();
    assert_eq!(lines[1], (HistoryKind::Check, Some(2), Some(2)));
    assert_eq!(lines[2], (HistoryKind::Check, Some(1), Some(2)));
    let detail = app.history_get(history[2].id.clone()).await.unwrap();
    assert_eq!(detail.results, failed.results);
    let home = app.home().await.unwrap();
    assert_eq!(home.courses[0].passed, 1);
    assert_eq!((home.activity[0].runs, home.activity[0].passed), (3, 1));
}

#[tokio::test]
async fn the_last_version_that_passed_comes_back() {
    let stage = Stage::new();
    let app = stage.open(FakeRunner::new(speaking));
    checked(&app, "say hello").await;
    checked(&app, "say broken").await;
    app.draft_save(lesson(), file("main.py", "say broken"))
        .await
        .unwrap();
    let view = app.lesson_open(lesson(), Language::En).await.unwrap();
    assert!(view.has_passed_version);
    let back = app
        .lesson_reset(lesson(), ResetTo::LastPassed)
        .await
        .unwrap();
    assert_eq!(back.files[0].text, "say hello");
    let undone = app.history_restore(back.undo).await.unwrap();
    assert_eq!(undone.files[0].text, "say broken");
}

#[tokio::test]
async fn a_program_that_does_not_get_that_far_is_an_error_with_its_output() {
    let stage = Stage::new();
    let app = stage.open(FakeRunner::new(speaking));
    let report = checked(&app, STARTER).await;
    assert_eq!(statuses(&report), [CheckStatus::Error, CheckStatus::Error]);
    assert_eq!(report.results[0].output, "SyntaxError: …\n");
    assert_eq!(report.results[0].outcome, RunOutcome::Exited { code: 1 });
}

#[tokio::test]
async fn a_check_that_ended_in_a_deadlock_says_so_and_the_history_keeps_it() {
    let stage = Stage::new();
    let app = stage.open(FakeRunner::new(|_| {
        let outcome = ha_sandbox::RunOutcome::Exited { code: 1 };
        vec![Step::end(outcome, ha_sandbox::RunNote::Deadlock)]
    }));
    let report = checked(&app, "queue.get()").await;
    assert_eq!(statuses(&report), [CheckStatus::Error, CheckStatus::Error]);
    assert_eq!(report.results[0].note, Some(RunNote::Deadlock));
    let history = app.history_list(lesson()).await.unwrap();
    let detail = app.history_get(history[0].id.clone()).await.unwrap();
    assert_eq!(detail.results, report.results);
}

#[tokio::test]
async fn results_kept_before_ends_had_reasons_are_still_read() {
    let stage = Stage::new();
    let app = stage.open(FakeRunner::new(speaking));
    let report = checked(&app, "say hello").await;
    let mut kept = serde_json::to_value(&report.results[0]).unwrap();
    kept.as_object_mut().unwrap().remove("note").unwrap();
    let read: CheckResult = serde_json::from_value(kept).unwrap();
    assert_eq!(read, report.results[0]);
}

#[tokio::test]
async fn stopped_checks_say_so_and_count_for_nothing() {
    let stage = Stage::new();
    let app = stage.open(FakeRunner::new(speaking));
    let request = start("hang");
    let run = request.run_id.clone();
    let (seen, sink) = Seen::new();
    app.check_start(request, sink).await.unwrap();
    seen.until(|event| matches!(event, CheckEvent::Started { total: 2 }))
        .await;
    app.run_cancel(&run);
    let Some(CheckEvent::Finished { report }) = seen.until(is_last).await.pop() else {
        panic!("stopped checks finish");
    };
    assert!(report.cancelled && !report.passed);
    assert_eq!(report.state, LessonState::New);
}

#[tokio::test]
async fn a_lost_engine_fails_the_checks_and_not_the_learner() {
    let stage = Stage::new();
    let app = stage.open(FakeRunner::new(|_| vec![Step::Vanish]));
    let (seen, sink) = Seen::new();
    app.check_start(start(STARTER), sink).await.unwrap();
    let last = seen.until(is_last).await.pop();
    assert!(
        matches!(&last, Some(CheckEvent::Failed { error }) if error.code == ErrorCode::EngineLost),
        "{last:?}"
    );
}

#[tokio::test]
async fn a_python_check_runs_our_harness_and_takes_its_report() {
    let stage = Stage::new();
    stage.write(
        "courses/tiny/01-hello/checks.toml",
        "[[check]]\nid = \"adds\"\ntitle = { zh = \"加\", en = \"Adds\" }\ntype = \"python\"\nfunction = \"test_adds\"\n",
    );
    stage.write(
        "courses/tiny/01-hello/checks.py",
        "def test_adds():\n    pass\n",
    );
    let app = stage.open(FakeRunner::new(|request| {
        assert_eq!(request.entry, "_harness.py");
        assert_eq!(request.args, ["test_adds", "en"]);
        let forged = |path: &str| {
            let file = request.files.iter().find(|file| file.path == path);
            file.unwrap().bytes == b"forged"
        };
        assert!(!forged("checks.py") && !forged("_harness.py") && !forged("hacheck.py"));
        let report =
            r#"{"status":"fail","message":"3, not 4","call":"add(1, 2)","expected":"3","got":"4"}"#;
        vec![Step::Say(RunEvent::Report(report.into()))]
    }));
    let mut request = start("def add(a, b): return 4");
    let forged: Vec<FileText> = ["checks.py", "_harness.py", "hacheck.py"]
        .map(|path| file(path, "forged"))
        .into();
    request.files.extend(forged);
    let (seen, sink) = Seen::new();
    app.check_start(request, sink).await.unwrap();
    let Some(CheckEvent::Finished { report }) = seen.until(is_last).await.pop() else {
        panic!("the checks finish");
    };
    let result = &report.results[0];
    assert_eq!(result.status, CheckStatus::Fail);
    assert_eq!(result.call.as_deref(), Some("add(1, 2)"));
    assert_eq!(result.expected.as_deref(), Some("3"));
    assert_eq!(result.message, "3, not 4");
}

#[tokio::test]
async fn a_program_finds_no_test_of_another_check_beside_it() {
    let stage = Stage::new();
    let check = |id: &str, hidden: bool| {
        format!(
            "[[check]]\nid = \"{id}\"\ntitle = \"{id}\"\ntype = \"python\"\nfunction = \"test_{id}\"\nhidden = {hidden}\n"
        )
    };
    let checks = check("shown", false) + &check("secret", true);
    stage.write("courses/tiny/01-hello/checks.toml", checks);
    stage.write(
        "courses/tiny/01-hello/checks.py",
        "# The secret is 42.\nSECRET = 42\n\ndef shared(): pass\n\ndef test_secret():\n    shared(), SECRET\n\ndef test_shown():\n    shared()\n",
    );
    let laid = Arc::new(std::sync::Mutex::new(Vec::new()));
    let seen = laid.clone();
    let app = stage.open(FakeRunner::new(move |request| {
        let tests = request.files.iter().find(|file| file.path == "checks.py");
        let text = String::from_utf8_lossy(&tests.unwrap().bytes).into_owned();
        seen.lock().unwrap().push(text.clone());
        // The learner's program reads what lies beside it and shows it.
        let report = serde_json::json!({ "status": "fail", "message": text, "got": text });
        vec![
            Step::print(&text),
            Step::Say(RunEvent::Report(report.to_string())),
        ]
    }));
    let report = checked(&app, STARTER).await;
    let laid = laid.lock().unwrap();
    assert_eq!(
        laid[0],
        "\n\n\ndef shared(): pass\n\n\n\n\ndef test_shown():\n    shared()\n"
    );
    assert!(laid[1].contains("SECRET = 42") && !laid[1].contains("test_shown"));
    let told = serde_json::to_string(&report.results).unwrap();
    assert!(told.contains("test_shown"), "{told}");
    assert!(!told.contains("SECRET") && !told.contains("42"), "{told}");
}
