//! Agents of a lesson: the learner's own service behind them, its money, faults on purpose, tools of the
//! host, and the trace that stays.

use crate::stage::{COURSE, NOW, Seen, Stage, id, lesson, run_of};
use ha_api::wire::{
    ArmedFault, FaultKind, ModelMode, RunEvent, RunStart, Settings, SpanKind, Trace, WebState,
};
use ha_api::{App, ErrorCode};
use ha_llm::keys::KeyStore;
use ha_testkit::fake_chat::{Answer, FakeChat};
use ha_testkit::{FakeRunner, Step};
use serde_json::{Value, json};
use std::sync::Arc;

const KEY: &str = "sk-agent-91bd";
const CASSETTE: &str = "cassette_version = 1\n[[rule]]\nwhen = {}\n\
    reply.content = \"Thought: I look.\\nAction: weather[Oslo]\"\n";

pub fn call(name: &str, payload: Value) -> Step {
    Step::Ask(json!({ "name": name, "payload": payload }).to_string())
}

fn chat(stream: bool) -> Step {
    let messages = json!([{ "role": "user", "content": "rain?" }]);
    call(
        "chat",
        json!({ "request": { "model": "x", "stream": stream, "messages": messages } }),
    )
}

fn tool(name: &str, arguments: Value) -> Step {
    call("tool", json!({ "name": name, "arguments": arguments }))
}

fn app(stage: &Stage, steps: Vec<Step>) -> Arc<App> {
    let keys = Arc::new(KeyStore::new("helloagents-test", Some(KEY)).unwrap());
    let runner = FakeRunner::new(move |_| steps.clone());
    App::open_with_keys(stage.places(), runner, || NOW, keys)
}

/// Lets the app ask a service, with a cap in yuan.
pub async fn live(app: &App, service: &FakeChat, cap: f64) {
    let mut settings = Settings {
        model_mode: ModelMode::Live,
        ..Settings::default()
    };
    settings.ai.base_url = service.base_url();
    settings.ai.proxy = "none".into();
    settings.ai.monthly_cap = cap;
    app.settings_set(settings).await.unwrap();
}

/// What a run printed, line by line, and its trace.
async fn ran(app: &Arc<App>, faults: Vec<ArmedFault>) -> (Vec<Value>, Trace) {
    let start = RunStart {
        faults,
        ..run_of("pass")
    };
    ran_as(app, start).await
}

/// The same of a run that is told more.
pub async fn ran_as(app: &Arc<App>, start: RunStart) -> (Vec<Value>, Trace) {
    let (seen, sink) = Seen::new();
    let run = start.run_id.clone();
    app.run_start(start, sink).await.unwrap();
    let is_last = |event: &RunEvent| matches!(event, RunEvent::Finished { .. });
    let events = seen.until(is_last).await;
    let mut printed = String::new();
    let mut told = 0;
    let mut terms = Vec::new();
    for event in &events {
        match event {
            RunEvent::Stdout { text } => printed.push_str(text),
            RunEvent::Traced { .. } => told += 1,
            RunEvent::Agents { mode, call_limit } => terms.push((*mode, *call_limit)),
            _ => {}
        }
    }
    let trace = app.trace_get(run).await.unwrap();
    assert_eq!(told, trace.spans.len() * 2, "each step is told twice");
    assert_eq!(terms, [(trace.mode, trace.call_limit)], "once");
    let lines = printed.lines().map(serde_json::from_str);
    (lines.collect::<Result<_, _>>().unwrap(), trace)
}

pub fn content(answer: &Value) -> &str {
    answer["reply"]["choices"][0]["message"]["content"]
        .as_str()
        .unwrap_or_default()
}

pub fn stage() -> Stage {
    let stage = Stage::new();
    stage.write("courses/tiny/01-hello/cassette.toml", CASSETTE);
    stage
}

#[tokio::test]
async fn with_a_key_the_same_program_asks_the_learners_service_and_pays() {
    let stage = stage();
    let service = FakeChat::start().await;
    let app = app(&stage, vec![chat(false), chat(true)]);
    live(&app, &service, 20.0).await;
    service.script([Answer::words(&["It ", "rains."]), Answer::words(&["Wet."])]);
    let (lines, trace) = ran(&app, Vec::new()).await;
    assert_eq!(content(&lines[0]), "It rains.");
    assert!(lines[1]["delta"].is_object() && lines.last().unwrap()["done"].is_object());
    assert_eq!(trace.mode, ModelMode::Live);
    assert!(trace.spans.iter().all(|span| span.answered_by.is_some()));
    assert!(app.ai_spending().await.unwrap().answers >= 2.0);
    let sent = service.requests().last().unwrap().body.to_string();
    assert!(
        sent.contains("rain?") && sent.contains("deepseek-flash"),
        "{sent}"
    );
    let seen = format!("{lines:?}{trace:?}");
    assert!(
        !seen.contains(KEY) && !seen.contains(&service.base_url()),
        "{seen}"
    );
}

#[tokio::test]
async fn a_month_at_its_cap_asks_nobody() {
    let stage = stage();
    let service = FakeChat::start().await;
    let app = app(&stage, vec![chat(false)]);
    live(&app, &service, 20.0).await;
    service.script([Answer::words(&["Dear."])]);
    ran(&app, Vec::new()).await;
    live(&app, &service, 1e-9).await;
    let asked = service.requests().len();
    let (lines, trace) = ran(&app, Vec::new()).await;
    assert_eq!(lines[0]["error"]["code"], "spending_limit");
    assert!(trace.spans[0].error.is_some());
    assert_eq!(service.requests().len(), asked);
}

#[tokio::test]
async fn faults_come_at_their_call_and_are_marked() {
    let stage = stage();
    let app = app(&stage, vec![chat(false), chat(false), chat(false)]);
    let fault = |kind, at_call| ArmedFault { kind, at_call };
    let faults = vec![
        fault(FaultKind::CallFails, 1),
        fault(FaultKind::MalformedAction, 2),
        fault(FaultKind::TwoActions, 3),
    ];
    let (lines, trace) = ran(&app, faults).await;
    assert_eq!(lines[0]["error"]["status"], 500);
    assert_eq!(content(&lines[1]), "Thought: I look.\nAction: weather[Oslo");
    assert_eq!(content(&lines[2]).matches("Action:").count(), 2);
    assert_eq!(
        trace.spans[2].attributes["helloagents.fault"],
        "two_actions"
    );
}

fn armed(kind: FaultKind, at_call: u32) -> Vec<ArmedFault> {
    vec![ArmedFault { kind, at_call }]
}

#[tokio::test]
async fn a_slow_reply_is_the_same_one_later() {
    let stage = stage();
    let app = app(&stage, vec![chat(false), chat(false)]);
    let (lines, trace) = ran(&app, armed(FaultKind::Slow, 2)).await;
    assert_eq!(content(&lines[0]), content(&lines[1]));
    let took = |at: usize| trace.spans[at].duration_ms.unwrap();
    assert!(took(0) < 1_000.0 && took(1) >= 3_000.0, "{trace:?}");
    assert_eq!(trace.spans[1].attributes["helloagents.fault"], "slow");
}

#[tokio::test]
async fn a_program_that_waits_for_a_slow_reply_is_stopped_at_once() {
    let stage = stage();
    let app = app(&stage, vec![chat(true), Step::print("never")]);
    let (seen, sink) = Seen::new();
    let start = RunStart {
        faults: armed(FaultKind::Slow, 1),
        ..run_of("pass")
    };
    let run = start.run_id.clone();
    app.run_start(start, sink).await.unwrap();
    seen.until(|event| matches!(event, RunEvent::Traced { .. }))
        .await;
    let stopped = std::time::Instant::now();
    app.run_cancel(&run);
    let events = seen
        .until(|event| matches!(event, RunEvent::Finished { .. }))
        .await;
    assert!(stopped.elapsed().as_millis() < 2_000, "{events:?}");
    let said = format!("{events:?}");
    assert!(
        said.contains("Cancelled") && !said.contains("never"),
        "{said}"
    );
    let trace = app.trace_get(run).await.unwrap();
    assert_eq!(trace.spans[0].duration_ms, None, "no reply came");
}

#[tokio::test]
async fn a_model_that_repeats_itself_for_ever_ends_at_the_limit_with_a_sentence() {
    let stage = offering("calls = 6");
    let exchange = |reply: &str| {
        format!(
            "[[exchange]]\nrequest.messages = [{{ content = \"rain?\" }}]\nreply.content = \"{reply}\"\n"
        )
    };
    let replies = ["Action: a[1]", "Action: b[2]", "Answer: done"].map(exchange);
    let cassette = format!("cassette_version = 1\n{}", replies.concat());
    stage.write("courses/tiny/01-hello/cassette.toml", cassette);
    let app = app(&stage, vec![chat(false); 8]);
    let (well, _) = ran(&app, Vec::new()).await;
    assert_eq!(content(&well[2]), "Answer: done");

    let (lines, trace) = ran(&app, armed(FaultKind::Endless, 2)).await;
    let said: Vec<&str> = lines[..6].iter().map(content).collect();
    assert_eq!(said[0], "Action: a[1]");
    assert_eq!(said[1..], ["Action: b[2]"; 5]);
    for refused in &lines[6..] {
        assert_eq!(refused["error"]["code"], "call_limit");
        let message = refused["error"]["message"].as_str().unwrap();
        assert!(message.contains('6'), "{message}");
    }
    assert_eq!(trace.calls, 6);
}

fn offering(tools: &str) -> Stage {
    let stage = stage();
    let course = COURSE.replace(
        "minutes = 5\n",
        &format!("minutes = 5\n[chapter.lesson.agent]\n{tools}\n"),
    );
    stage.write("courses/tiny/course.toml", course);
    stage.write(
        "courses/tiny/01-hello/data/w.json",
        r#"[{"city": "Oslo", "rain": true}]"#,
    );
    stage
}

#[tokio::test]
async fn tools_of_the_host_answer_what_the_lesson_offers() {
    let stage = offering("tools = [\"search\", \"calculator\", \"data\"]");
    let steps = vec![
        tool("calculator", json!({ "expression": "2 ** 10 + 1" })),
        tool(
            "data",
            json!({ "file": "w.json", "where": { "city": "oslo" } }),
        ),
        tool("search", json!({ "query": "Run it" })),
        tool("calculator", json!({ "expression": "open('/etc/passwd')" })),
        tool("data", json!({ "file": "../../../course.toml" })),
        tool("http_get", json!({ "url": "http://127.0.0.1/" })),
        tool("shell", json!({})),
    ];
    let (lines, trace) = ran(&app(&stage, steps), Vec::new()).await;
    assert_eq!(lines[0]["reply"], 1025);
    assert_eq!(lines[1]["reply"], json!([{ "city": "Oslo", "rain": true }]));
    assert_eq!(lines[2]["reply"][0]["title"], "Hello");
    let codes: Vec<&str> = lines[3..]
        .iter()
        .map(|line| line["error"]["code"].as_str().unwrap())
        .collect();
    assert_eq!(
        codes,
        [
            "bad_arguments",
            "bad_arguments",
            "not_allowed",
            "unknown_tool"
        ]
    );
    assert!(trace.spans.iter().all(|span| span.kind == SpanKind::Tool));
}

#[tokio::test]
async fn the_network_is_asked_for_allowed_and_taken_back() {
    let stage = offering("tools = [\"http_get\"]\nhosts = [\"api.example.com\"]");
    let steps = vec![tool("http_get", json!({ "url": "file:///etc/passwd" }))];
    let app = app(&stage, steps);
    let web = |app: Arc<App>| async move {
        let rights = app.lesson_rights(&lesson()).await.unwrap();
        rights.web.unwrap()
    };
    assert_eq!(web(app.clone()).await.state, WebState::Asked);
    let message = |lines: &[Value]| lines[0]["error"]["message"].as_str().unwrap().to_string();
    let (lines, _) = ran(&app, Vec::new()).await;
    assert!(
        message(&lines).contains("may not reach the network yet"),
        "{lines:?}"
    );
    app.web_allow(&lesson(), true).await.unwrap();
    assert_eq!(web(app.clone()).await.state, WebState::Allowed);
    let (lines, _) = ran(&app, Vec::new()).await;
    assert!(message(&lines).contains("no http(s) address"), "{lines:?}");
    app.web_allow(&lesson(), false).await.unwrap();
    assert_eq!(web(app).await.state, WebState::Asked);
}

#[tokio::test]
async fn a_course_that_nobody_signed_never_reaches_the_network() {
    let stage = offering("tools = [\"http_get\"]\nhosts = [\"api.example.com\"]");
    // As an installed bundle without a signature: on the shelf, and in no list of signers.
    let shelf = stage.path().join("data/courses/tiny");
    std::fs::create_dir_all(shelf.parent().unwrap()).unwrap();
    std::fs::rename(stage.path().join("courses/tiny"), &shelf).unwrap();
    let app = app(&stage, Vec::new());
    let rights = app.lesson_rights(&lesson()).await.unwrap();
    assert_eq!(rights.web.unwrap().state, WebState::Unsigned);
    let refused = app.web_allow(&lesson(), true).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::InvalidRequest);
}

#[tokio::test]
async fn a_course_that_nobody_signed_spends_nothing_before_the_learner_says_so() {
    let stage = stage();
    stage.write("courses/tiny/01-hello/cassette.toml", CASSETTE);
    let shelf = stage.path().join("data/courses/tiny");
    std::fs::create_dir_all(shelf.parent().unwrap()).unwrap();
    std::fs::rename(stage.path().join("courses/tiny"), &shelf).unwrap();
    let service = FakeChat::start().await;
    let app = app(&stage, vec![chat(false)]);
    let said = async || {
        let rights = app.lesson_rights(&lesson()).await;
        rights.unwrap().service_allowed
    };
    let (lines, _) = ran(&app, Vec::new()).await;
    assert!(lines[0]["error"].is_null(), "recorded replies: {lines:?}");

    live(&app, &service, 20.0).await;
    assert_eq!(said().await, Some(false));
    let (lines, _) = ran(&app, Vec::new()).await;
    assert_eq!(lines[0]["error"]["code"], "not_allowed", "{lines:?}");
    assert!(service.requests().is_empty(), "nothing left this machine");

    app.service_allow(&lesson(), true).await.unwrap();
    assert_eq!(said().await, Some(true));
    ran(&app, Vec::new()).await;
    assert_eq!(service.requests().len(), 1);

    app.service_allow(&lesson(), false).await.unwrap();
    ran(&app, Vec::new()).await;
    assert_eq!(service.requests().len(), 1, "it was taken back");
}

#[tokio::test]
async fn traces_are_listed_and_written_out() {
    let stage = stage();
    let app = app(&stage, vec![chat(false)]);
    ran(&app, Vec::new()).await;
    let listed = app.trace_list(lesson()).await.unwrap();
    assert_eq!((listed.len(), listed[0].spans), (1, 1));
    let path = app.trace_export(listed[0].run.clone()).await.unwrap();
    let written: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert!(written["resourceSpans"][0]["scopeSpans"][0]["spans"][0]["name"].is_string());
    let missing = app.trace_get(id()).await.unwrap_err();
    assert_eq!(missing.code, ErrorCode::HistoryNotFound);
}
