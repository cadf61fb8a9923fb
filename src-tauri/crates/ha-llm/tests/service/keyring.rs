//! Keys in a real keyring: gnome-keyring in a session bus of its own, with a home of its own.
//!
//! The library looks for the bus in the environment of its process, so the test starts itself once
//! more inside `dbus-run-session`.
#![cfg(target_os = "linux")]

use ha_llm::ApiKey;
use ha_llm::keys::{KeyHome, KeyStore, KeyringState};
use std::path::Path;
use std::process::{Command, Stdio};

/// Set in the second start; says which keyring that one has.
const INSIDE: &str = "HELLOAGENTS_TEST_KEYRING";
const SERVICE: &str = "HelloAgents test";

fn inside() -> bool {
    std::env::var_os(INSIDE).is_some()
}

/// Starts this test again in a session bus; `prepare` is shell that runs there before it.
fn again_in_a_session(test: &str, prepare: &str) {
    let home =
        std::env::temp_dir().join(format!("helloagents-keyring-{}-{test}", std::process::id()));
    std::fs::create_dir_all(&home).unwrap();
    let script = format!("{prepare}exec \"$0\" --exact \"$1\" --nocapture");
    let program = std::env::current_exe().unwrap();
    let output = session(&home)
        .args(["--", "sh", "-c", &script])
        .arg(program)
        .arg(format!("keyring::{test}"))
        .output()
        .expect("dbus-run-session; `cargo xtask setup` installs it");
    std::fs::remove_dir_all(&home).ok();
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}"
    );
}

fn session(home: &Path) -> Command {
    let mut command = Command::new("dbus-run-session");
    command
        .env(INSIDE, "1")
        .env("HOME", home)
        .env("XDG_DATA_HOME", home.join("data"))
        .env("XDG_RUNTIME_DIR", home)
        .env_remove("DISPLAY")
        .stdin(Stdio::null());
    command
}

/// A keyring that is open, as after logging in. The empty line is its password.
const UNLOCKED: &str =
    "echo | gnome-keyring-daemon --unlock --components=secrets >/dev/null || exit 9; ";
/// A bus that nobody answers on: the system without a keyring.
const NO_BUS: &str = "export DBUS_SESSION_BUS_ADDRESS=unix:path=/nowhere; ";
/// The bus starts a keyring when it is asked for, and that one has nobody to ask for a password.
const LOCKED: &str = "";

async fn store() -> KeyStore {
    KeyStore::new(SERVICE, None).unwrap()
}

#[tokio::test]
async fn a_key_outlives_the_app_and_can_be_forgotten() {
    if !inside() {
        return again_in_a_session("a_key_outlives_the_app_and_can_be_forgotten", UNLOCKED);
    }
    let keys = store().await;
    assert_eq!(keys.keyring().await, KeyringState::Available);
    assert_eq!(keys.get("deepseek").await, None);
    let first = ApiKey::new("sk-first").unwrap();
    assert_eq!(keys.set("deepseek", first.clone()).await, KeyHome::Keyring);
    assert_eq!(keys.get("deepseek").await, Some((first, KeyHome::Keyring)));

    let after_a_restart = store().await;
    let second = ApiKey::new("sk-second").unwrap();
    assert_eq!(
        after_a_restart.set("deepseek", second.clone()).await,
        KeyHome::Keyring
    );
    assert_eq!(keys.get("deepseek").await, Some((second, KeyHome::Keyring)));
    assert_eq!(
        keys.get("ollama").await,
        None,
        "another account has its own"
    );

    keys.forget("deepseek").await.unwrap();
    keys.forget("deepseek").await.unwrap();
    assert_eq!(after_a_restart.get("deepseek").await, None);
}

#[tokio::test]
async fn without_a_keyring_a_key_stays_in_memory_until_the_end() {
    if !inside() {
        return again_in_a_session(
            "without_a_keyring_a_key_stays_in_memory_until_the_end",
            NO_BUS,
        );
    }
    let state = store().await.keyring().await;
    assert!(matches!(state, KeyringState::Unavailable(_)), "{state:?}");
    a_key_stays_in_memory().await;
}

#[tokio::test]
async fn a_keyring_that_nobody_can_open_keeps_nothing() {
    if !inside() {
        return again_in_a_session("a_keyring_that_nobody_can_open_keeps_nothing", LOCKED);
    }
    a_key_stays_in_memory().await;
}

#[tokio::test]
async fn a_keyring_that_is_locked_is_not_taken_for_an_empty_one() {
    if !inside() {
        return again_in_a_session(
            "a_keyring_that_is_locked_is_not_taken_for_an_empty_one",
            UNLOCKED,
        );
    }
    let keys = store().await;
    assert!(keys.secret("author-key").await.unwrap().is_none());
    assert!(keys.keep_secret("author-key", "the first").await);
    let found = keys.secret("author-key").await.unwrap().unwrap();
    assert_eq!(found.as_str(), "the first");
    let lock = Command::new("dbus-send")
        .args(["--session", "--print-reply"])
        .args(["--dest=org.freedesktop.secrets", "/org/freedesktop/secrets"])
        .arg("org.freedesktop.Secret.Service.Lock")
        .arg("array:objpath:/org/freedesktop/secrets/collection/login")
        .output()
        .unwrap();
    assert!(lock.status.success(), "{lock:?}");
    let locked = keys.secret("author-key").await;
    assert!(locked.is_err(), "{locked:?}");
}

async fn a_key_stays_in_memory() {
    let keys = store().await;
    let key = ApiKey::new("sk-memory-1").unwrap();
    assert_eq!(keys.set("deepseek", key.clone()).await, KeyHome::Session);
    assert_eq!(keys.get("deepseek").await, Some((key, KeyHome::Session)));
    assert_eq!(
        store().await.get("deepseek").await,
        None,
        "nothing was kept"
    );
    keys.forget("deepseek").await.unwrap();
    assert_eq!(keys.get("deepseek").await, None);
    let home = std::env::var("HOME").unwrap();
    assert!(
        !on_disk(Path::new(&home), b"sk-memory-1"),
        "the key is on the disk"
    );
}

/// Whether a file below `folder` holds these bytes.
fn on_disk(folder: &Path, bytes: &[u8]) -> bool {
    std::fs::read_dir(folder).unwrap().flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return on_disk(&path, bytes);
        }
        if !path.is_file() {
            return false;
        }
        let text = std::fs::read(&path).unwrap_or_default();
        text.windows(bytes.len()).any(|part| part == bytes)
    })
}

#[tokio::test]
async fn a_key_from_the_environment_goes_before_all_others() {
    let keys = KeyStore::new(SERVICE, Some(" sk-env ")).unwrap();
    let (key, home) = keys.get("deepseek").await.unwrap();
    assert_eq!(
        (key, home),
        (ApiKey::new("sk-env").unwrap(), KeyHome::Environment)
    );
    assert!(KeyStore::new(SERVICE, Some("no key")).is_err());
}
