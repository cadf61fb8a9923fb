//! A run that forks from an older one: the same up to a step, then another way.

use crate::agents::{call, content, ran_as, stage};
use crate::stage::{COURSE, NOW, Seen, Stage, run_of};
use ha_api::wire::{
    AnsweredBy, ForkAt, ForkChange, ForkedFrom, ModelMode, RunEvent, RunOutcome, RunStart,
    Settings, Trace,
};
use ha_api::{App, ErrorCode};
use ha_testkit::{FakeRunner, Step};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// Two steps by the order of the file, and what is said to other words.
const CASSETTE: &str = "cassette_version = 1\nfallback = \"step\"\n\
    [[rule]]\nwhen = { last = \"sun\" }\nreply.content = \"No umbrella.\"\n\
    [[exchange]]\nrequest.messages = [{ content = \"a\" }]\nreply.content = \"first\"\n\
    [[exchange]]\nrequest.messages = [{ content = \"b\" }]\nreply.content = \"second\"\n\
    [[exchange]]\nrequest.messages = [{ content = \"c\" }]\nreply.content = \"third\"\n";

fn asks(words: &[&str]) -> Step {
    let message = |text: &&str| json!({ "role": "user", "content": text });
    let messages: Vec<Value> = words.iter().map(message).collect();
    call("chat", json!({ "request": { "messages": messages } }))
}

fn calculates(expression: &str) -> Step {
    let arguments = json!({ "expression": expression });
    call(
        "tool",
        json!({ "name": "calculator", "arguments": arguments }),
    )
}

/// A tool of the program's own, from its beginning to its end.
fn own_tool(id: &str, output: &str) -> [Step; 2] {
    let start = json!({ "event": "start", "id": id, "kind": "tool", "name": "weather",
        "input": { "city": "Oslo" } });
    let end = json!({ "event": "end", "id": id, "output": output });
    [call("span", start), call("span", end)]
}

/// An app whose programs do these things, one after the other.
fn app(stage: &Stage, programs: Vec<Vec<Step>>) -> Arc<App> {
    stage.write("courses/tiny/01-hello/cassette.toml", CASSETTE);
    let course = COURSE.replace(
        "minutes = 5\n",
        "minutes = 5\n[chapter.lesson.agent]\ntools = [\"calculator\"]\n",
    );
    stage.write("courses/tiny/course.toml", course);
    let programs = Mutex::new(programs.into_iter());
    let runner = FakeRunner::new(move |_| programs.lock().unwrap().next().unwrap());
    App::open(stage.places(), runner, || NOW)
}

/// A first run; its id, what it printed and its trace.
async fn first(app: &Arc<App>) -> (String, Vec<Value>, Trace) {
    let start = run_of("pass");
    let run = start.run_id.clone();
    let (lines, trace) = ran_as(app, start).await;
    (run, lines, trace)
}

fn fork(run: &str, span: &str, change: ForkChange, text: &str) -> RunStart {
    RunStart {
        fork: Some(ForkAt {
            run: run.into(),
            span: span.into(),
            change,
            text: text.into(),
        }),
        ..run_of("pass")
    }
}

const PROMPT: ForkChange = ForkChange::Prompt { message: 0 };

#[tokio::test]
async fn another_prompt_is_answered_anew_and_stays_in_the_conversation() {
    let stage = stage();
    let program = vec![asks(&["a"]), asks(&["rain?"]), asks(&["rain? yes", "sun"])];
    let app = app(&stage, vec![program.clone(), program]);
    let (run, lines, trace) = first(&app).await;
    assert_eq!(
        (content(&lines[0]), content(&lines[1])),
        ("first", "second")
    );
    let (lines, forked) = ran_as(&app, fork(&run, &trace.spans[1].id, PROMPT, "sun?")).await;
    assert_eq!(content(&lines[0]), "first");
    assert_eq!(content(&lines[1]), "No umbrella.");
    assert_eq!(forked.spans[0].answered_by, Some(AnsweredBy::Replayed));
    assert!(
        forked.spans[1].input.contains("sun?"),
        "{:?}",
        forked.spans[1]
    );
    assert!(
        forked.spans[2].input.contains("sun? yes"),
        "{:?}",
        forked.spans[2]
    );
    let span = trace.spans[1].id.clone();
    assert_eq!(
        forked.forked_from,
        Some(ForkedFrom {
            run: run.clone(),
            span
        })
    );
    let export = app.trace_list(crate::stage::lesson()).await.unwrap();
    assert_eq!(export.len(), 2, "both can be laid side by side");
    assert_eq!(app.trace_get(run).await.unwrap().forked_from, None);
}

#[tokio::test]
async fn the_model_says_what_the_learner_wrote_and_the_recorded_replies_keep_step() {
    let stage = stage();
    let program = vec![asks(&["x"]), asks(&["y"]), asks(&["z"])];
    let app = app(&stage, vec![program.clone(), program.clone(), program]);
    let (run, _, trace) = first(&app).await;
    let at = |text: &str| fork(&run, &trace.spans[1].id, ForkChange::Reply, text);
    let (lines, forked) = ran_as(&app, at("mine")).await;
    let said: Vec<&str> = lines.iter().map(content).collect();
    assert_eq!(said, ["first", "mine", "third"]);
    assert_eq!(forked.spans[1].answered_by, Some(AnsweredBy::Learner));
    assert_eq!((forked.calls, forked.call_limit), (3, trace.call_limit));
    let (lines, _) = ran_as(&app, at("")).await;
    assert_eq!(content(&lines[1]), "", "a model may say nothing");
}

#[tokio::test]
async fn a_tool_of_the_host_says_what_the_learner_wrote() {
    let stage = stage();
    let program = vec![calculates("1+1"), calculates("2+2"), asks(&["a"])];
    let app = app(&stage, vec![program.clone(), program]);
    let (run, lines, trace) = first(&app).await;
    assert_eq!(
        (&lines[0]["reply"], &lines[1]["reply"]),
        (&json!(2), &json!(4))
    );
    let at = fork(&run, &trace.spans[1].id, ForkChange::Observation, "5");
    let (lines, forked) = ran_as(&app, at).await;
    assert_eq!(
        (&lines[0]["reply"], &lines[1]["reply"]),
        (&json!(2), &json!(5))
    );
    assert_eq!(forked.spans[0].answered_by, Some(AnsweredBy::Replayed));
    assert_eq!(forked.spans[1].answered_by, Some(AnsweredBy::Learner));
}

#[tokio::test]
async fn the_model_hears_other_words_of_a_tool_of_the_program() {
    let stage = stage();
    let mut program = own_tool("s1", "rain").to_vec();
    program.extend([
        asks(&["Go.\nObservation: rain\n"]),
        asks(&["Observation: rain\nb"]),
    ]);
    let mut silent = own_tool("s1", "secret").to_vec();
    silent.push(asks(&["Observation: none"]));
    let app = app(
        &stage,
        vec![program.clone(), program, silent.clone(), silent],
    );
    let (run, _, trace) = first(&app).await;
    let at = fork(&run, &trace.spans[0].id, ForkChange::Observation, "sun");
    let (lines, forked) = ran_as(&app, at).await;
    assert_eq!(
        (content(&lines[2]), content(&lines[3])),
        ("No umbrella.", "No umbrella.")
    );
    assert_eq!(forked.spans[0].output, "\"sun\"");
    assert_eq!(forked.spans[0].answered_by, Some(AnsweredBy::Learner));
    // A program that never tells the model has nothing to replace, and says so.
    let (run, _, trace) = first(&app).await;
    let at = fork(&run, &trace.spans[0].id, ForkChange::Observation, "sun");
    let (lines, _) = ran_as(&app, at).await;
    let message = lines[2]["error"]["message"].as_str().unwrap();
    assert!(message.contains("what weather said") && message.contains("change its prompt"));
}

#[tokio::test]
async fn a_program_that_goes_another_way_before_the_fork_is_told_where() {
    let stage = stage();
    let old = vec![asks(&["a"]), asks(&["b"])];
    let new = vec![asks(&["another"]), asks(&["b"])];
    let app = app(&stage, vec![old, new]);
    let (run, _, trace) = first(&app).await;
    let at = fork(&run, &trace.spans[1].id, ForkChange::Reply, "mine");
    let (lines, forked) = ran_as(&app, at).await;
    let error = &lines[0]["error"];
    let message = error["message"].as_str().unwrap();
    assert_eq!(error["code"], "no_fork");
    assert!(
        message.contains("then:") && message.contains("another"),
        "{message}"
    );
    assert!(
        forked.spans[0]
            .error
            .as_deref()
            .unwrap()
            .contains("another")
    );
}

#[tokio::test]
async fn what_went_wrong_before_the_fork_goes_wrong_again() {
    let stage = stage();
    let program = vec![
        calculates("1/0"),
        calculates("2"),
        asks(&["a"]),
        asks(&["b"]),
    ];
    let app = app(&stage, vec![program.clone(), program]);
    let (run, lines, trace) = first(&app).await;
    let at = fork(&run, &trace.spans[3].id, ForkChange::Reply, "mine");
    let (again, _) = ran_as(&app, at).await;
    let words = |line: &Value| {
        (
            line["error"]["code"].clone(),
            line["error"]["message"].clone(),
        )
    };
    assert_eq!(words(&again[0]), words(&lines[0]));
    assert_eq!((content(&again[2]), content(&again[3])), ("first", "mine"));
}

#[tokio::test]
async fn a_fork_can_be_stopped_and_keeps_what_it_did() {
    let stage = stage();
    let old = vec![asks(&["a"]), asks(&["b"])];
    let stuck = vec![asks(&["a"]), Step::Hang];
    let app = app(&stage, vec![old, stuck]);
    let (run, _, trace) = first(&app).await;
    let start = fork(&run, &trace.spans[1].id, PROMPT, "sun");
    let id = start.run_id.clone();
    let (seen, sink) = Seen::new();
    app.run_start(start, sink).await.unwrap();
    seen.until(|event| matches!(event, RunEvent::Traced { .. }))
        .await;
    app.run_cancel(&id);
    let events = seen
        .until(|event| matches!(event, RunEvent::Finished { .. }))
        .await;
    let Some(RunEvent::Finished { report }) = events.last() else {
        panic!("no end: {events:?}");
    };
    assert_eq!(report.outcome, RunOutcome::Cancelled);
    let kept = app.trace_get(id).await.unwrap();
    assert_eq!(kept.spans.len(), 1);
    assert_eq!(kept.forked_from.unwrap().run, run);
}

#[tokio::test]
async fn where_nothing_can_fork_nothing_runs() {
    let stage = stage();
    let mut program = vec![asks(&["a"])];
    program.extend(own_tool("s1", "rain"));
    let app = app(&stage, vec![program]);
    let (run, _, trace) = first(&app).await;
    let tool = trace.spans[1].id.clone();
    let model = trace.spans[0].id.clone();
    let last = ForkChange::Prompt { message: 9 };
    for (span, change) in [
        ("99", ForkChange::Reply),
        (&*tool, ForkChange::Observation),
        (&*tool, ForkChange::Reply),
        (&*model, ForkChange::Observation),
        (&*model, last),
    ] {
        let (_seen, sink) = Seen::new();
        let refused = app.run_start(fork(&run, span, change, "x"), sink).await;
        assert_eq!(
            refused.unwrap_err().code,
            ErrorCode::CannotFork,
            "{span} {change:?}"
        );
    }
    let (_seen, sink) = Seen::new();
    let gone = fork(&crate::stage::id(), "1", ForkChange::Reply, "x");
    let refused = app.run_start(gone, sink).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::HistoryNotFound);
}

#[tokio::test]
async fn a_live_fork_asks_nobody_for_what_is_known() {
    let stage = stage();
    let program = vec![asks(&["a"]), asks(&["b"])];
    let app = app(&stage, vec![program.clone(), program]);
    let (run, _, trace) = first(&app).await;
    let settings = Settings {
        model_mode: ModelMode::Live,
        ..Settings::default()
    };
    app.settings_set(settings).await.unwrap();
    let at = fork(&run, &trace.spans[1].id, ForkChange::Reply, "mine");
    let (lines, forked) = ran_as(&app, at).await;
    assert_eq!((content(&lines[0]), content(&lines[1])), ("first", "mine"));
    assert_eq!(forked.mode, ModelMode::Live);
}
