//! The code check: advice while one types, a lesson that denies, and the lint that knows both.

use crate::stage::{COURSE, Seen, Stage, file, id, lesson, run_of};
use ha_api::wire::{
    CheckEvent, CheckStart, CodeAction, CodeCheck, CodeFinding, CodeRule, HistoryKind, Language,
    RunEvent, RunOutcome,
};
use ha_api::{App, ErrorCode, course_lint};
use ha_testkit::{FakeRunner, Step};
use std::sync::Arc;

/// The course denies `eval`, its first lesson allows `open`; the second allows `eval` again.
const RULES: &str = r#"
[chapter.lesson.code_check]
allow = ["eval"]
[code_check]
deny = ["eval", "exec"]
[code_check.messages.eval]
zh = "模型的话只是文字。"
en = "What a model says is only text."
"#;

fn strict() -> Stage {
    let stage = Stage::new();
    stage.write("courses/tiny/course.toml", format!("{COURSE}{RULES}"));
    stage
}

async fn found(app: &App, lesson_id: &str, code: &str) -> Vec<CodeFinding> {
    let mut lesson = lesson();
    lesson.lesson = lesson_id.into();
    let files = vec![file("main.py", code)];
    app.code_check(CodeCheck { lesson, files }).await.unwrap()
}

fn said(findings: &[CodeFinding]) -> Vec<(CodeRule, CodeAction)> {
    findings
        .iter()
        .map(|found| (found.rule, found.action))
        .collect()
}

#[tokio::test]
async fn without_rules_of_the_course_everything_is_advice() {
    let stage = Stage::new();
    let app = stage.open(FakeRunner::silent());
    let findings = found(
        &app,
        "hello",
        "import os as o\no.system('ls')\nre.compile('')",
    )
    .await;
    assert_eq!(said(&findings), [(CodeRule::System, CodeAction::Advise)]);
    assert_eq!((findings[0].line, findings[0].column), (2, 1));
    assert_eq!(findings[0].name, "os.system");
    assert_eq!(findings[0].message, None);
}

#[tokio::test]
async fn the_lesson_has_the_last_word_and_the_course_the_one_before() {
    let stage = strict();
    let app = stage.open(FakeRunner::silent());
    let code = "eval('1')\nexec('')\nopen('x')";
    let first = found(&app, "hello", code).await;
    assert_eq!(
        said(&first),
        [
            (CodeRule::Eval, CodeAction::Deny),
            (CodeRule::Exec, CodeAction::Deny),
            (CodeRule::Open, CodeAction::Advise),
        ]
    );
    let message = first[0].message.as_ref().unwrap();
    assert_eq!(message.zh, "模型的话只是文字。");
    assert_eq!(first[1].message, None);
    let again = found(&app, "again", code).await;
    assert_eq!(said(&again)[0], (CodeRule::Exec, CodeAction::Deny));
}

#[tokio::test]
async fn code_that_is_denied_does_not_start_and_says_why() {
    let stage = strict();
    let app = stage.open(FakeRunner::new(|_| panic!("nothing may run")));
    let request = run_of("x = 1\neval('x')\nopen('y')");
    let run_id = request.run_id.clone();
    let (seen, sink) = Seen::new();
    app.run_start(request, sink).await.unwrap();
    let events = seen
        .until(|event| matches!(event, RunEvent::Finished { .. } | RunEvent::Failed { .. }))
        .await;
    let [RunEvent::Denied { findings }, RunEvent::Finished { report }] = &events[..] else {
        panic!("not refused: {events:?}");
    };
    assert_eq!(said(findings), [(CodeRule::Eval, CodeAction::Deny)]);
    assert_eq!(findings[0].line, 2);
    assert_eq!((report.outcome, report.kept), (RunOutcome::Refused, true));
    let history = app.history_list(lesson()).await.unwrap();
    assert_eq!(history[0].outcome, Some(RunOutcome::Refused));
    let kept = app.history_get(run_id).await.unwrap();
    assert_eq!(kept.files[0].text, "x = 1\neval('x')\nopen('y')");
    assert!(app.run_input(&history[0].id, String::new()).is_err());
}

#[tokio::test]
async fn what_runs_before_a_cell_is_looked_at_too_and_lines_are_its_own() {
    let stage = strict();
    let app = stage.open(FakeRunner::silent());
    let mut request = run_of("def f():\n    eval('x')\n");
    request.before = vec!["x = 1\n".into(), "\nexec('x')\n".into()];
    let (seen, sink) = Seen::new();
    app.run_start(request, sink).await.unwrap();
    let events = seen
        .until(|event| matches!(event, RunEvent::Finished { .. }))
        .await;
    let [RunEvent::Denied { findings }, ..] = &events[..] else {
        panic!("not refused: {events:?}");
    };
    let places: Vec<_> = findings
        .iter()
        .map(|found| (found.path.as_str(), found.line))
        .collect();
    // The second lesson of the course would allow `eval` again; this is the first.
    assert_eq!(places, [("main.py", 2), ("before-2.py", 2)]);
}

#[tokio::test]
async fn a_refused_run_that_nobody_keeps_leaves_nothing() {
    let stage = strict();
    let app = stage.open(FakeRunner::silent());
    let mut request = run_of("eval('x')");
    request.keep = false;
    let (seen, sink) = Seen::new();
    app.run_start(request, sink).await.unwrap();
    seen.until(|event| matches!(event, RunEvent::Finished { .. }))
        .await;
    assert!(app.history_list(lesson()).await.unwrap().is_empty());
}

#[tokio::test]
async fn checks_do_not_look_at_code_that_is_denied() {
    let stage = strict();
    let app = stage.open(FakeRunner::new(|_| panic!("nothing may run")));
    let start = CheckStart {
        run_id: id(),
        lesson: lesson(),
        files: vec![file("main.py", "e = exec\ne('')")],
        language: Language::En,
    };
    let (seen, sink) = Seen::new();
    app.check_start(start, sink).await.unwrap();
    let events = seen
        .until(|event| {
            matches!(
                event,
                CheckEvent::Finished { .. } | CheckEvent::Failed { .. }
            )
        })
        .await;
    let [
        CheckEvent::Denied { findings },
        CheckEvent::Finished { report },
    ] = &events[..]
    else {
        panic!("not refused: {events:?}");
    };
    assert_eq!(findings.len(), 2);
    assert!(!report.passed && !report.cancelled && report.results.is_empty());
    let history = app.history_list(lesson()).await.unwrap();
    assert_eq!(history[0].kind, HistoryKind::Check);
    assert_eq!(history[0].outcome, Some(RunOutcome::Refused));
    assert_eq!(history[0].passed, None);
}

#[tokio::test]
async fn advice_stops_no_run() {
    let stage = strict();
    let app = stage.open(FakeRunner::silent());
    let (seen, sink) = Seen::new();
    app.run_start(run_of("open('x')"), sink).await.unwrap();
    let events = seen
        .until(|event| matches!(event, RunEvent::Finished { .. }))
        .await;
    assert!(
        !events
            .iter()
            .any(|event| matches!(event, RunEvent::Denied { .. }))
    );
}

#[tokio::test]
async fn questions_that_cannot_be_answered_are_refused_with_their_code() {
    let stage = Stage::new();
    let app = stage.open(FakeRunner::silent());
    let mut request = CodeCheck {
        lesson: lesson(),
        files: vec![file("main.py", &"#".repeat(2_000_000))],
    };
    let error = app.code_check(request.clone()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::SourceTooLarge);
    request.files.clear();
    request.lesson.course = "nowhere".into();
    let error = app.code_check(request).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::CourseNotFound);
}

#[tokio::test]
async fn the_lint_knows_the_rules_and_tries_them_on_the_courses_own_code() {
    let stage = Stage::new();
    let rules = "[chapter.lesson.code_check]\ndeny = [\"evil\", \"exec\", \"open\"]\n";
    stage.write("courses/tiny/course.toml", format!("{COURSE}{rules}"));
    stage.write("courses/tiny/02-again/starter/main.py", "\nopen('x')\n");
    stage.write(
        "courses/tiny/02-again/solution/main.py",
        "print('hello')\nexec('')\n",
    );
    stage.write(
        "courses/tiny/02-again/solution/more.py",
        "exec = print\nexec('')\n",
    );
    let runner: Arc<FakeRunner> = FakeRunner::new(|_| vec![Step::print("hello\n")]);
    let folder = stage.path().join("courses/tiny");
    let lint = course_lint(&*runner, &folder).await.unwrap();
    let told: Vec<String> = lint
        .problems
        .iter()
        .filter(|problem| problem.line.is_some())
        .map(|problem| {
            let line = problem.line.unwrap_or_default();
            format!("{}:{line}: {}", problem.file, problem.reason.en)
        })
        .collect();
    assert_eq!(told.len(), 3, "{told:#?}");
    let line = COURSE.lines().count() + 2;
    let misspelt = format!("course.toml:{line}: the code check has no rule \"evil\"");
    assert!(told[0].starts_with(&misspelt), "{told:#?}");
    assert!(told[1].starts_with("02-again/starter/main.py:2: this uses open"));
    assert!(told[2].starts_with("02-again/solution/main.py:2: this uses exec"));
}
