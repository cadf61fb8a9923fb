//! `helloagents run --mode` against the fake chat service: the real binary and the real engine, a home of
//! its own, no keyring. What is recorded once plays for ever, and the key is in nothing that is left.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod desk;

use desk::{Desk, check, output};
use ha_testkit::fake_chat::Answer;
use serde_json::Value;
use std::fs;
use std::process::Output;

const KEY: &str = "sk-agent-geheim";

/// One question as a whole, one in pieces.
const AGENT: &str = "\
import llm
print(llm.chat('Is it raining in Oslo?').text)
for piece in llm.chat('And tomorrow?', stream=True):
    print(piece, end='')
print()
";

/// A desk with an agent on it.
async fn desk() -> Desk {
    let desk = Desk::new().await;
    fs::write(desk.path("agent.py"), AGENT).unwrap();
    desk
}

/// The next two answers of the service.
fn service_says(desk: &Desk, first: &[&str], second: &[&str]) {
    desk.fake
        .script([Answer::words(first), Answer::words(second)]);
}

async fn run(desk: &Desk, flags: &[&str], key: Option<&str>) -> Output {
    let mut command = desk.command();
    command
        .args(["run", "agent.py"])
        .args(flags)
        .current_dir(desk.home.path())
        .env("LC_ALL", "C.UTF-8");
    output(command, key).await
}

fn read(desk: &Desk, path: &str) -> String {
    fs::read_to_string(desk.path(path)).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_recorded_once_plays_without_key_and_network() {
    let desk = desk().await;
    service_says(&desk, &["It ", "rains, 雨。"], &["No", " rain."]);
    let said = "It rains, 雨。\nNo rain.\n";
    let record = ["--cassette", "new.toml", "--mode", "record"];
    let traced = [&record[..], &["--trace", "trace.json"]].concat();
    check(&run(&desk, &traced, Some(KEY)).await, 0, said);

    let asked = desk.fake.requests();
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[0].authorization, format!("Bearer {KEY}"));
    let cassette = read(&desk, "new.toml");
    assert!(cassette.contains("rains, 雨。"), "{cassette}");
    assert!(!desk.holds(KEY), "the key is on the disk: {cassette}");
    let address = desk.fake.base_url();
    assert!(!cassette.contains(&address), "{cassette}");

    let trace: Value = serde_json::from_str(&read(&desk, "trace.json")).unwrap();
    let spans = &trace["resourceSpans"][0]["scopeSpans"][0]["spans"];
    assert_eq!(spans.as_array().unwrap().len(), 2, "{trace:#}");
    let attributes = spans[0]["attributes"].to_string();
    for name in ["gen_ai.operation.name", "gen_ai.usage.input_tokens"] {
        assert!(attributes.contains(name), "{attributes}");
    }

    // Again without the key, and again as a recording that has nothing to add.
    check(
        &run(&desk, &["--cassette", "new.toml"], None).await,
        0,
        said,
    );
    check(&run(&desk, &record, Some(KEY)).await, 0, said);
    assert_eq!(desk.fake.requests().len(), 2, "nobody asked the service");
    assert_eq!(read(&desk, "new.toml"), cassette);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_keeps_what_its_author_wrote() {
    let desk = desk().await;
    let written = "# by hand\ncassette_version = 1\n[[exchange]]\n\
        request.messages = [{ role = \"user\", content = \"Is it raining in Oslo?\" }]\n\
        reply.content = \"As ever.\"\n";
    fs::write(desk.path("own.toml"), written).unwrap();
    desk.fake.script([Answer::words(&["Sun."])]);
    let record = ["--cassette", "own.toml", "--mode", "record"];
    let said = "As ever.\nSun.\n";
    check(&run(&desk, &record, Some(KEY)).await, 0, said);
    assert_eq!(desk.fake.requests().len(), 1);
    assert!(read(&desk, "own.toml").starts_with(written));
    check(
        &run(&desk, &["--cassette", "own.toml"], None).await,
        0,
        said,
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn live_asks_the_service_whatever_is_recorded_and_writes_nothing() {
    let desk = desk().await;
    let written = "cassette_version = 1\n[[rule]]\nwhen = {}\nreply.content = \"recorded\"\n";
    fs::write(desk.path("own.toml"), written).unwrap();
    let live = ["--cassette", "own.toml", "--mode", "live"];
    service_says(&desk, &["one"], &["two"]);
    check(&run(&desk, &live, Some(KEY)).await, 0, "one\ntwo\n");
    assert_eq!(read(&desk, "own.toml"), written);

    let without = run(&desk, &live, None).await;
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
    let desk = desk().await;
    let output = run(&desk, &["--mode", "record"], Some(KEY)).await;
    check(&output, 2, "");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains("--cassette"), "{stderr}");
    assert_eq!(desk.fake.requests().len(), 0);
}
