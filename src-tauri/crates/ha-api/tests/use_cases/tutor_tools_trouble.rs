//! The tutor's tools in trouble: calls that make no sense or no end, and services that fail between
//! two requests or take no tools at all.

use crate::stage::{Seen, lesson};
use crate::tutor::{Scene, answer, asked, is_last, open, question};
use crate::tutor_tools::{call, calls, library, messages, search, told, tools, words};
use ha_api::ErrorCode;
use ha_api::wire::{AskEvent, Language, MessageState, ToolState, TutorMessage};
use ha_testkit::fake_chat::{Answer, Step};

fn failed(events: &[AskEvent]) -> (ErrorCode, &TutorMessage) {
    match events.last() {
        Some(AskEvent::Failed {
            error,
            answer: Some(answer),
        }) => (error.code, answer),
        other => panic!("it did not fail: {other:?}"),
    }
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_and_the_answer_goes_on() {
    let Scene {
        stage: _stage,
        service,
        app,
    } = library().await;
    let huge = format!(r#"{{"query":"{}"}}"#, "x".repeat(5000));
    for (name, arguments, why) in [
        ("delete_files", "{}", "no tool of this name"),
        ("search_lessons", "{\"query\":", "arguments were not"),
        ("search_lessons", &*huge, "arguments were not"),
        (
            "read_lesson",
            r#"{"lesson":"../../etc/passwd"}"#,
            "no such lesson",
        ),
        ("read_lesson", r#"{"lesson":"/tmp"}"#, "no such lesson"),
        (
            "read_lesson",
            r#"{"lesson":"tiny/hello/solution/main.py"}"#,
            "no such lesson",
        ),
    ] {
        service.script([
            calls([call(0, name, arguments)]),
            Answer::words(&["Then so."]),
        ]);
        let events = asked(&app, question("why?")).await;
        let end = answer(&events);
        assert_eq!(
            (tools(end)[0].state, &*end.text),
            (ToolState::Refused, "Then so."),
            "{name}"
        );
        assert!(
            told(&service)[0].contains(why),
            "{name} {arguments}: {:?}",
            told(&service)
        );
        let sent = service.requests().last().unwrap().body.to_string();
        assert!(
            !sent.contains("xxxx") && !sent.contains("{\\\"query\\\":\""),
            "{sent}"
        );
        assert!(
            !sent.contains("name.strip()"),
            "the solution never goes out"
        );
    }
    service.script([calls([search("zebra")]), Answer::words(&["Then so."])]);
    let events = asked(&app, question("why?")).await;
    let used = tools(answer(&events));
    assert!(used[0].state == ToolState::Done && used[0].places.is_empty());
}

#[tokio::test]
async fn fifty_calls_in_one_reply_are_four() {
    let Scene {
        stage: _stage,
        service,
        app,
    } = library().await;
    let fifty = (0..50).map(|index| call(index, "search_lessons", r#"{"query":"closure"}"#));
    service.script([calls(fifty), Answer::words(&["Then so."])]);
    let events = asked(&app, question("why?")).await;
    assert_eq!(tools(answer(&events)).len(), 4);
    let told = told(&service);
    assert_eq!(told.len(), 4);
    assert!(told[3].contains("46 more calls"), "{}", told[3]);
}

#[tokio::test]
async fn a_model_that_only_asks_for_tools_comes_to_an_end() {
    let Scene {
        stage: _stage,
        service,
        app,
    } = library().await;
    service.otherwise(calls([search("closure")]));
    let events = asked(&app, question("why?")).await;
    let (code, kept) = failed(&events);
    assert_eq!((code, tools(kept).len()), (ErrorCode::AiMalformed, 3));
    let requests = service.requests();
    let choices: Vec<_> = requests
        .iter()
        .map(|seen| seen.body["tool_choice"].as_str())
        .collect();
    let auto = Some("auto");
    assert_eq!(choices, [auto, auto, auto, Some("none"), None]);

    // One that does not know of choices, and speaks once it has none.
    service.script([0, 1, 2, 3].map(|_| calls([search("closure")])));
    service.script([Answer::words(&["Then so."])]);
    assert_eq!(
        answer(&asked(&app, question("why?")).await).text,
        "Then so."
    );
    let last = messages(&service, service.requests().len() - 1);
    assert!(
        last.iter().all(|message| message["role"] != "tool"),
        "{last:?}"
    );
    assert!(
        last.iter()
            .any(|message| message["content"].as_str().unwrap().contains("umbrella"))
    );
}

#[tokio::test]
async fn stop_between_two_requests_closes_at_once_and_keeps_what_came() {
    let Scene {
        stage: _stage,
        service,
        app,
    } = library().await;
    service.script([
        calls([words("Let me look."), search("closure")]),
        Answer::stream([Step::Hold]),
    ]);
    let ask = question("why?");
    let ask_id = ask.ask_id.clone();
    let (seen, sink) = Seen::new();
    app.tutor_ask(ask, sink).await.unwrap();
    seen.until(|event| matches!(event, AskEvent::Tool { .. }))
        .await;
    app.tutor_stop(&ask_id);
    let events = seen.until(is_last).await;
    let end = answer(&events);
    assert_eq!(
        (end.state, &*end.text),
        (MessageState::Stopped, "Let me look.")
    );
    assert_ne!(tools(end)[0].state, ToolState::Running);
    drop(app);
    service.wait_for_connections(0).await;
}

#[tokio::test]
async fn a_failure_after_a_tool_has_its_code_and_keeps_what_came() {
    let Scene {
        stage: _stage,
        service,
        app,
    } = library().await;
    for (second, code, text) in [
        (
            Answer::error(402, "no"),
            ErrorCode::AiNoBalance,
            "Let me look.",
        ),
        (
            Answer::error(429, "no").header("Retry-After", "3600"),
            ErrorCode::AiRateLimited,
            "Let me look.",
        ),
        (
            Answer::error(503, "no").header("Retry-After", "3600"),
            ErrorCode::AiOverloaded,
            "Let me look.",
        ),
        (
            Answer::stream([words("It is"), Step::Close]),
            ErrorCode::AiCut,
            "Let me look.\n\nIt is",
        ),
    ] {
        service.script([calls([words("Let me look."), search("closure")]), second]);
        let events = asked(&app, question("why?")).await;
        let (told, kept) = failed(&events);
        assert_eq!((told, &*kept.text), (code, text));
        assert_eq!(tools(kept)[0].state, ToolState::Done);
        assert!(
            kept.cost.as_ref().unwrap().output >= 20.0,
            "the first request was paid for"
        );
    }
}

#[tokio::test]
async fn a_service_that_takes_no_tools_is_asked_without_and_remembered() {
    let Scene {
        stage: _stage,
        service,
        app,
    } = library().await;
    let offers = |request: usize| !service.requests()[request].body["tools"].is_null();
    service.script([
        Answer::error(400, "m does not support tools"),
        Answer::words(&["Plainly."]),
        Answer::words(&["Plainly."]),
    ]);
    for _ in 0..2 {
        assert_eq!(
            answer(&asked(&app, question("why?")).await).text,
            "Plainly."
        );
    }
    assert_eq!([offers(0), offers(1), offers(2)], [true, false, false]);
    // Another model is another matter; and an error that names no tools stays one.
    let mut settings = app.settings().await.unwrap();
    settings.ai.model = "another".into();
    app.settings_set(settings).await.unwrap();
    service.script([Answer::error(422, "temperature is out of range")]);
    let events = asked(&app, question("why?")).await;
    assert_eq!(failed(&events).0, ErrorCode::AiInvalidParameters);
    assert!(offers(3) && service.requests().len() == 4);
    // In the middle: what was looked up goes along as words.
    service.script([
        calls([search("umbrella")]),
        Answer::error(422, "tool messages are not taken"),
        Answer::words(&["Plainly."]),
    ]);
    assert_eq!(
        answer(&asked(&app, question("why?")).await).text,
        "Plainly."
    );
    let last = messages(&service, 6);
    let plain = last
        .iter()
        .all(|message| message["role"] != "tool" && message["tool_calls"].is_null());
    assert!(
        plain
            && last.last().unwrap()["content"]
                .as_str()
                .unwrap()
                .contains("umbrella")
    );
}

#[tokio::test]
async fn the_cap_holds_between_two_requests() {
    let Scene {
        stage: _stage,
        service,
        app,
    } = library().await;
    let mut settings = app.settings().await.unwrap();
    settings.ai.monthly_cap = 0.000_01;
    app.settings_set(settings).await.unwrap();
    service.script([calls([words("Let me look."), search("closure")])]);
    let events = asked(&app, question("why?")).await;
    let (code, kept) = failed(&events);
    assert_eq!(
        (code, &*kept.text),
        (ErrorCode::AiCapReached, "Let me look.")
    );
    assert_eq!(service.requests().len(), 1);
    assert!(app.ai_spending().await.unwrap().tokens > 0.0);
}

#[tokio::test]
async fn a_crash_in_the_middle_keeps_the_tool_as_interrupted() {
    let Scene {
        stage,
        service,
        app,
    } = library().await;
    service.script([
        calls([words("Let me look."), search("closure")]),
        Answer::stream([words("It is"), Step::Hold]),
    ]);
    let (seen, sink) = Seen::new();
    app.tutor_ask(question("why?"), sink).await.unwrap();
    let has_words =
        |event: &AskEvent| matches!(event, AskEvent::Text { words, .. } if words.contains("It is"));
    seen.until(has_words).await;
    // A second process opens the same file while the first stands still: as after a crash.
    let other = open(&stage, &service).await;
    let thread = other.tutor_threads(lesson()).await.unwrap().remove(0);
    let found = other.tutor_open(thread.id, Language::En).await.unwrap();
    let kept = &found.messages[1];
    assert_eq!(kept.state, MessageState::Lost);
    assert!(kept.text.starts_with("Let me look."));
    assert_eq!(tools(kept)[0].state, ToolState::Done);
    app.ai_shutdown().await;
}
