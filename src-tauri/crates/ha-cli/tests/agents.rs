//! `helloagents run --mode` against the fake chat service: the real binary and the real engine, a home of
//! its own, no keyring. What is recorded once plays for ever, and the key is in nothing that is left.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use ha_api::{App, Places};
use ha_testkit::FakeRunner;
use ha_testkit::fake_chat::{Answer, FakeChat};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

const KEY: &str = "sk-agent-geheim";

/// One question as a whole, one in pieces.
const AGENT: &str = "\
import llm
print(llm.chat('Is it raining in Oslo?').text)
for piece in llm.chat('And tomorrow?', stream=True):
    print(piece, end='')
print()
";

/// A home whose settings name the fake service, with an agent in it.
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
        let data = desk.path("data/helloagents");
        let places = Places {
            database: data.join("helloagents.sqlite"),
            cache: desk.path("cache"),
            logs: data.join("logs"),
            courses: desk.path("courses"),
            templates: desk.path("templates"),
            guest: desk.path("guest"),
            image: desk.path("image"),
            downloads: desk.path("downloads"),
        };
        let app = App::open(places, FakeRunner::silent(), || 0);
        let mut settings = app.settings().await.unwrap();
        settings.ai.base_url = desk.fake.base_url();
        app.settings_set(settings).await.unwrap();
        fs::write(desk.path("agent.py"), AGENT).unwrap();
        desk
    }

    fn path(&self, path: &str) -> PathBuf {
        self.home.path().join(path)
    }

    /// The next two answers of the service.
    fn service_says(&self, first: &[&str], second: &[&str]) {
        self.fake
            .script([Answer::words(first), Answer::words(second)]);
    }

    async fn run(&self, flags: &[&str], key: Option<&str>) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_helloagents"));
        command
            .args(["run", "agent.py"])
            .args(flags)
            .current_dir(self.home.path())
            .env("HOME", self.home.path())
            .env("XDG_DATA_HOME", self.path("data"))
            .env("XDG_CACHE_HOME", self.path("cache"))
            // Whatever keyring this machine has is none of a test's business.
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
            .env("LC_ALL", "C.UTF-8")
            .env_remove("HELLOAGENTS_API_KEY")
            .stdin(Stdio::null());
        if let Some(key) = key {
            command.env("HELLOAGENTS_API_KEY", key);
        }
        tokio::task::spawn_blocking(move || command.output().unwrap())
            .await
            .unwrap()
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }
}

fn check(output: &Output, code: i32, stdout: &str) {
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(code), "{output:?}");
    assert_eq!(said, stdout, "{output:?}");
}

/// Whether a file below `folder` holds these words.
fn on_disk(folder: &Path, words: &str) -> bool {
    fs::read_dir(folder).unwrap().flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return on_disk(&path, words);
        }
        let bytes = fs::read(&path).unwrap_or_default();
        let words = words.as_bytes();
        bytes.windows(words.len()).any(|part| part == words)
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_recorded_once_plays_without_key_and_network() {
    let desk = Desk::new().await;
    desk.service_says(&["It ", "rains, 雨。"], &["No", " rain."]);
    let said = "It rains, 雨。\nNo rain.\n";
    let record = ["--cassette", "new.toml", "--mode", "record"];
    let traced = [&record[..], &["--trace", "trace.json"]].concat();
    check(&desk.run(&traced, Some(KEY)).await, 0, said);

    let asked = desk.fake.requests();
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[0].authorization, format!("Bearer {KEY}"));
    let cassette = desk.read("new.toml");
    assert!(cassette.contains("rains, 雨。"), "{cassette}");
    assert!(
        !on_disk(desk.home.path(), KEY),
        "the key is on the disk: {cassette}"
    );
    let address = desk.fake.base_url();
    assert!(!cassette.contains(&address), "{cassette}");

    let trace: Value = serde_json::from_str(&desk.read("trace.json")).unwrap();
    let spans = &trace["resourceSpans"][0]["scopeSpans"][0]["spans"];
    assert_eq!(spans.as_array().unwrap().len(), 2, "{trace:#}");
    let attributes = spans[0]["attributes"].to_string();
    for name in ["gen_ai.operation.name", "gen_ai.usage.input_tokens"] {
        assert!(attributes.contains(name), "{attributes}");
    }

    // Again without the key, and again as a recording that has nothing to add.
    check(&desk.run(&["--cassette", "new.toml"], None).await, 0, said);
    check(&desk.run(&record, Some(KEY)).await, 0, said);
    assert_eq!(desk.fake.requests().len(), 2, "nobody asked the service");
    assert_eq!(desk.read("new.toml"), cassette);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_keeps_what_its_author_wrote() {
    let desk = Desk::new().await;
    let written = "# by hand\ncassette_version = 1\n[[exchange]]\n\
        request.messages = [{ role = \"user\", content = \"Is it raining in Oslo?\" }]\n\
        reply.content = \"As ever.\"\n";
    fs::write(desk.path("own.toml"), written).unwrap();
    desk.fake.script([Answer::words(&["Sun."])]);
    let record = ["--cassette", "own.toml", "--mode", "record"];
    let said = "As ever.\nSun.\n";
    check(&desk.run(&record, Some(KEY)).await, 0, said);
    assert_eq!(desk.fake.requests().len(), 1);
    assert!(desk.read("own.toml").starts_with(written));
    check(&desk.run(&["--cassette", "own.toml"], None).await, 0, said);
}

#[tokio::test(flavor = "multi_thread")]
async fn live_asks_the_service_whatever_is_recorded_and_writes_nothing() {
    let desk = Desk::new().await;
    let written = "cassette_version = 1\n[[rule]]\nwhen = {}\nreply.content = \"recorded\"\n";
    fs::write(desk.path("own.toml"), written).unwrap();
    let live = ["--cassette", "own.toml", "--mode", "live"];
    desk.service_says(&["one"], &["two"]);
    check(&desk.run(&live, Some(KEY)).await, 0, "one\ntwo\n");
    assert_eq!(desk.read("own.toml"), written);

    let without = desk.run(&live, None).await;
    check(&without, 1, "");
    let stderr = String::from_utf8_lossy(&without.stderr);
    assert!(
        stderr.contains("llm.") && stderr.contains("key"),
        "{stderr}"
    );
    assert_eq!(desk.fake.requests().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_recorded_into_nowhere() {
    let desk = Desk::new().await;
    let output = desk.run(&["--mode", "record"], Some(KEY)).await;
    check(&output, 2, "");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains("--cassette"), "{stderr}");
    assert_eq!(desk.fake.requests().len(), 0);
}
