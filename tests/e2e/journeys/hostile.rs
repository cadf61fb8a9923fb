//! A course written by an attacker: the window shows it and executes nothing of it.

use super::root;
use anyhow::Result;
use helloagents_e2e::{App, Place};
use serde_json::json;

#[tokio::test]
async fn a_hostile_lesson_executes_nothing() -> Result<()> {
    let place = Place::new()?.with_courses(root().join("tests/fixtures/hostile"));
    let app = App::start(&place).await?;
    unharmed(&app, "on the shelf").await?;
    app.click("button", "Start").await?;
    app.lesson_is_open().await?;
    app.text("The end of the attacks.").await?;
    unharmed(&app, "in the lesson").await?;

    // Whatever can be clicked in the text is clicked.
    app.ask("document.querySelectorAll('article a, article svg *, article summary').forEach((e) => e.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true })))", &[]).await?;
    app.find("dialog", "Open in the browser?").await?;
    app.text("https://example.invalid/out").await?;
    app.click("button", "Cancel").await?;
    unharmed(&app, "after clicking its links").await?;

    app.tab("Hints").await?;
    app.click("button", "Show hint 1").await?;
    app.text("A hint.").await?;
    app.focus_editor().await?;
    app.run().await?;
    app.output_has("red <img src=x").await?;
    app.check().await?;
    app.text("0 of 1 checks pass.").await?;
    unharmed(&app, "after its program and its check").await?;

    let address = app.client.current_url().await?;
    assert_eq!(address.scheme(), "tauri", "the window never left its page");
    assert!(!app.client.title().await?.contains("pwned"));
    Ok(())
}

/// Nothing of the attacker ran, nothing covers the window, nothing but the lesson's own was fetched.
async fn unharmed(app: &App<'_>, place: &str) -> Result<()> {
    let pwned = app.ask("window.pwned ?? null", &[]).await?;
    assert_eq!(pwned, json!(null), "{place}");
    let visible = app
        .ask("getComputedStyle(document.body).display !== 'none'", &[])
        .await?;
    assert_eq!(visible, json!(true), "{place}");
    let remote = "performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => !/^(tauri|ipc|course|blob|data):|^http:\\/\\/ipc\\.localhost/.test(name))";
    assert_eq!(app.ask(remote, &[]).await?, json!([]), "{place}");
    // A drawn diagram has a style sheet of its own, made by us.
    let alien = "[...document.querySelectorAll('article :is(script, iframe, object, embed, form, style, link, meta, base, [onerror], [onload], [onclick], [ontoggle], [onfocus])')].filter((e) => !(e.localName === 'style' && e.closest('svg'))).map((e) => e.outerHTML.slice(0, 200))";
    assert_eq!(app.ask(alien, &[]).await?, json!([]), "{place}");
    Ok(())
}
