//! The log: what it says, what it must never say, and how large it may grow. A test binary of its
//! own, because a process has one log.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use ha_api::wire::{
    AskEvent, AskKind, AskStart, FileText, Inspect, Language, LessonRef, RunEvent, RunStart,
    Settings, Surrounding,
};
use ha_api::{App, Places, request, start_logging};
use ha_llm::keys::KeyStore;
use ha_testkit::fake_chat::{self, Answer, FakeChat};
use ha_testkit::{FakeRunner, Step};
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::sync::mpsc;

/// Stands in the learner's code, input, output and file name.
const PRIVATE: &str = "sk-private-7f3a";

fn logs(folder: &Path) -> Vec<(u64, String)> {
    let files = std::fs::read_dir(folder).unwrap().flatten();
    files
        .map(|file| {
            let text = std::fs::read_to_string(file.path()).unwrap();
            (file.metadata().unwrap().len(), text)
        })
        .collect()
}

fn places(folder: &Path) -> Places {
    Places {
        database: folder.join("data/helloagents.sqlite"),
        cache: folder.join("cache"),
        logs: folder.join("logs"),
        courses: folder.join("courses"),
        guest: folder.join("guest"),
        image: folder.join("image"),
        templates: concat!(env!("CARGO_MANIFEST_DIR"), "/../../../templates").into(),
        downloads: folder.join("downloads"),
    }
}

fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// The smallest course with one lesson.
fn course(folder: &Path) {
    let title = r#"{ zh = "题", en = "T" }"#;
    write(
        &folder.join("courses/c/course.toml"),
        &format!(
            "format_version = 1\nid = \"c\"\nversion = \"1.0.0\"\ntitle = {title}\nsummary = {title}\nauthors = []\nlicense = \"\"\n\
             [[chapter]]\nid = \"one\"\ntitle = {title}\n\
             [[chapter.lesson]]\nid = \"l\"\npath = \"l\"\ntitle = {title}\nminutes = 1\n"
        ),
    );
    for (path, text) in [("lesson.en.md", "# T\n"), ("starter/main.py", "pass\n")] {
        write(&folder.join("courses/c/l").join(path), text);
    }
}

/// Asks with the private words in key, code and question; the service says them back: in what it wants
/// to look up, in words and in an error.
async fn asked_the_tutor(app: &Arc<App>, lesson: &LessonRef) {
    let service = FakeChat::start().await;
    let search = fake_chat::Step::Tool {
        index: 0,
        id: Some("c".into()),
        name: Some("search_lessons".into()),
        arguments: format!(r#"{{"query":"{PRIVATE}"}}"#),
    };
    service.script([
        Answer::stream([search]).ended(),
        Answer::words(&[PRIVATE]),
        Answer::error(400, &format!("{PRIVATE} is no question")),
    ]);
    let mut settings = Settings::default();
    settings.ai.base_url = service.base_url();
    settings.ai.proxy = "none".into();
    app.settings_set(settings).await.unwrap();
    for _ in 0..2 {
        let ask = AskStart {
            ask_id: uuid::Uuid::new_v4().to_string(),
            thread: None,
            after: None,
            again: false,
            kind: AskKind::Question,
            text: format!("why {PRIVATE}?"),
            surrounding: Surrounding {
                lesson: lesson.clone(),
                language: Language::En,
                heading: None,
                files: vec![FileText {
                    path: "main.py".into(),
                    text: format!("key = '{PRIVATE}'"),
                }],
                cursor: None,
            },
            without: Vec::new(),
        };
        let (sender, mut events) = mpsc::unbounded_channel();
        let sink = Box::new(move |batch: Vec<AskEvent>| {
            for event in batch {
                sender.send(event).ok();
            }
        });
        request("tutor_ask", app.tutor_ask(ask, sink))
            .await
            .unwrap();
        let is_last =
            |event: &AskEvent| matches!(event, AskEvent::Finished { .. } | AskEvent::Failed { .. });
        while events.recv().await.is_some_and(|event| !is_last(&event)) {}
    }
}

#[tokio::test]
async fn the_log_names_runs_keeps_secrets_and_stays_small() {
    let folder = TempDir::new().unwrap();
    let places = places(folder.path());
    let logs_at = places.logs.clone();
    start_logging(&logs_at);
    course(folder.path());
    let runner = FakeRunner::new(|_| vec![Step::ReadLine, Step::print(PRIVATE), Step::exit(1)]);
    let keys = Arc::new(KeyStore::new("helloagents-test", Some(PRIVATE)).unwrap());
    let app = App::open_with_keys(places, runner, || 0, keys);
    let lesson = LessonRef {
        course: "c".into(),
        lesson: "l".into(),
    };
    let file = FileText {
        path: format!("{PRIVATE}.py"),
        text: format!("key = '{PRIVATE}'"),
    };
    let main = FileText {
        path: "main.py".into(),
        text: file.text.clone(),
    };
    request("lesson_open", app.lesson_open(lesson.clone(), Language::En))
        .await
        .unwrap();
    request("draft_save", app.draft_save(lesson.clone(), file.clone()))
        .await
        .unwrap();

    let run_id = uuid::Uuid::new_v4().to_string();
    let start = RunStart {
        run_id: run_id.clone(),
        lesson: lesson.clone(),
        files: vec![main, file],
        before: Vec::new(),
        inspect: Inspect::Variables,
        keep: true,
        faults: Vec::new(),
        fork: None,
    };
    let (sender, mut events) = mpsc::unbounded_channel();
    let sink = Box::new(move |batch: Vec<RunEvent>| {
        for event in batch {
            sender.send(event).unwrap();
        }
    });
    app.run_start(start, sink).await.unwrap();
    while let Some(event) = events.recv().await {
        match event {
            RunEvent::NeedsInput => app.run_input(&run_id, PRIVATE.into()).unwrap(),
            RunEvent::Finished { .. } => break,
            _ => {}
        }
    }
    asked_the_tutor(&app, &lesson).await;
    let mut nowhere = lesson;
    nowhere.lesson = PRIVATE.into();
    let error = request("lesson_open", app.lesson_open(nowhere, Language::En)).await;
    let error = error.unwrap_err();

    let written: String = logs(&logs_at).into_iter().map(|(_, text)| text).collect();
    assert!(written.contains(&run_id), "the run is in the log");
    assert!(
        written.contains(&error.request_id),
        "what the learner reports finds its line"
    );
    for line in written.lines() {
        serde_json::from_str::<serde_json::Value>(line).unwrap();
    }
    let code = format!("key = '{PRIVATE}'");
    let about_asking = written
        .lines()
        .filter(|line| line.contains("ha_llm") || line.contains("tutor"));
    for line in about_asking {
        assert!(!line.contains(PRIVATE), "{line}");
    }
    assert!(!written.contains(&code), "code is never logged");
    assert!(
        !written.contains(&format!("{PRIVATE}.py")),
        "names of the learner's files are never logged"
    );

    for _ in 0..20_000 {
        tracing::info!("{}", "x".repeat(1000));
    }
    let kept = logs(&logs_at);
    let total: u64 = kept.iter().map(|(size, _)| size).sum();
    assert!(kept.len() <= 6, "{} files", kept.len());
    assert!(total <= 13 * 1024 * 1024, "{total} bytes");
}
