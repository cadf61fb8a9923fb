//! `helloagents ask` against the fake chat service: the real binary, its own home, no keyring.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod desk;

use desk::{Desk, check, output};
use ha_testkit::fake_chat::{Answer, Step};
use serde_json::Value;
use std::process::Output;

const KEY: &str = "sk-cli-geheim";
/// Of the course that comes with the app.
const LESSON: &str = "react";

async fn ask(desk: &Desk, arguments: &[&str], key: Option<&str>) -> Output {
    let mut command = desk.command();
    command.arg("ask").args(arguments);
    output(command, key).await
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_streams_and_the_key_stays_in_its_header() {
    let desk = Desk::new().await;
    desk.fake.script([Answer::words(&["因为", " it loops"])]);
    let output = ask(&desk, &["why?", "--language", "en"], Some(KEY)).await;
    check(&output, 0, "因为 it loops\n");
    let seen = &desk.fake.requests()[0];
    assert_eq!(seen.authorization, format!("Bearer {KEY}"));
    assert_eq!(seen.body["model"], "deepseek-flash");
    let said = seen.body["messages"].to_string();
    assert!(said.contains("why?") && said.contains("tutor"), "{said}");
    assert!(!desk.holds(KEY), "the key is on the disk");
    assert!(
        !desk.holds("it loops"),
        "a question without a lesson is not kept"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn json_is_one_object_with_tokens_and_cost() {
    let desk = Desk::new().await;
    desk.fake
        .script([Answer::stream([Step::Thinking("hm".into()), Step::Words("yes".into())]).ended()]);
    let output = ask(&desk, &["--json", "why?"], Some(KEY)).await;
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
    let output = ask(
        &desk,
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
    assert!(desk.holds("Look at the loop."));
    assert!(!desk.holds(KEY), "the key is on the disk");
    let whole = format!("build-ai-agents/{LESSON}");
    let output = ask(
        &desk,
        &["where?", "--lesson", &whole, "--language", "zh"],
        Some(KEY),
    )
    .await;
    check(&output, 0, "Look at the loop.\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_of_an_answer_that_broke_off_is_paid_for() {
    let desk = Desk::new().await;
    desk.fake
        .script([Answer::stream([Step::Words("half of it".into())])]);
    let output = ask(&desk, &["--json", "why?"], Some(KEY)).await;
    assert_ne!(output.status.code(), Some(0), "{output:?}");
    let object: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(object["text"], "half of it");
    assert!(object["tokens"]["output"].as_f64() > Some(0.0), "{object}");
    assert!(object["tokens"]["input"].as_f64() > Some(0.0), "{object}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_looked_up_is_told_beside_the_words() {
    let desk = Desk::new().await;
    let search = || {
        let steps = [
            Step::Words("Let me look.".into()),
            Step::Tool {
                index: 0,
                id: Some("c".into()),
                name: Some("search_lessons".into()),
                arguments: r#"{"query":"observation"}"#.into(),
            },
        ];
        Answer::stream(steps).ended()
    };
    let about = ["where?", "--lesson", LESSON, "--language", "en"];
    desk.fake.script([search(), Answer::words(&["There."])]);
    let output = ask(&desk, &about, Some(KEY)).await;
    check(&output, 0, "Let me look.\n\nThere.\n");
    let told = "helloagents: looked in the lessons for “observation”: 5 places\n";
    assert_eq!(text(&output.stderr), told);

    desk.fake.script([search(), Answer::words(&["There."])]);
    let json = [&about[..], &["--json"]].concat();
    let output = ask(&desk, &json, Some(KEY)).await;
    let object: Value = serde_json::from_slice(&output.stdout).unwrap();
    let parts = object["parts"].as_array().unwrap().iter();
    let kinds: Vec<_> = parts.map(|part| part["type"].clone()).collect();
    assert_eq!(kinds, ["text", "tool", "text"]);
    let tool = &object["parts"][1]["tool"];
    assert_eq!(
        (&tool["kind"], &tool["asked"], &tool["state"]),
        (
            &"searchLessons".into(),
            &"observation".into(),
            &"done".into()
        )
    );
    assert_eq!(object["tokens"]["output"], 40);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_needs_the_learner_is_told_apart_from_what_may_pass() {
    let desk = Desk::new().await;
    let output = ask(&desk, &["why?"], None).await;
    check(&output, 3, "");
    assert!(text(&output.stderr).contains("needs a key"), "{output:?}");
    let mut chinese = desk.command();
    chinese.env("LC_ALL", "zh_CN.UTF-8").args(["ask", "why?"]);
    let output = desk::output(chinese, None).await;
    let said = text(&output.stderr);
    assert!(said.contains("这个服务需要密钥"), "{said}");
    assert!(said.contains("HELLOAGENTS_API_KEY"), "{said}");
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
    check(&ask(&desk, &["why?"], Some(KEY)).await, 3, "");
    check(&ask(&desk, &["why?"], Some(KEY)).await, 3, "");
    check(&ask(&desk, &["why?"], Some(KEY)).await, 4, "so far\n");
    check(&ask(&desk, &["why?"], Some(KEY)).await, 4, "");
    check(&ask(&desk, &["why?"], Some(KEY)).await, 1, "hal\n");
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
        let output = ask(&desk, arguments, Some(KEY)).await;
        assert_eq!(output.status.code(), Some(2), "{arguments:?} {output:?}");
    }
    assert!(desk.fake.requests().is_empty());
}
