//! The tutor over a fake service: what goes out, what comes back, what is kept, and every way it can
//! break.

use crate::stage::{COURSE, NOW, Seen, Stage, file, id, lesson};
use ha_api::wire::{
    AskEvent, AskKind, AskStart, ChipKind, CursorPlace, KeyPlace, Language, MessageState, Rung,
    Settings, SpendingLevel, Surrounding, TutorMessage, TutorPart,
};
use ha_api::{ApiError, App, ErrorCode};
use ha_llm::keys::KeyStore;
use ha_testkit::FakeRunner;
use ha_testkit::fake_chat::{Answer, FakeChat, Step};
use std::sync::Arc;

pub const KEY: &str = "sk-tutor-7f3a";
pub const SOLUTION: &str = "def greet(name):\n    if name.strip() == \"\":\n        return \"hello\"\n    return \"hello, \" + name.strip()\n";

pub struct Scene {
    pub stage: Stage,
    pub service: FakeChat,
    pub app: Arc<App>,
}

pub async fn scene() -> Scene {
    let stage = Stage::new();
    stage.write("courses/tiny/01-hello/solution/main.py", SOLUTION);
    stage.write(
        "courses/tiny/01-hello/lesson.en.md",
        "# Hello\n\nRun it.\n\n## Your task\n\nGreet who comes.\n\n## Later\n\nMuch more.\n",
    );
    stage.write("courses/tiny/course.toml", COURSE);
    let service = FakeChat::start().await;
    let app = open(&stage, &service).await;
    Scene {
        stage,
        service,
        app,
    }
}

pub async fn open(stage: &Stage, service: &FakeChat) -> Arc<App> {
    let keys = Arc::new(KeyStore::new("helloagents-test", Some(KEY)).unwrap());
    let app = App::open_with_keys(stage.places(), FakeRunner::silent(), || NOW, keys);
    let mut settings = Settings::default();
    settings.ai.base_url = service.base_url();
    settings.ai.proxy = "none".into();
    app.settings_set(settings).await.unwrap();
    app
}

pub fn question(text: &str) -> AskStart {
    AskStart {
        ask_id: id(),
        thread: None,
        after: None,
        again: false,
        kind: AskKind::Question,
        text: text.into(),
        surrounding: Surrounding {
            lesson: lesson(),
            language: Language::En,
            heading: Some("h-your-task".into()),
            files: vec![file("main.py", "def greet(name):\n    pass\n")],
            cursor: Some(CursorPlace {
                path: "main.py".into(),
                line: 2,
            }),
        },
        without: Vec::new(),
    }
}

pub fn is_last(event: &AskEvent) -> bool {
    matches!(event, AskEvent::Finished { .. } | AskEvent::Failed { .. })
}

pub async fn asked(app: &Arc<App>, ask: AskStart) -> Vec<AskEvent> {
    let (seen, sink) = Seen::new();
    app.tutor_ask(ask, sink).await.unwrap();
    seen.until(is_last).await
}

async fn refused(app: &Arc<App>, ask: AskStart) -> ApiError {
    let (_seen, sink) = Seen::new();
    app.tutor_ask(ask, sink).await.unwrap_err()
}

pub fn answer(events: &[AskEvent]) -> &TutorMessage {
    match events.last() {
        Some(AskEvent::Finished { answer, .. }) => answer,
        other => panic!("it did not finish: {other:?}"),
    }
}

pub fn shown(events: &[AskEvent]) -> String {
    let mut all = String::new();
    for event in events {
        if let AskEvent::Text {
            sealed, growing, ..
        } = event
        {
            all.push_str(sealed);
            all.push_str(growing);
        }
    }
    all
}

pub fn html(message: &TutorMessage) -> String {
    let texts = message.parts.iter().filter_map(|part| match part {
        TutorPart::Text { html, .. } => Some(html.as_str()),
        _ => None,
    });
    texts.collect()
}

/// Everything that was sent with the newest chat request.
fn sent(service: &FakeChat) -> String {
    service.requests().last().unwrap().body.to_string()
}

#[tokio::test]
async fn an_answer_streams_as_safe_html_and_stays_with_what_it_cost() {
    let Scene {
        stage,
        service,
        app,
    } = scene().await;
    service.script([Answer::words(&[
        "Look at **`name`**.\n\n",
        "<script>alert(1)</script> [x](javascript:alert(1)) [task](#your-task)\n\n",
        "| a |\n|---|\n| $x^2$ |\n",
    ])]);
    let events = asked(&app, question("why?")).await;
    let AskEvent::Started {
        thread,
        question: Some(mine),
        answer: begun,
    } = &events[0]
    else {
        panic!("{events:?}")
    };
    assert_eq!(
        (&*thread.title, &*mine.text, mine.mine),
        ("why?", "why?", true)
    );
    assert_eq!(begun.state, MessageState::Streaming);
    let end = answer(&events);
    let drawn = html(end);
    assert!(
        drawn.contains("<strong><code>name</code></strong>"),
        "{drawn}"
    );
    assert!(drawn.contains("<table>") && end.has_math);
    for html in [&drawn, &shown(&events)] {
        assert!(
            !html.contains("<script") && !html.contains("href=\"javascript"),
            "{html}"
        );
    }
    let cost = end.cost.as_ref().unwrap();
    assert_eq!((cost.input, cost.cached, cost.output), (100.0, 64.0, 20.0));
    let money = cost.money.as_ref().unwrap();
    assert!(money.currency == "CNY" && money.value > 0.0, "{money:?}");
    assert_eq!(app.ai_spending().await.unwrap().answers, 1.0);

    drop(app);
    let app = open(&stage, &service).await;
    let threads = app.tutor_threads(lesson()).await.unwrap();
    let found = app
        .tutor_open(threads[0].id.clone(), Language::En)
        .await
        .unwrap();
    assert_eq!(found.messages.len(), 2);
    assert_eq!(html(&found.messages[1]), drawn);
    let hits = app.tutor_search("name look".into()).await.unwrap();
    assert_eq!(hits.len(), 1);
    assert_eq!(hits[0].thread.lesson, lesson());
    assert!(
        !hits[0].lesson_title.en.is_empty(),
        "it says of which lesson"
    );
}

#[tokio::test]
async fn the_service_gets_the_section_the_code_and_the_rung_but_not_what_was_left_out() {
    let Scene {
        stage: _stage,
        service,
        app,
    } = scene().await;
    let chips = app
        .tutor_chips(question("").surrounding, vec![])
        .await
        .unwrap();
    let kinds: Vec<_> = chips.iter().map(|chip| chip.kind).collect();
    assert_eq!(kinds, [ChipKind::Section, ChipKind::Code, ChipKind::Cursor]);
    assert_eq!(chips[0].detail, "Your task");
    let events = asked(&app, question("why?")).await;
    let all = sent(&service);
    for piece in [
        "Greet who comes.",
        "  1| def greet(name):",
        "main.py, line 2",
        "why?",
        "(#later)",
    ] {
        assert!(all.contains(piece), "{piece} in {all}");
    }
    assert!(!all.contains("Much more."), "only the section in view");
    assert!(!all.contains("name.strip()"), "the solution never goes out");
    assert_eq!(answer(&events).rung, Some(Rung::Concept));
    assert!(all.contains("Level of help: the concept"), "{all}");

    let mut ask = question("why?");
    ask.without = vec![ChipKind::Code, ChipKind::Section];
    let events = asked(&app, ask).await;
    assert!(!sent(&service).contains("def greet"), "{}", sent(&service));
    assert_eq!(answer(&events).chips.len(), 1);
}

#[tokio::test]
async fn thinking_of_the_solution_is_neither_shown_nor_kept() {
    let Scene {
        stage: _stage,
        service,
        app,
    } = scene().await;
    let secret = "They need\n```python\nif who.strip() == \"\":\n    return \"hello\"\n```\nbut I ask first.";
    let thinking = |text: &str| {
        let mut answer = Answer::words(&["What is `name` then?"]);
        answer.steps.insert(0, Step::Thinking(text.into()));
        answer
    };
    for (thought, is_shown) in [(secret, false), ("They forgot the empty name.", true)] {
        service.script([thinking(thought)]);
        let events = asked(&app, question("just tell me")).await;
        let seen = format!("{events:?}");
        assert!(!seen.contains("strip"), "{seen}");
        assert_eq!(seen.contains("forgot the empty"), is_shown, "{seen}");
        let end = answer(&events);
        let kept = end
            .parts
            .iter()
            .any(|part| matches!(part, TutorPart::Thinking { .. }));
        assert_eq!(kept, is_shown, "{:?}", end.parts);
        assert!(end.text.starts_with("What is"), "nothing was asked again");
    }
}

#[tokio::test]
async fn an_answer_that_gives_the_solution_away_is_taken_back_and_asked_for_again() {
    let Scene {
        stage: _stage,
        service,
        app,
    } = scene().await;
    let leak = "Write this:\n\n```python\n    if who.strip() == \"\":\n        return \"hello\"\n```\nDone.";
    service.script([
        Answer::words(&[leak]),
        Answer::words(&["What is `name` when nobody types anything?"]),
    ]);
    let events = asked(&app, question("just tell me")).await;
    assert!(events.contains(&AskEvent::Withheld), "{events:?}");
    assert!(
        !shown(&events).contains("strip"),
        "it was never on the screen: {}",
        shown(&events)
    );
    assert!(answer(&events).text.starts_with("What is"));
    assert!(sent(&service).contains("was not shown"), "it is told why");

    // One that cannot stop: the learner gets words of ours instead, and pays for what was said.
    service.script([
        Answer::words(&[leak]),
        Answer::words(&[leak]),
        Answer::words(&[leak]),
    ]);
    let events = asked(&app, question("tell me")).await;
    let end = answer(&events);
    assert!(
        end.text.contains("compare *expected* and *got*"),
        "{}",
        end.text
    );
    assert_eq!(end.cost.as_ref().unwrap().output, 60.0);
    assert!(app.tutor_search("strip".into()).await.unwrap().is_empty());
}

/// Each leak comes in small pieces, with pauses in which it is drawn.
#[tokio::test]
async fn a_solution_in_disguise_is_never_on_the_screen() {
    let Scene {
        stage: _stage,
        service,
        app,
    } = scene().await;
    for (leak, seen) in [
        (
            "Spell it: i f   n a m e . s t r i p ( )   = =   \" \" : and so on.",
            "s t r i p",
        ),
        (
            "Decode aWYgbmFtZS5zdHJpcCgpID09ICIiOg== and write it.",
            "ZS5zdHJpcC",
        ),
        (
            "First\n\n```python\nif name.strip() ==\n```\n\nand then\n\n```python\n\"\":\n```\n",
            "strip",
        ),
        ("Plainly: if name.strip() == \"\": and then", "strip"),
        ("Write if name.\nstrip() == \"\":\n and then", "strip"),
        ("先读 :\"\" == )(pirts.eman fi 这一行。", ")(pirts"),
    ] {
        let signs: Vec<char> = leak.chars().collect();
        let pieces = signs.chunks(5).map(|piece| piece.iter().collect());
        let steps = pieces.flat_map(|piece: String| [Step::Words(piece), Step::Pause(30)]);
        let answers = [
            Answer::stream(steps).ended(),
            Answer::words(&["What is `name` when nobody types anything?"]),
        ];
        service.script(answers);
        let events = asked(&app, question("just tell me")).await;
        assert!(events.contains(&AskEvent::Withheld), "{leak}: {events:?}");
        let shown = shown(&events);
        assert!(!shown.contains(seen), "{leak}: {shown}");
        assert!(answer(&events).text.starts_with("What is"), "{leak}");
    }
}

#[tokio::test]
async fn stop_closes_the_connection_and_keeps_what_came() {
    let Scene {
        stage: _stage,
        service,
        app,
    } = scene().await;
    service.script([Answer::stream([
        Step::Words("Half an answer".into()),
        Step::Hold,
    ])]);
    let ask = question("why?");
    let ask_id = ask.ask_id.clone();
    let (seen, sink) = Seen::new();
    app.tutor_ask(ask, sink).await.unwrap();
    seen.until(|event| matches!(event, AskEvent::Text { .. }))
        .await;
    app.tutor_stop(&ask_id);
    let events = seen.until(is_last).await;
    let end = answer(&events);
    assert_eq!(
        (end.state, &*end.text),
        (MessageState::Stopped, "Half an answer")
    );
    service.wait_for_connections(0).await;
    app.tutor_stop(&ask_id);
    let spending = app.ai_spending().await.unwrap();
    assert!(
        spending.tokens > 0.0,
        "what a stopped answer cost is guessed, not forgotten"
    );
}

#[tokio::test]
async fn each_failure_of_the_service_has_its_code_and_loses_nothing() {
    let Scene {
        stage: _stage,
        service,
        app,
    } = scene().await;
    for (status, expected) in [
        (400, ErrorCode::AiBadRequest),
        (401, ErrorCode::AiKeyRefused),
        (402, ErrorCode::AiNoBalance),
        (422, ErrorCode::AiInvalidParameters),
    ] {
        service.script([Answer::error(status, "said by the service")]);
        let events = asked(&app, question("why?")).await;
        let Some(AskEvent::Failed { error, answer }) = events.last() else {
            panic!("{events:?}")
        };
        assert_eq!(error.code, expected);
        assert!(!format!("{error:?}").contains(KEY));
        assert_eq!(answer.as_ref().unwrap().error, Some(expected));
    }
    service.script([Answer::stream([Step::Words("Half".into()), Step::Close])]);
    let events = asked(&app, question("why?")).await;
    let Some(AskEvent::Failed {
        error,
        answer: Some(kept),
    }) = events.last()
    else {
        panic!("{events:?}")
    };
    assert_eq!((error.code, &*kept.text), (ErrorCode::AiCut, "Half"));
    assert_eq!(app.tutor_threads(lesson()).await.unwrap().len(), 5);
}

#[tokio::test]
async fn branches_edit_again_and_more() {
    let Scene {
        stage: _stage,
        service,
        app,
    } = scene().await;
    let events = asked(&app, question("first")).await;
    let AskEvent::Started {
        thread,
        question: Some(mine),
        ..
    } = &events[0]
    else {
        panic!("{events:?}")
    };
    let first = answer(&events).clone();
    let next = |after: Option<&String>, again, kind, text: &str| AskStart {
        thread: Some(thread.id.clone()),
        after: after.cloned(),
        again,
        kind,
        ..question(text)
    };
    let events = asked(&app, next(Some(&mine.id), true, AskKind::Question, "")).await;
    assert!(matches!(
        &events[0],
        AskEvent::Started { question: None, .. }
    ));
    let second = answer(&events);
    assert_eq!(second.parent, first.parent, "both answers stay");
    let events = asked(&app, next(Some(&first.id), false, AskKind::More, "")).await;
    assert_eq!(
        answer(&events).rung,
        Some(Rung::Where),
        "one above the concept"
    );
    let all = sent(&service);
    assert!(
        all.contains("first") && all.contains("Look at the first line again."),
        "{all}"
    );
    asked(
        &app,
        next(None, false, AskKind::Question, "first, but other words"),
    )
    .await;
    assert!(
        !sent(&service).contains("Say a little more"),
        "the other branch stays out"
    );
    let found = app
        .tutor_open(thread.id.clone(), Language::En)
        .await
        .unwrap();
    assert_eq!(found.messages.len(), 7);

    app.tutor_rename(thread.id.clone(), "mine".into())
        .await
        .unwrap();
    let path = app
        .tutor_export(
            thread.id.clone(),
            first.id.clone(),
            ("You".into(), "Tutor".into()),
        )
        .await
        .unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    assert!(
        text.starts_with("# mine\n\n## You\n\nfirst\n\n## Tutor\n\nLook at"),
        "{text}"
    );
    app.tutor_delete(thread.id.clone()).await.unwrap();
    let gone = app
        .tutor_open(thread.id.clone(), Language::En)
        .await
        .unwrap_err();
    assert_eq!(gone.code, ErrorCode::ThreadNotFound);
}

#[tokio::test]
async fn the_cap_stops_before_anything_is_sent() {
    let Scene {
        stage: _stage,
        service,
        app,
    } = scene().await;
    asked(&app, question("why?")).await;
    let mut settings = app.settings().await.unwrap();
    settings.ai.monthly_cap = 0.000_01;
    app.settings_set(settings).await.unwrap();
    let sent = service.requests().len();
    assert_eq!(
        app.ai_spending().await.unwrap().level,
        SpendingLevel::Reached
    );
    assert_eq!(
        refused(&app, question("more")).await.code,
        ErrorCode::AiCapReached
    );
    assert_eq!(service.requests().len(), sent);
}

#[tokio::test]
async fn hostile_questions_are_refused_and_nothing_is_sent() {
    let Scene {
        stage: _stage,
        service,
        app,
    } = scene().await;
    let mut nowhere = question("x");
    nowhere.surrounding.lesson.lesson = "nowhere".into();
    let mut late = question("x");
    late.thread = Some("nobody".into());
    let mut orphan = question("x");
    orphan.after = Some("nobody".into());
    let mut large = question("x");
    large.surrounding.files = vec![file("main.py", &"#".repeat(5_000_000))];
    for (ask, expected) in [
        (question(""), ErrorCode::InvalidRequest),
        (question(&"x".repeat(20_000)), ErrorCode::InvalidRequest),
        (nowhere, ErrorCode::LessonNotFound),
        (late, ErrorCode::ThreadNotFound),
        (orphan, ErrorCode::InvalidRequest),
        (large, ErrorCode::SourceTooLarge),
    ] {
        assert_eq!(refused(&app, ask).await.code, expected);
    }
    assert!(service.requests().is_empty());
    assert!(app.tutor_threads(lesson()).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_service_is_tried_and_the_key_is_named_but_never_shown() {
    let Scene {
        stage: _stage,
        service,
        app,
    } = scene().await;
    let state = app.ai_state().await.unwrap();
    assert!(state.ready && state.key == KeyPlace::Environment);
    assert_eq!(state.address, service.base_url());
    let probe = app.ai_test().await.unwrap();
    assert_eq!(probe.models, ["deepseek-flash", "deepseek-v4-pro"]);
    assert_eq!(probe.balance[0].value, 110.0);
    assert!(!format!("{state:?}{probe:?}").contains(KEY));
    let broken = app
        .ai_prices_set("[[price]]\nmodels = 3".into())
        .await
        .unwrap_err();
    assert!(broken.message.contains("line 2"), "{}", broken.message);
    let published = app.ai_prices().await.unwrap();
    assert_eq!(
        app.ai_prices_set(published.clone()).await.unwrap(),
        published
    );
}
