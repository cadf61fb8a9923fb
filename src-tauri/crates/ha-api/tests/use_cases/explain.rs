//! *Explain this error*, without a key and without a network.

use crate::stage::{Stage, file, lesson};
use ha_api::ErrorCode;
use ha_api::wire::{ErrorExplanation, ErrorQuestion, Language};
use ha_testkit::FakeRunner;

const PRINTED: &str = "Traceback (most recent call last):\n  File \"main.py\", line 2, in <module>\n    print(tols)\n          ^^^^\nNameError: name 'tols' is not defined. Did you mean: 'tools'?\n";

fn question(language: Language) -> ErrorQuestion {
    ErrorQuestion {
        lesson: lesson(),
        language,
        printed: PRINTED.into(),
        files: vec![file("main.py", "tools = 1\nprint(tols)\n")],
    }
}

async fn explained(stage: &Stage, language: Language) -> ErrorExplanation {
    let app = stage.open(FakeRunner::silent());
    app.error_explain(question(language))
        .await
        .unwrap()
        .unwrap()
}

#[tokio::test]
async fn an_error_is_said_in_plain_words_with_its_place() {
    let stage = Stage::new();
    let said = explained(&stage, Language::Zh).await;
    assert!(
        said.error.starts_with("NameError: name 'tols'"),
        "{}",
        said.error
    );
    assert!(said.means.contains("<code>tools</code>"), "{}", said.means);
    assert!(said.causes.contains("<li>"), "{}", said.causes);
    let place = said.place.unwrap();
    assert_eq!(
        (&*place.path, place.line, &*place.code),
        ("main.py", 2, "print(tols)")
    );
    let said = explained(&stage, Language::En).await;
    assert!(said.look.contains("letter by letter"), "{}", said.look);
}

#[tokio::test]
async fn a_lesson_has_the_first_word() {
    let stage = Stage::new();
    let own = "[[error]]\nkind = \"NameError\"\n[error.zh]\nmeans = \"这一课的话\"\n";
    stage.write("courses/tiny/01-hello/errors.toml", own);
    let said = explained(&stage, Language::Zh).await;
    assert_eq!(said.means, "<p>这一课的话</p>\n");
}

#[tokio::test]
async fn what_cannot_be_explained_is_no_failure_of_ours() {
    let stage = Stage::new();
    let app = stage.open(FakeRunner::silent());
    let mut none = question(Language::En);
    none.printed = "all is well\n".into();
    assert_eq!(app.error_explain(none).await.unwrap(), None);
    let mut nowhere = question(Language::En);
    nowhere.lesson.lesson = "nowhere".into();
    assert!(app.error_explain(nowhere).await.unwrap().is_some());
    let mut huge = question(Language::En);
    huge.printed = "x".repeat(300 * 1024);
    let error = app.error_explain(huge).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::SourceTooLarge);

    let mut places = stage.places();
    places.templates = stage.path().join("nowhere");
    let app = ha_api::App::open(places, FakeRunner::silent(), || 0);
    assert_eq!(
        app.error_explain(question(Language::En)).await.unwrap(),
        None
    );
}
