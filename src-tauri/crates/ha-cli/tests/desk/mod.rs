//! The command line at somebody's desk: the real binary, a home whose settings name the fake chat service,
//! no keyring.

use ha_api::{App, Places};
use ha_testkit::FakeRunner;
use ha_testkit::fake_chat::FakeChat;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// Goes with everything in it.
pub struct Desk {
    pub home: TempDir,
    pub fake: FakeChat,
}

impl Desk {
    pub async fn new() -> Desk {
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

    pub fn path(&self, path: &str) -> PathBuf {
        self.home.path().join(path)
    }

    /// The binary in this home.
    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_helloagents"));
        command
            .env("HOME", self.home.path())
            .env("XDG_DATA_HOME", self.path("data"))
            .env("XDG_CACHE_HOME", self.path("cache"))
            // Whatever keyring this machine has is none of a test's business.
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
            .env("LC_ALL", "C")
            .env_remove("HELLOAGENTS_API_KEY")
            .stdin(Stdio::null());
        command
    }

    /// Whether a file of the home holds these words.
    pub fn holds(&self, words: &str) -> bool {
        on_disk(self.home.path(), words)
    }
}

/// What a command says, while the fake service answers; with a key or without.
pub async fn output(mut command: Command, key: Option<&str>) -> Output {
    if let Some(key) = key {
        command.env("HELLOAGENTS_API_KEY", key);
    }
    tokio::task::spawn_blocking(move || command.output().unwrap())
        .await
        .unwrap()
}

pub fn check(output: &Output, code: i32, stdout: &str) {
    let said = String::from_utf8(output.stdout.clone()).unwrap();
    assert_eq!(output.status.code(), Some(code), "{output:?}");
    assert_eq!(said, stdout, "{output:?}");
}

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
