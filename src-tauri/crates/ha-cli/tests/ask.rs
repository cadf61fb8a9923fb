//! `helloagents ask` against the fake chat service: the real binary, its own home, no keyring.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use ha_api::{App, Places};
use ha_testkit::FakeRunner;
use ha_testkit::fake_chat::{Answer, FakeChat, Step};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

const KEY: &str = "sk-cli-geheim";
/// Of the course that comes with the app.
const LESSON: &str = "react";

/// A home whose settings name the fake service.
struct Desk {
    home: TempDir,
    fake: FakeChat,
}

impl Desk {
    async fn new() -> Desk {
        let desk = Desk {
            home: TempDir::new().unwrap(),
            fake: FakeChat::start().await,
        };
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
        let data = desk.path("data/helloagents");
        let places = Places {
            database: data.join("helloagents.sqlite"),
            cache: desk.path("cache"),
            logs: data.join("logs"),
            courses: root.join("courses"),
            templates: root.join("templates"),
            guest: desk.path("guest"),
            image: desk.path("image"),
            downloads: desk.path("downloads"),
        };
        let app = App::open(places, FakeRunner::silent(), || 0);
        let mut settings = app.settings().await.unwrap();
        settings.ai.base_url = desk.fake.base_url();
        app.settings_set(settings).await.unwrap();
        desk
    }

    fn path(&self, path: &str) -> PathBuf {
        self.home.path().join(path)
    }

    async fn ask(&self, arguments: &[&str], key: Option<&str>) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_helloagents"));
        command
            .arg("ask")
            .args(arguments)
            .env("HOME", self.home.path())
            .env("XDG_DATA_HOME", self.path("data"))
            .env("XDG_CACHE_HOME", self.path("cache"))
            // Whatever keyring this machine has is none of a test's business.
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
            .env_remove("HELLOAGENTS_API_KEY")
            .stdin(Stdio::null());
        if let Some(key) = key {
            command.env("HELLOAGENTS_API_KEY", key);
        }
        tokio::task::spawn_blocking(move || command.output().unwrap())
            .await
            .unwrap()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn check(output: &Output, code: i32, stdout: &str) {
    assert_eq!(output.status.code(), Some(code), "{output:?}");
    assert_eq!(text(&output.stdout), stdout, "{output:?}");
}

/// Whether a file below `folder` holds these words.
fn on_disk(folder: &Path, words: &str) -> bool {
    std::fs::read_dir(folder).unwrap().flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return on_disk(&path, words);
        }
        let bytes = std::fs::read(&path).unwrap_or_default();
        let words = words.as_bytes();
        bytes.windows(words.len()).any(|part| part == words)
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_streams_and_the_key_stays_in_its_header() {
    let desk = Desk::new().await;
    desk.fake.script([Answer::words(&["因为", " it loops"])]);
    let output = desk.ask(&["why?", "--language", "en"], Some(KEY)).await;
    check(&output, 0, "因为 it loops\n");
    let seen = &desk.fake.requests()[0];
    assert_eq!(seen.authorization, format!("Bearer {KEY}"));
    assert_eq!(seen.body["model"], "deepseek-flash");
    let said = seen.body["messages"].to_string();
    assert!(said.contains("why?") && said.contains("tutor"), "{said}");
    assert!(!on_disk(desk.home.path(), KEY), "the key is on the disk");
    assert!(
        !on_disk(desk.home.path(), "it loops"),
        "a question without a lesson is not kept"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn json_is_one_object_with_tokens_and_cost() {
    let desk = Desk::new().await;
    desk.fake
        .script([Answer::stream([Step::Thinking("hm".into()), Step::Words("yes".into())]).ended()]);
    let output = desk.ask(&["--json", "why?"], Some(KEY)).await;
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let object: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&object["text"], &object["thinking"]),
        (&"yes".into(), &"hm".into())
    );
    assert_eq!(
        object["tokens"],
        serde_json::json!({ "input": 100, "cached": 64, "output": 20 })
    );
    assert_eq!(object["cost"]["currency"], "CNY");
    assert_eq!(
        (&object["whole"], &object["error"]),
        (&true.into(), &Value::Null)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_lesson_the_tutor_sees_it_and_the_answer_is_kept() {
    let desk = Desk::new().await;
    desk.fake.otherwise(Answer::words(&["Look at the loop."]));
    let output = desk
        .ask(
            &["where?", "--lesson", LESSON, "--language", "en"],
            Some(KEY),
        )
        .await;
    check(&output, 0, "Look at the loop.\n");
    let said = desk.fake.requests()[0].body["messages"].to_string();
    assert!(
        said.contains("main.py"),
        "the learner's files are not among it: {said}"
    );
    assert!(on_disk(desk.home.path(), "Look at the loop."));
    assert!(!on_disk(desk.home.path(), KEY), "the key is on the disk");
    let whole = format!("build-ai-agents/{LESSON}");
    let output = desk
        .ask(
            &["where?", "--lesson", &whole, "--language", "zh"],
            Some(KEY),
        )
        .await;
    check(&output, 0, "Look at the loop.\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_needs_the_learner_is_told_apart_from_what_may_pass() {
    let desk = Desk::new().await;
    let output = desk.ask(&["why?"], None).await;
    check(&output, 3, "");
    assert!(text(&output.stderr).contains("needs a key"), "{output:?}");
    assert!(desk.fake.requests().is_empty());

    desk.fake.script([
        Answer::error(401, "wrong"),
        Answer::error(402, "empty"),
        Answer::stream([Step::Words("so far".into()), Step::Close]),
        Answer::error(429, "slow").header("Retry-After", "3600"),
        Answer::stream([
            Step::Words("hal".into()),
            Step::End("length".into(), [1, 0, 1, 0]),
            Step::Done,
        ]),
    ]);
    check(&desk.ask(&["why?"], Some(KEY)).await, 3, "");
    check(&desk.ask(&["why?"], Some(KEY)).await, 3, "");
    check(&desk.ask(&["why?"], Some(KEY)).await, 4, "so far\n");
    check(&desk.ask(&["why?"], Some(KEY)).await, 4, "");
    check(&desk.ask(&["why?"], Some(KEY)).await, 1, "hal\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_asked_is_usage() {
    let desk = Desk::new().await;
    for arguments in [
        &["  "][..],
        &["why?", "--lesson", "no-such-lesson"],
        &["why?", "--lesson", "no-course/x"],
        &["why?", "--language", "fr"],
    ] {
        let output = desk.ask(arguments, Some(KEY)).await;
        assert_eq!(output.status.code(), Some(2), "{arguments:?} {output:?}");
    }
    assert!(desk.fake.requests().is_empty());
}
