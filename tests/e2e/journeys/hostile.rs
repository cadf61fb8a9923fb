//! A course written by an attacker: the window shows it and executes nothing of it.

use super::root;
use anyhow::Result;
use helloagents_e2e::{App, Place};
use serde_json::{Value, json};

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
    let click = "for (const e of within(article)) if (e.matches('a, svg *, summary')) e.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, composed: true }))";
    in_article(&app, click).await?;
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
    // A drawn diagram has a style sheet of its own, made by us, behind a root of its own.
    let alien = "return within(article).filter((e) => e.matches('script, iframe, object, embed, form, style, link, meta, base, [onerror], [onload], [onclick], [ontoggle], [onfocus]') && !(e.localName === 'style' && e.getRootNode() !== document)).map((e) => e.outerHTML.slice(0, 200))";
    assert_eq!(in_article(app, alien).await?, json!([]), "{place}");
    Ok(())
}

/// Runs statements that see `article` and `within`, which answers all elements below another one,
/// those of drawings too. Where no lesson is open they see an empty one.
async fn in_article(app: &App<'_>, statements: &str) -> Result<Value> {
    let frame = format!(
        "(() => {{ const within = (root) => [...root.querySelectorAll('*')].flatMap((e) => [e, ...(e.shadowRoot ? within(e.shadowRoot) : [])]); const article = document.querySelector('article') ?? new DocumentFragment(); {statements} }})() ?? null"
    );
    app.ask(&frame, &[]).await
}
